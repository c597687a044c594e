//! YAML as a tree in which every key and value knows its place: the only user of
//! saphyr-parser. One text in, documents and what is wrong with them out.

use std::collections::BTreeSet;
use std::ops::Range;

use saphyr_parser::{Event, Marker, Parser, ScanError};

use crate::note::front_matter::open_bracket;

/// How deep a text may nest; deeper ones were not written by hand and are not looked at.
const MAX_DEPTH: usize = 64;

/// A value with the bytes it takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) value: Value,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A text, number or other single value, unquoted.
    Scalar(String),
    /// A list.
    List(Vec<Node>),
    /// Keys and values in order.
    Map(Vec<(Node, Node)>),
    /// A reference to a value above.
    Alias,
}

/// What is wrong at a place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Problem {
    /// The text cannot be read from here on.
    Syntax(Range<usize>, String),
    /// This key was there before.
    Duplicate(Range<usize>, String),
}

impl Node {
    /// The value of a key, if this is a mapping that has it.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        let Value::Map(entries) = &self.value else { return None };
        entries.iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    /// The text of a single value.
    pub(super) fn text(&self) -> Option<&str> {
        if let Value::Scalar(text) = &self.value { Some(text) } else { None }
    }
}

/// Reads all documents of a text. After a syntax error nothing more is known.
pub(super) fn read(text: &str) -> (Vec<Node>, Vec<Problem>) {
    let mut reader = Reader { lines: Lines::of(text), open: Vec::new(), documents: Vec::new() };
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        match next {
            Ok((event, span)) if reader.open.len() <= MAX_DEPTH => {
                let span = reader.lines.at(text, span.start)..reader.lines.at(text, span.end);
                reader.event(event, span);
            }
            Ok(_) => return (Vec::new(), Vec::new()),
            Err(error) => {
                let problem = syntax(text, &reader, &error);
                return (reader.documents, vec![problem]);
            }
        }
    }
    let mut problems = Vec::new();
    reader.documents.iter().for_each(|node| duplicates(node, &mut problems));
    (reader.documents, problems)
}

/// The first byte of every line. The parser counts lines and characters in them.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Lines {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Lines(std::iter::once(0).chain(after_breaks.map(|(at, _)| at + 1)).collect())
    }

    fn at(&self, text: &str, marker: Marker) -> usize {
        let line = marker.line().saturating_sub(1);
        let Some(start) = self.0.get(line).copied() else { return text.len() };
        let rest = &text[start..];
        let column = rest.char_indices().nth(marker.col()).map_or(rest.len(), |(at, _)| at);
        start + column
    }
}

struct Reader {
    lines: Lines,
    open: Vec<Open>,
    documents: Vec<Node>,
}

/// A list or mapping whose end is not reached.
struct Open {
    start: usize,
    is_map: bool,
    items: Vec<Node>,
}

impl Reader {
    fn event(&mut self, event: Event<'_>, span: Range<usize>) {
        match event {
            Event::Scalar(text, ..) => self.add(span, Value::Scalar(text.into_owned())),
            Event::Alias(_) => self.add(span, Value::Alias),
            Event::SequenceStart(..) => self.open(span.start, false),
            Event::MappingStart(..) => self.open(span.start, true),
            Event::SequenceEnd | Event::MappingEnd => self.close(span.end),
            _ => {}
        }
    }

    fn open(&mut self, start: usize, is_map: bool) {
        self.open.push(Open { start, is_map, items: Vec::new() });
    }

    fn close(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let value = if open.is_map {
            let mut items = open.items.into_iter();
            let mut entries = Vec::new();
            while let (Some(key), Some(value)) = (items.next(), items.next()) {
                entries.push((key, value));
            }
            Value::Map(entries)
        } else {
            Value::List(open.items)
        };
        self.add(open.start..end.max(open.start), value);
    }

    fn add(&mut self, span: Range<usize>, value: Value) {
        let node = Node { span, value };
        match self.open.last_mut() {
            Some(open) => open.items.push(node),
            None => self.documents.push(node),
        }
    }
}

/// The error with the place where the author has to look: a bracket that is never closed
/// rather than what follows it, the last line rather than the end.
fn syntax(text: &str, reader: &Reader, error: &ScanError) -> Problem {
    let told = reader.lines.at(text, *error.marker()).min(text.len());
    let is_in_brackets = ["flow", "illegal placement"].iter().any(|w| error.info().contains(w));
    let bracket = open_bracket(&text[..told]);
    let end = text.trim_end().len();
    let before = text[..told].trim_end_matches('\t').len();
    let at = if is_in_brackets && bracket < told {
        bracket
    } else if error.info().contains("tabs disallowed") && before < told {
        before
    } else if told >= end {
        let line = text[..end].rfind('\n').map_or(0, |newline| newline + 1);
        end - text[line..end].trim_start().len()
    } else {
        told
    };
    let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    Problem::Syntax(at..line_end, plainly(error.info()))
}

/// What the parser says, in words of an author.
fn plainly(message: &str) -> String {
    let known: &[(&str, &str)] = &[
        ("mapping values are not allowed", "a `key: value` cannot stand here"),
        ("expected <document start>", "this belongs to nothing above it"),
        ("simple key expect ':'", "this line has no `: `"),
        ("did not find expected key", "the indentation fits no line above"),
        ("expected '-' indicator", "this line is no part of the list above"),
        (
            "trailing content after double-quoted",
            "text stands behind the closing quotation mark",
        ),
        ("expected ',' or", "this bracket is not closed"),
        ("illegal placement of ':'", "this bracket is not closed"),
        ("indentation in quoted scalar", "this quotation mark is not closed"),
        ("tabs disallowed", "a tab stands in the indentation"),
    ];
    if let Some((_, c)) = message.split_once("unexpected character: `") {
        return format!("a value cannot begin with `{}`", c.trim_end_matches('\''));
    }
    let plain = known.iter().find(|(part, _)| message.contains(part));
    plain.map_or_else(|| message.to_owned(), |(_, plain)| (*plain).to_owned())
}

fn duplicates(node: &Node, problems: &mut Vec<Problem>) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| duplicates(item, problems)),
        Value::Map(entries) => {
            let mut seen = BTreeSet::new();
            for (key, value) in entries {
                if let Some(name) =
                    key.text().filter(|name| *name != "<<" && !seen.insert(*name))
                {
                    problems.push(Problem::Duplicate(key.span.clone(), name.to_owned()));
                }
                duplicates(value, problems);
            }
        }
        Value::Scalar(_) | Value::Alias => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_stand_where_the_author_looks() {
        for (text, expected) in [
            ("a: 1\nb: [1, 2]\n", ""),
            ("a: 1\na: 2\n", "5..6 a"),
            ("甲: {乙: 1, 乙: 2}\n", "14..17 乙"),
            ("- a: 1\n  a: 2\n- a: 1\n", "9..10 a"),
            ("a: &a {x: 1}\nb: {<<: *a, <<: *a}\n", ""),
            ("---\na: 1\n---\na: 1\n", ""),
            ("a: 甲: 乙\n", "6: a `key: value` cannot stand here"),
            ("a: [1, 2\nb: 3\n", "3: this bracket is not closed"),
            ("a:\n\tb: 1\n", "3: a tab stands in the indentation"),
            ("a: |\n x\ny\n\n", "8: this line has no `: `"),
            ("a:\n  b: 1\n c: 2\n", "11: the indentation fits no line above"),
            ("a: @x\n", "3: a value cannot begin with `@`"),
        ] {
            let problems = read(text).1;
            let shown: Vec<String> = problems.iter().map(show).collect();
            assert_eq!(shown.join("; "), expected, "{text}");
        }
    }

    fn show(problem: &Problem) -> String {
        match problem {
            Problem::Duplicate(span, key) => format!("{}..{} {key}", span.start, span.end),
            Problem::Syntax(span, message) => format!("{}: {message}", span.start),
        }
    }
}
