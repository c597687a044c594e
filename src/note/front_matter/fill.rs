//! Puts the values of known keys into a head, each in the form its key takes.

use std::ops::Range;

use super::tree::Tree;
use super::{Config, Field, Front, Link, LinkKind, Reader, Status};
use crate::diagnostic::{Code, Diagnostic};

/// A head that is being filled.
pub(super) struct Fill<'a> {
    reader: &'a Reader<'a>,
    front: &'a mut Front,
    diagnostics: &'a mut Vec<Diagnostic>,
    config: &'a Config,
    /// `publish:`, if it was there.
    pub(super) publish: Option<bool>,
}

impl<'a> Fill<'a> {
    pub(super) fn new(
        reader: &'a Reader<'a>,
        front: &'a mut Front,
        diagnostics: &'a mut Vec<Diagnostic>,
        config: &'a Config,
    ) -> Fill<'a> {
        Fill { reader, front, diagnostics, config, publish: None }
    }

    /// Puts one value under its canonical key.
    pub(super) fn put(&mut self, key: &str, field: &Field, value: &Tree) {
        match key {
            "title" => self.front.head.title = self.text(field, value).unwrap_or_default(),
            "aliases" => self.aliases(value),
            "tags" => self.tags(field, value),
            "categories" if self.config.categories_as_tags => self.tags(field, value),
            "description" => self.front.head.description = self.text(field, value),
            "date" => self.front.head.date = self.date(field, value),
            "updated" => self.front.head.updated = self.date(field, value),
            "draft" => self.draft(field, value),
            "publish" => self.publish = self.flag(field, value),
            "unlisted" => self.front.head.unlisted |= self.flag(field, value).unwrap_or(false),
            "quiet" => self.front.head.quiet = self.flag(field, value).unwrap_or(false),
            "in_search_index" => {
                self.front.head.unlisted |= !self.flag(field, value).unwrap_or(true);
            }
            "slug" => self.front.head.slug = self.text(field, value),
            "permalink" => self.permalink(field, value),
            "weight" => self.front.head.weight = self.number(field, value),
            "linkTitle" => self.front.head.link_title = self.text(field, value),
            "image" => self.front.head.image = value.first_text(),
            "cssclasses" => self.front.head.css_classes = value.words(),
            "lang" => self.front.head.lang = self.lang(field, value),
            "toc" => self.front.head.toc = self.toc(field, value),
            "template" => self.front.head.template = self.text(field, value),
            "series" => self.front.head.series = value.first_text(),
            "authors" => self.front.head.authors = value.texts(),
            "up" | "prev" | "next" | "related" | "requires" | "translation_of" => {
                self.relations(key, field, value);
            }
            _ => {}
        }
    }

    fn wrong(&mut self, field: &Field, wanted: &str) {
        let message = format!("`{}` takes {wanted}", field.key);
        let span = field.span.clone();
        self.diagnostics.push(Diagnostic::new(
            Code::WrongType,
            self.reader.path,
            span,
            message,
        ));
    }

    /// Under `url` and `path` many a note keeps the address of what it is about; under
    /// `permalink` an address elsewhere is a mistake.
    fn permalink(&mut self, field: &Field, value: &Tree) {
        self.front.head.permalink = self.text(field, value);
        let written = self.front.head.permalink.as_deref().unwrap_or_default();
        if field.key == "permalink" && written.contains("://") {
            self.wrong(field, "an address in the site, such as `/a/b/`");
        }
    }

    fn text(&mut self, field: &Field, value: &Tree) -> Option<String> {
        let text =
            value.text().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
        if text.is_none() {
            self.wrong(field, "a text");
        }
        text.filter(|text| !text.is_empty())
    }

    fn flag(&mut self, field: &Field, value: &Tree) -> Option<bool> {
        let word = value.text().map(|word| word.to_ascii_lowercase());
        match word.as_deref() {
            Some("true" | "yes" | "on" | "1") => Some(true),
            Some("false" | "no" | "off" | "0" | "") => Some(false),
            _ => {
                self.wrong(field, "`true` or `false`");
                None
            }
        }
    }

    /// What cannot be understood counts as a draft: better hidden than published by mistake.
    fn draft(&mut self, field: &Field, value: &Tree) {
        let is_draft = match value.text() {
            Some(word) if field.key == "status" => word.eq_ignore_ascii_case("draft"),
            _ => self.flag(field, value).unwrap_or(true),
        };
        if is_draft {
            self.front.head.status = Status::Draft;
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a weight is small; the cast clamps")]
    fn number(&mut self, field: &Field, value: &Tree) -> Option<i64> {
        let number = value.text().and_then(|text| {
            let text = text.trim();
            text.parse().ok().or_else(|| text.parse::<f64>().ok().map(|float| float as i64))
        });
        if number.is_none() {
            self.wrong(field, "a number");
        }
        number
    }

    fn date(&mut self, field: &Field, value: &Tree) -> Option<String> {
        let text = value.text().unwrap_or_default();
        if text.is_empty() && matches!(value, Tree::Scalar(_)) {
            return None;
        }
        let date = crate::text::date::normalise(&text);
        if date.is_none() {
            self.wrong(field, "a date such as `2026-11-20`");
        }
        date
    }

    fn lang(&mut self, field: &Field, value: &Tree) -> Option<String> {
        let lang = value.text()?.trim().replace('_', "-");
        let is_part = |part: &str| {
            (1..=8).contains(&part.len())
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let is_tag = lang.len() <= 35 && lang.split('-').all(is_part);
        // Under the name of other tools it may be the language of a film.
        if !is_tag && field.key == "lang" {
            self.wrong(field, "a language such as `zh-CN`");
        }
        is_tag.then_some(lang)
    }

    fn toc(&mut self, field: &Field, value: &Tree) -> Option<u8> {
        // VitePress takes a range, and `deep` for all levels; others take maps of their own.
        let text = match value {
            Tree::Map(_) => return None,
            Tree::List(_) => value.texts().pop()?,
            Tree::Scalar(_) | Tree::Null => value.text()?,
        };
        if text == "deep" {
            return Some(6);
        }
        match text.parse() {
            Ok(depth) => Some(depth),
            Err(_) => self.flag(field, value).map(|shown| if shown { 6 } else { 0 }),
        }
    }

    fn aliases(&mut self, value: &Tree) {
        for alias in value.texts() {
            let alias = alias.trim().to_owned();
            if alias.starts_with('/') {
                self.front.head.redirects.push(alias);
            } else if !alias.is_empty() {
                self.front.head.aliases.push(alias);
            }
        }
    }

    fn tags(&mut self, field: &Field, value: &Tree) {
        let tags = match value {
            Tree::Map(_) => return self.wrong(field, "a list of tags"),
            Tree::List(_) => value.texts(),
            Tree::Scalar(_) | Tree::Null => value.words(),
        };
        let clean = |tag: &String| {
            tag.trim().trim_start_matches('#').trim_matches('/').trim().to_owned()
        };
        self.front.head.tags.extend(tags.iter().map(clean).filter(|tag| !tag.is_empty()));
    }

    fn relations(&mut self, key: &str, field: &Field, value: &Tree) {
        if let Tree::List(items) = value
            && items.iter().any(|item| matches!(item, Tree::List(_)))
        {
            let message =
                format!("an unquoted `[[…]]` under `{}` is a list to YAML", field.key);
            let finding =
                Diagnostic::new(Code::WrongType, self.reader.path, field.span.clone(), message);
            self.diagnostics.push(finding.with_help("put quotation marks round it"));
        }
        for written in value.links() {
            let Some(link) = property_link(key, &written) else { continue };
            let index = self.front.head.links.len();
            self.front.link_spans.push(self.span_of(field, &written).into());
            self.front.head.links.push(link);
            self.front.head.relations.entry(key.to_owned()).or_default().push(index);
        }
    }

    fn span_of(&self, field: &Field, written: &str) -> Range<usize> {
        let start = field.span.start;
        let rest = &self.reader.text[start..self.reader.block.end];
        rest.find(written)
            .map_or(field.span.clone(), |at| start + at..start + at + written.len())
    }
}

/// A link in a property: `[[target]]`, or a bare path or name for the keys that are ours.
/// Other tools keep plain words under the same keys; those are no links.
fn property_link(key: &str, written: &str) -> Option<Link> {
    let written = written.trim();
    let bracketed = written.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]"));
    let is_path = crate::path::is_note(written) || key == "translation_of";
    let inner = bracketed.or_else(|| is_path.then_some(written))?;
    let target = inner.split('|').next().unwrap_or_default();
    let (target, fragment) = match target.split_once('#') {
        Some((target, fragment)) => (target, Some(fragment.trim().to_owned())),
        None => (target, None),
    };
    let target = crate::path::decode(target.trim());
    Some(Link { kind: LinkKind::Property, target, fragment, context: None, section: None })
}
