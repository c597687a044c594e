//! The names that may stand behind a code fence, and which engine colours them.
//! A table and its lookup, nothing else.

use super::sublime::Grammar;

/// A language that zhi can colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// The name a reader sees above the code, such as `YAML`.
    pub label: &'static str,
    pub(super) engine: Engine,
}

/// Who colours a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    Plain,
    Yaml,
    Go,
    Json,
    Bash,
    Console,
    GoTemplate,
    PromQl,
    LogQl,
    Sublime(Grammar),
}

/// The language that a fence's first word names, whatever its case; `None` if
/// zhi does not know it.
pub fn language(info: &str) -> Option<Language> {
    let name = info.to_ascii_lowercase();
    let found = |(_, _, names): &&Row| names.split(' ').any(|known| known == name);
    LANGUAGES.iter().find(found).map(|&(label, engine, _)| Language { label, engine })
}

type Row = (&'static str, Engine, &'static str);

const fn extra(name: &'static str) -> Engine {
    Engine::Sublime(Grammar::extra(name))
}

/// Label, engine, and the names in lower case with a blank between them.
const LANGUAGES: &[Row] = &[
    ("YAML", Engine::Yaml, "yaml yml"),
    ("Go", Engine::Go, "go golang"),
    ("Bash", Engine::Bash, "bash sh shell zsh ash ksh shellscript"),
    ("Console", Engine::Console, "console shell-session shellsession sh-session terminal term"),
    ("Text", Engine::Plain, "text txt plain plaintext none output csv tsv"),
    ("JSON", Engine::Json, "json jsonc jsonl ndjson"),
    ("JSON5", extra("JavaScript (Babel)"), "json5"),
    ("TOML", extra("TOML"), "toml"),
    ("HCL", extra("Terraform"), "hcl"),
    ("Terraform", extra("Terraform"), "terraform tf tfvars"),
    ("Dockerfile", extra("Dockerfile (with bash)"), "dockerfile docker containerfile"),
    ("nginx", extra("nginx"), "nginx nginxconf"),
    ("PromQL", Engine::PromQl, "promql"),
    ("LogQL", Engine::LogQl, "logql"),
    ("Rego", extra("Rego"), "rego"),
    ("Helm", Engine::Yaml, "helm helm-yaml yaml+helm"),
    ("Go template", Engine::GoTemplate, "gotmpl go-template gotemplate go-text-template tmpl"),
    ("Jinja", extra("Jinja2"), "jinja jinja2 j2"),
    ("Jsonnet", extra("jsonnet"), "jsonnet libsonnet"),
    ("Lua", extra("Lua"), "lua"),
    ("Python", extra("Python"), "python py python3 starlark bzl tiltfile"),
    ("Rust", extra("Rust"), "rust rs"),
    ("Java", extra("Java"), "java"),
    ("Kotlin", extra("Kotlin"), "kotlin kt kts"),
    ("Groovy", extra("Groovy"), "groovy gradle jenkinsfile"),
    ("Scala", extra("Scala"), "scala"),
    ("TypeScript", extra("TypeScript"), "typescript ts mts cts"),
    ("TSX", extra("TypeScriptReact"), "tsx"),
    ("JavaScript", extra("JavaScript (Babel)"), "javascript js mjs cjs jsx node"),
    ("SQL", extra("SQL"), "sql mysql postgresql postgres psql sqlite"),
    ("GraphQL", extra("GraphQL"), "graphql gql"),
    ("Diff", extra("Diff"), "diff patch"),
    ("INI", extra("INI"), "ini conf cfg config editorconfig"),
    ("systemd", extra("INI"), "systemd service unit"),
    ("Properties", extra("Java Properties"), "properties"),
    ("Environment", extra("DotENV"), "env dotenv"),
    ("XML", extra("XML"), "xml xsd svg plist"),
    ("HTML", extra("HTML"), "html htm"),
    ("CSS", extra("CSS"), "css"),
    ("SCSS", extra("SCSS"), "scss"),
    ("C", extra("C"), "c h"),
    ("C++", extra("C++"), "cpp c++ cc cxx hpp"),
    ("C#", extra("C#"), "csharp c# cs"),
    ("Swift", extra("Swift"), "swift"),
    ("Zig", extra("Zig"), "zig"),
    ("PHP", extra("PHP Source"), "php"),
    ("Perl", extra("Perl"), "perl pl"),
    ("Ruby", extra("Ruby"), "ruby rb"),
    ("Makefile", extra("Makefile"), "makefile make mk"),
    ("CMake", extra("CMake"), "cmake"),
    ("Protocol Buffers", extra("Protocol Buffer"), "protobuf proto proto3"),
    ("HTTP", extra("HTTP Request and Response"), "http https rest"),
    ("Markdown", extra("Markdown"), "markdown md"),
    ("PowerShell", extra("PowerShell"), "powershell ps1 pwsh ps"),
    ("Batch", extra("Batch File"), "bat batch cmd"),
    ("Fish", extra("Fish"), "fish"),
    ("AWK", extra("AWK"), "awk"),
    ("jq", extra("JQ"), "jq"),
    ("Nix", extra("Nix"), "nix"),
    ("LaTeX", extra("LaTeX"), "latex tex"),
    ("Vim script", extra("VimL"), "vim viml vimscript"),
    ("go.mod", extra("Gomod"), "go.mod gomod"),
    ("Graphviz", extra("Graphviz (DOT)"), "dot graphviz"),
    ("ssh_config", extra("SSH Config"), "ssh_config sshconfig ssh-config"),
    ("Crontab", extra("Crontab"), "crontab cron"),
    ("fstab", extra("fstab"), "fstab"),
    ("hosts", extra("Hosts File"), "hosts"),
    ("Log", extra("log"), "log logs"),
];

#[cfg(test)]
pub(super) fn all_names() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().flat_map(|(_, _, names)| names.split(' '))
}
