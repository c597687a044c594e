//! Stage 6, emit: writes the files of a site that differ from what is there, and removes
//! those that a former build wrote and this one does not. Knows nothing of notes.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use rayon::prelude::*;

use crate::source::{self, Attachment};

mod manifest;

pub use manifest::Manifest;

/// A file to be written.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path in the output folder.
    pub path: String,
    /// What it holds.
    pub content: Content,
}

/// What a file holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// What this file holds.
    Copy(PathBuf),
}

/// What was done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Emitted {
    /// Files written because they differ.
    pub written: usize,
    /// Files of a former build that were removed.
    pub removed: usize,
}

/// Brings an output folder to hold exactly these files, beside what others put there.
/// Everything is checked and read before the first file is touched; files that exist are
/// replaced by renaming, so that each is whole at any time.
/// The `seal` stands for all that the files were made of.
pub fn emit(output: &Path, files: &[File], seal: Option<String>) -> Result<Emitted> {
    check(output, files)?;
    create_folders(output, files)?;
    let former = Manifest::read(output);
    let written: Vec<(bool, Option<String>)> =
        files.par_iter().map(|file| write(output, file)).collect::<Result<_>>()?;
    let count = written.iter().filter(|(written, _)| *written).count();
    let hashes = written.into_iter().map(|(_, hash)| hash);
    let paths = files.iter().map(|file| file.path.clone());
    let now = Manifest { seal, files: paths.zip(hashes).collect() };
    let removed = remove_former(output, &former, &now)?;
    write_bytes(&output.join(manifest::NAME), now.print().as_bytes())?;
    Ok(Emitted { written: count, removed })
}

/// Brings only some files up to date, in an output folder that holds all others.
pub fn emit_some(output: &Path, files: &[File]) -> Result<Emitted> {
    check(output, files)?;
    create_folders(output, files)?;
    let written: Vec<(bool, Option<String>)> =
        files.par_iter().map(|file| write(output, file)).collect::<Result<_>>()?;
    Ok(Emitted { written: written.iter().filter(|(written, _)| *written).count(), removed: 0 })
}

fn create_folders(output: &Path, files: &[File]) -> Result<()> {
    let mut folders = BTreeSet::new();
    for file in files {
        let mut folder = crate::path::parent(&file.path);
        while folders.insert(folder) && !folder.is_empty() {
            folder = crate::path::parent(folder);
        }
    }
    for folder in folders {
        let path = if folder.is_empty() { output.to_owned() } else { output.join(folder) };
        // A link in the output could lead a write anywhere.
        if !folder.is_empty() && path.is_symlink() {
            bail!("{} is a symbolic link; zhi writes into folders only", path.display());
        }
        fs::create_dir_all(&path)
            .with_context(|| format!("cannot create {}", path.display()))?;
    }
    Ok(())
}

/// Finds what would keep a file from being written, before any other is.
fn check(output: &Path, files: &[File]) -> Result<()> {
    files.par_iter().try_for_each(|file| {
        let path = output.join(&file.path);
        if path.is_dir() && !path.is_symlink() {
            bail!("{} is a folder, but a page wants this name", path.display());
        }
        match &file.content {
            Content::Bytes(_) => Ok(()),
            Content::Copy(from) => source::attachment(from).map(drop),
        }
    })
}

/// Writes a file if it differs; says whether it did, and the hash of what was made.
fn write(output: &Path, file: &File) -> Result<(bool, Option<String>)> {
    let path = output.join(&file.path);
    Ok(match &file.content {
        Content::Bytes(bytes) => (write_bytes(&path, bytes)?, Some(manifest::hash(bytes))),
        Content::Copy(from) => match source::attachment(from)? {
            Attachment::Bytes(bytes) => (write_bytes(&path, &bytes)?, None),
            Attachment::File(file, length) => (copy(&path, file, length)?, None),
        },
    })
}

fn write_bytes(path: &Path, bytes: &[u8]) -> Result<bool> {
    let there = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file);
    if there.is_some_and(|meta| meta.len() == bytes.len() as u64)
        && source::read(path).is_ok_and(|there| there == bytes)
    {
        return Ok(false);
    }
    replace(path, |file| file.write_all(bytes)).map(|()| true)
}

/// Copies piece by piece: a film need not fit into memory.
fn copy(path: &Path, mut from: fs::File, length: u64) -> Result<bool> {
    let there = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file);
    if there.is_some_and(|meta| meta.len() == length)
        && same(&mut from, &mut fs::File::open(path)?).unwrap_or(false)
    {
        return Ok(false);
    }
    from.rewind().with_context(|| format!("cannot read what becomes {}", path.display()))?;
    replace(path, |file| io::copy(&mut from, file).map(drop)).map(|()| true)
}

fn same(left: &mut fs::File, right: &mut fs::File) -> io::Result<bool> {
    let (mut a, mut b) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let read = left.read(&mut a)?;
        if read == 0 {
            return Ok(true);
        }
        right.read_exact(&mut b[..read])?;
        if a[..read] != b[..read] {
            return Ok(false);
        }
    }
}

/// Puts a file in place whole. What is written first is a new file: a link that lies under
/// its name could lead anywhere, so it is removed and not followed.
fn replace(path: &Path, fill: impl FnOnce(&mut fs::File) -> io::Result<()>) -> Result<()> {
    let context = || format!("cannot write {}", path.display());
    let create = |path: &Path| fs::File::create_new(path);
    if let Ok(mut file) = create(path) {
        let filled = fill(&mut file);
        if filled.is_err() {
            let _ = fs::remove_file(path);
        }
        return filled.with_context(context);
    }
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    let staged = path.with_file_name(format!(".zhi-{}", &blake3::hash(name).to_hex()[..16]));
    let _ = fs::remove_file(&staged);
    let mut file = create(&staged).with_context(context)?;
    fill(&mut file).with_context(context)?;
    drop(file);
    fs::rename(&staged, path).with_context(|| format!("cannot replace {}", path.display()))
}

fn remove_former(output: &Path, former: &Manifest, now: &Manifest) -> Result<usize> {
    let mut removed = 0;
    for name in former.files.keys().filter(|name| !now.files.contains_key(*name)) {
        // The list lies in a folder that others may write to: nothing above it is touched.
        if crate::path::join("", name).as_deref() != Some(name)
            || leads_through_link(output, name)
        {
            continue;
        }
        let path = output.join(name);
        if path.is_file() {
            fs::remove_file(&path)
                .with_context(|| format!("cannot remove {}", path.display()))?;
            removed += 1;
            remove_empty_folders(output, name);
        }
    }
    Ok(removed)
}

fn leads_through_link(output: &Path, name: &str) -> bool {
    let mut folder = crate::path::parent(name);
    while !folder.is_empty() {
        if output.join(folder).is_symlink() {
            return true;
        }
        folder = crate::path::parent(folder);
    }
    false
}

fn remove_empty_folders(output: &Path, name: &str) {
    let mut folder = crate::path::parent(name);
    // Removing fails where something is left, which is what ends the loop.
    while !folder.is_empty() && fs::remove_dir(output.join(folder)).is_ok() {
        folder = crate::path::parent(folder);
    }
}
