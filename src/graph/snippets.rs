//! Where notes show Kubernetes objects, by kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::NoteId;
use super::folders::Folders;
use crate::note::{Note, Snippet};

/// A place where an object is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The note that shows it.
    pub note: NoteId,
    /// Which of the note's objects it is.
    pub snippet: usize,
}

impl Shown {
    /// The object.
    pub fn of(self, notes: &[Arc<Note>]) -> &Snippet {
        &notes[self.note].head.snippets[self.snippet]
    }
}

/// Gathers the objects of all listed notes: by kind, then in reading order; an object
/// shown twice in succession under one heading counts once.
pub(super) fn collect(notes: &[Arc<Note>], folders: &Folders) -> Vec<Shown> {
    let mut kinds: BTreeMap<&str, Vec<Shown>> = BTreeMap::new();
    for note in &folders.order {
        for (snippet, object) in notes[*note].head.snippets.iter().enumerate() {
            kinds.entry(&object.kind).or_default().push(Shown { note: *note, snippet });
        }
    }
    let mut kinds: Vec<(&str, Vec<Shown>)> = kinds.into_iter().collect();
    kinds.sort_by_cached_key(|(kind, _)| kind.to_ascii_lowercase());
    let mut all: Vec<Shown> = kinds.into_iter().flat_map(|(_, shown)| shown).collect();
    all.dedup_by(|later, former| is_same(notes, *later, *former));
    all
}

fn is_same(notes: &[Arc<Note>], later: Shown, former: Shown) -> bool {
    let of = |shown: Shown| {
        let object = shown.of(notes);
        (&object.kind, &object.api_version, object.heading)
    };
    later.note == former.note && of(later) == of(former)
}
