//! Raw HTML in notes: harmless elements are written anew, balanced and valid; links and
//! images in them become holes like any other; what could run is left out, what is no
//! element is shown as the text it was meant to be.

mod elements;
mod tokens;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use elements::{Element, Shape, element, is_child_of, wants_children};
use tokens::{Attribute, Token, tokens};

use super::links::{Address, address, push_external, split_target};
use super::mask::SHORTCODE;
use super::writer::{Run, Writer, escape_into, escaped};
use crate::diagnostic::Code;
use crate::note::{Link, LinkKind, Media, Slot};

/// How many raw elements may be open at once; browsers give up at 512.
const MAX_OPEN: usize = 200;

/// The raw elements that are open.
#[derive(Default)]
pub(super) struct RawHtml {
    open: Vec<Open>,
    /// The lines of an HTML block, until it ends; a tag may span them.
    block: Option<Run>,
    /// Element names that were reported.
    reported: BTreeSet<String>,
    ids: BTreeSet<String>,
    /// The block whose end tag stood inside a paragraph: it ends with the paragraph.
    ending: Option<usize>,
    /// How many block elements the HTML block that is being written has brought.
    blocks: usize,
}

struct Open {
    /// The element as written and as it is closed.
    written: String,
    tag: &'static str,
    is_inline: bool,
    depth: usize,
    link: Option<usize>,
    /// Whether a `<details>` still waits for its summary.
    wants_summary: bool,
}

impl RawHtml {
    /// How many raw elements are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether a raw block element is open.
    pub(super) fn has_blocks(&self) -> bool {
        self.open.iter().any(|open| !open.is_inline)
    }

    /// Whether a `<table>` is open.
    fn in_table(&self) -> bool {
        self.open.iter().any(|open| open.tag == "table")
    }

    /// Whether an `<a>` is open.
    pub(super) fn in_link(&self) -> bool {
        self.open.iter().any(|open| open.tag == "a")
    }
}

impl Writer<'_> {
    /// Takes raw HTML: a line of a block, or an inline tag.
    pub(super) fn raw_html(&mut self, html: &str, origin: usize, is_block: bool) {
        if is_block {
            self.raw.block.get_or_insert_default().push(html, origin);
        } else if self.in_alt() {
            // A tag in a description says nothing.
        } else {
            let mut run = Run::default();
            run.push(html, origin);
            self.write_raw(&run, false);
        }
    }

    /// Writes the HTML block that has just ended.
    pub(super) fn end_html_block(&mut self) {
        let Some(run) = self.raw.block.take() else { return };
        self.open_leaf();
        let (start, slots) = (self.out.html.len(), self.out.slots.len());
        let is_inside = self.raw.has_blocks();
        self.raw.blocks = 0;
        self.write_raw(&run, true);
        self.close_inline_html();
        if !is_inside && self.raw.blocks == 0 {
            self.wrap_in_paragraph(start, slots);
        }
        if self.out.html.len() > start {
            self.html("\n");
        }
        self.close_leaf(false);
    }

    /// An HTML block without block elements, such as a `<placeholder>` on a line of its own.
    fn wrap_in_paragraph(&mut self, start: usize, slots: usize) {
        let has_slots = self.out.slots.len() > slots;
        if self.out.html[start..].trim().is_empty() && !has_slots {
            return self.out.html.truncate(start);
        }
        let end = self.out.html.trim_end().len().max(start);
        self.out.html.truncate(end);
        self.out.html.insert_str(start, "<p>");
        self.html("</p>");
        for (at, _) in &mut self.out.slots[slots..] {
            *at = (*at).min(end) + "<p>".len();
        }
    }

    fn write_raw(&mut self, run: &Run, is_block: bool) {
        if !self.settings.config.markdown.raw_html {
            return self.with_shortcodes(run, 0..run.text.len(), Self::text);
        }
        let mut hidden: Option<String> = None;
        for (token, written) in tokens(&run.text) {
            let range = run.range(&written);
            if let Some(name) = &hidden {
                if matches!(&token, Token::End(end) if end == name) {
                    hidden = None;
                }
                continue;
            }
            match token {
                Token::Text(text) => {
                    if !text.trim().is_empty() {
                        self.write_summary();
                        self.leave_structure();
                    }
                    self.with_shortcodes(run, written, Self::text_with_entities);
                }
                Token::Start { name, mut attributes } => {
                    let mut rest = range.clone();
                    for Attribute { value, .. } in &mut attributes {
                        let written = self.source.unmasked_value(value, &mut rest);
                        *value = written.unwrap_or_else(|| std::mem::take(value));
                    }
                    let Some(known) = element(&name) else {
                        self.report(&name, range, "is no HTML element; it is shown as text");
                        self.write_summary();
                        self.leave_structure();
                        self.with_shortcodes(run, written, Self::text);
                        continue;
                    };
                    if matches!(known.shape, Shape::Hidden) {
                        self.report(&name, range, "is left out");
                        hidden = is_block.then_some(name);
                        continue;
                    }
                    self.raw_start(&name, known, &attributes, &range, is_block);
                }
                Token::End(name) if element(&name).is_none() => {
                    self.with_shortcodes(run, written, Self::text);
                }
                Token::End(name) => self.raw_end(&name, is_block),
                Token::Nothing => {}
            }
        }
    }

    /// Text between tags: the shortcodes in it are shown, the rest is written by `write`.
    pub(super) fn with_shortcodes(
        &mut self,
        run: &Run,
        range: Range<usize>,
        write: fn(&mut Self, &str),
    ) {
        let mut at = range.start;
        while let Some(step) = run.text[at..range.end].find(SHORTCODE) {
            write(self, &run.text[at..at + step]);
            at += step;
            at += self.shortcode(&run.text[at..range.end], run.origin(at));
        }
        write(self, &run.text[at..range.end]);
    }

    /// Text of an HTML block; its entities stay as they are.
    fn text_with_entities(&mut self, text: &str) {
        self.leaf.text.push_str(text);
        let mut rest = text;
        while let Some(at) = rest.find(['<', '>', '&']) {
            self.out.html.push_str(&rest[..at]);
            rest = &rest[at..];
            let entity = tokens::entity_length(rest);
            if entity > 0 {
                self.out.html.push_str(&rest[..entity]);
                rest = &rest[entity..];
            } else {
                escape_into(&mut self.out.html, &rest[..1]);
                rest = &rest[1..];
            }
        }
        self.out.html.push_str(rest);
    }

    fn raw_start(
        &mut self,
        name: &str,
        element: Element,
        attributes: &[Attribute],
        range: &Range<usize>,
        is_block: bool,
    ) {
        match element.shape {
            Shape::Image => self.raw_image(attributes, range),
            Shape::Frame => self.raw_frame(attributes),
            Shape::Void if element.is_inline || is_block => self.void_element(element),
            Shape::Plain if element.is_inline || is_block => {
                self.open_element(name, element, attributes, range);
            }
            Shape::Void | Shape::Plain | Shape::Dropped | Shape::Hidden => {}
        }
    }

    fn void_element(&mut self, element: Element) {
        self.write_summary();
        self.leave_structure();
        if !element.is_inline {
            self.begin_block();
        }
        self.html(&format!("<{}>", element.tag));
    }

    fn begin_block(&mut self) {
        self.raw.blocks += 1;
        self.close_inline_html();
        self.close_paragraph();
    }

    fn open_element(
        &mut self,
        name: &str,
        element: Element,
        attributes: &[Attribute],
        range: &Range<usize>,
    ) {
        if self.raw.open.len() >= MAX_OPEN {
            return;
        }
        if !element.is_inline {
            self.begin_block();
            self.close_siblings(name);
        }
        let above =
            self.raw.open.iter().rev().find(|open| !open.is_inline).map_or("", |open| open.tag);
        let in_ruby = self.raw.open.iter().any(|open| open.tag == "ruby");
        if !is_child_of(element.tag, above)
            || matches!(element.tag, "rt" | "rp") && !in_ruby
            || element.tag == "a" && self.in_link()
        {
            return;
        }
        let is_summary = element.tag == "summary";
        if is_summary {
            match self.raw.open.last_mut() {
                Some(details) if details.wants_summary => details.wants_summary = false,
                _ => return,
            }
        } else {
            self.write_summary();
        }
        if !is_child_of_structure(element.tag) {
            self.leave_structure();
        }
        let link =
            if element.tag == "a" { self.raw_link(attributes, range) } else { RawLink::None };
        let tag = if matches!(link, RawLink::Name) { "span" } else { element.tag };
        if !matches!(link, RawLink::Inner(_) | RawLink::Outer) {
            if tag == "table" && !self.raw.in_table() {
                self.open_scroller();
            }
            self.html(&format!("<{tag}"));
            if let Some(id) = self.raw_id(attributes) {
                self.slot(Slot::Anchor(id));
            }
            let attributes = kept_attributes(element, attributes);
            self.html(&format!("{attributes}>"));
        }
        if element.is_inline {
            self.inline_depth += 1;
        }
        self.raw.open.push(Open {
            written: name.to_owned(),
            tag,
            is_inline: element.is_inline,
            depth: self.depth,
            link: if let RawLink::Inner(link) = link { Some(link) } else { None },
            wants_summary: element.tag == "details",
        });
    }

    /// A raw paragraph ends where a block begins.
    fn close_paragraph(&mut self) {
        if self.raw.open.last().is_some_and(|open| open.tag == "p") {
            self.close_raw_to(self.raw.open.len() - 1);
        }
    }

    /// Ends the elements whose end tag HTML lets one leave out: `<li>one<li>two`.
    fn close_siblings(&mut self, name: &str) {
        let depth = self.depth;
        let (siblings, within) = elements::siblings(name);
        let found = self.raw.open.iter().rposition(|open| {
            open.depth != depth
                || siblings.contains(&open.written.as_str())
                || within.contains(&open.written.as_str())
        });
        let Some(at) = found else { return };
        let open = &self.raw.open[at];
        if open.depth == depth && siblings.contains(&open.written.as_str()) {
            self.close_raw_to(at);
        }
    }

    fn raw_end(&mut self, name: &str, is_block: bool) {
        let depth = self.depth;
        let Some(at) =
            self.raw.open.iter().rposition(|open| open.written == name && open.depth == depth)
        else {
            return;
        };
        // Markdown's own elements end before the raw ones round them.
        if self.inline_marks.last().is_some_and(|mark| at < *mark) {
            return;
        }
        if self.raw.open[at].is_inline || is_block {
            self.close_raw_to(at);
        } else if self.paragraph.is_some() {
            self.raw.ending = Some(at);
        }
    }

    /// Ends the raw block whose end tag stood at the end of the paragraph that is over.
    pub(super) fn end_raw_after_paragraph(&mut self) {
        if let Some(at) = self.raw.ending.take() {
            self.close_raw_to(at);
        }
    }

    pub(super) fn close_raw_to(&mut self, at: usize) {
        while self.raw.open.len() > at {
            self.write_summary();
            let end = self.out.html.len();
            self.end_sections_in_raw(self.raw.open.len(), end);
            let Some(open) = self.raw.open.pop() else { return };
            if open.is_inline {
                self.inline_depth = self.inline_depth.saturating_sub(1);
            }
            match open.link {
                Some(link) => {
                    self.slot(Slot::LinkClose(link));
                    let end = self.leaf.text.len();
                    self.leaf.links.push((link, end..end));
                }
                None if open.tag == "table" && !self.raw.in_table() => {
                    self.html("</table></div>");
                }
                None => self.html(&format!("</{}>", open.tag)),
            }
        }
    }

    /// Closes the raw elements that were opened in the container that ends here.
    pub(super) fn close_raw_html(&mut self) {
        let depth = self.depth;
        let at = self.raw.open.partition_point(|open| open.depth < depth);
        self.close_raw_to(at);
    }

    /// Closes the inline raw elements that are open: they do not outlive their paragraph.
    pub(super) fn close_inline_html(&mut self) {
        let blocks =
            self.raw.open.iter().rposition(|open| !open.is_inline).map_or(0, |at| at + 1);
        self.close_raw_to(blocks);
    }

    /// Before a Markdown block inside a raw element: those that hold no blocks end, and a
    /// `<details>` gets the summary it lacks.
    pub(super) fn make_room(&mut self) {
        self.close_inline_html();
        let holds_none =
            |tag| wants_children(tag) || matches!(tag, "p" | "pre" | "summary" | "dt");
        while self.raw.open.last().is_some_and(|open| holds_none(open.tag)) {
            self.close_raw_to(self.raw.open.len() - 1);
        }
        self.write_summary();
    }

    /// Before text inside a raw element: lists and tables that hold none end.
    fn leave_structure(&mut self) {
        while self.raw.open.last().is_some_and(|open| wants_children(open.tag)) {
            self.close_raw_to(self.raw.open.len() - 1);
        }
    }

    /// A `<details>` without a summary gets one.
    pub(super) fn write_summary(&mut self) {
        let Some(details) = self.raw.open.last_mut().filter(|open| open.wants_summary) else {
            return;
        };
        details.wants_summary = false;
        let word = self.word("details").to_owned();
        self.html(&format!("<summary>{word}</summary>"));
    }

    fn report(&mut self, name: &str, range: Range<usize>, what: &str) {
        if self.raw.reported.insert(name.to_owned()) {
            let span = self.source.span(&range);
            let finding =
                self.source.finding(Code::RawHtml, span, format!("`<{name}>` {what}"));
            self.diagnostics.push(finding.with_help(format!(
                "if it is meant as text, write it as code: `` `<{name}>` ``"
            )));
        }
    }

    /// The id or name of an element, if no other has it: a place to link to.
    fn raw_id(&mut self, attributes: &[Attribute]) -> Option<String> {
        let named =
            attributes.iter().filter(|found| matches!(found.name.as_str(), "id" | "name"));
        let mut ids = named.map(|found| &found.value);
        let id = ids.find(|id| !id.is_empty() && !id.contains(char::is_whitespace))?;
        if !self.raw.ids.insert(id.clone()) || self.outline.unique_id(id) != *id {
            return None;
        }
        self.parsed.anchors.push(id.clone());
        Some(id.clone())
    }

    fn raw_image(&mut self, attributes: &[Attribute], range: &Range<usize>) {
        self.write_summary();
        self.leave_structure();
        let get = |name: &str| {
            attributes
                .iter()
                .find(|attribute| attribute.name == name)
                .map(|found| found.value.as_str())
        };
        let Some(src) = get("src").filter(|src| !src.trim().is_empty()) else { return };
        let alt = get("alt").unwrap_or_default().to_owned();
        let pixels = |name| get(name).and_then(|size| size.trim_end_matches("px").parse().ok());
        match address(src) {
            Address::Outer => self.remote_image(src, &alt),
            Address::Unsafe => {
                self.report("img", range.clone(), "with this kind of address is left out");
            }
            Address::Inner => {
                let (target, fragment) = split_target(src);
                let section = self.current_section();
                let link = self.add_link(
                    Link { kind: LinkKind::Image, target, fragment, context: None, section },
                    range,
                );
                let media = Media {
                    alt,
                    title: String::new(),
                    width: pixels("width"),
                    height: pixels("height"),
                    is_linked: self.in_link(),
                };
                self.slot(Slot::Media(link, Box::new(media)));
            }
        }
    }

    /// A frame would load a page from elsewhere; a link leads there instead.
    fn raw_frame(&mut self, attributes: &[Attribute]) {
        let src = attributes.iter().find(|attribute| attribute.name == "src");
        let outer = src.filter(|src| matches!(address(&src.value), Address::Outer));
        if let Some(src) = outer.filter(|_| !self.in_link()) {
            push_external(&mut self.out.html, &src.value);
            self.text(&src.value);
            self.html("</a>");
        }
    }

    fn raw_link(&mut self, attributes: &[Attribute], range: &Range<usize>) -> RawLink {
        let Some(href) = attributes.iter().find(|attribute| attribute.name == "href") else {
            return RawLink::Name;
        };
        match address(&href.value) {
            Address::Outer => {
                push_external(&mut self.out.html, &href.value);
                RawLink::Outer
            }
            Address::Unsafe => {
                self.report("a", range.clone(), "with this kind of address is shown as text");
                RawLink::Name
            }
            Address::Inner => {
                let (target, fragment) = split_target(&href.value);
                let section = self.current_section();
                let link = self.add_link(
                    Link { kind: LinkKind::Markdown, target, fragment, context: None, section },
                    range,
                );
                self.slot(Slot::LinkOpen(link));
                RawLink::Inner(link)
            }
        }
    }
}

/// The harmless attributes of an element, each with a blank before it.
fn kept_attributes(element: Element, attributes: &[Attribute]) -> String {
    let mut out = String::new();
    let mut classes: Vec<String> = element.class.map(str::to_owned).into_iter().collect();
    for Attribute { name, value } in attributes {
        match name.as_str() {
            "class" => classes.extend(value.split_whitespace().map(escaped)),
            "align" if matches!(value.as_str(), "center" | "right") => {
                classes.push(value.clone());
            }
            "open" if element.tag == "details" => out.push_str(" open"),
            _ if elements::keeps(element.tag, name, value) => {
                let _ = write!(out, " {name}=\"{}\"", escaped(value));
            }
            _ => {}
        }
    }
    if !classes.is_empty() {
        let _ = write!(out, " class=\"{}\"", classes.join(" "));
    }
    out
}

enum RawLink {
    /// Not an `<a>`.
    None,
    /// An `<a>` without an address: a place to link to.
    Name,
    Inner(usize),
    Outer,
}

fn is_child_of_structure(tag: &str) -> bool {
    elements::parents(tag).is_some()
}
