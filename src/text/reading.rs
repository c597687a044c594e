//! How long a note takes to read.
//!
//! In: prose and the number of code lines. Out: counts, and minutes from them.

use std::ops::Add;

use super::width::{is_han, is_kana};

/// What there is to read, counted apart since each kind has its own speed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Counts {
    /// Chinese characters and kana, without punctuation.
    pub han: usize,
    /// Words of letters or digits, `kube-proxy` and `v1.30` being one each.
    pub words: usize,
    /// Lines in code blocks.
    pub code_lines: usize,
}

/// Characters of Chinese read in a minute; 300 to 500 is usual for prose.
const HAN_PER_MINUTE: usize = 400;
/// English words read in a minute.
const WORDS_PER_MINUTE: usize = 220;
/// Lines of code looked through in a minute.
const CODE_LINES_PER_MINUTE: usize = 30;

impl Counts {
    /// Minutes to read it all, rounded up, at least one.
    pub fn minutes(self) -> usize {
        // Over a common denominator, so that nothing is rounded but the sum.
        const WHOLE: usize = 13_200;
        let parts = self.han * (WHOLE / HAN_PER_MINUTE)
            + self.words * (WHOLE / WORDS_PER_MINUTE)
            + self.code_lines * (WHOLE / CODE_LINES_PER_MINUTE);
        parts.div_ceil(WHOLE).max(1)
    }
}

impl Add for Counts {
    type Output = Counts;

    fn add(self, other: Counts) -> Counts {
        Counts {
            han: self.han + other.han,
            words: self.words + other.words,
            code_lines: self.code_lines + other.code_lines,
        }
    }
}

/// Counts what there is to read in a piece of prose.
pub fn count(prose: &str) -> Counts {
    let mut counts = Counts::default();
    let mut in_word = false;
    for c in prose.chars() {
        let is_character = is_han(c) || is_kana(c);
        let is_letter = !is_character && c.is_alphanumeric();
        counts.han += usize::from(is_character);
        counts.words += usize::from(is_letter && !in_word);
        in_word = is_letter || (in_word && is_inner(c));
    }
    counts
}

/// Counts the lines of a code block that hold something.
pub fn count_code(code: &str) -> Counts {
    let code_lines = code.lines().filter(|line| !line.trim().is_empty()).count();
    Counts { code_lines, ..Counts::default() }
}

/// Marks that join the parts of one word, as in `kube-proxy`, `v1.30` and `it's`.
fn is_inner(c: char) -> bool {
    matches!(c, '-' | '_' | '.' | '/' | ':' | '\'' | '’' | '@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_and_words_are_counted_apart() {
        for (prose, han, words) in [
            ("", 0, 0),
            ("容器组，是最小单位。", 8, 0),
            ("Pod 由 kube-scheduler 调度到 v1.30 的节点", 7, 3),
            ("it's a/b x - y", 0, 4),
            ("カタカナ", 4, 0),
            ("用Pod部署3个", 4, 2),
        ] {
            assert_eq!(count(prose), Counts { han, words, code_lines: 0 }, "{prose}");
        }
    }

    #[test]
    fn minutes_are_rounded_up_once() {
        for (han, words, code_lines, minutes) in [
            (0, 0, 0, 1),
            (400, 0, 0, 1),
            (401, 0, 0, 2),
            (200, 110, 0, 1),
            (200, 110, 1, 2),
            (4000, 220, 30, 12),
        ] {
            let counts = Counts { han, words, code_lines };
            assert_eq!(counts.minutes(), minutes, "{counts:?}");
        }
    }

    #[test]
    fn blank_lines_of_code_do_not_count() {
        assert_eq!(count_code("a\n\n  \nb\n").code_lines, 2);
    }
}
