//! Go blocks, read by gofmt. Most are no whole files: each is tried as a file, as
//! declarations, as statements, and as both mixed; one reading that succeeds is enough.

use std::collections::BTreeMap;

use super::external::gofmt;
use super::{Block, elision};
use crate::diagnostic::{Code, Diagnostic};
use crate::note::markdown::survey::CodeBlock;

/// Whether a block says it is Go.
pub(super) fn is_go(code: &CodeBlock) -> bool {
    ["go", "golang"].iter().any(|name| code.language.eq_ignore_ascii_case(name))
}

/// A way to read a block: what is put before its first line, and the file made of it.
struct Reading {
    added: usize,
    file: String,
}

pub(super) fn check(blocks: &[Block<'_>], found: &mut Vec<Diagnostic>) {
    if blocks.is_empty() {
        return;
    }
    let readings: Vec<Vec<Reading>> =
        blocks.iter().map(|block| readings(&block.code.text)).collect();
    let name = |block: usize, way: usize| format!("{block}-{way}.go");
    let mut files = BTreeMap::new();
    for (block, ways) in readings.iter().enumerate() {
        for (way, reading) in ways.iter().enumerate() {
            files.insert(name(block, way), reading.file.clone());
        }
    }
    let objections = gofmt(&files);
    for (index, block) in blocks.iter().enumerate() {
        let of_block: Option<Vec<_>> =
            (0..readings[index].len()).map(|way| objections.get(&name(index, way))).collect();
        let furthest = of_block.and_then(|all| {
            all.into_iter()
                .enumerate()
                .max_by_key(|(way, o)| (o.0, o.1, std::cmp::Reverse(*way)))
        });
        if let Some((way, (line, column, message))) = furthest {
            let added = if *line == 0 { readings[index][way].added } else { 0 };
            found.push(finding(*block, *line, column.saturating_sub(added), message));
        }
    }
}

fn finding(block: Block<'_>, line: usize, column: usize, message: &str) -> Diagnostic {
    let message = format!("gofmt cannot read this: {message}");
    let mut finding = block.line_finding(Code::GoBlocks, line, message);
    let text = &block.code.text;
    let start = text.split_inclusive('\n').take(line).map(str::len).sum::<usize>() + column;
    if start < text.trim_end().len() {
        finding.span.start = block.code.place(start..start + 1).start;
        finding.span.end = finding.span.end.max(finding.span.start);
    }
    finding
}

fn readings(text: &str) -> Vec<Reading> {
    let text = without_elisions(text);
    if text.lines().any(|line| line.starts_with("package ")) {
        return vec![Reading { added: 0, file: text }];
    }
    let wrapped = |before: &str, inside: &str, after: &str| Reading {
        added: before.len(),
        file: format!("{before}{inside}{after}"),
    };
    let mixed = mixed(&text);
    vec![
        wrapped("package p;", &text, "\n"),
        wrapped("package p;func _() {", &text, "\n}\n"),
        wrapped("package p;", &mixed, "\n"),
        wrapped("package p;func _() {switch {", &text, "\n}}\n"),
        wrapped("package p;type (", &text, "\n)\n"),
        wrapped("package p;type _ struct {", &text, "\n}\n"),
        wrapped("package p;type _ interface {", &text, "\n}\n"),
        wrapped("package p;var _ = T{", &text, "\n}\n"),
    ]
}

/// Go in which `...` for what was left out is blank, and `func pkg.Name` one word, as
/// documentation writes it.
fn without_elisions(text: &str) -> String {
    let mut out: String = text.split_inclusive('\n').map(without_elision).collect();
    for mark in ["...", "…"] {
        let mut at = 0;
        while let Some(start) = out[at..].find(mark).map(|found| at + found) {
            let end = start + mark.len();
            at = end;
            let before = out[..start].trim_end_matches(' ').chars().next_back();
            let after = out[end..].trim_start_matches(' ').chars().next();
            let opens = before.is_none_or(|c| matches!(c, '{' | '(' | ',' | '\n'));
            let closes = after.is_none_or(|c| matches!(c, '}' | ')' | '\n'));
            if opens && closes {
                out.replace_range(start..end, &elision::blank(mark));
            }
        }
    }
    out.split_inclusive('\n').map(unqualified).collect()
}

/// Blanks for a line that begins with `...`: it tells what is left out, in words or none.
fn without_elision(line: &str) -> String {
    let begins = |mark| line.trim_start().starts_with(mark);
    if begins("..") || begins("…") || elision::is_elision(line) {
        elision::blank(line)
    } else {
        line.to_owned()
    }
}

fn unqualified(line: &str) -> String {
    let name = ["func ", "type "].iter().find_map(|word| line.strip_prefix(word));
    let dot =
        name.and_then(|name| name.find(|c: char| !c.is_alphanumeric() && c != '/' && c != '_'));
    match (name, dot) {
        (Some(name), Some(dot)) if name[dot..].starts_with('.') => {
            let start = line.len() - name.len();
            format!("{}{}_{}", &line[..start], name[..dot].replace('/', "_"), &name[dot + 1..])
        }
        _ => line.to_owned(),
    }
}

/// Declarations as they stand, each run of statements between them in a function; no line
/// is added.
fn mixed(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut in_statements = false;
    let mut in_declaration = false;
    let mut in_import = false;
    for line in text.split_inclusive('\n') {
        let begins = ["func ", "type ", "const ", "var ", "func("]
            .iter()
            .any(|word| line.starts_with(word));
        let is_plain = line.trim().is_empty() || line.starts_with("//");
        if line.starts_with("import ") {
            // An import after the first declaration is from another file.
            in_import = opens(line);
            out.push_str(&elision::blank(line));
            continue;
        }
        if in_import {
            in_import = !line.starts_with(')');
            out.push_str(&elision::blank(line));
            continue;
        }
        if begins {
            out.push_str(if in_statements { "};" } else { "" });
            in_statements = false;
            in_declaration = opens(line);
        } else if in_declaration {
            in_declaration = !line.starts_with(['}', ')']);
        } else if !in_statements && !is_plain {
            out.push_str("func _() {");
            in_statements = true;
        }
        out.push_str(line);
    }
    out.push_str(if in_statements { "\n}" } else { "" });
    out
}

/// Whether a declaration goes on after its first line.
fn opens(line: &str) -> bool {
    line.trim_end().ends_with(['{', '(', ','])
}
