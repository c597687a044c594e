//! Files of plain text: what robots may read, the site for language models, Markdown.

use std::fmt::Write as _;

use crate::graph::NoteId;
use crate::graph::folders::Entry;
use crate::site::Site;
use crate::view::page::absolute;

/// `robots.txt`: everything may be read.
pub(super) fn robots(site: &Site) -> String {
    let sitemap = absolute(site, "sitemap.xml");
    let line =
        if sitemap.is_empty() { String::new() } else { format!("\nSitemap: {sitemap}\n") };
    format!("User-agent: *\nAllow: /\n{line}")
}

/// `llms.txt` (llmstxt.org): the notes by folder with one line each, or with their texts.
pub(super) fn llms(site: &Site, full: bool) -> String {
    let mut out = format!("# {}\n\n", site.title);
    if !site.config.description.is_empty() {
        let _ = write!(out, "> {}\n\n", site.config.description);
    }
    folder(site, "", full, &mut out);
    out
}

fn folder(site: &Site, path: &str, full: bool, out: &mut String) {
    let folder_here = &site.graph.folders.all[path];
    if !path.is_empty() {
        let _ = write!(out, "## {}\n\n", folder_here.title);
    }
    for id in folder_here.index.iter().copied().filter(|id| !site.notes[*id].head.unlisted) {
        note(site, id, full, out);
    }
    for entry in &folder_here.entries {
        if let Entry::Note(id) = entry {
            note(site, *id, full, out);
        }
    }
    out.push('\n');
    for entry in &folder_here.entries {
        if let Entry::Folder(inner) = entry {
            folder(site, inner, full, out);
        }
    }
}

fn note(site: &Site, id: NoteId, full: bool, out: &mut String) {
    let head = &site.notes[id].head;
    if full {
        let _ = write!(out, "### {}\n\n{}\n\n", head.title, markdown(site, id).trim());
        return;
    }
    let url = &site.graph.urls[id];
    let address = match absolute(site, url) {
        address if address.is_empty() => crate::path::encode_ascii(url),
        address => address,
    };
    let about = head.description.as_ref().unwrap_or(&head.summary);
    let title = head.title.replace(['[', ']'], "");
    let _ = writeln!(
        out,
        "- [{title}]({address}){}{about}",
        if about.is_empty() { "" } else { ": " }
    );
}

/// A note's Markdown as written, without its front matter.
pub(super) fn markdown(site: &Site, id: NoteId) -> String {
    let note = &site.notes[id];
    let body = crate::note::front_matter::body_start(&note.source);
    note.source[body..].trim_start_matches(['\n', '\r']).to_owned()
}
