//! Notes that should have been reviewed by now. The day comes from outside.

use super::{Subject, Written};
use crate::config::Age;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::note::{Head, front_matter};
use crate::text::date;
use crate::view::note::last_day;

pub(super) fn stale(subject: &Subject<'_>, written: &Written<'_>, found: &mut Vec<Diagnostic>) {
    let Some(today) = subject.today else { return };
    let head = &written.note.head;
    if let Some(due) = due(head) {
        if due.as_str() < today {
            let message = format!("this note was to be reviewed by {due}");
            let span = key_span(written, "review_after");
            found.push(written.finding(Code::Stale, span, message));
        }
    } else if let Some(age) = subject.site.config.check.stale_after
        && let Some(limit) = before(today, age)
        && let Some(seen) = reviewed(head).or_else(|| changed(subject, written))
        && seen < limit
    {
        let message = format!("this note was last reviewed or changed on {seen}");
        let finding = written.finding(Code::Stale, key_span(written, "reviewed"), message);
        found.push(finding.with_help("check it against the present and set `reviewed:`"));
    }
}

/// The day by which the author wanted to look at the note again.
fn due(head: &Head) -> Option<String> {
    date::normalise(head.extra.get("review_after")?.as_str()?)
        .map(|due| date::day(&due).to_owned())
}

/// The day of the last review: `reviewed: 2026-11-20`, or its `date`.
fn reviewed(head: &Head) -> Option<String> {
    let review = head.extra.get("reviewed")?;
    let written = review.as_str().or_else(|| review.get("date")?.as_str())?;
    date::normalise(written).map(|day| date::day(&day).to_owned())
}

fn changed(subject: &Subject<'_>, written: &Written<'_>) -> Option<String> {
    Some(last_day(subject.site, written.id)).filter(|day| !day.is_empty())
}

fn before(today: &str, age: Age) -> Option<String> {
    date::before(today, u32::from(age.count), age.unit)
}

fn key_span(written: &Written<'_>, key: &str) -> Span {
    front_matter::key_span(&written.note.source, key).unwrap_or_else(|| written.title_span())
}
