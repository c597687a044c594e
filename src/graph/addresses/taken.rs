//! Which addresses are taken: no two that a disk cannot tell apart, and none that is at
//! once a file and the folder of another.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::text::fold::name_key;

/// Addresses with case and form folded, and the path of the note that has each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    owners: FxHashMap<String, String>,
    /// The folders that the addresses lie in.
    folders: FxHashSet<String>,
    /// The number tried last for each address that more than one wants.
    numbers: FxHashMap<String, usize>,
}

impl Taken {
    /// Takes an address for a note or file, unless another has it or stands in its way.
    pub(crate) fn take(&mut self, url: &str, owner: &str) -> bool {
        let key = name_key(url);
        if self.owners.contains_key(&key)
            || self.folders.contains(&key)
            || self.file_above(&key).is_some()
        {
            return false;
        }
        let mut folder = crate::path::parent(&key);
        while !folder.is_empty() && !self.folders.contains(folder) {
            self.folders.insert(folder.to_owned());
            folder = crate::path::parent(folder);
        }
        self.owners.insert(key, owner.to_owned());
        true
    }

    /// Takes the first free one of `a-2.html`, `a-3.html` …
    pub(crate) fn numbered(&mut self, url: &str, owner: &str) -> String {
        let key = name_key(url);
        let mut number = self.numbers.get(&key).copied().unwrap_or(1);
        loop {
            number += 1;
            let above = self.file_above(&key);
            // Folding keeps every slash, but not the length of what stands before it.
            let end = above.and_then(|slash| {
                url.match_indices('/').nth(key[..slash].matches('/').count())
            });
            let candidate = match end {
                Some((end, _)) => format!("{}-{number}{}", &url[..end], &url[end..]),
                None => with_number(url, number),
            };
            if self.take(&candidate, owner) {
                self.numbers.insert(key, number);
                return candidate;
            }
        }
    }

    /// Whose address this is; empty if it is the site's own, or nobody's.
    pub(crate) fn owner(&self, url: &str) -> &str {
        self.owners.get(&name_key(url)).map_or("", String::as_str)
    }

    /// Where in a folded address the name of a file ends that the address would lie below.
    fn file_above(&self, key: &str) -> Option<usize> {
        key.match_indices('/')
            .map(|(slash, _)| slash)
            .find(|slash| self.owners.contains_key(&key[..*slash]))
    }
}

/// `a-2.html`; `a-2/index.html` for a page that is a folder of its own.
fn with_number(url: &str, number: usize) -> String {
    if let Some(folder) = url.strip_suffix("/index.html") {
        return format!("{folder}-{number}/index.html");
    }
    let name = url.rfind('/').map_or(0, |slash| slash + 1);
    let dot = url[name..].rfind('.').filter(|at| *at > 0).map_or(url.len(), |at| name + at);
    format!("{}-{number}{}", &url[..dot], &url[dot..])
}
