//! Stage 2, parse: one note as written becomes a head that other pages can see and a body
//! with holes for all that other notes decide. Pure; sees no other note and no disk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::SitePath;
use crate::source::SourceFile;
use crate::words::Words;

pub mod allow;
pub mod diagram;
pub mod front_matter;
pub mod highlight;
pub mod keys;
pub mod markdown;
pub mod math;

use keys::Keys;

/// One note as written: nothing in here depends on any other note.
#[derive(Clone, Debug)]
pub struct Note {
    /// Its path relative to the folder of notes.
    pub path: SitePath,
    /// What other pages can see.
    pub head: Head,
    /// What it is found, sorted and addressed by.
    pub keys: Keys,
    /// Its text as HTML with holes.
    pub body: Body,
    /// Where in the file each of the head's links stands.
    pub link_spans: Vec<Span>,
    /// Its plain text by section, for search.
    pub sections: Vec<Section>,
    /// The file's text, for findings and Markdown copies.
    pub source: Arc<str>,
    /// What was found while parsing.
    pub diagnostics: Vec<Diagnostic>,
}

/// What other pages can see of a note. Holds no byte offsets, so that an edit elsewhere
/// in the file leaves it equal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    /// Whether the note may be published at all.
    pub status: Status,
    /// `title`, else the first h1, else the file's name.
    pub title: String,
    /// The id of the h1 that became the title, if one did.
    pub title_id: Option<String>,
    /// A short name for trees and running text.
    pub link_title: Option<String>,
    /// Other names that links may use.
    pub aliases: Vec<String>,
    /// Former addresses (aliases with a leading `/`).
    pub redirects: Vec<String>,
    /// Tags as written, without `#`.
    pub tags: Vec<String>,
    /// `description`, as written.
    pub description: Option<String>,
    /// The first prose, cut at a sentence's end.
    pub summary: String,
    /// When it was written (ISO 8601, as written).
    pub date: Option<String>,
    /// When it was last changed (ISO 8601, as written).
    pub updated: Option<String>,
    /// Built, but in no list, search, feed or sitemap.
    pub unlisted: bool,
    /// A page to look things up in: in its folder and found by search, but not among recent
    /// changes, in feeds, in the index by letter, or in the tree of pages elsewhere.
    pub quiet: bool,
    /// The last part of the address.
    pub slug: Option<String>,
    /// The whole address.
    pub permalink: Option<String>,
    /// The order among siblings; smaller first.
    pub weight: Option<i64>,
    /// A picture for cards.
    pub image: Option<String>,
    /// Classes on the article.
    pub css_classes: Vec<String>,
    /// The note's language (BCP 47).
    pub lang: Option<String>,
    /// How deep the outline goes: 0 for none.
    pub toc: Option<u8>,
    /// The template's file name.
    pub template: Option<String>,
    /// Links in the front matter by key: `up`, `prev`, `next`, `related`, `requires`,
    /// `translation_of`; indices into `links`.
    pub relations: BTreeMap<String, Vec<usize>>,
    /// The series it belongs to.
    pub series: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// All front matter under its own names, for templates.
    pub extra: serde_json::Map<String, serde_json::Value>,
    /// Its headings in order.
    pub headings: Vec<Heading>,
    /// Ids of blocks marked with `^id`, folded to lower case.
    pub blocks: Vec<String>,
    /// Ids and names in the note's raw HTML.
    pub anchors: Vec<String>,
    /// Links and embeds in order of the file.
    pub links: Vec<Link>,
    /// The objects that its code blocks show.
    pub snippets: Vec<Snippet>,
    /// If the note is a learning path: its steps, each with the links that it begins with.
    pub steps: Vec<Vec<usize>>,
    /// How many questions with folded answers it asks.
    pub questions: usize,
    /// How much there is to read.
    pub reading: crate::text::reading::Counts,
}

/// Whether a note may be published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// It is.
    #[default]
    Published,
    /// Only with `--drafts`.
    Draft,
    /// Never.
    Unpublished,
    /// Its front matter cannot be read: a draft mark may be lost in it.
    Unreadable,
    /// It is a template for notes, with placeholders.
    Template,
}

/// A heading in a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The level on the page, from 2; never skips a step.
    pub level: u8,
    /// The level as written.
    pub written_level: u8,
    /// Whether it stands in a quote or list; the outline leaves it out.
    pub is_nested: bool,
    /// The id, unique in the note.
    pub id: String,
    /// Its plain text.
    pub text: String,
}

/// A link or embed as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// In which form.
    pub kind: LinkKind,
    /// The path or name it leads to, decoded; empty for the note itself.
    pub target: String,
    /// The heading, or the block with a leading `^`.
    pub fragment: Option<String>,
    /// The sentence round it.
    pub context: Option<Context>,
    /// The heading it stands under, as an index into the headings.
    pub section: Option<usize>,
}

/// An object of Kubernetes in a code block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The block's language as written.
    pub language: String,
    /// The object's kind.
    pub kind: String,
    /// Its API version.
    pub api_version: String,
    /// The heading it stands under, as an index into the headings.
    pub heading: Option<usize>,
}

/// In which form a link is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkKind {
    /// `[[target]]`
    Wiki,
    /// `[text](target)`
    Markdown,
    /// `![[target]]`
    Embed,
    /// `![alt](target)`
    Image,
    /// A link in the front matter.
    Property,
}

impl LinkKind {
    /// Whether names (not only paths) are looked up for it.
    pub fn is_wiki(self) -> bool {
        matches!(self, LinkKind::Wiki | LinkKind::Embed | LinkKind::Property)
    }

    /// Whether it shows its target in place.
    pub fn is_embed(self) -> bool {
        matches!(self, LinkKind::Embed | LinkKind::Image)
    }
}

/// The sentence round a link, in plain text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// What stands before the link.
    pub before: String,
    /// The link's own text.
    pub text: String,
    /// What stands after the link.
    pub after: String,
}

/// HTML with holes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The HTML; a hole's content is missing at its offset.
    pub html: String,
    /// The holes by offset into `html`, in order.
    pub slots: Vec<(usize, Slot)>,
    /// Parts that can be embedded: what they are and where they lie in `html`.
    pub parts: Vec<Part>,
    /// Questions with folded answers, in order.
    pub questions: Vec<Question>,
}

/// A question whose answer is folded, `> [!question]-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The question in plain text.
    pub words: String,
    /// Its first byte in the body's HTML.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// The heading it stands under, as an index into the headings.
    pub heading: Option<usize>,
}

/// What fills a hole when the page is rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The start tag of a link (index into the head's links).
    LinkOpen(usize),
    /// The end tag of a link.
    LinkClose(usize),
    /// The text of a wikilink that was written without one.
    LinkText(usize),
    /// An image, sound, film or document.
    Media(usize, Box<Media>),
    /// Another note, or a part of it.
    Embed(usize),
    /// A tag in the text.
    Tag(String),
    /// The start tag of a heading (index into the head's headings).
    HeadingOpen(usize),
    /// The end tag of a heading.
    HeadingClose(usize),
    /// An id that exists on the note's own page only.
    Anchor(String),
    /// An empty element with an id, on the note's own page only.
    Mark(String),
    /// A prefix that keeps ids apart when a page shows the same part twice.
    Scope,
    /// The mark of a footnote (its number, and which mention of it this is).
    FootnoteMark(usize, usize),
}

/// How an embedded file is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Media {
    /// The text in place of an image.
    pub alt: String,
    /// The title as written.
    pub title: String,
    /// The width asked for, in CSS pixels.
    pub width: Option<u32>,
    /// The height asked for, in CSS pixels.
    pub height: Option<u32>,
    /// Whether it stands inside a link, which holds no other.
    pub is_linked: bool,
}

/// A part of a note that can be embedded by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which part.
    pub name: PartName,
    /// Its bytes in the body's HTML.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

/// Which part of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartName {
    /// A heading (index) with all that stands under it.
    Section(usize),
    /// A block with an id; whether it is a list item.
    Block(String, bool),
}

/// The plain text under one heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Index into the headings; `None` for the text before the first.
    pub heading: Option<usize>,
    /// Its text, blocks apart by line breaks.
    pub text: String,
}

/// What parsing needs beside the file: the same for all notes.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// The site's settings.
    pub config: &'a Config,
    /// The interface words by language.
    pub words: &'a Words,
}

/// Parses one note. Never fails: what is wrong is in its diagnostics.
pub fn parse(file: &SourceFile, settings: Settings<'_>) -> Note {
    let mut diagnostics = file.diagnostics.clone();
    let (front, body_start) =
        front_matter::read(&file.path, &file.text, settings.config, &mut diagnostics);
    let mut head = front.head;
    let parsed = markdown::parse(&file.path, &file.text, body_start, &head, settings);
    // What a template holds becomes Markdown only when something fills it.
    if head.status != Status::Template {
        diagnostics.extend(parsed.diagnostics);
    }
    let mut link_spans = front.link_spans;
    let offset = head.links.len();
    link_spans.extend(parsed.link_spans);
    head.links.extend(parsed.links);
    let mut body = parsed.body;
    shift_links(&mut body, offset);
    let shifted = |links: Vec<usize>| links.into_iter().map(|link| link + offset).collect();
    head.steps = parsed.steps.into_iter().map(shifted).collect();
    head.questions = body.questions.len();
    if head.title.is_empty() {
        head.title = match &parsed.title {
            Some((title, _)) => title.clone(),
            None => title_from_path(&file.path),
        };
    }
    head.title_id = parsed.title.map(|(_, id)| id);
    head.tags.extend(parsed.tags);
    keep_tags(&file.path, &mut head.tags, &mut diagnostics);
    head.summary = parsed.summary;
    head.headings = parsed.headings;
    head.blocks = parsed.blocks;
    head.anchors = parsed.anchors;
    head.snippets = parsed.snippets;
    head.reading = parsed.reading;
    let path = file.path.clone();
    let source = file.text.clone();
    let keys = Keys::of(&path, &head, settings.config);
    Note { path, head, keys, body, link_spans, sections: parsed.sections, source, diagnostics }
}

impl Note {
    /// Where the note writes a tag: in the front matter, or as `#tag` in the text.
    pub fn tag_span(&self, tag: &str) -> Option<Span> {
        let keys = ["tags", "tag", "keywords", "taxonomies", "categories", "category"];
        front_matter::value_span(&self.source, &keys, tag).or_else(|| {
            let in_text = format!("#{tag}");
            let start = self.source.find(&in_text)?;
            Some(Span { start, end: start + in_text.len() })
        })
    }
}

/// The most topics that one note can have; a page is made for each.
const MAX_TAGS: usize = 500;

/// Keeps each tag once, and not more than anyone writes by hand.
fn keep_tags(path: &str, tags: &mut Vec<String>, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    tags.retain(|tag| seen.insert(tag.clone()));
    if tags.len() > MAX_TAGS {
        let message = format!("only the first {MAX_TAGS} of {} tags are used", tags.len());
        diagnostics.push(Diagnostic::new(Code::WrongType, path, 0..0, message));
        tags.truncate(MAX_TAGS);
    }
}

/// Links of the front matter come first in the head; the body's holes count from there.
fn shift_links(body: &mut Body, offset: usize) {
    for (_, slot) in &mut body.slots {
        match slot {
            Slot::LinkOpen(link)
            | Slot::LinkClose(link)
            | Slot::LinkText(link)
            | Slot::Media(link, _)
            | Slot::Embed(link) => *link += offset,
            Slot::Tag(_)
            | Slot::HeadingOpen(_)
            | Slot::HeadingClose(_)
            | Slot::Anchor(_)
            | Slot::Mark(_)
            | Slot::Scope
            | Slot::FootnoteMark(..) => {}
        }
    }
}

/// A title made of a file's name; a folder's own note takes the folder's name.
fn title_from_path(path: &str) -> String {
    let stem = crate::path::stem(path);
    let folder = crate::path::parent(path);
    let name = if is_folder_note(path) && !folder.is_empty() {
        crate::path::file_name(folder)
    } else {
        stem
    };
    name.to_owned()
}

/// Whether a folder's own note has no name but that of its file, `README` or `index`.
pub fn is_nameless(path: &str, title: &str) -> bool {
    is_folder_note(path) && title == crate::path::stem(path)
}

/// Whether a note is the page of its folder.
pub fn is_folder_note(path: &str) -> bool {
    let stem = crate::path::stem(path);
    ["index", "_index", "readme"].iter().any(|name| stem.eq_ignore_ascii_case(name))
}
