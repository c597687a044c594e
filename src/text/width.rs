//! What kind of character this is, how wide it stands, and whether a line break beside it
//! is a blank.
//!
//! In: characters. Out: yes, no, or columns.

use unicode_width::UnicodeWidthStr;

/// A Chinese character, in any of its blocks, with `々` and `〇`.
pub fn is_han(c: char) -> bool {
    matches!(u32::from(c),
        0x4E00..=0x9FFF
        | 0x3005 | 0x3007
        | 0x3021..=0x3029
        | 0x3400..=0x4DBF
        | 0x2E80..=0x2FDF
        | 0xF900..=0xFAFF
        | 0x20000..=0x3FFFD)
}

/// Japanese syllables, full and half width.
pub fn is_kana(c: char) -> bool {
    matches!(u32::from(c),
        0x3041..=0x30FF | 0x31F0..=0x31FF | 0xFF66..=0xFF9F | 0x1AFF0..=0x1B16F)
}

/// Punctuation and symbols that fill a whole square, such as `，`, `（` and `《`.
pub fn is_full_width_mark(c: char) -> bool {
    matches!(u32::from(c),
        0x3001..=0x3004
        | 0x3008..=0x3020
        | 0x3030..=0x303D
        | 0xFE10..=0xFE1F
        | 0xFE30..=0xFE6F
        | 0xFF01..=0xFF0F
        | 0xFF1A..=0xFF20
        | 0xFF3B..=0xFF40
        | 0xFF5B..=0xFF65
        | 0xFFE0..=0xFFE6)
}

/// Written without blanks between words: Han, kana and full-width punctuation.
pub fn is_wide(c: char) -> bool {
    is_han(c) || is_kana(c) || is_full_width_mark(c)
}

/// East Asian in the sense of the CJK-friendly rules for emphasis: wide or full-width
/// but no emoji, or Hangul (<https://github.com/tats-u/markdown-cjk-friendly>).
pub fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x11FF
        | 0x2E80..=0x303E
        | 0x3041..=0xA4CF
        | 0xA960..=0xA97C
        | 0xAC00..=0xD7FB
        | 0xF900..=0xFAFF
        | 0xFE10..=0xFE19
        | 0xFE30..=0xFE6B
        | 0xFF01..=0xFFEE
        | 0x16FE0..=0x18DF2
        | 0x1AFF0..=0x1B2FB
        | 0x20000..=0x3FFFD)
}

/// Whether the line break between two characters vanishes, since neither side is written
/// with blanks. Quotation marks and dashes that Chinese shares with English count as wide
/// beside a wide character.
pub fn joins_without_space(left: char, right: char) -> bool {
    match (is_wide(left), is_wide(right)) {
        (true, true) => true,
        (true, false) => is_shared_mark(right),
        (false, true) => is_shared_mark(left),
        (false, false) => false,
    }
}

/// Columns the text takes in a monospaced font: two for a Han character.
pub fn columns(text: &str) -> usize {
    text.width()
}

/// Unicode has one code for `“` in both languages; its width follows the font.
fn is_shared_mark(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_vanish_only_between_wide_characters() {
        for (left, right, joins) in [
            ('器', '组', true),
            ('。', '然', true),
            ('器', '（', true),
            ('カ', '漢', true),
            ('，', '“', true),
            ('”', '他', true),
            ('—', '即', true),
            ('器', 'P', false),
            ('d', '容', false),
            ('a', 'b', false),
            ('한', '글', false),
            ('器', '한', false),
            ('“', 'a', false),
            ('器', '1', false),
            ('.', '然', false),
        ] {
            assert_eq!(joins_without_space(left, right), joins, "{left}{right}");
        }
    }

    #[test]
    fn kinds_are_told_apart() {
        for (c, han, wide, cjk) in [
            ('器', true, true, true),
            ('〇', true, true, true),
            ('𠀀', true, true, true),
            ('、', false, true, true),
            ('ア', false, true, true),
            ('글', false, false, true),
            ('“', false, false, false),
            ('🚀', false, false, false),
            ('a', false, false, false),
        ] {
            assert_eq!((is_han(c), is_wide(c), is_cjk(c)), (han, wide, cjk), "{c}");
        }
    }

    #[test]
    fn han_takes_two_columns() {
        for (text, expected) in [("", 0), ("Pod", 3), ("容器组", 6), ("Pod，容器", 9)] {
            assert_eq!(columns(text), expected, "{text}");
        }
    }
}
