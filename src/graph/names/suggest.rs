//! What was perhaps meant by a name that nothing has: the nearest note or attachment.

use std::cell::OnceCell;

use super::Names;
use crate::config::distance;
use crate::graph::{About, Problem, Target};
use crate::note::{Link, Note, is_folder_note};
use crate::path::{self, without_extension};
use crate::text::fold::fold;

/// How many names are compared for all suggestions of a site together. Ten thousand
/// broken links on a site of ten thousand notes all get theirs; what is worse than that
/// needs no suggestions, and shall not take minutes.
const COMPARISONS: usize = 200_000_000;

/// The longest name that is suggested, or gets a suggestion, in characters.
const LONGEST: usize = 80;

/// Names that can be suggested, made when the first is needed.
pub(crate) struct Suggestions<'a> {
    names: &'a Names<'a>,
    notes: OnceCell<Vec<Name>>,
    assets: OnceCell<Vec<Name>>,
    /// How many names may still be compared.
    budget: usize,
}

/// A name with what makes most comparisons needless.
struct Name {
    key: String,
    length: usize,
    letters: u64,
}

impl<'a> Suggestions<'a> {
    /// Prepares to suggest names of notes and attachments.
    pub(crate) fn new(names: &'a Names<'a>) -> Self {
        let (notes, assets) = (OnceCell::new(), OnceCell::new());
        Suggestions { names, notes, assets, budget: COMPARISONS }
    }

    /// Adds to what is said of a note's broken links what was perhaps meant. One note after
    /// the other: which links get help must not depend on which is looked at first.
    pub(crate) fn add(&mut self, note: &Note, targets: &[Target], problems: &mut [Problem]) {
        for problem in problems {
            let About::Link(link) = problem.about else { continue };
            if targets[link] == Target::Broken && problem.finding.help.is_none() {
                problem.finding.help = self.suggestion(note, &note.head.links[link]);
            }
        }
    }

    /// The help for a broken link.
    fn suggestion(&mut self, note: &Note, link: &Link) -> Option<String> {
        let all = self.names;
        let is_file = !path::extension(&link.target).is_empty() && !path::is_note(&link.target);
        if is_file {
            let known = self.assets.get_or_init(|| names(all.named_assets.keys()));
            let name = near(&mut self.budget, known, path::file_name(&link.target))?;
            let asset = all.named_assets.get(name)?.first()?;
            return Some(format!("did you mean `{}`?", path::relative(&note.path, asset)));
        }
        let known =
            self.notes.get_or_init(|| names(all.stems.keys().chain(all.aliases.keys())));
        let name = near(&mut self.budget, known, path::stem(&link.target))?;
        let ids = all.stems.get(name).or_else(|| all.aliases.get(name))?;
        let target = &all.notes[*ids.first()?].path;
        if ids.len() > 1 && is_folder_note(target) {
            // Every folder has an `index.md`; that of another one is hardly meant.
            return None;
        }
        Some(if link.kind.is_wiki() {
            format!("did you mean [[{}]]?", without_extension(path::file_name(target)))
        } else {
            format!("did you mean `{}`?", path::relative(&note.path, target))
        })
    }
}

/// The known name nearest to one, at most two changes away.
fn near<'k>(budget: &mut usize, known: &'k [Name], written: &str) -> Option<&'k str> {
    let wanted = Name::new(&fold(written));
    if wanted.length > LONGEST {
        return None;
    }
    *budget = budget.checked_sub(known.len())?;
    let far = |name: &Name| {
        let most = 2.min(name.length.div_ceil(2).saturating_sub(1));
        name.may_be_near(&wanted)
            .then(|| distance(&name.key, &wanted.key))
            .filter(|far| *far <= most)
    };
    known
        .iter()
        .filter_map(|name| far(name).map(|far| (far, name.key.as_str())))
        .min()
        .map(|(_, key)| key)
}

fn names<K: AsRef<str>>(keys: impl Iterator<Item = K>) -> Vec<Name> {
    keys.map(|key| Name::new(key.as_ref())).filter(|name| name.length <= LONGEST).collect()
}

impl Name {
    fn new(key: &str) -> Name {
        let bit = |c: char| 1_u64 << (u32::from(c) % 64);
        let letters = key.chars().fold(0, |letters, c| letters | bit(c));
        Name { key: key.to_owned(), length: key.chars().count(), letters }
    }

    /// Two changes alter the length by two at most, and bring or take at most four of the
    /// letters that a name consists of.
    fn may_be_near(&self, other: &Name) -> bool {
        self.length.abs_diff(other.length) <= 2
            && (self.letters ^ other.letters).count_ones() <= 4
    }
}
