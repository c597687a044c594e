//! Tags that are meant to be one: written in other case or width, in singular and plural,
//! with and without a hyphen, or with a letter wrong.

use std::collections::BTreeMap;

use super::{Subject, Written};
use crate::config::distance;
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::tags::key;

/// How many notes a tag needs before a rare one like it is taken for a slip.
const COMMON: usize = 3;

/// How many letters a word needs before one of them may be taken for a slip.
const LETTERS: usize = 6;

/// A tag as written, and the notes that write it so.
type Uses<'a> = BTreeMap<&'a str, Vec<usize>>;

pub(super) fn similar_tags(
    _: &Subject<'_>,
    notes: &[Written<'_>],
    found: &mut Vec<Diagnostic>,
) {
    let mut uses: Uses<'_> = BTreeMap::new();
    for (index, written) in notes.iter().enumerate() {
        for tag in &written.note.head.tags {
            let places = uses.entry(tag).or_default();
            if places.last() != Some(&index) {
                places.push(index);
            }
        }
    }
    for (rare, meant) in alike(&uses).into_iter().chain(slips(&uses)) {
        for index in &uses[rare] {
            let written = &notes[*index];
            let count = uses[meant].len();
            let form = if count == 1 { "note" } else { "notes" };
            let message = format!("“{rare}” is “{meant}” on {count} {form}");
            let span = written.note.tag_span(rare).unwrap_or_default();
            let finding = written.finding(Code::SimilarTag, span, message);
            found.push(finding.with_help(format!("write `{meant}`")));
        }
    }
}

/// Tags that differ in case, width, blanks, hyphens or number from a more frequent one.
fn alike<'a>(uses: &Uses<'a>) -> Vec<(&'a str, &'a str)> {
    let mut groups: BTreeMap<String, Vec<&'a str>> = BTreeMap::new();
    for tag in uses.keys() {
        groups.entry(skeleton(tag)).or_default().push(tag);
    }
    let mut pairs = Vec::new();
    for group in groups.into_values() {
        let most =
            group.iter().copied().max_by_key(|tag| (uses[tag].len(), std::cmp::Reverse(*tag)));
        let Some(meant) = most else { continue };
        pairs.extend(group.into_iter().filter(|tag| *tag != meant).map(|tag| (tag, meant)));
    }
    pairs
}

/// A tag without what people write now so, now so.
fn skeleton(tag: &str) -> String {
    let parts = key(tag);
    let parts = parts.split('/').map(|part| {
        let plain: String = part.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect();
        let is_plural = plain.len() > 3
            && plain.is_ascii()
            && plain.ends_with('s')
            && !plain.ends_with("ss")
            && !plain.ends_with("us")
            && !plain.ends_with("is");
        if is_plural { plain[..plain.len() - 1].to_owned() } else { plain }
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Tags on one note that are one letter away from a common one.
fn slips<'a>(uses: &Uses<'a>) -> Vec<(&'a str, &'a str)> {
    let is_word =
        |tag: &&str| tag.len() >= LETTERS && tag.bytes().all(|b| b.is_ascii_alphabetic());
    let words = || uses.iter().filter(|(tag, _)| is_word(tag));
    let common: Vec<&'a str> =
        words().filter(|(_, notes)| notes.len() >= COMMON).map(|(tag, _)| *tag).collect();
    let rare = words().filter(|(_, notes)| notes.len() == 1).map(|(tag, _)| *tag);
    let slip = |tag: &'a str| {
        let is_near = |other: &&&'a str| {
            skeleton(tag) != skeleton(other) && distance(&key(tag), &key(other)) == 1
        };
        common.iter().find(is_near).map(|meant| (tag, *meant))
    };
    rare.filter_map(slip).collect()
}
