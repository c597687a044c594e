//! The questions of all notes with their folded answers, by area.

use super::note::{short_title, text};
use super::page::{Here, folder_name};
use super::{LinkView, QuestionView, QuizGroupView};
use crate::graph::NoteId;
use crate::graph::addresses::QUIZ;
use crate::path;
use crate::site::{PER_PAGE, Site, numbered};

/// One page of the questions; `answer` writes the HTML of one: its note, its number there,
/// its number on the page.
pub fn groups(
    here: &Here<'_>,
    number: usize,
    mut answer: impl FnMut(NoteId, usize, usize) -> String,
) -> Vec<QuizGroupView> {
    let mut groups: Vec<QuizGroupView> = Vec::new();
    let questions = super::lists::chunk(&here.site.graph.questions, number);
    for (at, (note, own)) in questions.iter().enumerate() {
        let area = area(here.site, *note);
        let id = anchor(area);
        if groups.last().is_none_or(|group| group.id != id) {
            let title = match area {
                "" => here.site.title.clone(),
                area => folder_name(here.site, area),
            };
            groups.push(QuizGroupView { title, id, questions: Vec::new() });
        }
        let view = question(here, *note, *own, answer(*note, *own, at));
        if let Some(group) = groups.last_mut() {
            group.questions.push(view);
        }
    }
    groups
}

fn question(here: &Here<'_>, note: NoteId, own: usize, content: String) -> QuestionView {
    let site = here.site;
    let (head, body) = (&site.notes[note].head, &site.notes[note].body);
    let asked = &body.questions[own];
    let way = here.to(&site.graph.urls[note]);
    let heading = asked.heading.and_then(|at| head.headings.get(at));
    let href = match heading {
        Some(heading) => format!("{way}#{}", path::encode_href(&heading.id)),
        None => way,
    };
    let tags = &site.graph.tags;
    QuestionView {
        id: id(&site.graph.urls[note], &asked.words),
        content,
        note: LinkView { title: short_title(head), href },
        level: text(head, "level"),
        frequency: text(head, "frequency"),
        topics: tags.of_note[note].iter().map(|tag| tags.all[*tag].name.clone()).collect(),
    }
}

/// A name under which a browser remembers how a question went: it stays while the question
/// and the note's address do.
fn id(url: &str, words: &str) -> String {
    blake3::hash(format!("{url}\n{words}").as_bytes()).to_hex()[..12].to_owned()
}

/// The folder at the top that a note lies in.
fn area(site: &Site, note: NoteId) -> &str {
    site.notes[note].path.split_once('/').map_or("", |(folder, _)| folder)
}

fn anchor(area: &str) -> String {
    format!("zhi-in-{}", area.replace(char::is_whitespace, "-"))
}

/// How many questions lie in a folder at the top, and the way to the first.
pub fn of_folder(here: &Here<'_>, folder: &str) -> (usize, String) {
    let questions = &here.site.graph.questions;
    let mut own =
        questions.iter().enumerate().filter(|(_, (note, _))| area(here.site, *note) == folder);
    let Some((first, _)) = own.next().filter(|_| !folder.contains('/')) else {
        return (0, String::new());
    };
    let page = here.to(&numbered(QUIZ, first / PER_PAGE + 1));
    (1 + own.count(), format!("{page}#{}", path::encode_href(&anchor(folder))))
}
