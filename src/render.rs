//! Stage 5, render: one planned page becomes its bytes. Pure; touches no disk, no clock.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use tera::{Context, Value};

use crate::diagnostic::{Code, Diagnostic};
use crate::graph::NoteId;
use crate::search::Files;
use crate::site::{Page, Plan, Site, feed_url};
use crate::theme;
use crate::view::page::{Here, Subject, absolute, page_view, site_view};
use crate::view::{lists, note};

pub mod body;
mod feed;
mod index;
mod text_files;

pub use index::{documents, search_files};

/// What all pages of a snapshot share.
pub struct Stage<'a> {
    site: &'a Site,
    plan: &'a Plan,
    /// The name of the search index's first file.
    search_entry: String,
    site_value: Value,
    words: OnceLock<BTreeMap<String, Value>>,
    by_title: OnceLock<Vec<NoteId>>,
}

/// A rendered page or file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rendered {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// It is this file, as it lies on the disk.
    File(PathBuf),
}

/// A page and what was found while rendering it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The page.
    pub rendered: Rendered,
    /// Circles of embeds, and mistakes in templates.
    pub diagnostics: Vec<Diagnostic>,
}

/// Prepares to render the pages of a snapshot.
pub fn stage<'a>(
    site: &'a Site,
    plan: &'a Plan,
    search: Option<&Files>,
    fixed_entry: &str,
) -> Stage<'a> {
    let search_entry = search.map_or(fixed_entry, |files| &files.entry).to_owned();
    let site_value = Value::from_serializable(&site_view(site));
    Stage {
        site,
        plan,
        search_entry,
        site_value,
        words: OnceLock::new(),
        by_title: OnceLock::new(),
    }
}

/// Renders the page at an address.
pub fn render(stage: &Stage<'_>, url: &str, page: &Page) -> Outcome {
    let site = stage.site;
    let rendered = match page {
        Page::Static(name) => {
            Rendered::Bytes(site.theme.files.get(name).cloned().unwrap_or_default())
        }
        Page::Asset(path) => Rendered::File(site.content.join(path)),
        Page::NoJekyll => Rendered::Bytes(Vec::new()),
        Page::Robots => Rendered::Bytes(text_files::robots(site).into_bytes()),
        Page::Sitemap => Rendered::Bytes(feed::sitemap(site, stage.plan).into_bytes()),
        Page::Feed(tag) => Rendered::Bytes(feed::feed(site, url, *tag).into_bytes()),
        Page::Llms(full) => Rendered::Bytes(text_files::llms(site, *full).into_bytes()),
        Page::Markdown(id) => Rendered::Bytes(text_files::markdown(site, *id).into_bytes()),
        _ => return html(stage, url, page),
    };
    Outcome { rendered, diagnostics: Vec::new() }
}

fn html(stage: &Stage<'_>, url: &str, page: &Page) -> Outcome {
    let mut diagnostics = Vec::new();
    let (template, context) = context(stage, url, page, &mut diagnostics);
    let bytes = match stage.site.theme.tera.render(&template, &context) {
        Ok(html) => html.into_bytes(),
        Err(error) => {
            diagnostics.push(theme::finding(&error));
            Vec::new()
        }
    };
    Outcome { rendered: Rendered::Bytes(bytes), diagnostics }
}

/// The template that shows a page, and all that it sees.
pub fn context(
    stage: &Stage<'_>,
    url: &str,
    page: &Page,
    diagnostics: &mut Vec<Diagnostic>,
) -> (String, Context) {
    let site = stage.site;
    let here = Here { site, url, absolute: *page == Page::NotFound };
    let mut context = Context::new();
    let subject = subject(stage, page);
    let view = page_view(site, url, subject, &stage.search_entry);
    context.insert_value("site", stage.site_value.clone());
    context.insert_value("t", stage.words_in(&view.lang));
    let template = match page {
        Page::Home => {
            let home = site.graph.folders.all[""].index;
            insert_note(&mut context, &here, home, diagnostics);
            context.insert("home", &lists::home_view(&here));
            "home.html".to_owned()
        }
        Page::Note(id) => {
            insert_note(&mut context, &here, Some(*id), diagnostics);
            own_template(site, *id, diagnostics).unwrap_or_else(|| "note.html".to_owned())
        }
        Page::Folder(path, number) => {
            let index = site.graph.folders.all[path].index.filter(|_| *number == 1);
            insert_note(&mut context, &here, index, diagnostics);
            context.insert("folder", &lists::folder_view(&here, path, *number));
            insert_pager(
                &mut context,
                &here,
                &site.graph.folders.all[path].url,
                *number,
                lists::folder_length(site, path),
            );
            "folder.html".to_owned()
        }
        Page::Tag(id, number) => {
            let tag = &site.graph.tags.all[*id];
            let described = tag_note(site, &tag.url).filter(|_| *number == 1);
            let content =
                described.map(|note| body::fill(&here, note, diagnostics)).unwrap_or_default();
            context.insert("tag", &lists::tag_view(&here, *id, *number, content));
            insert_pager(&mut context, &here, &tag.url, *number, tag.notes.len());
            "tag.html".to_owned()
        }
        Page::Tags => {
            context.insert("topics", &lists::topics(&here));
            "tags.html".to_owned()
        }
        Page::Recent => {
            context.insert("groups", &lists::recent_groups(&here));
            insert_pager(&mut context, &here, url, 1, 0);
            "recent.html".to_owned()
        }
        Page::Index(number) => {
            let titles = stage.by_title.get_or_init(|| lists::by_title(site));
            context.insert("groups", &lists::index_groups(&here, titles, *number));
            insert_pager(&mut context, &here, "a-z.html", *number, titles.len());
            "index.html".to_owned()
        }
        Page::Redirect(id) => {
            let target = &site.graph.urls[*id];
            context.insert(
                "redirect",
                &serde_json::json!({
                    "href": here.to(target),
                    "title": site.notes[*id].head.title,
                    "canonical": absolute(site, target),
                }),
            );
            "redirect.html".to_owned()
        }
        Page::Search => "search.html".to_owned(),
        _ => "404.html".to_owned(),
    };
    context.insert("page", &view);
    (template, context)
}

fn insert_note(
    context: &mut Context,
    here: &Here<'_>,
    id: Option<NoteId>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let view = id.map(|id| {
        let content = body::fill(here, id, diagnostics);
        note::note_view(here, id, content)
    });
    context.insert("note", &view);
}

fn insert_pager(
    context: &mut Context,
    here: &Here<'_>,
    url: &str,
    number: usize,
    length: usize,
) {
    context.insert("pager", &lists::pager(here, url, number, length));
}

/// The template that a note names; one that does not exist is reported.
fn own_template(site: &Site, id: NoteId, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let name = site.notes[id].head.template.as_ref()?;
    let file = if name.ends_with(".html") { name.clone() } else { format!("{name}.html") };
    if site.theme.tera.contains_template(&file) {
        return Some(file);
    }
    // Other tools keep the names of their own layouts under this key; only a file is meant for us.
    if name.ends_with(".html") {
        let finding = Diagnostic::new(
            Code::UnknownName,
            &site.notes[id].path,
            0..0,
            format!("there is no template {name}"),
        );
        diagnostics.push(finding);
    }
    None
}

fn tag_note(site: &Site, url: &str) -> Option<NoteId> {
    site.graph
        .urls
        .iter()
        .enumerate()
        .find(|(id, other)| *other == url && site.graph.live[*id])
        .map(|(id, _)| id)
}

fn subject(stage: &Stage<'_>, page: &Page) -> Subject {
    let site = stage.site;
    let word = |key: &'static str| site.theme.words.get(&site.config.lang, key).to_owned();
    match page {
        Page::Home => {
            let home = site.graph.folders.all[""].index;
            let mut subject = home.map(|id| note_subject(site, id)).unwrap_or_default();
            if subject.title.is_empty() {
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
                distinction: distinct(*number, parent_title(site, path)),
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
        Page::Tags => Subject { kind: "tags", title: word("topics"), ..Subject::default() },
        Page::Recent => Subject { kind: "recent", title: word("recent"), ..Subject::default() },
        Page::Index(number) => Subject {
            kind: "index",
            title: word("index"),
            distinction: distinct(*number, String::new()),
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

/// What tells a folder's page from a note of the same title.
fn parent_title(site: &Site, path: &str) -> String {
    let parent = crate::path::parent(path);
    if parent.is_empty() { String::new() } else { site.graph.folders.all[parent].title.clone() }
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
        .unwrap_or_default()
}

impl Stage<'_> {
    fn words_in(&self, lang: &str) -> Value {
        let words = &self.site.theme.words;
        let all = self.words.get_or_init(|| {
            let langs = self.site.notes.iter().filter_map(|note| note.head.lang.clone());
            let langs = langs.chain([self.site.config.lang.clone()]);
            langs
                .map(|lang| (lang.clone(), Value::from_serializable(&words.all(&lang))))
                .collect()
        });
        all.get(lang).cloned().unwrap_or_else(|| Value::from_serializable(&words.all(lang)))
    }
}
