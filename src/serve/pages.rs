//! What is answered to a request: the page, attachment or search file at its address,
//! rendered from the newest snapshot. Nothing is kept between two requests but the search
//! files, which are made when first asked for.

use super::follow::mistake;
use super::http::request::Request;
use super::http::{Body, Response, content_type};
use super::reload;
use super::snapshot::{Snapshot, Trouble};
use crate::diagnostic::{Code, Diagnostic};
use crate::render::{self, Rendered};
use crate::site::{Page, Plan};
use crate::source::{self, Attachment};
use crate::view::page::base_path;

/// The name under which pages ask for the search index's first file, whose real name
/// changes with every edit.
const SEARCH_ENTRY: &str = "root.js";

/// What is sent where a template fails on a page: it shows what is wrong by the script
/// that is put into it.
const EMPTY_PAGE: &str =
    "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body></body></html>\n";

/// A page as it is sent, before anything is put into it.
pub(super) struct Rendition {
    /// Its HTML.
    pub(super) html: Vec<u8>,
    /// What was found while rendering it.
    pub(super) findings: Vec<Diagnostic>,
    /// Why it could not be rendered.
    pub(super) trouble: Option<Trouble>,
    /// The status it is sent with.
    pub(super) status: u16,
}

/// Answers a request for a page or file of the site.
pub(super) fn answer(snapshot: &Snapshot, request: &Request) -> Response {
    let path = without_base(snapshot, &request.path);
    if let Some(name) = path.strip_prefix("search/")
        && let Some(bytes) = snapshot.search_file(name, SEARCH_ENTRY)
    {
        return Response::bytes(200, content_type(name), bytes.to_vec());
    }
    match find(&snapshot.plan, path) {
        Found::Page(url, page) if page.is_html() => page_response(snapshot, url, page),
        Found::Page(url, page) => file_response(snapshot, url, page),
        Found::Folder => Response {
            status: 301,
            headers: vec![("Location", format!("/{}/", crate::path::encode_ascii(path)))],
            body: Body::Bytes(Vec::new()),
        },
        Found::Nothing => page_response(snapshot, "404.html", &Page::NotFound),
    }
}

/// Renders what a tab shows under a path: a page, or the page for what is not there.
pub(super) fn shown(snapshot: &Snapshot, path: &str) -> Rendition {
    match find(&snapshot.plan, without_base(snapshot, path)) {
        Found::Page(url, page) if page.is_html() => rendition(snapshot, url, page),
        Found::Page(..) | Found::Folder | Found::Nothing => {
            rendition(snapshot, "404.html", &Page::NotFound)
        }
    }
}

/// The page that a tab shows under a path.
pub(super) fn page_at<'a>(snapshot: &'a Snapshot, path: &str) -> Option<&'a Page> {
    match find(&snapshot.plan, without_base(snapshot, path)) {
        Found::Page(_, page) => Some(page),
        Found::Folder | Found::Nothing => None,
    }
}

enum Found<'a> {
    Page(&'a str, &'a Page),
    /// The path lacks the slash of a folder.
    Folder,
    Nothing,
}

/// Finds a page the way static hosts do: as written, a folder's own page, with `.html`.
fn find<'a>(plan: &'a Plan, path: &str) -> Found<'a> {
    let at = |url: &str| plan.pages.get_key_value(url);
    let found = if path.is_empty() || path.ends_with('/') {
        at(&format!("{path}index.html"))
    } else {
        at(path).or_else(|| at(&format!("{path}.html")))
    };
    match found {
        Some((url, page)) => Found::Page(url, page),
        None if at(&format!("{path}/index.html")).is_some() => Found::Folder,
        None => Found::Nothing,
    }
}

/// The page for what is not there begins its links at the host, with the folder that the
/// site will have there.
fn without_base<'a>(snapshot: &Snapshot, path: &'a str) -> &'a str {
    let base = base_path(&snapshot.site.config.base_url);
    path.strip_prefix(base.trim_start_matches('/')).unwrap_or(path)
}

fn page_response(snapshot: &Snapshot, url: &str, page: &Page) -> Response {
    let rendition = rendition(snapshot, url, page);
    let html = reload::with_script(snapshot, &rendition.html);
    Response::bytes(rendition.status, content_type("a.html"), html)
}

fn rendition(snapshot: &Snapshot, url: &str, page: &Page) -> Rendition {
    let stage = render::stage(&snapshot.site, &snapshot.plan, None, SEARCH_ENTRY);
    let outcome = render::render(&stage, url, page);
    let status = if *page == Page::NotFound { 404 } else { 200 };
    let (of_template, findings): (Vec<_>, Vec<_>) =
        outcome.diagnostics.into_iter().partition(|finding| finding.code == Code::Template);
    let trouble = of_template.into_iter().next().map(|finding| {
        let text = snapshot.site.theme.text(&finding.file).unwrap_or_default().to_owned();
        mistake(finding, text)
    });
    let html = match outcome.rendered {
        Rendered::Bytes(html) if trouble.is_none() => html,
        Rendered::Bytes(_) | Rendered::File(_) => EMPTY_PAGE.as_bytes().to_vec(),
    };
    Rendition { html, findings, trouble, status }
}

fn file_response(snapshot: &Snapshot, url: &str, page: &Page) -> Response {
    let stage = render::stage(&snapshot.site, &snapshot.plan, None, SEARCH_ENTRY);
    match render::render(&stage, url, page).rendered {
        Rendered::Bytes(bytes) => Response::bytes(200, content_type(url), bytes),
        Rendered::File(path) => match source::open_inside(&snapshot.site.content, &path) {
            Ok(_) if let Ok(Attachment::Bytes(bytes)) = source::attachment(&path) => {
                Response::bytes(200, content_type(url), bytes)
            }
            Ok((file, length)) => Response {
                status: 200,
                headers: vec![("Content-Type", content_type(url).to_owned())],
                body: Body::File(file, length),
            },
            Err(error) => Response::text(404, format!("{error:#}\n")),
        },
    }
}
