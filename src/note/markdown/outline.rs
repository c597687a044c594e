//! Headings: levels that never skip a step, ids that are unique, and which part of the
//! HTML stands under which heading.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::writer::Writer;
use crate::note::{Heading, Part, PartName, Section, Slot};
use crate::text::slug::heading_id;

/// The headings met so far.
#[derive(Default)]
pub(super) struct Outline {
    pub(super) headings: Vec<Heading>,
    /// The text and id of the h1 that became the page's title.
    pub(super) title: Option<(String, String)>,
    /// The front matter's title.
    pub(super) given_title: String,
    /// Written level and level on the page of the headings above the place reached.
    above: Vec<(u8, u8)>,
    /// Sections whose end is not reached.
    open_sections: Vec<OpenSection>,
    /// Blocks with an id whose end is not reached: name, whether an item, first byte, depth.
    pub(super) open_blocks: Vec<(String, bool, usize, usize)>,
    /// Names of blocks.
    pub(super) blocks: FxHashSet<String>,
    /// How often each id was asked for.
    ids: BTreeMap<String, usize>,
    open: Option<OpenHeading>,
}

struct OpenSection {
    heading: usize,
    level: u8,
    start: usize,
    /// How many raw elements it stands in: it ends with the innermost of them.
    raw_depth: usize,
}

struct OpenHeading {
    written_level: u8,
    id: Option<String>,
    start: usize,
}

impl Outline {
    /// An id that no other heading of the note has: `a`, `a-1`, `a-2` as on GitHub.
    pub(super) fn unique_id(&mut self, wanted: &str) -> String {
        let mut id = wanted.to_owned();
        let mut count = self.ids.get(wanted).copied().unwrap_or(0);
        while self.ids.contains_key(&id) {
            count += 1;
            id = format!("{wanted}-{count}");
        }
        self.ids.insert(wanted.to_owned(), count);
        self.ids.insert(id.clone(), 0);
        id
    }

    /// Where the heading that is being written begins.
    pub(super) fn heading_start(&self) -> Option<usize> {
        self.open.as_ref().map(|open| open.start)
    }

    /// The level on the page: one below the nearest heading above that is written with a
    /// smaller level. The page's own title is the only h1.
    fn level(&mut self, written: u8, is_nested: bool) -> u8 {
        if is_nested {
            let above = self.above.iter().rev().find(|(above, _)| *above < written);
            return above.map_or(2, |(_, level)| (level + 1).min(6));
        }
        while self.above.last().is_some_and(|(above, _)| *above >= written) {
            self.above.pop();
        }
        let level = self.above.last().map_or(2, |(_, level)| (level + 1).min(6));
        self.above.push((written, level));
        level
    }
}

impl Writer<'_> {
    pub(super) fn start_heading(&mut self, written_level: u8, id: Option<String>) {
        // A rule under the first line of a callout makes it a heading to the parser.
        if self.opens_callout_title() {
            return;
        }
        self.close_leaf(false);
        let start = self.out.html.len();
        self.outline.open = Some(OpenHeading { written_level, id, start });
        self.slot(Slot::HeadingOpen(self.outline.headings.len()));
        self.open_leaf();
    }

    pub(super) fn end_heading(&mut self) {
        if self.outline.open.is_none() && self.ends_callout_title() {
            return;
        }
        self.undo_mark();
        self.close_inline_html();
        let Some(open) = self.outline.open.take() else { return };
        let text = self.leaf.text.trim().to_owned();
        if self.becomes_title(&open, &text) {
            let wanted = open.id.unwrap_or_else(|| heading_id(&text));
            let id = self.outline.unique_id(&wanted);
            self.outline.above.push((1, 1));
            self.outline.title = Some((text, id));
            self.take_back(open.start);
            self.close_leaf(false);
            return;
        }
        if text.is_empty() && self.out.html.len() == open.start {
            self.take_back(open.start);
            return;
        }
        self.add_heading(&open, text);
    }

    /// Takes back what was written from a byte on.
    fn take_back(&mut self, start: usize) {
        self.out.html.truncate(start);
        let slots = self.out.slots.partition_point(|(at, _)| *at < start);
        self.out.slots.truncate(slots);
        while let Some((name, ..)) =
            self.outline.open_blocks.pop_if(|(_, _, from, _)| *from >= start)
        {
            self.outline.blocks.remove(&name);
            self.parsed.blocks.retain(|known| *known != name);
        }
    }

    /// The first h1 is the page's title, unless the front matter gives another one.
    fn becomes_title(&self, open: &OpenHeading, text: &str) -> bool {
        open.written_level == 1
            && self.depth == 0
            && self.outline.title.is_none()
            && !text.is_empty()
            && (self.given_title.is_empty()
                || crate::text::fold::heading_key(text)
                    == crate::text::fold::heading_key(self.given_title))
    }

    fn add_heading(&mut self, open: &OpenHeading, text: String) {
        let index = self.outline.headings.len();
        let wanted = open.id.clone().unwrap_or_else(|| heading_id(&text));
        let id = self.outline.unique_id(&wanted);
        let is_nested = self.depth > 0;
        let level = self.outline.level(open.written_level, is_nested);
        self.slot(Slot::HeadingClose(index));
        self.html("\n");
        if !is_nested {
            let raw_depth = self.raw.depth();
            self.end_sections(raw_depth, level, open.start);
            let section = OpenSection { heading: index, level, start: open.start, raw_depth };
            self.outline.open_sections.push(section);
        }
        self.outline.headings.push(Heading {
            level,
            written_level: open.written_level,
            is_nested,
            id,
            text,
        });
        self.close_blocks(open.start);
        self.parsed.sections.push(Section { heading: Some(index), text: String::new() });
        for (link, _) in &self.leaf.links {
            self.parsed.links[*link].section = Some(index);
        }
        let leaf = std::mem::take(&mut self.leaf);
        for (link, range) in &leaf.links {
            let text = leaf.text.get(range.clone()).unwrap_or_default().to_owned();
            let context = crate::note::Context { text, ..crate::note::Context::default() };
            self.parsed.links[*link].context = Some(context);
        }
        self.last_block = (self.depth == 0).then_some(open.start..self.out.html.len());
    }

    /// Ends the sections of at least a level inside at least so many raw elements.
    fn end_sections(&mut self, raw_depth: usize, level: u8, end: usize) {
        let open = &mut self.outline.open_sections;
        while let Some(section) =
            open.pop_if(|section| section.raw_depth >= raw_depth && section.level >= level)
        {
            let name = PartName::Section(section.heading);
            self.out.parts.push(Part { name, start: section.start, end });
        }
    }

    /// Ends the sections that began in a raw element which ends here.
    pub(super) fn end_sections_in_raw(&mut self, raw_depth: usize, end: usize) {
        self.end_sections(raw_depth, 0, end);
    }

    /// Ends the blocks with an id that began at or after a byte, at the byte reached.
    pub(super) fn close_blocks(&mut self, start: usize) {
        let end = self.out.html.len();
        while let Some((_, _, from, _)) = self.outline.open_blocks.last() {
            if *from < start {
                break;
            }
            if let Some((name, is_item, from, _)) = self.outline.open_blocks.pop() {
                self.out.parts.push(Part {
                    name: PartName::Block(name, is_item),
                    start: from,
                    end,
                });
            }
        }
    }

    /// Ends all sections at the end of the note.
    pub(super) fn end_outline(&mut self) {
        self.end_sections(0, 0, self.out.html.len());
        self.close_blocks(0);
    }

    /// The heading that the place reached stands under.
    pub(super) fn current_section(&self) -> Option<usize> {
        self.outline.headings.len().checked_sub(1)
    }
}
