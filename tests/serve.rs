//! `zhi serve` from outside, over a real connection on loopback: what is answered, what is
//! refused, and that a tab hears of every way in which editors save.

#![expect(clippy::disallowed_methods, reason = "a test of files writes files")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A running server on a site of its own; ends with the test.
struct Served {
    child: Child,
    dir: PathBuf,
    /// Removed at the end, if it is the server's own.
    folder: Option<TempDir>,
    address: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    fn start() -> Served {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let notes = folder.path().join("notes");
        fs::create_dir_all(notes.join("网络")).expect("folders can be made");
        fs::write(folder.path().join("secret.txt"), "secret").expect("files can be written");
        for (name, text) in [
            ("a.md", "# 甲\n\n![图](图.png) 与 [[没有]]。\n"),
            ("网络/b.md", "# 乙\n\n正文。\n"),
            ("图.png", "\u{89}PNG not really"),
        ] {
            fs::write(notes.join(name), text).expect("files can be written");
        }
        Served::of(folder)
    }

    fn of(folder: TempDir) -> Served {
        let mut served = Served::at(folder.path());
        served.folder = Some(folder);
        served
    }

    /// A server on a folder that outlives it.
    fn at(folder: &Path) -> Served {
        let mut child = Command::new(env!("CARGO_BIN_EXE_zhi"))
            .arg("serve")
            .arg(folder)
            .args(["--port", "0"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        let errors = child.stderr.take().expect("its messages can be read");
        BufReader::new(errors).read_line(&mut line).expect("it says its address");
        let address =
            line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        Served { child, dir: folder.to_owned(), folder: None, address }
    }

    fn note(&self, name: &str) -> PathBuf {
        self.dir.join("notes").join(name)
    }

    fn send(&self, head: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time can be set");
        stream.write_all(head.as_bytes()).expect("it reads");
        stream
    }

    /// The whole answer to a request for a target, as sent.
    fn get(&self, target: &str) -> String {
        self.ask(&format!(
            "GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        ))
    }

    fn ask(&self, head: &str) -> String {
        let mut answer = Vec::new();
        self.send(head).read_to_end(&mut answer).expect("it answers");
        String::from_utf8_lossy(&answer).into_owned()
    }
}

fn status(answer: &str) -> u16 {
    answer.get(9..12).and_then(|status| status.parse().ok()).unwrap_or_default()
}

#[test]
fn pages_and_files_are_answered_with_their_types() {
    let served = Served::start();
    for (target, code, kind, held) in [
        ("/", 200, "text/html; charset=utf-8", "</html>"),
        ("/a.html", 200, "text/html; charset=utf-8", "<h1"),
        ("/a", 200, "text/html; charset=utf-8", "<h1"),
        ("/%E7%BD%91%E7%BB%9C/b.html?x=1", 200, "text/html; charset=utf-8", "正文"),
        ("/%E7%BD%91%E7%BB%9C", 301, "", "Location: /%E7%BD%91%E7%BB%9C/"),
        ("/%E5%9B%BE.png", 200, "image/png", "not really"),
        ("/site.css", 200, "text/css; charset=utf-8", ""),
        ("/search/root.js", 200, "text/javascript; charset=utf-8", "zhiSearch"),
        ("/__zhi/reload.js", 200, "text/javascript; charset=utf-8", "EventSource"),
        ("/nothing.html", 404, "text/html; charset=utf-8", "</html>"),
    ] {
        let answer = served.get(target);
        assert_eq!(status(&answer), code, "{target}");
        assert!(
            kind.is_empty() || answer.contains(&format!("Content-Type: {kind}\r\n")),
            "{target}"
        );
        assert!(answer.contains(held), "{target}: {answer}");
    }
    let head = "HEAD /a.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert!(served.ask(head).ends_with("\r\n\r\n"));
    let ranged = "GET /%E5%9B%BE.png HTTP/1.1\r\nHost: localhost\r\nRange: bytes=2-4\r\nConnection: close\r\n\r\n";
    let answer = served.ask(ranged);
    assert!(status(&answer) == 206 && answer.ends_with("\r\n\r\nPNG"), "{answer}");
}

#[test]
fn nothing_outside_is_read_and_no_stranger_is_answered() {
    let served = Served::start();
    for target in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/网络/../../secret.txt",
        "/..%5csecret.txt",
        "/a.html%00.png",
        "//etc/passwd",
        "/secret.txt",
        "/zhi.yaml",
        "/notes/a.md",
    ] {
        let answer = served.get(target);
        assert!(matches!(status(&answer), 400 | 404), "{target}: {answer}");
        assert!(!answer.contains("secret\n") && !answer.ends_with("secret"), "{target}");
    }
    for (head, code) in [
        ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403),
        ("GET / HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n", 403),
        ("GET / HTTP/1.1\r\n\r\n", 403),
        ("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        (
            "GET /search/root.js HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n\r\n",
            403,
        ),
    ] {
        let head = head.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
        assert_eq!(status(&served.ask(&head)), code, "{head}");
    }
    assert!(served.address.starts_with("127.0.0.1:"), "{}", served.address);
}

#[cfg(unix)]
#[test]
fn a_picture_that_became_a_link_out_of_the_folder_is_not_sent() {
    let served = Served::start();
    let picture = served.note("图.png");
    assert_eq!(status(&served.get("/%E5%9B%BE.png")), 200);
    fs::remove_file(&picture).expect("it is there");
    std::os::unix::fs::symlink(served.dir.join("secret.txt"), &picture)
        .expect("links can be made");
    let answer = served.get("/%E5%9B%BE.png");
    assert!(status(&answer) == 404 && !answer.ends_with("secret"), "{answer}");
}

/// A way to save, the tab that must hear of it, and what its page must then hold.
type Save = (&'static str, &'static str, fn(&Path), &'static str);

#[test]
fn a_tab_hears_of_every_way_to_save() {
    let served = Served::start();
    let saves: &[Save] = &[
        ("in place", "/a.html", |dir| put(&dir.join("a.md"), "一"), "一"),
        (
            "by renaming over",
            "/a.html",
            |dir| {
                put(&dir.join(".a.md.swp"), "交换");
                put(&dir.join("a.md.tmp"), "二");
                fs::rename(dir.join("a.md.tmp"), dir.join("a.md")).expect("it is there");
                fs::remove_file(dir.join(".a.md.swp")).expect("it is there");
            },
            "二",
        ),
        (
            "with the former file kept aside",
            "/a.html",
            |dir| {
                fs::rename(dir.join("a.md"), dir.join("a.md~")).expect("it is there");
                put(&dir.join("a.md"), "三");
                fs::remove_file(dir.join("a.md~")).expect("it is there");
            },
            "三",
        ),
        (
            "a folder that moves",
            "/moved/b.html",
            |dir| fs::rename(dir.join("网络"), dir.join("moved")).expect("it is there"),
            "乙",
        ),
        (
            "in the moved folder",
            "/moved/b.html",
            |dir| put(&dir.join("moved/b.md"), "四"),
            "四",
        ),
        (
            "a folder deleted and made anew",
            "/a.html",
            |dir| {
                fs::remove_dir_all(dir).expect("it is there");
                fs::create_dir(dir).expect("it is gone");
                put(&dir.join("a.md"), "五");
            },
            "五",
        ),
    ];
    for (way, page, save, held) in saves {
        let mut tab = Tab::open(&served, page);
        let before = tab.next_print();
        save(&served.dir.join("notes"));
        while tab.next_print() == before {}
        // A save in several steps may be seen half done; then more is to come.
        while !served.get(page).contains(held) {
            assert!(!tab.next_print().is_empty(), "{way}");
        }
    }
}

#[test]
fn a_tab_is_told_what_the_rules_find_and_keeps_what_cannot_have_changed() {
    let served = Served::start();
    put(&served.note("网络/b.md"), "# 乙\n\n## 空\n\n## 二\n\n正文。\n");
    put(&served.note("a.md"), "# 甲\n\n## 一\n\n## 二\n\n[没有](没有.md)\n");
    let codes = |state: &Value| -> Vec<String> {
        let findings = state["findings"].as_array().expect("it is a list");
        findings.iter().map(|one| one["code"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let mut tab = Tab::open(&served, "/a.html");
    let mut state = tab.next_state();
    while codes(&state) != ["empty-section", "broken-link"] {
        state = tab.next_state();
    }
    assert_eq!((&state["errors"], &state["warnings"]), (&1.into(), &3.into()), "{state}");
    put(&served.note("a.md"), "# 甲\n\n## 一\n\n正文。\n\n## 二\n\n[没有](没有.md)\n");
    while state["warnings"] == 3 {
        state = tab.next_state();
    }
    assert_eq!(
        (codes(&state), &state["warnings"]),
        (vec!["broken-link".to_owned()], &2.into())
    );
    let all = served.get("/__zhi/findings.json");
    assert!(all.contains("\"empty-section\"") && all.contains("notes/网络/b.md"), "{all}");
}

/// The notes of a site before and after much was changed in it, by path; `None` for a note
/// that is not there.
fn notes_in_two_states() -> Vec<(String, Option<String>, Option<String>)> {
    let note = |n: usize, title: &str, more: &str| {
        Some(format!(
            "---\ntags: [标签{}]\n---\n\n# {title} {n}\n\n见 [[n{}]] 与 [[夹{}/n{}]]。{more}\n",
            n % 7,
            (n * 31 + 1) % 560,
            (n + 1) % 20,
            n + 1,
        ))
    };
    let path = |folder: usize, n: usize| format!("notes/夹{folder}/n{n}.md");
    let mut notes = Vec::new();
    for n in 0..560 {
        let before = if n < 500 { note(n, "题", "") } else { None };
        let (folder, after) = match n % 20 {
            // A folder that is renamed, notes that are deleted, retitled, edited, left alone.
            0 => (99, note(n, "题", "")),
            1 | 2 => (n % 20, None),
            3..=5 => (n % 20, note(n, "新题", "")),
            19 => (19, note(n, "题", "")),
            _ => (n % 20, note(n, "题", "改过。")),
        };
        if folder == n % 20 {
            notes.push((path(folder, n), before, after));
        } else {
            notes.push((path(n % 20, n), before, None));
            notes.push((path(folder, n), None, after));
        }
    }
    notes
}

fn git(folder: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=zhi", "-c", "user.email=zhi@example.org"];
    let mut git = Command::new("git");
    let status = git.arg("-C").arg(folder).args(who).args(arguments).status();
    assert!(status.expect("git runs").success(), "{arguments:?}");
}

/// Brings a folder to one of its states and commits it.
fn commit<'a>(folder: &Path, notes: impl Iterator<Item = (&'a String, &'a Option<String>)>) {
    for (path, text) in notes {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("a folder");
        match text {
            Some(text) => put(&file, text),
            None => drop(fs::remove_file(file)),
        }
    }
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "notes"]);
}

/// The addresses of all files that a build of the folder gives.
fn built(folder: &Path) -> Vec<String> {
    let output = tempfile::tempdir().expect("a folder can be made");
    let mut build = Command::new(env!("CARGO_BIN_EXE_zhi"));
    build.arg("build").arg(folder).arg("--output").arg(output.path().join("out"));
    assert!(build.stderr(Stdio::null()).status().expect("it runs").success());
    let list = fs::read_to_string(output.path().join("out/.zhi")).expect("it lists its files");
    let is_page = |url: &&str| !url.starts_with("search/");
    list.lines().filter(is_page).map(zhi::path::encode_ascii).collect()
}

#[test]
fn a_checkout_of_five_hundred_files_gives_what_a_fresh_start_gives() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let dir = folder.path().to_owned();
    let notes = notes_in_two_states();
    let changed = notes.iter().filter(|(_, before, after)| before != after).count();
    assert!(changed >= 500, "{changed}");
    git(&dir, &["init", "-q"]);
    commit(&dir, notes.iter().map(|(path, before, _)| (path, before)));
    git(&dir, &["branch", "first"]);
    commit(&dir, notes.iter().map(|(path, _, after)| (path, after)));
    git(&dir, &["branch", "second"]);

    git(&dir, &["checkout", "-q", "first"]);
    let mut urls = built(&dir);
    let served = Served::of(folder);
    assert_eq!(status(&served.get("/")), 200);
    git(&dir, &["checkout", "-q", "second"]);
    urls.extend(built(&dir));
    urls.sort();
    urls.dedup();
    let fresh = Served::at(&dir);
    let is_wrong = |url: &&String| {
        let target = format!("/{url}");
        served.get(&target) != fresh.get(&target)
    };
    let end = Instant::now() + Duration::from_mins(1);
    while let Some(wrong) = urls.iter().find(is_wrong) {
        assert!(Instant::now() < end, "{wrong} is not what a fresh start gives");
    }
}

fn put(file: &Path, text: &str) {
    fs::write(file, text).expect("files can be written");
}

/// The stream of a tab.
struct Tab(BufReader<TcpStream>);

impl Tab {
    fn open(served: &Served, page: &str) -> Tab {
        let head = format!("GET /__zhi/events?page={page} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Tab(BufReader::new(served.send(&head)))
    }

    /// Waits for the next state and answers the print of the page in it.
    fn next_print(&mut self) -> String {
        self.next_state()["page"].as_str().unwrap_or_default().to_owned()
    }

    /// Waits for the next state.
    fn next_state(&mut self) -> Value {
        loop {
            let mut line = String::new();
            let read = self.0.read_line(&mut line).expect("the stream goes on");
            assert!(read > 0, "the stream goes on");
            if let Some(state) = line.strip_prefix("data: ") {
                return serde_json::from_str(state).expect("it is JSON");
            }
        }
    }
}
