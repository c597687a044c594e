//! The address of every note, folder and attachment, made of its path, slug or permalink;
//! no two have the same, on any disk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{About, NoteId, Problem, Surroundings};
use crate::config::{Config, UrlStyle};
use crate::diagnostic::{Code, Diagnostic};
use crate::note::keys::{Keys, address_part};
use crate::note::{Head, Note, is_folder_note};
use crate::path::{self, SitePath};
use crate::text::slug::slug;

mod taken;

pub(crate) use taken::Taken;

/// Pages that every site has at a fixed address, because every page links to them.
const FIXED: &[&str] =
    &["404.html", "a-z.html", "recent.html", "search.html", "tags/index.html"];

/// The address of the Kubernetes objects in notes by kind; only sites that show any have it.
pub const SNIPPETS: &str = "snippets.html";

/// The address of the questions that notes ask; only sites that have any have it.
pub const QUIZ: &str = "quiz.html";

/// The address of the picture of all notes.
pub const GRAPH: &str = "graph.html";

/// Files that a build writes under fixed names beside those of the theme.
const FILES: &[&str] = &[
    ".nojekyll",
    ".zhi",
    "feed.xml",
    "llms-full.txt",
    "llms.txt",
    "robots.txt",
    "sitemap.xml",
];

/// Addresses given so far.
pub(super) struct Assigned {
    /// Every note's address.
    pub(super) urls: Vec<String>,
    /// Every folder's address, where the folder has no note of its own.
    pub(super) folders: BTreeMap<SitePath, String>,
    /// Two that wanted the same one.
    pub(super) problems: Vec<Problem>,
    taken: Taken,
}

/// Gives every note and folder its address. Of several that want the same one the first
/// by path has it; the others get a number behind theirs and are reported.
/// `own` are the notes that are the pages of their folders.
pub(super) fn assign(
    notes: &[Arc<Note>],
    live: &[bool],
    own: &BTreeMap<&str, NoteId>,
    around: Surroundings<'_>,
) -> Assigned {
    let is_own = |id: NoteId| own.get(path::parent(&notes[id].path)) == Some(&id);
    let mut given = Assigned {
        urls: vec![String::new(); notes.len()],
        folders: BTreeMap::new(),
        problems: Vec::new(),
        taken: Taken::default(),
    };
    let shown = || notes.iter().zip(live).filter(|(_, live)| **live).map(|(note, _)| note);
    let snippets = shown().any(|note| !note.head.snippets.is_empty()).then_some(&SNIPPETS);
    let quiz = shown().any(|note| note.head.questions > 0).then_some(&QUIZ);
    let graph = around.config.graph.global.then_some(&GRAPH);
    let files = around.reserved.iter().map(String::as_str);
    for fixed in
        FIXED.iter().chain(snippets).chain(quiz).chain(graph).chain(FILES).copied().chain(files)
    {
        given.taken.take(fixed, "");
    }
    let home = own.get("").copied();
    let mut crowded = Vec::new();
    let mut folders: BTreeMap<&str, String> = BTreeMap::new();
    for id in home.into_iter().chain(0..notes.len()).filter(|id| live[*id]) {
        if !given.urls[id].is_empty() {
            continue;
        }
        let folder = path::parent(&notes[id].path);
        let folder =
            &*folders.entry(folder).or_insert_with(|| slugged_folder(folder, around.config));
        let wishes =
            wishes(folder, &notes[id].head, &notes[id].keys, is_own(id), around.config);
        match wishes.iter().find(|wish| given.taken.take(wish, &notes[id].path)) {
            Some(url) => given.urls[id].clone_from(url),
            None => crowded.push((id, wishes[wishes.len() - 1].clone())),
        }
        given.report(id, &notes[id], &wishes[0]);
    }
    for (id, wish) in crowded {
        given.urls[id] = given.taken.numbered(&wish, &notes[id].path);
    }
    given.folders(notes, live, around.config);
    given
}

impl Assigned {
    /// Says that a note did not get the address it wants, or wants none that can be.
    fn report(&mut self, id: NoteId, note: &Note, wish: &str) {
        if leads_out(note.head.permalink.as_deref().unwrap_or_default()) {
            let message = "the permalink leads out of the site and is not used";
            let finding = Diagnostic::new(Code::WrongType, &note.path, 0..0, message);
            self.problems.push(Problem { note: id, about: About::Address, finding });
        }
        if self.urls[id] != wish {
            let owner = self.taken.owner(wish);
            let other = if owner.is_empty() { "a page of the site itself" } else { owner };
            let message = format!("this note and {other} want the same address {wish}");
            let finding = Diagnostic::new(Code::DuplicateUrl, &note.path, 0..0, message)
                .with_help("give one of them a `slug:` or another file name");
            self.problems.push(Problem { note: id, about: About::Address, finding });
        }
    }

    /// A folder without a note of its own has a page too; two folders never share one.
    fn folders(&mut self, notes: &[Arc<Note>], live: &[bool], config: &Config) {
        let mut mine: BTreeSet<String> = BTreeSet::new();
        let mut folders: BTreeSet<&str> = BTreeSet::new();
        for (_, note) in notes.iter().enumerate().filter(|(id, _)| live[*id]) {
            let mut folder = path::parent(&note.path);
            while folders.insert(folder) && !folder.is_empty() {
                folder = path::parent(folder);
            }
        }
        for folder in folders {
            let mut url = folder_url(folder, config);
            // The page of a note, or of all topics, may be that of a folder as well.
            let is_shared = !self.taken.owner(&url).is_empty() || url == "tags/index.html";
            if !self.taken.take(&url, "") && (!is_shared || mine.contains(&url)) {
                url = self.taken.numbered(&url, "");
            }
            mine.insert(url.clone());
            self.folders.insert(folder.to_owned(), url);
        }
    }

    /// Gives the attachments that are used their addresses.
    pub(super) fn assets(mut self, used: BTreeSet<SitePath>) -> BTreeMap<SitePath, String> {
        let mut assets = BTreeMap::new();
        for asset in used {
            let wish = asset_url(&asset);
            let is_index = wish.starts_with("search/") && path::extension(&wish) == "js";
            let url = if !is_index && self.taken.take(&wish, &asset) {
                wish
            } else {
                self.taken.numbered(&wish, &asset)
            };
            assets.insert(asset, url);
        }
        assets
    }
}

/// The addresses that a note in a slugged folder would have, the one it asks for first.
fn wishes(
    folder: &str,
    head: &Head,
    keys: &Keys,
    is_own: bool,
    config: &Config,
) -> Vec<String> {
    if is_own && folder.is_empty() {
        // The site's home is where every other site has it.
        return vec![index_of(folder)];
    }
    let permalink = head.permalink.as_deref().and_then(written_address);
    let own = if is_own && head.slug.is_none() {
        index_of(folder)
    } else {
        page_in(folder, &keys.address, config)
    };
    permalink.into_iter().chain([own]).collect()
}

/// The address that a note of this head would have at a path, if no other had it.
pub fn url_at(note: &str, head: &Head, config: &Config) -> String {
    let folder = slugged_folder(path::parent(note), config);
    let keys = Keys::of(note, head, config);
    wishes(&folder, head, &keys, is_folder_note(note), config).swap_remove(0)
}

fn folder_url(folder: &str, config: &Config) -> String {
    index_of(&slugged_folder(folder, config))
}

/// Where an attachment is published: at its own path, but without what keeps a file from
/// being published (dots before a name, which hosts leave out) or found (line breaks,
/// backslashes), and as a text if it could run scripts.
fn asset_url(asset: &str) -> String {
    let part = |part: &str| {
        let name = part.trim_start_matches('.');
        let name = if name.is_empty() { "file" } else { name };
        name.replace(|c: char| c.is_control() || c == '\\', "-")
    };
    let mut url = asset.split('/').map(part).collect::<Vec<_>>().join("/");
    if path::is_active(&path::extension(asset)) {
        url.push_str(".txt");
    }
    url
}

fn leads_out(permalink: &str) -> bool {
    !permalink.contains("://") && written_address(permalink).is_none()
}

/// The address of a former name of a note, beside the note.
pub fn alias_url(note_url: &str, alias: &str, config: &Config) -> String {
    let folder = path::parent(note_url);
    let folder = if config.urls.style == UrlStyle::Dir { path::parent(folder) } else { folder };
    let parts: Vec<String> = alias
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| address_part(part, config))
        .collect();
    let joined = parts.join("/");
    page_in(folder, if joined.is_empty() { "alias" } else { &joined }, config)
}

/// The file that an address written by hand means: `/a/b/` is `a/b/index.html`.
/// `None` if it leads out of the site or nowhere.
pub fn written_address(written: &str) -> Option<String> {
    if written.contains("://") {
        // Many a note keeps the address of what it is about under `url`.
        return None;
    }
    let written = path::decode(written.split(['?', '#']).next().unwrap_or_default());
    let is_folder = written.ends_with('/');
    let parts: Vec<String> = written
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .map(|part| if part == ".." { None } else { Some(keep_html(part)) })
        .collect::<Option<_>>()?;
    let joined = parts.join("/");
    Some(match (joined.is_empty(), is_folder) {
        (true, _) => "index.html".to_owned(),
        (_, true) => format!("{joined}/index.html"),
        _ if path::extension(&joined) == "html" => joined,
        _ => format!("{joined}.html"),
    })
}

fn keep_html(part: &str) -> String {
    match part.strip_suffix(".html") {
        Some(stem) => format!("{}.html", slug(stem)),
        None => slug(part),
    }
}

fn slugged_folder(folder: &str, config: &Config) -> String {
    let parts = folder.split('/').filter(|part| !part.is_empty());
    parts.map(|part| address_part(part, config)).collect::<Vec<_>>().join("/")
}

fn index_of(folder: &str) -> String {
    if folder.is_empty() { "index.html".to_owned() } else { format!("{folder}/index.html") }
}

/// The address of a page with a slugged name in a slugged folder.
pub fn page_in(folder: &str, name: &str, config: &Config) -> String {
    let base = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    match config.urls.style {
        UrlStyle::File => format!("{base}.html"),
        UrlStyle::Dir => format!("{base}/index.html"),
    }
}
