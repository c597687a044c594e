//! Findings that can be mended without asking, because what to write instead is certain:
//! links whose target was moved or renamed, and addresses that want angle brackets. Findings
//! come in, edits go out; nothing is read or written here.

use std::collections::BTreeMap;

use super::links::renamed;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::graph::Target;
use crate::note::markdown::destinations::destinations;
use crate::note::{Note, Settings};
use crate::path::SitePath;
use crate::relocate::{Edit, redirected};
use crate::site::Site;

/// The edits that mend what can be mended, by the note's path relative to the folder of
/// notes, in order and without overlaps.
pub fn fixes(
    site: &Site,
    renames: &BTreeMap<SitePath, SitePath>,
    findings: &[Diagnostic],
) -> BTreeMap<SitePath, Vec<Edit>> {
    let mut fixes: BTreeMap<SitePath, Vec<Edit>> = BTreeMap::new();
    for finding in findings {
        let Some(path) = finding.file.strip_prefix(&site.prefix) else { continue };
        let Ok(id) = site.notes.binary_search_by(|note| note.path.as_str().cmp(path)) else {
            continue;
        };
        if let Some(edit) = fix(site, renames, id, finding) {
            fixes.entry(path.to_owned()).or_default().push(edit);
        }
    }
    for edits in fixes.values_mut() {
        edits.sort();
        // What stands twice, or within another, is mended once; the rest the next time.
        let mut end = 0;
        edits.retain(|edit| {
            edit.span.start >= end && {
                end = edit.span.end;
                true
            }
        });
    }
    fixes
}

fn fix(
    site: &Site,
    renames: &BTreeMap<SitePath, SitePath>,
    id: usize,
    finding: &Diagnostic,
) -> Option<Edit> {
    let note = &site.notes[id];
    match finding.code {
        Code::LinkWithSpaces => bracketed(note, finding.span),
        Code::MovedTarget => {
            let index = link_at(note, finding.span)?;
            let target = match &site.graph.targets[id][index] {
                Target::Note { id, .. } => &site.notes[*id].path,
                Target::Asset(path, _) => path,
                _ => return None,
            };
            redirect(site, note, index, target)
        }
        Code::RenamedNote => {
            let index = link_at(note, finding.span)?;
            let (_, new) = renamed(site, renames, note, &note.head.links[index])?;
            redirect(site, note, index, &site.notes[new].path)
        }
        _ => None,
    }
}

/// An address with blanks in angle brackets.
fn bracketed(note: &Note, span: Span) -> Option<Edit> {
    let written = note.source.get(span.start..span.end)?;
    let can_be = !written.contains(['<', '>', '\n', '\\']);
    can_be.then(|| Edit { span, text: format!("<{written}>") })
}

fn link_at(note: &Note, span: Span) -> Option<usize> {
    note.link_spans.iter().position(|at| *at == span)
}

fn redirect(site: &Site, note: &Note, index: usize, target: &str) -> Option<Edit> {
    let settings = Settings { config: &site.config, words: &site.theme.words };
    let at = destinations(note, settings).into_iter().nth(index)??;
    redirected(note, &note.head.links[index], &at, target)
}
