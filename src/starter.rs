//! What `zhi init` makes: settings, first notes, a workflow that publishes. Says which files
//! and what they hold; knows nothing of the disk.

use crate::note::front_matter::scalar;
use crate::path::SitePath;

/// The language of what is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The language of a tag or locale such as `zh-CN` or `en_GB.UTF-8`.
    pub fn of(tag: &str) -> Option<Language> {
        let name = tag.split(['-', '_', '.']).next().unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "zh" => Some(Language::Chinese),
            "en" => Some(Language::English),
            _ => None,
        }
    }
}

/// The notes that are there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Their folder: `.` or a path from the site's folder.
    pub source: SitePath,
    /// The folders of templates among them.
    pub templates: Vec<String>,
}

/// The settings file and the first notes in a language.
type Texts = (&'static str, &'static [(&'static str, &'static str)]);

const CHINESE: Texts = (
    include_str!("starter/zh/zhi.yaml"),
    &[
        ("notes/index.md", include_str!("starter/zh/index.md")),
        ("notes/写笔记.md", include_str!("starter/zh/写笔记.md")),
        ("notes/链接与标签.md", include_str!("starter/zh/链接与标签.md")),
    ],
);

const ENGLISH: Texts = (
    include_str!("starter/en/zhi.yaml"),
    &[
        ("notes/index.md", include_str!("starter/en/index.md")),
        ("notes/writing.md", include_str!("starter/en/writing.md")),
        ("notes/links-and-tags.md", include_str!("starter/en/links-and-tags.md")),
    ],
);

/// The workflow's place.
pub const WORKFLOW: &str = ".github/workflows/pages.yml";

const WORKFLOW_TEXT: &str = include_str!("starter/pages.yml");

/// What git shall not keep: the output.
pub const GIT_IGNORE: (&str, &str) = (".gitignore", "/public\n");

/// The files of a site, by path from its folder. Where there are notes, none are added and
/// the settings name their folder. `repository` is where the workflow gets zhi from.
pub fn files(
    language: Language,
    found: Option<&Found>,
    repository: &str,
) -> Vec<(SitePath, String)> {
    let (settings, notes) = match language {
        Language::Chinese => CHINESE,
        Language::English => ENGLISH,
    };
    let settings = found.map_or_else(|| settings.to_owned(), |found| suited(settings, found));
    let mut files = vec![(crate::config::FILE.to_owned(), settings)];
    if found.is_none() {
        files.extend(notes.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    }
    let workflow = WORKFLOW_TEXT.replace("{repository}", &scalar(repository));
    files.push((WORKFLOW.to_owned(), workflow));
    files.push((GIT_IGNORE.0.to_owned(), GIT_IGNORE.1.to_owned()));
    files
}

/// The settings for notes that were written before: their home note or folder gives the
/// title, and they have words of their own.
fn suited(settings: &str, found: &Found) -> String {
    let is_example = |line: &str| line.starts_with("title:") || line.starts_with("  - [");
    let line = |line: &str| match line {
        "ignore: [Templates/**]" => {
            let globs = found.templates.iter().map(|name| scalar(&format!("{name}/**")));
            format!("ignore: [{}]\n", globs.collect::<Vec<_>>().join(", "))
        }
        "glossary:" => "# glossary:\n".to_owned(),
        line if line.starts_with("lang:") => {
            format!("{line}\nsource: {}\n", scalar(&found.source))
        }
        line if is_example(line) => format!("# {line}\n"),
        line => format!("{line}\n"),
    };
    settings.lines().map(line).collect()
}
