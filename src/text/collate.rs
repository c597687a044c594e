//! The order in which a Chinese reader looks for titles: pinyin and Latin letters together,
//! numbers by their value.
//!
//! In: a title. Out: a key to sort by, and the letter it stands under in an index.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::pinyin::{Syllable, syllables};

/// Sorts as a reader expects; made by [`sort_key`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortKey {
    /// Bytes whose order is that of the titles: see [`sort_key`].
    order: Box<[u8]>,
    /// Tells apart what reads alike, the same way every time.
    text: Box<str>,
}

/// A syllable ends: lower than any letter, so that 西安 `xi an` stands before 先 `xian`.
const SYLLABLE: u8 = 1;
/// `ü` stands right after `u`, before any further letter.
const UMLAUT: u8 = 2;
/// Any blanks and punctuation between words.
const GAP: u8 = 3;
/// A number: its count of digits, then the digits.
const NUMBER: u8 = 16;
/// A letter of another script, in code order after all that has a Latin reading.
const OTHER: u8 = 0xF0;

/// The key of a title. Han stands where its pinyin stands among Latin words, ordered by
/// letters, then tone, then character; case, accents, width and punctuation do not count;
/// `2` stands before `10` and 第二 before 第十.
pub fn sort_key(title: &str) -> SortKey {
    let plain: String = title.nfkc().collect();
    let plain = plain.trim_start_matches(|c: char| !c.is_alphanumeric());
    let spoken: Vec<_> = syllables(plain).collect();
    let mut order = Vec::with_capacity(plain.len() * 2);
    let mut at = 0;
    while at < spoken.len() {
        at += push(&mut order, &spoken, at);
    }
    order.truncate(order.len() - usize::from(order.last() == Some(&GAP)));
    SortKey { order: order.into(), text: title.into() }
}

/// The letter from A to Z under which an index lists the title, or `#`. Titles in the order
/// of their keys come in groups of one letter.
pub fn initial(title: &str) -> char {
    match sort_key(title).order.first() {
        Some(&letter) if letter.is_ascii_lowercase() => char::from(letter.to_ascii_uppercase()),
        _ => '#',
    }
}

type Spoken = (char, Option<Syllable>);

/// Adds what begins at `at` and answers how many characters that was.
fn push(order: &mut Vec<u8>, spoken: &[Spoken], at: usize) -> usize {
    let (c, syllable) = spoken[at];
    if let Some((digits, length)) = number(spoken, at) {
        push_number(order, &digits);
        return length;
    }
    match syllable {
        Some(syllable) => push_syllable(order, c, syllable),
        None if c.is_alphanumeric() => push_letter(order, c),
        None if is_combining_mark(c) || order.last() == Some(&GAP) => {}
        None => order.push(GAP),
    }
    1
}

fn push_syllable(order: &mut Vec<u8>, c: char, syllable: Syllable) {
    for letter in syllable.letters.chars() {
        match letter {
            'ü' => order.extend([b'u', UMLAUT]),
            _ => push_letter(order, letter),
        }
    }
    order.extend([SYLLABLE, syllable.tone]);
    order.extend(&u32::from(c).to_be_bytes()[1..]);
}

/// An accented letter counts as the plain one.
fn push_letter(order: &mut Vec<u8>, c: char) {
    let base = std::iter::once(c).nfd().next().unwrap_or(c);
    if base.is_ascii_alphabetic() {
        order.push(u8::try_from(base.to_ascii_lowercase()).unwrap_or(b'z'));
    } else {
        order.push(OTHER);
        order.extend(c.to_lowercase().collect::<String>().bytes());
    }
}

fn push_number(order: &mut Vec<u8>, digits: &str) {
    let digits = digits.trim_start_matches('0');
    order.extend([NUMBER, u8::try_from(digits.len()).unwrap_or(u8::MAX)]);
    order.extend(digits.bytes());
}

/// The decimal digits of the number that begins at `at`, and its length in characters.
fn number(spoken: &[Spoken], at: usize) -> Option<(String, usize)> {
    let digits: String =
        spoken[at..].iter().map(|&(c, _)| c).take_while(char::is_ascii_digit).collect();
    match digits.len() {
        0 => ordinal(spoken, at),
        length => Some((digits, length)),
    }
}

/// A Chinese number counts as one only where it numbers something, after 第 or as in
/// 「一、」: the 一 of 一致 is a word's.
fn ordinal(spoken: &[Spoken], at: usize) -> Option<(String, usize)> {
    let numeral: Vec<u64> =
        spoken[at..].iter().map_while(|&(c, _)| numeral_value(c)).take(12).collect();
    let after = spoken.get(at + numeral.len()).map(|&(c, _)| c);
    let numbers = match at.checked_sub(1) {
        Some(before) => spoken[before].0 == '第',
        None => after.is_some_and(|c| matches!(c, '、' | '.' | ')' | ':' | ',')),
    };
    (numbers && !numeral.is_empty()).then(|| (value(&numeral).to_string(), numeral.len()))
}

fn numeral_value(c: char) -> Option<u64> {
    let digit = "零一二三四五六七八九".chars().position(|numeral| numeral == c);
    match c {
        '〇' => Some(0),
        '两' => Some(2),
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => digit.and_then(|digit| u64::try_from(digit).ok()),
    }
}

/// 三百零五 is 305, and so is 三〇五.
fn value(numeral: &[u64]) -> u64 {
    let (mut sum, mut digit) = (0, None);
    for &part in numeral {
        if part < 10 {
            digit = Some(digit.unwrap_or(0) * 10 + part);
        } else {
            sum += digit.take().unwrap_or(1) * part;
        }
    }
    sum + digit.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_stand_in_the_order_a_reader_expects() {
        let expected = [
            "1.9 升级",
            "1.10 升级",
            "一、概述",
            "二、安装",
            "十、附录",
            "十一、索引",
            "安全",
            "《API 概览》",
            "api-resources",
            "Ａutoscaling",
            "参数传递",
            "长度限制",
            "重启策略",
            "第 2 章",
            "第二章",
            "第三章",
            "第十章",
            "第二十一章",
            "第一百零二章",
            "调度",
            "Évent",
            "集群扩容",
            "kube-apiserver",
            "kubectl",
            "路由",
            "滤镜",
            "乱序",
            "Pod 2",
            "Pod 10",
            "西安",
            "先后",
            "一致性",
            "重要",
            "ポッド",
            "한글",
        ];
        let mut titles = expected.to_vec();
        titles.reverse();
        titles.sort_by_cached_key(|title| sort_key(title));
        assert_eq!(titles, expected);
    }

    #[test]
    fn titles_that_read_alike_have_one_order() {
        for (first, second) in [("Pod", "pod"), ("a-b", "a.b"), ("第二", "第2"), ("", "?")] {
            let (a, b) = (sort_key(first), sort_key(second));
            assert_ne!(a, b);
            assert_eq!(a < b, first < second, "{first} {second}");
        }
    }

    #[test]
    fn the_index_has_one_letter_for_each_title() {
        for (title, expected) in [
            ("重启", 'C'),
            ("重要", 'Z'),
            ("kubectl", 'K'),
            ("《调度》", 'D'),
            ("--dry-run", 'D'),
            ("Évent", 'E'),
            ("1.30", '#'),
            ("一、概述", '#'),
            ("한글", '#'),
            ("？", '#'),
            ("", '#'),
        ] {
            assert_eq!(initial(title), expected, "{title}");
        }
    }

    #[test]
    fn chinese_numbers_have_values() {
        for (text, expected) in
            [("十", 10), ("二十", 20), ("三百零五", 305), ("三〇五", 305), ("一千一百", 1100)]
        {
            let numeral: Vec<_> = text.chars().filter_map(numeral_value).collect();
            assert_eq!(value(&numeral), expected, "{text}");
        }
    }
}
