//! Turns titles into parts of addresses and headings into ids.
//!
//! In: any text. Out: a name that every file system takes, or an id as GitHub makes it.
//! Numbering duplicates is the caller's business.

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The longest slug in bytes. Names of 255 bytes are allowed on disk, but an address is
/// percent-encoded to three times its length, and mail programs cut long ones.
const MAX_BYTES: usize = 80;

/// Characters with a meaning in addresses, or refused in file names by Windows.
const DROPPED: &str = "#?%<>:\"|*\\^[]{}`";

/// One part of a page's address: `Pod 生命周期？` becomes `pod-生命周期`.
///
/// Han is kept, only ASCII is lower-cased, blanks become one `-`. The result is never
/// empty, at most 80 bytes long, no reserved name of Windows, does not end in a dot, and
/// is its own slug. A `/` stays: whoever splits paths does so before.
pub fn slug(text: &str) -> String {
    let mut name = clean(text);
    if name.len() > MAX_BYTES {
        name = shorten(&name);
    }
    if name.is_empty() {
        return hash(text);
    }
    spare_reserved(name)
}

/// The id of a heading as GitHub makes it: `## 2.1 Pod（容器组）` becomes `21-pod容器组`.
///
/// Letters are lower-cased, punctuation is dropped and each space becomes a `-`. A heading
/// of punctuation alone becomes `section`, so that it can be linked to.
pub fn heading_id(text: &str) -> String {
    let id: String = text.trim().chars().filter_map(heading_char).collect::<String>();
    if id.is_empty() { "section".to_owned() } else { id.to_lowercase() }
}

fn clean(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for c in text.nfc().filter(|&c| !is_dropped(c)) {
        if !c.is_whitespace() {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with(['-', '/']) {
            name.push('-');
        }
    }
    join_dashes(&mut name);
    name
}

/// `a - b` reads better as `a-b`: a dash made of a blank goes where one was typed.
fn join_dashes(name: &mut String) {
    while name.contains("--") {
        *name = name.replace("--", "-");
    }
    name.truncate(name.trim_end_matches(['-', '.']).len());
    if name.starts_with('-') {
        name.remove(0);
    }
}

fn is_dropped(c: char) -> bool {
    DROPPED.contains(c) || is_invisible(c)
}

/// Controls and format characters such as a zero-width space or a change of direction.
fn is_invisible(c: char) -> bool {
    let category = c.general_category();
    matches!(category, GeneralCategory::Control | GeneralCategory::Format) && !c.is_whitespace()
}

/// Two long titles with the same beginning still differ by the hash of the whole.
fn shorten(name: &str) -> String {
    let hash = hash(name);
    let mut end = MAX_BYTES - hash.len() - 1;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}-{hash}", name[..end].trim_end_matches(['-', '.']))
}

fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..8].to_owned()
}

/// Windows opens a device for `nul`, `nul.html` and the like, in any folder.
fn spare_reserved(mut name: String) -> String {
    let stem = name.split('.').next().unwrap_or_default();
    if is_device(stem) {
        name.insert(stem.len(), '-');
    }
    name
}

fn is_device(stem: &str) -> bool {
    match stem.as_bytes() {
        b"con" | b"prn" | b"aux" | b"nul" => true,
        [b'c', b'o', b'm', digit] | [b'l', b'p', b't', digit] => digit.is_ascii_digit(),
        _ => false,
    }
}

fn heading_char(c: char) -> Option<char> {
    match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        _ => is_word(c).then_some(c),
    }
}

/// What Ruby, and so GitHub, calls a word character.
fn is_word(c: char) -> bool {
    use GeneralCategory as G;
    c.is_alphabetic()
        || matches!(
            c.general_category(),
            G::DecimalNumber
                | G::ConnectorPunctuation
                | G::NonspacingMark
                | G::SpacingMark
                | G::EnclosingMark
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_keep_han_and_drop_what_addresses_cannot_hold() {
        for (title, expected) in [
            ("Pod 生命周期", "pod-生命周期"),
            ("Pod 生命周期？", "pod-生命周期？"),
            ("C++ 与 C#", "c++-与-c"),
            ("What is a Pod?", "what-is-a-pod"),
            ("kube-proxy：iptables 与 IPVS", "kube-proxy：iptables-与-ipvs"),
            ("a - b", "a-b"),
            ("--dry-run", "dry-run"),
            ("  两端 空白\t", "两端-空白"),
            ("全角\u{3000}空格", "全角-空格"),
            ("apiVersion: v1 [alpha]", "apiversion-v1-alpha"),
            ("`kubectl get` | 用法", "kubectl-get-用法"),
            ("版本 1.30.", "版本-1.30"),
            ("零\u{200b}宽\u{0}字\u{202e}符", "零宽字符"),
            ("Cafe\u{301}", "caf\u{e9}"),
            ("ÉTÉ", "ÉtÉ"),
        ] {
            assert_eq!(slug(title), expected, "{title:?}");
        }
    }

    #[test]
    fn slugs_avoid_device_names() {
        for (title, expected) in [
            ("CON", "con-"),
            ("nul.x", "nul-.x"),
            ("com1", "com1-"),
            ("LPT9", "lpt9-"),
            ("console", "console"),
            ("com10", "com10"),
        ] {
            assert_eq!(slug(title), expected);
        }
    }

    #[test]
    fn slugs_are_never_empty_and_their_own_slug() {
        let long = "容器组的生命周期与调度".repeat(20);
        let dots = format!("{}....{}", "a".repeat(68), "b".repeat(40));
        for title in ["", "???", "..", ".", " - ", long.as_str(), dots.as_str(), "nul", "a--b"]
        {
            let once = slug(title);
            assert!(!once.is_empty() && once.len() <= 80, "{title:?} gave {once:?}");
            assert!(!once.ends_with('.'));
            assert_eq!(slug(&once), once);
        }
    }

    #[test]
    fn long_titles_with_one_beginning_stay_apart() {
        let stem = "容器".repeat(40);
        let (a, b) = (slug(&format!("{stem}甲")), slug(&format!("{stem}乙")));
        assert_ne!(a, b);
        assert!(a.starts_with("容器容器"));
    }

    #[test]
    fn heading_ids_are_those_of_github() {
        for (heading, expected) in [
            ("Hello World", "hello-world"),
            ("2.1 Pod（容器组）", "21-pod容器组"),
            ("一、概述：为什么", "一概述为什么"),
            ("What's new?", "whats-new"),
            ("kube_proxy & kube-dns", "kube_proxy--kube-dns"),
            ("🚀 上线", "-上线"),
            ("Ünïcode É", "ünïcode-é"),
            ("？！", "section"),
        ] {
            assert_eq!(heading_id(heading), expected, "{heading:?}");
        }
    }
}
