//! Moving notes: a random vault with 1,500 links in every form, fifty random moves one after
//! the other. Each link leads where it led, the same is found, and nothing else changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use rayon::prelude::*;
use zhi::config::Config;
use zhi::graph::{self, About, Graph, Surroundings, Target};
use zhi::note::{self, Note, Settings};
use zhi::relocate::{Step, applied, relocate};
use zhi::source::{Asset, Sources};
use zhi::words::Words;

/// A small generator of random numbers (Knuth's constants), the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

const FOLDERS: &[&str] = &["", "网络", "存储", "pod", "pod/探针", "guide/en"];

/// Files by path: notes with links in all forms, some of them broken or ambiguous.
fn vault(random: &mut Random) -> BTreeMap<String, String> {
    let mut paths = BTreeSet::new();
    while paths.len() < 110 {
        let folder = random.of(FOLDERS);
        let name = format!(
            "{}{}",
            random.of(&["笔记 ", "note-", "概念", "README", "a.b "]),
            random.below(40)
        );
        let name = if name.starts_with("README") { "README".to_owned() } else { name };
        paths.insert(if folder.is_empty() {
            format!("{name}.md")
        } else {
            format!("{folder}/{name}.md")
        });
    }
    let paths: Vec<String> = paths.into_iter().collect();
    let mut files = BTreeMap::from([("图/图 1.png".to_owned(), "png".to_owned())]);
    for (index, path) in paths.iter().enumerate() {
        let mut text = format!("---\ntitle: 题目 {index}\naliases: [别名{index}]\n");
        let _ = writeln!(
            text,
            "up: \"[[{}]]\"\n---\r\n\n# 题目 {index}\n",
            bare(random.of::<String>(&paths))
        );
        for line in 0..12 {
            let to = random.of::<String>(&paths);
            let _ = writeln!(text, "第 {line} 行 {} 之后。\n", link(random, path, to, index));
        }
        text.push_str("## 小节\n\n| 甲 | 乙 |\n|---|---|\n| [[");
        let _ =
            writeln!(text, "{}\\|文]] | `[[不是链接]]` |\n", bare(random.of::<String>(&paths)));
        let _ = writeln!(
            text,
            "[引用][label] 和 [label]\n\n[label]: <{}> \"题\"",
            relative(path, random.of::<String>(&paths))
        );
        files.insert(path.clone(), text);
    }
    files
}

fn bare(path: &str) -> &str {
    path.strip_suffix(".md").unwrap_or(path)
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn relative(from: &str, to: &str) -> String {
    zhi::path::relative(from, to)
}

fn link(random: &mut Random, from: &str, to: &str, index: usize) -> String {
    let encoded = |way: &str| way.replace(' ', "%20");
    match random.below(15) {
        0 => format!("[[{}]]", bare(name(to))),
        1 => format!("[[{}|文字]]", bare(name(to))),
        2 => format!("[[{}#小节]]", bare(to)),
        3 => format!("[[{}]]", name(to)),
        4 => format!("[[别名{}]]", random.below(110)),
        5 => format!("[文 [字]](<{}> \"题)目\")", relative(from, to)),
        6 => format!("[文字]({})", encoded(&relative(from, to))),
        7 => format!("[文字](/{}#小节)", encoded(to)),
        8 => format!("[文字](./{})", encoded(to)),
        9 => format!("![[{}]]", bare(to)),
        10 => format!("![图]({})", encoded(&relative(from, "图/图 1.png"))),
        11 => format!("[[没有这篇{index}]]"),
        12 => format!("<a href=\"{}\">文</a>", encoded(&relative(from, to))),
        13 => format!("[文字]({})", encoded(&relative(from, bare(to)))),
        _ => "![[图 1.png|300]]".to_owned(),
    }
}

/// The files as they would be read from a folder.
fn sources(files: &BTreeMap<String, String>) -> Sources {
    let mut sources = Sources::default();
    for (path, text) in files {
        if zhi::path::is_note(path) {
            let file = zhi::source::text_file(path.clone(), text.clone().into_bytes());
            sources.notes.push(file);
        } else {
            sources.assets.insert(path.clone(), Asset::default());
        }
    }
    sources
}

/// All notes of a vault, linked.
struct Linked {
    notes: Vec<Arc<Note>>,
    graph: Graph,
}

fn linked(files: &BTreeMap<String, String>) -> Linked {
    let (config, words) = (Config::default(), Words::default());
    let settings = Settings { config: &config, words: &words };
    let sources = sources(files);
    let notes: Vec<Arc<Note>> =
        sources.notes.par_iter().map(|file| Arc::new(note::parse(file, settings))).collect();
    let around = Surroundings {
        config: &config,
        assets: &sources.assets,
        order: &BTreeMap::new(),
        drafts: false,
        reserved: &BTreeSet::new(),
    };
    let graph = graph::link(&notes, around);
    Linked { notes, graph }
}

/// Where every link of every note leads, by the note's path and the link's number.
fn leads(vault: &Linked) -> BTreeMap<(String, usize), String> {
    let mut leads = BTreeMap::new();
    for (note, targets) in vault.notes.iter().zip(&vault.graph.targets) {
        for (index, target) in targets.iter().enumerate() {
            let lead = match target {
                Target::Note { id, anchor, .. } => {
                    format!("{}#{anchor}", vault.notes[*id].path)
                }
                Target::Asset(path, _) | Target::Folder(path) => path.clone(),
                Target::Unpublished(id) => format!("{}?", vault.notes[*id].path),
                Target::Broken => String::new(),
            };
            leads.insert((note.path.clone(), index), lead);
        }
    }
    leads
}

/// What is found about links, by the note's path, the link's number and the code.
fn found(
    vault: &Linked,
    moved: impl Fn(&str) -> String,
) -> BTreeSet<(String, usize, &'static str)> {
    let mut found = BTreeSet::new();
    for problem in &vault.graph.problems {
        if let About::Link(link) = problem.about {
            let path = moved(&vault.notes[problem.note].path);
            found.insert((path, link, problem.finding.code.name()));
        }
    }
    found
}

/// A text with every link's path taken out.
fn without_paths(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let starts =
        [("[[", "|#]\\"), ("](<", ">#"), ("](", ")#"), ("href=\"", "\"#"), ("]: <", ">#")];
    while let Some((at, mark, ends)) = starts
        .iter()
        .filter_map(|(mark, ends)| Some((rest.find(mark)?, *mark, *ends)))
        .min_by_key(|(at, mark, _)| (*at, std::cmp::Reverse(mark.len())))
    {
        out.push_str(&rest[..at + mark.len()]);
        let inner = &rest[at + mark.len()..];
        rest = inner.find(|c| ends.contains(c)).map_or("", |end| &inner[end..]);
    }
    out + rest
}

/// A random move that does not collide with a file.
fn step(random: &mut Random, files: &BTreeMap<String, String>) -> Step {
    let paths: Vec<&String> = files.keys().filter(|path| path.ends_with(".md")).collect();
    loop {
        let from = random.of::<&String>(&paths).as_str();
        let folder = zhi::path::parent(from);
        let (from, to) = match random.below(5) {
            0 => (from.to_owned(), format!("{folder}/新名 {}.md", random.below(1000))),
            1 => (from.to_owned(), format!("{}/{}", random.of(FOLDERS), name(from))),
            2 => (from.to_owned(), format!("深/更深/{}", name(from))),
            3 if !folder.is_empty() => (folder.to_owned(), format!("换 {}", random.below(100))),
            _ => (from.to_owned(), format!("{folder}/r({}).md", random.below(1000))),
        };
        let to = to.trim_start_matches('/').to_owned();
        let is_free =
            !files.keys().any(|path| *path == to || path.starts_with(&format!("{to}/")));
        if is_free && !to.starts_with(&format!("{from}/")) {
            return Step { from, to };
        }
    }
}

#[test]
fn every_link_leads_where_it_led_after_fifty_moves() {
    let mut random = Random(20_261_120);
    let mut files = vault(&mut random);
    let links = files
        .values()
        .map(|text| text.matches("[[").count() + text.matches("](").count())
        .sum::<usize>();
    assert!(links >= 1500, "{links} links");
    let mut before = linked(&files);
    for round in 0..50 {
        let step = step(&mut random, &files);
        let relocation = relocate(&sources(&files), &Config::default(), &step);
        assert_eq!(relocation.left, [], "{step:?}");
        let rewritten = |(path, text): (&String, &String)| {
            let path = step.moved(path);
            let edits = relocation.edits.get(&path).map(Vec::as_slice).unwrap_or_default();
            let new = applied(text, edits);
            assert_eq!(without_paths(&new), without_paths(text), "{path}, {step:?}");
            (path, new)
        };
        let after_files: BTreeMap<String, String> = files.iter().map(rewritten).collect();
        let after = linked(&after_files);
        let now = leads(&after);
        for ((note, index), lead) in
            leads(&before).into_iter().filter(|(_, lead)| !lead.is_empty())
        {
            let expected = match lead.split_once('#') {
                Some((path, anchor)) => format!("{}#{anchor}", step.moved(path)),
                None => step.moved(&lead),
            };
            let place = (step.moved(&note), index);
            assert_eq!(
                now.get(&place),
                Some(&expected),
                "round {round}, {step:?}, {note} {index}"
            );
        }
        let said = found(&before, |path| step.moved(path));
        let says = found(&after, str::to_owned);
        let more: Vec<_> = says.difference(&said).collect();
        assert!(more.is_empty(), "round {round}, {step:?}: {more:?}");
        // An ambiguous link that the move would lead astray names its note in full.
        let is_lost = |finding: &&(String, usize, &str)| finding.2 != "ambiguous-link";
        let fewer: Vec<_> = said.difference(&says).filter(is_lost).collect();
        assert!(fewer.is_empty(), "round {round}, {step:?}: {fewer:?}");
        files = after_files;
        before = after;
    }
}

/// Runs `zhi mv` in a folder; whether it was content, and what it said.
fn mv(dir: &Path, from: &str, to: &str) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_zhi"))
        .current_dir(dir)
        .args(["mv", from, to])
        .output()
        .expect("the program runs");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn the_picture_of_a_card_follows_its_file_and_its_note() {
    let assets = ["图/封 面.png", "pod/a.png", "pod/图/b.png"];
    for (from, to, note, head, expected) in [
        ("pod/a.png", "图/a.png", "pod/n.md", "image: a.png", "image: ../图/a.png"),
        ("pod/n.md", "n.md", "pod/n.md", "cover: a.png # 甲", "cover: pod/a.png # 甲"),
        ("pod/n.md", "n.md", "pod/n.md", "image: ./a.png", "image: ./pod/a.png"),
        ("图", "图片", "pod/n.md", "image: \"图/封 面.png\"", "image: \"图片/封 面.png\""),
        ("图", "图片", "pod/n.md", "image: ../图/封%20面.png", "image: ../图片/封%20面.png"),
        ("图/封 面.png", "图/x: y.png", "n.md", "cover: 图/封 面.png", "cover: '图/x: y.png'"),
        ("图/封 面.png", "it's.png", "n.md", "image: '图/封 面.png'", "left"),
        ("pod", "容器", "pod/n.md", "og_image: 图/b.png", "og_image: 图/b.png"),
        ("pod/a.png", "b.png", "n.md", "image: 没有.png", "image: 没有.png"),
        (
            "pod/a.png",
            "b.png",
            "n.md",
            "image: https://example.org/a.png",
            "image: https://example.org/a.png",
        ),
    ] {
        let mut files: BTreeMap<String, String> =
            assets.iter().map(|path| ((*path).to_owned(), "png".to_owned())).collect();
        let text = format!("---\ntitle: 图\n{head}\n---\n\n正文\n");
        files.insert(note.to_owned(), text.clone());
        let step = Step { from: from.to_owned(), to: to.to_owned() };
        let relocation = relocate(&sources(&files), &Config::default(), &step);
        let edits = relocation.edits.get(&step.moved(note)).map(Vec::as_slice);
        if expected == "left" {
            assert_eq!((edits, relocation.left.len()), (None, 1), "{head}");
            continue;
        }
        assert_eq!(relocation.left, [], "{head}");
        let new = applied(&text, edits.unwrap_or_default());
        assert_eq!(new, text.replace(head, expected), "{from} to {to}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test looks at the files that were moved")]
fn the_program_moves_files_and_changes_links_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path();
    let write = |path: &str, text: &str| {
        let file = dir.join(path);
        std::fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("a folder");
        std::fs::write(file, text).expect("a file");
    };
    let read = |path: &str| std::fs::read_to_string(dir.join(path)).unwrap_or_default();
    write("zhi.yaml", "title: 例子\nnav:\n  - pod/probes.md\n");
    write("notes/a.md", "\u{feff}# 甲\r\n\r\n见 [[probes]] 和 [探针](pod/probes.md#一)。\r\n");
    write("notes/pod/probes.md", "# 探针\n\n## 一\n\n回 [甲](../a.md)。\n");
    write("notes/SUMMARY.md", "- [探针](pod/probes.md)\n");

    let (ok, said) = mv(dir, "notes/pod/probes.md", "notes/a.md");
    assert!(!ok && said.contains("a.md exists"), "{said}");
    let (ok, said) = mv(dir, "notes/pod/probes.md", "../probes.md");
    assert!(!ok && said.contains("outside"), "{said}");
    let (ok, said) = mv(dir, "notes/pod/probes.md", "notes/容器/健康检查");
    assert!(ok, "{said}");
    assert_eq!(said, "moved pod/probes.md to 容器/健康检查.md, 3 links in 2 notes\n");
    assert_eq!(
        read("notes/a.md"),
        "\u{feff}# 甲\r\n\r\n见 [[健康检查]] 和 [探针](容器/健康检查.md#一)。\r\n"
    );
    assert_eq!(read("notes/容器/健康检查.md"), "# 探针\n\n## 一\n\n回 [甲](../a.md)。\n");
    assert_eq!(read("notes/SUMMARY.md"), "- [探针](容器/健康检查.md)\n");
    assert_eq!(read("zhi.yaml"), "title: 例子\nnav:\n  - 容器/健康检查.md\n");
    assert!(!dir.join("notes/pod/probes.md").exists());

    let (ok, said) = mv(dir, "容器", "pods/");
    assert!(ok, "{said}");
    assert!(
        read("notes/a.md").contains("[探针](pods/健康检查.md#一)"),
        "{}",
        read("notes/a.md")
    );
}
