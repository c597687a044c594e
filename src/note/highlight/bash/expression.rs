//! Arithmetic, and the conditions in `[ … ]` and `[[ … ]]`.

use super::super::Class;
use super::{Context, Lexer, is_blank};

impl Lexer<'_> {
    pub(super) fn expression_in(&mut self, context: Context) {
        match (context, self.rest()) {
            (Context::Arithmetic, [b')', b')', ..]) => {
                self.token_of(2, self.class());
                self.pop();
            }
            (Context::Parens, [b')', ..]) | (Context::Subscript, [b']', ..]) => {
                self.skip();
                self.pop();
            }
            (Context::Subscript, [b'*' | b'@', ..]) => self.token_of(1, Class::Variable),
            (Context::Let, [b'`', ..]) if self.ticks() => self.pop(),
            _ => {
                if !self.expression() {
                    self.skip();
                }
            }
        }
    }

    /// A part of an arithmetic expression; false if nothing of the kind begins here.
    pub(super) fn expression(&mut self) -> bool {
        match self.rest()[0] {
            b'0'..=b'9' if self.begins_word(self.at) => self.number(),
            b'=' | b'*' | b'/' | b'%' | b'+' | b'-' | b'&' | b'^' | b'|' | b'<' | b'>'
            | b'!' | b':' | b'~' | b'?' => self.token_of(1, Class::Operator),
            b',' | b';' => self.skip(),
            b'(' => {
                self.skip();
                self.push(Context::Parens);
            }
            _ => return self.string() || self.dollar(),
        }
        true
    }

    /// `42`, `0x2a`, `052`, `16#2a`.
    fn number(&mut self) {
        match self.rest() {
            [b'0', b'x' | b'X', ..] => {
                self.token_of(2, Class::Number);
                self.push_as(Context::Hexadecimal, Class::Number);
            }
            [b'0', b'0'..=b'7', ..] => {
                self.token_of(1, Class::Number);
                self.push_as(Context::Octal, Class::Number);
            }
            rest => {
                let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"@_".contains(byte);
                let based = match &rest[digits..] {
                    [b'#', behind @ ..] => {
                        behind.iter().take_while(|byte| is_part(byte)).count()
                    }
                    _ => 0,
                };
                self.token_of(digits, Class::Number);
                if based > 0 {
                    self.skip();
                    self.token_of(based, Class::Number);
                }
            }
        }
    }

    /// The digits behind `0x` and `0`, and one letter that should be a digit.
    pub(super) fn digits(&mut self, context: Context) {
        match (context, self.rest()[0]) {
            (Context::Hexadecimal, byte) if byte.is_ascii_hexdigit() => self.skip(),
            (Context::Octal, b'0'..=b'7') => self.skip(),
            (Context::Hexadecimal, b'g'..=b'z' | b'G'..=b'Z')
            | (Context::Octal, b'8' | b'9') => {
                self.skip();
                self.pop();
            }
            _ => self.pop(),
        }
    }

    /// Within `[[ … ]]`.
    pub(super) fn test(&mut self) {
        let from = self.skip_blanks(self.at);
        if from > self.at {
            self.at = from;
            if self.rest().starts_with(b"]]") {
                self.token_of(2, Class::Function);
                self.pop();
            }
        } else if !self.expansion() && !self.test_operator() {
            self.skip();
        }
    }

    /// `-f`, `-eq`, `==`, `=~`.
    pub(super) fn test_operator(&mut self) -> bool {
        let length = match self.rest() {
            [b'-', ..] => return self.test_option(),
            [b'=', b'~', ..] => {
                self.token_of(2, Class::Operator);
                self.at = self.skip_blanks(self.at);
                self.push(Context::Regex);
                return true;
            }
            [b'|', b'|', ..] | [b'&', b'&', ..] | [b'=' | b'!', b'=', ..] => 2,
            [b'=' | b'!' | b'<' | b'>', ..] => 1,
            _ => return false,
        };
        self.token_of(length, Class::Operator);
        true
    }

    fn test_option(&mut self) -> bool {
        let rest = self.rest();
        let length = rest.iter().take_while(|byte| !is_blank(**byte)).count();
        let is_option = match &rest[..length] {
            [b'-', letter] => b"aobcdefghknoprstuvwxzGLNORS".contains(letter),
            [b'-', word @ ..] => {
                matches!(
                    word,
                    b"ef" | b"nt" | b"ot" | b"eq" | b"ne" | b"lt" | b"le" | b"gt" | b"ge"
                )
            }
            _ => false,
        };
        if is_option {
            self.token_of(length, Class::Key);
        }
        is_option
    }

    /// A regular expression, which a blank ends.
    pub(super) fn regex(&mut self) {
        if is_blank(self.rest()[0]) {
            self.pop();
        } else if !self.expansion() {
            self.skip();
        }
    }
}
