//! How wide text stands when nobody has its font.
//!
//! In: text, size and weight. Out: pixels, on the generous side: a label that needs less room
//! looks the same, one that needs more would touch its border.

use crate::text::width::{is_cjk, is_han};

/// Widths of the ASCII characters from blank to tilde in thousandths of the font size, as in
/// Arial and Helvetica; the sans serif fonts of today's systems are near them.
const ASCII: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722,
    722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
    667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556,
    556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,
    500, 334, 260, 334, 584,
];

/// What the widest of the usual fonts takes more than Arial.
const LATIN_MARGIN: f64 = 1.06;
/// What bold letters take more than regular ones.
const BOLD_MARGIN: f64 = 1.08;

/// The width of a line of text in pixels.
pub(super) fn width(text: &str, size: f64, is_bold: bool) -> f64 {
    let em: f64 = text.chars().map(advance).sum();
    em * size * if is_bold { BOLD_MARGIN } else { 1.0 }
}

/// The width of a character in units of the font size.
fn advance(c: char) -> f64 {
    let place = usize::try_from(u32::from(c)).ok().and_then(|code| code.checked_sub(32));
    if let Some(&width) = place.and_then(|place| ASCII.get(place)) {
        return f64::from(width) / 1000.0 * LATIN_MARGIN;
    }
    match c {
        _ if is_han(c) || is_cjk(c) => 1.0,
        // Narrow in Latin fonts, but Chinese ones give them a whole square.
        '“' | '”' | '‘' | '’' | '…' | '—' | '→' | '←' | '↑' | '↓' | '×' => {
            1.0
        }
        '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' => 1.3,
        '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' | '\u{FE00}'..='\u{FE0F}' => 0.0,
        _ => 0.7,
    }
}

/// What is not broken: a Han character, or a word with the blanks after it. As in browsers, a
/// word may be broken after `-` and `/` where a letter follows.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices();
        let (_, mut last) = chars.next()?;
        let end = chars.find(|&(_, c)| {
            let parts = may_break(last, c);
            last = c;
            parts
        });
        let (piece, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = after;
        Some(piece)
    })
}

fn may_break(left: char, right: char) -> bool {
    match (left, right) {
        (_, ' ') => false,
        (' ', _) => true,
        _ if OPENING.contains(left) || CLOSING.contains(right) => false,
        ('-' | '/', _) => right.is_alphabetic(),
        _ => is_cjk(left) || is_han(right),
    }
}

/// Must not end a line.
const OPENING: &str = "（《「『【“‘([{";
/// Must not begin a line.
const CLOSING: &str = "，。、；：！？）》」』】”’…,.;:!?)]}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_as_wide_as_its_size() {
        assert!((width("容器组，", 16.0, false) - 64.0).abs() < 0.01);
        let latin = width("Deployment", 16.0, false);
        assert!((80.0..95.0).contains(&latin), "{latin}");
        assert!(width("Deployment", 16.0, true) > latin);
    }

    #[test]
    fn lines_may_be_broken_where_readers_expect() {
        for (text, expected) in [
            ("每个 Pod 用", vec!["每", "个 ", "Pod ", "用"]),
            ("容器，节点", vec!["容", "器，", "节", "点"]),
            ("LoadBalancer", vec!["LoadBalancer"]),
            ("用Pod，好", vec!["用", "Pod，", "好"]),
            ("组（容器）", vec!["组", "（容", "器）"]),
            ("kube-proxy/x-1", vec!["kube-", "proxy/", "x-1"]),
            ("", vec![]),
        ] {
            assert_eq!(pieces(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
