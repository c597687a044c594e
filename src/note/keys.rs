//! What a note is found, sorted and addressed by, folded once when it is parsed: all notes
//! are linked anew with every change of a head, and that must cost milliseconds.

use super::{Head, Link};
use crate::config::{Config, Slugs};
use crate::path;
use crate::text::collate::{SortKey, sort_key};
use crate::text::fold::fold;
use crate::text::slug::slug;

/// The keys of a note. Made of its path and head, and changed with them alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// The path without extension, folded.
    pub path: String,
    /// The file's name without extension, folded.
    pub stem: String,
    /// The title, folded.
    pub title: String,
    /// The other names, folded.
    pub aliases: Vec<String>,
    /// For each of the head's links the path that it most likely means.
    pub links: Vec<Way>,
    /// What it is sorted by among siblings, made of its short title.
    pub order: SortKey,
    /// The last part of its address, unless front matter gives the whole of it.
    pub address: String,
}

/// The path from the root at which a link's target is looked for first, folded and without
/// the extension of a note; empty if the link leads nowhere by its path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// The path.
    pub key: String,
    /// Whether the link is one name without folders, which may lie in any folder.
    pub is_name: bool,
}

impl Keys {
    /// Folds all names of a note.
    pub fn of(path: &str, head: &Head, config: &Config) -> Keys {
        let name = head.slug.as_deref().unwrap_or_else(|| path::stem(path));
        Keys {
            path: fold(path::without_extension(path)),
            stem: fold(path::stem(path)),
            title: fold(&head.title),
            aliases: head.aliases.iter().map(|alias| fold(alias)).collect(),
            links: head.links.iter().map(|link| Way::of(path, link)).collect(),
            order: sort_key(head.link_title.as_ref().unwrap_or(&head.title)),
            address: address_part(&name.replace('/', "-"), config),
        }
    }
}

impl Way {
    fn of(from: &str, link: &Link) -> Way {
        let target = link.target.trim();
        // Names are looked for from the root, paths from the note.
        let is_wiki = link.kind.is_wiki();
        let folder = if is_wiki || target.starts_with('/') { "" } else { path::parent(from) };
        let way = path::join(folder, target).unwrap_or_default();
        Way {
            key: fold(path::without_extension(&way)),
            is_name: is_wiki && !target.contains('/') && !way.is_empty(),
        }
    }
}

/// A name as it stands in an address.
pub fn address_part(name: &str, config: &Config) -> String {
    match config.urls.slugs {
        Slugs::Unicode => slug(name),
        Slugs::Pinyin => slug(&crate::text::pinyin::spelled(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::LinkKind;

    #[test]
    fn a_link_is_looked_for_where_its_form_says() {
        for (kind, target, key, is_name) in [
            (LinkKind::Wiki, "Ｐod", "pod", true),
            (LinkKind::Wiki, "Pod.md", "pod", true),
            (LinkKind::Wiki, "网络/Pod", "网络/pod", false),
            (LinkKind::Wiki, "./Pod", "pod", false),
            (LinkKind::Wiki, "../Pod", "", false),
            (LinkKind::Wiki, "", "", false),
            (LinkKind::Markdown, "Pod.md", "工作负载/pod", false),
            (LinkKind::Markdown, "../网络/dns.md", "网络/dns", false),
            (LinkKind::Markdown, "/网络/dns.md", "网络/dns", false),
            (LinkKind::Markdown, "../../dns.md", "", false),
        ] {
            let link = Link {
                kind,
                target: target.to_owned(),
                fragment: None,
                context: None,
                section: None,
            };
            let way = Way::of("工作负载/job.md", &link);
            assert_eq!((way.key.as_str(), way.is_name), (key, is_name), "{target}");
        }
    }
}
