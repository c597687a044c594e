//! The index from outside: documents in, files out.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use zhi::search::tokenise::{Singles, Term, tokenise};
use zhi::search::{Document, Section, Settings, index};

/// A document as a line of JSON.
#[derive(Deserialize)]
struct Line {
    url: String,
    title: String,
    tags: Vec<String>,
    aliases: Vec<String>,
    breadcrumb: String,
    #[serde(default)]
    quiet: bool,
    sections: Vec<LineSection>,
}

#[derive(Deserialize)]
struct LineSection {
    id: String,
    heading: String,
    text: String,
}

impl Line {
    fn document(&self) -> Document<'_> {
        Document {
            url: &self.url,
            title: &self.title,
            tags: self.tags.iter().map(String::as_str).collect(),
            aliases: self.aliases.iter().map(String::as_str).collect(),
            breadcrumb: &self.breadcrumb,
            quiet: self.quiet,
            sections: self.sections.iter().map(LineSection::section).collect(),
        }
    }
}

impl LineSection {
    fn section(&self) -> Section<'_> {
        Section { id: &self.id, heading: &self.heading, text: Cow::Borrowed(&self.text) }
    }
}

/// A vector binds the tokenisers of the two languages: `~` marks a piece, `+` a joined pair,
/// `=` a name as it is written.
#[derive(Deserialize)]
struct Vector {
    says: String,
    text: String,
    #[serde(default)]
    singles: String,
    terms: Vec<String>,
}

#[test]
fn the_order_of_the_documents_does_not_matter() {
    let text = include_str!("search/documents.jsonl");
    let lines: Vec<Line> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let forwards: Vec<Document<'_>> = lines.iter().map(Line::document).collect();
    let backwards: Vec<Document<'_>> = lines.iter().rev().map(Line::document).collect();
    let settings = Settings::default();
    assert_eq!(index(&forwards, &settings), index(&backwards, &settings));
}

#[test]
fn text_becomes_terms_as_the_vectors_say() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("search/tokeniser.json")).unwrap();
    for vector in vectors {
        let singles = if vector.singles == "all" { Singles::All } else { Singles::Lone };
        let mut terms = Vec::new();
        tokenise(&vector.text, singles, &mut |term| terms.push(written(term)));
        assert_eq!(terms, vector.terms, "{}: {:?}", vector.says, vector.text);
    }
}

fn written(term: Term<'_>) -> String {
    match term {
        Term::Han(c) => c.to_string(),
        Term::Pair(a, b) => [a, b].iter().collect(),
        Term::Word(word) => word.to_owned(),
        Term::Piece(piece) => format!("~{piece}"),
        Term::Joined(joined) => format!("+{joined}"),
        Term::Name(name) => format!("={name}"),
    }
}

/// Not a test of behaviour: writes the index of `$DOCUMENTS` (JSON lines) to `$INDEX`, with
/// the groups of `$GLOSSARY` (a JSON list of lists), for measurements from outside.
#[test]
#[ignore = "a tool: DOCUMENTS=docs.jsonl INDEX=folder cargo test --test search -- --ignored"]
fn write_index() {
    let var = |name: &str| std::env::var(name).unwrap_or_default();
    let text = read(Path::new(&var("DOCUMENTS")));
    let lines: Vec<Line> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let documents: Vec<Document<'_>> = lines.iter().map(Line::document).collect();
    let glossary = match var("GLOSSARY") {
        path if path.is_empty() => Vec::new(),
        path => serde_json::from_str(&read(Path::new(&path))).unwrap(),
    };
    let before = usage();
    let files = index(&documents, &Settings { pinyin: true, glossary, labels: labels() });
    let after = usage();
    println!("cpu {:.2} s, wall and peak: {after:?}", after.0 - before.0);
    for (name, bytes) in &files.files {
        let path = Path::new(&var("INDEX")).join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        write(&path, bytes);
    }
    println!(
        "{} files, {} bytes, entry {}",
        files.files.len(),
        files.files.iter().map(|f| f.1.len()).sum::<usize>(),
        files.entry
    );
}

fn labels() -> BTreeMap<String, String> {
    let words = include_str!("../templates/words/zh.yaml");
    let own = words.lines().filter_map(|line| line.strip_prefix("search_")?.split_once(": "));
    own.map(|(key, word)| (key.to_owned(), word.trim_matches('"').to_owned())).collect()
}

/// CPU seconds of this process so far and its peak of memory in MB.
fn usage() -> (f64, u64) {
    let stat = read(Path::new("/proc/self/stat"));
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    let status = read(Path::new("/proc/self/status"));
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    (ticks / 100.0, peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024)
}

#[expect(clippy::disallowed_methods, reason = "tests read their own data")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a tool that writes")]
fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}
