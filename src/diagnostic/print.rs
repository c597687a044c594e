//! Turns findings into text: for people, editors, pull requests and code scanning.
//! The only place that computes lines and columns.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use super::{Code, Diagnostic, Severity};

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// With the source line, carets and help, for a terminal.
    Human,
    /// One line each: `file:line:column: level[code]: message`.
    Short,
    /// One JSON array.
    Json,
    /// Workflow commands that annotate a pull request on GitHub.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

/// Gives the text of a file by its path, where it is known.
pub type TextOf<'a> = &'a dyn Fn(&str) -> Option<&'a str>;

/// Writes sorted findings in the given form; empty text for no findings in the forms
/// for people.
pub fn print(findings: &[Diagnostic], text_of: TextOf<'_>, format: Format) -> String {
    match format {
        Format::Human => print_each(findings, text_of, human),
        Format::Short => print_each(findings, text_of, short),
        Format::Github => print_each(findings, text_of, github),
        Format::Json => json(findings, text_of),
        Format::Sarif => sarif(findings, text_of),
    }
}

/// Where a finding begins and ends, counted in characters from 1 (RFC-style editors and
/// rustc count so); the end column is the one after the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The line of the first character.
    pub line: usize,
    /// The column of the first character.
    pub column: usize,
    /// The line of the last character.
    pub end_line: usize,
    /// The column after the last character.
    pub end_column: usize,
}

/// The start of every line of a text and some counts of its characters, so that many
/// findings cost one pass, be they all in one line.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// How many characters begin before each [`STEP`]th byte.
    counts: Vec<usize>,
}

/// Bytes between two counts of characters.
const STEP: usize = 1024;

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Lines<'a> {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(after_breaks.map(|(at, _)| at + 1)).collect();
        let counts = text.as_bytes().chunks(STEP).scan(0, |before, piece| {
            let count = *before;
            *before += characters(piece);
            Some(count)
        });
        Lines { text, starts, counts: counts.collect() }
    }

    /// How many characters begin before an offset.
    fn characters_before(&self, offset: usize) -> usize {
        let step = (offset / STEP).min(self.counts.len().saturating_sub(1));
        let counted = self.counts.get(step).copied().unwrap_or_default();
        counted + characters(&self.text.as_bytes()[step * STEP..offset])
    }

    fn position(&self, offset: usize) -> (usize, usize) {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        let line = self.starts.partition_point(|start| *start <= offset);
        let in_line =
            self.characters_before(offset) - self.characters_before(self.starts[line - 1]);
        (line, in_line + 1)
    }

    fn place(&self, finding: &Diagnostic) -> Place {
        let (line, column) = self.position(finding.span.start);
        let (end_line, end_column) = self.position(finding.span.end.max(finding.span.start));
        Place { line, column, end_line, end_column }
    }

    /// The text of the line that holds an offset, with the offset of its first byte.
    fn line_at(&self, offset: usize) -> (&'a str, usize) {
        let (line, _) = self.position(offset);
        let start = self.starts[line - 1];
        let end = self.starts.get(line).map_or(self.text.len(), |next| next - 1);
        (self.text[start..end].trim_end_matches('\r'), start)
    }
}

/// How many characters begin in these bytes.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

fn print_each(
    findings: &[Diagnostic],
    text_of: TextOf<'_>,
    one: fn(&Diagnostic, &Lines<'_>) -> String,
) -> String {
    let mut out = String::new();
    with_lines(findings, text_of, |finding, lines| {
        out.push_str(&one(finding, lines));
        out.push('\n');
    });
    out
}

fn with_lines(
    findings: &[Diagnostic],
    text_of: TextOf<'_>,
    mut each: impl FnMut(&Diagnostic, &Lines<'_>),
) {
    for same_file in findings.chunk_by(|left, right| left.file == right.file) {
        let lines = Lines::of(text_of(&same_file[0].file).unwrap_or(""));
        for finding in same_file {
            each(finding, &lines);
        }
    }
}

fn short(finding: &Diagnostic, lines: &Lines<'_>) -> String {
    let Place { line, column, end_line: _, end_column: _ } = lines.place(finding);
    let Diagnostic { file, code, severity, message, help: _, span: _ } = finding;
    let (file, message) = (one_line(file), one_line(message));
    format!("{file}:{line}:{column}: {}[{}]: {message}", severity.word(), code.name())
}

/// A message may quote a note, and a file may be called anything; no control character of it may reach the terminal.
fn one_line(message: &str) -> String {
    message.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// Longer source lines are cut round the finding, so that a minified line stays legible.
const EXCERPT_BYTES: usize = 400;

fn human(finding: &Diagnostic, lines: &Lines<'_>) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let (file, message) = (one_line(&finding.file), one_line(&finding.message));
    let title = level.primary_title(&message).id(finding.code.name());
    let help = finding.help.as_deref().map(one_line);
    let help = help.as_ref().map(|help| Group::with_title(Level::HELP.secondary_title(help)));
    let (excerpt, marked) = excerpt(finding, lines);
    let first = if lines.text.is_empty() {
        title.element(Origin::path(file.as_str()))
    } else {
        let place = lines.place(finding);
        let snippet = Snippet::source(excerpt.as_str())
            .path(file.as_str())
            .line_start(place.line)
            .annotation(AnnotationKind::Primary.span(marked));
        title.element(snippet)
    };
    let groups: Vec<Group<'_>> = std::iter::once(first).chain(help).collect();
    Renderer::styled().render(&groups)
}

/// The line that a finding is about, and what is marked in it.
fn excerpt(finding: &Diagnostic, lines: &Lines<'_>) -> (String, Range<usize>) {
    let (line, start) = lines.line_at(finding.span.start);
    let from = finding.span.start.saturating_sub(start).min(line.len());
    let to = (finding.span.end.saturating_sub(start)).clamp(from, line.len());
    let (excerpt, cut) = excerpt_round(line, from);
    let (from, to) = (from - cut, (to - cut).min(excerpt.len()));
    let excerpt = excerpt.replace(|c: char| c.is_control() && c != '\t', "?");
    let end = excerpt.len();
    (excerpt, from.min(end)..to.min(end))
}

/// A part of a long line round an offset, with the number of bytes cut before it.
fn excerpt_round(line: &str, offset: usize) -> (&str, usize) {
    if line.len() <= EXCERPT_BYTES {
        return (line, 0);
    }
    let from = line.floor_char_boundary(offset.saturating_sub(EXCERPT_BYTES / 4));
    let to = line.ceil_char_boundary((from + EXCERPT_BYTES).min(line.len()));
    (&line[from..to], from)
}

fn github(finding: &Diagnostic, lines: &Lines<'_>) -> String {
    let place = lines.place(finding);
    let mut message = one_line(&finding.message);
    if let Some(help) = &finding.help {
        let _ = write!(message, "\n{}", one_line(help));
    }
    // Columns count only where a finding lies in one line.
    let is_in_line = place.line == place.end_line;
    let column = |name, column| {
        if is_in_line { format!(",{name}={column}") } else { String::new() }
    };
    format!(
        "::{} file={},line={}{},endLine={}{},title={}::{}",
        finding.severity.word(),
        property(&finding.file),
        place.line,
        column("col", place.column),
        place.end_line,
        column("endColumn", place.end_column),
        finding.code.name(),
        data(&message),
    )
}

/// Escapes the data of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    file: &'a str,
    #[serde(flatten)]
    place: Place,
    severity: Severity,
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

fn json(findings: &[Diagnostic], text_of: TextOf<'_>) -> String {
    let mut out = Vec::with_capacity(findings.len());
    with_lines(findings, text_of, |finding, lines| {
        out.push(serde_json::json!(JsonFinding {
            file: &finding.file,
            place: lines.place(finding),
            severity: finding.severity,
            code: finding.code.name(),
            message: &finding.message,
            help: finding.help.as_deref(),
        }));
    });
    pretty(&serde_json::Value::Array(out))
}

fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}

fn sarif(findings: &[Diagnostic], text_of: TextOf<'_>) -> String {
    let mut results = Vec::with_capacity(findings.len());
    with_lines(findings, text_of, |finding, lines| {
        results.push(sarif_result(finding, lines.place(finding)));
    });
    let rules: Vec<_> = Code::ALL.iter().map(|code| sarif_rule(*code)).collect();
    pretty(&serde_json::json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "zhi", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

/// A rule with all that code scanning shows of one.
fn sarif_rule(code: Code) -> serde_json::Value {
    let (name, meaning) = (code.name(), code.meaning());
    let level =
        format!("A line `{name}: off` under `check:` in zhi.yaml turns it off for all notes");
    let place = format!("a comment `<!-- zhi: allow {name} -->` lets one place pass");
    let help = format!("{meaning} {level}; {place}.");
    serde_json::json!({
        "id": name,
        "shortDescription": { "text": meaning },
        "fullDescription": { "text": meaning },
        "help": { "text": help.replace('`', "'"), "markdown": help },
        "defaultConfiguration": {
            "enabled": code.default_level().is_some(),
            "level": code.default_severity().word(),
        },
    })
}

fn sarif_result(finding: &Diagnostic, place: Place) -> serde_json::Value {
    let text = match &finding.help {
        Some(help) => format!("{}; {help}", finding.message),
        None => finding.message.clone(),
    };
    serde_json::json!({
        "ruleId": finding.code.name(),
        "ruleIndex": Code::ALL.iter().position(|code| *code == finding.code),
        "level": finding.severity.word(),
        "message": { "text": text },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {
                    "uri": crate::path::encode_ascii(&finding.file),
                    "uriBaseId": "%SRCROOT%",
                },
                "region": {
                    "startLine": place.line,
                    "startColumn": place.column,
                    "endLine": place.end_line,
                    "endColumn": place.end_column,
                },
            },
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_from_one() {
        let text = "容器\n见 [[Pod]]。\n";
        let finding =
            Diagnostic::new(Code::BrokenLink, "a.md", 11..18, "no note is called “Pod”");
        let printed = print(&[finding], &|_| Some(text), Format::Short);
        assert_eq!(printed, "a.md:2:3: error[broken-link]: no note is called “Pod”\n");
    }

    #[test]
    fn carets_stand_under_double_width_han() {
        let text = "容器见[[Pod]]";
        let finding = Diagnostic::new(Code::BrokenLink, "a.md", 9..16, "gone");
        let plain =
            anstream::adapter::strip_str(&print(&[finding], &|_| Some(text), Format::Human))
                .to_string();
        assert!(plain.contains("| 容器见[[Pod]]\n  |       ^^^^^^^"), "{plain}");
    }
}
