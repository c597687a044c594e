//! `zhi init`: makes a site that builds at once, or makes one of notes that are there. Never
//! changes a file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use walkdir::{DirEntry, WalkDir};

use super::{create, inside, is_template_folder, say};
use crate::starter::{self, Found, GIT_IGNORE, Language, WORKFLOW};
use crate::workspace::Failure;
use crate::{config, path, source};

/// Where this program's source is kept, if its package says so.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The arguments of `zhi init`.
#[derive(Debug, clap::Args)]
pub(super) struct Init {
    /// The folder; it is made if there is none.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// The language of the first notes: zh or en [default: that of the environment].
    #[arg(long, value_parser = language)]
    lang: Option<Language>,
    /// Where the workflow gets zhi's source from.
    #[arg(long, value_name = "URL", default_value = REPOSITORY, hide_default_value = REPOSITORY.is_empty())]
    zhi_repository: String,
}

fn language(tag: &str) -> Result<Language, &'static str> {
    Language::of(tag).ok_or("there are first notes in zh and en")
}

/// Runs the command and says of each file whether it was made.
pub(super) fn run(init: &Init) -> Result<ExitCode, Failure> {
    let dir = &init.dir;
    fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    let found = found(dir)?;
    let language = init.lang.unwrap_or_else(of_environment);
    let mut made_workflow = false;
    for (file, text) in starter::files(language, found.as_ref(), &init.zhi_repository) {
        let other = (file == WORKFLOW).then(|| publishing_workflow(dir)).flatten();
        if let Some(other) = other.filter(|other| *other != file) {
            say(&format!("left  {file}: {other} publishes already\n"));
        } else if dir.join(&file).symlink_metadata().is_ok() {
            say(&format!("left  {file}{}\n", lacking(dir, &file)));
        } else {
            inside(dir, &dir.join(&file))?;
            create(&dir.join(&file), &text)?;
            say(&format!("made  {file}\n"));
            made_workflow |= file == WORKFLOW;
        }
    }
    if let Some(Found { source, templates: _ }) = &found {
        say(&format!("left  all notes in {source}\n"));
    }
    if made_workflow && init.zhi_repository.is_empty() {
        say(&format!(
            "before publishing, set ZHI_REPOSITORY in {WORKFLOW} to the address of zhi's repository\n"
        ));
    }
    say(&format!("next: zhi serve {}\n", dir.display()));
    Ok(ExitCode::SUCCESS)
}

/// The language by the first of these variables that is set (POSIX, section 8.2).
fn of_environment() -> Language {
    let set = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
    locale.and_then(|locale| Language::of(&locale)).unwrap_or(Language::English)
}

/// A file of git's that does not leave out the output.
fn lacking(dir: &Path, file: &str) -> &'static str {
    if file != GIT_IGNORE.0 {
        return "";
    }
    let text = source::read(&dir.join(file)).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let is_output = |line: &str| line.trim().trim_matches('/') == "public";
    if text.lines().any(is_output) { "" } else { "; add a line /public to it" }
}

/// A workflow that publishes to GitHub Pages already.
fn publishing_workflow(dir: &Path) -> Option<String> {
    let folder = path::parent(WORKFLOW);
    let entries = fs::read_dir(dir.join(folder)).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let publishes = |name: &String| {
        let text = source::read(&dir.join(folder).join(name)).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        text.contains("deploy-pages") || text.contains("gh-pages")
    };
    names.into_iter().find(publishes).map(|name| format!("{folder}/{name}"))
}

/// Folders in which notes of other tools lie.
const USUAL: &[&str] = &["notes", "content", "docs", "src"];

/// Files of Markdown that any repository has.
const OF_REPOSITORIES: &[&str] = &[
    "readme",
    "changelog",
    "contributing",
    "license",
    "security",
    "code_of_conduct",
    "agents",
];

/// Where there are notes already.
fn found(dir: &Path) -> Result<Option<Found>, Failure> {
    let Some(source) = folder_of_notes(dir)? else { return Ok(None) };
    let entries = fs::read_dir(dir.join(&source)).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    let names = folders.map(|entry| entry.file_name().to_string_lossy().into_owned());
    // At the top, `templates` are those of the site's pages.
    let is_theme = |name: &String| source == "." && name == "templates";
    let mut templates: Vec<String> =
        names.filter(|name| is_template_folder(name) && !is_theme(name)).collect();
    templates.sort();
    Ok(Some(Found { source, templates }))
}

fn folder_of_notes(dir: &Path) -> Result<Option<String>, Failure> {
    if dir.join(config::FILE).exists() {
        let root = source::open(dir)?;
        let folder =
            if root.prefix.is_empty() { "." } else { root.prefix.trim_end_matches('/') };
        return Ok(has_note(&dir.join(folder), &|_| true).then(|| folder.to_owned()));
    }
    if dir.join(".obsidian").is_dir() {
        return Ok(Some(".".to_owned()));
    }
    let is_book = |name: &&str| *name != "src" || dir.join("src/SUMMARY.md").exists();
    let mut usual = USUAL.iter().copied().filter(is_book);
    let is_own = |name: &str| {
        let name = name.to_lowercase();
        !OF_REPOSITORIES.iter().any(|other| name.starts_with(other))
    };
    let here = || has_note(dir, &is_own).then_some(".");
    let found = usual.find(|name| has_note(&dir.join(name), &|_| true)).or_else(here);
    Ok(found.map(str::to_owned))
}

/// Whether there is a note in a folder or below it, of which the name at its top fits.
fn has_note(folder: &Path, fits: &dyn Fn(&str) -> bool) -> bool {
    let is_hidden = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() > 0 && (name.starts_with('.') || name == "node_modules")
    };
    let entries = WalkDir::new(folder).into_iter().filter_entry(|entry| !is_hidden(entry));
    entries.flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy();
        entry.file_type().is_file()
            && path::is_note(&name)
            && (entry.depth() > 1 || fits(&name))
    })
}
