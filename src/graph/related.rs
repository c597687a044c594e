//! What to read next to a note: notes that share rare topics with it, or are linked.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Graph, NoteId, Target};
use crate::note::Note;

/// What a link in either direction counts beside shared topics.
const LINK: f64 = 1.5;

/// The notes most related to one, the most related first: the sum over shared topics of
/// how rare they are (inverse document frequency), and of the links between the two.
pub fn related(graph: &Graph, notes: &[Arc<Note>], id: NoteId, limit: usize) -> Vec<NoteId> {
    let mut scores: FxHashMap<NoteId, f64> = FxHashMap::default();
    let total = notes.len();
    for tag in &graph.tags.of_note[id] {
        let members = &graph.tags.all[*tag].notes;
        let rarity = inverse_frequency(total, members.len());
        for other in members {
            *scores.entry(*other).or_default() += rarity;
        }
    }
    for target in &graph.targets[id] {
        if let Target::Note { id: other, .. } = target {
            *scores.entry(*other).or_default() += LINK;
        }
    }
    for (from, _) in &graph.backlinks[id] {
        *scores.entry(*from).or_default() += LINK;
    }
    scores.remove(&id);
    let mut found: Vec<(NoteId, f64)> = scores
        .into_iter()
        .filter(|(other, score)| *score > 0.0 && graph.folders.place[*other].is_some())
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
