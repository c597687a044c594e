//! When files were written and last changed, and by whom, from the history that git keeps.
//! One question to git for the whole folder; without git, no dates and no names.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use crate::path::SitePath;

/// What git knows of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The day of the first commit that names it (`2026-11-20`, committer's date).
    pub created: String,
    /// The day of the last commit that names it.
    pub updated: String,
    /// The names of who wrote those commits, co-authors included, as the mailmap spells
    /// them; who has most first. Programs are left out.
    pub contributors: Vec<Arc<str>>,
}

/// The history of all files below a folder. Empty without git, outside of a repository and
/// in a shallow clone, whose history would tell the wrong days.
pub fn history(folder: &Path) -> BTreeMap<SitePath, History> {
    if git(folder, &["rev-parse", "--is-shallow-repository"]).as_deref() != Some("false\n") {
        return BTreeMap::new();
    }
    let log = [
        "-c",
        "core.quotepath=off",
        "log",
        "--format=%x01%cs%x02%aN%x02%(trailers:key=Co-authored-by,valueonly,separator=%x02)",
        "--name-only",
        "--no-renames",
        "--relative",
        "-z",
        "--",
        ".",
    ];
    let log = git(folder, &log).unwrap_or_default();
    parse(&log, &mapped(folder, co_authors(&log)))
}

/// The co-authors that a log names, as `Name <address>`.
fn co_authors(log: &str) -> BTreeSet<&str> {
    let headers = log.split('\u{1}').filter_map(|commit| commit.split(['\n', '\0']).next());
    let contacts = headers.flat_map(|header| header.split('\u{2}').skip(2));
    contacts.filter(|contact| contact.contains('<') && contact.ends_with('>')).collect()
}

/// How many co-authors git is asked to find in the mailmap.
const MOST_CONTACTS: usize = 500;

/// The names of contacts, by contact, as the mailmap spells them.
fn mapped<'a>(folder: &Path, contacts: BTreeSet<&'a str>) -> BTreeMap<&'a str, String> {
    let known: Vec<&str> = contacts.iter().copied().take(MOST_CONTACTS).collect();
    let question = [&["check-mailmap", "--"], known.as_slice()].concat();
    let answer = if known.is_empty() { None } else { git(folder, &question) };
    let answer = answer.unwrap_or_default();
    let spelled = answer.lines().map(Some).chain(std::iter::repeat(None));
    let name = |contact: &str| contact.split('<').next().unwrap_or_default().trim().to_owned();
    contacts
        .into_iter()
        .zip(spelled)
        .map(|(contact, spelled)| (contact, name(spelled.unwrap_or(contact))))
        .collect()
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

/// Reads the newest commit first; `names` are those of co-authors by contact.
fn parse(log: &str, names: &BTreeMap<&str, String>) -> BTreeMap<SitePath, History> {
    let mut files: BTreeMap<SitePath, (History, BTreeMap<&str, usize>)> = BTreeMap::new();
    for commit in log.split('\u{1}').filter(|commit| !commit.is_empty()) {
        let (header, changed) = commit.split_once(['\n', '\0']).unwrap_or((commit, ""));
        let mut fields = header.split('\u{2}');
        let day = fields.next().unwrap_or_default().trim();
        if !is_day(day) {
            continue;
        }
        let author = fields.next().map(str::trim);
        let others = fields.filter_map(|contact| names.get(contact).map(String::as_str));
        let people: BTreeSet<&str> =
            author.into_iter().chain(others).filter(|name| is_person(name)).collect();
        let changed = changed.split('\0').map(|file| file.trim_matches('\n'));
        for file in changed.filter(|file| !file.is_empty()) {
            let (history, commits) = files.entry(file.to_owned()).or_default();
            if history.updated.is_empty() {
                day.clone_into(&mut history.updated);
            }
            day.clone_into(&mut history.created);
            for name in &people {
                *commits.entry(name).or_default() += 1;
            }
        }
    }
    with_contributors(files)
}

/// Puts the names into the histories, each name held once.
fn with_contributors(
    files: BTreeMap<SitePath, (History, BTreeMap<&str, usize>)>,
) -> BTreeMap<SitePath, History> {
    let mut names: BTreeMap<&str, Arc<str>> = BTreeMap::new();
    let histories = files.into_iter().map(|(file, (mut history, commits))| {
        let mut people: Vec<_> = commits.into_iter().collect();
        people.sort_by_key(|(_, count)| Reverse(*count));
        let name = |(name, _)| names.entry(name).or_insert_with(|| Arc::from(name)).clone();
        history.contributors = people.into_iter().map(name).collect();
        (file, history)
    });
    histories.collect()
}

/// A name may hold the marks that part commits; what follows them is then no day.
fn is_day(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// Hosts mark the names of programs so.
fn is_person(name: &str) -> bool {
    !name.is_empty() && !name.ends_with("[bot]")
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

    #[test]
    fn contributors_are_people_by_their_commits() {
        let log = "\u{1}2026-11-20\u{2}Ann\u{2}Bo <b@x>\u{2}robot[bot] <r@x>\n\0a.md\0b.md\0\u{1}2026-11-18\u{2}Bob\u{2}\0a.md\0\u{1}2026-10-01\u{2}dependabot[bot]\u{2}\0b.md\0\u{1}<b>\u{2}Eve\0a.md\0";
        let names = co_authors(log).into_iter().map(|contact| {
            let name = contact.split(" <").next().unwrap_or_default();
            (contact, name.replace("Bo", "Bob"))
        });
        let files = parse(log, &names.collect());
        let seen = |file: &str| {
            let history = &files[file];
            let people: Vec<&str> = history.contributors.iter().map(|name| &**name).collect();
            format!("{}..{} {}", history.created, history.updated, people.join(", "))
        };
        assert_eq!(seen("a.md"), "2026-11-18..2026-11-20 Bob, Ann");
        assert_eq!(seen("b.md"), "2026-10-01..2026-11-20 Ann, Bob");
    }
}
