//! Turns a note's Markdown into HTML with holes, and gathers what other pages need:
//! headings, links with their sentences, tags, plain text. The only user of pulldown-cmark.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Options, Parser};

pub(crate) use links::shown_target;
pub(crate) use writer::escaped;

use super::{Body, Head, Heading, Link, Section, Settings, Snippet};
use crate::diagnostic::{Diagnostic, Span};
use crate::text::emphasis::{Shielded, shield};
use crate::text::reading::Counts;

mod blocks;
mod callout;
mod code;
pub mod destinations;
mod embeds;
mod footnotes;
mod formulas;
mod host;
mod inline;
mod links;
mod mask;
mod outline;
mod raw_html;
mod steps;
pub mod survey;
mod tables;
mod writer;

/// What a note's Markdown gives.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The HTML with holes.
    pub body: Body,
    /// The text of the first h1, and its id.
    pub title: Option<(String, String)>,
    /// The headings that stay in the body.
    pub headings: Vec<Heading>,
    /// Ids of blocks.
    pub blocks: Vec<String>,
    /// Ids in raw HTML.
    pub anchors: Vec<String>,
    /// Tags in the text.
    pub tags: Vec<String>,
    /// Links and embeds in order.
    pub links: Vec<Link>,
    /// Where the links stand in the file.
    pub link_spans: Vec<Span>,
    /// Plain text by heading.
    pub sections: Vec<Section>,
    /// Objects in code blocks.
    pub snippets: Vec<Snippet>,
    /// If the note is a learning path: the links of each step.
    pub steps: Vec<Vec<usize>>,
    /// The first prose.
    pub summary: String,
    /// How much there is to read.
    pub reading: Counts,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses the Markdown that begins at byte `start` of a note's text.
pub fn parse(
    path: &str,
    text: &str,
    start: usize,
    head: &Head,
    settings: Settings<'_>,
) -> Parsed {
    let mut source = Source::new(path, text, start, settings);
    for _ in 0..MAX_ROUNDS {
        let (parsed, dollars) = write(&source, head, settings);
        if dollars.is_empty() {
            return parsed;
        }
        source.hide_dollars(&dollars, settings);
    }
    write(&source, head, settings).0
}

/// How often dollar signs are paired anew, without those that turned out to be prices.
const MAX_ROUNDS: usize = 4;

/// Writes the note, and says which dollar signs the parser took for formulas in vain.
fn write(source: &Source<'_>, head: &Head, settings: Settings<'_>) -> (Parsed, Vec<usize>) {
    let mut writer = writer::Writer::new(source, head, settings);
    writer.diagnostics.extend(source.masked.diagnostics.iter().cloned());
    for (event, range) in Parser::new_ext(source.text(), options()).into_offset_iter() {
        writer.event(event, range);
    }
    let dollars = std::mem::take(&mut writer.dollars);
    (writer.finish(), dollars)
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_WIKILINKS
}

/// A note's Markdown as the parser sees it, with the way back to the file.
struct Source<'a> {
    path: &'a str,
    file: &'a str,
    start: usize,
    masked: mask::Masked<'a>,
    shielded: Option<Shielded>,
}

/// How long a tag or link is in bytes whose shortcodes are looked for; in longer ones they
/// are left out, since every attribute is searched for in the whole tag.
const LONGEST_TAG: usize = 4096;

impl<'a> Source<'a> {
    fn new(path: &'a str, file: &'a str, start: usize, settings: Settings<'_>) -> Source<'a> {
        let masked = mask::mask(path, file, start, options());
        let mut source = Source { path, file, start, masked, shielded: None };
        source.shield(settings);
        source
    }

    fn shield(&mut self, settings: Settings<'_>) {
        self.shielded = if settings.config.markdown.cjk_emphasis {
            shield(&self.masked.text)
        } else {
            None
        };
    }

    /// Masks dollar signs, so that the parser reads them as text.
    fn hide_dollars(&mut self, dollars: &[usize], settings: Settings<'_>) {
        let offsets: Vec<usize> = dollars.iter().map(|at| self.unshielded(*at)).collect();
        self.masked.hide_dollars(&offsets);
        self.shield(settings);
    }

    fn unshielded(&self, offset: usize) -> usize {
        self.shielded.as_ref().map_or(offset, |shielded| shielded.original_offset(offset))
    }

    /// What is parsed: comments blanked, shortcodes masked, emphasis shielded.
    fn text(&self) -> &str {
        self.shielded.as_ref().map_or(&*self.masked.text, |shielded| &shielded.text)
    }

    /// Whether parsed text may hold what is not the note's own.
    fn is_changed(&self) -> bool {
        self.shielded.is_some() || matches!(self.masked.text, Cow::Owned(_))
    }

    /// The address or title at the end of a link, with the shortcodes in it as written.
    fn unmasked<'t>(&self, text: &'t str, link: &Range<usize>) -> Cow<'t, str> {
        if !text.contains(mask::SHORTCODE) {
            return Cow::Borrowed(text);
        }
        let place = self.place(text, link, |link, text| link.rfind(text));
        Cow::Owned(self.as_written(text, place))
    }

    /// The value of an attribute with the shortcodes in it as written. `tag` is what has
    /// not been looked at of the tag; afterwards it begins behind the value.
    fn unmasked_value(&self, value: &str, tag: &mut Range<usize>) -> Option<String> {
        if !value.contains(mask::SHORTCODE) {
            return None;
        }
        let place = self.place(value, tag, |tag, value| tag.find(value));
        tag.start = place.as_ref().map_or(tag.start, |place| place.end);
        Some(self.as_written(value, place))
    }

    /// Where text stands in a range of the parsed text.
    fn place(
        &self,
        text: &str,
        range: &Range<usize>,
        find: fn(&str, &str) -> Option<usize>,
    ) -> Option<Range<usize>> {
        let within = self.text().get(range.clone()).filter(|tag| tag.len() <= LONGEST_TAG)?;
        let start = range.start + find(within, text)?;
        Some(start..start + text.len())
    }

    fn as_written(&self, text: &str, place: Option<Range<usize>>) -> String {
        let span = place.map(|place| self.span(&place));
        match span.and_then(|span| self.file.get(span.start..span.end)) {
            Some(written) => mask::reference(written).unwrap_or(written).to_owned(),
            None => text.replace(mask::SHORTCODE, ""),
        }
    }

    /// The bytes of the file that a range of the parsed text stands for.
    fn span(&self, range: &Range<usize>) -> Span {
        let at = |offset| self.start + self.unshielded(offset);
        Span { start: at(range.start), end: at(range.end) }
    }

    fn finding(
        &self,
        code: crate::diagnostic::Code,
        span: Span,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(code, self.path, span.start..span.end, message)
    }
}
