//! The one mutable thing: parsed notes by path, reused while their content stays. Any
//! changes in, the same snapshot out as if everything were read afresh.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::{Config, Nav};
use crate::diagnostic::{Code, Diagnostic};
use crate::git::{self, Dates};
use crate::graph::{self, Graph, Surroundings};
use crate::note::{self, Note, Settings, Status};
use crate::path::{self, SitePath};
use crate::site::Site;
use crate::source::{self, OpenError, Root, SourceFile, Sources};
use crate::theme::{self, Theme, ThemeError};

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

/// What may differ from the last snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// These files or folders came, went or changed.
    Paths(BTreeSet<PathBuf>),
    /// Anything.
    Anything,
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

/// The cache of parsed notes.
#[derive(Debug)]
pub struct Workspace {
    root: Root,
    config: Arc<Config>,
    options: Options,
    theme: Arc<Theme>,
    notes: BTreeMap<SitePath, (blake3::Hash, Arc<Note>)>,
    dates: Arc<BTreeMap<SitePath, Dates>>,
    last: Option<(Vec<Arc<Note>>, Arc<Graph>)>,
}

impl Workspace {
    /// Opens a folder and reads its settings and theme.
    pub fn open(dir: &Path, options: Options) -> Result<Workspace, Failure> {
        let mut root = source::open(dir)?;
        if let Some(base_url) = &options.base_url {
            root.config.base_url.clone_from(base_url);
            root.config.normalise();
        }
        let theme = Arc::new(theme::load(root.is_site.then_some(root.dir.as_path()))?);
        let config = Arc::new(root.config.clone());
        let dates = Arc::new(git::dates(&source::content_dir(&root)));
        Ok(Workspace {
            root,
            config,
            options,
            theme,
            notes: BTreeMap::new(),
            dates,
            last: None,
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

    /// Reads the folder and makes a snapshot; notes whose bytes did not change are not
    /// parsed again.
    pub fn refresh(&mut self) -> Result<Arc<Site>, Failure> {
        let sources = source::discover(&self.root, &self.output())?;
        self.parse(&sources.notes);
        Ok(Arc::new(self.snapshot(sources)))
    }

    fn parse(&mut self, files: &[SourceFile]) {
        let settings = Settings { config: &self.config, words: &self.theme.words };
        let known = &self.notes;
        let parse = |file: &SourceFile| {
            let hash = blake3::hash(file.text.as_bytes());
            match known.get(&file.path) {
                Some((same, note)) if *same == hash => {
                    (file.path.clone(), (hash, note.clone()))
                }
                _ => (file.path.clone(), (hash, Arc::new(note::parse(file, settings)))),
            }
        };
        let parsed: Vec<_> = files.par_iter().map(parse).collect();
        self.notes = parsed.into_iter().collect();
    }

    fn snapshot(&mut self, sources: Sources) -> Site {
        let notes: Vec<Arc<Note>> = self.notes.values().map(|(_, note)| note.clone()).collect();
        let order = given_order(&self.config.nav, &sources.summaries);
        let around = Surroundings {
            config: &self.config,
            assets: &sources.assets,
            order: &order,
            drafts: self.options.drafts,
            reserved: &self.theme.files.keys().cloned().collect(),
        };
        let graph = Arc::new(graph::link(&notes, around));
        self.last = Some((notes.clone(), graph.clone()));
        Site {
            config: self.config.clone(),
            theme: self.theme.clone(),
            title: self.title(&notes, &graph),
            notes,
            graph,
            assets: Arc::new(sources.assets),
            dates: self.dates.clone(),
            found: Arc::new(sources.diagnostics),
            prefix: self.root.prefix.clone(),
            content: source::content_dir(&self.root),
        }
    }

    /// The configuration's title, else the home note's, else the folder's name.
    fn title(&self, notes: &[Arc<Note>], graph: &Graph) -> String {
        let home = graph.folders.all.get("").and_then(|folder| folder.index);
        match home {
            _ if !self.config.title.is_empty() => self.config.title.clone(),
            Some(home) => notes[home].head.title.clone(),
            None => self.root.name.clone(),
        }
    }
}

/// The places that `nav:` or the `SUMMARY.md` files give to notes and folders.
fn given_order(nav: &Nav, summaries: &[SourceFile]) -> BTreeMap<SitePath, usize> {
    let mut order = BTreeMap::new();
    let listed = match nav {
        Nav::List(paths) => paths.clone(),
        Nav::Auto(_) => summaries.iter().flat_map(summary_links).collect(),
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
