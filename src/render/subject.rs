//! What each kind of page is about: its title, language, description and place.

use super::Stage;
use crate::graph::NoteId;
use crate::site::{Page, Site, feed_url};
use crate::view::page::Subject;

/// What a page is about.
pub(super) fn subject(stage: &Stage<'_>, page: &Page) -> Subject {
    let site = stage.site;
    let word = |key: &'static str| site.theme.words.get(&site.config.lang, key).to_owned();
    match page {
        Page::Home => {
            let home = site.graph.folders.all[""].index;
            let mut subject = home.map(|id| note_subject(site, id)).unwrap_or_default();
            let is_nameless = |id: NoteId| {
                crate::note::is_nameless(&site.notes[id].path, &site.notes[id].head.title)
            };
            if subject.title.is_empty() || home.is_some_and(is_nameless) {
                subject.title.clone_from(&site.title);
            }
            Subject { kind: "home", ..subject }
        }
        Page::Note(id) => Subject { kind: "note", ..note_subject(site, *id) },
        Page::Folder(path, number) => {
            let folder = &site.graph.folders.all[path];
            let index = folder.index.filter(|_| *number == 1);
            let subject = index.map(|id| note_subject(site, id)).unwrap_or_default();
            let title = folder.title.clone();
            Subject {
                kind: "folder",
                title,
                folder: path.clone(),
                distinction: distinct(*number, folder_distinction(site, path)),
                ..subject
            }
        }
        Page::Tag(id, number) => {
            let tag = &site.graph.tags.all[*id];
            let topic = word("topics");
            Subject {
                kind: "tag",
                title: tag.name.clone(),
                distinction: distinct(*number, topic),
                feed: feed_url(&tag.url),
                ..Subject::default()
            }
        }
        Page::Tags => {
            let description =
                word("topics_lead").replace("{n}", &site.graph.tags.all.len().to_string());
            Subject { kind: "tags", title: word("topics"), description, ..Subject::default() }
        }
        Page::Recent => {
            let description = word("recent_lead");
            Subject { kind: "recent", title: word("recent"), description, ..Subject::default() }
        }
        Page::Index(number) => Subject {
            kind: "index",
            title: word("index"),
            description: word("index_lead"),
            distinction: distinct(*number, String::new()),
            ..Subject::default()
        },
        Page::Snippets(number) => Subject {
            kind: "snippets",
            title: word("snippets"),
            distinction: distinct(*number, String::new()),
            ..Subject::default()
        },
        Page::Quiz(number) => Subject {
            kind: "quiz",
            title: word("quiz"),
            description: word("quiz_lead"),
            distinction: distinct(*number, String::new()),
            ..Subject::default()
        },
        Page::Graph => Subject {
            kind: "graph",
            title: word("graph"),
            description: word("graph_lead"),
            ..Subject::default()
        },
        Page::Search => Subject {
            kind: "search",
            title: word("search"),
            noindex: true,
            ..Subject::default()
        },
        Page::Redirect(id) => {
            Subject { kind: "note", noindex: true, ..note_subject(site, *id) }
        }
        _ => Subject {
            kind: "404",
            title: word("not_found_title"),
            noindex: true,
            ..Subject::default()
        },
    }
}

fn distinct(number: usize, otherwise: String) -> String {
    if number == 1 { otherwise } else { number.to_string() }
}

/// What tells a folder's page from others of the same title: the folder above, and that it is
/// a folder's, if only its name gives it a title. A note beside it may have the same name.
fn folder_distinction(site: &Site, path: &str) -> String {
    let folders = &site.graph.folders.all;
    let above = crate::path::parent(path);
    let above = if above.is_empty() { "" } else { folders[above].title.as_str() };
    let is_named = folders[path].index.is_none();
    let kind = if is_named { site.theme.words.get(&site.config.lang, "folders") } else { "" };
    let parts: Vec<&str> = [above, kind].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

fn note_subject(site: &Site, id: NoteId) -> Subject {
    let note = &site.notes[id];
    let head = &note.head;
    let folder = crate::path::parent(&note.path).to_owned();
    let twin = site
        .graph
        .folders
        .all
        .get(&folder)
        .map(|folder| folder.title.clone())
        .unwrap_or_default();
    Subject {
        kind: "note",
        title: head.title.clone(),
        distinction: if folder.is_empty() || twin == head.title { String::new() } else { twin },
        lang: head.lang.clone().unwrap_or_default(),
        description: head.description.clone().unwrap_or_else(|| head.summary.clone()),
        folder,
        note: Some(id),
        feed: String::new(),
        noindex: head.unlisted,
        image: card_image(site, id),
    }
}

/// The picture for cards: an attachment's path.
fn card_image(site: &Site, id: NoteId) -> String {
    let note = &site.notes[id];
    let Some(image) = &note.head.image else { return String::new() };
    let way = crate::path::decode(image);
    let beside = crate::path::join(crate::path::parent(&note.path), &way);
    let from_root = crate::path::join("", &way);
    [beside, from_root]
        .into_iter()
        .flatten()
        .find(|path| site.assets.contains_key(path))
        .map(|path| site.graph.asset_url(&path).to_owned())
        .unwrap_or_default()
}
