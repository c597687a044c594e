//! Go, as the Sublime grammar sees it but some hundred times faster. Code comes
//! in, classes go out, or `None` where the code holds letters beyond ASCII outside
//! of strings and comments, which are left to the grammar.
//!
//! The grammar keeps a stack of contexts, and so does this lexer; each context is
//! one method that takes one token. It is no parser of Go: a `{` behind
//! `interface` opens a block like any other, and types after a line end are
//! expressions. The comments name only what is not evident from Go itself.

mod expression;
mod function;
mod statement;
mod text;
mod words;

use super::{Class, lines};
use text::Text;

/// What the next token is read as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    /// Statements outside of everything, where imports and functions may stand.
    File,
    /// Statements up to `}`.
    Block,
    /// An expression up to this closing bracket.
    Group(u8),
    /// What follows `var (` or `const (`.
    Declarations,
    /// An expression up to the line's end.
    Line,
    /// Between `type X struct` and the brace behind the fields.
    Struct,
    Fields,
    /// What follows `type X`, up to the line's end.
    TypeLine,
    ImportLine,
    ImportGroup,
    /// Within the brackets of `map[…]`.
    MapKey,
    /// At the beginning of a parameter.
    ParamName,
    /// Among parameters, before a name or a lone type.
    Params,
    /// Behind a parameter's name.
    ParamType,
    /// Behind the parameters.
    Return,
    /// Within the parentheses of several results.
    Results,
    /// Before the brace of a function's body.
    BodyStart,
}

impl Context {
    /// The bracket that does no more than end the context.
    fn closing(self) -> Option<u8> {
        match self {
            Context::Block | Context::Struct => Some(b'}'),
            Context::Declarations | Context::ImportGroup => Some(b')'),
            Context::MapKey => Some(b']'),
            Context::Group(closing) => Some(closing),
            _ => None,
        }
    }
}

/// Behind deeper nesting the code stays plain; the grammar's stack ends at 100.
const MAX_DEPTH: usize = 80;

struct Lexer<'a> {
    code: &'a [u8],
    paint: &'a mut [Class],
    at: usize,
    /// Where the line begins, and where its line end stands.
    start: usize,
    end: usize,
    stack: Vec<Context>,
    /// The string or comment that is open.
    text: Option<Text>,
}

/// Paints `code`; `None` if it holds something that only the grammar knows.
pub(super) fn colour(code: &str, paint: &mut [Class]) -> Option<()> {
    if has_func_in_word(code) {
        return None;
    }
    let code = code.as_bytes();
    let stack = Vec::with_capacity(16);
    let mut lexer = Lexer { code, paint, at: 0, start: 0, end: 0, stack, text: None };
    for line in lines(code) {
        (lexer.at, lexer.start, lexer.end) = (line.start, line.start, line.end);
        lexer.line()?;
        if lexer.stack.len() > MAX_DEPTH {
            break;
        }
    }
    Some(())
}

/// The grammar finds its functions even at the end of a word.
fn has_func_in_word(code: &str) -> bool {
    let bytes = code.as_bytes();
    code.match_indices("func").any(|(at, _)| at > 0 && is_word(bytes[at - 1]))
}

impl Lexer<'_> {
    fn line(&mut self) -> Option<()> {
        while self.at < self.end && self.stack.len() <= MAX_DEPTH {
            match self.text {
                Some(text) => self.continue_text(text),
                None => self.token()?,
            }
        }
        if self.text.is_none() {
            self.line_end();
        }
        Some(())
    }

    fn line_end(&mut self) {
        use Context::{
            BodyStart, ImportLine, Line, MapKey, ParamName, Params, Return, TypeLine,
        };
        while let Line | TypeLine | ImportLine | MapKey | Return | BodyStart = self.context() {
            self.stack.pop();
        }
        if self.context() == ParamName {
            self.set(Params);
        }
    }

    fn token(&mut self) -> Option<()> {
        let byte = self.code[self.at];
        if !byte.is_ascii() {
            return None;
        }
        let context = self.context();
        if context.closing() == Some(byte) {
            self.close();
            return Some(());
        }
        match context {
            Context::File | Context::Block => self.statement(),
            Context::Group(_) | Context::Line => self.expression(),
            Context::Declarations => self.declaration(),
            Context::Struct => self.around_fields(),
            Context::Fields => self.field(),
            Context::TypeLine => self.type_line(),
            Context::ImportLine | Context::ImportGroup => self.import(),
            Context::MapKey => self.map_key(),
            Context::ParamName => self.param_name(),
            Context::Params => self.params(),
            Context::ParamType => self.param_type(),
            Context::Return => self.return_type(),
            Context::Results => self.results(),
            Context::BodyStart => self.body_start(),
        }
        Some(())
    }

    fn context(&self) -> Context {
        self.stack.last().copied().unwrap_or(Context::File)
    }

    /// Replaces the context that is on top.
    fn set(&mut self, context: Context) {
        self.stack.pop();
        self.stack.push(context);
    }

    fn close(&mut self) {
        self.at += 1;
        self.stack.pop();
    }

    fn take(&mut self, end: usize, class: Class) {
        self.paint[self.at..end].fill(class);
        self.at = end;
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.code[..self.end].get(at).copied()
    }

    /// Where the blanks end that begin at `at`.
    fn skip_blanks(&self, at: usize) -> usize {
        let blanks = self.code[at..self.end].iter().take_while(|byte| is_blank(**byte));
        at + blanks.count()
    }

    /// Where the identifier ends that begins at `at`; `at` if none begins there.
    fn skip_word(&self, at: usize) -> usize {
        if !self.byte(at).is_some_and(|first| is_word(first) && !first.is_ascii_digit()) {
            return at;
        }
        at + self.code[at..self.end].iter().take_while(|byte| is_word(**byte)).count()
    }

    /// Behind blanks and this byte, if both follow.
    fn past(&self, at: usize, byte: u8) -> Option<usize> {
        let at = self.skip_blanks(at);
        (self.byte(at) == Some(byte)).then_some(at + 1)
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// A letter, a digit or the underscore. Letters beyond ASCII never come here.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
