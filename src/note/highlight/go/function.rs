//! The heads of Go's functions: receiver, name, parameters and results.

use super::super::Class;
use super::{Context, Lexer, is_blank};

/// The parts of `func (r *T) name`, behind which parameters follow.
struct Head {
    star: Option<usize>,
    name: usize,
    end: usize,
}

impl Lexer<'_> {
    /// `func` where a declaration may stand.
    pub(super) fn function(&mut self) {
        let end = self.at + 4;
        if let Some(head) = self.head(end) {
            self.take(end, Class::Keyword);
            if let Some(star) = head.star {
                self.at = star;
                self.take(star + 1, Class::Operator);
            }
            self.at = head.name;
            self.take(head.end, Class::Function);
            self.open_params();
        } else if !self.is_literal(end) {
            let name = self.skip_blanks(end);
            let name_end = self.skip_word(name);
            self.take(end, Class::Keyword);
            if name > end && name_end > name {
                self.at = name;
                self.take(name_end, Class::Function);
            }
        } else {
            self.function_literal(Class::Keyword);
        }
    }

    fn head(&self, end: usize) -> Option<Head> {
        let (star, behind) = match self.past(end, b'(') {
            Some(inside) => self.receiver(inside)?,
            None => (None, end),
        };
        let name = self.skip_blanks(behind);
        let end = self.skip_word(name);
        self.past(end, b'(').filter(|_| end > name)?;
        Some(Head { star, name, end })
    }

    /// Where the star stands in `r *T)`, and where the parenthesis ends.
    fn receiver(&self, inside: usize) -> Option<(Option<usize>, usize)> {
        let first = self.skip_blanks(inside);
        let first_end = self.skip_word(first);
        let second = self.skip_blanks(first_end);
        // A name must be parted from its type by a blank; a lone type may follow.
        let named = first_end > first && second > first_end && self.byte(second) != Some(b')');
        let at = if named { second } else { inside };
        let star = (self.byte(at) == Some(b'*')).then_some(at);
        let kind = self.skip_blanks(at + usize::from(star.is_some()));
        let kind_end = self.skip_word(kind);
        let behind = self.past(kind_end, b')').filter(|_| kind_end > kind)?;
        Some((star, behind))
    }

    /// `func` where only a literal or a type may stand. If it is neither in the
    /// grammar's eyes, the word alone has the class `otherwise`.
    pub(super) fn function_literal(&mut self, otherwise: Class) {
        let end = self.at + 4;
        if let Some(behind) = self.empty_params(end) {
            self.take(end, Class::Keyword);
            self.at = self.skip_blanks(behind);
            self.stack.push(Context::Return);
        } else if self.is_literal(end) {
            self.take(end, Class::Keyword);
            self.open_params();
        } else {
            self.take(end, otherwise);
        }
    }

    fn empty_params(&self, end: usize) -> Option<usize> {
        self.past(self.past(end, b'(')?, b')')
    }

    /// Whether parameters follow that the grammar knows for such: none at all,
    /// some with a comma behind the parenthesis, or one without and a plain result.
    fn is_literal(&self, end: usize) -> bool {
        let Some(inside) = self.past(end, b'(') else { return false };
        self.empty_params(end).is_some()
            || self.code[inside..self.end].contains(&b',')
            || self.single_param(inside).is_some()
    }

    fn single_param(&self, inside: usize) -> Option<()> {
        let rest = &self.code[inside..self.end];
        let length =
            rest.iter().position(|byte| matches!(byte, b')' | b',')).filter(|at| *at > 0)?;
        (rest[length] == b')').then_some(())?;
        let behind = self.skip_blanks(inside + length + 1);
        if self.begins_body(behind) {
            return Some(());
        }
        let results = self.skip_results(behind)?;
        self.begins_body(results).then_some(())
    }

    fn begins_body(&self, at: usize) -> bool {
        matches!(self.byte(self.skip_blanks(at)), None | Some(b'{'))
    }

    /// Behind results in parentheses, or behind a single letter of a result.
    fn skip_results(&self, at: usize) -> Option<usize> {
        let rest = &self.code[at..self.end];
        let is_part = |byte: &u8| {
            byte.is_ascii_alphanumeric() || is_blank(*byte) || b",._*&<>[]-".contains(byte)
        };
        match rest {
            [b'(', inside @ ..] => {
                let length = inside.iter().take_while(|byte| is_part(byte)).count();
                (length > 0 && inside.get(length) == Some(&b')')).then_some(at + length + 2)
            }
            [first, ..] => is_part(first).then_some(at + 1),
            [] => None,
        }
    }

    /// Goes behind the parenthesis that is known to follow.
    fn open_params(&mut self) {
        let inside = self.past(self.at, b'(').unwrap_or(self.at);
        self.at = self.skip_blanks(inside);
        self.stack.push(Context::ParamName);
    }

    /// A first word with a comma behind it is a name, even if a type is called so.
    pub(super) fn param_name(&mut self) {
        let from = self.skip_blanks(self.at);
        if self.comment() {
            return;
        }
        if self.code[from..self.end].starts_with(b"/*") {
            self.at = from;
            return;
        }
        let end = self.skip_word(from);
        if end > from && self.comma_follows(end) {
            self.at = end;
        }
        self.set(Context::Params);
    }

    fn comma_follows(&self, end: usize) -> bool {
        let at = self.skip_blanks(end);
        if self.byte(at) == Some(b',') {
            return true;
        }
        let Some(comment) = self.code[at..self.end].strip_prefix(b"/*") else { return false };
        comment
            .windows(2)
            .enumerate()
            .filter(|(_, pair)| *pair == b"*/")
            .any(|(length, _)| self.past(at + 2 + length + 2, b',').is_some())
    }

    pub(super) fn params(&mut self) {
        let end = self.skip_word(self.at);
        let behind = self.skip_blanks(end);
        let type_follows = end > self.at
            && behind > end
            && self.byte(behind).is_some_and(|next| !matches!(next, b',' | b')'));
        let byte = self.code[self.at];
        match byte {
            b')' => self.close_params(),
            _ if self.comment() => {}
            _ if type_follows => {
                self.at = end;
                self.set(Context::ParamType);
            }
            _ => self.type_group(),
        }
    }

    pub(super) fn param_type(&mut self) {
        let byte = self.code[self.at];
        match byte {
            b')' => self.close_params(),
            b',' => {
                self.at = self.skip_blanks(self.at + 1);
                self.set(Context::ParamName);
            }
            _ => self.type_group(),
        }
    }

    fn close_params(&mut self) {
        self.at = self.skip_blanks(self.at + 1);
        self.set(Context::Return);
    }

    fn type_group(&mut self) {
        let byte = self.code[self.at];
        match byte {
            _ if self.comment() => {}
            b'*' => self.take(self.at + 1, Class::Operator),
            _ => self.type_or_skip(),
        }
    }

    pub(super) fn return_type(&mut self) {
        let byte = self.code[self.at];
        match byte {
            b'{' => {
                self.at += 1;
                self.set(Context::Block);
            }
            _ if is_blank(byte) => self.at += 1,
            _ if self.comment() => {}
            b'*' => self.take(self.at + 1, Class::Operator),
            _ if self.type_word() => {}
            b'(' => {
                self.at += 1;
                self.set(Context::Results);
            }
            _ => {
                let end = self.skip_word(self.at);
                if end == self.at {
                    self.stack.pop();
                }
                self.at = end;
            }
        }
    }

    pub(super) fn results(&mut self) {
        if self.code[self.at] == b')' {
            self.at += 1;
            self.set(Context::BodyStart);
        } else {
            self.type_group();
        }
    }

    pub(super) fn body_start(&mut self) {
        let brace = self.code[self.at..self.end].iter().position(|byte| *byte == b'{');
        match brace {
            Some(length) => {
                self.at += length + 1;
                self.set(Context::Block);
            }
            None => self.at = self.end,
        }
    }
}
