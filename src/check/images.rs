//! Images without a text, and images on other servers.

use super::{Subject, Written};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::note::markdown::survey::WrittenImage;
use crate::path;

/// File endings of images.
const IMAGES: &[&str] = &["png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "svg", "ico"];

pub(super) fn images(_: &Subject<'_>, written: &Written<'_>, found: &mut Vec<Diagnostic>) {
    for image in &written.survey.images {
        if is_remote(&image.target) {
            found.push(remote(written, image.span));
        }
        if is_image(&image.target) && !has_text(image) {
            found.push(without_text(written, image.span, help_for(written, image.span)));
        }
    }
    for html in &written.survey.html {
        raw_images(written, *html, found);
    }
}

fn is_remote(target: &str) -> bool {
    let target = target.to_ascii_lowercase();
    ["http://", "https://", "//"].iter().any(|scheme| target.starts_with(scheme))
}

/// A target on the web may have no ending; a name without one is a note.
fn is_image(target: &str) -> bool {
    let file = target.split(['?', '#']).next().unwrap_or_default();
    is_remote(target) || IMAGES.contains(&path::extension(file).as_str())
}

/// Whether the text is more than the file's name and a size.
fn has_text(image: &WrittenImage) -> bool {
    let is_size =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit() || c == 'x');
    image.alt.split('|').map(str::trim).any(|part| {
        !part.is_empty() && !is_size(part) && part != image.target.trim_end_matches('\\')
    })
}

fn remote(written: &Written<'_>, span: Span) -> Diagnostic {
    let message = "this image lies on another server; readers get a link in its place";
    let finding = written.finding(Code::RemoteImage, span, message);
    finding.with_help("save the image beside the note")
}

fn without_text(written: &Written<'_>, span: Span, help: &str) -> Diagnostic {
    let message = "this image has no text for those who do not see it";
    written.finding(Code::MissingAlt, span, message).with_help(help)
}

fn help_for(written: &Written<'_>, span: Span) -> &'static str {
    if written.note.source[span.start..].starts_with("![[") {
        "say what it shows: `![[a.png|what it shows]]`"
    } else {
        "say what it shows: `![what it shows](a.png)`"
    }
}

/// The `<img>` elements of a piece of raw HTML.
fn raw_images(written: &Written<'_>, html: Span, found: &mut Vec<Diagnostic>) {
    let text = written.note.source.get(html.start..html.end).unwrap_or_default();
    let lower = without_comments(text.to_ascii_lowercase());
    for (at, _) in lower.match_indices("<img") {
        let end = lower[at..].find('>').map_or(lower.len(), |end| at + end + 1);
        let tag = &lower[at..end];
        let span = Span { start: html.start + at, end: html.start + end };
        let source = attribute(tag, "src").unwrap_or_default();
        if is_remote(source) {
            found.push(remote(written, span));
        }
        // An empty `alt` says on purpose that the image is decoration.
        if attribute(tag, "alt").is_none() {
            found.push(without_text(written, span, "add `alt=\"what it shows\"`"));
        }
    }
}

/// HTML in which comments are blanks.
pub(super) fn without_comments(mut html: String) -> String {
    while let Some(start) = html.find("<!--") {
        let end = html[start..].find("-->").map_or(html.len(), |end| start + end + 3);
        html.replace_range(start..end, &" ".repeat(end - start));
    }
    html
}

/// The value of an attribute of a tag in lower case.
pub(super) fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    while let Some(at) = rest.find(name) {
        let before = rest[..at].chars().next_back();
        let after = rest[at + name.len()..].trim_start();
        rest = &rest[at + name.len()..];
        if !before.is_some_and(|c| c.is_whitespace() || c == '"' || c == '\'') {
            continue;
        }
        let Some(value) = after.strip_prefix('=') else {
            if after.starts_with(['>', '/']) || after.is_empty() {
                return Some("");
            }
            continue;
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        return match quote {
            Some(quote) => value[1..].split(quote).next(),
            None => value.split([' ', '>']).next(),
        };
    }
    None
}
