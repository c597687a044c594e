//! Which term stands in which section, and how much it weighs there.
//!
//! Pages in the order of their addresses come in, sorted terms with their postings go out.
//! Chunks of pages are read in parallel; the result does not depend on their size. It must
//! not know how postings are written down.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a site that a browser can search has far fewer than 2^32 terms and sections, \
              and weights are estimates"
)]

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Document;
use super::glossary::Synonyms;
use super::tokenise::{Singles, Term, fold, tokenise};

/// Sections of one page beyond this count with the last one that has a number.
pub(super) const MOST_SECTIONS: usize = 4095;
/// Pages that one task reads; large enough that common terms are shared.
const CHUNK: usize = 384;

/// The terms of a site with their postings, chunk by chunk.
pub(super) struct Postings {
    /// Number of sections.
    pub(super) sections: usize,
    /// All terms, sorted by their UTF-16 units as the browser compares strings.
    pub(super) terms: Vec<TermPlaces>,
    chunks: Vec<Chunk>,
    places: Vec<Place>,
    lengths: Lengths,
    /// How frequent each entry of the last chunk is, which holds no places.
    spellings: Vec<u32>,
}

/// A term and where its postings stand.
pub(super) struct TermPlaces {
    first: Place,
    places: std::ops::Range<u32>,
}

/// A term of one chunk.
#[derive(Clone, Copy)]
struct Place {
    chunk: u32,
    local: u32,
}

/// That a term stands in a section.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Posting {
    /// The page's number.
    pub(super) page: u32,
    /// The section's number within the page.
    pub(super) section: u16,
    /// Saturated BM25F weight of heading and text, 0 to 1.
    pub(super) weight: f32,
    /// The same of title and other names, and of topics; only at a page's first section.
    pub(super) title: f32,
    /// The term stands in the section's heading.
    pub(super) heading: bool,
}

impl Postings {
    /// The term's text.
    pub(super) fn text(&self, term: &TermPlaces) -> &str {
        self.chunks[term.first.chunk as usize].term(term.first.local)
    }

    /// How frequent an entry is that only leads to another term.
    pub(super) fn spelling(&self, term: &TermPlaces) -> Option<u32> {
        let last = self.chunks.len() - 1;
        (term.first.chunk as usize == last).then(|| self.spellings[term.first.local as usize])
    }

    /// In how many sections the term stands.
    pub(super) fn count(&self, term: &TermPlaces) -> usize {
        self.places(term)
            .iter()
            .map(|place| self.chunks[place.chunk as usize].of(place.local).len())
            .sum()
    }

    /// In how many sections the term stands in the heading or the page's title.
    pub(super) fn named(&self, term: &TermPlaces) -> usize {
        let named = |place: &Place| {
            let postings = self.chunks[place.chunk as usize].of(place.local);
            postings.iter().filter(|raw| raw.counts.heading > 0 || raw.counts.title > 0).count()
        };
        self.places(term).iter().map(named).sum()
    }

    /// The postings of a term, by page and section.
    pub(super) fn of(&self, term: &TermPlaces) -> impl Iterator<Item = Posting> {
        self.places(term).iter().flat_map(|place| {
            let chunk = &self.chunks[place.chunk as usize];
            chunk.of(place.local).iter().map(|raw| self.lengths.posting(chunk, *raw))
        })
    }

    fn places(&self, term: &TermPlaces) -> &[Place] {
        &self.places[term.places.start as usize..term.places.end as usize]
    }
}

/// Reads all pages; `spellings` become entries of the dictionary as they are.
pub(super) fn index(
    pages: &[&Document<'_>],
    synonyms: &Synonyms,
    spellings: Vec<(String, u32)>,
) -> Postings {
    let mut chunks: Vec<Chunk> = pages
        .par_chunks(CHUNK)
        .enumerate()
        .map(|(n, pages)| read_chunk((n * CHUNK) as u32, pages, synonyms))
        .collect();
    let lengths = Lengths::of(&chunks);
    let (entries, spellings): (Vec<String>, Vec<u32>) = spellings.into_iter().unzip();
    chunks.push(Chunk::without_places(&entries));
    let (terms, places) = merge(&chunks);
    let sections = chunks.iter().map(|chunk| chunk.sections.len()).sum();
    Postings { sections, terms, chunks, places, lengths, spellings }
}

/// What some pages hold, with terms numbered in the order they were met.
struct Chunk {
    /// All terms, one behind the other, and where each ends.
    arena: String,
    ends: Vec<u32>,
    sections: Vec<SectionSize>,
    /// Postings sorted by term, and where those of each term end.
    postings: Vec<Raw>,
    posting_ends: Vec<u32>,
}

/// Where a section is and how long its fields are, in terms.
struct SectionSize {
    page: u32,
    section: u16,
    heading: u16,
    title: u16,
    text: u32,
}

/// How often a term stands in a section (its number within the chunk).
#[derive(Clone, Copy, Default)]
struct Raw {
    section: u32,
    counts: Counts,
}

/// Occurrences by field, in halves: a piece of a name or another name is half a word.
#[derive(Clone, Copy, Default, PartialEq)]
struct Counts {
    text: u16,
    heading: u8,
    title: u8,
}

impl Chunk {
    fn without_places(terms: &[String]) -> Self {
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

    fn term(&self, local: u32) -> &str {
        let local = local as usize;
        let start = if local == 0 { 0 } else { self.ends[local - 1] as usize };
        &self.arena[start..self.ends[local] as usize]
    }

    fn of(&self, local: u32) -> &[Raw] {
        let local = local as usize;
        let start = if local == 0 { 0 } else { self.posting_ends[local - 1] as usize };
        &self.postings[start..self.posting_ends[local] as usize]
    }
}

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
}

fn read_chunk(first_page: u32, pages: &[&Document<'_>], synonyms: &Synonyms) -> Chunk {
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
        let mut title = 0;
        for name in [document.title].iter().chain(&document.aliases).chain(&document.tags) {
            title += self.field(name, Field::Title);
        }
        self.other_names(document.title, Field::Title);
        for tag in &document.tags {
            self.count(Term::Word(&topic(tag)), Field::Title, 2);
        }
        if document.sections.is_empty() {
            self.end_section(page, 0, title, 0, 0);
        }
        for (n, section) in document.sections.iter().enumerate() {
            let heading = self.field(section.heading, Field::Heading);
            self.other_names(section.heading, Field::Heading);
            let text = self.field(&section.text, Field::Text);
            self.end_section(page, n.min(MOST_SECTIONS) as u16, title, heading, text);
        }
    }

    fn other_names(&mut self, text: &str, field: Field) {
        for name in self.synonyms.into_iter().flat_map(|synonyms| synonyms.of(text)) {
            tokenise(name, Singles::Lone, &mut |term| self.count(term, field, 1));
        }
    }

    /// Counts the terms of a text; returns how many there are.
    fn field(&mut self, text: &str, field: Field) -> u32 {
        let singles = if matches!(field, Field::Text) { Singles::Lone } else { Singles::All };
        let mut length = 0;
        tokenise(text, singles, &mut |term| {
            length += u32::from(!matches!(term, Term::Piece(_) | Term::Joined(_)));
            self.count(term, field, if matches!(term, Term::Piece(_)) { 1 } else { 2 });
        });
        length
    }

    fn count(&mut self, term: Term<'_>, field: Field, halves: u8) {
        let term = self.number(term);
        let counts = &mut self.counts[term as usize];
        if *counts == Counts::default() {
            self.touched.push(term);
        }
        match field {
            Field::Text => counts.text = counts.text.saturating_add(u16::from(halves)),
            Field::Heading => counts.heading = counts.heading.saturating_add(halves),
            Field::Title => counts.title = counts.title.saturating_add(halves),
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
            Term::Word(word) | Term::Piece(word) | Term::Joined(word) => {
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
            Term::Word(word) | Term::Piece(word) | Term::Joined(word) => {
                self.arena.push_str(word);
            }
        }
        self.ends.push(self.arena.len() as u32);
        self.counts.push(Counts::default());
    }

    fn end_section(&mut self, page: u32, section: u16, title: u32, heading: u32, text: u32) {
        let number = self.sections.len() as u32;
        self.sections.push(SectionSize {
            page,
            section,
            heading: heading.min(u32::from(u16::MAX)) as u16,
            title: title.min(u32::from(u16::MAX)) as u16,
            text,
        });
        for term in self.touched.drain(..) {
            let counts = std::mem::take(&mut self.counts[term as usize]);
            self.flat.push((term, Raw { section: number, counts }));
        }
    }
}

/// The term by which pages are filtered: `#` and the topic, folded, with `-` for blanks.
fn topic(tag: &str) -> String {
    let words: Vec<String> = tag.split_whitespace().map(fold).collect();
    format!("#{}", words.join("-"))
}

/// Sorts the terms of all chunks and gathers where each one stands.
fn merge(chunks: &[Chunk]) -> (Vec<TermPlaces>, Vec<Place>) {
    let mut all: Vec<(&str, Place)> = Vec::new();
    for (chunk, terms) in chunks.iter().enumerate() {
        let chunk = chunk as u32;
        all.extend(
            (0..terms.ends.len() as u32)
                .map(|local| (terms.term(local), Place { chunk, local })),
        );
    }
    all.par_sort_unstable_by(|a, b| in_utf16(a.0, b.0).then_with(|| a.1.chunk.cmp(&b.1.chunk)));
    let mut terms: Vec<TermPlaces> = Vec::new();
    let mut last = "";
    for (n, &(text, place)) in all.iter().enumerate() {
        let end = n as u32 + 1;
        match terms.last_mut() {
            Some(term) if text == last => term.places.end = end,
            _ => terms.push(TermPlaces { first: place, places: end - 1..end }),
        }
        last = text;
    }
    (terms, all.into_iter().map(|(_, place)| place).collect())
}

/// Compares as JavaScript does. UTF-8 sorts by code point, which is the same unless
/// something stands beyond the surrogates.
pub(super) fn in_utf16(a: &str, b: &str) -> std::cmp::Ordering {
    if a.bytes().chain(b.bytes()).all(|byte| byte < 0xee) {
        a.cmp(b)
    } else {
        a.encode_utf16().cmp(b.encode_utf16())
    }
}

/// Mean lengths of the fields, which the weights are relative to.
struct Lengths {
    text: f32,
    heading: f32,
    title: f32,
}

/// How strong a field is, and how much its length dampens it (BM25F).
const HEADING: (f32, f32) = (6.0, 0.4);
const TITLE: (f32, f32) = (3.5, 0.5);
const TEXT: (f32, f32) = (1.0, 0.6);
/// Where further occurrences stop counting (BM25).
const SATURATION: f32 = 1.4;

impl Lengths {
    fn of(chunks: &[Chunk]) -> Self {
        let all = || chunks.iter().flat_map(|chunk| &chunk.sections);
        let mean = |field: fn(&SectionSize) -> u32| {
            let filled = all().filter(|&section| field(section) > 0).count().max(1);
            all().map(|section| f64::from(field(section))).sum::<f64>() as f32 / filled as f32
        };
        Self {
            text: mean(|section| section.text).max(1.0),
            heading: mean(|section| u32::from(section.heading)).max(1.0),
            title: mean(|section| u32::from(section.title)).max(1.0),
        }
    }

    fn posting(&self, chunk: &Chunk, raw: Raw) -> Posting {
        let size = &chunk.sections[raw.section as usize];
        let Counts { text, heading, title } = raw.counts;
        let of_text = f32::from(text) / 2.0 * field(TEXT, size.text as f32 / self.text);
        let of_heading =
            f32::from(heading) / 2.0 * field(HEADING, f32::from(size.heading) / self.heading);
        let of_title =
            f32::from(title) / 2.0 * field(TITLE, f32::from(size.title) / self.title);
        Posting {
            page: size.page,
            section: size.section,
            weight: saturated(of_text + of_heading),
            title: saturated(of_title),
            heading: heading > 0,
        }
    }
}

fn field((boost, dampening): (f32, f32), relative_length: f32) -> f32 {
    boost / (1.0 - dampening + dampening * relative_length)
}

fn saturated(count: f32) -> f32 {
    count / (SATURATION + count)
}
