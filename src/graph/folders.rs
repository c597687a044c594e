//! Folders: what lies in them, in which order, and the reading order of the whole site.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::addresses::Assigned;
use super::{NoteId, Surroundings};
use crate::note::{Note, is_folder_note};
use crate::path::{self, SitePath};
use crate::text::collate::{SortKey, sort_key};

/// All folders that hold a live note.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Folders {
    /// The folders by path; the root is empty.
    pub all: BTreeMap<SitePath, Folder>,
    /// The listed notes in reading order, folders' own notes before what lies in them.
    pub order: Vec<NoteId>,
    /// Every note's place in the reading order.
    pub place: Vec<Option<usize>>,
    /// How many listed notes are not quiet: those that lists of the whole site show.
    pub prominent: usize,
}

/// A folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Folder {
    /// The title of its own note, else its name.
    pub title: String,
    /// The address of its page.
    pub url: String,
    /// Its own note.
    pub index: Option<NoteId>,
    /// What lies directly in it, in reading order, quiet notes last.
    pub entries: Vec<Entry>,
    /// How many of the entries are not quiet.
    pub prominent: usize,
    /// How many listed notes lie in it and below, its own note not counted.
    pub count: usize,
}

/// Something in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A note.
    Note(NoteId),
    /// A folder by path.
    Folder(SitePath),
}

/// What siblings are sorted by: whether they are quiet, a given order, the weight, the title.
type Rank<'a> = (bool, usize, i64, Cow<'a, SortKey>);

/// The notes that are the pages of their folders: `index.md` before `_index.md` before
/// `README.md`.
pub(super) fn own_notes<'a>(
    notes: &'a [Arc<Note>],
    live: &[bool],
) -> BTreeMap<&'a str, NoteId> {
    let rank = |id: NoteId| match notes[id].keys.stem.as_str() {
        "index" => 0,
        "_index" => 1,
        _ => 2,
    };
    let mut own: BTreeMap<&str, NoteId> = BTreeMap::new();
    for (id, note) in notes.iter().enumerate() {
        if live[id] && is_folder_note(&note.path) {
            let chosen = own.entry(path::parent(&note.path)).or_insert(id);
            if rank(id) < rank(*chosen) {
                *chosen = id;
            }
        }
    }
    own
}

/// Gathers the folders of all live notes; `own` are the notes that are their pages.
pub(super) fn collect(
    notes: &[Arc<Note>],
    live: &[bool],
    own: &BTreeMap<&str, NoteId>,
    assigned: &Assigned,
    around: Surroundings<'_>,
) -> Folders {
    let mut folders = Folders { place: vec![None; notes.len()], ..Folders::default() };
    folders
        .all
        .insert(String::new(), Folder { url: "index.html".to_owned(), ..Folder::default() });
    for (path, url) in &assigned.folders {
        let title = path::file_name(path).to_owned();
        let folder = Folder { title, url: url.clone(), ..Folder::default() };
        folders.all.insert(path.clone(), folder);
    }
    for (path, id) in own {
        if let Some(folder) = folders.all.get_mut(*path) {
            folder.index = Some(*id);
            folder.title.clone_from(&notes[*id].head.title);
            folder.url.clone_from(&assigned.urls[*id]);
        }
    }
    let ranks = ranks(&folders, notes, around);
    let mut entries: Vec<(SitePath, Rank<'_>, Entry)> = Vec::new();
    for (id, note) in notes.iter().enumerate() {
        let is_own = folders
            .all
            .get(path::parent(&note.path))
            .is_some_and(|folder| folder.index == Some(id));
        if live[id] && !note.head.unlisted && !is_own {
            let rank = rank(note, &note.path, around);
            entries.push((path::parent(&note.path).to_owned(), rank, Entry::Note(id)));
        }
    }
    for (folder, rank) in ranks {
        entries.push((path::parent(&folder).to_owned(), rank, Entry::Folder(folder)));
    }
    entries.sort_by(|left, right| left.1.cmp(&right.1));
    for (folder, (is_quiet, ..), entry) in entries {
        if let Some(folder) = folders.all.get_mut(&folder) {
            folder.entries.push(entry);
            folder.prominent += usize::from(!is_quiet);
        }
    }
    walk(&mut folders, "", notes);
    folders.prominent = folders.order.iter().filter(|id| !notes[**id].head.quiet).count();
    for (place, id) in folders.order.iter().enumerate() {
        folders.place[*id] = Some(place);
    }
    folders
}

fn ranks<'a>(
    folders: &Folders,
    notes: &'a [Arc<Note>],
    around: Surroundings<'_>,
) -> Vec<(SitePath, Rank<'a>)> {
    let named = folders.all.iter().filter(|(path, _)| !path.is_empty());
    let ranked = named.map(|(path, folder)| {
        let order = order_of(path, around);
        let own = folder.index.map(|id| rank(&notes[id], &notes[id].path, around));
        let rank = own.map_or_else(
            || (false, order, i64::MAX, Cow::Owned(sort_key(&folder.title))),
            |(_, given, weight, key)| (false, given.min(order), weight, key),
        );
        (path.clone(), rank)
    });
    ranked.collect()
}

fn rank<'a>(note: &'a Note, path: &str, around: Surroundings<'_>) -> Rank<'a> {
    let weight = note.head.weight.unwrap_or(i64::MAX);
    (note.head.quiet, order_of(path, around), weight, Cow::Borrowed(&note.keys.order))
}

fn order_of(path: &str, around: Surroundings<'_>) -> usize {
    let bare = path::without_extension(path);
    around.order.get(path).or_else(|| around.order.get(bare)).copied().unwrap_or(usize::MAX)
}

/// Walks the tree in reading order; says how many listed notes lie in a folder.
fn walk(folders: &mut Folders, path: &str, notes: &[Arc<Note>]) -> usize {
    let Some(folder) = folders.all.get(path) else { return 0 };
    let entries = folder.entries.clone();
    if let Some(index) = folder.index.filter(|id| !notes[*id].head.unlisted) {
        folders.order.push(index);
    }
    let mut count = 0;
    for entry in entries {
        match entry {
            Entry::Note(id) => {
                folders.order.push(id);
                count += 1;
            }
            Entry::Folder(inner) => {
                let has_note =
                    folders.all.get(&inner).is_some_and(|folder| folder.index.is_some());
                count += walk(folders, &inner, notes) + usize::from(has_note);
            }
        }
    }
    if let Some(folder) = folders.all.get_mut(path) {
        folder.count = count;
    }
    count
}
