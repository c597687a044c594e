//! Ordered lists whose items begin with links: the steps of a learning path.

use super::writer::Writer;

/// How many steps make a note a path without its saying so.
const ENOUGH: usize = 5;

/// The items of ordered lists at the top of a note, as far as they were written.
#[derive(Default)]
pub(super) struct Steps {
    /// The links that each item begins with; empty for an item that begins with none.
    items: Vec<Vec<usize>>,
    /// The item that is open.
    open: Option<Step>,
}

/// An item that is being written.
struct Step {
    /// Where its HTML begins.
    start: usize,
    links: Vec<usize>,
    /// Where the HTML of the paragraph with the links begins, and how much of its text they reach.
    reached: (usize, usize),
}

impl Writer<'_> {
    /// Begins an item of an ordered list at the top of the note.
    pub(super) fn start_step(&mut self, start: usize) {
        if self.depth == 0 && self.lists == [true] {
            self.steps.open = Some(Step { start, links: Vec::new(), reached: (0, 0) });
        }
    }

    /// A link begins: does it lead on to the step, or stand further back in the item?
    pub(super) fn step_link(&mut self, link: usize) {
        let Some(step) = &mut self.steps.open else { return };
        let leads = if step.links.is_empty() {
            is_bare(&self.out.html[step.start..])
        } else {
            let (leaf, reached) = step.reached;
            leaf == self.leaf.start && self.leaf.text.get(reached..).is_some_and(is_joint)
        };
        if leads {
            step.links.push(link);
        }
    }

    /// A link has ended.
    pub(super) fn end_step_link(&mut self, link: usize) {
        if let Some(step) = &mut self.steps.open
            && step.links.last() == Some(&link)
        {
            step.reached = (self.leaf.start, self.leaf.text.len());
        }
    }

    /// Ends an item.
    pub(super) fn end_step(&mut self) {
        if self.depth == 0
            && let Some(step) = self.steps.open.take()
        {
            self.steps.items.push(step.links);
        }
    }
}

impl Steps {
    /// The links of each step. A note is a path if all items of its ordered lists begin with
    /// links and there are enough of them; `wanted` says whether the note calls itself one.
    pub(super) fn finish(self, wanted: Option<bool>) -> Vec<Vec<usize>> {
        let is_path = self.items.len() >= ENOUGH && !self.items.iter().any(Vec::is_empty);
        let mut steps = self.items;
        if !wanted.unwrap_or(is_path) {
            steps.clear();
        }
        steps.retain(|links| !links.is_empty());
        steps
    }
}

/// Whether HTML holds nothing but tags and blanks.
fn is_bare(html: &str) -> bool {
    let after_tags =
        html.split('<').map(|part| part.split_once('>').map_or(part, |(_, rest)| rest));
    after_tags.into_iter().all(|text| text.trim().is_empty())
}

/// Whether a text joins two links to one step: 与, 、, and; not 「：」, after which the item
/// says what the step is about.
fn is_joint(text: &str) -> bool {
    text.chars().count() <= 5
        && !text.contains([':', '：', '.', '。', ';', '；', '(', '（', '—', '\n'])
}
