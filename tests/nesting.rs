//! Whatever a note holds, its HTML is balanced and nested as HTML allows: over thousands of
//! notes made of pieces that meet in odd ways, the same ones in every run.

use std::fmt::Write as _;

use zhi::config::Config;
use zhi::note::{self, Body, Settings, Slot};
use zhi::source::text_file;
use zhi::words::Words;

const PIECES: &[&str] = &[
    "*",
    "**",
    "~~",
    "==",
    "`",
    "$",
    "^",
    "~",
    "_",
    "\\",
    "[",
    "]",
    "(b.md)",
    "[[b]]",
    "[[b|x]]",
    "![[b]]",
    "![[i.png|50]]",
    "![alt](i.png)",
    "![alt](i.png \"T\")",
    "[link](https://k8s.io)",
    "https://k8s.io/。",
    "#tag",
    " ^id",
    "text ",
    "中文",
    "：",
    "（括号）",
    "<b>",
    "</b>",
    "<i>",
    "<a href=\"b.md\">",
    "<a id=\"x\">",
    "</a>",
    "<span class=\"c\">",
    "</span>",
    "<br>",
    "<unknown>",
    "</unknown>",
    "<img src=\"i.png\">",
    "<kbd>",
    "</kbd>",
    "[^1]",
    "[^2]",
    "%%c%%",
    "{{< x >}}",
    "\n",
    "\n",
    "\n\n",
    "\n\n",
    "\n\n",
    "\n- ",
    "\n- [ ] ",
    "\n  - ",
    "\n1. ",
    "\n> ",
    "\n> > ",
    "\n> [!note] ",
    "\n> [!tip]- ",
    "\n## ",
    "\n> ## ",
    "\n---\n",
    "\n===\n",
    "\n```\n",
    "\n    ",
    "\n\n[^1]: ",
    "\n: ",
    "\n| a | b |\n| - | - |\n| ",
    " | ",
    " |\n",
    "\n\n<div>\n",
    "\n</div>\n\n",
    "\n\n<details>\n",
    "\n<summary>",
    "</summary>\n",
    "\n</details>\n\n",
    "\n\n<ul><li>",
    "<li>",
    "</ul>\n\n",
    "\n\n<table><tr><td>",
    "<td>",
    "</table>\n\n",
    "\n\n<p>",
    "</p>\n\n",
    "\n\n<pre>\n",
    "\n</pre>\n\n",
    "\n\n<h2>",
    "</h2>\n\n",
    "\n\n<figure>\n",
    "<figcaption>",
    "\n</figure>\n\n",
    "\n\n<dl><dt>",
    "<dd>",
    "\n<!-- ",
    " -->\n",
    "\n\n^id\n\n",
];

#[test]
fn html_is_balanced_whatever_a_note_holds() {
    let mut random = Random(7);
    for _ in 0..3000 {
        let mut text = String::new();
        for _ in 0..random.below(28) + 2 {
            text.push_str(PIECES[random.below(PIECES.len())]);
        }
        let html = html(&text);
        if let Err(problem) = check(&html) {
            panic!("{problem}\nin:\n{html}\nof:\n{text}\n{text:?}");
        }
    }
}

/// A generator of numbers that look random (xorshift), from a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit
    }
}

fn html(markdown: &str) -> String {
    let file = text_file("a.md".to_owned(), markdown.as_bytes().to_vec());
    let config = Config::default();
    let settings = Settings { config: &config, words: &Words::default() };
    let note = note::parse(&file, settings);
    let whole = filled(&note.body, 0..note.body.html.len());
    for part in &note.body.parts {
        if let Err(problem) = check(&filled(&note.body, part.start..part.end)) {
            panic!("a part is cut amiss: {problem}\n{part:?}\nin:\n{whole}\nof:\n{markdown}");
        }
    }
    whole
}

/// The HTML of a part with its holes filled as on a page.
fn filled(body: &Body, range: std::ops::Range<usize>) -> String {
    let mut out = String::new();
    let mut at = range.start;
    for (offset, slot) in &body.slots {
        if *offset < range.start || *offset >= range.end && range.end < body.html.len() {
            continue;
        }
        out.push_str(&body.html[at..*offset]);
        at = *offset;
        let _ = match slot {
            Slot::LinkOpen(_) => write!(out, "<a>"),
            Slot::LinkClose(_) => write!(out, "</a>"),
            Slot::LinkText(_) => write!(out, "text"),
            Slot::Media(..) => write!(out, "<img>"),
            Slot::Embed(_) => write!(out, "<div></div>"),
            Slot::Tag(_) => write!(out, "<a>#tag</a>"),
            Slot::HeadingOpen(_) => write!(out, "<h2>"),
            Slot::HeadingClose(_) => write!(out, "</h2>"),
            Slot::Mark(id) => write!(out, "<span id=\"{id}\"></span>"),
            Slot::Anchor(id) => write!(out, " id=\"{id}\""),
            Slot::Scope => write!(out, ""),
            Slot::FootnoteMark(..) => write!(out, "<sup><a>1</a></sup>"),
        };
    }
    out.push_str(&body.html[at..range.end]);
    out
}

/// Elements that hold nothing but text and inline elements.
const PHRASING: &[&str] = &[
    "p", "h2", "summary", "pre", "a", "b", "i", "em", "strong", "del", "mark", "sup", "sub",
    "span", "kbd", "code",
];

const INLINE: &[&str] = &[
    "a", "b", "i", "em", "strong", "del", "mark", "sup", "sub", "span", "kbd", "code", "img",
    "br", "input",
];

/// What the element below another must be.
const CHILDREN: &[(&str, &[&str])] = &[
    ("ul", &["li"]),
    ("ol", &["li"]),
    ("dl", &["dt", "dd"]),
    ("table", &["thead", "tbody", "tr", "caption", "tfoot"]),
    ("thead", &["tr"]),
    ("tbody", &["tr"]),
    ("tr", &["th", "td"]),
];

fn check(html: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        // A formula is an element of its own language.
        if let Some(math) = rest[start..].find("</math>").filter(|_| is_math(&rest[start..])) {
            rest = &rest[start + math + "</math>".len()..];
            continue;
        }
        let end = rest[start..].find('>').ok_or("a tag without end")? + start;
        check_text(&rest[..start], &open)?;
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        if tag.starts_with('/') {
            match open.pop() {
                Some(last) if last == name => {}
                last => return Err(format!("</{name}> ends {last:?}")),
            }
            continue;
        }
        check_start(name, &open)?;
        if tag.matches(" id=").count() > 1 {
            return Err(format!("two ids: {tag}"));
        }
        if !matches!(name, "img" | "br" | "hr" | "input" | "wbr") {
            open.push(name);
        }
    }
    check_text(rest, &open)?;
    if open.is_empty() { Ok(()) } else { Err(format!("left open: {open:?}")) }
}

fn is_math(html: &str) -> bool {
    html.starts_with("<math")
}

fn check_start(name: &str, open: &[&str]) -> Result<(), String> {
    let Some(above) = open.last() else { return Ok(()) };
    let holder = open.iter().find(|open| PHRASING.contains(open));
    if let Some(holder) = holder.filter(|_| !INLINE.contains(&name)) {
        return Err(format!("<{name}> in <{holder}>"));
    }
    if name == "a" && open.contains(&"a") {
        return Err("<a> in <a>".to_owned());
    }
    if name == "h2" && *above == "dt" {
        return Err("<h2> in <dt>".to_owned());
    }
    let rule = CHILDREN.iter().find(|(parent, _)| parent == above);
    if let Some((parent, children)) = rule
        && !children.contains(&name)
    {
        return Err(format!("<{name}> in <{parent}>"));
    }
    if let Some((parent, _)) = CHILDREN.iter().find(|(_, children)| children.contains(&name))
        && !CHILDREN
            .iter()
            .any(|(parent, children)| parent == above && children.contains(&name))
    {
        return Err(format!("<{name}> outside of <{parent}>"));
    }
    Ok(())
}

fn check_text(text: &str, open: &[&str]) -> Result<(), String> {
    let above = open.last().copied().unwrap_or_default();
    let is_structure = CHILDREN.iter().any(|(parent, _)| *parent == above);
    if is_structure && !text.trim().is_empty() {
        return Err(format!("text in <{above}>: {text}"));
    }
    Ok(())
}
