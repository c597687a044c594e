//! Behaviour of the public functions, and the contrast of the default colours.

mod cases;
mod reference;

use super::*;

const CSS: &str = include_str!("../../../static/code.css");

fn html(name: &str, code: &str) -> String {
    highlight(language(name).expect("a known language"), code)
}

#[test]
fn names_are_found_whatever_their_case() {
    for (name, label) in [
        ("yaml", Some("YAML")),
        ("YML", Some("YAML")),
        ("golang", Some("Go")),
        ("sh", Some("Bash")),
        ("Shell-Session", Some("Console")),
        ("tf", Some("Terraform")),
        ("c++", Some("C++")),
        ("text", Some("Text")),
        ("promql", Some("PromQL")),
        ("mermaid", None),
        ("", None),
        ("yaml yml", None),
    ] {
        assert_eq!(language(name).map(|found| found.label), label, "{name}");
    }
}

#[test]
fn no_name_stands_for_two_languages() {
    let mut names: Vec<&str> = language::all_names().collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn every_grammar_in_the_table_exists() {
    for name in language::all_names() {
        let Engine::Sublime(grammar) = language(name).expect("from the table").engine else {
            continue;
        };
        assert!(sublime::exists(grammar), "{name}");
    }
}

#[test]
fn nothing_but_tags_is_added_and_no_piece_spans_a_line_end() {
    let code = "a: \"1\n  <2> & 3\" # 注释 😀\nb: |\n  x\n\n  y\nc: [&q 1, *q]\r\n\td: é\n";
    for name in language::all_names() {
        for line in html(name, code).split('\n') {
            assert_eq!(
                line.matches("<i class=\"").count(),
                line.matches("</i>").count(),
                "{name}: {line}"
            );
        }
        assert_eq!(without_tags(&html(name, code)), code, "{name}");
    }
}

#[test]
fn blanks_have_no_class_and_join_what_they_part() {
    assert_eq!(
        html("yaml", "a:  b  c  # d"),
        "<i class=\"a\">a</i>:  <i class=\"s\">b  c</i>  <i class=\"c\"># d</i>"
    );
}

#[test]
fn very_long_blocks_and_lines_are_only_escaped() {
    for code in ["a: <b>\n".repeat(64 * 1024 / 7 + 1), format!("a: <{}>\n", "b".repeat(8200))] {
        assert_eq!(html("yaml", &code), code.replace('<', "&lt;").replace('>', "&gt;"));
    }
}

#[test]
fn every_class_has_a_colour_that_can_be_read_on_every_background() {
    let [light, system, dark] = palettes();
    assert_eq!(system, dark, "the two dark palettes");
    for (palette, backgrounds) in [
        (light, &["#ffffff", "#f6f8fa"] as &[&str]),
        (dark, &["#0d1117", "#161b22", "#16181d"]),
    ] {
        assert_eq!(palette.len(), style_classes().len());
        for (class, _) in style_classes() {
            let (_, colour) = palette.iter().find(|(name, _)| name == class).expect("a colour");
            for background in backgrounds {
                let ratio = contrast(colour, background);
                assert!(ratio >= 4.5, "{class} {colour} on {background}: {ratio:.2}");
            }
        }
    }
}

/// The light palette, the dark one of the system's choice, the dark one of the reader's.
fn palettes() -> [Vec<(String, String)>; 3] {
    let blocks = CSS.split(":root").skip(1).map(|block| {
        let block = block.split_once('}').expect("a closed block").0;
        let colour = |line: &str| {
            let (name, colour) = line.trim().strip_prefix("--code-")?.split_once(": ")?;
            Some((name.to_owned(), colour.trim_end_matches(';').to_owned()))
        };
        block.lines().filter_map(colour).collect::<Vec<_>>()
    });
    blocks.collect::<Vec<_>>().try_into().expect("three palettes")
}

/// The contrast ratio of two colours as WCAG 2.2 defines it.
fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value =
            u8::from_str_radix(&colour[at..at + 2], 16).expect("two hexadecimal digits");
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn without_tags(html: &str) -> String {
    let mut text = html.replace("</i>", "");
    for (class, _) in style_classes() {
        text = text.replace(&format!("<i class=\"{class}\">"), "");
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
