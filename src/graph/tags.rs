//! Topics: which notes carry them, how they nest, which stand together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{About, NoteId, Problem};
use crate::diagnostic::{Code, Diagnostic};
use crate::note::Note;
use crate::text::collate::{SortKey, sort_key};
use crate::text::fold::{fold, name_key};
use crate::text::slug::slug;

/// A topic's index into the site's topics, which are in reading order.
pub type TagId = usize;

/// All topics of a site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tags {
    /// The topics: parents before children, siblings by pinyin.
    pub all: Vec<Tag>,
    /// Topics by folded name.
    by_key: BTreeMap<String, TagId>,
    /// Every note's topics, in the order written.
    pub of_note: Vec<Vec<TagId>>,
}

/// A topic.
#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    /// Its whole name as first written: `网络/服务`.
    pub name: String,
    /// The address of its page.
    pub url: String,
    /// The notes that carry it or a topic inside it, by path.
    pub notes: Vec<NoteId>,
    /// The topic it lies in.
    pub parent: Option<TagId>,
    /// How deep it lies, from 0.
    pub depth: usize,
    /// The note whose address is the topic's: it describes it.
    pub described_by: Option<NoteId>,
}

impl Tag {
    /// The last part of its name.
    pub fn last_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }
}

impl Tags {
    /// The topic of a name in any width and case.
    pub fn find(&self, name: &str) -> Option<TagId> {
        self.by_key.get(&key(name)).copied()
    }
}

/// The folded name of a topic; blanks round its parts do not count.
pub fn key(name: &str) -> String {
    fold(&parts(name).collect::<Vec<_>>().join("/"))
}

fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split('/').map(str::trim).filter(|part| !part.is_empty()).take(MAX_DEPTH)
}

struct Gathered {
    name: String,
    notes: Vec<NoteId>,
}

/// How deep topics nest; what is written deeper belongs to the topic at this depth.
const MAX_DEPTH: usize = 12;

/// Gathers the topics of all live notes, and what is wrong with them; `urls` are the notes' addresses.
pub(super) fn collect(
    notes: &[Arc<Note>],
    live: &[bool],
    urls: &[String],
) -> (Tags, Vec<Problem>) {
    let mut gathered: BTreeMap<String, Gathered> = BTreeMap::new();
    for (tag, notes) in spellings(notes, live) {
        add(&mut gathered, tag, &notes);
    }
    for topic in gathered.values_mut() {
        topic.notes.sort_unstable();
        topic.notes.dedup();
    }
    let mut tags = arranged(gathered);
    tags.of_note = own_tags(&tags, notes, live);
    let problems = make_addresses(&mut tags, notes);
    find_descriptions(&mut tags, live, urls);
    (tags, problems)
}

/// Every tag as written, in the order met, with the live notes that write it so.
fn spellings<'a>(notes: &'a [Arc<Note>], live: &[bool]) -> Vec<(&'a str, Vec<NoteId>)> {
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    let mut spellings: Vec<(&str, Vec<NoteId>)> = Vec::new();
    for (id, note) in notes.iter().enumerate().filter(|(id, _)| live[*id]) {
        for tag in &note.head.tags {
            let place = *places.entry(tag).or_insert(spellings.len());
            if place == spellings.len() {
                spellings.push((tag, Vec::new()));
            }
            spellings[place].1.push(id);
        }
    }
    spellings
}

/// Adds notes to a topic and to all that the topic lies in.
fn add(gathered: &mut BTreeMap<String, Gathered>, tag: &str, notes: &[NoteId]) {
    let mut name = String::new();
    for part in parts(tag) {
        if !name.is_empty() {
            name.push('/');
        }
        name.push_str(part);
        let topic = gathered
            .entry(key(&name))
            .or_insert_with(|| Gathered { name: name.clone(), notes: Vec::new() });
        topic.notes.extend_from_slice(notes);
    }
}

fn arranged(gathered: BTreeMap<String, Gathered>) -> Tags {
    let order = |key: &String, tag: &Gathered| -> Vec<(SortKey, String)> {
        let names = tag.name.split('/').map(sort_key);
        names.zip(key.split('/').map(str::to_owned)).collect()
    };
    let mut rows: Vec<_> =
        gathered.into_iter().map(|(key, tag)| (order(&key, &tag), key, tag)).collect();
    rows.sort_by(|left, right| left.0.cmp(&right.0));
    let by_key: BTreeMap<String, TagId> =
        rows.iter().enumerate().map(|(id, row)| (row.1.clone(), id)).collect();
    let all = rows.into_iter().map(|(_, key, tag)| Tag {
        parent: key.rsplit_once('/').and_then(|(parent, _)| by_key.get(parent).copied()),
        depth: key.matches('/').count(),
        name: tag.name,
        url: String::new(),
        notes: tag.notes,
        described_by: None,
    });
    Tags { all: all.collect(), by_key, of_note: Vec::new() }
}

/// Every note's topics, each once, in the order written.
fn own_tags(tags: &Tags, notes: &[Arc<Note>], live: &[bool]) -> Vec<Vec<TagId>> {
    let mut known: FxHashMap<&str, Option<TagId>> = FxHashMap::default();
    let mut of_note = vec![Vec::new(); notes.len()];
    for (id, note) in notes.iter().enumerate().filter(|(id, _)| live[*id]) {
        let mut seen = BTreeSet::new();
        let found = note
            .head
            .tags
            .iter()
            .filter_map(|tag| *known.entry(tag).or_insert_with(|| tags.find(tag)));
        of_note[id] = found.filter(|tag| seen.insert(*tag)).collect();
    }
    of_note
}

/// Gives every topic its page. Two that slug alike are reported, and the later one in
/// order gets an address of its own.
fn make_addresses(tags: &mut Tags, notes: &[Arc<Note>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut taken: BTreeMap<String, TagId> = BTreeMap::new();
    for id in 0..tags.all.len() {
        if tags.all[id].name.eq_ignore_ascii_case("index") {
            // The list of all topics lies there.
            "tags/index-topic.html".clone_into(&mut tags.all[id].url);
            continue;
        }
        let parts = slugged(&tags.all[id].name);
        let mut url = format!("tags/{}.html", parts.join("/"));
        if let Some(other) = taken.get(&fold(&url)) {
            let (name, other) = (tags.all[id].name.clone(), tags.all[*other].name.clone());
            let note = tags.all[id].notes[0];
            let message =
                format!("the topics “{other}” and “{name}” want the same address {url}");
            let finding = Diagnostic::new(Code::DuplicateTag, &notes[note].path, 0..0, message);
            problems.push(Problem {
                note,
                about: About::Tag(name.clone()),
                finding: finding.with_help("write them alike, or give one another name"),
            });
            let hash = blake3::hash(name.as_bytes()).to_hex();
            url = format!("tags/{}-{}.html", parts.join("/"), &hash[..8]);
        }
        taken.insert(fold(&url), id);
        tags.all[id].url = url;
    }
    problems
}

/// The parts of a topic's address. What ends like a page is no folder: the page of the
/// topic `a` would stand where the folder of `a.html/b` has to be.
fn slugged(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = name.split('/').map(slug).collect();
    let last = parts.len() - 1;
    for part in &mut parts[..last] {
        for ending in [".html", ".xml"] {
            if let Some(stem) = part.strip_suffix(ending) {
                *part = format!("{stem}-{}", &ending[1..]);
            }
        }
    }
    parts
}

/// A note at a topic's address describes the topic.
fn find_descriptions(tags: &mut Tags, live: &[bool], urls: &[String]) {
    let below = |id: &NoteId| live[*id] && urls[*id].starts_with("tags/");
    let notes: BTreeMap<String, NoteId> =
        (0..urls.len()).filter(below).map(|id| (name_key(&urls[id]), id)).collect();
    for tag in &mut tags.all {
        if let Some(note) = notes.get(&name_key(&tag.url)) {
            tag.described_by = Some(*note);
            tag.url.clone_from(&urls[*note]);
        }
    }
}

/// Topics that stand on notes with this one, the most frequent first, with how often.
pub fn related(tags: &Tags, id: TagId) -> Vec<(TagId, usize)> {
    let mut counts: BTreeMap<TagId, usize> = BTreeMap::new();
    for note in &tags.all[id].notes {
        for other in &tags.of_note[*note] {
            *counts.entry(*other).or_default() += 1;
        }
    }
    let is_family = |other: TagId| {
        let (a, b) = (&tags.all[other].name, &tags.all[id].name);
        other == id
            || key(a).starts_with(&format!("{}/", key(b)))
            || key(b).starts_with(&format!("{}/", key(a)))
    };
    let mut found: Vec<_> =
        counts.into_iter().filter(|(other, _)| !is_family(*other)).collect();
    found.sort_by_key(|(other, count)| (std::cmp::Reverse(*count), *other));
    found
}
