//! Moving a note, file or folder: which links have to be written anew so that every link
//! leads where it led before. Reads nothing and writes nothing itself; the graph judges
//! each rewritten link, so that it cannot be wrong about what a link means.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostic::{Code, Span};
use crate::graph::{self, About, Graph, Surroundings, Target};
use crate::note::markdown::destinations::{Destination, destinations};
use crate::note::{self, Link, Note, Settings};
use crate::path::{self, SitePath, without_extension};
use crate::source::{Asset, SourceFile, Sources};
use crate::words::Words;

mod forms;
mod lists;
mod pictures;

use forms::{Rewrite, candidates, escaped};
pub use lists::nav_entries;

/// What goes where, relative to the folder of notes.
#[derive(Clone, Debug)]
pub struct Step {
    /// The note, file or folder.
    pub from: SitePath,
    /// Its new path.
    pub to: SitePath,
}

/// What has to be written beside the move itself.
#[derive(Clone, Debug, Default)]
pub struct Relocation {
    /// Parts of notes to be replaced, by the note's path after the move, in order.
    pub edits: BTreeMap<SitePath, Vec<Edit>>,
    /// Links that cannot be written so that they lead where they led: the note after the
    /// move, and the link as written.
    pub left: Vec<(SitePath, String)>,
}

/// A part of a file's text and what takes its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The bytes of the text.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Step {
    /// Where a path lies after the move.
    pub fn moved(&self, path: &str) -> SitePath {
        if path == self.from {
            return self.to.clone();
        }
        match path.strip_prefix(&self.from).and_then(|rest| rest.strip_prefix('/')) {
            Some(inside) => format!("{}/{inside}", self.to),
            None => path.to_owned(),
        }
    }
}

/// How often links are tried in another form before they are given up.
const ROUNDS: usize = 12;

/// Finds the edits for a move.
pub fn relocate(sources: &Sources, config: &Config, step: &Step) -> Relocation {
    let words = Words::default();
    let settings = Settings { config, words: &words };
    let parse = |file: &SourceFile| Arc::new(note::parse(file, settings));
    let before: Vec<Arc<Note>> = sources.notes.par_iter().map(parse).collect();
    let led = leads(&before, &link(&before, &sources.assets, config), step);
    let moved = |(path, asset): (&SitePath, &Asset)| (step.moved(path), *asset);
    let assets: BTreeMap<SitePath, Asset> = sources.assets.iter().map(moved).collect();
    let mut rewriting = Rewriting {
        step,
        settings,
        before: &before,
        led: &led,
        changes: BTreeMap::new(),
        left: BTreeSet::new(),
    };
    let mut after: Vec<Arc<Note>> =
        (0..before.len()).map(|id| rewriting.reparsed(id)).collect();
    for _ in 0..ROUNDS {
        let wrong = wrong_links(&led, &leads_after(&after, &assets, config));
        let touched = rewriting.try_next(&wrong);
        if touched.is_empty() {
            break;
        }
        for id in touched {
            after[id] = rewriting.reparsed(id);
        }
    }
    let mut relocation = rewriting.relocation();
    for summary in &sources.summaries {
        lists::summary(summary, &before, step, settings, &mut relocation);
    }
    for note in &before {
        pictures::picture(note, (&sources.assets, &assets), step, &mut relocation);
    }
    relocation
}

/// Where a link leads, by paths after the move, and what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Lead {
    /// The path before the move, for a link that leads to a file or folder.
    old: SitePath,
    place: Option<(SitePath, String)>,
    codes: BTreeSet<Code>,
}

fn link(notes: &[Arc<Note>], assets: &BTreeMap<SitePath, Asset>, config: &Config) -> Graph {
    let around = Surroundings {
        config,
        assets,
        order: &BTreeMap::new(),
        drafts: false,
        reserved: &BTreeSet::new(),
    };
    graph::link(notes, around)
}

/// The leads of all links before the move.
fn leads(notes: &[Arc<Note>], graph: &Graph, step: &Step) -> Vec<Vec<Lead>> {
    let codes = codes(graph);
    let lead = |id: usize, index: usize, target: &Target| {
        let place = place(notes, target);
        Lead {
            old: place.as_ref().map(|(path, _)| path.clone()).unwrap_or_default(),
            place: place.map(|(path, part)| (step.moved(&path), part)),
            codes: codes.get(&(id, index)).cloned().unwrap_or_default(),
        }
    };
    let of_note = |(id, targets): (usize, &Vec<Target>)| {
        targets.iter().enumerate().map(|(index, target)| lead(id, index, target)).collect()
    };
    graph.targets.iter().enumerate().map(of_note).collect()
}

/// The leads of all links after the move, in the order of the notes before it. The graph
/// wants notes by path, which the move changes.
fn leads_after(
    notes: &[Arc<Note>],
    assets: &BTreeMap<SitePath, Asset>,
    config: &Config,
) -> Vec<Vec<Lead>> {
    let mut order: Vec<usize> = (0..notes.len()).collect();
    order.sort_by(|left, right| notes[*left].path.cmp(&notes[*right].path));
    let sorted: Vec<Arc<Note>> = order.iter().map(|id| notes[*id].clone()).collect();
    let nowhere = Step { from: "\0".to_owned(), to: String::new() };
    let mut leads = leads(&sorted, &link(&sorted, assets, config), &nowhere);
    let mut in_order = vec![Vec::new(); notes.len()];
    for (place, id) in order.into_iter().enumerate() {
        in_order[id] = std::mem::take(&mut leads[place]);
    }
    in_order
}

fn place(notes: &[Arc<Note>], target: &Target) -> Option<(SitePath, String)> {
    match target {
        Target::Note { id, anchor, by_name: _ } => {
            Some((notes[*id].path.clone(), anchor.clone()))
        }
        Target::Asset(path, part) => Some((path.clone(), part.clone())),
        Target::Folder(path) => Some((path.clone(), "/".to_owned())),
        Target::Unpublished(id) => Some((notes[*id].path.clone(), "?".to_owned())),
        Target::Broken => None,
    }
}

fn codes(graph: &Graph) -> BTreeMap<(usize, usize), BTreeSet<Code>> {
    let mut codes: BTreeMap<(usize, usize), BTreeSet<Code>> = BTreeMap::new();
    for problem in &graph.problems {
        if let About::Link(link) = problem.about {
            codes.entry((problem.note, link)).or_default().insert(problem.finding.code);
        }
    }
    codes
}

/// Links that lead elsewhere than before, or of which more is said; those that led
/// nowhere may lead where they like.
fn wrong_links(before: &[Vec<Lead>], after: &[Vec<Lead>]) -> Vec<(usize, usize)> {
    let mut wrong = Vec::new();
    for (id, (led, leads)) in before.iter().zip(after).enumerate() {
        for (index, lead) in led.iter().enumerate() {
            let is_kept = leads
                .get(index)
                .is_some_and(|now| now.place == lead.place && now.codes.is_subset(&lead.codes));
            if lead.place.is_some() && !is_kept {
                wrong.push((id, index));
            }
        }
    }
    wrong
}

/// The links that are being written anew.
struct Rewriting<'a> {
    step: &'a Step,
    settings: Settings<'a>,
    before: &'a [Arc<Note>],
    led: &'a [Vec<Lead>],
    /// By note and link.
    changes: BTreeMap<(usize, usize), Change>,
    /// Links of which no form leads where it should.
    left: BTreeSet<(usize, usize)>,
}

struct Change {
    at: Span,
    /// What is written now.
    now: String,
    /// What can be tried next, the likeliest last.
    further: Vec<String>,
}

impl Rewriting<'_> {
    /// The note as it will be: at its new path, with the changes so far.
    fn reparsed(&self, id: usize) -> Arc<Note> {
        let note = &self.before[id];
        let edits = self.edits(id);
        let path = self.step.moved(&note.path);
        if path == note.path && edits.is_empty() {
            return note.clone();
        }
        let text = applied(&note.source, &edits).into();
        let file = SourceFile { path, text, diagnostics: Vec::new() };
        Arc::new(note::parse(&file, self.settings))
    }

    /// The changes of a note in order; links that share a definition share its change.
    fn edits(&self, id: usize) -> Vec<Edit> {
        let changes = self.changes.range((id, 0)..(id + 1, 0));
        let edit = |change: &Change| Edit { span: change.at, text: change.now.clone() };
        let mut edits: Vec<Edit> = changes.map(|(_, change)| edit(change)).collect();
        edits.sort();
        edits.dedup_by_key(|edit| edit.span);
        edits
    }

    /// Writes every wrong link in its next form; says which notes that changes.
    fn try_next(&mut self, wrong: &[(usize, usize)]) -> BTreeSet<usize> {
        let mut touched = BTreeSet::new();
        for same_note in wrong.chunk_by(|left, right| left.0 == right.0) {
            let id = same_note[0].0;
            let places = destinations(&self.before[id], self.settings);
            for place in same_note {
                if self.left.contains(place) {
                    continue;
                }
                let at = places.get(place.1).and_then(Option::as_ref);
                let known = self.changes.remove(place);
                let change = known.or_else(|| self.first_change(*place, at?));
                match change.and_then(next_form) {
                    Some(change) => drop(self.changes.insert(*place, change)),
                    None => drop(self.left.insert(*place)),
                }
                touched.insert(id);
            }
        }
        touched
    }

    /// All forms in which a link can be written, none of them in force.
    fn first_change(&self, (id, index): (usize, usize), at: &Destination) -> Option<Change> {
        let note = &self.before[id];
        let link: &Link = note.head.links.get(index)?;
        let (new, _) = self.led[id][index].place.as_ref()?;
        let from = self.step.moved(&note.path);
        let rewrite = Rewrite {
            written: &link.target,
            is_wiki: link.kind.is_wiki(),
            from: (&note.path, &from),
            to: (&self.led[id][index].old, new),
        };
        let written = note.source.get(at.span.start..at.span.end)?;
        let escape = |target: String| escaped(&target, at.form, written);
        let mut further: Vec<String> = Vec::new();
        for form in candidates(&rewrite).into_iter().filter_map(escape) {
            if form != written && !further.contains(&form) {
                further.push(form);
            }
        }
        further.reverse();
        Some(Change { at: at.span, now: written.to_owned(), further })
    }

    fn relocation(&self) -> Relocation {
        let mut relocation = Relocation::default();
        for (id, note) in self.before.iter().enumerate() {
            let edits = self.edits(id);
            if !edits.is_empty() {
                relocation.edits.insert(self.step.moved(&note.path), edits);
            }
        }
        for (id, index) in &self.left {
            let note = &self.before[*id];
            let span = note.link_spans[*index];
            let written = note.source.get(span.start..span.end).unwrap_or_default().to_owned();
            relocation.left.push((self.step.moved(&note.path), written));
        }
        relocation
    }
}

/// The change with its next form in force, if there is one.
fn next_form(mut change: Change) -> Option<Change> {
    change.now = change.further.pop()?;
    Some(change)
}

/// The edit that lets a link lead to a note or file at this path; `None` where the link's
/// form cannot hold it. Wikilinks name it from the root, others from the note.
pub(crate) fn redirected(
    note: &Note,
    link: &Link,
    at: &Destination,
    target: &str,
) -> Option<Edit> {
    let written = note.source.get(at.span.start..at.span.end)?;
    let path = match link.kind.is_wiki() {
        true if path::is_note(target) => without_extension(target).to_owned(),
        true => target.to_owned(),
        false => path::relative(&note.path, target),
    };
    Some(Edit { span: at.span, text: escaped(&path, at.form, written)? })
}

/// A text with its edits.
pub fn applied(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for Edit { span, text: new } in edits {
        out.push_str(&text[at..span.start]);
        out.push_str(new);
        at = span.end;
    }
    out.push_str(&text[at..]);
    out
}
