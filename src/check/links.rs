//! Links that lead to their own note, to a heading that stands twice, to the former name
//! of a note; addresses that led somewhere before.

use std::collections::BTreeMap;

use super::{Subject, Written};
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::{NoteId, Target, addresses};
use crate::note::{Link, LinkKind, Note};
use crate::path::{self, SitePath, without_extension};
use crate::site::Site;
use crate::text::fold::{fold, heading_key};
use crate::text::slug::heading_id;

/// Links and targets of a note in the text, with their places in the head.
fn links<'a>(
    subject: &'a Subject<'_>,
    written: &'a Written<'_>,
) -> impl Iterator<Item = (usize, &'a Link, &'a Target)> {
    let targets = &subject.site.graph.targets[written.id];
    let links = written.note.head.links.iter().enumerate().zip(targets);
    links.map(|((index, link), target)| (index, link, target))
}

/// A link to the whole note it stands in does nothing.
pub(super) fn self_links(
    subject: &Subject<'_>,
    written: &Written<'_>,
    found: &mut Vec<Diagnostic>,
) {
    for (index, link, target) in links(subject, written) {
        let is_link = matches!(link.kind, LinkKind::Wiki | LinkKind::Markdown);
        // As an address, `#` alone is the top of the page (HTML, section 7.4.6.3).
        let is_top = |part: &String| part.is_empty() && link.kind == LinkKind::Markdown;
        let has_part =
            link.fragment.as_ref().is_some_and(|part| !part.is_empty() || is_top(part));
        if is_link
            && !has_part
            && matches!(target, Target::Note { id, .. } if *id == written.id)
        {
            let message = if link.target.is_empty() {
                "this link has no address"
            } else {
                "this link leads to the note it stands in"
            };
            found.push(written.finding(
                Code::SelfLink,
                written.note.link_spans[index],
                message,
            ));
        }
    }
}

/// Links that name a heading which their target has more than once.
pub(super) fn duplicate_anchors(
    subject: &Subject<'_>,
    written: &Written<'_>,
    found: &mut Vec<Diagnostic>,
) {
    for (index, link, target) in links(subject, written) {
        let Target::Note { id, anchor, .. } = target else { continue };
        let fragment = link.fragment.as_deref().unwrap_or_default();
        if fragment.is_empty() || fragment.contains(['#', '^']) {
            continue;
        }
        let to = &subject.site.notes[*id];
        let Some((text, count)) = same_headings(to, anchor, fragment) else { continue };
        if is_counted(written, link, anchor) {
            continue;
        }
        let place = if *id == written.id { "this note" } else { to.path.as_str() };
        let message = format!("{place} has {count} headings “{text}”; the first is meant");
        let finding =
            written.finding(Code::DuplicateAnchor, written.note.link_spans[index], message);
        found.push(finding.with_help(format!("rename one of them, or write `#{anchor}-1`")));
    }
}

/// The text and number of the headings like the one that an anchor names first.
fn same_headings<'a>(note: &'a Note, anchor: &str, fragment: &str) -> Option<(&'a str, usize)> {
    let headings = &note.head.headings;
    let named = headings.iter().find(|heading| heading.id == anchor)?;
    let key = heading_key(&named.text);
    let mut same = headings.iter().filter(|heading| heading_key(&heading.text) == key);
    let is_first = same.next().is_some_and(|first| first.id == anchor);
    // An id written by hand is one of its own, whatever the headings say.
    let is_own = fragment == anchor && heading_id(&named.text) != anchor;
    let others = same.count();
    (is_first && !is_own && others > 0).then_some((named.text.as_str(), others + 1))
}

/// Whether the note links to the second of the headings as well: its author counts.
fn is_counted(written: &Written<'_>, link: &Link, anchor: &str) -> bool {
    let second = format!("{anchor}-1");
    let is_second = |other: &Link| {
        other.target == link.target && other.fragment.as_deref() == Some(second.as_str())
    };
    written.note.head.links.iter().any(is_second)
}

/// Broken links whose target was renamed, by git's account.
pub(super) fn renamed_notes(
    subject: &Subject<'_>,
    notes: &[Written<'_>],
    found: &mut Vec<Diagnostic>,
) {
    if subject.renames.is_empty() {
        return;
    }
    for written in notes {
        for (index, link, target) in links(subject, written) {
            if *target != Target::Broken {
                continue;
            }
            let Some((old, id)) = renamed(subject.site, subject.renames, written.note, link)
            else {
                continue;
            };
            let finding = renamed_note(subject, written, link, (&old, id));
            found.push(Diagnostic { span: written.note.link_spans[index], ..finding });
        }
    }
}

/// The former path that a link names, and the note that lies elsewhere now.
pub(super) fn renamed(
    site: &Site,
    renames: &BTreeMap<SitePath, SitePath>,
    note: &Note,
    link: &Link,
) -> Option<(String, NoteId)> {
    let wanted = fold(without_extension(&link.target));
    let beside = path::join(path::parent(&note.path), without_extension(&link.target));
    let beside = beside.map(|way| fold(&way));
    let is_named = |old: &str| {
        let old = fold(without_extension(old));
        old == wanted
            || beside.as_ref() == Some(&old)
            || link.kind.is_wiki() && path::file_name(&old) == wanted
    };
    let (old, new) = renames.iter().find(|(old, _)| is_named(old))?;
    let id = site.notes.binary_search_by(|note| note.path.as_str().cmp(new)).ok()?;
    Some((old.clone(), id))
}

fn renamed_note(
    subject: &Subject<'_>,
    written: &Written<'_>,
    link: &Link,
    (old, id): (&str, NoteId),
) -> Diagnostic {
    let new = &subject.site.notes[id].path;
    let message = format!("{old} was renamed to {new}");
    let help = if link.kind.is_wiki() {
        let name = without_extension(path::file_name(new));
        let alias = path::stem(old);
        format!("write [[{name}]], or add `aliases: [{alias}]` to {new}")
    } else {
        format!("write `{}`", path::relative(&written.note.path, new))
    };
    written
        .finding(Code::RenamedNote, crate::diagnostic::Span::default(), message)
        .with_help(help)
}

/// Addresses that were published and are gone, though their note lives on.
pub(super) fn lost_addresses(
    subject: &Subject<'_>,
    notes: &[Written<'_>],
    found: &mut Vec<Diagnostic>,
) {
    let is_page = |url: &&String| path::extension(url) == "html" && !url.starts_with("tags/");
    for lost in subject.published.iter().filter(is_page) {
        if subject.plan.pages.contains_key(lost) {
            continue;
        }
        let Some(written) = successor(subject, notes, lost) else { continue };
        let message = format!("the address {lost} was published and leads nowhere now");
        let finding = written.finding(Code::LostAddress, written.title_span(), message);
        found.push(finding.with_help(format!("add `aliases: [/{lost}]` to this note")));
    }
}

/// The note that had an address: git knows it as renamed, or it is the only one of its
/// file name.
fn successor<'a>(
    subject: &Subject<'_>,
    notes: &'a [Written<'a>],
    lost: &str,
) -> Option<&'a Written<'a>> {
    let config = &subject.site.config;
    let was_at_lost = |written: &&Written<'_>| {
        let olds = subject.renames.iter().filter(|(_, new)| **new == written.note.path);
        olds.into_iter()
            .any(|(old, _)| addresses::url_at(old, &written.note.head, config) == lost)
    };
    if let Some(written) = notes.iter().find(was_at_lost) {
        return Some(written);
    }
    let name =
        |url: &str| path::file_name(url.strip_suffix("/index.html").unwrap_or(url)).to_owned();
    let name_of = |id: NoteId| name(&subject.site.graph.urls[id]);
    let mut namesakes = notes.iter().filter(|written| name_of(written.id) == name(lost));
    let first = namesakes.next()?;
    namesakes.next().is_none().then_some(first)
}
