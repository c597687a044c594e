//! Runs the check in a folder, on a fixed day, with a past that a test gives.

use std::path::Path;

use zhi::check::{self, Subject};
use zhi::diagnostic::print::{self, Format};
use zhi::diagnostic::{Code, Diagnostic};
use zhi::site::text_of;
use zhi::workspace::{Failure, Options, Workspace};
use zhi::{render, site};

/// What git and the last build would know.
#[derive(Default)]
pub(crate) struct Past {
    /// Files and where they went.
    pub(crate) renames: Vec<(&'static str, &'static str)>,
    /// Addresses that were published.
    pub(crate) published: Vec<&'static str>,
}

/// What was found, and how it is printed without colours.
pub(crate) struct Outcome {
    pub(crate) codes: Vec<Code>,
    pub(crate) printed: String,
}

/// All findings of a folder; a configuration or template that cannot be read is the only one.
pub(crate) fn check(dir: &Path, past: &Past, format: Format) -> Outcome {
    found(dir, past, format).unwrap_or_else(|failure| match failure {
        Failure::Content(finding, text) => {
            outcome(&[*finding], &|_| Some(text.as_str()), format)
        }
        Failure::Environment(error) => panic!("{error:#}"),
    })
}

fn found(dir: &Path, past: &Past, format: Format) -> Result<Outcome, Failure> {
    let site = Workspace::open(dir, Options::default())?.refresh()?;
    let plan = site::plan(&site);
    let stage = render::stage(&site, &plan, None, "");
    let rendered =
        plan.pages.iter().flat_map(|(url, page)| render::render(&stage, url, page).diagnostics);
    let renames = past.renames.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned()));
    let subject = Subject {
        site: &site,
        plan: &plan,
        today: Some("2026-11-20"),
        renames: &renames.collect(),
        published: &past.published.iter().map(|url| (*url).to_owned()).collect(),
        external: true,
    };
    let findings = check::findings(&subject, rendered.collect());
    Ok(outcome(&findings, &|file| text_of(&site, file), format))
}

fn outcome(findings: &[Diagnostic], text_of: print::TextOf<'_>, format: Format) -> Outcome {
    let printed = print::print(findings, text_of, format);
    Outcome {
        codes: findings.iter().map(|finding| finding.code).collect(),
        printed: anstream::adapter::strip_str(&printed).to_string(),
    }
}
