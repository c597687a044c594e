//! The list of what a build wrote, in the output folder: what the next build may remove,
//! and by what it sees that there is nothing to do.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use crate::source;

/// Its name in the output folder.
pub(super) const NAME: &str = ".zhi";

/// What the first line begins with.
const MARK: &str = "zhi ";

/// What stands in place of a hash that nobody needs.
const NONE: &str = "-";

/// What a build wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Stands for all that the files were made of; `None` if they shall be made anew.
    pub seal: Option<String>,
    /// The files by path, with the hashes of those that were made.
    pub files: BTreeMap<String, Option<String>>,
}

impl Manifest {
    /// What the last build wrote into an output folder; nothing if there was none.
    pub fn read(output: &Path) -> Manifest {
        let bytes = source::read(&output.join(NAME)).unwrap_or_default();
        Manifest::parse(&String::from_utf8_lossy(&bytes))
    }

    fn parse(text: &str) -> Manifest {
        let mut lines = text.lines();
        let Some(seal) = lines.next().and_then(|line| line.strip_prefix(MARK)) else {
            return Manifest::default();
        };
        let known = |hash: &str| (hash != NONE).then(|| hash.to_owned());
        let file = |line: &str| {
            let (hash, path) = line.split_once(' ')?;
            Some((path.to_owned(), known(hash)))
        };
        Manifest { seal: known(seal), files: lines.filter_map(file).collect() }
    }

    /// The list as it is written.
    pub(super) fn print(&self) -> String {
        let shown = |hash: &Option<String>| hash.clone().unwrap_or_else(|| NONE.to_owned());
        let lines = self.files.iter().map(|(path, hash)| format!("{} {path}\n", shown(hash)));
        let mut text = format!("{MARK}{}\n", shown(&self.seal));
        text.extend(lines);
        text
    }

    /// Whether what was made under a seal lies in the output folder just as it was made.
    pub fn holds(&self, output: &Path, seal: &str) -> bool {
        let is_whole = |(path, made): (&String, &Option<String>)| match made {
            Some(made) => {
                is_plain(&output.join(path))
                    && source::read(&output.join(path)).is_ok_and(|bytes| hash(&bytes) == *made)
            }
            None => true,
        };
        self.seal.as_deref() == Some(seal) && self.files.par_iter().all(is_whole)
    }
}

fn is_plain(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|meta| meta.is_file())
}

/// The hash that stands for bytes: 128 bits, so that no two files of a site share one.
pub(super) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..32].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_it_was_written() {
        let text = "zhi 0af3\n77aa index.html\n- 图/a b.png\n";
        let list = Manifest::parse(text);
        assert_eq!(list.seal.as_deref(), Some("0af3"));
        assert_eq!(list.files["index.html"].as_deref(), Some("77aa"));
        assert_eq!(list.files["图/a b.png"], None);
        assert_eq!(list.print(), text);
    }

    #[test]
    fn what_is_no_list_names_no_file() {
        for text in ["", "index.html\n", "zhi", "\0"] {
            assert_eq!(Manifest::parse(text), Manifest::default(), "{text:?}");
        }
    }
}
