//! Scripts without comments and without the blanks that only readers need.
//!
//! A script comes in, one that does the same goes out. It keeps every line end that
//! could end a statement, so that it need not understand the language beyond where strings,
//! templates, regular expressions and comments are. It takes the last `;` of a block for
//! idle, so a block must not end in an empty statement.

/// What a script consists of, as far as blanks are concerned.
pub(super) enum Piece<'a> {
    /// Kept as it is: a string, a template or a regular expression.
    Literal(&'a str),
    /// A comment, or blanks; whether a line ends in it.
    Gap(bool),
    /// A character of code.
    Code(char),
}

/// Removes comments, indents and idle blanks.
pub(super) fn slim(script: &str) -> String {
    let mut out = String::with_capacity(script.len());
    let mut rest = script;
    let (mut blank, mut line) = (false, false);
    while let Some((piece, length)) = next(rest, &out) {
        let text = match piece {
            Piece::Gap(ends_line) => {
                (blank, line) = (true, line || ends_line);
                rest = &rest[length..];
                continue;
            }
            Piece::Code(_) => &rest[..length],
            Piece::Literal(text) => text,
        };
        if text == "}" && out.ends_with(';') {
            out.pop();
        }
        if let Some(gap) = gap(out.chars().next_back(), text.chars().next(), blank, line) {
            out.push(gap);
        }
        out.push_str(text);
        (blank, line) = (false, false);
        rest = &rest[length..];
    }
    out.push('\n');
    out
}

/// What must stay between two pieces.
fn gap(before: Option<char>, after: Option<char>, blank: bool, line: bool) -> Option<char> {
    let (before, after) = (before?, after?);
    let goes_on =
        matches!(
            before,
            '{' | '(' | '[' | ',' | ';' | ':' | '?' | '&' | '|' | '=' | '*' | '<' | '\n'
        ) || matches!(after, '}' | ')' | ']' | ',' | ';' | '.' | '?' | ':' | '&' | '|');
    if line && !goes_on {
        return Some('\n');
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let would_join =
        is_word(before) && is_word(after) || before == after && "+-/".contains(after);
    (blank && would_join).then_some(' ')
}

/// The first piece of a script and its length in bytes; `done` is what stands before it.
pub(super) fn next<'a>(script: &'a str, done: &str) -> Option<(Piece<'a>, usize)> {
    let first = script.chars().next()?;
    let literal = |length: usize| Some((Piece::Literal(&script[..length]), length));
    match first {
        '"' | '\'' => literal(quoted(script, first)),
        '`' => literal(template(script)),
        '/' if script.starts_with("//") => {
            let length = script.find('\n').unwrap_or(script.len());
            Some((Piece::Gap(true), length))
        }
        '/' if script.starts_with("/*") => {
            let length = script.find("*/").map_or(script.len(), |at| at + 2);
            Some((Piece::Gap(script[..length].contains('\n')), length))
        }
        '/' if begins_value(done) => literal(regular_expression(script)),
        _ if first.is_whitespace() => {
            let length = script.len() - script.trim_start().len();
            Some((Piece::Gap(script[..length].contains('\n')), length))
        }
        _ => Some((Piece::Code(first), first.len_utf8())),
    }
}

/// Whether a slash after this code begins a regular expression and does not divide.
fn begins_value(done: &str) -> bool {
    let word = done.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
    match done.chars().next_back() {
        None => true,
        Some(c) if c.is_alphanumeric() || "_$)]}\"'`".contains(c) => {
            matches!(word, "return" | "typeof" | "case" | "of" | "in")
        }
        Some(_) => true,
    }
}

fn quoted(script: &str, quote: char) -> usize {
    end(script, |c, _| c == quote)
}

fn regular_expression(script: &str) -> usize {
    let mut class = false;
    end(script, |c, _| {
        class = c == '[' || class && c != ']';
        c == '/' && !class
    })
}

/// The length up to the first character that `ends`, escapes skipped.
fn end(script: &str, mut ends: impl FnMut(char, usize) -> bool) -> usize {
    let mut escaped = false;
    for (at, c) in script.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if ends(c, at) {
            return at + c.len_utf8();
        }
    }
    script.len()
}

/// A template with what is inside its `${…}`, which may hold templates again.
fn template(script: &str) -> usize {
    let mut at = 1;
    while let Some(c) = script[at..].chars().next() {
        let rest = &script[at..];
        at += match c {
            '`' => return at + 1,
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '$' if rest.starts_with("${") => 2 + inside(&rest[2..]),
            _ => c.len_utf8(),
        };
    }
    script.len()
}

/// The length of an expression up to and with the brace that closes it.
fn inside(script: &str) -> usize {
    let (mut at, mut depth) = (0, 1);
    while let Some((piece, length)) = next(&script[at..], &script[..at]) {
        at += length;
        depth += match piece {
            Piece::Code('{') => 1,
            Piece::Code('}') => -1,
            _ => 0,
        };
        if depth == 0 {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::slim;

    #[test]
    fn blanks_and_comments_go_and_meaning_stays() {
        for (script, slimmed) in [
            ("const a = 1; // one\nconst b = 2;\n", "const a=1;const b=2;\n"),
            ("/* a\n b */\nlet x\nlet y", "let x\nlet y\n"),
            ("a + +b - -c + d", "a+ +b- -c+d\n"),
            ("if (/a \"[/] b/.test(x)) y / 2 / z", "if(/a \"[/] b/.test(x))y/2/z\n"),
            ("return /x y/g", "return/x y/g\n"),
            ("const s = \"a  // b\" + 'c  d'", "const s=\"a  // b\"+'c  d'\n"),
            ("`a  ${ f({ b: `c  ${1 }` }) }  // d`", "`a  ${ f({ b: `c  ${1 }` }) }  // d`\n"),
            ("f()\n  .then(g)\n", "f().then(g)\n"),
            ("x = y\n(function () {})()", "x=y\n(function(){})()\n"),
            ("if (a) {\n  b()\n}\nc()\n", "if(a){b()}\nc()\n"),
            ("() => { a(); b(); };", "()=>{a();b()};\n"),
            ("case \"a\":\n  return\n\"b\"", "case\"a\":return\n\"b\"\n"),
        ] {
            assert_eq!(slim(script), slimmed);
        }
    }

    #[test]
    fn what_is_left_open_does_no_harm() {
        for script in ["\"", "`", "`${", "/*", "//", "/", "'\\", "`${`${\"", "/[", ""] {
            slim(script);
            slim(&script.repeat(2000));
        }
    }
}
