//! Front-matter values with every scalar as the author wrote it: `version: 1.30` stays
//! `1.30`, which a YAML reader would make the number 1.3.

use serde::Deserialize as _;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_yaml::Value;

/// A value with its scalars as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    /// Nothing.
    Null,
    /// A text, number, date or truth value, as written.
    Scalar(String),
    /// A list.
    List(Vec<Tree>),
    /// Keys and values in order.
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// The text of a scalar; of a list with one scalar, that one.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Tree::Scalar(text) => Some(text.clone()),
            Tree::List(items) if items.len() == 1 => items[0].text(),
            Tree::Null => Some(String::new()),
            Tree::List(_) | Tree::Map(_) => None,
        }
    }

    /// All scalars of a list, or the one scalar; lists in lists are flattened.
    pub(super) fn texts(&self) -> Vec<String> {
        match self {
            Tree::Scalar(text) => vec![text.clone()],
            Tree::List(items) => items.iter().flat_map(Tree::texts).collect(),
            Tree::Map(entries) => {
                let name = entries.iter().find(|(key, _)| key == "name");
                name.map(|(_, value)| value.texts()).unwrap_or_default()
            }
            Tree::Null => Vec::new(),
        }
    }

    /// The texts of links: `[[a]]` without quotation marks is a list in a list to YAML.
    pub(super) fn links(&self) -> Vec<String> {
        match self {
            Tree::List(items) => match items.as_slice() {
                [Tree::List(inner)]
                    if inner.iter().all(|item| matches!(item, Tree::Scalar(_))) =>
                {
                    vec![format!("[[{}]]", self.texts().join(", "))]
                }
                items => items.iter().flat_map(Tree::links).collect(),
            },
            Tree::Scalar(_) | Tree::Map(_) | Tree::Null => self.texts(),
        }
    }

    /// The first scalar.
    pub(super) fn first_text(&self) -> Option<String> {
        self.texts().into_iter().find(|text| !text.is_empty())
    }

    /// The scalars of a list, or a scalar split at commas and blanks.
    pub(super) fn words(&self) -> Vec<String> {
        match self {
            Tree::Scalar(text) => text
                .split([',', '，', '、', ' ', '\u{3000}'])
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
            _ => self.texts(),
        }
    }

    /// The value at a dotted way of keys.
    pub(super) fn get(&self, way: &str) -> Option<&Tree> {
        let (first, rest) = way.split_once('.').unwrap_or((way, ""));
        let Tree::Map(entries) = self else { return None };
        let value = entries.iter().find(|(key, _)| key == first).map(|(_, value)| value)?;
        if rest.is_empty() { Some(value) } else { value.get(rest) }
    }
}

/// Reads YAML again along the shape of its value, asking for the source text of each
/// scalar.
pub(super) fn read_tree(yaml: &str, shape: &Value) -> Result<Tree, serde_yaml::Error> {
    if !has_untexted(shape) {
        return Ok(from_value(shape));
    }
    let reader = serde_yaml::Deserializer::from_str(yaml);
    Shape(shape).deserialize(reader)
}

/// Whether any scalar is not a text, so that the value does not say how it was written.
fn has_untexted(value: &Value) -> bool {
    match value {
        Value::Bool(_) | Value::Number(_) => true,
        Value::Sequence(items) => items.iter().any(has_untexted),
        Value::Mapping(entries) => {
            entries.iter().any(|(key, value)| !key.is_string() || has_untexted(value))
        }
        Value::Tagged(tagged) => has_untexted(&tagged.value),
        Value::Null | Value::String(_) => false,
    }
}

fn from_value(value: &Value) -> Tree {
    match value {
        Value::Null => Tree::Null,
        Value::String(text) => Tree::Scalar(text.clone()),
        Value::Bool(flag) => Tree::Scalar(flag.to_string()),
        Value::Number(number) => Tree::Scalar(number.to_string()),
        Value::Sequence(items) => Tree::List(items.iter().map(from_value).collect()),
        Value::Mapping(entries) => Tree::Map(
            entries.iter().map(|(key, value)| (key_text(key), from_value(value))).collect(),
        ),
        Value::Tagged(tagged) => from_value(&tagged.value),
    }
}

fn key_text(key: &Value) -> String {
    match from_value(key) {
        Tree::Scalar(text) => text,
        Tree::Null | Tree::List(_) | Tree::Map(_) => String::new(),
    }
}

/// The same value for templates: truth values typed, and numbers where they read as they
/// were written; `1.30` is a text.
pub(super) fn to_json(value: &Value, written: &Tree) -> serde_json::Value {
    match (value, written) {
        (Value::Bool(flag), _) => (*flag).into(),
        (Value::Number(number), Tree::Scalar(text)) if number.to_string() != *text => {
            text.clone().into()
        }
        (Value::Number(number), _) => serde_json::to_value(number).unwrap_or_default(),
        (Value::String(text), _) => text.clone().into(),
        (Value::Sequence(items), Tree::List(texts)) => {
            items.iter().zip(texts).map(|(item, text)| to_json(item, text)).collect()
        }
        (Value::Mapping(entries), Tree::Map(texts)) => {
            let pairs = entries.iter().zip(texts);
            let pair = |((_, value), (key, text)): ((_, &Value), &(String, Tree))| {
                (key.clone(), to_json(value, text))
            };
            serde_json::Value::Object(pairs.map(pair).collect())
        }
        (Value::Tagged(tagged), _) => to_json(&tagged.value, written),
        (Value::Null | Value::Sequence(_) | Value::Mapping(_), _) => serde_json::Value::Null,
    }
}

struct Shape<'a>(&'a Value);

impl<'de> DeserializeSeed<'de> for Shape<'_> {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Tree, D::Error> {
        match self.0 {
            Value::Null => IgnoredAny::deserialize(reader).map(|_| Tree::Null),
            Value::Sequence(_) => reader.deserialize_seq(self),
            Value::Mapping(_) => reader.deserialize_map(self),
            // A tag says how to read what follows; the value already followed it.
            Value::Tagged(_) => IgnoredAny::deserialize(reader).map(|_| from_value(self.0)),
            Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                reader.deserialize_str(self)
            }
        }
    }
}

impl<'de> Visitor<'de> for Shape<'_> {
    type Value = Tree;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a value of the shape that was read before")
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Scalar(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let shapes = self.0.as_sequence().map(Vec::as_slice).unwrap_or_default();
        let mut items = Vec::with_capacity(shapes.len());
        for shape in shapes {
            items.extend(access.next_element_seed(Shape(shape))?);
        }
        while access.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        for (key, shape) in self.0.as_mapping().into_iter().flatten() {
            let Some(_) = access.next_key::<IgnoredAny>()? else { break };
            entries.push((key_text(key), access.next_value_seed(Shape(shape))?));
        }
        while access.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Tree::Map(entries))
    }
}
