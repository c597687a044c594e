//! What a block says it is, against what it holds.

use super::{Block, data, shell};
use crate::config::nearest;
use crate::diagnostic::{Code, Diagnostic};
use crate::note::highlight;

/// Languages that authors may mean by an unknown word.
const COMMON: &[&str] = &[
    "bash",
    "console",
    "css",
    "diff",
    "dockerfile",
    "go",
    "html",
    "ini",
    "java",
    "javascript",
    "json",
    "makefile",
    "markdown",
    "mermaid",
    "nginx",
    "promql",
    "python",
    "rust",
    "shell",
    "sql",
    "text",
    "toml",
    "typescript",
    "xml",
    "yaml",
];

/// Reports a missing, unknown or wrong label; whether the code is worth a closer look.
pub(super) fn check(block: Block<'_>, found: &mut Vec<Diagnostic>) -> bool {
    let language = block.code.language.as_str();
    if language.is_empty() {
        found.push(unlabelled(block));
        return false;
    }
    if !block.is(&["mermaid"]) && highlight::language(language).is_none() {
        found.push(unknown(block, language));
        return false;
    }
    let Some((label, what)) = wrong(block) else { return true };
    let message = format!("this block is {what}, not {language}");
    let finding = block.fence_finding(Code::WrongLanguage, message);
    found.push(finding.with_help(format!("label it `{label}`")));
    false
}

fn unlabelled(block: Block<'_>) -> Diagnostic {
    let finding =
        block.fence_finding(Code::UnlabelledCode, "this block does not say its language");
    let guess = guess(&block.code.text);
    finding.with_help(match guess {
        "text" => "write it behind the fence: `console`, `text` …".to_owned(),
        _ => format!("write it behind the fence: ```{guess}"),
    })
}

fn guess(text: &str) -> &'static str {
    let has_line =
        |starts: &[&str]| text.lines().any(|line| starts.iter().any(|s| line.starts_with(s)));
    if text.starts_with(['{', '[']) && data::is_json(text) {
        "json"
    } else if has_line(&["$ ", "# kubectl", "root@", "[root@"]) {
        "console"
    } else if has_line(&["apiVersion:", "kind:"]) {
        "yaml"
    } else if has_line(&["package ", "func "]) {
        "go"
    } else if has_line(&["kubectl ", "docker ", "sudo ", "helm ", "#!/bin/"]) {
        "bash"
    } else {
        "text"
    }
}

fn unknown(block: Block<'_>, language: &str) -> Diagnostic {
    let message = format!("the language `{language}` is not known");
    let mut finding = block.fence_finding(Code::UnknownLanguage, message);
    let lower = language.to_ascii_lowercase();
    finding.help =
        nearest(&lower, COMMON.iter().copied()).map(|near| format!("did you mean `{near}`?"));
    finding
}

/// The label that a block should have, and what it is in a sentence, where that is sure.
fn wrong(block: Block<'_>) -> Option<(&'static str, &'static str)> {
    let text = block.code.text.trim();
    let is_json = || text.starts_with(['{', '[']) && text.contains('"') && data::is_json(text);
    if (block.is(&["yaml", "yml"]) || shell::is_shell(block.code)) && is_json() {
        return Some(("json", "JSON"));
    }
    if block.is(&["json"]) && !text.starts_with(['{', '[', '"']) && data::is_yaml_mapping(text)
    {
        return Some(("yaml", "YAML"));
    }
    let is_data = block.is(&["yaml", "yml", "json"]);
    if (shell::is_shell(block.code) || is_data) && shell::is_session(text) {
        return Some(("console", "a terminal session with its output"));
    }
    None
}
