//! Fields of front matter in TOML: values as written, and where each key stands. In: a block
//! that is not too long. Out: its fields in order, or what is wrong with it.

use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use super::tree::Tree;
use super::{Field, Reader, Unread};
use crate::diagnostic::{Code, Diagnostic};

impl Reader<'_> {
    /// The fields of the block, which is TOML.
    pub(super) fn parse_toml(&self, toml: &str) -> Result<Vec<Field>, Unread> {
        let placeholder = self.placeholder(toml);
        let table = match (DeTable::parse(toml), placeholder) {
            (_, Some(finding)) => return Err(finding),
            (Ok(table), None) => table.into_inner(),
            (Err(error), None) => return Err(Box::new(self.no_toml(toml, &error))),
        };
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let field = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
            let (value, json) = read(value.get_ref());
            let span = self.block.start + key.span().start..self.block.start + key.span().end;
            Field { key: key_text(key), value, json, span }
        };
        Ok(entries.into_iter().map(field).collect())
    }

    fn no_toml(&self, toml: &str, error: &Error) -> Diagnostic {
        let span = error.span().unwrap_or_default();
        let written = toml.get(span.clone()).unwrap_or_default();
        let message = error.message().lines().next().unwrap_or_default();
        let is_twice = message.contains("duplicate key");
        let message = if is_twice {
            format!("the key `{written}` stands here twice")
        } else {
            format!("this is no TOML: {message}")
        };
        let span = self.block.start + span.start..self.block.start + span.end;
        let finding = Diagnostic::new(Code::FrontMatter, self.path, span, message);
        if is_twice { finding.with_help("keep one of the two") } else { finding }
    }
}

/// The value with its scalars as written, and typed for templates; a number that reads
/// otherwise than it was written is a text.
fn read(value: &DeValue<'_>) -> (Tree, Json) {
    let number = |text: String| {
        let typed: Option<Json> = serde_json::from_str(&text).ok();
        let json = typed.filter(|typed| text == typed.to_string().as_str());
        let json = json.unwrap_or_else(|| Json::String(text.clone()));
        (Tree::Scalar(text), json)
    };
    match value {
        DeValue::String(text) => {
            (Tree::Scalar(text.to_string()), Json::String(text.to_string()))
        }
        DeValue::Integer(written) => number(written.to_string()),
        DeValue::Float(written) => number(written.to_string()),
        DeValue::Boolean(flag) => (Tree::Scalar(flag.to_string()), Json::Bool(*flag)),
        DeValue::Datetime(date) => {
            (Tree::Scalar(date.to_string()), Json::String(date.to_string()))
        }
        DeValue::Array(items) => {
            let (trees, values) = items.iter().map(|item| read(item.get_ref())).unzip();
            (Tree::List(trees), Json::Array(values))
        }
        DeValue::Table(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| key.span().start);
            let (trees, values) = entries
                .into_iter()
                .map(|(key, value)| {
                    let (tree, json) = read(value.get_ref());
                    ((key_text(key), tree), (key_text(key), json))
                })
                .unzip::<_, _, Vec<_>, serde_json::Map<_, _>>();
            (Tree::Map(trees), Json::Object(values))
        }
    }
}

fn key_text(key: &Spanned<std::borrow::Cow<'_, str>>) -> String {
    key.get_ref().to_string()
}
