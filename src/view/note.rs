//! What a note's page sees beside its text: outline, topics, backlinks, neighbours.

use super::lists::card;
use super::page::Here;
use super::{BacklinkView, CardView, LinkView, MentionView, NoteView, TocView};
use crate::graph::{NoteId, Target, related};
use crate::note::Head;
use crate::path;
use crate::site::Site;

/// How many related notes a page shows.
const RELATED: usize = 6;

/// How many notes that link here a page shows, and how many sentences of each.
const BACKLINKS: usize = 100;
const MENTIONS: usize = 5;

/// The view of a note with its text.
pub fn note_view(here: &Here<'_>, id: NoteId, content: String) -> NoteView {
    let site = here.site;
    let note = &site.notes[id];
    let head = &note.head;
    let (date, updated) = dates(site, id);
    let (reviewed, reviewed_against) = reviewed(head);
    NoteView {
        content,
        title_id: head.title_id.clone().unwrap_or_default(),
        toc: toc(head),
        topics: topics(here, id),
        backlinks: backlinks(here, id),
        related: related_cards(here, id),
        requires: relations(here, id, "requires"),
        prev: relation(here, id, "prev").or_else(|| neighbour(here, id, false)),
        next: relation(here, id, "next").or_else(|| neighbour(here, id, true)),
        date,
        updated,
        minutes: head.reading.minutes(),
        han: head.reading.han,
        words: head.reading.words,
        level: text(head, "level"),
        frequency: text(head, "frequency"),
        reviewed,
        reviewed_against,
        edit_url: edit_url(site, &note.path),
        report_url: report_url(site, &head.title),
        markdown: markdown_copy(here, id),
        authors: head.authors.clone(),
        css_classes: head.css_classes.join(" "),
        places: super::routes::places(here, id),
        path: super::routes::path(here, id),
        contributors: contributors(site, id),
        local_graph: super::local_graph::local_graph(here, id),
        extra: head.extra.clone(),
    }
}

/// A text of the front matter; empty if it is none.
pub fn text(head: &Head, key: &str) -> String {
    match head.extra.get(key) {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(serde_json::Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// The days a note was written and last changed: front matter before git; empty if unknown.
pub fn dates(site: &Site, id: NoteId) -> (String, String) {
    let head = &site.notes[id].head;
    let git = site.history.get(&site.notes[id].path);
    let day = |date: &String| crate::text::date::day(date).to_owned();
    let date = head.date.as_ref().map(day).or_else(|| git.map(|git| git.created.clone()));
    let updated = head.updated.as_ref().map(day).or_else(|| git.map(|git| git.updated.clone()));
    (date.unwrap_or_default(), updated.unwrap_or_default())
}

/// When a note was last changed, else when it was written.
pub fn last_day(site: &Site, id: NoteId) -> String {
    let (date, updated) = dates(site, id);
    if updated.is_empty() { date } else { updated }
}

fn reviewed(head: &Head) -> (String, String) {
    match head.extra.get("reviewed") {
        Some(serde_json::Value::String(date)) => (date.clone(), String::new()),
        Some(serde_json::Value::Object(review)) => {
            let get = |key: &str| {
                review.get(key).and_then(|value| value.as_str()).unwrap_or_default()
            };
            let against =
                review.iter().filter(|(key, _)| *key != "date").filter_map(|(key, value)| {
                    let version =
                        value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    let first = key.chars().next()?;
                    let rest = &key[first.len_utf8()..];
                    Some(format!("{}{rest} {version}", first.to_ascii_uppercase()))
                });
            (get("date").to_owned(), against.collect::<Vec<_>>().join(", "))
        }
        _ => (String::new(), String::new()),
    }
}

/// The longest table of contents: a longer one helps nobody to find anything, and each
/// entry is a value of its own to the templates.
const LONGEST_TOC: usize = 2000;

fn toc(head: &Head) -> Vec<TocView> {
    let depth = head.toc.unwrap_or(3);
    let shown = head.headings.iter().filter(|heading| {
        heading.level <= depth && !heading.is_nested && !heading.text.is_empty()
    });
    let entries: Vec<TocView> = shown
        .take(LONGEST_TOC)
        .map(|heading| TocView {
            level: heading.level,
            id: path::encode_href(&heading.id),
            text: heading.text.clone(),
        })
        .collect();
    if entries.len() < 2 { Vec::new() } else { entries }
}

fn topics(here: &Here<'_>, id: NoteId) -> Vec<LinkView> {
    let tags = &here.site.graph.tags;
    let link = |tag: &usize| LinkView {
        title: tags.all[*tag].name.clone(),
        href: here.to(&tags.all[*tag].url),
    };
    tags.of_note[id].iter().map(link).collect()
}

fn backlinks(here: &Here<'_>, id: NoteId) -> Vec<BacklinkView> {
    let site = here.site;
    let mut views: Vec<BacklinkView> = Vec::new();
    for same_note in site.graph.backlinks[id].chunk_by(|left, right| left.0 == right.0) {
        let from = same_note[0].0;
        if site.notes[from].head.unlisted {
            continue;
        }
        if views.len() == BACKLINKS {
            break;
        }
        let url = &site.graph.urls[from];
        let mentions =
            same_note.iter().filter_map(|(_, link)| mention(here, from, *link)).take(MENTIONS);
        views.push(BacklinkView {
            title: site.notes[from].head.title.clone(),
            href: here.to(url),
            mentions: if site.config.backlinks.context {
                mentions.collect()
            } else {
                Vec::new()
            },
        });
    }
    views
}

fn mention(here: &Here<'_>, from: NoteId, link: usize) -> Option<MentionView> {
    let site = here.site;
    let head = &site.notes[from].head;
    let link = &head.links[link];
    let context = link.context.as_ref()?;
    if context.before.is_empty() && context.after.is_empty() && context.text.is_empty() {
        return None;
    }
    let section = link.section.and_then(|at| head.headings.get(at));
    let url = here.to(&site.graph.urls[from]);
    let href = section.map_or_else(
        || url.clone(),
        |heading| format!("{url}#{}", path::encode_href(&heading.id)),
    );
    Some(MentionView {
        before: context.before.clone(),
        text: shown_text(site, from, link, &context.text),
        after: context.after.clone(),
        section: section.map(|heading| heading.text.clone()).unwrap_or_default(),
        href,
    })
}

/// A wikilink without a text of its own shows its target's name, here as on its page.
fn shown_text(site: &Site, from: NoteId, link: &crate::note::Link, text: &str) -> String {
    let index = site.notes[from].head.links.iter().position(|other| std::ptr::eq(other, link));
    match index.map(|index| &site.graph.targets[from][index]) {
        Some(Target::Note { id, by_name: true, .. })
            if link.kind.is_wiki()
                && text == crate::note::markdown::shown_target(link)
                && link.fragment.is_none() =>
        {
            short_title(&site.notes[*id].head)
        }
        _ => text.to_owned(),
    }
}

/// What a note is called in running text.
pub fn short_title(head: &Head) -> String {
    head.link_title.clone().unwrap_or_else(|| head.title.clone())
}

fn related_cards(here: &Here<'_>, id: NoteId) -> Vec<CardView> {
    let site = here.site;
    let mut chosen = related_notes(site, id, "related");
    for other in related::related(&site.graph, &site.notes, id, RELATED) {
        if chosen.len() < RELATED && !chosen.contains(&other) {
            chosen.push(other);
        }
    }
    chosen.into_iter().map(|other| card(here, other)).collect()
}

fn note_of(site: &Site, id: NoteId, link: usize) -> Option<NoteId> {
    match site.graph.targets[id].get(link)? {
        Target::Note { id, .. } => Some(*id),
        Target::Asset(..) | Target::Folder(_) | Target::Unpublished(_) | Target::Broken => None,
    }
}

/// The first note that a relation of the front matter leads to.
pub fn related_note(site: &Site, id: NoteId, key: &str) -> Option<NoteId> {
    related_notes(site, id, key).first().copied()
}

/// The notes that a relation leads to, each once.
fn related_notes(site: &Site, id: NoteId, key: &str) -> Vec<NoteId> {
    let links = site.notes[id].head.relations.get(key).into_iter().flatten();
    let mut notes: Vec<NoteId> = Vec::new();
    for other in links.filter_map(|link| note_of(site, id, *link)) {
        if other != id && !notes.contains(&other) {
            notes.push(other);
        }
    }
    notes
}

fn relations(here: &Here<'_>, id: NoteId, key: &str) -> Vec<LinkView> {
    let notes = related_notes(here.site, id, key);
    notes.into_iter().map(|other| link_to(here, other)).collect()
}

/// A link to the first note that a relation leads to.
pub fn relation(here: &Here<'_>, id: NoteId, key: &str) -> Option<LinkView> {
    related_note(here.site, id, key).map(|other| link_to(here, other))
}

fn link_to(here: &Here<'_>, id: NoteId) -> LinkView {
    LinkView {
        title: short_title(&here.site.notes[id].head),
        href: here.to(&here.site.graph.urls[id]),
    }
}

fn neighbour(here: &Here<'_>, id: NoteId, after: bool) -> Option<LinkView> {
    let folders = &here.site.graph.folders;
    let place = folders.place[id]?;
    let place = if after { place.checked_add(1)? } else { place.checked_sub(1)? };
    folders.order.get(place).map(|other| link_to(here, *other))
}

/// How many contributors a note names.
const CONTRIBUTORS: usize = 12;

fn contributors(site: &Site, id: NoteId) -> Vec<String> {
    let note = &site.notes[id];
    let history = site.history.get(&note.path).filter(|_| site.config.contributors);
    let names = history.into_iter().flat_map(|history| &history.contributors);
    names
        .map(|name| (**name).to_owned())
        .filter(|name| !note.head.authors.contains(name))
        .take(CONTRIBUTORS)
        .collect()
}

fn edit_url(site: &Site, note: &str) -> String {
    let repo = &site.config.repo;
    if repo.url.is_empty() {
        return String::new();
    }
    let branch = if repo.branch.is_empty() { "main" } else { &repo.branch };
    let inside = format!("{}/{}{note}", repo.path.trim_matches('/'), site.prefix);
    format!(
        "{}/edit/{branch}/{}",
        repo.url.trim_end_matches('/'),
        path::encode_ascii(inside.trim_start_matches('/'))
    )
}

fn report_url(site: &Site, title: &str) -> String {
    if site.config.repo.url.is_empty() {
        return String::new();
    }
    format!(
        "{}/issues/new?title={}",
        site.config.repo.url.trim_end_matches('/'),
        path::encode_ascii(title).replace('/', "%2F")
    )
}

fn markdown_copy(here: &Here<'_>, id: NoteId) -> String {
    let url = &here.site.graph.urls[id];
    if here.site.config.markdown_copies && !here.site.notes[id].head.unlisted {
        here.to(&format!("{}.md", url.strip_suffix(".html").unwrap_or(url)))
    } else {
        String::new()
    }
}
