//! The cases below `tests/highlight/`: prose, code and the expected HTML side by side.
//!
//! A case is a line `=== what it shows`, any further prose, `-- name --` with the
//! fence's language, the code, `-- html --` and the HTML. With `UPDATE=1` in the
//! environment the HTML is written anew, to be reviewed like code.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::html;

pub(super) struct Case {
    pub(super) title: String,
    prose: String,
    pub(super) language: String,
    pub(super) code: String,
    expected: String,
}

#[test]
fn code_has_the_colours_that_the_cases_show() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = String::new();
    for path in files() {
        let cases = read(&path);
        for case in &cases {
            let got = html(&case.language, &case.code);
            if got != case.expected {
                let Case { title, expected, .. } = case;
                let _ = writeln!(wrong, "{title}\nexpected:\n{expected}\ngot:\n{got}");
            }
        }
        if update {
            write(&path, &cases);
        }
    }
    assert!(wrong.is_empty() || update, "{wrong}");
}

/// All cases of all files.
pub(super) fn all() -> Vec<Case> {
    files().iter().flat_map(|path| read(path)).collect()
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/highlight");
    let entries = std::fs::read_dir(folder).expect("the folder of the cases");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files
}

#[expect(clippy::disallowed_methods, reason = "tests read their cases")]
fn read(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).expect("a readable file of cases");
    text.split("=== ").skip(1).map(parse).collect()
}

fn parse(text: &str) -> Case {
    let (prose, rest) = text.split_once("\n-- ").expect("a case has code");
    let (language, rest) = rest.split_once(" --\n").expect("the code has a language");
    let (code, expected) = rest.split_once("-- html --\n").expect("a case has HTML");
    // An empty line parts a case from the next.
    let expected =
        expected.strip_suffix("\n\n").map_or(expected.to_owned(), |html| format!("{html}\n"));
    let (title, prose) = prose.split_once('\n').unwrap_or((prose, ""));
    Case {
        title: title.to_owned(),
        prose: prose.to_owned(),
        language: language.to_owned(),
        code: code.to_owned(),
        expected,
    }
}

#[expect(clippy::disallowed_methods, reason = "tests write their cases on demand")]
fn write(path: &Path, cases: &[Case]) {
    let texts = cases.iter().map(|case| {
        let Case { title, prose, language, code, .. } = case;
        let prose = if prose.is_empty() { String::new() } else { format!("{prose}\n") };
        format!(
            "=== {title}\n{prose}-- {language} --\n{code}-- html --\n{}",
            html(language, code)
        )
    });
    let text = texts.collect::<Vec<_>>().join("\n");
    std::fs::write(path, text).expect("a writable file of cases");
}
