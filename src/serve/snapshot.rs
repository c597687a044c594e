//! What all threads share: the newest snapshot, with what was made of it when first asked
//! for or behind the readers' backs, and a bell for when there is news.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use crate::check::RULES;
use crate::diagnostic::{Code, Diagnostic};
use crate::render;
use crate::search::Files;
use crate::site::{self, Plan, Site};

/// A site as it is now.
pub(super) struct Snapshot {
    /// Counts the snapshots, from 1.
    pub(super) number: u64,
    /// The site.
    pub(super) site: Arc<Site>,
    /// Its pages.
    pub(super) plan: Arc<Plan>,
    /// What keeps the newest settings or templates from being used.
    pub(super) trouble: Vec<Trouble>,
    /// Attachments that were changed while the server ran, by address, with the number of
    /// the snapshot that had them first.
    pub(super) touched: BTreeMap<String, u64>,
    findings: OnceLock<Vec<Diagnostic>>,
    /// All findings of all rules, once they have been run.
    checked: OnceLock<Vec<Diagnostic>>,
    /// What the rules found before in notes that are still the same.
    carried: Vec<Diagnostic>,
    search: Arc<Search>,
    /// A page that has loaded a former index asks for its parts by their old names.
    former_search: Option<Arc<Search>>,
}

/// A mistake outside of the notes, as an author should be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    /// The finding with the lines round it, or what is wrong with the folder.
    pub(super) text: String,
    /// Where it is, with the text of that file.
    pub(super) place: Option<(Diagnostic, String)>,
}

type Search = OnceLock<Option<Files>>;

impl Snapshot {
    /// The snapshot that follows another, with what can be kept of it.
    pub(super) fn after(
        former: Option<&Snapshot>,
        site: Arc<Site>,
        trouble: Vec<Trouble>,
        touched: BTreeMap<String, u64>,
    ) -> Snapshot {
        let former_search = former.and_then(|former| {
            let newest = former.search.get().map(|_| former.search.clone());
            newest.or_else(|| former.former_search.clone())
        });
        Snapshot {
            number: former.map_or(1, |former| former.number + 1),
            plan: former
                .filter(|former| has_same_pages(former, &site))
                .map_or_else(|| Arc::new(site::plan(&site)), |former| former.plan.clone()),
            search: former
                .filter(|former| has_same_notes(&former.site, &site))
                .map_or_else(Arc::default, |former| former.search.clone()),
            findings: OnceLock::new(),
            checked: OnceLock::new(),
            carried: former.map_or_else(Vec::new, |former| carried(former, &site)),
            site,
            trouble,
            touched,
            former_search,
        }
    }

    /// Whether nothing that a tab could show is another.
    pub(super) fn is_same(
        &self,
        site: &Site,
        trouble: &[Trouble],
        touched: &BTreeMap<String, u64>,
    ) -> bool {
        has_same_notes(&self.site, site)
            && Arc::ptr_eq(&self.site.theme, &site.theme)
            && Arc::ptr_eq(&self.site.assets, &site.assets)
            && Arc::ptr_eq(&self.site.found, &site.found)
            && Arc::ptr_eq(&self.site.history, &site.history)
            && self.trouble == trouble
            && self.touched == *touched
    }

    /// All findings but those of rendering. Until the rules have been run these are the
    /// findings of a build, and of the rules those that cannot have changed.
    pub(super) fn findings(&self) -> &[Diagnostic] {
        let without_rules = || {
            let mut findings = site::findings(&self.site, Vec::new());
            findings.extend(self.carried.iter().cloned());
            findings.sort();
            findings.dedup();
            findings
        };
        self.checked.get().unwrap_or_else(|| self.findings.get_or_init(without_rules))
    }

    /// A file of the search index; `entry` stands for the first one, whose real name
    /// changes with every edit.
    pub(super) fn search_file(&self, name: &str, entry: &str) -> Option<&[u8]> {
        let index = self.search.get_or_init(|| render::search_files(&self.site)).as_ref()?;
        if name == entry {
            return file(index, &index.entry);
        }
        let former = self.former_search.as_ref().and_then(|search| search.get()?.as_ref());
        file(index, name).or_else(|| file(former?, name))
    }
}

/// What the rules found in notes that are the same still. What they say of links to renamed
/// notes takes the place of a build's findings, so that it would stand beside those.
fn carried(former: &Snapshot, site: &Site) -> Vec<Diagnostic> {
    if !Arc::ptr_eq(&former.site.config, &site.config) {
        return Vec::new();
    }
    let known = former.checked.get().unwrap_or(&former.carried);
    let is_of_rules = |code: &Code| {
        *code != Code::RenamedNote && RULES.iter().any(|rule| rule.codes.contains(code))
    };
    let is_same_note = |file: &str| {
        match (former.site.note_at(file), site.note_at(file)) {
            (Some(before), Some(now)) => std::ptr::eq(before, now),
            // An attachment: what is said of it is true until the rules say otherwise.
            (before, now) => before.is_none() && now.is_none(),
        }
    };
    let is_kept =
        |finding: &&Diagnostic| is_of_rules(&finding.code) && is_same_note(&finding.file);
    known.iter().filter(is_kept).cloned().collect()
}

fn file<'a>(files: &'a Files, name: &str) -> Option<&'a [u8]> {
    let at = files.files.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
    Some(&files.files[at].1)
}

/// A plan depends on what the graph depends on, and on the files of the theme.
fn has_same_pages(former: &Snapshot, site: &Site) -> bool {
    Arc::ptr_eq(&former.site.graph, &site.graph)
        && Arc::ptr_eq(&former.site.config, &site.config)
        && former.site.theme.files.keys().eq(site.theme.files.keys())
}

fn has_same_notes(before: &Site, now: &Site) -> bool {
    Arc::ptr_eq(&before.graph, &now.graph)
        && Arc::ptr_eq(&before.config, &now.config)
        && before.notes.len() == now.notes.len()
        && before.notes.iter().zip(&now.notes).all(|(before, now)| Arc::ptr_eq(before, now))
}

/// The newest snapshot and its bell.
pub(super) struct Shared {
    news: Mutex<News>,
    bell: Condvar,
    /// The address that opens a place in the author's editor.
    pub(super) editor: String,
}

#[derive(Default)]
struct News {
    newest: Option<Arc<Snapshot>>,
    /// Counts what tabs have to be told: snapshots, and what was found in them later.
    turn: u64,
    /// The number of the newest snapshot that a tab shows.
    shown: u64,
}

impl Shared {
    pub(super) fn new(editor: String) -> Shared {
        Shared { news: Mutex::default(), bell: Condvar::new(), editor }
    }

    fn news(&self) -> MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest snapshot, waiting for the first one.
    pub(super) fn newest(&self) -> Arc<Snapshot> {
        loop {
            if let Some((_, newest)) = self.newer_than(0, Duration::from_mins(1)) {
                return newest;
            }
        }
    }

    /// The newest snapshot and the turn it is, if there is news since another turn; waits
    /// for news so long at most.
    pub(super) fn newer_than(
        &self,
        turn: u64,
        patience: Duration,
    ) -> Option<(u64, Arc<Snapshot>)> {
        let is_old = |news: &mut News| news.turn <= turn;
        let waited = self.bell.wait_timeout_while(self.news(), patience, is_old);
        let (news, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() { None } else { Some((news.turn, news.newest.clone()?)) }
    }

    /// The newest snapshot, if there is one yet.
    pub(super) fn current(&self) -> Option<Arc<Snapshot>> {
        self.news().newest.clone()
    }

    /// Makes a snapshot the newest one and rings the bell.
    pub(super) fn publish(&self, snapshot: Snapshot) {
        let former = {
            let mut news = self.news();
            news.turn += 1;
            news.newest.replace(Arc::new(snapshot))
        };
        self.bell.notify_all();
        // Freeing a large site takes a while: nobody should wait for it.
        drop(former);
    }

    /// Notes that a tab shows a snapshot, and so wants to know all that is wrong with it.
    pub(super) fn is_shown(&self, snapshot: &Snapshot) {
        let mut news = self.news();
        if news.shown < snapshot.number {
            news.shown = snapshot.number;
            self.bell.notify_all();
        }
    }

    /// Waits until a tab shows a snapshot newer than that of this number.
    pub(super) fn shown_after(&self, number: u64) -> Option<Arc<Snapshot>> {
        let is_old = |news: &mut News| news.shown <= number;
        let waited = self.bell.wait_while(self.news(), is_old);
        waited.unwrap_or_else(PoisonError::into_inner).newest.clone()
    }

    /// Takes what all rules found in a snapshot, and tells the tabs if it is still the newest.
    pub(super) fn put_checked(&self, snapshot: &Snapshot, findings: Vec<Diagnostic>) {
        if snapshot.checked.set(findings).is_err() {
            return;
        }
        let mut news = self.news();
        if news.newest.as_ref().is_some_and(|newest| newest.number == snapshot.number) {
            news.turn += 1;
            self.bell.notify_all();
        }
    }
}
