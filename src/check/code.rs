//! Code blocks: do they say their language, is it the one they are in, can they be read?
//! Data formats are read here; Go and shell are asked of their own tools, all at once.

use super::{Subject, Written};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::note::markdown::survey::CodeBlock;

mod data;
mod elision;
mod external;
mod go;
mod label;
mod manifest;
mod shell;
mod yaml;

/// What is said of the blocks of one note.
pub(super) const CODES: &[Code] = &[
    Code::UnlabelledCode,
    Code::UnknownLanguage,
    Code::WrongLanguage,
    Code::YamlBlocks,
    Code::JsonBlocks,
    Code::TomlBlocks,
    Code::DuplicateKey,
    Code::RemovedApi,
    Code::DeprecatedApi,
    Code::UnknownField,
];

/// What other programs say of all blocks.
pub(super) const EXTERNAL: &[Code] = &[Code::GoBlocks, Code::ShellBlocks];

/// A block that is being looked at, and the note it stands in.
#[derive(Clone, Copy)]
struct Block<'a> {
    written: &'a Written<'a>,
    code: &'a CodeBlock,
}

/// Labels and data formats of one note.
pub(super) fn blocks(_: &Subject<'_>, written: &Written<'_>, found: &mut Vec<Diagnostic>) {
    for code in written.survey.code.iter().filter(|code| code.is_fenced) {
        let block = Block { written, code };
        if label::check(block, found) && code.is_checked {
            data::check(block, found);
        }
    }
}

/// Go and shell of all notes, by `gofmt` and `bash` where they are installed.
pub(super) fn external(
    subject: &Subject<'_>,
    notes: &[Written<'_>],
    found: &mut Vec<Diagnostic>,
) {
    if !subject.external {
        return;
    }
    let blocks = notes.iter().flat_map(|written| {
        written.survey.code.iter().map(move |code| Block { written, code })
    });
    let (go, shell): (Vec<_>, Vec<_>) = blocks
        .filter(|block| block.code.is_checked)
        .filter(|block| go::is_go(block.code) || shell::is_shell(block.code))
        .partition(|block| go::is_go(block.code));
    go::check(&go, found);
    shell::check(&shell, found);
}

impl Block<'_> {
    /// A finding about some bytes of the code.
    fn finding(
        self,
        code: Code,
        range: std::ops::Range<usize>,
        message: impl Into<String>,
    ) -> Diagnostic {
        let place = self.code.place(range);
        self.written.finding(code, place.into(), message)
    }

    /// A finding about a line of the code, counted from 0; the last line if there are fewer.
    fn line_finding(self, code: Code, line: usize, message: impl Into<String>) -> Diagnostic {
        let text = &self.code.text;
        let start = text.lines().take(line).map(|line| line.len() + 1).sum::<usize>();
        let start = if start >= text.len() {
            text.trim_end().rfind('\n').map_or(0, |at| at + 1)
        } else {
            start
        };
        let written = text[start..].lines().next().unwrap_or_default();
        let indent = written.len() - written.trim_start().len();
        self.finding(code, start + indent..start + written.trim_end().len(), message)
    }

    /// A finding about the opening fence: its language, or all of it where it has none.
    fn fence_finding(self, code: Code, message: impl Into<String>) -> Diagnostic {
        let Span { start, end } = self.code.span;
        let line = self.written.note.source[start..end].lines().next().unwrap_or_default();
        let language = Some(&self.code.language).filter(|language| !language.is_empty());
        let word = language.and_then(|language| {
            line.find(language.as_str()).map(|at| at..at + language.len())
        });
        let word = word.unwrap_or(0..line.trim_end().len());
        self.written.finding(code, (start + word.start..start + word.end).into(), message)
    }

    fn is(self, languages: &[&str]) -> bool {
        languages.iter().any(|language| self.code.language.eq_ignore_ascii_case(language))
    }
}
