//! Strings and expansions: `"…"`, `$x`, `${x:-y}`, `$(…)`, `*`, `{a,b}`, `~`.

use super::super::Class;
use super::{Context, Lexer, is_blank};

impl Lexer<'_> {
    /// Any expansion or string that a word may hold; false if none begins here.
    pub(super) fn expansion(&mut self) -> bool {
        match self.rest() {
            [b'"' | b'\'' | b'$' | b'`', ..] => return self.string() || self.dollar(),
            [b'?' | b'*' | b'+' | b'@' | b'!' | b'[', ..] => return self.pattern(),
            [b'{', ..] => {
                self.skip();
                self.push(Context::BraceExpansion);
            }
            [b'~', ..] => self.token_of(1, Class::Variable),
            [b'%', ..] => self.job(),
            _ => return false,
        }
        true
    }

    pub(super) fn string(&mut self) -> bool {
        let (length, context) = match self.rest() {
            [b'"', ..] => (1, Context::DoubleQuoted),
            [b'\'', ..] => (1, Context::SingleQuoted),
            [b'$', b'\'', ..] => (2, Context::AnsiQuoted),
            [b'$', b'"', ..] => (2, Context::DoubleQuoted),
            _ => return false,
        };
        self.token_of(length, Class::String);
        self.push_as(context, Class::String);
        true
    }

    /// What begins with `$`, and backticks. The commands within are code even if
    /// a string is around them.
    pub(super) fn dollar(&mut self) -> bool {
        match self.rest() {
            [b'`', ..] => {
                self.token_of(1, Class::Plain);
                self.push_as(Context::Ticks, Class::Plain);
                if let Some(frame) = self.stack.last_mut() {
                    frame.ticks = true;
                }
            }
            [b'$', b'{', ..] => {
                self.token_of(2, Class::Variable);
                self.push(Context::ParameterStart);
            }
            [b'$', b'(', ..] => {
                let is_arithmetic = self.is_arithmetic(1);
                self.token_of(1, Class::Variable);
                let (length, context) = if is_arithmetic {
                    (2, Context::Arithmetic)
                } else {
                    (1, Context::Substitution)
                };
                self.token_of(length, Class::Plain);
                self.push_as(context, Class::Plain);
            }
            [b'$', ..] => return self.variable_reference(),
            _ => return false,
        }
        true
    }

    /// Whether `((` stands so many bytes from here, and `))` somewhere behind it.
    pub(super) fn is_arithmetic(&self, from: usize) -> bool {
        let inside = self.at + from + 2;
        self.rest()[from..].starts_with(b"((")
            && self.double_parens.is_some_and(|last| last > inside)
    }

    /// `$x`, `$1`, `$?`.
    fn variable_reference(&mut self) -> bool {
        let behind = self.at + 1;
        let end = match self.byte(behind) {
            Some(b'0'..=b'9') => behind + 1,
            Some(mark) if b"$#@!~*?_-".contains(&mark) && !self.is_word(behind + 1) => {
                behind + 1
            }
            _ => self.skip_name(behind),
        };
        if end > behind {
            self.take(end, Class::Variable);
        }
        end > behind
    }

    /// `%1`, `%%`, `%?name`: a job, or so the grammar thinks.
    pub(super) fn job(&mut self) {
        self.token_of(1, Class::Variable);
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        match self.rest().first() {
            Some(b'%' | b'+' | b'-') => self.token_of(1, Class::Variable),
            Some(b'0'..=b'9') => self.token_of(digits, Class::Number),
            Some(b'?') if self.is_word(self.at + 1) => {
                self.token_of(1, Class::Operator);
                self.take_word(Class::Variable);
            }
            Some(_) if self.is_word(self.at) => self.take_word(Class::Variable),
            _ => {}
        }
    }

    fn take_word(&mut self, class: Class) {
        let rest = &self.text[self.at..self.end];
        let length = rest.find(|letter| !super::is_word(letter)).unwrap_or(rest.len());
        self.token_of(length, class);
    }

    /// `*`, `?`, `[…]`, `?(…)`.
    fn pattern(&mut self) -> bool {
        match self.rest() {
            [b'[', ..] => {
                self.token_of(1, Class::Keyword);
                self.push(Context::SetStart);
            }
            [_, b'(', ..] => {
                self.token_of(1, Class::Operator);
                self.skip();
                self.push(Context::PatternGroup);
            }
            [b'*' | b'?', ..] => self.token_of(1, Class::Operator),
            _ => return false,
        }
        true
    }

    pub(super) fn pattern_group(&mut self) {
        match self.rest()[0] {
            b')' => {
                self.skip();
                self.pop();
            }
            b'|' => self.token_of(1, Class::Operator),
            _ if self.expansion() => {}
            _ => self.skip(),
        }
    }

    pub(super) fn set_start(&mut self) {
        match self.rest()[0] {
            b']' | b'-' => self.skip(),
            b'!' | b'^' => self.token_of(1, Class::Operator),
            _ => {}
        }
        self.set(Context::Set);
    }

    pub(super) fn set_rest(&mut self) {
        match self.rest() {
            [b'-', b']', ..] => {
                self.skip();
                self.token_of(1, Class::Keyword);
                self.pop();
            }
            [b']', ..] => {
                self.token_of(1, Class::Keyword);
                self.pop();
            }
            [b'-', ..] => self.token_of(1, Class::Operator),
            _ if self.expansion() => {}
            _ => self.skip(),
        }
    }

    pub(super) fn brace_expansion(&mut self) {
        match self.rest()[0] {
            b'}' => {
                self.skip();
                self.pop();
            }
            _ if self.expansion() => {}
            _ => self.skip(),
        }
    }

    pub(super) fn double_quoted(&mut self) {
        match self.rest() {
            [b'"', ..] => {
                self.skip();
                self.pop();
            }
            [b'\\'] => self.token_of(1, Class::Escape),
            [b'\\', b'$' | b'`' | b'"' | b'\\', ..] => self.token_of(2, Class::Escape),
            [b'$' | b'`', ..] if self.dollar() => {}
            _ => self.skip(),
        }
    }

    pub(super) fn single_quoted(&mut self) {
        match self.rest().iter().position(|byte| *byte == b'\'') {
            Some(length) => {
                self.token_of(length + 1, Class::String);
                self.pop();
            }
            None => self.take(self.end, Class::String),
        }
    }

    pub(super) fn ansi_quoted(&mut self) {
        let count = |from: usize, max: usize, accept: fn(&u8) -> bool| {
            self.rest().iter().skip(from).take(max).take_while(|byte| accept(byte)).count()
        };
        let octal = count(1, 3, |byte| matches!(byte, b'0'..=b'8'));
        let hex = count(2, 8, u8::is_ascii_hexdigit);
        match self.rest() {
            [b'\'', ..] => {
                self.skip();
                self.pop();
            }
            [b'\\'] => self.token_of(1, Class::Escape),
            [b'\\', next, ..] if b"$`\"\\abfnrtv'?".contains(next) => {
                self.token_of(2, Class::Escape);
            }
            [b'\\', ..] if octal > 0 => self.token_of(1 + octal, Class::Escape),
            [b'\\', b'x', ..] if hex > 0 => self.token_of(2 + hex, Class::Escape),
            [b'\\', b'c', b'a'..=b'z', ..] => self.token_of(3, Class::Escape),
            _ => self.skip(),
        }
    }

    /// `${!x}` and `${#x}` have a mark before the name.
    pub(super) fn parameter_start(&mut self) {
        if let b'!' | b'#' = self.rest()[0] {
            self.token_of(1, Class::Operator);
        }
        self.set_as(Context::Parameter, Class::Variable);
    }

    /// The name in `${…}`, up to the operator that says what becomes of it.
    pub(super) fn parameter(&mut self) {
        if self.parameter_part() {
            return;
        }
        let rest = self.rest();
        if let Some((all, operator, next)) = operation(rest) {
            self.token_of(all, Class::Variable);
            self.token_of(operator, Class::Operator);
            self.set(next);
        } else if let Some(all) = transformation(rest) {
            self.token_of(all, Class::Variable);
            self.token_of(1, Class::Operator);
            self.skip();
        } else {
            self.skip();
            if rest[0] == b'[' {
                self.push(Context::Subscript);
            }
        }
    }

    pub(super) fn substitute(&mut self) {
        if let b'/' | b'#' | b'%' = self.rest()[0] {
            self.skip();
        }
        self.set(Context::SubstitutePattern);
    }

    /// What stands behind the operator in `${…}`.
    pub(super) fn parameter_word(&mut self, context: Context) {
        let byte = self.rest()[0];
        let is_offset = matches!(context, Context::Offset | Context::OffsetLength);
        match byte {
            b'/' if context == Context::SubstitutePattern => {
                self.token_of(1, Class::Operator);
                self.set(Context::ParameterWord);
            }
            b':' if context == Context::Offset => {
                self.token_of(1, Class::Operator);
                self.set(Context::OffsetLength);
            }
            _ if is_blank(byte) => self.skip(),
            _ if is_offset && self.expression() => {}
            _ if self.parameter_part() => {}
            b'?' | b'*' | b'+' | b'@' | b'!' | b'['
                if matches!(context, Context::SubstitutePattern | Context::Trim)
                    && self.pattern() => {}
            _ => self.skip(),
        }
    }

    /// What may stand anywhere in `${…}`.
    fn parameter_part(&mut self) -> bool {
        match self.rest()[0] {
            b'}' => {
                self.token_of(1, Class::Variable);
                self.pop();
                true
            }
            b'~' => {
                self.token_of(1, Class::Variable);
                true
            }
            _ => self.string() || self.dollar(),
        }
    }
}

/// The operator behind a parameter's name: how many bytes of `@` or `*` stand before
/// it, how long it is, and what follows it.
fn operation(rest: &[u8]) -> Option<(usize, usize, Context)> {
    let all = usize::from(matches!(rest[0], b'@' | b'*'));
    Some(match (all, &rest[all..]) {
        (_, [b'/', ..]) => (all, 1, Context::Substitute),
        (0, [b':', b'-' | b'+' | b'=' | b'?', ..]) => (0, 2, Context::ParameterWord),
        (0, [b'-' | b'+' | b'=' | b'?', ..]) => (0, 1, Context::ParameterWord),
        (_, [b':', ..]) if rest[0] != b'*' => (all, 1, Context::Offset),
        (0, [b'#', b'}', ..]) => return None,
        (_, [b'#', b'#', ..] | [b'%', b'%', ..] | [b'^', b'^', ..] | [b',', b',', ..]) => {
            (all, 2, Context::Trim)
        }
        (_, [b'#' | b'%' | b'^' | b',', ..]) => (all, 1, Context::Trim),
        _ => return None,
    })
}

/// `@Q` and its like before the closing brace: how many bytes of another `@` or `*`
/// stand before it.
fn transformation(rest: &[u8]) -> Option<usize> {
    let is_kind = |letter: &u8| b"QEPAa".contains(letter);
    match rest {
        [b'@' | b'*', b'@', letter, b'}', ..] if is_kind(letter) => Some(1),
        [b'@', letter, b'}', ..] if is_kind(letter) => Some(0),
        _ => None,
    }
}
