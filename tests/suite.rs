//! Runs every case below `tests/suite`: small sites with what must come out beside them.
//! `cargo suite [filter]` runs them, `cargo suite --update` rewrites the expectations;
//! `tests/README.md` describes the form of a case.

#![expect(clippy::disallowed_methods, reason = "a runner of files reads and writes files")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

#[path = "suite/case.rs"]
mod case;
#[path = "suite/outcome.rs"]
mod outcome;

use case::{Case, Section};
use outcome::Site;

fn main() -> ExitCode {
    let (switches, rest): (Vec<String>, Vec<String>) =
        std::env::args().partition(|argument| argument == "--update");
    let arguments = Arguments::from_iter(rest);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let is_update = !switches.is_empty();
    let trials = case::files(&folder)
        .into_iter()
        .map(|(name, file)| Trial::test(name, move || run(&file, is_update)));
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn run(file: &PathBuf, is_update: bool) -> Result<(), Failed> {
    let text = std::fs::read_to_string(file)?;
    let mut case = Case::parse(&text)?;
    let differences = compare(&mut case)?;
    match (differences.is_empty(), is_update) {
        (true, _) => Ok(()),
        (false, false) => Err(differences.concat().into()),
        (false, true) => {
            std::fs::write(file, case.to_string())?;
            report_update(file, &case);
            Ok(())
        }
    }
}

/// Builds the site of a case and compares every expectation; those that differ are
/// rewritten in the case and described.
fn compare(case: &mut Case) -> Result<Vec<String>, Failed> {
    let site = Site::build(case)?;
    let mut differences = Vec::new();
    for section in &mut case.sections {
        let Some(what) = section.expects() else { continue };
        let got = site.outcome(what)?;
        if got.trim_end() != section.body.trim_end() {
            differences.push(difference(section, &got));
            section.replace_body(&got);
        }
    }
    let findings = site.outcome("check")?;
    if !case.sections.iter().any(|section| section.expects() == Some("check"))
        && !findings.is_empty()
    {
        let mut section = Section { name: "expect check".to_owned(), body: String::new() };
        differences.push(difference(&section, &findings));
        section.replace_body(&findings);
        case.sections.push(section);
    }
    Ok(differences)
}

/// Both texts in full, and the first line that differs.
fn difference(section: &Section, got: &str) -> String {
    let lines = section.body.trim_end().lines().zip(got.trim_end().lines());
    let same = lines.take_while(|(expected, got)| expected == got).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(nothing)").to_owned();
    format!(
        "\n-- {} --\nexpected:\n{}\n\ngot:\n{}\n\nline {} differs:\n  {}\n  {}\n",
        section.name,
        section.body.trim_end(),
        got.trim_end(),
        same + 1,
        line(&section.body),
        line(got),
    )
}

#[expect(clippy::print_stderr, reason = "the summary of --update is for the terminal")]
fn report_update(file: &Path, case: &Case) {
    let expectations = case.sections.iter().filter(|section| section.expects().is_some());
    eprintln!("rewrote {} ({} expectations)", file.display(), expectations.count());
}
