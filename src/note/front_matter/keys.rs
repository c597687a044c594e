//! The front-matter keys that zhi understands, with the spellings of other tools.

/// A key of ours and the spellings that mean the same.
pub struct Key {
    /// Our name.
    pub name: &'static str,
    also: &'static [&'static str],
    /// What its values look like.
    pub form: Form,
    /// One line on what it means.
    pub meaning: &'static str,
}

/// What the values of a key look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A text, number or truth value, taken as it was written.
    Text,
    /// A text, or a list of texts.
    Texts,
    /// `true` or `false`.
    Flag,
    /// `true` or `false` under our own name; a word of their own under those of other tools.
    FlagOrWord,
    /// A number.
    Number,
    /// A date such as `2026-11-20`, with or without a time.
    Date,
    /// A language such as `zh-CN` (BCP 47).
    Language,
    /// Links to notes, each in quotation marks.
    Links,
    /// `true`, `false`, `deep`, a depth or a range of depths.
    Depth,
    /// Whatever other tools put there.
    Any,
}

impl Key {
    /// All spellings, ours first; a dot leads into a nested map.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.also.iter().copied())
    }
}

const fn key(
    name: &'static str,
    also: &'static [&'static str],
    form: Form,
    meaning: &'static str,
) -> Key {
    Key { name, also, form, meaning }
}

/// Every key that has a meaning, in the order in which it is applied.
pub const KEYS: &[Key] = &[
    key("title", &[], Form::Text, "the note's title; else its first h1, else its file name"),
    key("aliases", &["alias"], Form::Texts, "other names for links, and former addresses"),
    key(
        "tags",
        &["tag", "keywords", "taxonomies.tags"],
        Form::Texts,
        "topics; `a/b` is nested",
    ),
    key("categories", &["category"], Form::Texts, "tags too, with `categories_as_tags`"),
    key(
        "description",
        &["summary", "excerpt"],
        Form::Text,
        "one sentence for lists and search engines",
    ),
    key(
        "date",
        &["created", "date created", "pubDate", "publishDate", "published"],
        Form::Date,
        "when it was written",
    ),
    key(
        "updated",
        &["lastmod", "modified", "last-modified", "date modified", "lastUpdated"],
        Form::Date,
        "when it was last changed",
    ),
    key("draft", &["status"], Form::FlagOrWord, "built only with `--drafts`"),
    key("publish", &[], Form::Flag, "`false`: never built"),
    key(
        "unlisted",
        &["sidebar.hidden", "noindex"],
        Form::Flag,
        "built, but in no list, search, feed or sitemap",
    ),
    key(
        "quiet",
        &[],
        Form::Flag,
        "found in its folder, by search and by links, but in no list of the site",
    ),
    key("in_search_index", &[], Form::Flag, "`false`: as `unlisted`"),
    key("slug", &[], Form::Text, "the last part of the address"),
    key("permalink", &["url", "path"], Form::Text, "the whole address"),
    key(
        "weight",
        &["order", "sidebar_position", "sidebar.order", "nav_order"],
        Form::Number,
        "the order among siblings",
    ),
    key(
        "linkTitle",
        &["linktitle", "sidebar_label", "sidebar.label", "nav_title", "short_title"],
        Form::Text,
        "a short name for trees and links",
    ),
    key("image", &["cover", "og_image", "socialImage"], Form::Any, "a picture for cards"),
    key("cssclasses", &["cssclass", "pageClass"], Form::Texts, "classes on the article"),
    key("lang", &["language"], Form::Language, "the note's language (BCP 47)"),
    key(
        "toc",
        &["tableOfContents", "enableToc", "outline"],
        Form::Depth,
        "`false`, or how deep the outline goes",
    ),
    key("template", &["layout"], Form::Text, "the template's file"),
    key("up", &[], Form::Links, "the note above, for breadcrumbs"),
    key("prev", &[], Form::Links, "the note before"),
    key("next", &[], Form::Links, "the note after"),
    key("related", &[], Form::Links, "notes to read with it"),
    key("requires", &[], Form::Links, "notes to read before it"),
    key("series", &["part_of"], Form::Any, "the series it belongs to"),
    key("steps", &[], Form::Flag, "whether its ordered lists of links are a learning path"),
    key("authors", &["author"], Form::Any, "who wrote it"),
    key("reviewed", &[], Form::Any, "when and against which version it was checked"),
    key("review_after", &[], Form::Any, "when it should be checked again"),
    key(
        "translation_of",
        &["translationKey"],
        Form::Links,
        "the note that this one translates",
    ),
    key("level", &[], Form::Any, "how hard it is, as a badge"),
    key("frequency", &[], Form::Any, "how often it is asked, as a badge"),
];

/// The key that a spelling at the top level stands for.
pub fn find_key(spelling: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.names().any(|name| name.split('.').next() == Some(spelling)))
}
