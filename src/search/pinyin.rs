//! Which Han words a reader means who types `rongqi` or `rq`.
//!
//! Titles, other names, headings and topics come in, entries for the dictionary go out, such
//! as `rongqi'容器`: they stand beside the word they would be and get the best places of the
//! pair of characters in titles and headings. Longer words are cut into pairs in the browser.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Document;
use super::tokenise::is_han;
use crate::text::pinyin::{Syllable, syllables};

/// What stands between a spelling and the word it spells.
pub(super) const SPELLS: char = '\'';
/// Pairs of characters kept for one spelling; the most frequent ones.
const MOST: usize = 24;

/// The entries, each with how often the pair stands in titles and headings.
pub(super) fn entries(pages: &[&Document<'_>]) -> Vec<(String, u32)> {
    let mut pairs: BTreeMap<[Option<char>; 2], Pair> = BTreeMap::new();
    for page in pages {
        let names = [page.title].into_iter().chain(page.aliases.iter().copied());
        let headings = page.sections.iter().map(|section| section.heading);
        for text in names.chain(page.tags.iter().copied()).chain(headings) {
            read(&mut pairs, text);
        }
    }
    let mut by_key: BTreeMap<String, Vec<(Reverse<u32>, String)>> = BTreeMap::new();
    for (characters, pair) in pairs {
        let word: String = characters.into_iter().flatten().collect();
        for key in pair.keys {
            by_key.entry(key).or_default().push((Reverse(pair.count), word.clone()));
        }
    }
    by_key.into_iter().flat_map(|(key, words)| best(key, words)).collect()
}

/// Two neighbouring characters, or one that stands alone.
struct Pair {
    count: u32,
    /// Full spelling and initials, of which a lone character has none.
    keys: Vec<String>,
}

fn read(pairs: &mut BTreeMap<[Option<char>; 2], Pair>, text: &str) {
    let mut last: Option<(char, Syllable, bool)> = None;
    let mut note = |a: (char, Syllable), b: Option<(char, Syllable)>| {
        let characters = [Some(a.0), b.map(|b| b.0)];
        let new = || Pair { count: 0, keys: keys(a.1, b.map(|b| b.1)) };
        pairs.entry(characters).or_insert_with(new).count += 1;
    };
    for (c, syllable) in syllables(text).chain([(' ', None)]) {
        let here = syllable.filter(|_| is_han(c));
        match (last, here) {
            (Some((before, first, _)), Some(second)) => {
                note((before, first), Some((c, second)));
            }
            (Some((before, first, true)), None) => note((before, first), None),
            _ => {}
        }
        last = here.map(|syllable| (c, syllable, last.is_none()));
    }
}

fn keys(a: Syllable, b: Option<Syllable>) -> Vec<String> {
    let second = b.map_or("", |b| b.letters);
    let whole = [a.letters, second].concat();
    let mut keys = vec![whole.replace('ü', "v")];
    // `lüe` is typed `lve` or, as there is no other, `lue`.
    keys.extend(whole.contains("üe").then(|| whole.replace("üe", "ue").replace('ü', "v")));
    let initial = |letters: &str| letters.chars().next();
    keys.extend(b.map(|_| [a.letters, second].into_iter().filter_map(initial).collect()));
    keys
}

fn best(
    key: String,
    mut words: Vec<(Reverse<u32>, String)>,
) -> impl Iterator<Item = (String, u32)> {
    words.sort();
    words.truncate(MOST);
    words.into_iter().map(move |(count, word)| (format!("{key}{SPELLS}{word}"), count.0))
}
