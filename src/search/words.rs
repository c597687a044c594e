//! The words that a mistyped one is most likely meant to be.
//!
//! Terms with their postings come in, a short sorted list goes out: it is small enough to
//! lie in the entry, so that a mistake costs the reader no further round trip.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::index::Postings;

/// The most words that the list holds.
const MOST: usize = 1500;
/// Shorter words have too many neighbours, longer ones are hardly ever typed.
const LETTERS: std::ops::RangeInclusive<usize> = 4..=24;
/// Standing in so many titles or headings makes up for being rare in the text.
const HEADING: usize = 12;

/// The most frequent words of ASCII letters, sorted.
pub(super) fn words(postings: &Postings) -> Vec<&str> {
    let mut ranked: Vec<(Reverse<usize>, &str)> = postings
        .terms
        .par_iter()
        .map(|term| (term, postings.text(term)))
        .filter(|(_, text)| {
            LETTERS.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase())
        })
        .map(|(term, text)| {
            (Reverse(postings.count(term) + HEADING * postings.named(term)), text)
        })
        .filter(|(rank, _)| rank.0 > 2)
        .collect();
    ranked.sort_unstable();
    ranked.truncate(MOST);
    let mut words: Vec<&str> = ranked.into_iter().map(|(_, word)| word).collect();
    words.sort_unstable();
    words
}
