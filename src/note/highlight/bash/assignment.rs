//! Assignments: names, values, arrays, and the declarations that hold several.

use super::super::Class;
use super::{Context, Lexer, is_blank};

impl Lexer<'_> {
    /// Options of `export` and the like, which may combine these letters.
    pub(super) fn variable_options(&mut self, letters: &str) {
        let from = self.skip_blanks(self.at);
        let rest = &self.code[from..self.end];
        self.at = from;
        let combined = rest.iter().skip(1).take_while(|byte| letters.as_bytes().contains(byte));
        match (rest, combined.count()) {
            ([b'-', b'p', ..], 0) => self.token_of(2, Class::Key),
            ([b'-', ..], count @ 1..) => self.token_of(1 + count, Class::Key),
            _ => self.pop(),
        }
    }

    pub(super) fn variable(&mut self, context: Context) {
        if self.continuation() || self.escape() {
            return;
        }
        match self.rest() {
            [b'=', ..] | [b'+' | b'-' | b'?', b'=', ..] => self.pop(),
            [b';' | b'&', ..] if context == Context::Variable => self.pop(),
            [byte, ..] if is_blank(*byte) => self.pop(),
            [b'[', ..] => {
                self.skip();
                self.push(Context::Subscript);
            }
            _ if self.string() => {}
            _ => self.skip(),
        }
    }

    pub(super) fn assign(&mut self) {
        if self.continuation() || self.escape() {
            return;
        }
        match self.rest() {
            [b'=', ..] => self.token_of(1, Class::Operator),
            [b'+' | b'-' | b'?', b'=', ..] => self.token_of(2, Class::Operator),
            _ => {}
        }
        self.pop();
    }

    pub(super) fn value(&mut self) {
        match self.rest()[0] {
            b'(' => {
                self.skip();
                self.set(Context::Array);
            }
            b'&' if !self.would_loop() => self.pop(),
            _ => self.set_as(Context::Scalar, Class::String),
        }
    }

    pub(super) fn scalar(&mut self) {
        if self.expansion() || self.continuation() || self.escape() {
            return;
        }
        match self.rest()[0] {
            byte if is_blank(byte) || byte == b';' => self.pop_or_skip(),
            _ => self.skip(),
        }
    }

    /// The elements of an array, or the index before one.
    pub(super) fn array(&mut self, context: Context) {
        match (context, self.rest()[0]) {
            (Context::Array, b')') => {
                self.skip();
                self.pop();
            }
            (Context::Array, b'[') => {
                self.skip();
                self.push(Context::ArrayIndex);
            }
            (Context::ArrayIndex, b']') => {
                self.skip();
                self.pop();
                if self.byte(self.at) == Some(b'=') {
                    self.token_of(1, Class::Operator);
                }
            }
            _ if self.expansion() => {}
            _ => self.skip(),
        }
    }

    /// Behind a variable of a declaration: another one, or the command's end.
    pub(super) fn more_variables(&mut self) {
        let from = self.skip_blanks(self.at);
        let rest = &self.code[from..self.end];
        match rest {
            [b'#' | b'|' | b';', ..] => self.pop(),
            [b'&', next @ ..] if next.first() != Some(&b'>') => self.pop(),
            [b'-', b'-', ..] if from > self.at && self.is_space(from + 2) => {
                self.at = from;
                self.token_of(2, Class::Operator);
                self.set(Context::EndOfOptions);
            }
            _ if from > self.at => self.at = from,
            [b')' | b'}', ..] => self.pop(),
            [b'0'..=b'9' | b'<' | b'>' | b'&', ..] if self.redirection() => {}
            _ if self.expansion() || self.continuation() => {}
            _ => {
                self.push(Context::Value);
                self.note_opening();
                self.push(Context::Assign);
                self.push(Context::BeforeVariable);
            }
        }
    }
}
