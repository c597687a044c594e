//! JSON, with comments or without, several values in a row or one. Code comes in,
//! classes go out, or `None` at the first sign that it is anything else, which is
//! left to the grammar.

use super::Class;

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    Key,
    Colon,
    /// A comma or the end of what is open.
    End,
}

/// Behind deeper nesting the code stays plain; the grammar's stack ends at 100.
const MAX_DEPTH: usize = 40;

/// Paints `code`; `None` if it is not JSON.
pub(super) fn colour(code: &str, paint: &mut [Class]) -> Option<()> {
    let code = code.as_bytes();
    let mut open: Vec<u8> = Vec::new();
    let mut next = Next::Value;
    let mut at = 0;
    while at < code.len() && open.len() <= MAX_DEPTH {
        let rest = &code[at..];
        let (length, class) = match (rest[0], next) {
            (b' ' | b'\t' | b'\n', _) => (1, Class::Plain),
            (b'/', _) => (comment(rest)?, Class::Comment),
            (b'"', Next::Key) => (string(rest)?, Class::Key),
            (b'"', Next::Value) => (string(rest)?, Class::String),
            (b'-' | b'0'..=b'9', Next::Value) => (number(rest)?, Class::Number),
            (b'a'..=b'z', Next::Value) => (constant(rest)?, Class::Number),
            _ => (punctuation(rest[0], &mut open, next)?, Class::Plain),
        };
        paint[at..at + length].fill(class);
        if matches!(class, Class::Key | Class::String) {
            paint_escapes(rest, length, &mut paint[at..]);
        }
        if !matches!(rest[0], b' ' | b'\t' | b'\n' | b'/') {
            next = after(rest[0], next, &open);
        }
        at += length;
    }
    Some(())
}

/// Opens, closes or separates; `None` where the mark may not stand.
fn punctuation(mark: u8, open: &mut Vec<u8>, next: Next) -> Option<usize> {
    let fits = match mark {
        b'{' | b'[' => next == Next::Value,
        b':' => next == Next::Colon,
        b',' => next == Next::End && !open.is_empty(),
        b'}' | b']' => {
            let begin = if mark == b'}' { b'{' } else { b'[' };
            next != Next::Colon && open.pop() == Some(begin)
        }
        _ => false,
    };
    if fits && matches!(mark, b'{' | b'[') {
        open.push(mark);
    }
    fits.then_some(1)
}

/// What may come behind a token that begins so.
fn after(first: u8, next: Next, open: &[u8]) -> Next {
    let in_object = open.last() == Some(&b'{');
    match first {
        b'{' => Next::Key,
        b',' if in_object => Next::Key,
        b'[' | b':' | b',' => Next::Value,
        b'"' if next == Next::Key => Next::Colon,
        _ if open.is_empty() => Next::Value,
        _ => Next::End,
    }
}

fn comment(rest: &[u8]) -> Option<usize> {
    match rest.get(1)? {
        b'/' => Some(rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())),
        b'*' => {
            let end = rest[2..].windows(2).position(|pair| pair == b"*/")?;
            Some(end + 4)
        }
        _ => None,
    }
}

/// The length of a string with valid escapes that ends on its line.
fn string(rest: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match rest.get(at)? {
            b'"' => return Some(at + 1),
            b'\n' => return None,
            b'\\' => at += escape(&rest[at..])?,
            _ => at += 1,
        }
    }
}

fn escape(rest: &[u8]) -> Option<usize> {
    match rest.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' if rest.get(2..6)?.iter().all(u8::is_ascii_hexdigit) => Some(6),
        _ => None,
    }
}

fn paint_escapes(rest: &[u8], length: usize, paint: &mut [Class]) {
    let mut at = 1;
    while at < length {
        let escape = if rest[at] == b'\\' { escape(&rest[at..]).unwrap_or(0) } else { 0 };
        paint[at..at + escape].fill(Class::Escape);
        at += escape.max(1);
    }
}

fn number(rest: &[u8]) -> Option<usize> {
    let digits = |at: usize| rest[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(rest[0] == b'-');
    let whole = digits(at);
    if whole == 0 || whole > 1 && rest[at] == b'0' {
        return None;
    }
    at += whole;
    if rest.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        at += 1 + fraction;
        (fraction > 0).then_some(())?;
    }
    if matches!(rest.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(rest.get(at + 1), Some(b'+' | b'-')));
        let exponent = rest.get(at + 1 + sign).map_or(0, |_| digits(at + 1 + sign));
        at += 1 + sign + exponent;
        (exponent > 0).then_some(())?;
    }
    ends_word(rest, at)
}

fn constant(rest: &[u8]) -> Option<usize> {
    let words = [b"true".as_slice(), b"false", b"null"];
    let word = words.into_iter().find(|word| rest.starts_with(word))?;
    ends_word(rest, word.len())
}

/// The length, if no letter, digit or point follows.
fn ends_word(rest: &[u8], length: usize) -> Option<usize> {
    let ends = |next: &u8| matches!(next, b' ' | b'\t' | b'\n' | b',' | b']' | b'}' | b'/');
    rest.get(length).is_none_or(ends).then_some(length)
}
