//! The command line: arguments, commands, exit codes.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand};

use crate::diagnostic::print::Format;
use crate::diagnostic::{Diagnostic, print};
use crate::relocate::{Edit, applied};
use crate::source;
use crate::workspace::{Failure, Options};

mod build;
mod check;
mod index;
mod init;
mod mv;
mod new;
mod schema;
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
    /// Make a site that builds at once: settings, first notes, a workflow that publishes.
    ///
    /// In a folder of notes only what is missing is made; no file is ever changed.
    Init(init::Init),
    /// Make a note.
    ///
    /// Prints its path, so that `$EDITOR "$(zhi new 服务网格)"` opens it. A title with `/`
    /// goes into that folder; a note that exists is never touched.
    New(new::New),
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
    /// Print the JSON Schema of the settings or of front matter, for editors.
    ///
    /// For example: zhi schema > .zhi.schema.json, and as the first line of zhi.yaml
    /// `# yaml-language-server: $schema=.zhi.schema.json`
    Schema(schema::Schema),
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
        Command::Init(init) => init::run(&init),
        Command::New(new) => new::run(&new),
        Command::Mv(mv) => mv::run(&mv),
        Command::Schema(schema) => Ok(schema::run(&schema)),
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
    let root = source::open(&command.dir)?;
    let text = serde_yaml::to_string(&root.config).map_err(anyhow::Error::from)?;
    say(&text);
    Ok(ExitCode::SUCCESS)
}

/// Replaces parts of a file; every other byte stays as it is. The new file takes the place
/// of the old one when it is whole, so that a full disk costs no note.
fn edit_file(file: &Path, edits: &[Edit]) -> Result<()> {
    let bytes = source::read(file)?;
    let mark: &[u8] = if bytes.starts_with(b"\xef\xbb\xbf") { b"\xef\xbb\xbf" } else { b"" };
    let Ok(text) = std::str::from_utf8(&bytes[mark.len()..]) else {
        bail!("{} is not UTF-8; it stays as it is", file.display());
    };
    let new = [mark, applied(text, edits).as_bytes()].concat();
    replace(file, &new).with_context(|| format!("cannot write {}", file.display()))
}

fn replace(file: &Path, bytes: &[u8]) -> Result<()> {
    let file = file.canonicalize()?;
    let mut staged = tempfile::Builder::new()
        .prefix(".zhi-")
        .tempfile_in(file.parent().unwrap_or(Path::new(".")))?;
    staged.write_all(bytes)?;
    staged.as_file().set_permissions(fs::metadata(&file)?.permissions())?;
    staged.persist(file)?;
    Ok(())
}

/// Writes to standard output; a reader that has gone away ends it quietly.
fn say(text: &str) {
    let _ = anstream::stdout().write_all(text.as_bytes());
}

/// Writes data for programs to standard output, byte for byte.
fn put(data: &[u8]) {
    let _ = std::io::stdout().write_all(data);
}

/// Writes to standard error.
fn tell(text: &str) {
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// The day by [`now`].
fn today() -> String {
    now().date().to_string()
}

/// The time by the clock and time zone of this machine, or the time in UTC that
/// `SOURCE_DATE_EPOCH` sets (<https://reproducible-builds.org/specs/source-date-epoch/>).
fn now() -> jiff::civil::DateTime {
    let set = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    let set = set.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    let zoned = set.map(|time| time.to_zoned(jiff::tz::TimeZone::UTC));
    zoned.unwrap_or_else(jiff::Zoned::now).datetime()
}

/// A path relative to the folder of notes; what lies outside is refused. The file itself
/// need not exist.
fn inside(content: &Path, file: &Path) -> Result<String> {
    let home = content.canonicalize()?;
    let absolute = std::path::absolute(file)?;
    let mut existing = absolute.as_path();
    let mut rest = Vec::new();
    while !existing.exists() {
        let (Some(parent), Some(name)) = (existing.parent(), existing.file_name()) else {
            break;
        };
        rest.push(name.to_os_string());
        existing = parent;
    }
    let mut full = existing.canonicalize()?;
    full.extend(rest.into_iter().rev());
    let relative = full
        .strip_prefix(&home)
        .with_context(|| format!("{} lies outside of the folder of notes", file.display()))?;
    let parts: Option<Vec<&str>> = relative.iter().map(|part| part.to_str()).collect();
    let parts = parts.with_context(|| format!("{} is not UTF-8", file.display()))?;
    if parts.contains(&"..") {
        bail!("{} lies outside of the folder of notes", file.display());
    }
    Ok(parts.join("/"))
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

/// Makes a new file and the folders it lies in; one that exists is an error.
fn create(file: &Path, text: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    let made = fs::OpenOptions::new().write(true).create_new(true).open(file);
    let mut made = made.with_context(|| format!("cannot create {}", file.display()))?;
    made.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", file.display()))
}

/// Whether a folder of this name holds an author's templates of notes.
fn is_template_folder(name: &str) -> bool {
    matches!(name.to_lowercase().as_str(), "templates" | "_templates" | "模板")
}
