//! Redirections and heredocs.

use super::super::Class;
use super::{Context, Heredoc, Lexer, Style, is_blank};

impl Lexer<'_> {
    /// A redirection with the number of its file before it.
    pub(super) fn redirection(&mut self) -> bool {
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        let from = self.at + digits;
        match &self.code[from..self.end] {
            [b'<', b'<', b'<', ..] if self.is_space(from + 3) => {
                self.operator(from, 3);
                self.at = (self.at + 1).min(self.end);
            }
            [b'<', b'<', ..] if self.open_heredoc(from) => {}
            [b'<' | b'>', b'(', ..] => {
                self.operator(from, 1);
                self.skip();
                self.push(Context::Process);
            }
            [b'>', b'>', b'!', ..] => self.redirect(from, 3),
            [b'<', b'&', ..] | [b'>', b'>' | b'&', ..] | [b'&', b'>', ..] => {
                self.redirect(from, 2);
            }
            [b'<' | b'>', ..] => self.redirect(from, 1),
            _ => return false,
        }
        true
    }

    /// Takes the file's number up to `from`, and an operator of this length.
    fn operator(&mut self, from: usize, length: usize) {
        self.take(from, Class::Number);
        self.token_of(length, Class::Operator);
    }

    /// Takes an operator and the number or dash behind it. Behind output operators
    /// blanks may stand between.
    fn redirect(&mut self, from: usize, length: usize) {
        let is_output = self.code[from] != b'<';
        self.operator(from, length);
        let target = if is_output { self.skip_blanks(self.at) } else { self.at };
        let rest = &self.code[target..self.end];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > 0 {
            self.at = target;
            self.token_of(digits, Class::Number);
        } else if rest.first() == Some(&b'-') {
            self.at = target;
            self.skip();
        }
        self.at = self.skip_blanks(self.at);
    }

    /// `<<EOF`, `<<-EOF` and either with the word in quotes, which begins at `from`.
    fn open_heredoc(&mut self, from: usize) -> bool {
        let indented = self.byte(from + 2) == Some(b'-');
        let operator = 2 + usize::from(indented);
        let quote = self.skip_blanks(from + operator);
        let is_quoted = matches!(self.byte(quote), Some(b'\'' | b'"' | b'\\'));
        let word = quote + usize::from(is_quoted);
        let end = self.skip_name(word);
        let closes =
            !is_quoted || self.byte(quote) == Some(b'\\') || self.byte(end) == self.byte(quote);
        if end == word || !closes {
            return false;
        }
        self.operator(from, operator);
        self.take(word, Class::String);
        self.take(end, Class::Keyword);
        if is_quoted && self.byte(quote) != Some(b'\\') {
            self.token_of(1, Class::String);
        }
        let heredoc = Heredoc { mark: (word, end), indented, expands: !is_quoted };
        self.push_as(Context::Heredoc(heredoc), Class::String);
        self.push(Context::HeredocMark);
        true
    }

    /// What stands behind the mark belongs to the command, not to the heredoc.
    pub(super) fn behind_heredoc_mark(&mut self) {
        let below = self.stack.len().checked_sub(3).and_then(|at| self.stack.get(at));
        let class = below.map_or(Class::Plain, |frame| frame.class);
        self.at = self.skip_blanks(self.at);
        self.push_as(Context::Rest, class);
        self.push(Context::Post);
        self.push(Context::Arguments(Style::Options));
    }

    pub(super) fn heredoc(&mut self, heredoc: Heredoc) {
        if self.at == self.start && self.ends_heredoc(heredoc) {
            self.pop();
            return;
        }
        match self.rest() {
            [b'\\', b'`' | b'$' | b'"' | b'\\', ..] if heredoc.expands => {
                self.token_of(2, Class::Escape);
            }
            [b'$' | b'`', ..] if heredoc.expands && self.dollar() => {}
            _ => self.skip(),
        }
    }

    /// Takes the word that ends the heredoc. With blanks behind, it keeps the
    /// class of the text.
    fn ends_heredoc(&mut self, heredoc: Heredoc) -> bool {
        let from = if heredoc.indented { self.skip_blanks(self.at) } else { self.at };
        let mark = &self.code[heredoc.mark.0..heredoc.mark.1];
        let rest = &self.code[from..self.end];
        let Some(behind) = rest.strip_prefix(mark) else { return false };
        if !behind.iter().all(|byte| is_blank(*byte)) {
            return false;
        }
        let class = if behind.is_empty() { Class::Keyword } else { Class::String };
        self.at = from;
        self.take(self.end, class);
        true
    }
}
