//! Every diagram in `tests/diagrams/` is drawn; `x.txt` beside `x.mmd` holds the text that a
//! reader sees in it, in the order of drawing, one label a line. To write those files anew:
//! `UPDATE=1 cargo test --test diagrams`, and read the difference.

#![cfg(feature = "diagrams")]
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
#![expect(clippy::disallowed_methods, reason = "tests read their cases")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use roxmltree::{Document, Node};
use zhi::note::diagram::render;

const STYLES: &str = include_str!("../static/diagram.css");

fn cases() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagrams");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "mmd"));
    files.sort();
    let read = |file: &PathBuf| {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read_to_string(file).unwrap())
    };
    files.iter().map(read).collect()
}

fn drawn(name: &str, source: &str) -> String {
    render(source, name, None).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn labels(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(|text| lines(text).join(" / ")).collect()
}

/// The lines of a label: each stands in a `tspan` with a place of its own if there are many.
fn lines(text: Node<'_, '_>) -> Vec<String> {
    let whole = |node: Node<'_, '_>| {
        let parts = node.descendants().filter(Node::is_text).filter_map(|part| part.text());
        parts.collect::<String>()
    };
    let placed: Vec<_> = text.children().filter(|part| part.has_attribute("y")).collect();
    if placed.is_empty() { vec![whole(text)] } else { placed.into_iter().map(whole).collect() }
}

#[test]
fn every_label_is_drawn_where_it_belongs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagrams");
    for (name, source) in cases() {
        let found = labels(&drawn(&name, &source)).join("\n") + "\n";
        let file = folder.join(&name).with_extension("txt");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn a_drawing_brings_no_style_script_or_foreign_thing() {
    for (name, source) in cases() {
        let svg = drawn(&name, &source);
        let document = Document::parse(&svg).unwrap();
        for node in document.descendants().filter(Node::is_element) {
            let tag = node.tag_name().name();
            assert!(!["style", "script", "foreignObject", "image"].contains(&tag), "{name}");
            for attribute in node.attributes() {
                let (key, value) = (attribute.name(), attribute.value());
                assert!(key != "style" && !key.starts_with("on"), "{name}: {key}");
                assert!(
                    !value.contains("url(") || value.starts_with("url(#"),
                    "{name}: {value}"
                );
                assert!(key != "href" || value.starts_with("http"), "{name}: {value}");
            }
        }
    }
}

#[test]
fn ids_begin_with_the_one_given_and_are_there_when_named() {
    for (name, source) in cases() {
        let svg = drawn(&name, &source);
        let document = Document::parse(&svg).unwrap();
        let attributes = || document.descendants().flat_map(|node| node.attributes());
        let ids: Vec<&str> =
            attributes().filter(|a| a.name() == "id").map(|a| a.value()).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len(), "{name}");
        assert!(ids.iter().all(|id| id.starts_with(&format!("{name}-"))), "{name}");
        let named = attributes().filter_map(|attribute| match attribute.name() {
            "aria-labelledby" => Some(attribute.value()),
            _ => attribute.value().strip_prefix("url(#")?.strip_suffix(')'),
        });
        for id in named {
            assert!(unique.contains(id), "{name}: {id}");
        }
    }
}

#[test]
fn the_style_sheet_knows_every_class() {
    for (name, source) in cases() {
        let svg = drawn(&name, &source);
        let document = Document::parse(&svg).unwrap();
        let classes = document.descendants().filter_map(|node| node.attribute("class"));
        for class in classes.flat_map(str::split_whitespace) {
            let is_known = [" {", ".", "\n"]
                .iter()
                .any(|after| STYLES.contains(&format!(".{class}{after}")));
            assert!(is_known, "{name}: {class}");
        }
    }
}

#[test]
fn drawings_are_small_and_always_the_same() {
    for (name, source) in cases() {
        let svg = drawn(&name, &source);
        assert!(svg.len() < 6 * 1024, "{name}: {} bytes", svg.len());
        assert_eq!(svg, drawn(&name, &source));
    }
}

#[test]
fn a_drawing_tells_its_name() {
    let title = |source: &str, title: Option<&str>| {
        let svg = render(source, "x", title).unwrap();
        let document = Document::parse(&svg).unwrap();
        let text =
            |name| document.descendants().find(|n| n.has_tag_name(name)).and_then(|n| n.text());
        (text("title").unwrap().to_owned(), text("desc").map(str::to_owned))
    };
    let plain = "graph TD\n A[容器] --> B";
    let named = "graph TD\n accTitle: 名字\n accDescr: 说明\n A --> B";
    for (source, given, expected) in [
        (plain, None, ("示意图", None)),
        (plain, Some("代码 <1>"), ("代码 <1>", None)),
        ("graph TD\n A --> B", None, ("Diagram", None)),
        (named, Some("x"), ("名字", Some("说明"))),
        ("pie\n title 内存\n \"a\" : 1", Some("x"), ("内存", None)),
        ("---\ntitle: 流程\n---\ngraph TD\n A --> B", None, ("流程", None)),
    ] {
        let expected = (expected.0.to_owned(), expected.1.map(str::to_owned));
        assert_eq!(title(source, given), expected, "{source}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (source, part, line) in [
        ("graph TD\n A[x --> B", "", Some(2)),
        ("sequenceDiagram\n A->>B: x\n end", "", Some(3)),
        ("not a diagram", "", None),
        ("", "", None),
    ] {
        let error = render(source, "x", None).unwrap_err();
        assert!(!error.message.is_empty() && error.message.contains(part), "{source}");
        assert!(!error.is_not_built());
        let found = error.offset.map(|offset| {
            source.get(..offset).expect("a place in the source").matches('\n').count() + 1
        });
        assert_eq!(found, line, "{source}: {}", error.message);
    }
}

#[test]
fn hostile_sources_are_refused_or_drawn() {
    let nested = |open: &str, close: &str, count: usize| {
        format!("graph TD\n{}A-->B\n{}", open.repeat(count), close.repeat(count))
    };
    let edges: String =
        (0..60).flat_map(|a| (0..a).map(move |b| format!("n{a} --> n{b}\n"))).collect();
    for source in [
        nested("subgraph x\n", "end\n", 2_000),
        format!("graph LR\n{edges}"),
        format!("graph TD\nA[\"{}\"]", "容".repeat(20_000)),
        format!("mindmap\n{}", (0..1_500).map(|n| " ".repeat(n) + "x\n").collect::<String>()),
        format!("sequenceDiagram\n{}", "A->>B: <script>alert(1)</script>\n".repeat(500)),
        "graph TD\nA[\"<img src=x onerror=alert(1)>\"]\nclick A \"javascript:alert(1)\"".into(),
        "%%{init: {\"themeCSS\": \"* {fill: url(https://x.y)}\"}}%%\ngraph TD\nA-->B".into(),
        "%%{init: {\"fontFamily\": \"x\\\" onload=\\\"alert(1)\"}}%%\ngraph TD\nA-->B".into(),
        "graph TD\nA-->B\nstyle A fill:url(https://x.y/z)".into(),
        "x".repeat(70_000),
    ] {
        if let Ok(svg) = render(&source, "x", None) {
            let document = Document::parse(&svg).unwrap();
            let has_handler = document
                .descendants()
                .flat_map(|node| node.attributes())
                .any(|a| a.name().starts_with("on") || a.value().contains("javascript:"));
            assert!(!has_handler && !svg.contains("<script") && !svg.contains("x.y"));
        }
    }
}

/// The palettes of the style sheet, by the first selector of their block.
fn palettes() -> Vec<Vec<(String, [f64; 3])>> {
    let blocks = STYLES.split('{').filter(|block| block.contains("--d-paper:"));
    let colour = |text: &str| {
        let digits: Vec<u32> = text.chars().map(|c| c.to_digit(16).unwrap()).collect();
        let pairs: Vec<u32> = match digits[..] {
            [r, g, b] => vec![r * 17, g * 17, b * 17],
            _ => digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect(),
        };
        [0, 1, 2].map(|part| f64::from(pairs[part]) / 255.0)
    };
    let palette = |block: &str| {
        let lines = block.lines().filter_map(|line| line.trim().strip_prefix("--d-"));
        let entries = lines.map(|line| {
            let (name, value) = line.split_once(": #").unwrap();
            (name.to_owned(), colour(value.trim_end_matches(';')))
        });
        entries.collect()
    };
    blocks.map(palette).collect()
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let linear = colour.map(|part| {
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_can_be_read_and_lines_be_seen_on_light_and_dark() {
    let palettes = palettes();
    assert_eq!(palettes.len(), 3);
    assert_eq!(palettes[1], palettes[2], "dark by choice and dark by the system");
    for palette in &palettes {
        let colour = |name: &str| palette.iter().find(|entry| entry.0 == name).unwrap().1;
        for (name, ground) in palette {
            let is_strong =
                name.strip_prefix('k').is_some_and(|rest| rest.parse::<u8>().is_ok());
            let is_line = name.ends_with("rim") || ["line", "mark"].contains(&name.as_str());
            // WCAG 2: 4.5 for text (1.4.3), 3 for what one has to see (1.4.11).
            let (other, least) = match name.as_str() {
                "text" => (colour("paper"), 4.5),
                "ink" => (colour("line"), 4.5),
                // Lines of a grid may be faint.
                "guide" => continue,
                _ if is_strong => (colour("ink"), 4.5),
                _ if is_line => (colour("paper"), 3.0),
                _ => (colour("text"), 4.5),
            };
            assert!(contrast(*ground, other) >= least, "{name}: {}", contrast(*ground, other));
        }
    }
}
