//! The commands that help an author to begin, from outside: `zhi new`, `zhi init`.

#![expect(clippy::disallowed_methods, reason = "tests write sites and read what came out")]
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

#[path = "cli/program.rs"]
mod program;

use program::{Run, program};

/// A folder that holds these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    folder
}

/// Runs the program in a folder, on 5 January 2026 in the morning.
fn run(folder: &TempDir, arguments: &[&str]) -> Run {
    let mut program = program();
    program
        .args(arguments)
        .current_dir(folder.path())
        .env("SOURCE_DATE_EPOCH", "1767603600")
        .env("LANG", "zh_CN.UTF-8")
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES");
    program::run(&mut program)
}

fn read(folder: &TempDir, path: &str) -> String {
    std::fs::read_to_string(folder.path().join(path)).unwrap()
}

/// All files of a folder with what they hold.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().flatten();
    let files = entries.filter(|entry| entry.file_type().is_file());
    let named = files.map(|entry| {
        let path = entry.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned();
        (path, std::fs::read(entry.path()).unwrap())
    });
    named.collect()
}

fn is_clean(folder: &TempDir) {
    let check = run(folder, &["check"]);
    assert!(
        check.stderr.contains("\n0 errors, 0 warnings")
            || check.stderr.starts_with("0 errors, 0 warnings"),
        "{}",
        check.stderr
    );
    assert_eq!(check.code, 0);
}

#[test]
fn a_new_note_has_front_matter_and_its_path_is_printed() {
    let site = folder(&[("notes/index.md", "# 首页\n"), ("notes/Go 语言/a.md", "甲\n")]);
    for (title, path) in [
        ("服务网格", "notes/服务网格.md"),
        ("网络/服务网格", "notes/网络/服务网格.md"),
        ("Go 语言/Pod: 第 1 课", "notes/Go 语言/pod-第-1-课.md"),
        ("My Folder/“x” & <y>", "notes/my-folder/“x”-&-y.md"),
    ] {
        let made = run(&site, &["new", title]);
        assert_eq!(
            (made.code, made.stdout.trim_end(), &*made.stderr),
            (0, path, ""),
            "{title}"
        );
        assert!(read(&site, path).starts_with("---\ntitle: "), "{title}");
    }
    let text = read(&site, "notes/Go 语言/pod-第-1-课.md");
    assert_eq!(text, "---\ntitle: 'Pod: 第 1 课'\ndate: 2026-01-05\ntags: []\n---\n\n");
    std::fs::remove_file(site.path().join("notes/网络/服务网格.md")).unwrap();
    is_clean(&site);
}

#[test]
fn a_new_note_goes_where_it_is_told_and_never_over_another() {
    let site = folder(&[("s/notes/index.md", "# 首页\n"), ("s/notes/My Note.md", "mine\n")]);
    let before = files(site.path());
    for (title, said) in [
        ("my note", "My Note.md exists"),
        ("index", "index.md exists"),
        ("../escape", "folders below the folder of notes"),
        ("a/../../escape", "folders below the folder of notes"),
        ("/etc/zhi", "folders below the folder of notes"),
        (".obsidian/x", "folders below the folder of notes"),
        ("  ", "needs a title"),
    ] {
        let made = run(&site, &["new", title, "--dir", "s"]);
        assert_eq!((made.code, &*made.stdout), (2, ""), "{title}");
        assert!(made.stderr.contains(said), "{title}: {}", made.stderr);
        assert_eq!(files(site.path()), before, "{title}");
    }
    let made = run(&site, &["new", "新的", "--dir", "./s"]);
    assert_eq!(made.stdout, "s/notes/新的.md\n");
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_a_link_out_of_the_notes_takes_no_note() {
    let site = folder(&[("notes/index.md", "# 首页\n"), ("other/x.txt", "x")]);
    std::os::unix::fs::symlink(site.path().join("other"), site.path().join("notes/out"))
        .unwrap();
    let made = run(&site, &["new", "out/a"]);
    assert!(made.code == 2 && made.stderr.contains("outside"), "{}", made.stderr);
    assert_eq!(files(&site.path().join("other")).len(), 1);
}

#[test]
fn a_note_that_the_site_leaves_out_is_made_and_told_of() {
    let site =
        folder(&[("zhi.yaml", "ignore: [private/**]\n"), ("notes/index.md", "# 首页\n")]);
    let made = run(&site, &["new", "private/日记"]);
    assert_eq!((made.code, &*made.stdout), (0, "notes/private/日记.md\n"));
    assert!(made.stderr.contains("not on the site"), "{}", made.stderr);
}

const DAILY: &str = "---\ntitle: \"{{title}}\"\ncreated: {{date}}\nweek: {{date:GGGG-[W]WW}}\n---\n\n## {{date:M月D日 dddd}}\n\n{{time}} `{{ .Values.x }}`\n";

#[test]
fn templates_are_filled_and_listed() {
    let vault = folder(&[
        (".obsidian/templates.json", "{\"folder\": \"工具/模板\"}"),
        ("工具/模板/日记.md", DAILY),
        ("工具/模板/k8s/Object.md", "# {{title}}\n"),
        ("Templates/other.md", "not this one\n"),
    ]);
    let made = run(&vault, &["new", "说 \"你好\"", "--template", "日记"]);
    assert_eq!((made.code, &*made.stdout, &*made.stderr), (0, "说-你好.md\n", ""));
    assert_eq!(
        read(&vault, "说-你好.md"),
        "---\ntitle: \"说 \\\"你好\\\"\"\ncreated: 2026-01-05\nweek: 2026-W02\n---\n\n## 1月5日 星期一\n\n09:00 `{{ .Values.x }}`\n"
    );
    let made = run(&vault, &["new", "Pod", "-t", "k8s/object"]);
    assert_eq!((made.code, read(&vault, "pod.md")), (0, "# Pod\n".to_owned()));
    let wrong = run(&vault, &["new", "x", "--template", "k8s/Objekt"]);
    assert_eq!(wrong.code, 2);
    assert_eq!(
        wrong.stderr,
        "error: no template is called “k8s/Objekt”; did you mean “k8s/Object”?\nthere are: k8s/Object, 日记\n"
    );
    assert!(!vault.path().join("x.md").exists());
}

#[test]
fn templates_of_pages_are_no_templates_of_notes() {
    let site =
        folder(&[("zhi.yaml", "source: .\n"), ("a.md", "甲\n"), ("templates/x.html", "")]);
    let made = run(&site, &["new", "b", "--template", "x"]);
    assert!(
        made.code == 2 && made.stderr.contains("no folder of templates"),
        "{}",
        made.stderr
    );
}

#[test]
fn templates_of_notes_are_no_templates_of_pages() {
    let site = folder(&[
        ("zhi.yaml", "source: .\nignore: [templates/**]\n"),
        ("a.md", "甲\n"),
        ("templates/日记.md", "---\ndate: {{date:YYYY-MM-DD}}\n---\n"),
    ]);
    is_clean(&site);
    assert_eq!(run(&site, &["build", "--strict"]).code, 0);
}

#[test]
fn placeholders_that_are_not_understood_are_told() {
    let vault = folder(&[("Templates/t.md", "---\nid: <% tp.file.title %>\n---\n")]);
    let made = run(&vault, &["new", "a", "--template", "t"]);
    assert_eq!(made.code, 0);
    assert!(made.stderr.starts_with("a.md:2:5: warning[template-note]"), "{}", made.stderr);
}

#[test]
fn a_new_site_is_clean_in_both_languages_and_made_once() {
    for (lang, note) in [("zh", "notes/写笔记.md"), ("en", "notes/writing.md")] {
        let site = folder(&[]);
        let made = run(&site, &["init", "--lang", lang]);
        assert_eq!(made.code, 0, "{}", made.stderr);
        assert!(
            made.stdout.starts_with("made  zhi.yaml\nmade  notes/index.md\n"),
            "{}",
            made.stdout
        );
        let first = files(site.path());
        assert!(first.contains_key(note) && first.contains_key(".github/workflows/pages.yml"));
        is_clean(&site);
        let built = run(&site, &["build", "--strict"]);
        assert_eq!(built.code, 0, "{}", built.stderr);
        std::fs::remove_dir_all(site.path().join("public")).unwrap();
        let again = run(&site, &["init", "--lang", lang]);
        assert!(again.code == 0 && !again.stdout.contains("made"), "{}", again.stdout);
        assert_eq!(files(site.path()), first);
    }
}

#[test]
fn the_language_is_that_of_the_environment() {
    let site = folder(&[]);
    assert_eq!(run(&site, &["init", "new/site"]).code, 0);
    assert!(read(&site, "new/site/zhi.yaml").contains("lang: zh-CN"));
    let wrong = run(&site, &["init", "other", "--lang", "fr"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("zh and en"), "{}", wrong.stderr);
}

#[test]
fn notes_that_are_there_stay_as_they_are() {
    for (files_there, source, missing) in [
        (
            &[(".obsidian/app.json", "{}"), ("日记/a.md", "甲\n"), ("模板/t.md", "x\n")][..],
            ".",
            &["zhi.yaml", ".gitignore"][..],
        ),
        (
            &[("content/a.md", "甲\n"), ("README.md", "r\n"), (".gitignore", "/public/\n")],
            "content",
            &["zhi.yaml"],
        ),
        (&[("docs/a.md", "甲\n"), ("zhi.yaml", "source: docs\n")], "docs", &[".gitignore"]),
        (&[("src/SUMMARY.md", "- [甲](a.md)\n"), ("src/a.md", "甲\n")], "src", &["zhi.yaml"]),
        (&[("a/b.md", "甲\n"), ("README.md", "r\n")], ".", &["zhi.yaml"]),
    ] {
        let vault = folder(files_there);
        let made = run(&vault, &["init"]);
        assert_eq!(made.code, 0, "{}", made.stderr);
        for (path, text) in files_there {
            assert_eq!(read(&vault, path), *text, "{path}");
        }
        for path in missing {
            assert!(
                made.stdout.contains(&format!("made  {path}\n")),
                "{path}: {}",
                made.stdout
            );
        }
        assert!(!made.stdout.contains(".md"), "{}", made.stdout);
        let settings = read(&vault, "zhi.yaml");
        assert!(settings.contains(&format!("source: {source}\n")), "{settings}");
        assert_eq!(settings.contains("模板/**"), files_there.len() == 3 && source == ".");
        is_clean(&vault);
    }
    let repository = folder(&[("README.md", "r\n"), ("src/main.rs", "")]);
    assert!(run(&repository, &["init"]).stdout.contains("made  notes/index.md\n"));
}

#[test]
fn a_workflow_that_publishes_is_not_joined_by_another() {
    let other = "jobs: {x: {steps: [{uses: actions/deploy-pages@v4}]}}\n";
    let site = folder(&[(".github/workflows/hugo.yml", other), (".gitignore", "x\n")]);
    let made = run(&site, &["init"]).stdout;
    assert!(made.contains("hugo.yml publishes already"), "{made}");
    assert!(made.contains("left  .gitignore; add a line /public to it"), "{made}");
    assert!(!site.path().join(".github/workflows/pages.yml").exists());
}

#[cfg(unix)]
#[test]
fn init_writes_nothing_through_a_link_out_of_the_folder() {
    let site = folder(&[("site/a.md", "甲\n"), ("other/x", "x")]);
    std::os::unix::fs::symlink(site.path().join("other"), site.path().join("site/.github"))
        .unwrap();
    let made = run(&site, &["init", "site"]);
    assert!(made.code == 2 && made.stderr.contains("outside"), "{}", made.stderr);
    assert_eq!(files(&site.path().join("other")).len(), 1);
}

#[test]
fn the_workflow_gets_zhi_from_where_it_is_told() {
    let site = folder(&[]);
    let made = run(&site, &["init", "--zhi-repository", "https://git.example/zhi"]);
    assert!(!made.stdout.contains("ZHI_REPOSITORY"), "{}", made.stdout);
    let text = read(&site, ".github/workflows/pages.yml");
    assert!(text.contains("  ZHI_REPOSITORY: https://git.example/zhi\n"), "{text}");
    let workflow: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    let steps = workflow["jobs"]["build"]["steps"].as_sequence().unwrap();
    let scripts: Vec<&str> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
    assert_eq!(scripts.len(), 4);
    for script in scripts {
        let read = Command::new("bash").args(["-n", "-c", script]).status().unwrap();
        assert!(read.success(), "{script}");
    }
}
