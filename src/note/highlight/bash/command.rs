//! Commands: what opens them, their names, arguments and operators, functions and
//! `case`.

use super::super::Class;
use super::words::{Builtin, builtin};
use super::{Context, Lexer, Style, is_blank};

/// The words that declare variables, with their class and the letters of options
/// that may be combined.
const DECLARATIONS: &[(&str, Class, &str)] = &[
    ("alias", Class::Function, ""),
    ("declare", Class::Keyword, "aAfFgilnrtux"),
    ("export", Class::Keyword, "fn"),
    ("local", Class::Keyword, "aAfFgilnrtux"),
    ("readonly", Class::Keyword, "aAf"),
    ("typeset", Class::Keyword, "aAfFgilnrtux"),
];

/// So long may the name of a function or a variable be. The grammar knows no limit,
/// but looks for either at every mark of a hostile line.
const MAX_NAME: usize = 256;

impl Lexer<'_> {
    /// Where a command may begin; first of all the mark that ends the commands.
    pub(super) fn statement(&mut self, context: Context) {
        match (context, self.rest()[0]) {
            (Context::Subshell, b')') | (Context::Braces, b'}') => {
                let ticks = self.ticks();
                self.token_of(1, self.class());
                self.pop();
                self.push(Context::Post);
                self.push_with_ticks(Context::Arguments(Style::Options), ticks);
            }
            (Context::Process, b')') | (Context::Function, b'}') | (Context::Ticks, b'`') => {
                self.token_of(1, self.class());
                self.pop();
            }
            _ => self.begin_command(),
        }
    }

    fn begin_command(&mut self) {
        let from = self.skip_blanks(self.at);
        if from == self.end {
            self.at = from;
        } else if self.function(from) || self.declaration(from) {
        } else if self.assigns(from) {
            let noted = from == self.at;
            self.push(Context::Value);
            if noted {
                self.note_opening();
            }
            self.push(Context::Assign);
            self.push(Context::BeforeVariable);
        } else {
            let noted = from == self.at;
            self.at = from;
            self.push_with_ticks(Context::Command, self.commands_end_at_tick());
            if noted {
                self.note_opening();
            }
        }
    }

    /// Whether a backtick ends the commands here; in a subshell within backticks
    /// it ends the arguments behind the subshell only.
    fn commands_end_at_tick(&self) -> bool {
        self.ticks() && self.context() != Context::Subshell
    }

    /// `function name` or `name()`.
    fn function(&mut self, from: usize) -> bool {
        let end = from + "function".len();
        if self.is_exactly(from, "function") && self.is_space(end) {
            self.at = from;
            self.take(end, Class::Keyword);
            self.at = self.skip_blanks(end);
        } else if !self.names_function(from) {
            return false;
        }
        self.push_with_ticks(Context::Function, self.commands_end_at_tick());
        self.push(Context::FunctionParens);
        self.push(Context::BeforeFunctionName);
        true
    }

    fn names_function(&self, from: usize) -> bool {
        let rest = &self.code[from..self.end];
        let is_part = |byte: &u8| !is_blank(*byte) && !b"/$`=|&;()<>".contains(byte);
        let length = rest.iter().take(MAX_NAME).take_while(|byte| is_part(byte)).count();
        let open = self.skip_blanks(from + length);
        length > 0
            && !rest[0].is_ascii_digit()
            && self.byte(open) == Some(b'(')
            && self.byte(self.skip_blanks(open + 1)) == Some(b')')
    }

    pub(super) fn function_name(&mut self) {
        match self.byte(self.skip_blanks(self.at)) {
            Some(b'(' | b'{') => self.pop(),
            _ => self.skip(),
        }
    }

    pub(super) fn function_parens(&mut self, context: Context) {
        match (context, self.rest()[0]) {
            (Context::FunctionParens, b'(') => {
                self.skip();
                self.push(Context::FunctionParensInside);
            }
            (Context::FunctionParens, b'{') | (Context::FunctionParensInside, b')') => {
                self.skip();
                self.pop();
            }
            _ => self.skip(),
        }
    }

    /// `export` and the like.
    fn declaration(&mut self, from: usize) -> bool {
        let found = DECLARATIONS.iter().find(|(word, ..)| self.is_command_word(from, word));
        let Some(&(word, class, letters)) = found else { return false };
        self.at = from;
        self.token_of(word.len(), class);
        self.push(Context::MoreVariables);
        self.push(Context::Value);
        self.push(Context::Assign);
        if word == "alias" {
            self.push_as(Context::AliasName, Class::Function);
        } else {
            self.push(Context::BeforeVariable);
        }
        self.push(Context::VariableOptions(letters));
        true
    }

    /// Whether the word stands there and no name or assignment begins with it.
    fn is_command_word(&self, at: usize, word: &str) -> bool {
        let next = self.byte(at + word.len());
        self.is_exactly(at, word) && !matches!(next, Some(b'=' | b'-'))
    }

    /// Whether `name=`, `name[…]=` or the like follows, quotes included.
    fn assigns(&self, from: usize) -> bool {
        let run = |at: usize| {
            let rest = &self.code[at..self.end];
            let is_part = |byte: &u8| !is_blank(*byte) && !b"{}()=".contains(byte);
            at + rest.iter().take(MAX_NAME).take_while(|byte| is_part(byte)).count()
        };
        let first = run(from);
        match self.byte(first) {
            Some(b'=') => true,
            Some(b'(' | b'{') => {
                let closing = run(first + 1);
                matches!(self.byte(closing), Some(b')' | b'}'))
                    && self.byte(run(closing + 1)) == Some(b'=')
            }
            _ => false,
        }
    }

    pub(super) fn substitution(&mut self) {
        let from = self.skip_blanks(self.at);
        if self.byte(from) == Some(b')') {
            self.at = from;
            self.token_of(1, Class::Plain);
            self.pop();
        } else {
            self.push(Context::Command);
            self.note_opening();
        }
    }

    /// The beginning of a command. Keywords may be followed by another command.
    pub(super) fn command(&mut self) {
        let byte = self.rest()[0];
        match byte {
            _ if is_blank(byte) => self.at = self.skip_blanks(self.at),
            b'a'..=b'z' if self.keyword() => {}
            b'(' if self.is_arithmetic(0) => {
                self.token_of(2, self.class());
                self.push(Context::Arithmetic);
            }
            b')' | b'}' if !self.would_loop() => self.pop(),
            b'(' => self.open_group(Context::Subshell),
            _ if self.builtin() => {}
            b'[' if self.rest().starts_with(b"[[") && self.is_space(self.at + 2) => {
                self.token_of(2, Class::Function);
                self.behind_command(Context::Test);
            }
            b'[' if self.is_space(self.at + 1) => {
                self.token_of(1, Class::Function);
                let ticks = self.ticks();
                self.behind_command_with(Context::Arguments(Style::Test), ticks);
            }
            b'{' if self.is_space(self.at + 1) => self.open_group(Context::Braces),
            _ => {
                let ticks = self.ticks();
                self.behind_command_with(Context::Arguments(Style::Options), ticks);
                self.push_as(Context::Name, Class::Function);
            }
        }
    }

    fn open_group(&mut self, context: Context) {
        self.skip();
        self.push_with_ticks(context, self.ticks());
    }

    /// Replaces the command by what follows its name and by the operator behind.
    fn behind_command(&mut self, arguments: Context) {
        self.behind_command_with(arguments, false);
    }

    fn behind_command_with(&mut self, arguments: Context, ticks: bool) {
        self.pop();
        self.push(Context::Post);
        self.push_with_ticks(arguments, ticks);
    }

    fn keyword(&mut self) -> bool {
        let is = |word: &str| self.is_command_word(self.at, word);
        let word = match self.rest()[0] {
            b'b' if is("break") => "break",
            b'c' if is("case") => "case",
            b'c' if is("continue") => "continue",
            b'd' if is("do") => "do",
            b'd' if is("done") => "done",
            b'e' if is("elif") => "elif",
            b'e' if is("else") => "else",
            b'f' if is("fi") => "fi",
            b'f' if is("for") => "for",
            b'i' if is("if") => "if",
            b'l' if self.is_exactly(self.at, "let") => "let",
            b't' if self.is_exactly(self.at, "then") => "then",
            b'u' if is("until") => "until",
            b'w' if is("while") => "while",
            _ => return false,
        };
        let class = if word == "let" { Class::Function } else { Class::Keyword };
        self.token_of(word.len(), class);
        match word {
            "then" | "else" | "do" => self.pop(),
            "if" | "elif" => self.negation(),
            "fi" | "done" | "break" => self.behind_command(Context::Arguments(Style::Options)),
            "for" => self.behind_command(Context::Arguments(Style::For)),
            "let" => self.push_with_ticks(Context::Let, self.ticks()),
            "case" => {
                self.set(Context::CaseBody);
                self.push(Context::CaseItem);
                self.push(Context::CaseFirst);
                self.push(Context::CasePreamble);
            }
            _ => {}
        }
        true
    }

    fn negation(&mut self) {
        let mark = self.skip_blanks(self.at);
        if self.byte(mark) == Some(b'!') {
            self.at = mark;
            self.token_of(1, Class::Operator);
        }
    }

    fn builtin(&mut self) -> bool {
        let ends = |byte: &u8| is_blank(*byte) || b";><|".contains(byte);
        let length = self.rest().iter().take_while(|byte| !ends(byte)).count();
        let Some(found) = builtin(&self.rest()[..length]) else { return false };
        let class = if found.name == "return" { Class::Keyword } else { Class::Function };
        self.token_of(length, class);
        let ticks = self.ticks();
        self.behind_command_with(Context::Arguments(Style::Builtin(found)), ticks);
        true
    }

    pub(super) fn name(&mut self) {
        match self.rest()[0] {
            byte if is_blank(byte) || b"`=|&;()<>}".contains(&byte) => self.pop(),
            b'"' | b'\'' | b'$' if self.string() || self.dollar() => {}
            b'~' => self.token_of(1, Class::Variable),
            b'%' => self.job(),
            _ => self.skip(),
        }
    }

    pub(super) fn arguments(&mut self, style: Style) {
        match self.rest()[0] {
            b')' | b'}' => self.pop(),
            b'`' if self.ticks() => self.pop(),
            byte if is_blank(byte) => self.next_argument(style),
            b'-' | b'+' | b'a'..=b'z' | b'A'..=b'Z'
                if self.at == self.start && self.flag(self.at, style) => {}
            b'0'..=b'9' | b'<' | b'>' | b'&' if self.redirection() => {}
            b'|' | b';' | b'&' => self.pop(),
            b'(' if style == Style::For && self.is_arithmetic(0) => {
                self.token_of(2, self.class());
                self.push(Context::Arithmetic);
            }
            b'i' if style == Style::For && self.is_exactly(self.at, "in") => {
                self.token_of(2, Class::Keyword);
            }
            _ if self.expansion() => {}
            _ if style == Style::Test && self.test_operator() => {}
            _ => self.skip(),
        }
    }

    /// Blanks, and what may begin behind them only.
    fn next_argument(&mut self, style: Style) {
        let from = self.skip_blanks(self.at);
        match self.byte(from) {
            Some(b'|' | b';') => self.pop(),
            Some(b'&') if self.byte(from + 1) != Some(b'>') => self.pop(),
            Some(b']') if style == Style::Test => {
                self.at = from;
                self.token_of(1, Class::Function);
                self.pop();
            }
            _ if self.flag(from, style) => {}
            _ => self.at = from,
        }
    }

    /// `--`, or an option as the command's style has them.
    fn flag(&mut self, from: usize, style: Style) -> bool {
        let rest = &self.code[from..self.end];
        if rest.starts_with(b"--") && self.is_space(from + 2) {
            let ticks = self.ticks();
            self.at = from;
            self.token_of(2, Class::Operator);
            self.pop();
            self.push_with_ticks(Context::EndOfOptions, ticks);
            return true;
        }
        match style {
            Style::Options => self.begin_option(from),
            Style::Builtin(builtin) => self.builtin_option(from, builtin),
            Style::For | Style::Test => false,
        }
    }

    fn begin_option(&mut self, from: usize) -> bool {
        let rest = &self.code[from..self.end];
        let dashes = rest.iter().take(2).take_while(|byte| **byte == b'-').count();
        let behind = from + dashes;
        if dashes == 0 || !(self.is_word(behind) || self.byte(behind) == Some(b'$')) {
            return false;
        }
        self.at = from;
        self.token_of(dashes, Class::Key);
        self.push_as(Context::Option, Class::Key);
        true
    }

    fn builtin_option(&mut self, from: usize, builtin: &Builtin) -> bool {
        let rest = &self.code[from..self.end];
        let ends = |byte: &u8| is_blank(*byte) || b";`)".contains(byte);
        let length = rest.iter().take_while(|byte| !ends(byte)).count();
        let option = builtin.option(&rest[..length]);
        if option > 0 {
            self.at = from;
            self.token_of(option, Class::Key);
        }
        option > 0
    }

    pub(super) fn option(&mut self) {
        match self.rest()[0] {
            b'=' => {
                self.token_of(1, Class::Operator);
                self.pop();
            }
            b'$' if self.expansion() => {}
            b'$' | b'-' => self.skip(),
            _ if self.is_word(self.at) => self.skip(),
            _ => self.pop(),
        }
    }

    pub(super) fn end_of_options(&mut self) {
        match self.rest()[0] {
            b'`' if self.ticks() => self.pop(),
            b'0'..=b'9' | b'<' | b'>' | b'&' if self.redirection() => {}
            b')' | b'}' | b';' | b'&' | b'|' => self.pop(),
            _ if self.expansion() => {}
            _ => self.skip(),
        }
    }

    /// The operator behind a command, if there is one.
    pub(super) fn post(&mut self) {
        let from = self.skip_blanks(self.at);
        let length = match &self.code[from..self.end] {
            [b';', b';' | b'&', ..] => 0,
            [b'|', b'|', ..] | [b'&', b'&', ..] => 2,
            [b';' | b'|' | b'&', ..] => 1,
            _ => 0,
        };
        if length == 0 {
            return self.pop_or_skip();
        }
        self.at = from;
        self.token_of(length, Class::Operator);
        self.pop();
    }

    pub(super) fn case_preamble(&mut self) {
        if self.begins_word(self.at) && self.is_case_in() {
            self.token_of(2, Class::Keyword);
            self.pop();
        } else if !self.expansion() {
            self.skip();
        }
    }

    fn is_case_in(&self) -> bool {
        self.is_exactly(self.at, "in") && self.byte(self.at + 2) != Some(b'-')
    }

    /// Before the first letter of a pattern, where a parenthesis may stand.
    pub(super) fn case_first(&mut self, context: Context) {
        let byte = self.rest()[0];
        if is_blank(byte) {
            self.skip();
            return;
        }
        if byte == b'(' {
            self.token_of(1, Class::Keyword);
        }
        self.pop();
        if context == Context::CaseNext {
            self.push(Context::CaseBodyItem);
        }
    }

    pub(super) fn case_item(&mut self, context: Context) {
        match self.rest()[0] {
            b'e' if context == Context::CaseBodyItem && self.is_exactly(self.at, "esac") => {
                self.token_of(4, Class::Keyword);
                self.pop();
            }
            b')' if context == Context::CaseParens => {
                self.skip();
                self.pop();
            }
            b')' => {
                self.token_of(1, Class::Keyword);
                self.pop();
                if context == Context::CaseBodyItem {
                    self.push(Context::CaseBody);
                }
            }
            _ if self.expansion() => {}
            b'|' => self.token_of(1, Class::Operator),
            b'(' => {
                self.skip();
                self.push(Context::CaseParens);
            }
            _ => self.skip(),
        }
    }

    pub(super) fn case_body(&mut self) {
        let from = self.skip_blanks(self.at);
        let length = match &self.code[from..self.end] {
            [b';', b';', b'&', ..] => 3,
            [b';', b';' | b'&', ..] => 2,
            _ => 0,
        };
        if length > 0 {
            self.at = from;
            self.token_of(length, self.class());
            self.set(Context::CaseNext);
        } else if self.is_exactly(from, "esac") {
            self.at = from;
            self.token_of(4, Class::Keyword);
            self.pop();
        } else {
            self.begin_command();
        }
    }
}
