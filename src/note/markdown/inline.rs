//! Runs of text: highlights, tags, bare links, sub- and superscript, quotes, block ids,
//! and the line breaks between them.

use std::ops::Range;

use super::mask::SHORTCODE;
use super::writer::{Run, Writer};
use crate::config::Breaks;
use crate::diagnostic::Code;
use crate::note::Slot;
use crate::text::inline::{Found, Kind, scan};
use crate::text::width::{is_cjk, joins_without_space};

/// The longest address that is looked at for blanks, in bytes.
const MAX_ADDRESS: usize = 400;

impl Writer<'_> {
    /// Writes the text gathered from neighbouring events. `at_end`: an element ends here.
    pub(super) fn flush(&mut self, at_end: bool) {
        if self.run.text.is_empty() {
            return;
        }
        let mut run = self.take_run();
        if self.in_alt() {
            return self.with_shortcodes(&run, 0..run.text.len(), Self::text);
        }
        self.strip_callout_mark(&mut run);
        self.custom_task_mark(&mut run);
        if at_end && self.inline_depth == 0 && self.open_links.is_empty() {
            self.block_id(&mut run);
        }
        self.find_unquoted_links(&run);
        self.write_run(&run);
    }

    fn write_run(&mut self, run: &Run) {
        let before = self.leaf.text.chars().next_back();
        let mut at = 0;
        for found in scan(&run.text, before) {
            let text = &run.text[found.range.clone()];
            if found.range.start < at || !self.means(&found, run) {
                continue;
            }
            self.plain(run, at..found.range.start);
            at = found.range.end;
            match found.kind {
                Kind::Url => self.bare_link(text, text),
                Kind::Www => self.bare_link(&format!("http://{text}"), text),
                Kind::Mail => self.bare_link(&format!("mailto:{text}"), text),
                Kind::Tag => self.tag(text),
                Kind::Highlight { opens, closes } => self.highlight(opens, closes),
            }
        }
        self.plain(run, at..run.text.len());
    }

    /// Whether what was found is wanted here, and was not escaped with a backslash.
    fn means(&self, found: &Found, run: &Run) -> bool {
        let is_wanted = match found.kind {
            Kind::Highlight { .. } => true,
            Kind::Tag => self.settings.config.markdown.inline_tags && !self.in_link(),
            Kind::Url | Kind::Www | Kind::Mail => !self.in_link(),
        };
        let marks = match found.kind {
            Kind::Highlight { .. } => found.range.clone(),
            Kind::Tag => found.range.start..found.range.start + 1,
            Kind::Url | Kind::Www | Kind::Mail => 0..0,
        };
        is_wanted && marks.into_iter().all(|at| self.is_written(run, at))
    }

    /// Whether a mark in the run was written as such: neither escaped nor an entity.
    fn is_written(&self, run: &Run, at: usize) -> bool {
        let source = self.source.text().as_bytes();
        let origin = run.origin(at);
        source.get(origin) == run.text.as_bytes().get(at)
            && !(run.begins_piece(at) && origin > 0 && source[origin - 1] == b'\\')
    }

    fn bare_link(&mut self, address: &str, text: &str) {
        super::links::push_external(&mut self.out.html, address);
        self.text(text);
        self.html("</a>");
    }

    fn tag(&mut self, text: &str) {
        let name = text[1..].trim_matches('/').to_owned();
        self.slot(Slot::Tag(name.clone()));
        self.leaf.text.push_str(text);
        self.parsed.tags.push(name);
    }

    fn highlight(&mut self, opens: bool, closes: bool) {
        match self.leaf.mark {
            Some((_, depth)) if closes && depth == self.inline_depth => {
                self.leaf.mark = None;
                self.html("</mark>");
            }
            None if opens => {
                self.leaf.mark = Some((self.out.html.len(), self.inline_depth));
                self.html("<mark>");
            }
            _ => self.text("=="),
        }
    }

    /// A highlight that is never closed was two equals signs.
    pub(super) fn undo_mark(&mut self) {
        let Some((at, _)) = self.leaf.mark.take() else { return };
        let shrunk = "<mark>".len() - "==".len();
        self.out.html.replace_range(at..at + "<mark>".len(), "==");
        for (offset, _) in
            self.out.slots.iter_mut().rev().take_while(|(offset, _)| *offset > at)
        {
            *offset -= shrunk;
        }
    }

    /// Text without links and marks in it; may hold shortcodes and sub- or superscript.
    fn plain(&mut self, run: &Run, range: Range<usize>) {
        let mut at = range.start;
        while let Some(step) = run.text[at..range.end].find([SHORTCODE, '^', '~']) {
            self.quoted(&run.text[at..at + step]);
            at += step;
            let rest = &run.text[at..range.end];
            at += if rest.starts_with(SHORTCODE) {
                self.shortcode(rest, run.origin(at))
            } else {
                self.script(run, at, rest)
            };
        }
        self.quoted(&run.text[at..range.end]);
    }

    /// `H~2~O` and `10^-3^`: short, without blanks and Han, after a letter or digit, so
    /// that `4~8 核，1~2 台` stays as it is.
    fn script(&mut self, run: &Run, at: usize, rest: &str) -> usize {
        let mark = rest.as_bytes()[0];
        let end = rest[1..].find(char::from(mark)).map_or(0, |end| end + 1);
        let inner = &rest[1..end.max(1)];
        let is_short = (1..=12).contains(&inner.len())
            && inner
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-=().".contains(&byte));
        let follows =
            self.leaf.text.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == ')');
        let precedes_digit = rest[end + 1..].starts_with(|c: char| c.is_ascii_digit());
        let is_written = self.is_written(run, at) && self.is_written(run, at + end);
        if !is_short || !follows || precedes_digit || !is_written {
            self.text(&rest[..1]);
            return 1;
        }
        let (open, close) =
            if mark == b'^' { ("<sup>", "</sup>") } else { ("<sub>", "</sub>") };
        self.html(open);
        self.text(inner);
        self.html(close);
        end + 1
    }

    /// A masked shortcode: what it says lies in the file, at the place of the mask.
    pub(super) fn shortcode(&mut self, rest: &str, origin: usize) -> usize {
        let length = rest.len() - rest.trim_start_matches(SHORTCODE).len();
        let span = self.source.span(&(origin..origin + length));
        let written = self.source.file.get(span.start..span.end).unwrap_or_default().to_owned();
        if self.in_alt() {
            self.text(&written);
            return length;
        }
        self.html("<code class=\"shortcode\">");
        self.text(&written);
        self.html("</code>");
        length
    }

    fn quoted(&mut self, text: &str) {
        if !self.settings.config.markdown.smart_quotes || !text.contains(['"', '\'']) {
            return self.text(text);
        }
        let mut curly = String::with_capacity(text.len() + 8);
        let mut last = self.leaf.text.chars().next_back();
        for c in text.chars() {
            let shown = match c {
                '"' => paired(&mut self.leaf.quotes.1, '“', '”'),
                '\'' if last.is_some_and(char::is_alphanumeric) && !self.leaf.quotes.0 => '’',
                '\'' => paired(&mut self.leaf.quotes.0, '‘', '’'),
                other => other,
            };
            curly.push(shown);
            last = Some(c);
        }
        self.text(&curly);
    }

    /// A line break inside a paragraph.
    pub(super) fn soft_break(&mut self, range: &Range<usize>) {
        if self.breaks_callout_title(range) {
            return;
        }
        if self.in_alt() {
            self.leaf.text.push(' ');
            return;
        }
        let breaks = self.settings.config.markdown.breaks;
        let left = self.leaf.text.chars().next_back();
        let right = next_char(&self.source.text()[range.end..]);
        let joins = matches!((left, right), (Some(left), Some(right)) if joins_without_space(left, right));
        match breaks {
            Breaks::Hard => self.line_break(),
            Breaks::Join if joins => {}
            Breaks::Join | Breaks::Space => {
                self.leaf.text.push(' ');
                self.html("\n");
            }
        }
    }

    pub(super) fn line_break(&mut self) {
        self.leaf.text.push(' ');
        if !self.in_alt() {
            self.html("<br>\n");
        }
    }

    /// Opens an inline element.
    pub(super) fn start_inline(&mut self, tag: &str) {
        if self.in_alt() {
            return;
        }
        self.enter_inline();
        self.html(tag);
    }

    /// Opens emphasis: Chinese is dotted below, other letters lean.
    pub(super) fn start_emphasis(&mut self, range: &Range<usize>) {
        let written = self.source.text().get(range.clone()).unwrap_or_default();
        self.start_inline(if written.chars().any(is_cjk) {
            "<em class=\"dotted\">"
        } else {
            "<em>"
        });
    }

    /// Remembers where an inline element begins.
    pub(super) fn enter_inline(&mut self) {
        self.inline_depth += 1;
        self.inline_marks.push(self.raw.depth());
    }

    /// Closes an inline element.
    pub(super) fn end_inline(&mut self, tag: &str) {
        if self.in_alt() {
            return;
        }
        if let Some(mark) = self.inline_marks.pop() {
            self.close_raw_to(mark);
        }
        if self.leaf.mark.is_some_and(|(_, depth)| depth == self.inline_depth) {
            self.undo_mark();
        }
        self.inline_depth = self.inline_depth.saturating_sub(1);
        self.html(tag);
    }

    /// Whether a strikethrough is written with one tilde: GitHub strikes `4~8 核，1~2 台`
    /// out, but people who write so mean ranges; `H~2~O` is found in the text later.
    pub(super) fn is_single_tilde(&self, range: &Range<usize>) -> bool {
        !self.source.text()[range.clone()].starts_with("~~")
    }

    /// `- [?] text`: marks of tasks that GitHub does not know.
    fn custom_task_mark(&mut self, run: &mut Run) {
        let Some((item, _)) = self.items.last() else { return };
        if self.lists.is_empty()
            || !self.out.html[*item..].trim_end().ends_with(['>'])
            || !self.leaf.text.is_empty()
        {
            return;
        }
        let is_fresh =
            matches!(self.out.html[*item..].trim_end(), "<li>" | "<li>\n<p>" | "<li><p>");
        let mut chars = run.text.chars();
        let (open, mark, close, blank) =
            (chars.next(), chars.next(), chars.next(), chars.next());
        if !is_fresh || open != Some('[') || close != Some(']') || blank != Some(' ') {
            return;
        }
        if let Some(mark) = mark.filter(|mark| "-?!></*\"lbiSIpcfkwudn".contains(*mark)) {
            run.cut_front(4);
            self.task_marker(mark);
        }
    }

    /// ` ^name` at the end of a block.
    fn block_id(&mut self, run: &mut Run) {
        let Some(at) = run.text.rfind('^') else { return };
        let name = run.text[at + 1..].trim_end().to_owned();
        let is_name = is_block_name(&name);
        let before = run.text[..at].trim_end().to_owned();
        let is_apart = before.len() < at || at == 0;
        if !is_name || !is_apart || !self.is_written(run, at) {
            return;
        }
        let is_alone = before.is_empty() && self.leaf.text.trim().is_empty();
        run.text.truncate(before.len());
        if is_alone && self.lists.is_empty() {
            self.name_last_block(&name);
        } else {
            self.name_block(&name);
        }
    }

    /// `[text](a b.md)` is no link in `CommonMark`; whoever writes it means one.
    fn find_unquoted_links(&mut self, run: &Run) {
        for (at, _) in run.text.match_indices("](") {
            let rest = &run.text[at + 2..];
            let rest = &rest[..rest.floor_char_boundary(MAX_ADDRESS)];
            let target = rest.split(')').next().unwrap_or_default();
            let is_note = crate::path::is_note(target.split('#').next().unwrap_or_default());
            if target.len() == rest.len()
                || !is_note
                || !target.contains(' ')
                || target.contains('"')
            {
                continue;
            }
            let from = run.origin(at + 2);
            let span = self.source.span(&(from..from + target.len()));
            let message = "a link with blanks in its address is no link";
            let finding = self.source.finding(Code::LinkWithSpaces, span, message);
            self.diagnostics.push(finding.with_help(format!("write `](<{target}>)`")));
        }
    }
}

/// Whether this can follow a `^` as the name of a block.
pub(super) fn is_block_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn paired(open: &mut bool, opening: char, closing: char) -> char {
    *open = !*open;
    if *open { opening } else { closing }
}

/// The first character of the next line that readers see: marks of emphasis and the
/// target of a wikilink with a text of its own are passed over.
fn next_char(rest: &str) -> Option<char> {
    const MARKS: &[char] = &[' ', '\t', '>', '*', '_', '~', '=', '\u{2060}'];
    let rest = rest.trim_start_matches(MARKS);
    let shown = match rest.strip_prefix("[[") {
        Some(link) => {
            let link = link.split(['\n', ']']).next().unwrap_or_default();
            link.split_once('|').map_or(link, |(_, text)| text)
        }
        None => rest.strip_prefix('[').unwrap_or(rest),
    };
    shown.trim_start_matches(MARKS).chars().next()
}
