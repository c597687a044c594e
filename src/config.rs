//! The site's settings: `zhi.yaml`, typed, checked and with defaults for everything.
//! A leaf; reads no file itself.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic, Severity};

mod mistakes;

pub use mistakes::open_quote;
use mistakes::{key_finding, refuse_nesting, yaml_finding};

/// The name of the configuration file.
pub const FILE: &str = "zhi.yaml";

/// All settings of a site. Every field has a default; no file is needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The site's name; empty means the home note's title or the folder's name.
    pub title: String,
    /// One sentence on the site, for its home page, feeds and search engines.
    pub description: String,
    /// Where the site will be published; only feeds, sitemap, canonical addresses, the
    /// 404 page and cards need it. Ends with `/` when not empty.
    pub base_url: String,
    /// The language of notes that name none (BCP 47); empty means Chinese or English,
    /// whichever the notes are written in.
    pub lang: String,
    /// The folder of notes; empty means the site's own folder.
    pub source: String,
    /// Where the site is written.
    pub output: String,
    /// Globs of files below `source` that are neither notes nor attachments.
    pub ignore: Vec<String>,
    /// Whether a note needs `publish: true` to be built.
    pub publish_mode: PublishMode,
    /// How addresses are made.
    pub urls: Urls,
    /// How Markdown is read.
    pub markdown: Markdown,
    /// How code is shown.
    pub code: CodeSettings,
    /// Whether and how the site is searched.
    pub search: Search,
    /// Groups of words that mean the same, for search.
    pub glossary: Vec<Vec<String>>,
    /// What stands under a note.
    pub backlinks: Backlinks,
    /// The pictures of how notes are linked.
    pub graph: GraphSettings,
    /// Atom feeds.
    pub feeds: Feeds,
    /// Levels of findings by code: `error`, `warning` (or `warn`), `off`; and
    /// `stale_after`, the age at which a note should be reviewed.
    pub check: Check,
    /// Where the sources lie, for "edit this page".
    pub repo: Repo,
    /// The order of the tree: `auto`, or a list of paths.
    pub nav: Nav,
    /// Which attachments are published: those that notes use, or all.
    pub attachments: Attachments,
    /// Whether `categories:` count as tags.
    pub categories_as_tags: bool,
    /// A Markdown copy beside each page, and `llms-full.txt`.
    pub markdown_copies: bool,
    /// Whether notes name who wrote them, as git knows it.
    pub contributors: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            title: String::new(),
            description: String::new(),
            base_url: String::new(),
            lang: String::new(),
            source: "notes".to_owned(),
            output: "public".to_owned(),
            ignore: Vec::new(),
            publish_mode: PublishMode::All,
            urls: Urls::default(),
            markdown: Markdown::default(),
            code: CodeSettings::default(),
            search: Search::default(),
            glossary: Vec::new(),
            backlinks: Backlinks::default(),
            graph: GraphSettings::default(),
            feeds: Feeds::default(),
            check: Check::default(),
            repo: Repo::default(),
            nav: Nav::default(),
            attachments: Attachments::Used,
            categories_as_tags: false,
            markdown_copies: false,
            contributors: true,
        }
    }
}

/// Which notes are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PublishMode {
    /// All but drafts and those with `publish: false`.
    All,
    /// Only those with `publish: true`.
    Explicit,
}

/// Which attachments are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Attachments {
    /// Those that a published note links to or embeds.
    Used,
    /// Every file that is not ignored.
    All,
}

/// How addresses are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Urls {
    /// `a/b.html`, which also works from disk, or `a/b/index.html`.
    pub style: UrlStyle,
    /// The alphabet of addresses.
    pub slugs: Slugs,
}

impl Default for Urls {
    fn default() -> Self {
        Urls { style: UrlStyle::File, slugs: Slugs::Unicode }
    }
}

/// The form of a page's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UrlStyle {
    /// `a/b.html`
    File,
    /// `a/b/index.html`
    Dir,
}

/// The alphabet of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Slugs {
    /// Letters of any script.
    Unicode,
    /// Han written as pinyin.
    Pinyin,
}

/// How Markdown is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the file")]
pub struct Markdown {
    /// What a line break inside a paragraph becomes.
    pub breaks: Breaks,
    /// Whether `#tag` in the text is a tag.
    pub inline_tags: bool,
    /// Whether emphasis works beside full-width punctuation.
    pub cjk_emphasis: bool,
    /// Whether straight quotes become curly ones.
    pub smart_quotes: bool,
    /// Whether harmless raw HTML is kept; otherwise it is shown as text.
    pub raw_html: bool,
}

impl Default for Markdown {
    fn default() -> Self {
        Markdown {
            breaks: Breaks::Join,
            inline_tags: true,
            cjk_emphasis: true,
            smart_quotes: false,
            raw_html: true,
        }
    }
}

/// What a line break inside a paragraph becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Breaks {
    /// Nothing between Han, a blank elsewhere.
    Join,
    /// Always a blank.
    Space,
    /// A line break.
    Hard,
}

/// How code is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CodeSettings {
    /// Whether blocks have a copy button.
    pub copy: bool,
    /// Whether blocks show line numbers unless they say otherwise.
    pub line_numbers: bool,
}

impl Default for CodeSettings {
    fn default() -> Self {
        CodeSettings { copy: true, line_numbers: false }
    }
}

/// Whether and how the site is searched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Search {
    /// Whether an index is written.
    pub enabled: bool,
    /// Whether titles, aliases, headings and tags are found by pinyin.
    pub pinyin: Pinyin,
}

impl Default for Search {
    fn default() -> Self {
        Search { enabled: true, pinyin: Pinyin::Titles }
    }
}

/// What is found by pinyin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Pinyin {
    /// Titles, aliases, headings and tags.
    Titles,
    /// Nothing.
    Off,
}

/// What stands under a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Backlinks {
    /// Whether backlinks show the sentence round the link.
    pub context: bool,
}

impl Default for Backlinks {
    fn default() -> Self {
        Backlinks { context: true }
    }
}

/// The pictures of how notes are linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GraphSettings {
    /// How many links away the picture on a note reaches: 0 for none, or 1.
    pub local: u8,
    /// Whether the site has a page with all notes as a graph.
    pub global: bool,
}

impl Default for GraphSettings {
    fn default() -> Self {
        GraphSettings { local: 1, global: true }
    }
}

/// Atom feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Feeds {
    /// How many entries a feed has at most; 0 for no feeds.
    pub limit: usize,
    /// Whether every tag has a feed of its own.
    pub per_tag: bool,
}

impl Default for Feeds {
    fn default() -> Self {
        Feeds { limit: 20, per_tag: true }
    }
}

/// Where the sources lie.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Repo {
    /// The repository's address on its host.
    pub url: String,
    /// The branch that is edited.
    pub branch: String,
    /// The site's folder inside the repository.
    pub path: String,
}

/// The order of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Nav {
    /// `auto`: by weight, then by title.
    Auto(AutoNav),
    /// Paths of notes and folders in their order; the rest follows by itself.
    List(Vec<String>),
}

/// The word `auto`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AutoNav {
    /// By weight, then by title.
    Auto,
}

impl Default for Nav {
    fn default() -> Self {
        Nav::Auto(AutoNav::Auto)
    }
}

/// What `zhi check` is told: in the file one mapping, whose keys are codes and
/// `stale_after`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct Check {
    /// The levels that a site gives to codes, by name as written.
    pub levels: BTreeMap<String, Level>,
    /// The age at which a note that was not reviewed is stale; `None` for never.
    pub stale_after: Option<Age>,
}

/// The level a site gives to a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Reported as an error.
    Error,
    /// Reported as a warning.
    Warning,
    /// Not reported.
    Off,
}

/// A span of the calendar, written `90d`, `8w`, `18mo` or `2y`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    /// How many.
    pub count: u16,
    /// Of what: `d`, `w`, `mo` or `y`.
    pub unit: &'static str,
}

impl JsonSchema for Check {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Check".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let level = |code: &Code| {
            serde_json::json!({
                "description": code.meaning(),
                "enum": ["error", "warning", "warn", "off"],
            })
        };
        let named = |code: &Code| {
            let name = code.name().to_owned();
            [(name.replace('-', "_"), level(code)), (name, level(code))]
        };
        let mut keys: serde_json::Map<_, _> = Code::ALL.iter().flat_map(named).collect();
        let age = serde_json::json!({
            "description": "The age at which a note that was not reviewed is stale.",
            "type": "string",
            "pattern": "^([0-9]{1,5} *(d|w|mo|y)|off)$",
        });
        keys.extend(
            [STALE_AFTER.replace('_', "-"), STALE_AFTER.to_owned()]
                .map(|key| (key, age.clone())),
        );
        schemars::json_schema!({
            "description": "Levels of findings by code, and when notes are stale.",
            "type": "object",
            "properties": keys,
            "additionalProperties": false,
        })
    }
}

/// The key of `check:` that is no code.
const STALE_AFTER: &str = "stale_after";

impl Level {
    fn named(word: &str) -> Option<Level> {
        match word {
            "error" => Some(Level::Error),
            "warning" | "warn" => Some(Level::Warning),
            "off" | "false" => Some(Level::Off),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Off => "off",
        }
    }
}

impl Age {
    /// Reads `18mo`; `None` for what is no age.
    pub fn parse(text: &str) -> Option<Age> {
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let unit =
            ["d", "w", "mo", "y"].into_iter().find(|unit| *unit == text[digits..].trim())?;
        Some(Age { count: text[..digits].parse().ok()?, unit })
    }
}

impl TryFrom<BTreeMap<String, String>> for Check {
    type Error = String;

    fn try_from(written: BTreeMap<String, String>) -> Result<Check, String> {
        let mut check = Check::default();
        for (key, word) in written {
            let word = word.to_ascii_lowercase();
            if key.replace('-', "_") == STALE_AFTER {
                let age = Age::parse(&word);
                let wrong = || format!("`{key}` takes an age such as `18mo`, `2y` or `90d`");
                check.stale_after =
                    if word == "off" { None } else { Some(age.ok_or_else(wrong)?) };
            } else {
                let wrong =
                    || format!("`{key}` takes `error`, `warning` or `off`, not `{word}`");
                let level = Level::named(&word).ok_or_else(wrong)?;
                check.levels.insert(key, level);
            }
        }
        Ok(check)
    }
}

impl From<Check> for BTreeMap<String, String> {
    fn from(check: Check) -> Self {
        let levels =
            check.levels.into_iter().map(|(code, level)| (code, level.word().to_owned()));
        let age = check.stale_after.map(|age| format!("{}{}", age.count, age.unit));
        levels.chain(age.map(|age| (STALE_AFTER.to_owned(), age))).collect()
    }
}

impl Config {
    /// Reads the text of `zhi.yaml`. What is wrong in it comes back as findings in that
    /// file; a configuration with findings must not be built with.
    pub fn parse(text: &str) -> Result<Config, Diagnostic> {
        if text.trim().is_empty() {
            return Ok(Config::default());
        }
        refuse_nesting(text)?;
        let mut config: Config =
            serde_yaml::from_str(text).map_err(|error| yaml_finding(text, &error))?;
        config.normalise();
        config.check_codes(text)?;
        config.check_addresses(text)?;
        Ok(config)
    }

    /// The level that a code has on this site; `None` when it is off.
    pub fn severity(&self, code: Code) -> Option<Severity> {
        let set = self
            .check
            .levels
            .get(code.name())
            .or_else(|| self.check.levels.get(&code.name().replace('-', "_")));
        match set {
            Some(Level::Error) => Some(Severity::Error),
            Some(Level::Warning) => Some(Severity::Warning),
            Some(Level::Off) => None,
            None => code.default_level(),
        }
    }

    /// Puts a slash at the end of the base address and none at the ends of folders.
    pub fn normalise(&mut self) {
        if !self.base_url.is_empty() && !self.base_url.ends_with('/') {
            self.base_url.push('/');
        }
        let source = self.source.trim_matches('/').trim_start_matches("./");
        self.source = if source == "." { String::new() } else { source.to_owned() };
    }

    /// These become addresses in pages: nothing else than a site on the web is meant.
    fn check_addresses(&self, text: &str) -> Result<(), Diagnostic> {
        let is_web = |url: &str| url.starts_with("https://") || url.starts_with("http://");
        let settings = [("base_url", &self.base_url), ("url", &self.repo.url)];
        let wrong = settings.iter().find(|(_, url)| url.contains(':') && !is_web(url));
        let Some((key, _)) = wrong else { return Ok(()) };
        let at = text.rfind(&format!("{key}:")).unwrap_or(0);
        let message = format!("`{key}` takes an address that begins with https://");
        Err(Diagnostic::new(Code::Config, FILE, at..at + key.len(), message))
    }

    fn check_codes(&self, text: &str) -> Result<(), Diagnostic> {
        let mut written = self.check.levels.keys();
        let Some(unknown) = written.find(|name| Code::named(name).is_none()) else {
            return Ok(());
        };
        let names = Code::ALL.iter().map(|code| code.name());
        Err(key_finding(text, unknown, nearest(&unknown.replace('_', "-"), names)))
    }
}

/// The known word nearest to a misspelt one, if one is near enough to suggest.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(far, candidate)| *far <= 2 && *far < candidate.chars().count().div_ceil(2))
        .min()
        .map(|(_, candidate)| candidate)
}

/// The Damerau-Levenshtein distance (optimal string alignment) of two short words.
pub fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) =
        (left.chars().collect(), right.chars().collect());
    let mut before = vec![0; right.len() + 1];
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, a) in left.iter().enumerate() {
        let mut now = vec![row + 1];
        for (column, b) in right.iter().enumerate() {
            let mut cost = (last[column] + usize::from(a != b))
                .min(last[column + 1] + 1)
                .min(now[column] + 1);
            if row > 0 && column > 0 && *a == right[column - 1] && left[row - 1] == *b {
                cost = cost.min(before[column - 1] + 1);
            }
            now.push(cost);
        }
        before = std::mem::replace(&mut last, now);
    }
    last[right.len()]
}
