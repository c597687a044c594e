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
/// Everything is checked and all that is new is on the disk before the first file is
/// touched; then each takes its place by renaming, so that it is whole at any time and a full
/// disk leaves the former site as it was.
/// The `seal` stands for all that the files were made of.
pub fn emit(output: &Path, files: &[File], seal: Option<String>) -> Result<Emitted> {
    check(output, files)?;
    create_folders(output, files)?;
    let former = Manifest::read(output);
    let (count, hashes) = write_all(output, files)?;
    let paths = files.iter().map(|file| file.path.clone());
    let now = Manifest { seal, files: paths.zip(hashes).collect() };
    let removed = remove_former(output, &former, &now)?;
    if let Some(list) = stage_bytes(&output.join(manifest::NAME), now.print().as_bytes())? {
        list.put()?;
    }
    Ok(Emitted { written: count, removed })
}

/// Brings only some files up to date, in an output folder that holds all others.
pub fn emit_some(output: &Path, files: &[File]) -> Result<Emitted> {
    check(output, files)?;
    create_folders(output, files)?;
    let (written, _) = write_all(output, files)?;
    Ok(Emitted { written, removed: 0 })
}

/// Writes the files that differ; says how many, and the hash of each that was made.
fn write_all(output: &Path, files: &[File]) -> Result<(usize, Vec<Option<String>>)> {
    // Collected before the first problem is looked at: what was staged goes with its owner.
    let staged: Vec<Result<_>> = files.par_iter().map(|file| stage(output, file)).collect();
    let (staged, hashes): (Vec<Option<Staged>>, Vec<_>) =
        staged.into_iter().collect::<Result<Vec<_>>>()?.into_iter().unzip();
    let count = staged.iter().flatten().count();
    staged.into_par_iter().flatten().try_for_each(Staged::put)?;
    Ok((count, hashes))
}

/// A file that lies beside its place, and is removed unless it is put there.
struct Staged {
    beside: PathBuf,
    path: PathBuf,
}

impl Staged {
    fn put(mut self) -> Result<()> {
        let beside = std::mem::take(&mut self.beside);
        fs::rename(beside, &self.path)
            .with_context(|| format!("cannot replace {}", self.path.display()))
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.beside.as_os_str().is_empty() {
            let _ = fs::remove_file(&self.beside);
        }
    }
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

/// What takes a file's place, if it differs, and the hash of what was made.
fn stage(output: &Path, file: &File) -> Result<(Option<Staged>, Option<String>)> {
    let path = output.join(&file.path);
    Ok(match &file.content {
        Content::Bytes(bytes) => (stage_bytes(&path, bytes)?, Some(manifest::hash(bytes))),
        Content::Copy(from) => match source::attachment(from)? {
            Attachment::Bytes(bytes) => (stage_bytes(&path, &bytes)?, None),
            Attachment::File(file, length) => (stage_copy(&path, file, length)?, None),
        },
    })
}

fn stage_bytes(path: &Path, bytes: &[u8]) -> Result<Option<Staged>> {
    let there = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file);
    if there.is_some_and(|meta| meta.len() == bytes.len() as u64)
        && source::read(path).is_ok_and(|there| there == bytes)
    {
        return Ok(None);
    }
    fill(path, |file| file.write_all(bytes)).map(Some)
}

/// Copies piece by piece: a film need not fit into memory.
fn stage_copy(path: &Path, mut from: fs::File, length: u64) -> Result<Option<Staged>> {
    let there = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file);
    if there.is_some_and(|meta| meta.len() == length)
        && same(&mut from, &mut fs::File::open(path)?).unwrap_or(false)
    {
        return Ok(None);
    }
    from.rewind().with_context(|| format!("cannot read what becomes {}", path.display()))?;
    fill(path, |file| io::copy(&mut from, file).map(drop)).map(Some)
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

/// Fills a new file beside the one whose place it takes. What lies under its name may be a
/// link that leads anywhere, so it is removed and not followed.
fn fill(path: &Path, fill: impl FnOnce(&mut fs::File) -> io::Result<()>) -> Result<Staged> {
    let context = || format!("cannot write {}", path.display());
    let beside = beside(path);
    let _ = fs::remove_file(&beside);
    let mut file = fs::File::create_new(&beside).with_context(context)?;
    let staged = Staged { beside, path: path.to_owned() };
    fill(&mut file).with_context(context)?;
    Ok(staged)
}

fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    path.with_file_name(format!(".zhi-{}", &blake3::hash(name).to_hex()[..16]))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_leaves_the_former_site_whole() {
        let dir = tempfile::tempdir().expect("a folder for the site");
        let page = |path: &str, text: &str| File {
            path: path.to_owned(),
            content: Content::Bytes(text.into()),
        };
        let former = [page("a.html", "old"), page("gone.html", "old")];
        emit(dir.path(), &former, None).expect("a first build");
        // A folder where the new text is to lie is as good as a full disk.
        fs::create_dir(beside(&dir.path().join("b.html"))).expect("a folder in the way");
        let now = [page("a.html", "new"), page("b.html", "new"), page("c.html", "new")];
        let problem = emit(dir.path(), &now, None).expect_err("one file has no room");
        assert!(problem.to_string().contains("b.html"), "{problem}");
        let read = |name: &str| source::read(&dir.path().join(name)).ok();
        let [a, gone, c] = ["a.html", "gone.html", "c.html"].map(read);
        assert_eq!(
            [a.as_deref(), gone.as_deref(), c.as_deref()],
            [Some(&b"old"[..]), Some(b"old"), None]
        );
        let left = fs::read_dir(dir.path()).expect("the folder").count();
        assert_eq!(left, 4, "two pages, the list, and the folder in the way");
    }
}
