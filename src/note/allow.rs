//! Comments by which an author accepts a finding: `<!-- zhi: allow broken-link -->` before
//! a block, `<!-- zhi: allow-file broken-link -->` anywhere, `# zhi: allow unknown-key` in
//! the front matter. One note in, the places that are let pass out.

use std::collections::BTreeSet;
use std::ops::Range;

use super::markdown::survey::{Survey, survey};
use super::{Note, Settings, front_matter};
use crate::diagnostic::{Code, Diagnostic, Span};

/// What the comments of one note let pass.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    /// Anywhere in the note.
    file: BTreeSet<Code>,
    /// Within these bytes.
    places: Vec<(Code, Span)>,
    /// Words in such comments that name no code, and where they stand.
    pub unknown: Vec<(String, Span)>,
}

impl Allowed {
    /// Whether a finding of this note is let pass.
    pub fn covers(&self, finding: &Diagnostic) -> bool {
        self.file.contains(&finding.code)
            || self.places.iter().any(|(code, place)| {
                *code == finding.code && (place.start..=place.end).contains(&finding.span.start)
            })
    }
}

/// Whether a text can hold such a comment at all; most do not.
pub fn mentions(text: &str) -> bool {
    text.contains(ALLOW)
}

/// Reads the comments of a note. Costs a reading of its Markdown where it has any.
pub fn allowed(note: &Note, settings: Settings<'_>) -> Allowed {
    if !mentions(&note.source) {
        return Allowed::default();
    }
    read(note, &survey(note, settings))
}

const ALLOW: &str = "zhi: allow";

/// Reads the comments of a note that was surveyed.
pub fn read(note: &Note, survey: &Survey) -> Allowed {
    let mut allowed = Allowed::default();
    let body = front_matter::body_start(&note.source);
    for (at, _) in note.source.match_indices(ALLOW) {
        let line = line_round(&note.source, at);
        if at < body {
            let is_comment = note.source[line.start..at].trim_end().ends_with('#');
            let next = line_round(&note.source, (line.end + 1).min(note.source.len()));
            if is_comment {
                add(&mut allowed, &note.source, at..line.end, next);
            }
        } else if survey.html.iter().any(|html| (html.start..html.end).contains(&at)) {
            let end = note.source[at..].find("-->").map_or(line.end, |end| at + end);
            add(&mut allowed, &note.source, at..end, next_block(survey, end));
        }
    }
    allowed
}

/// The line that holds a byte, without its break.
fn line_round(text: &str, at: usize) -> Span {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    Span { start, end }
}

/// The block after a place; the outermost of those that begin there.
fn next_block(survey: &Survey, at: usize) -> Span {
    let after = survey.blocks.iter().filter(|block| block.start >= at);
    after
        .min_by_key(|block| (block.start, std::cmp::Reverse(block.end)))
        .copied()
        .unwrap_or_default()
}

fn add(allowed: &mut Allowed, text: &str, comment: Range<usize>, place: Span) {
    let start = comment.start + ALLOW.len();
    let for_file = text[start..comment.end].starts_with("-file");
    let mut at = if for_file { start + "-file".len() } else { start };
    for piece in text[at..comment.end].split_inclusive([',', ' ', '，', '、']) {
        let name = piece.trim_end_matches([',', ' ', '，', '、']);
        let span = Span { start: at, end: at + name.len() };
        at += piece.len();
        match Code::named(name) {
            _ if name.is_empty() => {}
            Some(code) if for_file => drop(allowed.file.insert(code)),
            Some(code) => allowed.places.push((code, place)),
            None => allowed.unknown.push((name.to_owned(), span)),
        }
    }
}
