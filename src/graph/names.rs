//! How a link finds its target: one function, one order of attempts for each form of link.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{About, NoteId, Problem, Target};
use crate::config::nearest;
use crate::diagnostic::{Code, Diagnostic};
use crate::note::{Link, LinkKind, Note, is_folder_note};
use crate::path::{self, SitePath};
use crate::source::Asset;
use crate::text::fold::{fold, heading_key};

/// Every name by which a note, folder or attachment can be linked to.
pub(super) struct Names<'a> {
    notes: &'a [Arc<Note>],
    live: &'a [bool],
    assets: &'a BTreeMap<SitePath, Asset>,
    /// Paths without extension, folded.
    paths: FxHashMap<String, Vec<NoteId>>,
    stems: FxHashMap<String, Vec<NoteId>>,
    aliases: FxHashMap<String, Vec<NoteId>>,
    titles: FxHashMap<String, Vec<NoteId>>,
    folders: FxHashMap<String, SitePath>,
    folder_names: FxHashMap<String, Vec<SitePath>>,
    asset_paths: FxHashMap<String, SitePath>,
    asset_names: FxHashMap<String, Vec<SitePath>>,
}

/// How a name was found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Path,
    Name,
    Alias,
    Title,
}

enum Found {
    Notes(Vec<NoteId>, How),
    Folder(SitePath),
    Asset(SitePath),
    Outside,
    Nothing,
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
            folder_names: FxHashMap::default(),
            asset_paths: FxHashMap::default(),
            asset_names: FxHashMap::default(),
        };
        for (id, note) in notes.iter().enumerate() {
            names.add_note(id, note);
        }
        for asset in assets.keys() {
            names.asset_paths.entry(fold(asset)).or_insert_with(|| asset.clone());
            names
                .asset_names
                .entry(fold(path::file_name(asset)))
                .or_default()
                .push(asset.clone());
        }
        names
    }

    fn add_note(&mut self, id: NoteId, note: &Note) {
        let bare = without_extension(&note.path);
        self.paths.entry(fold(bare)).or_default().push(id);
        self.stems.entry(fold(path::stem(&note.path))).or_default().push(id);
        for alias in &note.head.aliases {
            self.aliases.entry(fold(alias)).or_default().push(id);
        }
        self.titles.entry(fold(&note.head.title)).or_default().push(id);
        let mut folder = path::parent(&note.path);
        while !folder.is_empty() {
            if self.folders.insert(fold(folder), folder.to_owned()).is_some() {
                break;
            }
            self.folder_names
                .entry(fold(path::file_name(folder)))
                .or_default()
                .push(folder.to_owned());
            folder = path::parent(folder);
        }
    }

    /// Where all links of a note lead, and what is wrong with them.
    pub(super) fn resolve_all(&self, id: NoteId, note: &Note) -> (Vec<Target>, Vec<Problem>) {
        let mut problems = Vec::new();
        let targets = note.head.links.iter().enumerate().map(|(index, link)| {
            let mut report = |finding: Diagnostic| {
                problems.push(Problem { note: id, about: About::Link(index), finding });
            };
            self.resolve(id, note, link, &mut report)
        });
        (targets.collect(), problems)
    }

    fn resolve(
        &self,
        from: NoteId,
        note: &Note,
        link: &Link,
        report: &mut dyn FnMut(Diagnostic),
    ) -> Target {
        if link.target.is_empty() {
            return self.to_note(from, link, How::Path, note, report);
        }
        match self.find(&note.path, link) {
            Found::Notes(ids, how) => {
                let id = self.choose(&ids, note, link, report);
                if how == How::Title && link.kind.is_wiki() {
                    report(self.by_title(note, link, id));
                }
                self.to_note(id, link, how, note, report)
            }
            Found::Folder(folder) => {
                if let Some(fragment) = link
                    .fragment
                    .as_deref()
                    .filter(|fragment| !fragment.is_empty() && *fragment != "top")
                {
                    let message =
                        format!("the page of the folder {folder} has no heading “{fragment}”");
                    report(finding(Code::BrokenAnchor, note, message));
                }
                Target::Folder(folder)
            }
            Found::Asset(asset) => {
                Target::Asset(asset, link.fragment.clone().unwrap_or_default())
            }
            Found::Outside => {
                let message = format!("“{}” leads out of the folder of notes", link.target);
                report(finding(broken_code(link), note, message).with_help(
                    "move the file into the folder, or link to its address on the web",
                ));
                Target::Broken
            }
            Found::Nothing => {
                report(self.broken(note, link));
                Target::Broken
            }
        }
    }

    fn find(&self, from: &str, link: &Link) -> Found {
        let target = link.target.trim();
        if link.kind.is_wiki() {
            self.find_wiki(from, target)
        } else {
            self.find_markdown(from, target)
        }
    }

    /// Path from the root, path from the note, file name, alias, title, folder.
    fn find_wiki(&self, from: &str, target: &str) -> Found {
        let from_root = path::join("", target);
        let from_note = path::join(path::parent(from), target);
        if from_root.is_none() && from_note.is_none() {
            return Found::Outside;
        }
        let ways: Vec<String> = [from_root, from_note]
            .into_iter()
            .flatten()
            .filter(|way| !way.is_empty())
            .collect();
        let by_path =
            ways.iter().find_map(|way| self.note_at(way).or_else(|| self.asset_at(way)));
        by_path
            .or_else(|| self.by_name(target))
            .or_else(|| named(&self.aliases, target, How::Alias))
            .or_else(|| named(&self.titles, target, How::Title))
            .or_else(|| ways.iter().find_map(|way| self.folder_at(way)))
            .or_else(|| self.folder_named(target))
            .unwrap_or(Found::Nothing)
    }

    /// Path from the note, path from the root, file name.
    fn find_markdown(&self, from: &str, target: &str) -> Found {
        let rooted = target.starts_with('/');
        let from_note = if rooted { None } else { path::join(path::parent(from), target) };
        let from_root = path::join("", target);
        if from_note.is_none() && from_root.is_none() {
            return Found::Outside;
        }
        let ways: Vec<String> = [from_note, from_root].into_iter().flatten().collect();
        let at_path = |way: &String| {
            let file = self.note_at(way).or_else(|| self.asset_at(way));
            file.or_else(|| self.folder_at(way)).or_else(|| self.page_at(way))
        };
        ways.iter()
            .find_map(at_path)
            .or_else(|| self.by_name(target.trim_end_matches('/')))
            .unwrap_or(Found::Nothing)
    }

    fn note_at(&self, way: &str) -> Option<Found> {
        let way = if path::is_note(way) { without_extension(way) } else { way };
        let ids = self.paths.get(&fold(way))?;
        // A note of exactly this case stands before its namesakes.
        let exact = ids.iter().find(|id| without_extension(&self.notes[**id].path) == way);
        Some(Found::Notes(exact.map_or_else(|| ids.clone(), |id| vec![*id]), How::Path))
    }

    fn asset_at(&self, way: &str) -> Option<Found> {
        if self.assets.contains_key(way) {
            return Some(Found::Asset(way.to_owned()));
        }
        self.asset_paths.get(&fold(way)).map(|path| Found::Asset(path.clone()))
    }

    /// A folder means its own note, else its generated page.
    fn folder_at(&self, way: &str) -> Option<Found> {
        let folder =
            if way.is_empty() { String::new() } else { self.folders.get(&fold(way))?.clone() };
        Some(match self.folder_note(&folder) {
            Some(id) => Found::Notes(vec![id], How::Path),
            None => Found::Folder(folder),
        })
    }

    /// The note that is a folder's own page: `index.md`, `_index.md` or `README.md`.
    pub(super) fn folder_note(&self, folder: &str) -> Option<NoteId> {
        ["index", "_index", "readme"].iter().find_map(|name| {
            let way =
                if folder.is_empty() { (*name).to_owned() } else { format!("{folder}/{name}") };
            self.paths.get(&fold(&way))?.iter().copied().find(|id| self.live[*id])
        })
    }

    /// `a.html` means the page that `a.md` becomes.
    fn page_at(&self, way: &str) -> Option<Found> {
        let bare = way.strip_suffix(".html").or_else(|| way.strip_suffix(".htm"))?;
        self.note_at(bare).or_else(|| self.folder_at(bare.strip_suffix("/index")?))
    }

    fn by_name(&self, target: &str) -> Option<Found> {
        let target = target.trim_start_matches("./");
        let name = path::file_name(target);
        let bare = if path::is_note(name) { path::stem(name) } else { name };
        let wanted =
            fold(if path::is_note(target) { without_extension(target) } else { target });
        if !bare.is_empty()
            && let Some(ids) = self.stems.get(&fold(bare))
        {
            let ids: Vec<NoteId> =
                ids.iter().copied().filter(|id| self.ends_with(*id, &wanted)).collect();
            if !ids.is_empty() {
                return Some(Found::Notes(ids, How::Name));
            }
        }
        let assets = self.asset_names.get(&fold(name))?;
        let wanted = fold(target.trim_start_matches("../").trim_start_matches('/'));
        let asset = assets
            .iter()
            .find(|asset| fold(asset).ends_with(&wanted))
            .or_else(|| assets.first())?;
        Some(Found::Asset(asset.clone()))
    }

    /// Whether a note's path ends in the written one: `b/c` finds `a/b/c.md`.
    fn ends_with(&self, id: NoteId, wanted: &str) -> bool {
        let path = fold(without_extension(&self.notes[id].path));
        let wanted = wanted.trim_start_matches("../").trim_matches('/');
        let name = wanted.rsplit('/').next().unwrap_or(wanted);
        // The own note of another folder is no stand-in for that of a missing one.
        let is_free = !is_folder_note(&path) && !self.is_known_folder(wanted);
        path == wanted
            || path.ends_with(&format!("/{wanted}"))
            || is_free && !wanted.is_empty() && path.ends_with(&format!("/{name}"))
            || path == name && !is_folder_note(&path)
    }

    fn is_known_folder(&self, wanted: &str) -> bool {
        let folder = path::parent(wanted);
        !folder.is_empty() && self.folders.contains_key(folder)
    }

    fn folder_named(&self, target: &str) -> Option<Found> {
        let folders = self.folder_names.get(&fold(target.trim_matches('/')))?;
        self.folder_at(folders.first()?)
    }

    /// An attachment by a path or name written outside a link.
    pub(super) fn asset(&self, from: &str, written: &str) -> Option<SitePath> {
        match self.find_markdown(from, &path::decode(written)) {
            Found::Asset(asset) => Some(asset),
            Found::Notes(..) | Found::Folder(_) | Found::Outside | Found::Nothing => None,
        }
    }

    /// Of several notes the nearest in the tree; among equals the smallest path.
    fn choose(
        &self,
        ids: &[NoteId],
        note: &Note,
        link: &Link,
        report: &mut dyn FnMut(Diagnostic),
    ) -> NoteId {
        let mut candidates: Vec<NoteId> =
            ids.iter().copied().filter(|id| self.live[*id]).collect();
        if candidates.is_empty() {
            candidates = ids.to_vec();
        }
        candidates.dedup();
        let steps = |id: &NoteId| (tree_steps(&note.path, &self.notes[*id].path), *id);
        candidates.sort_by_key(steps);
        let chosen = candidates[0];
        if candidates.len() > 1 {
            let others: Vec<&str> = candidates[1..]
                .iter()
                .take(3)
                .map(|id| self.notes[*id].path.as_str())
                .collect();
            let message = format!(
                "“{}” could be {} or {}",
                link.target,
                self.notes[chosen].path,
                others.join(", ")
            );
            let help = format!(
                "the nearest was taken; write [[{}]] to be exact",
                without_extension(&self.notes[chosen].path)
            );
            report(finding(Code::AmbiguousLink, note, message).with_help(help));
        }
        chosen
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
        let by_name = matches!(how, How::Path | How::Name);
        match anchor(target, link.fragment.as_deref().unwrap_or_default()) {
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
                report(missing_anchor(
                    note,
                    target,
                    link.fragment.as_deref().unwrap_or_default(),
                ));
                Target::Note { id, anchor: String::new(), by_name }
            }
        }
    }

    fn by_title(&self, note: &Note, link: &Link, id: NoteId) -> Diagnostic {
        let message = format!(
            "“{}” is a title; Obsidian finds notes by file name and alias only",
            link.target
        );
        let target = without_extension(path::file_name(&self.notes[id].path));
        finding(Code::LinkByTitle, note, message).with_help(format!(
            "write [[{target}|{}]], or add the title to the note's `aliases`",
            link.target
        ))
    }

    fn broken(&self, note: &Note, link: &Link) -> Diagnostic {
        let what = match link.kind {
            LinkKind::Image => "there is no file",
            LinkKind::Embed => "there is no note or file",
            LinkKind::Wiki | LinkKind::Property => "no note is called",
            LinkKind::Markdown => "there is no note or file",
        };
        let found = finding(broken_code(link), note, format!("{what} “{}”", link.target));
        match self.suggestion(note, link) {
            Some(help) => found.with_help(help),
            None => found,
        }
    }

    fn suggestion(&self, note: &Note, link: &Link) -> Option<String> {
        if self.notes.len() > 20_000 {
            return None;
        }
        let wanted = fold(path::stem(path::file_name(&link.target)));
        let near = |name: &str| name.len().abs_diff(wanted.len()) <= 6;
        let names = self
            .stems
            .keys()
            .chain(self.aliases.keys())
            .map(String::as_str)
            .filter(|name| near(name));
        let assets = self.asset_names.keys().map(String::as_str).filter(|name| near(name));
        let is_file = !path::extension(&link.target).is_empty() && !path::is_note(&link.target);
        if is_file {
            let name =
                nearest(&fold(path::file_name(&link.target)), sorted(assets).into_iter())?;
            let asset = self.asset_names.get(name)?.first()?;
            return Some(format!("did you mean `{}`?", path::relative(&note.path, asset)));
        }
        let name = nearest(&wanted, sorted(names).into_iter())?;
        let id = *self.stems.get(name).or_else(|| self.aliases.get(name))?.first()?;
        let target = &self.notes[id].path;
        Some(if link.kind.is_wiki() {
            format!("did you mean [[{}]]?", without_extension(path::file_name(target)))
        } else {
            format!("did you mean `{}`?", path::relative(&note.path, target))
        })
    }
}

fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names
}

fn named(names: &FxHashMap<String, Vec<NoteId>>, target: &str, how: How) -> Option<Found> {
    let target = if path::is_note(target) { without_extension(target) } else { target };
    names.get(&fold(target)).map(|ids| Found::Notes(ids.clone(), how))
}

fn finding(code: Code, note: &Note, message: String) -> Diagnostic {
    Diagnostic::new(code, &note.path, 0..0, message)
}

fn broken_code(link: &Link) -> Code {
    if link.kind.is_embed() { Code::BrokenEmbed } else { Code::BrokenLink }
}

/// A path without the ending of a note.
pub(crate) fn without_extension(path: &str) -> &str {
    match path.rfind('.') {
        Some(at) if path::is_note(path) => &path[..at],
        _ => path,
    }
}

/// How many steps lead from one note's folder to another's.
fn tree_steps(from: &str, to: &str) -> usize {
    let from: Vec<&str> =
        path::parent(from).split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = path::parent(to).split('/').filter(|part| !part.is_empty()).collect();
    let shared = from.iter().zip(&to).take_while(|(left, right)| left == right).count();
    from.len() + to.len() - 2 * shared
}

enum Anchor {
    Found(String),
    WrongPath(String),
    Missing,
}

/// The id on a note's page that a fragment means.
fn anchor(note: &Note, fragment: &str) -> Anchor {
    if fragment.is_empty() {
        return Anchor::Found(String::new());
    }
    if let Some(block) = fragment.rsplit('#').next().and_then(|part| part.strip_prefix('^')) {
        let block = fold(block);
        let is_there = note.head.blocks.contains(&block);
        return if is_there { Anchor::Found(format!("^{block}")) } else { Anchor::Missing };
    }
    if let Some(id) = single_anchor(note, fragment) {
        return Anchor::Found(id);
    }
    let Some((above, last)) = fragment.rsplit_once('#') else { return Anchor::Missing };
    match single_anchor(note, last.trim()) {
        Some(id) if is_heading_path(note, above, &id) => Anchor::Found(id),
        Some(id) => Anchor::WrongPath(id),
        None => Anchor::Missing,
    }
}

fn single_anchor(note: &Note, fragment: &str) -> Option<String> {
    if fragment == "top" {
        return Some(String::new());
    }
    let head = &note.head;
    let lower = fragment.to_lowercase();
    let ids = || {
        head.headings
            .iter()
            .map(|heading| &heading.id)
            .chain(&head.anchors)
            .chain(&head.title_id)
    };
    if let Some(id) =
        ids().find(|id| *id == fragment).or_else(|| ids().find(|id| **id == lower))
    {
        return Some(id.clone());
    }
    let is_footnote = lower.starts_with("fn-") || lower.starts_with("fnref-");
    if is_footnote && note.body.html.contains("class=\"footnotes\"") {
        return Some(fragment.to_owned());
    }
    let key = heading_key(fragment);
    if let Some(heading) =
        head.headings.iter().find(|heading| heading_key(&heading.text) == key)
    {
        return Some(heading.id.clone());
    }
    (heading_key(&head.title) == key).then(|| head.title_id.clone().unwrap_or_default())
}

/// Whether the headings written before the last part stand above it, in order.
fn is_heading_path(note: &Note, above: &str, id: &str) -> bool {
    let headings = &note.head.headings;
    let Some(at) = headings.iter().position(|heading| heading.id == id) else { return false };
    let mut level = headings[at].level;
    let mut wanted: Vec<String> = above.split('#').map(heading_key).collect();
    for heading in headings[..at].iter().rev() {
        if heading.level < level {
            level = heading.level;
            if wanted.last() == Some(&heading_key(&heading.text)) {
                wanted.pop();
            }
        }
    }
    wanted.is_empty() || wanted == [heading_key(&note.head.title)]
}

fn missing_anchor(note: &Note, target: &Note, fragment: &str) -> Diagnostic {
    let place =
        if note.path == target.path { "this note".to_owned() } else { target.path.clone() };
    if let Some(block) = fragment.rsplit('#').next().and_then(|part| part.strip_prefix('^')) {
        let found =
            finding(Code::BrokenAnchor, note, format!("{place} has no block “^{block}”"));
        return match nearest(block, target.head.blocks.iter().map(String::as_str)) {
            Some(near) => found.with_help(format!("did you mean `#^{near}`?")),
            None => found,
        };
    }
    let found =
        finding(Code::BrokenAnchor, note, format!("{place} has no heading “{fragment}”"));
    let wanted = heading_key(fragment);
    let near = target.head.headings.iter().find(|heading| {
        let key = heading_key(&heading.text);
        crate::config::distance(&key, &wanted) <= 2.max(wanted.chars().count() / 4)
            || wanted.chars().count() >= 2
                && (key.contains(&wanted) || wanted.contains(&key) && !key.is_empty())
    });
    match near {
        Some(heading) => found.with_help(format!("did you mean `#{}`?", heading.text)),
        None => found,
    }
}
