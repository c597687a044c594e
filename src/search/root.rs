//! The entry of the index, which the browser reads first, and the names of all files.
//!
//! Packed parts come in, files go out. Shards and texts are numbered through and stand in
//! folders of [`FOLDER`] files, each named by a hash of what it holds: file `n` is
//! `<n / 64th folder>/<n>.js`. So a copy in a cache is never wrong, and the entry, which
//! names folders instead of files, stays small.

use std::collections::BTreeMap;

use serde::Serialize;

use super::index::Postings;
use super::scribe::MOST_SECTIONS;
use super::shards::{Shard, shared};
use super::texts::{Text, Texts};
use super::tokenise::fold;
use super::words::words;
use super::{Document, Files, Settings};

/// Files in one folder.
const FOLDER: usize = 64;
/// Topics that the page offers as filters.
const MOST_TOPICS: usize = 16;

/// What the browser must know before it can look anything up.
#[derive(Serialize)]
struct Root<'a> {
    /// Number of pages.
    pages: usize,
    /// Number of sections.
    sections: usize,
    /// Names of the folders, separated by blanks.
    folders: String,
    /// The first term of each shard, coded as in a shard's dictionary.
    shards: String,
    /// Frequent words, coded alike, which a mistyped one may be meant to be.
    words: String,
    /// The first place of each text file, counted from the former's; section `s` of page `p`
    /// is the place `4096 p + s`.
    texts: String,
    /// What each text file begins with, packed.
    opening: String,
    /// The most frequent topics.
    topics: Vec<&'a str>,
    /// Words that mean the same, folded.
    glossary: Vec<Vec<String>>,
    /// The words of the box.
    labels: &'a BTreeMap<String, String>,
}

/// Names and joins everything.
pub(super) fn files(
    pages: &[&Document<'_>],
    settings: &Settings,
    postings: &Postings,
    shards: Vec<Shard>,
    texts: Texts,
) -> Files {
    let firsts = coded(borders(&shards));
    let starts = starts(&texts.files);
    let shards = shards.into_iter().map(|shard| shard.packed);
    let packed = shards.chain(texts.files.into_iter().map(|text| text.packed));
    let (mut files, folders) = numbered(packed.collect());
    let root = Root {
        pages: pages.len(),
        sections: postings.sections,
        folders: folders.join(" "),
        shards: firsts,
        words: coded(words(postings).into_iter()),
        texts: starts,
        opening: texts.opening,
        topics: topics(pages),
        glossary: settings.glossary.iter().map(|group| folded(group)).collect(),
        labels: &settings.labels,
    };
    let json = serde_json::to_string(&root).expect("strings and numbers are JSON");
    let entry =
        format!("(self.zhiSearch=self.zhiSearch||[]).push([\"root\",{json}])\n").into_bytes();
    let name = format!("root.{}.js", hash(&entry));
    files.push((name.clone(), entry));
    files.sort();
    Files { files, entry: name }
}

fn numbered(contents: Vec<String>) -> (Vec<(String, Vec<u8>)>, Vec<String>) {
    let mut folders = Vec::new();
    let mut files = Vec::with_capacity(contents.len());
    let mut contents = contents.into_iter().enumerate().peekable();
    while contents.peek().is_some() {
        let group: Vec<(usize, Vec<u8>)> = contents
            .by_ref()
            .take(FOLDER)
            .map(|(n, packed)| {
                (n, format!("zhiSearch.push([{n},\"{packed}\"])\n").into_bytes())
            })
            .collect();
        let mut hasher = blake3::Hasher::new();
        for (_, file) in &group {
            hasher.update(file);
        }
        let folder = short(&hasher);
        files.extend(group.into_iter().map(|(n, file)| (format!("{folder}/{n}.js"), file)));
        folders.push(folder);
    }
    (files, folders)
}

fn hash(bytes: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(bytes);
    short(&hasher)
}

/// Forty bits: enough to tell one version of a file from the next.
fn short(hasher: &blake3::Hasher) -> String {
    hasher.finalize().to_hex()[..10].to_owned()
}

/// The shortest start of each shard's first term that is beyond the last term before it.
fn borders(shards: &[Shard]) -> impl Iterator<Item = &str> {
    let lasts = [""].into_iter().chain(shards.iter().map(|shard| shard.last.as_str()));
    shards.iter().zip(lasts).map(|(shard, last)| {
        let same = shard.first.chars().zip(last.chars()).take_while(|(a, b)| a == b).count();
        let end =
            shard.first.char_indices().nth(same + 1).map_or(shard.first.len(), |(at, _)| at);
        &shard.first[..end]
    })
}

fn coded<'a>(terms: impl Iterator<Item = &'a str>) -> String {
    let mut coded = String::new();
    let mut last = "";
    for term in terms {
        let (units, rest) = shared(last, term);
        coded.push(char::from(units));
        coded.push_str(rest);
        last = term;
    }
    coded
}

fn starts(texts: &[Text]) -> String {
    let place = |text: &Text| text.start.0 * MOST_SECTIONS + text.start.1;
    let lasts = std::iter::once(0).chain(texts.iter().map(place));
    let steps = texts.iter().zip(lasts).map(|(text, last)| (place(text) - last).to_string());
    steps.collect::<Vec<_>>().join(",")
}

fn folded(group: &[String]) -> Vec<String> {
    group.iter().map(|word| fold(word)).collect()
}

fn topics<'a>(pages: &[&Document<'a>]) -> Vec<&'a str> {
    let mut counts = BTreeMap::new();
    for tag in pages.iter().flat_map(|page| &page.tags) {
        *counts.entry(*tag).or_default() += 1;
    }
    let mut topics: Vec<(&str, usize)> = counts.into_iter().collect();
    topics.sort_by_key(|&(name, count)| (std::cmp::Reverse(count), name));
    topics.truncate(MOST_TOPICS);
    topics.into_iter().map(|(name, _)| name).collect()
}
