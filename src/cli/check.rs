//! `zhi check`: the findings of a build and those of all rules, without writing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use super::build::render_all;
use super::{Common, edit_file, report_failure, say, tell};
use crate::check::{self, Subject};
use crate::diagnostic::print::{self, Format};
use crate::diagnostic::{Diagnostic, count};
use crate::emit::Manifest;
use crate::graph::Target;
use crate::path::SitePath;
use crate::site::{self, Site, text_of};
use crate::workspace::{Failure, Workspace};
use crate::{git, source};

/// The arguments of `zhi check`.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    #[command(flatten)]
    common: Common,
    /// How findings are written.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// Leave Go and shell code to the eye: run neither gofmt nor bash.
    #[arg(long)]
    no_external: bool,
    /// A list of addresses that were published: the sitemap of the site, or one address a
    /// line [default: what the last build wrote to the output folder].
    #[arg(long, value_name = "FILE")]
    published: Option<PathBuf>,
    /// Change notes where what to write is certain: links to what was moved or renamed, and
    /// addresses with blanks. What is left is printed.
    #[arg(long)]
    fix: bool,
}

/// Runs the command. Findings for people go to standard error, for programs to standard
/// output.
pub(super) fn run(check: &Check) -> Result<ExitCode, Failure> {
    let mut workspace = match Workspace::open(&check.common.dir, check.common.options(None)) {
        Ok(workspace) => workspace,
        Err(failure) => {
            refuse(check, &failure);
            return Ok(ExitCode::from(2));
        }
    };
    let mut checked = checked(check, &mut workspace)?;
    if check.fix && mend(&workspace, &checked)? {
        checked = self::checked(check, &mut workspace)?;
    }
    Ok(report(check, checked))
}

/// A snapshot, and what is wrong with it.
struct Checked {
    site: Arc<Site>,
    renames: BTreeMap<SitePath, SitePath>,
    findings: Vec<Diagnostic>,
}

fn checked(check: &Check, workspace: &mut Workspace) -> Result<Checked, Failure> {
    let site = workspace.refresh()?;
    let plan = site::plan(&site);
    let rendered = render_all(&site, &plan);
    let published = published(check, workspace, &site)?;
    let renames = renames(&site, &published);
    let subject = Subject {
        site: &site,
        plan: &plan,
        today: Some(&super::today()),
        renames: &renames,
        published: &published,
        external: !check.no_external,
    };
    let findings = check::findings(&subject, rendered.findings);
    Ok(Checked { site, renames, findings })
}

/// Writes what is certain; whether there was any.
fn mend(workspace: &Workspace, checked: &Checked) -> Result<bool, Failure> {
    let fixes = check::fixes(&checked.site, &checked.renames, &checked.findings);
    let content = source::content_dir(workspace.root());
    for (note, edits) in &fixes {
        edit_file(&content.join(note), edits)?;
    }
    let places: usize = fixes.values().map(Vec::len).sum();
    tell(&format!("mended {places} places in {} notes\n", fixes.len()));
    Ok(places > 0)
}

fn report(check: &Check, checked: Checked) -> ExitCode {
    let site = checked.site;
    let (errors, warnings) = count(&checked.findings);
    let printed = printed(check, checked.findings, &|file| text_of(&site, file));
    match check.format {
        Format::Human => tell(&format!(
            "{printed}{errors} errors, {warnings} warnings in {} notes\n",
            site.notes.len()
        )),
        Format::Short => tell(&printed),
        Format::Json | Format::Github | Format::Sarif => say(&printed),
    }
    if errors > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Says why nothing could be checked, where the findings would have been said.
fn refuse(check: &Check, failure: &Failure) {
    match (failure, check.format) {
        (Failure::Content(finding, text), Format::Json | Format::Github | Format::Sarif) => {
            say(&printed(check, vec![(**finding).clone()], &|_| Some(text)));
        }
        _ => report_failure(failure, check.format),
    }
}

/// The findings as they are written. GitHub takes paths from the top of the repository,
/// wherever the site lies in it.
fn printed(check: &Check, mut findings: Vec<Diagnostic>, text_of: print::TextOf<'_>) -> String {
    if !matches!(check.format, Format::Github | Format::Sarif) {
        return print::print(&findings, text_of, check.format);
    }
    let prefix = git::prefix(&check.common.dir);
    for finding in &mut findings {
        finding.file.insert_str(0, &prefix);
    }
    let inside = |file: &str| text_of(file.strip_prefix(prefix.as_str())?);
    print::print(&findings, &inside, check.format)
}

/// The addresses that lead somewhere for readers who follow old links.
fn published(
    check: &Check,
    workspace: &Workspace,
    site: &Site,
) -> Result<BTreeSet<String>, Failure> {
    let Some(file) = &check.published else {
        return Ok(Manifest::read(&workspace.output()).files.into_keys().collect());
    };
    let text = String::from_utf8_lossy(&source::read(file)?).into_owned();
    Ok(check::published_addresses(&text, &site.config.base_url))
}

/// Git is asked only where its answer can explain something: it reads the whole history.
fn renames(site: &Site, published: &BTreeSet<String>) -> BTreeMap<SitePath, SitePath> {
    let is_broken = site.graph.targets.iter().flatten().any(|target| *target == Target::Broken);
    if is_broken || !published.is_empty() {
        git::renames(&site.content)
    } else {
        BTreeMap::new()
    }
}
