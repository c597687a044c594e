//! The picture of a note's card, `image:` in its front matter, is a path and no link.

use std::collections::BTreeMap;

use super::forms::{Rewrite, candidates};
use super::{Edit, Relocation, Step};
use crate::diagnostic::Span;
use crate::note::Note;
use crate::note::front_matter::{keys, scalar, value_span};
use crate::path::{self, SitePath};
use crate::source::Asset;

type Assets = BTreeMap<SitePath, Asset>;

/// Adds the edit of one note's picture; the attachments are those before and after the move.
pub(super) fn picture(
    note: &Note,
    (before, after): (&Assets, &Assets),
    step: &Step,
    relocation: &mut Relocation,
) {
    let Some(written) = &note.head.image else { return };
    let Some(old) = shown(&note.path, written, before) else { return };
    let (from, new) = (step.moved(&note.path), step.moved(&old));
    let is_right = |way: &String| shown(&from, way, after).as_ref() == Some(&new);
    if is_right(written) {
        return;
    }
    let rewrite = Rewrite {
        written: &path::decode(written),
        is_wiki: false,
        from: (&note.path, &from),
        to: (&old, &new),
    };
    let encoded =
        |way: String| if written.contains('%') { path::encode_href(&way) } else { way };
    let way = candidates(&rewrite).into_iter().map(encoded).find(is_right);
    match way.and_then(|way| edit(note, written, &way)) {
        Some(edit) => {
            let edits = relocation.edits.entry(from).or_default();
            edits.push(edit);
            edits.sort();
        }
        None => relocation.left.push((from, written.clone())),
    }
}

/// The attachment that a card shows: beside the note, or from the folder of notes.
fn shown(note: &str, written: &str, assets: &Assets) -> Option<SitePath> {
    let way = path::decode(written);
    let ways = [path::join(path::parent(note), &way), path::join("", &way)];
    ways.into_iter().flatten().find(|way| assets.contains_key(way))
}

/// The new path in place of the old one, in the quotation marks that stand there or in such
/// as YAML asks for.
fn edit(note: &Note, written: &str, way: &str) -> Option<Edit> {
    let names: Vec<&str> = keys::find_key("image")?.names().collect();
    let span: Span = value_span(&note.source, &names, written)?;
    let text = match note.source[..span.start].chars().next_back() {
        Some('"') if way.contains(['"', '\\']) => return None,
        Some('\'') if way.contains('\'') => return None,
        Some('"' | '\'') => way.to_owned(),
        _ => scalar(way),
    };
    Some(Edit { span, text })
}
