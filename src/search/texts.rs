//! What the result list shows: titles, headings and the text that excerpts are cut from.
//!
//! Pages come in, files of about one size go out, cut between sections so that a long page
//! costs no more than a short one. A file holds
//! `[url, title, breadcrumb, topics, other names, number of the first section,
//! [[id, heading, text], …]]` for each page it has sections of.

use rayon::prelude::*;

use super::Document;
use super::scribe::MOST_SECTIONS;

/// Text of a file in bytes, at least, before a host packs it.
const FILE: usize = 6_000;

/// A file of texts.
pub(super) struct Text {
    /// The first page that it holds a part of.
    pub(super) page: usize,
    /// The first section of that page that it holds.
    pub(super) section: usize,
    /// Its pages, as JSON.
    pub(super) json: Vec<u8>,
}

/// Cuts and writes all texts.
pub(super) fn texts(pages: &[&Document<'_>]) -> Vec<Text> {
    let starts = starts(pages);
    (0..starts.len())
        .into_par_iter()
        .map(|n| {
            let end = starts.get(n + 1).copied().unwrap_or((pages.len(), 0));
            text(pages, starts[n], end)
        })
        .collect()
}

/// The first page and section of each file.
fn starts(pages: &[&Document<'_>]) -> Vec<(usize, usize)> {
    let mut starts = Vec::new();
    let mut size = FILE;
    for (p, page) in pages.iter().enumerate() {
        for s in 0..page.sections.len().clamp(1, MOST_SECTIONS) {
            if size >= FILE {
                starts.push((p, s));
                size = 0;
            }
            size += 60 + page.sections.get(s).map_or(0, |section| section.text.len());
        }
    }
    starts
}

fn text(pages: &[&Document<'_>], start: (usize, usize), end: (usize, usize)) -> Text {
    let mut json = vec![b'['];
    for (p, document) in pages.iter().enumerate().take(end.0 + 1).skip(start.0) {
        let first = if p == start.0 { start.1 } else { 0 };
        let last = if p == end.0 { end.1 } else { document.sections.len() };
        if p == end.0 && last == 0 {
            break;
        }
        if json.len() > 1 {
            json.push(b',');
        }
        page(&mut json, document, first, last);
    }
    json.push(b']');
    Text { page: start.0, section: start.1, json }
}

fn page(json: &mut Vec<u8>, page: &Document<'_>, first: usize, last: usize) {
    let names = (page.url, page.title, page.breadcrumb, &page.tags, &page.aliases, first);
    serde_json::to_writer(&mut *json, &names).expect("strings and numbers are JSON");
    json.pop();
    json.extend_from_slice(b",[");
    for (n, section) in page.sections.get(first..last).unwrap_or_default().iter().enumerate() {
        json.extend_from_slice(if n == 0 { b"[" } else { b",[" });
        for text in [section.id, section.heading, &section.text] {
            line(json, text);
            json.push(b',');
        }
        json.pop();
        json.push(b']');
    }
    json.extend_from_slice(b"]]");
}

/// Writes a string of JSON in which each row of blanks and line ends is one blank. Text is
/// most of what an index writes, hence by hand.
fn line(json: &mut Vec<u8>, text: &str) {
    json.push(b'"');
    let mut blank = true;
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte > b' ' && byte != b'"' && byte != b'\\' {
            blank = false;
            continue;
        }
        json.extend_from_slice(&text.as_bytes()[from..at]);
        from = at + 1;
        match byte {
            b'"' | b'\\' => json.extend_from_slice(&[b'\\', byte]),
            _ if !blank => json.push(b' '),
            _ => {}
        }
        blank = byte <= b' ';
    }
    json.extend_from_slice(&text.as_bytes()[from..]);
    if blank && json.ends_with(b" ") {
        json.pop();
    }
    json.push(b'"');
}
