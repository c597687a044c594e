//! Code blocks: what their first line asks for, colours, marked lines; diagrams.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::CodeBlockKind;

use super::blocks::Container;
use super::mask::restored;
use super::writer::{Writer, escaped};
use crate::diagnostic::Code;
use crate::kube;
use crate::note::{Slot, Snippet, diagram, highlight};

/// A code block whose text gathers.
pub(super) struct OpenCode {
    info: String,
    pub(super) text: String,
    start: usize,
}

/// What the first line of a fence asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Info {
    /// The language as written.
    pub(crate) language: String,
    title: Option<String>,
    numbers: Option<bool>,
    first_number: usize,
    marked: Vec<(usize, usize)>,
    /// Whether lines begin with `+` and `-`.
    pub(crate) is_diff: bool,
    /// Whether it is a part of something, not a whole.
    pub(crate) is_fragment: bool,
    /// Whether `check` shall not look into it.
    pub(crate) is_unchecked: bool,
}

impl Writer<'_> {
    pub(super) fn start_code(&mut self, kind: CodeBlockKind<'_>, range: &Range<usize>) {
        self.close_leaf(false);
        let info = match kind {
            CodeBlockKind::Fenced(info) => restored(&info).into_owned(),
            CodeBlockKind::Indented => String::new(),
        };
        self.code = Some(OpenCode { info, text: String::new(), start: range.start });
    }

    pub(super) fn end_code(&mut self, range: Range<usize>) {
        let Some(code) = self.code.take() else { return };
        self.fresh_line();
        self.open_container(Container::Other);
        self.add_code(&code.text);
        let info = read_info(&code.info);
        if info.language.eq_ignore_ascii_case("mermaid") {
            self.diagram(&code, &info, range);
        } else {
            self.code_block(&info, &code.text);
        }
        self.finish_block();
        self.open_leaf();
    }

    fn code_block(&mut self, info: &Info, code: &str) {
        let language = highlight::language(&info.language);
        let name = language.map_or(info.language.as_str(), |language| language.label);
        let label = if name.is_empty() { self.word("code").to_owned() } else { escaped(name) };
        self.html(&format!("<figure class=\"code\" data-language=\"{}\">", escaped(name)));
        self.caption(info, code);
        self.html(&format!("<pre tabindex=\"0\" role=\"group\" aria-label=\"{label}\"><code"));
        let numbered = info.numbers.unwrap_or(self.settings.config.code.line_numbers);
        let class = if info.language.is_empty() {
            String::new()
        } else {
            format!("language-{}", class_name(&info.language))
        };
        let class = [class.as_str(), if numbered { "numbered" } else { "" }].join(" ");
        if !class.trim().is_empty() {
            self.html(&format!(" class=\"{}\"", class.trim()));
        }
        self.html(">");
        let (code, changes) =
            if info.is_diff { undiff(code) } else { (Cow::Borrowed(code), Vec::new()) };
        let coloured = match language {
            Some(language) => highlight::highlight(language, &code),
            None => escaped(&code),
        };
        self.lines(info, numbered, &changes, &coloured);
        self.html("</code></pre></figure>\n");
    }

    /// The block's title, and a badge for every object of Kubernetes that it shows.
    fn caption(&mut self, info: &Info, code: &str) {
        let is_yaml = matches!(info.language.to_ascii_lowercase().as_str(), "yaml" | "yml");
        let first = self.parsed.snippets.len();
        for (api_version, kind) in kube::objects(code).filter(|_| is_yaml) {
            self.parsed.snippets.push(Snippet {
                language: info.language.clone(),
                kind: kind.to_owned(),
                api_version: api_version.to_owned(),
                heading: self.current_section(),
            });
        }
        if info.title.is_none() && first == self.parsed.snippets.len() {
            return;
        }
        let badge = |snippet: &Snippet| {
            let (kind, version) = (escaped(&snippet.kind), escaped(&snippet.api_version));
            // The blank is for those who hear the page or copy from it.
            format!(" <span class=\"kind\"><b>{kind}</b> {version}</span>")
        };
        let badges: String = self.parsed.snippets[first..].iter().map(badge).collect();
        let title = escaped(info.title.as_deref().unwrap_or_default());
        let caption = title + &badges;
        self.html(&format!("<figcaption>{}</figcaption>", caption.trim_start()));
    }

    fn lines(&mut self, info: &Info, numbered: bool, changes: &[u8], coloured: &str) {
        if !numbered && info.marked.is_empty() && changes.is_empty() {
            return self.html(coloured);
        }
        for (index, line) in coloured.split_inclusive('\n').enumerate() {
            let number = index + info.first_number.max(1);
            let is_marked =
                info.marked.iter().any(|(first, last)| (*first..=*last).contains(&(index + 1)));
            let mark = match changes.get(index) {
                Some(b'+') => " added",
                Some(b'-') => " removed",
                _ if is_marked => " marked",
                _ => "",
            };
            let number =
                if numbered { format!(" data-line=\"{number}\"") } else { String::new() };
            self.html(&format!("<span class=\"line{mark}\"{number}>{line}</span>"));
        }
    }

    fn diagram(&mut self, code: &OpenCode, info: &Info, range: Range<usize>) {
        let number = self.diagrams;
        self.diagrams += 1;
        let id = format!("zD{number}");
        match diagram::render(&code.text, &id, info.title.as_deref()) {
            Ok(svg) => {
                self.html("<figure class=\"diagram\">");
                self.scoped(&svg, &id);
                self.html("</figure>\n");
            }
            Err(error) => {
                if !error.is_not_built() {
                    self.diagram_finding(code, &error, range);
                }
                self.code_block(info, &code.text);
            }
        }
    }

    fn diagram_finding(
        &mut self,
        code: &OpenCode,
        error: &diagram::DiagramError,
        range: Range<usize>,
    ) {
        let source = &self.source.text()[code.start..range.end];
        let body = source.find('\n').map_or(0, |newline| newline + 1);
        let from = code.start + body + error.offset.unwrap_or(0);
        let to = (from + 1).min(range.end).max(from.min(range.end));
        let span = self.source.span(&(from.min(to)..to));
        let message = format!("this diagram cannot be drawn: {}", error.message);
        self.diagnostics.push(self.source.finding(Code::Diagram, span, message));
    }

    /// Writes HTML whose ids begin with `id`, a hole before each that keeps them apart.
    fn scoped(&mut self, html: &str, id: &str) {
        let mut rest = html;
        while let Some(at) = rest.find(id) {
            self.out.html.push_str(&rest[..at]);
            self.slot(Slot::Scope);
            self.out.html.push_str(id);
            rest = &rest[at + id.len()..];
        }
        self.out.html.push_str(rest);
    }
}

fn class_name(language: &str) -> String {
    language
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "-_+#".contains(*c))
        .collect::<String>()
        .to_ascii_lowercase()
}

/// Reads the first line of a fence as zhi, Hugo, Docusaurus, `VitePress` and mdBook write it.
pub(crate) fn read_info(info: &str) -> Info {
    let info = info.trim();
    let end = info.find([' ', '\t', '{', ',', ':']).unwrap_or(info.len());
    let mut read =
        Info { language: info[..end].trim_start_matches('.').to_owned(), ..Info::default() };
    let rest = &info[end..];
    read.title = value(rest, "title")
        .or_else(|| value(rest, "filename"))
        .or_else(|| value(rest, "name"))
        .or_else(|| title_after_colon(rest));
    for word in words(rest) {
        match word.to_ascii_lowercase().as_str() {
            "linenos" | "linenos=true" | "linenos=table" | "linenos=inline" | "numbers"
            | "showlinenumbers" | "line-numbers" | ":line-numbers" => read.numbers = Some(true),
            "linenos=false" | ":no-line-numbers" => read.numbers = Some(false),
            "diff" => read.is_diff = read.language != "diff",
            "fragment" => read.is_fragment = true,
            "check=false" => read.is_unchecked = true,
            _ => {}
        }
    }
    if let Some(first) = value(rest, "linenostart") {
        read.first_number = first.parse().unwrap_or(1);
    }
    read.marked = marked_lines(rest);
    read
}

/// `yaml:deploy.yaml`, as Zenn and others write it; `:line-numbers` is a switch.
fn title_after_colon(rest: &str) -> Option<String> {
    let title = rest.strip_prefix(':')?.split([' ', '\t', '{']).next()?;
    let is_switch = title.starts_with("line-numbers") || title == "no-line-numbers";
    (!title.is_empty() && !is_switch).then(|| title.to_owned())
}

fn value(rest: &str, key: &str) -> Option<String> {
    let at = rest.find(&format!("{key}="))?;
    let preceded = rest[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    let after = &rest[at + key.len() + 1..];
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
    let text = match quote {
        Some(quote) => after[1..].split(quote).next().unwrap_or_default(),
        None => after.split([' ', '\t', ',', '}']).next().unwrap_or_default(),
    };
    preceded.then(|| text.to_owned())
}

fn words(rest: &str) -> impl Iterator<Item = &str> {
    rest.split([' ', '\t', ',', '{', '}']).filter(|word| !word.is_empty())
}

/// `{1,3-5}`, or Hugo's `hl_lines=[1,"3-5"]`.
fn marked_lines(rest: &str) -> Vec<(usize, usize)> {
    let list = rest
        .split_once("hl_lines=")
        .map(|(_, after)| {
            after.trim_start_matches(['[', '"']).split([']', '}']).next().unwrap_or_default()
        })
        .or_else(|| {
            let inner = rest.split_once('{')?.1.split('}').next()?;
            inner
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b",- ".contains(&byte))
                .then_some(inner)
        });
    list.unwrap_or_default().split([',', ' ', '"']).filter_map(line_range).collect()
}

fn line_range(text: &str) -> Option<(usize, usize)> {
    match text.trim().split_once('-') {
        Some((first, last)) => Some((first.parse().ok()?, last.parse().ok()?)),
        None => text.trim().parse().ok().map(|line| (line, line)),
    }
}

/// The code without the marks of its changed lines, so that its language can be read,
/// and those marks by line.
fn undiff(code: &str) -> (Cow<'_, str>, Vec<u8>) {
    let mut marks = Vec::new();
    let mut strip = |line: &str| {
        let mark = line.as_bytes().first().copied().filter(|byte| b"+- ".contains(byte));
        marks.push(mark.unwrap_or(b' '));
        line[usize::from(mark.is_some())..].to_owned()
    };
    let code = code.split_inclusive('\n').map(&mut strip).collect::<String>();
    (code.into(), marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_lines_of_other_tools_are_understood() {
        for (line, language, title, marked) in [
            ("yaml", "yaml", None, vec![]),
            ("yaml title=\"a b.yaml\" {1,3-5}", "yaml", Some("a b.yaml"), vec![(1, 1), (3, 5)]),
            ("go {hl_lines=[2,\"4-6\"],linenos=true}", "go", None, vec![(2, 2), (4, 6)]),
            ("rust,ignore", "rust", None, vec![]),
            ("{.bash}", "", None, vec![]),
        ] {
            let info = read_info(line);
            assert_eq!(
                (info.language.as_str(), info.title.as_deref(), info.marked),
                (language, title, marked),
                "{line}"
            );
        }
    }
}
