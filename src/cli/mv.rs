//! `zhi mv`: moves a note or folder and rewrites the links to it and in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use super::{edit_file, inside, say, tell};
use crate::path;
use crate::relocate::{self, Relocation, Step};
use crate::source::{self, Root, content_dir};
use crate::workspace::Failure;

/// The arguments of `zhi mv`.
#[derive(Debug, clap::Args)]
pub(super) struct Mv {
    /// The note, folder or attachment: a path from here, or from the folder of notes.
    from: PathBuf,
    /// Its new path, or an existing folder to move it into.
    to: PathBuf,
    /// The site or folder of notes.
    #[arg(long, default_value = ".")]
    dir: PathBuf,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command: first everything is worked out, then the file is moved, then links
/// are written.
pub(super) fn run(mv: &Mv) -> Result<ExitCode, Failure> {
    let root = source::open(&mv.dir)?;
    let step = step(mv, &root)?;
    let sources = source::discover(&root, &root.dir.join(&root.config.output))?;
    let relocation = relocate::relocate(&sources, &root.config, &step);
    let nav = relocate::nav_entries(&root.config, &root.config_text, &step);
    let content = content_dir(&root);
    if !mv.dry_run {
        rename(&content, &step)?;
        for (note, edits) in &relocation.edits {
            edit_file(&content.join(note), edits)?;
        }
        if !nav.is_empty() {
            edit_file(&root.dir.join(crate::config::FILE), &nav)?;
        }
    }
    Ok(report(&step, &relocation, mv.dry_run))
}

fn report(step: &Step, relocation: &Relocation, dry_run: bool) -> ExitCode {
    let links: usize = relocation.edits.values().map(Vec::len).sum();
    let notes = relocation.edits.len();
    let done = if dry_run { "would move" } else { "moved" };
    say(&format!("{done} {} to {}, {links} links in {notes} notes\n", step.from, step.to));
    for (note, written) in &relocation.left {
        tell(&format!("{note}: {written} cannot be written so that it leads where it led\n"));
    }
    if relocation.left.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What goes where, both relative to the folder of notes.
fn step(mv: &Mv, root: &Root) -> Result<Step> {
    let content = content_dir(root);
    let is_here = mv.from.exists();
    let base = if is_here { PathBuf::new() } else { content.clone() };
    let from = inside(&content, &base.join(&mv.from))?;
    let old = content.join(&from);
    if !old.exists() {
        bail!("there is no {}", mv.from.display());
    }
    if from.is_empty() {
        bail!("the folder of notes itself stays where it is");
    }
    let written = mv.to.to_string_lossy();
    let mut target = base.join(&mv.to);
    if target.is_dir() || written.ends_with('/') && !old.is_dir() {
        target = target.join(path::file_name(&from));
    } else if path::is_note(&from) && target.extension().is_none() {
        target.set_extension(path::extension(&from));
    }
    let to = inside(&content, &target)?;
    if to == from {
        bail!("{from} is there already");
    }
    if to.starts_with(&format!("{from}/")) {
        bail!("{from} cannot be moved into itself");
    }
    let new = content.join(&to);
    let is_same = || new.canonicalize().ok() == old.canonicalize().ok();
    if new.exists() && !is_same() {
        bail!("{to} exists; move it away first");
    }
    Ok(Step { from, to })
}

fn rename(content: &Path, step: &Step) -> Result<()> {
    let (old, new) = (content.join(&step.from), content.join(&step.to));
    if let Some(folder) = new.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    fs::rename(&old, &new).with_context(|| format!("cannot move {} to {}", step.from, step.to))
}
