//! The front-matter keys that zhi understands, with the spellings of other tools.

/// A key of ours and the spellings that mean the same.
pub struct Key {
    /// Our name.
    pub name: &'static str,
    also: &'static [&'static str],
    /// One line on what it means.
    pub meaning: &'static str,
}

impl Key {
    /// All spellings, ours first; a dot leads into a nested map.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.also.iter().copied())
    }
}

const fn key(name: &'static str, also: &'static [&'static str], meaning: &'static str) -> Key {
    Key { name, also, meaning }
}

/// Every key that has a meaning, in the order in which it is applied.
pub const KEYS: &[Key] = &[
    key("title", &[], "the note's title; else its first h1, else its file name"),
    key("aliases", &["alias"], "other names for links, and former addresses"),
    key("tags", &["tag", "keywords", "taxonomies.tags"], "topics; `a/b` is nested"),
    key("categories", &["category"], "tags too, with `categories_as_tags`"),
    key("description", &["summary", "excerpt"], "one sentence for lists and search engines"),
    key(
        "date",
        &["created", "date created", "pubDate", "publishDate", "published"],
        "when it was written",
    ),
    key(
        "updated",
        &["lastmod", "modified", "last-modified", "date modified", "lastUpdated"],
        "when it was last changed",
    ),
    key("draft", &["status"], "built only with `--drafts`"),
    key("publish", &[], "`false`: never built"),
    key(
        "unlisted",
        &["sidebar.hidden", "noindex"],
        "built, but in no list, search, feed or sitemap",
    ),
    key("in_search_index", &[], "`false`: as `unlisted`"),
    key("slug", &[], "the last part of the address"),
    key("permalink", &["url", "path"], "the whole address"),
    key(
        "weight",
        &["order", "sidebar_position", "sidebar.order", "nav_order"],
        "the order among siblings",
    ),
    key(
        "linkTitle",
        &["linktitle", "sidebar_label", "sidebar.label", "nav_title", "short_title"],
        "a short name for trees and links",
    ),
    key("image", &["cover", "og_image", "socialImage"], "a picture for cards"),
    key("cssclasses", &["cssclass", "pageClass"], "classes on the article"),
    key("lang", &["language"], "the note's language (BCP 47)"),
    key(
        "toc",
        &["tableOfContents", "enableToc", "outline"],
        "`false`, or how deep the outline goes",
    ),
    key("template", &["layout"], "the template's file"),
    key("up", &[], "the note above, for breadcrumbs"),
    key("prev", &[], "the note before"),
    key("next", &[], "the note after"),
    key("related", &[], "notes to read with it"),
    key("requires", &[], "notes to read before it"),
    key("series", &["part_of"], "the series it belongs to"),
    key("authors", &["author"], "who wrote it"),
    key("reviewed", &[], "when and against which version it was checked"),
    key("review_after", &[], "when it should be checked again"),
    key("translation_of", &["translationKey"], "the note that this one translates"),
    key("level", &[], "how hard it is, as a badge"),
    key("frequency", &[], "how often it is asked, as a badge"),
];

/// The key that a spelling at the top level stands for.
pub fn find_key(spelling: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.names().any(|name| name.split('.').next() == Some(spelling)))
}
