//! A case as a file: prose, then sections `-- name --` with their text (the txtar form).

use std::fmt;
use std::path::{Path, PathBuf};

/// A small site with what is expected of it.
pub(crate) struct Case {
    /// What behaviour the case is about.
    prose: String,
    /// Its files and expectations in order.
    pub(crate) sections: Vec<Section>,
}

/// A file that goes in, or a text that must come out.
pub(crate) struct Section {
    /// `notes/a.md`, `expect /a.html main`, …
    pub(crate) name: String,
    /// Its lines.
    pub(crate) body: String,
}

impl Case {
    /// Reads a case.
    pub(crate) fn parse(text: &str) -> Result<Case, String> {
        let mut case = Case { prose: String::new(), sections: Vec::new() };
        for line in text.split_inclusive('\n') {
            match (section_name(line), case.sections.last_mut()) {
                (Some(name), _) => {
                    case.sections.push(Section { name: name.to_owned(), body: String::new() });
                }
                (None, Some(section)) => section.body.push_str(line),
                (None, None) => case.prose.push_str(line),
            }
        }
        if case.prose.trim().is_empty() {
            return Err("a case begins with a sentence on what it is about".to_owned());
        }
        if !case.sections.iter().any(|section| section.expects().is_some()) {
            return Err("a case expects something".to_owned());
        }
        Ok(case)
    }

    /// The files that go in: path and bytes.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, Vec<u8>)> {
        let inputs = self.sections.iter().filter(|section| section.expects().is_none());
        inputs.filter(|section| section.name != "flags").map(Section::file)
    }

    /// Whether a word stands in the section `flags`.
    pub(crate) fn has_flag(&self, flag: &str) -> bool {
        let flags = self.sections.iter().filter(|section| section.name == "flags");
        flags.flat_map(|section| section.body.split_whitespace()).any(|word| word == flag)
    }
}

impl fmt::Display for Case {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.prose)?;
        for Section { name, body } in &self.sections {
            write!(formatter, "-- {name} --\n{body}")?;
        }
        Ok(())
    }
}

impl Section {
    /// What an `expect` section expects: `check`, `/a.html main`, …
    pub(crate) fn expects(&self) -> Option<&str> {
        self.name.strip_prefix("expect ").map(str::trim)
    }

    /// Puts what came out in the place of what was expected.
    pub(crate) fn replace_body(&mut self, got: &str) {
        let text = got.trim_end();
        self.body = if text.is_empty() { String::new() } else { format!("{text}\n") };
    }

    /// The path and bytes of an input. Behind a bar stands how the lines become bytes.
    fn file(&self) -> (&str, Vec<u8>) {
        let (path, form) = self.name.split_once(" | ").unwrap_or((&self.name, ""));
        let text = &self.body;
        let bytes = match form.split_once(' ').unwrap_or((form, "")) {
            ("crlf", _) => text.replace('\n', "\r\n").into_bytes(),
            ("no-end", _) => text.trim_end_matches('\n').as_bytes().to_vec(),
            ("bom", _) => format!("\u{feff}{text}").into_bytes(),
            ("hex", _) => hex(text),
            ("png", size) => png(size),
            _ => text.clone().into_bytes(),
        };
        (path, bytes)
    }
}

fn section_name(line: &str) -> Option<&str> {
    let name = line.trim_end().strip_prefix("-- ")?.strip_suffix(" --")?.trim();
    (!name.is_empty()).then_some(name)
}

fn hex(text: &str) -> Vec<u8> {
    text.split_whitespace().filter_map(|byte| u8::from_str_radix(byte, 16).ok()).collect()
}

/// The first bytes of a PNG image of a size such as `20x10`: all that is ever read of it.
fn png(size: &str) -> Vec<u8> {
    let (width, height) = size.split_once('x').unwrap_or(("1", "1"));
    let side = |text: &str| text.parse::<u32>().unwrap_or(1).to_be_bytes();
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(side(width));
    bytes.extend(side(height));
    bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

/// The cases below a folder: their names (the path without its ending) and files, sorted.
pub(crate) fn files(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in next.read_dir().into_iter().flatten().filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "txt") {
                let inside = path.strip_prefix(folder).unwrap_or(&path).with_extension("");
                let parts = inside.iter().map(|part| part.to_string_lossy());
                found.push((parts.collect::<Vec<_>>().join("/"), path));
            }
        }
    }
    found.sort();
    found
}
