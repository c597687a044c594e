//! Ways through the notes: learning paths, which a note lists step by step, and series,
//! whose parts name it themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::folders::Folders;
use super::{NoteId, Target};
use crate::note::Note;
use crate::text::fold::fold;

/// All ways through the notes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Routes {
    /// Paths in reading order, then series by name.
    pub all: Vec<Route>,
    /// The places of every note: which route, and which of its steps.
    pub of_note: Vec<Vec<(usize, usize)>>,
}

/// A learning path or a series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The note that lists the path; none for a series.
    pub note: Option<NoteId>,
    /// The name of the series; empty for a path.
    pub series: String,
    /// The notes of each step, at least one.
    pub steps: Vec<Vec<NoteId>>,
}

/// Finds the routes through all listed notes; those of one step are none.
pub(super) fn collect(
    notes: &[Arc<Note>],
    targets: &[Vec<Target>],
    folders: &Folders,
) -> Routes {
    let paths = folders.order.iter().filter(|id| !notes[**id].head.steps.is_empty());
    let paths = paths.map(|id| path(*id, notes, targets, folders));
    let all: Vec<Route> =
        paths.chain(series(notes, folders)).filter(|route| route.steps.len() > 1).collect();
    let mut of_note = vec![Vec::new(); notes.len()];
    for (number, route) in all.iter().enumerate() {
        for (step, ids) in route.steps.iter().enumerate() {
            for id in ids {
                of_note[*id].push((number, step));
            }
        }
    }
    Routes { all, of_note }
}

fn path(id: NoteId, notes: &[Arc<Note>], targets: &[Vec<Target>], folders: &Folders) -> Route {
    let listed = |link: &usize| match targets[id].get(*link) {
        Some(Target::Note { id: other, .. })
            if *other != id && folders.place[*other].is_some() =>
        {
            Some(*other)
        }
        _ => None,
    };
    let mut seen = BTreeSet::new();
    let mut steps = Vec::new();
    for links in &notes[id].head.steps {
        // A note that comes twice is read where it comes first.
        let step: Vec<NoteId> =
            links.iter().filter_map(listed).filter(|other| seen.insert(*other)).collect();
        if !step.is_empty() {
            steps.push(step);
        }
    }
    Route { note: Some(id), series: String::new(), steps }
}

/// The series by name; parts by weight, then by date, then in reading order.
fn series(notes: &[Arc<Note>], folders: &Folders) -> impl Iterator<Item = Route> {
    let mut named: BTreeMap<String, Vec<NoteId>> = BTreeMap::new();
    for id in &folders.order {
        if let Some(name) = &notes[*id].head.series {
            named.entry(fold(name)).or_default().push(*id);
        }
    }
    named.into_values().map(|mut parts| {
        parts.sort_by_key(|id| {
            let head = &notes[*id].head;
            (head.weight.unwrap_or(i64::MAX), head.date.clone())
        });
        let name = notes[parts[0]].head.series.clone().unwrap_or_default();
        Route {
            note: None,
            series: name,
            steps: parts.into_iter().map(|part| vec![part]).collect(),
        }
    })
}
