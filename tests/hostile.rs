//! Folders that nobody means well with: whatever they hold, the program ends by itself with
//! an exit code of its own, names what it refuses, writes only into its output, and lets no
//! script of theirs into a page.

#![expect(clippy::disallowed_methods, reason = "the folders are made and read here")]

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// A folder: its name, its files with their bytes.
type Case = (&'static str, Vec<(String, Vec<u8>)>);

fn one(name: &'static str, file: &str, text: impl Into<Vec<u8>>) -> Case {
    (name, vec![(file.to_owned(), text.into())])
}

fn many(name: &'static str, files: &[(&str, &str)]) -> Case {
    let files = files.iter().map(|(file, text)| ((*file).to_owned(), text.as_bytes().to_vec()));
    (name, files.collect())
}

/// Notes whose front matter has the wrong shape.
fn front_matter() -> Vec<Case> {
    let block = |name, yaml: &str| one(name, "n.md", format!("---\n{yaml}\n---\nText.\n"));
    let level = |n: u8| format!("a{n}: &a{n} [{}]\n", format!("*a{},", n - 1).repeat(9));
    let bomb = (1..10).map(level).collect::<Vec<_>>().concat();
    vec![
        block("a list", "- a\n- b"),
        block("a scalar", "just text"),
        block("duplicate keys", "title: a\ntitle: b"),
        block("tabs", "title:\n\t- a"),
        block(
            "wrong types",
            "title: [a]\ntags: {a: b}\nweight: x\ndate: [1]\ndraft: {}\nslug: []",
        ),
        block("deep flow", &format!("a: {}", "[".repeat(20_000))),
        block("anchors bomb", &format!("a0: &a0 [lol,lol]\n{bomb}")),
        block("long", &"k: v\n".repeat(40_000)),
        block(
            "scripts",
            "title: <script>alert(1)</script>\ntags: ['<script>alert(1)</script>']\naliases: ['\"><script>alert(1)</script>']\nlang: '\"><script>'\ncssclasses: ['\" onload=alert(1) x=\"']\nimage: javascript:alert(1)\nauthors: ['</script><script>alert(1)</script>']",
        ),
        block(
            "address outside",
            "permalink: /../../../out\naliases: [/../../out]\nslug: ../../out",
        ),
        block("site pages", "permalink: /search/root.js"),
        block("theme file", "permalink: /site.css"),
        one("toml", "n.md", "+++\ntitle = 'a'\n+++\n"),
        many(
            "toml",
            &[
                ("a.md", &format!("+++\na{} = 1\n+++\n", ".a".repeat(20_000))),
                ("b.md", &format!("+++\n{}+++\n", "[[a]]\n".repeat(10_000))),
                (
                    "c.md",
                    "+++\ntitle = '<script>alert(1)</script>'\naliases = ['/../../x']\ndraft = 'maybe'\n+++\n[[x]]",
                ),
                (
                    "d.md",
                    &format!("+++\na = {}{}\n+++\n", "[".repeat(5_000), "]".repeat(5_000)),
                ),
            ],
        ),
        many(
            "dates",
            &[
                (
                    "a.md",
                    "---\ndate: 9999999-99-99\nupdated: -1-1-1\nreview_after: 1e400\n---\nx",
                ),
                (
                    "b.md",
                    "---\ndate: 0001-01-01\nupdated: 9999-12-31T23:59:60+14:00\nreviewed: .inf\nweight: 99999999999999999999\n---\nx",
                ),
            ],
        ),
        one("never closed", "n.md", "---\ntitle: a\nText"),
        one("nul", "n.md", b"---\ntitle: a\0b\n---\n\0".to_vec()),
    ]
}

/// Files in no encoding, and names that no one would choose.
fn bytes_and_names() -> Vec<Case> {
    let named = |name, file: &str| one(name, file, "[[x]] text");
    vec![
        one("gbk", "n.md", b"\xd6\xd0\xce\xc4 # \xb1\xea\xcc\xe2\n".to_vec()),
        one("utf-16 le", "n.md", b"\xff\xfe#\0 \0a\0\n\0".to_vec()),
        one("utf-16 cut", "n.md", b"\xfe\xff\0#\0".to_vec()),
        one("lone bytes", "n.md", b"\xff\xfe\xfd\x80\xc0".to_vec()),
        one("byte order marks", "n.md", "\u{feff}\u{feff}---\ntitle: a\n---\n"),
        named("device", "CON.md"),
        named("trailing dots", "a...md"),
        named("line break", "a\nb.md"),
        named("long name", &format!("{}.md", "x".repeat(252))),
        named("emoji", "🙈.md"),
        named("right to left", "a\u{202e}dm.md"),
        named("dots", "..md"),
        named("only an ending", ".md"),
        named("script name", "<script>alert(1)<!--.md"),
        named("quotes", "\"'`.md"),
        named("percent", "%2e%2e%2fa.md"),
        named("backslash", "..\\..\\a.md"),
        named("dash", "--help.md"),
        named("manifest", ".zhi/a.md"),
        named("control characters", "\u{1}\u{7f}\u{85}.md"),
        named("spaces", "   .md"),
        named("markup", "q\"><img src=x onerror=alert(1)>.md"),
        named("page of pages", "index.html.md"),
        named("a page's own file", "404.html.md"),
        named("wikilink", "[[a]].md"),
        named("template", "{{ 7 }}.md"),
        named("fragment", "a?b#c.md"),
        named("entity", "&lt;script&gt;.md"),
        one(
            "control characters in text",
            "n.md",
            "# a\u{b}b\u{7f}\n\nc\u{1}d `e\u{2}f` [g\u{3}](h\u{85})\n",
        ),
        named("full of Han", &format!("{}/{}.md", "字".repeat(85), "字".repeat(84))),
        named("terminal", "\u{1b}[31mred.md"),
        named("separators", "\u{2028}::error file=x::y.md"),
        many(
            "topics and pages",
            &[
                (
                    "a.md",
                    "---\ntags: [index, ＩＮＤＥＸ, '../../x', '..', con, search/root, a/b, feed.xml]\n---\n#a/b",
                ),
                ("tags/a/b.md", "x"),
                ("tags.md", "x"),
            ],
        ),
        many("twins", &[("a.md", "1"), ("A.md", "2"), ("é.md", "3"), ("e\u{301}.md", "4")]),
        many(
            "page as folder",
            &[("a.md", "[x](a.html/x.png)"), ("a.html/x.png", "x"), ("a.html/b.md", "b")],
        ),
        many(
            "site names",
            &[
                ("search.md", "1"),
                ("404.md", "2"),
                ("tags/index.md", "3"),
                ("static.md", "4"),
                ("site.css/a.md", "5"),
                ("index.html", "<script>alert(1)</script>"),
            ],
        ),
    ]
}

/// Links, embeds, raw HTML and labels that try to run or to leave.
fn markup() -> Vec<Case> {
    let addresses = [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:alert(1)",
        "java\tscript:alert(1)",
        "&#x6A;avascript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "\u{1}javascript:alert(1)",
    ];
    let link = |a: &&str| {
        format!("[x](<{a}>) ![x](<{a}>) <a href=\"{a}\">x</a> <img src='{a}'> [[{a}]]\n\n")
    };
    let links = addresses.iter().map(link).collect::<Vec<_>>().concat();
    let svg = "<svg onload='alert(1)'><script>alert(1)</script></svg>";
    vec![
        one("addresses", "n.md", links),
        one(
            "raw html",
            "n.md",
            "<script>alert(1)</script>\n<img src=x onerror=alert(1)>\n<svg/onload=alert(1)>\n<iframe srcdoc='<script>alert(1)</script>'></iframe>\n<style>*{}</style>\n<a onclick=alert(1)>x</a><details ontoggle=alert(1) open>\n<form action=//evil><base href=//evil>\n",
        ),
        one(
            "labels",
            "n.md",
            "```<script>alert(1)</script>\nx\n```\n\n```js title=\"<script>alert(1)</script>\"\nx\n```\n\n![\"><script>alert(1)</script>](x.png)\n\n> [!<script>alert(1)</script>] <script>alert(1)</script>\n\n# <script>alert(1)</script>\n\n#<script> [[<script>alert(1)</script>]]\n",
        ),
        one(
            "diagram",
            "n.md",
            "```mermaid\nflowchart LR\nA[\"<script>alert(1)</script>\"] --> B[\"<img src=x onerror=alert(1)>\"]\nclick A href \"javascript:alert(1)\"\n```\n",
        ),
        one(
            "formula",
            "n.md",
            "$\\href{javascript:alert(1)}{x}$ $$<script>alert(1)</script>$$",
        ),
        one(
            "shortcodes in tags",
            "n.md",
            "<b title=\"{{ a }}\" id='{{b}}' class={{c}}>x {{ d }}</b>\n\n<div>\n{{ e }} <a href=\"{{ f }}\">x</a>\n</div>\n\n# H {#i{{x}}}\n\n[[n {{ m }}]] ![a {{ q }}](b.png \"t {{ q }}\") [x](<c {{ d }}>)\n",
        ),
        one(
            "addresses in front matter",
            "n.md",
            "---\npermalink: javascript:alert(1)\nimage: ' javascript:alert(1)'\nup: 'javascript:alert(1)'\nrelated: ['[[javascript:alert(1)]]']\naliases: [//evil.example/x, /a/../../b, /%2e%2e/c]\nsource: javascript:alert(1)\n---\n[[n]]",
        ),
        one(
            "labels of diagrams",
            "n.md",
            "```mermaid\nsequenceDiagram\nparticipant A as </text><script>alert(1)</script>\nA->>A: <img src=x onerror=alert(1)>\n```\n\n```mermaid\npie title <script>alert(1)</script>\n\"<script>alert(1)</script>\": 5\n```\n",
        ),
        many(
            "circle of sections",
            &[
                ("a.md", "# A\n![[b#B]]\n![[#A]]\np ![[a#^x]] ^x\n"),
                ("b.md", "# B\n![[a#A]]\n![[a#^x]]\n"),
            ],
        ),
        many(
            "files",
            &[
                ("n.md", "![](a.svg) [x](a.html) [y](a.xml)"),
                ("a.svg", svg),
                ("a.html", "<script>alert(1)</script>"),
                ("a.xml", svg),
            ],
        ),
        one(
            "outside",
            "n.md",
            "[x](../../etc/passwd) ![x](../../../etc/passwd) [[../../../etc/passwd]] ![[/etc/passwd]] [x](/etc/passwd) [x](%2e%2e/%2e%2e/etc/passwd)",
        ),
        many("circle", &[("a.md", "![[b]]"), ("b.md", "![[a]] ![[b]]")]),
        (
            "tree of embeds",
            (0..30)
                .map(|n| {
                    (
                        format!("n{n}.md"),
                        format!("![[n{}]]\n\n![[n{}]]\n", n + 1, n + 1).into_bytes(),
                    )
                })
                .collect(),
        ),
    ]
}

/// Much of one thing.
fn masses() -> Vec<Case> {
    let of = |name, text: String| one(name, "n.md", text);
    let lines = |count: usize, line: &dyn Fn(usize) -> String| -> String {
        (0..count).map(|n| line(n) + "\n\n").collect()
    };
    let repeated = [
        ("quotes", ">", 10_000),
        ("lists", "- ", 10_000),
        ("brackets", "[", 20_000),
        ("links open", "](", 20_000),
        ("wikilinks open", "[[", 20_000),
        ("stars", "*a ", 20_000),
        ("underscores", "_a **", 20_000),
        ("ticks", "`a``", 20_000),
        ("tags open", "<a ", 20_000),
        ("comments open", "<!--", 20_000),
        ("notes open", "%%", 20_001),
        ("shortcodes", "{{< ", 20_000),
        ("dollars", "$a ", 20_000),
        ("highlights", "==a ", 20_000),
        ("details", "<details>", 5_000),
        ("carets", "^a ~b ", 20_000),
        ("entities", "&", 50_000),
        ("images", "![", 20_000),
    ];
    let mut cases: Vec<Case> =
        repeated.iter().map(|(name, text, times)| of(name, text.repeat(*times))).collect();
    cases.extend([
        of("broken links in a line", "[a](b) ".repeat(20_000)),
        of("nested links", format!("{}a{}", "[".repeat(5_000), "](b)".repeat(5_000))),
        of("attributes", format!("<b {}>", "title='{{ a }}' ".repeat(20_000))),
        of("definitions", lines(10_000, &|n| format!("[a{n}]: b"))),
        of("front matter keys", {
            let keys: Vec<String> = (0..3000).map(|n| format!("k{n}: v\n")).collect();
            format!("---\n{}---\n", keys.concat())
        }),
        ("too deep", vec![(format!("{}n.md", "d/".repeat(70)), b"x".to_vec())]),
        of("a long line", "字".repeat(500_000)),
        of("round brackets open", "(".repeat(1_000_000)),
        of("too large", "a".repeat((8 << 20) + 1)),
        of("columns", format!("{0}\n{1}\n{0}\n", "|a".repeat(1000), "|-".repeat(1000))),
        of("headings", lines(10_000, &|_| "## a".to_owned())),
        of("broken anchors", lines(5_000, &|n| format!("## h{n}\n\n[[#x{n}]]"))),
        of("broken links", lines(20_000, &|n| format!("[[gone {n}]]"))),
        of("tags", lines(20_000, &|n| format!("#t{n}"))),
        of("deep tag", format!("#{}", "a/".repeat(20_000))),
        of("footnotes", lines(5_000, &|n| format!("[^{n}]\n\n[^{n}]: x"))),
        of("nested callouts", {
            let line = |n: usize| format!("{} [!note]- t\n", ">".repeat(n));
            (1..3000).map(line).collect()
        }),
        of("formulas", {
            let nested = "\\frac{".repeat(5_000) + "x" + &"}{y}".repeat(5_000);
            format!("$${nested}$$\n\n$${}$$\n", "\\sqrt{".repeat(4_000))
        }),
        of(
            "notes within notes",
            lines(300, &|n| format!("[^{n}]: {}", format!("[^{}] ", n + 1).repeat(10))),
        ),
        of("wide table", {
            let row = |cell: &str| cell.repeat(10_000) + "\n";
            row("|a") + &row("|-") + &row("|b")
        }),
        of("anchors", lines(20_000, &|n| format!("<a id=\"x{n}\"></a>[y](#x{})", n + 1))),
        (
            "circle of aliases",
            (0..100)
                .map(|n| {
                    let next = (n + 1) % 100;
                    let text =
                        format!("---\naliases: [n{next}, all, /n{next}.html]\n---\n[[all]]");
                    (format!("n{n}.md"), text.into_bytes())
                })
                .collect(),
        ),
        of("blocks", lines(10_000, &|n| format!("p ^b{n}"))),
        ("folders", vec![(format!("{}n.md", "d/".repeat(90)), b"x".to_vec())]),
    ]);
    cases
}

/// Settings and templates that are wrong in every way.
fn settings() -> Vec<Case> {
    let config = |name, yaml: &str| many(name, &[("zhi.yaml", yaml), ("notes/a.md", "x")]);
    let template =
        |name, text: &str| many(name, &[("templates/note.html", text), ("notes/a.md", "x")]);
    vec![
        ("empty", Vec::new()),
        config("list settings", "- a"),
        config("wrong types", "title: [a]\nfeeds: 3\nmarkdown: yes"),
        config("unknown setting", "titel: a"),
        config("output outside", "output: ../out"),
        config("output absolute", "output: /tmp/zhi-hostile-out"),
        config("output is the notes", "output: notes"),
        config("output inside the notes", "output: notes/public"),
        config("output is the theme", "output: static"),
        config("source outside", "source: ../.."),
        config(
            "script settings",
            "title: </title><script>alert(1)</script>\ndescription: '\"><script>alert(1)</script>'\nlang: '\"><script>'",
        ),
        config("address that runs", "repo: {url: 'javascript:alert(1)'}"),
        config("base that runs", "base_url: 'javascript:alert(1)//'"),
        config("deep settings", &format!("nav: {}", "[".repeat(50_000))),
        config("long settings", &format!("title: {}", "a".repeat(2 << 20))),
        config("globs", &format!("ignore:\n{}", "  - '**/***/x**y/**'\n".repeat(9_000))),
        config("circular settings", "nav: &a [*a]"),
        config("open quote", "title: \"a\nlang: zh\n"),
        many("folder for settings", &[("zhi.yaml/a", ""), ("notes/a.md", "x")]),
        template("circular include", "{% include \"note.html\" %}"),
        template("include outside", "{% include \"../../../../etc/passwd\" %}"),
        template(
            "endless page",
            "{% for a in range(end=90000) %}{% for b in range(end=1000) %}aaaaaaaa{% endfor %}{% endfor %}",
        ),
        template("deep template", &"{% if a %}".repeat(5_000)),
        template("broken template", "{% if %}"),
        template("failing template", "{{ nothing.at.all }}"),
        template("circular template", "{% extends \"note.html\" %}"),
        many("file for a folder", &[("a.md", "x"), ("public", "a file")]),
    ]
}

/// Builds a folder; says what went wrong, if anything did.
fn trouble(case: &Case) -> Option<String> {
    let (name, files) = case;
    let above = TempDir::new().expect("a folder for the case");
    let dir = above.path().join("site");
    fs::create_dir(&dir).expect("a folder for the site");
    for (file, bytes) in files {
        let path = dir.join(file);
        fs::create_dir_all(path.parent().unwrap_or(&dir)).expect("a folder for the file");
        fs::write(&path, bytes).expect("a file");
    }
    let built = limited()
        .args(["build", "--keep-going", "--base-url", "https://example.org/repo/"])
        .arg(&dir)
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&built.stderr);
    let tail: String = said.chars().take(400).collect();
    if !matches!(built.status.code(), Some(0..=2)) || said.contains("panicked") {
        return Some(format!("{name}: ended with {:?}: {tail}", built.status));
    }
    if !built.status.success() && said.trim().is_empty() {
        return Some(format!("{name}: refused without a word"));
    }
    let named = |name: &str| said.contains(name.rsplit('/').next().unwrap_or(name));
    if !built.status.success()
        && !files.iter().any(|(file, _)| named(file))
        && !["site", "zhi.yaml", "templates"].iter().any(|name| named(name))
    {
        return Some(format!("{name}: refused without naming a file: {tail}"));
    }
    let beside = fs::read_dir(above.path()).map_or(0, Iterator::count);
    if beside != 1 || Path::new("/tmp/zhi-hostile-out").exists() {
        return Some(format!("{name}: wrote outside of its folder"));
    }
    script_in(&dir.join("public")).map(|found| format!("{name}: {found}"))
}

/// The program, held to an address space of 4 GiB where the system can do that.
fn limited() -> Command {
    let program = env!("CARGO_BIN_EXE_zhi");
    if !cfg!(target_os = "linux") {
        return Command::new(program);
    }
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -v 4194304; exec \"$0\" \"$@\"", program]);
    shell
}

/// The first script of the content in any page below a folder.
fn script_in(folder: &Path) -> Option<String> {
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if let Some(found) = script_in(&path) {
                return Some(found);
            }
        } else if path.extension().is_some_and(|ext| ext == "html" || ext == "svg") {
            let text = String::from_utf8_lossy(&fs::read(&path).ok()?).into_owned();
            if let Some(odd) = text.chars().find(|c| c.is_control() && !c.is_whitespace()) {
                return Some(format!("{} holds {odd:?}", path.display()));
            }
            if let Some(found) = script_tag(&text) {
                return Some(format!("{} holds {found}", path.display()));
            }
        }
    }
    None
}

/// The first tag that runs something, of all that a browser would read as tags.
fn script_tag(html: &str) -> Option<&str> {
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if let Some(data) = rest.strip_prefix("<script type=\"application/ld+json\">") {
            rest = &data[data.find("</script>").unwrap_or(data.len())..];
            continue;
        }
        let tag = &rest[..tag_end(rest)];
        let lower = tag.to_ascii_lowercase();
        // Its other attributes may name the page, in quotation marks.
        let source =
            lower.strip_prefix("<script src=\"").and_then(|rest| rest.split('"').next());
        let is_own = source.is_some_and(|source| !source.contains("alert"));
        let outside = unquoted(&lower);
        if lower.starts_with("<script") && !is_own
            || outside.contains(" on")
            || ["href", "src", "action"]
                .iter()
                .any(|name| lower.contains(&format!("{name}=\"javascript:")))
        {
            return Some(tag);
        }
        rest = &rest[tag.len().max(1)..];
    }
    None
}

/// Where a tag ends: at the first `>` outside of quotation marks.
fn tag_end(tag: &str) -> usize {
    let mut quoted = false;
    let end = tag.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == '>' && !quoted
    });
    end.map_or(tag.len(), |(at, _)| at + 1)
}

/// A tag without the values of its attributes.
fn unquoted(tag: &str) -> String {
    tag.split('"').step_by(2).collect()
}

#[test]
fn hostile_folders_harm_nobody() {
    let cases: Vec<Case> =
        [front_matter(), bytes_and_names(), markup(), masses(), settings()].concat();
    assert!(cases.len() >= 110, "{} folders", cases.len());
    let mut found = Vec::new();
    for case in &cases {
        let start = std::time::Instant::now();
        found.extend(trouble(case));
        if std::env::var_os("ZHI_TIMES").is_some() {
            eprintln!("{:>6} ms {}", start.elapsed().as_millis(), case.0);
        }
    }
    assert!(found.is_empty(), "{} folders\n{}", cases.len(), found.join("\n"));
}

/// Pipes and folders too deep hold notes that no build can read: it says so, and ends.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_named() {
    let dir = TempDir::new().expect("a folder for the case");
    fs::write(dir.path().join("n.md"), "[[pipe]]").expect("a file");
    let pipe = dir.path().join("pipe.md");
    let made = Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success());
    assert!(made, "a pipe");
    let deep = format!("{}n.md", "d/".repeat(70));
    fs::create_dir_all(dir.path().join("d/".repeat(70))).expect("folders");
    fs::write(dir.path().join(deep), "x").expect("a file");
    let built = limited().args(["build", "--keep-going"]).arg(dir.path()).output();
    let said = String::from_utf8_lossy(&built.expect("the program starts").stderr).into_owned();
    assert!(said.contains("pipe.md:1:1: error[unreadable]"), "{said}");
    assert!(said.contains("folders nest deeper than 64"), "{said}");
}
