//! `PromQL` and `LogQL`, the query languages of Prometheus and Loki, by one small
//! lexer: they share strings, durations, label matchers and aggregations.

use super::Class;

/// Which of the two languages a query is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    PromQl,
    LogQl,
}

const KEYWORDS: &[&str] = &[
    "and",
    "atan2",
    "bool",
    "by",
    "end",
    "group_left",
    "group_right",
    "ignoring",
    "offset",
    "on",
    "or",
    "start",
    "unless",
    "without",
];

/// The aggregations, which are functions even when `by (…)` stands between them
/// and their argument. Any other function is known by its parenthesis.
const AGGREGATIONS: &[&str] = &[
    "avg",
    "bottomk",
    "count",
    "count_values",
    "group",
    "limit_ratio",
    "limitk",
    "max",
    "min",
    "quantile",
    "stddev",
    "stdvar",
    "sum",
    "topk",
];

/// What may follow the pipe in `LogQL`, in its documentation's order.
const STAGES: &[&str] = &[
    "json",
    "logfmt",
    "pattern",
    "regexp",
    "unpack",
    "line_format",
    "label_format",
    "unwrap",
    "decolorize",
    "drop",
    "keep",
    "ip",
];

const CONSTANTS: &[&str] = &["inf", "nan"];

/// What the lexer remembers between tokens.
struct State {
    dialect: Dialect,
    /// Within `{…}`, or the parentheses after `by`, words are labels.
    in_labels: bool,
    /// The next parenthesis encloses labels.
    labels_follow: bool,
}

/// Paints a query, or several with comments between them.
pub(super) fn colour(dialect: Dialect, code: &str, paint: &mut [Class]) {
    let mut state = State { dialect, in_labels: false, labels_follow: false };
    let code = code.as_bytes();
    let mut at = 0;
    while at < code.len() {
        let (length, class) = token(&mut state, &code[at..]);
        paint[at..at + length].fill(class);
        at += length;
    }
}

/// The length and class of the first token of `rest`, which is not empty.
fn token(state: &mut State, rest: &[u8]) -> (usize, Class) {
    match rest[0] {
        b'#' => (line(rest), Class::Comment),
        b'"' | b'\'' | b'`' => (quoted(rest), Class::String),
        b'0'..=b'9' => (count(rest, is_number), Class::Number),
        byte if is_name(byte) => name(state, rest),
        b'{' | b'(' => {
            state.in_labels = rest[0] == b'{' || state.labels_follow;
            state.labels_follow = false;
            (1, Class::Plain)
        }
        b'}' | b')' => {
            state.in_labels = false;
            (1, Class::Plain)
        }
        b'+' | b'-' | b'*' | b'/' | b'%' | b'^' | b'=' | b'!' | b'<' | b'>' | b'|' | b'~'
        | b'@' => (1, Class::Operator),
        _ => (1, Class::Plain),
    }
}

fn name(state: &mut State, rest: &[u8]) -> (usize, Class) {
    let length = count(rest, |byte| is_name(byte) || byte.is_ascii_digit() || byte == b':');
    let word = rest[..length].to_ascii_lowercase();
    let is_in = |words: &[&str]| words.iter().any(|known| known.as_bytes() == word);
    let called = rest[length..].trim_ascii_start().starts_with(b"(");
    let class = match () {
        () if state.in_labels => Class::Key,
        () if is_in(KEYWORDS) => Class::Keyword,
        () if state.dialect == Dialect::LogQl && is_in(STAGES) => Class::Keyword,
        () if is_in(AGGREGATIONS) || called => Class::Function,
        () if is_in(CONSTANTS) => Class::Number,
        () => Class::Plain,
    };
    state.labels_follow = class == Class::Keyword && called;
    (length, class)
}

fn line(rest: &[u8]) -> usize {
    count(rest, |byte| byte != b'\n')
}

fn quoted(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' if rest[0] != b'`' => at += 2,
            byte if byte == rest[0] => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

fn count(rest: &[u8], accept: impl Fn(u8) -> bool) -> usize {
    rest.iter().take_while(|byte| accept(**byte)).count()
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii()
}

/// Numbers and durations: `0.95`, `5m`, `1h30m`, `0x1f`, `1e9`.
fn is_number(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'.'
}
