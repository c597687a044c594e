//! Go's statements and declarations: what may stand at the beginning of a line,
//! imports, variables, types and their fields.

use super::super::Class;
use super::words::{is_constant, is_keyword, is_late_keyword};
use super::{Context, Lexer};

/// So many names may be declared at once. The grammar knows no limit, but looks
/// through all of a list from each of its names.
const MAX_NAMES: usize = 64;

impl Lexer<'_> {
    /// Statements are expressions that may begin with a declaration or a label.
    pub(super) fn statement(&mut self) {
        if self.at == self.start && self.line_start() {
            return;
        }
        let end = self.skip_word(self.at);
        match &self.code[self.at..end] {
            b"" if self.code[self.at] == b'{' => {
                self.at += 1;
                self.stack.push(Context::Block);
            }
            b"" => self.expression(),
            word if is_keyword(word) || is_constant(word) => self.expression(),
            _ if self.short_declaration(end) => {}
            b"func" if self.context() == Context::File => self.function(),
            b"var" | b"const" if self.declarations(end) => {}
            b"type" => self.type_declaration(),
            _ => self.expression(),
        }
    }

    /// What only the beginning of a line may hold; false if it holds none of that.
    /// In an indented line this comes before all else, keywords included.
    fn line_start(&mut self) -> bool {
        let from = self.skip_blanks(self.at);
        let end = self.skip_word(from);
        let word = &self.code[from..end];
        let indented = from > self.start;
        if word == b"import" && self.context() == Context::File && self.import_start(from, end)
        {
            return true;
        }
        if word == b"var" && self.variables(from, end) {
            return true;
        }
        let is_label = self.byte(end) == Some(b':') && self.byte(end + 1) != Some(b'=');
        let may_be_label = !word.starts_with(b"default")
            && (indented || !is_keyword(word) && !is_constant(word));
        if is_label && may_be_label && !word.is_empty() {
            self.at = from;
            self.take(end, Class::Key);
            self.at += 1;
            return true;
        }
        self.at = from;
        indented
    }

    fn import_start(&mut self, from: usize, end: usize) -> bool {
        let behind = self.skip_blanks(end);
        let context = match self.byte(behind) {
            Some(b'"') if behind > end => Context::ImportLine,
            Some(b'(') => Context::ImportGroup,
            _ => return false,
        };
        self.at = from;
        self.take(end, Class::Keyword);
        self.at = behind + usize::from(context == Context::ImportGroup);
        self.stack.push(context);
        true
    }

    pub(super) fn import(&mut self) {
        let byte = self.code[self.at];
        match byte {
            b'"' | b'`' => self.open_text(byte),
            _ if self.context() == Context::ImportGroup && self.comment() => {}
            _ => self.at += 1,
        }
    }

    /// `var a, b` and the expression up to the line's end.
    fn variables(&mut self, from: usize, end: usize) -> bool {
        let name = self.skip_blanks(end);
        let behind = self.skip_word(name);
        if name == end || behind == name {
            return false;
        }
        self.at = from;
        self.take(end, Class::Keyword);
        self.at = self.skip_more_names(behind);
        self.stack.push(Context::Line);
        true
    }

    /// Behind any `, name` that follow.
    pub(super) fn skip_more_names(&self, mut at: usize) -> usize {
        for _ in 0..MAX_NAMES {
            let Some(comma) = self.past(at, b',') else { break };
            let name = self.skip_blanks(comma);
            let end = self.skip_word(name);
            if end == name {
                break;
            }
            at = end;
        }
        at
    }

    /// The names before `:=`, of which the first ends at `end`.
    fn short_declaration(&mut self, end: usize) -> bool {
        let operator = self.skip_blanks(self.skip_more_names(end));
        let is_one = self.code[operator..self.end].starts_with(b":=");
        if is_one {
            self.at = operator;
            self.take(operator + 2, Class::Operator);
        }
        is_one
    }

    /// `var (` or `const (`, whose word ends at `end`.
    fn declarations(&mut self, end: usize) -> bool {
        let Some(inside) = self.past(end, b'(').filter(|inside| *inside > end + 1) else {
            return false;
        };
        self.take(end, Class::Keyword);
        self.at = inside;
        self.stack.push(Context::Declarations);
        true
    }

    /// Within `var (…)` a line begins with names, whatever they are.
    pub(super) fn declaration(&mut self) {
        let name = self.skip_blanks(self.at);
        let end = self.skip_word(name);
        match () {
            () if self.at > self.start => self.expression(),
            () if end > name => self.at = self.skip_more_names(end),
            () if name > self.at => self.at = name,
            () => self.expression(),
        }
    }

    fn type_declaration(&mut self) {
        let end = self.skip_word(self.at);
        let name = self.skip_blanks(end);
        let name_end = self.skip_word(name);
        self.take(end, Class::Keyword);
        if name == end || name_end == name {
            return;
        }
        self.at = name;
        self.take(name_end, Class::Type);
        let kind = self.skip_blanks(name_end);
        let kind_end = self.skip_word(kind);
        if kind > name_end && &self.code[kind..kind_end] == b"struct" {
            self.at = kind;
            self.take(kind_end, Class::Keyword);
            self.stack.push(Context::Struct);
        } else {
            self.stack.push(Context::TypeLine);
        }
    }

    pub(super) fn type_line(&mut self) {
        let end = self.skip_word(self.at);
        let word = &self.code[self.at..end];
        let byte = self.code[self.at];
        match byte {
            _ if self.comment() => {}
            b'0'..=b'9' => self.number(),
            _ if self.fraction() => {}
            _ if word == b"func" => self.function_literal(Class::Keyword),
            _ if self.type_word() => {}
            _ if is_constant(word) => self.take(end, Class::Number),
            _ if is_keyword(word) || is_late_keyword(word) => {
                self.take(end, Class::Keyword);
            }
            _ => self.at = end.max(self.at + 1),
        }
    }

    pub(super) fn around_fields(&mut self) {
        let byte = self.code[self.at];
        match byte {
            _ if self.comment() => {}
            b'{' => {
                self.at += 1;
                self.stack.push(Context::Fields);
            }
            _ => self.at += 1,
        }
    }

    /// A line of fields begins with their names, whatever these are.
    pub(super) fn field(&mut self) {
        let byte = self.code[self.at];
        if byte == b'}' {
            self.stack.pop();
            return;
        }
        if (self.at == self.start || byte == b',') && self.field_name() {
            return;
        }
        match byte {
            b'"' | b'`' => self.open_text(byte),
            _ if self.comment() => {}
            _ if self.code[self.at..self.skip_word(self.at)] == *b"func" => {
                self.function_literal(Class::Plain);
            }
            _ => self.type_or_skip(),
        }
    }

    fn field_name(&mut self) -> bool {
        let from = self.skip_blanks(self.at + usize::from(self.code[self.at] == b','));
        let star = self.byte(from) == Some(b'*');
        let mut name = from + usize::from(star);
        let mut end = self.skip_word(name);
        let first = end;
        if first == name {
            return false;
        }
        while self.byte(end) == Some(b'.') && self.skip_word(end + 1) > end + 1 {
            name = end + 1;
            end = self.skip_word(name);
        }
        let behind = self.skip_blanks(end);
        let is_embedded = matches!(self.byte(behind), None | Some(b'"' | b'`'));
        if is_embedded && star {
            self.at = from;
            self.take(from + 1, Class::Operator);
        }
        match (is_embedded, star) {
            (true, _) => self.at = behind,
            (false, false) => self.at = first,
            (false, true) => return false,
        }
        true
    }
}
