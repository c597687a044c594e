//! Runs the rules of `zhi check` while a site is served: for the newest snapshot that a tab
//! shows, when no more changes come, on one thread, so that no page waits for it. Other
//! programs are not asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::snapshot::{Shared, Snapshot};
use crate::check::{self, Subject};
use crate::diagnostic::Diagnostic;
use crate::git;
use crate::graph::Target;
use crate::path::SitePath;

/// After so long without a newer snapshot the newest is looked at. By then the tab has
/// loaded its page.
const QUIET: Duration = Duration::from_millis(250);

/// Looks at snapshots as long as the program runs.
pub(super) fn follow(shared: &Shared, today: fn() -> String) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().ok();
    let mut history = History::default();
    let mut number = 0;
    let mut pause = QUIET;
    loop {
        let Some(snapshot) = shared.shown_after(number) else { continue };
        thread::sleep(pause);
        let newest = shared.newest();
        if newest.number != snapshot.number {
            continue;
        }
        number = snapshot.number;
        let begun = Instant::now();
        let mut find = || findings(&snapshot, &mut history, &today());
        let found = match &pool {
            Some(pool) => pool.install(find),
            None => find(),
        };
        // On a large site the rules take longer; they get half of the time at most.
        pause = QUIET.max(begun.elapsed());
        shared.put_checked(&snapshot, found);
    }
}

fn findings(snapshot: &Snapshot, history: &mut History, today: &str) -> Vec<Diagnostic> {
    let Snapshot { site, plan, .. } = snapshot;
    let is_broken = site.graph.targets.iter().flatten().any(|target| *target == Target::Broken);
    if is_broken {
        history.learn(snapshot);
    }
    let subject = Subject {
        site,
        plan,
        today: Some(today),
        renames: &history.renames,
        published: &BTreeSet::new(),
        external: false,
    };
    check::findings(&subject, Vec::new())
}

/// Which notes were renamed. Git reads its whole history for it, and is asked again only
/// when that has changed.
#[derive(Default)]
struct History {
    of: Option<Arc<BTreeMap<SitePath, git::History>>>,
    renames: BTreeMap<SitePath, SitePath>,
}

impl History {
    fn learn(&mut self, snapshot: &Snapshot) {
        let history = &snapshot.site.history;
        if !self.of.as_ref().is_some_and(|known| Arc::ptr_eq(known, history)) {
            self.of = Some(history.clone());
            self.renames = git::renames(&snapshot.site.content);
        }
    }
}
