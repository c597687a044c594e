//! What a new note holds and where it goes: front matter that suits the site, or a template
//! of the author's with its placeholders filled. Text in, text out; knows nothing of the disk
//! and the clock.

use jiff::civil::DateTime;

use crate::config::{Config, PublishMode};
use crate::note::front_matter;
use crate::note::{self, Settings};
use crate::source;
use crate::text::slug::slug;
use crate::words::Words;

mod moment;

/// What is known when a note is made.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// The note's title.
    pub title: &'a str,
    /// The local time.
    pub now: DateTime,
    /// The site's settings.
    pub config: &'a Config,
}

/// What a title asks for: `网络/服务网格` is 服务网格 in the folder 网络.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The folders as written, from the top.
    pub folders: Vec<String>,
    /// The note's title.
    pub title: String,
    /// The name of its file.
    pub file: String,
}

/// Reads a title with the folders before it. `Err` says why there can be no such note.
pub fn wanted(written: &str) -> Result<Wanted, &'static str> {
    let mut parts: Vec<String> = written.split('/').map(words).collect();
    let title = parts.pop().unwrap_or_default();
    let title = title.strip_suffix(".md").unwrap_or(&title).to_owned();
    if title.is_empty() {
        return Err("a note needs a title");
    }
    let is_sign = |part: &String| part.is_empty() || part.starts_with('.');
    if parts.iter().any(is_sign) || title.starts_with("..") {
        return Err("a title with `/` names folders below the folder of notes");
    }
    let file = format!("{}.md", file_stem(&title));
    Ok(Wanted { folders: parts, title, file })
}

/// The name that a title or folder gets on the disk: as in addresses, so that both are
/// alike, and good on every file system. A leading dot would hide it.
pub fn file_stem(text: &str) -> String {
    slug(&text.replace(['/', '\\'], " ").trim_start_matches('.').replace(' ', "-"))
}

fn words(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    visible.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A note with front matter that suits the site, and nothing below it.
pub fn plain(occasion: Occasion<'_>) -> String {
    let title = front_matter::scalar(occasion.title);
    let date = occasion.now.date();
    let publish = match occasion.config.publish_mode {
        PublishMode::All => "",
        PublishMode::Explicit => "publish: false\n",
    };
    format!("---\ntitle: {title}\ndate: {date}\ntags: []\n{publish}---\n\n")
}

/// A note made of a template: placeholders as in Obsidian are filled, all else stays. A
/// template that names its note nowhere gets a title.
pub fn from_template(template: &str, occasion: Occasion<'_>) -> String {
    let body = front_matter::body_start(template);
    let head: String =
        template[..body].split_inclusive('\n').map(|line| fill_line(line, occasion)).collect();
    titled(head + &fill(&template[body..], occasion, str::to_owned), occasion)
}

/// Fills a line of front matter so that it stays YAML whatever the title holds.
fn fill_line(line: &str, occasion: Occasion<'_>) -> String {
    let Some((before, rest)) = line.split_once("{{") else { return line.to_owned() };
    let ends_line = rest.split_once("}}").is_some_and(|(_, after)| after.trim().is_empty());
    let is_whole = ends_line && before.trim_end().ends_with([':', '-']);
    let quoted_by = |mark: char| before.matches(mark).count() % 2 == 1;
    if is_whole {
        fill(line, occasion, front_matter::scalar)
    } else if quoted_by('"') {
        fill(line, occasion, |value| value.replace('\\', "\\\\").replace('"', "\\\""))
    } else if quoted_by('\'') {
        fill(line, occasion, |value| value.replace('\'', "''"))
    } else {
        fill(line, occasion, str::to_owned)
    }
}

/// No placeholder is longer, in bytes.
const LONGEST: usize = 120;

/// Fills the placeholders of a text; `written` says how a title is written there.
fn fill(text: &str, occasion: Occasion<'_>, written: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        rest = after;
        let near = &after[..after.floor_char_boundary(LONGEST)];
        let found = near.split_once("}}").map(|(name, _)| name);
        if let Some((name, value)) =
            found.and_then(|name| Some((name, value(name, occasion, &written)?)))
        {
            out.push_str(&value);
            rest = &after[name.len() + "}}".len()..];
        } else {
            out.push_str("{{");
        }
    }
    out + rest
}

/// What a placeholder stands for (<https://help.obsidian.md/Plugins/Templates>).
fn value(
    name: &str,
    occasion: Occasion<'_>,
    written: impl Fn(&str) -> String,
) -> Option<String> {
    let (name, format) = match name.split_once(':') {
        Some((name, format)) => (name, Some(format.trim())),
        None => (name, None),
    };
    let lang = Some(&*occasion.config.lang).filter(|lang| !lang.is_empty()).unwrap_or("zh-CN");
    let when = |usual| moment::format(format.unwrap_or(usual), occasion.now, lang);
    match (name.trim().to_ascii_lowercase().as_str(), format) {
        ("title", None) => Some(written(occasion.title)),
        ("date", _) => Some(when("YYYY-MM-DD")),
        ("time", _) => Some(when("HH:mm")),
        _ => None,
    }
}

/// The text with a title in its front matter, unless it names the note itself.
fn titled(text: String, occasion: Occasion<'_>) -> String {
    let settings = Settings { config: occasion.config, words: &Words::default() };
    let file = source::text_file(format!("{}.md", file_stem(occasion.title)), text.into());
    let text = &*file.text;
    let is_named = front_matter::key_span(text, "title").is_some()
        || note::parse(&file, settings).head.title == occasion.title;
    let title = format!("title: {}\n", front_matter::scalar(occasion.title));
    match (is_named, front_matter::body_start(text)) {
        (true, _) => text.to_owned(),
        (false, 0) if text.starts_with("---") => text.to_owned(),
        (false, 0) => format!("---\n{title}---\n\n{text}"),
        // TOML: the author names the note.
        (false, _) if text.starts_with("+++") => text.to_owned(),
        (false, _) => {
            let first = text.find('\n').map_or(text.len(), |newline| newline + 1);
            format!("{}{title}{}", &text[..first], &text[first..])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn occasion<'a>(title: &'a str, config: &'a Config) -> Occasion<'a> {
        Occasion { title, now: jiff::civil::date(2026, 1, 5).at(9, 7, 3, 0), config }
    }

    #[test]
    fn titles_say_which_file_in_which_folder() {
        for (written, folders, title, file) in [
            ("服务网格", &[][..], "服务网格", "服务网格.md"),
            ("网络/服务网格", &["网络"], "服务网格", "服务网格.md"),
            (" Pod  生命周期 ", &[], "Pod 生命周期", "pod-生命周期.md"),
            ("Go/1.26 新特性.md", &["Go"], "1.26 新特性", "1.26-新特性.md"),
            ("a: b? *c*", &[], "a: b? *c*", "a-b-c.md"),
            ("con", &[], "con", "con-.md"),
            ("a\\b", &[], "a\\b", "a-b.md"),
        ] {
            let wanted = wanted(written).unwrap();
            let folders: Vec<String> = folders.iter().map(ToString::to_string).collect();
            assert_eq!((wanted.folders, &*wanted.title, &*wanted.file), (folders, title, file));
        }
    }

    #[test]
    fn titles_that_lead_elsewhere_are_refused() {
        for written in [
            "",
            " ",
            "/",
            "a/",
            "/etc/passwd",
            "../a",
            "a/../../b",
            "./a",
            ".git/a",
            "a//b",
            "..",
        ] {
            assert!(wanted(written).is_err(), "{written}");
        }
    }

    #[test]
    fn placeholders_are_filled_and_all_else_stays() {
        let config = Config::default();
        for (template, title, note) in [
            ("# {{title}}\n", "探针", "# 探针\n"),
            ("# {{ Title }}\n\n{{date}} {{time}}\n", "甲", "# 甲\n\n2026-01-05 09:07\n"),
            ("---\ntitle: {{title}}\n---\n", "a: b", "---\ntitle: 'a: b'\n---\n"),
            (
                "---\ntitle: \"{{title}}\"\n---\n",
                "a \"b\"",
                "---\ntitle: \"a \\\"b\\\"\"\n---\n",
            ),
            ("---\ntitle: '{{title}}'\n---\n", "it's", "---\ntitle: 'it''s'\n---\n"),
            (
                "---\ntitle: 会议 {{date:M月D日}}\n---\n",
                "周会",
                "---\ntitle: 会议 1月5日\n---\n",
            ),
            ("---\ntags: [x]\n---\n正文\n", "甲？", "---\ntags: [x]\n---\n正文\n"),
            ("---\nlevel: 1\n---\n", "甲 乙", "---\ntitle: 甲 乙\nlevel: 1\n---\n"),
            ("正文\n", "甲 乙", "---\ntitle: 甲 乙\n---\n\n正文\n"),
            ("", "'1.30'?", "---\ntitle: '''1.30''?'\n---\n\n"),
            ("# {{title}}\n{{ .Values.x }} {{date\n", "甲", "# 甲\n{{ .Values.x }} {{date\n"),
            ("# {{title}}\n", "{{date}}", "# {{date}}\n"),
        ] {
            assert_eq!(from_template(template, occasion(title, &config)), note, "{template}");
        }
    }

    #[test]
    fn a_plain_note_suits_the_site() {
        let mut config = Config::default();
        let text = plain(occasion("a: b", &config));
        assert_eq!(text, "---\ntitle: 'a: b'\ndate: 2026-01-05\ntags: []\n---\n\n");
        config.publish_mode = PublishMode::Explicit;
        assert!(plain(occasion("甲", &config)).contains("\npublish: false\n"));
    }
}
