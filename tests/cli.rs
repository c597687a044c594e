//! The program from outside: exit codes, what it prints, which files it writes and leaves.

#![expect(clippy::disallowed_methods, reason = "tests write sites and read what came out")]
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

#[path = "cli/program.rs"]
mod program;

use program::{Run, program};

/// A folder of its own for each test.
struct Site {
    folder: TempDir,
}

impl Site {
    /// A site of these files.
    fn new(files: &[(&str, &str)]) -> Site {
        let site = Site { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(site.dir()).unwrap();
        for (path, text) in files {
            site.write(path, text);
        }
        site
    }

    fn dir(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let file = self.dir().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.arg("-C").arg(self.dir());
        git.args(["-c", "user.name=ann", "-c", "user.email=a.li@work.example"]);
        assert!(git.args(arguments).status().unwrap().success(), "{arguments:?}");
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.dir().join(path)).unwrap()
    }

    fn has(&self, path: &str) -> bool {
        self.dir().join(path).exists()
    }

    /// Runs the program in the site's folder; its words are separated by blanks.
    fn run(&self, arguments: &str) -> Run {
        run_in(&self.dir(), arguments)
    }

    /// The files below a folder with what they hold.
    fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let base = self.dir().join(folder);
        let entries = walkdir::WalkDir::new(&base).into_iter().flatten();
        let files = entries.filter(|entry| entry.file_type().is_file());
        files
            .map(|entry| {
                let path = entry.path().strip_prefix(&base).unwrap();
                (path.to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap())
            })
            .collect()
    }
}

fn run_in(dir: &Path, arguments: &str) -> Run {
    program::run(program().args(arguments.split_whitespace()).current_dir(dir))
}

const BROKEN: &str = "容器 [[gone]]\n";

#[test]
fn a_build_prints_findings_and_a_summary_and_succeeds() {
    let site = Site::new(&[("notes/a.md", BROKEN), ("notes/b.md", "[[a]]\n")]);
    let run = site.run("build");
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout, "");
    assert_eq!(lines[0], "notes/a.md:1:4: error[broken-link]: no note is called “gone”");
    assert!(lines[1].starts_with("2 notes, "), "{}", lines[1]);
    assert!(lines[1].contains("1 error, 0 warnings"), "{}", lines[1]);
    assert_eq!(lines.len(), 2);
    assert!(site.read("public/b.html").contains("href=\"a.html\""));
}

#[test]
fn a_folder_without_notes_or_configuration_is_the_notes_themselves() {
    let site = Site::new(&[("a.md", "# A\n"), ("deep/b.md", "# B\n")]);
    let parent = site.folder.path();
    assert_eq!(run_in(parent, "build site").code, 0);
    assert!(site.has("public/a.html") && site.has("public/deep/b.html"));
    let again = site.files("public");
    assert_eq!(run_in(parent, "build site").code, 0);
    assert_eq!(site.files("public"), again, "the output was read as notes");
}

#[test]
fn every_page_of_a_long_folder_is_one_link_from_the_next() {
    let site = Site::new(&[("long/index.md", "# Long\n")]);
    for number in 0..401 {
        site.write(&format!("long/n{number}.md"), "Text.\n");
    }
    assert_eq!(site.run("build").code, 0);
    let links = |page: &str, to: &str| site.read(page).contains(&format!("href=\"{to}\""));
    assert!(links("public/long/index.html", "index-2.html"));
    assert!(links("public/long/index-2.html", "index-3.html"));
    assert!(links("public/long/index-3.html", "index-2.html"));
    assert!(site.read("public/long/index.html").contains(">401<"));
}

#[test]
fn output_goes_where_it_is_told_and_nowhere_else() {
    let site = Site::new(&[("notes/a.md", "![[i.png]]\n"), ("notes/i.png", "png")]);
    let before = site.files("");
    assert_eq!(site.run("build --output ../out/deep").code, 0);
    assert_eq!(site.files(""), before);
    let image = site.folder.path().join("out/deep/i.png");
    assert_eq!(std::fs::read_to_string(image).unwrap(), "png");
}

#[test]
fn strict_fails_on_any_finding_and_leaves_the_former_site() {
    let site = Site::new(&[("notes/a.md", "fine\n")]);
    assert_eq!(site.run("build --strict").code, 0);
    let former = site.files("public");
    site.write("notes/a.md", "---\ntitel: x\n---\n");
    let run = site.run("build --strict");
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("warning[unknown-key]"), "{}", run.stderr);
    assert_eq!(site.files("public"), former);
}

#[test]
fn unreadable_front_matter_leaves_the_former_site_whole() {
    let site = Site::new(&[("notes/a.md", "first\n"), ("notes/b.md", "second\n")]);
    assert_eq!(site.run("build").code, 0);
    let former = site.files("public");
    site.write("notes/a.md", "---\ntitle: a: b\n---\nchanged\n");
    site.write("notes/b.md", "changed\n");
    let run = site.run("build");
    assert_eq!(run.code, 1);
    assert!(run.stderr.starts_with("notes/a.md:2:9: error[front-matter]:"), "{}", run.stderr);
    assert_eq!(site.files("public"), former);

    assert_eq!(site.run("build --keep-going").code, 0);
    assert!(!site.has("public/a.html"), "a note that may be a draft was published");
    assert!(site.read("public/b.html").contains("changed"));
}

#[test]
fn a_broken_template_leaves_the_former_site_whole() {
    let site = Site::new(&[("notes/a.md", "first\n")]);
    assert_eq!(site.run("build").code, 0);
    let former = site.files("public");
    site.write("templates/note.html", "{{ note.content | safe }}\n{{ nothing.here }}");
    site.write("notes/a.md", "changed\n");
    let run = site.run("build");
    assert_ne!(run.code, 0);
    assert!(run.stderr.contains("templates/note.html:2:"), "{}", run.stderr);
    assert_eq!(site.files("public"), former);
    site.write("templates/note.html", "{% if %}");
    let run = site.run("build");
    assert_ne!(run.code, 0);
    assert!(run.stderr.contains("templates/note.html:1:"), "{}", run.stderr);
    assert_eq!(site.files("public"), former);
}

#[test]
fn only_what_a_former_build_wrote_is_removed() {
    let site = Site::new(&[("notes/a.md", "#one\n"), ("notes/deep/b.md", "b\n")]);
    site.write("public/CNAME", "example.org");
    site.write("public/deep/mine.html", "mine");
    assert_eq!(site.run("build").code, 0);
    assert!(site.has("public/tags/one.html") && site.has("public/deep/b.html"));
    std::fs::remove_file(site.dir().join("notes/deep/b.md")).unwrap();
    site.write("notes/a.md", "no tag\n");
    assert_eq!(site.run("build").code, 0);
    assert!(!site.has("public/deep/b.html") && !site.has("public/tags/one.html"));
    assert_eq!(site.read("public/CNAME"), "example.org");
    assert_eq!(site.read("public/deep/mine.html"), "mine");
}

#[test]
fn a_forged_list_of_former_files_removes_nothing_outside() {
    let site = Site::new(&[("notes/a.md", "a\n"), ("keep.txt", "keep")]);
    assert_eq!(site.run("build").code, 0);
    let absolute = site.dir().join("keep.txt");
    site.write(
        "public/.zhi",
        format!("zhi -\n- ../keep.txt\n- {}\n- a/../../keep.txt\n", absolute.display()),
    );
    assert_eq!(site.run("build").code, 0);
    assert_eq!(site.read("keep.txt"), "keep");
}

#[test]
fn two_builds_of_the_same_notes_are_equal_byte_for_byte() {
    let site = Site::new(&[
        ("zhi.yaml", "base_url: https://k8s.example/x/\nmarkdown_copies: true\n"),
        ("notes/a.md", "---\ntags: [x, 网络/服务]\naliases: [Old]\n---\n[[b]] ![[b]] #y\n"),
        ("notes/b.md", "# B\n\n## 中文 标题\n\n```yaml\na: 1\n```\n"),
        ("notes/deep/index.md", "[[a]]\n"),
    ]);
    assert_eq!(site.run("build --output one").code, 0);
    assert_eq!(site.run("build --output two").code, 0);
    let (one, two) = (site.files("one"), site.files("two"));
    assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
    for (path, bytes) in &one {
        assert_eq!(bytes, &two[path], "{path}");
    }
    let again = site.run("build --output one");
    assert!(again.stderr.contains("; 0 files written"), "{}", again.stderr);
}

#[test]
fn the_base_address_is_for_what_is_read_elsewhere() {
    let dated = "---\ndate: 2026-01-02\n---\na\n";
    let site = Site::new(&[("notes/a.md", dated), ("notes/x/b.md", "b\n")]);
    assert_eq!(site.run("build").code, 0);
    assert!(!site.has("public/feed.xml") && !site.has("public/sitemap.xml"));
    assert_eq!(site.run("build --base-url https://k8s.example/base").code, 0);
    assert!(site.read("public/sitemap.xml").contains("https://k8s.example/base/x/b.html"));
    assert!(site.read("public/feed.xml").contains("https://k8s.example/base/a.html"));
    let page = site.read("public/x/b.html");
    assert!(
        page.contains("<link rel=\"canonical\" href=\"https://k8s.example/base/x/b.html\">")
    );
    assert!(page.contains("href=\"../index.html\""), "links stay relative");
}

#[test]
fn drafts_are_built_on_request() {
    let site = Site::new(&[("notes/a.md", "---\ndraft: true\n---\nsecret\n")]);
    assert_eq!(site.run("build").code, 0);
    assert!(!site.has("public/a.html"));
    assert_eq!(site.run("build --drafts").code, 0);
    assert!(site.has("public/a.html"));
}

#[test]
fn check_tells_by_its_exit_code_and_writes_nothing() {
    let site = Site::new(&[("notes/a.md", "fine\n")]);
    assert_eq!(site.run("check").code, 0);
    site.write("notes/a.md", "---\ntitel: x\n---\n");
    assert_eq!(site.run("check").code, 0, "warnings alone are no failure");
    site.write("notes/a.md", BROKEN);
    assert_eq!(site.run("check").code, 1);
    assert_eq!(site.run("check missing-folder").code, 2);
    assert!(!site.has("public"));
}

#[test]
fn short_findings_are_one_line_each() {
    let site = Site::new(&[("notes/a.md", BROKEN)]);
    let run = site.run("check --format short");
    let printed = format!("{}{}", run.stdout, run.stderr);
    assert_eq!(printed, "notes/a.md:1:4: error[broken-link]: no note is called “gone”\n");
}

#[test]
fn no_name_of_a_file_moves_the_cursor() {
    let site = Site::new(&[("a\rb.md", "[[gone]]\n"), ("\u{1b}[31mred.md", "[[gone]]\n")]);
    for arguments in ["check --format short", "check"] {
        let run = site.run(arguments);
        let said = run.stdout + &run.stderr;
        assert!(said.contains("gone"), "{said}");
        assert!(!said.contains('\r') && !said.contains("[31mred.md\u{1b}"), "{said:?}");
        assert!(!said.contains("\u{1b}[31mred"), "{said:?}");
    }
}

#[test]
fn carets_stand_under_double_width_han() {
    let site = Site::new(&[("notes/a.md", "容器见 [[gonne]]\n"), ("notes/gone.md", "x\n")]);
    let run = site.run("check --format human");
    let printed = format!("{}{}", run.stdout, run.stderr);
    let lines: Vec<&str> = printed.lines().collect();
    let source = lines.iter().position(|line| line.contains("容器见 [[gonne]]")).unwrap();
    let before = lines[source].split("[[").next().unwrap();
    let width = before.chars().count() + before.chars().filter(|c| !c.is_ascii()).count();
    assert_eq!(lines[source + 1].find('^'), Some(width), "{printed}");
    assert_eq!(lines[source + 1].matches('^').count(), "[[gonne]]".len(), "{printed}");
    assert!(printed.contains("did you mean [[gone]]?"), "{printed}");
}

#[test]
fn fixes_write_what_is_certain_and_leave_every_other_byte() {
    let written = "\u{feff}---\r\ntitle: A\r\n---\r\n见 [甲](old/甲.md#一)、[[old/甲#一|别名]]、![图](img/pic.png)、\r\n[乙](乙 丙.md)、[丁][d]、`[甲](old/甲.md)`、[[no where]]。\r\n\r\n[d]: <old/甲.md> \"题\"\r\n";
    let mended = "\u{feff}---\r\ntitle: A\r\n---\r\n见 [甲](new/甲.md#一)、[[new/甲#一|别名]]、![图](files/pic.png)、\r\n[乙](<乙 丙.md>)、[丁][d]、`[甲](old/甲.md)`、[[no where]]。\r\n\r\n[d]: <new/甲.md> \"题\"\r\n";
    let site = Site::new(&[
        ("notes/a.md", written),
        ("notes/new/甲.md", "# 甲\n\n## 一\n\n文。\n"),
        ("notes/乙 丙.md", "文。\n"),
        ("notes/files/pic.png", "\u{89}PNG"),
    ]);
    let run = site.run("check --format short --fix");
    assert_eq!(site.read("notes/a.md"), mended);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.starts_with("mended 5 places in 1 notes\n"), "{}", run.stderr);
    assert_eq!(run.stderr.matches("[broken-link]").count(), 1, "{}", run.stderr);
    assert!(!run.stderr.contains("[moved-target]"), "{}", run.stderr);
    let again = site.run("check --format short --fix");
    assert!(again.stderr.starts_with("mended 0 places in 0 notes\n"), "{}", again.stderr);
    assert_eq!(site.read("notes/a.md"), mended);
}

#[test]
fn fixes_follow_notes_that_git_saw_renamed() {
    let text = "# Long enough to be known again\n\nSome text, and some more of it.\n";
    let site = Site::new(&[("notes/old.md", text), ("notes/a.md", "[t](old.md), [[old|w]]\n")]);
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-C").arg(site.dir()).args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b.example",
        ]);
        assert!(git.args(arguments).status().unwrap().success(), "{arguments:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "Begin"]);
    git(&["mv", "notes/old.md", "notes/new.md"]);
    git(&["commit", "-q", "-m", "Rename"]);
    assert_eq!(site.run("check").code, 1);
    assert_eq!(site.run("check --fix").code, 0);
    assert_eq!(site.read("notes/a.md"), "[t](new.md), [[new|w]]\n");
}

#[test]
fn json_findings_are_a_list_with_places() {
    let site = Site::new(&[("notes/a.md", BROKEN)]);
    let run = site.run("check --format json");
    let found: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(run.code, 1);
    assert_eq!(found[0]["file"], "notes/a.md");
    assert_eq!(found[0]["code"], "broken-link");
    assert_eq!(found[0]["severity"], "error");
    assert_eq!((&found[0]["line"], &found[0]["column"]), (&1.into(), &4.into()));
    assert_eq!((&found[0]["end_line"], &found[0]["end_column"]), (&1.into(), &12.into()));
    site.write("notes/a.md", "fine\n");
    assert_eq!(site.run("check --format json").stdout.trim(), "[]");
}

#[test]
fn github_findings_annotate_a_pull_request() {
    let site = Site::new(&[("notes/a.md", BROKEN)]);
    let run = site.run("check --format github");
    let expected =
        "::error file=notes/a.md,line=1,col=4,endLine=1,endColumn=12,title=broken-link::";
    assert!(run.stdout.starts_with(expected), "{}", run.stdout);
}

#[test]
fn sarif_findings_name_rule_and_region() {
    let site = Site::new(&[("notes/a.md", BROKEN)]);
    let run = site.run("check --format sarif");
    let log: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(result["ruleId"], "broken-link");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "notes/a.md");
    assert_eq!(place["region"]["startColumn"], 4);
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(rules.iter().any(|rule| rule["id"] == "broken-link"));
}

#[test]
fn a_misspelt_setting_is_an_error_with_a_suggestion() {
    let site = Site::new(&[("zhi.yaml", "titel: x\n"), ("notes/a.md", "a\n")]);
    for command in ["build", "check"] {
        let run = site.run(command);
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains("unknown setting `titel`"), "{}", run.stderr);
        assert!(run.stderr.contains("did you mean `title`?"), "{}", run.stderr);
        assert!(run.stderr.contains("zhi.yaml:1:1"), "{}", run.stderr);
    }
    assert!(!site.has("public"));
}

#[test]
fn the_output_must_not_hold_the_notes() {
    let site = Site::new(&[("notes/a.md", "a\n")]);
    for output in ["notes", ".", "..", "notes/"] {
        let run = site.run(&format!("build --output {output}"));
        assert_eq!(run.code, 2, "{output}: {}", run.stderr);
        assert!(run.stderr.contains("holds the notes"), "{}", run.stderr);
    }
    assert_eq!(site.files("").len(), 1);
}

#[test]
fn an_output_inside_the_notes_is_not_read_as_notes() {
    let site = Site::new(&[("notes/a.md", "a\n"), ("zhi.yaml", "markdown_copies: true\n")]);
    assert_eq!(site.run("build --output notes/out").code, 0);
    let first = site.files("notes/out");
    assert_eq!(site.run("build --output notes/out").code, 0);
    assert_eq!(site.files("notes/out"), first);
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_followed_inside_the_notes_only() {
    use std::os::unix::fs::symlink;
    let site = Site::new(&[
        ("notes/real/b.md", "b\n"),
        ("secret/s.md", "top secret\n"),
        ("secret.txt", "top secret"),
        ("notes/a.md", "[x](out.txt)\n"),
    ]);
    symlink(site.dir().join("notes/real"), site.dir().join("notes/linked")).unwrap();
    symlink(site.dir().join("notes"), site.dir().join("notes/real/circle")).unwrap();
    symlink(site.dir().join("secret"), site.dir().join("notes/secret")).unwrap();
    symlink(site.dir().join("secret.txt"), site.dir().join("notes/out.txt")).unwrap();
    symlink("nowhere", site.dir().join("notes/dangling.md")).unwrap();
    let run = site.run("build");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stderr.matches("warning[symlink-outside]").count(), 2, "{}", run.stderr);
    for (path, bytes) in site.files("public") {
        assert!(!String::from_utf8_lossy(&bytes).contains("top secret"), "{path}");
    }
    assert!(site.has("public/linked/b.html") || site.has("public/real/b.html"));
    assert!(!site.has("public/real/circle/a.html"));
}

#[cfg(unix)]
#[test]
fn a_link_in_the_output_leads_no_page_elsewhere() {
    let site = Site::new(&[("notes/deep/a.md", "a\n"), ("elsewhere/x", "x")]);
    std::fs::create_dir(site.dir().join("public")).unwrap();
    let link = site.dir().join("public/deep");
    std::os::unix::fs::symlink(site.dir().join("elsewhere"), link).unwrap();
    let run = site.run("build");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("is a symbolic link"), "{}", run.stderr);
    assert_eq!(site.files("elsewhere").len(), 1);
}

#[test]
fn help_and_completions_name_every_command() {
    let site = Site::new(&[]);
    let help = site.run("--help");
    assert_eq!(help.code, 0);
    for command in [
        "init",
        "new",
        "serve",
        "check",
        "build",
        "mv",
        "index",
        "config",
        "schema",
        "completions",
    ] {
        assert!(help.stdout.contains(command), "{command}: {}", help.stdout);
        assert_eq!(site.run(&format!("{command} --help")).code, 0);
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = site.run(&format!("completions {shell}"));
        assert_eq!(script.code, 0);
        assert!(script.stdout.contains("build"), "{shell}");
    }
    let version = site.run("--version");
    assert_eq!(version.stdout.trim(), concat!("zhi ", env!("CARGO_PKG_VERSION")));
    assert_eq!(site.run("biuld").code, 2);
    assert!(site.run("biuld").stderr.contains("build"));
}

#[test]
fn the_settings_that_are_shown_are_settings_that_can_be_read() {
    let site = Site::new(&[("notes/a.md", "a\n")]);
    let shown = site.run("config --show");
    assert_eq!(shown.code, 0);
    site.write("zhi.yaml", &shown.stdout);
    assert_eq!(site.run("config --show").stdout, shown.stdout);
    assert_eq!(site.run("build").code, 0);
}

#[test]
fn strange_files_get_a_page_or_a_finding_and_no_crash() {
    let deep = format!("{}x\n", "> ".repeat(2000));
    let long = "a".repeat(3 << 20);
    let site = Site::new(&[("notes/deep.md", &deep), ("notes/long.md", &long)]);
    site.write("notes/latin1.md", b"caf\xe9\n");
    site.write("notes/utf16.md", b"\xff\xfe#\0 \0A\0");
    site.write("notes/nul.md", b"a\0b\n");
    site.write("notes/empty.md", b"");
    site.write("notes/con.md", b"reserved\n");
    site.write("notes/<script>alert(1)<script>.md", b"name\n");
    let run = site.run("build");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("notes/latin1.md:1:4: warning[encoding]"), "{}", run.stderr);
    for (path, bytes) in site.files("public") {
        let html = String::from_utf8_lossy(&bytes);
        assert!(!path.contains(".html") || !html.contains("<script>alert"), "{path}");
    }
    assert_eq!(site.run("check").code, 0);
}

#[test]
fn a_note_names_those_who_wrote_it_as_git_knows_them() {
    let site = Site::new(&[
        ("zhi.yaml", "lang: en\n"),
        (".mailmap", "Ann Li <ann@example.org> <a.li@work.example>\n"),
        ("notes/a.md", "---\nauthors: [Own Author]\n---\nFirst.\n"),
    ]);
    site.git(&["init", "-q"]);
    site.git(&["add", "."]);
    let coauthors = "Begin\n\nCo-authored-by: Bo Wu <bo@example.org>\nCo-authored-by: Ann L. <a.li@work.example>\nCo-authored-by: merge[bot] <bot@example.org>";
    site.git(&["commit", "-q", "-m", coauthors]);
    site.run("build");
    let page = site.read("public/a.html");
    assert!(page.contains("By Own Author, Ann Li, Bo Wu</span>"), "{page}");
    for hidden in ["@", "bot]", "Ann L."] {
        assert!(!page.contains(hidden), "{hidden}");
    }
    site.write("zhi.yaml", "lang: en\ncontributors: false\n");
    site.run("build");
    assert!(site.read("public/a.html").contains("By Own Author</span>"));
}
