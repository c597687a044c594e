//! What other programs read, from outside: findings for GitHub and code scanning, records for
//! search engines.

#![expect(clippy::disallowed_methods, reason = "tests write sites and read what came out")]
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// The settings and notes of a site with findings that begin on one line and end on another,
/// with marks that a form has to escape, in files whose names no address can hold.
const FILES: &[(&str, &str)] = &[
    ("zhi.yaml", "check: {orphan: warning}\n"),
    ("notes/index.md", "# 首页\n\n[[网络/100%, a：b]]\n"),
    ("notes/网络/100%, a：b.md", "# 乙\n\n见 [[没有, 100%]]。\n\n```yaml\na: [1\nb: 2\n```\n"),
    (
        "notes/pod.md",
        "---\ntags: [Pod, 网络/服务]\naliases: [容器组]\n---\n\n开头。\n\n## 一 \"节\"\n\n文字\n\n## 二\n\n更多\n",
    ),
];

/// A repository with the site in a folder of it.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut git = Command::new("git");
    assert!(git.arg("init").arg("-q").arg(folder.path()).status().unwrap().success());
    write(&folder.path().join("docs/site"), FILES);
    folder
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
}

/// What the program prints for other programs, and its exit code.
fn run(folder: &Path, arguments: &[&str]) -> (String, i32) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_zhi"));
    let output = program.args(arguments).current_dir(folder).output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
}

fn decoded(text: &str) -> String {
    [("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")]
        .iter()
        .fold(text.to_owned(), |text, (code, mark)| text.replace(code, mark))
}

/// The properties and the message of a workflow command.
fn command(line: &str) -> (String, BTreeMap<String, String>, String) {
    let (head, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
    let (name, properties) = head.split_once(' ').unwrap();
    let pair = |pair: &str| {
        let (key, value) = pair.split_once('=').unwrap();
        (key.to_owned(), decoded(value))
    };
    (name.to_owned(), properties.split(',').map(pair).collect(), decoded(message))
}

#[test]
fn findings_for_github_are_commands_with_paths_from_the_top_of_the_repository() {
    let repository = repository();
    let site = repository.path().join("docs/site");
    let (printed, code) = run(&site, &["check", "--format", "github"]);
    assert_eq!(code, 1);
    let elsewhere = run(repository.path(), &["check", "docs/site", "--format", "github"]);
    assert_eq!(elsewhere.0, printed);
    let mut seen = BTreeSet::new();
    for line in printed.lines() {
        let (name, properties, message) = command(line);
        assert!(matches!(&*name, "error" | "warning"), "{line}");
        assert!(repository.path().join(&properties["file"]).is_file(), "{line}");
        let number = |key: &str| properties.get(key).map(|text| text.parse::<usize>().unwrap());
        assert!(number("line") >= Some(1) && number("endLine") >= number("line"), "{line}");
        let is_in_line = number("line") == number("endLine");
        assert_eq!(number("col").is_some(), is_in_line, "{line}");
        assert_eq!(number("endColumn").is_some(), is_in_line, "{line}");
        assert!(!message.is_empty());
        seen.insert(properties["title"].clone());
    }
    for code in ["broken-link", "yaml-blocks", "orphan"] {
        assert!(seen.contains(code), "{code}: {printed}");
    }
}

#[test]
fn findings_for_code_scanning_have_all_that_it_asks_for() {
    let repository = repository();
    let (printed, code) = run(repository.path(), &["check", "docs/site", "--format", "sarif"]);
    assert_eq!(code, 1);
    let log: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().contains("sarif-2.1.0"));
    let driver = &log["runs"][0]["tool"]["driver"];
    assert_eq!(driver["name"], "zhi");
    let rules = driver["rules"].as_array().unwrap();
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), zhi::diagnostic::Code::ALL.len());
    for rule in rules {
        for part in ["shortDescription", "fullDescription", "help"] {
            assert!(!rule[part]["text"].as_str().unwrap().is_empty(), "{rule}");
        }
        let level = rule["defaultConfiguration"]["level"].as_str().unwrap();
        assert!(matches!(level, "error" | "warning"), "{rule}");
    }
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() >= 3, "{printed}");
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(matches!(result["level"].as_str().unwrap(), "error" | "warning"));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.is_ascii() && !uri.contains([' ', ':']), "{uri}");
        let file = repository.path().join(zhi::path::decode(uri));
        let text = std::fs::read_to_string(&file).unwrap();
        let at = |key: &str| usize::try_from(place["region"][key].as_u64().unwrap()).unwrap();
        let (start, end) = (at("startLine"), at("endLine"));
        assert!(1 <= start && start <= end && end <= text.lines().count() + 1, "{result}");
        assert!(1 <= at("startColumn") && 1 <= at("endColumn"), "{result}");
        assert!(start < end || at("startColumn") <= at("endColumn"), "{result}");
    }
}

#[test]
fn settings_that_cannot_be_read_are_a_finding_in_every_form() {
    let repository = repository();
    write(repository.path(), &[("docs/site/zhi.yaml", "titel: x\n")]);
    let site = repository.path().join("docs/site");
    let (printed, code) = run(&site, &["check", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&printed).unwrap();
    let result = &log["runs"][0]["results"][0];
    assert_eq!((&result["ruleId"], code), (&"config".into(), 2));
    let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "docs/site/zhi.yaml");
    let (printed, _) = run(&site, &["check", "--format", "github"]);
    assert!(printed.starts_with("::error file=docs/site/zhi.yaml,line=1,"), "{printed}");
    let (printed, _) = run(&site, &["check", "--format", "json"]);
    let findings: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((&findings[0]["file"], &findings[0]["line"]), (&"zhi.yaml".into(), &1.into()));
}

/// The records that the program prints in a form, and the bulk form's keys.
fn records(site: &Path, format: &str) -> (Vec<Value>, Vec<String>) {
    let (printed, code) = run(site, &["index", "--format", format]);
    assert_eq!(code, 0);
    assert!(printed.ends_with('\n') && !printed.contains("\n\n"));
    let lines: Vec<Value> =
        printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    if format == "meilisearch" {
        return (lines, Vec::new());
    }
    let (actions, records) = (lines.iter().step_by(2), lines.iter().skip(1).step_by(2));
    let key = |action: &Value| {
        assert_eq!(action.as_object().unwrap().len(), 1, "{action}");
        action["index"]["_id"].as_str().unwrap().to_owned()
    };
    (records.cloned().collect(), actions.map(key).collect())
}

fn ids(records: &[Value]) -> Vec<String> {
    records.iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn records_for_search_engines_parse_and_keep_their_ids() {
    let repository = repository();
    let site = repository.path().join("docs/site");
    let (plain, _) = records(&site, "meilisearch");
    let (bulk, keys) = records(&site, "opensearch");
    assert_eq!(plain, bulk);
    assert_eq!(keys, ids(&bulk));
    assert_eq!(run(&site, &["index", "--format", "ndjson"]), run(&site, &["index"]));
    let unique: BTreeSet<String> = ids(&plain).into_iter().collect();
    assert_eq!(unique.len(), plain.len());
    let may_stand = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    assert!(unique.iter().all(|id| id.chars().all(may_stand)), "{unique:?}");
    let section = plain.iter().find(|record| record["heading"] == "一 \"节\"").unwrap();
    assert_eq!(section["url"], "pod.html#一-节");
    assert_eq!(section["text"], "文字");
    assert_eq!(section["tags"], serde_json::json!(["Pod", "网络/服务"]));
    assert_eq!(section["aliases"], serde_json::json!(["容器组"]));
    for record in &plain {
        assert!(!record["title"].as_str().unwrap().is_empty(), "{record}");
    }

    write(
        &site,
        &[
            ("notes/新的.md", "# 新的\n"),
            ("notes/pod.md", "开头改了。\n\n## 一 \"节\"\n\n改了\n"),
        ],
    );
    let (later, _) = records(&site, "meilisearch");
    let same = |records: &[Value]| {
        let found = records.iter().find(|record| record["heading"] == "一 \"节\"").unwrap();
        found["id"].clone()
    };
    assert_eq!(same(&later), same(&plain), "an edit elsewhere gave a section another id");
    let untouched: Vec<_> = plain
        .iter()
        .filter(|record| !record["url"].as_str().unwrap().contains("pod"))
        .collect();
    assert!(untouched.iter().all(|record| later.contains(record)), "{later:?}");
}
