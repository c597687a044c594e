//! Makes an SVG file harmless: as a picture in a page it can do nothing, but opened by its
//! address it is a document that runs scripts. In: the bytes of a file. Out: the same bytes
//! where there is nothing to take out. A leaf.

use std::borrow::Cow;
use std::ops::Range;

/// What is published in place of a file that cannot be read for certain.
const EMPTY: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

/// Elements that run something, load a document or send a form, by the name behind the
/// prefix: an SVG may hold XHTML.
const DROPPED: &[&str] = &[
    "script",
    "handler",
    "listener",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "meta",
    "link",
    "base",
    "form",
    "input",
    "button",
    "textarea",
    "select",
    "template",
    "portal",
    "fencedframe",
    "video",
    "audio",
    "source",
    "track",
    "noscript",
];

/// Attributes that hold an address, or that animation puts into one.
const ADDRESSES: &[&str] = &[
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "base",
    "to",
    "from",
    "by",
    "values",
    "background",
    "poster",
    "ping",
    "srcset",
    "cite",
    "longdesc",
    "manifest",
];

/// The file without scripts, and whether anything had to go.
pub(super) fn harmless(bytes: &[u8]) -> (Cow<'_, [u8]>, bool) {
    let text = std::str::from_utf8(bytes).ok().and_then(|text| {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        cut(text).map(|cuts| (text, cuts))
    });
    match text {
        None => (Cow::Borrowed(EMPTY), true),
        Some((_, cuts)) if cuts.is_empty() => (Cow::Borrowed(bytes), false),
        Some((text, cuts)) => (Cow::Owned(without(text, &cuts).into_bytes()), true),
    }
}

fn without(text: &str, cuts: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for cut in cuts {
        out.push_str(&text[at..cut.start]);
        at = cut.end;
    }
    out.push_str(&text[at..]);
    out
}

/// The bytes that must go, in order; `None` for what is no XML that can be read.
fn cut(text: &str) -> Option<Vec<Range<usize>>> {
    let mut cuts = Vec::new();
    let mut at = 0;
    // The dropped element that is open: its name, where it began, how often it is nested.
    let mut hidden: Option<(&str, usize, usize)> = None;
    while let Some(step) = text[at..].find('<') {
        let start = at + step;
        let piece = piece_at(text, start)?;
        at = piece.end();
        match (&mut hidden, piece) {
            (None, Piece::Skipped(_)) | (Some(_), Piece::Skipped(_) | Piece::Unsafe(_)) => {}
            (None, Piece::Unsafe(end)) => cuts.push(start..end),
            (None, Piece::Start { name, is_empty, end, attributes }) => {
                if !DROPPED.contains(&local(name).to_ascii_lowercase().as_str()) {
                    cuts.extend(bad_attributes(name, &attributes));
                } else if is_empty {
                    cuts.push(start..end);
                } else {
                    hidden = Some((name, start, 1));
                }
            }
            (Some((open, _, depth)), Piece::Start { name, is_empty: false, .. })
                if name == *open =>
            {
                *depth += 1;
            }
            (Some((open, from, depth)), Piece::End { name, end }) if name == *open => {
                *depth -= 1;
                if *depth == 0 {
                    cuts.push(*from..end);
                    hidden = None;
                }
            }
            (_, Piece::Start { .. } | Piece::End { .. }) => {}
        }
    }
    hidden.is_none().then_some(cuts)
}

/// A piece of XML between `<` and `>`, with the byte after it.
enum Piece<'a> {
    /// A comment, a declaration, text that is not read.
    Skipped(usize),
    /// What may bring in another document.
    Unsafe(usize),
    Start {
        name: &'a str,
        is_empty: bool,
        end: usize,
        attributes: Vec<Attribute<'a>>,
    },
    End {
        name: &'a str,
        end: usize,
    },
}

impl Piece<'_> {
    fn end(&self) -> usize {
        match self {
            Piece::Skipped(end)
            | Piece::Unsafe(end)
            | Piece::Start { end, .. }
            | Piece::End { end, .. } => *end,
        }
    }
}

struct Attribute<'a> {
    name: &'a str,
    value: &'a str,
    /// Its bytes with the blanks before it.
    range: Range<usize>,
}

fn piece_at(text: &str, start: usize) -> Option<Piece<'_>> {
    let rest = &text[start..];
    let until = |mark: &str| rest.find(mark).map(|at| start + at + mark.len());
    if let Some(comment) = rest.strip_prefix("<!--") {
        return comment.find("-->").map(|at| Piece::Skipped(start + 4 + at + 3));
    }
    if rest.starts_with("<![CDATA[") {
        return until("]]>").map(Piece::Skipped);
    }
    if rest.starts_with("<?") {
        let end = until("?>")?;
        let is_plain = rest.starts_with("<?xml ") && is_utf8_declaration(&text[start..end]);
        return Some(if is_plain { Piece::Skipped(end) } else { Piece::Unsafe(end) });
    }
    if rest.starts_with("<!") {
        return doctype(text, start);
    }
    if let Some(name) = rest.strip_prefix("</") {
        let end = name.find('>')?;
        return Some(Piece::End { name: name[..end].trim_end(), end: start + 2 + end + 1 });
    }
    start_tag(text, start)
}

/// Bytes that mean something else in another encoding are not what was checked here.
fn is_utf8_declaration(declaration: &str) -> bool {
    let lower = declaration.to_ascii_lowercase();
    lower.split_once("encoding").is_none_or(|(_, rest)| {
        rest.trim_start_matches(['=', ' ', '"', '\'', '\t', '\n']).starts_with("utf-8")
    })
}

/// Drawing programs declare short names for addresses; a name for markup is refused.
fn doctype(text: &str, start: usize) -> Option<Piece<'_>> {
    let rest = &text[start..];
    let end = rest.find('>')?;
    let Some(open) = rest[..end].find('[') else {
        return Some(Piece::Skipped(start + end + 1));
    };
    let close = open + rest[open..].find(']')?;
    let end = close + rest[close..].find('>')? + 1;
    let subset = &rest[open + 1..close];
    let declarations = subset.split('<').skip(1);
    let is_plain = |declaration: &str| {
        let values = declaration.split(['"', '\'']).skip(1).step_by(2);
        declaration.starts_with("!ENTITY ")
            && !declaration.contains(['%', '&'])
            && !values.clone().any(|value| is_script(value) || value.contains('<'))
    };
    declarations.clone().all(is_plain).then_some(Piece::Skipped(start + end))
}

fn start_tag(text: &str, start: usize) -> Option<Piece<'_>> {
    let bytes = text.as_bytes();
    let is_end = |at: usize| matches!(bytes.get(at), Some(b'>' | b'/'));
    let is_blank = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_whitespace);
    let skip = |mut at: usize, wanted: &dyn Fn(usize) -> bool| {
        while at < bytes.len() && wanted(at) {
            at += 1;
        }
        at
    };
    let name_end = skip(start + 1, &|at| !is_blank(at) && !is_end(at));
    let name = &text[start + 1..name_end];
    if name.is_empty() || name.contains(['<', '"', '\'', '=']) {
        return None;
    }
    let mut attributes = Vec::new();
    let mut at = name_end;
    loop {
        let from = at;
        at = skip(at, &is_blank);
        match bytes.get(at)? {
            b'>' => {
                return Some(Piece::Start { name, is_empty: false, end: at + 1, attributes });
            }
            b'/' if bytes.get(at + 1) == Some(&b'>') => {
                return Some(Piece::Start { name, is_empty: true, end: at + 2, attributes });
            }
            _ if from == at => return None,
            _ => {}
        }
        let key_end = skip(at, &|at| !is_blank(at) && !is_end(at) && bytes[at] != b'=');
        let key = &text[at..key_end];
        let equals = skip(key_end, &is_blank);
        let quote_at = skip(equals + 1, &is_blank);
        let quote = *bytes.get(quote_at).filter(|byte| matches!(byte, b'"' | b'\''))?;
        if bytes.get(equals) != Some(&b'=') || key.is_empty() {
            return None;
        }
        let value_end = skip(quote_at + 1, &|at| bytes[at] != quote);
        let value = text.get(quote_at + 1..value_end)?;
        at = value_end + 1;
        attributes.push(Attribute { name: key, value, range: from..at });
    }
}

fn bad_attributes<'a>(
    element: &'a str,
    attributes: &'a [Attribute<'a>],
) -> impl Iterator<Item = Range<usize>> + 'a {
    let is_picture = matches!(local(element), "image" | "feImage" | "img");
    let is_bad = move |attribute: &&Attribute<'_>| {
        let name = local(attribute.name).to_ascii_lowercase();
        let is_address = ADDRESSES.contains(&name.as_str());
        name.starts_with("on")
            || name == "srcdoc"
            || name == "attributename" && is_dangerous_target(attribute.value)
            || is_address && is_unsafe_address(attribute.value, is_picture)
    };
    attributes.iter().filter(is_bad).map(|attribute| attribute.range.clone())
}

/// Whether animation of this attribute could make an address or a handler of it.
fn is_dangerous_target(value: &str) -> bool {
    local(value.trim()).to_ascii_lowercase().starts_with("on")
}

fn is_unsafe_address(value: &str, is_picture: bool) -> bool {
    let Some(value) = decoded(value) else { return true };
    let plain: String = value
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    let is_data = plain.contains("data:") && !(is_picture && plain.starts_with("data:image/"));
    is_script(&plain) || is_data
}

fn is_script(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.to_ascii_lowercase();
    plain.contains("javascript:") || plain.contains("vbscript:")
}

/// The value with its references resolved; `None` if one is not of XML's own.
fn decoded(value: &str) -> Option<String> {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let end = rest[at..].find(';')? + at;
        let name = &rest[at + 1..end];
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let digits = name.strip_prefix('#')?;
                let code = match digits.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => digits.parse(),
                };
                char::from_u32(code.ok()?)?
            }
        });
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    Some(out)
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_go_and_drawings_stay() {
        let same = |text: &'static str| (text, text);
        for (written, published) in [
            same(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><svg><g id='a'/><!-- <script> --></svg>",
            ),
            same("<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"a.dtd\"><svg/>"),
            same("<!DOCTYPE svg [<!ENTITY ns \"http://ns.example/\">]><svg xmlns:x=\"&ns;\"/>"),
            same("<svg><image href=\"data:image/png;base64,AA\"/><a href=\"#b\"/></svg>"),
            same("<svg><style><![CDATA[ a > b {} ]]></style><text>1 &lt; 2</text></svg>"),
            ("<svg onload=\"alert(1)\"><g/></svg>", "<svg><g/></svg>"),
            (
                "<svg><script>if (a < b) alert(1)</script></svg>",
                "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            ),
            ("<svg><script>alert(1)</script><g/></svg>", "<svg><g/></svg>"),
            ("<svg><x:script href='a.js'/></svg>", "<svg></svg>"),
            (
                "<svg><a xlink:href='java&#115;cript:alert(1)'>t</a></svg>",
                "<svg><a>t</a></svg>",
            ),
            ("<svg><a href='&j;'>t</a></svg>", "<svg><a>t</a></svg>"),
            (
                "<svg><set attributeName='href' to=' JavaScript:x'/></svg>",
                "<svg><set attributeName='href'/></svg>",
            ),
            ("<svg><use href='data:image/svg+xml,x'/></svg>", "<svg><use/></svg>"),
            ("<?xml-stylesheet href='a.xsl'?><svg/>", "<svg/>"),
            ("<?xml version='1.0' encoding='Shift_JIS'?><svg/>", "<svg/>"),
            (
                "<svg><foreignObject><h:iframe src='x'><h:p/></h:iframe>a</foreignObject></svg>",
                "<svg><foreignObject>a</foreignObject></svg>",
            ),
            (
                "<!DOCTYPE svg [<!ENTITY x \"<script>\">]><svg>&x;</svg>",
                "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            ),
            ("<svg><script>", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            ("<svg a=b>", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        ] {
            let (bytes, changed) = harmless(written.as_bytes());
            assert_eq!(std::str::from_utf8(&bytes), Ok(published), "{written}");
            assert_eq!(changed, written != published, "{written}");
        }
    }
}
