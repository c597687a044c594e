//! YAML, as the Sublime grammar sees it but some hundred times faster. Code comes
//! in, classes go out, or `None` where a construct is left to the grammar itself:
//! `?` keys, directives, tabs as indentation.
//!
//! Like the grammar, this is no YAML parser: it reads line by line and keeps only
//! open quotes, open flow collections and the indentation of a block scalar.

mod scalar;

use super::{Class, lines};
use scalar::{Place, is_constant, key_follows, scalar_end, starts_scalar};

/// What the next line begins in.
enum Mode {
    Content,
    /// Within quotes of this kind.
    Quoted(u8),
    /// Behind `|` or `>`; the first line with content sets the indentation.
    ScalarHeader,
    /// Within a block scalar of this indentation.
    Scalar(usize),
}

/// A flow collection, or the value of a pair in one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Mapping,
    Sequence,
    Value,
}

/// Behind deeper nesting the code stays plain; the grammar's stack ends at 100.
const MAX_DEPTH: usize = 80;

struct Lexer<'a> {
    code: &'a [u8],
    paint: &'a mut [Class],
    at: usize,
    /// Where the line begins, and where its line end stands.
    start: usize,
    end: usize,
    mode: Mode,
    flow: Vec<Flow>,
}

/// Paints `code`; `None` if it holds something that only the grammar knows.
pub(super) fn colour(code: &str, paint: &mut [Class]) -> Option<()> {
    let code = code.as_bytes();
    let mut lexer =
        Lexer { code, paint, at: 0, start: 0, end: 0, mode: Mode::Content, flow: Vec::new() };
    for line in lines(code) {
        (lexer.at, lexer.start, lexer.end) = (line.start, line.start, line.end);
        lexer.line()?;
        if lexer.flow.len() > MAX_DEPTH {
            break;
        }
    }
    Some(())
}

impl Lexer<'_> {
    fn line(&mut self) -> Option<()> {
        if self.is_in_block_scalar()? {
            self.take(self.end, Class::String);
            return Some(());
        }
        if let Mode::Quoted(quote) = self.mode {
            self.quoted(quote);
        }
        if self.at == self.start {
            self.line_start()?;
        }
        while self.at < self.end && self.flow.len() <= MAX_DEPTH {
            self.token()?;
        }
        Some(())
    }

    /// Whether the line belongs to a block scalar, whose first line that is not
    /// empty sets the indentation.
    fn is_in_block_scalar(&mut self) -> Option<bool> {
        let line = &self.code[self.start..self.end];
        let spaces = line.iter().take_while(|byte| **byte == b' ').count();
        let is_inside = match self.mode {
            Mode::Scalar(indent) => spaces >= indent || line.iter().all(|byte| is_space(*byte)),
            Mode::ScalarHeader if line.first() == Some(&b'\t') => return None,
            Mode::ScalarHeader if spaces > 0 => {
                self.mode = Mode::Scalar(spaces);
                true
            }
            Mode::ScalarHeader => line.is_empty(),
            Mode::Content | Mode::Quoted(_) => return Some(false),
        };
        if !is_inside {
            self.mode = Mode::Content;
        }
        Some(is_inside)
    }

    /// Document marks stand in the first column only.
    fn line_start(&mut self) -> Option<()> {
        let line = &self.code[self.start..self.end];
        if line.first() == Some(&b'#') {
            self.take(self.end, Class::Comment);
        } else if self.flow.is_empty() && (line.starts_with(b"---") || line.starts_with(b"..."))
        {
            self.take(self.at + 3, Class::Meta);
        } else if self.flow.is_empty() && line.first() == Some(&b'%') {
            return None;
        }
        Some(())
    }

    fn token(&mut self) -> Option<()> {
        let rest = self.rest();
        match rest[0] {
            byte if is_space(byte) => self.blanks(),
            b'&' => self.anchor(),
            b'!' => self.tag(),
            b'*' => self.alias(),
            quote @ (b'"' | b'\'') => {
                self.take(self.at + 1, Class::String);
                self.mode = Mode::Quoted(quote);
                self.quoted(quote);
            }
            b'[' => self.open(Flow::Sequence),
            b'{' => self.open(Flow::Mapping),
            b']' | b'}' | b',' if !self.flow.is_empty() => self.flow_mark(rest[0]),
            b'|' | b'>' if self.flow.is_empty() => self.block_scalar(),
            b'?' if self.flow.last() != Some(&Flow::Value) => return None,
            b':' if self.flow.last().is_some_and(|flow| *flow != Flow::Value) => {
                self.flow_colon();
            }
            _ => self.scalar(),
        }
        Some(())
    }

    fn rest(&self) -> &[u8] {
        &self.code[self.at..self.end]
    }

    fn take(&mut self, end: usize, class: Class) {
        self.paint[self.at..end].fill(class);
        self.at = end;
    }

    /// Blanks, and the comment that they lead to.
    fn blanks(&mut self) {
        let rest = self.rest();
        let count = rest.iter().take_while(|byte| is_space(**byte)).count();
        let comment = rest.get(count) == Some(&b'#') && matches!(rest[count - 1], b' ' | b'\t');
        self.at += count;
        if comment {
            self.take(self.end, Class::Comment);
        }
    }

    fn anchor(&mut self) {
        let name = anchor_name(&self.rest()[1..]);
        if name > 0 {
            self.take(self.at + 1 + name, Class::Meta);
        }
        self.skip_word();
    }

    fn alias(&mut self) {
        let name = anchor_name(&self.rest()[1..]);
        if name == 0 {
            self.at += 1;
            return;
        }
        self.take(self.at + 1 + name, Class::Meta);
        if !matches!(self.rest().first(), None | Some(b']' | b'}' | b',')) {
            self.skip_word();
        }
    }

    fn tag(&mut self) {
        let word = word(self.rest());
        let class = if is_tag(&self.rest()[..word]) { Class::Type } else { Class::Plain };
        self.take(self.at + word, class);
    }

    fn skip_word(&mut self) {
        self.at += word(self.rest());
    }

    fn open(&mut self, flow: Flow) {
        self.flow.push(flow);
        self.at += 1;
    }

    /// A comma or a closing bracket. It ends a pair's value first; a bracket of
    /// the wrong kind closes nothing.
    fn flow_mark(&mut self, mark: u8) {
        if self.flow.last() == Some(&Flow::Value) {
            self.flow.pop();
        }
        let closed = if mark == b']' { Flow::Sequence } else { Flow::Mapping };
        if mark != b',' && self.flow.last() == Some(&closed) {
            self.flow.pop();
        }
        self.at += 1;
    }

    /// A colon within a flow collection, where it may end a key.
    fn flow_colon(&mut self) {
        let next = self.rest().get(1).copied().unwrap_or(b'\n');
        if is_space(next) || is_flow_mark(next) {
            self.open(Flow::Value);
        } else {
            self.scalar();
        }
    }

    fn block_scalar(&mut self) {
        let mut length = 1;
        let rest = self.rest();
        length += usize::from(matches!(rest.get(length), Some(b'1'..=b'9')));
        length += usize::from(matches!(rest.get(length), Some(b'-' | b'+')));
        self.take(self.at + length, Class::Operator);
        self.mode = Mode::ScalarHeader;
        // Only a comment may follow on the line.
        if self.rest().first().is_some_and(|byte| is_space(*byte)) {
            self.blanks();
        }
        self.at = self.end;
    }

    /// Text within quotes, up to their end or the line's.
    fn quoted(&mut self, quote: u8) {
        while self.at < self.end {
            let rest = self.rest();
            let escape = escape(rest, quote);
            if escape > 0 {
                self.take(self.at + escape, Class::Escape);
            } else if rest[0] == quote {
                self.take(self.at + 1, Class::String);
                self.mode = Mode::Content;
                return;
            } else {
                self.take(self.at + 1, Class::String);
            }
        }
    }

    /// A key, a plain scalar, or a mark that means nothing here.
    fn scalar(&mut self) {
        let place = if self.flow.is_empty() { Place::Block } else { Place::Flow };
        let rest = self.rest();
        let first = starts_scalar(rest, place);
        if first == 0 {
            self.at += 1;
            return;
        }
        let may_be_key = self.flow.last() != Some(&Flow::Value);
        let is_key = may_be_key && key_follows(rest, first, place);
        let end = scalar_end(rest, first, place);
        let class = match () {
            () if is_constant(&rest[..end]) => Class::Number,
            () if is_key => Class::Key,
            () => Class::String,
        };
        self.take(self.at + end, class);
    }
}

/// The length of the escape that `rest` begins with; 0 if there is none.
fn escape(rest: &[u8], quote: u8) -> usize {
    let digits = |count: usize| {
        let digits = rest.get(2..2 + count)?;
        digits.iter().all(u8::is_ascii_digit).then_some(2 + count)
    };
    match (quote, rest) {
        (b'\'', [b'\'', b'\'', ..]) => 2,
        (b'"', [b'\\', next, ..]) => match next {
            b'x' => digits(2).unwrap_or(0),
            b'u' => digits(4).unwrap_or(0),
            b'U' => digits(8).unwrap_or(0),
            _ if b"0abtnvfre \"/\\N_Lp".contains(next) => 2,
            _ => 0,
        },
        (b'"', b"\\") => 1,
        _ => 0,
    }
}

fn anchor_name(rest: &[u8]) -> usize {
    let ends = |byte: u8| is_space(byte) || b"[]/{},".contains(&byte);
    rest.iter().take_while(|byte| !ends(**byte)).count()
}

fn word(rest: &[u8]) -> usize {
    rest.iter().take_while(|byte| !is_space(**byte)).count()
}

/// `!`, `!name`, `!!name`, `!handle!name`, `!<uri>`.
fn is_tag(word: &[u8]) -> bool {
    let is_part =
        |byte: &u8| byte.is_ascii_alphanumeric() || b"-#;/?:@&=+$_.~*'()".contains(byte);
    let is_name = |name: &[u8]| !name.is_empty() && name.iter().all(is_part);
    let Some(rest) = word.strip_prefix(b"!") else { return false };
    if let Some(uri) = rest.strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b">")) {
        let is_uri = |byte: &u8| is_part(byte) || b",!~[]".contains(byte);
        return !uri.is_empty() && uri.iter().all(is_uri);
    }
    match rest.iter().position(|byte| *byte == b'!') {
        Some(at) => {
            let is_handle = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
            rest[..at].iter().all(is_handle) && is_name(&rest[at + 1..])
        }
        None => rest.is_empty() || is_name(rest),
    }
}

fn is_flow_mark(byte: u8) -> bool {
    b"[]{},".contains(&byte)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n')
}
