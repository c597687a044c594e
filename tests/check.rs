//! One planted mistake of each rule is found at its line and column and nothing else;
//! cured, nothing is found. And the page that explains a rule says what is true.

#![expect(clippy::disallowed_methods, reason = "a test makes and reads folders of its own")]
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeSet;
use std::path::Path;

use zhi::diagnostic::Code;
use zhi::diagnostic::print::Format;

#[path = "check/made.rs"]
mod made;
#[path = "check/outcome.rs"]
mod outcome;
#[path = "check/pages.rs"]
mod pages;

use outcome::{Past, check};

/// What ends the check before it begins; a test of its own is below.
const ENDS_THE_CHECK: &[Code] = &[Code::Config, Code::Template];

fn past() -> Past {
    Past {
        renames: vec![("old-name.md", "new-name.md")],
        published: vec!["gone/lost-address.html"],
    }
}

#[test]
fn planted_mistakes_are_found_where_they_are() {
    let folder = made::copy(Path::new("tests/check/planted"));
    let impossible = made::plant(folder.path());
    let found = check(folder.path(), &past(), Format::Short);
    let left_out = [left_out(), impossible].concat();
    let expected = include_str!("check/planted.txt");
    let is_expected = |line: &&str| !left_out.iter().any(|code| line.contains(&mark(*code)));
    let expected: Vec<&str> = expected.lines().filter(is_expected).collect();
    let printed: Vec<&str> = found.printed.lines().collect();
    let differ: Vec<_> = printed.iter().filter(|line| !expected.contains(line)).collect();
    assert_eq!(printed, expected, "\nnot expected: {differ:#?}");
    let codes: BTreeSet<Code> = found.codes.iter().copied().collect();
    let is_missing = |code: &&Code| {
        !codes.contains(code) && !ENDS_THE_CHECK.contains(code) && !left_out.contains(code)
    };
    let missing: Vec<&str> =
        Code::ALL.iter().filter(is_missing).map(|code| code.name()).collect();
    assert!(missing.is_empty(), "no planted mistake of {missing:?}");
}

fn mark(code: Code) -> String {
    format!("[{}]", code.name())
}

/// Codes that cannot be found here: no diagram is drawn by a build without them, and no Go
/// read without gofmt.
fn left_out() -> Vec<Code> {
    let gofmt = std::process::Command::new("gofmt").arg("-l").arg("/dev/null").output();
    let missing =
        [(!cfg!(feature = "diagrams"), Code::Diagram), (gofmt.is_err(), Code::GoBlocks)];
    missing.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, code)| code).collect()
}

#[test]
fn cured_notes_have_no_findings() {
    let found = check(Path::new("tests/check/cured"), &past(), Format::Short);
    assert_eq!(found.printed, "");
}

#[test]
fn what_ends_the_check_is_found_where_it_is() {
    for (file, text, expected) in [
        (
            "zhi.yaml",
            "title: a\ncheck:\n  brokn_link: off\n",
            "3:3: error[config]: unknown setting `brokn_link`",
        ),
        (
            "zhi.yaml",
            "title: a\n\tlang: zh\n",
            "2:1: error[config]: found a tab character that violates indentation",
        ),
        (
            "zhi.yaml",
            "check:\n  orphan: loud\n",
            "2:3: error[config]: `orphan` takes `error`, `warning` or `off`, not `loud`",
        ),
        (
            "templates/after_note.html",
            "<p>\n{{ page.nosuch }}\n</p>\n",
            "2:9: error[template]: field `nosuch` is not defined",
        ),
        (
            "templates/after_note.html",
            "<p>\n{% fi %}\n</p>\n",
            "2:4: error[template]: unknown tag",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        made::write(folder.path(), "notes/a.md", "# A\n\nText.\n");
        made::write(folder.path(), file, text);
        let found = check(folder.path(), &Past::default(), Format::Short);
        let expected = format!("{file}:{expected}");
        assert_eq!(found.printed.lines().count(), 1, "{}", found.printed);
        assert!(found.printed.starts_with(&expected), "{}\n{expected}", found.printed);
    }
}
