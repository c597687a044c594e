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

use std::cmp::Ordering;

use rayon::prelude::*;

use super::Document;
use super::glossary::Synonyms;
use super::pinyin::SPELLS;
use super::scribe::{self, Chunk, Counts, Raw, SectionSize};
use super::tokenise::AS_WRITTEN;

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
    worths: Vec<Vec<Worth>>,
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
    /// How much of a name of the page the term is, 0 to 7; only at a page's first section.
    pub(super) title: u8,
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

    /// Puts the postings of a term into `list`, by page and section; of a spelling those of
    /// its word in titles and headings.
    pub(super) fn read(&self, term: &TermPlaces, list: &mut Vec<Posting>) {
        list.clear();
        if self.spelling(term).is_some() {
            self.read_spelled(self.text(term), list);
        }
        for place in self.places(term) {
            let chunk = &self.chunks[place.chunk as usize];
            let Some(worths) = self.worths.get(place.chunk as usize) else { continue };
            list.extend(chunk.of(place.local).iter().map(|raw| posting(chunk, worths, *raw)));
        }
    }

    fn read_spelled(&self, spelling: &str, list: &mut Vec<Posting>) {
        let Some((_, word)) = spelling.split_once(SPELLS) else { return };
        if let Ok(at) = self.terms.binary_search_by(|term| in_utf16(self.text(term), word)) {
            self.read(&self.terms[at], list);
            list.retain(|posting| posting.heading || posting.title > 0);
        }
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
        .map(|(n, pages)| scribe::read((n * CHUNK) as u32, pages, synonyms))
        .collect();
    let worths = worths(&chunks);
    let (entries, spellings): (Vec<String>, Vec<u32>) = spellings.into_iter().unzip();
    chunks.push(Chunk::without_places(&entries));
    let (terms, places) = merge(&chunks);
    let sections = chunks.iter().map(|chunk| chunk.sections.len()).sum();
    let mut postings = Postings { sections, terms, chunks, places, worths, spellings };
    let mut usual = usual_names(&postings).into_iter();
    postings.terms.retain(|_| usual.next() == Some(false));
    postings
}

/// Which terms are names that are written in no other way, or mostly so: such a term tells no
/// more than the words in it.
fn usual_names(postings: &Postings) -> Vec<bool> {
    let plain = |term: &TermPlaces| plain(postings.text(term));
    let alike =
        |a: &TermPlaces, b: &TermPlaces| plain(a).is_some_and(|word| plain(b) == Some(word));
    let mut usual = Vec::with_capacity(postings.terms.len());
    let mut before: Option<&TermPlaces> = None;
    for ways in postings.terms.chunk_by(alike) {
        let counts = ways.iter().map(|way| postings.count(way));
        if let Some(word) = plain(&ways[0]) {
            let of_word = before.filter(|term| postings.text(term) == word);
            let all = of_word.map_or(0, |term| postings.count(term)).max(counts.clone().sum());
            usual.extend(counts.map(|count| count * 4 >= all * 3));
        } else {
            usual.push(false);
        }
        before = ways.last();
    }
    usual
}

/// What a name has in common with its like; nothing if the term is no name.
fn plain(term: &str) -> Option<&str> {
    let (plain, _) = term.split_once(AS_WRITTEN)?;
    (!plain.starts_with('#')).then_some(plain)
}

/// A term of one chunk, with its first eight bytes, which mostly decide.
struct Entry {
    key: u64,
    place: Place,
}

/// Sorts the terms of all chunks and gathers where each one stands.
fn merge(chunks: &[Chunk]) -> (Vec<TermPlaces>, Vec<Place>) {
    let text = |place: Place| chunks[place.chunk as usize].term(place.local);
    let mut all: Vec<Entry> = (0_u32..)
        .zip(chunks)
        .flat_map(|(chunk, terms)| (0..terms.len()).map(move |local| Place { chunk, local }))
        .map(|place| Entry { key: key(text(place)), place })
        .collect();
    let plain = chunks.iter().all(Chunk::is_plain);
    let rest =
        |a: &Entry, b: &Entry| match (plain, a.key == b.key && a.key.trailing_zeros() >= 8) {
            (_, true) => Ordering::Equal,
            (true, false) => text(a.place).cmp(text(b.place)),
            (false, false) => in_utf16(text(a.place), text(b.place)),
        };
    all.par_sort_unstable_by(|a, b| {
        let first = if plain { a.key.cmp(&b.key) } else { Ordering::Equal };
        first.then_with(|| rest(a, b)).then(a.place.chunk.cmp(&b.place.chunk))
    });
    let mut terms: Vec<TermPlaces> = Vec::new();
    for (n, entry) in all.iter().enumerate() {
        let end = n as u32 + 1;
        match terms.last_mut() {
            Some(term) if rest(entry, &all[n - 1]).is_eq() => term.places.end = end,
            _ => terms.push(TermPlaces { first: entry.place, places: end - 1..end }),
        }
    }
    (terms, all.into_iter().map(|entry| entry.place).collect())
}

/// The first eight bytes as a number that sorts alike. A term has no zero bytes, so one that
/// is shorter is told by its last byte.
fn key(text: &str) -> u64 {
    let mut bytes = [0; 8];
    let length = text.len().min(8);
    bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
    u64::from_be_bytes(bytes)
}

/// Compares as JavaScript does. UTF-8 sorts by code point, which is the same unless
/// something stands beyond the surrogates.
fn in_utf16(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

/// How strong a field is, and how much its length dampens it (BM25F).
const HEADING: (f32, f32) = (6.0, 0.4);
const TEXT: (f32, f32) = (1.0, 0.6);
/// What a quiet page's text is worth beside another's; its title is worth the least there is.
const QUIET: f32 = 0.4;
/// Where further occurrences stop counting (BM25).
const SATURATION: f32 = 1.4;

/// What half an occurrence is worth in a section, by field.
struct Worth {
    text: f32,
    heading: f32,
}

/// The worth for each section of each chunk, relative to the mean lengths of the fields.
fn worths(chunks: &[Chunk]) -> Vec<Vec<Worth>> {
    let all = || chunks.iter().flat_map(|chunk| &chunk.sections);
    let mean = |field: fn(&SectionSize) -> u32| {
        let filled = all().filter(|&section| field(section) > 0).count().max(1);
        let sum: u64 = all().map(|section| u64::from(field(section))).sum();
        (sum as f32 / filled as f32).max(1.0)
    };
    let text = mean(|section| section.text);
    let heading = mean(|section| u32::from(section.heading));
    let of_section = |section: &SectionSize| Worth {
        text: worth(TEXT, section.text as f32 / text),
        heading: worth(HEADING, f32::from(section.heading) / heading),
    };
    chunks.iter().map(|chunk| chunk.sections.iter().map(of_section).collect()).collect()
}

fn worth((boost, dampening): (f32, f32), relative_length: f32) -> f32 {
    0.5 * boost / (1.0 - dampening + dampening * relative_length)
}

fn posting(chunk: &Chunk, worths: &[Worth], raw: Raw) -> Posting {
    let section = &chunk.sections[raw.section as usize];
    let worth = &worths[raw.section as usize];
    let Counts { text, heading, title } = raw.counts;
    let of_section = f32::from(text) * worth.text + f32::from(heading) * worth.heading;
    let weight = saturated(of_section);
    Posting {
        page: section.page,
        section: section.section,
        weight: if section.quiet { weight * QUIET } else { weight },
        title: if section.quiet { title.min(1) } else { title },
        heading: heading > 0,
    }
}

fn saturated(count: f32) -> f32 {
    count / (SATURATION + count)
}
