//! One hash that stands for all that the pages of a snapshot are made of, this program
//! included: where it is the same, every page is.

use std::fmt::Debug;
use std::io;

use super::Workspace;
use crate::site::Site;

impl Workspace {
    /// The seal of the pages of a snapshot. Attachments are only copied and not part of it,
    /// but for what pages say of them. `None` where the program cannot read itself.
    pub fn seal(&self, site: &Site) -> Option<String> {
        // Taken apart in full, so that a new part must be thought of here. What is not
        // used is made of the rest.
        let Site {
            config,
            theme,
            notes,
            graph: _,
            assets,
            history,
            found: _,
            prefix,
            content: _,
            title,
        } = site;
        let mut hasher = blake3::Hasher::new();
        io::copy(&mut std::fs::File::open(std::env::current_exe().ok()?).ok()?, &mut hasher)
            .ok()?;
        let mut add = |bytes: &[u8]| {
            hasher.update(&bytes.len().to_le_bytes()).update(bytes);
        };
        add(shown(&(config, self.options.drafts, prefix, title, history, assets)).as_bytes());
        add(shown(&(&theme.words, &theme.texts)).as_bytes());
        for (name, bytes) in &theme.files {
            add(name.as_bytes());
            add(bytes);
        }
        for summary in self.summaries.values() {
            add(summary.path.as_bytes());
            add(summary.text.as_bytes());
        }
        for note in notes {
            add(note.path.as_bytes());
            add(self.notes.get(&note.path)?.hash.as_bytes());
        }
        Some(hasher.finalize().to_hex()[..32].to_owned())
    }
}

/// Everything that a value holds, as text; these are small, and none holds hashed tables.
fn shown(value: &impl Debug) -> String {
    format!("{value:?}")
}
