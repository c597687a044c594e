//! The pages of the guide that explain each code: their examples hold the mistake, the
//! corrected examples do not, and what they say is printed is what is printed.

use std::path::Path;

use rayon::prelude::*;
use zhi::diagnostic::Code;
use zhi::diagnostic::print::Format;

use super::outcome::{Outcome, Past, check};
use super::{left_out, made, mark};

/// Codes whose mistake is no text; it is made by the test, the cure is a command.
const NO_TEXT: &[(Code, &str)] = &[
    (Code::Encoding, "a page is UTF-8, the mistake is not"),
    (Code::NoteSize, "more than a page can hold"),
    (Code::Unreadable, "a matter of permissions"),
    (Code::FileName, "no text can name it"),
    (Code::SymlinkOutside, "a symbolic link"),
];

/// The guide in Chinese and in English.
const GUIDES: &[&str] = &["notes/guide/rules", "notes/guide/en/rules"];

#[test]
fn every_code_has_a_page_whose_example_is_true() {
    let pages: Vec<(Code, &str)> =
        Code::ALL.iter().flat_map(|code| GUIDES.iter().map(|guide| (*code, *guide))).collect();
    let wrong: Vec<String> = pages
        .into_par_iter()
        .filter_map(|(code, guide)| {
            let path = format!("{guide}/{}.md", code.name());
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            is_true(code, &text).err().map(|why| format!("{path}: {why}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn the_pages_are_listed_and_are_of_codes() {
    for guide in GUIDES {
        let index = std::fs::read_to_string(format!("{guide}/index.md")).unwrap();
        for code in Code::ALL {
            let link = format!("/rules/{}\\|{}]]", code.name(), code.name());
            assert_eq!(index.matches(&link).count(), 1, "{guide}: {link}");
        }
        let pages = std::fs::read_dir(guide).unwrap().count();
        assert_eq!(pages, Code::ALL.len() + 1, "{guide} has pages of no code");
    }
}

/// What a page shows, in order: files with the mistake, what is printed, files without it.
struct Page {
    wrong: Vec<(String, String)>,
    printed: String,
    cured: Vec<(String, String)>,
}

fn is_true(code: Code, text: &str) -> Result<(), String> {
    let page = read(text).ok_or("no page with a `$ zhi check`")?;
    if left_out().contains(&code) {
        return Ok(());
    }
    let folder = tempfile::tempdir().unwrap();
    let is_text = !NO_TEXT.iter().any(|(other, _)| *other == code);
    if !is_text && !made::make(folder.path(), code) {
        return Ok(());
    }
    let past = past(code);
    write(folder.path(), &page.wrong);
    let found = check(folder.path(), &past, Format::Human);
    has_only(code, &found)?;
    let printed = trimmed(&found.printed);
    if printed != page.printed {
        return Err(format!("this is printed:\n{printed}\nand not:\n{}", page.printed));
    }
    if page.cured.is_empty() {
        return if is_text { Err("no corrected example".to_owned()) } else { Ok(()) };
    }
    write(folder.path(), &page.cured);
    let left = check(folder.path(), &past, Format::Human).printed;
    if left.is_empty() { Ok(()) } else { Err(format!("the corrected example has:\n{left}")) }
}

fn has_only(code: Code, found: &Outcome) -> Result<(), String> {
    let others: Vec<String> =
        found.codes.iter().filter(|other| **other != code).map(|other| mark(*other)).collect();
    match (found.codes.is_empty(), others.is_empty()) {
        (true, _) => Err("nothing is found".to_owned()),
        (false, false) => Err(format!("the example has {} as well", others.join(" "))),
        (false, true) => Ok(()),
    }
}

/// Some mistakes are made by what was there before.
fn past(code: Code) -> Past {
    let is_renamed = matches!(code, Code::RenamedNote | Code::LostAddress);
    let renames = if is_renamed { vec![("pod/probe.md", "pod/probes.md")] } else { Vec::new() };
    let is_published = code == Code::LostAddress;
    let published = if is_published { vec!["pod/probe.html"] } else { Vec::new() };
    Past { renames, published }
}

fn write(folder: &Path, files: &[(String, String)]) {
    for (name, text) in files {
        made::write(folder, name, text);
    }
}

/// Without the blanks at the ends of lines, which no author can see.
fn trimmed(text: &str) -> String {
    text.trim_end().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

fn read(text: &str) -> Option<Page> {
    let mut page = Page { wrong: Vec::new(), printed: String::new(), cured: Vec::new() };
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let marks = line.len() - line.trim_start_matches('`').len();
        if marks < 3 {
            continue;
        }
        let fence = "`".repeat(marks);
        let inner: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
        let inner = inner.join("\n");
        if let Some(printed) = inner.strip_prefix("$ zhi check\n") {
            printed.clone_into(&mut page.printed);
        } else if let Some((_, name)) = line.split_once("title=\"") {
            let file = (name.trim_end_matches('"').to_owned(), inner + "\n");
            let is_wrong = page.printed.is_empty();
            if is_wrong { &mut page.wrong } else { &mut page.cured }.push(file);
        }
    }
    (!page.printed.is_empty()).then_some(page)
}
