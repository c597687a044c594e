//! Colours code: text in a named language comes in, HTML goes out in which each
//! coloured piece is `<i class="k">…</i>`. Knows nothing of notes, Markdown or pages.
//!
//! # The classes
//!
//! The short classes are zhi's own, so an engine can be replaced without breaking
//! a theme, and a theme colours them by the custom properties of `static/code.css`:
//!
//! | class | stands for |
//! | --- | --- |
//! | `k` | a keyword, or a type that is one |
//! | `s` | text between quotes, a plain YAML scalar, a heredoc |
//! | `n` | a number, a date, `true`, `null` |
//! | `c` | a comment |
//! | `t` | a type, an element, a YAML tag |
//! | `f` | a function, or a command where it is called |
//! | `v` | a variable where the language marks it: `$HOME`, `.Values.image`, `self` |
//! | `a` | a key, an attribute, a label, a command's option |
//! | `o` | an operator, a pipe, a redirection |
//! | `e` | an escape or a placeholder within a string |
//! | `x` | a line put in by a patch |
//! | `d` | a line taken out by a patch |
//! | `m` | what stands about the content: anchors, document marks, template braces, decorators |
//! | `p` | the prompt of a terminal |
//!
//! Whitespace has no class of its own: it never begins or ends a piece, and two
//! pieces of one class with only blanks between them are one. No piece spans a
//! line end, so callers may wrap lines.
//!
//! # The engines
//!
//! The Sublime grammars of syntect and two-face know most languages, but their
//! regular expressions read one megabyte a second. YAML, Go, bash and JSON
//! are read by lexers of ours at thirty to sixty, with equal results:
//! `tests/reference.rs` compares both on all blocks of the notes. What such a lexer does not know for
//! sure it leaves to the grammar. Terminal transcripts, `PromQL`, `LogQL` and Go
//! templates, which no grammar knows, have small lexers as well. The grammars are
//! loaded when a block first needs them.

//! # Where the result differs from the grammars
//!
//! - A template's `{{ … }}` in YAML, which the YAML grammar takes for flow mappings,
//!   is a placeholder to the YAML around it and is coloured as a template.
//! - A bash block whose first line begins with `$` and a blank, which the grammar
//!   takes for a command named `$`, is a transcript.
//! - Against hostile code: behind 80 nested contexts (JSON: 40) the rest is plain;
//!   bash knows no name longer than 256 bytes, Go no list of more than 64 names
//!   before `:=`. Grammars skip lines above 2 KiB and stop at a block's budget.

mod bash;
mod console;
mod go;
mod html;
mod json;
mod language;
mod query;
mod sublime;
mod template;
mod yaml;

use std::ops::Range;

use language::Engine;
pub use language::{Language, language};

/// Blocks above this many bytes are escaped but not coloured.
const MAX_BLOCK: usize = 64 * 1024;

/// A block with a line above this many bytes is escaped but not coloured:
/// no reader reads it, and regular expressions suffer from it.
const MAX_LINE: usize = 8 * 1024;

/// What a byte of code is; the colour of the piece it belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Class {
    #[default]
    Plain,
    Keyword,
    String,
    Number,
    Comment,
    Type,
    Function,
    Variable,
    Key,
    Operator,
    Escape,
    Inserted,
    Deleted,
    Meta,
    Prompt,
}

/// The classes of `highlight`'s output in the order of [`Class`], with what they mean.
const STYLE_CLASSES: [(&str, &str); 14] = [
    ("k", "keyword"),
    ("s", "string"),
    ("n", "number or constant"),
    ("c", "comment"),
    ("t", "type, element or tag"),
    ("f", "function or command"),
    ("v", "variable"),
    ("a", "key, attribute or option"),
    ("o", "operator"),
    ("e", "escape or placeholder"),
    ("x", "inserted line"),
    ("d", "deleted line"),
    ("m", "anchor, mark or template brace"),
    ("p", "prompt"),
];

/// Colours `code` as `language`: escaped HTML in whose pieces no line ends.
///
/// Text that no grammar could digest, and text beyond 64 KiB or with a line
/// beyond 8 KiB, comes back escaped only.
pub fn highlight(language: Language, code: &str) -> String {
    let mut paint = vec![Class::Plain; code.len()];
    if is_readable(code) {
        colour(language.engine, code, &mut paint);
    }
    html::write(code, &paint)
}

/// The classes that may occur in highlighted code, each with its meaning, for
/// theme authors and for the test that every one of them has a colour.
pub fn style_classes() -> &'static [(&'static str, &'static str)] {
    &STYLE_CLASSES
}

fn is_readable(code: &str) -> bool {
    code.len() <= MAX_BLOCK && code.lines().all(|line| line.len() <= MAX_LINE)
}

/// Sets the class of every byte of `code` that is more than plain text.
fn colour(engine: Engine, code: &str, paint: &mut [Class]) {
    match engine {
        Engine::Plain => {}
        Engine::Yaml => template::around_actions(code, paint, yaml),
        Engine::GoTemplate => template::around_actions(code, paint, |_, _| {}),
        Engine::Go => first_try(go::colour, sublime::GO, code, paint),
        Engine::Json => first_try(json::colour, sublime::JSON, code, paint),
        Engine::Bash if console::is_transcript(code) => console::colour(code, paint),
        Engine::Bash => bash(code, paint),
        Engine::Console => console::colour(code, paint),
        Engine::PromQl => query::colour(query::Dialect::PromQl, code, paint),
        Engine::LogQl => query::colour(query::Dialect::LogQl, code, paint),
        Engine::Sublime(grammar) => sublime::colour(grammar, code, paint),
    }
}

/// Has a lexer of ours colour the code, and the grammar where that one passes.
fn first_try(
    lexer: fn(&str, &mut [Class]) -> Option<()>,
    grammar: sublime::Grammar,
    code: &str,
    paint: &mut [Class],
) {
    let done = if has_odd_blanks(code) { None } else { lexer(code, paint) };
    if done.is_none() {
        paint.fill(Class::Plain);
        sublime::colour(grammar, code, paint);
    }
}

/// Whether there is whitespace but blanks, tabs and line ends, such as the wide
/// space of Chinese texts: our lexers leave such code to the grammars.
fn has_odd_blanks(code: &str) -> bool {
    let bytes = code.as_bytes();
    let begins_one = |byte: &u8| matches!(byte, 0x0b..=0x0d | 0xc2 | 0xe1..=0xe3);
    bytes.iter().any(begins_one)
        && code.contains(|letter: char| letter.is_whitespace() && !" \t\n".contains(letter))
}

/// The lines of a code, without their ends.
fn lines(code: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    code.split_inclusive(|byte| *byte == b'\n').map(move |line| {
        let length = line.strip_suffix(b"\n").unwrap_or(line).len();
        let range = start..start + length;
        start += line.len();
        range
    })
}

fn yaml(code: &str, paint: &mut [Class]) {
    first_try(yaml::colour, sublime::YAML, code, paint);
}

fn bash(code: &str, paint: &mut [Class]) {
    first_try(bash::colour, sublime::BASH, code, paint);
}

impl Class {
    /// The class attribute's value; plain text has none.
    fn letter(self) -> Option<&'static str> {
        let index = (self as usize).checked_sub(1)?;
        STYLE_CLASSES.get(index).map(|(letter, _)| *letter)
    }
}

#[cfg(test)]
mod tests;
