//! Footnotes: their marks in the text and the list at the end, numbered by first mention.

use pulldown_cmark::CowStr;
use rustc_hash::FxHashMap;

use super::blocks::Container;
use super::writer::{Writer, owned};
use crate::note::{Body, Slot};

/// The footnotes met so far.
#[derive(Default)]
pub(super) struct Footnotes {
    /// Labels in order of first mention, and how often each was mentioned.
    mentioned: Vec<(String, usize)>,
    /// The places of the labels in that order.
    numbers: FxHashMap<String, usize>,
    defined: FxHashMap<String, Body>,
    /// Definitions that are open, with what they interrupt.
    open: Vec<Interrupted>,
}

/// The text that a definition interrupts, and the blocks that are open in it.
struct Interrupted {
    label: String,
    body: Body,
    items: Vec<(usize, Container)>,
    lists: Vec<bool>,
    open_blocks: Vec<(String, bool, usize, usize)>,
}

impl Writer<'_> {
    pub(super) fn footnote_mark(&mut self, label: &CowStr<'_>) {
        let label = owned(label);
        if self.in_link() {
            return self.text(&format!("[^{label}]"));
        }
        let marks = &mut self.footnotes.mentioned;
        let number = *self.footnotes.numbers.entry(label).or_insert_with_key(|label| {
            marks.push((label.clone(), 0));
            marks.len() - 1
        });
        marks[number].1 += 1;
        let mention = marks[number].1;
        self.slot(Slot::FootnoteMark(number + 1, mention));
    }

    pub(super) fn start_footnote(&mut self, label: &CowStr<'_>) {
        self.close_leaf(false);
        self.depth += 1;
        self.footnotes.open.push(Interrupted {
            label: owned(label),
            body: std::mem::take(&mut self.out),
            items: std::mem::take(&mut self.items),
            lists: std::mem::take(&mut self.lists),
            open_blocks: std::mem::take(&mut self.outline.open_blocks),
        });
        self.last_block = None;
        self.open_leaf();
    }

    pub(super) fn end_footnote(&mut self) {
        self.close_leaf(false);
        self.close_raw_html();
        self.depth -= 1;
        let Some(outer) = self.footnotes.open.pop() else { return };
        let mut note = std::mem::replace(&mut self.out, outer.body);
        // A part inside a footnote has no place in the note's own HTML.
        note.parts.clear();
        self.items = outer.items;
        self.lists = outer.lists;
        self.outline.open_blocks = outer.open_blocks;
        self.last_block = None;
        self.footnotes.defined.entry(outer.label).or_insert(note);
    }

    /// Writes the list of footnotes that were mentioned and defined.
    pub(super) fn write_footnotes(&mut self) {
        let footnotes = std::mem::take(&mut self.footnotes);
        let is_defined = |(label, _): &(String, usize)| footnotes.defined.contains_key(label);
        if !footnotes.mentioned.iter().any(is_defined) {
            return;
        }
        let label = self.word("footnotes").to_owned();
        self.html(&format!(
            "<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"{label}\">\n<ol>\n"
        ));
        for (number, (label, mentions)) in footnotes.mentioned.iter().enumerate() {
            let empty = Body::default();
            let note = footnotes.defined.get(label).unwrap_or(&empty);
            self.write_footnote(number + 1, *mentions, note);
        }
        self.html("</ol>\n</section>\n");
    }

    fn write_footnote(&mut self, number: usize, mentions: usize, note: &Body) {
        self.html("<li");
        self.slot(Slot::Anchor(format!("fn-{number}")));
        self.html(">");
        let base = self.out.html.len();
        let end = note.html.trim_end().len();
        let (inner, tail) = match note.html[..end].strip_suffix("</p>") {
            Some(inner) => (inner, "</p>"),
            None => (&note.html[..end], ""),
        };
        self.out.html.push_str(inner);
        let slots = note.slots.iter().filter(|(at, _)| *at <= inner.len());
        self.out.slots.extend(slots.map(|(at, slot)| (base + at, slot.clone())));
        for mention in 1..=mentions {
            let back = self.word("footnote_back").replace("{n}", &number.to_string());
            let suffix = if mention == 1 { String::new() } else { format!("-{mention}") };
            self.html(" <a href=\"#");
            self.slot(Slot::Scope);
            let which =
                if mention == 1 { String::new() } else { format!("<sup>{mention}</sup>") };
            self.html(&format!(
                "fnref-{number}{suffix}\" class=\"footnote-back\" role=\"doc-backlink\" aria-label=\"{back}\">↩{which}</a>"
            ));
        }
        self.html(tail);
        self.html("</li>\n");
    }
}
