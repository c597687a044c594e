//! The notes one link away as a picture: who links here on the left, what it links to on
//! the right. Static SVG whose nodes are links; colours come from the style sheet.

use std::fmt::Write as _;

use super::note::short_title;
use super::page::Here;
use crate::graph::{NoteId, Target};
use crate::note::markdown::escaped;
use crate::text::width::columns;

/// How many notes stand on each side.
const SIDE: usize = 8;
/// The picture's width and the height of a row, in CSS pixels.
const WIDTH: usize = 640;
const ROW: usize = 30;
/// The widest label, in columns of half a Han character.
const LABEL: usize = 24;
/// The width of a column at the picture's type size, in CSS pixels.
const COLUMN: usize = 7;

/// The picture for a note; empty if nothing is linked.
pub fn local_graph(here: &Here<'_>, id: NoteId) -> String {
    let site = here.site;
    let outgoing = distinct(site.graph.targets[id].iter().filter_map(|target| match target {
        Target::Note { id: other, .. } if *other != id => Some(*other),
        _ => None,
    }));
    let incoming = distinct(site.graph.backlinks[id].iter().map(|(from, _)| *from));
    let incoming: Vec<NoteId> = incoming
        .into_iter()
        .filter(|other| !outgoing.contains(other) && site.graph.folders.place[*other].is_some())
        .collect();
    if site.config.graph.local == 0 || incoming.is_empty() && outgoing.is_empty() {
        return String::new();
    }
    draw(here, id, &incoming, &outgoing)
}

fn distinct(notes: impl Iterator<Item = NoteId>) -> Vec<NoteId> {
    let mut seen = Vec::new();
    for note in notes {
        if !seen.contains(&note) {
            seen.push(note);
        }
        if seen.len() > 4 * SIDE {
            break;
        }
    }
    seen
}

fn draw(here: &Here<'_>, id: NoteId, incoming: &[NoteId], outgoing: &[NoteId]) -> String {
    let rows = incoming.len().min(SIDE).max(outgoing.len().min(SIDE)).max(1);
    let height = rows * ROW + ROW / 2;
    let words = &here.site.theme.words;
    let lang = here.site.notes[id].head.lang.as_ref().unwrap_or(&here.site.config.lang);
    let title = escaped(words.get(lang, "local_graph"));
    let mut out = format!(
        "<svg class=\"local-graph\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"group\" aria-label=\"{title}\">"
    );
    let (left, right) = (LABEL * COLUMN + 12, WIDTH - LABEL * COLUMN - 12);
    let own = clipped(&short_title(&here.site.notes[id].head), 16);
    let half = columns(&own) * COLUMN / 2 + 10;
    for (row, _) in incoming.iter().take(SIDE).enumerate() {
        edge(left, y(row, incoming.len(), rows), WIDTH / 2 - half, height / 2, &mut out);
    }
    for (row, _) in outgoing.iter().take(SIDE).enumerate() {
        edge(WIDTH / 2 + half, height / 2, right, y(row, outgoing.len(), rows), &mut out);
    }
    let _ = write!(
        out,
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"26\" rx=\"5\"/><text class=\"own\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
        WIDTH / 2 - half,
        height / 2 - 13,
        2 * half,
        WIDTH / 2,
        height / 2 + 5,
        escaped(&own)
    );
    for (row, other) in incoming.iter().take(SIDE).enumerate() {
        node(here, *other, left - 6, y(row, incoming.len(), rows), "end", &mut out);
    }
    for (row, other) in outgoing.iter().take(SIDE).enumerate() {
        node(here, *other, right + 6, y(row, outgoing.len(), rows), "start", &mut out);
    }
    out.push_str("</svg>");
    out
}

/// The middle of a row; a shorter side stands in the middle of the picture.
fn y(row: usize, side: usize, rows: usize) -> usize {
    let side = side.min(SIDE);
    ROW * 3 / 4 + row * ROW + (rows - side) * ROW / 2
}

fn edge(x1: usize, y1: usize, x2: usize, y2: usize, out: &mut String) {
    let middle = usize::midpoint(x1, x2);
    let _ = write!(out, "<path d=\"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}\"/>");
}

fn node(here: &Here<'_>, id: NoteId, x: usize, y: usize, anchor: &str, out: &mut String) {
    let head = &here.site.notes[id].head;
    let href = escaped(&here.to(&here.site.graph.urls[id]));
    let label = escaped(&clipped(&short_title(head), LABEL));
    let _ = write!(
        out,
        "<a href=\"{href}\"><text x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\">{label}</text></a>",
        y + 5
    );
}

/// A label cut to a width, with `…` where it was cut.
fn clipped(text: &str, limit: usize) -> String {
    if columns(text) <= limit {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        if columns(&cut) + columns(c.encode_utf8(&mut [0; 4])) + 1 > limit {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}
