//! Lists that give notes their order, `SUMMARY.md` and `nav:`, name paths as well.

use std::sync::Arc;

use super::forms::{Rewrite, candidates, escaped};
use super::{Edit, Relocation, Step};
use crate::config::{Config, Nav};
use crate::diagnostic::Span;
use crate::note::markdown::destinations::{Destination, destinations};
use crate::note::{self, LinkKind, Note, Settings};
use crate::path::{self, SitePath, without_extension};
use crate::source::SourceFile;

/// Adds the edits of one `SUMMARY.md`: its links are paths and nothing else.
pub(super) fn summary(
    file: &SourceFile,
    notes: &[Arc<Note>],
    step: &Step,
    settings: Settings<'_>,
    relocation: &mut Relocation,
) {
    let list = note::parse(file, settings);
    let moved_list = step.moved(&file.path);
    let mut edits = Vec::new();
    for (link, at) in list.head.links.iter().zip(destinations(&list, settings)) {
        let (LinkKind::Markdown, Some(Destination { span, form })) = (link.kind, at) else {
            continue;
        };
        let Some(old) = listed(&file.path, &link.target, notes) else { continue };
        let new = step.moved(&old);
        if new == old && moved_list == file.path {
            continue;
        }
        let rewrite = Rewrite {
            written: &link.target,
            is_wiki: false,
            from: (&file.path, &moved_list),
            to: (&old, &new),
        };
        let written = &file.text[span.start..span.end];
        let text = candidates(&rewrite).first().and_then(|first| escaped(first, form, written));
        edits.extend(text.filter(|text| text != written).map(|text| Edit { span, text }));
    }
    if !edits.is_empty() {
        edits.sort();
        relocation.edits.insert(moved_list, edits);
    }
}

/// The note that an entry of a list names.
fn listed(list: &str, target: &str, notes: &[Arc<Note>]) -> Option<SitePath> {
    let way = path::join(path::parent(list), target)?;
    let is_it = |note: &&Arc<Note>| note.path == way || without_extension(&note.path) == way;
    notes.iter().find(is_it).map(|note| note.path.clone())
}

/// The edits of `nav:` in the text of the configuration.
pub fn nav_entries(config: &Config, text: &str, step: &Step) -> Vec<Edit> {
    let Nav::List(entries) = &config.nav else { return Vec::new() };
    let start = text.find("nav:").unwrap_or(0);
    let mut edits = Vec::new();
    for entry in entries {
        let bare = entry.trim_matches('/');
        let renamed = if path::is_note(bare) || bare == step.from {
            step.moved(bare)
        } else {
            let extension = path::extension(&step.from);
            let moved = step.moved(&format!("{bare}.{extension}"));
            if path::is_note(&moved) {
                without_extension(&moved).to_owned()
            } else {
                step.moved(bare)
            }
        };
        let place = text[start..].match_indices(entry.as_str()).map(|(at, _)| start + at);
        let is_whole = |at: &usize| {
            let ends = |c: Option<char>| c.is_none_or(|c| " \"'[],\n\r\t".contains(c));
            ends(text[..*at].chars().next_back())
                && ends(text[at + entry.len()..].chars().next())
        };
        if renamed == bare {
            continue;
        }
        if let Some(at) = place.into_iter().find(is_whole) {
            let span = Span { start: at, end: at + entry.len() };
            edits.push(Edit { span, text: entry.replace(bare, &renamed) });
        }
    }
    edits.sort();
    edits.dedup_by_key(|edit| edit.span);
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_the_navigation_follow_their_notes() {
        let text = "title: pod\nnav:\n  - pod/a.md\n  - \"pod/b\"\n  - net\n";
        let config = Config::parse(text).expect("the settings are right");
        for (from, to, expected) in [
            ("pod/a.md", "pod/c.md", text.replace("pod/a.md", "pod/c.md")),
            ("pod/b.md", "x/b.md", text.replace("pod/b", "x/b")),
            ("pod", "pods", text.replace("pod/", "pods/")),
            ("net", "network", text.replace("- net", "- network")),
            ("etc", "other", text.to_owned()),
        ] {
            let step = Step { from: from.to_owned(), to: to.to_owned() };
            let edits = nav_entries(&config, text, &step);
            assert_eq!(super::super::applied(text, &edits), expected, "{from}");
        }
    }
}
