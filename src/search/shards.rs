//! Terms with their postings, cut into files of about one size.
//!
//! Sorted terms come in, packed shards go out. The browser finds a term's shard by the first
//! term of each, so neighbours, which a prefix needs, share a file.
//!
//! A shard is raw deflate in base64. Unpacked, it is: the number of terms; the length of
//! the dictionary in bytes; the dictionary, where each term is one character whose code is
//! the number of UTF-16 units shared with the former term, then the rest; for each term the
//! number of sections it stands in; all places; all weights, one byte each. Numbers are
//! LEB128. Only the [`LONGEST_LIST`] best places of a term are kept, but all of a topic (`#…`);
//! a spelling (`rongqi'容器`) has a frequency and no places. A place is
//! `pages << 3 | n`: how many pages further than the last place (the first counts from -1),
//! and in a new page the section, in the same page the sections skipped since the last one;
//! an `n` of 7 means that a number follows to be added to it. A weight is
//! `weight << 4 | in heading << 3 | title`.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "every cast is of a number that was clamped or masked to its new width"
)]

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rayon::prelude::*;

use super::index::{Posting, Postings, TermPlaces};

/// The most places of one term that are kept; beyond it a term says too little to matter.
pub(super) const LONGEST_LIST: usize = 3000;
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
    cuts.par_iter().map(|cut| shard(postings, &postings.terms[cut.clone()])).collect()
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
    let sections = postings.count(term).clamp(1, LONGEST_LIST);
    let stride = postings.sections / sections;
    let place = if stride < 128 { 1 } else { 2 + usize::from(stride >= 16_384) };
    5 + sections * (1 + place)
}

fn shard(postings: &Postings, terms: &[TermPlaces]) -> Shard {
    let mut streams = Streams::default();
    let mut list = Vec::new();
    for term in terms {
        streams.term(postings.text(term));
        if let Some(frequency) = postings.spelling(term) {
            number(&mut streams.counts, frequency as usize);
        } else {
            postings.read(term, &mut list);
            streams.postings(&mut list, postings.text(term));
        }
    }
    let text =
        |term: Option<&TermPlaces>| term.map_or("", |term| postings.text(term)).to_owned();
    let (first, last) = (text(terms.first()), text(terms.last()));
    Shard { first, last, packed: STANDARD.encode(deflate(&streams.join(terms.len()))) }
}

/// The parts of a shard, which pack better one after the other than interleaved.
#[derive(Default)]
struct Streams {
    dictionary: String,
    last: String,
    counts: Vec<u8>,
    places: Vec<u8>,
    weights: Vec<u8>,
}

impl Streams {
    fn term(&mut self, term: &str) {
        let (shared, rest) = shared(&self.last, term);
        self.dictionary.push(char::from(shared));
        self.dictionary.push_str(rest);
        term.clone_into(&mut self.last);
    }

    fn postings(&mut self, list: &mut Vec<Posting>, term: &str) {
        number(&mut self.counts, list.len());
        if !term.starts_with('#') {
            keep_best(list);
        }
        let mut last: Option<Posting> = None;
        for &posting in list.iter() {
            self.place(last.as_ref(), &posting);
            self.weights.push(weight(&posting));
            last = Some(posting);
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
        number(&mut self.places, (pages as usize) << 3 | n.min(7));
        if n >= 7 {
            number(&mut self.places, n - 7);
        }
    }

    fn join(self, terms: usize) -> Vec<u8> {
        let mut whole = Vec::with_capacity(2 * SHARD);
        number(&mut whole, terms);
        number(&mut whole, self.dictionary.len());
        whole.extend_from_slice(self.dictionary.as_bytes());
        whole.extend([self.counts, self.places, self.weights].concat());
        whole
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

fn weight(posting: &Posting) -> u8 {
    let weight = (posting.weight * 15.0).round().clamp(0.0, 15.0) as u8;
    weight << 4 | u8::from(posting.heading) << 3 | posting.title & 7
}

/// Keeps the heaviest places in their order; of equal ones the first.
fn keep_best(list: &mut Vec<Posting>) {
    if list.len() <= LONGEST_LIST {
        return;
    }
    let mut order: Vec<(u8, u32)> = list
        .iter()
        .zip(0..)
        .map(|(posting, n)| (u8::MAX - weight(posting).rotate_left(4), n))
        .collect();
    order.sort_unstable();
    let mut kept: Vec<u32> = order[..LONGEST_LIST].iter().map(|&(_, n)| n).collect();
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

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(6));
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("writing to a vector does not fail")
}
