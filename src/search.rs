//! The search index: what a reader's query is answered from, without a server.
//!
//! Documents come in, files for the folder `search/` go out. Everything here is a pure
//! function of its arguments; it knows nothing of notes, templates or the disk. The other
//! half is `static/search.js`, which reads these files in the browser; the form of the
//! files is written down in `shards`, `texts` and `root`.

mod dictionary;
mod glossary;
mod index;
pub mod ndjson;
mod pack;
mod pinyin;
mod root;
mod scribe;
mod shards;
mod texts;
pub mod tokenise;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;

/// One page, as search sees it.
#[derive(Clone, Debug, Default)]
pub struct Document<'a> {
    /// Where the page is, relative to the root of the site; unique.
    pub url: &'a str,
    /// The page's title.
    pub title: &'a str,
    /// Its topics; the reader can filter by them.
    pub tags: Vec<&'a str>,
    /// Other names of the page; they count as much as the title.
    pub aliases: Vec<&'a str>,
    /// Where the page stands in the tree, as the result list shows it.
    pub breadcrumb: &'a str,
    /// Whether it is there to be looked up: it comes behind pages that say as much.
    pub quiet: bool,
    /// Its text, cut at the headings, in reading order; the first one usually has no heading.
    pub sections: Vec<Section<'a>>,
}

/// A heading and the text up to the next one.
#[derive(Clone, Debug, Default)]
pub struct Section<'a> {
    /// The anchor; empty for the text before the first heading.
    pub id: &'a str,
    /// The heading's text; empty for the text before the first heading.
    pub heading: &'a str,
    /// Plain text, code included.
    pub text: Cow<'a, str>,
}

/// What the owner of the site can choose.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Titles, other names, headings and topics are found by their pinyin as well.
    pub pinyin: bool,
    /// Groups of words that mean the same: `[[驱逐, eviction], [持久卷, 持久化卷, PV]]`.
    pub glossary: Vec<Vec<String>>,
    /// The words of the search box by key, in the language of the site.
    pub labels: BTreeMap<String, String>,
}

/// The files of an index, ready to be written below `search/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Name below `search/` (with `/`) and content, in the order of the names.
    pub files: Vec<(String, Vec<u8>)>,
    /// The name of the file that the page must load first.
    pub entry: String,
}

/// Makes the index. The order of the documents does not matter; of two documents with one
/// address the first one counts.
pub fn index(documents: &[Document<'_>], settings: &Settings) -> Files {
    let mut pages: Vec<&Document<'_>> = documents.iter().collect();
    pages.sort_by_key(|page| page.url);
    pages.dedup_by_key(|page| page.url);
    let synonyms = glossary::synonyms(&pages, &settings.glossary);
    let spellings = if settings.pinyin { pinyin::entries(&pages) } else { Vec::new() };
    let postings = index::index(&pages, &synonyms, spellings);
    let shards = shards::shards(&postings);
    let texts = texts::texts(&pages);
    root::files(&pages, settings, &postings, shards, texts)
}
