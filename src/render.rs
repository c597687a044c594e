//! Stage 5, render: one planned page becomes its bytes. Pure; touches no disk, no clock.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;

use tera::Value;

use crate::diagnostic::{Code, Diagnostic};
use crate::graph::NoteId;
use crate::search::Files;
use crate::site::{Page, Plan, Site};
use crate::theme;
use crate::view::page::site_view;

pub mod body;
pub mod context;
mod feed;
mod index;
mod subject;
mod text_files;

pub use index::{documents, search_files, search_records};

/// What all pages of a snapshot share.
pub struct Stage<'a> {
    site: &'a Site,
    plan: &'a Plan,
    /// The name of the search index's first file.
    search_entry: String,
    /// Whether pages are made only to see that their templates work.
    is_trial: bool,
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
        is_trial: false,
        site_value,
        words: OnceLock::new(),
        by_title: OnceLock::new(),
    }
}

/// Prepares to try templates: pages may hold less than they would, where all takes long.
pub fn trial<'a>(site: &'a Site, plan: &'a Plan) -> Stage<'a> {
    Stage { is_trial: true, ..stage(site, plan, None, "") }
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
        Page::Sitemap => Rendered::Bytes(markup(feed::sitemap(site, stage.plan).into_bytes())),
        Page::Feed(tag) => Rendered::Bytes(markup(feed::feed(site, url, *tag).into_bytes())),
        Page::Llms(full) => Rendered::Bytes(text_files::llms(site, *full).into_bytes()),
        Page::Markdown(id) => Rendered::Bytes(text_files::markdown(site, *id).into_bytes()),
        _ => return html(stage, url, page),
    };
    Outcome { rendered, diagnostics: Vec::new() }
}

fn html(stage: &Stage<'_>, url: &str, page: &Page) -> Outcome {
    let mut diagnostics = Vec::new();
    let (template, context) = context::context(stage, url, page, &mut diagnostics);
    let mut sheet = Sheet::default();
    let done = stage.site.theme.tera.render_to(&template, &context, &mut sheet);
    if let Err(error) = done {
        diagnostics.push(if sheet.is_full {
            let message = format!("the page grows beyond {} MiB", MAX_PAGE_BYTES >> 20);
            Diagnostic::new(Code::Template, &format!("templates/{template}"), 0..0, message)
        } else {
            theme::finding(&error)
        });
        sheet.bytes.clear();
    }
    Outcome { rendered: Rendered::Bytes(markup(sheet.bytes)), diagnostics }
}

/// No note becomes a longer page; a template that repeats itself does.
const MAX_PAGE_BYTES: usize = 128 << 20;

/// What a template has written so far.
#[derive(Default)]
struct Sheet {
    bytes: Vec<u8>,
    is_full: bool,
}

impl io::Write for Sheet {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.is_full |= self.bytes.len() + piece.len() > MAX_PAGE_BYTES;
        if self.is_full {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The bytes of a page. HTML and XML have no place for control characters, from wherever
/// in a note, a name or a template they came (WHATWG infra, “control”; XML 1.0, `Char`).
fn markup(bytes: Vec<u8>) -> Vec<u8> {
    if holds_control(&bytes) {
        let is_odd = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
        return String::from_utf8_lossy(&bytes).replace(is_odd, "\u{fffd}").into_bytes();
    }
    bytes
}

/// Whole pieces are looked at, without a branch for each byte, which is quick. U+0080 to
/// U+009F, the C1 controls, begin with C2 in UTF-8, as the middle dot does, so the byte
/// behind it tells.
fn holds_control(bytes: &[u8]) -> bool {
    let pairs = |piece: &[u8]| {
        piece.iter().zip(&piece[1..]).fold(0, |odd, (byte, next)| {
            odd | control(*byte) | u8::from(*byte == 0xc2) & u8::from(*next < 0xa0)
        })
    };
    let mut starts = (0..bytes.len().saturating_sub(1)).step_by(1024);
    bytes.last().is_some_and(|byte| control(*byte) == 1)
        || starts.any(|at| pairs(&bytes[at..bytes.len().min(at + 1025)]) == 1)
}

/// 1 for a control character of ASCII that is no white space.
fn control(byte: u8) -> u8 {
    let is_blank = u8::from(byte == b'\t') | u8::from(byte == b'\n') | u8::from(byte == b'\r');
    u8::from(byte < b' ') & !is_blank | u8::from(byte == 0x7f)
}

impl Stage<'_> {
    /// The interface words of a language, for templates.
    fn words_in(&self, lang: &str) -> Value {
        let words = &self.site.theme.words;
        let all = self.words.get_or_init(|| {
            let of_notes = self.site.notes.iter().filter_map(|note| note.head.lang.as_ref());
            let langs: BTreeSet<&String> = of_notes.chain([&self.site.config.lang]).collect();
            let value = |lang: &String| Value::from_serializable(&words.all(lang));
            langs.into_iter().map(|lang| (lang.clone(), value(lang))).collect()
        });
        all.get(lang).cloned().unwrap_or_else(|| Value::from_serializable(&words.all(lang)))
    }
}

#[cfg(test)]
mod tests {
    use super::markup;

    #[test]
    fn control_characters_are_shown_as_such_and_nothing_else_is_touched() {
        let cases = [
            ("", ""),
            ("a\tb\r\n", "a\tb\r\n"),
            ("a · b © c\u{a0}d", "a · b © c\u{a0}d"),
            ("\u{1}a", "\u{fffd}a"),
            ("a\u{7f}", "a\u{fffd}"),
            ("a\u{80}b\u{9f}·", "a\u{fffd}b\u{fffd}·"),
        ];
        for (written, shown) in cases {
            // Before the end of a piece, across it and behind it.
            for before in [0, 1020, 1021, 1022, 1023, 1024, 2047, 2048] {
                let filled = |text: &str| format!("{}{text}", "-".repeat(before));
                let odd = markup(filled(written).into_bytes());
                assert_eq!(String::from_utf8_lossy(&odd), filled(shown));
            }
        }
    }
}
