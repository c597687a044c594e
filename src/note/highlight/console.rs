//! Terminal transcripts: the prompt has its own class, the command is bash with
//! all the lines it goes on for, the output is plain.

use super::Class;

/// A command with its prompts cut away, and where its bytes stood.
#[derive(Default)]
struct Command {
    text: String,
    /// Where each line of the text begins, in the text and in the transcript.
    lines: Vec<(usize, usize)>,
    /// The word that will end the heredoc which the command is in.
    heredoc: Option<String>,
}

/// Whether code that was announced as bash is a transcript: its first line that
/// is not empty begins with `$` and a blank.
pub(super) fn is_transcript(code: &str) -> bool {
    code.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| {
        let line = line.trim_start();
        line.starts_with("$ ")
    })
}

/// Paints the prompts and commands of a transcript.
pub(super) fn colour(code: &str, paint: &mut [Class]) {
    let mut open: Option<Command> = None;
    let mut start = 0;
    for line in code.split_inclusive('\n') {
        let prompt = prompt(line);
        open = match open {
            // A new prompt ends what looked as if it went on.
            Some(mut command) if prompt == 0 => {
                let skip = continuation(line, &command);
                paint[start..start + skip].fill(Class::Prompt);
                command.push(&line[skip..], start + skip);
                Some(command)
            }
            rest => {
                finish(rest, paint);
                paint[start..start + prompt].fill(Class::Prompt);
                (prompt > 0).then(|| Command::new(&line[prompt..], start + prompt))
            }
        };
        if !open.as_ref().is_some_and(Command::goes_on) {
            finish(open.take(), paint);
        }
        start += line.len();
    }
    finish(open, paint);
}

fn finish(command: Option<Command>, paint: &mut [Class]) {
    let Some(command) = command else { return };
    let mut colours = vec![Class::Plain; command.text.len()];
    super::bash(&command.text, &mut colours);
    for (index, &(from, to)) in command.lines.iter().enumerate() {
        let end = command.lines.get(index + 1).map_or(command.text.len(), |next| next.0);
        paint[to..to + end - from].copy_from_slice(&colours[from..end]);
    }
}

impl Command {
    fn new(line: &str, at: usize) -> Command {
        let mut command = Command::default();
        command.push(line, at);
        command
    }

    fn push(&mut self, line: &str, at: usize) {
        self.lines.push((self.text.len(), at));
        self.text.push_str(line);
        match &self.heredoc {
            Some(word) if line.trim() == word => self.heredoc = None,
            Some(_) => {}
            None => self.heredoc = heredoc_word(line),
        }
    }

    /// Whether the next line belongs to the command, too.
    fn goes_on(&self) -> bool {
        self.heredoc.is_some()
            || self.text.trim_end_matches(['\n', '\r']).ends_with('\\')
            || in_quotes(&self.text)
    }
}

/// The word that ends the heredoc which the line opens, if it opens one.
fn heredoc_word(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("<<")?;
    let rest = rest.strip_prefix('-').unwrap_or(rest).trim_start();
    let rest = rest.trim_start_matches(['\'', '"', '\\']);
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let word = rest.split(|letter| !is_word(letter)).next()?;
    (!word.is_empty()).then(|| word.to_owned())
}

fn in_quotes(text: &str) -> bool {
    let mut quote = None;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match (quote, byte) {
            (Some(b'"') | None, b'\\') => {
                bytes.next();
            }
            (None, b'\'' | b'"') => quote = Some(byte),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    quote.is_some()
}

/// The length of a secondary prompt, `> `, before a line that continues a command.
/// The lines of a heredoc are shown without one when they were pasted.
fn continuation(line: &str, command: &Command) -> usize {
    if command.heredoc.is_some() || !line.starts_with("> ") { 0 } else { 2 }
}

/// The length of the prompt that a line begins with, its blanks included; 0 if
/// it begins with none.
fn prompt(line: &str) -> usize {
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    let text = &line[indent..];
    let length = powershell(text).or_else(|| shell(text)).unwrap_or(0);
    if length == 0 { 0 } else { indent + length }
}

/// `PS> ` and `PS C:\src> `.
fn powershell(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("PS")?;
    let end = rest.find('>')?;
    let is_path = end == 0 || rest.starts_with(' ');
    (is_path && rest[end + 1..].starts_with(' ')).then_some(2 + end + 2)
}

/// `$ `, `# `, `bash-5.2# `, `/ # `, `user@host:~/src$ ` and `[user@host src]# `.
fn shell(text: &str) -> Option<usize> {
    let sign = text.find(['$', '#', '%'])?;
    let after = &text[sign + 1..];
    if !after.starts_with(' ') || (text.as_bytes()[sign] == b'%' && sign == 0) {
        return None;
    }
    is_shell_name(&text[..sign]).then_some(sign + 2)
}

fn is_shell_name(name: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || "@:~/._-[]() ".contains(letter);
    let is_path = name.starts_with('/') && name.ends_with(' ') && !name.trim().contains(' ');
    let is_host = name.contains('@') && name.split(' ').count() <= 3;
    let is_version = name.starts_with("bash-") || name.starts_with("sh-");
    name.is_empty() || name.chars().all(is_part) && (is_path || is_host || is_version)
}
