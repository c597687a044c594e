//! How a link to a moved file can be written, the way its author wrote it first.

use crate::note::is_folder_note;
use crate::note::markdown::destinations::Form;
use crate::path::{self, without_extension};
use std::fmt::Write as _;

/// A link that has to be written anew.
pub(super) struct Rewrite<'a> {
    /// Its path as written, decoded.
    pub(super) written: &'a str,
    /// Whether names are looked up for it.
    pub(super) is_wiki: bool,
    /// The note it stands in: before and after the move.
    pub(super) from: (&'a str, &'a str),
    /// The note, file or folder it leads to: before and after the move.
    pub(super) to: (&'a str, &'a str),
}

/// What to write, the likeliest first. Which of them leads where it should, the graph
/// decides.
pub(super) fn candidates(rewrite: &Rewrite<'_>) -> Vec<String> {
    let (old, new) = (styled(rewrite, rewrite.to.0), styled(rewrite, rewrite.to.1));
    let written = rewrite.written.trim_end_matches('/');
    let relative = relative(rewrite, &new);
    let mut candidates = match lead(written) {
        "/" => vec![format!("/{new}")],
        "./" | "../" => vec![relative.clone()],
        _ if !written.contains('/') && rewrite.is_wiki => names(&new),
        _ => by_place(rewrite, &old, &new, &relative),
    };
    candidates.extend([new, relative]);
    let slash = if rewrite.written.ends_with('/') { "/" } else { "" };
    candidates.iter().map(|candidate| format!("{candidate}{slash}")).collect()
}

/// A target as the author writes targets: with or without its ending, as a page, as the
/// folder whose own note it is.
fn styled(rewrite: &Rewrite<'_>, target: &str) -> String {
    let written = rewrite.written.trim_end_matches('/');
    let last = path::file_name(written);
    let names_folder = is_folder_note(target) && path::is_note(target) && !is_folder_note(last);
    if names_folder {
        return path::parent(target).to_owned();
    }
    let is_page = matches!(path::extension(last).as_str(), "html" | "htm");
    match (path::is_note(target), path::is_note(last), is_page) {
        (true, false, true) => {
            format!("{}.{}", without_extension(target), path::extension(last))
        }
        (true, false, false) => without_extension(target).to_owned(),
        _ => target.to_owned(),
    }
}

fn lead(written: &str) -> &'static str {
    ["/", "./", "../"].into_iter().find(|lead| written.starts_with(lead)).unwrap_or("")
}

/// The way from the note, with `./` where the author writes it.
fn relative(rewrite: &Rewrite<'_>, target: &str) -> String {
    let way = path::relative(rewrite.from.1, target);
    let is_scheme = way.split('/').next().is_some_and(|first| first.contains(':'));
    let wants_dot = rewrite.written.starts_with("./") || is_scheme && !rewrite.is_wiki;
    if wants_dot && !way.starts_with("../") { format!("./{way}") } else { way }
}

/// A name, then with one folder more each, up to the whole path.
fn names(target: &str) -> Vec<String> {
    let parts: Vec<&str> = target.split('/').collect();
    (0..parts.len()).rev().map(|from| parts[from..].join("/")).collect()
}

/// A path without a lead: from the note, from the root, or the end of one.
fn by_place(rewrite: &Rewrite<'_>, old: &str, new: &str, relative: &str) -> Vec<String> {
    let written = rewrite.written.trim_end_matches('/');
    let from_note = path::join(path::parent(rewrite.from.0), written);
    let from_note_first = from_note.as_deref() == Some(old) && !rewrite.is_wiki;
    if written == old && !from_note_first {
        vec![new.to_owned()]
    } else if from_note.as_deref() == Some(old) {
        vec![relative.to_owned()]
    } else if written.contains('/') && old.ends_with(&format!("/{written}")) {
        let depth = written.matches('/').count();
        names(new).into_iter().skip(depth).collect()
    } else {
        vec![relative.to_owned()]
    }
}

/// A path escaped as its form of link wants it; `None` where the form cannot hold it.
/// `written` is the path as it stood: who encoded blanks there gets them encoded.
pub(super) fn escaped(target: &str, form: Form, written: &str) -> Option<String> {
    let plain = |special: &str| {
        let mut out = String::with_capacity(target.len());
        for c in target.chars() {
            if special.contains(c) {
                let bytes = c.to_string().into_bytes();
                for byte in bytes {
                    let _ = write!(out, "%{byte:02X}");
                }
            } else {
                out.push(c);
            }
        }
        out
    };
    match form {
        Form::Bare => (!target.contains(['|', '#', ']', '^', '\n'])).then(|| target.to_owned()),
        Form::Angled => Some(plain("%#?<>\n")),
        Form::Attribute => Some(plain("%#?\"'<>& \n")),
        Form::Plain if written.contains('%') => {
            Some(path::encode_href(target).replace('(', "%28").replace(')', "%29"))
        }
        Form::Plain => Some(plain("%#?<>()\\ \n\t")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_form_they_were_written_in() {
        for (written, is_wiki, from, to, first) in [
            ("b", true, ("a.md", "a.md"), ("b.md", "x/c.md"), "c"),
            ("b.md", true, ("a.md", "a.md"), ("b.md", "x/c.md"), "c.md"),
            ("x/b", true, ("a.md", "a.md"), ("x/b.md", "y/b.md"), "y/b"),
            ("../x/b.md", false, ("y/a.md", "y/a.md"), ("x/b.md", "z/b.md"), "../z/b.md"),
            ("b.md", false, ("a.md", "y/a.md"), ("b.md", "b.md"), "../b.md"),
            ("./b", false, ("a.md", "a.md"), ("b.md", "c.md"), "./c"),
            ("/x/b.html", false, ("a.md", "a.md"), ("x/b.md", "y/b.md"), "/y/b.html"),
            ("pod/", false, ("a.md", "a.md"), ("pod/index.md", "pods/index.md"), "pods/"),
            ("pod", true, ("a.md", "a.md"), ("pod/index.md", "w/pods/index.md"), "pods"),
            (
                "img/i.png",
                false,
                ("a.md", "x/a.md"),
                ("img/i.png", "img/i.png"),
                "../img/i.png",
            ),
        ] {
            let rewrite = Rewrite { written, is_wiki, from, to };
            assert_eq!(candidates(&rewrite)[0], first, "{written}");
        }
    }

    #[test]
    fn paths_are_escaped_as_their_form_wants_it() {
        for (target, form, written, expected) in [
            ("a b.md", Form::Plain, "x.md", Some("a%20b.md")),
            ("a b.md", Form::Angled, "x y.md", Some("a b.md")),
            ("文 件.md", Form::Plain, "%E6%96%87.md", Some("文%20件.md")),
            ("a(1).md", Form::Plain, "x.md", Some("a%281%29.md")),
            ("a b", Form::Bare, "x", Some("a b")),
            ("a#b", Form::Bare, "x", None),
        ] {
            assert_eq!(escaped(target, form, written).as_deref(), expected, "{target}");
        }
    }
}
