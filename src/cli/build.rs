//! `zhi build`: discover, parse, link, plan, render, emit.

use std::io::IsTerminal as _;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;

use super::{Common, tell};
use crate::diagnostic::print::{self, Format};
use crate::diagnostic::{Diagnostic, Severity, count};
use crate::emit::{self, Content, File, Manifest};
use crate::render::{self, Rendered};
use crate::site::{self, Page, Plan, Site, text_of};
use crate::workspace::{Failure, Workspace, unreadable};

/// The arguments of `zhi build`.
#[derive(Debug, clap::Args)]
pub(super) struct Build {
    #[command(flatten)]
    common: Common,
    /// The folder to write to [default: public].
    #[arg(long, short, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Fail on any finding.
    #[arg(long)]
    strict: bool,
    /// Leave out notes whose front matter cannot be read, instead of failing.
    #[arg(long)]
    keep_going: bool,
}

/// Runs the command.
pub(super) fn run(build: &Build) -> Result<ExitCode, Failure> {
    let start = Instant::now();
    let mut workspace =
        Workspace::open(&build.common.dir, build.common.options(build.output.clone()))?;
    refuse_output(&workspace, build.output.is_some())?;
    let site = workspace.refresh()?;
    let plan = site::plan(&site);
    if !build.keep_going && refuse_unreadable(&site) {
        return Ok(ExitCode::FAILURE);
    }
    progress(&site, start);
    let output = workspace.output();
    let seal = workspace.seal(&site);
    let is_current =
        seal.as_ref().is_some_and(|seal| Manifest::read(&output).holds(&output, seal));
    let rendered =
        if is_current { attachments(&site, &plan) } else { render_all(&site, &plan) };
    // What rendering finds must be found by every build.
    let seal = seal.filter(|_| rendered.findings.is_empty());
    let findings = site::findings(&site, rendered.findings);
    tell(&print::print(&findings, &|file| text_of(&site, file), Format::Short));
    let (errors, warnings) = count(&findings);
    let is_template_error =
        findings.iter().any(|finding| finding.code == crate::diagnostic::Code::Template);
    if is_template_error || build.strict && !findings.is_empty() {
        tell(&format!("nothing was written: {}\n", counted(errors, warnings)));
        return Ok(ExitCode::FAILURE);
    }
    let emitted = if is_current {
        emit::emit_some(&output, &rendered.files)?
    } else {
        emit::emit(&output, &rendered.files, seal)?
    };
    let notes = site.graph.live.iter().filter(|live| **live).count();
    tell(&format!(
        "{notes} notes, {} pages, {:.2} s, {}; {} files written to {}\n",
        plan.pages.values().filter(|page| page.is_html()).count(),
        start.elapsed().as_secs_f64(),
        counted(errors, warnings),
        emitted.written,
        output.display(),
    ));
    // The program ends: taking the site apart piece by piece would be for nothing.
    std::mem::forget((rendered.files, plan, site, workspace));
    Ok(ExitCode::SUCCESS)
}

fn counted(errors: usize, warnings: usize) -> String {
    let form = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    format!(
        "{}, {}",
        form(errors, Severity::Error.word()),
        form(warnings, Severity::Warning.word())
    )
}

/// The output must not be, or hold, the notes: the next build would read its own pages.
/// Nor may a folder from elsewhere say that its site is written outside of it.
fn refuse_output(workspace: &Workspace, chosen: bool) -> Result<(), Failure> {
    let output = workspace.output();
    let root = workspace.root();
    let there = resolved(&output);
    let home = resolved(&root.dir);
    let content = resolved(&crate::source::content_dir(root));
    let is_read = |name: &str| root.is_site && there.starts_with(home.join(name));
    let reason = if content.starts_with(&there) {
        "holds the notes"
    } else if is_read("templates") || is_read("static") {
        "is read for the theme"
    } else if there.starts_with(&content) && crate::source::is_foreign(&there) {
        "holds files that no finished build wrote"
    } else if !chosen && !there.starts_with(&home) {
        "lies outside of the site"
    } else {
        return Ok(());
    };
    Err(anyhow::anyhow!(
        "the output folder {} {reason}; choose another one with --output",
        output.display()
    )
    .into())
}

/// Where a path leads: links followed as far as there is something, the rest as written.
fn resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there =
        absolute.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    match there {
        Some((above, found)) => {
            let rest = absolute.strip_prefix(above).unwrap_or(Path::new(""));
            let leaves = rest.components().any(|part| part == Component::ParentDir);
            if leaves { PathBuf::from("/") } else { found.join(rest) }
        }
        None => absolute,
    }
}

/// Prints what cannot be read; whether there is any.
fn refuse_unreadable(site: &Site) -> bool {
    let mut unread = unreadable(site);
    if unread.is_empty() {
        return false;
    }
    for finding in &mut unread {
        finding.file = format!("{}{}", site.prefix, finding.file);
        finding.severity = Severity::Error;
    }
    unread.sort();
    tell(&print::print(&unread, &|file| text_of(site, file), Format::Short));
    tell(
        "nothing was written: a draft mark may be lost in front matter that cannot be read; --keep-going leaves such notes out\n",
    );
    true
}

fn progress(site: &Arc<Site>, start: Instant) {
    if std::io::stderr().is_terminal() && start.elapsed().as_millis() > 500 {
        tell(&format!("{} notes read, rendering …\n", site.notes.len()));
    }
}

/// All files of a site, rendered in parallel.
pub(super) struct All {
    pub(super) files: Vec<File>,
    pub(super) findings: Vec<Diagnostic>,
}

/// Only the attachments: they are copied, and compared to do so.
fn attachments(site: &Site, plan: &Plan) -> All {
    let copy = |(url, page): (&String, &Page)| match page {
        Page::Asset(path) => {
            let content = Content::Copy(site.content.join(path));
            Some(File { path: url.clone(), content })
        }
        _ => None,
    };
    All { files: plan.pages.iter().filter_map(copy).collect(), findings: Vec::new() }
}

/// Renders every page, and the search index beside them.
pub(super) fn render_all(site: &Site, plan: &Plan) -> All {
    let search = render::search_files(site);
    let stage = render::stage(site, plan, search.as_ref(), "");
    let pages: Vec<_> = plan.pages.iter().collect();
    let outcomes: Vec<_> =
        pages.par_iter().map(|(url, page)| render::render(&stage, url, page)).collect();
    let mut all = All { files: Vec::with_capacity(pages.len()), findings: Vec::new() };
    for ((url, _), outcome) in pages.into_iter().zip(outcomes) {
        all.findings.extend(outcome.diagnostics);
        let content = match outcome.rendered {
            Rendered::Bytes(bytes) => Content::Bytes(bytes),
            Rendered::File(path) => Content::Copy(path),
        };
        all.files.push(File { path: url.clone(), content });
    }
    for (name, bytes) in search.into_iter().flat_map(|files| files.files) {
        all.files.push(File { path: format!("search/{name}"), content: Content::Bytes(bytes) });
    }
    all
}
