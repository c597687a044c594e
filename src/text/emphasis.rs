//! Emphasis that works beside Chinese punctuation: `**中文：**后文` is bold.
//!
//! The Markdown parser follows `CommonMark`, by which a `**` between `：` and `后` cannot
//! close. In: a note's source. Out: the source with an invisible mark (U+2060) at the few
//! places where the CJK-friendly rules differ, and the way back to the author's offsets.
//! The rules: <https://github.com/tats-u/markdown-cjk-friendly>, specification.md.

use std::borrow::Cow;

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use super::width::is_cjk;

mod literal;

/// Word joiner: neither blank nor punctuation to the parser, and not seen by readers.
const MARK: char = '\u{2060}';

/// A source in which the parser pairs emphasis as a Chinese reader expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shielded {
    /// What to parse. Every string the parser answers with goes through [`unshield`].
    pub text: String,
    /// Where in `text` the marks stand, ascending.
    marks: Vec<usize>,
}

impl Shielded {
    /// The place in the author's source of a byte offset into `text`; a mark itself counts
    /// as the character after it.
    pub fn original_offset(&self, offset: usize) -> usize {
        let before = self.marks.partition_point(|&mark| mark < offset);
        let inside = before
            .checked_sub(1)
            .map_or(0, |last| MARK.len_utf8().saturating_sub(offset - self.marks[last]));
        offset - before * MARK.len_utf8() + inside
    }
}

/// Marks the runs of `*` and `~~` that `CommonMark` alone would leave as they are.
///
/// `None` when there is nothing to change, and when the source itself holds the mark. Code, math, HTML tags and link destinations stay as they are.
pub fn shield(source: &str) -> Option<Shielded> {
    let mut places = places(source);
    if places.is_empty() || source.contains(MARK) {
        return None;
    }
    let literal = literal::ranges(source);
    places.retain(|&place| {
        let before = literal.partition_point(|range| range.end <= place);
        literal.get(before).is_none_or(|range| place <= range.start)
    });
    (!places.is_empty()).then(|| insert(source, &places))
}

/// Whether a character of parsed text is a mark.
pub fn is_mark(c: char) -> bool {
    c == MARK
}

/// Takes the marks out of a piece of parsed text.
pub fn unshield(text: &str) -> Cow<'_, str> {
    if text.contains(MARK) { Cow::Owned(text.replace(MARK, "")) } else { Cow::Borrowed(text) }
}

fn insert(source: &str, places: &[usize]) -> Shielded {
    let mut text = String::with_capacity(source.len() + places.len() * MARK.len_utf8());
    let mut marks = Vec::with_capacity(places.len());
    let mut done = 0;
    for &place in places {
        text.push_str(&source[done..place]);
        marks.push(text.len());
        text.push(MARK);
        done = place;
    }
    text.push_str(&source[done..]);
    Shielded { text, marks }
}

/// Where marks would have to stand if the whole source were prose.
fn places(source: &str) -> Vec<usize> {
    let bytes = source.as_bytes();
    let mut places = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte != b'*' && byte != b'~' {
            // Nothing but a backslash changes what the next byte means.
            at += if byte == b'\\' { 2 } else { 1 };
            continue;
        }
        let end = at + bytes[at..].iter().take_while(|&&b| b == byte).count();
        if byte == b'*' || end - at == 2 {
            places.extend(place(source, at, end));
        }
        at = end;
    }
    places
}

/// The place of the mark for one run of delimiters, if it needs one.
///
/// `CommonMark` lets a run open before punctuation only when a blank or punctuation stands
/// on its other side, and likewise for closing. The mark takes the place of the
/// punctuation. Only one of the two can be missing: each needs the other side to be a
/// letter, and a letter is all the other flag asks for.
fn place(source: &str, start: usize, end: usize) -> Option<usize> {
    let (left, right) = (source[..start].chars().next_back()?, source[end..].chars().next()?);
    let strikes = source.as_bytes()[start] == b'~';
    if is_punctuation(right) && is_letter(left) && !strikes {
        return (is_cjk(right) || ends_in_cjk(&source[..start])).then_some(end);
    }
    if is_punctuation(left) && is_letter(right) {
        return (is_cjk(left) || is_cjk(right)).then_some(start);
    }
    None
}

/// Neither blank nor punctuation, in the parser's eyes.
fn is_letter(c: char) -> bool {
    !c.is_whitespace() && !is_punctuation(c)
}

fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    let group = c.general_category_group();
    matches!(group, GeneralCategoryGroup::Punctuation | GeneralCategoryGroup::Symbol)
}

/// A variation selector belongs to the character before it.
fn ends_in_cjk(text: &str) -> bool {
    let mut back = text.chars().rev();
    match back.next() {
        Some('\u{E0100}'..='\u{E01EF}') => true,
        Some('\u{FE00}'..='\u{FE0E}') => back.next().is_some_and(is_cjk),
        last => last.is_some_and(is_cjk),
    }
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};

    use super::*;

    fn options() -> Options {
        Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES | Options::ENABLE_MATH
    }

    fn clean(text: CowStr<'_>) -> CowStr<'_> {
        CowStr::from(unshield(&text).into_owned())
    }

    fn unshielded(event: Event<'_>) -> Event<'_> {
        match event {
            Event::Text(t) => Event::Text(clean(t)),
            Event::Code(t) => Event::Code(clean(t)),
            Event::Html(t) => Event::Html(clean(t)),
            Event::InlineHtml(t) => Event::InlineHtml(clean(t)),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                Event::Start(Tag::Link { link_type, dest_url: clean(dest_url), title, id })
            }
            event => event,
        }
    }

    fn render(source: &str) -> String {
        let shielded = shield(source);
        let text = shielded.as_ref().map_or(source, |s| &s.text);
        let mut out = String::new();
        html::push_html(&mut out, Parser::new_ext(text, options()).map(unshielded));
        out.trim_end().replace('\n', " ")
    }

    #[test]
    fn emphasis_works_beside_punctuation() {
        for (source, expected) in [
            ("**中文：**后文", "<b>中文：</b>后文"),
            ("**注意。**然后", "<b>注意。</b>然后"),
            ("看**《书》**已", "看<b>《书》</b>已"),
            ("**Pod（容器组）**是", "<b>Pod（容器组）</b>是"),
            ("~~删（旧）~~x", "<del>删（旧）</del>x"),
            ("这是**“引号”**和**（括号）**混排", "这是<b>“引号”</b>和<b>（括号）</b>混排"),
            ("**中文：**后**重点**", "<b>中文：</b>后<b>重点</b>"),
            ("**中文：**后文，**“引号”**后", "<b>中文：</b>后文，<b>“引号”</b>后"),
            ("这是*“斜体”*的", "这是<em>“斜体”</em>的"),
            ("用***（强调）***说", "用<em><b>（强调）</b></em>说"),
            ("用**`kubectl`**看", "用<b><code>kubectl</code></b>看"),
            ("见**[文](u)**后", "见<b><a href=\"u\">文</a></b>后"),
            ("**이 용어(This term)**를", "<b>이 용어(This term)</b>를"),
            ("**(太长)**的", "<b>(太长)</b>的"),
            ("**50%**的", "<b>50%</b>的"),
            (
                "| **甲：**乙 |\n|-|\n",
                "<table><thead><tr><th><b>甲：</b>乙</th></tr></thead><tbody> </tbody></table>",
            ),
            ("葛\u{E0100}**（注）**x", "葛\u{E0100}<b>（注）</b>x"),
        ] {
            let expected = expected.replace("<b>", "<strong>").replace("</b>", "</strong>");
            let html = render(source);
            let html = html.strip_prefix("<p>").unwrap_or(&html);
            assert_eq!(html.strip_suffix("</p>").unwrap_or(html), expected, "{source}");
        }
    }

    #[test]
    fn everything_else_is_left_alone() {
        for source in [
            "**bold** and *it*, plain",
            "a**(b)**c",
            "**“quoted”**text",
            "**中文**后文",
            "**中文：** 后文",
            "__中文：__后文",
            "乘法 2 * 3，4*5",
            "- 列表\n* 列表\n\n***\n",
            "使用约~50%，约~60%",
            "\\*中文：\\*后文",
            "**中文：**后文 \u{2060}",
        ] {
            assert_eq!(shield(source), None, "{source}");
        }
    }

    #[test]
    fn code_math_and_destinations_are_not_touched() {
        for source in [
            "`**中文：**后文`",
            "``a ` **中：**后``",
            "```\n**中文：**后文\n```\n",
            "~~~md\n**中文：**后文\n~~~\n",
            "> ```\n> **中文：**后文\n> ```\n",
            "- 项\n  ```\n  **中文：**后文\n  ```\n",
            "    **中文：**后文\n",
            "$a**中：**后$",
            "$$\n**中：**后\n$$",
            "[链](a（**b)",
            "[链](<a（**b c>)",
            "[链]: a（**b\n",
            "<https://x.y/（**后>",
            "<span title=\"（**后\">x</span>",
        ] {
            assert_eq!(shield(source), None, "{source}");
        }
    }

    #[test]
    fn prose_around_code_is_still_mended() {
        for (source, marks) in [
            ("`a` **中：**后 `b`", 1),
            ("没有收尾 ` 的 **中：**后", 1),
            ("价格 $5 **中：**后", 1),
            ("```\n**中：**后\n```\n**中：**后", 1),
            ("> ```\n> x\n\n**中：**后", 1),
            ("- 项\n\n    **中：**后", 1),
            ("1 < 2，**中：**后", 2),
            ("[^1]: **中：**后", 1),
            ("[x](y) **中：**后 **末：**后", 2),
        ] {
            let shielded = shield(source).expect(source);
            assert_eq!(shielded.marks.len(), marks, "{source}");
            assert_eq!(unshield(&shielded.text), source);
        }
    }

    #[test]
    fn offsets_lead_back_to_the_source() {
        let source = "a **中：**后 **末：**z";
        let shielded = shield(source).expect("two marks");
        for (place, c) in source.char_indices().filter(|&(_, c)| c.is_alphanumeric()) {
            let moved = shielded.text.find(c).expect("letters differ");
            assert_eq!(shielded.original_offset(moved), place, "{c}");
        }
        assert_eq!(shielded.original_offset(shielded.text.len()), source.len());
        for &mark in &shielded.marks {
            let place = shielded.original_offset(mark);
            assert!(source[place..].starts_with("**"));
            assert!((0..=3).all(|inner| shielded.original_offset(mark + inner) == place));
        }
    }
}
