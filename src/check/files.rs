//! Notes that nothing links to, and attachments that no note uses.

use std::collections::BTreeSet;

use super::{Subject, Written};
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::Target;
use crate::note::is_folder_note;
use crate::path;
use crate::text::fold::fold;

/// File endings of what is put into a folder of notes to be shown in them.
const MEDIA: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "svg", "mp4", "webm", "mov", "mp3",
    "wav", "m4a", "ogg", "flac", "pdf",
];

/// A note without backlinks that is neither a folder's page nor the home page.
pub(super) fn orphans(
    subject: &Subject<'_>,
    written: &Written<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let is_linked = !subject.site.graph.backlinks[written.id].is_empty();
    if !is_linked && !is_folder_note(&written.note.path) && !written.note.head.unlisted {
        let message = "no note links to this one";
        found.push(written.finding(Code::Orphan, written.title_span(), message));
    }
}

/// Images, sound, films and documents that no note names, not even a draft.
pub(super) fn unused_attachments(
    subject: &Subject<'_>,
    _: &[Written<'_>],
    found: &mut Vec<Diagnostic>,
) {
    let site = subject.site;
    let linked: BTreeSet<&str> =
        site.graph.targets.iter().flatten().filter_map(asset).collect();
    let is_media = |asset: &&String| MEDIA.contains(&path::extension(asset).as_str());
    let unused = site.assets.keys().filter(is_media);
    let unused: Vec<&String> = unused
        .filter(|asset| {
            !linked.contains(asset.as_str()) && !site.graph.used_assets.contains_key(*asset)
        })
        .collect();
    if unused.is_empty() {
        return;
    }
    let named: BTreeSet<String> =
        site.notes.iter().flat_map(|note| names_in(&note.source)).collect();
    for asset in
        unused.into_iter().filter(|asset| !named.contains(&fold(path::file_name(asset))))
    {
        let message = "no note uses this file; it is not published";
        found.push(Diagnostic::new(Code::UnusedAttachment, asset, 0..0, message));
    }
}

fn asset(target: &Target) -> Option<&str> {
    if let Target::Asset(path, _) = target { Some(path) } else { None }
}

/// The names of media files that a text mentions in whatever form, shortcodes of other
/// tools included.
fn names_in(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (dot, _) in text.match_indices('.') {
        let after = &text[dot + 1..];
        let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
        if !(2..=4).contains(&end)
            || !MEDIA.contains(&after[..end].to_ascii_lowercase().as_str())
        {
            continue;
        }
        let before = &text[text.floor_char_boundary(dot.saturating_sub(255))..dot];
        let start = before.rfind(['/', '(', '[', '"', '\'', '|', '<', '=', '\n', '\\']);
        let name = &before[start.map_or(0, |at| at + 1)..];
        names.push(fold(path::decode(&format!("{name}.{}", &after[..end])).trim_start()));
        // In a list or sentence the name may begin after a blank.
        if let Some(word) =
            name.rsplit([' ', '：', '，', '`']).next().filter(|word| *word != name)
        {
            names.push(fold(&format!("{word}.{}", &after[..end])));
        }
    }
    names
}
