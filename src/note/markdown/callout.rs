//! Callouts: `> [!note]- own title` and GitHub's alerts.

use std::ops::Range;

use pulldown_cmark::BlockQuoteKind;

use super::writer::{Run, Writer, escape_into, escaped};
use crate::note::Question;

/// A callout that is open.
pub(super) struct OpenCallout {
    folds: bool,
    /// Its kind, as written.
    kind: String,
    /// If it is a question with a folded answer: where its HTML begins, and its words.
    question: Option<(usize, String)>,
    /// The end of its first line, while its title is being written.
    title: TitleState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TitleState {
    /// The first paragraph is still to come; the first line ends here.
    Awaited(usize),
    /// The first line is being written; the offset of the title's text in the HTML.
    Open {
        line_end: usize,
        start: usize,
    },
    Written,
}

/// The kinds that a theme styles, with the spellings that Obsidian, GitHub and others use.
const KINDS: &[(&str, &[&str])] = &[
    ("note", &["note"]),
    ("info", &["info"]),
    ("tip", &["tip", "hint"]),
    ("important", &["important"]),
    ("warning", &["warning", "attention"]),
    ("caution", &["caution", "danger", "error"]),
    ("success", &["success", "check", "done"]),
    ("question", &["question", "help", "faq"]),
    ("quote", &["quote", "cite"]),
    ("example", &["example"]),
    ("abstract", &["abstract", "summary", "tldr"]),
    ("todo", &["todo"]),
    ("bug", &["bug"]),
    ("failure", &["failure", "fail", "missing"]),
];

struct Mark {
    /// In lower case.
    kind: String,
    /// What stands behind a bar: `[!note|wide]`.
    metadata: Option<String>,
    fold: Option<bool>,
}

impl Writer<'_> {
    /// Begins a callout if the quote is one.
    pub(super) fn start_callout(
        &mut self,
        kind: Option<BlockQuoteKind>,
        range: &Range<usize>,
    ) -> bool {
        let source = &self.source.text()[range.clone()];
        let line = source.lines().next().unwrap_or_default();
        let inside = line.trim_start().strip_prefix('>').unwrap_or(line);
        let Some((mark, _)) = read_mark(inside.trim_start()) else { return false };
        let kind_name = canonical(&mark.kind);
        let class = if kind_name.is_empty() { "note" } else { kind_name };
        let mut attributes = format!(
            "class=\"callout callout-{class}\" data-callout=\"{}\"",
            escaped(&mark.kind)
        );
        if let Some(metadata) = &mark.metadata {
            attributes.push_str(" data-callout-metadata=\"");
            escape_into(&mut attributes, metadata);
            attributes.push('"');
        }
        let start = self.out.html.len();
        match mark.fold {
            None => self.html(&format!("<div {attributes}>\n")),
            Some(open) => {
                let open = if open { " open" } else { "" };
                self.html(&format!("<details {attributes}{open}>\n"));
            }
        }
        let folds = mark.fold.is_some();
        let is_question = class == "question" && mark.fold == Some(false);
        let mut callout = OpenCallout {
            folds,
            kind: mark.kind.clone(),
            question: is_question.then(|| (start, String::new())),
            title: TitleState::Awaited(range.start + line.len()),
        };
        if kind.is_some() {
            self.title_tag(folds, true);
            self.default_title(&mark.kind);
            self.title_tag(folds, false);
            callout.title = TitleState::Written;
        }
        self.callouts.push(Some(callout));
        true
    }

    /// A callout whose first block cannot hold its title gets the title of its kind.
    pub(super) fn give_callout_title(&mut self) {
        let Some(Some(callout)) = self.callouts.last_mut() else { return };
        if !matches!(callout.title, TitleState::Awaited(_)) {
            return;
        }
        callout.title = TitleState::Written;
        let (folds, kind) = (callout.folds, callout.kind.clone());
        self.title_tag(folds, true);
        self.default_title(&kind);
        self.title_tag(folds, false);
    }

    fn title_tag(&mut self, folds: bool, opens: bool) {
        self.html(match (folds, opens) {
            (true, true) => "<summary class=\"callout-title\">",
            (true, false) => "</summary>\n",
            (false, true) => "<p class=\"callout-title\">",
            (false, false) => "</p>\n",
        });
    }

    fn default_title(&mut self, written: &str) {
        let kind = canonical(written);
        let key = KINDS.iter().position(|(name, _)| *name == kind).map(|at| TITLE_KEYS[at]);
        let title = match key {
            Some(key) => self.word(key).to_owned(),
            None => capitalised(written),
        };
        escape_into(&mut self.out.html, &title);
    }

    /// The first paragraph of a callout begins with its title.
    pub(super) fn opens_callout_title(&mut self) -> bool {
        let Some(Some(callout)) = self.callouts.last_mut() else { return false };
        let TitleState::Awaited(line_end) = callout.title else { return false };
        let folds = callout.folds;
        callout.title = TitleState::Written;
        self.title_tag(folds, true);
        let start = self.out.html.len();
        self.open_leaf();
        if let Some(Some(callout)) = self.callouts.last_mut() {
            callout.title = TitleState::Open { line_end, start };
        }
        true
    }

    /// Takes `[!note]-` off the text that begins a title.
    pub(super) fn strip_callout_mark(&mut self, run: &mut Run) {
        let Some(Some(callout)) = self.callouts.last() else { return };
        let TitleState::Open { start, line_end: _ } = callout.title else { return };
        if start != self.out.html.len() || !self.leaf.text.is_empty() {
            return;
        }
        if let Some((_, length)) = read_mark(&run.text) {
            run.cut_front(length);
            let blanks = run.text.len() - run.text.trim_start().len();
            run.cut_front(blanks);
        }
    }

    /// The end of the first line ends the title; what follows is a paragraph.
    pub(super) fn breaks_callout_title(&mut self, range: &Range<usize>) -> bool {
        let Some(Some(callout)) = self.callouts.last() else { return false };
        let TitleState::Open { line_end, start: _ } = callout.title else { return false };
        if range.start + 1 < line_end || self.inline_depth > 0 {
            return false;
        }
        self.write_title_end();
        self.paragraph = Some(self.out.html.len());
        self.html("<p>");
        self.open_leaf();
        true
    }

    /// Whether the title of a callout is being written.
    pub(super) fn in_callout_title(&self) -> bool {
        let innermost = self.callouts.last().and_then(Option::as_ref);
        innermost.is_some_and(|callout| matches!(callout.title, TitleState::Open { .. }))
    }

    /// Ends a title that was the whole first paragraph.
    pub(super) fn ends_callout_title(&mut self) -> bool {
        if !self.in_callout_title() {
            return false;
        }
        self.write_title_end();
        true
    }

    fn write_title_end(&mut self) {
        let Some(Some(callout)) = self.callouts.last_mut() else { return };
        let TitleState::Open { start, line_end: _ } = callout.title else { return };
        callout.title = TitleState::Written;
        let (folds, kind) = (callout.folds, callout.kind.clone());
        if let Some((_, words)) = &mut callout.question {
            self.leaf.text.trim().clone_into(words);
        }
        self.close_leaf(false);
        self.close_inline_html();
        if self.out.html.len() == start && !self.has_slots_after(start) {
            self.default_title(&kind);
        }
        self.title_tag(folds, false);
    }

    /// Ends a callout.
    pub(super) fn end_callout(&mut self, callout: &OpenCallout) {
        self.html(if callout.folds { "</details>\n" } else { "</div>\n" });
        let is_inside = self.callouts.iter().flatten().any(|outer| outer.question.is_some());
        if let Some((start, words)) = &callout.question
            && !is_inside
            && !words.is_empty()
        {
            self.out.questions.push(Question {
                words: words.clone(),
                start: *start,
                end: self.out.html.len(),
                heading: self.current_section(),
            });
        }
    }
}

const TITLE_KEYS: &[&str] = &[
    "callout_note",
    "callout_info",
    "callout_tip",
    "callout_important",
    "callout_warning",
    "callout_caution",
    "callout_success",
    "callout_question",
    "callout_quote",
    "callout_example",
    "callout_abstract",
    "callout_todo",
    "callout_bug",
    "callout_failure",
];

fn capitalised(word: &str) -> String {
    let mut rest = word.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    first.chain(rest).collect()
}

fn canonical(written: &str) -> &'static str {
    let found = KINDS.iter().find(|(_, spellings)| spellings.contains(&written));
    found.map_or("", |(name, _)| name)
}

/// Reads `[!kind]`, `[!kind]+` or `[!kind]-`, and says how many bytes it takes.
fn read_mark(line: &str) -> Option<(Mark, usize)> {
    let inner = line.strip_prefix("[!")?;
    let end = inner.find(']')?;
    let (kind, metadata) = match inner[..end].split_once('|') {
        Some((kind, metadata)) => (kind, Some(metadata.trim().to_owned())),
        None => (&inner[..end], None),
    };
    let kind = kind.trim().to_lowercase();
    if kind.is_empty() || kind.contains(['[', '\n']) {
        return None;
    }
    let after = &inner[end + 1..];
    let fold = match after.as_bytes().first() {
        Some(b'+') => Some(true),
        Some(b'-') => Some(false),
        _ => None,
    };
    Some((Mark { kind, metadata, fold }, 2 + end + 1 + usize::from(fold.is_some())))
}
