//! Images and embeds.

use std::ops::Range;

use pulldown_cmark::{CowStr, LinkType};

use super::inline::is_block_name;
use super::links::{
    Address, OpenLink, address, push_external, split_target, split_wiki_target,
};
use super::mask::restored;
use super::writer::{Leaf, Writer, escape_into, letters};
use crate::diagnostic::Code;
use crate::note::{Link, LinkKind, Media, Part, PartName, Slot};

/// An image or embed that is open.
pub(super) struct OpenMedia {
    target: Target,
    /// Whether the parser took the address for the description.
    is_bare: bool,
    title: String,
    /// The byte after the embed.
    end: usize,
    /// The leaf that is interrupted while the description gathers.
    outer: Leaf,
}

enum Target {
    /// A file of the site; whether it is written as a wikilink.
    File(usize, bool),
    /// A note or a part of one.
    Note(usize),
    Remote(String),
    Refused,
}

impl Writer<'_> {
    pub(super) fn start_image(
        &mut self,
        kind: LinkType,
        url: &CowStr<'_>,
        title: &CowStr<'_>,
        range: &Range<usize>,
    ) {
        let url = restored(url);
        let url = self.source.unmasked(&url, range);
        let target = match (address(&url), kind) {
            (Address::Outer, _) => Target::Remote(url.into_owned()),
            (Address::Unsafe, _) => self.refuse_image(range),
            (Address::Inner, LinkType::WikiLink { .. }) => {
                let (target, fragment) = split_wiki_target(&url);
                self.file_target(LinkKind::Embed, target, fragment, range)
            }
            (Address::Inner, _) => {
                let (target, fragment) = split_target(&url);
                self.file_target(LinkKind::Image, target, fragment, range)
            }
        };
        let outer = std::mem::take(&mut self.leaf);
        let title = restored(&self.source.unmasked(title, range)).into_owned();
        let is_bare = matches!(kind, LinkType::WikiLink { has_pothole: false });
        let open = OpenMedia { target, is_bare, title, end: range.end, outer };
        self.open_links.push(OpenLink::Media(Box::new(open)));
    }

    fn refuse_image(&mut self, range: &Range<usize>) -> Target {
        let span = self.source.span(range);
        let message = "an image with this kind of address is not shown";
        let finding = self.source.finding(Code::UnsafeLink, span, message);
        self.diagnostics.push(finding.with_help("save the image as a file beside the note"));
        Target::Refused
    }

    fn file_target(
        &mut self,
        kind: LinkKind,
        target: String,
        fragment: Option<String>,
        range: &Range<usize>,
    ) -> Target {
        let is_note = is_note_target(&target);
        let section = self.current_section();
        let link =
            self.add_link(Link { kind, target, fragment, context: None, section }, range);
        if is_note { Target::Note(link) } else { Target::File(link, kind == LinkKind::Embed) }
    }

    pub(super) fn end_image(&mut self) {
        let Some(OpenLink::Media(open)) = self.open_links.pop() else { return };
        let OpenMedia { target, is_bare, title, end, outer } = *open;
        let gathered = std::mem::replace(&mut self.leaf, outer).text;
        let alt = if is_bare { String::new() } else { gathered };
        let start = self.leaf.text.len();
        match target {
            Target::Note(link) => {
                self.embed_note(link, end);
                self.leaf.links.push((link, start..start));
            }
            Target::File(link, is_wiki) => {
                let mut media = media(&alt, title, is_wiki);
                media.is_linked = self.in_link();
                self.leaf.pictures += letters(&media.alt);
                self.leaf.text.push_str(&media.alt);
                self.slot(Slot::Media(link, Box::new(media)));
                self.leaf.links.push((link, start..self.leaf.text.len()));
            }
            Target::Remote(url) => self.remote_image(&url, &alt),
            Target::Refused => self.text(&alt),
        }
    }

    /// A picture from elsewhere would tell its host who reads what; it becomes a link.
    pub(super) fn remote_image(&mut self, url: &str, alt: &str) {
        let label =
            if alt.trim().is_empty() { self.word("remote_image") } else { alt }.to_owned();
        let is_free = !self.in_link();
        if is_free {
            push_external(&mut self.out.html, url);
        }
        self.html("<span class=\"remote-image\">");
        self.leaf.pictures += letters(&label);
        self.text(&label);
        self.html(if is_free { "</span></a>" } else { "</span>" });
    }

    /// A paragraph that is nothing but an image with a title is a figure with a caption.
    pub(super) fn becomes_figure(&mut self, start: usize) -> bool {
        let slots = self.out.slots.partition_point(|(at, _)| *at <= start);
        let [(at, Slot::Media(_, media))] = &mut self.out.slots[slots..] else { return false };
        if self.out.html[start..] != *"<p>" || media.title.is_empty() {
            return false;
        }
        let title = std::mem::take(&mut media.title);
        self.out.html.replace_range(start.., "<figure class=\"image\">");
        *at = self.out.html.len();
        self.html("<figcaption>");
        escape_into(&mut self.out.html, &title);
        self.html("</figcaption></figure>\n");
        true
    }

    /// A note shown in place is a block: the paragraph round it makes room.
    fn embed_note(&mut self, link: usize, end: usize) {
        let is_alone =
            self.paragraph.is_some() && self.inline_depth == 0 && self.open_links.is_empty();
        let in_item = self.paragraph.is_none()
            && !self.lists.is_empty()
            && self.inline_depth == 0
            && self.tables.is_empty()
            && self.outline.heading_start().is_none()
            && !self.in_callout_title();
        if is_alone {
            self.undo_mark();
            self.end_split_paragraph();
            self.embed_block(link, end);
            self.paragraph = Some(self.out.html.len());
            self.html("<p>");
        } else if in_item && self.open_links.is_empty() {
            self.slot(Slot::Embed(link));
            self.html("\n");
        } else if self.in_link() {
            self.slot(Slot::LinkText(link));
        } else {
            self.slot(Slot::LinkOpen(link));
            self.slot(Slot::LinkText(link));
            self.slot(Slot::LinkClose(link));
        }
    }

    /// Ends the paragraph before an embed; one with nothing in it goes. The one after the
    /// embed goes when the paragraph ends.
    fn end_split_paragraph(&mut self) {
        let Some(start) = self.paragraph else { return };
        let is_empty = self.out.html[start..].trim_end() == "<p>";
        if is_empty && !self.has_slots_after(start + 1) {
            self.out.html.truncate(start);
        } else {
            self.html("</p>\n");
        }
    }

    /// Writes the hole of an embed. One with an id behind it, `![[note]] ^id`, has no tag of
    /// its own yet, so it gets one to carry the id.
    fn embed_block(&mut self, link: usize, end: usize) {
        let Some(name) = self.block_name_at(end) else {
            self.slot(Slot::Embed(link));
            // The break keeps the hole inside of the part that ends here.
            return self.html("\n");
        };
        let start = self.out.html.len();
        self.html("<div");
        self.slot(Slot::Anchor(format!("^{name}")));
        self.html(">\n");
        self.slot(Slot::Embed(link));
        self.html("</div>\n");
        self.add_block(&name);
        let name = PartName::Block(name, false);
        self.out.parts.push(Part { name, start, end: self.out.html.len() });
    }

    /// The `^id` at the end of a line whose rest begins at a byte.
    fn block_name_at(&self, at: usize) -> Option<String> {
        let line = self.source.text()[at..].lines().next().unwrap_or_default();
        let name = crate::text::fold::fold(line.trim().strip_prefix('^')?);
        let is_name = is_block_name(&name) && !self.outline.blocks.contains(&name);
        is_name.then_some(name)
    }
}

/// Whether an embed's target is a note: an `.md` file, or a name without a file's ending.
fn is_note_target(target: &str) -> bool {
    let extension = crate::path::extension(target);
    let is_file = matches!(
        extension.as_str(),
        "png"
            | "jpg"
            | "jpeg"
            | "gif"
            | "webp"
            | "avif"
            | "bmp"
            | "svg"
            | "ico"
            | "mp4"
            | "webm"
            | "ogv"
            | "mov"
            | "mkv"
            | "mp3"
            | "wav"
            | "m4a"
            | "ogg"
            | "flac"
            | "3gp"
            | "opus"
            | "pdf"
            | "canvas"
            | "base"
            | "zip"
            | "txt"
            | "csv"
            | "json"
            | "yaml"
            | "yml"
            | "html"
            | "excalidraw"
            | "drawio"
            | "tar"
            | "gz"
            | "webmanifest"
    );
    !is_file
}

/// Reads description and size: `![[a.png|alt|300x200]]`, `![alt|300](a.png)`.
fn media(alt: &str, title: String, is_wiki: bool) -> Media {
    let mut media = Media { title, ..Media::default() };
    let mut texts = Vec::new();
    for part in alt.split('|') {
        match size(part.trim()) {
            Some((width, height)) if alt.contains('|') || is_wiki => {
                media.width = Some(width);
                media.height = height;
            }
            _ => texts.push(part.trim()),
        }
    }
    texts.join("|").trim_matches('|').clone_into(&mut media.alt);
    media
}

fn size(text: &str) -> Option<(u32, Option<u32>)> {
    let number = |text: &str| text.parse().ok().filter(|pixels| (1..=10_000).contains(pixels));
    match text.split_once('x') {
        Some((width, height)) => Some((number(width)?, Some(number(height)?))),
        None => Some((number(text)?, None)),
    }
}

impl Writer<'_> {
    /// Writes inline code.
    pub(super) fn code_span(&mut self, code: &str) {
        let code = restored(code);
        self.leaf.text.push_str(&code);
        if self.in_alt() {
            return;
        }
        // A short name such as `kube-apiserver` reads badly when it is broken at its hyphen; a
        // longer one may not fit into a line of a list on a phone.
        let is_name = code.len() <= 24 && !code.contains(char::is_whitespace);
        self.html(if is_name { "<code class=\"name\">" } else { "<code>" });
        escape_into(&mut self.out.html, &code);
        self.html("</code>");
    }
}
