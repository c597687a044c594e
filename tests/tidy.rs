//! The rules of the code that no compiler knows: who may import whom, what is embedded, how
//! long a file may be, what must not be left lying about. See ARCHITECTURE.md.

#![expect(clippy::disallowed_methods, reason = "a test reads the repository's own files")]
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A module and the modules it may use. `path`, `diagnostic`, `config`, `words` and `text`
/// are leaves that anyone may use; they use only each other.
const IMPORTS: &[(&str, &[&str])] = &[
    ("path", &[]),
    ("diagnostic", &[]),
    ("config", &[]),
    ("words", &[]),
    ("text", &[]),
    ("source", &[]),
    ("git", &[]),
    ("kube", &[]),
    ("note", &["source", "kube"]),
    ("graph", &["note", "source"]),
    ("theme", &["source"]),
    ("site", &["note", "graph", "theme", "source", "git"]),
    ("view", &["site", "graph", "note", "theme"]),
    ("search", &[]),
    ("check", &["site", "graph", "note", "view", "kube", "relocate"]),
    ("render", &["site", "graph", "note", "view", "theme", "search"]),
    ("emit", &["source"]),
    ("workspace", &["source", "git", "note", "graph", "theme", "site"]),
    ("relocate", &["source", "note", "graph"]),
    ("compose", &["source", "note"]),
    ("starter", &["note"]),
    ("schema", &["note"]),
    (
        "serve",
        &[
            "workspace",
            "site",
            "render",
            "view",
            "search",
            "source",
            "theme",
            "check",
            "git",
            "graph",
        ],
    ),
];

const LEAVES: &[&str] = &["path", "diagnostic", "config", "words", "text"];

/// Modules that may use everything, and hold no logic that others need.
const EDGES: &[&str] = &["cli", "lib", "main"];

const MAX_LINES: usize = 600;

#[test]
fn modules_use_only_what_lies_before_them() {
    let mut wrong = Vec::new();
    for file in files("src", "rs") {
        let module = module(&file);
        if EDGES.contains(&module.as_str()) {
            continue;
        }
        let Some((_, may)) = IMPORTS.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("{module} has no line in the table of imports"));
            continue;
        };
        let text = read(&file);
        for used in used_modules(&text) {
            if used != module && !LEAVES.contains(&used) && !may.contains(&used) {
                wrong.push(format!("{}: `{module}` must not use `{used}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_template_and_static_file_is_embedded() {
    let names = |list: &[(&str, &str)]| -> BTreeSet<String> {
        list.iter().map(|(name, _)| (*name).to_owned()).collect()
    };
    let below = |folder: &str, ending: &str| -> BTreeSet<String> {
        let base = root().join(folder);
        let found = files(folder, ending).into_iter();
        found
            .map(|file| file.strip_prefix(&base).unwrap().to_string_lossy().into_owned())
            .collect()
    };
    assert_eq!(names(zhi::theme::TEMPLATES), below("templates", "html"));
    assert_eq!(names(zhi::theme::WORDS), below("templates/words", "yaml"));
    assert_eq!(names(zhi::theme::FILES), below("static", ""));
    for (name, text) in zhi::theme::TEMPLATES {
        assert_eq!(*text, read(&root().join("templates").join(name)), "{name}");
    }
}

#[test]
fn every_file_says_what_it_is_and_stays_short() {
    let mut wrong = Vec::new();
    for file in files("src", "rs").into_iter().chain(files("tests", "rs")) {
        let text = read(&file);
        let lines = text.lines().count();
        if lines > MAX_LINES {
            wrong.push(format!("{} has {lines} lines; cut it in two", file.display()));
        }
        let is_entry = file.ends_with("src/lib.rs");
        if !is_entry && !text.starts_with("//! ") {
            wrong.push(format!("{} does not begin with what it is about", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_lying_about() {
    // Written in pieces, so that this file does not find itself.
    let marks: &[&str] = &[
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        concat!("/ho", "me/"),
        concat!("/Us", "ers/"),
        concat!("/ro", "ot/"),
        concat!("/wo", "rk/"),
        env!("CARGO_MANIFEST_DIR"),
    ];
    let mut wrong = Vec::new();
    for folder in ["src", "templates", "static", "tests", ".github", ".ci"] {
        for file in files(folder, "") {
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            for (number, line) in text.lines().enumerate() {
                if let Some(mark) = marks.iter().find(|mark| line.contains(*mark)) {
                    wrong.push(format!("{}:{}: {mark}", file.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The files below a folder with this ending, or all.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(root().join(folder)).sort_by_file_name();
    let paths = entries
        .into_iter()
        .filter_entry(|entry| {
            entry.file_name() != "node_modules" && entry.file_name() != "target"
        })
        .flatten()
        .filter(|entry| entry.file_type().is_file());
    paths
        .map(walkdir::DirEntry::into_path)
        .filter(|path| ending.is_empty() || path.extension().is_some_and(|own| own == ending))
        .collect()
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}

/// The top-level module that a source file belongs to.
fn module(file: &Path) -> String {
    let inside = file.strip_prefix(root().join("src")).unwrap();
    let first = inside.iter().next().unwrap().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The modules that stand behind `crate::` outside of unit tests.
fn used_modules(text: &str) -> BTreeSet<&str> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let names = code.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        &rest[..end]
    });
    names.filter(|name| !name.is_empty()).collect()
}
