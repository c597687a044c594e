//! Takes out of the Markdown what is not Markdown, byte for byte: `%%comments%%` become
//! blanks, shortcodes of other tools become a run of one control character, so that the
//! parser neither reads them nor moves anything.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::diagnostic::{Code, Diagnostic};

/// The byte that stands for a byte of a shortcode. Start of heading: it means nothing to
/// Markdown, and the note's own are taken out first.
pub(super) const SHORTCODE: char = '\u{1}';

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
    let has_shortcode = ["{{<", "{{%", "{%", "{{"].iter().any(|mark| text.contains(mark));
    let mut masked = Masked { text: Cow::Borrowed(text), start, diagnostics: Vec::new() };
    if text.contains(SHORTCODE) {
        masked.text = Cow::Owned(text.replace(SHORTCODE, " "));
    }
    if !has_comment && !has_shortcode {
        return masked;
    }
    let code = code_ranges(text, options);
    if has_shortcode {
        mask_shortcodes(path, &mut masked, &code);
    }
    if has_comment {
        blank_comments(&mut masked, &code);
    }
    masked
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
        .filter(|at| !is_code(code, *at))
        .collect();
    let (pairs, _) = marks.as_chunks::<2>();
    if pairs.is_empty() {
        return;
    }
    let mut bytes = masked.text.as_bytes().to_vec();
    for [open, close] in pairs {
        for byte in &mut bytes[*open..close + 2] {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    }
    // Comments begin and end at ASCII marks, so whole characters were replaced.
    if let Ok(text) = String::from_utf8(bytes) {
        masked.text = Cow::Owned(text);
    }
}

/// The opening marks of other tools' template languages with their closing ones.
const FORMS: &[(&str, &str)] = &[("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}"), ("{{", "}}")];

/// The longest shortcode in bytes; what is longer is text with braces.
const MAX_SHORTCODE: usize = 2000;

fn mask_shortcodes(path: &str, masked: &mut Masked<'_>, code: &[Range<usize>]) {
    let source = masked.text.clone();
    let mut bytes = source.as_bytes().to_vec();
    let mut seen = BTreeSet::new();
    let mut at = 0;
    while let Some(step) =
        source[at..].find("{{").into_iter().chain(source[at..].find("{%")).min()
    {
        let start = at + step;
        at = start + 2;
        if is_code(code, start) {
            continue;
        }
        let Some(range) = shortcode_at(&source, start) else { continue };
        let written = &source[range.clone()];
        let kind = kind_of(written);
        if kind.is_empty() {
            continue;
        }
        at = range.end;
        if let Some(target) = link_target(&source, &range, written) {
            put_target(&mut bytes[range.clone()], target)
        } else {
            bytes[range.clone()].fill(SHORTCODE as u8);
            if seen.insert(kind.to_owned()) {
                masked.diagnostics.push(finding(path, masked.start, &range, kind));
            }
        }
    }
    if let Ok(text) = String::from_utf8(bytes) {
        masked.text = Cow::Owned(text);
    }
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
    let is_target = source[..range.start].ends_with("](");
    let kind = kind_of(written);
    if !is_target || !matches!(kind, "ref" | "relref") {
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
