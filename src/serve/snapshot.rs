//! What all threads share: the newest snapshot, with what was made of it when first asked
//! for, and a bell for when there is a newer one.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use crate::diagnostic::Diagnostic;
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
            && Arc::ptr_eq(&self.site.dates, &site.dates)
            && self.trouble == trouble
            && self.touched == *touched
    }

    /// All findings but those of rendering.
    pub(super) fn findings(&self) -> &[Diagnostic] {
        self.findings.get_or_init(|| site::findings(&self.site, Vec::new()))
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
    newest: Mutex<Option<Arc<Snapshot>>>,
    bell: Condvar,
    /// The address that opens a place in the author's editor.
    pub(super) editor: String,
}

impl Shared {
    pub(super) fn new(editor: String) -> Shared {
        Shared { newest: Mutex::new(None), bell: Condvar::new(), editor }
    }

    /// The newest snapshot, waiting for the first one.
    pub(super) fn newest(&self) -> Arc<Snapshot> {
        loop {
            if let Some(newest) = self.newer_than(0, Duration::from_mins(1)) {
                return newest;
            }
        }
    }

    /// A snapshot newer than one of this number, waiting so long at most.
    pub(super) fn newer_than(&self, number: u64, patience: Duration) -> Option<Arc<Snapshot>> {
        let guard = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let is_old = |newest: &mut Option<Arc<Snapshot>>| {
            newest.as_ref().is_none_or(|newest| newest.number <= number)
        };
        let waited = self.bell.wait_timeout_while(guard, patience, is_old);
        let (guard, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() { None } else { guard.clone() }
    }

    /// The newest snapshot, if there is one yet.
    pub(super) fn current(&self) -> Option<Arc<Snapshot>> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes a snapshot the newest one and rings the bell.
    pub(super) fn publish(&self, snapshot: Snapshot) {
        let former = {
            let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
            newest.replace(Arc::new(snapshot))
        };
        self.bell.notify_all();
        // Freeing a large site takes a while: nobody should wait for it.
        drop(former);
    }
}
