//! Writes code and the classes of its bytes as HTML. The one place that escapes
//! code and that decides where a piece begins and ends.

use super::Class;

/// A stretch of one line, with the class of its letters.
struct Run {
    class: Class,
    start: usize,
    end: usize,
}

/// Turns `code` and the class of each of its bytes into HTML.
pub(super) fn write(code: &str, paint: &[Class]) -> String {
    let mut html = String::with_capacity(code.len() * 5 / 2 + 64);
    let mut start = 0;
    for line in code.split_inclusive('\n') {
        let end = start + line.len();
        write_line(&mut html, code, paint, start..end);
        start = end;
    }
    html
}

fn write_line(html: &mut String, code: &str, paint: &[Class], line: std::ops::Range<usize>) {
    let bytes = code.as_bytes();
    let mut run = Run { class: Class::Plain, start: line.start, end: line.start };
    for at in line.clone() {
        if is_blank(bytes[at]) || is_continuation(bytes[at]) {
            continue;
        }
        if paint[at] != run.class {
            // Blanks before this letter belong to neither piece.
            let blank = blanks_before(bytes, run.start, at);
            run.end = blank;
            write_run(html, code, &run);
            escape(html, &code[blank..at]);
            run = Run { class: paint[at], start: at, end: at };
        }
    }
    run.end = blanks_before(bytes, run.start, line.end);
    write_run(html, code, &run);
    escape(html, &code[run.end..line.end]);
}

fn write_run(html: &mut String, code: &str, run: &Run) {
    let text = &code[run.start..run.end];
    match run.class.letter() {
        None => escape(html, text),
        Some(letter) => {
            html.push_str("<i class=\"");
            html.push_str(letter);
            html.push_str("\">");
            escape(html, text);
            html.push_str("</i>");
        }
    }
}

/// Where the blanks begin that end at `end`, not before `start`.
fn blanks_before(bytes: &[u8], start: usize, end: usize) -> usize {
    let blanks = bytes[start..end].iter().rev().take_while(|byte| is_blank(**byte)).count();
    end - blanks
}

fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

/// A letter beyond ASCII has the class of its first byte.
fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

fn escape(html: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'&' | b'<' | b'>')) {
        html.push_str(&rest[..at]);
        html.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            _ => "&gt;",
        });
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
}
