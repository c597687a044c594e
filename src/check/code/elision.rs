//! Lines by which authors say that something was left out: `...`, `…`.

/// Code in which such lines are blank, of the same length.
pub(super) fn blanked(text: &str) -> String {
    let line = |line: &str| if is_elision(line) { blank(line) } else { line.to_owned() };
    text.split_inclusive('\n').map(line).collect()
}

/// Whether a line says nothing but that something is missing: `..`, `...`, `[...]`, `<…>`.
pub(super) fn is_elision(line: &str) -> bool {
    let inner = line.trim();
    let inner = inner.strip_prefix(['[', '(', '<']).unwrap_or(inner);
    let inner = inner.strip_suffix([']', ')', '>']).unwrap_or(inner);
    inner.len() > 1 && inner.chars().all(|c| matches!(c, '.' | '…'))
}

/// As many blanks as a text has bytes, its line break kept.
pub(super) fn blank(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}
