//! The program as it was built for the tests, and how a run of it ended.

use std::process::Command;

/// How a run ended and what it printed.
pub(crate) struct Run {
    /// The exit code.
    pub(crate) code: i32,
    /// What it printed for programs.
    pub(crate) stdout: String,
    /// What it printed for people.
    pub(crate) stderr: String,
}

/// The program, without colours whatever the terminal.
pub(crate) fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_zhi"));
    program.env_remove("CLICOLOR_FORCE").env("NO_COLOR", "1");
    program
}

/// Waits for its end.
pub(crate) fn run(program: &mut Command) -> Run {
    let output = program.output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}
