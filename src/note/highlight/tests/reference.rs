//! The lexers of ours against the Sublime grammars that they stand in for: equal
//! HTML on every block of the repository's notes, on every case, and on the cases
//! cut short and with letters missing.
//!
//! `HIGHLIGHT_CORPUS=folder` in the environment adds every YAML, Go, shell and JSON file
//! and every such fence of the Markdown files below that folder.

use std::fmt::Write as _;
use std::path::Path;

use super::super::{Class, Engine, console, html, is_readable, language, sublime, template};
use super::cases;

struct Block {
    origin: String,
    language: String,
    code: String,
}

#[test]
fn the_lexers_agree_with_the_grammars_on_all_blocks_of_the_notes() {
    let notes = Path::new(env!("CARGO_MANIFEST_DIR")).join("notes");
    compare(&blocks_below(&notes));
}

#[test]
fn the_lexers_agree_with_the_grammars_on_the_cases() {
    let blocks = cases::all().into_iter().map(|case| Block {
        origin: case.title,
        language: case.language,
        code: case.code,
    });
    compare(&blocks.collect::<Vec<_>>());
}

#[test]
fn the_lexers_agree_with_the_grammars_on_damaged_code() {
    let blocks = cases::all().into_iter().flat_map(|case| {
        let damaged = cut_short(&case.code).chain(with_gaps(&case.code)).collect::<Vec<_>>();
        damaged.into_iter().map(move |code| Block {
            origin: format!("damaged: {}", case.title),
            language: case.language.clone(),
            code,
        })
    });
    compare(&blocks.collect::<Vec<_>>());
}

#[test]
fn the_lexers_agree_with_the_grammars_on_the_corpus_of_the_developer() {
    if let Some(folder) = std::env::var_os("HIGHLIGHT_CORPUS") {
        compare(&blocks_below(Path::new(&folder)));
    }
}

/// The code up to some of its letters.
fn cut_short(code: &str) -> impl Iterator<Item = String> {
    let ends = code.char_indices().map(|(at, _)| at).filter(|at| at % 13 == 3);
    ends.map(|end| code[..end].to_owned())
}

/// The code without one of its letters, for some of them.
fn with_gaps(code: &str) -> impl Iterator<Item = String> {
    let letters = code.char_indices().filter(|(at, _)| at % 9 == 2);
    letters.map(|(at, letter)| format!("{}{}", &code[..at], &code[at + letter.len_utf8()..]))
}

fn compare(blocks: &[Block]) {
    let mut differing = String::new();
    let mut compared = 0;
    for block in blocks {
        let Some(expected) = reference(&block.language, &block.code) else { continue };
        compared += 1;
        let got = super::html(&block.language, &block.code);
        let lines = expected.lines().zip(got.lines()).enumerate();
        if let Some((at, (expected, got))) = lines.into_iter().find(|(_, (a, b))| a != b) {
            let Block { origin, code, .. } = block;
            let _ =
                writeln!(differing, "{origin}, line {}:\n{expected}\n{got}\n{code}", at + 1);
        }
    }
    assert!(compared > 0, "no block of a language with a lexer");
    assert!(differing.is_empty(), "of {compared} blocks:\n{differing}");
}

/// What the grammar makes of the code; `None` if no lexer of ours knows the language.
fn reference(name: &str, code: &str) -> Option<String> {
    let engine = language(name)?.engine;
    let mut paint = vec![Class::Plain; code.len()];
    let is_long = |line: &str| line.len() > sublime::LIMITS.line;
    if !is_readable(code) || code.lines().any(is_long) {
        return None;
    }
    let by = |grammar, code: &str, paint: &mut [Class]| {
        let limits = sublime::Limits { block: usize::MAX, ..sublime::LIMITS };
        sublime::colour_within(&limits, grammar, code, paint);
    };
    match engine {
        Engine::Go => by(sublime::GO, code, &mut paint),
        Engine::Json => by(sublime::JSON, code, &mut paint),
        Engine::Bash if !console::is_transcript(code) => by(sublime::BASH, code, &mut paint),
        Engine::Yaml => template::around_actions(code, &mut paint, |code, paint| {
            by(sublime::YAML, code, paint);
        }),
        _ => return None,
    }
    Some(html::write(code, &paint))
}

fn blocks_below(folder: &Path) -> Vec<Block> {
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    files.filter_map(Result::ok).flat_map(|entry| blocks_in(entry.path())).collect()
}

#[expect(clippy::disallowed_methods, reason = "tests read their cases")]
fn blocks_in(path: &Path) -> Vec<Block> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("");
    if !matches!(extension, "md" | "yaml" | "yml" | "go" | "sh" | "bash" | "json") {
        return Vec::new();
    }
    let Ok(text) = std::fs::read_to_string(path) else { return Vec::new() };
    let text = text.replace("\r\n", "\n");
    let origin = path.display().to_string();
    if extension == "md" {
        return fences(&origin, &text);
    }
    vec![Block { origin, language: extension.to_owned(), code: text }]
}

fn fences(origin: &str, text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, Block)> = None;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let fence = line.trim().strip_prefix("```");
        match (&mut open, fence) {
            (None, Some(info)) => {
                let language = info.split_whitespace().next().unwrap_or("").to_owned();
                let block = Block { origin: origin.to_owned(), language, code: String::new() };
                open = Some((indent, block));
            }
            (Some(_), Some("")) => blocks.extend(open.take().map(|(_, block)| block)),
            (Some((indent, block)), _) => {
                block.code.push_str(line.get(*indent..).unwrap_or(line.trim_start()));
            }
            (None, None) => {}
        }
    }
    blocks
}
