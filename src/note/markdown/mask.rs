//! Takes out of the Markdown what is not Markdown, byte for byte: `%%comments%%` become
//! blanks, shortcodes of other tools, comments beside text and dollar signs that begin no
//! formula become runs of control characters, so that the parser neither reads them nor
//! moves anything.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::formulas::is_formula;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::emphasis::{is_mark, unshield};

/// The byte that stands for a byte of a shortcode. Start of heading: it means nothing to
/// Markdown, and the note's own are taken out first.
pub(super) const SHORTCODE: char = '\u{1}';

/// Stands for a byte of a comment on a line that holds text, too.
const HIDDEN: char = '\u{2}';

/// Stands for a dollar sign that begins no formula.
const DOLLAR: char = '\u{3}';

const MASKS: &[char] = &[SHORTCODE, HIDDEN, DOLLAR];

/// Whether a character of parsed text is not the note's own.
pub(super) fn is_masked(c: char) -> bool {
    matches!(c, HIDDEN | DOLLAR) || is_mark(c)
}

/// Parsed text as the note has it: without comments and marks of emphasis.
pub(super) fn restored(text: &str) -> Cow<'_, str> {
    if !text.contains([HIDDEN, DOLLAR]) {
        return unshield(text);
    }
    let kept = text.chars().filter(|c| *c != HIDDEN);
    let text: String = kept.map(|c| if c == DOLLAR { '$' } else { c }).collect();
    Cow::Owned(unshield(&text).into_owned())
}

/// Markdown of the same length as the note's, without comments and shortcodes.
pub(super) struct Masked<'a> {
    pub(super) text: Cow<'a, str>,
    /// Where `text` begins in the file.
    pub(super) start: usize,
    /// One finding for each kind of shortcode.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Masks the Markdown that begins at `start`.
pub(super) fn mask<'a>(
    path: &str,
    file: &'a str,
    start: usize,
    options: Options,
) -> Masked<'a> {
    let text = &file[start..];
    let has_comment = text.contains("%%");
    let has_shortcode = text.contains("{{") || text.contains("{%");
    let mut masked = Masked { text: Cow::Borrowed(text), start, diagnostics: Vec::new() };
    // By bytes, which is quicker than by characters.
    if text.bytes().any(|byte| MASKS.contains(&char::from(byte))) {
        masked.text = Cow::Owned(text.replace(MASKS, " "));
    }
    hide_bare_backslashes(&mut masked);
    if !has_comment && !has_shortcode {
        return masked;
    }
    let code = code_ranges(&masked.text, options);
    if has_shortcode {
        mask_shortcodes(path, &mut masked, &code);
    }
    if has_comment {
        blank_comments(&mut masked, &code);
    }
    masked
}

/// Hides the backslash of a task that is nothing else: above a line of `-` it makes
/// pulldown-cmark 0.13.6 panic (firstpass.rs, `extract_and_parse_heading_attribute_block`).
fn hide_bare_backslashes(masked: &mut Masked<'_>) {
    let is_last = |at: usize| masked.text[at + 1..].starts_with(['\n', '\r']);
    if !masked.text.match_indices('\\').any(|(at, _)| is_last(at)) {
        return;
    }
    let ends = masked.text.match_indices('\\').map(|(at, _)| at);
    let is_bare = |at: &usize| {
        let before = masked.text[..*at].trim_end_matches([' ', '\t']);
        is_last(*at) && ["[ ]", "[x]", "[X]"].iter().any(|mark| before.ends_with(mark))
    };
    let bare: Vec<usize> = ends.filter(is_bare).collect();
    if !bare.is_empty() {
        let mut bytes = masked.text.as_bytes().to_vec();
        for at in bare {
            bytes[at] = HIDDEN as u8;
        }
        masked.replace(bytes);
    }
}

/// Where code and math lie: nothing in them is touched.
fn code_ranges(text: &str, options: Options) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut open = None;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => open = Some(range.start),
            Event::End(TagEnd::CodeBlock) => {
                ranges.extend(open.take().map(|start| start..range.end));
            }
            Event::InlineMath(_) if !is_formula(text, &range) => {}
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => ranges.push(range),
            _ => {}
        }
    }
    ranges
}

fn is_code(code: &[Range<usize>], at: usize) -> bool {
    let next = code.partition_point(|range| range.end <= at);
    code.get(next).is_some_and(|range| range.start <= at)
}

fn blank_comments(masked: &mut Masked<'_>, code: &[Range<usize>]) {
    let marks: Vec<usize> = masked
        .text
        .match_indices("%%")
        .map(|(at, _)| at)
        .filter(|at| !is_code(code, *at) && !is_escaped(&masked.text, *at))
        .collect();
    let (pairs, _) = marks.as_chunks::<2>();
    if pairs.is_empty() {
        return;
    }
    let mut bytes = masked.text.as_bytes().to_vec();
    for [open, close] in pairs {
        for byte in &mut bytes[*open..close + 2] {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = HIDDEN as u8;
            }
        }
    }
    empty_comment_lines(&mut bytes);
    masked.replace(bytes);
}

fn is_escaped(text: &str, at: usize) -> bool {
    let backslashes = text[..at].bytes().rev().take_while(|byte| *byte == b'\\').count();
    backslashes % 2 == 1
}

/// Lines with nothing but a comment are empty lines, unless they stand inside a paragraph
/// or list, which an empty line would end. Beside text, blanks would make code of it or
/// stand between Han.
fn empty_comment_lines(bytes: &mut [u8]) {
    let mut lines: Vec<&mut [u8]> = bytes.split_mut(|byte| *byte == b'\n').collect();
    let is_comment = |line: &[u8]| {
        line.contains(&(HIDDEN as u8))
            && line.iter().all(|byte| *byte == HIDDEN as u8 || byte.is_ascii_whitespace())
    };
    let mut at = 0;
    while at < lines.len() {
        let length = lines[at..].iter().take_while(|line| is_comment(line)).count();
        let above = at.checked_sub(1).map_or(&[][..], |above| &*lines[above]);
        let below = lines.get(at + length).map_or(&[][..], |below| &**below);
        if length > 0 && !(is_prose(above) && is_prose(below)) {
            for line in &mut lines[at..at + length] {
                line.iter_mut()
                    .filter(|byte| **byte == HIDDEN as u8)
                    .for_each(|byte| *byte = b' ');
            }
        }
        at += length + 1;
    }
}

/// Text that is no part of a table, and no line that would make a heading of what is above.
fn is_prose(line: &[u8]) -> bool {
    let text = line.trim_ascii();
    !text.is_empty()
        && !text.contains(&b'|')
        && !text.iter().all(|byte| matches!(byte, b'-' | b'='))
}

impl Masked<'_> {
    /// Masks the dollar signs at these offsets.
    pub(super) fn hide_dollars(&mut self, offsets: &[usize]) {
        let mut bytes = self.text.as_bytes().to_vec();
        for at in offsets {
            if bytes.get(*at) == Some(&b'$') {
                bytes[*at] = DOLLAR as u8;
            }
        }
        self.replace(bytes);
    }

    /// What is masked begins and ends at ASCII marks, so whole characters were replaced.
    fn replace(&mut self, bytes: Vec<u8>) {
        if let Ok(text) = String::from_utf8(bytes) {
            self.text = Cow::Owned(text);
        }
    }
}

/// The opening marks of other tools' template languages with their closing ones.
const FORMS: &[(&str, &str)] =
    &[("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}"), ("{{{", "}}}"), ("{{", "}}")];

/// The longest shortcode in bytes; what is longer is text with braces.
const MAX_SHORTCODE: usize = 2000;

fn mask_shortcodes(path: &str, masked: &mut Masked<'_>, code: &[Range<usize>]) {
    let source = masked.text.clone();
    let mut bytes = source.as_bytes().to_vec();
    let mut seen = BTreeSet::new();
    let mut at = 0;
    while let Some(step) = source[at..].find('{') {
        let start = at + step;
        at = start + 1;
        if !source[at..].starts_with(['{', '%']) || is_code(code, start) {
            continue;
        }
        at += 1;
        let Some(range) = shortcode_at(&source, start) else { continue };
        let written = &source[range.clone()];
        let kind = kind_of(written);
        // `{{.Version}}` is what people show of Go's templates; no content is made of it.
        if kind.is_empty() || kind.starts_with('.') {
            continue;
        }
        at = range.end;
        if let Some(target) = link_target(&source, &range, written) {
            put_target(&mut bytes[range.clone()], target);
        } else {
            bytes[range.clone()].fill(SHORTCODE as u8);
            if seen.insert(kind.to_owned()) {
                masked.diagnostics.push(finding(path, masked.start, &range, kind));
            }
        }
    }
    masked.replace(bytes);
}

fn shortcode_at(source: &str, start: usize) -> Option<Range<usize>> {
    let rest = &source[start..];
    let (open, close) = FORMS.iter().find(|(open, _)| rest.starts_with(open))?;
    let window = &rest
        [open.len()..rest.floor_char_boundary(MAX_SHORTCODE.min(rest.len())).max(open.len())];
    let end = window.find(close)?;
    let blank_line = window[..end].contains("\n\n");
    (!blank_line).then_some(start..start + open.len() + end + close.len())
}

/// The name a shortcode begins with: `figure` of `{{< figure src="a.png" >}}`.
fn kind_of(written: &str) -> &str {
    let inner = written
        .trim_matches(|c: char| matches!(c, '{' | '}' | '<' | '>' | '%') || c.is_whitespace());
    let inner = inner.trim_start_matches('/').trim_start();
    let end = inner
        .find(|c: char| !(c.is_alphanumeric() || "_-.$/".contains(c)))
        .unwrap_or(inner.len());
    &inner[..end]
}

/// `[text]({{< ref "a.md" >}})`: the reference is a link target like any other.
fn link_target<'a>(source: &str, range: &Range<usize>, written: &'a str) -> Option<&'a str> {
    if source[..range.start].ends_with("](") { reference(written) } else { None }
}

/// What the shortcode `ref` or `relref` leads to.
pub(super) fn reference(written: &str) -> Option<&str> {
    let is_alone = written.starts_with("{{") && written.ends_with("}}");
    if !is_alone || !matches!(kind_of(written), "ref" | "relref") {
        return None;
    }
    let quoted = written.split(['"', '`']).nth(1);
    quoted
        .or_else(|| written.split_whitespace().nth(2))
        .filter(|target| !target.contains(['<', '>', '\n']))
}

/// Writes `<target>` over a shortcode that is longer, padded with blanks.
fn put_target(bytes: &mut [u8], target: &str) {
    bytes.fill(b' ');
    bytes[0] = b'<';
    bytes[1..=target.len()].copy_from_slice(target.as_bytes());
    bytes[target.len() + 1] = b'>';
}

fn finding(path: &str, start: usize, range: &Range<usize>, kind: &str) -> Diagnostic {
    let span = start + range.start..start + range.end;
    Diagnostic::new(
        Code::Shortcode,
        path,
        span,
        format!("the shortcode `{kind}` of another tool is shown as text"),
    )
    .with_help("write it in Markdown; zhi runs no shortcodes")
}
