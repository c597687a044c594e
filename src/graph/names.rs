//! How a link finds its target: one function, one order of attempts for each form of link.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{About, NoteId, Problem, Target};
use crate::diagnostic::{Code, Diagnostic};
use crate::note::keys::Way;
use crate::note::{Link, LinkKind, Note, is_folder_note};
use crate::path::{self, SitePath, without_extension};
use crate::source::Asset;
use crate::text::fold::{fold, name_key};

mod anchors;
mod suggest;

use anchors::{Anchor, Anchors};
pub(super) use suggest::Suggestions;

/// Every name by which a note, folder or attachment can be linked to.
pub(super) struct Names<'a> {
    notes: &'a [Arc<Note>],
    live: &'a [bool],
    assets: &'a BTreeMap<SitePath, Asset>,
    /// Paths without extension, folded.
    paths: FxHashMap<&'a str, Vec<NoteId>>,
    stems: FxHashMap<&'a str, Vec<NoteId>>,
    aliases: FxHashMap<&'a str, Vec<NoteId>>,
    titles: FxHashMap<&'a str, Vec<NoteId>>,
    folders: FxHashMap<String, SitePath>,
    named_folders: FxHashMap<String, Vec<SitePath>>,
    asset_paths: FxHashMap<String, SitePath>,
    named_assets: FxHashMap<String, Vec<SitePath>>,
    /// The places in notes that links with a fragment lead to, made for the first of them.
    anchors: Vec<OnceLock<Anchors>>,
}

/// How many notes or attachments of one name are told apart by where they lie. More of
/// them are no names; whoever means one writes its path.
const NAMESAKES: usize = 1000;

/// How much is said of the links of one note: more than anyone reads, and less than what
/// would fill the memory.
const PROBLEMS: usize = 100_000;

/// How a name was found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Path,
    Name,
    /// By the name alone; the folders written before it do not lead there.
    Moved,
    Alias,
    Title,
}

enum Found {
    Notes(Vec<NoteId>, How),
    Folder(SitePath),
    Assets(Vec<SitePath>, How),
}

impl<'a> Names<'a> {
    pub(super) fn new(
        notes: &'a [Arc<Note>],
        assets: &'a BTreeMap<SitePath, Asset>,
        live: &'a [bool],
    ) -> Names<'a> {
        let mut names = Names {
            notes,
            live,
            assets,
            paths: FxHashMap::default(),
            stems: FxHashMap::default(),
            aliases: FxHashMap::default(),
            titles: FxHashMap::default(),
            folders: FxHashMap::default(),
            named_folders: FxHashMap::default(),
            asset_paths: FxHashMap::default(),
            named_assets: FxHashMap::default(),
            anchors: std::iter::repeat_with(OnceLock::new).take(notes.len()).collect(),
        };
        let mut folders = FxHashSet::default();
        for (id, note) in notes.iter().enumerate() {
            names.add_note(id, note);
            if live[id] {
                names.add_folders(path::parent(&note.path), &mut folders);
            }
        }
        for asset in assets.keys() {
            names.asset_paths.entry(fold(asset)).or_insert_with(|| asset.clone());
            let name = fold(path::file_name(asset));
            names.named_assets.entry(name).or_default().push(asset.clone());
        }
        names
    }

    fn add_note(&mut self, id: NoteId, note: &'a Note) {
        self.paths.entry(&note.keys.path).or_default().push(id);
        self.stems.entry(&note.keys.stem).or_default().push(id);
        for alias in &note.keys.aliases {
            self.aliases.entry(alias).or_default().push(id);
        }
        self.titles.entry(&note.keys.title).or_default().push(id);
    }

    /// Adds a folder and those round it, unless they are `known`.
    fn add_folders(&mut self, mut folder: &'a str, known: &mut FxHashSet<&'a str>) {
        while !folder.is_empty() && known.insert(folder) {
            if self.folders.insert(fold(folder), folder.to_owned()).is_some() {
                break;
            }
            let name = fold(path::file_name(folder));
            self.named_folders.entry(name).or_default().push(folder.to_owned());
            folder = path::parent(folder);
        }
    }

    /// Where all links of a note lead, and what is wrong with them.
    pub(super) fn resolve_all(&self, id: NoteId, note: &Note) -> (Vec<Target>, Vec<Problem>) {
        let mut problems = Vec::new();
        let targets = note.head.links.iter().enumerate().map(|(index, link)| {
            let mut report = |finding: Diagnostic| {
                if problems.len() < PROBLEMS {
                    problems.push(Problem { note: id, about: About::Link(index), finding });
                }
            };
            self.resolve(id, note, link, &note.keys.links[index], &mut report)
        });
        (targets.collect(), problems)
    }

    fn resolve(
        &self,
        from: NoteId,
        note: &Note,
        link: &Link,
        way: &Way,
        report: &mut dyn FnMut(Diagnostic),
    ) -> Target {
        if link.target.is_empty() {
            return self.to_note(from, link, How::Path, note, report);
        }
        if let Some(id) = self.only_one(way) {
            return self.to_note(id, link, How::Path, note, report);
        }
        match self.find(&note.path, link) {
            Some(Found::Notes(ids, how)) => {
                let id = self.nearest_note(&ids, note, link, report);
                say_how(how, note, link, &self.notes[id].path, report);
                self.to_note(id, link, how, note, report)
            }
            Some(Found::Folder(folder)) => to_folder(folder, note, link, report),
            Some(Found::Assets(assets, how)) => {
                let asset = nearest_asset(&assets, note, link, report);
                say_how(how, note, link, asset, report);
                if self.assets[asset].is_active {
                    report(active(note, asset));
                }
                Target::Asset(asset.clone(), link.fragment.clone().unwrap_or_default())
            }
            None => {
                report(broken(note, link));
                Target::Broken
            }
        }
    }

    /// What most links mean, without any attempt: the only note at the path that is tried
    /// first, or the only note or file of a name. The same as [`Names::find`] would find.
    fn only_one(&self, way: &Way) -> Option<NoteId> {
        let only = |ids: Option<&Vec<NoteId>>| match ids.map(Vec::as_slice) {
            Some([id]) => Some(*id),
            _ => None,
        };
        if way.key.is_empty() {
            return None;
        }
        if let Some(id) = only(self.paths.get(way.key.as_str())) {
            return Some(id);
        }
        let is_name = way.is_name && !self.named_assets.contains_key(&way.key);
        if is_name { only(self.stems.get(way.key.as_str())) } else { None }
    }

    fn find(&self, from: &str, link: &Link) -> Option<Found> {
        let target = link.target.trim();
        if link.kind.is_wiki() {
            self.find_wiki(from, target)
        } else {
            self.find_markdown(from, target)
        }
    }

    /// Path from the root, path from the note, file name, alias, title, folder.
    fn find_wiki(&self, from: &str, target: &str) -> Option<Found> {
        let from_root = path::join("", target);
        let from_note = path::join(path::parent(from), target);
        let ways: Vec<String> = [from_root, from_note]
            .into_iter()
            .flatten()
            .filter(|way| !way.is_empty())
            .collect();
        let by_path =
            ways.iter().find_map(|way| self.note_at(way).or_else(|| self.asset_at(way)));
        by_path
            .or_else(|| self.by_name(target, NAMESAKES))
            .or_else(|| named(&self.aliases, target, How::Alias))
            .or_else(|| named(&self.titles, target, How::Title))
            .or_else(|| ways.iter().find_map(|way| self.folder_at(way)))
            .or_else(|| self.folder_named(target))
    }

    /// Path from the note, path from the root, path from the note's page, file name if only
    /// one file has it.
    fn find_markdown(&self, from: &str, target: &str) -> Option<Found> {
        let rooted = target.starts_with('/');
        let from_note = if rooted { None } else { path::join(path::parent(from), target) };
        let from_root = path::join("", target);
        let at_path = |way: String| {
            let file = self.note_at(&way).or_else(|| self.asset_at(&way));
            file.or_else(|| self.folder_at(&way)).or_else(|| self.page_at(&way))
        };
        // Tools whose pages are folders (`a.md` becomes `a/`) have links to addresses.
        let is_address = target.starts_with("../") && !path::is_note(target);
        let from_page = || {
            let page = without_extension(from);
            is_address.then(|| path::join(page, target)).flatten().and_then(at_path)
        };
        from_note
            .and_then(at_path)
            .or_else(|| from_root.and_then(at_path))
            .or_else(from_page)
            .or_else(|| self.by_name(target, 1))
    }

    fn note_at(&self, way: &str) -> Option<Found> {
        let bare = without_extension(way);
        let ids = self.paths.get(fold(bare).as_str())?;
        // A note of exactly this case and ending stands before its namesakes.
        let path = |id: &NoteId| self.notes[*id].path.as_str();
        let exact = ids
            .iter()
            .find(|id| path(id) == way)
            .or_else(|| ids.iter().find(|id| without_extension(path(id)) == bare));
        Some(Found::Notes(exact.map_or_else(|| ids.clone(), |id| vec![*id]), How::Path))
    }

    fn asset_at(&self, way: &str) -> Option<Found> {
        let same = || self.asset_paths.get(&fold(way)).cloned();
        let asset = self.assets.contains_key(way).then(|| way.to_owned()).or_else(same)?;
        Some(Found::Assets(vec![asset], How::Path))
    }

    /// A folder means its own note, else its generated page.
    fn folder_at(&self, way: &str) -> Option<Found> {
        if let Some(id) = self.folder_note(way) {
            return Some(Found::Notes(vec![id], How::Path));
        }
        if way.is_empty() {
            return Some(Found::Folder(String::new()));
        }
        self.folders.get(&fold(way)).map(|folder| Found::Folder(folder.clone()))
    }

    /// The note that is a folder's own page: `index.md`, `_index.md` or `README.md`; one
    /// that is published before one that is not.
    fn folder_note(&self, folder: &str) -> Option<NoteId> {
        let own = |name: &str| {
            let way =
                if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            self.paths.get(fold(&way).as_str()).map(Vec::as_slice).unwrap_or_default()
        };
        let all = ["index", "_index", "readme"].map(own).into_iter().flatten();
        all.clone().find(|id| self.live[**id]).or_else(|| all.clone().next()).copied()
    }

    /// `a.html` means the page that `a.md` becomes.
    fn page_at(&self, way: &str) -> Option<Found> {
        let bare = way.strip_suffix(".html").or_else(|| way.strip_suffix(".htm"))?;
        let folder = if bare == "index" { Some("") } else { bare.strip_suffix("/index") };
        self.note_at(bare).or_else(|| self.folder_at(folder?))
    }

    /// By the name of a file anywhere: `b/c` finds `a/b/c.md`, and what was moved since.
    /// Of more than `most` files of the name none is meant.
    fn by_name(&self, target: &str, most: usize) -> Option<Found> {
        let parts = target.split('/').filter(|part| !matches!(*part, "" | "." | ".."));
        let written = parts.collect::<Vec<_>>().join("/");
        let bare = without_extension(&written);
        let notes = called(&self.stems, path::file_name(bare));
        let ends = alike(notes, |id| without_extension(&self.notes[*id].path), bare);
        // A way that leads upwards names one place; what lies elsewhere is not there.
        let how = if target.starts_with("../") { How::Moved } else { How::Name };
        if (1..=most).contains(&self.count_live(&ends)) {
            return Some(Found::Notes(ends, how));
        }
        let assets = called(&self.named_assets, path::file_name(&written));
        let ending = alike(assets, |asset| asset.as_str(), &written);
        if (1..=most).contains(&ending.len()) {
            return Some(Found::Assets(ending, how));
        }
        if !written.contains('/') {
            return None;
        }
        // The own note of another folder is no stand-in for that of a missing one.
        if !is_folder_note(&written) && (1..=most).contains(&self.count_live(notes)) {
            return Some(Found::Notes(notes.to_vec(), How::Moved));
        }
        (1..=most).contains(&assets.len()).then(|| Found::Assets(assets.to_vec(), How::Moved))
    }

    /// How many of these notes a link can mean: the published ones, else all.
    fn count_live(&self, ids: &[NoteId]) -> usize {
        match ids.iter().filter(|id| self.live[**id]).count() {
            0 => ids.len(),
            live => live,
        }
    }

    fn folder_named(&self, target: &str) -> Option<Found> {
        let folders = self.named_folders.get(&fold(target.trim_matches('/')))?;
        self.folder_at(folders.first()?)
    }

    /// An attachment by a path or name written outside a link.
    pub(super) fn asset(&self, from: &str, written: &str) -> Option<SitePath> {
        match self.find_markdown(from, &path::decode(written))? {
            Found::Assets(assets, _) => assets.into_iter().next(),
            Found::Notes(..) | Found::Folder(_) => None,
        }
    }

    /// Of several notes the nearest in the tree; among equals the smallest path.
    fn nearest_note(
        &self,
        ids: &[NoteId],
        note: &Note,
        link: &Link,
        report: &mut dyn FnMut(Diagnostic),
    ) -> NoteId {
        if let [only] = ids {
            return *only;
        }
        let is_any_live = ids.iter().any(|id| self.live[*id]);
        let mut candidates: Vec<(usize, NoteId)> = ids
            .iter()
            .filter(|id| self.live[**id] || !is_any_live)
            .map(|id| (tree_steps(&note.path, &self.notes[*id].path), *id))
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        if candidates.len() > 1 {
            let paths: Vec<&str> = candidates
                .iter()
                .take(4)
                .map(|(_, id)| self.notes[*id].path.as_str())
                .collect();
            report(ambiguous(note, link, &paths));
        }
        candidates[0].1
    }

    fn to_note(
        &self,
        id: NoteId,
        link: &Link,
        how: How,
        note: &Note,
        report: &mut dyn FnMut(Diagnostic),
    ) -> Target {
        let target = &self.notes[id];
        if !self.live[id] && !link.target.is_empty() {
            let message =
                format!("{} is not published; the link is shown as text", target.path);
            report(finding(Code::UnpublishedLink, note, message));
            return Target::Unpublished(id);
        }
        let by_name = matches!(how, How::Path | How::Name | How::Moved);
        let fragment = link.fragment.as_deref().unwrap_or_default();
        match self.anchor(id, fragment) {
            Anchor::Found(anchor) => Target::Note { id, anchor, by_name },
            Anchor::WrongPath(anchor) => {
                let message = format!(
                    "{} has no such path of headings; its last part was taken",
                    target.path
                );
                report(finding(Code::HeadingPath, note, message));
                Target::Note { id, anchor, by_name }
            }
            Anchor::Missing => {
                report(anchors::missing(note, target, fragment));
                Target::Note { id, anchor: String::new(), by_name }
            }
        }
    }

    fn anchor(&self, id: NoteId, fragment: &str) -> Anchor {
        if fragment.is_empty() {
            return Anchor::Found(String::new());
        }
        let head = &self.notes[id].head;
        self.anchors[id].get_or_init(|| Anchors::new(head)).find(head, fragment)
    }
}

/// What is said of a link that leads nowhere; what was perhaps meant is added later.
fn broken(note: &Note, link: &Link) -> Diagnostic {
    let outside = path::join("", &link.target).is_none()
        && path::join(path::parent(&note.path), &link.target).is_none();
    if outside {
        let message = format!("“{}” leads out of the folder of notes", link.target);
        return finding(broken_code(link), note, message)
            .with_help("move the file into the folder, or link to its address on the web");
    }
    let what = match link.kind {
        LinkKind::Image => "there is no file",
        LinkKind::Embed | LinkKind::Markdown => "there is no note or file",
        LinkKind::Wiki | LinkKind::Property => "no note is called",
    };
    finding(broken_code(link), note, format!("{what} “{}”", link.target))
}

/// Reports what was found in a way that other programs do not go.
fn say_how(
    how: How,
    note: &Note,
    link: &Link,
    found: &str,
    report: &mut dyn FnMut(Diagnostic),
) {
    match how {
        How::Title if link.kind.is_wiki() => report(by_title(note, link, found)),
        How::Moved => report(moved(note, link, found)),
        How::Title | How::Path | How::Name | How::Alias => {}
    }
}

fn to_folder(
    folder: SitePath,
    note: &Note,
    link: &Link,
    report: &mut dyn FnMut(Diagnostic),
) -> Target {
    let fragment = link.fragment.as_deref().unwrap_or_default();
    if !matches!(fragment, "" | "top") {
        let page = match &*folder {
            "" => "the home page".to_owned(),
            folder => format!("the page of the folder {folder}"),
        };
        let message = format!("{page} has no heading “{fragment}”");
        report(finding(Code::BrokenAnchor, note, message));
    }
    Target::Folder(folder)
}

fn nearest_asset<'a>(
    assets: &'a [SitePath],
    note: &Note,
    link: &Link,
    report: &mut dyn FnMut(Diagnostic),
) -> &'a SitePath {
    if let [only] = assets {
        return only;
    }
    let mut nearest: Vec<&SitePath> = assets.iter().collect();
    nearest.sort_by_key(|asset| (tree_steps(&note.path, asset), asset.as_str()));
    let paths: Vec<&str> = nearest.iter().take(4).map(|asset| asset.as_str()).collect();
    report(ambiguous(note, link, &paths));
    nearest[0]
}

fn ambiguous(note: &Note, link: &Link, paths: &[&str]) -> Diagnostic {
    let message =
        format!("“{}” could be {} or {}", link.target, paths[0], paths[1..].join(", "));
    let help =
        format!("the nearest was taken; write [[{}]] to be exact", without_extension(paths[0]));
    finding(Code::AmbiguousLink, note, message).with_help(help)
}

fn by_title(note: &Note, link: &Link, found: &str) -> Diagnostic {
    let message = format!(
        "“{}” is a title; Obsidian finds notes by file name and alias only",
        link.target
    );
    let target = without_extension(path::file_name(found));
    finding(Code::LinkByTitle, note, message).with_help(format!(
        "write [[{target}|{}]], or add the title to the note's `aliases`",
        link.target
    ))
}

fn moved(note: &Note, link: &Link, found: &str) -> Diagnostic {
    let message = format!(
        "there is nothing at “{}”; {found} has the same name and was taken",
        link.target
    );
    let help = if link.kind.is_wiki() {
        format!("write [[{}]]", without_extension(found))
    } else {
        format!("write `{}`", path::relative(&note.path, found))
    };
    finding(Code::MovedTarget, note, message).with_help(help)
}

fn active(note: &Note, asset: &str) -> Diagnostic {
    let how = if path::is_active(&path::extension(asset)) { "as text" } else { "without them" };
    let message = format!("{asset} could run scripts; it is published {how}");
    finding(Code::UnsafeFile, note, message)
}

fn named(names: &FxHashMap<&str, Vec<NoteId>>, target: &str, how: How) -> Option<Found> {
    let ids = names.get(fold(without_extension(target)).as_str())?;
    Some(Found::Notes(ids[..ids.len().min(NAMESAKES)].to_vec(), how))
}

fn finding(code: Code, note: &Note, message: String) -> Diagnostic {
    Diagnostic::new(code, &note.path, 0..0, message)
}

fn broken_code(link: &Link) -> Code {
    if link.kind.is_embed() { Code::BrokenEmbed } else { Code::BrokenLink }
}

/// What has a name, in any case and width.
fn called<'n, K, T>(names: &'n FxHashMap<K, Vec<T>>, name: &str) -> &'n [T]
where
    K: Borrow<str> + Eq + Hash,
{
    let all = names.get(fold(name).as_str()).map(Vec::as_slice).unwrap_or_default();
    &all[..all.len().min(NAMESAKES)]
}

/// Those whose paths end in the parts written; of the right width before of any.
fn alike<'p, T: Clone>(all: &'p [T], path: impl Fn(&'p T) -> &'p str, written: &str) -> Vec<T> {
    let ending = |key: fn(&str) -> String| -> Vec<T> {
        let wanted = key(written);
        all.iter().filter(|item| ends_with(&key(path(item)), &wanted)).cloned().collect()
    };
    let narrow = ending(name_key);
    if narrow.is_empty() { ending(fold) } else { narrow }
}

/// Whether a path ends in these whole parts.
fn ends_with(path: &str, parts: &str) -> bool {
    path.strip_suffix(parts).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// How many steps lead from one file's folder to another's.
fn tree_steps(from: &str, to: &str) -> usize {
    let parts = |path: &'_ str| path.matches('/').count();
    let (from_folder, to_folder) = (path::parent(from), path::parent(to));
    let shared = from_folder
        .split('/')
        .zip(to_folder.split('/'))
        .take_while(|(left, right)| left == right && !left.is_empty())
        .count();
    parts(from) + parts(to) - 2 * shared
}
