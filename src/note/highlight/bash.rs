//! bash, as the Sublime grammar sees it but some thirty times faster. Code comes in,
//! classes go out, or `None` for the one construct that is left to the grammar.
//!
//! The grammar keeps a stack of contexts, and so does this lexer; each context is
//! one method that takes one token. As there, a context either takes a token,
//! opens another one, or ends and leaves the token to the one below. A command is
//! made of its name, its arguments and the operator behind it, each a context.

mod assignment;
mod command;
mod expansion;
mod expression;
mod redirection;
mod words;

use super::{Class, lines};
use words::Builtin;

/// What the next token is read as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    /// Commands up to the end of the file.
    File,
    /// Commands up to the line's end, behind the mark of a heredoc.
    Rest,
    /// Commands in `(…)` and in `{…}`.
    Subshell,
    Braces,
    /// Commands in `<(…)`.
    Process,
    /// Commands in backticks.
    Ticks,
    /// A single command at a time, in `$(…)`.
    Substitution,
    Function,
    BeforeFunctionName,
    FunctionName,
    FunctionParens,
    FunctionParensInside,
    Command,
    Name,
    Arguments(Style),
    /// Arguments behind `--`.
    EndOfOptions,
    Option,
    /// Behind a command, where an operator may stand.
    Post,
    /// Within `[[ … ]]`.
    Test,
    /// Behind `=~`.
    Regex,
    CasePreamble,
    CaseFirst,
    CaseItem,
    CaseParens,
    CaseBody,
    /// Behind `;;`.
    CaseNext,
    CaseBodyItem,
    /// Behind `export` and the like, whose options have these letters.
    VariableOptions(&'static str),
    BeforeVariable,
    Variable,
    AliasName,
    Assign,
    Value,
    Scalar,
    Array,
    ArrayIndex,
    MoreVariables,
    DoubleQuoted,
    SingleQuoted,
    AnsiQuoted,
    /// The parts of `${…}`, in the order of their appearance.
    ParameterStart,
    Parameter,
    /// `${x/` has been read.
    Substitute,
    SubstitutePattern,
    /// `${x:-` and its like have been read, or the replacement begins.
    ParameterWord,
    Offset,
    OffsetLength,
    /// `${x#` and its like have been read.
    Trim,
    /// Within `?(a|b)`.
    PatternGroup,
    /// Within `[…]`, before and behind the first letter.
    SetStart,
    Set,
    BraceExpansion,
    Arithmetic,
    Parens,
    Let,
    Subscript,
    Hexadecimal,
    Octal,
    HeredocMark,
    Heredoc(Heredoc),
}

/// What a command's arguments are besides words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Words with a dash are options.
    Options,
    Builtin(&'static Builtin),
    For,
    /// `[ … ]`.
    Test,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Heredoc {
    /// Where the word stands that ends it.
    mark: (usize, usize),
    /// Blanks may stand before that word.
    indented: bool,
    expands: bool,
}

#[derive(Clone, Copy)]
struct Frame {
    context: Context,
    /// The class of what has no other.
    class: Class,
    /// A backtick ends what is in it.
    ticks: bool,
}

/// Behind deeper nesting the code stays plain; the grammar's stack ends at 100.
const MAX_DEPTH: usize = 80;

struct Lexer<'a> {
    text: &'a str,
    code: &'a [u8],
    paint: &'a mut [Class],
    at: usize,
    /// Where the line begins, and where its line end stands.
    start: usize,
    end: usize,
    stack: Vec<Frame>,
    /// Where the last `))` of the line stands.
    double_parens: Option<usize>,
    /// Where a context was opened without taking anything, and how deep it lies.
    /// If it ends right there, a letter is skipped lest it be opened again.
    opened: (usize, usize),
    /// A backslash hides the line's end.
    continued: bool,
}

/// Paints `code`; `None` if it holds something that only the grammar knows.
pub(super) fn colour(text: &str, paint: &mut [Class]) -> Option<()> {
    let code = text.as_bytes();
    let file = Frame { context: Context::File, class: Class::Plain, ticks: false };
    let stack = vec![file];
    let opened = (usize::MAX, 0);
    let mut lexer = Lexer {
        text,
        code,
        paint,
        at: 0,
        start: 0,
        end: 0,
        stack,
        double_parens: None,
        opened,
        continued: false,
    };
    for line in lines(code) {
        (lexer.at, lexer.start, lexer.end) = (line.start, line.start, line.end);
        lexer.line()?;
        if lexer.stack.len() > MAX_DEPTH {
            break;
        }
    }
    Some(())
}

impl<'a> Lexer<'a> {
    fn line(&mut self) -> Option<()> {
        self.opened = (usize::MAX, 0);
        self.continued = false;
        let line = &self.code[self.start..self.end];
        let last = line.windows(2).rposition(|pair| pair == b"))");
        self.double_parens = last.map(|at| self.start + at);
        while self.at < self.end && self.stack.len() <= MAX_DEPTH {
            self.token()?;
        }
        if !self.continued {
            while self.ends_with_line() {}
        }
        Some(())
    }

    /// Ends or changes the context on top for the line's end; false if it stays.
    fn ends_with_line(&mut self) -> bool {
        match self.context() {
            Context::Rest
            | Context::BeforeFunctionName
            | Context::FunctionName
            | Context::Command
            | Context::Name
            | Context::Arguments(_)
            | Context::EndOfOptions
            | Context::Option
            | Context::Post
            | Context::Regex
            | Context::VariableOptions(_)
            | Context::BeforeVariable
            | Context::Variable
            | Context::AliasName
            | Context::Assign
            | Context::Value
            | Context::Scalar
            | Context::MoreVariables
            | Context::Let
            | Context::Hexadecimal
            | Context::Octal
            | Context::HeredocMark => self.pop(),
            Context::ParameterStart => self.set_as(Context::Parameter, Class::Variable),
            Context::Substitute => self.set(Context::SubstitutePattern),
            Context::SetStart => self.set(Context::Set),
            Context::Substitution => {
                self.push(Context::Command);
                return false;
            }
            _ => return false,
        }
        true
    }

    fn token(&mut self) -> Option<()> {
        let context = self.context();
        if context.knows_escapes() && self.comment_or_escape()? {
            return Some(());
        }
        match context {
            Context::File
            | Context::Rest
            | Context::Subshell
            | Context::Braces
            | Context::Process
            | Context::Ticks
            | Context::Function => self.statement(context),
            Context::Substitution => self.substitution(),
            Context::BeforeFunctionName => {
                self.at = self.skip_blanks(self.at);
                self.set_as(Context::FunctionName, Class::Function);
            }
            Context::FunctionName => self.function_name(),
            Context::FunctionParens | Context::FunctionParensInside => {
                self.function_parens(context);
            }
            Context::Command => self.command(),
            Context::Name => self.name(),
            Context::Arguments(style) => self.arguments(style),
            Context::EndOfOptions => self.end_of_options(),
            Context::Option => self.option(),
            Context::Post => self.post(),
            Context::Test => self.test(),
            Context::Regex => self.regex(),
            Context::CasePreamble => self.case_preamble(),
            Context::CaseFirst | Context::CaseNext => self.case_first(context),
            Context::CaseItem | Context::CaseParens | Context::CaseBodyItem => {
                self.case_item(context);
            }
            Context::CaseBody => self.case_body(),
            Context::VariableOptions(letters) => self.variable_options(letters),
            Context::BeforeVariable => {
                self.at = self.skip_blanks(self.at);
                self.set_as(Context::Variable, Class::Variable);
            }
            Context::Variable | Context::AliasName => self.variable(context),
            Context::Assign => self.assign(),
            Context::Value => self.value(),
            Context::Scalar => self.scalar(),
            Context::Array | Context::ArrayIndex => self.array(context),
            Context::MoreVariables => self.more_variables(),
            Context::DoubleQuoted => self.double_quoted(),
            Context::SingleQuoted => self.single_quoted(),
            Context::AnsiQuoted => self.ansi_quoted(),
            Context::ParameterStart => self.parameter_start(),
            Context::Parameter => self.parameter(),
            Context::Substitute => self.substitute(),
            Context::SubstitutePattern
            | Context::ParameterWord
            | Context::Offset
            | Context::OffsetLength
            | Context::Trim => self.parameter_word(context),
            Context::PatternGroup => self.pattern_group(),
            Context::SetStart => self.set_start(),
            Context::Set => self.set_rest(),
            Context::BraceExpansion => self.brace_expansion(),
            Context::Arithmetic | Context::Parens | Context::Let | Context::Subscript => {
                self.expression_in(context);
            }
            Context::Hexadecimal | Context::Octal => self.digits(context),
            Context::HeredocMark => self.behind_heredoc_mark(),
            Context::Heredoc(heredoc) => self.heredoc(heredoc),
        }
        Some(())
    }

    /// A comment, an escaped letter, or a backslash at the line's end.
    fn comment_or_escape(&mut self) -> Option<bool> {
        let hash = self.skip_blanks(self.at);
        if self.byte(hash) == Some(b'#') && (hash > self.at || self.at == self.start) {
            // The grammar would look for the end of these behind the comment.
            if let Context::Hexadecimal | Context::Octal | Context::Regex = self.context() {
                return None;
            }
            self.at = hash;
            self.take(self.end, Class::Comment);
            return Some(true);
        }
        Some(self.continuation() || self.escape())
    }

    /// A backslash before the line's end; with blanks between, it has no effect.
    fn continuation(&mut self) -> bool {
        if self.byte(self.at) != Some(b'\\') || self.skip_blanks(self.at + 1) < self.end {
            return false;
        }
        self.continued = self.at + 1 == self.end;
        self.take(self.end, self.class());
        true
    }

    fn escape(&mut self) -> bool {
        if self.byte(self.at) != Some(b'\\') {
            return false;
        }
        let length = self.letter(self.at + 1).map_or(0, char::len_utf8);
        self.take(self.at + 1 + length, Class::Escape);
        true
    }

    fn context(&self) -> Context {
        self.stack.last().map_or(Context::File, |frame| frame.context)
    }

    fn class(&self) -> Class {
        self.stack.last().map_or(Class::Plain, |frame| frame.class)
    }

    fn ticks(&self) -> bool {
        self.stack.last().is_some_and(|frame| frame.ticks)
    }

    /// Opens a context in which plain text keeps the class it has.
    fn push(&mut self, context: Context) {
        self.push_as(context, self.class());
    }

    fn push_as(&mut self, context: Context, class: Class) {
        self.stack.push(Frame { context, class, ticks: false });
    }

    /// Opens a context that a backtick ends if it ends the one on top.
    fn push_with_ticks(&mut self, context: Context, ticks: bool) {
        let class = self.class();
        self.stack.push(Frame { context, class, ticks });
    }

    fn pop(&mut self) {
        self.stack.pop();
    }

    /// Replaces the context on top by one with the class of what is below.
    fn set(&mut self, context: Context) {
        self.pop();
        self.push(context);
    }

    fn set_as(&mut self, context: Context, class: Class) {
        self.pop();
        self.push_as(context, class);
    }

    /// Notes that the context now on top was opened without taking anything.
    fn note_opening(&mut self) {
        self.opened = (self.at, self.stack.len());
    }

    /// Whether to end the context on top here would lead round in a circle.
    fn would_loop(&self) -> bool {
        self.opened == (self.at, self.stack.len())
    }

    /// Ends the context on top, or skips a letter where that would go in circles.
    fn pop_or_skip(&mut self) {
        if self.would_loop() {
            self.skip();
        } else {
            self.pop();
        }
    }

    fn take(&mut self, end: usize, class: Class) {
        self.paint[self.at..end].fill(class);
        self.at = end;
    }

    /// Takes so many bytes.
    fn token_of(&mut self, length: usize, class: Class) {
        self.take(self.at + length, class);
    }

    /// Takes one letter that means nothing here.
    fn skip(&mut self) {
        let length = self.letter(self.at).map_or(1, char::len_utf8);
        self.token_of(length, self.class());
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.code[..self.end].get(at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        &self.code[self.at..self.end]
    }

    fn letter(&self, at: usize) -> Option<char> {
        self.text[..self.end].get(at..)?.chars().next()
    }

    /// Where the blanks end that begin at `at`.
    fn skip_blanks(&self, at: usize) -> usize {
        let blanks = self.code[at..self.end].iter().take_while(|byte| is_blank(**byte));
        at + blanks.count()
    }

    /// Whether a blank or the line's end stands there.
    fn is_space(&self, at: usize) -> bool {
        self.byte(at).is_none_or(is_blank)
    }

    fn is_word(&self, at: usize) -> bool {
        self.letter(at).is_some_and(is_word)
    }

    /// Whether a word may begin there: no letter stands before.
    fn begins_word(&self, at: usize) -> bool {
        let before = &self.text[self.start..at];
        !before.chars().next_back().is_some_and(is_word)
    }

    /// Whether this very word stands there.
    fn is_exactly(&self, at: usize, word: &str) -> bool {
        self.code[at..self.end].starts_with(word.as_bytes())
            && self.begins_word(at)
            && !self.is_word(at + word.len())
    }

    /// Where the name ends that begins at `at`; `at` if none begins there.
    fn skip_name(&self, at: usize) -> usize {
        let rest = &self.text[at..self.end];
        let begins =
            rest.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
        let length = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
        if begins { at + length } else { at }
    }
}

impl Context {
    /// Whether comments and escapes are known in it. Strings and the parts of an
    /// assignment have escapes of their own, if any.
    fn knows_escapes(self) -> bool {
        !matches!(
            self,
            Context::Variable
                | Context::AliasName
                | Context::Assign
                | Context::Value
                | Context::Scalar
                | Context::MoreVariables
                | Context::DoubleQuoted
                | Context::SingleQuoted
                | Context::AnsiQuoted
                | Context::ParameterStart
                | Context::Substitute
                | Context::Heredoc(_)
        )
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}
