//! Follows the folder: what the watch sees becomes a new snapshot. The only thread that
//! changes anything.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::discriminant;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::snapshot::{Shared, Snapshot, Trouble};
use super::watch::{Happened, Watch, watch};
use crate::diagnostic::print::{self, Format};
use crate::diagnostic::{Code, Diagnostic};
use crate::render;
use crate::site::{self, Page, Plan, Site};
use crate::theme::Theme;
use crate::workspace::{Changes, Failure, Workspace};
use crate::{git, source};

/// How often the folder is looked for, in case it was removed and made anew.
const HEARTBEAT: Duration = Duration::from_millis(500);

/// How often everything is read where the system cannot watch.
const WITHOUT_WATCH: Duration = Duration::from_secs(2);

/// Publishes a first snapshot and then one after each change. Returns only with an error
/// of the beginning.
pub(super) fn follow(
    workspace: Workspace,
    shared: &Shared,
    tell: &dyn Fn(&str),
) -> Result<(), Failure> {
    let mut follower = Follower {
        shared,
        tell,
        view: View::open(&workspace, tell),
        theme: None,
        unfit: None,
        touched: BTreeMap::new(),
        workspace,
    };
    let site = follower.workspace.refresh()?;
    follower.publish(site);
    loop {
        follower.step();
    }
}

struct Follower<'a> {
    workspace: Workspace,
    shared: &'a Shared,
    tell: &'a dyn Fn(&str),
    view: View,
    /// The last theme that can show every kind of page.
    theme: Option<Arc<Theme>>,
    /// A theme that cannot, and why.
    unfit: Option<(Arc<Theme>, Trouble)>,
    touched: BTreeMap<String, u64>,
}

impl Follower<'_> {
    /// Waits for one change and publishes what comes of it.
    fn step(&mut self) {
        let happened = if let Some(watch) = &self.view.watch {
            watch.next(HEARTBEAT)
        } else {
            thread::sleep(WITHOUT_WATCH);
            Happened::Lost
        };
        match happened {
            Happened::Nothing if self.view.place == Place::of(&self.workspace) => {}
            Happened::Changed(paths) if !self.view.is_of_folders(&paths) => self.take(paths),
            Happened::Changed(_) | Happened::Lost | Happened::Nothing => self.take_all(),
        }
    }

    fn take(&mut self, mut paths: BTreeSet<PathBuf>) {
        let is_history = self.view.history.as_ref().is_some_and(|log| paths.remove(log));
        if !paths.is_empty() {
            self.touch(&paths);
            let site = self.workspace.apply(&Changes::Paths(paths));
            self.publish(site);
        }
        if is_history {
            // Asking git takes longer than all else: the notes are shown first.
            let site = self.workspace.apply(&Changes::History);
            self.publish(site);
        }
    }

    /// Folders came, went or moved, or events were lost. The folders are watched anew
    /// before they are read, so that nothing falls between the two.
    fn take_all(&mut self) {
        loop {
            self.view = View::open(&self.workspace, self.tell);
            let site = self.workspace.apply(&Changes::Anything);
            self.publish(site);
            if self.view.place == Place::of(&self.workspace)
                && self.view.folders == folders(&self.workspace)
            {
                break;
            }
        }
        let site = self.workspace.apply(&Changes::History);
        self.publish(site);
    }

    /// Pages hold no bytes of attachments: a tab is told by a number that one is new.
    fn touch(&mut self, paths: &BTreeSet<PathBuf>) {
        let Some(newest) = self.shared.current() else { return };
        for path in paths {
            let inside = path.strip_prefix(&newest.site.content).ok().and_then(Path::to_str);
            if let Some(asset) = inside.and_then(|path| newest.site.graph.used_assets.get(path))
            {
                self.touched.insert(asset.clone(), newest.number + 1);
            }
        }
    }

    fn publish(&mut self, site: Arc<Site>) {
        let mut trouble: Vec<Trouble> = self.workspace.trouble().map(told).collect();
        let former = self.shared.current();
        let former = former.as_deref();
        let site = self.with_fit_theme(site, &mut trouble);
        if former.is_some_and(|former| former.is_same(&site, &trouble, &self.touched)) {
            return;
        }
        for new in
            trouble.iter().filter(|new| !former.is_some_and(|old| old.trouble.contains(new)))
        {
            (self.tell)(&format!("{}\n", new.text.trim_end()));
        }
        let snapshot = Snapshot::after(former, site, trouble, self.touched.clone());
        self.shared.publish(snapshot);
    }

    /// The site with its own theme, or with the last one that can show every kind of page.
    fn with_fit_theme(&mut self, site: Arc<Site>, trouble: &mut Vec<Trouble>) -> Arc<Site> {
        let Some(fit) = &self.theme else {
            self.theme = Some(site.theme.clone());
            return site;
        };
        if Arc::ptr_eq(fit, &site.theme) {
            return site;
        }
        let known = self.unfit.as_ref().filter(|(unfit, _)| Arc::ptr_eq(unfit, &site.theme));
        let mistake = if let Some((_, mistake)) = known {
            Some(mistake.clone())
        } else {
            try_theme(&site, &site::plan(&site))
        };
        match mistake {
            None => {
                (self.theme, self.unfit) = (Some(site.theme.clone()), None);
                site
            }
            Some(mistake) => {
                let fitted = Site { theme: fit.clone(), ..(*site).clone() };
                trouble.push(mistake.clone());
                self.unfit = Some((site.theme.clone(), mistake));
                Arc::new(fitted)
            }
        }
    }
}

/// Renders one page of each kind; says what goes wrong first.
fn try_theme(site: &Site, plan: &Plan) -> Option<Trouble> {
    let stage = render::trial(site, plan);
    let mut tried = BTreeSet::new();
    let kind = |page: &Page| {
        let template = match page {
            Page::Note(id) => site.notes[*id].head.template.clone(),
            _ => None,
        };
        format!("{:?} {template:?}", discriminant(page))
    };
    let mut pages =
        plan.pages.iter().filter(|(_, page)| page.is_html() && tried.insert(kind(page)));
    pages.find_map(|(url, page)| {
        let findings = render::render(&stage, url, page).diagnostics;
        let finding = findings.into_iter().find(|finding| finding.code == Code::Template)?;
        let text = site.theme.text(&finding.file).unwrap_or_default().to_owned();
        Some(mistake(finding, text))
    })
}

fn told(failure: &Failure) -> Trouble {
    match failure {
        Failure::Environment(error) => Trouble { text: format!("{error:#}"), place: None },
        Failure::Content(finding, text) => mistake((**finding).clone(), text.clone()),
    }
}

pub(super) fn mistake(finding: Diagnostic, text: String) -> Trouble {
    let findings = std::slice::from_ref(&finding);
    let human = print::print(findings, &|_| Some(text.as_str()), Format::Human);
    let plain = anstream::adapter::strip_str(&human).to_string();
    Trouble { text: plain, place: Some((finding, text)) }
}

/// What is under watch.
struct View {
    /// `None` where the system cannot watch.
    watch: Option<Watch>,
    place: Place,
    folders: Vec<PathBuf>,
    /// The file by which git shows that its history is another.
    history: Option<PathBuf>,
}

/// Which folder on the disk is the site's: another one may get its name.
#[derive(PartialEq, Eq)]
struct Place {
    path: Option<PathBuf>,
    number: Option<u64>,
}

impl Place {
    fn of(workspace: &Workspace) -> Place {
        let content = source::content_dir(workspace.root());
        Place { path: content.canonicalize().ok(), number: number(&content) }
    }
}

#[cfg(unix)]
fn number(folder: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt as _;
    folder.metadata().ok().map(|meta| meta.ino())
}

#[cfg(not(unix))]
fn number(folder: &Path) -> Option<u64> {
    folder.metadata().ok().map(|meta| meta.len())
}

impl View {
    fn open(workspace: &Workspace, tell: &dyn Fn(&str)) -> View {
        let root = workspace.root();
        let folders = folders(workspace);
        let history = git::log_of_head(&source::content_dir(root));
        let mut places: Vec<(PathBuf, bool)> = vec![(root.dir.clone(), false)];
        places.extend(["templates", "static"].map(|name| (root.dir.join(name), true)));
        places.extend(folders.iter().map(|folder| (folder.clone(), !EACH_FOLDER)));
        places.extend(history.iter().map(|log| (log.clone(), false)));
        let watch = watch(&places).inspect_err(|error| {
            let seconds = WITHOUT_WATCH.as_secs();
            tell(&format!("{error:#}; the folder is read every {seconds} s instead\n"));
        });
        View { watch: watch.ok(), place: Place::of(workspace), folders, history }
    }

    /// Whether a folder came, went or was renamed.
    fn is_of_folders(&self, paths: &BTreeSet<PathBuf>) -> bool {
        paths.iter().any(|path| self.folders.contains(path) || path.is_dir())
    }
}

/// Where each folder is watched by itself, those that hold no content need not be. Other
/// systems watch whole trees at no cost.
const EACH_FOLDER: bool = cfg!(target_os = "linux");

fn folders(workspace: &Workspace) -> Vec<PathBuf> {
    let all = source::folders(workspace.root(), &workspace.output()).unwrap_or_default();
    let kept = if EACH_FOLDER { all.len() } else { 1 };
    all.into_iter().take(kept).collect()
}
