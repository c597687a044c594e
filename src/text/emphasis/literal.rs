//! Where in a Markdown source nothing is emphasis: code, math, tags, link destinations.
//!
//! In: the source. Out: byte ranges, ascending. A reading by lines that need not agree with
//! the parser in odd cases: a mark set in code by mistake is taken out again after parsing,
//! and one not set leaves the text as `CommonMark` has it. Linear in the source.

use std::{collections::BTreeMap, ops::Range};

/// What the lines read so far say about the next one.
#[derive(Default)]
struct Reading {
    /// An open code fence: its character, its length and the depth of quotes around it.
    fence: Option<(u8, usize, usize)>,
    /// Where the paragraph began that the last line belongs to.
    paragraph: Option<usize>,
    /// Four blanks begin code only outside of lists.
    in_list: bool,
    found: Vec<Range<usize>>,
}

/// A line without its quote marks and list bullets.
struct Line<'a> {
    text: &'a str,
    quotes: usize,
    indent: usize,
    is_item: bool,
}

/// The ranges that are read as they stand.
pub(super) fn ranges(source: &str) -> Vec<Range<usize>> {
    let mut reading = Reading::default();
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let end = at + line.len();
        read_line(&mut reading, source, &open_containers(line), at..end);
        at = end;
    }
    end_paragraph(&mut reading, source, at);
    reading.found
}

fn read_line(reading: &mut Reading, source: &str, line: &Line<'_>, range: Range<usize>) {
    if let Some((mark, length, quotes)) = reading.fence
        && line.quotes >= quotes
    {
        reading.found.push(range);
        if closes_fence(line.text, mark, length) {
            reading.fence = None;
        }
        return;
    }
    reading.fence = fence(line.text).map(|(mark, length)| (mark, length, line.quotes));
    let is_blank = line.text.is_empty();
    let is_code = reading.paragraph.is_none() && line.indent >= 4 && !reading.in_list;
    if is_blank || is_code || reading.fence.is_some() || begins_block(line) {
        end_paragraph(reading, source, range.start);
    }
    if !is_blank && (line.is_item || line.indent == 0) {
        reading.in_list = line.is_item || (reading.in_list && reading.paragraph.is_some());
    }
    if reading.fence.is_some() || (is_code && !is_blank) || is_definition(line.text) {
        reading.found.push(range);
    } else if !is_blank {
        reading.paragraph.get_or_insert(range.start);
    }
}

fn open_containers(line: &str) -> Line<'_> {
    let mut opened = Line { text: line, quotes: 0, indent: 0, is_item: false };
    loop {
        let text = opened.text.trim_start_matches([' ', '\t']);
        let blank = &opened.text[..opened.text.len() - text.len()];
        opened.indent = blank.len() + 3 * blank.matches('\t').count();
        opened.text = text.trim_end();
        if opened.indent >= 4 {
            return opened;
        }
        if let Some(rest) = text.strip_prefix('>') {
            opened.quotes += 1;
            opened.text = rest.strip_prefix(' ').unwrap_or(rest);
        } else if let Some(rest) = after_bullet(text) {
            opened.is_item = true;
            opened.text = rest;
        } else {
            return opened;
        }
    }
}

fn after_bullet(text: &str) -> Option<&str> {
    let rest = match text.as_bytes().first()? {
        b'-' | b'+' | b'*' => &text[1..],
        _ => {
            let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
            let is_number = (1..=9).contains(&(text.len() - rest.len()));
            rest.strip_prefix(['.', ')']).filter(|_| is_number)?
        }
    };
    rest.strip_prefix([' ', '\t'])
}

fn fence(text: &str) -> Option<(u8, usize)> {
    let mark = *text.as_bytes().first().filter(|b| matches!(b, b'`' | b'~'))?;
    let length = run(text.as_bytes(), 0);
    let is_span = mark == b'`' && text[length..].contains('`');
    (length >= 3 && !is_span).then_some((mark, length))
}

fn closes_fence(text: &str, mark: u8, length: usize) -> bool {
    text.len() >= length && text.bytes().all(|b| b == mark)
}

fn begins_block(line: &Line<'_>) -> bool {
    line.is_item || line.text.starts_with(['#', '|'])
}

/// `[name]: address`; a footnote's `[^1]:` is followed by prose.
fn is_definition(text: &str) -> bool {
    text.starts_with('[') && !text.starts_with("[^") && text.contains("]:")
}

fn end_paragraph(reading: &mut Reading, source: &str, end: usize) {
    let Some(start) = reading.paragraph.take() else { return };
    let text = &source.as_bytes()[start..end];
    let delimiters = delimiters(text);
    let mut at = 0;
    while at < text.len() {
        let literal = literal_end(text, at, &delimiters);
        if let Some(literal) = literal {
            reading.found.push(start + at..start + literal);
        }
        at = literal.unwrap_or(at + step(text, at));
    }
}

/// Positions of the runs of backquotes and dollars by character and length, so that the
/// end of a span is found without reading on.
type Delimiters = BTreeMap<(u8, usize), Vec<usize>>;

fn delimiters(text: &[u8]) -> Delimiters {
    let mut delimiters = Delimiters::new();
    let mut at = 0;
    let next = |at: usize| text[at..].iter().position(|byte| matches!(byte, b'`' | b'$'));
    while let Some(further) = next(at) {
        at += further;
        let length = run(text, at);
        let is_escaped_dollar = text[at] == b'$' && at > 0 && text[at - 1] == b'\\';
        if !is_escaped_dollar {
            delimiters.entry((text[at], length)).or_default().push(at);
        }
        at += length;
    }
    delimiters
}

fn run(text: &[u8], at: usize) -> usize {
    text[at..].iter().take_while(|&&b| b == text[at]).count()
}

/// How far to go on when nothing literal begins here.
fn step(text: &[u8], at: usize) -> usize {
    match text[at] {
        b'\\' => 2,
        b'`' | b'$' => run(text, at),
        _ => 1,
    }
}

/// The end of what begins here, if it is to be read as it stands.
fn literal_end(text: &[u8], at: usize, delimiters: &Delimiters) -> Option<usize> {
    match text[at] {
        b'`' | b'$' => span_end(text, at, delimiters),
        b']' if text.get(at + 1) == Some(&b'(') => Some(destination_end(text, at + 2)),
        b'<' => tag_end(text, at + 1),
        _ => None,
    }
}

fn span_end(text: &[u8], at: usize, delimiters: &Delimiters) -> Option<usize> {
    let length = run(text, at);
    let same = delimiters.get(&(text[at], length))?;
    let close = *same.get(same.partition_point(|&other| other <= at))?;
    let is_math = text[at] == b'$';
    let is_price = length == 1
        && (text[at + 1].is_ascii_whitespace() || text[close - 1].is_ascii_whitespace());
    (!is_math || (length <= 2 && !is_price)).then_some(close + length)
}

fn destination_end(text: &[u8], start: usize) -> usize {
    let mut depth = 0usize;
    let in_angles = text.get(start) == Some(&b'<');
    for (at, &byte) in text.iter().enumerate().skip(start) {
        match byte {
            b'>' | b'\n' if in_angles => return at + 1,
            _ if in_angles => {}
            b'(' => depth += 1,
            b')' if depth == 0 => return at + 1,
            b')' => depth -= 1,
            b' ' | b'\t' | b'\n' => return at,
            _ => {}
        }
    }
    text.len()
}

fn tag_end(text: &[u8], start: usize) -> Option<usize> {
    let first = text.get(start)?;
    if !first.is_ascii_alphabetic() && !matches!(first, b'/' | b'!' | b'?') {
        return None;
    }
    let length = text[start..].iter().position(|b| matches!(b, b'>' | b'<'))?;
    (text[start + length] == b'>').then_some(start + length + 1)
}
