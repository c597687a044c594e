//! What changed on the disk, and which parts of a site that may concern.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::config::{self, Config};
use crate::source::{self, Root};

/// What may differ from the last snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// These files or folders came, went or changed.
    Paths(BTreeSet<PathBuf>),
    /// The history that git keeps.
    History,
    /// Any file.
    Anything,
}

/// The parts of a site that must be looked at.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each part is looked at or not")]
pub(super) struct Parts {
    pub(super) settings: bool,
    pub(super) theme: bool,
    pub(super) history: bool,
    /// The whole folder of notes.
    pub(super) folder: bool,
    /// Files that may be notes or attachments.
    pub(super) files: BTreeSet<PathBuf>,
}

/// Sorts changed paths by what they may mean.
pub(super) fn parts(root: &Root, changes: &Changes) -> Parts {
    let mut parts = Parts::default();
    match changes {
        Changes::Anything => {
            (parts.settings, parts.theme, parts.folder) = (true, true, true);
        }
        Changes::History => parts.history = true,
        Changes::Paths(paths) => paths.iter().for_each(|path| parts.add(root, path)),
    }
    parts
}

impl Parts {
    fn add(&mut self, root: &Root, path: &Path) {
        let content = source::content_dir(root);
        // A folder of notes that comes or goes makes a site another kind of site.
        let decides_kind = path == root.dir.join(config::FILE)
            || content.starts_with(path)
            || path == root.dir.join(&Config::default().source);
        if decides_kind {
            self.settings = true;
            self.folder |= path != root.dir.join(config::FILE);
        } else if theme_dir(root).is_some() && is_of_theme(root, path) {
            self.theme = true;
        } else {
            self.files.insert(path.to_owned());
        }
    }
}

/// The folder whose templates and static files are laid over the built-in ones.
pub(super) fn theme_dir(root: &Root) -> Option<&Path> {
    root.is_site.then_some(root.dir.as_path())
}

fn is_of_theme(root: &Root, path: &Path) -> bool {
    ["templates", "static"].iter().any(|folder| path.starts_with(root.dir.join(folder)))
}

/// Whether notes parsed under one configuration are the same under another. Settings that
/// are not named here count as ones that decide it.
pub(super) fn parses_alike(before: &Config, now: &Config) -> bool {
    let neutral = |config: &Config| Config {
        title: String::new(),
        description: String::new(),
        base_url: String::new(),
        output: String::new(),
        ignore: Vec::new(),
        search: config::Search::default(),
        glossary: Vec::new(),
        backlinks: config::Backlinks::default(),
        graph: config::GraphSettings::default(),
        feeds: config::Feeds::default(),
        check: config::Check::default(),
        repo: config::Repo::default(),
        nav: config::Nav::default(),
        attachments: config::Attachments::Used,
        markdown_copies: false,
        ..config.clone()
    };
    neutral(before) == neutral(now)
}
