//! Where notes show Kubernetes objects, by kind.

use std::sync::Arc;

use super::NoteId;
use super::folders::Folders;
use crate::note::Note;

/// A place where an object is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The object's kind.
    pub kind: String,
    /// Its API version.
    pub api_version: String,
    /// The note that shows it.
    pub note: NoteId,
    /// The heading it stands under.
    pub heading: Option<usize>,
}

/// Gathers the objects of all listed notes: by kind, then in reading order; an object
/// shown twice under one heading counts once.
pub(super) fn collect(notes: &[Arc<Note>], folders: &Folders) -> Vec<Shown> {
    let mut all = Vec::new();
    for note in &folders.order {
        for snippet in &notes[*note].head.snippets {
            all.push(Shown {
                kind: snippet.kind.clone(),
                api_version: snippet.api_version.clone(),
                note: *note,
                heading: snippet.heading,
            });
        }
    }
    // The sort is stable: reading order stays within a kind.
    all.sort_by_cached_key(|shown| (shown.kind.to_ascii_lowercase(), shown.kind.clone()));
    all.dedup();
    all
}
