//! Terms with their postings, cut into files of about one size.
//!
//! Sorted terms come in, packed shards go out. The browser finds a term's shard by the first
//! term of each, so neighbours, which a prefix needs, share a file.
//!
//! A shard is packed (`pack.rs`). Unpacked, it is: the length of the dictionary in
//! bytes; the dictionary, where each term is one character whose code is the
//! number of UTF-16 units shared with the former term, then the rest; for each term twice
//! the number of sections it stands in, or, if that is not the number of its places, one more
//! and then the number of places; the upper parts of all places; their lower parts, one byte
//! each; all weights, one byte each. Numbers are LEB128. Only the [`LONGEST_LIST`] best places
//! of a term are kept, [`LONGEST_SPELLED`] of a spelling (`rongqi'容器`), but all of a topic
//! (`#…`). A place is `pages << 3 | n`: how many pages further than the last place (the
//! first counts from -1), and in a new page the section, in the same page the sections skipped
//! since the last one; an `n` of 7 means that a number, beside the upper part, is to be added
//! to it. The lower part is the lowest seven bits. A weight is
//! `weight << 4 | in heading << 3 | title`.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "every cast is of a number that was clamped or masked to its new width"
)]

use flate2::Compress;
use rayon::prelude::*;

use super::index::{Posting, Postings, TermPlaces};
use super::pack::{pack, packer};

/// The most places of one term that are kept; beyond it a term says too little to matter.
pub(super) const LONGEST_LIST: usize = 3000;
/// The most places of what is spelled in pinyin: it finds titles and headings, not texts.
const LONGEST_SPELLED: usize = 64;
/// Estimated size of a shard in bytes before it is packed.
const SHARD: usize = 12_000;
/// The greatest number that a term shares with the former one: below the blank.
const MOST_SHARED: usize = 31;

/// A packed shard.
pub(super) struct Shard {
    /// Its first term.
    pub(super) first: String,
    /// Its last term.
    pub(super) last: String,
    /// The packed terms and postings, in base64.
    pub(super) packed: String,
}

/// Cuts and packs all terms.
pub(super) fn shards(postings: &Postings) -> Vec<Shard> {
    let cuts = cuts(postings);
    cuts.par_iter()
        .map_init(packer, |packer, cut| shard(packer, postings, &postings.terms[cut.clone()]))
        .collect()
}

/// Where to cut, by an estimate of what each term takes.
fn cuts(postings: &Postings) -> Vec<std::ops::Range<usize>> {
    let mut cuts = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (n, term) in postings.terms.iter().enumerate() {
        size += estimate(postings, term);
        // A spelling stays beside the word that it would be.
        let next = postings.terms.get(n + 1);
        let cuttable = next.is_none_or(|next| postings.spelling(next).is_none());
        if size >= SHARD && cuttable {
            cuts.push(start..n + 1);
            (start, size) = (n + 1, 0);
        }
    }
    if start < postings.terms.len() {
        cuts.push(start..postings.terms.len());
    }
    cuts
}

fn estimate(postings: &Postings, term: &TermPlaces) -> usize {
    let sections = match postings.spelling(term) {
        Some(frequency) => (frequency as usize).min(LONGEST_SPELLED),
        None => postings.count(term).clamp(1, LONGEST_LIST),
    };
    let stride = postings.sections / sections;
    let place = if stride < 128 { 1 } else { 2 + usize::from(stride >= 16_384) };
    5 + sections * (1 + place)
}

fn shard(packer: &mut Compress, postings: &Postings, terms: &[TermPlaces]) -> Shard {
    let mut streams = Streams::default();
    let mut list = Vec::new();
    for term in terms {
        streams.term(postings.text(term));
        postings.read(term, &mut list);
        let (sections, most) = match postings.spelling(term) {
            Some(frequency) => (frequency as usize, LONGEST_SPELLED),
            None if postings.text(term).starts_with('#') => (list.len(), usize::MAX),
            None => (list.len(), LONGEST_LIST),
        };
        streams.postings(&mut list, sections, most);
    }
    let text =
        |term: Option<&TermPlaces>| term.map_or("", |term| postings.text(term)).to_owned();
    let (first, last) = (text(terms.first()), text(terms.last()));
    Shard { first, last, packed: streams.pack(packer) }
}

/// The parts of a shard, which pack better one after the other than interleaved.
#[derive(Default)]
struct Streams {
    dictionary: String,
    last: String,
    counts: Vec<u8>,
    upper: Vec<u8>,
    lower: Vec<u8>,
    weights: Vec<u8>,
}

impl Streams {
    fn term(&mut self, term: &str) {
        let (shared, rest) = shared(&self.last, term);
        self.dictionary.push(char::from(shared));
        self.dictionary.push_str(rest);
        term.clone_into(&mut self.last);
    }

    /// Writes at most `most` places of a term that stands in so many sections.
    fn postings(&mut self, list: &mut Vec<Posting>, sections: usize, most: usize) {
        keep_best(list, most);
        self.count(sections, list.len());
        let mut last: Option<Posting> = None;
        for &posting in list.iter() {
            self.place(last.as_ref(), &posting);
            self.weights.push(weight(&posting));
            last = Some(posting);
        }
    }

    fn count(&mut self, sections: usize, places: usize) {
        number(&mut self.counts, sections << 1 | usize::from(sections != places));
        if sections != places {
            number(&mut self.counts, places);
        }
    }

    fn place(&mut self, last: Option<&Posting>, posting: &Posting) {
        let (pages, n) = match last {
            Some(last) if last.page == posting.page => {
                (0, usize::from(posting.section).saturating_sub(usize::from(last.section) + 1))
            }
            Some(last) => (posting.page - last.page, usize::from(posting.section)),
            None => (posting.page + 1, usize::from(posting.section)),
        };
        let place = (pages as usize) << 3 | n.min(7);
        self.lower.push(place as u8 & 0x7f);
        number(&mut self.upper, place >> 7);
        if n >= 7 {
            number(&mut self.upper, n - 7);
        }
    }

    fn pack(self, packer: &mut Compress) -> String {
        let mut start = Vec::with_capacity(self.dictionary.len() + 8);
        number(&mut start, self.dictionary.len());
        start.extend_from_slice(self.dictionary.as_bytes());
        pack(packer, &[], &[&start, &self.counts, &self.upper, &self.lower, &self.weights])
    }
}

/// How many UTF-16 units two terms share at their start, and what is left of the second.
pub(super) fn shared<'a>(last: &str, term: &'a str) -> (u8, &'a str) {
    let (mut units, mut bytes) = (0, 0);
    for (a, b) in last.chars().zip(term.chars()) {
        if a != b || units + a.len_utf16() > MOST_SHARED {
            break;
        }
        units += a.len_utf16();
        bytes += a.len_utf8();
    }
    (units as u8, &term[bytes..])
}

/// The weights that are told apart; finer ones take a sixth more space and rank no better.
const WEIGHTS: [u8; 16] = [0, 3, 3, 3, 5, 5, 7, 7, 9, 9, 9, 12, 12, 12, 12, 12];

fn weight(posting: &Posting) -> u8 {
    let weight = WEIGHTS[(posting.weight * 15.0).round().clamp(0.0, 15.0) as usize];
    weight << 4 | u8::from(posting.heading) << 3 | posting.title & 7
}

/// A number that is the greater the more a place is worth: first by the title, then the
/// heading, then the weight.
fn worth(posting: &Posting) -> u8 {
    let weight = weight(posting);
    weight << 5 | weight << 1 & 16 | weight >> 4
}

/// Keeps the places that are worth most, in their order; of equal ones the first.
fn keep_best(list: &mut Vec<Posting>, most: usize) {
    if list.len() <= most {
        return;
    }
    let mut order: Vec<(u8, u32)> =
        list.iter().zip(0..).map(|(posting, n)| (u8::MAX - worth(posting), n)).collect();
    order.sort_unstable();
    let mut kept: Vec<u32> = order[..most].iter().map(|&(_, n)| n).collect();
    kept.sort_unstable();
    *list = kept.into_iter().map(|n| list[n as usize]).collect();
}

fn number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
