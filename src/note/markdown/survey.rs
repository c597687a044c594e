//! What stands where in a note's Markdown, by bytes of the file: headings, code, images,
//! raw HTML, blocks. For `check`, which reads a note once more; a build never asks.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::code::read_info;
use super::{Source, options};
use crate::diagnostic::Span;
use crate::note::{Note, Settings};
use crate::text::emphasis::unshield;

/// What stands where in one note.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// Its headings outside of quotes and lists, in order.
    pub headings: Vec<WrittenHeading>,
    /// Its code blocks in order.
    pub code: Vec<CodeBlock>,
    /// Its images and embeds in order.
    pub images: Vec<WrittenImage>,
    /// Pieces of raw HTML, comments included.
    pub html: Vec<Span>,
    /// All blocks, outer ones before those inside them.
    pub blocks: Vec<Span>,
    /// Code within text.
    pub code_spans: Vec<Span>,
    /// Emphasis that only the rules for Chinese punctuation see.
    pub own_emphasis: Vec<Span>,
}

/// A heading as written.
#[derive(Clone, Debug, Default)]
pub struct WrittenHeading {
    /// Its level, 1 to 6.
    pub level: u8,
    /// Its text.
    pub text: String,
    /// Its line.
    pub span: Span,
    /// Whether anything but a heading follows before the next heading.
    pub has_text: bool,
    /// Whether it holds a link or an image.
    pub has_link: bool,
}

/// An image or embed as written.
#[derive(Clone, Debug, Default)]
pub struct WrittenImage {
    /// Where it leads to.
    pub target: String,
    /// The text in its place; of an embed without one, its target.
    pub alt: String,
    /// All of it.
    pub span: Span,
}

/// A code block, with the way from its text back to the file.
#[derive(Clone, Debug, Default)]
pub struct CodeBlock {
    /// Whether it stands between fences; otherwise it is code by indentation.
    pub is_fenced: bool,
    /// The language as written; may be empty.
    pub language: String,
    /// Whether it is marked as a part of something: `{fragment}`.
    pub is_fragment: bool,
    /// Whether it is not marked with `{check=false}` or as a diff of its language.
    pub is_checked: bool,
    /// The code, without the blanks and quote marks before its lines.
    pub text: String,
    /// All of it, with its fences.
    pub span: Span,
    /// Pieces of the text: where each begins in it and in the file.
    pieces: Vec<(usize, usize)>,
}

impl CodeBlock {
    /// The bytes of the file that a part of the code stands for.
    pub fn place(&self, range: Range<usize>) -> Range<usize> {
        let start = self.origin(range.start);
        // The end belongs to the line of its last byte, not to the line after it.
        let last = range.end.max(range.start + 1) - 1;
        let end = if range.is_empty() { start } else { self.origin(last) + 1 };
        start..end.max(start)
    }

    fn origin(&self, at: usize) -> usize {
        let piece = self.pieces.partition_point(|(start, _)| *start <= at);
        let origin = self.pieces.get(piece.wrapping_sub(1));
        origin.map_or(self.span.start, |(start, origin)| origin + (at - start))
    }
}

/// Reads a note's Markdown again.
pub fn survey(note: &Note, settings: Settings<'_>) -> Survey {
    let start = crate::note::front_matter::body_start(&note.source);
    let source = Source::new(&note.path, &note.source, start, settings);
    let mut walk =
        Walk { source: &source, survey: Survey::default(), depth: 0, open: Vec::new() };
    for (event, range) in Parser::new_ext(source.text(), options()).into_offset_iter() {
        walk.event(event, range);
    }
    let mut survey = walk.survey;
    survey.own_emphasis = own_emphasis(&source);
    survey
}

struct Walk<'a> {
    source: &'a Source<'a>,
    survey: Survey,
    /// How many elements are open.
    depth: usize,
    open: Vec<Open>,
}

/// What gathers text while it is open.
enum Open {
    Heading(WrittenHeading),
    Image(WrittenImage),
    Code(CodeBlock),
}

impl Walk<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => {
                self.start(&tag, range);
                self.depth += 1;
            }
            Event::End(tag) => {
                self.depth -= 1;
                self.end(tag);
            }
            Event::Text(text) => self.text(&unshield(&text), range),
            Event::Code(text) => {
                self.text(&unshield(&text), range.clone());
                self.survey.code_spans.push(self.source.span(&range));
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                self.html(self.source.span(&range));
            }
            Event::SoftBreak | Event::HardBreak => self.text(" ", range),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        let span = self.trimmed(&range);
        if is_block(tag) {
            self.survey.blocks.push(span);
            self.note_text(tag, span);
        }
        if matches!(tag, Tag::Link { .. } | Tag::Image { .. })
            && let Some(Open::Heading(heading)) = self.open.last_mut()
        {
            heading.has_link = true;
        }
        match tag {
            Tag::Heading { level, .. } if self.depth == 0 => {
                let level = *level as u8;
                self.open.push(Open::Heading(WrittenHeading {
                    level,
                    span,
                    ..WrittenHeading::default()
                }));
            }
            Tag::Image { dest_url, .. } => {
                let target = unshield(dest_url).into_owned();
                let span = self.source.span(&range);
                self.open.push(Open::Image(WrittenImage { target, alt: String::new(), span }));
            }
            Tag::CodeBlock(kind) => {
                self.open.push(Open::Code(code_block(kind, span)));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        let is_gathering = matches!(tag, TagEnd::Image | TagEnd::CodeBlock)
            || matches!(tag, TagEnd::Heading(_)) && self.depth == 0;
        if !is_gathering {
            return;
        }
        match self.open.pop() {
            Some(Open::Heading(heading)) => self.survey.headings.push(heading),
            Some(Open::Image(image)) => {
                // The text of an image within a heading is part of the heading.
                if let Some(Open::Heading(heading)) = self.open.last_mut() {
                    heading.text.push_str(&image.alt);
                }
                self.survey.images.push(image);
            }
            Some(Open::Code(code)) => self.survey.code.push(code),
            None => {}
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        let origin = self.source.span(&range).start;
        match self.open.last_mut() {
            Some(Open::Heading(heading)) => heading.text.push_str(text),
            Some(Open::Image(image)) => image.alt.push_str(text),
            Some(Open::Code(code)) => {
                code.pieces.push((code.text.len(), origin));
                code.text.push_str(text);
            }
            None => {}
        }
    }

    /// Adds a piece of raw HTML; the lines of one block become one piece.
    fn html(&mut self, span: Span) {
        match self.survey.html.last_mut().filter(|last| last.end == span.start) {
            Some(last) => last.end = span.end,
            None => self.survey.html.push(span),
        }
    }

    /// Tells the last heading that something stands below it.
    fn note_text(&mut self, tag: &Tag<'_>, span: Span) {
        let is_heading = matches!(tag, Tag::Heading { .. });
        let written = self.source.file.get(span.start..span.end).unwrap_or_default();
        let is_comment =
            written.starts_with("<!--") && written.find("-->") == written.len().checked_sub(3);
        if self.depth == 0
            && !is_heading
            && !is_comment
            && let Some(heading) = self.survey.headings.last_mut()
        {
            heading.has_text = true;
        }
    }

    /// A block's bytes without the line breaks after it.
    fn trimmed(&self, range: &Range<usize>) -> Span {
        let span = self.source.span(range);
        let text = self.source.file.get(span.start..span.end).unwrap_or_default();
        Span { start: span.start, end: span.start + text.trim_end().len() }
    }
}

fn is_block(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Paragraph
            | Tag::Heading { .. }
            | Tag::BlockQuote(_)
            | Tag::CodeBlock(_)
            | Tag::HtmlBlock
            | Tag::List(_)
            | Tag::Item
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::Table(_)
    )
}

fn code_block(kind: &CodeBlockKind<'_>, span: Span) -> CodeBlock {
    let CodeBlockKind::Fenced(info) = kind else {
        return CodeBlock { span, ..CodeBlock::default() };
    };
    let info = read_info(&unshield(info));
    CodeBlock {
        is_fenced: true,
        is_fragment: info.is_fragment,
        is_checked: !info.is_unchecked && !info.is_diff,
        language: info.language,
        span,
        ..CodeBlock::default()
    }
}

/// Emphasis in the shielded text that `CommonMark` does not find in the text as written.
fn own_emphasis(source: &Source<'_>) -> Vec<Span> {
    if source.shielded.is_none() {
        return Vec::new();
    }
    let at_start = |range: &Range<usize>| Span {
        start: source.start + range.start,
        end: source.start + range.end,
    };
    let elsewhere: BTreeSet<Span> =
        emphasis(&source.masked.text).map(|range| at_start(&range)).collect();
    let here = emphasis(source.text()).map(|range| source.span(&range));
    here.filter(|span| !elsewhere.contains(span)).collect()
}

/// Where emphasis stands in a Markdown text.
fn emphasis(text: &str) -> impl Iterator<Item = Range<usize>> {
    Parser::new_ext(text, options()).into_offset_iter().filter_map(move |(event, range)| {
        let is_emphasis = match event {
            Event::Start(Tag::Emphasis | Tag::Strong) => true,
            Event::Start(Tag::Strikethrough) => text[range.clone()].starts_with("~~"),
            _ => false,
        };
        is_emphasis.then_some(range)
    })
}
