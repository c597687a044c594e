//! Reads what stands before a note's text into its head: YAML between `---` lines, or TOML
//! between `+++` as Hugo and Zola write it. The only user of `serde_yaml` besides the
//! configuration; sees one file.

use std::ops::Range;

use serde_yaml::Value;

use super::{Head, Link, LinkKind, Status};
use crate::config::{Config, PublishMode, distance, nearest, open_quote};
use crate::diagnostic::{Code, Diagnostic, Span};

mod fill;
pub mod keys;
mod toml_fields;
mod tree;

use keys::{KEYS, find_key};
use tree::{Tree, read_tree};

/// The longest front matter that is read, in bytes; YAML readers are quadratic on some
/// hostile input, and no person writes more.
const MAX_BYTES: usize = 64 << 10;

/// How many `[` and `{` may be open at once, for the same reason.
const MAX_OPEN: usize = 32;

/// What front matter gives: a head without what the body will add.
#[derive(Clone, Debug, Default)]
pub struct Front {
    /// The head.
    pub head: Head,
    /// Where the links of the head stand in the file.
    pub link_spans: Vec<Span>,
}

/// Reads the front matter of a note and says where its body begins.
pub fn read(
    path: &str,
    text: &str,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Front, usize) {
    let mut front = Front::default();
    front.head.status = published(None, config);
    let (status, body) = match split(text) {
        Split::None => return (front, 0),
        Split::Problem(span, message, help) => {
            diagnostics
                .push(Diagnostic::new(Code::FrontMatter, path, span, message).with_help(help));
            (Status::Unreadable, 0)
        }
        Split::Block { block, form, body } => {
            let reader = Reader { path, text, block, form };
            match reader.parse() {
                Ok(Some(fields)) => {
                    reader.fill(&fields, config, &mut front, diagnostics);
                    return (front, body);
                }
                Ok(None) => return (front, 0),
                Err(finding) => {
                    let is_template = finding.code == Code::TemplateNote;
                    diagnostics.push(*finding);
                    (if is_template { Status::Template } else { Status::Unreadable }, body)
                }
            }
        }
    };
    front.head.status = status;
    (front, body)
}

/// Where the body of a note's text begins.
pub fn body_start(text: &str) -> usize {
    match split(text) {
        Split::Block { body, .. } => body,
        Split::None | Split::Problem(..) => 0,
    }
}

/// A text as a value of front matter, quoted where YAML would read something else.
pub fn scalar(text: &str) -> String {
    let yaml = serde_yaml::to_string(text).unwrap_or_default();
    yaml.trim_end_matches('\n').to_owned()
}

/// Where a top-level key of the front matter stands in a note's text.
pub fn key_span(text: &str, key: &str) -> Option<Span> {
    let Split::Block { block, form, .. } = split(text) else { return None };
    let found = key_lines(&text[block.clone()], form).find(|(name, _)| *name == key)?.1;
    Some(Span { start: block.start + found.start, end: block.start + found.end })
}

/// Where a value stands under the first of these keys that holds it as written.
pub fn value_span(text: &str, keys: &[&str], value: &str) -> Option<Span> {
    let Split::Block { block: range, form, .. } = split(text) else { return None };
    let block = &text[range.clone()];
    let starts: Vec<(&str, Range<usize>)> = key_lines(block, form).collect();
    for (index, (_, key)) in
        starts.iter().enumerate().filter(|(_, (name, _))| keys.contains(name))
    {
        let end = starts.get(index + 1).map_or(block.len(), |(_, next)| next.start);
        let from = block[key.start..end]
            .find(form.sign())
            .map_or(key.end, |sign| key.start + sign + 1);
        if let Some(at) = block[from..end].find(value).filter(|_| !value.is_empty()) {
            let start = range.start + from + at;
            return Some(Span { start, end: start + value.len() });
        }
    }
    None
}

enum Split {
    None,
    Block { block: Range<usize>, form: Form, body: usize },
    Problem(Range<usize>, &'static str, &'static str),
}

/// The language of front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Yaml,
    Toml,
}

impl Form {
    /// What stands between a key and its value.
    fn sign(self) -> char {
        match self {
            Form::Yaml => ':',
            Form::Toml => '=',
        }
    }
}

fn split(text: &str) -> Split {
    let form = match text.lines().next().unwrap_or("").trim_end() {
        "---" => Form::Yaml,
        "+++" => Form::Toml,
        _ => return Split::None,
    };
    let start = text.find('\n').map_or(text.len(), |newline| newline + 1);
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if matches!((form, line.trim_end()), (Form::Yaml, "---" | "...") | (Form::Toml, "+++"))
        {
            return Split::Block { block: start..at, form, body: at + line.len() };
        }
        at += line.len();
    }
    if form == Form::Yaml
        && let Some(block) = loosely_closed(text, start)
    {
        return block;
    }
    let second = text[start..].lines().next().unwrap_or("");
    if second.split_once(form.sign()).is_some_and(|(key, _)| is_plain_key(key.trim_end())) {
        let help = match form {
            Form::Yaml => "put a line `---` after its last key",
            Form::Toml => "put a line `+++` after its last key",
        };
        return Split::Problem(0..3, "the front matter is not closed", help);
    }
    Split::None
}

/// Obsidian ends front matter at a line that goes on behind its `---`; the rest of that
/// line belongs to the text.
fn loosely_closed(text: &str, start: usize) -> Option<Split> {
    let end = start + text[start..].find("\n--- ")? + 1;
    let block = text[start..end].lines();
    let is_yaml = |line: &str| line.contains(':') || line.trim_start().starts_with(['-', '#']);
    let is_all_yaml = block.filter(|line| !line.trim().is_empty()).all(is_yaml);
    is_all_yaml.then(|| Split::Block {
        block: start..end,
        form: Form::Yaml,
        body: end + "---".len(),
    })
}

fn is_plain_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c))
}

/// A key and value of the front matter, and where they stand.
struct Field {
    key: String,
    value: Tree,
    json: serde_json::Value,
    span: Range<usize>,
}

struct Reader<'a> {
    path: &'a str,
    text: &'a str,
    block: Range<usize>,
    form: Form,
}

type Unread = Box<Diagnostic>;

impl Reader<'_> {
    /// The fields, or nothing if what stands between the lines is prose.
    fn parse(&self) -> Result<Option<Vec<Field>>, Unread> {
        let yaml = &self.text[self.block.clone()];
        self.refuse_hostile(yaml)?;
        if self.form == Form::Toml {
            return self.parse_toml(yaml).map(Some);
        }
        let value: Value =
            serde_yaml::from_str(yaml).map_err(|error| Box::new(self.broken(yaml, &error)))?;
        let tree =
            read_tree(yaml, &value).map_err(|error| Box::new(self.broken(yaml, &error)))?;
        match (value, tree) {
            (Value::Mapping(values), Tree::Map(entries)) => {
                if let Some(finding) = self.placeholder(yaml) {
                    return Err(finding);
                }
                let field = |((key, value), typed): ((String, Tree), &Value)| {
                    let span = self.key_span(&key);
                    let json = tree::to_json(typed, &value);
                    Field { key, value, json, span }
                };
                Ok(Some(entries.into_iter().zip(values.values()).map(field).collect()))
            }
            (Value::Null, _) => Ok(Some(Vec::new())),
            _ => self.no_mapping(yaml),
        }
    }

    fn refuse_hostile(&self, yaml: &str) -> Result<(), Unread> {
        let refuse = |message: &str| {
            let at = self.block.start;
            Err(Box::new(Diagnostic::new(Code::FrontMatter, self.path, at..at, message)))
        };
        if yaml.len() > MAX_BYTES {
            return refuse("the front matter is longer than 64 KiB");
        }
        let mut open = 0_usize;
        for byte in yaml.bytes() {
            match byte {
                b'[' | b'{' => open += 1,
                b']' | b'}' => open = open.saturating_sub(1),
                _ => {}
            }
            if open > MAX_OPEN {
                return refuse("more than 32 brackets are open at once in the front matter");
            }
        }
        Ok(())
    }

    /// Prose between two rules is no front matter, unless it tries to be.
    fn no_mapping(&self, yaml: &str) -> Result<Option<Vec<Field>>, Unread> {
        match full_width_colon(yaml) {
            Some(at) => Err(Box::new(self.full_width(at))),
            None => Ok(None),
        }
    }

    fn full_width(&self, at: usize) -> Diagnostic {
        let at = self.block.start + at;
        let message = "a full-width `：` does not end a key";
        let finding =
            Diagnostic::new(Code::FrontMatter, self.path, at..at + '：'.len_utf8(), message);
        finding.with_help("write `: `, a colon and a blank")
    }

    /// The first placeholder of a template engine that stands as a value.
    fn placeholder(&self, yaml: &str) -> Option<Unread> {
        let mut at = self.block.start;
        for line in yaml.split_inclusive('\n') {
            if let Some(start) = placeholder_in(line) {
                let span = at + start..at + line.trim_end().len();
                let message = "this is a template with placeholders; it is left out";
                let finding = Diagnostic::new(Code::TemplateNote, self.path, span, message);
                return Some(Box::new(finding.with_help("put it under `ignore:` in zhi.yaml")));
            }
            at += line.len();
        }
        None
    }

    fn broken(&self, yaml: &str, error: &serde_yaml::Error) -> Diagnostic {
        if let Some(finding) = self.placeholder(yaml) {
            return *finding;
        }
        let message = error.to_string();
        let (span, message, help) = if message.contains("duplicate entry") {
            duplicate(yaml, &message)
        } else if let Some(colon) = full_width_colon(yaml) {
            return self.full_width(colon);
        } else if let Some(at) = open_quote(yaml, &message) {
            let help = Some("close the quotation mark".to_owned());
            (at..at + 1, "this quotation mark is not closed".to_owned(), help)
        } else {
            let at = error.location().map_or(0, |location| location.index().min(yaml.len()));
            let at = yaml.floor_char_boundary(at);
            let help = help_for(yaml, at, &message);
            let at = if message.contains("expected ',' or") {
                open_bracket(&yaml[..at])
            } else {
                at
            };
            (at..at, message.split(" at line ").next().unwrap_or_default().to_owned(), help)
        };
        let span = self.block.start + span.start..self.block.start + span.end;
        let mut finding = Diagnostic::new(Code::FrontMatter, self.path, span, message);
        finding.help = help;
        finding
    }

    fn key_span(&self, key: &str) -> Range<usize> {
        let yaml = &self.text[self.block.clone()];
        let found = key_lines(yaml, Form::Yaml)
            .find(|(name, _)| *name == key)
            .map_or(0..0, |(_, span)| span);
        self.block.start + found.start..self.block.start + found.end
    }

    fn fill(
        &self,
        fields: &[Field],
        config: &Config,
        front: &mut Front,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        for field in fields {
            front.head.extra.insert(field.key.clone(), field.json.clone());
            if find_key(&field.key).is_none() {
                diagnostics.extend(self.misspelt(field));
            }
        }
        let mut state = fill::Fill::new(self, front, diagnostics, config);
        for key in KEYS {
            if let Some((field, value)) = key.names().find_map(|name| lookup(fields, name)) {
                state.put(key.name, field, value);
            }
        }
        let publish = state.publish;
        if front.head.status != Status::Draft || publish == Some(false) {
            front.head.status = published(publish, config);
        }
    }

    fn misspelt(&self, field: &Field) -> Option<Diagnostic> {
        let known = KEYS.iter().flat_map(keys::Key::names).filter(|name| !name.contains('.'));
        let meant = nearest(&field.key, known)?;
        let letters = field.key.chars().count();
        // Hardly anyone mistypes the first letter; `cdate` and `udate` are words of their own.
        let first = |word: &str| word.chars().next().map(|c| c.to_ascii_lowercase());
        // Short words are near each other by chance, and some are words of their own.
        let is_word = matches!(field.key.as_str(), "publisher" | "images");
        let is_far = letters < 4 || letters < 10 && distance(&field.key, meant) > 1;
        if is_word || is_far || first(&field.key) != first(meant) {
            return None;
        }
        let message = format!("the key `{}` is not known", field.key);
        let finding = Diagnostic::new(Code::UnknownKey, self.path, field.span.clone(), message);
        Some(finding.with_help(format!("did you mean `{meant}`?")))
    }
}

fn published(publish: Option<bool>, config: &Config) -> Status {
    match (publish, config.publish_mode) {
        (Some(true), _) | (None, PublishMode::All) => Status::Published,
        (Some(false), _) | (None, PublishMode::Explicit) => Status::Unpublished,
    }
}

/// The top-level keys of a block with their bytes; of TOML also the names of its tables.
fn key_lines(block: &str, form: Form) -> impl Iterator<Item = (&str, Range<usize>)> {
    let mut at = 0;
    let mut in_table = false;
    block.split_inclusive('\n').filter_map(move |line| {
        let mut start = at;
        at += line.len();
        let is_header = form == Form::Toml && line.starts_with('[');
        in_table |= is_header;
        let key = if is_header {
            let name = line.trim_start_matches('[');
            start += line.len() - name.len();
            name.split(['.', ']']).next()?
        } else if in_table || line.starts_with([' ', '\t', '#', '-']) {
            return None;
        } else {
            line.split_once(form.sign())?.0
        };
        Some((key.trim().trim_matches(['"', '\'']), start..start + key.trim_end().len()))
    })
}

fn duplicate(yaml: &str, message: &str) -> (Range<usize>, String, Option<String>) {
    let key = message.split('"').nth(1).unwrap_or_default();
    let second = key_lines(yaml, Form::Yaml).filter(|(name, _)| *name == key).nth(1);
    let span = second.map_or(0..0, |(_, span)| span);
    (span, format!("the key `{key}` stands here twice"), Some("keep one of the two".to_owned()))
}

/// The last bracket that is not closed; the end if all are.
pub(crate) fn open_bracket(yaml: &str) -> usize {
    let mut open = Vec::new();
    let mut quote = None;
    for (at, byte) in yaml.bytes().enumerate() {
        match byte {
            b'"' | b'\'' if quote == Some(byte) => quote = None,
            b'"' | b'\'' if quote.is_none() && !open.is_empty() => quote = Some(byte),
            b'[' | b'{' if quote.is_none() => open.push(at),
            b']' | b'}' if quote.is_none() => drop(open.pop()),
            _ => {}
        }
    }
    open.pop().unwrap_or(yaml.len())
}

/// Where a line's value is a placeholder such as `{{title}}` or `<% tp.date %>`.
fn placeholder_in(line: &str) -> Option<usize> {
    let at = line.find("{{").or_else(|| line.find("<%"))?;
    let is_closed = line[at..].contains("}}") || line[at..].contains("%>");
    let is_value = line[..at].trim_end().ends_with([':', '-', '"', '\'', '[', ',']);
    (is_closed && is_value).then_some(at)
}

fn help_for(yaml: &str, at: usize, message: &str) -> Option<String> {
    let line_start = yaml[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = yaml[line_start..].lines().next().unwrap_or_default();
    if line.starts_with('\t') || message.contains("tab") {
        return Some("indent with blanks, not tabs".to_owned());
    }
    if message.contains("mapping values are not allowed") {
        let (key, value) = line.split_once(": ")?;
        return Some(format!("quote the value: `{key}: \"{}\"`", value.replace('"', "\\\"")));
    }
    None
}

/// Where the first line stands that has a key with a full-width colon.
fn full_width_colon(yaml: &str) -> Option<usize> {
    let mut at = 0;
    for line in yaml.split_inclusive('\n') {
        if let Some((key, _)) = line.split_once('：')
            && is_plain_key(key)
            && !line.contains(": ")
        {
            return Some(at + key.len());
        }
        at += line.len();
    }
    None
}

fn lookup<'a>(fields: &'a [Field], name: &str) -> Option<(&'a Field, &'a Tree)> {
    let (first, rest) = name.split_once('.').unwrap_or((name, ""));
    let field = fields.iter().find(|field| field.key == first)?;
    let value = if rest.is_empty() { &field.value } else { field.value.get(rest)? };
    (!matches!(value, Tree::Null)).then_some((field, value))
}
