//! Paragraphs, quotes, lists and other blocks.

use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, Tag, TagEnd};

use super::mask::SHORTCODE;
use super::writer::{Writer, owned};
use crate::note::{Part, PartName, Slot};

/// What kind of block that may hold others is open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    /// A list item.
    Item,
    /// A quote or callout.
    Quote,
    /// Anything else.
    Other,
}

impl Writer<'_> {
    /// Remembers where a block begins.
    pub(super) fn open_container(&mut self, kind: Container) {
        self.items.push((self.out.html.len(), kind));
    }

    /// Writes a start tag.
    pub(super) fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        if is_block(&tag) {
            self.make_room();
        }
        if !matches!(tag, Tag::Paragraph | Tag::Heading { .. }) {
            self.give_callout_title();
        }
        match tag {
            Tag::Paragraph => self.start_paragraph(),
            Tag::Heading { level, id, classes: _, attrs: _ } => {
                // What a shortcode makes is no id that a link could name.
                let id = id.as_ref().filter(|id| !id.contains(SHORTCODE));
                self.start_heading(level as u8, id.map(owned));
            }
            Tag::BlockQuote(kind) => self.start_quote(kind, &range),
            Tag::CodeBlock(kind) => self.start_code(kind, &range),
            Tag::HtmlBlock => {
                self.close_leaf(false);
                self.close_inline_html();
                self.last_block = None;
            }
            Tag::List(first) => self.start_list(first),
            Tag::Item => self.start_item(),
            Tag::FootnoteDefinition(label) => self.start_footnote(&label),
            Tag::DefinitionList => self.open_block("<dl>\n"),
            Tag::DefinitionListTitle => {
                self.html("<dt>");
                self.open_leaf();
            }
            Tag::DefinitionListDefinition => {
                self.depth += 1;
                self.html("<dd>");
                self.open_leaf();
            }
            Tag::Table(alignments) => self.start_table(alignments),
            Tag::TableHead => self.start_table_head(),
            Tag::TableRow => self.start_row(),
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.start_emphasis(&range),
            Tag::Strong => self.start_inline("<strong>"),
            Tag::Strikethrough => self.start_inline("<del>"),
            Tag::Superscript => self.start_inline("<sup>"),
            Tag::Subscript => self.start_inline("<sub>"),
            Tag::Link { link_type, dest_url, title, id: _ } => {
                self.start_link(link_type, &dest_url, &title, &range);
            }
            Tag::Image { link_type, dest_url, title, id: _ } => {
                self.start_image(link_type, &dest_url, &title, &range);
            }
            Tag::MetadataBlock(_) => {}
        }
    }

    /// Writes an end tag.
    pub(super) fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::BlockQuote(_) => self.end_quote(),
            TagEnd::CodeBlock | TagEnd::MetadataBlock(_) => {}
            TagEnd::HtmlBlock => self.end_html_block(),
            TagEnd::List(_) => self.end_list(),
            TagEnd::Item => self.end_item(),
            TagEnd::FootnoteDefinition => self.end_footnote(),
            TagEnd::DefinitionList => self.close_block("</dl>\n"),
            TagEnd::DefinitionListTitle => {
                self.close_leaf(false);
                self.close_inline_html();
                self.html("</dt>\n");
            }
            TagEnd::DefinitionListDefinition => {
                self.close_leaf(false);
                self.close_raw_html();
                self.depth -= 1;
                self.html("</dd>\n");
            }
            TagEnd::Table => self.end_table(),
            TagEnd::TableHead => self.end_table_head(),
            TagEnd::TableRow => self.html("</tr>\n"),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Emphasis => self.end_inline("</em>"),
            TagEnd::Strong => self.end_inline("</strong>"),
            TagEnd::Strikethrough => self.end_inline("</del>"),
            TagEnd::Superscript => self.end_inline("</sup>"),
            TagEnd::Subscript => self.end_inline("</sub>"),
            TagEnd::Link => self.end_link(),
            TagEnd::Image => self.end_image(),
        }
    }

    /// Begins a new line of HTML for a block, if text of a tight item stands before it.
    pub(super) fn fresh_line(&mut self) {
        if !self.out.html.is_empty() && !self.out.html.ends_with(['\n', '>']) {
            self.html("\n");
        }
    }

    fn open_block(&mut self, html: &str) {
        self.close_leaf(false);
        self.fresh_line();
        self.open_container(Container::Other);
        self.html(html);
    }

    fn close_block(&mut self, html: &str) {
        self.html(html);
        self.finish_block();
    }

    /// Remembers the bytes of a block that has just ended, for a `^id` below it.
    pub(super) fn finish_block(&mut self) {
        if let Some((start, _)) = self.items.pop() {
            self.close_blocks(start);
            self.last_block = (self.depth == 0).then_some(start..self.out.html.len());
        }
    }

    pub(super) fn rule(&mut self) {
        self.make_room();
        self.give_callout_title();
        self.fresh_line();
        self.html("<hr>\n");
        self.last_block = None;
    }

    fn start_paragraph(&mut self) {
        if self.opens_callout_title() {
            return;
        }
        self.paragraph = Some(self.out.html.len());
        self.html("<p>");
        self.open_leaf();
    }

    fn end_paragraph(&mut self) {
        if self.ends_callout_title() {
            return;
        }
        self.close_leaf(true);
        self.close_inline_html();
        let Some(start) = self.paragraph.take() else { return };
        if self.out.html[start..] == *"<p>" && !self.has_slots_after(start + 1) {
            self.out.html.truncate(start);
            return self.end_raw_after_paragraph();
        }
        if !self.becomes_figure(start) {
            self.html("</p>\n");
        }
        self.close_blocks(start);
        self.last_block = (self.depth == 0).then_some(start..self.out.html.len());
        self.end_raw_after_paragraph();
    }

    pub(super) fn has_slots_after(&self, at: usize) -> bool {
        self.out.slots.last().is_some_and(|(offset, _)| *offset >= at)
    }

    fn start_quote(&mut self, kind: Option<BlockQuoteKind>, range: &Range<usize>) {
        self.close_leaf(false);
        self.fresh_line();
        self.open_container(Container::Quote);
        self.depth += 1;
        if !self.start_callout(kind, range) {
            self.callouts.push(None);
            self.html("<blockquote>\n");
        }
    }

    fn end_quote(&mut self) {
        self.close_leaf(false);
        self.close_raw_html();
        self.depth -= 1;
        self.give_callout_title();
        match self.callouts.pop().flatten() {
            Some(callout) => self.end_callout(&callout),
            None => self.html("</blockquote>\n"),
        }
        self.finish_block();
    }

    fn start_list(&mut self, first: Option<u64>) {
        self.close_leaf(false);
        self.fresh_line();
        self.open_container(Container::Other);
        self.lists.push(first.is_some());
        match first {
            None => self.html("<ul>\n"),
            Some(1) => self.html("<ol>\n"),
            Some(number) => self.html(&format!("<ol start=\"{number}\">\n")),
        }
    }

    fn end_list(&mut self) {
        let is_ordered = self.lists.pop().unwrap_or(false);
        self.html(if is_ordered { "</ol>\n" } else { "</ul>\n" });
        self.finish_block();
        self.open_leaf();
    }

    fn start_item(&mut self) {
        self.close_leaf(false);
        self.start_step(self.out.html.len());
        self.depth += 1;
        self.open_container(Container::Item);
        self.html("<li>");
        self.open_leaf();
    }

    fn end_item(&mut self) {
        self.close_leaf(false);
        self.close_raw_html();
        self.depth -= 1;
        self.html("</li>\n");
        self.end_step();
        if let Some((start, _)) = self.items.pop() {
            self.close_blocks(start);
        }
    }

    /// Turns the item that has just begun into a task.
    pub(super) fn task_marker(&mut self, state: char) {
        let Some((start, _)) = self.items.last().copied() else { return };
        if !self.out.html[start..].starts_with("<li>") || self.has_slots_after(start) {
            return;
        }
        let state = state.to_ascii_lowercase();
        let tag = format!(
            "<li class=\"task\" data-task=\"{}\">",
            super::writer::escaped(&state.to_string())
        );
        let grown = tag.len() - "<li>".len();
        self.out.html.replace_range(start..start + "<li>".len(), &tag);
        if let Some(paragraph) = self.paragraph.as_mut().filter(|at| **at > start) {
            *paragraph += grown;
        }
        self.leaf.start += grown;
        let (checked, word) = match state {
            ' ' => ("", "task_open"),
            _ => (" checked", "task_done"),
        };
        let word = self.word(word);
        self.html(&format!(
            "<input type=\"checkbox\" disabled{checked} aria-label=\"{word}\"> "
        ));
    }

    /// Gives a name to a block so that it can be linked to and embedded: `^id`.
    pub(super) fn name_block(&mut self, name: &str) {
        let name = crate::text::fold::fold(name);
        let block = self.named_container().or(self.paragraph.map(|at| (at, Container::Other)));
        match block {
            Some((start, kind)) => {
                self.put_block_id(start..usize::MAX, name, kind == Container::Item);
            }
            None => self.mark_block(name),
        }
    }

    /// Whether what is written stands in a list item, and in nothing within it.
    pub(super) fn in_item(&self) -> bool {
        matches!(self.items.last(), Some((_, Container::Item)))
    }

    /// As in Obsidian an id names the innermost list item, but a quote as a whole.
    fn named_container(&self) -> Option<(usize, Container)> {
        let quote = self.items.iter().position(|(_, kind)| *kind == Container::Quote);
        let outside = &self.items[..quote.unwrap_or(self.items.len())];
        let item = outside.iter().rfind(|(_, kind)| *kind == Container::Item);
        item.copied().or(quote.map(|at| self.items[at]))
    }

    /// Gives a name to the block above the paragraph that holds nothing but `^id`, else to
    /// the quote or callout round it.
    pub(super) fn name_last_block(&mut self, name: &str) {
        let folded = crate::text::fold::fold(name);
        match self.last_block.clone() {
            Some(range) if self.is_heading_at(range.start) => self.name_heading(range, folded),
            Some(range) => self.put_block_id(range, folded, false),
            None if self.named_container().is_some() => self.name_block(name),
            None => self.mark_block(folded),
        }
    }

    fn put_block_id(&mut self, range: Range<usize>, name: String, is_item: bool) {
        let tag_end = self.out.html[range.start..].find([' ', '>']);
        let at = range.start + tag_end.unwrap_or_default();
        let slots = self.out.slots.partition_point(|(slot, _)| *slot < at);
        let mut there = self.out.slots[slots..].iter().take_while(|(slot, _)| *slot == at);
        if self.outline.blocks.contains(&name)
            || there.any(|(_, slot)| matches!(slot, Slot::Anchor(_)))
        {
            return;
        }
        self.slot_at(at, Slot::Anchor(format!("^{name}")));
        self.add_block(&name);
        if range.end == usize::MAX {
            self.outline.open_blocks.push((name, is_item, range.start, self.depth));
        } else {
            self.out.parts.push(Part {
                name: PartName::Block(name, is_item),
                start: range.start,
                end: range.end,
            });
        }
    }

    fn is_heading_at(&self, start: usize) -> bool {
        let first = self.out.slots.partition_point(|(at, _)| *at < start);
        matches!(self.out.slots.get(first), Some((at, Slot::HeadingOpen(_))) if *at == start)
    }

    /// A heading has an id already; the block's goes into it.
    fn name_heading(&mut self, range: Range<usize>, name: String) {
        if self.outline.blocks.contains(&name) {
            return;
        }
        let first = self.out.slots.partition_point(|(at, _)| *at < range.start);
        let mark = (range.start, Slot::Mark(format!("^{name}")));
        self.out.slots.insert(first + 1, mark);
        self.add_block(&name);
        let name = PartName::Block(name, false);
        self.out.parts.push(Part { name, start: range.start, end: range.end });
    }

    /// What has no tag to carry an id gets one where the id is written. A heading has an id
    /// of its own already.
    fn mark_block(&mut self, name: String) {
        if self.outline.blocks.contains(&name) {
            return;
        }
        self.slot(Slot::Mark(format!("^{name}")));
        self.add_block(&name);
        if let Some(start) = self.outline.heading_start() {
            self.outline.open_blocks.push((name, false, start, self.depth));
        }
    }

    /// Remembers the name of a block.
    pub(super) fn add_block(&mut self, name: &str) {
        self.outline.blocks.insert(name.to_owned());
        self.parsed.blocks.push(name.to_owned());
    }
}

/// Whether a tag begins a block that raw HTML above it must make room for.
pub(super) fn is_block(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Paragraph
            | Tag::Heading { .. }
            | Tag::BlockQuote(_)
            | Tag::CodeBlock(_)
            | Tag::List(_)
            | Tag::DefinitionList
            | Tag::FootnoteDefinition(_)
            | Tag::Table(_)
    )
}
