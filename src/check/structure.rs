//! Headings as written: levels, sections without text, titles.

use super::{Subject, Written};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::note::{front_matter, is_folder_note};

/// The second h1 of a note; one finding for all that follow.
pub(super) fn several_h1(_: &Subject<'_>, written: &Written<'_>, found: &mut Vec<Diagnostic>) {
    let mut tops = written.survey.headings.iter().filter(|heading| heading.level == 1);
    let Some(second) = tops.nth(1) else { return };
    let count = tops.count() + 2;
    let message = format!("this is one of {count} headings of level 1 in this note");
    let finding = written.finding(Code::SeveralH1, second.span, message);
    found.push(finding.with_help("keep `#` for the title and begin sections with `##`"));
}

/// A note whose title is made of its file's name.
pub(super) fn no_title(_: &Subject<'_>, written: &Written<'_>, found: &mut Vec<Diagnostic>) {
    let source = &written.note.source;
    let has_title = front_matter::key_span(source, "title").is_some()
        || written.survey.headings.iter().any(|heading| heading.level == 1);
    if !has_title {
        let message = format!("the title “{}” is the file's name", written.note.head.title);
        let finding = written.finding(Code::NoTitle, Span::default(), message);
        found.push(finding.with_help("begin the note with `# Title`, or give it a `title:`"));
    }
}

/// Headings more than one level below the heading above; the title counts as level 1.
pub(super) fn skipped_headings(
    _: &Subject<'_>,
    written: &Written<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let mut above = None;
    for heading in &written.survey.headings {
        let level = heading.level;
        let allowed = above.unwrap_or(1) + 1;
        if level > allowed {
            let message = match above {
                Some(above) => {
                    format!("a heading of level {level} follows one of level {above}")
                }
                None => format!("the first heading is of level {level}; the title is level 1"),
            };
            let finding = written.finding(Code::SkippedHeading, heading.span, message);
            found.push(finding.with_help(format!("write `{}`", "#".repeat(allowed.into()))));
        }
        above = Some(level);
    }
}

/// Headings with neither text nor a deeper heading below.
pub(super) fn empty_sections(
    _: &Subject<'_>,
    written: &Written<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let headings = &written.survey.headings;
    // A folder's page lists what lies in the folder: its title alone is enough.
    if headings.len() == 1 && is_folder_note(&written.note.path) {
        return;
    }
    for (index, heading) in headings.iter().enumerate() {
        let next = headings.get(index + 1);
        // A heading that is a link leads to what it announces.
        let is_bare = !heading.has_text && !heading.has_link;
        if is_bare && next.is_none_or(|next| next.level <= heading.level) {
            let message = format!("nothing stands below “{}”", heading.text.trim());
            found.push(written.finding(Code::EmptySection, heading.span, message));
        }
    }
}
