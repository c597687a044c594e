//! What is wrong with the text of `zhi.yaml`, in words and with its place; takes the YAML
//! reader's errors, knows nothing of what the settings mean.

use super::{FILE, nearest};
use crate::diagnostic::{Code, Diagnostic};

/// How many brackets may be open at once: a reader of YAML takes time with their square.
const MAX_OPEN: usize = 200;

pub(super) fn refuse_nesting(text: &str) -> Result<(), Diagnostic> {
    let mut open: usize = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > MAX_OPEN {
            let message = "the settings nest too deep";
            return Err(Diagnostic::new(Code::Config, FILE, at..at + 1, message));
        }
    }
    Ok(())
}

pub(super) fn yaml_finding(text: &str, error: &serde_yaml::Error) -> Diagnostic {
    let message = error.to_string();
    if let Some(key) = quoted_after(&message, "unknown field `") {
        let known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        return key_finding(text, key, nearest(key, known.into_iter()));
    }
    let at = error.location().map_or(0, |location| location.index().min(text.len()));
    let at = text.floor_char_boundary(at);
    if let Some(at) = open_quote(text, &message) {
        let message = "this quotation mark is not closed";
        return Diagnostic::new(Code::Config, FILE, at..at + 1, message)
            .with_help("close the quotation mark");
    }
    let message = message.split(" at line ").next().unwrap_or_default().to_owned();
    let of_check = message.strip_prefix("check: ").unwrap_or(&message);
    if let Some((key, _)) = of_check.strip_prefix('`').and_then(|rest| rest.split_once('`')) {
        let at = text.find(&format!("{key}:")).unwrap_or(at);
        return Diagnostic::new(Code::Config, FILE, at..at + key.len(), of_check);
    }
    Diagnostic::new(Code::Config, FILE, at..at, message)
}

/// Where the quotation mark stands that a YAML reader misses the end of.
pub fn open_quote(yaml: &str, message: &str) -> Option<usize> {
    let place = message.split("while scanning a quoted scalar at line ").nth(1)?;
    let (line, column) = place.split_once(" column ")?;
    let line: usize = line.parse().ok()?;
    let column: usize =
        column.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().parse().ok()?;
    let start: usize =
        yaml.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let rest = yaml.get(start..)?;
    let inside = rest.char_indices().nth(column.checked_sub(1)?).map_or(0, |(at, _)| at);
    Some(start + inside)
}

fn quoted_after<'a>(message: &'a str, mark: &str) -> Option<&'a str> {
    message.split_once(mark)?.1.split('`').next()
}

pub(super) fn key_finding(text: &str, key: &str, meant: Option<&str>) -> Diagnostic {
    let at = text.find(&format!("{key}:")).unwrap_or(0);
    let finding = Diagnostic::new(
        Code::Config,
        FILE,
        at..at + key.len(),
        format!("unknown setting `{key}`"),
    );
    match meant {
        Some(meant) => finding.with_help(format!("did you mean `{meant}`?")),
        None => finding,
    }
}
