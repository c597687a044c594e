//! Links and embeds: what leads to another file becomes a hole, what leads elsewhere is
//! written at once, what could run a script becomes text.

use std::ops::Range;

use pulldown_cmark::{CowStr, LinkType};

use super::mask::restored;
use super::writer::{Writer, escape_into, escaped};
use crate::diagnostic::Code;
use crate::note::{Link, LinkKind, Slot};

/// A link or image that is open.
pub(super) enum OpenLink {
    /// A link to a file of the site; where its text begins in the leaf.
    Inner { link: usize, start: usize, wants_text: bool },
    /// A link elsewhere.
    Outer,
    /// A link whose address was refused; its text stays.
    Refused,
    /// An image or embed; its text gathers in a leaf of its own.
    Media(Box<super::embeds::OpenMedia>),
}

/// What an address leads to.
pub(super) enum Address {
    /// A file or heading of the site.
    Inner,
    /// Somewhere else.
    Outer,
    /// Something that could run or read what it should not.
    Unsafe,
}

/// Schemes that a reader may follow.
const SAFE_SCHEMES: &[&str] = &[
    "http", "https", "mailto", "tel", "sms", "ftp", "ftps", "sftp", "ssh", "git", "irc",
    "ircs", "xmpp", "matrix", "magnet", "obsidian", "vscode", "zotero", "geo", "news", "nntp",
    "svn", "oci",
];

/// Tells inner addresses from others.
pub(super) fn address(target: &str) -> Address {
    let visible: String =
        target.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    if visible.starts_with("//") || visible.starts_with("\\\\") {
        return Address::Outer;
    }
    let Some((scheme, _)) = visible.split_once(':') else { return Address::Inner };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    if !is_scheme {
        return Address::Inner;
    }
    let scheme = scheme.to_ascii_lowercase();
    if SAFE_SCHEMES.contains(&scheme.as_str()) { Address::Outer } else { Address::Unsafe }
}

/// What speaks against an address that is not safe.
fn danger(target: &str) -> String {
    let scheme: String = target.chars().filter(|c| !c.is_whitespace()).collect();
    let scheme = scheme.split(':').next().unwrap_or_default().to_ascii_lowercase();
    match scheme.as_str() {
        "javascript" | "vbscript" | "data" | "blob" | "file" | "about" => {
            "this address could run a script or read files".to_owned()
        }
        _ => format!("addresses that begin with `{scheme}:` work on few machines"),
    }
}

/// An address as an `href` takes it: no blank, no quote, no control character.
pub(super) fn encode_url(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    let mut rest = url.trim();
    // Browsers take `https:/a` and `https:a` for the address of `a`; HTML wants it written.
    for scheme in ["https:", "http:"] {
        if let Some(host) = rest.strip_prefix(scheme) {
            out.push_str(scheme);
            out.push_str("//");
            rest = host.trim_start_matches('/');
        }
    }
    for c in rest.chars() {
        match c {
            ' ' => out.push_str("%20"),
            '"' => out.push_str("%22"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            '^' => out.push_str("%5E"),
            '`' => out.push_str("%60"),
            '{' => out.push_str("%7B"),
            '|' => out.push_str("%7C"),
            '}' => out.push_str("%7D"),
            '[' => out.push_str("%5B"),
            ']' => out.push_str("%5D"),
            c if c.is_control() || c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

/// Splits a written target into path and fragment, decoded.
pub(super) fn split_target(written: &str) -> (String, Option<String>) {
    let (path, fragment) = match written.split_once('#') {
        Some((path, fragment)) => (path, Some(crate::path::decode(fragment).trim().to_owned())),
        None => (written, None),
    };
    let path = path.split('?').next().unwrap_or_default();
    (crate::path::decode(path.trim()), fragment)
}

/// Splits the target of a wikilink: nothing is encoded there, and `?` is a letter.
pub(super) fn split_wiki_target(written: &str) -> (String, Option<String>) {
    // In a table the bar before the text is escaped, and the backslash stays.
    let written = written.strip_suffix('\\').unwrap_or(written);
    match written.split_once('#') {
        Some((path, fragment)) => (path.trim().to_owned(), Some(fragment.trim().to_owned())),
        None => (written.trim().to_owned(), None),
    }
}

impl Writer<'_> {
    /// Whether text goes to the description of an image instead of the page.
    pub(super) fn in_alt(&self) -> bool {
        self.open_links.iter().any(|open| matches!(open, OpenLink::Media(_)))
    }

    pub(super) fn start_link(
        &mut self,
        kind: LinkType,
        url: &CowStr<'_>,
        title: &CowStr<'_>,
        range: &Range<usize>,
    ) {
        let url = restored(url);
        let url = self.source.unmasked(&url, range);
        if let LinkType::WikiLink { has_pothole: _ } = kind {
            return self.start_wikilink(&url, range);
        }
        if kind == LinkType::Email {
            return self.start_outer(&format!("mailto:{url}"), title);
        }
        match address(&url) {
            Address::Outer => {
                if !super::host::is_possible(&url) {
                    let message = "no browser follows this address: it names no host";
                    let span = self.source.span(range);
                    self.diagnostics.push(self.source.finding(Code::UnsafeLink, span, message));
                }
                self.start_outer(&url, &self.source.unmasked(title, range));
            }
            Address::Inner => {
                let (target, fragment) = split_target(&url);
                self.start_inner(LinkKind::Markdown, target, fragment, false, range);
            }
            Address::Unsafe => {
                let span = self.source.span(range);
                let message = format!("{}; the link is shown as text", danger(&url));
                let finding = self.source.finding(Code::UnsafeLink, span, message);
                self.diagnostics.push(finding);
                self.open_links.push(OpenLink::Refused);
            }
        }
    }

    fn start_wikilink(&mut self, written: &str, range: &Range<usize>) {
        if let Address::Outer = address(written) {
            return self.start_outer(written, "");
        }
        let (target, fragment) = split_wiki_target(written);
        let source = &self.source.text()[range.clone()];
        let shown = source.trim_start_matches('[').trim_end_matches(']');
        let own_text = shown.split_once('|').map(|(_, text)| text.trim());
        let wants_text = own_text.is_none_or(str::is_empty);
        self.start_inner(LinkKind::Wiki, target, fragment, wants_text, range);
    }

    fn start_inner(
        &mut self,
        kind: LinkKind,
        target: String,
        fragment: Option<String>,
        wants_text: bool,
        range: &Range<usize>,
    ) {
        if self.in_alt() || self.in_link() {
            return self.open_links.push(OpenLink::Refused);
        }
        let section = self.current_section();
        let link =
            self.add_link(Link { kind, target, fragment, context: None, section }, range);
        self.step_link(link);
        self.slot(Slot::LinkOpen(link));
        self.enter_inline();
        self.open_links.push(OpenLink::Inner { link, start: self.leaf.text.len(), wants_text });
    }

    fn start_outer(&mut self, url: &str, title: &str) {
        if self.in_alt() || self.in_link() {
            return self.open_links.push(OpenLink::Refused);
        }
        push_external(&mut self.out.html, url);
        if !title.is_empty() {
            self.out.html.pop();
            self.html(&format!(" title=\"{}\">", escaped(&restored(title))));
        }
        self.enter_inline();
        self.open_links.push(OpenLink::Outer);
    }

    /// A link inside a link is no HTML.
    pub(super) fn in_link(&self) -> bool {
        self.raw.in_link()
            || self
                .open_links
                .iter()
                .any(|open| matches!(open, OpenLink::Inner { .. } | OpenLink::Outer))
    }

    pub(super) fn end_link(&mut self) {
        match self.open_links.pop() {
            Some(OpenLink::Inner { link, start, wants_text }) => {
                self.end_inner(link, start, wants_text);
            }
            Some(OpenLink::Outer) => self.end_inline("</a>"),
            Some(OpenLink::Refused | OpenLink::Media(_)) | None => {}
        }
    }

    fn end_inner(&mut self, link: usize, start: usize, wants_text: bool) {
        self.end_inline("");
        if wants_text {
            self.replace_link_text(link, start);
        }
        self.slot(Slot::LinkClose(link));
        self.end_step_link(link);
        self.leaf.links.push((link, start..self.leaf.text.len()));
    }

    /// A wikilink without a text of its own shows what its target is called: that is
    /// known when the page is rendered, so the parser's text makes room for a hole.
    fn replace_link_text(&mut self, link: usize, start: usize) {
        let opened = self.out.slots.iter().rposition(|(_, slot)| *slot == Slot::LinkOpen(link));
        if let Some(at) = opened {
            let offset = self.out.slots[at].0;
            self.out.slots.truncate(at + 1);
            self.out.html.truncate(offset);
        }
        self.leaf.text.truncate(start);
        let shown = shown_target(&self.parsed.links[link]);
        self.leaf.text.push_str(&shown);
        self.slot(Slot::LinkText(link));
    }
}

/// What a wikilink without a text says before its target is known, as Obsidian shows it.
pub(crate) fn shown_target(link: &Link) -> String {
    let name = crate::path::file_name(link.target.trim_end_matches('/'));
    let name = if crate::path::is_note(name) { crate::path::stem(name) } else { name };
    match &link.fragment {
        None => name.to_owned(),
        Some(fragment) => {
            let fragment = fragment.replace('#', " › ");
            if name.is_empty() { fragment } else { format!("{name} › {fragment}") }
        }
    }
}

/// Writes the tag of a link elsewhere; of a link that leads nowhere without an address, which
/// browsers would refuse and HTML does not allow.
pub(super) fn push_external(out: &mut String, url: &str) {
    if !super::host::is_possible(url) {
        return out.push_str("<a>");
    }
    out.push_str("<a class=\"external\" rel=\"external noopener\" href=\"");
    escape_into(out, &encode_url(url));
    out.push_str("\">");
}
