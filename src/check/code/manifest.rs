//! Kubernetes manifests: API versions that are gone, fields that do not exist.

use super::Block;
use super::yaml::{Node, Value};
use crate::config::{distance, nearest};
use crate::diagnostic::{Code, Diagnostic};
use crate::kube::fields::{self, Field, Shape, Type};
use crate::kube::lifecycle::{Fate, Instead, fate};

/// Looks at every object of the documents, those inside a `List` included.
pub(super) fn check(block: Block<'_>, documents: &[Node], found: &mut Vec<Diagnostic>) {
    for document in documents {
        object(block, document, found);
    }
}

fn object(block: Block<'_>, node: &Node, found: &mut Vec<Diagnostic>) {
    let (Some(version), Some(kind)) = (node.get("apiVersion"), node.get("kind")) else {
        return;
    };
    let (Some(version_text), Some(kind_text)) = (version.text(), kind.text()) else { return };
    if kind_text == "List"
        && let Some(Value::List(items)) = node.get("items").map(|items| &items.value)
    {
        return check(block, items, found);
    }
    if let Some(fate) = fate(version_text, kind_text) {
        found.push(outdated(block, version, (version_text, kind_text), fate));
    } else if let Some(of) = fields::object(version_text, kind_text) {
        unknown_fields(block, node, of, kind_text, found);
    }
}

fn outdated(
    block: Block<'_>,
    at: &Node,
    (version, kind): (&str, &str),
    fate: Fate,
) -> Diagnostic {
    let (code, what) = match fate.removed() {
        Some(minor) => (Code::RemovedApi, format!("was removed in Kubernetes 1.{minor}")),
        None => (
            Code::DeprecatedApi,
            format!("is deprecated since Kubernetes 1.{}", fate.deprecated),
        ),
    };
    let message = format!("{kind} in {version} {what}");
    block.finding(code, at.span.clone(), message).with_help(match fate.instead {
        Instead::Version(version) => format!("use `apiVersion: {version}`"),
        Instead::Way(way) => format!("use {way}"),
    })
}

/// Walks an object along its type; says what stands where no such field is.
fn unknown_fields(
    block: Block<'_>,
    node: &Node,
    of: Type,
    owner: &str,
    found: &mut Vec<Diagnostic>,
) {
    let Value::Map(entries) = &node.value else { return };
    for (key, value) in entries {
        let Some(name) = key.text().filter(|name| *name != "<<") else { continue };
        match of.fields().find(|field| field.name == name) {
            Some(field) => inside(block, value, field, found),
            None => found.push(unknown(block, key, name, (of, owner))),
        }
    }
}

fn inside(block: Block<'_>, value: &Node, field: Field, found: &mut Vec<Diagnostic>) {
    let Some(of) = field.holds else { return };
    match (field.shape, &value.value) {
        (Shape::One, _) => unknown_fields(block, value, of, field.name, found),
        (Shape::List, Value::List(items)) => {
            for item in items {
                unknown_fields(block, item, of, field.name, found);
            }
        }
        (Shape::Map, Value::Map(entries)) => {
            for (_, value) in entries {
                unknown_fields(block, value, of, field.name, found);
            }
        }
        _ => {}
    }
}

fn unknown(block: Block<'_>, key: &Node, name: &str, (of, owner): (Type, &str)) -> Diagnostic {
    let message = format!("`{owner}` has no field `{name}`");
    let mut finding = block.finding(Code::UnknownField, key.span.clone(), message);
    finding.help = suggestion(name, of);
    finding
}

/// A field of a similar name, or of the same name in other case.
fn suggestion(name: &str, of: Type) -> Option<String> {
    let same = of.fields().find(|field| field.name.eq_ignore_ascii_case(name));
    let near = nearest(name, of.fields().map(|field| field.name));
    let near = near.filter(|near| distance(near, name) <= 1 || name.len() > 5);
    let meant = same.map(|field| field.name).or(near)?;
    Some(format!("did you mean `{meant}`?"))
}
