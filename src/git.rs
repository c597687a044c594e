//! When files were written and last changed, from the history that git keeps.
//! One question to git for the whole folder; without git, no dates.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
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

/// The way from the top of the repository that a folder lies in, ending with `/`; empty at
/// the top and without git.
pub fn prefix(folder: &Path) -> String {
    let way = git(folder, &["rev-parse", "--show-prefix"]).unwrap_or_default();
    way.trim_end_matches('\n').to_owned()
}

/// Where files of a folder went that were renamed, by former path, both relative to the
/// folder; the way of a file renamed several times leads to its last name.
pub fn renames(folder: &Path) -> BTreeMap<SitePath, SitePath> {
    let named = ["--diff-filter=R", "--find-renames", "--name-status", "--relative", "-z"];
    let staged = [&["diff", "HEAD"], named.as_slice(), &["--", "."]].concat();
    let log = [&["log", "--format="], named.as_slice(), &["--", "."]].concat();
    let newest_first = [git(folder, &staged), git(folder, &log)];
    parse_renames(&newest_first.into_iter().flatten().collect::<String>())
}

fn parse_renames(log: &str) -> BTreeMap<SitePath, SitePath> {
    let mut renames: BTreeMap<SitePath, SitePath> = BTreeMap::new();
    let mut words = log.split('\0').map(|word| word.trim_start_matches('\n'));
    while let Some(status) = words.next() {
        if !status.starts_with('R') {
            continue;
        }
        let (Some(old), Some(new)) = (words.next(), words.next()) else { break };
        let last = renames.get(new).cloned().unwrap_or_else(|| new.to_owned());
        renames.entry(old.to_owned()).or_insert(last);
    }
    // A name that was given back is no former name.
    renames.retain(|old, new| old != new);
    renames
}

/// A folder from elsewhere may bring settings that make git run programs; none is needed
/// to read a history.
const HARMLESS: &[&str] = &[
    "--no-pager",
    "-c",
    "log.showSignature=false",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "safe.bareRepository=explicit",
];

/// The file that git writes to whenever the history that counts is another: by a commit, a
/// checkout, a reset.
pub fn log_of_head(folder: &Path) -> Option<PathBuf> {
    let printed = git(folder, &["rev-parse", "--git-path", "logs/HEAD"])?;
    Some(folder.join(printed.trim_end_matches('\n')))
}

fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(HARMLESS)
        .args(arguments)
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_renamed_twice_is_found_under_its_last_name() {
        let log = "R100\0b.md\0c.md\0\nR090\0a.md\0b.md\0R100\0x y.md\0文.md\0";
        let renames = parse_renames(log);
        let expected = [("a.md", "c.md"), ("b.md", "c.md"), ("x y.md", "文.md")];
        let expected = expected.map(|(old, new)| (old.to_owned(), new.to_owned()));
        assert_eq!(renames, BTreeMap::from(expected));
    }
}
