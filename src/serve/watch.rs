//! Watches folders and says what changed once it has settled. Events of the system come
//! in, paths go out; knows nothing of notes.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

/// After so much quiet a change counts as whole. An editor empties a file and writes it
/// again within a millisecond or two.
const QUIET: Duration = Duration::from_millis(12);

/// After so long changes are looked at even if more keep coming.
const LONGEST: Duration = Duration::from_millis(50);

/// What has happened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Happened {
    /// These files or folders came, went or changed.
    Changed(BTreeSet<PathBuf>),
    /// Events were lost: anything may have changed.
    Lost,
    /// Nothing in the time given.
    Nothing,
}

/// Folders under watch.
pub(super) struct Watch {
    /// Ends the watch when dropped.
    _watcher: RecommendedWatcher,
    notices: Receiver<Notice>,
}

enum Notice {
    Paths(Vec<PathBuf>),
    Lost,
}

/// Begins to watch places, each with or without all folders in it. One that does not exist
/// is left out.
pub(super) fn watch(places: &[(PathBuf, bool)]) -> Result<Watch> {
    let (sender, notices) = mpsc::channel();
    let handler = move |event: notify::Result<notify::Event>| {
        if let Some(notice) = notice(event) {
            // The receiver goes away only with the watch.
            let _ = sender.send(notice);
        }
    };
    let mut watcher =
        notify::recommended_watcher(handler).context("cannot watch for changes")?;
    for (place, with_folders) in places {
        let mode =
            if *with_folders { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
        match watcher.watch(place, mode) {
            Err(error) if place.exists() => {
                let at = format!("cannot watch {}", place.display());
                return Err(error).context(at);
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(Watch { _watcher: watcher, notices })
}

/// Our own reading makes events, too: they must not count as changes.
fn notice(event: notify::Result<notify::Event>) -> Option<Notice> {
    let Ok(event) = event else { return Some(Notice::Lost) };
    if event.need_rescan() {
        return Some(Notice::Lost);
    }
    let is_write = event.kind == EventKind::Access(AccessKind::Close(AccessMode::Write));
    let is_our_own = matches!(event.kind, EventKind::Access(_) | EventKind::Other);
    (is_write || !is_our_own).then_some(Notice::Paths(event.paths))
}

impl Watch {
    /// Waits for the next change and until it has settled, but no longer than `patience`
    /// for its beginning.
    pub(super) fn next(&self, patience: Duration) -> Happened {
        let first = match self.notices.recv_timeout(patience) {
            Ok(first) => first,
            Err(RecvTimeoutError::Timeout) => return Happened::Nothing,
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(patience);
                return Happened::Lost;
            }
        };
        let latest = Instant::now() + LONGEST;
        let mut changed = BTreeSet::new();
        let mut lost = take(first, &mut changed);
        loop {
            let left = latest.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            match self.notices.recv_timeout(QUIET.min(left)) {
                Ok(notice) => lost |= take(notice, &mut changed),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        if lost { Happened::Lost } else { Happened::Changed(changed) }
    }
}

fn take(notice: Notice, changed: &mut BTreeSet<PathBuf>) -> bool {
    match notice {
        Notice::Paths(paths) => {
            changed.extend(paths);
            false
        }
        Notice::Lost => true,
    }
}
