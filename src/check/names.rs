//! Titles and aliases that more than one note has.

use std::collections::BTreeMap;

use super::{Subject, Written};
use crate::diagnostic::{Code, Diagnostic};
use crate::note::front_matter;
use crate::path;
use crate::text::fold::fold;

/// Notes of one language with the same title; each but the first is reported.
pub(super) fn duplicate_titles(
    _: &Subject<'_>,
    notes: &[Written<'_>],
    found: &mut Vec<Diagnostic>,
) {
    let mut first: BTreeMap<(String, Option<&str>), &Written<'_>> = BTreeMap::new();
    for written in notes {
        let head = &written.note.head;
        let key = (fold(&head.title), head.lang.as_deref());
        let Some(other) = first.get(&key) else {
            first.insert(key, written);
            continue;
        };
        let message = format!("{} has the same title “{}”", other.note.path, head.title);
        found.push(written.finding(Code::DuplicateTitle, written.title_span(), message));
    }
}

/// Aliases by which more than one note can be meant.
pub(super) fn duplicate_aliases(
    _: &Subject<'_>,
    notes: &[Written<'_>],
    found: &mut Vec<Diagnostic>,
) {
    let mut names: BTreeMap<String, Vec<(usize, &str)>> = BTreeMap::new();
    for (index, written) in notes.iter().enumerate() {
        let stem = path::stem(&written.note.path);
        let mut add =
            |name: &str, what| names.entry(fold(name)).or_default().push((index, what));
        if !crate::note::is_folder_note(&written.note.path) {
            add(stem, "file name");
        }
        add(&written.note.head.title, "title");
        written.note.head.aliases.iter().for_each(|alias| add(alias, "alias"));
    }
    for (index, written) in notes.iter().enumerate() {
        for alias in &written.note.head.aliases {
            let others = names.get(&fold(alias)).map(Vec::as_slice).unwrap_or_default();
            // Of two notes with the same alias the later one is told.
            let other = others
                .iter()
                .find(|(other, what)| *other < index || *other > index && *what != "alias");
            if let Some((other, what)) = other {
                let message =
                    format!("“{alias}” is also the {what} of {}", notes[*other].note.path);
                let keys = ["aliases", "alias"];
                let span = front_matter::value_span(&written.note.source, &keys, alias);
                found.push(written.finding(
                    Code::DuplicateAlias,
                    span.unwrap_or_default(),
                    message,
                ));
            }
        }
    }
}
