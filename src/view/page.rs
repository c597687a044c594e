//! What every page sees: its head, its place in the tree, the ways to the fixed pages.

use std::collections::BTreeMap;

use super::{LinkView, PageView, SearchView, SiteView, TranslationView, tree};
use crate::graph::NoteId;
use crate::graph::addresses::{GRAPH, QUIZ, SNIPPETS};
use crate::path;
use crate::site::Site;

/// What a page is about, before the ways from it are known.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// `note`, `folder`, …
    pub kind: &'static str,
    /// The text of its h1.
    pub title: String,
    /// What tells its `<title>` from others' of the same name, such as a page number.
    pub distinction: String,
    /// Its language; the site's if empty.
    pub lang: String,
    /// One sentence on it.
    pub description: String,
    /// The folder it lies in, for the tree and the breadcrumbs.
    pub folder: String,
    /// The note it shows.
    pub note: Option<NoteId>,
    /// The address of a feed of its own.
    pub feed: String,
    /// Whether search engines shall leave it out.
    pub noindex: bool,
    /// The picture for cards, relative to the root.
    pub image: String,
}

/// What the whole site shows on every page.
pub fn site_view(site: &Site) -> SiteView {
    SiteView {
        title: site.title.clone(),
        description: site.config.description.clone(),
        base_url: site.config.base_url.clone(),
        repo_url: site.config.repo.url.clone(),
        generator: concat!("zhi ", env!("CARGO_PKG_VERSION")).to_owned(),
        notes: site.graph.folders.prominent,
    }
}

/// The view of a page at an address.
pub fn page_view(site: &Site, url: &str, subject: Subject, search_entry: &str) -> PageView {
    let here = Here { site, url, absolute: subject.kind == "404" };
    let lang =
        if subject.lang.is_empty() { site.config.lang.clone() } else { subject.lang.clone() };
    let canonical = if subject.kind == "404" { String::new() } else { absolute(site, url) };
    let has_feed = !site.config.base_url.is_empty() && site.config.feeds.limit > 0;
    let has_search = site.config.search.enabled && !search_entry.is_empty();
    PageView {
        kind: subject.kind,
        head_title: head_title(site, &subject),
        description: description(site, &subject),
        root: here.root(),
        image: if subject.image.is_empty() {
            String::new()
        } else {
            absolute(site, &subject.image)
        },
        noindex: subject.noindex,
        feed: if has_feed {
            here.to(if subject.feed.is_empty() { "feed.xml" } else { &subject.feed })
        } else {
            String::new()
        },
        json_ld: json_ld(site, url, &subject, &lang),
        assets: assets(&here),
        tree: tree::tree(&here, subject.note, &subject.folder),
        breadcrumbs: breadcrumbs(&here, &subject),
        search: has_search
            .then(|| SearchView { root: here.to("search/"), entry: search_entry.to_owned() }),
        translations: subject.note.map(|id| translations(&here, id)).unwrap_or_default(),
        home: here.to(&site.graph.folders.all[""].url),
        topics: here.to("tags/index.html"),
        recent: here.to("recent.html"),
        snippets: if site.graph.snippets.is_empty() {
            String::new()
        } else {
            here.to(SNIPPETS)
        },
        index: here.to("a-z.html"),
        graph: if site.config.graph.global { here.to(GRAPH) } else { String::new() },
        quiz: if site.graph.questions.is_empty() { String::new() } else { here.to(QUIZ) },
        search_page: if site.config.search.enabled {
            here.to("search.html")
        } else {
            String::new()
        },
        canonical,
        url: url.to_owned(),
        title: subject.title,
        lang,
    }
}

/// A page that links are made from.
#[derive(Clone, Copy)]
pub struct Here<'a> {
    /// The site.
    pub site: &'a Site,
    /// The page's address.
    pub url: &'a str,
    /// Whether links begin at the host: the 404 page is shown under any address.
    pub absolute: bool,
}

impl Here<'_> {
    /// The way to an address of the site, ready for an attribute.
    pub fn to(&self, url: &str) -> String {
        if self.absolute {
            return format!("{}{}", self.root(), path::encode_href(url));
        }
        // A name with a colon at the front would be taken for a scheme.
        let way = path::encode_href(&path::relative(self.url, url));
        match way.split('/').next() {
            Some(first) if first.contains(':') => format!("./{way}"),
            _ => way,
        }
    }

    /// The way to the site's root.
    pub fn root(&self) -> String {
        if self.absolute {
            base_path(&self.site.config.base_url)
        } else {
            path::to_root(self.url)
        }
    }
}

/// The path of the site on its host: `/repo/` of `https://user.example/repo/`.
pub fn base_path(base_url: &str) -> String {
    let after_scheme = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    after_scheme
        .find('/')
        .map_or_else(|| "/".to_owned(), |slash| after_scheme[slash..].to_owned())
}

/// The address of a page on the web; empty if the site's is not known.
pub fn absolute(site: &Site, url: &str) -> String {
    if site.config.base_url.is_empty() {
        return String::new();
    }
    let url = url
        .strip_suffix("index.html")
        .filter(|rest| rest.is_empty() || rest.ends_with('/'))
        .unwrap_or(url);
    format!("{}{}", site.config.base_url, path::encode_ascii(url))
}

fn head_title(site: &Site, subject: &Subject) -> String {
    let mut title = subject.title.clone();
    if !subject.distinction.is_empty() {
        title = format!("{title} · {}", subject.distinction);
    }
    if subject.kind == "home" && subject.title == site.title || site.title.is_empty() {
        return title;
    }
    format!("{title} · {}", site.title)
}

fn description(site: &Site, subject: &Subject) -> String {
    let given = [&subject.description, &site.config.description];
    given.into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_else(|| {
        if subject.title == site.title {
            subject.title.clone()
        } else {
            format!("{} · {}", subject.title, site.title)
        }
    })
}

fn assets(here: &Here<'_>) -> BTreeMap<String, String> {
    let ways = here.site.theme.versions.iter().map(|(name, version)| {
        let way = format!("{}?v={version}", here.to(name));
        (name.clone(), way)
    });
    let mut ways: BTreeMap<String, String> = ways.collect();
    for (name, _) in crate::theme::FILES.iter().chain(OPTIONAL) {
        ways.entry((*name).to_owned()).or_default();
    }
    ways
}

/// Files that a build of zhi may lack; a template may ask for them all the same.
const OPTIONAL: &[(&str, &str)] = &[("diagram.css", ""), ("search.css", "")];

fn breadcrumbs(here: &Here<'_>, subject: &Subject) -> Vec<LinkView> {
    let site = here.site;
    if subject.kind == "home" {
        return Vec::new();
    }
    let home = &site.graph.folders.all[""];
    let mut links = vec![LinkView { title: site.title.clone(), href: here.to(&home.url) }];
    if subject.kind == "tag" {
        links.push(LinkView {
            title: here.site.theme.words.get(&site.config.lang, "topics").to_owned(),
            href: here.to("tags/index.html"),
        });
    }
    if let Some(up) = subject.note.and_then(|id| super::note::relation(here, id, "up")) {
        links.push(up);
        return links;
    }
    let mut path = String::new();
    for part in subject.folder.split('/').filter(|part| !part.is_empty()) {
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(part);
        if let Some(folder) = site.graph.folders.all.get(&path)
            && folder.url != here.url
        {
            links
                .push(LinkView { title: folder_name(site, &path), href: here.to(&folder.url) });
        }
    }
    links
}

/// A folder's short name: its own note's short title, else its title.
pub fn folder_name(site: &Site, path: &str) -> String {
    let folder = &site.graph.folders.all[path];
    let short = folder.index.and_then(|id| site.notes[id].head.link_title.clone());
    short.unwrap_or_else(|| folder.title.clone())
}

/// The same note in other languages: what it translates, and what translates it.
fn translations(here: &Here<'_>, id: NoteId) -> Vec<TranslationView> {
    let site = here.site;
    let original = super::note::related_note(site, id, "translation_of").unwrap_or(id);
    let of_original = site.graph.backlinks[original].iter().filter(|(from, link)| {
        let relations = site.notes[*from].head.relations.get("translation_of");
        relations.is_some_and(|links| links.contains(link))
    });
    let mut family: Vec<NoteId> = of_original.map(|(from, _)| *from).collect();
    family.push(original);
    family.sort_unstable();
    family.dedup();
    if family.len() < 2 {
        return Vec::new();
    }
    let view = |other: &NoteId| {
        let lang =
            site.notes[*other].head.lang.clone().unwrap_or_else(|| site.config.lang.clone());
        TranslationView {
            name: site.theme.words.get(&lang, "language_name").to_owned(),
            href: here.to(&site.graph.urls[*other]),
            canonical: absolute(site, &site.graph.urls[*other]),
            lang,
        }
    };
    family.iter().filter(|other| **other != id && site.graph.live[**other]).map(view).collect()
}

/// Structured data for search engines (schema.org), safe inside a script element.
fn json_ld(site: &Site, url: &str, subject: &Subject, lang: &str) -> String {
    let address = absolute(site, url);
    if address.is_empty() || subject.noindex {
        return String::new();
    }
    let kind = if subject.note.is_some() { "TechArticle" } else { "WebPage" };
    let mut data = serde_json::json!({
        "@context": "https://schema.org",
        "@type": kind,
        "name": subject.title,
        "headline": subject.title,
        "description": description(site, subject),
        "inLanguage": lang,
        "url": address,
        "isPartOf": { "@type": "WebSite", "name": site.title, "url": site.config.base_url },
    });
    if let Some(id) = subject.note {
        let (date, updated) = super::note::dates(site, id);
        if !date.is_empty() {
            data["datePublished"] = date.into();
        }
        if !updated.is_empty() {
            data["dateModified"] = updated.into();
        }
    }
    data.to_string().replace('<', "\\u003c")
}
