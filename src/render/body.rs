//! Fills the holes of a note's body: links, embeds, media, tags, headings.

use std::fmt::Write as _;
use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::graph::{NoteId, Target};
use crate::note::markdown::{escaped, shown_target};
use crate::note::{Body, Head, LinkKind, Media, PartName, Slot};
use crate::path;
use crate::view::note::short_title;
use crate::view::page::Here;

/// How deep notes may embed each other.
const MAX_DEPTH: usize = 12;

/// How many notes and parts of notes may be shown on a page.
const MAX_EMBEDS: usize = 500;

/// How much embedding may add to a page, in bytes; two notes that embed each other twice
/// would otherwise double with every step.
const MAX_EMBEDDED: usize = 4 << 20;

/// The HTML of a note's whole body on its page.
pub fn fill(here: &Here<'_>, id: NoteId, diagnostics: &mut Vec<Diagnostic>) -> String {
    let body = &here.site.notes[id].body;
    let place = String::new();
    let mut filler =
        Filler { here, diagnostics, place, stack: vec![id], embeds: 0, embedded: 0 };
    let mut out = String::with_capacity(body.html.len() + body.html.len() / 4);
    filler.part(id, 0..body.html.len(), true, &mut out);
    out
}

/// The HTML of a question with its answer on another page; `at` keeps its ids apart from
/// those of other questions there.
pub fn question(
    here: &Here<'_>,
    id: NoteId,
    own: usize,
    at: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> String {
    let Some(asked) = here.site.notes[id].body.questions.get(own) else { return String::new() };
    let place = format!("q{at}-");
    let mut filler =
        Filler { here, diagnostics, place, stack: vec![id], embeds: 0, embedded: 0 };
    let mut out = String::new();
    filler.part(id, asked.start..asked.end, false, &mut out);
    out
}

struct Filler<'a> {
    here: &'a Here<'a>,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// What every id of embedded parts begins with.
    place: String,
    /// The notes that embed each other round the place reached.
    stack: Vec<NoteId>,
    embeds: usize,
    embedded: usize,
}

impl Filler<'_> {
    fn part(&mut self, id: NoteId, range: Range<usize>, is_host: bool, out: &mut String) {
        let site = self.here.site;
        let body: &Body = &site.notes[id].body;
        let first = body.slots.partition_point(|(at, _)| *at < range.start);
        let scope =
            if is_host { String::new() } else { format!("{}e{}-", self.place, self.embeds) };
        let mut at = range.start;
        for (offset, slot) in
            body.slots[first..].iter().take_while(|(offset, _)| *offset < range.end || is_host)
        {
            out.push_str(&body.html[at..*offset]);
            at = *offset;
            self.slot(id, slot, is_host, &scope, out);
        }
        out.push_str(&body.html[at..range.end]);
    }

    fn slot(&mut self, id: NoteId, slot: &Slot, is_host: bool, scope: &str, out: &mut String) {
        match slot {
            Slot::LinkOpen(link) => self.link_open(id, *link, out),
            Slot::LinkClose(link) => out.push_str(self.link_close(id, *link)),
            Slot::LinkText(link) => out.push_str(&escaped(&self.link_text(id, *link))),
            Slot::Media(link, media) => self.media(id, *link, media, out),
            Slot::Embed(link) => self.embed(id, *link, out),
            Slot::Tag(name) => self.tag(name, out),
            Slot::HeadingOpen(index) => {
                heading(&self.here.site.notes[id].head, *index, is_host, true, out);
            }
            Slot::HeadingClose(index) => {
                heading(&self.here.site.notes[id].head, *index, is_host, false, out);
            }
            Slot::Anchor(name) if is_host => drop(write!(out, " id=\"{}\"", escaped(name))),
            Slot::Mark(name) if is_host => {
                let _ = write!(out, "<span id=\"{}\"></span>", escaped(name));
            }
            Slot::Anchor(_) | Slot::Mark(_) => {}
            Slot::Scope => out.push_str(scope),
            Slot::FootnoteMark(number, mention) => {
                self.footnote_mark(id, *number, *mention, is_host, out);
            }
        }
    }

    fn target(&self, id: NoteId, link: usize) -> &Target {
        &self.here.site.graph.targets[id][link]
    }

    fn link_open(&self, id: NoteId, link: usize, out: &mut String) {
        let (class, word) = match self.target(id, link) {
            Target::Broken => ("broken-link", "broken_link"),
            Target::Unpublished(_) => ("unpublished-link", "unpublished_link"),
            target => {
                let _ = write!(out, "<a href=\"{}\">", escaped(&self.href(target)));
                return;
            }
        };
        let _ =
            write!(out, "<span class=\"{class}\" title=\"{}\">", escaped(self.word(id, word)));
    }

    fn link_close(&self, id: NoteId, link: usize) -> &'static str {
        match self.target(id, link) {
            Target::Broken | Target::Unpublished(_) => "</span>",
            Target::Note { .. } | Target::Asset(..) | Target::Folder(_) => "</a>",
        }
    }

    fn href(&self, target: &Target) -> String {
        let site = self.here.site;
        let with = |url: &str, fragment: &str| match (fragment.is_empty(), url == self.here.url)
        {
            (true, _) => self.here.to(url),
            (false, true) => format!("#{}", path::encode_href(fragment)),
            (false, false) => format!("{}#{}", self.here.to(url), path::encode_href(fragment)),
        };
        match target {
            Target::Note { id, anchor, .. } => with(&site.graph.urls[*id], anchor),
            Target::Asset(asset, fragment) => with(site.graph.asset_url(asset), fragment),
            Target::Folder(folder) => self.here.to(&site
                .graph
                .folders
                .all
                .get(folder)
                .map_or_else(|| "index.html".to_owned(), |found| found.url.clone())),
            Target::Unpublished(_) | Target::Broken => String::new(),
        }
    }

    /// What a wikilink without a text of its own says: the title of a note found by its
    /// file's name, else the words as written.
    fn link_text(&self, id: NoteId, link: usize) -> String {
        let site = self.here.site;
        let written = &site.notes[id].head.links[link];
        match self.target(id, link) {
            Target::Note { id: other, by_name: true, anchor } if !written.target.is_empty() => {
                let head = &site.notes[*other].head;
                let title = short_title(head);
                match (
                    &written.fragment,
                    head.headings.iter().find(|heading| heading.id == *anchor),
                ) {
                    (Some(_), Some(heading)) => format!("{title} › {}", heading.text),
                    _ => title,
                }
            }
            _ => shown_target(written),
        }
    }

    fn word(&self, id: NoteId, key: &'static str) -> &str {
        let site = self.here.site;
        let lang = site.notes[id].head.lang.as_deref().unwrap_or(&site.config.lang);
        site.theme.words.get(lang, key)
    }

    fn tag(&self, name: &str, out: &mut String) {
        let tags = &self.here.site.graph.tags;
        match tags.find(name) {
            Some(tag) => drop(write!(
                out,
                "<a class=\"tag\" href=\"{}\">#{}</a>",
                escaped(&self.here.to(&tags.all[tag].url)),
                escaped(name)
            )),
            None => drop(write!(out, "#{}", escaped(name))),
        }
    }

    fn footnote_mark(
        &self,
        id: NoteId,
        number: usize,
        mention: usize,
        is_host: bool,
        out: &mut String,
    ) {
        let suffix = if mention == 1 { String::new() } else { format!("-{mention}") };
        let (own_id, page) = if is_host {
            (format!(" id=\"fnref-{number}{suffix}\""), String::new())
        } else {
            (String::new(), escaped(&self.here.to(&self.here.site.graph.urls[id])))
        };
        let _ = write!(
            out,
            "<sup class=\"footnote\"><a{own_id} href=\"{page}#fn-{number}\" role=\"doc-noteref\">{number}</a></sup>"
        );
    }

    fn media(&self, id: NoteId, link: usize, media: &Media, out: &mut String) {
        let site = self.here.site;
        let written = &site.notes[id].head.links[link];
        let is_unnamed = media.alt.is_empty() && written.kind == LinkKind::Embed;
        let alt = if is_unnamed && is_picture(&written.target) {
            path::stem(&written.target)
        } else {
            &media.alt
        };
        match self.target(id, link) {
            Target::Asset(asset, _) if media.is_linked && !is_picture(asset) => {
                let name = if alt.is_empty() { path::file_name(asset) } else { alt };
                out.push_str(&escaped(name));
            }
            Target::Note { .. } | Target::Folder(_) if media.is_linked => {
                let text = if alt.is_empty() { shown_target(written) } else { alt.to_owned() };
                out.push_str(&escaped(&text));
            }
            Target::Asset(asset, fragment) => {
                let src = escaped(&self.here.to(site.graph.asset_url(asset)));
                let size =
                    media_size(media, site.assets.get(asset).and_then(|asset| asset.size));
                asset_html(asset, &src, fragment, alt, &media.title, &size, out);
            }
            Target::Note { .. } | Target::Folder(_) => {
                let href = escaped(&self.href(self.target(id, link)));
                let text = if alt.is_empty() { shown_target(written) } else { alt.to_owned() };
                let _ = write!(out, "<a href=\"{href}\">{}</a>", escaped(&text));
            }
            Target::Unpublished(_) | Target::Broken => {
                let text = if alt.is_empty() { &written.target } else { alt };
                let _ = write!(
                    out,
                    "<span class=\"broken-link\" title=\"{}\">{}</span>",
                    escaped(self.word(id, "broken_embed")),
                    escaped(text)
                );
            }
        }
    }

    fn embed(&mut self, id: NoteId, link: usize, out: &mut String) {
        let site = self.here.site;
        let Target::Note { id: other, anchor, .. } = self.target(id, link).clone() else {
            out.push_str("<p>");
            self.link_open(id, link, out);
            out.push_str(&escaped(&self.link_text(id, link)));
            out.push_str(self.link_close(id, link));
            out.push_str("</p>");
            return;
        };
        let range = embedded_range(&site.notes[other], &anchor);
        let is_circle = self.stack.contains(&other) && (anchor.is_empty() || other != id);
        let is_too_much = self.stack.len() > MAX_DEPTH
            || self.embeds >= MAX_EMBEDS
            || self.embedded + range.len() > MAX_EMBEDDED
            || self.stack.iter().filter(|known| **known == other).count() > 1;
        if is_circle || is_too_much {
            self.refuse(id, link, &site.notes[other].path);
            let _ = write!(
                out,
                "<p><a href=\"{}\">{}</a></p>",
                escaped(&self.href(self.target(id, link))),
                escaped(&self.link_text(id, link))
            );
            return;
        }
        self.embedded += range.len();
        self.embeds += 1;
        let href = escaped(&self.href(&Target::Note {
            id: other,
            anchor: anchor.clone(),
            by_name: true,
        }));
        let title = escaped(&site.notes[other].head.title);
        let _ = writeln!(
            out,
            "<div class=\"embed\"><p class=\"embed-source\"><a href=\"{href}\">{title}</a></p>"
        );
        let is_item = is_list_item(&site.notes[other].body, &anchor);
        out.push_str(if is_item { "<ul>\n" } else { "" });
        self.stack.push(other);
        self.part(other, range, false, out);
        self.stack.pop();
        out.push_str(if is_item { "</ul>\n" } else { "" });
        out.push_str("</div>");
    }

    fn refuse(&mut self, id: NoteId, link: usize, other: &str) {
        let note = &self.here.site.notes[id];
        let span = note.link_spans[link];
        let message =
            format!("embedding {other} here goes in a circle or too deep; a link is shown");
        self.diagnostics.push(Diagnostic::new(
            Code::EmbedCycle,
            &note.path,
            span.start..span.end,
            message,
        ));
    }
}

fn heading(head: &Head, index: usize, is_host: bool, opens: bool, out: &mut String) {
    let Some(heading) = head.headings.get(index) else { return };
    let level = heading.level;
    let _ = match (is_host, opens) {
        (true, true) => write!(out, "<h{level} id=\"{}\">", escaped(&heading.id)),
        (true, false) => write!(out, "</h{level}>"),
        (false, true) => write!(out, "<p class=\"embed-heading embed-heading-{level}\">"),
        (false, false) => write!(out, "</p>"),
    };
}

/// The bytes of a body that an embed shows: all but the footnotes, or one part.
fn embedded_range(note: &crate::note::Note, anchor: &str) -> Range<usize> {
    let body = &note.body;
    let all = 0..body.html.rfind("<section class=\"footnotes\"").unwrap_or(body.html.len());
    if anchor.is_empty() {
        return all;
    }
    let heading = note.head.headings.iter().position(|heading| heading.id == anchor);
    let is_part = |name: &PartName| match name {
        PartName::Section(index) => Some(*index) == heading,
        PartName::Block(block, _) => anchor.strip_prefix('^') == Some(block),
    };
    body.parts.iter().find(|part| is_part(&part.name)).map_or(all, |part| part.start..part.end)
}

fn is_list_item(body: &Body, anchor: &str) -> bool {
    let is_item = |name: &PartName| matches!(name, PartName::Block(block, true) if anchor.strip_prefix('^') == Some(block));
    body.parts.iter().any(|part| is_item(&part.name))
}

/// `width` and `height`: as asked for, the other side in proportion, else the file's own.
fn media_size(media: &Media, own: Option<(u32, u32)>) -> String {
    let scaled = |asked: u32, own: u32, other: u32| {
        let side = u64::from(asked) * u64::from(other) / u64::from(own.max(1));
        u32::try_from(side).unwrap_or(u32::MAX).max(1)
    };
    let size = match (media.width, media.height, own) {
        (Some(width), Some(height), _) => Some((width, height)),
        (Some(width), None, Some((w, h))) => Some((width, scaled(width, w, h))),
        (None, Some(height), Some((w, h))) => Some((scaled(height, h, w), height)),
        (None, None, own) => own,
        (Some(width), None, None) => return format!(" width=\"{width}\""),
        (None, Some(height), None) => return format!(" height=\"{height}\""),
    };
    size.filter(|(w, h)| *w > 0 && *h > 0)
        .map_or_else(String::new, |(w, h)| format!(" width=\"{w}\" height=\"{h}\""))
}

fn is_picture(file: &str) -> bool {
    matches!(
        path::extension(file).as_str(),
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "bmp" | "svg" | "ico"
    )
}

fn asset_html(
    asset: &str,
    src: &str,
    fragment: &str,
    alt: &str,
    title: &str,
    size: &str,
    out: &mut String,
) {
    let name = escaped(if alt.is_empty() { path::file_name(asset) } else { alt });
    let alt = escaped(alt);
    let titled =
        if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escaped(title)) };
    let _ = match path::extension(asset).as_str() {
        _ if is_picture(asset) => {
            write!(
                out,
                "<img class=\"image\" src=\"{src}\" alt=\"{alt}\"{titled}{size} loading=\"lazy\" decoding=\"async\">"
            )
        }
        "mp4" | "webm" | "ogv" | "mov" | "mkv" => {
            write!(
                out,
                "<video class=\"media\" controls preload=\"metadata\" src=\"{src}\"{size} aria-label=\"{name}\"></video>"
            )
        }
        "mp3" | "wav" | "m4a" | "ogg" | "flac" | "3gp" | "opus" => {
            write!(
                out,
                "<audio class=\"media\" controls preload=\"metadata\" src=\"{src}\" aria-label=\"{name}\"></audio>"
            )
        }
        "pdf" => {
            let page = if fragment.is_empty() {
                String::new()
            } else {
                format!("#{}", escaped(&path::encode_href(fragment)))
            };
            write!(out, "<a class=\"file\" href=\"{src}{page}\">{name}</a>")
        }
        _ => write!(out, "<a class=\"file\" href=\"{src}\">{name}</a>"),
    };
}
