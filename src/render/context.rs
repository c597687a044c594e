//! What a template is given for each kind of page, and which template it is.

use tera::Context;

use super::subject::subject;
use super::{Stage, body};
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::NoteId;
use crate::graph::addresses::{QUIZ, SNIPPETS};
use crate::graph::tags::TagId;
use crate::site::{Page, Site};
use crate::view::page::{Here, absolute, page_view};
use crate::view::{lists, map, note, quiz};

/// The template of a page, and what it may see.
pub fn context(
    stage: &Stage<'_>,
    url: &str,
    page: &Page,
    diagnostics: &mut Vec<Diagnostic>,
) -> (String, Context) {
    let here = Here { site: stage.site, url, absolute: *page == Page::NotFound };
    let view = page_view(stage.site, url, subject(stage, page), &stage.search_entry);
    let mut context = Context::new();
    context.insert_value("site", stage.site_value.clone());
    context.insert_value("t", stage.words_in(&view.lang));
    context.insert("page", &view);
    let template = match page {
        Page::Home => home(&mut context, &here, diagnostics),
        Page::Note(id) => {
            insert_note(&mut context, &here, Some(*id), diagnostics);
            return (note_template(stage.site, *id, diagnostics), context);
        }
        Page::Folder(path, number) => folder(&mut context, &here, path, *number, diagnostics),
        Page::Tag(id, number) => tag(&mut context, &here, *id, *number, diagnostics),
        Page::Tags => {
            context.insert("topics", &lists::topics(&here));
            "tags.html"
        }
        Page::Recent => {
            context.insert("groups", &lists::recent_groups(&here));
            insert_pager(&mut context, &here, url, 1, 0);
            "recent.html"
        }
        Page::Index(number) => {
            let titles = stage.by_title.get_or_init(|| lists::by_title(stage.site));
            context.insert("groups", &lists::index_groups(&here, titles, *number));
            insert_pager(&mut context, &here, "a-z.html", *number, titles.len());
            "index.html"
        }
        Page::Snippets(number) => {
            context.insert("kinds", &lists::kinds(&here, *number));
            let total = stage.site.graph.snippets.len();
            insert_pager(&mut context, &here, SNIPPETS, *number, total);
            "snippets.html"
        }
        Page::Quiz(number) => {
            let answer = |note, own, at| body::question(&here, note, own, at, diagnostics);
            context.insert("groups", &quiz::groups(&here, *number, answer));
            insert_pager(&mut context, &here, QUIZ, *number, stage.site.graph.questions.len());
            "quiz.html"
        }
        Page::Graph => {
            context.insert("graph", &map::graph_view(&here, stage.is_trial));
            "graph.html"
        }
        Page::Redirect(id) => redirect(&mut context, &here, *id),
        Page::Search => "search.html",
        _ => "404.html",
    };
    (template.to_owned(), context)
}

fn home(
    context: &mut Context,
    here: &Here<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> &'static str {
    let index = here.site.graph.folders.all[""].index;
    insert_note(context, here, index, diagnostics);
    context.insert("home", &lists::home_view(here));
    "home.html"
}

fn folder(
    context: &mut Context,
    here: &Here<'_>,
    path: &str,
    number: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> &'static str {
    let folder = &here.site.graph.folders.all[path];
    insert_note(context, here, folder.index.filter(|_| number == 1), diagnostics);
    context.insert("folder", &lists::folder_view(here, path, number));
    insert_pager(context, here, &folder.url, number, lists::folder_length(here.site, path));
    "folder.html"
}

fn tag(
    context: &mut Context,
    here: &Here<'_>,
    id: TagId,
    number: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> &'static str {
    let tag = &here.site.graph.tags.all[id];
    let described = tag.described_by.filter(|_| number == 1);
    let content = described.map(|note| body::fill(here, note, diagnostics)).unwrap_or_default();
    context.insert("tag", &lists::tag_view(here, id, number, content));
    insert_pager(context, here, &tag.url, number, tag.notes.len());
    "tag.html"
}

fn redirect(context: &mut Context, here: &Here<'_>, id: NoteId) -> &'static str {
    let target = &here.site.graph.urls[id];
    let value = serde_json::json!({
        "href": here.to(target),
        "title": here.site.notes[id].head.title,
        "canonical": absolute(here.site, target),
    });
    context.insert("redirect", &value);
    "redirect.html"
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

fn note_template(site: &Site, id: NoteId, diagnostics: &mut Vec<Diagnostic>) -> String {
    own_template(site, id, diagnostics).unwrap_or_else(|| "note.html".to_owned())
}
