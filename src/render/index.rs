//! What search is told of every note, and the files of its index.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::config::Pinyin;
use crate::search::ndjson::{Format, ndjson};
use crate::search::{self, Document, Files, Section, Settings};
use crate::site::Site;
use crate::view::page::folder_name;

/// The index of all listed notes; `None` if the site has no search.
pub fn search_files(site: &Site) -> Option<Files> {
    if !site.config.search.enabled {
        return None;
    }
    let crumbs: Vec<String> =
        site.graph.folders.order.iter().map(|id| breadcrumb(site, *id)).collect();
    let settings = Settings {
        pinyin: site.config.search.pinyin == Pinyin::Titles,
        glossary: site.config.glossary.clone(),
        labels: labels(site),
    };
    Some(search::index(&documents(site, &crumbs), &settings))
}

/// One record for each section of the listed notes, for a search engine.
pub fn search_records(site: &Site, format: Format) -> Vec<u8> {
    let crumbs: Vec<String> =
        site.graph.folders.order.iter().map(|id| breadcrumb(site, *id)).collect();
    ndjson(&documents(site, &crumbs), format)
}

/// The interface words whose keys begin with `search_`.
fn labels(site: &Site) -> BTreeMap<String, String> {
    let words = site.theme.words.all(&site.config.lang);
    let own =
        words.into_iter().filter_map(|(key, word)| Some((key.strip_prefix("search_")?, word)));
    own.map(|(key, word)| (key.to_owned(), word.to_owned())).collect()
}

/// The listed notes as search sees them; `crumbs` in reading order.
pub fn documents<'a>(site: &'a Site, crumbs: &'a [String]) -> Vec<Document<'a>> {
    let listed = site.graph.folders.order.iter().zip(crumbs);
    listed.map(|(id, crumb)| document(site, *id, crumb)).collect()
}

fn document<'a>(site: &'a Site, id: usize, breadcrumb: &'a str) -> Document<'a> {
    let note = &site.notes[id];
    let head = &note.head;
    let sections = note.sections.iter().map(|section| {
        let heading = section.heading.and_then(|at| head.headings.get(at));
        Section {
            id: heading.map_or("", |heading| &heading.id),
            heading: heading.map_or("", |heading| &heading.text),
            text: Cow::Borrowed(section.text.as_str()),
        }
    });
    Document {
        url: &site.graph.urls[id],
        title: &head.title,
        tags: site.graph.tags.of_note[id]
            .iter()
            .map(|tag| site.graph.tags.all[*tag].name.as_str())
            .collect(),
        aliases: head.aliases.iter().chain(&head.link_title).map(String::as_str).collect(),
        breadcrumb,
        quiet: head.quiet,
        sections: sections.collect(),
    }
}

fn breadcrumb(site: &Site, id: usize) -> String {
    let mut names = Vec::new();
    let mut path = crate::path::parent(&site.notes[id].path);
    while !path.is_empty() {
        if site.graph.folders.all[path].index != Some(id) {
            names.push(folder_name(site, path));
        }
        path = crate::path::parent(path);
    }
    names.reverse();
    names.join(" › ")
}
