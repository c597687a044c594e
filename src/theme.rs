//! Templates, styles, scripts and interface words: the built-in ones, and the site's own
//! over them file by file. Sees no notes.

mod short;
mod slim;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use tera::{Kwargs, State, Tera, TeraResult};
use walkdir::WalkDir;

use crate::diagnostic::{Code, Diagnostic};
use crate::source;
use crate::words::Words;

/// The name under which a site's template can extend the built-in one.
const BUILT_IN: &str = "builtin/";

macro_rules! built_in {
    ($folder:literal, $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../", $folder, "/", $name)))),+]
    };
}

/// The built-in templates by name.
pub const TEMPLATES: &[(&str, &str)] = built_in!(
    "templates",
    "404.html",
    "after_note.html",
    "base.html",
    "components.html",
    "folder.html",
    "graph.html",
    "home.html",
    "index.html",
    "note.html",
    "places.html",
    "quiz.html",
    "recent.html",
    "redirect.html",
    "search.html",
    "snippets.html",
    "styles.html",
    "tag.html",
    "tags.html",
);

/// The built-in interface words by language.
pub const WORDS: &[(&str, &str)] = built_in!("templates/words", "en.yaml", "zh.yaml");

/// The built-in styles and scripts by name.
pub const FILES: &[(&str, &str)] = built_in!(
    "static",
    "code.css",
    "diagram.css",
    "graph.css",
    "graph.js",
    "icon.svg",
    "math.css",
    "quiz.css",
    "quiz.js",
    "search.css",
    "search.js",
    "site.css",
    "site.js",
    "theme.js",
);

/// Everything that decides how a site looks.
#[derive(Clone, Debug)]
pub struct Theme {
    /// The templates.
    pub tera: Arc<Tera>,
    /// Files to publish at the site's root, by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// A short hash of each file's content, so that browsers fetch what changed.
    pub versions: BTreeMap<String, String>,
    /// Interface words.
    pub words: Words,
    /// The text of the site's own templates, for findings in them.
    pub texts: BTreeMap<String, String>,
}

/// Why a theme cannot be used.
#[derive(Debug)]
pub enum ThemeError {
    /// A file cannot be read.
    Environment(anyhow::Error),
    /// A template or a file of words has a mistake; the text is the file's.
    Content(Box<Diagnostic>, String),
}

impl From<anyhow::Error> for ThemeError {
    fn from(error: anyhow::Error) -> Self {
        ThemeError::Environment(error)
    }
}

/// Loads the built-in theme, and over it the `templates/` and `static/` of a site.
pub fn load(site: Option<&Path>) -> Result<Theme, ThemeError> {
    let mut texts = BTreeMap::new();
    let mut files: BTreeMap<String, Vec<u8>> = FILES
        .iter()
        .map(|(name, text)| ((*name).to_owned(), published(name, text).into_bytes()))
        .collect();
    let mut words = Words::default();
    for (name, text) in WORDS {
        add_words(&mut words, name, text)?;
    }
    if let Some(dir) = site {
        // Where case does not count, `Templates` of an author's notes are this folder, too.
        let pages = read_folder(&dir.join("templates"))?.into_iter();
        for (name, bytes) in pages.filter(|(name, _)| !crate::path::is_note(name)) {
            let text = String::from_utf8(bytes)
                .with_context(|| format!("templates/{name} is not UTF-8"))?;
            match name.strip_prefix("words/") {
                Some(language) => add_words(&mut words, language, &text)?,
                None => drop(texts.insert(name, text)),
            }
        }
        let is_built_in = |name: &str, bytes: &[u8]| {
            FILES.iter().any(|(own, text)| *own == name && text.as_bytes() == bytes)
        };
        let own = read_folder(&dir.join("static"))?;
        // A copy that was not changed is published like the file it is a copy of.
        files.extend(own.into_iter().filter(|(name, bytes)| !is_built_in(name, bytes)));
    }
    let tera = Arc::new(templates(&texts, words.clone())?);
    let version = |bytes: &Vec<u8>| blake3::hash(bytes).to_hex()[..8].to_owned();
    let versions = files.iter().map(|(name, bytes)| (name.clone(), version(bytes))).collect();
    Ok(Theme { tera, files, versions, words, texts })
}

/// A built-in file as it is published.
fn published(name: &str, text: &str) -> String {
    if Path::new(name).extension().is_some_and(|ext| ext == "js") {
        short::short(&slim::slim(text))
    } else {
        text.to_owned()
    }
}

fn read_folder(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok) {
        let inside = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let parts: Vec<String> =
            inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if entry.file_type().is_file()
            && !parts.iter().any(|part| part.starts_with(".DS_Store"))
        {
            found.push((parts.join("/"), source::read(entry.path())?));
        }
    }
    Ok(found)
}

fn add_words(words: &mut Words, file: &str, yaml: &str) -> Result<(), ThemeError> {
    words.add(crate::path::stem(file), yaml).map_err(|error| {
        let at = error
            .location()
            .map_or(0, |place| yaml.floor_char_boundary(place.index().min(yaml.len())));
        let finding = Diagnostic::new(
            Code::Template,
            &format!("templates/words/{file}"),
            at..at,
            error.to_string(),
        );
        ThemeError::Content(Box::new(finding), yaml.to_owned())
    })
}

fn templates(own: &BTreeMap<String, String>, words: Words) -> Result<Tera, ThemeError> {
    let mut tera = Tera::new();
    tera.register_filter("counted", move |n: usize, named: Kwargs, _: &State<'_>| {
        counted(&words, n, &named)
    });
    let built_in =
        TEMPLATES.iter().map(|(name, text)| (format!("{BUILT_IN}{name}"), (*text).to_owned()));
    let own_texts = own.iter().map(|(name, text)| (name.clone(), text.clone()));
    tera.set_fallback_prefixes([BUILT_IN]).context("the theme cannot be set up")?;
    tera.add_raw_templates(built_in.chain(own_texts)).map_err(|error| {
        let finding = finding(&error);
        let text = own_text(own, &finding.file);
        ThemeError::Content(Box::new(finding), text)
    })?;
    Ok(tera)
}

/// `{{ n | counted(key="notes", lang=page.lang) }}`: the phrase for a number, in the
/// singular or plural of the language.
fn counted(words: &Words, n: usize, named: &Kwargs) -> TeraResult<String> {
    let (key, lang) = (named.must_get::<&str>("key")?, named.must_get::<&str>("lang")?);
    Ok(words.count(lang, key, n))
}

fn own_text(own: &BTreeMap<String, String>, file: &str) -> String {
    let name = file.strip_prefix("templates/").unwrap_or(file);
    let built_in =
        || TEMPLATES.iter().find(|(known, _)| Some(*known) == name.strip_prefix(BUILT_IN));
    own.get(name)
        .cloned()
        .or_else(|| built_in().map(|(_, text)| (*text).to_owned()))
        .unwrap_or_default()
}

/// What a template engine's error says, as a finding in the template.
pub fn finding(error: &tera::Error) -> Diagnostic {
    match error.kind() {
        tera::ErrorKind::SyntaxError(report) | tera::ErrorKind::RenderingError(report) => {
            let file = format!("templates/{}", report.filename());
            Diagnostic::new(
                Code::Template,
                &file,
                report.span().range.clone(),
                lower_first(report.message()),
            )
        }
        other => Diagnostic::new(Code::Template, "templates", 0..0, other.to_string()),
    }
}

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

impl Theme {
    /// Whether two themes were made of the same files.
    pub fn is_same(&self, other: &Theme) -> bool {
        (&self.texts, &self.files, &self.words) == (&other.texts, &other.files, &other.words)
    }

    /// The text of a template, for findings in it.
    pub fn text(&self, file: &str) -> Option<&str> {
        let name = file.strip_prefix("templates/")?;
        let built_in =
            || TEMPLATES.iter().find(|(known, _)| Some(*known) == name.strip_prefix(BUILT_IN));
        self.texts.get(name).map(String::as_str).or_else(|| built_in().map(|(_, text)| *text))
    }
}
