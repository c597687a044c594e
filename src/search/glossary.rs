//! Words that mean the same: those everybody knows, those the owner names, and those the
//! notes explain themselves.
//!
//! Pages and the owner's groups come in, a table goes out that tells for a title or heading
//! what else it could be called. Technical Chinese names a thing twice where it introduces
//! it, `命名空间（Namespace）`; who searches for one should find the page that uses the other.
//!
//! A pair is believed if two pages write it, or one heading or title. Where the Chinese
//! word begins is not marked, so all endings of the run before the bracket are counted, and
//! the longest that is nearly as frequent as the most frequent one is taken.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Document;
use super::tokenise::is_han;

/// What the terms of computing are called in Chinese and English, one group a line. Notes
/// take most of them for known and never explain them.
const TERMS: &str = include_str!("terms.txt");
/// The longest Chinese word of a pair, in characters.
const LONGEST_HAN: usize = 10;
/// The longest bracket that is read.
const LONGEST_BRACKET: usize = 60;
/// The most words of an English name.
const MOST_WORDS: usize = 4;
/// Chinese names that one English name can have.
const MOST_NAMES: usize = 3;
/// Characters that stand before a name but do not begin one.
const PARTICLES: &str = "和与或及的是在由等把被对从为以即叫将";
/// Pages that one task reads.
const CHUNK: usize = 512;

/// What else a name is called, by its folded form.
#[derive(Default)]
pub(super) struct Synonyms {
    others: FxHashMap<String, Vec<String>>,
}

impl Synonyms {
    /// The other names of everything that a title or heading names.
    pub(super) fn of<'a>(&'a self, text: &str) -> impl Iterator<Item = &'a str> {
        let mut found: Vec<&str> = Vec::new();
        if !self.others.is_empty() {
            for_each_name(text, &mut |name| {
                if let Some(others) = self.others.get(name) {
                    found.extend(others.iter().map(String::as_str));
                }
            });
            found.sort_unstable();
            found.dedup();
        }
        found.into_iter()
    }

    fn add(&mut self, one: &str, other: &str) {
        let others = self.others.entry(fold(one)).or_default();
        if !others.iter().any(|known| known == other) {
            others.push(other.to_owned());
        }
    }
}

/// Joins the owner's groups with what the pages explain.
pub(super) fn synonyms(pages: &[&Document<'_>], groups: &[Vec<String>]) -> Synonyms {
    let mut synonyms = Synonyms::default();
    let known = TERMS.lines().map(|line| line.split(" / ").collect::<Vec<_>>());
    let own = groups.iter().map(|group| group.iter().map(String::as_str).collect());
    for group in known.chain(own) {
        for one in &group {
            for other in group.iter().filter(|other| *other != one) {
                synonyms.add(one, other);
            }
        }
    }
    for (english, names) in believed(count(pages)) {
        for name in names {
            synonyms.add(&name, &english);
            synonyms.add(&english, &name);
        }
    }
    synonyms
}

/// How often a pair is written.
#[derive(Clone, Copy, Default)]
struct Evidence {
    pages: u32,
    /// A title or heading consists of it, or of it and something before a blank.
    named: bool,
    last_page: usize,
}

/// By English name, folded: how it is written first, and its Chinese names.
type Pairs = BTreeMap<String, (String, BTreeMap<String, Evidence>)>;

fn count(pages: &[&Document<'_>]) -> Pairs {
    let chunks: Vec<Pairs> = pages
        .par_chunks(CHUNK)
        .map(|pages| {
            let mut pairs = Pairs::new();
            for (n, page) in pages.iter().enumerate() {
                read(&mut pairs, n + 1, page.title, true);
                for section in &page.sections {
                    read(&mut pairs, n + 1, section.heading, true);
                    read(&mut pairs, n + 1, &section.text, false);
                }
            }
            pairs
        })
        .collect();
    let mut all = Pairs::new();
    for (english, (written, names)) in chunks.into_iter().flatten() {
        let entry = all.entry(english).or_insert_with(|| (written, BTreeMap::new()));
        for (name, evidence) in names {
            let known = entry.1.entry(name).or_default();
            known.pages += evidence.pages;
            known.named |= evidence.named;
        }
    }
    all
}

/// Notes each `Chinese（English）` and `English（Chinese）`.
fn read(pairs: &mut Pairs, page: usize, text: &str, heading: bool) {
    for (open, bracket) in text.match_indices(['（', '(']) {
        let inside = &text[open + bracket.len()..];
        // Read no further: a row of brackets that never close would be read again and again.
        let near = &inside[..inside.floor_char_boundary(LONGEST_BRACKET + '）'.len_utf8())];
        let Some(close) = near.find(['）', ')']) else { continue };
        let inside =
            inside[..close].split(['，', ',', '、', '；', '/']).next().unwrap_or("").trim();
        let before = text[..open].trim_end_matches(' ');
        if is_english(inside) {
            let run = ending(before, |c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            note_endings(pairs, page, run, inside, heading);
        } else if !inside.is_empty() && inside.chars().all(is_han) {
            let english = ending(before, |c| c.is_ascii_alphanumeric() || c == '-');
            let long = inside.chars().nth(LONGEST_HAN).is_some();
            if is_english(english) && !long {
                note(pairs, page, inside, english, heading);
            }
        }
    }
}

fn ending(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    &text[text.trim_end_matches(belongs).len()..]
}

fn is_english(name: &str) -> bool {
    name.len() > 1
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ' || b == b'-')
        && name.split(' ').count() <= MOST_WORDS
}

fn note_endings(pairs: &mut Pairs, page: usize, run: &str, english: &str, heading: bool) {
    let places: Vec<usize> = run.char_indices().map(|(at, _)| at).collect();
    let whole = places.len() <= LONGEST_HAN;
    for &at in places.iter().rev().take(LONGEST_HAN).skip(1) {
        let name = &run[at..];
        if !name.starts_with(|c| PARTICLES.contains(c)) {
            note(pairs, page, name, english, heading && whole && at == 0);
        }
    }
}

fn note(pairs: &mut Pairs, page: usize, name: &str, english: &str, named: bool) {
    let key = fold(english);
    let (_, names) = pairs.entry(key).or_insert_with(|| (english.to_owned(), BTreeMap::new()));
    let evidence = names.entry(name.to_owned()).or_default();
    evidence.named |= named;
    if evidence.last_page != page {
        evidence.last_page = page;
        evidence.pages += 1;
    }
}

/// The Chinese names of each English one.
fn believed(pairs: Pairs) -> impl Iterator<Item = (String, Vec<String>)> {
    pairs.into_values().map(|(english, names)| {
        let mut chosen: Vec<(u32, String)> = Vec::new();
        for (name, evidence) in &names {
            let beaten =
                names.iter().any(|(other, rival)| beats(other, *rival, name, *evidence));
            if (evidence.pages > 1 || evidence.named) && !beaten {
                chosen.push((u32::MAX - evidence.pages, name.clone()));
            }
        }
        chosen.sort();
        chosen.truncate(MOST_NAMES);
        (english, chosen.into_iter().map(|(_, name)| name).collect())
    })
}

/// Whether one of two endings of a run is the better one: the longer if it is written
/// nearly as often, the shorter if not.
fn beats(other: &str, rival: Evidence, name: &str, evidence: Evidence) -> bool {
    if other == name {
        return false;
    }
    let nearly = |long: Evidence, short: Evidence| {
        (long.pages > 1 || long.named) && long.pages * 5 >= short.pages * 3
    };
    if other.ends_with(name) {
        nearly(rival, evidence)
    } else {
        name.ends_with(other) && !nearly(evidence, rival)
    }
}

/// English in lower case, without blanks, hyphens and a plural; Chinese as it is.
fn fold(name: &str) -> String {
    let mut folded: String =
        name.chars().filter(|c| !matches!(c, ' ' | '-')).flat_map(char::to_lowercase).collect();
    if folded.len() > 3 && folded.ends_with('s') && !folded.ends_with("ss") {
        folded.pop();
    }
    folded
}

/// Calls `look` with each folded name that could stand in a title: up to four words in a row,
/// any part of a Chinese run.
fn for_each_name(text: &str, look: &mut impl FnMut(&str)) {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    for from in 0..words.len() {
        for to in from + 1..=words.len().min(from + MOST_WORDS) {
            look(&fold(&words[from..to].concat()));
        }
    }
    for run in text.split(|c| !is_han(c)).filter(|run| !run.is_empty()) {
        let ends: Vec<usize> =
            run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
        for from in 0..ends.len() {
            for &to in ends.iter().take(from + LONGEST_HAN + 1).skip(from + 2) {
                look(&run[ends[from]..to]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Synonyms, TERMS, fold, synonyms};

    #[test]
    fn each_group_of_terms_says_something_that_no_other_says() {
        let groups: Vec<BTreeSet<&str>> =
            TERMS.lines().map(|line| line.split(" / ").collect()).collect();
        for (line, group) in TERMS.lines().zip(&groups) {
            assert_eq!(group.len(), line.split(" / ").count(), "twice the same: {line}");
            assert!(group.len() > 1 && !group.contains(""), "no group: {line}");
            assert!(group.iter().all(|name| name.trim() == *name), "blanks: {line}");
            let within = groups.iter().filter(|other| group.is_subset(other)).count();
            assert_eq!(within, 1, "said elsewhere: {line}");
        }
    }

    #[test]
    fn a_title_is_found_by_its_other_names() {
        let all = synonyms(&[], &[vec!["调谐".to_owned(), "reconcile".to_owned()]]);
        let names =
            |all: &Synonyms, title: &str| -> Vec<String> { all.of(title).map(fold).collect() };
        for (title, other) in [
            ("容器与镜像", "container"),
            ("Rolling updates in practice", "滚动升级"),
            ("内存不够时", "記憶體"),
            ("怎样回滚", "回退"),
            ("Reconcile 的返回值", "调谐"),
        ] {
            assert!(names(&all, title).iter().any(|name| name == other), "{title}: {other}");
        }
        assert!(names(&all, "容").is_empty());
    }
}
