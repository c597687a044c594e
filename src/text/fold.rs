//! Keys under which two spellings of a name, a tag or a heading are the same.
//!
//! In: text as written. Out: a key for comparing, never for showing.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick, is_nfkc_quick};

/// Punctuation that does not count when Obsidian looks a heading up by its text.
const IGNORED_IN_HEADINGS: &str = "!\"#$%&()*+,.:;<=>?@^`{|}~/[]\\";

/// The key of a name or tag: width and case do not count, so `Ｋ８ｓ` equals `k8s`.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => fold_case(text),
        _ => fold_case(&text.nfkc().collect::<String>()).nfkc().collect(),
    }
}

/// The key of a file's name: case does not count, nor whether an accent is a character of
/// its own, nor whether a blank may break. Width does: `①.md` and `1.md` are two files.
pub fn name_key(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let folded = fold_case(&text.replace(['\u{a0}', '\u{202f}'], " "));
    match is_nfc_quick(folded.chars()) {
        IsNormalized::Yes => folded,
        _ => folded.nfc().collect(),
    }
}

/// The key under which `[[note#heading]]` finds a heading: as in Obsidian, ASCII
/// punctuation counts as a blank, runs of blanks as one, and case not at all.
pub fn heading_key(text: &str) -> String {
    let blanked = text.replace(|c| IGNORED_IN_HEADINGS.contains(c), " ");
    let words = blanked.split_whitespace().collect::<Vec<_>>().join(" ");
    let folded = fold_case(&words);
    match is_nfc_quick(folded.chars()) {
        IsNormalized::Yes => folded,
        _ => folded.nfc().collect(),
    }
}

/// By way of upper case, since only that makes `ß` equal `SS` and both small sigmas one.
fn fold_case(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
            _ if has_no_case(c) => folded.push(c),
            _ => folded.extend(c.to_uppercase().flat_map(char::to_lowercase)),
        }
    }
    folded
}

/// The blocks of Han, kana and Hangul, which are most of what is folded here.
fn has_no_case(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A63F}' | '\u{AC00}'..='\u{FAFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_and_case_do_not_count() {
        for (a, b) in [
            ("Ｋ８ｓ", "k8s"),
            ("K8S", "k8s"),
            ("ＡＰＩ　Ｓｅｒｖｅｒ", "api server"),
            ("ﾎﾟｯﾄﾞ", "ポッド"),
            ("Cafe\u{301}", "CAFÉ"),
            ("Straße", "STRASSE"),
            ("ΣΑΣ", "σας"),
            ("网络／服务", "网络/服务"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} and {b}");
        }
        assert_ne!(fold("服务"), fold("服務"));
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for text in ["Ｋ８ｓ", "İstanbul", "ǅ", "ﬃ", "①㎏", "한글", "Straße"] {
            assert_eq!(fold(&fold(text)), fold(text), "{text}");
        }
    }

    #[test]
    fn headings_compare_as_in_obsidian() {
        for (heading, written) in [
            ("API: v1/Pod", "api v1 pod"),
            ("什么是 `kube-proxy`？", "什么是 kube-proxy ？"),
            ("a  b", "A B"),
            ("[链接](目标)", "链接 目标"),
            ("C:\\path", "c path"),
        ] {
            assert_eq!(heading_key(heading), heading_key(written), "{heading}");
        }
        assert_ne!(heading_key("kube-proxy"), heading_key("kube proxy"));
    }
}
