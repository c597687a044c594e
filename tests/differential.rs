//! For plain Markdown with GitHub's tables and tasks our HTML is that of the parser's own
//! writer, but for the classes, wrappers and line breaks that zhi adds: over a table of
//! snippets, and over every plain block of this repository's notes.

#![expect(clippy::disallowed_methods, reason = "a test reads the repository's own files")]

use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, html};
use zhi::config::{Breaks, Config};
use zhi::note::{self, Body, Settings, Slot};
use zhi::source::text_file;
use zhi::words::Words;

/// Blocks of Markdown, apart by lines of `=====`.
const SNIPPETS: &str = include_str!("differential/snippets.md");

/// What only zhi understands, or writes in a way of its own; a block with it is left out.
const OURS: &[&str] = &[
    "[[", "![", "[!", "[^", "[-]", "==", "%%", "{{", "{%", "^", "~", "$", "<", "://", "www.",
    "@", "```", "\\", "\u{2060}",
];

#[test]
fn plain_snippets_come_out_as_by_the_parsers_own_writer() {
    for snippet in SNIPPETS.split("=====\n") {
        compare(snippet).unwrap_or_else(|difference| panic!("{difference}"));
    }
}

#[test]
fn plain_blocks_of_the_notes_come_out_as_by_the_parsers_own_writer() {
    let notes = Path::new(env!("CARGO_MANIFEST_DIR")).join("notes");
    let mut compared = 0;
    for entry in walkdir::WalkDir::new(notes).sort_by_file_name().into_iter().flatten() {
        if entry.path().extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).expect("a note is text");
        for block in blocks(&text[note::front_matter::body_start(&text)..]) {
            if !OURS.iter().any(|mark| block.contains(mark)) {
                compare(block).unwrap_or_else(|difference| panic!("{difference}"));
                compared += 1;
            }
        }
    }
    assert!(compared > 100, "only {compared} plain blocks in the notes");
}

/// The blocks at the top of a note.
fn blocks(text: &str) -> Vec<&str> {
    let mut depth = 0;
    let mut blocks = Vec::new();
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(_) => {
                if depth == 0 {
                    blocks.push(&text[range]);
                }
                depth += 1;
            }
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    blocks
}

fn compare(markdown: &str) -> Result<(), String> {
    let mut theirs = String::new();
    html::push_html(&mut theirs, Parser::new_ext(markdown, options()));
    let ours = ours(markdown)?;
    let (left, right) = (canonical(&ours), without_empty_heads(canonical(&theirs)));
    if left == right {
        return Ok(());
    }
    let same = left.iter().zip(&right).take_while(|(left, right)| left == right).count();
    Err(format!(
        "{markdown}\nours:\n{ours}\ntheirs:\n{theirs}\nat {same}: {:?} and {:?}",
        left.get(same),
        right.get(same)
    ))
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_DEFINITION_LIST
}

fn ours(markdown: &str) -> Result<String, String> {
    let mut config = Config::default();
    config.markdown.breaks = Breaks::Space;
    config.markdown.cjk_emphasis = false;
    config.markdown.inline_tags = false;
    // A title of its own keeps the first h1 in the text.
    let text = format!("---\ntitle: Some title\n---\n{markdown}");
    let file = text_file("a.md".to_owned(), text.into_bytes());
    let settings = Settings { config: &config, words: &Words::default() };
    filled(&note::parse(&file, settings).body)
}

/// The HTML with its headings; nothing else that other notes decide is in a plain snippet.
fn filled(body: &Body) -> Result<String, String> {
    let mut out = String::new();
    let mut at = 0;
    for (offset, slot) in &body.slots {
        out.push_str(&body.html[at..*offset]);
        at = *offset;
        match slot {
            Slot::HeadingOpen(_) => out.push_str("<h1>"),
            Slot::HeadingClose(_) => out.push_str("</h1>"),
            // A link inside of the site: its address is a question of its own.
            Slot::LinkOpen(_) => out.push_str("<a>"),
            Slot::LinkClose(_) => out.push_str("</a>"),
            other => return Err(format!("no plain snippet: {other:?}")),
        }
    }
    out.push_str(&body.html[at..]);
    Ok(out)
}

/// A cell of a table's head that says nothing is no heading with us.
fn without_empty_heads(mut tokens: Vec<String>) -> Vec<String> {
    for at in 1..tokens.len() {
        if tokens[at - 1].starts_with("th") && tokens[at] == "/th" {
            "td".clone_into(&mut tokens[at - 1]);
            "/td".clone_into(&mut tokens[at]);
        }
    }
    tokens
}

/// Tags without what zhi adds to them, and text; blanks beside blocks do not count.
fn canonical(html: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    for piece in html.split_inclusive('>').flat_map(split_tag) {
        let token = if piece.starts_with('<') { tag(piece) } else { Some(text(piece)) };
        tokens.extend(token);
    }
    join_texts(tokens)
}

fn split_tag(piece: &str) -> impl Iterator<Item = &str> {
    let at = piece.find('<').unwrap_or(piece.len());
    [&piece[..at], &piece[at..]].into_iter().filter(|part| !part.is_empty())
}

fn tag(written: &str) -> Option<String> {
    let inner = written.trim_matches(['<', '>', '/']).trim();
    let is_end = written.starts_with("</");
    let name = inner.split_whitespace().next().unwrap_or_default();
    let name = match name {
        "figure" | "div" | "tbody" => return None,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => "h",
        name => name,
    };
    let mut kept = format!("{}{name}", if is_end { "/" } else { "" });
    if ["center", "right"].iter().any(|side| inner.contains(side)) && name.starts_with('t') {
        kept += if inner.contains("center") { " center" } else { " right" };
    }
    kept += if inner.contains(" checked") { " checked" } else { "" };
    for attribute in ["href=\"http", "start=\"", "title=\""] {
        if let Some(at) = inner.find(attribute) {
            let rest = &inner[at..];
            let end = rest.match_indices('"').nth(1).map_or(attribute.len(), |(end, _)| end);
            kept.push(' ');
            kept.push_str(&text(&rest[..end]));
        }
    }
    Some(kept)
}

fn text(written: &str) -> String {
    let plain = written
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#x27;", "'")
        .replace("&amp;", "&");
    let words: Vec<&str> = plain.split_whitespace().collect();
    let blank = |is_there: bool| if is_there { " " } else { "" };
    let starts = blank(plain.starts_with(char::is_whitespace));
    let ends = blank(plain.ends_with(char::is_whitespace) && !words.is_empty());
    format!("\"{starts}{}{ends}", zhi::path::decode(&words.join(" ")))
}

/// Joins neighbouring texts and drops blanks beside the tags of blocks.
fn join_texts(tokens: Vec<String>) -> Vec<String> {
    const INLINE: &[&str] = &["a", "em", "strong", "del", "code", "sup", "sub", "mark"];
    let is_inline = |token: &String| {
        let name = token.trim_start_matches('/').split(' ').next().unwrap_or_default();
        token.starts_with('"') || INLINE.contains(&name)
    };
    let mut joined: Vec<String> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let mut token = token.clone();
        if token.starts_with('"') {
            if at == 0 || !is_inline(&tokens[at - 1]) {
                token = format!("\"{}", token[1..].trim_start());
            }
            if tokens.get(at + 1).is_none_or(|next| !is_inline(next)) {
                token.truncate(token.trim_end().len());
            }
            if token == "\"" {
                continue;
            }
        }
        joined.push(token);
    }
    joined
}
