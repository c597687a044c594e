//! Building a site a second time: nothing is made anew that is there, and everything is
//! that is not as it should be.

#![expect(clippy::disallowed_methods, reason = "tests write sites and read what came out")]
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const FILES: &[(&str, &str)] = &[
    ("zhi.yaml", "title: 笔记\nattachments: all\n"),
    ("notes/a.md", "---\ntitle: 甲\ntags: [网络]\n---\n\n见 [[b]]，还有 [[没有]]。\n"),
    ("notes/b.md", "# 乙\n\n![图](p.png)\n"),
    ("notes/c.md", "---\ntitle: 丙\ndraft: true\n---\n"),
    ("notes/p.png", "not really a picture"),
    ("notes/SUMMARY.md", "- [乙](b.md)\n- [甲](a.md)\n"),
];

fn site() -> TempDir {
    let site = tempfile::tempdir().unwrap();
    std::fs::create_dir(site.path().join("notes")).unwrap();
    for (path, text) in FILES {
        std::fs::write(site.path().join(path), text).unwrap();
    }
    site
}

/// Builds; how many files were written, and the findings.
fn build(site: &Path, arguments: &[&str]) -> (usize, Vec<String>) {
    let output = Command::new(env!("CARGO_BIN_EXE_zhi"))
        .args(["build", "."])
        .args(arguments)
        .current_dir(site)
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    let mut lines: Vec<String> = stderr.lines().map(str::to_owned).collect();
    let last = lines.pop().unwrap();
    let count = last.split("; ").last().and_then(|end| end.split(' ').next()).unwrap();
    (count.parse().unwrap(), lines)
}

#[test]
fn a_second_build_writes_nothing_and_finds_the_same() {
    let site = site();
    let (written, findings) = build(site.path(), &[]);
    assert!(written > 10, "{written}");
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(build(site.path(), &[]), (0, findings));
}

type Damage = fn(&Path);

#[test]
fn what_is_not_as_it_was_written_is_written_again() {
    let site = site();
    build(site.path(), &[]);
    let page = site.path().join("public/a.html");
    let before = std::fs::read(&page).unwrap();
    let damages: [(&str, Damage); 4] = [
        ("changed", |page| std::fs::write(page, "x").unwrap()),
        ("of the same length", |page| {
            let length = std::fs::read(page).unwrap().len();
            std::fs::write(page, "x".repeat(length)).unwrap();
        }),
        ("gone", |page| std::fs::remove_file(page).unwrap()),
        ("a link", |page| {
            std::fs::rename(page, page.with_extension("old")).unwrap();
            #[cfg(unix)]
            std::os::unix::fs::symlink(page.with_extension("old"), page).unwrap();
        }),
    ];
    for (what, damage) in damages {
        damage(&page);
        assert_eq!(build(site.path(), &[]).0, 1, "{what}");
        assert_eq!(std::fs::read(&page).unwrap(), before, "{what}");
        assert!(page.symlink_metadata().unwrap().is_file(), "{what}");
    }
}

#[test]
fn whatever_pages_are_made_of_makes_them_anew() {
    let changes: &[(&str, &str, &[&str])] = &[
        ("notes/a.md", "# 甲一\n", &[]),
        ("notes/d.md", "# 丁\n", &[]),
        ("notes/p.png", "another picture", &[]),
        ("notes/SUMMARY.md", "- [甲](a.md)\n- [乙](b.md)\n", &[]),
        ("zhi.yaml", "title: 别的\nattachments: all\n", &[]),
        ("static/site.css", "body { color: red }\n", &[]),
        ("templates/404.html", "nothing here\n", &[]),
        ("templates/words/zh.yaml", "topics: 话题\n", &[]),
        ("notes/a.md", FILES[1].1, &["--drafts"]),
        ("notes/a.md", FILES[1].1, &["--base-url", "https://notes.example/base/"]),
    ];
    for (path, text, arguments) in changes {
        let site = site();
        build(site.path(), &[]);
        let file = site.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
        let (written, _) = build(site.path(), arguments);
        assert!(written > 0, "{path} {arguments:?}");
        let again = [arguments, &["--output", "fresh"][..]].concat();
        build(site.path(), &again);
        assert_same(&site.path().join("public"), &site.path().join("fresh"), path);
    }
}

fn assert_same(left: &Path, right: &Path, what: &str) {
    let files = |folder: &Path| -> Vec<(String, Vec<u8>)> {
        let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
        let files = entries.filter(|entry| entry.file_type().is_file());
        let read = |entry: walkdir::DirEntry| {
            let name = entry.path().strip_prefix(folder).unwrap().display().to_string();
            (name, std::fs::read(entry.path()).unwrap())
        };
        files.map(read).collect()
    };
    for (left, right) in files(left).into_iter().zip(files(right)) {
        assert!(left == right, "{what}: {} differs from {}", left.0, right.0);
    }
}
