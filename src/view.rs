//! All that a template may see: plain, typed values, ready to print. Links are relative
//! to the page. The public API of themes; changed only with a changelog line.

use std::collections::BTreeMap;

use serde::Serialize;

pub mod lists;
pub mod local_graph;
pub mod map;
pub mod note;
pub mod page;
pub mod quiz;
pub mod routes;
pub mod tree;

/// What every page sees, under `site`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SiteView {
    /// The site's name.
    pub title: String,
    /// One sentence on it.
    pub description: String,
    /// Where it is published, with a slash at the end; empty if not known.
    pub base_url: String,
    /// The repository's address; empty if not known.
    pub repo_url: String,
    /// `zhi 0.1.0`
    pub generator: String,
    /// How many notes there are.
    pub notes: usize,
}

/// What every page sees, under `page`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PageView {
    /// `note`, `folder`, `tag`, `tags`, `home`, `recent`, `index`, `graph`, `snippets`,
    /// `quiz`, `search`, `404`.
    pub kind: &'static str,
    /// What the page is called; the text of its only `h1`.
    pub title: String,
    /// The `<title>`: unique on the site, with the site's name.
    pub head_title: String,
    /// Its language (BCP 47).
    pub lang: String,
    /// One sentence for search engines and cards.
    pub description: String,
    /// Its address from the site's root, such as `pod/probes.html`.
    pub url: String,
    /// The way to the site's root: empty, `../`, `../../`; on the 404 page the whole base.
    pub root: String,
    /// Its address on the web; empty if the site's is not known.
    pub canonical: String,
    /// The picture for cards, as an absolute address; may be empty.
    pub image: String,
    /// Whether search engines shall leave it out.
    pub noindex: bool,
    /// The page's (or the site's) Atom feed; may be empty.
    pub feed: String,
    /// JSON-LD, ready to print inside its element; may be empty.
    pub json_ld: String,
    /// The ways of the theme's files by name: `assets["site.css"]`.
    pub assets: BTreeMap<String, String>,
    /// The tree of folders and notes as HTML, the page's own entry marked.
    pub tree: String,
    /// From the site's home down to the page's parent.
    pub breadcrumbs: Vec<LinkView>,
    /// How the box finds the index; absent if the site has no search.
    pub search: Option<SearchView>,
    /// The same page in other languages.
    pub translations: Vec<TranslationView>,
    /// Fixed pages, for header and footer.
    pub home: String,
    /// All topics.
    pub topics: String,
    /// Recently changed notes.
    pub recent: String,
    /// All notes by first letter.
    pub index: String,
    /// The graph of all notes; empty if the site has none.
    pub graph: String,
    /// Kubernetes objects by kind; empty if the notes show none.
    pub snippets: String,
    /// The questions of all notes; empty if they ask none.
    pub quiz: String,
    /// The page for searching; empty if the site has none.
    pub search_page: String,
}

/// A title with a way to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LinkView {
    /// The text.
    pub title: String,
    /// The way from the page.
    pub href: String,
}

/// How the search box finds its index.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SearchView {
    /// The way to the folder of index files, with a slash at the end.
    pub root: String,
    /// The first file's name.
    pub entry: String,
}

/// A page in another language.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TranslationView {
    /// Its language.
    pub lang: String,
    /// The language's own name.
    pub name: String,
    /// The way to it.
    pub href: String,
    /// Its address on the web; empty if the site's is not known.
    pub canonical: String,
}

/// A note in a list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CardView {
    /// Its title.
    pub title: String,
    /// The way to it.
    pub href: String,
    /// One sentence on it.
    pub description: String,
    /// `2026-11-20`, when last changed; empty if not known.
    pub date: String,
    /// Minutes of reading.
    pub minutes: usize,
    /// The front matter's `level`; may be empty.
    pub level: String,
    /// The front matter's `frequency`; may be empty.
    pub frequency: String,
    /// On the index the title's first letter by pinyin, `A`–`Z` or `#`; elsewhere blank.
    pub initial: char,
}

/// A folder or topic in a list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GroupView {
    /// Its title.
    pub title: String,
    /// The way to it.
    pub href: String,
    /// One sentence on it; may be empty.
    pub description: String,
    /// How many notes it holds.
    pub count: usize,
    /// How deep it is nested, from 0.
    pub depth: usize,
}

/// A note's page, under `note`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NoteView {
    /// Its text as HTML.
    pub content: String,
    /// The id of the title, so that links to a removed h1 arrive.
    pub title_id: String,
    /// The outline; empty if the note wants none or has fewer than two headings.
    pub toc: Vec<TocView>,
    /// Its topics.
    pub topics: Vec<LinkView>,
    /// Who links here, with the sentences.
    pub backlinks: Vec<BacklinkView>,
    /// What to read next to it.
    pub related: Vec<CardView>,
    /// What to read before it (`requires`).
    pub requires: Vec<LinkView>,
    /// The note before it in the tree.
    pub prev: Option<LinkView>,
    /// The note after it in the tree.
    pub next: Option<LinkView>,
    /// `2026-11-20`, when it was written; may be empty.
    pub date: String,
    /// `2026-11-20`, when it was last changed; may be empty.
    pub updated: String,
    /// Minutes of reading.
    pub minutes: usize,
    /// Han characters.
    pub han: usize,
    /// Words of other scripts.
    pub words: usize,
    /// The front matter's `level`; may be empty.
    pub level: String,
    /// The front matter's `frequency`; may be empty.
    pub frequency: String,
    /// `reviewed.date`; may be empty.
    pub reviewed: String,
    /// What it was reviewed against, such as `Kubernetes 1.33–1.37`; may be empty.
    pub reviewed_against: String,
    /// Where it can be edited; may be empty.
    pub edit_url: String,
    /// Where a problem with it can be reported; may be empty.
    pub report_url: String,
    /// The Markdown copy beside it; may be empty.
    pub markdown: String,
    /// Names from the front matter.
    pub authors: Vec<String>,
    /// Classes for the article.
    pub css_classes: String,
    /// Its steps in learning paths and its parts in series.
    pub places: Vec<PlaceView>,
    /// Its steps, if it is a learning path.
    pub path: Option<PathView>,
    /// Who wrote it, as git knows: names that are not among the authors.
    pub contributors: Vec<String>,
    /// The notes one link away as an SVG; may be empty.
    pub local_graph: String,
    /// All front matter under its own names.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// A note's place in a learning path or a series.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PlaceView {
    /// What the path or series is called.
    pub title: String,
    /// The way to the path; empty for a series.
    pub href: String,
    /// Which step or part the note is, from 1.
    pub number: usize,
    /// How many there are.
    pub total: usize,
    /// The step before.
    pub prev: Option<LinkView>,
    /// The step after.
    pub next: Option<LinkView>,
    /// All parts of a series; empty for a path, whose page lists them.
    pub parts: Vec<LinkView>,
}

/// A learning path in a list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PathView {
    /// What it is called.
    pub title: String,
    /// The way to it.
    pub href: String,
    /// One sentence on it.
    pub description: String,
    /// How many steps it has.
    pub total: usize,
    /// The addresses of its steps from the site's root, with blanks between.
    pub steps: String,
}

/// An entry of the outline.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TocView {
    /// The heading's level, from 2.
    pub level: u8,
    /// Its id.
    pub id: String,
    /// Its text.
    pub text: String,
}

/// A note that links here.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BacklinkView {
    /// Its title.
    pub title: String,
    /// The way to it.
    pub href: String,
    /// The sentences round its links to here.
    pub mentions: Vec<MentionView>,
}

/// A sentence with a link.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MentionView {
    /// What stands before the link.
    pub before: String,
    /// The link's text.
    pub text: String,
    /// What stands after it.
    pub after: String,
    /// The heading it stands under; may be empty.
    pub section: String,
    /// The way to that heading.
    pub href: String,
}

/// A folder's page, under `folder`; it has `note` too if the folder has a note of its own.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FolderView {
    /// The folders in it.
    pub folders: Vec<GroupView>,
    /// The notes in it, of a long folder those of one page.
    pub notes: Vec<CardView>,
    /// How many notes it has on all its pages.
    pub count: usize,
    /// How many questions its notes ask; only of folders at the top.
    pub questions: usize,
    /// The way to these questions; empty if there are none.
    pub quiz: String,
}

/// A topic's page, under `tag`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TagView {
    /// Its last part.
    pub name: String,
    /// The text of the note that describes it, as HTML; may be empty.
    pub content: String,
    /// The topics inside it.
    pub children: Vec<GroupView>,
    /// Topics that stand with it on notes, the most frequent first.
    pub related: Vec<GroupView>,
    /// Its notes, those of the topics inside it included.
    pub notes: Vec<CardView>,
    /// How many notes it has on all its pages.
    pub count: usize,
}

/// The home page, under `home`; it has `note` too if the site has a home note.
#[derive(Clone, Debug, Default, Serialize)]
pub struct HomeView {
    /// The folders at the top.
    pub folders: Vec<GroupView>,
    /// Notes at the top.
    pub notes: Vec<CardView>,
    /// The most used topics.
    pub topics: Vec<GroupView>,
    /// The notes that changed last.
    pub recent: Vec<CardView>,
    /// Learning paths.
    pub paths: Vec<PathView>,
    /// How many questions the notes ask.
    pub questions: usize,
}

/// Notes under one heading, on the pages `recent` (by month) and `index` (by letter);
/// under `groups`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CardGroupView {
    /// The month or letter.
    pub title: String,
    /// Its notes.
    pub notes: Vec<CardView>,
}

/// A kind of Kubernetes object, under `kinds` on the page `snippets`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct KindView {
    /// The kind.
    pub title: String,
    /// Where objects of this kind are shown, in reading order.
    pub snippets: Vec<SnippetView>,
}

/// A place where a Kubernetes object is shown.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SnippetView {
    /// The note's title.
    pub title: String,
    /// The heading it stands under; may be empty.
    pub section: String,
    /// The way to it.
    pub href: String,
    /// The object's API version.
    pub api_version: String,
}

/// Questions of the notes in one folder, under `groups` on the page `quiz`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct QuizGroupView {
    /// The folder's name.
    pub title: String,
    /// The id of its heading on the page.
    pub id: String,
    /// Its questions, in reading order.
    pub questions: Vec<QuestionView>,
}

/// A question with its answer.
#[derive(Clone, Debug, Default, Serialize)]
pub struct QuestionView {
    /// A name that stays while the question does.
    pub id: String,
    /// Question and answer as HTML: a `details` element.
    pub content: String,
    /// The note that asks it; the way leads to the section.
    pub note: LinkView,
    /// The note's `level`; may be empty.
    pub level: String,
    /// The note's `frequency`; may be empty.
    pub frequency: String,
    /// The note's topics.
    pub topics: Vec<String>,
}

/// The picture of all notes, under `graph`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GraphView {
    /// How many notes it shows.
    pub shown: usize,
    /// How many notes there are.
    pub total: usize,
    /// How many links it shows.
    pub links: usize,
    /// The shown notes by folder; their places in `data` are in this order.
    pub groups: Vec<MapGroupView>,
    /// The topics that it can be narrowed to.
    pub topics: Vec<String>,
    /// JSON for the page's script: `places` (x and y of every note), `links`
    /// (pairs of notes by number), `topics` (notes by number).
    pub data: String,
}

/// The notes of one folder in the picture.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MapGroupView {
    /// The folder's name.
    pub title: String,
    /// Its notes.
    pub notes: Vec<LinkView>,
}

/// A list's place among several pages, under `pager`; absent if one page holds all.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PagerView {
    /// This page's number, from 1.
    pub number: usize,
    /// How many pages there are.
    pub total: usize,
    /// The page before; empty on the first.
    pub prev: String,
    /// The page after; empty on the last.
    pub next: String,
}
