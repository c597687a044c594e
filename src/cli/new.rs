//! `zhi new`: makes a note, of a template or with front matter that suits the site.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};

use super::{create, inside, is_template_folder, now, put, tell};
use crate::compose::{self, Occasion, Wanted};
use crate::config::nearest;
use crate::diagnostic::print::{self, Format};
use crate::note::{self, Settings};
use crate::path;
use crate::source::{self, Look, Root, content_dir};
use crate::text::slug::slug;
use crate::words::Words;
use crate::workspace::Failure;

/// The arguments of `zhi new`.
#[derive(Debug, clap::Args)]
pub(super) struct New {
    /// The note's title; `网络/服务网格` is 服务网格 in the folder 网络.
    title: String,
    /// A template: a note in the folder `Templates` with placeholders such as {{title}},
    /// {{date}} and {{date:YYYY-MM-DD HH:mm}}.
    #[arg(long, short, value_name = "NAME")]
    template: Option<String>,
    /// The site or folder of notes.
    #[arg(long, default_value = ".")]
    dir: PathBuf,
}

/// Runs the command; the path of the new note goes to standard output.
pub(super) fn run(new: &New) -> Result<ExitCode, Failure> {
    let root = source::open(&new.dir)?;
    let wanted = compose::wanted(&new.title).map_err(anyhow::Error::msg)?;
    let occasion = Occasion { title: &wanted.title, now: now(), config: &root.config };
    let text = match &new.template {
        Some(name) => compose::from_template(&template(&root, name)?, occasion),
        None => compose::plain(occasion),
    };
    let content = content_dir(&root);
    let place = place(&content, &wanted)?;
    refuse_twin(&content, &place)?;
    create(&content.join(&place), &text)?;
    warn(&root, &place, &text)?;
    put(format!("{}\n", shown(&content.join(&place)).display()).as_bytes());
    Ok(ExitCode::SUCCESS)
}

/// Where a note goes, relative to the folder of notes. Folders that exist keep their names.
fn place(content: &Path, wanted: &Wanted) -> Result<String> {
    let mut folder = content.to_owned();
    for name in &wanted.folders {
        let is_there = folder.join(name).is_dir();
        folder.push(if is_there { name.clone() } else { compose::file_stem(name) });
    }
    inside(content, &folder.join(&wanted.file))
}

/// Two files may differ in name and yet want one address.
fn refuse_twin(content: &Path, place: &str) -> Result<()> {
    let name = slug(path::stem(place));
    let folder = path::parent(place);
    let entries = fs::read_dir(content.join(folder)).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut notes = names.filter(|name| path::is_note(name));
    match notes.find(|note| slug(path::stem(note)) == name) {
        Some(twin) => bail!("{} exists", content.join(folder).join(twin).display()),
        None => Ok(()),
    }
}

/// Says what the author should know of the new note: what its template left wrong in it, and
/// whether it is on the site at all.
fn warn(root: &Root, place: &str, text: &str) -> Result<()> {
    let settings = Settings { config: &root.config, words: &Words::default() };
    let file = source::text_file(place.to_owned(), text.as_bytes().to_vec());
    let findings = note::parse(&file, settings).diagnostics;
    tell(&print::print(&findings, &|_| Some(text), Format::Short));
    let path = content_dir(root).join(place).canonicalize()?;
    let output = root.dir.join(&root.config.output);
    let looks = source::look_again(root, &output, &[path].into())?;
    if !matches!(looks.as_slice(), [Look::Here(..)]) {
        tell(&format!("{place} is not on the site: it is left out by `ignore` or `output`\n"));
    }
    Ok(())
}

/// The text of a template by its name.
fn template(root: &Root, name: &str) -> Result<String> {
    let all = templates(root)?;
    let folded = name.trim_end_matches(".md").to_lowercase();
    let found = all.iter().find(|(known, _)| known.to_lowercase() == folded);
    let Some((known, file)) = found else { return Err(no_template(name, &all)) };
    let bytes = source::read(file)?;
    Ok(source::text_file(known.clone(), bytes).text.to_string())
}

fn no_template(name: &str, all: &BTreeMap<String, PathBuf>) -> anyhow::Error {
    let names: Vec<&str> = all.keys().map(String::as_str).collect();
    let meant = nearest(name, names.iter().copied());
    let meant = meant.map_or(String::new(), |meant| format!("; did you mean “{meant}”?"));
    let there = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    anyhow::anyhow!("no template is called “{name}”{meant}\nthere are: {there}")
}

/// All templates by name, which may begin with folders.
fn templates(root: &Root) -> Result<BTreeMap<String, PathBuf>> {
    let content = content_dir(root);
    let Some(folder) = template_folder(root, &content) else {
        bail!(
            "there is no folder of templates; put one as {}",
            content.join("Templates/NAME.md").display()
        );
    };
    let entries = walkdir::WalkDir::new(&folder).into_iter().flatten();
    let notes = entries.filter(|entry| entry.file_type().is_file()).filter_map(|entry| {
        let name = entry.path().strip_prefix(&folder).ok()?.to_str()?.replace('\\', "/");
        let end = name.len() - path::extension(&name).len() - 1;
        path::is_note(&name).then(|| (name[..end].to_owned(), entry.into_path()))
    });
    Ok(notes.collect())
}

/// The folder that Obsidian's settings name, or one whose name says what it is.
fn template_folder(root: &Root, content: &Path) -> Option<PathBuf> {
    let set = obsidian_folder(content).map(|folder| content.join(folder));
    // At the top of a site, `templates` are those of its pages.
    let is_theme = |name: &str| root.is_site && root.prefix.is_empty() && name == "templates";
    let is_named = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        is_template_folder(&name) && !is_theme(&name) && path.is_dir()
    };
    let entries = fs::read_dir(content).into_iter().flatten().flatten();
    let mut named: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_named).collect();
    named.sort();
    set.filter(|folder| folder.is_dir() && inside(content, folder).is_ok())
        .or_else(|| named.into_iter().next())
}

fn obsidian_folder(content: &Path) -> Option<String> {
    let bytes = source::read(&content.join(".obsidian/templates.json")).ok()?;
    let settings: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    settings["folder"].as_str().filter(|folder| !folder.is_empty()).map(str::to_owned)
}

/// The path as one would type it.
fn shown(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}
