//! The JSON Schemas (draft 2020-12) of settings and front matter, for editors: made of the
//! types that the settings are read into, and of the table of keys that a note is read by.

use serde_json::{Map, Value, json};

use crate::config::Config;
use crate::note::front_matter::keys::{Form, KEYS, Key};

/// The schema of `zhi.yaml`.
pub fn config() -> Value {
    let mut schema = schemars::schema_for!(Config).to_value();
    schema["title"] = json!("The settings of a site of zhi");
    unwrap_lines(&mut schema);
    schema
}

/// Descriptions break where the source does; editors show each on a line of its own.
fn unwrap_lines(schema: &mut Value) {
    match schema {
        Value::Object(entries) => {
            for (key, value) in entries {
                match value {
                    Value::String(text) if key == "description" => {
                        *text = text.replace('\n', " ");
                    }
                    value => unwrap_lines(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(unwrap_lines),
        _ => {}
    }
}

/// The schema of a note's front matter. Keys that are not known are allowed: they reach
/// templates.
pub fn note() -> Value {
    let mut properties = Map::new();
    for key in KEYS {
        for spelling in key.names() {
            put(&mut properties, spelling, property(key, spelling));
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The front matter of a note",
        "type": ["object", "null"],
        "properties": properties,
    })
}

/// Puts a schema at a dotted way of keys.
fn put(properties: &mut Map<String, Value>, way: &str, schema: Value) {
    let Some((outer, inner)) = way.split_once('.') else {
        properties.insert(way.to_owned(), schema);
        return;
    };
    let outer = properties.entry(outer).or_insert_with(|| json!({ "properties": {} }));
    if let Some(inside) = outer["properties"].as_object_mut() {
        put(inside, inner, schema);
    }
}

fn property(key: &Key, spelling: &str) -> Value {
    let is_ours = spelling == key.name;
    let mut schema = form(key.form, is_ours);
    let meaning = key.meaning;
    let name = key.name;
    schema["description"] =
        if is_ours { json!(meaning) } else { json!(format!("{meaning} (as `{name}`)")) };
    schema
}

/// What the values of a form may be. Values of other tools that the reader passes over are
/// no mistakes here either.
fn form(form: Form, is_ours: bool) -> Value {
    let scalar = json!(["string", "number", "boolean", "null"]);
    match form {
        Form::Text => json!({ "type": scalar }),
        Form::FlagOrWord if !is_ours => json!({ "type": scalar }),
        Form::Texts => json!({
            "type": ["string", "number", "boolean", "null", "array"],
            "items": { "type": scalar },
        }),
        Form::Flag | Form::FlagOrWord => flag(),
        Form::Number => json!({
            "type": ["number", "string", "null"],
            "pattern": "^\\s*[-+]?[0-9]{1,18}(\\.[0-9]+)?\\s*$",
        }),
        Form::Date => json!({ "type": ["string", "null"], "pattern": DATE }),
        Form::Language => json!({
            "type": ["string", "null"],
            "pattern": "^[A-Za-z0-9]{1,8}([-_][A-Za-z0-9]{1,8})*$",
            "maxLength": 35,
        }),
        Form::Links => {
            json!({ "type": ["string", "null", "array"], "items": { "type": ["string", "null"] } })
        }
        Form::Depth => depth(),
        Form::Any => json!({}),
    }
}

/// A day, with a time or without.
const DATE: &str =
    "^\\s*([0-9]{1,4}[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12][0-9]|3[01])([Tt ].*)?)?$";

fn flag() -> Value {
    json!({
        "anyOf": [
            { "type": ["boolean", "null"] },
            { "enum": [0, 1] },
            {
                "type": "string",
                "pattern": "^([Tt]rue|[Yy]es|[Oo]n|1|[Ff]alse|[Nn]o|[Oo]ff|0)?$",
            },
        ],
    })
}

fn depth() -> Value {
    let number = json!({ "type": "integer", "minimum": 0, "maximum": 255 });
    json!({
        "anyOf": [
            { "type": ["boolean", "null", "object"] },
            number,
            { "type": "array", "items": number },
            { "enum": ["deep", "yes", "no", "on", "off"] },
        ],
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::note::front_matter::keys::find_key;

    /// The keys of a schema with those of the maps in it, as dotted ways.
    fn ways(root: &Value, schema: &Value, before: &str, found: &mut BTreeSet<String>) {
        let target =
            schema["$ref"].as_str().and_then(|at| root.pointer(at.trim_start_matches('#')));
        let schema = target.unwrap_or(schema);
        for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
            let way = format!("{before}{key}");
            ways(root, inner, &format!("{way}."), found);
            found.insert(way);
        }
    }

    fn written(settings: &serde_yaml::Value, before: &str, found: &mut BTreeSet<String>) {
        for (key, inner) in settings.as_mapping().into_iter().flatten() {
            let way = format!("{before}{}", key.as_str().unwrap());
            written(inner, &format!("{way}."), found);
            found.insert(way);
        }
    }

    #[test]
    fn every_setting_stands_in_the_schema_and_no_other() {
        let schema = config();
        let mut known = BTreeSet::new();
        ways(&schema, &schema, "", &mut known);
        known.retain(|way| !way.starts_with("check."));
        let mut read = BTreeSet::new();
        written(&serde_yaml::to_value(Config::default()).unwrap(), "", &mut read);
        assert_eq!(known, read);
        assert_eq!(schema["additionalProperties"], false);
        for (name, part) in schema["$defs"].as_object().unwrap() {
            let is_open = part["type"] == "object" && part["additionalProperties"] != false;
            assert!(!is_open, "{name}");
        }
    }

    #[test]
    fn every_code_of_the_schema_can_be_set() {
        let schema = config();
        let codes = schema["$defs"]["Check"]["properties"].as_object().unwrap();
        for code in crate::diagnostic::Code::ALL {
            assert!(codes.contains_key(code.name()), "{}", code.name());
        }
        for (code, values) in codes {
            let words =
                values["enum"].as_array().cloned().unwrap_or_else(|| vec![json!("18mo")]);
            for word in words {
                let text = format!("check: {{{code}: {word}}}");
                assert!(Config::parse(&text).is_ok(), "{text}");
            }
        }
    }

    #[test]
    fn every_key_of_a_note_stands_in_the_schema_and_no_other() {
        let schema = note();
        let mut known = BTreeSet::new();
        ways(&schema, &schema, "", &mut known);
        let names: BTreeSet<String> =
            KEYS.iter().flat_map(Key::names).map(str::to_owned).collect();
        let missing: Vec<_> = names.difference(&known).collect();
        assert!(missing.is_empty(), "{missing:?}");
        for way in &known {
            assert!(find_key(way.split('.').next().unwrap()).is_some(), "{way}");
        }
    }
}
