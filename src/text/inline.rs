//! Finds what the Markdown parser leaves in plain text: bare links, `#tags`, `==marks==`.
//!
//! In: one run of text outside of code, links and math, entities already decoded.
//! Out: byte ranges with their kind, ascending and apart. Linear in the text.

use std::ops::Range;

use super::width::is_cjk;

/// Something with a meaning inside a run of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The bytes it takes, its own marks included.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of things that [`scan`] finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `https://k8s.io/docs`: an address as it stands.
    Url,
    /// `www.k8s.io`: an address that wants `http://` before it.
    Www,
    /// `a@b.c`: wants `mailto:` before it.
    Mail,
    /// `#网络/服务`: a tag; its name is the range without the first byte.
    Tag,
    /// `==`: the beginning or end of a highlight, which may lie in another run.
    Highlight {
        /// A highlight may begin here: no blank follows.
        opens: bool,
        /// A highlight may end here: no blank goes before.
        closes: bool,
    },
}

/// Finds everything in a run of text that stands after the character `before`, if any
/// stands there on the same line.
pub fn scan(text: &str, before: Option<char>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while let Some(step) = text[at..].find(['h', 'H', 'w', 'W', '@', '#', '=']) {
        let start = at + step;
        let left = text[..start].chars().next_back().or(before);
        let free = found.last().map_or(0, |last| last.range.end);
        if let Some(hit) = found_at(text, start, left, free) {
            at = hit.range.end;
            found.push(hit);
        } else {
            at = start + skip(text, start);
        }
    }
    found
}

fn found_at(text: &str, start: usize, left: Option<char>, free: usize) -> Option<Found> {
    let rest = &text[start..];
    let (range, kind) = match rest.as_bytes()[0] {
        b'#' => (start..start + tag(rest, left)?, Kind::Tag),
        b'=' => highlight(rest, left).map(|kind| (start..start + 2, kind))?,
        b'@' => (mail(text, start, free)?, Kind::Mail),
        _ => address(rest, left).map(|(length, kind)| (start..start + length, kind))?,
    };
    Some(Found { range, kind })
}

/// A run of `=` that is no mark is passed as a whole.
fn skip(text: &str, start: usize) -> usize {
    let bytes = &text.as_bytes()[start..];
    if bytes[0] == b'=' { bytes.iter().take_while(|&&b| b == b'=').count() } else { 1 }
}

/// The length of a tag with its `#`: letters, digits, `_`, `-` and `/` of any script, at
/// least one of them neither digit nor `/`, and not right after a word or another `#`.
fn tag(rest: &str, left: Option<char>) -> Option<usize> {
    if left.is_some_and(|c| c.is_alphanumeric() || matches!(c, '#' | '&' | '/' | '_')) {
        return None;
    }
    let name = &rest[1..];
    let end = name.find(|c| !is_tag_char(c)).unwrap_or(name.len());
    let name = name[..end].trim_end_matches('/');
    let is_name = name.contains(|c: char| !c.is_numeric() && c != '/')
        && name.contains(char::is_alphanumeric);
    is_name.then_some(1 + name.len())
}

fn is_tag_char(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '_' | '-' | '/')
        || unicode_normalization::char::is_combining_mark(c)
}

fn highlight(rest: &str, left: Option<char>) -> Option<Kind> {
    let after = rest.strip_prefix("==")?.chars().next();
    if after == Some('=') {
        return None;
    }
    // Where the text ends, another run goes on, such as one in bold. After a word, what
    // stands before punctuation can only close; Chinese has no blanks to tell words by.
    let is_after_word = left.is_some_and(|c| c.is_alphanumeric() && !is_cjk(c));
    let stops = |c: char| c.is_whitespace() || is_after_word && c.is_ascii_punctuation();
    let opens = !after.is_some_and(stops);
    let closes = left.is_none_or(|c| !c.is_whitespace());
    (opens || closes).then_some(Kind::Highlight { opens, closes })
}

/// The length and kind of a web address: as in GitHub's Markdown, but ended by the first
/// character that is not ASCII, so that Chinese text may follow without a blank.
fn address(rest: &str, left: Option<char>) -> Option<(usize, Kind)> {
    if left.is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let (prefix, kind) = [("https://", Kind::Url), ("http://", Kind::Url), ("www.", Kind::Www)]
        .into_iter()
        .find(|(prefix, _)| {
            rest.get(..prefix.len()).is_some_and(|s| s.eq_ignore_ascii_case(prefix))
        })?;
    let host = &rest[if kind == Kind::Www { 0 } else { prefix.len() }..];
    if !is_host(host_of(host)) {
        return None;
    }
    let end = rest.find(|c| !is_url_char(c)).unwrap_or(rest.len());
    Some((trim_end(&rest[..end]).len(), kind))
}

/// Reads no further than the longest name that the domain name system allows, so that a
/// text of broken addresses is not read over and over.
fn host_of(address: &str) -> &str {
    let is_host_byte = |b: &&u8| b.is_ascii_alphanumeric() || b".-_@".contains(b);
    let length = address.as_bytes().iter().take(254).take_while(is_host_byte).count();
    address[..length].trim_end_matches(['.', '_'])
}

fn is_url_char(c: char) -> bool {
    c.is_ascii_graphic() && !"<>\"`{}|\\^[]".contains(c)
}

/// Punctuation at the end belongs to the sentence, and so does a `)` without its `(`.
fn trim_end(url: &str) -> &str {
    let mut url = url;
    let mut open = url.matches('(').count();
    let mut close = url.matches(')').count();
    loop {
        let last = url.as_bytes().last();
        match last {
            Some(b')') if close > open => close -= 1,
            Some(b'(') => open -= 1,
            Some(b'?' | b'!' | b'.' | b',' | b':' | b';' | b'*' | b'_' | b'~' | b'\'') => {}
            _ => return url,
        }
        url = &url[..url.len() - 1];
    }
}

/// Names with a dot between; none of the last two may hold an underscore.
fn is_host(host: &str) -> bool {
    let host = host.rsplit('@').next().unwrap_or(host);
    let mut names = host.rsplit('.');
    let (top, second) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
    let is_name = |name: &str| {
        (1..64).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    is_name(top)
        && is_name(second)
        && !top.contains('_')
        && !second.contains('_')
        && names.all(is_name)
}

/// The range of a mail address around the `@` at `at`, reaching back no further than `free`.
fn mail(text: &str, at: usize, free: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let is_local = |b: &&u8| b.is_ascii_alphanumeric() || b".-_+".contains(b);
    let local = bytes[free..at].iter().rev().take_while(is_local).count();
    let is_domain = |b: &&u8| b.is_ascii_alphanumeric() || b".-_".contains(b);
    let domain = bytes[at + 1..].iter().take_while(is_domain).count();
    let domain = text[at + 1..=at + domain].trim_end_matches('.');
    let is_domain = is_host(domain) && !domain.ends_with(['-', '_']);
    (local > 0 && is_domain).then(|| at - local..at + 1 + domain.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str, wanted: impl Fn(Kind) -> bool) -> Vec<&str> {
        let found = scan(text, None);
        assert!(found.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start));
        found.into_iter().filter(|f| wanted(f.kind)).map(|f| &text[f.range]).collect()
    }

    #[test]
    fn bare_addresses_end_where_chinese_begins() {
        for (text, expected) in [
            ("见 https://k8s.io/。后面", vec!["https://k8s.io/"]),
            ("见https://k8s.io/docs（英文）", vec!["https://k8s.io/docs"]),
            ("https://k8s.io/文档", vec!["https://k8s.io/"]),
            ("http://a.b/c_(d) e", vec!["http://a.b/c_(d)"]),
            ("(见 https://a.b/c).", vec!["https://a.b/c"]),
            ("https://a.b/c?d=e&f=g#h, ok", vec!["https://a.b/c?d=e&f=g#h"]),
            ("HTTPS://A.B!", vec!["HTTPS://A.B"]),
            ("www.k8s.io，mail x.y+z@k8s.io.", vec!["www.k8s.io", "x.y+z@k8s.io"]),
            ("https://a.b:8443/x https://c.d", vec!["https://a.b:8443/x", "https://c.d"]),
            ("<https://a.b>", vec!["https://a.b"]),
            ("https://u@h.io/a@b.c", vec!["https://u@h.io/a@b.c"]),
            ("http://localhost:8080 与 https:// 与 xhttps://a.b", vec![]),
            ("http://a_b.c http://x..y www. a@b @c.d a@b.c_", vec![]),
            ("镜像 nginx@sha256:abc 与 whoami", vec![]),
        ] {
            let is_address = |kind| matches!(kind, Kind::Url | Kind::Www | Kind::Mail);
            assert_eq!(pieces(text, is_address), expected, "{text}");
        }
    }

    #[test]
    fn tags_take_letters_of_any_script() {
        for (text, expected) in [
            ("#应用安全。后面", vec!["#应用安全"]),
            ("参见 #网络/服务，#k8s-1_30", vec!["#网络/服务", "#k8s-1_30"]),
            ("（#调度）", vec!["#调度"]),
            ("#1984 #y1984 #2024-01", vec!["#y1984", "#2024-01"]),
            ("C# a#b 甲#乙 ##x &#39; #", vec![]),
            ("#a/ #/ #- #_", vec!["#a"]),
            ("https://a.b/#frag #x", vec!["#x"]),
        ] {
            assert_eq!(pieces(text, |kind| kind == Kind::Tag), expected, "{text}");
        }
    }

    #[test]
    fn a_tag_is_none_right_after_the_run_before() {
        assert_eq!(scan("#x", Some('a')), []);
        assert_eq!(scan("#x", Some('。')).len(), 1);
    }

    #[test]
    fn highlight_marks_know_which_way_they_face() {
        for (text, expected) in [
            ("==高亮==", vec![(true, true), (true, true)]),
            ("见 ==a b== 后", vec![(true, false), (false, true)]),
            ("a == b === c", vec![]),
            ("a==", vec![(true, true)]),
        ] {
            let marks: Vec<_> = scan(text, None).into_iter().map(|f| f.kind).collect();
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(opens, closes)| Kind::Highlight { opens, closes })
                .collect();
            assert_eq!(marks, expected, "{text}");
        }
    }
}
