//! Reads pages and writes down which term stands where.
//!
//! Some pages come in, their terms with raw counts go out. Terms are numbered in the order
//! they are met, so that chunks of pages can be read in parallel and know nothing of each
//! other; `index.rs` joins them.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a site that a browser can search has far fewer than 2^32 terms and sections, \
              and strengths are small"
)]

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::Document;
use super::glossary::Synonyms;
use super::tokenise::{Singles, Term, fold, is_han, tokenise};

/// The most sections of one page that have a number; all further text counts as the last's.
pub(super) const MOST_SECTIONS: usize = 4096;

/// What some pages hold, with terms numbered in the order they were met.
pub(super) struct Chunk {
    /// All terms, one behind the other, and where each ends.
    arena: String,
    ends: Vec<u32>,
    pub(super) sections: Vec<SectionSize>,
    /// Postings sorted by term, and where those of each term end.
    postings: Vec<Raw>,
    posting_ends: Vec<u32>,
}

/// Where a section is and how long its fields are, in terms.
pub(super) struct SectionSize {
    pub(super) page: u32,
    pub(super) section: u16,
    pub(super) heading: u16,
    pub(super) text: u32,
    /// The page is there to be looked up and weighs less.
    pub(super) quiet: bool,
}

/// How often a term stands in a section (its number within the chunk).
#[derive(Clone, Copy, Default)]
pub(super) struct Raw {
    pub(super) section: u32,
    pub(super) counts: Counts,
}

/// Occurrences by field, in halves: a piece of a name or another name is half a word.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) struct Counts {
    pub(super) text: u16,
    pub(super) heading: u8,
    /// How much of a name of the page it is, 0 to [`WHOLE`]; only at the first section.
    pub(super) title: u8,
}

impl Chunk {
    /// A chunk of entries that stand nowhere.
    pub(super) fn without_places(terms: &[String]) -> Self {
        let mut ends: Vec<u32> = terms.iter().map(|term| term.len() as u32).collect();
        for n in 1..ends.len() {
            ends[n] += ends[n - 1];
        }
        let posting_ends = vec![0; ends.len()];
        Self {
            arena: terms.concat(),
            ends,
            sections: Vec::new(),
            postings: Vec::new(),
            posting_ends,
        }
    }

    /// How many terms there are.
    pub(super) fn len(&self) -> u32 {
        self.ends.len() as u32
    }

    /// Whether code points and UTF-16 units sort the terms alike: nothing beyond the
    /// surrogates is in them.
    pub(super) fn is_plain(&self) -> bool {
        self.arena.bytes().all(|byte| byte < 0xee)
    }

    /// The text of a term.
    pub(super) fn term(&self, local: u32) -> &str {
        let local = local as usize;
        let start = if local == 0 { 0 } else { self.ends[local - 1] as usize };
        &self.arena[start..self.ends[local] as usize]
    }

    /// Where a term stands, by section.
    pub(super) fn of(&self, local: u32) -> &[Raw] {
        let local = local as usize;
        let start = if local == 0 { 0 } else { self.posting_ends[local - 1] as usize };
        &self.postings[start..self.posting_ends[local] as usize]
    }
}

/// The strength of a term that is the page's whole name.
pub(super) const WHOLE: u8 = 7;
/// The strength of a topic's terms.
const TOPIC: u8 = 2;

/// A field of a page.
#[derive(Clone, Copy)]
enum Field {
    Text,
    Heading,
    Title,
}

/// The state of reading one chunk.
#[derive(Default)]
struct Scribe<'a> {
    synonyms: Option<&'a Synonyms>,
    pairs: FxHashMap<u64, u32>,
    words: FxHashMap<Box<str>, u32>,
    arena: String,
    ends: Vec<u32>,
    /// By term: its counts in the section being read.
    counts: Vec<Counts>,
    /// The terms of the section being read.
    touched: Vec<u32>,
    flat: Vec<(u32, Raw)>,
    sections: Vec<SectionSize>,
    /// Whether the page being read is quiet.
    quiet: bool,
}

/// Reads some pages, the first of which has the given number.
pub(super) fn read(first_page: u32, pages: &[&Document<'_>], synonyms: &Synonyms) -> Chunk {
    let mut scribe = Scribe { synonyms: Some(synonyms), ..Scribe::default() };
    for (n, page) in pages.iter().enumerate() {
        scribe.page(first_page + n as u32, page);
    }
    let (postings, posting_ends) = by_term(&scribe.flat, scribe.ends.len());
    let Scribe { arena, ends, sections, .. } = scribe;
    Chunk { arena, ends, sections, postings, posting_ends }
}

/// Sorts postings by term, keeping the order of the sections (a counting sort).
fn by_term(flat: &[(u32, Raw)], terms: usize) -> (Vec<Raw>, Vec<u32>) {
    let mut next = vec![0_u32; terms + 1];
    for (term, _) in flat {
        next[*term as usize + 1] += 1;
    }
    for term in 0..terms {
        next[term + 1] += next[term];
    }
    let mut postings = vec![Raw::default(); flat.len()];
    for (term, raw) in flat {
        let place = &mut next[*term as usize];
        postings[*place as usize] = *raw;
        *place += 1;
    }
    next.truncate(terms);
    (postings, next)
}

impl Scribe<'_> {
    fn page(&mut self, page: u32, document: &Document<'_>) {
        self.quiet = document.quiet;
        for name in [document.title].iter().chain(&document.aliases) {
            self.name(name);
        }
        for tag in &document.tags {
            self.terms(tag, TOPIC);
        }
        // What the title is called elsewhere counts half.
        let half = strength(document.title).div_ceil(2);
        for name in self.synonyms.into_iter().flat_map(|synonyms| synonyms.of(document.title)) {
            self.terms(name, half);
        }
        for topic in topics(&document.tags) {
            self.count(Term::Word(&topic), Field::Title, TOPIC);
        }
        let last = document.sections.len().saturating_sub(1);
        if document.sections.is_empty() {
            self.end_section(page, 0, 0, 0);
        }
        for (n, section) in document.sections.iter().enumerate() {
            let heading = self.field(section.heading, Field::Heading);
            for name in self.synonyms.into_iter().flat_map(|all| all.of(section.heading)) {
                tokenise(name, Singles::Lone, &mut |term| self.count(term, Field::Heading, 1));
            }
            let text = self.field(&section.text, Field::Text);
            if n + 1 < MOST_SECTIONS || n == last {
                let number = n.min(MOST_SECTIONS - 1) as u16;
                self.end_section(page, number, heading, text);
            }
        }
    }

    /// A name of the page, and each part of it by itself: `HPA：怎样算出副本数` is about `HPA`.
    fn name(&mut self, name: &str) {
        self.terms(name, strength(name));
        for part in name.split(['：', ':', '（', '(', '）', ')', '—', '|', '，', '、']) {
            if part.len() < name.len() {
                self.terms(part, strength(part));
            }
        }
    }

    fn terms(&mut self, name: &str, strength: u8) {
        tokenise(name, Singles::All, &mut |term| self.count(term, Field::Title, strength));
    }

    /// Counts the terms of a text; returns how many there are.
    fn field(&mut self, text: &str, field: Field) -> u32 {
        let singles = if matches!(field, Field::Text) { Singles::Lone } else { Singles::All };
        let mut length = 0;
        tokenise(text, singles, &mut |term| {
            length += u32::from(matches!(term, Term::Han(_) | Term::Pair(..) | Term::Word(_)));
            self.count(term, field, if matches!(term, Term::Piece(_)) { 1 } else { 2 });
        });
        length
    }

    fn count(&mut self, term: Term<'_>, field: Field, amount: u8) {
        let term = self.number(term);
        let counts = &mut self.counts[term as usize];
        if *counts == Counts::default() {
            self.touched.push(term);
        }
        match field {
            Field::Text => counts.text = counts.text.saturating_add(u16::from(amount)),
            Field::Heading => counts.heading = counts.heading.saturating_add(amount),
            Field::Title => counts.title = counts.title.max(amount),
        }
    }

    fn number(&mut self, term: Term<'_>) -> u32 {
        let next = self.ends.len() as u32;
        let number = match term {
            Term::Han(c) => *self.pairs.entry(u64::from(u32::from(c))).or_insert(next),
            Term::Pair(a, b) => {
                let key = u64::from(u32::from(a)) << 32 | u64::from(u32::from(b));
                *self.pairs.entry(key).or_insert(next)
            }
            Term::Word(word) | Term::Piece(word) | Term::Joined(word) | Term::Name(word) => {
                match self.words.get(word) {
                    Some(&number) => number,
                    None => *self.words.entry(word.into()).or_insert(next),
                }
            }
        };
        if number == next {
            self.write_down(term);
        }
        number
    }

    fn write_down(&mut self, term: Term<'_>) {
        match term {
            Term::Han(c) => self.arena.push(c),
            Term::Pair(a, b) => self.arena.extend([a, b]),
            Term::Word(word) | Term::Piece(word) | Term::Joined(word) | Term::Name(word) => {
                self.arena.push_str(word);
            }
        }
        self.ends.push(self.arena.len() as u32);
        self.counts.push(Counts::default());
    }

    fn end_section(&mut self, page: u32, section: u16, heading: u32, text: u32) {
        let number = self.sections.len() as u32;
        self.sections.push(SectionSize {
            page,
            section,
            heading: heading.min(u32::from(u16::MAX)) as u16,
            text,
            quiet: self.quiet,
        });
        for term in self.touched.drain(..) {
            let counts = std::mem::take(&mut self.counts[term as usize]);
            self.flat.push((term, Raw { section: number, counts }));
        }
    }
}

/// How much of a name each of its terms is: a short name is nearly that term, a long one
/// mentions it.
fn strength(name: &str) -> u8 {
    let han = name.chars().filter(|&c| is_han(c)).count();
    let words = name.split(|c: char| !c.is_alphanumeric() || is_han(c));
    let length = words.filter(|word| !word.is_empty()).count() + han.div_ceil(2);
    let strength = f32::from(WHOLE) / (1.0 + length.saturating_sub(1) as f32 / 6.0);
    strength.round().max(1.0) as u8
}

/// The terms by which pages are filtered: `#` and the topic, folded, with `-` for blanks; a
/// topic `a/b` is in `a`, too.
fn topics(tags: &[&str]) -> BTreeSet<String> {
    let mut topics = BTreeSet::new();
    for tag in tags {
        let words: Vec<String> = tag.split_whitespace().map(fold).collect();
        let topic = format!("#{}", words.join("-"));
        topics.extend(topic.match_indices('/').map(|(at, _)| topic[..at].to_owned()));
        topics.insert(topic);
    }
    topics
}
