//! The door to `bash` and `gofmt`: text in, their objections out. Nothing is run but these
//! two, and they run nothing; where they are missing or too slow, nothing is found.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program may take.
const LIMIT: Duration = Duration::from_secs(20);

/// What bash objects to in a script: the line, from 0, and the reason.
pub(super) fn bash(script: &str) -> Option<(usize, String)> {
    let mut command = Command::new("bash");
    command.args(["--norc", "--noprofile", "-n", "-s"]);
    let (success, said) = run(command, script)?;
    if success {
        return None;
    }
    // bash: line 3: syntax error near unexpected token `)'
    let line = said.lines().find(|line| line.contains(": line "))?;
    let (number, message) = line.split_once(": line ")?.1.split_once(": ")?;
    let message = message.trim_start_matches("syntax error: ").to_owned();
    Some((number.parse::<usize>().ok()?.saturating_sub(1), message))
}

/// What gofmt objects to in files, by name: line and column from 0, and the reason; the
/// first objection of each.
pub(super) fn gofmt(
    files: &BTreeMap<String, String>,
) -> BTreeMap<String, (usize, usize, String)> {
    let Ok(folder) = tempfile::tempdir() else { return BTreeMap::new() };
    let written = files.iter().all(|(name, text)| write(folder.path(), name, text));
    let mut command = Command::new("gofmt");
    command.args(["-e", "-l", "."]).current_dir(folder.path());
    let Some((_, said)) = run(command, "").filter(|_| written) else { return BTreeMap::new() };
    let mut first = BTreeMap::new();
    for line in said.lines() {
        if let Some((name, objection)) = objection(line) {
            first.entry(name).or_insert(objection);
        }
    }
    first
}

#[expect(
    clippy::disallowed_methods,
    reason = "gofmt reads several files at once from disk only"
)]
fn write(folder: &Path, name: &str, text: &str) -> bool {
    std::fs::write(folder.join(name), text).is_ok()
}

/// Reads `name.go:3:14: expected ';', found x`.
fn objection(line: &str) -> Option<(String, (usize, usize, String))> {
    let mut parts = line.splitn(4, ':');
    let name = parts.next()?.trim_start_matches("./").to_owned();
    let line = parts.next()?.parse::<usize>().ok()?;
    let column = parts.next()?.parse::<usize>().ok()?;
    let message = parts.next()?.trim().to_owned();
    Some((name, (line.saturating_sub(1), column.saturating_sub(1), message)))
}

/// Runs a program with this input and an empty environment but for `PATH`; whether it was
/// content, and what it said on standard error.
fn run(mut command: Command, input: &str) -> Option<(bool, String)> {
    command
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    let mut stdin = child.stdin.take()?;
    let mut stderr = child.stderr.take()?;
    let input = input.to_owned();
    // A program that objects early does not read on; that is no error of ours.
    let writer = thread::spawn(move || stdin.write_all(input.as_bytes()));
    let reader = thread::spawn(move || {
        let mut said = Vec::new();
        stderr.read_to_end(&mut said).map(|_| said)
    });
    let success = wait(&mut child)?;
    let _ = writer.join();
    let said = reader.join().ok()?.ok()?;
    Some((success, String::from_utf8_lossy(&said).into_owned()))
}

/// Waits for the end; kills what takes too long.
fn wait(child: &mut Child) -> Option<bool> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().ok()? {
            return Some(status.success());
        }
        if start.elapsed() > LIMIT {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        thread::sleep(Duration::from_millis(1));
    }
}
