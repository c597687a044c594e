//! What was perhaps meant by a name that nothing has: the nearest note or attachment.

use std::cell::OnceCell;

use super::{Names, without_extension};
use crate::config::distance;
use crate::note::{Link, Note};
use crate::path;
use crate::text::fold::fold;

/// How many names are compared for all suggestions of a site together. Ten thousand
/// broken links on a site of ten thousand notes all get theirs; what is worse than that
/// needs no suggestions, and shall not take minutes.
pub(super) const COMPARISONS: usize = 200_000_000;

/// The longest name that is suggested, or gets a suggestion, in characters.
const LONGEST: usize = 80;

/// Names that can be suggested, made when the first is needed.
#[derive(Default)]
pub(super) struct Known {
    notes: OnceCell<Vec<Name>>,
    assets: OnceCell<Vec<Name>>,
}

/// A name with what makes most comparisons needless.
struct Name {
    key: String,
    length: usize,
    letters: u64,
}

impl Names<'_> {
    /// The help for a broken link.
    pub(super) fn suggestion(&self, note: &Note, link: &Link) -> Option<String> {
        let is_file = !path::extension(&link.target).is_empty() && !path::is_note(&link.target);
        if is_file {
            let known = self.suggestions.assets.get_or_init(|| names(self.named_assets.keys()));
            let name = self.near(known, path::file_name(&link.target))?;
            let asset = self.named_assets.get(name)?.first()?;
            return Some(format!("did you mean `{}`?", path::relative(&note.path, asset)));
        }
        let all = || names(self.stems.keys().chain(self.aliases.keys()));
        let known = self.suggestions.notes.get_or_init(all);
        let name = self.near(known, path::stem(&link.target))?;
        let id = *self.stems.get(name).or_else(|| self.aliases.get(name))?.first()?;
        let target = &self.notes[id].path;
        Some(if link.kind.is_wiki() {
            format!("did you mean [[{}]]?", without_extension(path::file_name(target)))
        } else {
            format!("did you mean `{}`?", path::relative(&note.path, target))
        })
    }

    /// The known name nearest to one, at most two changes away.
    fn near<'k>(&self, known: &'k [Name], written: &str) -> Option<&'k str> {
        let wanted = Name::new(&fold(written));
        if wanted.length > LONGEST {
            return None;
        }
        self.budget.set(self.budget.get().checked_sub(known.len())?);
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
}

fn names<'a>(keys: impl Iterator<Item = &'a String>) -> Vec<Name> {
    keys.map(|key| Name::new(key)).filter(|name| name.length <= LONGEST).collect()
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
