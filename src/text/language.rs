//! Whether notes are written in Chinese or in English, told by their letters.
//!
//! In: the beginning of each note. Out: counts that add up, and a language from them.

use std::ops::Add;

use super::width::is_han;

/// How much of a note is looked at, in bytes: what it is written in shows soon.
const SAMPLE: usize = 4096;
/// So many Latin letters, some two hundred words, it takes to believe that notes are English.
const ENOUGH: usize = 1000;
/// Chinese notes on computing are full of names and code; yet more than one letter in this
/// many is Chinese.
const ONE_IN: usize = 20;

/// How many letters a text has of either script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Letters {
    han: usize,
    latin: usize,
}

/// Counts the letters at the beginning of a note.
pub fn letters(text: &str) -> Letters {
    let mut letters = Letters::default();
    for c in text[..text.floor_char_boundary(SAMPLE)].chars() {
        letters.han += usize::from(is_han(c));
        letters.latin += usize::from(c.is_ascii_alphabetic());
    }
    letters
}

impl Letters {
    /// The language that is most likely (BCP 47): Chinese, unless much is written and next
    /// to none of it is.
    pub fn language(self) -> &'static str {
        let is_english = self.latin >= ENOUGH && self.han * ONE_IN < self.latin;
        if is_english { "en" } else { "zh-CN" }
    }
}

impl Add for Letters {
    type Output = Letters;

    fn add(self, other: Letters) -> Letters {
        Letters { han: self.han + other.han, latin: self.latin + other.latin }
    }
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn the_language_of_notes_is_told_by_their_letters() {
        let code = "kubectl get pods --all-namespaces -o wide\n";
        for (text, language) in [
            (String::new(), "zh-CN"),
            ("A few words.".to_owned(), "zh-CN"),
            ("Some plain English text. ".repeat(60), "en"),
            ("Some plain English text. 你好 ".repeat(60), "zh-CN"),
            (format!("{}{}", "Some plain English text. ".repeat(60), "你好"), "en"),
            (
                format!(
                    "看节点上的容器组，先看事件，再看日志，最后看配置。\n\n{}",
                    code.repeat(9)
                ),
                "zh-CN",
            ),
        ] {
            assert_eq!(letters(&text).language(), language, "{text}");
        }
    }
}
