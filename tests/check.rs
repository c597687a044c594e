//! The folders `tests/check/planted` and `tests/check/cured`: one planted mistake of each
//! rule is found at its line and column and nothing else; cured, nothing is found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use zhi::check::{self, Subject};
use zhi::diagnostic::{Code, Diagnostic, print};
use zhi::workspace::{Options, Workspace};
use zhi::{render, site};

/// What no folder under version control can hold, or what ends the check before it begins;
/// each has a test of its own below or elsewhere.
const ELSEWHERE: &[Code] = &[
    Code::Diagram,
    Code::NoteSize,
    Code::Unreadable,
    Code::FileName,
    Code::SymlinkOutside,
    Code::Config,
    Code::Template,
];

/// All findings of a folder, one a line, on a fixed day, with a fixed past.
fn check(dir: &Path) -> (Vec<Diagnostic>, String) {
    let mut workspace = Workspace::open(dir, Options::default()).expect("the folder opens");
    let site = workspace.refresh().expect("the folder is read");
    let plan = site::plan(&site);
    let stage = render::stage(&site, &plan, None, "");
    let rendered =
        plan.pages.iter().flat_map(|(url, page)| render::render(&stage, url, page).diagnostics);
    let subject = Subject {
        site: &site,
        plan: &plan,
        today: Some("2026-11-20"),
        renames: &BTreeMap::from([("old-name.md".to_owned(), "new-name.md".to_owned())]),
        published: &BTreeSet::from(["gone/lost-address.html".to_owned()]),
        external: true,
    };
    let findings = check::findings(&subject, rendered.collect());
    let text_of = |file: &str| site.note_at(file).map(|note| &*note.source);
    let printed = print::print(&findings, &text_of, print::Format::Short);
    (findings, printed)
}

#[test]
fn planted_mistakes_are_found_where_they_are() {
    let (findings, printed) = check(Path::new("tests/check/planted"));
    let expected = include_str!("check/planted.txt");
    let left_out = left_out();
    let is_expected =
        |line: &&str| !left_out.iter().any(|code| line.contains(&format!("[{code}]")));
    let expected: Vec<&str> = expected.lines().filter(is_expected).collect();
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected, "\n{printed}");
    let found: BTreeSet<Code> = findings.iter().map(|finding| finding.code).collect();
    let is_missing = |code: &&Code| !found.contains(code) && !ELSEWHERE.contains(code);
    let missing: Vec<&str> =
        Code::ALL.iter().filter(is_missing).map(|code| code.name()).collect();
    assert_eq!(missing, left_out, "no planted mistake of these");
}

/// Codes that cannot be found here: without gofmt no Go is read.
fn left_out() -> Vec<&'static str> {
    let gofmt = std::process::Command::new("gofmt").arg("-l").arg("/dev/null").output();
    if gofmt.is_ok() { Vec::new() } else { vec!["go-blocks"] }
}

#[test]
fn cured_notes_have_no_findings() {
    let (_, printed) = check(Path::new("tests/check/cured"));
    assert_eq!(printed, "");
}
