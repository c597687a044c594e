//! Sources that Mermaid itself draws and the library does not. In: a source it refused. Out:
//! the same diagram in words that it takes; nothing where there is none of these.

use std::fmt::Write as _;

/// The source written otherwise, if it has what the library stumbles over.
pub(super) fn mended(source: &str) -> Option<String> {
    let body = &source[super::head(source).len()..];
    let mended = match body.split_whitespace().next()? {
        "graph" | "flowchart" => flowchart(source),
        "sequenceDiagram" => sequence(source),
        _ => return None,
    };
    (mended != source).then_some(mended)
}

/// Labels of edges in quotation marks, and `...` as the name of a node.
fn flowchart(source: &str) -> String {
    let mut dots = 0;
    let line = |line: &str| {
        let text = line.trim();
        if text.len() > 1 && text.bytes().all(|byte| byte == b'.') {
            dots += 1;
            return format!("dots-{dots}[\"{text}\"]\n");
        }
        quoted_labels(line)
    };
    source.split_inclusive('\n').map(line).collect()
}

/// `-->|a|` as `-->|"a"|`; a line with other quotation marks stays.
fn quoted_labels(line: &str) -> String {
    let parts: Vec<&str> = line.split('|').collect();
    if line.contains('"') || parts.len().is_multiple_of(2) {
        return line.to_owned();
    }
    let mut out = String::with_capacity(line.len() + 8);
    for (place, part) in parts.iter().enumerate() {
        let is_label = place % 2 == 1;
        let _ = if is_label { write!(out, "|\"{part}\"|") } else { write!(out, "{part}") };
    }
    out
}

/// Participants with brackets in their names get names without.
fn sequence(source: &str) -> String {
    let named = source.lines().filter_map(|line| {
        let line = line.trim();
        let name = line.strip_prefix("participant ").or(line.strip_prefix("actor "))?.trim();
        (name.contains('(') && !name.contains(" as ")).then_some(name)
    });
    let mut names: Vec<(usize, &str)> = named.enumerate().collect();
    // A name may be the beginning of another.
    names.sort_by_key(|(_, name)| std::cmp::Reverse(name.len()));
    source.split_inclusive('\n').map(|line| renamed(line, &names)).collect()
}

/// A line that declares one of these names or begins with them.
fn renamed(line: &str, names: &[(usize, &str)]) -> String {
    let declared = ["participant ", "actor "]
        .iter()
        .find_map(|word| Some((*word, line.trim().strip_prefix(word)?.trim())));
    if let Some((word, declared)) = declared {
        let known = names.iter().find(|(_, name)| *name == declared);
        return match known {
            Some((place, name)) => format!("{word}named{place} as {name}\n"),
            None => line.to_owned(),
        };
    }
    let (who, said) = line.split_at(line.find(':').unwrap_or(line.len()));
    let who = names
        .iter()
        .fold(who.to_owned(), |who, (place, name)| who.replace(name, &format!("named{place}")));
    who + said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_library_refuses_is_written_otherwise() {
        for (source, expected) in [
            ("flowchart LR\nA -->|@a| B\n", Some("flowchart LR\nA -->|\"@a\"| B\n")),
            ("graph TD\n  a\n  ...\n", Some("graph TD\n  a\ndots-1[\"...\"]\n")),
            (
                "sequenceDiagram\nparticipant A (x)\nB->>A (x): to A (x)\n",
                Some("sequenceDiagram\nparticipant named0 as A (x)\nB->>named0: to A (x)\n"),
            ),
            ("graph TD\nA[\"a|b\"]\n", None),
            ("pie\n\"a\": 1\n", None),
        ] {
            assert_eq!(mended(source).as_deref(), expected, "{source}");
        }
    }
}
