//! Emphasis beside Chinese punctuation, which GitHub and most other tools show as stars.

use super::{Subject, Written};
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn stray_emphasis(
    _: &Subject<'_>,
    written: &Written<'_>,
    found: &mut Vec<Diagnostic>,
) {
    for span in &written.survey.own_emphasis {
        let text = written.note.source.get(span.start..span.end).unwrap_or_default();
        let mark = if text.starts_with('~') { "tildes" } else { "stars" };
        let message =
            format!("GitHub and others show these {mark} as they are, or pair them otherwise");
        let finding = written.finding(Code::StrayEmphasis, *span, message);
        found.push(finding.with_help(
            "leave the punctuation outside of the emphasis, or put a blank outside of it",
        ));
    }
}
