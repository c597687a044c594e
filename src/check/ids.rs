//! Ids that an author wrote twice in one note: of headings, blocks and raw HTML.

use std::collections::BTreeSet;

use super::images::{attribute, without_comments};
use super::{Subject, Written};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::note::front_matter::body_start;
use crate::text::fold::fold;

/// How long the tag of an element is at most; none that is written by hand is longer.
const LONGEST_TAG: usize = 1000;

/// An id as links write it, and where it stands.
type Placed = (Span, String);

pub(super) fn duplicate_ids(
    _: &Subject<'_>,
    written: &Written<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let mut ids = Vec::new();
    heading_ids(written, &mut ids);
    block_names(written, &mut ids);
    element_ids(written, &mut ids);
    ids.sort();
    let mut seen = BTreeSet::new();
    for (span, id) in &ids {
        if !seen.insert(id) {
            let message = format!("`#{id}` stands in this note twice; links lead to the first");
            let finding = written.finding(Code::DuplicateId, *span, message);
            found.push(finding.with_help("give one of them another name"));
        }
    }
}

/// `## Heading {#id}`
fn heading_ids(written: &Written<'_>, ids: &mut Vec<Placed>) {
    for heading in &written.survey.headings {
        let line = &written.note.source[heading.span.start..heading.span.end];
        let Some(at) = line.rfind("{#").filter(|_| line.trim_end().ends_with('}')) else {
            continue;
        };
        let id = line[at + 2..].split([' ', '}']).next().unwrap_or_default();
        let start = heading.span.start + at + 1;
        ids.push((Span { start, end: start + 1 + id.len() }, id.to_owned()));
    }
}

/// `^name` at the end of a line, where the note has a block of that name.
fn block_names(written: &Written<'_>, ids: &mut Vec<Placed>) {
    let names: BTreeSet<&str> = written.note.head.blocks.iter().map(String::as_str).collect();
    if names.is_empty() {
        return;
    }
    let source = &written.note.source;
    let mut at = body_start(source);
    for line in source[at..].split_inclusive('\n') {
        let text = line.trim_end();
        let word = text.rfind([' ', '\t']).map_or(text, |blank| &text[blank + 1..]);
        let start = at + text.len() - word.len();
        at += line.len();
        let Some(name) = word.strip_prefix('^').map(fold) else { continue };
        if names.contains(name.as_str()) && !is_in_code(written, start) {
            ids.push((Span { start, end: start + word.len() }, format!("^{name}")));
        }
    }
}

fn is_in_code(written: &Written<'_>, at: usize) -> bool {
    let code = &written.survey.code;
    let next = code.partition_point(|block| block.span.start <= at);
    next > 0 && at < code[next - 1].span.end
}

/// `<a id="id">`, `<a name="id">`
fn element_ids(written: &Written<'_>, ids: &mut Vec<Placed>) {
    for html in &written.survey.html {
        let text = written.note.source.get(html.start..html.end).unwrap_or_default();
        let text = without_comments(text.to_owned());
        for (at, _) in text.match_indices('<') {
            let most = text.floor_char_boundary((at + LONGEST_TAG).min(text.len()));
            let Some(end) = text[at..most].find('>') else { continue };
            let tag = &text[at..=at + end];
            let name = || attribute(tag, "name").filter(|_| tag.starts_with("<a "));
            if let Some(id) = attribute(tag, "id").or_else(name).filter(|id| !id.is_empty()) {
                let start = html.start + at;
                ids.push((Span { start, end: start + tag.len() }, id.to_owned()));
            }
        }
    }
}
