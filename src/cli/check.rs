//! `zhi check`: the findings of a build, without writing.

use std::process::ExitCode;

use super::build::render_all;
use super::{Common, report_failure, say, tell};
use crate::diagnostic::count;
use crate::diagnostic::print::{self, Format};
use crate::site::{self, text_of};
use crate::workspace::{Failure, Workspace};

/// The arguments of `zhi check`.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    #[command(flatten)]
    common: Common,
    /// How findings are written.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

/// Runs the command. Findings for people go to standard error, for programs to standard
/// output.
pub(super) fn run(check: &Check) -> Result<ExitCode, Failure> {
    let mut workspace = match Workspace::open(&check.common.dir, check.common.options(None)) {
        Ok(workspace) => workspace,
        Err(failure) => {
            report_failure(&failure, check.format);
            return Ok(ExitCode::from(2));
        }
    };
    let site = workspace.refresh()?;
    let plan = site::plan(&site);
    let rendered = render_all(&site, &plan);
    let findings = site::findings(&site, &plan, rendered.findings);
    let printed = print::print(&findings, &|file| text_of(&site, file), check.format);
    let (errors, warnings) = count(&findings);
    match check.format {
        Format::Human => tell(&format!(
            "{printed}{errors} errors, {warnings} warnings in {} notes\n",
            site.notes.len()
        )),
        Format::Short => tell(&printed),
        Format::Json | Format::Github | Format::Sarif => say(&printed),
    }
    Ok(if errors > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
