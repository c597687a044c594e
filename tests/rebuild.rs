//! The law of the workspace: after any edits the snapshot is the one that a fresh start
//! makes of the same files, page by page and finding by finding. Random sites are edited
//! at random; `ZHI_SEQUENCES=10000 cargo test --release --test rebuild` tries so many, and
//! `ZHI_SEED=n` one of them alone.

#![expect(clippy::disallowed_methods, reason = "a test of files writes files")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tempfile::TempDir;
use zhi::diagnostic::Diagnostic;
use zhi::render::{self, Rendered};
use zhi::site::{self, Site};
use zhi::workspace::{Changes, Options, Workspace};

/// How many sequences are tried where nothing else is asked for.
const SEQUENCES: u64 = 24;

/// How many edits make a sequence.
const EDITS: usize = 8;

#[test]
fn any_edits_give_what_a_fresh_start_gives() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    if let Some(seed) = number("ZHI_SEED") {
        return try_sequence(seed).expect("the sequence holds");
    }
    let sequences = number("ZHI_SEQUENCES").unwrap_or(SEQUENCES);
    let attempt = |seed| {
        let tried = std::panic::catch_unwind(|| try_sequence(seed));
        tried.unwrap_or_else(|_| Err(format!("seed {seed} panicked"))).err()
    };
    let broken: Vec<String> = (0..sequences).into_par_iter().filter_map(attempt).collect();
    assert!(broken.is_empty(), "{} of {sequences}\n{}", broken.len(), broken.join("\n\n"));
}

#[test]
fn no_page_is_left_of_notes_that_went_with_a_change_of_words() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let at = |path: &str| folder.path().join(path);
    fs::create_dir(at("notes"))?;
    fs::write(at("notes/a.md"), "# A\n")?;
    let fresh = || {
        let mut workspace = Workspace::open(folder.path(), Options::default()).ok()?;
        workspace.refresh().ok().map(|site| (workspace, site))
    };
    let (mut workspace, _) = fresh().ok_or("cannot open")?;
    fs::remove_file(at("notes/a.md"))?;
    fs::create_dir_all(at("templates/words"))?;
    fs::write(at("templates/words/zh.yaml"), "topics: 话题\n")?;
    let paths = [at("notes/a.md"), at("templates/words/zh.yaml")].into();
    let site = workspace.apply(&Changes::Paths(paths));
    let (_, then) = fresh().ok_or("cannot open")?;
    assert_eq!(difference(&site, &then), None);
    Ok(())
}

#[test]
fn the_language_is_that_of_the_notes_as_they_come_and_go() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (chinese, english) = (folder.path().join("a.md"), folder.path().join("b.md"));
    let fresh = || {
        let mut workspace = Workspace::open(folder.path(), Options::default()).ok()?;
        workspace.refresh().ok().map(|site| (workspace, site))
    };
    fs::write(&chinese, "> [!note]\n> 容器组是调度的最小单位。\n")?;
    let (mut workspace, site) = fresh().ok_or("cannot open")?;
    assert_eq!(site.config.lang, "zh-CN");
    let long = format!("> [!note]\n> {}\n", "Some plain English text. ".repeat(80));
    for (edited, text, lang) in [
        (&english, Some(&*long), "en"),
        (&chinese, Some("> [!note]\n> 短。\n"), "en"),
        (&english, Some("Short.\n"), "zh-CN"),
        (&english, Some(&*long), "en"),
        (&english, None, "zh-CN"),
    ] {
        match text {
            Some(text) => fs::write(edited, text)?,
            None => fs::remove_file(edited)?,
        }
        let site = workspace.apply(&Changes::Paths([edited.clone()].into()));
        let (_, then) = fresh().ok_or("cannot open")?;
        assert_eq!(site.config.lang, lang);
        assert_eq!(difference(&site, &then), None);
    }
    Ok(())
}

fn try_sequence(seed: u64) -> Result<(), String> {
    let mut draft = Draft::new(seed);
    let options = Options { drafts: draft.dice.one_in(4), ..Options::default() };
    let open = || Workspace::open(draft.root(), options.clone());
    let mut workspace = open().map_err(|error| format!("seed {seed}: {error:?}"))?;
    workspace.refresh().map_err(|error| format!("seed {seed}: {error:?}"))?;
    let mut edits = String::new();
    for _ in 0..EDITS {
        let mut paths = BTreeSet::new();
        for _ in 0..=draft.dice.below(2) {
            let _ = writeln!(edits, "  {}", draft.edit(&mut paths));
        }
        let site = workspace.apply(&Changes::Paths(paths));
        let fresh = Workspace::open(draft.root(), options.clone())
            .and_then(|mut fresh| fresh.refresh());
        let difference = match fresh {
            Ok(fresh) if workspace.trouble().next().is_none() => difference(&site, &fresh),
            Ok(_) => Some("trouble that a fresh start does not have".to_owned()),
            // What cannot be read leaves the former state, and is said.
            Err(_) if workspace.trouble().next().is_some() => None,
            Err(_) => Some("no trouble, but a fresh start fails".to_owned()),
        };
        if let Some(difference) = difference {
            return Err(format!("seed {seed}, edits:\n{edits}{difference}"));
        }
    }
    Ok(())
}

/// The first difference between two sites as readers and authors see them.
fn difference(site: &Site, fresh: &Site) -> Option<String> {
    let (now, then) = (outcome(site), outcome(fresh));
    let urls: BTreeSet<&String> = now.pages.keys().chain(then.pages.keys()).collect();
    for url in urls {
        let (now, then) = (now.pages.get(url), then.pages.get(url));
        if now != then {
            let text = |page: Option<&Rendered>| match page {
                Some(Rendered::Bytes(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
                other => format!("{other:?}"),
            };
            return Some(format!("{url} is\n{}\nand should be\n{}", text(now), text(then)));
        }
    }
    (now.findings != then.findings).then(|| {
        format!("findings are\n{:#?}\nand should be\n{:#?}", now.findings, then.findings)
    })
}

struct Outcome {
    pages: BTreeMap<String, Rendered>,
    findings: Vec<Diagnostic>,
}

fn outcome(site: &Site) -> Outcome {
    let plan = site::plan(site);
    let stage = render::stage(site, &plan, None, "root.js");
    let mut pages = BTreeMap::new();
    let mut findings = Vec::new();
    for (url, page) in &plan.pages {
        let outcome = render::render(&stage, url, page);
        pages.insert(url.clone(), outcome.rendered);
        findings.extend(outcome.diagnostics);
    }
    let search = render::search_files(site).into_iter().flat_map(|files| files.files);
    pages
        .extend(search.map(|(name, bytes)| (format!("search/{name}"), Rendered::Bytes(bytes))));
    let findings = site::findings(site, findings);
    Outcome { pages, findings }
}

/// Numbers that look random and are the same every time (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("below a limit that is a usize")
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// Few names, so that notes meet: the same in another case or width, a folder's own note,
/// a topic's page.
const NAMES: &[&str] = &[
    "Pod", "pod", "Ｐod", "探针", "调度", "网络", "index", "README", "_index", "a b",
    "TCP／IP", "k8s",
];
const FOLDERS: &[&str] = &["", "", "网络", "网络/深", "pod", "Pod", "tags", "TCP／IP"];
const TAGS: &[&str] = &["网络", "网络/服务", "k8s", "K8s", "调度", "pod", "tags"];
const FILES: &[&str] = &["图.png", "img/a.png", "网络/A.PNG", "data.csv", "网络/图.png"];

/// A site on the disk that is being written.
struct Draft {
    dice: Dice,
    folder: TempDir,
    /// Where the notes lie, relative to the folder: empty, or with a slash at the end.
    prefix: &'static str,
}

impl Draft {
    fn new(seed: u64) -> Draft {
        let mut dice = Dice(seed);
        let prefix = if dice.one_in(3) { "" } else { "notes/" };
        let folder = tempfile::tempdir().expect("a folder can be made");
        let mut draft = Draft { dice, folder, prefix };
        if draft.dice.one_in(2) {
            draft.write("zhi.yaml", "base_url: https://notes.example/kb/\n");
        }
        let mut paths = BTreeSet::new();
        draft.write(&format!("{prefix}start.md"), "# 开始\n\n[[Pod]] 与 [[探针]]。\n");
        for _ in 0..draft.dice.below(10) {
            draft.write_note(&mut paths);
        }
        for _ in 0..draft.dice.below(3) {
            draft.write_asset(&mut paths);
        }
        draft
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let file = self.at(path);
        if let Some(folder) = file.parent() {
            // A file may stand where a folder is wanted; then nothing is written.
            let _ = fs::create_dir_all(folder);
        }
        let _ = fs::write(file, content);
    }

    fn some_path(&mut self) -> String {
        let folder = self.dice.pick(FOLDERS);
        let name = self.dice.pick(NAMES);
        let slash = if folder.is_empty() { "" } else { "/" };
        format!("{}{folder}{slash}{name}.md", self.prefix)
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        gather(&self.at(self.prefix), &mut files);
        files.retain(|file| file.is_file());
        files.sort();
        files
    }

    fn folders(&self) -> Vec<PathBuf> {
        let mut all = Vec::new();
        gather(&self.at(self.prefix), &mut all);
        all.retain(|path| path.is_dir() && !path.is_symlink());
        all.sort();
        all
    }

    fn some_note(&mut self) -> Option<PathBuf> {
        let mut notes = self.files();
        notes.retain(|file| file.extension().is_some_and(|ending| ending == "md"));
        (!notes.is_empty()).then(|| notes.swap_remove(self.dice.below(notes.len())))
    }

    /// Does something to the site, adds the paths that a watch would name, and says what
    /// was done.
    fn edit(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        match self.dice.below(24) {
            0..=2 => self.write_note(paths),
            3..=6 => self.edit_body(paths),
            7..=9 => self.edit_front_matter(paths),
            10 => self.delete(paths),
            11 | 12 => self.rename(paths),
            13 => self.swap(paths),
            14 => self.move_folder(paths),
            15 => self.delete_folder(paths),
            16 => self.write_asset(paths),
            17 => self.edit_template(paths),
            18 => self.edit_static(paths),
            19 | 20 => self.edit_settings(paths),
            21 => self.edit_list(paths),
            22 => self.make_odd_file(paths),
            _ => self.touch(paths),
        }
    }

    fn write_note(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        let path = self.some_path();
        let file = self.at(&path);
        // A watch that sees a folder come does not name what is in it.
        let first_new = file.ancestors().filter(|above| !above.exists()).last();
        paths.insert(first_new.unwrap_or(&file).to_owned());
        let text = self.note();
        self.write(&path, &text);
        format!("write {path}: {text:?}")
    }

    fn note(&mut self) -> String {
        let mut text = String::new();
        if self.dice.one_in(2) {
            let _ = write!(text, "---\n{}---\n", self.front_matter());
        }
        if self.dice.one_in(2) {
            let _ = writeln!(text, "# {}\n", self.dice.pick(NAMES));
        }
        for _ in 0..self.dice.below(4) {
            text.push_str(&self.paragraph());
        }
        text
    }

    fn front_matter(&mut self) -> String {
        let name = self.dice.pick(NAMES);
        let tag = self.dice.pick(TAGS);
        let number = self.dice.below(3);
        let line = match self.dice.below(16) {
            0..=2 => format!("title: {name} {number}"),
            3 => format!("aliases: [{name}, 别名{number}]"),
            4..=6 => format!("tags: [{tag}, {}]", self.dice.pick(TAGS)),
            7 => format!("slug: {name}"),
            8 => format!("permalink: /x/{number}/"),
            9 => "draft: true".to_owned(),
            10 => format!("weight: {number}"),
            11 => "unlisted: true".to_owned(),
            12 => format!("related: [\"[[{name}]]\"]"),
            13 => format!("aliases: [/old/{number}.html]"),
            14 => "lang: en".to_owned(),
            _ => format!("title: [oh\ntags: {{{tag}"),
        };
        format!("{line}\n")
    }

    fn paragraph(&mut self) -> String {
        let name = self.dice.pick(NAMES);
        let number = self.dice.below(3);
        match self.dice.below(13) {
            0..=2 => format!("见 [[{name}]]，以及别的第 {number} 处。\n\n"),
            3 => format!("见 [链接](../网络/{name}.md#小节-{number})。\n\n"),
            4 => format!("## 小节 {number}\n\n正文。\n\n"),
            5 => format!("![[{name}]]\n\n"),
            6 => format!("![图]({})\n\n", self.dice.pick(FILES)),
            7 => format!("#{} 标签。\n\n", self.dice.pick(TAGS)),
            8 => format!("[[{name}#小节 {number}|看]] 与 [[没有{number}]]。\n\n"),
            9 => format!("注[^1]。 ^b{number}\n\n[^1]: 脚注。\n\n"),
            10 => format!("```yaml\napiVersion: v{number}\nkind: Pod\n```\n\n"),
            11 => format!("[[{name}#^b{number}]]\n\n"),
            _ => format!("随便写的一段话，第 {number} 次。\n\n"),
        }
    }

    fn edit_body(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        let Some(file) = self.some_note() else { return "nothing".to_owned() };
        let mut text = fs::read(&file).unwrap_or_default();
        if self.dice.one_in(4) {
            text.truncate(text.len() / 2);
        }
        let more = self.paragraph();
        text.extend(more.as_bytes());
        self.save(&file, &text, paths);
        format!("add to {}: {more:?}", self.short(&file))
    }

    fn edit_front_matter(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        let Some(file) = self.some_note() else { return "nothing".to_owned() };
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap_or_default()).into_owned();
        let body = text.strip_prefix("---\n").and_then(|rest| rest.split_once("---\n"));
        let body = body.map_or(text.as_str(), |(_, body)| body).to_owned();
        let front = self.front_matter();
        self.save(&file, format!("---\n{front}---\n{body}").as_bytes(), paths);
        format!("front matter of {}: {front:?}", self.short(&file))
    }

    /// Writes a file in one of the ways that editors have.
    fn save(&mut self, file: &Path, content: &[u8], paths: &mut BTreeSet<PathBuf>) {
        if self.dice.one_in(2) {
            let staged = file.with_extension("md.tmp");
            let _ = fs::write(&staged, content);
            let _ = fs::rename(&staged, file);
            paths.insert(staged);
        } else {
            let _ = fs::write(file, content);
        }
        paths.insert(file.to_owned());
    }

    fn delete(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        let files = self.files();
        if files.is_empty() {
            return "nothing".to_owned();
        }
        let file = &files[self.dice.below(files.len())];
        let _ = fs::remove_file(file);
        paths.insert(file.clone());
        format!("delete {}", self.short(file))
    }

    fn rename(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        let Some(file) = self.some_note() else { return "nothing".to_owned() };
        let to = self.some_path();
        let to = self.at(&to);
        if to.parent().is_none_or(|folder| !folder.is_dir()) {
            return "nothing".to_owned();
        }
        let _ = fs::rename(&file, &to);
        paths.extend([file.clone(), to.clone()]);
        format!("rename {} to {}", self.short(&file), self.short(&to))
    }

    fn swap(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        let (Some(one), Some(other)) = (self.some_note(), self.some_note()) else {
            return "nothing".to_owned();
        };
        let aside = one.with_extension("aside");
        let _ = fs::rename(&one, &aside);
        let _ = fs::rename(&other, &one);
        let _ = fs::rename(&aside, &other);
        paths.extend([one.clone(), other.clone(), aside]);
        format!("swap {} and {}", self.short(&one), self.short(&other))
    }

    fn move_folder(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        let folders = self.folders();
        if folders.is_empty() {
            return "nothing".to_owned();
        }
        let from = folders[self.dice.below(folders.len())].clone();
        let to = self.at(self.prefix).join(self.dice.pick(&["新", "Pod", "深", "templates"]));
        let _ = fs::rename(&from, &to);
        paths.extend([from.clone(), to.clone()]);
        format!("move {} to {}", self.short(&from), self.short(&to))
    }

    fn delete_folder(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        let folders = self.folders();
        if folders.is_empty() {
            return "nothing".to_owned();
        }
        let folder = folders[self.dice.below(folders.len())].clone();
        let _ = fs::remove_dir_all(&folder);
        paths.insert(folder.clone());
        format!("delete {}", self.short(&folder))
    }

    fn write_asset(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        let name = self.dice.pick(FILES);
        let path = format!("{}{name}", self.prefix);
        let file = self.at(&path);
        let first_new = file.ancestors().filter(|above| !above.exists()).last();
        paths.insert(first_new.unwrap_or(&file).to_owned());
        let side = u8::try_from(self.dice.below(200)).expect("below 200");
        self.write(&path, png(side));
        format!("picture {path} of {side}")
    }

    fn edit_template(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        let (name, text) = match self.dice.below(6) {
            0 => ("note.html", "{% extends \"builtin/note.html\" %}"),
            1 => ("note.html", "<p>{{ page.title }}</p>{{ note.content | safe }}"),
            2 => ("note.html", "{% if %}"),
            3 => ("words/zh.yaml", "note: 提示\nbroken_link: 没有这一篇\n"),
            4 => ("words/zh.yaml", "note: [\n"),
            _ => ("note.html", ""),
        };
        let file = self.at(&format!("templates/{name}"));
        if text.is_empty() {
            let _ = fs::remove_file(&file);
        } else {
            self.write(&format!("templates/{name}"), text);
        }
        paths.insert(file);
        format!("template {name}: {text:?}")
    }

    fn edit_static(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        let name = self.dice.pick(&["static/site.css", "static/own.css", "static/own.js"]);
        let text = format!("/* {} */\n", self.dice.below(3));
        self.write(name, &text);
        paths.insert(self.at(name));
        format!("{name}: {text:?}")
    }

    fn edit_settings(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        let text = self.dice.pick(&[
            "",
            "title: 名字\n",
            "urls: { style: dir }\n",
            "urls: { slugs: pinyin }\n",
            "attachments: all\n",
            "ignore: [\"网络\", \"*.csv\"]\n",
            "markdown: { breaks: hard, inline_tags: false }\n",
            "check: { broken_link: \"off\" }\n",
            "nav: [pod, 网络/Pod.md]\n",
            "publish_mode: explicit\n",
            "base_url: https://notes.example/\nmarkdown_copies: true\n",
            "titel: 错\n",
            "source: 网络\n",
            "lang: en\n",
        ]);
        let file = self.at("zhi.yaml");
        if text.is_empty() {
            let _ = fs::remove_file(&file);
        } else {
            self.write("zhi.yaml", text);
        }
        paths.insert(file);
        format!("settings {text:?}")
    }

    fn edit_list(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        let path = format!("{}SUMMARY.md", self.prefix);
        let text = format!("- [一]({}.md)\n- [二](网络/Pod.md)\n", self.dice.pick(NAMES));
        if self.dice.one_in(3) {
            let _ = fs::remove_file(self.at(&path));
        } else {
            self.write(&path, &text);
        }
        paths.insert(self.at(&path));
        format!("list {text:?}")
    }

    /// What is no note, no picture, and lies there all the same.
    fn make_odd_file(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        let prefix = self.prefix;
        let (path, content): (String, Vec<u8>) = match self.dice.below(8) {
            0 => (format!("{prefix}.Pod.md.swp"), b"swap".to_vec()),
            1 => (format!("{prefix}Pod.md~"), b"backup".to_vec()),
            2 => (format!("{prefix}.obsidian/app.md"), b"{}".to_vec()),
            3 => ("public/index.html".to_owned(), b"<html>".to_vec()),
            4 => (format!("{prefix}Pod.md"), b"# Pod \xff\xfe\n".to_vec()),
            5 => (format!("{prefix}pod"), b"a file where a folder could be".to_vec()),
            _ => return self.make_link(paths),
        };
        let file = self.at(&path);
        let first_new = file.ancestors().filter(|above| !above.exists()).last();
        paths.insert(first_new.unwrap_or(&file).to_owned());
        self.write(&path, &content);
        format!("write {path}")
    }

    #[cfg(unix)]
    fn make_link(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        let target = self.dice.pick(&["Pod.md", "网络", "/etc/hosts", "nothing.md", "."]);
        let name = self.dice.pick(&["l.md", "l"]);
        let link = self.at(&format!("{}{name}", self.prefix));
        let _ = fs::remove_file(&link);
        let _ = std::os::unix::fs::symlink(target, &link);
        paths.insert(link.clone());
        format!("link {} to {target}", self.short(&link))
    }

    #[cfg(not(unix))]
    fn make_link(&mut self, _: &mut BTreeSet<PathBuf>) -> String {
        "nothing".to_owned()
    }

    /// A save that changes nothing.
    fn touch(&mut self, paths: &mut BTreeSet<PathBuf>) -> String {
        let Some(file) = self.some_note() else { return "nothing".to_owned() };
        let text = fs::read(&file).unwrap_or_default();
        self.save(&file, &text, paths);
        format!("touch {}", self.short(&file))
    }

    fn short(&self, path: &Path) -> String {
        path.strip_prefix(self.root()).unwrap_or(path).display().to_string()
    }
}

fn gather(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            gather(&path, found);
        }
        found.push(path);
    }
}

/// The first bytes of a square picture, which say how large it is.
fn png(side: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend([0, 0, 0, side, 0, 0, 0, side, 8, 6, 0, 0, 0]);
    bytes
}
