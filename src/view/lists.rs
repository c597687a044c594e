//! Cards and groups for folders, topics, the home page and the indexes.

use super::note::{last_day, short_title, text};
use super::page::Here;
use super::{
    CardGroupView, CardView, FolderView, GroupView, HomeView, KindView, PagerView, SnippetView,
    TagView,
};
use crate::graph::NoteId;
use crate::graph::folders::Entry;
use crate::graph::snippets::Shown;
use crate::graph::tags::{TagId, related};
use crate::path;
use crate::site::{PER_PAGE, Site, numbered, pages_for};
use crate::text::collate::{initial, sort_key};

/// How many topics the home page shows, how many recent notes, how many related topics.
const HOME_TOPICS: usize = 30;
const HOME_RECENT: usize = 10;
const RELATED_TOPICS: usize = 12;

/// How many notes the page of recent changes shows.
const RECENT: usize = 200;

/// A note as a list shows it.
pub fn card(here: &Here<'_>, id: NoteId) -> CardView {
    let head = &here.site.notes[id].head;
    CardView {
        title: head.title.clone(),
        href: here.to(&here.site.graph.urls[id]),
        description: head.description.clone().unwrap_or_else(|| head.summary.clone()),
        date: last_day(here.site, id),
        minutes: head.reading.minutes(),
        level: text(head, "level"),
        frequency: text(head, "frequency"),
        initial: ' ',
    }
}

/// A folder's folders and the notes of one page of its list.
pub fn folder_view(here: &Here<'_>, path: &str, number: usize) -> FolderView {
    let folder = &here.site.graph.folders.all[path];
    let notes: Vec<NoteId> = notes_of(&folder.entries);
    let folders = if number == 1 { groups_of(here, &folder.entries) } else { Vec::new() };
    let (questions, quiz) = super::quiz::of_folder(here, path);
    FolderView {
        folders,
        questions,
        quiz,
        count: notes.len(),
        notes: chunk(&notes, number).iter().map(|id| card(here, *id)).collect(),
    }
}

fn notes_of(entries: &[Entry]) -> Vec<NoteId> {
    let note = |entry: &Entry| if let Entry::Note(id) = entry { Some(*id) } else { None };
    entries.iter().filter_map(note).collect()
}

fn groups_of(here: &Here<'_>, entries: &[Entry]) -> Vec<GroupView> {
    let folder = |entry: &Entry| {
        if let Entry::Folder(path) = entry { Some(folder_group(here, path)) } else { None }
    };
    entries.iter().filter_map(folder).collect()
}

fn folder_group(here: &Here<'_>, path: &str) -> GroupView {
    let site = here.site;
    let folder = &site.graph.folders.all[path];
    let head = folder.index.map(|id| &site.notes[id].head);
    GroupView {
        title: head.map_or_else(|| folder.title.clone(), short_title),
        href: here.to(&folder.url),
        description: head
            .map(|head| head.description.clone().unwrap_or_else(|| head.summary.clone()))
            .unwrap_or_default(),
        count: folder.count,
        depth: 0,
    }
}

/// What stands on one page of a list.
pub(super) fn chunk<T>(all: &[T], number: usize) -> &[T] {
    let start = ((number - 1) * PER_PAGE).min(all.len());
    &all[start..(start + PER_PAGE).min(all.len())]
}

/// The place of one page of a list; nothing if the list has one page.
pub fn pager(here: &Here<'_>, url: &str, number: usize, length: usize) -> Option<PagerView> {
    let total = pages_for(length);
    let way = |number: usize| here.to(&numbered(url, number));
    (total > 1).then(|| PagerView {
        number,
        total,
        prev: if number > 1 { way(number - 1) } else { String::new() },
        next: if number < total { way(number + 1) } else { String::new() },
    })
}

/// How many notes lie directly in a folder.
pub fn folder_length(site: &Site, path: &str) -> usize {
    notes_of(&site.graph.folders.all[path].entries).len()
}

/// A topic with one page of its notes.
pub fn tag_view(here: &Here<'_>, id: TagId, number: usize, content: String) -> TagView {
    let tags = &here.site.graph.tags;
    let tag = &tags.all[id];
    let listed: Vec<NoteId> = tag
        .notes
        .iter()
        .copied()
        .filter(|note| here.site.graph.folders.place[*note].is_some())
        .collect();
    let mut notes = listed;
    notes.sort_by_key(|note| here.site.graph.folders.place[*note]);
    let children =
        (id + 1..tags.all.len()).take_while(|other| tags.all[*other].depth > tag.depth);
    TagView {
        name: tag.last_name().to_owned(),
        content,
        children: children
            .filter(|other| tags.all[*other].parent == Some(id))
            .map(|other| topic(here, other))
            .collect(),
        related: related(tags, id)
            .into_iter()
            .take(RELATED_TOPICS)
            .map(|(other, count)| GroupView { count, ..topic(here, other) })
            .collect(),
        count: notes.len(),
        notes: chunk(&notes, number).iter().map(|note| card(here, *note)).collect(),
    }
}

fn topic(here: &Here<'_>, id: TagId) -> GroupView {
    let tag = &here.site.graph.tags.all[id];
    GroupView {
        title: tag.name.clone(),
        href: here.to(&tag.url),
        description: String::new(),
        count: tag.notes.len(),
        depth: tag.depth,
    }
}

/// All topics, parents before children.
pub fn topics(here: &Here<'_>) -> Vec<GroupView> {
    let tags = &here.site.graph.tags;
    let named =
        |id: TagId| GroupView { title: tags.all[id].last_name().to_owned(), ..topic(here, id) };
    (0..tags.all.len()).map(named).collect()
}

/// The home page's lists.
pub fn home_view(here: &Here<'_>) -> HomeView {
    let entries = &here.site.graph.folders.all[""].entries;
    let tags = &here.site.graph.tags.all;
    let mut used: Vec<TagId> = (0..tags.len()).filter(|id| tags[*id].depth == 0).collect();
    used.sort_by_key(|id| (std::cmp::Reverse(tags[*id].notes.len()), *id));
    HomeView {
        folders: groups_of(here, entries),
        notes: notes_of(entries).iter().take(PER_PAGE).map(|id| card(here, *id)).collect(),
        topics: used.into_iter().take(HOME_TOPICS).map(|id| topic(here, id)).collect(),
        paths: super::routes::paths(here),
        questions: here.site.graph.questions.len(),
        recent: by_date(here.site)
            .into_iter()
            .take(HOME_RECENT)
            .map(|id| card(here, id))
            .collect(),
    }
}

/// The notes that lists of the whole site show, in reading order.
pub fn prominent(site: &Site) -> impl Iterator<Item = NoteId> {
    site.graph.folders.order.iter().copied().filter(|id| !site.notes[*id].head.quiet)
}

/// Prominent notes with a date, the newest first; notes of one day in reading order.
pub fn by_date(site: &Site) -> Vec<NoteId> {
    let mut dated: Vec<(String, usize, NoteId)> = Vec::new();
    for (place, id) in prominent(site).enumerate() {
        let day = last_day(site, id);
        if !day.is_empty() {
            dated.push((day, place, id));
        }
    }
    dated.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(&right.1)));
    dated.into_iter().map(|(_, _, id)| id).collect()
}

/// What changed last, by month.
pub fn recent_groups(here: &Here<'_>) -> Vec<CardGroupView> {
    let notes = by_date(here.site);
    let cards: Vec<CardView> =
        notes.into_iter().take(RECENT).map(|id| card(here, id)).collect();
    grouped(cards, |card| card.date.get(..7).unwrap_or_default().to_owned())
}

/// Prominent notes by title, in pinyin order, the same for every page of the index.
pub fn by_title(site: &Site) -> Vec<NoteId> {
    let mut notes: Vec<NoteId> = prominent(site).collect();
    notes.sort_by_cached_key(|id| {
        let title = &site.notes[*id].head.title;
        let letter = initial(title);
        (letter == '#', letter, sort_key(title))
    });
    notes
}

/// One page of all notes by first letter.
pub fn index_groups(here: &Here<'_>, by_title: &[NoteId], number: usize) -> Vec<CardGroupView> {
    let lettered = |id: &NoteId| {
        let initial = initial(&here.site.notes[*id].head.title);
        CardView { initial, ..card(here, *id) }
    };
    let cards = chunk(by_title, number).iter().map(lettered).collect();
    grouped(cards, |card: &CardView| card.initial.to_string())
}

/// One page of the Kubernetes objects in notes, by kind.
pub fn kinds(here: &Here<'_>, number: usize) -> Vec<KindView> {
    let mut kinds: Vec<KindView> = Vec::new();
    for shown in chunk(&here.site.graph.snippets, number) {
        let view = snippet(here, *shown);
        let title = &shown.of(&here.site.notes).kind;
        match kinds.last_mut() {
            Some(kind) if kind.title == *title => kind.snippets.push(view),
            _ => kinds.push(KindView { title: title.clone(), snippets: vec![view] }),
        }
    }
    kinds
}

fn snippet(here: &Here<'_>, shown: Shown) -> SnippetView {
    let object = shown.of(&here.site.notes);
    let head = &here.site.notes[shown.note].head;
    let heading = object.heading.map(|heading| &head.headings[heading]);
    let way = here.to(&here.site.graph.urls[shown.note]);
    SnippetView {
        title: short_title(head),
        section: heading.map(|heading| heading.text.clone()).unwrap_or_default(),
        href: match heading {
            Some(heading) => format!("{way}#{}", path::encode_href(&heading.id)),
            None => way,
        },
        api_version: object.api_version.clone(),
    }
}

fn grouped(cards: Vec<CardView>, title: impl Fn(&CardView) -> String) -> Vec<CardGroupView> {
    let mut groups: Vec<CardGroupView> = Vec::new();
    for card in cards {
        let name = title(&card);
        match groups.last_mut() {
            Some(group) if group.title == name => group.notes.push(card),
            _ => groups.push(CardGroupView { title: name, notes: vec![card] }),
        }
    }
    groups
}
