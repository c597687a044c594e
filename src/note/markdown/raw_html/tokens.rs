//! Cuts raw HTML into tags and text (HTML, section 13.2.5, without the parts that only
//! documents have).

use std::ops::Range;

/// A piece of raw HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// What stands between tags, entities not decoded.
    Text(&'a str),
    /// A start tag with its name in lower case.
    Start {
        /// The element.
        name: String,
        /// Its attributes, the first of a name only.
        attributes: Vec<Attribute>,
    },
    /// An end tag.
    End(String),
    /// A comment, a declaration.
    Nothing,
}

/// An attribute with its value decoded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    /// In lower case.
    pub(super) name: String,
    /// Empty if it has none.
    pub(super) value: String,
}

/// The tokens of raw HTML with their bytes.
pub(super) fn tokens(html: &str) -> Vec<(Token<'_>, Range<usize>)> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut text = 0;
    while let Some(step) = html[at..].find('<') {
        let start = at + step;
        match token_at(&html[start..]) {
            Some((token, length)) => {
                if start > text {
                    out.push((Token::Text(&html[text..start]), text..start));
                }
                out.push((token, start..start + length));
                at = start + length;
                text = at;
            }
            None => at = start + 1,
        }
    }
    if text < html.len() {
        out.push((Token::Text(&html[text..]), text..html.len()));
    }
    out
}

fn token_at(html: &str) -> Option<(Token<'_>, usize)> {
    if let Some(rest) = html.strip_prefix("<!--") {
        let end = rest.find("-->").map_or(html.len(), |end| end + 7);
        return Some((Token::Nothing, end));
    }
    if html.starts_with("<!") || html.starts_with("<?") {
        return Some((Token::Nothing, html.find('>').map_or(html.len(), |end| end + 1)));
    }
    let is_end = html.starts_with("</");
    let name_start = 1 + usize::from(is_end);
    let rest = &html[name_start..];
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let name_length =
        rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(rest.len());
    let name = rest[..name_length].to_ascii_lowercase();
    let (attributes, length) = attributes(&rest[name_length..])?;
    let length = name_start + name_length + length;
    Some((if is_end { Token::End(name) } else { Token::Start { name, attributes } }, length))
}

/// Reads attributes up to and with the closing `>`.
fn attributes(html: &str) -> Option<(Vec<Attribute>, usize)> {
    let mut found: Vec<Attribute> = Vec::new();
    let mut at = 0;
    loop {
        let rest = &html[at..];
        let skipped = rest.find(|c: char| !c.is_whitespace() && c != '/')?;
        at += skipped;
        let rest = &html[at..];
        if rest.starts_with('>') {
            return Some((found, at + 1));
        }
        let name_end = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| c.is_whitespace() || matches!(c, '=' | '>' | '/'))?
            .0;
        let name = rest[..name_end].to_ascii_lowercase();
        at += name_end;
        let (value, length) = attribute_value(&html[at..])?;
        at += length;
        if !found.iter().any(|attribute| attribute.name == name) {
            found.push(Attribute { name, value });
        }
    }
}

fn attribute_value(html: &str) -> Option<(String, usize)> {
    let trimmed = html.trim_start();
    let Some(after) = trimmed.strip_prefix('=') else { return Some((String::new(), 0)) };
    let value = after.trim_start();
    let start = html.len() - value.len();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let (text, length) = if let Some(quote) = quote {
        let end = value[1..].find(quote)?;
        (&value[1..=end], end + 2)
    } else {
        let end = value.find(|c: char| c.is_whitespace() || c == '>')?;
        (&value[..end], end)
    };
    Some((decode(text), start + length))
}

/// Decodes the entities that matter in an address; a script may hide behind them.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((c, length)) = decoded(rest) {
            out.push(c);
            rest = &rest[length..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

fn decoded(text: &str) -> Option<(char, usize)> {
    const NAMED: &[(&str, char)] = &[
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&apos;", '\''),
        ("&nbsp;", '\u{a0}'),
        ("&colon;", ':'),
        ("&sol;", '/'),
        ("&Tab;", '\t'),
        ("&NewLine;", '\n'),
    ];
    if let Some((name, c)) = NAMED.iter().find(|(name, _)| text.starts_with(name)) {
        return Some((*c, name.len()));
    }
    let digits = text.strip_prefix("&#")?;
    let (radix, digits, skipped) = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => (16, digits, 3),
        None => (10, digits, 2),
    };
    let length = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let code = u32::from_str_radix(digits.get(..length.min(8))?, radix).ok()?;
    let has_end = digits[length..].starts_with(';');
    let c = char::from_u32(code).filter(|c| *c != '\0').unwrap_or('\u{fffd}');
    Some((c, skipped + length + usize::from(has_end)))
}

/// The entities that are kept as they are written.
const NAMES: &[&str] = &[
    "amp", "lt", "gt", "quot", "nbsp", "copy", "reg", "trade", "hellip", "mdash", "ndash",
    "lsquo", "rsquo", "ldquo", "rdquo", "bull", "middot", "times", "divide", "larr", "rarr",
    "uarr", "darr", "harr", "deg", "plusmn", "laquo", "raquo", "ensp", "emsp", "thinsp", "zwj",
    "zwnj", "shy", "check", "cross", "star", "apos", "infin", "ne", "le", "ge", "asymp",
    "euro", "yen", "pound", "cent", "sect", "para", "dagger", "permil", "rArr", "lArr",
];

/// The length of an entity that the text begins with; 0 if it is none.
pub(super) fn entity_length(text: &str) -> usize {
    let Some(inner) = text.strip_prefix('&') else { return 0 };
    let Some(end) = inner
        .get(..inner.len().min(12))
        .or_else(|| inner.get(..inner.floor_char_boundary(12)))
        .and_then(|window| window.find(';'))
    else {
        return 0;
    };
    let name = &inner[..end];
    let is_number = name.strip_prefix('#').is_some_and(|digits| {
        let code = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => digits.parse(),
        };
        code.is_ok_and(|code| {
            code >= 32 && !(127..160).contains(&code) && char::from_u32(code).is_some()
        })
    });
    if is_number || NAMES.contains(&name) { end + 2 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_decoded_before_they_are_judged() {
        let html = "<a href='&#106;ava&Tab;script:alert(1)' ONCLICK=x>";
        let Token::Start { name, attributes } = tokens(html).remove(0).0 else {
            panic!("no tag")
        };
        assert_eq!(name, "a");
        assert_eq!(attributes[0].value, "java\tscript:alert(1)");
        assert_eq!(attributes[1].name, "onclick");
    }
}
