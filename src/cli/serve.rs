//! `zhi serve`: the site from memory on loopback.

use std::net::IpAddr;
use std::process::{Command, ExitCode, Stdio};

use super::{Common, tell};
use crate::serve::{self, Settings};
use crate::workspace::Failure;

/// The arguments of `zhi serve`.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    #[command(flatten)]
    common: Common,
    /// The port to listen on, or 0 for any free one [default: 8000, or the next free one].
    #[arg(long)]
    port: Option<u16>,
    /// Let other machines read the site: listen on this address, or on all without one.
    /// The notes are open to the whole network then.
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "0.0.0.0")]
    host: Option<IpAddr>,
    /// Open the site in a browser.
    #[arg(long)]
    open: bool,
    /// The editor that findings in the page open: vscode, vscodium, cursor, zed, idea,
    /// sublime, textmate, emacs, or an address with {file}, {line} and {column}.
    #[arg(long, value_name = "NAME", default_value = "vscode")]
    editor: String,
}

/// Editors that can be opened at a line by an address.
const EDITORS: &[(&str, &str)] = &[
    ("vscode", "vscode://file{file}:{line}:{column}"),
    ("vscodium", "vscodium://file{file}:{line}:{column}"),
    ("cursor", "cursor://file{file}:{line}:{column}"),
    ("zed", "zed://file{file}:{line}:{column}"),
    ("idea", "idea://open?file={file}&line={line}&column={column}"),
    ("sublime", "subl://open?url=file://{file}&line={line}&column={column}"),
    ("textmate", "txmt://open?url=file://{file}&line={line}&column={column}"),
    ("emacs", "org-protocol://open-file?url=file://{file}&line={line}&column={column}"),
];

/// Runs the command until it is interrupted.
pub(super) fn run(serve: &Serve) -> Result<ExitCode, Failure> {
    let server = serve::open(Settings {
        dir: serve.common.dir.clone(),
        options: serve.common.options(None),
        port: serve.port,
        address: serve.host,
        today: super::today,
        editor: editor(&serve.editor)?,
    })?;
    let url = server.url();
    tell(&format!("{url}\n"));
    if serve.host.is_some_and(|host| !host.is_loopback()) {
        tell("other machines can read this site; leave --host off to keep it to yourself\n");
    }
    if serve.open {
        open_browser(&url);
    }
    serve::run(server, &tell)?;
    Ok(ExitCode::SUCCESS)
}

fn editor(name: &str) -> anyhow::Result<String> {
    let known = EDITORS.iter().find(|(known, _)| *known == name);
    match known {
        Some((_, address)) => Ok((*address).to_owned()),
        None if name.contains("{file}") && !name.starts_with("javascript:") => {
            Ok(name.to_owned())
        }
        None => {
            let names: Vec<&str> = EDITORS.iter().map(|(name, _)| *name).collect();
            anyhow::bail!(
                "--editor takes one of {}, or an address with {{file}}",
                names.join(", ")
            )
        }
    }
}

fn open_browser(url: &str) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(target_os = "windows") {
        "explorer"
    } else {
        "xdg-open"
    };
    let mut command = Command::new(program);
    command.arg(url);
    let started =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if started.is_err() {
        tell(&format!("no browser could be opened ({program}); go to the address above\n"));
    }
}
