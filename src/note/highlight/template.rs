//! Go templates (`{{ … }}`), alone and inside another language, as in Helm charts.
//! The language around them sees placeholders of the same length, so a template
//! cannot derail it; the actions are painted here.

use std::ops::Range;

use super::Class;

const KEYWORDS: &[&str] =
    &["block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"];
const CONSTANTS: &[&str] = &["false", "nil", "true"];

/// Paints `code` with `outer`, which is shown placeholders instead of the
/// template's actions, and then the actions themselves.
pub(super) fn around_actions(
    code: &str,
    paint: &mut [Class],
    outer: impl FnOnce(&str, &mut [Class]),
) {
    let actions = actions(code);
    if actions.is_empty() {
        return outer(code, paint);
    }
    outer(&without_actions(code, &actions), paint);
    for action in actions {
        colour_action(code.as_bytes(), action, paint);
    }
}

/// The closed `{{ … }}` of the code; one within another is none.
fn actions(code: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = code[from..].find("{{").map(|at| from + at) {
        match action_length(&code.as_bytes()[start + 2..]) {
            Ending::Closed(length) => {
                from = start + 2 + length;
                found.push(start..from);
            }
            Ending::Interrupted(length) => from = start + 2 + length,
            Ending::Open => break,
        }
    }
    found
}

/// How the text behind `{{` goes on.
enum Ending {
    Closed(usize),
    Interrupted(usize),
    Open,
}

fn action_length(rest: &[u8]) -> Ending {
    let mut at = 0;
    while at < rest.len() {
        match &rest[at..] {
            [b'}', b'}', ..] => return Ending::Closed(at + 2),
            [b'{', b'{', ..] => return Ending::Interrupted(at),
            text @ ([b'/', b'*', ..] | [b'"' | b'`', ..]) => at += token(text).0,
            _ => at += 1,
        }
    }
    Ending::Open
}

/// The code with every action overwritten: by blanks where only actions stand on
/// the line (a line of control flow), else by letters (a part of a value).
fn without_actions(code: &str, actions: &[Range<usize>]) -> String {
    let mut bytes = code.as_bytes().to_vec();
    for action in actions {
        overwrite(&mut bytes[action.clone()], b'\0');
    }
    for line in bytes.split_mut(|byte| *byte == b'\n') {
        let only_actions = line.iter().all(|byte| matches!(byte, 0 | b' ' | b'\t' | b'\r'));
        let filler = if only_actions { b' ' } else { b'x' };
        for byte in line.iter_mut().filter(|byte| **byte == 0) {
            *byte = filler;
        }
    }
    String::from_utf8(bytes).expect("whole characters were overwritten by ASCII")
}

fn overwrite(bytes: &mut [u8], with: u8) {
    for byte in bytes.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = with;
    }
}

fn colour_action(code: &[u8], action: Range<usize>, paint: &mut [Class]) {
    paint[action.clone()].fill(Class::Plain);
    let (open, close) = braces(&code[action.clone()]);
    let inner = action.start + open..action.end - close;
    paint[action.start..inner.start].fill(Class::Meta);
    paint[inner.end..action.end].fill(Class::Meta);
    let mut at = inner.start;
    while at < inner.end {
        let (length, class) = token(&code[at..inner.end]);
        paint[at..at + length].fill(class);
        at += length;
    }
}

/// The lengths of `{{` or `{{-` and of `}}` or `-}}`.
fn braces(action: &[u8]) -> (usize, usize) {
    let open = if action.starts_with(b"{{-") { 3 } else { 2 };
    let close = if action[open..].ends_with(b"-}}") { 3 } else { 2 };
    (open.min(action.len() - 2), close)
}

/// The length and class of the first token of `rest`, which is not empty.
fn token(rest: &[u8]) -> (usize, Class) {
    match rest[0] {
        b'/' if rest.starts_with(b"/*") => (comment(rest), Class::Comment),
        b'"' | b'\'' => (quoted(rest), Class::String),
        b'`' => (raw(rest), Class::String),
        b'.' | b'$' => (1 + path(&rest[1..]), Class::Variable),
        b'0'..=b'9' => (path(rest), Class::Number),
        byte if is_word(byte) => word(rest),
        b':' | b'=' | b'|' => (1, Class::Operator),
        _ => (1, Class::Plain),
    }
}

fn comment(rest: &[u8]) -> usize {
    rest.windows(2).position(|pair| pair == b"*/").map_or(rest.len(), |at| at + 2)
}

/// The length of a quoted string, which ends with the line at the latest.
fn quoted(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != b'\n' {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == rest[0] => return at + 1,
            _ => at += 1,
        }
    }
    at.min(rest.len())
}

fn raw(rest: &[u8]) -> usize {
    rest[1..].iter().position(|byte| *byte == b'`').map_or(rest.len(), |at| at + 2)
}

/// The length of `Values.image.tag`.
fn path(rest: &[u8]) -> usize {
    rest.iter().take_while(|byte| is_word(**byte) || **byte == b'.').count()
}

fn word(rest: &[u8]) -> (usize, Class) {
    let length = rest.iter().take_while(|byte| is_word(**byte)).count();
    let is_in = |words: &[&str]| words.iter().any(|word| word.as_bytes() == &rest[..length]);
    let class = match () {
        () if is_in(KEYWORDS) => Class::Keyword,
        () if is_in(CONSTANTS) => Class::Number,
        () => Class::Function,
    };
    (length, class)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}
