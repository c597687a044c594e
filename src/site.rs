//! The snapshot of a whole site, and stage 4, plan: which pages it has and where.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::git::History;
use crate::graph::addresses::{self, Taken};
use crate::graph::folders::Entry;
use crate::graph::tags::TagId;
use crate::graph::{About, Graph, NoteId};
use crate::note::{Note, Settings, allow, front_matter};
use crate::path::{self, SitePath};
use crate::source::Asset;
use crate::theme::Theme;

/// How many notes a page of a list shows.
pub const PER_PAGE: usize = 200;

/// An immutable snapshot of everything. Plain data; the stages are functions beside it.
#[derive(Clone, Debug)]
pub struct Site {
    /// The settings.
    pub config: Arc<Config>,
    /// The look.
    pub theme: Arc<Theme>,
    /// All notes, by path.
    pub notes: Vec<Arc<Note>>,
    /// How they hang together.
    pub graph: Arc<Graph>,
    /// All attachments, by path relative to the folder of notes.
    pub assets: Arc<BTreeMap<SitePath, Asset>>,
    /// When notes were written and changed, and by whom, by path.
    pub history: Arc<BTreeMap<SitePath, History>>,
    /// What was found while reading the folder.
    pub found: Arc<Vec<Diagnostic>>,
    /// The folder of notes relative to the site: empty, or ending with `/`.
    pub prefix: SitePath,
    /// The folder of notes on the disk, for attachments.
    pub content: PathBuf,
    /// The site's name.
    pub title: String,
}

/// A page or file of the site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    /// The home page, with its note if it has one.
    Home,
    /// A note.
    Note(NoteId),
    /// A folder by path, and which page of its list.
    Folder(SitePath, usize),
    /// A topic, and which page of its list.
    Tag(TagId, usize),
    /// All topics.
    Tags,
    /// What changed last.
    Recent,
    /// All notes by first letter, and which page.
    Index(usize),
    /// Kubernetes objects in notes by kind, and which page.
    Snippets(usize),
    /// Questions in notes, and which page of them.
    Quiz(usize),
    /// The picture of all notes.
    Graph,
    /// The page for searching.
    Search,
    /// What a server shows where there is nothing.
    NotFound,
    /// A former address: the note's address and title.
    Redirect(NoteId),
    /// A feed of the site, or of a topic.
    Feed(Option<TagId>),
    /// The list of pages for search engines.
    Sitemap,
    /// What robots may read.
    Robots,
    /// The site for language models: a list, or with all texts.
    Llms(bool),
    /// A note's Markdown.
    Markdown(NoteId),
    /// A file that notes use.
    Asset(SitePath),
    /// A file of the theme.
    Static(String),
    /// Says that GitHub Pages shall not touch the files.
    NoJekyll,
}

impl Page {
    /// Whether a template makes it.
    pub fn is_html(&self) -> bool {
        match self {
            Page::Home
            | Page::Note(_)
            | Page::Folder(..)
            | Page::Tag(..)
            | Page::Tags
            | Page::Recent
            | Page::Index(_)
            | Page::Snippets(_)
            | Page::Quiz(_)
            | Page::Graph
            | Page::Search
            | Page::NotFound
            | Page::Redirect(_) => true,
            Page::Feed(_)
            | Page::Sitemap
            | Page::Robots
            | Page::Llms(_)
            | Page::Markdown(_)
            | Page::Asset(_)
            | Page::Static(_)
            | Page::NoJekyll => false,
        }
    }
}

/// All pages by address.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The pages, by address from the site's root.
    pub pages: BTreeMap<String, Page>,
}

/// Decides which pages a site has, and where. Notes, folders and attachments come with
/// their addresses; of two pages that share one the first in this order shows both.
pub fn plan(site: &Site) -> Plan {
    let mut plan = Planner { site, plan: Plan::default(), taken: Taken::default() };
    plan.notes();
    // A folder `tags` may hold notes that describe topics; its page is still the topics'.
    plan.topics();
    plan.folders();
    plan.lists();
    plan.files();
    plan.redirects();
    plan.plan
}

struct Planner<'a> {
    site: &'a Site,
    plan: Plan,
    taken: Taken,
}

impl Planner<'_> {
    /// Adds a page, unless another has its address.
    fn add(&mut self, url: String, page: Page) {
        if self.taken.take(&url, "") {
            self.plan.pages.insert(url, page);
        }
    }

    fn notes(&mut self) {
        let site = self.site;
        let described = site.graph.tags.all.iter().enumerate();
        let described: BTreeMap<NoteId, TagId> =
            described.filter_map(|(tag, topic)| Some((topic.described_by?, tag))).collect();
        for (id, note) in site.notes.iter().enumerate().filter(|(id, _)| site.graph.live[*id]) {
            let folder = path::parent(&note.path);
            let is_index = site.graph.folders.all[folder].index == Some(id);
            let url = site.graph.urls[id].clone();
            let page = match (is_index, folder.is_empty()) {
                (true, true) => Page::Home,
                (true, false) => Page::Folder(folder.to_owned(), 1),
                _ => match described.get(&id) {
                    Some(tag) => Page::Tag(*tag, 1),
                    None => Page::Note(id),
                },
            };
            self.add(url.clone(), page);
            if site.config.markdown_copies && !note.head.unlisted {
                let copy = format!("{}.md", url.strip_suffix(".html").unwrap_or(&url));
                self.add(copy, Page::Markdown(id));
            }
        }
    }

    fn folders(&mut self) {
        let site = self.site;
        self.add("index.html".to_owned(), Page::Home);
        for (path, folder) in site.graph.folders.all.iter().filter(|(path, _)| !path.is_empty())
        {
            let notes =
                folder.entries.iter().filter(|entry| matches!(entry, Entry::Note(_))).count();
            for number in 1..=pages_for(notes) {
                self.add(numbered(&folder.url, number), Page::Folder(path.clone(), number));
            }
        }
    }

    fn topics(&mut self) {
        for (id, tag) in self.site.graph.tags.all.iter().enumerate() {
            for number in 1..=pages_for(tag.notes.len()) {
                self.add(numbered(&tag.url, number), Page::Tag(id, number));
            }
        }
        self.add("tags/index.html".to_owned(), Page::Tags);
    }

    fn lists(&mut self) {
        let listed = self.site.graph.folders.prominent;
        self.add("recent.html".to_owned(), Page::Recent);
        let snippets = self.site.graph.snippets.len();
        for number in 1..=if snippets == 0 { 0 } else { pages_for(snippets) } {
            self.add(numbered(addresses::SNIPPETS, number), Page::Snippets(number));
        }
        let questions = self.site.graph.questions.len();
        for number in 1..=if questions == 0 { 0 } else { pages_for(questions) } {
            self.add(numbered(addresses::QUIZ, number), Page::Quiz(number));
        }
        if self.site.config.graph.global {
            self.add(addresses::GRAPH.to_owned(), Page::Graph);
        }
        for number in 1..=pages_for(listed) {
            self.add(numbered("a-z.html", number), Page::Index(number));
        }
        self.add("404.html".to_owned(), Page::NotFound);
        if self.site.config.search.enabled {
            self.add("search.html".to_owned(), Page::Search);
        }
    }

    fn files(&mut self) {
        let site = self.site;
        for name in site.theme.files.keys() {
            self.add(name.clone(), Page::Static(name.clone()));
        }
        for (path, url) in &site.graph.used_assets {
            self.add(url.clone(), Page::Asset(path.clone()));
        }
        if !site.config.base_url.is_empty() {
            self.add("sitemap.xml".to_owned(), Page::Sitemap);
            if site.config.feeds.limit > 0 {
                self.feeds();
            }
        }
        self.add("robots.txt".to_owned(), Page::Robots);
        self.add("llms.txt".to_owned(), Page::Llms(false));
        if site.config.markdown_copies {
            self.add("llms-full.txt".to_owned(), Page::Llms(true));
        }
        self.add(".nojekyll".to_owned(), Page::NoJekyll);
    }

    fn feeds(&mut self) {
        let site = self.site;
        self.add("feed.xml".to_owned(), Page::Feed(None));
        if site.config.feeds.per_tag {
            for (id, tag) in site.graph.tags.all.iter().enumerate() {
                self.add(feed_url(&tag.url), Page::Feed(Some(id)));
            }
        }
    }

    fn redirects(&mut self) {
        let site = self.site;
        for (id, note) in site.notes.iter().enumerate().filter(|(id, _)| site.graph.live[*id]) {
            let aliases = note.head.aliases.iter().map(|alias| {
                Some(addresses::alias_url(&site.graph.urls[id], alias, &site.config))
            });
            let written =
                note.head.redirects.iter().map(|address| addresses::written_address(address));
            for url in aliases.chain(written).flatten() {
                self.add(url, Page::Redirect(id));
            }
        }
    }
}

/// How many pages a list of this length takes; at least one.
pub fn pages_for(length: usize) -> usize {
    length.div_ceil(PER_PAGE).max(1)
}

/// The address of a list's page: `a.html`, `a-2.html`, `a-3.html` …
pub fn numbered(url: &str, number: usize) -> String {
    if number == 1 {
        return url.to_owned();
    }
    format!("{}-{number}.html", url.strip_suffix(".html").unwrap_or(url))
}

/// The address of a topic's feed.
pub fn feed_url(tag_url: &str) -> String {
    format!("{}.xml", tag_url.strip_suffix(".html").unwrap_or(tag_url))
}

/// All findings of a snapshot but those of rendering: levels set by the configuration,
/// paths relative to the site, sorted by file, place and code, each once.
pub fn findings(site: &Site, rendering: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let of_notes = site.notes.iter().flat_map(|note| note.diagnostics.iter().cloned());
    let of_links = site.graph.problems.iter().map(|problem| {
        let note = &site.notes[problem.note];
        let span = match &problem.about {
            About::Link(link) => Some(note.link_spans[*link]),
            About::Tag(tag) => note.tag_span(tag),
            About::Address => address_span(&note.source),
        };
        Diagnostic { span: span.unwrap_or_default(), ..problem.finding.clone() }
    });
    let inside = of_notes.chain(of_links).chain(site.found.iter().cloned()).chain(rendering);
    let mut all: Vec<Diagnostic> =
        inside.filter_map(|finding| levelled(site, finding)).collect();
    all.sort();
    all.dedup();
    without_allowed(site, all)
}

/// Where a note asks for its address, if it does.
fn address_span(source: &str) -> Option<Span> {
    let keys = ["permalink", "url", "path", "slug"];
    keys.iter().find_map(|key| front_matter::key_span(source, key))
}

/// Leaves out what comments in the notes let pass.
fn without_allowed(site: &Site, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let settings = Settings { config: &site.config, words: &site.theme.words };
    let mut kept = Vec::with_capacity(findings.len());
    for same_file in findings.chunk_by(|left, right| left.file == right.file) {
        let note =
            site.note_at(&same_file[0].file).filter(|note| allow::mentions(&note.source));
        let allowed = note.map(|note| allow::allowed(note, settings)).unwrap_or_default();
        kept.extend(same_file.iter().filter(|finding| !allowed.covers(finding)).cloned());
    }
    kept
}

impl Site {
    /// The note at a path relative to the site, as findings name it.
    pub fn note_at(&self, file: &str) -> Option<&Note> {
        let path = file.strip_prefix(&self.prefix)?;
        let at = self.notes.binary_search_by(|note| note.path.as_str().cmp(path)).ok()?;
        Some(&self.notes[at])
    }
}

/// The finding as the configuration weighs it, with its path relative to the site; `None`
/// if it is not reported.
pub fn levelled(site: &Site, mut finding: Diagnostic) -> Option<Diagnostic> {
    finding.severity = site.config.severity(finding.code)?;
    // Those in templates are named from the site's own folder already.
    if finding.code != Code::Template {
        finding.file = format!("{}{}", site.prefix, finding.file);
    }
    Some(finding)
}

/// The text of a file that findings are about.
pub fn text_of<'a>(site: &'a Site, file: &str) -> Option<&'a str> {
    if let Some(text) = site.theme.text(file) {
        return Some(text);
    }
    site.note_at(file).map(|note| &*note.source)
}
