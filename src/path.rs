//! Paths and addresses inside a site: always relative, always with forward slashes.
//! A leaf that every stage may use; knows nothing of the disk.

/// A file's path relative to the site's root, with `/` between its parts.
pub type SitePath = String;

/// The folder part of a path, without a trailing slash; empty at the top.
pub fn parent(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..at])
}

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rfind('/').map_or(path, |at| &path[at + 1..])
}

/// The last part of a path without its extension.
pub fn stem(path: &str) -> &str {
    let name = file_name(path);
    match name.rfind('.') {
        Some(at) if at > 0 => &name[..at],
        _ => name,
    }
}

/// The extension in lower case, without the dot; empty if there is none.
pub fn extension(path: &str) -> String {
    let name = file_name(path);
    match name.rfind('.') {
        Some(at) if at > 0 => name[at + 1..].to_ascii_lowercase(),
        _ => String::new(),
    }
}

/// Whether a file of this name is a note.
pub fn is_note(path: &str) -> bool {
    let name = file_name(path);
    let ending = name.rfind('.').filter(|at| *at > 0).map_or("", |at| &name[at + 1..]);
    ["md", "markdown"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// A path without the ending of a note.
pub fn without_extension(path: &str) -> &str {
    match path.rfind('.') {
        Some(at) if is_note(path) => &path[..at],
        _ => path,
    }
}

/// Whether browsers open a file with this ending as a page and run the scripts in it.
pub fn is_active(extension: &str) -> bool {
    matches!(
        extension,
        "html"
            | "htm"
            | "xhtml"
            | "xht"
            | "shtml"
            | "mht"
            | "mhtml"
            | "xml"
            | "xsl"
            | "xslt"
            | "rdf"
            | "hta"
    )
}

/// Joins a folder and a path written relative to it, resolving `.` and `..`.
/// `None` when the result would leave the root.
pub fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The way from one page to another file of the site, both given relative to the
/// site's root: what a browser resolves under any base path and from disk.
pub fn relative(from: &str, to: &str) -> String {
    let folder = &from[..from.rfind('/').map_or(0, |slash| slash + 1)];
    // Most links lead down from the page's own folder; those need no comparison of parts.
    if let Some(way) = to.strip_prefix(folder) {
        return way.to_owned();
    }
    let here: Vec<&str> = parent(from).split('/').filter(|part| !part.is_empty()).collect();
    let there: Vec<&str> = to.split('/').collect();
    let shared = here
        .iter()
        .zip(&there[..there.len() - 1])
        .take_while(|(left, right)| left == right)
        .count();
    let mut way = "../".repeat(here.len() - shared);
    way.push_str(&there[shared..].join("/"));
    way
}

/// The prefix that leads from a page to the site's root: empty, `../`, `../../` …
pub fn to_root(from: &str) -> String {
    "../".repeat(from.matches('/').count())
}

/// Encodes the characters of a site path that may not stand in an `href` of an HTML
/// page; letters of any script stay readable (WHATWG URL, path percent-encode set).
pub fn encode_href(path: &str) -> String {
    if path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte)) {
        return path.to_owned();
    }
    let mut out = String::with_capacity(path.len());
    for byte_or_char in path.chars() {
        match byte_or_char {
            ' ' | '"' | '#' | '<' | '>' | '?' | '`' | '{' | '}' | '%' | '\\' | '^' | '|'
            | '[' | ']' => push_encoded(&mut out, byte_or_char),
            c if c.is_control() || (c.is_whitespace()) => push_encoded(&mut out, c),
            c => out.push(c),
        }
    }
    out
}

/// Encodes everything that is not unreserved or `/`, for feeds, sitemaps and canonical
/// addresses, whose readers take ASCII only (RFC 3986, section 2.3).
pub fn encode_ascii(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        if c.is_ascii_alphanumeric() || "-._~/".contains(c) {
            out.push(c);
        } else {
            push_encoded(&mut out, c);
        }
    }
    out
}

fn push_encoded(out: &mut String, c: char) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        out.push('%');
        out.push(char::from(HEX[usize::from(byte >> 4)]));
        out.push(char::from(HEX[usize::from(byte & 15)]));
    }
}

/// Decodes `%XX` sequences; leaves what is not valid UTF-8 or not an escape as it is.
pub fn decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if let Some(byte) = escaped_byte(&bytes[at..]) {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

fn escaped_byte(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else { return None };
    let digit = |b: &u8| char::from(*b).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_ways_hold_under_any_base() {
        for (from, to, way) in [
            ("index.html", "pod/probes.html", "pod/probes.html"),
            ("pod/probes.html", "index.html", "../index.html"),
            ("pod/probes.html", "pod/init.html", "init.html"),
            ("a/b/c.html", "a/d.html", "../d.html"),
            ("a/b/c.html", "a/b/c.html", "c.html"),
            ("网络/ingress.html", "存储/pv.html", "../存储/pv.html"),
        ] {
            assert_eq!(relative(from, to), way, "{from} -> {to}");
        }
    }

    #[test]
    fn joining_refuses_to_leave_the_root() {
        for (folder, written, joined) in [
            ("a/b", "c.md", Some("a/b/c.md")),
            ("a/b", "../c.md", Some("a/c.md")),
            ("a", "../../c.md", None),
            ("", "./x/./y", Some("x/y")),
        ] {
            assert_eq!(join(folder, written).as_deref(), joined);
        }
    }

    #[test]
    fn decoding_leaves_what_is_no_escape() {
        for (written, meant) in
            [("a%20b", "a b"), ("%E5%9B%BE.png", "图.png"), ("100%", "100%"), ("%ff", "%ff")]
        {
            assert_eq!(decode(written), meant);
        }
    }
}
