//! Live reload. Every visible tab keeps one stream open, on which it is told the state its
//! page should have: a print of the page, the versions of style sheets, the findings. The
//! tab compares and does what is needed; nothing of a tab is remembered here.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::http::request::Request;
use super::http::{Body, Response, content_type};
use super::pages;
use super::snapshot::{Shared, Snapshot, Trouble};
use crate::diagnostic::print::{self, Format};
use crate::diagnostic::{Diagnostic, count};
use crate::path::extension;
use crate::site::{self, Page, Site};

/// What lies below this is the server's own and never part of a site.
pub(super) const OWN: &str = "__zhi/";

const SCRIPT: &str = include_str!("reload.js");
const STYLE: &str = include_str!("reload.css");

/// How often a silent stream is looked after, so that a tab that has gone frees its thread.
const PULSE: Duration = Duration::from_secs(5);

/// Answers a request for one of the server's own files.
pub(super) fn answer(shared: &Arc<Shared>, request: &Request, name: &str) -> Response {
    match name {
        "reload.js" => Response::bytes(200, content_type(name), SCRIPT.into()),
        "reload.css" => Response::bytes(200, content_type(name), STYLE.into()),
        "events" => stream(shared.clone(), request.asked("page").unwrap_or_default()),
        "findings.json" => {
            let snapshot = shared.newest();
            let all = printed(&snapshot.site, snapshot.findings());
            Response::bytes(200, content_type(name), all.to_string().into_bytes())
        }
        _ => Response::text(404, "There is no such file.\n"),
    }
}

/// The page with the script that keeps it new, which is told what it has.
pub(super) fn with_script(snapshot: &Snapshot, html: &[u8]) -> Vec<u8> {
    let have = fingerprint(&snapshot.site, html);
    let script =
        format!("<script src=\"/{OWN}reload.js\" defer data-have=\"{have}\"></script>");
    let end = b"</head>";
    let at = html.windows(end.len()).position(|part| part == end).unwrap_or(html.len());
    [&html[..at], script.as_bytes(), &html[at..]].concat()
}

/// Tells versions of a page apart. Versions of style sheets do not count: those are swapped
/// in place.
fn fingerprint(site: &Site, html: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut rest = html;
    while let Some(at) = rest.windows(7).position(|part| part == b".css?v=") {
        let (before, after) = rest.split_at(at + 4);
        hasher.update(before);
        let is_version = site.theme.versions.values().any(|version| {
            after.get(3..).is_some_and(|after| after.starts_with(version.as_bytes()))
        });
        rest = if is_version { &after[11..] } else { after };
    }
    hasher.update(rest);
    hasher.finalize().to_hex()[..16].to_owned()
}

fn stream(shared: Arc<Shared>, page: String) -> Response {
    let headers = vec![("Content-Type", "text/event-stream".to_owned())];
    let feed =
        move |stream: &mut TcpStream| tell_news(&shared, page.trim_start_matches('/'), stream);
    Response { status: 200, headers, body: Body::Stream(Box::new(feed)) }
}

/// Tells the tab its state now, and again whenever it differs.
fn tell_news(shared: &Shared, page: &str, stream: &mut TcpStream) -> io::Result<()> {
    let mut told = String::new();
    let mut turn = 0;
    loop {
        match shared.newer_than(turn, PULSE) {
            Some((now, snapshot)) => {
                turn = now;
                let state = state(shared, &snapshot, page).to_string();
                if state != told {
                    stream.write_all(format!("data: {state}\n\n").as_bytes())?;
                    told = state;
                }
                shared.is_shown(&snapshot);
            }
            None => stream.write_all(b": still here\n\n")?,
        }
    }
}

fn state(shared: &Shared, snapshot: &Snapshot, page: &str) -> Value {
    let site = &snapshot.site;
    let shown = pages::shown(snapshot, page);
    let all = snapshot.findings();
    let own = own_file(site, pages::page_at(snapshot, page));
    let of_note = all.iter().filter(|finding| Some(&finding.file) == own.as_ref()).cloned();
    let of_page =
        shown.findings.iter().filter_map(|finding| site::levelled(site, finding.clone()));
    let here: Vec<Diagnostic> = of_note.chain(of_page).collect();
    let (errors, warnings) = count(all);
    json!({
        "page": fingerprint(site, &shown.html),
        "styles": styles(site),
        "files": snapshot.touched,
        "findings": printed(site, &here),
        "errors": errors,
        "warnings": warnings,
        "trouble": snapshot.trouble.iter().chain(&shown.trouble).map(told).collect::<Vec<_>>(),
        "editor": shared.editor,
    })
}

fn styles(site: &Site) -> BTreeMap<&str, &str> {
    let versions = site.theme.versions.iter().filter(|(name, _)| extension(name) == "css");
    versions.map(|(name, version)| (name.as_str(), version.as_str())).collect()
}

/// The file of the note that a page shows, as findings name it.
fn own_file(site: &Site, page: Option<&Page>) -> Option<String> {
    let folders = &site.graph.folders.all;
    let id = match page? {
        Page::Note(id) => Some(*id),
        Page::Home => folders.get("").and_then(|folder| folder.index),
        Page::Folder(path, _) => folders.get(path).and_then(|folder| folder.index),
        _ => None,
    };
    id.map(|id| format!("{}{}", site.prefix, site.notes[id].path))
}

fn printed(site: &Site, findings: &[Diagnostic]) -> Value {
    let json = print::print(findings, &|file| site::text_of(site, file), Format::Json);
    serde_json::from_str(&json).unwrap_or_default()
}

fn told(trouble: &Trouble) -> Value {
    let at = trouble.place.as_ref().map(|(finding, text)| {
        let findings = std::slice::from_ref(finding);
        let json = print::print(findings, &|_| Some(text.as_str()), Format::Json);
        serde_json::from_str::<Value>(&json).unwrap_or_default()[0].take()
    });
    json!({ "text": trouble.text, "at": at })
}
