//! The command line: arguments, commands, exit codes.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::diagnostic::print::Format;
use crate::diagnostic::{Diagnostic, print};
use crate::workspace::{Failure, Options};

mod build;
mod check;
mod index;
mod mv;
mod serve;

/// 知 turns a folder of Markdown notes into a linked, searchable site.
///
/// Start with `zhi serve` in a folder of notes: no configuration is needed. A folder is a
/// site if it holds `zhi.yaml` or a `notes` folder; any other folder is taken as the
/// notes themselves.
#[derive(Debug, Parser)]
#[command(name = "zhi", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the site.
    ///
    /// Broken links and other findings are printed and do not stop the build. A note whose
    /// front matter cannot be read does: a draft mark may be lost in it, and the former
    /// site stays as it was.
    Build(build::Build),
    /// Say what is wrong with the notes, without writing anything.
    ///
    /// Exits with 0 when nothing is wrong, 1 when there are errors, 2 when it could not run.
    Check(check::Check),
    /// Show the site in a browser while you write.
    Serve(serve::Serve),
    /// Move a note or folder, and rewrite every link to it and in it.
    ///
    /// Links keep their form and their text; nothing else in any note changes.
    Mv(mv::Mv),
    /// Print the sections of all notes as records for an existing search engine.
    ///
    /// For sites that outgrow the index in the browser; one JSON record a line.
    Index(index::Index),
    /// Print the settings with their defaults.
    Config(ConfigCommand),
    /// Print a script that completes commands in a shell.
    ///
    /// For example: zhi completions bash > ~/.local/share/bash-completion/completions/zhi
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, clap::Args)]
struct ConfigCommand {
    /// The site or folder of notes.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Print all settings as they are in force.
    #[arg(long)]
    show: bool,
}

/// What `build`, `check` and `serve` have in common.
#[derive(Clone, Debug, clap::Args)]
struct Common {
    /// The site or folder of notes.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Where the site will be published, such as <https://user.github.io/repo/>. Only
    /// feeds, sitemap, canonical addresses, the 404 page and cards need it.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Include notes marked as drafts.
    #[arg(long)]
    drafts: bool,
}

impl Common {
    fn options(&self, output: Option<PathBuf>) -> Options {
        Options { drafts: self.drafts, base_url: self.base_url.clone(), output }
    }
}

/// Runs the program: reads the arguments, runs the command, says how it ended.
pub fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Build(build) => build::run(&build),
        Command::Check(check) => check::run(&check),
        Command::Serve(serve) => serve::run(&serve),
        Command::Index(index) => index::run(&index),
        Command::Mv(mv) => mv::run(&mv),
        Command::Config(config) => show_config(&config),
        Command::Completions { shell } => Ok(completions(shell)),
    };
    result.unwrap_or_else(|failure| {
        report_failure(&failure, Format::Human);
        ExitCode::from(2)
    })
}

fn completions(shell: clap_complete::Shell) -> ExitCode {
    let mut command = <Arguments as clap::CommandFactory>::command();
    clap_complete::generate(shell, &mut command, "zhi", &mut std::io::stdout());
    ExitCode::SUCCESS
}

fn show_config(command: &ConfigCommand) -> Result<ExitCode, Failure> {
    let root = crate::source::open(&command.dir)?;
    let text = serde_yaml::to_string(&root.config).map_err(anyhow::Error::from)?;
    say(&text);
    Ok(ExitCode::SUCCESS)
}

/// Writes to standard output; a reader that has gone away ends it quietly.
fn say(text: &str) {
    use std::io::Write as _;
    let _ = anstream::stdout().write_all(text.as_bytes());
}

/// Writes data for programs to standard output, byte for byte.
fn put(data: &[u8]) {
    use std::io::Write as _;
    let _ = std::io::stdout().write_all(data);
}

/// Writes to standard error.
fn tell(text: &str) {
    use std::io::Write as _;
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// The day by the clock and time zone of this machine.
fn today() -> String {
    jiff::Zoned::now().date().to_string()
}

fn report_failure(failure: &Failure, format: Format) {
    match failure {
        Failure::Environment(error) => tell(&format!("error: {error:#}\n")),
        Failure::Content(finding, text) => {
            let findings: [Diagnostic; 1] = [(**finding).clone()];
            tell(&print::print(&findings, &|_| Some(text.as_str()), format));
        }
    }
}
