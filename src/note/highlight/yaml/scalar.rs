//! YAML's plain scalars: where one begins and ends, whether it is a key, and
//! whether it is a constant. Slices of one line come in, lengths and facts go out.

use super::is_space;

/// Whether a scalar stands within brackets, where commas and brackets end it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Block,
    Flow,
}

/// Constants by name, as YAML 1.1 and the grammar have them, `y` and `no` included.
const WORDS: &[&str] = &[
    "null", "Null", "NULL", "~", "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO",
    "true", "True", "TRUE", "false", "False", "FALSE", "on", "On", "ON", "off", "Off", "OFF",
    "=", "<<", ".nan", ".NaN", ".NAN",
];

/// The bytes that `rest` needs to begin a plain scalar; 0 if it begins none.
pub(super) fn starts_scalar(rest: &[u8], place: Place) -> usize {
    match rest[0] {
        b'?' | b':' | b'-' => match rest.get(1) {
            Some(next) if !is_space(*next) && !ends_in(place, *next) => 1 + char_length(*next),
            _ => 0,
        },
        first if is_space(first) || b",[]{}#&*!|>'\"%@`".contains(&first) => 0,
        first => char_length(first),
    }
}

/// Where the scalar ends, of which `from` bytes are known: before a comment,
/// before `: `, at the line's end, and in flow collections before their marks.
pub(super) fn scalar_end(rest: &[u8], from: usize, place: Place) -> usize {
    let mut at = from;
    // The end without the blanks that may turn out to stand behind the scalar.
    let mut end = from;
    while at < rest.len() {
        let byte = rest[at];
        let ends = match byte {
            b'#' => at > end,
            b':' => colon_ends(rest, at, place),
            _ => ends_in(place, byte),
        };
        if ends {
            return end;
        }
        at += 1;
        if !is_space(byte) {
            end = at;
        }
    }
    end
}

/// Whether a key stands at the beginning of `rest`, of which `first` bytes are known.
pub(super) fn key_follows(rest: &[u8], first: usize, place: Place) -> bool {
    let mut at = first;
    while at < rest.len() {
        match rest[at] {
            b':' => match rest.get(at + 1) {
                None => return true,
                Some(next) if is_space(*next) => return true,
                Some(next) if ends_in(place, *next) => return false,
                Some(next) => at += 1 + char_length(*next),
            },
            b'#' if is_space(rest[at - 1]) => return false,
            byte if ends_in(place, byte) => return false,
            _ => at += 1,
        }
    }
    false
}

fn colon_ends(rest: &[u8], at: usize, place: Place) -> bool {
    rest.get(at + 1).is_none_or(|next| is_space(*next) || ends_in(place, *next))
}

fn ends_in(place: Place, byte: u8) -> bool {
    place == Place::Flow && b"[]{},".contains(&byte)
}

/// Whether the grammar sees a null, a boolean, a number, a time or a merge key.
pub(super) fn is_constant(text: &[u8]) -> bool {
    match text[0] {
        b'0'..=b'9' | b'+' | b'-' | b'.' => {
            is_number(text) || is_timestamp(text) || is_word(text)
        }
        _ => text.len() <= 5 && is_word(text),
    }
}

fn is_word(text: &[u8]) -> bool {
    WORDS.iter().any(|word| word.as_bytes() == text)
}

fn is_number(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    is_integer(digits) || is_float(digits) || is_sexagesimal(digits)
}

fn is_integer(digits: &[u8]) -> bool {
    let all = |digits: &[u8], accept: fn(&u8) -> bool| {
        !digits.is_empty() && digits.iter().all(|byte| *byte == b'_' || accept(byte))
    };
    match digits {
        b"0" => true,
        [b'0', b'b', rest @ ..] => all(rest, |byte| matches!(byte, b'0' | b'1')),
        [b'0', b'x', rest @ ..] => all(rest, u8::is_ascii_hexdigit),
        [b'0', rest @ ..] => all(rest, |byte| matches!(byte, b'0'..=b'7')),
        [b'1'..=b'9', ..] => all(digits, u8::is_ascii_digit),
        _ => false,
    }
}

/// `1.5`, `.5`, `1.`, `1.2e+3`, `.inf`, and, as the grammar will have it, `10.0.0.1`.
fn is_float(digits: &[u8]) -> bool {
    let Some(dot) = digits.iter().position(|byte| *byte == b'.') else { return false };
    let (whole, rest) = (&digits[..dot], &digits[dot + 1..]);
    if whole.is_empty() && matches!(rest, b"inf" | b"Inf" | b"INF") {
        return true;
    }
    let fraction =
        rest.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    is_decimal(whole) && is_exponent(&rest[fraction..])
}

/// Digits and underscores, a digit first; or nothing.
fn is_decimal(text: &[u8]) -> bool {
    text.first().is_none_or(u8::is_ascii_digit)
        && text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'_')
}

fn is_exponent(text: &[u8]) -> bool {
    match text {
        [] => true,
        [b'e' | b'E', b'-' | b'+', digits @ ..] => {
            !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// `1:30`, `12:30:45` and `1:30.5`, which YAML 1.1 reads to the base of sixty.
fn is_sexagesimal(digits: &[u8]) -> bool {
    let dot = digits.iter().position(|byte| *byte == b'.');
    let (whole, fraction) = digits.split_at(dot.unwrap_or(digits.len()));
    let mut parts = whole.split(|byte| *byte == b':');
    let first = parts.next().unwrap_or_default();
    let is_first = match first.first() {
        Some(b'0') => dot.is_some(),
        Some(_) => true,
        None => false,
    };
    let is_part = |part: &[u8]| match part {
        [digit] => digit.is_ascii_digit(),
        [tens, digit] => matches!(tens, b'0'..=b'5') && digit.is_ascii_digit(),
        _ => false,
    };
    whole.contains(&b':')
        && is_first
        && is_decimal(first)
        && parts.all(is_part)
        && fraction.iter().skip(1).all(|byte| byte.is_ascii_digit() || *byte == b'_')
}

/// `2026-01-31`, and with a time: `2026-1-31 12:00:00.5 Z`, `2026-01-31T12:00:00+8:00`.
fn is_timestamp(text: &[u8]) -> bool {
    let mut rest = text;
    if !number(&mut rest, 4, 4) || !mark(&mut rest, b"-") {
        return false;
    }
    let (month, day) = {
        let month = number_length(&mut rest);
        if !mark(&mut rest, b"-") {
            return false;
        }
        (month, number_length(&mut rest))
    };
    if rest.is_empty() {
        return month == 2 && day == 2;
    }
    (1..=2).contains(&month) && (1..=2).contains(&day) && is_time(rest)
}

fn is_time(mut rest: &[u8]) -> bool {
    if !mark(&mut rest, b"Tt") && blanks(&mut rest) == 0 {
        return false;
    }
    let is_clock = number(&mut rest, 1, 2)
        && mark(&mut rest, b":")
        && number(&mut rest, 2, 2)
        && mark(&mut rest, b":")
        && number(&mut rest, 2, 2);
    if !is_clock {
        return false;
    }
    if mark(&mut rest, b".") {
        number_length(&mut rest);
    }
    is_zone(rest)
}

fn is_zone(mut rest: &[u8]) -> bool {
    if rest.is_empty() {
        return true;
    }
    if mark(&mut rest, b"-+") {
        let hours = number(&mut rest, 1, 2);
        let minutes = !mark(&mut rest, b":") || number(&mut rest, 1, 2);
        return hours && minutes && rest.is_empty();
    }
    blanks(&mut rest);
    rest == b"Z"
}

fn number(rest: &mut &[u8], min: usize, max: usize) -> bool {
    (min..=max).contains(&number_length(rest))
}

fn number_length(rest: &mut &[u8]) -> usize {
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    *rest = &rest[length..];
    length
}

fn mark(rest: &mut &[u8], marks: &[u8]) -> bool {
    let found = rest.first().is_some_and(|first| marks.contains(first));
    *rest = &rest[usize::from(found)..];
    found
}

fn blanks(rest: &mut &[u8]) -> usize {
    let length = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    *rest = &rest[length..];
    length
}

fn char_length(first: u8) -> usize {
    match first {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    }
}
