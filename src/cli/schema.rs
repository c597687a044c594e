//! `zhi schema`: what may stand in the settings and in front matter, for editors.

use std::process::ExitCode;

use super::put;
use crate::schema;

/// The arguments of `zhi schema`.
#[derive(Debug, clap::Args)]
pub(super) struct Schema {
    /// Of what.
    #[arg(value_enum, default_value = "config")]
    of: Of,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Of {
    /// The settings: zhi.yaml.
    Config,
    /// The front matter of a note.
    Note,
}

/// Runs the command.
pub(super) fn run(command: &Schema) -> ExitCode {
    let schema = match command.of {
        Of::Config => schema::config(),
        Of::Note => schema::note(),
    };
    put(format!("{schema:#}\n").as_bytes());
    ExitCode::SUCCESS
}
