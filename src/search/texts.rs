//! What the result list shows: titles, headings and the text that excerpts are cut from.
//!
//! Pages come in, files of about one size go out, cut between sections so that a long page
//! costs no more than a short one. A file is packed (`pack.rs`) and holds
//! `[url, title, breadcrumb, topics, other names, number of the first section,
//! [[id, heading, text], …]]` for each page it has sections of. On a large site, where the
//! index is most of what lies on the disk, files are larger, and a line with a dictionary,
//! which the browser has from the entry, goes before them when they are unpacked.

use rayon::prelude::*;

use super::Document;
use super::dictionary::dictionary;
use super::pack::{opening, pack, packer};
use super::scribe::MOST_SECTIONS;

/// Text of a file in bytes, at least: readers of a small site load little, a large site has
/// some thousand files.
const FILE: std::ops::RangeInclusive<usize> = 6_000..=10_000;
/// The number of files that makes the text of a site large.
const FILES: usize = 2048;
/// The size of the dictionary in bytes: a smaller one is not worth its way, and deflate looks
/// no further back than a larger one reaches.
const DICTIONARY: std::ops::RangeInclusive<usize> = 4_000..=32_000;

/// All texts of a site.
pub(super) struct Texts {
    /// The files, in the order of the pages.
    pub(super) files: Vec<Text>,
    /// What each file begins with, packed; empty on a small site.
    pub(super) opening: String,
}

/// A file of texts.
pub(super) struct Text {
    /// The first page that it holds a part of, and the first section of it.
    pub(super) start: (usize, usize),
    /// Its pages, packed.
    pub(super) packed: String,
}

/// Cuts and writes all texts.
pub(super) fn texts(pages: &[&Document<'_>]) -> Texts {
    let sections =
        || pages.iter().flat_map(|page| &page.sections).map(|section| &*section.text);
    let size: usize = sections().map(str::len).sum();
    let mut shared = Vec::new();
    let worth = size / FILES * 2;
    if worth >= *DICTIONARY.start() {
        shared = dictionary(sections(), worth.min(*DICTIONARY.end()));
        shared.push(b'\n');
    }
    let starts = starts(pages, (size / FILES).clamp(*FILE.start(), *FILE.end()));
    let files = (0..starts.len())
        .into_par_iter()
        .map_init(packer, |packer, n| {
            let end = starts.get(n + 1).copied().unwrap_or((pages.len(), 0));
            Text {
                start: starts[n],
                packed: pack(packer, &shared, &[&json(pages, starts[n], end)]),
            }
        })
        .collect();
    Texts { files, opening: opening(&shared) }
}

/// The first page and section of each file. Rather between pages than within one, which
/// leaves the parts of a page together and the list short.
fn starts(pages: &[&Document<'_>], file: usize) -> Vec<(usize, usize)> {
    let mut starts = Vec::new();
    let mut size = file;
    for (p, page) in pages.iter().enumerate() {
        for s in 0..page.sections.len().clamp(1, MOST_SECTIONS) {
            if size >= if s == 0 { file * 3 / 4 } else { file * 3 / 2 } {
                starts.push((p, s));
                size = 0;
            }
            size += 60 + page.sections.get(s).map_or(0, |section| section.text.len());
        }
    }
    starts
}

fn json(pages: &[&Document<'_>], start: (usize, usize), end: (usize, usize)) -> Vec<u8> {
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
    json
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
