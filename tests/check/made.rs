//! Mistakes that no text and no folder under version control can hold; made when needed.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use tempfile::TempDir;
use zhi::diagnostic::Code;

/// More bytes than a note may have.
const TOO_LARGE: usize = 9 << 20;

/// Writes a file below a folder.
pub(crate) fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// A copy of a folder, to be added to.
pub(crate) fn copy(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in walkdir::WalkDir::new(folder).into_iter().flatten() {
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(folder).unwrap().to_str().unwrap();
            write(copy.path(), name, fs::read(entry.path()).unwrap());
        }
    }
    copy
}

/// Adds one mistake of each of these codes to a folder of notes; the codes of which none
/// can be made here.
pub(crate) fn plant(folder: &Path) -> Vec<Code> {
    // A link to a name longer than any: not even the superuser can read it.
    symlink("x".repeat(300), folder.join("notes/unreadable.md")).unwrap();
    let codes = [Code::NoteSize, Code::FileName, Code::SymlinkOutside];
    codes.into_iter().filter(|code| !make(folder, *code)).collect()
}

/// Makes the mistake of a code; whether this file system and user let it happen.
pub(crate) fn make(folder: &Path, code: Code) -> bool {
    let notes = folder.join("notes");
    fs::create_dir_all(&notes).unwrap();
    match code {
        Code::Encoding => write(&notes, "pod.md", b"# Pod\n\n\xd6\xd0\xce\xc4\n"),
        Code::NoteSize => write(&notes, "dump.md", vec![b'x'; TOO_LARGE]),
        Code::Unreadable => {
            let file = notes.join("locked.md");
            write(&notes, "locked.md", "# Pod\n");
            fs::set_permissions(&file, fs::Permissions::from_mode(0o0)).unwrap();
            // No permission stops the superuser.
            if fs::read(&file).is_ok() {
                fs::remove_file(&file).unwrap();
                return false;
            }
        }
        Code::FileName => {
            return fs::write(notes.join(OsStr::from_bytes(b"pod\xff.md")), "# Pod\n").is_ok();
        }
        Code::SymlinkOutside => symlink("/", notes.join("shared")).unwrap(),
        _ => return false,
    }
    true
}
