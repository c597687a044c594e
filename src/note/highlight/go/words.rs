//! The words and numbers of Go. Slices come in, facts and lengths go out.

/// What steers the program. The others are types to the grammar.
const KEYWORDS: &[&str] = &[
    "break",
    "case",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "go",
    "goto",
    "if",
    "import",
    "package",
    "range",
    "return",
    "select",
    "switch",
];
const LATE_KEYWORDS: &[&str] = &["chan", "const", "func", "map", "type", "var"];
const CONSTANTS: &[&str] = &["false", "iota", "nil", "true"];
const BUILTINS: &[&str] = &[
    "append", "cap", "close", "complex", "copy", "delete", "imag", "len", "make", "new",
    "panic", "print", "println", "real", "recover",
];
/// The last five are placeholders from the documentation of Go's builtins.
const TYPES: &[&str] = &[
    "bool",
    "byte",
    "complex128",
    "complex64",
    "error",
    "float",
    "float32",
    "float64",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "rune",
    "string",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uintptr",
    "ComplexType",
    "FloatType",
    "IntegerType",
    "Type",
    "Type1",
];

pub(super) fn is_keyword(word: &[u8]) -> bool {
    is_in(KEYWORDS, word)
}

/// The keywords that are types to the grammar and come last in its order.
pub(super) fn is_late_keyword(word: &[u8]) -> bool {
    is_in(LATE_KEYWORDS, word)
}

pub(super) fn is_constant(word: &[u8]) -> bool {
    is_in(CONSTANTS, word)
}

pub(super) fn is_builtin(word: &[u8]) -> bool {
    is_in(BUILTINS, word)
}

pub(super) fn is_type(word: &[u8]) -> bool {
    is_in(TYPES, word)
}

fn is_in(words: &[&str], word: &[u8]) -> bool {
    words.iter().any(|known| known.as_bytes() == word)
}

/// The length of the number that `rest`, which begins with a digit, begins with;
/// 0 if a letter behind it spoils it.
pub(super) fn number(rest: &[u8]) -> usize {
    let run = rest.iter().take_while(|byte| super::is_word(**byte)).count();
    if let [b'0', b'x' | b'X', hex @ ..] = &rest[..run] {
        let is_hex = hex.iter().all(u8::is_ascii_hexdigit);
        return if is_hex { run } else { 0 };
    }
    let whole = digits(rest);
    let float = (rest.get(whole) == Some(&b'.')).then(|| float(rest, whole + 1)).flatten();
    float.unwrap_or(if whole == run { run } else { 0 })
}

/// The length of a number whose point ends at `point`. It must end at the edge of
/// a word; after the bare point that means before a letter, odd as it is.
fn float(rest: &[u8], point: usize) -> Option<usize> {
    let fraction = digits(&rest[point..]);
    let begins_word = rest.get(point).is_some_and(|next| super::is_word(*next));
    if fraction > 0 {
        exponent(rest, point + fraction).or(begins_word.then_some(point))
    } else {
        exponent_only(rest, point).or(begins_word.then_some(point))
    }
}

/// The length of `rest` up to the end of the exponent that may begin at `at`,
/// behind a digit.
pub(super) fn exponent(rest: &[u8], at: usize) -> Option<usize> {
    exponent_only(rest, at)
        .or((!rest.get(at).is_some_and(|next| super::is_word(*next))).then_some(at))
}

fn exponent_only(rest: &[u8], at: usize) -> Option<usize> {
    let [b'e' | b'E', sign @ ..] = rest.get(at..)? else { return None };
    let from = at + 1 + usize::from(matches!(sign.first(), Some(b'+' | b'-')));
    let end = from + digits(&rest[from..]);
    let is_edge = !rest.get(end).is_some_and(|next| super::is_word(*next));
    (end > from && is_edge).then_some(end)
}

/// The number of digits that `rest` begins with.
pub(super) fn digits(rest: &[u8]) -> usize {
    rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
}
