//! YAML, JSON and TOML blocks: each is read; what cannot be read is shown in the note.

use std::ops::Range;

use serde::Deserialize as _;

use super::yaml::{self, Problem};
use super::{Block, elision, manifest};
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn check(block: Block<'_>, found: &mut Vec<Diagnostic>) {
    // Templates become data only when something fills them.
    if ["{{", "{%", "<%"].iter().any(|mark| block.code.text.contains(mark)) {
        return;
    }
    if block.is(&["yaml", "yml"]) {
        check_yaml(block, found);
    } else if block.is(&["json"]) {
        check_json(block, found);
    } else if block.is(&["toml"]) {
        check_toml(block, found);
    }
}

/// Whether a text is JSON: one value, or several in a row.
pub(super) fn is_json(text: &str) -> bool {
    json_error(text).is_none()
}

/// Whether a text is a YAML mapping with several keys.
pub(super) fn is_yaml_mapping(text: &str) -> bool {
    let (documents, problems) = yaml::read(text);
    let is_mapping = |node: &yaml::Node| matches!(&node.value, yaml::Value::Map(entries) if entries.len() > 1);
    problems.is_empty() && documents.iter().any(is_mapping)
}

fn check_yaml(block: Block<'_>, found: &mut Vec<Diagnostic>) {
    let text = elision::blanked(&block.code.text);
    let (documents, problems) = yaml::read(&text);
    if let Some(second) = problems.iter().find_map(second_object) {
        let finding = duplicate(block, second.clone(), &text[second]);
        let help = "if another object begins here, write `---` on a line above";
        found.push(finding.with_help(help));
        return;
    }
    for problem in problems {
        match problem {
            Problem::Syntax(span, message) if !is_taken_elsewhere(&text) => {
                found.push(yaml_error(block, &text, span, &message));
            }
            Problem::Syntax(..) => {}
            Problem::Duplicate(span, key) => found.push(duplicate(block, span, &key)),
        }
    }
    if !block.code.is_fragment {
        manifest::check(block, &documents, found);
    }
}

/// Where a second Kubernetes object begins without a line `---` above it.
fn second_object(problem: &Problem) -> Option<Range<usize>> {
    match problem {
        Problem::Duplicate(span, key) if matches!(key.as_str(), "apiVersion" | "kind") => {
            Some(span.clone())
        }
        _ => None,
    }
}

/// The longest text that is given to another reader; longer ones were not written by hand.
const MAX_BYTES: usize = 64 * 1024;

/// How many brackets it may have: that reader looks back at every open one.
const MAX_BRACKETS: usize = 1000;

/// Whether the reader that most programs share, libyaml, takes what YAML 1.2 forbids: a
/// bracket that is closed at the margin. `kubectl` takes it, too.
fn is_taken_elsewhere(text: &str) -> bool {
    let is_small = text.len() <= MAX_BYTES && text.matches(['[', '{']).count() <= MAX_BRACKETS;
    let is_read = |document| serde_yaml::Value::deserialize(document).is_ok();
    is_small && serde_yaml::Deserializer::from_str(text).all(is_read)
}

fn yaml_error(block: Block<'_>, text: &str, span: Range<usize>, message: &str) -> Diagnostic {
    let line_start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    let before = &text[line_start..span.start];
    let mut finding =
        block.finding(Code::YamlBlocks, span, format!("this is no YAML: {message}"));
    finding.help = if line.trim_start_matches(' ').starts_with('\t') {
        Some("indent with blanks, not tabs".to_owned())
    } else if line.contains('：') {
        Some("a full-width `：` does not end a key; write `: `".to_owned())
    } else if message.contains("cannot begin")
        || before.contains(": ") && message.contains("key: value")
    {
        Some("put quotation marks round the value".to_owned())
    } else {
        None
    };
    finding
}

fn duplicate(block: Block<'_>, span: Range<usize>, key: &str) -> Diagnostic {
    let message = format!("the key `{key}` stands here twice; the first is lost");
    block.finding(Code::DuplicateKey, span, message).with_help("keep one of the two")
}

fn check_json(block: Block<'_>, found: &mut Vec<Diagnostic>) {
    let text = &block.code.text;
    // What was left out cannot be filled in with blanks: commas would be missing.
    if text.contains("...") || text.contains('…') {
        return;
    }
    if is_json(text) || is_json_members(text) {
        let is_duplicate = |problem| match problem {
            Problem::Duplicate(span, key) => Some(duplicate(block, span, &key)),
            Problem::Syntax(..) => None,
        };
        found.extend(yaml::read(text).1.into_iter().filter_map(is_duplicate));
    } else if let Some((at, message)) = json_error(text) {
        found.push(json_finding(block, at, &message));
    }
}

/// Whether a text is a part of an object: `"a": 1`, with a comma at its end or none.
fn is_json_members(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('"') && is_json(&format!("{{{}}}", text.strip_suffix(',').unwrap_or(text)))
}

/// The first error of a JSON text and where it is.
fn json_error(text: &str) -> Option<(usize, String)> {
    let reader = serde_json::Deserializer::from_str(text);
    let error = reader.into_iter::<serde_json::Value>().find_map(Result::err)?;
    let line_start = text.split_inclusive('\n').take(error.line().max(1) - 1).map(str::len);
    let at = line_start.sum::<usize>() + error.column().saturating_sub(1);
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default().to_owned();
    let at = text.floor_char_boundary(at.min(text.len()));
    // The reader stops at the bracket; the author has to look at the comma before it.
    let comma = if message == "trailing comma" { text[..at].rfind(',') } else { None };
    Some((comma.unwrap_or(at), message))
}

fn json_finding(block: Block<'_>, at: usize, message: &str) -> Diagnostic {
    let text = &block.code.text;
    let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
    let finding =
        block.finding(Code::JsonBlocks, at..end, format!("this is no JSON: {message}"));
    let line = text[..at].rsplit('\n').next().unwrap_or_default();
    let is_comment = text[at..].starts_with(['/', '#']) || line.trim_end().ends_with('/');
    if is_comment {
        finding.with_help("JSON has no comments; label it `jsonc`")
    } else {
        finding
    }
}

fn check_toml(block: Block<'_>, found: &mut Vec<Diagnostic>) {
    let text = elision::blanked(&block.code.text);
    let Err(error) = toml::from_str::<toml::Table>(&text) else { return };
    let span = error.span().unwrap_or_default();
    let message = error.message().lines().next().unwrap_or_default().to_owned();
    found.push(if message.contains("duplicate key") {
        let key = text.get(span.clone()).unwrap_or_default().to_owned();
        duplicate(block, span, &key)
    } else {
        block.finding(Code::TomlBlocks, span, format!("this is no TOML: {message}"))
    });
}
