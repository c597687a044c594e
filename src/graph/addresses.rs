//! The address of every page, made of its path, slug or permalink.

use crate::config::{Config, Slugs, UrlStyle};
use crate::note::{Head, Note, is_folder_note};
use crate::path;
use crate::text::slug::slug;

/// The address of a note from the site's root, such as `pod/probes.html`.
pub fn url(note: &Note, config: &Config) -> String {
    url_at(&note.path, &note.head, config)
}

/// The address that a note of this head has, or would have, at a path.
pub fn url_at(note: &str, head: &Head, config: &Config) -> String {
    if let Some(permalink) = &head.permalink
        && let Some(url) = written_address(permalink)
    {
        return url;
    }
    let folder = slugged_folder(path::parent(note), config);
    if is_folder_note(note) && head.slug.is_none() {
        return index_of(&folder);
    }
    let name = head.slug.as_deref().unwrap_or_else(|| path::stem(note));
    page_in(&folder, &slug_part(&name.replace('/', "-"), config), config)
}

/// The address of a folder's own page.
pub fn folder_url(folder: &str, config: &Config) -> String {
    index_of(&slugged_folder(folder, config))
}

/// The address of a former name of a note, beside the note.
pub fn alias_url(note_url: &str, alias: &str, config: &Config) -> String {
    let folder = path::parent(note_url);
    let folder = if config.urls.style == UrlStyle::Dir { path::parent(folder) } else { folder };
    let parts: Vec<String> = alias
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| slug_part(part, config))
        .collect();
    let joined = parts.join("/");
    page_in(folder, if joined.is_empty() { "alias" } else { &joined }, config)
}

/// The file that an address written by hand means: `/a/b/` is `a/b/index.html`.
/// `None` if it leads out of the site or nowhere.
pub fn written_address(written: &str) -> Option<String> {
    let written = path::decode(written.split(['?', '#']).next().unwrap_or_default());
    let is_folder = written.ends_with('/');
    let parts: Vec<String> = written
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .map(|part| if part == ".." { None } else { Some(keep_html(part)) })
        .collect::<Option<_>>()?;
    let joined = parts.join("/");
    Some(match (joined.is_empty(), is_folder) {
        (true, _) => "index.html".to_owned(),
        (_, true) => format!("{joined}/index.html"),
        _ if joined.ends_with(".html") => joined,
        _ => format!("{joined}.html"),
    })
}

fn keep_html(part: &str) -> String {
    match part.strip_suffix(".html") {
        Some(stem) => format!("{}.html", slug(stem)),
        None => slug(part),
    }
}

fn slugged_folder(folder: &str, config: &Config) -> String {
    let parts = folder.split('/').filter(|part| !part.is_empty());
    parts.map(|part| slug_part(part, config)).collect::<Vec<_>>().join("/")
}

fn slug_part(part: &str, config: &Config) -> String {
    match config.urls.slugs {
        Slugs::Unicode => slug(part),
        Slugs::Pinyin => slug(&crate::text::pinyin::spelled(part)),
    }
}

fn index_of(folder: &str) -> String {
    if folder.is_empty() { "index.html".to_owned() } else { format!("{folder}/index.html") }
}

/// The address of a page with a slugged name in a slugged folder.
pub fn page_in(folder: &str, name: &str, config: &Config) -> String {
    let base = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    match config.urls.style {
        UrlStyle::File => format!("{base}.html"),
        UrlStyle::Dir => format!("{base}/index.html"),
    }
}
