//! Which id on a note's page the fragment of a link means: a heading by id or text, a
//! block, an anchor in raw HTML. Sees one head.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{distance, nearest};
use crate::diagnostic::{Code, Diagnostic};
use crate::note::{Head, Note};
use crate::text::fold::{fold, heading_key};

/// What a fragment leads to.
pub(super) enum Anchor {
    /// This id; empty for the page itself.
    Found(String),
    /// This id, though the headings written before it do not stand above it.
    WrongPath(String),
    /// Nothing.
    Missing,
}

/// All places of a note that a fragment can mean, made once for all links to the note.
pub(super) struct Anchors {
    ids: FxHashSet<String>,
    blocks: FxHashSet<String>,
    /// Headings by the key of their text.
    texts: FxHashMap<String, Vec<usize>>,
    /// The heading that each heading stands under.
    above: Vec<Option<usize>>,
}

/// How many headings and characters a suggestion looks at: it is a courtesy, and a note
/// with a hundred thousand headings has no wrong anchor worth minutes.
const SUGGESTED_AMONG: usize = 500;
const SUGGESTED_LENGTH: usize = 80;

impl Anchors {
    /// Gathers the places of a note.
    pub(super) fn new(head: &Head) -> Anchors {
        let ids = head.headings.iter().map(|heading| &heading.id);
        let mut texts: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (index, heading) in head.headings.iter().enumerate() {
            texts.entry(heading_key(&heading.text)).or_default().push(index);
        }
        Anchors {
            ids: ids.chain(&head.anchors).chain(&head.title_id).cloned().collect(),
            blocks: head.blocks.iter().cloned().collect(),
            texts,
            above: headings_above(head),
        }
    }

    /// The id on the note's page that a fragment means.
    pub(super) fn find(&self, head: &Head, fragment: &str) -> Anchor {
        if fragment.is_empty() {
            return Anchor::Found(String::new());
        }
        if let Some(block) = block_of(fragment) {
            let block = fold(block);
            let is_there = self.blocks.contains(&block);
            return if is_there { Anchor::Found(format!("^{block}")) } else { Anchor::Missing };
        }
        if let Some(id) = self.single(head, fragment) {
            return Anchor::Found(id);
        }
        let Some((path, last)) = fragment.rsplit_once('#') else { return Anchor::Missing };
        if let Some(id) = self.at_path(head, path, last) {
            return Anchor::Found(id);
        }
        self.single(head, last.trim()).map_or(Anchor::Missing, Anchor::WrongPath)
    }

    /// By id, by id in lower case, by the text of a heading.
    fn single(&self, head: &Head, fragment: &str) -> Option<String> {
        if fragment == "top" {
            return Some(String::new());
        }
        let lower = fragment.to_lowercase();
        if let Some(id) = self.ids.get(fragment).or_else(|| self.ids.get(&lower)) {
            return Some(id.clone());
        }
        let key = heading_key(fragment);
        if let Some(first) = self.texts.get(&key).and_then(|headings| headings.first()) {
            return Some(head.headings[*first].id.clone());
        }
        let title = head.title_id.as_ref()?;
        (heading_key(&head.title) == key).then(|| title.clone())
    }

    /// The heading `last` that stands under the headings `path`, one below the other; the
    /// title, which stands above them all, may begin the path.
    fn at_path(&self, head: &Head, path: &str, last: &str) -> Option<String> {
        let wanted: Vec<String> = path.split('#').map(heading_key).collect();
        let stands_there = |heading: &&usize| {
            let mut missing = wanted.as_slice();
            let mut above = self.above[**heading];
            while let (Some(at), Some((last, rest))) = (above, missing.split_last()) {
                if heading_key(&head.headings[at].text) == *last {
                    missing = rest;
                }
                above = self.above[at];
            }
            missing.is_empty() || *missing == [heading_key(&head.title)]
        };
        let headings = self.texts.get(&heading_key(last))?;
        headings.iter().find(stands_there).map(|at| head.headings[*at].id.clone())
    }
}

/// For each heading the nearest one before it with a smaller level.
fn headings_above(head: &Head) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut above = Vec::with_capacity(head.headings.len());
    for (index, heading) in head.headings.iter().enumerate() {
        while open.last().is_some_and(|at| head.headings[*at].level >= heading.level) {
            open.pop();
        }
        above.push(open.last().copied());
        open.push(index);
    }
    above
}

fn block_of(fragment: &str) -> Option<&str> {
    fragment.rsplit('#').next().and_then(|part| part.trim().strip_prefix('^'))
}

/// What is said of a fragment that leads nowhere, with the nearest that exists.
pub(super) fn missing(note: &Note, target: &Note, fragment: &str) -> Diagnostic {
    let place =
        if note.path == target.path { "this note".to_owned() } else { target.path.clone() };
    let what = match block_of(fragment) {
        Some(block) => format!("block “^{block}”"),
        None => format!("heading “{fragment}”"),
    };
    let message = format!("{place} has no {what}");
    let found = Diagnostic::new(Code::BrokenAnchor, &note.path, 0..0, message);
    let near = match block_of(fragment) {
        Some(block) => near_block(target, block),
        None => near_heading(target, fragment),
    };
    match near {
        Some(near) => found.with_help(format!("did you mean `#{near}`?")),
        None => found,
    }
}

fn near_block(target: &Note, wanted: &str) -> Option<String> {
    let blocks = target.head.blocks.iter().take(SUGGESTED_AMONG).map(String::as_str);
    let blocks = blocks.filter(|block| block.len() <= SUGGESTED_LENGTH);
    let is_short = wanted.len() <= SUGGESTED_LENGTH;
    is_short.then(|| nearest(wanted, blocks)).flatten().map(|block| format!("^{block}"))
}

fn near_heading(target: &Note, fragment: &str) -> Option<String> {
    let wanted = heading_key(fragment);
    let length = wanted.chars().count();
    if length > SUGGESTED_LENGTH {
        return None;
    }
    let is_near = |text: &str| {
        let key = heading_key(text);
        distance(&key, &wanted) <= 2.max(length / 4)
            || length >= 2
                && (key.contains(&wanted) || wanted.contains(&key) && !key.is_empty())
    };
    let texts = target.head.headings.iter().take(SUGGESTED_AMONG).map(|heading| &heading.text);
    texts
        .filter(|text| text.chars().count() <= SUGGESTED_LENGTH)
        .find(|text| is_near(text))
        .cloned()
}
