//! Shell blocks, read by `bash -n`: it reads and runs nothing. All blocks go through one
//! process; only where that one objects they are halved until the block is found.

use super::external::bash;
use super::{Block, elision};
use crate::diagnostic::{Code, Diagnostic};
use crate::note::markdown::survey::CodeBlock;

/// Whether a block says it is a script for bash or a plain shell.
pub(super) fn is_shell(code: &CodeBlock) -> bool {
    ["bash", "sh", "shell"].iter().any(|name| code.language.eq_ignore_ascii_case(name))
}

/// Whether a text is a terminal session: commands behind a prompt, and what they said.
pub(super) fn is_session(text: &str) -> bool {
    let says = |line: &&str| !line.trim().is_empty() && !elision::is_elision(line);
    let mut lines = text.lines().filter(says).peekable();
    if !lines.peek().is_some_and(|line| line.starts_with("$ ")) {
        return false;
    }
    let mut goes_on = false;
    let mut here_document = None;
    for line in lines {
        if let Some(end) = here_document {
            here_document = (line.trim() != end).then_some(end);
            continue;
        }
        let is_said = !goes_on && !line.starts_with(['$', '#', '>', ' ', '\t']);
        if is_said && !is_closing(line) {
            return true;
        }
        goes_on = line.ends_with('\\');
        here_document = end_of_here_document(line);
    }
    false
}

/// The last lines of loops and conditions stand at the margin, too.
fn is_closing(line: &str) -> bool {
    let word = line.split([' ', ';', '|', '>']).next().unwrap_or_default();
    matches!(word, "do" | "done" | "then" | "else" | "elif" | "fi" | "esac" | "}" | ")")
}

/// The word that ends the text which a command takes from the lines below it.
fn end_of_here_document(line: &str) -> Option<&str> {
    let (_, word) = line.split_once("<<")?;
    let word = word.trim_start_matches(['-', ' ', '\'', '"']);
    let end = word.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(word.len());
    (end > 0).then(|| &word[..end])
}

/// Whether lines begin with a prompt: then it is no script, labelled so or not.
fn has_prompts(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        let is_host = line.split([' ', '#', '$']).next().is_some_and(|word| {
            word.contains('@') && (word.starts_with('[') || word.contains(':'))
        });
        line.starts_with("$ ") || is_host && line.contains(['#', '$'])
    })
}

pub(super) fn check(blocks: &[Block<'_>], found: &mut Vec<Diagnostic>) {
    let scripts = blocks.iter().filter(|block| !has_prompts(&block.code.text));
    let scripts: Vec<(Block<'_>, String)> =
        scripts.map(|block| (*block, script(&block.code.text))).collect();
    halve(&scripts, found);
}

/// The block as a script: placeholders such as `<name>` become words of the same length.
fn script(text: &str) -> String {
    let mut out = elision::blanked(text);
    let mut at = 0;
    while let Some(open) = out[at..].find('<').map(|open| at + open) {
        at = open + 1;
        let Some(length) = placeholder(&out[open..]) else { continue };
        out.replace_range(open..open + length, &"x".repeat(length));
        at = open + length;
    }
    out
}

/// The bytes of a placeholder that begins here.
fn placeholder(text: &str) -> Option<usize> {
    let end = text.find('>')?;
    let inner = &text[1..end];
    let is_word = inner.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && !inner.ends_with(' ')
        && !inner.contains(['<', '\n', '|', '&', ';', '(', ')', '$', '`', '"', '\'']);
    is_word.then_some(end + 1)
}

/// Reads scripts together; where that fails, each half by itself.
fn halve(scripts: &[(Block<'_>, String)], found: &mut Vec<Diagnostic>) {
    match scripts {
        [] => {}
        [(block, script)] => {
            if let Some((line, message)) = bash(script) {
                // What a command printed is seldom left open, but full of odd marks.
                let is_odd = message.contains("unexpected token");
                let message = format!("bash cannot read this: {message}");
                let mut finding = block.line_finding(Code::ShellBlocks, line, message);
                let help = "commands with what they print are `console`, other text is `text`";
                finding.help = is_odd.then(|| help.to_owned());
                found.push(finding);
            }
        }
        _ => {
            let together: String = scripts.iter().map(|(_, script)| wrapped(script)).collect();
            if bash(&together).is_some() {
                let (first, second) = scripts.split_at(scripts.len() / 2);
                halve(first, found);
                halve(second, found);
            }
        }
    }
}

/// A script as a function, so that what is left open in it cannot be closed by the next
/// one: behind an open quotation mark one of the brackets stands free and is an error.
fn wrapped(script: &str) -> String {
    format!("f() {{\n:\n{script}\n}}\n: ')' \")\"\n")
}
