//! Where exactly a note writes the paths its links lead to, so that a path can be replaced
//! and nothing else. For `zhi mv` alone; a build never asks.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag};

use super::{Source, options};
use crate::diagnostic::Span;
use crate::note::{Note, Settings};

/// The path of a link as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// Its bytes, without `#heading`.
    pub span: Span,
    /// How it is written.
    pub form: Form,
}

/// How a path is written, which says what has to be escaped in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is: `[[path]]`, or bare in the front matter.
    Bare,
    /// `[text](path)`, or behind `[label]:`.
    Plain,
    /// `[text](<path>)`
    Angled,
    /// `<a href="path">`
    Attribute,
}

/// The destination of every link in the head; `None` where it cannot be told.
pub fn destinations(note: &Note, settings: Settings<'_>) -> Vec<Option<Destination>> {
    let text = &note.source;
    let mut definitions = None;
    let destination = |span: &Span| {
        let written = text.get(span.start..span.end)?;
        let found = inside(written)
            .map(|(range, form)| Destination { span: shifted(range, span.start), form });
        found.or_else(|| {
            let known = definitions.get_or_insert_with(|| by_definition(note, settings));
            known.get(span).cloned()
        })
    };
    note.link_spans.iter().map(destination).collect()
}

fn shifted(range: Range<usize>, by: usize) -> Span {
    Span { start: range.start + by, end: range.end + by }
}

/// The path within a link that holds it.
fn inside(written: &str) -> Option<(Range<usize>, Form)> {
    let wiki = written.strip_prefix('!').unwrap_or(written);
    if let Some(inner) = wiki.strip_prefix("[[") {
        let start = written.len() - inner.len();
        let end = start + inner.find(['|', ']'])?;
        let end = if written[..end].ends_with('\\') { end - 1 } else { end };
        return Some((path_in(written, start..end), Form::Bare));
    }
    if written.starts_with('<') {
        return attribute(written).map(|range| (path_in(written, range), Form::Attribute));
    }
    if !written.starts_with(['[', '!']) {
        return Some((path_in(written, 0..written.len()), Form::Bare));
    }
    let starts = written.match_indices("](").map(|(at, _)| at + 2);
    starts.into_iter().find_map(|start| {
        let (range, form, end) = destination_at(written, start)?;
        (end == written.len()).then(|| (path_in(written, range), form))
    })
}

/// A destination with its title, and the byte after the closing bracket.
fn destination_at(text: &str, start: usize) -> Option<(Range<usize>, Form, usize)> {
    let start = start + blanks(&text[start..]);
    let (range, form, after) = bare_destination(text, start)?;
    let after = after + blanks(&text[after..]);
    let after = match text[after..].chars().next()? {
        quote @ ('"' | '\'') => after + 1 + text[after + 1..].rfind(quote)? + 1,
        '(' => after + text[after..].rfind(')').filter(|at| after + at + 1 < text.len())?,
        _ => after,
    };
    let close = after + blanks(&text[after..]);
    text[close..].starts_with(')').then_some((range, form, close + 1))
}

fn bare_destination(text: &str, start: usize) -> Option<(Range<usize>, Form, usize)> {
    if text[start..].starts_with('<') {
        let end = start + text[start..].find('>')?;
        return Some((start + 1..end, Form::Angled, end + 1));
    }
    let mut depth = 0_usize;
    let mut escaped = false;
    let end = text[start..].char_indices().find(|(_, c)| {
        let was_escaped = std::mem::take(&mut escaped);
        match c {
            _ if was_escaped => {}
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            _ => return *c == ')' || c.is_whitespace(),
        }
        false
    });
    let end = end.map_or(text.len(), |(at, _)| start + at);
    Some((start..end, Form::Plain, end))
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// The value of `href` or `src` of a tag.
fn attribute(tag: &str) -> Option<Range<usize>> {
    let lower = tag.to_ascii_lowercase();
    let at =
        [" href=", " src="].iter().find_map(|name| Some(lower.find(name)? + name.len()))?;
    let value = &tag[at..];
    match value.chars().next()? {
        quote @ ('"' | '\'') => Some(at + 1..at + 1 + value[1..].find(quote)?),
        _ => Some(at..at + value.find([' ', '>', '\n'])?),
    }
}

/// The part of a destination before `#` and `?`, without blanks round it.
fn path_in(text: &str, range: Range<usize>) -> Range<usize> {
    let written = &text[range.clone()];
    let path = &written[..written.find('#').unwrap_or(written.len())];
    let start = range.start + blanks(path);
    start..start + path.trim().len()
}

/// Destinations of links that name a definition elsewhere in the note.
fn by_definition(note: &Note, settings: Settings<'_>) -> BTreeMap<Span, Destination> {
    let start = crate::note::front_matter::body_start(&note.source);
    let source = Source::new(&note.path, &note.source, start, settings);
    let parser = Parser::new_ext(source.text(), options());
    let definitions: BTreeMap<String, Range<usize>> = parser
        .reference_definitions()
        .iter()
        .map(|(label, definition)| (label.to_lowercase(), definition.span.clone()))
        .collect();
    let mut found = BTreeMap::new();
    for (event, range) in parser.into_offset_iter() {
        let Event::Start(Tag::Link { link_type, id, .. } | Tag::Image { link_type, id, .. }) =
            event
        else {
            continue;
        };
        let is_reference =
            matches!(link_type, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut);
        if let Some(definition) = definitions.get(&id.to_lowercase()).filter(|_| is_reference) {
            let place = source.span(definition);
            found.extend(defined(note, place).map(|to| (source.span(&range), to)));
        }
    }
    found
}

/// The destination within `[label]: path "title"`.
fn defined(note: &Note, place: Span) -> Option<Destination> {
    let written = note.source.get(place.start..place.end)?;
    let start = written.find("]:")? + 2;
    let start = start + blanks(&written[start..]);
    let (range, form, _) = bare_destination(written, start)?;
    Some(Destination { span: shifted(path_in(written, range), place.start), form })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_in_every_form_of_link() {
        for (written, path, form) in [
            ("[[b|text]]", "b", Form::Bare),
            ("![[图 1.png|300]]", "图 1.png", Form::Bare),
            ("[[ a/b#节 ]]", "a/b", Form::Bare),
            ("[[b\\|text]]", "b", Form::Bare),
            ("[text](b.md)", "b.md", Form::Plain),
            ("[a [b] c](d(1).md#x \"title)\")", "d(1).md", Form::Plain),
            ("[x](<a b.md> 'y')", "a b.md", Form::Angled),
            ("[![alt](i.png)](p.md)", "p.md", Form::Plain),
            ("![alt]( i.png )", "i.png", Form::Plain),
            ("<a class=\"x\" href='b.md#y'>", "b.md", Form::Attribute),
            ("<img src=i.png>", "i.png", Form::Attribute),
            ("guide/check.md", "guide/check.md", Form::Bare),
        ] {
            let (range, found) = inside(written).expect(written);
            assert_eq!((&written[range], found), (path, form), "{written}");
        }
        assert_eq!(inside("[text][label]"), None);
    }
}
