//! Go's strings and comments, which may stay open over line ends, with the escapes
//! and the placeholders of `fmt` within them.

use super::super::Class;
use super::Lexer;

/// What is open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    Comment,
    /// A string or a rune within this quote.
    Quoted(u8),
}

impl Lexer<'_> {
    pub(super) fn open_text(&mut self, quote: u8) {
        self.take(self.at + 1, Class::String);
        self.text = Some(Text::Quoted(quote));
    }

    /// Goes on in an open text up to its end or the line's.
    pub(super) fn continue_text(&mut self, text: Text) {
        match text {
            Text::Comment => self.block_comment(),
            Text::Quoted(quote) => self.quoted(quote),
        }
    }

    fn block_comment(&mut self) {
        let rest = &self.code[self.at..self.end];
        match rest.windows(2).position(|pair| pair == b"*/") {
            Some(length) => {
                self.take(self.at + length + 2, Class::Comment);
                self.text = None;
            }
            None => self.take(self.end, Class::Comment),
        }
    }

    fn quoted(&mut self, quote: u8) {
        let rest = &self.code[self.at..self.end];
        let is_special = |byte: &u8| *byte == quote || matches!(byte, b'%' | b'\\');
        let plain = rest.iter().position(is_special).unwrap_or(rest.len());
        let special = &rest[plain..];
        let (length, class) = match special {
            [] => (0, Class::String),
            [first, ..] if *first == quote => {
                self.text = None;
                (1, Class::String)
            }
            [b'%', ..] => match placeholder(special) {
                Some(length) if quote != b'\'' => (length, Class::Escape),
                _ => (1, Class::String),
            },
            _ if quote == b'`' => (1, Class::String),
            _ => escape(special),
        };
        self.take(self.at + plain, Class::String);
        self.take(self.at + length, class);
    }
}

/// The length and class of what begins with a backslash.
fn escape(rest: &[u8]) -> (usize, Class) {
    let are_hex = |digits: usize| {
        rest.get(2..2 + digits).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let are_octal = rest
        .get(1..4)
        .is_some_and(|digits| digits.iter().all(|digit| matches!(digit, b'0'..=b'7')));
    match rest.get(1) {
        None => (1, Class::String),
        // The grammar takes `\u` without the digits behind it.
        Some(letter) if b"\\abfnrutv'\"".contains(letter) => (2, Class::Escape),
        Some(b'x') if are_hex(2) => (4, Class::Escape),
        Some(b'U') if are_hex(8) => (10, Class::Escape),
        Some(_) if are_octal => (4, Class::Escape),
        Some(_) => (2, Class::String),
    }
}

/// The length of the placeholder that begins with `%`, such as `%-8.3[1]f`.
fn placeholder(rest: &[u8]) -> Option<usize> {
    let mut at = 1;
    at += rest[at..].iter().take_while(|byte| b"#0- +'".contains(byte)).count();
    at += argument(&rest[at..]);
    at += usize::from(rest.get(at).is_some_and(|byte| b",;:_".contains(byte)));
    at += width(&rest[at..]);
    if rest.get(at) == Some(&b'.') {
        at += 1 + width(&rest[at + 1..]);
    }
    let is_verb = |byte: &u8| b"diouxXDOUeEfFgGaAcCsSpqnvtTbyYhHmMzZ%".contains(byte);
    rest.get(at).is_some_and(is_verb).then_some(at + 1)
}

/// The length of `[1]`.
fn argument(rest: &[u8]) -> usize {
    if rest.first() != Some(&b'[') {
        return 0;
    }
    let digits = super::words::digits(&rest[1..]);
    if digits > 0 && rest.get(1 + digits) == Some(&b']') { digits + 2 } else { 0 }
}

/// The length of `8`, `-8`, `*` or `[1]*`.
fn width(rest: &[u8]) -> usize {
    let sign = usize::from(rest.first() == Some(&b'-'));
    let digits = super::words::digits(&rest[sign..]);
    let argument = argument(rest);
    match () {
        () if digits > 0 => sign + digits,
        () if rest.get(argument) == Some(&b'*') => argument + 1,
        () => 0,
    }
}
