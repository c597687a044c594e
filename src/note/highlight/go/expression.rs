//! Go's expressions and types, which the grammar tells apart as little as possible.

use super::super::Class;
use super::text::Text;
use super::words::{self, is_builtin, is_constant, is_keyword, is_type};
use super::{Context, Lexer, is_blank, is_word};

impl Lexer<'_> {
    pub(super) fn expression(&mut self) {
        if self.comment() {
            return;
        }
        let byte = self.code[self.at];
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
            b'0'..=b'9' => self.number(),
            b'.' => self.dot(),
            b'"' | b'`' | b'\'' => self.open_text(byte),
            b'[' if self.array() => {}
            b'[' => self.open(b']'),
            b'(' => self.open(b')'),
            b'-' | b'/' | b'*' | b'&' | b'<' | b'>' | b'+' | b'|' | b'^' | b'%' | b'!'
            | b'=' => {
                self.take(self.at + 1, Class::Operator);
            }
            _ => self.at += 1,
        }
    }

    fn open(&mut self, closing: u8) {
        self.at += 1;
        self.stack.push(Context::Group(closing));
    }

    fn word(&mut self) {
        let end = self.skip_word(self.at);
        match &self.code[self.at..end] {
            b"func" => self.function_literal(Class::Keyword),
            word if is_keyword(word) => self.take(end, Class::Keyword),
            word if is_constant(word) => self.take(end, Class::Number),
            _ if self.type_word() => {}
            b"chan" | b"var" | b"type" | b"map" | b"const" => self.take(end, Class::Keyword),
            _ => self.name(end),
        }
    }

    /// A name of the program's own: a call, a builtin, or nothing of interest.
    fn name(&mut self, end: usize) {
        let word = &self.code[self.at..end];
        if let Some(behind) = self.past(end, b'(') {
            self.take(end, Class::Function);
            self.at = behind;
            self.stack.push(Context::Group(b')'));
        } else if is_builtin(word) {
            self.take(end, Class::Function);
        } else {
            self.at = end;
        }
    }

    /// A selector or a method's call; behind a number, its fraction.
    fn dot(&mut self) {
        if self.fraction() {
            return;
        }
        let end = self.skip_word(self.at + 1);
        self.at += 1;
        if end == self.at {
            return;
        }
        match self.past(end, b'(') {
            Some(behind) => {
                self.take(end, Class::Function);
                self.at = behind;
                self.stack.push(Context::Group(b')'));
            }
            None => self.at = end,
        }
    }

    /// `.5`, which is a number only right behind a word, odd as it is.
    pub(super) fn fraction(&mut self) -> bool {
        let rest = &self.code[self.at..self.end];
        let digits = words::digits(&rest[1..]);
        let is_fraction = rest[0] == b'.'
            && digits > 0
            && self.at > self.start
            && is_word(self.code[self.at - 1]);
        let Some(length) = words::exponent(rest, 1 + digits).filter(|_| is_fraction) else {
            return false;
        };
        self.take(self.at + length, Class::Number);
        true
    }

    pub(super) fn number(&mut self) {
        let rest = &self.code[self.at..self.end];
        match words::number(rest) {
            0 => self.at += rest.iter().take_while(|byte| is_word(**byte)).count(),
            length => self.take(self.at + length, Class::Number),
        }
    }

    /// A type that Go knows: `struct{}`, `[4]byte`, `map[`, `chan`, `string`.
    pub(super) fn type_word(&mut self) -> bool {
        let byte = self.code[self.at];
        match byte {
            b'[' => return self.array(),
            b'<' => return self.channel(),
            _ => {}
        }
        let end = self.skip_word(self.at);
        match &self.code[self.at..end] {
            b"struct" | b"interface" => {
                self.take(end, Class::Keyword);
                if self.code[self.at..self.end].starts_with(b"{}") {
                    self.at += 2;
                }
            }
            b"map" if self.byte(end) == Some(b'[') => {
                self.take(end, Class::Keyword);
                self.at += 1;
                self.stack.push(Context::MapKey);
            }
            b"chan" => return self.channel(),
            word if is_type(word) => self.take(end, Class::Keyword),
            _ => return false,
        }
        true
    }

    /// `[]` or `[4]` before a type's name.
    fn array(&mut self) -> bool {
        let digits = words::digits(&self.code[self.at + 1..self.end]);
        let closing = self.at + 1 + digits;
        let is_array = self.byte(closing) == Some(b']')
            && self.byte(closing + 1).is_some_and(|next| {
                !next.is_ascii() || is_word(next) && !next.is_ascii_digit()
            });
        if is_array {
            self.at += 1;
            self.take(closing, Class::Number);
            self.at += 1;
        }
        is_array
    }

    /// `chan`, `<-chan` or `chan<-` before a type's name.
    fn channel(&mut self) -> bool {
        let from = self.at;
        let arrow = |at: usize| self.code[at..self.end].starts_with(b"<-");
        let word = if arrow(from) { from + 2 } else { from };
        let end = self.skip_word(word);
        if &self.code[word..end] != b"chan" {
            return false;
        }
        let behind = if arrow(end) { end + 2 } else { end };
        let name = self.skip_blanks(behind);
        if name == behind || self.skip_word(name) == name {
            return false;
        }
        self.take(word, Class::Operator);
        self.take(end, Class::Keyword);
        self.take(behind, Class::Operator);
        true
    }

    pub(super) fn map_key(&mut self) {
        let byte = self.code[self.at];
        if is_blank(byte) {
            self.stack.pop();
        } else {
            self.type_or_skip();
        }
    }

    pub(super) fn type_or_skip(&mut self) {
        if !self.type_word() {
            let word = self.code[self.at..self.end].iter().take_while(|byte| is_word(**byte));
            self.at += word.count().max(1);
        }
    }

    /// A comment, or the end of one that never began, which is plain.
    pub(super) fn comment(&mut self) -> bool {
        match &self.code[self.at..self.end] {
            [b'/', b'/', ..] => self.take(self.end, Class::Comment),
            [b'/', b'*', ..] => {
                self.take(self.at + 2, Class::Comment);
                self.text = Some(Text::Comment);
            }
            [b'*', b'/', ..] => self.at += 2,
            _ => return false,
        }
        true
    }
}
