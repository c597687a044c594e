//! The state of writing one note's HTML: where it is, what is open, what was gathered.
//! Events come in from `markdown::parse`; each family of them has a file of its own.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::callout::OpenCallout;
use super::footnotes::Footnotes;
use super::mask::{is_masked, restored};
use super::outline::Outline;
use super::raw_html::RawHtml;
use super::steps::Steps;
use super::tables::OpenTable;
use super::{Parsed, Source};
use crate::diagnostic::Diagnostic;
use crate::note::{Body, Head, Link, Section, Settings, Slot, is_folder_note};
use crate::text::reading::{self, Counts};

/// Everything that is known while a note is being written.
pub(super) struct Writer<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) settings: Settings<'a>,
    pub(super) lang: &'a str,
    /// The title of the front matter; an h1 that repeats it is not shown twice.
    pub(super) given_title: &'a str,
    pub(super) out: Body,
    pub(super) parsed: Parsed,
    pub(super) outline: Outline,
    pub(super) footnotes: Footnotes,
    pub(super) raw: RawHtml,
    pub(super) tables: Vec<OpenTable>,
    pub(super) callouts: Vec<Option<OpenCallout>>,
    pub(super) lists: Vec<bool>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Text of neighbouring events, not yet looked through.
    pub(super) run: Run,
    /// The plain text of the paragraph, heading or cell that is being written.
    pub(super) leaf: Leaf,
    /// How many inline elements are open.
    pub(super) inline_depth: usize,
    /// How many raw elements were open when each of Markdown's inline elements began.
    pub(super) inline_marks: Vec<usize>,
    /// Links, images and embeds that are open.
    pub(super) open_links: Vec<super::links::OpenLink>,
    /// The code block that is open.
    pub(super) code: Option<super::code::OpenCode>,
    /// How many containers (quotes, list items, footnotes) are open.
    pub(super) depth: usize,
    /// The bytes of the last finished block at the top, for a `^id` on a line of its own.
    pub(super) last_block: Option<Range<usize>>,
    /// Where the paragraph that is open began, and whether its tag was written.
    pub(super) paragraph: Option<usize>,
    /// Where the open blocks and list items began.
    pub(super) items: Vec<(usize, super::blocks::Container)>,
    /// The steps that the note lists.
    pub(super) steps: Steps,
    /// Whether the note calls itself a path, if it says so.
    wants_steps: Option<bool>,
    /// How many diagrams there were.
    pub(super) diagrams: usize,
    /// Dollar signs that begin no formula.
    pub(super) dollars: Vec<usize>,
    reading: Counts,
    summary: String,
}

/// Text of neighbouring text events, with where each piece came from.
#[derive(Default)]
pub(super) struct Run {
    pub(super) text: String,
    pieces: Vec<(usize, usize)>,
    /// Bytes taken off its beginning.
    cut: usize,
}

impl Run {
    /// Takes bytes off the beginning.
    pub(super) fn cut_front(&mut self, bytes: usize) {
        self.text.drain(..bytes);
        self.cut += bytes;
    }

    /// Adds text that the parser found at an offset.
    pub(super) fn push(&mut self, text: &str, origin: usize) {
        self.pieces.push((self.text.len(), origin));
        self.text.push_str(text);
    }

    /// Whether a byte of the run is the first that an event of the parser brought.
    pub(super) fn begins_piece(&self, at: usize) -> bool {
        self.pieces.binary_search_by_key(&(at + self.cut), |(start, _)| *start).is_ok()
    }

    /// The offset into the parsed text that a byte of the run came from.
    pub(super) fn origin(&self, at: usize) -> usize {
        let at = at + self.cut;
        let piece = self.pieces.partition_point(|(start, _)| *start <= at);
        self.pieces
            .get(piece.wrapping_sub(1))
            .map_or(0, |(start, origin)| origin + (at - start))
    }

    /// Where these bytes of the run stand in the parsed text.
    pub(super) fn range(&self, bytes: &Range<usize>) -> Range<usize> {
        let start = self.origin(bytes.start);
        let last = bytes.end.saturating_sub(1).max(bytes.start);
        start..(self.origin(last) + bytes.end - last).max(start)
    }
}

/// The plain text of a leaf block and what stands in it.
#[derive(Default)]
pub(super) struct Leaf {
    pub(super) text: String,
    /// Links of the note with the bytes of their text.
    pub(super) links: Vec<(usize, Range<usize>)>,
    /// Where a `<mark>` was opened: offset into the HTML, open inline elements then.
    pub(super) mark: Option<(usize, usize)>,
    /// Where the leaf's HTML begins.
    pub(super) start: usize,
    /// Whether a straight quote has been opened: (single, double).
    pub(super) quotes: (bool, bool),
    /// How many letters of the text are the words of pictures.
    pub(super) pictures: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        source: &'a Source<'a>,
        head: &'a Head,
        settings: Settings<'a>,
    ) -> Writer<'a> {
        let lang = head.lang.as_deref().unwrap_or(&settings.config.lang);
        let mut outline = Outline::default();
        outline.given_title.clone_from(&head.title);
        Writer {
            source,
            settings,
            lang,
            given_title: &head.title,
            out: Body {
                html: String::with_capacity(source.file.len() * 3 / 2),
                ..Body::default()
            },
            parsed: Parsed { sections: vec![Section::default()], ..Parsed::default() },
            outline,
            footnotes: Footnotes::default(),
            raw: RawHtml::default(),
            tables: Vec::new(),
            callouts: Vec::new(),
            lists: Vec::new(),
            diagnostics: Vec::new(),
            run: Run::default(),
            leaf: Leaf::default(),
            inline_depth: 0,
            inline_marks: Vec::new(),
            open_links: Vec::new(),
            code: None,
            depth: 0,
            last_block: None,
            paragraph: None,
            items: Vec::new(),
            steps: Steps::default(),
            wants_steps: wants_steps(source.path, head),
            diagrams: 0,
            dollars: Vec::new(),
            reading: Counts::default(),
            summary: String::new(),
        }
    }

    /// Writes one event of the parser.
    pub(super) fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if let Some(code) = &mut self.code {
            match event {
                Event::Text(text) => code.text.push_str(&restored(&text)),
                _ => self.end_code(range),
            }
            return;
        }
        match event {
            Event::Text(text) => self.push_run(&text, range.start),
            Event::Start(Tag::Strikethrough) if self.is_single_tilde(&range) => {
                self.push_run("~", range.start);
            }
            Event::End(TagEnd::Strikethrough) if self.is_single_tilde(&range) => {
                self.push_run("~", range.end - 1);
            }
            Event::Start(tag) => {
                self.flush(super::blocks::is_block(&tag));
                self.start(tag, range);
            }
            Event::End(tag) => {
                self.flush(true);
                self.end(tag);
            }
            Event::SoftBreak => {
                // A picture on the next line of an item does not part it from its id.
                self.flush(self.in_item());
                self.soft_break(&range);
            }
            other => {
                self.flush(false);
                self.inline_event(other, range);
            }
        }
    }

    fn push_run(&mut self, text: &str, origin: usize) {
        if !self.source.is_changed() {
            return self.run.push(text, origin);
        }
        let mut at = 0;
        for (mark, c) in text.char_indices().filter(|(_, c)| is_masked(*c)) {
            self.run.push(&text[at..mark], origin + at);
            self.run.text.push_str(&restored(&text[mark..mark + c.len_utf8()]));
            at = mark + c.len_utf8();
        }
        self.run.push(&text[at..], origin + at);
    }

    /// Takes the text gathered so far.
    pub(super) fn take_run(&mut self) -> Run {
        std::mem::take(&mut self.run)
    }

    fn inline_event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Code(code) => self.code_span(&code),
            Event::InlineMath(tex) => self.inline_math(&tex, &range),
            Event::DisplayMath(tex) => self.math(&tex, true, &range),
            Event::Html(html) => self.raw_html(&restored(&html), range.start, true),
            Event::InlineHtml(html) => self.raw_html(&restored(&html), range.start, false),
            Event::FootnoteReference(label) => self.footnote_mark(&label),
            Event::HardBreak => {
                if !self.breaks_callout_title(&range) {
                    self.line_break();
                }
            }
            Event::Rule => self.rule(),
            Event::TaskListMarker(done) => self.task_marker(if done { 'x' } else { ' ' }),
            Event::Text(_) | Event::Start(_) | Event::End(_) | Event::SoftBreak => {}
        }
    }

    /// Adds HTML of our own.
    pub(super) fn html(&mut self, html: &str) {
        self.out.html.push_str(html);
    }

    /// Adds text as HTML, and to the plain text of the leaf.
    pub(super) fn text(&mut self, text: &str) {
        self.leaf.text.push_str(text);
        if !self.in_alt() {
            escape_into(&mut self.out.html, text);
        }
    }

    /// Adds a hole at the place reached.
    pub(super) fn slot(&mut self, slot: Slot) {
        self.out.slots.push((self.out.html.len(), slot));
    }

    /// Adds a hole at a place passed before.
    pub(super) fn slot_at(&mut self, at: usize, slot: Slot) {
        let index = self.out.slots.partition_point(|(offset, _)| *offset < at);
        self.out.slots.insert(index, (at, slot));
    }

    /// The word of the interface in the note's language.
    pub(super) fn word(&self, key: &'a str) -> &'a str {
        self.settings.words.get(self.lang, key)
    }

    /// Remembers a link and says its number.
    pub(super) fn add_link(&mut self, link: Link, range: &Range<usize>) -> usize {
        self.parsed.links.push(link);
        self.parsed.link_spans.push(self.source.span(range));
        self.parsed.links.len() - 1
    }

    /// Begins the plain text of a new leaf block.
    pub(super) fn open_leaf(&mut self) {
        self.leaf = Leaf { start: self.out.html.len(), ..Leaf::default() };
    }

    /// Ends a leaf block: its text goes to search and summary, its sentences to links.
    pub(super) fn close_leaf(&mut self, is_prose: bool) {
        self.undo_mark();
        let leaf = std::mem::take(&mut self.leaf);
        let is_list = is_list_of_links(&leaf);
        for (link, range) in &leaf.links {
            if is_list {
                continue;
            }
            let excerpt = crate::text::summary::sentence_around(&leaf.text, range.clone());
            self.parsed.links[*link].context = Some(crate::note::Context {
                before: excerpt.before,
                text: excerpt.inside,
                after: excerpt.after,
            });
        }
        if leaf.text.trim().is_empty() {
            return;
        }
        self.reading = self.reading + reading::count(&leaf.text);
        // A row of badges tells nothing about the note.
        let is_prose = is_prose && has_more_letters(&leaf.text, leaf.pictures);
        if is_prose && self.summary.len() < 800 && self.depth == 0 {
            self.summary.push_str(&leaf.text);
            self.summary.push('\n');
        }
        self.add_to_section(&leaf.text);
    }

    /// Adds plain text to the section that is open.
    pub(super) fn add_to_section(&mut self, text: &str) {
        if let Some(section) = self.parsed.sections.last_mut() {
            section.text.push_str(text);
            section.text.push('\n');
        }
    }

    /// Counts a code block and adds it to the section.
    pub(super) fn add_code(&mut self, code: &str) {
        self.reading = self.reading + reading::count_code(code);
        self.add_to_section(code.trim_end());
    }

    /// Closes what is open and hands over what was gathered.
    pub(super) fn finish(mut self) -> Parsed {
        self.flush(true);
        self.close_leaf(true);
        self.close_raw_html();
        self.end_outline();
        self.write_footnotes();
        let mut parsed = self.parsed;
        parsed.summary = crate::text::summary::summary(&self.summary);
        parsed.reading = self.reading;
        parsed.steps = self.steps.finish(self.wants_steps);
        parsed.diagnostics = self.diagnostics;
        parsed.title = self.outline.title;
        parsed.headings = self.outline.headings;
        parsed.body = self.out;
        parsed
    }
}

/// Whether a note calls itself a path. A folder's own note lists what lies in the folder: that
/// alone makes no path.
fn wants_steps(path: &str, head: &Head) -> Option<bool> {
    let said = head.extra.get("steps").and_then(serde_json::Value::as_bool);
    said.or_else(|| is_folder_note(path).then_some(false))
}

/// Whether a block is little but links, such as a line of related notes: it has no
/// sentence that would tell why they are linked.
fn is_list_of_links(leaf: &Leaf) -> bool {
    let linked: usize = leaf
        .links
        .iter()
        .filter_map(|(_, range)| leaf.text.get(range.clone()))
        .map(letters)
        .sum();
    leaf.links.len() >= 3 && letters(&leaf.text).saturating_sub(linked) < leaf.links.len()
}

/// Whether a text has more letters and digits than this; it is read no further than needed.
fn has_more_letters(text: &str, than: usize) -> bool {
    text.chars().filter(|c| c.is_alphanumeric()).nth(than).is_some()
}

/// How many letters and digits a text has.
pub(super) fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Escapes text for HTML content and for attributes in double quotes.
pub(super) fn escape_into(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"'))
    {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Text escaped for HTML.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(&mut out, text);
    out
}

/// A label as an owned text.
pub(super) fn owned(text: &CowStr<'_>) -> String {
    restored(text).into_owned()
}
