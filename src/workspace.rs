//! The one mutable thing: parsed notes by path, reused while their content stays. Any
//! changes in, the same snapshot out as if everything were read afresh.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::{Config, Nav};
use crate::diagnostic::{Code, Diagnostic};
use crate::git::{self, History};
use crate::graph::{self, Graph, Surroundings};
use crate::note::{self, Note, Settings, Status};
use crate::path::{self, SitePath};
use crate::site::Site;
use crate::source::{self, Asset, Look, OpenError, Piece, Root, SourceFile};
use crate::text::language::{Letters, letters};
use crate::theme::{self, Theme, ThemeError};

mod changes;
mod seal;

pub use changes::Changes;
use changes::{Parts, parses_alike, theme_dir};

/// What the command line decides over the configuration.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether drafts are on the site.
    pub drafts: bool,
    /// Where the site will be published.
    pub base_url: Option<String>,
    /// Where the site is written; `None` for the configuration's folder.
    pub output: Option<PathBuf>,
}

/// Why there is no snapshot.
#[derive(Debug)]
pub enum Failure {
    /// The environment's fault.
    Environment(anyhow::Error),
    /// A mistake in the configuration or a template: the finding and the file's text.
    Content(Box<Diagnostic>, String),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Failure::Environment(error)
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Environment(error) => Failure::Environment(error),
            OpenError::Config(finding, text) => Failure::Content(finding, text),
        }
    }
}

impl From<ThemeError> for Failure {
    fn from(error: ThemeError) -> Self {
        match error {
            ThemeError::Environment(error) => Failure::Environment(error),
            ThemeError::Content(finding, text) => Failure::Content(finding, text),
        }
    }
}

/// The cache of parsed notes, and all else that a snapshot is made of.
#[derive(Debug)]
pub struct Workspace {
    dir: PathBuf,
    options: Options,
    root: Root,
    config: Arc<Config>,
    theme: Arc<Theme>,
    history: Arc<BTreeMap<SitePath, History>>,
    notes: BTreeMap<SitePath, Parsed>,
    summaries: BTreeMap<SitePath, SourceFile>,
    assets: Arc<BTreeMap<SitePath, Asset>>,
    #[expect(clippy::rc_buffer, reason = "changed in place where no snapshot shares it")]
    found: Arc<Vec<Diagnostic>>,
    has_links: bool,
    /// `None` when what decides how notes are linked is not the same any more.
    graph: Option<Arc<Graph>>,
    trouble: Trouble,
}

/// A note, with what is known of the bytes that it was parsed from.
#[derive(Clone, Debug)]
struct Parsed {
    hash: blake3::Hash,
    letters: Letters,
    note: Arc<Note>,
}

/// What could not be read when it was last tried.
#[derive(Debug, Default)]
struct Trouble {
    settings: Option<Failure>,
    theme: Option<Failure>,
    folder: Option<Failure>,
}

impl Workspace {
    /// Opens a folder and reads its settings and theme.
    pub fn open(dir: &Path, options: Options) -> Result<Workspace, Failure> {
        let root = open_root(dir, &options)?;
        let theme = Arc::new(theme::load(theme_dir(&root))?);
        let history = Arc::new(git::history(&source::content_dir(&root)));
        Ok(Workspace {
            dir: dir.to_owned(),
            options,
            config: Arc::new(in_language(&root.config, Letters::default().language())),
            root,
            theme,
            history,
            notes: BTreeMap::new(),
            summaries: BTreeMap::new(),
            assets: Arc::default(),
            found: Arc::default(),
            has_links: false,
            graph: None,
            trouble: Trouble::default(),
        })
    }

    /// Where the site is written.
    pub fn output(&self) -> PathBuf {
        self.options.output.clone().unwrap_or_else(|| self.root.dir.join(&self.config.output))
    }

    /// The folder that was opened.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// What keeps the newest settings, templates or notes from being used; the former ones
    /// go on meanwhile.
    pub fn trouble(&self) -> impl Iterator<Item = &Failure> {
        let Trouble { settings, theme, folder } = &self.trouble;
        [settings, theme, folder].into_iter().flatten()
    }

    /// Reads the folder and makes a snapshot; notes whose bytes did not change are not
    /// parsed again.
    pub fn refresh(&mut self) -> Result<Arc<Site>, Failure> {
        self.reread(false)?;
        self.settle_language()?;
        Ok(self.snapshot())
    }

    /// Brings the snapshot up to date after changes on the disk. The outcome is the same
    /// as if everything were read afresh; but only what is named is read, and notes are
    /// linked anew only if what others can see of one is not the same.
    pub fn apply(&mut self, changes: &Changes) -> Arc<Site> {
        let mut parts = changes::parts(&self.root, changes);
        // What could not be read is tried again: anything may have mended it.
        parts.settings |= self.trouble.settings.is_some();
        parts.theme |= self.trouble.theme.is_some();
        parts.folder |= self.trouble.folder.is_some();
        let mut parse_all = false;
        if parts.settings {
            self.trouble.settings = self.reopen(&mut parts, &mut parse_all).err();
        }
        if parts.theme {
            self.trouble.theme = self.reload_theme(&mut parse_all).err();
        }
        if parts.history {
            self.history = Arc::new(git::history(&source::content_dir(&self.root)));
        }
        if parts.folder || parse_all {
            self.trouble.folder = self.reread(parse_all).err();
        } else if !parts.files.is_empty() {
            self.trouble.folder = self.read(&parts.files).err();
        }
        if let Err(failure) = self.settle_language() {
            self.trouble.folder = Some(failure);
        }
        self.snapshot()
    }

    /// Reads the settings again, and notes what they make necessary.
    fn reopen(&mut self, parts: &mut Parts, parse_all: &mut bool) -> Result<(), Failure> {
        let root = open_root(&self.dir, &self.options)?;
        let before = std::mem::replace(&mut self.root, root);
        let now = &self.root;
        if (&before.prefix, before.is_site) != (&now.prefix, now.is_site) {
            (parts.theme, parts.history) = (true, true);
        }
        parts.folder = true;
        *parse_all |= !parses_alike(&before.config, &now.config);
        if before.config != now.config {
            self.config = Arc::new(in_language(&now.config, &self.config.lang));
            self.graph = None;
        }
        Ok(())
    }

    /// Where the settings name no language, the notes decide; all of them are parsed again
    /// if that changes it.
    fn settle_language(&mut self) -> Result<(), Failure> {
        let letters = self.notes.values().map(|parsed| parsed.letters);
        let written = letters.fold(Letters::default(), std::ops::Add::add).language();
        let config = in_language(&self.root.config, written);
        if config.lang == self.config.lang {
            return Ok(());
        }
        let before = std::mem::replace(&mut self.config, Arc::new(config));
        let done = self.reread(true);
        if done.is_err() {
            self.config = before;
        }
        self.graph = None;
        done
    }

    fn reload_theme(&mut self, parse_all: &mut bool) -> Result<(), Failure> {
        let theme = theme::load(theme_dir(&self.root))?;
        *parse_all |= theme.words != self.theme.words;
        if !theme.files.keys().eq(self.theme.files.keys()) {
            // No attachment may have the address of a file of the theme.
            self.graph = None;
        }
        if !theme.is_same(&self.theme) {
            self.theme = Arc::new(theme);
        }
        Ok(())
    }

    /// Reads the whole folder. Notes whose bytes are the same are parsed only if asked for.
    fn reread(&mut self, parse_all: bool) -> Result<(), Failure> {
        let sources = source::discover(&self.root, &self.output())?;
        let before = std::mem::take(&mut self.notes);
        let known = if parse_all { &BTreeMap::new() } else { &before };
        let notes: BTreeMap<_, _> = self.parsed(sources.notes, known).into_iter().collect();
        let summaries: BTreeMap<_, _> =
            sources.summaries.into_iter().map(|file| (file.path.clone(), file)).collect();
        let is_linked_alike = same_by(&before, &notes, |before, now| {
            Arc::ptr_eq(&before.note, &now.note)
                || graph::is_linked_alike(&before.note, &now.note)
        }) && same_by(&self.summaries, &summaries, |before, now| {
            before.text == now.text
        }) && same_by(&self.assets, &sources.assets, |_, _| true);
        if !is_linked_alike {
            self.graph = None;
        }
        self.notes = notes;
        self.summaries = summaries;
        self.assets = Arc::new(sources.assets);
        self.found = Arc::new(sources.diagnostics);
        self.has_links = sources.has_links;
        Ok(())
    }

    /// Reads only the named files, if they are all that can have changed.
    fn read(&mut self, files: &BTreeSet<PathBuf>) -> Result<(), Failure> {
        if self.has_links {
            return self.reread(false);
        }
        let looks = source::look_again(&self.root, &self.output(), files)?;
        let is_unclear = |look: &Look| match look {
            Look::Unclear => true,
            // A file may have come where a folder went.
            Look::Gone(path) | Look::Here(path, _) => self.is_known_folder(path),
            Look::Elsewhere => false,
        };
        if looks.iter().any(is_unclear) {
            return self.reread(false);
        }
        let notes = looks.into_iter().filter_map(|look| self.take(look)).collect();
        for (path, parsed) in self.parsed(notes, &self.notes) {
            let note = parsed.note.clone();
            let before = self.notes.insert(path, parsed);
            let is_alike = |before: &Parsed| {
                Arc::ptr_eq(&before.note, &note) || graph::is_linked_alike(&before.note, &note)
            };
            if !before.as_ref().is_some_and(is_alike) {
                self.graph = None;
            }
        }
        Ok(())
    }

    /// Takes over what became of a file; a note comes back, to be parsed.
    fn take(&mut self, look: Look) -> Option<SourceFile> {
        match look {
            Look::Here(path, piece) => {
                self.forget_findings(&path);
                match piece {
                    Piece::Note(file) => return Some(file),
                    Piece::Summary(file) => {
                        self.summaries.insert(path, file);
                        self.graph = None;
                    }
                    Piece::Asset(asset) => self.take_asset(path, asset),
                    Piece::Unreadable(finding) => {
                        self.forget(&path);
                        Arc::make_mut(&mut self.found).push(finding);
                    }
                }
            }
            Look::Gone(path) => {
                self.forget_findings(&path);
                self.forget(&path);
            }
            Look::Unclear | Look::Elsewhere => {}
        }
        None
    }

    fn take_asset(&mut self, path: SitePath, asset: Asset) {
        if self.assets.get(&path) == Some(&asset) {
            return;
        }
        if Arc::make_mut(&mut self.assets).insert(path, asset).is_none() {
            self.graph = None;
        }
    }

    fn forget(&mut self, path: &str) {
        let was_asset = self.assets.contains_key(path);
        if was_asset {
            Arc::make_mut(&mut self.assets).remove(path);
        }
        let was_note = self.notes.remove(path).is_some();
        if was_asset || was_note || self.summaries.remove(path).is_some() {
            self.graph = None;
        }
    }

    fn forget_findings(&mut self, path: &str) {
        if self.found.iter().any(|finding| finding.file == path) {
            Arc::make_mut(&mut self.found).retain(|finding| finding.file != path);
        }
    }

    /// Whether something that was read lies below a path.
    fn is_known_folder(&self, path: &str) -> bool {
        let below = format!("{path}/");
        let has = |first: Option<&SitePath>| first.is_some_and(|path| path.starts_with(&below));
        has(self.notes.range(below.clone()..).next().map(|(path, _)| path))
            || has(self.assets.range(below.clone()..).next().map(|(path, _)| path))
            || has(self.summaries.range(below.clone()..).next().map(|(path, _)| path))
    }

    /// Parses notes, but those whose bytes are known.
    fn parsed(
        &self,
        files: Vec<SourceFile>,
        known: &BTreeMap<SitePath, Parsed>,
    ) -> Vec<(SitePath, Parsed)> {
        let settings = Settings { config: &self.config, words: &self.theme.words };
        let parse = |file: SourceFile| {
            let hash = hash(&file);
            let parsed = match known.get(&file.path) {
                Some(same) if same.hash == hash => same.clone(),
                _ => Parsed {
                    hash,
                    letters: letters(&file.text),
                    note: Arc::new(note::parse(&file, settings)),
                },
            };
            (file.path, parsed)
        };
        files.into_par_iter().map(parse).collect()
    }

    fn snapshot(&mut self) -> Arc<Site> {
        let notes: Vec<Arc<Note>> =
            self.notes.values().map(|parsed| parsed.note.clone()).collect();
        let graph = self.graph.take().unwrap_or_else(|| Arc::new(self.link(&notes)));
        self.graph = Some(graph.clone());
        Arc::new(Site {
            config: self.config.clone(),
            theme: self.theme.clone(),
            title: self.title(&notes, &graph),
            notes,
            graph,
            assets: self.assets.clone(),
            history: self.history.clone(),
            found: self.found.clone(),
            prefix: self.root.prefix.clone(),
            content: source::content_dir(&self.root),
        })
    }

    fn link(&self, notes: &[Arc<Note>]) -> Graph {
        let order = given_order(&self.config.nav, self.summaries.values());
        let around = Surroundings {
            config: &self.config,
            assets: &self.assets,
            order: &order,
            drafts: self.options.drafts,
            reserved: &self.theme.files.keys().cloned().collect(),
        };
        graph::link(notes, around)
    }

    /// The configuration's title, else the home note's if it has one, else the folder's name.
    fn title(&self, notes: &[Arc<Note>], graph: &Graph) -> String {
        let home = graph.folders.all.get("").and_then(|folder| folder.index);
        let home = home.map(|id| &notes[id]);
        match home.filter(|home| !note::is_nameless(&home.path, &home.head.title)) {
            _ if !self.config.title.is_empty() => self.config.title.clone(),
            Some(home) => home.head.title.clone(),
            None => self.root.name.clone(),
        }
    }
}

/// Tells versions of a note apart. Bytes that were no UTF-8 may have become the same text
/// as bytes that are.
fn hash(file: &SourceFile) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[u8::from(file.diagnostics.is_empty())]).update(file.text.as_bytes());
    hasher.finalize()
}

fn open_root(dir: &Path, options: &Options) -> Result<Root, Failure> {
    let mut root = source::open(dir)?;
    if let Some(base_url) = &options.base_url {
        root.config.base_url.clone_from(base_url);
        root.config.normalise();
    }
    Ok(root)
}

/// The settings, in this language where they name none.
fn in_language(config: &Config, lang: &str) -> Config {
    let mut config = config.clone();
    if config.lang.is_empty() {
        lang.clone_into(&mut config.lang);
    }
    config
}

/// Whether two maps have the same keys, with values that are alike.
fn same_by<V>(
    left: &BTreeMap<SitePath, V>,
    right: &BTreeMap<SitePath, V>,
    alike: impl Fn(&V, &V) -> bool,
) -> bool {
    left.len() == right.len()
        && left.iter().zip(right).all(|((a, left), (b, right))| a == b && alike(left, right))
}

/// The places that `nav:` or the `SUMMARY.md` files give to notes and folders.
fn given_order<'a>(
    nav: &Nav,
    summaries: impl Iterator<Item = &'a SourceFile>,
) -> BTreeMap<SitePath, usize> {
    let mut order = BTreeMap::new();
    let listed = match nav {
        Nav::List(paths) => paths.clone(),
        Nav::Auto(_) => summaries.flat_map(summary_links).collect(),
    };
    for written in listed {
        let path = written.trim_matches('/').to_owned();
        let mut folder = path::parent(&path);
        while !folder.is_empty() {
            let place = order.len();
            order.entry(folder.to_owned()).or_insert(place);
            folder = path::parent(folder);
        }
        let place = order.len();
        order.entry(path).or_insert(place);
    }
    order
}

/// The links of a list such as mdBook's and `GitBook`'s, in order.
fn summary_links(file: &SourceFile) -> Vec<SitePath> {
    let targets = file.text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let folder = path::parent(&file.path);
    targets
        .map(|target| target.trim_matches(['<', '>']).split('#').next().unwrap_or_default())
        .filter(|target| path::is_note(target))
        .filter_map(|target| path::join(folder, &path::decode(target)))
        .collect()
}

/// The findings for which a site must not be written: a draft mark may be lost in them.
pub fn unreadable(site: &Site) -> Vec<Diagnostic> {
    let unread = site.notes.iter().filter(|note| note.head.status == Status::Unreadable);
    unread
        .flat_map(|note| {
            note.diagnostics.iter().filter(|finding| finding.code == Code::FrontMatter).cloned()
        })
        .collect()
}
