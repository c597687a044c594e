//! The tree of folders and notes as HTML; the markup is described in `base.html`.

use std::fmt::Write as _;

use super::page::{Here, folder_name};
use crate::graph::NoteId;
use crate::graph::folders::Entry;
use crate::note::markdown::escaped;

/// Up to this many notes the tree shows them all. Above, only the folders on the way to
/// the page are open: no page may grow with the site.
const WHOLE_TREE: usize = 300;

/// How many notes a folder of a large site shows round the page's own.
const WINDOW: usize = 60;

/// The tree, with the page's own entry marked.
pub fn tree(here: &Here<'_>, note: Option<NoteId>, folder: &str) -> String {
    let is_whole = here.site.graph.folders.prominent <= WHOLE_TREE;
    let tree = Tree { here, note, folder, is_whole };
    let mut out = String::new();
    tree.list("", &mut out);
    out
}

struct Tree<'a> {
    here: &'a Here<'a>,
    note: Option<NoteId>,
    folder: &'a str,
    is_whole: bool,
}

impl Tree<'_> {
    fn list(&self, path: &str, out: &mut String) {
        let folder = &self.here.site.graph.folders.all[path];
        let entries = self.entries(path);
        let shown = self.window(entries);
        out.push_str("<ul>");
        for entry in shown {
            match entry {
                Entry::Note(id) => self.note(*id, out),
                Entry::Folder(inner) => self.folder(inner, out),
            }
        }
        if shown.len() < entries.len() {
            let words = &self.here.site.theme.words;
            let more = words.count(&self.here.site.config.lang, "all_notes", folder.count);
            let _ = write!(
                out,
                "<li><a href=\"{}\">{}</a></li>",
                escaped(&self.here.to(&folder.url)),
                escaped(&more)
            );
        }
        out.push_str("</ul>");
    }

    /// What stands in a folder; its quiet notes only for those who are in it.
    fn entries(&self, path: &str) -> &[Entry] {
        let folder = &self.here.site.graph.folders.all[path];
        if self.folder == path { &folder.entries } else { &folder.entries[..folder.prominent] }
    }

    /// Of a long list the part round the page's own entry.
    fn window<'b>(&self, entries: &'b [Entry]) -> &'b [Entry] {
        if self.is_whole || entries.len() <= WINDOW {
            return entries;
        }
        let own = self
            .note
            .and_then(|note| entries.iter().position(|entry| *entry == Entry::Note(note)))
            .unwrap_or(0);
        let start = own.saturating_sub(WINDOW / 2).min(entries.len() - WINDOW);
        &entries[start..start + WINDOW]
    }

    fn note(&self, id: NoteId, out: &mut String) {
        let head = &self.here.site.notes[id].head;
        let title = head.link_title.as_ref().unwrap_or(&head.title);
        self.link(&self.here.site.graph.urls[id], title, out);
        out.push_str("</li>");
    }

    fn link(&self, url: &str, title: &str, out: &mut String) {
        let current = if url == self.here.url { " aria-current=\"page\"" } else { "" };
        let href = escaped(&self.here.to(url));
        let _ = write!(out, "<li><a href=\"{href}\"{current}>{}</a>", escaped(title));
    }

    fn folder(&self, path: &str, out: &mut String) {
        let folder = &self.here.site.graph.folders.all[path];
        let is_above = self.folder == path || self.folder.starts_with(&format!("{path}/"));
        let name = folder_name(self.here.site, path);
        self.link(&folder.url, &name, out);
        let has_entries = (self.is_whole || is_above) && !self.entries(path).is_empty();
        if has_entries {
            let open = if is_above { " open" } else { "" };
            let (path_text, name) = (escaped(path), escaped(&name));
            let _ = write!(
                out,
                "<details data-folder=\"{path_text}\"{open}><summary aria-label=\"{name}\"></summary>"
            );
            self.list(path, out);
            out.push_str("</details>");
        }
        out.push_str("</li>");
    }
}
