//! What is known of Kubernetes manifests: which API versions are gone, and which fields
//! objects have. Compiled-in tables; knows nothing of notes.

pub mod fields;
pub mod lifecycle;

/// The `apiVersion` and `kind` of every object in a YAML text, found by their lines
/// without reading the YAML: both at the left margin, between two `---`.
pub fn objects(yaml: &str) -> impl Iterator<Item = (&str, &str)> {
    documents(yaml).filter_map(|document| {
        let value = |key: &str| document.lines().find_map(|line| plain_value(line, key));
        Some((value("apiVersion:")?, value("kind:")?))
    })
}

fn documents(yaml: &str) -> impl Iterator<Item = &str> {
    yaml.split("\n---")
}

/// The value of a line `key: value`; nothing for a placeholder or an empty value.
fn plain_value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let value = line.strip_prefix(key)?;
    let value = value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
    let is_word = |c: char| c.is_ascii_alphanumeric() || "./-".contains(c);
    (!value.is_empty() && value.chars().all(is_word)).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_by_their_lines() {
        for (yaml, expected) in [
            ("apiVersion: v1\nkind: Pod\n", vec![("v1", "Pod")]),
            ("kind: Pod # 一个\napiVersion: \"v1\"\n", vec![("v1", "Pod")]),
            (
                "a: 1\n---\napiVersion: apps/v1\nkind: Deployment\n---\n",
                vec![("apps/v1", "Deployment")],
            ),
            ("spec:\n  apiVersion: v1\n  kind: Pod\n", vec![]),
            ("apiVersion: {{ .v }}\nkind: Pod\n", vec![]),
            ("apiVersion: v1\n---\nkind: Pod\n", vec![]),
        ] {
            assert_eq!(objects(yaml).collect::<Vec<_>>(), expected, "{yaml}");
        }
    }
}
