//! What to read next to a note: notes that share rare topics with it, or are linked.

use std::sync::Arc;

use super::{Graph, NoteId, Target};
use crate::note::Note;

/// What a link in either direction counts beside shared topics.
const LINK: f64 = 1.5;

/// The notes most related to one, the most related first: the sum over shared topics of
/// how rare they are (inverse document frequency), and of the links between the two.
pub fn related(graph: &Graph, notes: &[Arc<Note>], id: NoteId, limit: usize) -> Vec<NoteId> {
    let total = notes.len();
    let mut scores = Scores { of: vec![0.0; total], touched: Vec::new() };
    for tag in &graph.tags.of_note[id] {
        let members = &graph.tags.all[*tag].notes;
        let rarity = inverse_frequency(total, members.len());
        for other in members {
            scores.add(*other, rarity);
        }
    }
    for target in &graph.targets[id] {
        if let Target::Note { id: other, .. } = target {
            scores.add(*other, LINK);
        }
    }
    graph.backlinks[id].iter().for_each(|(from, _)| scores.add(*from, LINK));
    let mut found = scores.touched;
    found.retain(|other| *other != id && graph.folders.place[*other].is_some());
    let mut found: Vec<(NoteId, f64)> = found
        .into_iter()
        .map(|other| (other, scores.of[other]))
        .filter(|(_, score)| *score > 0.0)
        .collect();
    let by_score = |left: &(NoteId, f64), right: &(NoteId, f64)| {
        right.1.total_cmp(&left.1).then(left.0.cmp(&right.0))
    };
    if found.len() > limit && limit > 0 {
        found.select_nth_unstable_by(limit - 1, by_score);
        found.truncate(limit);
    }
    found.sort_by(by_score);
    found.into_iter().map(|(other, _)| other).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of notes are far below 2^52")]
fn inverse_frequency(total: usize, members: usize) -> f64 {
    (total as f64 / members.max(1) as f64).ln()
}

/// Scores by note, and which notes have one: a table is faster than a map, since a topic
/// may have a tenth of all notes.
struct Scores {
    of: Vec<f64>,
    touched: Vec<NoteId>,
}

impl Scores {
    fn add(&mut self, note: NoteId, score: f64) {
        if score > 0.0 && self.of[note] == 0.0 {
            self.touched.push(note);
        }
        self.of[note] += score;
    }
}
