//! Stage 3, link: from all heads to names, links, backlinks, topics and folders. Never
//! patched, always made anew. Sees no body, no HTML, no disk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::note::{Note, Status};
use crate::path::SitePath;
use crate::source::Asset;

pub mod addresses;
mod alike;
pub mod folders;
pub mod layout;
pub mod names;
pub mod related;
pub mod routes;
pub mod snippets;
pub mod tags;

pub use alike::is_linked_alike;
use folders::Folders;
use names::{Names, Suggestions};
use routes::Routes;
use tags::Tags;

/// A note's index into the site's notes, which are sorted by path.
pub type NoteId = usize;

/// How everything hangs together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// Every note's address from the site's root.
    pub urls: Vec<String>,
    /// Whether a note is on the site.
    pub live: Vec<bool>,
    /// Where every link of every note leads.
    pub targets: Vec<Vec<Target>>,
    /// Who links to every note, by note and link; each pair once.
    pub backlinks: Vec<Vec<(NoteId, usize)>>,
    /// The topics.
    pub tags: Tags,
    /// The folders with their order.
    pub folders: Folders,
    /// Where Kubernetes objects are shown, by kind.
    pub snippets: Vec<snippets::Shown>,
    /// Learning paths and series.
    pub routes: Routes,
    /// The questions of listed notes in reading order: which note, and which of its own.
    pub questions: Vec<(NoteId, usize)>,
    /// The attachments that live notes use, and where each is published.
    pub used_assets: BTreeMap<SitePath, String>,
    /// What is wrong with links, topics and addresses.
    pub problems: Vec<Problem>,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A note, and an id on its page.
    Note {
        /// Which note.
        id: NoteId,
        /// The heading's or block's id; empty for the page.
        anchor: String,
        /// Whether it was found by its path or file name, so that its title may be shown.
        by_name: bool,
    },
    /// An attachment, with what stands behind `#`.
    Asset(SitePath, String),
    /// The page of a folder.
    Folder(SitePath),
    /// A note that is not on the site.
    Unpublished(NoteId),
    /// Nothing.
    Broken,
}

/// Something wrong with a note's link or topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The note.
    pub note: NoteId,
    /// What of the note it is about.
    pub about: About,
    /// The finding; its span is filled in from what it is about.
    pub finding: Diagnostic,
}

/// What of a note a problem is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// One of its links.
    Link(usize),
    /// One of its topics, as written.
    Tag(String),
    /// The address it asks for, or has by its path.
    Address,
}

/// What linking needs beside the heads.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The site's settings.
    pub config: &'a Config,
    /// The attachments.
    pub assets: &'a BTreeMap<SitePath, Asset>,
    /// The order of notes and folders that a list gives, by path.
    pub order: &'a BTreeMap<SitePath, usize>,
    /// Whether drafts are on the site.
    pub drafts: bool,
    /// Names of the theme's files, which no attachment may have.
    pub reserved: &'a BTreeSet<String>,
}

/// Links all notes. Depends on what [`is_linked_alike`] compares alone.
pub fn link(notes: &[Arc<Note>], around: Surroundings<'_>) -> Graph {
    let live: Vec<bool> = notes.iter().map(|note| is_live(note, around.drafts)).collect();
    let own = folders::own_notes(notes, &live);
    // An author waits for this after every save: what can be is made side by side.
    let (names, mut assigned) = rayon::join(
        || Names::new(notes, around.assets, &live),
        || addresses::assign(notes, &live, &own, around),
    );
    let ((targets, of_links), (folders, (tags, of_tags))) = rayon::join(
        || resolve(notes, &live, &names),
        || {
            let folders = folders::collect(notes, &live, &own, &assigned, around);
            (folders, tags::collect(notes, &live, &assigned.urls))
        },
    );
    let mut problems = std::mem::take(&mut assigned.problems);
    problems.extend(of_links.into_iter().chain(of_tags));
    let mut graph = Graph {
        urls: assigned.urls.clone(),
        backlinks: vec![Vec::new(); notes.len()],
        snippets: snippets::collect(notes, &folders),
        routes: routes::collect(notes, &targets, &folders),
        questions: questions(notes, &folders),
        targets,
        folders,
        tags,
        problems,
        ..Graph::default()
    };
    collect_backlinks(&mut graph, &live);
    graph.used_assets = assigned.assets(used_assets(notes, &graph, &live, &names, around));
    graph.live = live;
    graph
}

/// Where every link of every note leads, and what is wrong with those of live notes.
fn resolve(
    notes: &[Arc<Note>],
    live: &[bool],
    names: &Names<'_>,
) -> (Vec<Vec<Target>>, Vec<Problem>) {
    let of_note = |(id, note): (NoteId, &Arc<Note>)| names.resolve_all(id, note);
    let resolved: Vec<_> = notes.par_iter().enumerate().map(of_note).collect();
    let mut suggestions = Suggestions::new(names);
    let (mut all, mut wrong) = (Vec::with_capacity(notes.len()), Vec::new());
    for (id, (targets, mut problems)) in resolved.into_iter().enumerate() {
        if live[id] {
            suggestions.add(&notes[id], &targets, &mut problems);
            wrong.append(&mut problems);
        }
        all.push(targets);
    }
    (all, wrong)
}

impl Graph {
    /// Where an attachment is published; its own path if no note uses it.
    pub fn asset_url<'a>(&'a self, asset: &'a str) -> &'a str {
        self.used_assets.get(asset).map_or(asset, String::as_str)
    }
}

/// Whether a note is on the site.
pub fn is_live(note: &Note, drafts: bool) -> bool {
    match note.head.status {
        Status::Published => true,
        Status::Draft => drafts,
        Status::Unpublished | Status::Unreadable | Status::Template => false,
    }
}

fn questions(notes: &[Arc<Note>], folders: &Folders) -> Vec<(NoteId, usize)> {
    let of_note = |id: &NoteId| {
        let id = *id;
        (0..notes[id].head.questions).map(move |number| (id, number))
    };
    folders.order.iter().flat_map(of_note).collect()
}

fn collect_backlinks(graph: &mut Graph, live: &[bool]) {
    for (from, targets) in graph.targets.iter().enumerate() {
        if !live[from] {
            continue;
        }
        for (link, target) in targets.iter().enumerate() {
            if let Target::Note { id, .. } = target
                && *id != from
            {
                graph.backlinks[*id].push((from, link));
            }
        }
    }
}

fn used_assets(
    notes: &[Arc<Note>],
    graph: &Graph,
    live: &[bool],
    names: &Names<'_>,
    around: Surroundings<'_>,
) -> BTreeSet<SitePath> {
    if around.config.attachments == crate::config::Attachments::All {
        return around.assets.keys().cloned().collect();
    }
    let mut used = BTreeSet::new();
    for (id, targets) in graph.targets.iter().enumerate().filter(|(id, _)| live[*id]) {
        for target in targets {
            if let Target::Asset(path, _) = target {
                used.insert(path.clone());
            }
        }
        if let Some(image) = &notes[id].head.image {
            used.extend(names.asset(&notes[id].path, image));
        }
    }
    used
}
