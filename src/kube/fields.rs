//! The fields of Kubernetes objects, from the table `fields.txt`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// An object of Kubernetes: a name by which its fields are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Type(&'static str);

/// A field of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// How often what it holds may stand in it.
    pub shape: Shape,
    /// What it holds, where that is an object of known fields.
    pub holds: Option<Type>,
}

/// How often a value stands in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Once.
    One,
    /// In a list.
    List,
    /// In a mapping, under keys of the author's.
    Map,
}

struct Table {
    kinds: BTreeMap<(&'static str, &'static str), &'static str>,
    types: BTreeMap<&'static str, &'static str>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| read(include_str!("fields.txt")));

fn read(text: &'static str) -> Table {
    let mut table = Table { kinds: BTreeMap::new(), types: BTreeMap::new() };
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
        let mut words = rest.split(' ');
        match (name, words.next(), words.next(), words.next()) {
            ("=", Some(version), Some(kind), Some(of)) => {
                table.kinds.insert((version, kind), of);
            }
            _ => drop(table.types.insert(name, rest)),
        }
    }
    table
}

/// The type of a kind in an API version, if the table has it.
pub fn object(api_version: &str, kind: &str) -> Option<Type> {
    TABLE.kinds.get(&(api_version, kind)).copied().map(Type)
}

impl Type {
    /// Its fields in the order of the API.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        let line = TABLE.types.get(self.0).copied().unwrap_or_default();
        line.split(' ').filter(|word| !word.is_empty()).map(field)
    }
}

fn field(word: &'static str) -> Field {
    let (name, holds) = word.split_once(':').unwrap_or((word, ""));
    let (name, shape) = match (name.strip_suffix("[]"), name.strip_suffix("{}")) {
        (Some(name), _) => (name, Shape::List),
        (_, Some(name)) => (name, Shape::Map),
        (None, None) => (name, Shape::One),
    };
    Field { name, shape, holds: (!holds.is_empty()).then_some(Type(holds)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_that_is_named_is_in_the_table() {
        for of in TABLE.kinds.values() {
            assert!(TABLE.types.contains_key(of), "{of}");
        }
        for name in TABLE.types.keys() {
            for Type(of) in Type(name).fields().filter_map(|field| field.holds) {
                assert!(TABLE.types.contains_key(of), "{name}: {of}");
            }
        }
    }

    #[test]
    fn fields_of_a_pod_are_known_down_to_its_probes() {
        let mut at = object("v1", "Pod").expect("pods are in the table");
        for (name, shape) in [
            ("spec", Shape::One),
            ("containers", Shape::List),
            ("livenessProbe", Shape::One),
            ("httpGet", Shape::One),
        ] {
            let field = at.fields().find(|field| field.name == name).expect(name);
            assert_eq!(field.shape, shape, "{name}");
            at = field.holds.expect(name);
        }
        assert!(at.fields().any(|field| field.name == "path" && field.holds.is_none()));
    }
}
