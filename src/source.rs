//! Stage 1, discover: reads a site's configuration and finds its notes and attachments.
//! The door through which content is read; knows nothing of Markdown.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rayon::prelude::*;
use walkdir::WalkDir;

use crate::config::{self, Config};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::{self, SitePath};

mod image;
mod svg;

/// A note longer than this is reported instead of read: it is no text that a person wrote.
pub const MAX_NOTE_BYTES: u64 = 8 << 20;

/// Longer settings were not written by anyone, and reading them takes memory many times
/// their length.
const MAX_CONFIG_BYTES: u64 = 1 << 20;

/// How deep folders may nest; nobody writes deeper, and paths have an end.
const MAX_DEPTH: usize = 64;

/// Folders that hold no content whatever they hold.
const SKIPPED: &[&str] =
    &[".git", ".obsidian", ".trash", ".github", ".hg", ".svn", ".jj", "node_modules"];

/// Where a site lies and how it is set up.
#[derive(Clone, Debug)]
pub struct Root {
    /// The folder that was named on the command line.
    pub dir: PathBuf,
    /// The folder of notes relative to `dir`: empty, or ending with `/`.
    pub prefix: SitePath,
    /// Whether `dir` is a site (a configuration or a folder of notes) or just notes.
    pub is_site: bool,
    /// Its settings.
    pub config: Config,
    /// The folder's own name, for sites without a title.
    pub name: String,
    /// The text of `zhi.yaml`, for findings in it.
    pub config_text: String,
}

/// Why a site cannot be opened.
#[derive(Debug)]
pub enum OpenError {
    /// The environment's fault: no such folder, no permission.
    Environment(anyhow::Error),
    /// The configuration has a mistake; the text is that of `zhi.yaml`.
    Config(Box<Diagnostic>, String),
}

impl From<anyhow::Error> for OpenError {
    fn from(error: anyhow::Error) -> Self {
        OpenError::Environment(error)
    }
}

/// Everything that was found below the folder of notes.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The notes, by path.
    pub notes: Vec<SourceFile>,
    /// Lists that give an order (`SUMMARY.md`); not published.
    pub summaries: Vec<SourceFile>,
    /// All other files, by path relative to the folder of notes.
    pub assets: BTreeMap<SitePath, Asset>,
    /// What was wrong with files or names.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether there are symbolic links, by which a file has several places.
    pub has_links: bool,
}

/// One text file as read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path relative to the folder of notes.
    pub path: SitePath,
    /// Its text: valid UTF-8, without a byte order mark and without NUL.
    pub text: Arc<str>,
    /// What was wrong with its bytes.
    pub diagnostics: Vec<Diagnostic>,
}

/// A file that notes may link to or embed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asset {
    /// Width and height of an image in pixels.
    pub size: Option<(u32, u32)>,
    /// Whether it could run scripts, were it published as it is.
    pub is_active: bool,
}

/// Opens the site or the folder of notes at `dir`.
pub fn open(dir: &Path) -> Result<Root, OpenError> {
    let found = dir.canonicalize().with_context(|| format!("cannot open {}", dir.display()))?;
    if !found.is_dir() {
        return Err(anyhow::anyhow!("{} is not a folder", dir.display()).into());
    }
    for name in [config::FILE, "templates", "static"] {
        refuse_outside(&found, &dir.join(name))?;
    }
    let config_text = read_config(dir)?;
    let config = match &config_text {
        Some(text) => Config::parse(text)
            .map_err(|finding| OpenError::Config(Box::new(finding), text.clone()))?,
        None => Config::default(),
    };
    let (prefix, is_site) = folder_of_notes(dir, &config, config_text.is_some())?;
    let name = found.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
    let config_text = config_text.unwrap_or_default();
    Ok(Root { dir: dir.to_owned(), prefix, is_site, config, name, config_text })
}

/// A folder from elsewhere must not bring in files that do not belong to it.
fn refuse_outside(home: &Path, file: &Path) -> Result<()> {
    match file.canonicalize() {
        Ok(found) if !found.starts_with(home) => {
            bail!("{} is a symbolic link that leads out of the site", file.display())
        }
        _ => Ok(()),
    }
}

fn read_config(dir: &Path) -> Result<Option<String>> {
    let file = dir.join(config::FILE);
    let Ok(meta) = file.metadata() else { return Ok(None) };
    if !meta.is_file() {
        bail!("{} is not a file", file.display());
    }
    if meta.len() > MAX_CONFIG_BYTES {
        bail!("{} is longer than {} MiB", file.display(), MAX_CONFIG_BYTES >> 20);
    }
    let bytes = read(&file)?;
    String::from_utf8(bytes)
        .map(Some)
        .with_context(|| format!("{} is not UTF-8", file.display()))
}

fn folder_of_notes(dir: &Path, config: &Config, configured: bool) -> Result<(SitePath, bool)> {
    if path::join("", &config.source).is_none() {
        bail!("{}: `source` leads out of the site", dir.join(config::FILE).display());
    }
    refuse_outside(&dir.canonicalize()?, &dir.join(&config.source))?;
    let exists = !config.source.is_empty() && dir.join(&config.source).is_dir();
    let is_default = config.source == Config::default().source;
    match (exists, is_default) {
        (true, _) => Ok((format!("{}/", config.source), true)),
        (false, true) => Ok((String::new(), configured)),
        (false, false) if config.source.is_empty() => Ok((String::new(), configured)),
        (false, false) => {
            bail!("the folder of notes {} does not exist", dir.join(&config.source).display())
        }
    }
}

/// Reads every note below the root and lists every attachment. `output` is left out.
pub fn discover(root: &Root, output: &Path) -> Result<Sources> {
    let sieve = sieve(root, output)?;
    let mut found = walk(root, &sieve);
    found.files.sort();
    let pieces: Vec<(SitePath, Piece)> = found
        .files
        .into_par_iter()
        .map(|path| (path.clone(), piece(&sieve.base, path)))
        .collect();
    let mut sources = Sources {
        diagnostics: found.diagnostics,
        has_links: found.has_links,
        ..Sources::default()
    };
    for (path, piece) in pieces {
        match piece {
            Piece::Note(file) => sources.notes.push(file),
            Piece::Summary(file) => sources.summaries.push(file),
            Piece::Asset(asset) => drop(sources.assets.insert(path, asset)),
            Piece::Unreadable(finding) => sources.diagnostics.push(finding),
        }
    }
    Ok(sources)
}

/// The folder of notes and all folders below it that may hold content.
pub fn folders(root: &Root, output: &Path) -> Result<Vec<PathBuf>> {
    let sieve = sieve(root, output)?;
    let mut folders = walk(root, &sieve).folders;
    folders.insert(0, sieve.base);
    Ok(folders)
}

/// What became of one path below the folder of notes.
#[derive(Clone, Debug)]
pub enum Look {
    /// There is a file.
    Here(SitePath, Piece),
    /// There is nothing of this path, or nothing that belongs to the site.
    Gone(SitePath),
    /// It is a folder or lies behind a symbolic link: only the whole folder tells.
    Unclear,
    /// It is no place in the folder of notes.
    Elsewhere,
}

/// What a file is to a site.
#[derive(Clone, Debug)]
pub enum Piece {
    /// A note.
    Note(SourceFile),
    /// A list that gives an order.
    Summary(SourceFile),
    /// A file that notes may link to.
    Asset(Asset),
    /// A note that cannot be read.
    Unreadable(Diagnostic),
}

/// Looks at single files again; finds of each what [`discover`] would.
pub fn look_again(root: &Root, output: &Path, files: &BTreeSet<PathBuf>) -> Result<Vec<Look>> {
    let sieve = sieve(root, output)?;
    Ok(files.par_iter().map(|file| look(root, &sieve, file)).collect())
}

fn look(root: &Root, sieve: &Sieve, file: &Path) -> Look {
    let bases = [&sieve.base, &sieve.home];
    let Some(base) = bases.into_iter().find(|base| file.starts_with(base)) else {
        return Look::Elsewhere;
    };
    let Some(path) = site_path(base, file).filter(|path| !path.is_empty()) else {
        return Look::Unclear;
    };
    let place = sieve.home.join(&path);
    match place.symlink_metadata() {
        Err(_) => Look::Gone(path),
        Ok(meta) if !meta.is_file() || place.canonicalize().ok().as_ref() != Some(&place) => {
            Look::Unclear
        }
        Ok(_) if is_below_left_out(root, sieve, &path) => Look::Gone(path),
        Ok(_) => match piece(&sieve.base, path.clone()) {
            Piece::Unreadable(_) if !place.exists() => Look::Gone(path),
            piece => Look::Here(path, piece),
        },
    }
}

/// Whether a file or one of the folders that it lies in is left out.
fn is_below_left_out(root: &Root, sieve: &Sieve, path: &str) -> bool {
    let mut folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    is_left_out(root, path, false, &sieve.ignored)
        || folders.any(|folder| is_left_out(root, folder, true, &sieve.ignored))
        || sieve.output.as_ref().is_some_and(|output| sieve.home.join(path).starts_with(output))
}

fn piece(base: &Path, path: SitePath) -> Piece {
    if !path::is_note(&path) {
        return Piece::Asset(asset(&base.join(&path)));
    }
    match read_note(base, path) {
        Ok(file) if path::file_name(&file.path) == "SUMMARY.md" => Piece::Summary(file),
        Ok(file) => Piece::Note(file),
        Err(finding) => Piece::Unreadable(finding),
    }
}

/// Decides which files below the folder of notes belong to the site.
struct Sieve {
    /// The folder of notes.
    base: PathBuf,
    /// The same without symbolic links.
    home: PathBuf,
    /// Where the site is written, without symbolic links.
    output: Option<PathBuf>,
    ignored: GlobSet,
}

fn sieve(root: &Root, output: &Path) -> Result<Sieve> {
    let base = content_dir(root);
    let home =
        base.canonicalize().with_context(|| format!("cannot open {}", base.display()))?;
    let ignored = ignore_set(&root.config.ignore)?;
    let output = output.canonicalize().ok().filter(|output| !is_foreign(output));
    Ok(Sieve { base, home, output, ignored })
}

/// Whether a folder holds what no build wrote, such as the `public/` of another tool: that
/// is content like any other.
pub fn is_foreign(folder: &Path) -> bool {
    let is_hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
    let mut files = folder.read_dir().into_iter().flatten().flatten();
    !folder.join(".zhi").exists() && files.any(|entry| !is_hidden(&entry.file_name()))
}

/// The folder of notes as the disk knows it.
pub fn content_dir(root: &Root) -> PathBuf {
    if root.prefix.is_empty() { root.dir.clone() } else { root.dir.join(&root.prefix) }
}

/// Reads a whole file; the error names its path.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn read(file: &Path) -> Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

/// Opens a file for sending, with its length in bytes. Refuses one that lies outside of a
/// folder, be it by a link that was put there since the folder was read.
pub fn open_inside(folder: &Path, file: &Path) -> Result<(File, u64)> {
    let found =
        file.canonicalize().with_context(|| format!("cannot open {}", file.display()))?;
    let home = folder.canonicalize()?;
    if !found.starts_with(&home) {
        bail!("{} leads out of the folder", file.display());
    }
    let opened = File::open(&found)?;
    let meta = opened.metadata()?;
    if !meta.is_file() {
        bail!("{} is not a file", file.display());
    }
    Ok((opened, meta.len()))
}

#[derive(Default)]
struct Found {
    files: Vec<SitePath>,
    folders: Vec<PathBuf>,
    diagnostics: Vec<Diagnostic>,
    has_links: bool,
}

fn walk(root: &Root, sieve: &Sieve) -> Found {
    let Sieve { base, home, output, ignored } = sieve;
    let mut seen_links = BTreeSet::new();
    let mut found = Found::default();
    let mut walk = WalkDir::new(base)
        .follow_links(true)
        .max_depth(MAX_DEPTH)
        .sort_by_file_name()
        .into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                found.diagnostics.extend(unreadable(base, &error));
                found.has_links |= error.path().is_some_and(is_link_of_site);
                continue;
            }
        };
        if entry.depth() == 0 {
            continue;
        }
        found.has_links |= entry.path_is_symlink() && is_link_of_site(entry.path());
        let is_dir = entry.file_type().is_dir();
        let Some(path) = site_path(base, entry.path()) else {
            let name = entry.path().strip_prefix(base).unwrap_or(entry.path());
            let message = "the name is not UTF-8; what lies there is left out";
            let name = name.to_string_lossy();
            found.diagnostics.push(Diagnostic::new(Code::FileName, &name, 0..0, message));
            if is_dir {
                walk.skip_current_dir();
            }
            continue;
        };
        if is_left_out(root, &path, is_dir, ignored)
            || is_dir && output.is_some() && entry.path().canonicalize().ok() == *output
        {
            if is_dir {
                walk.skip_current_dir();
            }
            continue;
        }
        if entry.path_is_symlink() && !follow(&entry, home, &path, &mut seen_links, &mut found)
        {
            if is_dir {
                walk.skip_current_dir();
            }
            continue;
        }
        if entry.file_type().is_file() {
            found.files.push(path);
        } else if is_dir {
            found.diagnostics.extend(too_deep(&entry, &path));
            found.folders.push(entry.into_path());
        } else if path::is_note(&path) {
            let message = "this is a pipe, a socket or a device, no file";
            found.diagnostics.push(Diagnostic::new(Code::Unreadable, &path, 0..0, message));
        }
    }
    found
}

/// What is said of a folder in which nothing is looked for.
fn too_deep(folder: &walkdir::DirEntry, path: &str) -> Option<Diagnostic> {
    let message =
        format!("folders nest deeper than {MAX_DEPTH} here; what lies below is not read");
    (folder.depth() == MAX_DEPTH)
        .then(|| Diagnostic::new(Code::Unreadable, path, 0..0, message))
}

fn is_link_of_site(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    !is_of_editor(&name) && file.is_symlink()
}

/// What could not be looked into. A symbolic link that leads to nothing, or round in a
/// circle, hides no content.
fn unreadable(base: &Path, error: &walkdir::Error) -> Option<Diagnostic> {
    let path = site_path(base, error.path()?).filter(|path| !path.is_empty())?;
    let reason = error.io_error().filter(|error| error.kind() != ErrorKind::NotFound)?;
    let message = format!("this cannot be read: {reason}");
    Some(Diagnostic::new(Code::Unreadable, &path, 0..0, message))
}

/// Whether a symbolic link is followed: inside the folder, and once.
fn follow(
    entry: &walkdir::DirEntry,
    home: &Path,
    path: &str,
    seen: &mut BTreeSet<PathBuf>,
    found: &mut Found,
) -> bool {
    let Ok(target) = entry.path().canonicalize() else { return false };
    if !target.starts_with(home) {
        let message = "this symbolic link leads out of the folder and is not followed";
        found.diagnostics.push(Diagnostic::new(Code::SymlinkOutside, path, 0..0, message));
        return false;
    }
    !(entry.file_type().is_dir() && home.starts_with(&target)) && seen.insert(target)
}

fn site_path(base: &Path, file: &Path) -> Option<SitePath> {
    let inside = file.strip_prefix(base).ok()?;
    let parts: Option<Vec<&str>> = inside.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

/// Notes are not looked for in dot folders, attachments are.
fn is_left_out(root: &Root, path: &str, is_dir: bool, ignored: &GlobSet) -> bool {
    let name = path::file_name(path);
    if is_dir && SKIPPED.contains(&name) || ignored.is_match(path) {
        return true;
    }
    if is_dir {
        return root.is_site
            && root.prefix.is_empty()
            && matches!(path, "templates" | "static");
    }
    name == ".DS_Store"
        || is_of_editor(name)
        || path == config::FILE
        || path::is_note(path) && path.split('/').any(|part| part.starts_with('.'))
}

/// Files that editors keep beside the one that is written: swap files, locks, backups and
/// what they write before they rename it (Vim, Emacs, Kate, gedit, `JetBrains`, Office).
fn is_of_editor(name: &str) -> bool {
    let is_hidden = name.starts_with('.');
    name.ends_with('~')
        || name.starts_with("~$")
        || name.starts_with('#') && name.ends_with('#')
        || is_hidden && name[1..].starts_with(['#', '~'])
        || is_hidden
            && [".swp", ".swo", ".swn", ".swx", ".kate-swp"]
                .iter()
                .any(|end| name.ends_with(end))
        || name.starts_with(".goutputstream-")
        || name.ends_with("___jb_tmp___")
        || name.ends_with("___jb_old___")
}

fn ignore_set(globs: &[String]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let built =
            GlobBuilder::new(glob.trim_start_matches("./")).literal_separator(true).build();
        set.add(built.with_context(|| format!("{}: `ignore: {glob}`", config::FILE))?);
        if !glob.contains(['*', '?', '[', '{']) {
            set.add(GlobBuilder::new(&format!("{}/**", glob.trim_end_matches('/'))).build()?);
        }
    }
    set.build().with_context(|| format!("{}: `ignore` cannot be read", config::FILE))
}

fn read_note(base: &Path, path: SitePath) -> Result<SourceFile, Diagnostic> {
    let file = base.join(&path);
    let size = file.metadata().map_or(0, |meta| meta.len());
    if size > MAX_NOTE_BYTES {
        let message = format!(
            "a note of {} MiB is not read; the limit is {} MiB",
            size >> 20,
            MAX_NOTE_BYTES >> 20
        );
        return Err(Diagnostic::new(Code::NoteSize, &path, 0..0, message));
    }
    match read(&file) {
        Ok(bytes) => Ok(text_file(path, bytes)),
        Err(error) => {
            let message = format!("this cannot be read: {}", error.root_cause());
            Err(Diagnostic::new(Code::Unreadable, &path, 0..0, message))
        }
    }
}

/// Makes text of a file's bytes: UTF-8, or UTF-16 with a byte order mark or without; what
/// is neither is replaced and reported. NUL becomes U+FFFD (`CommonMark`, section 2.3).
pub fn text_file(path: SitePath, bytes: Vec<u8>) -> SourceFile {
    let mut diagnostics = Vec::new();
    let mut text = match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(&path, rest.to_vec(), &mut diagnostics),
        // A draft mark must not be lost because the mark of the encoding is.
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => {
            utf16(&bytes, u16::from_le_bytes)
        }
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => {
            utf16(&bytes, u16::from_be_bytes)
        }
        _ => utf8(&path, bytes, &mut diagnostics),
    };
    if text.contains('\0') {
        text = text.replace('\0', "\u{fffd}");
    }
    if text.contains('\r') {
        text = with_line_feeds(text);
    }
    SourceFile { path, text: text.into(), diagnostics }
}

/// A carriage return alone ends a line as well, for front matter as for Markdown.
fn with_line_feeds(text: String) -> String {
    let mut bytes = text.into_bytes();
    for at in 0..bytes.len() {
        if bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
            bytes[at] = b'\n';
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

fn utf8(path: &str, bytes: Vec<u8>, diagnostics: &mut Vec<Diagnostic>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            diagnostics.push(
                Diagnostic::new(
                    Code::Encoding,
                    path,
                    at..at + 3,
                    "this is not UTF-8; the bytes are shown as �",
                )
                .with_help("save the file as UTF-8"),
            );
            text
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect()
}

fn asset(file: &Path) -> Asset {
    let extension = path::extension(&file.to_string_lossy());
    let is_active = match extension.as_str() {
        "svg" => read(file).is_ok_and(|bytes| svg::harmless(&bytes).1),
        _ => path::is_active(&extension),
    };
    Asset { size: image::size(file), is_active }
}

/// An attachment as it is published.
pub enum Attachment {
    /// These bytes: the file without its scripts.
    Bytes(Vec<u8>),
    /// The file as it is, with its length in bytes.
    File(File, u64),
}

/// Opens an attachment for publishing; the error names its path.
pub fn attachment(file: &Path) -> Result<Attachment> {
    if path::extension(&file.to_string_lossy()) == "svg" {
        return Ok(Attachment::Bytes(svg::harmless(&read(file)?).0.into_owned()));
    }
    let context = || format!("cannot read {}", file.display());
    let opened = File::open(file).with_context(context)?;
    let length = opened.metadata().with_context(context)?.len();
    Ok(Attachment::File(opened, length))
}
