//! When files were written and last changed, from the history that git keeps.
//! One question to git for the whole folder; without git, no dates.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::path::SitePath;

/// When a file was first and last committed, as days (`2026-11-20`, committer's date).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dates {
    /// The first commit that names it.
    pub created: String,
    /// The last commit that names it.
    pub updated: String,
}

/// The dates of all files below a folder. Empty without git, outside of a repository and
/// in a shallow clone, whose history would tell the wrong days.
pub fn dates(folder: &Path) -> BTreeMap<SitePath, Dates> {
    if git(folder, &["rev-parse", "--is-shallow-repository"]).as_deref() != Some("false\n") {
        return BTreeMap::new();
    }
    let log = [
        "-c",
        "core.quotepath=off",
        "log",
        "--format=%x01%cs",
        "--name-only",
        "--no-renames",
        "--relative",
        "-z",
        "--",
        ".",
    ];
    parse(&git(folder, &log).unwrap_or_default())
}

fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// Reads the newest commit first.
fn parse(log: &str) -> BTreeMap<SitePath, Dates> {
    let mut dates: BTreeMap<SitePath, Dates> = BTreeMap::new();
    for commit in log.split('\u{1}').filter(|commit| !commit.is_empty()) {
        let (day, files) = commit.split_once(['\n', '\0']).unwrap_or((commit, ""));
        for file in files
            .split('\0')
            .map(|file| file.trim_matches('\n'))
            .filter(|file| !file.is_empty())
        {
            let seen = dates.entry(file.to_owned()).or_insert_with(|| Dates {
                created: String::new(),
                updated: day.trim().to_owned(),
            });
            day.trim().clone_into(&mut seen.created);
        }
    }
    dates
}
