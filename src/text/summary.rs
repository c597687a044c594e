//! Cuts prose at the ends of sentences, Chinese and English.
//!
//! In: plain text without markup. Out: a short description, or the sentence around a place.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::width::{columns, is_wide, joins_without_space};

/// The longest description, in columns: 120 Han characters, about what a search engine shows.
const SUMMARY_COLUMNS: usize = 240;

/// The most that an excerpt shows on each side of its link, in columns.
const EXCERPT_COLUMNS: usize = 240;

/// The sentence around a place, cut in three so that the place can be marked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Excerpt {
    /// From the sentence's beginning, or from `…` where it is long.
    pub before: String,
    /// The place itself.
    pub inside: String,
    /// To the sentence's end, or to `…`.
    pub after: String,
}

/// The first sentences of a text, as many as stand in 120 Han widths; one sentence that is
/// longer is cut between words and ends in `…`.
pub fn summary(text: &str) -> String {
    let mut text = on_one_line(text);
    let limit = fitting(text.chars(), SUMMARY_COLUMNS);
    if limit == text.len() {
        return text;
    }
    let ends = sentence_ends(&text).take_while(|&end| end <= limit);
    // Half a line says too little: better a piece of the next sentence.
    let end = ends.last().filter(|&end| columns(&text[..end]) >= SUMMARY_COLUMNS / 4);
    if let Some(end) = end {
        text.truncate(end);
    } else {
        text.truncate(word_border(&text, fitting(text.chars(), SUMMARY_COLUMNS - 2)));
        text.truncate(text.trim_end_matches(is_dangling).len());
        text.push('…');
    }
    text
}

/// The sentence around the bytes of `range`, at most 120 Han widths on either side. A range
/// that does not lie on characters is moved to the next ones before it.
pub fn sentence_around(text: &str, range: Range<usize>) -> Excerpt {
    let start = text.floor_char_boundary(range.start);
    let end = text.floor_char_boundary(range.end.max(start));
    Excerpt {
        before: sentence_before(&text[..start]),
        inside: text[start..end].to_owned(),
        after: sentence_after(&text[end..]),
    }
}

fn sentence_before(text: &str) -> String {
    let near = text.len() - fitting(text.chars().rev(), EXCERPT_COLUMNS);
    // One more character tells whether a sentence ends right at the border.
    let window = text.floor_char_boundary(near.saturating_sub(1));
    let begin = sentence_ends(&text[window..]).last().map(|end| window + end);
    match begin.or((near == 0).then_some(0)) {
        Some(begin) => text[begin..].trim_start().to_owned(),
        None => format!("…{}", text[next_word(text, near)..].trim_start()),
    }
}

fn sentence_after(text: &str) -> String {
    let near = fitting(text.chars(), EXCERPT_COLUMNS);
    match sentence_ends(&text[..near]).next() {
        Some(end) => text[..end].trim_end().to_owned(),
        None if near == text.len() => text.trim_end().to_owned(),
        None => {
            let cut = &text[..word_border(text, near)];
            format!("{}…", cut.trim_end_matches(is_dangling))
        }
    }
}

/// Runs of blanks become one, line breaks between Chinese characters none.
fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut is_break = false;
    for part in text.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        if let (Some(last), Some(first)) = (line.chars().next_back(), word.chars().next())
            && !(is_break && joins_without_space(last, first))
        {
            line.push(' ');
        }
        line.push_str(word);
        is_break = part.ends_with('\n') || (is_break && word.is_empty());
    }
    line
}

/// How many bytes of the characters stand in that many columns.
fn fitting(chars: impl Iterator<Item = char>, limit: usize) -> usize {
    let mut width = 0;
    let fits = chars.take_while(|c| {
        width += c.width().unwrap_or(0);
        width <= limit
    });
    fits.map(char::len_utf8).sum()
}

/// The places right after each sentence, closing quotes and brackets included.
fn sentence_ends(text: &str) -> impl Iterator<Item = usize> {
    let marks = text.char_indices().filter(|&(at, c)| ends_sentence(text, at, c));
    marks.map(|(at, c)| {
        let end = at + c.len_utf8();
        let rest = &text[end..];
        end + rest.len() - rest.trim_start_matches(closes).len()
    })
}

fn ends_sentence(text: &str, at: usize, c: char) -> bool {
    match c {
        '。' | '！' | '？' | '；' | '\n' => true,
        '.' | '!' | '?' => {
            let rest = text[at + 1..].trim_start_matches(closes);
            let blank = rest.chars().next().is_none_or(char::is_whitespace);
            blank && !(c == '.' && is_abbreviated(&text[..at]))
        }
        _ => false,
    }
}

fn closes(c: char) -> bool {
    matches!(c, '”' | '’' | '」' | '』' | '）' | '》' | '"' | '\'' | ')')
}

/// `e.g.`, `vs.`, `No.` and initials end in a dot, but no sentence.
fn is_abbreviated(before: &str) -> bool {
    let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    let word = &before[start.map_or(0, |at| before.ceil_char_boundary(at + 1))..];
    let is_initial = word.len() == 1 && word.starts_with(|c: char| c.is_ascii_alphabetic());
    let has_dot = word.contains('.') && word.starts_with(|c: char| c.is_ascii_alphabetic());
    is_initial || has_dot || matches!(word, "vs" | "No" | "Fig" | "cf" | "approx")
}

/// The last place up to `limit` that lies in no Latin word, or `limit` if there is none.
fn word_border(text: &str, limit: usize) -> usize {
    let mut places = text[..limit].char_indices().rev().map(|(at, c)| at + c.len_utf8());
    places.find(|&at| at > 0 && is_border(text, at)).unwrap_or(limit)
}

/// The first place from `start` on that lies in no Latin word, or `start`.
fn next_word(text: &str, start: usize) -> usize {
    let mut places = text[start..].char_indices().map(|(at, _)| start + at);
    places.find(|&at| is_border(text, at)).unwrap_or(start)
}

fn is_border(text: &str, at: usize) -> bool {
    let left = text[..at].chars().next_back();
    let right = text[at..].chars().next();
    let parts = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || is_wide(c));
    let extends = right.is_some_and(|c| c.width() == Some(0));
    !extends && (parts(left) || parts(right))
}

/// What must not stand before `…`: blanks, commas and opening brackets.
fn is_dangling(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '，' | '、' | '：' | '（' | '“' | '《' | ',' | ':' | '(' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_stay_whole_on_one_line() {
        for (text, expected) in [
            ("Pod 是最小的\n调度单位。", "Pod 是最小的调度单位。"),
            ("一个\nPod\n\t里面", "一个 Pod 里面"),
            ("", ""),
            ("  a  b ", "a b"),
        ] {
            assert_eq!(summary(text), expected);
        }
    }

    #[test]
    fn long_texts_are_cut_at_the_end_of_a_sentence() {
        let forty = "调".repeat(39) + "。";
        assert_eq!(summary(&forty.repeat(4)), forty.repeat(3));
        let quoted = "他说：“".to_owned() + &"好".repeat(40) + "。”" + &"后".repeat(100);
        assert!(summary(&quoted).ends_with("。”"));
        let english = "A sentence of no great length here, v1.30 e.g. this one. ".repeat(8);
        let cut = summary(&english);
        assert!(cut.ends_with("this one.") && columns(&cut) <= 240, "{cut}");
    }

    #[test]
    fn a_sentence_too_long_is_cut_between_words() {
        let long = "kube-controller-manager，".repeat(30);
        let cut = summary(&long);
        assert!(cut.ends_with("manager…") && columns(&cut) <= 240, "{cut}");
        let short_first = "好。".to_owned() + &"很长的一句话".repeat(40);
        assert!(summary(&short_first).ends_with('…'));
        let one_word = "x".repeat(1000);
        assert_eq!(columns(&summary(&one_word)), 239);
    }

    fn around(text: &str, link: &str) -> (String, String, String) {
        let start = text.find(link).expect("the link is in the text");
        let Excerpt { before, inside, after } =
            sentence_around(text, start..start + link.len());
        (before, inside, after)
    }

    #[test]
    fn an_excerpt_is_the_sentence_around_the_link() {
        for (text, before, after) in [
            ("前句。由 LINK 管理。后句。", "由 ", " 管理。"),
            ("LINK 管理", "", " 管理"),
            ("One. See LINK for v1.30 more. Two.", "See ", " for v1.30 more."),
            ("甲\n乙 LINK\n丙", "乙 ", ""),
            ("（见 LINK。）后", "（见 ", "。）"),
        ] {
            let expected = (before.to_owned(), "LINK".to_owned(), after.to_owned());
            assert_eq!(around(text, "LINK"), expected, "{text}");
        }
    }

    #[test]
    fn an_excerpt_of_a_long_sentence_is_cut_on_both_sides() {
        let side = "很长 的话 words ".repeat(40);
        let (before, _, after) = around(&format!("{side}LINK{side}"), "LINK");
        assert!(before.starts_with('…') && after.ends_with('…'));
        for part in [before, after] {
            assert!((200..=241).contains(&columns(&part)), "{part}");
            assert!(!part.contains("…ords") && !part.contains("word…"));
        }
    }

    #[test]
    fn odd_ranges_are_taken_as_they_come() {
        for (start, end) in [(0, 99), (1, 2), (50, 60), (4, 3)] {
            sentence_around("容器组", start..end);
        }
    }
}
