//! Lines of text, each where it stands.
//!
//! In: `<text>` with its nested pieces, or HTML inside a drawing. Out: lines at their
//! baselines, in pieces only where the look changes. Vertical alignment is worked out here,
//! since what renderers make of it differs with the font.

use roxmltree::Node;

use super::{
    metrics,
    paint::Paint,
    path::{Grid, Point},
    sheet::{Values, classes, number, value},
};

/// Some lines of text.
pub(super) struct Text {
    pub(super) lines: Vec<Line>,
    pub(super) fill: Paint,
    /// Hundredths of a pixel.
    pub(super) size: i64,
    pub(super) face: Face,
    pub(super) anchor: Anchor,
}

/// One line.
pub(super) struct Line {
    /// The anchor on the baseline.
    pub(super) at: Point,
    pub(super) runs: Vec<Run>,
}

/// A piece of a line.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) fill: Paint,
    pub(super) face: Face,
}

/// How the letters look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Face {
    pub(super) is_bold: bool,
    pub(super) is_italic: bool,
}

/// Which part of a line stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// The size of text where nothing else is said, in pixels.
const USUAL_SIZE: f64 = 16.0;
/// From one line to the next, in sizes of the text.
pub(super) const LINE_HEIGHT: f64 = 1.5;
/// From the middle of a line down to its baseline: Han characters reach from 0.88 above it to
/// 0.12 below.
const MIDDLE_TO_BASELINE: f64 = 0.36;

/// Groups whose lines begin at one edge.
const LISTS: [&str; 2] = ["members-group", "methods-group"];

/// How the style sheet is asked.
type Cascade<'f, 'a> = dyn Fn(Node<'a, 'a>, &Values<'a>) -> Values<'a> + 'f;
/// How the colour of a piece of text is found.
type Painter<'f, 'a> = dyn Fn(&Values<'a>) -> Paint + 'f;

/// Reads a `<text>` element.
pub(super) fn from_svg<'a>(
    node: Node<'a, 'a>,
    values: &Values<'a>,
    by: [f64; 2],
    cascade: &Cascade<'_, 'a>,
    paint: &Painter<'_, 'a>,
) -> Option<Text> {
    let mut setter = Setter {
        lines: Vec::new(),
        at: [0.0; 2],
        down: 0.0,
        size: None,
        anchor: None,
        cascade,
        paint,
    };
    setter.set(node, values);
    let shift = baseline_shift(values) * setter.size.unwrap_or(USUAL_SIZE);
    let anchor = setter.anchor.unwrap_or_else(|| anchor(values));
    let lines = setter.lines.into_iter().filter_map(|(at, runs)| {
        let runs = trimmed(runs);
        let at = [0, 1].map(|axis| Grid::FINE.step(at[axis] + by[axis] + [0.0, shift][axis]));
        (!runs.is_empty()).then_some(Line { at, runs })
    });
    text(lines.collect(), setter.size.unwrap_or(USUAL_SIZE), anchor)
}

/// Reads the HTML in a `<foreignObject>`, and lays it out as a browser would: centred in its
/// height, broken into lines only where the drawing library allows it.
pub(super) fn from_html(
    node: Node<'_, '_>,
    values: &Values<'_>,
    by: [f64; 2],
    fill: Paint,
) -> Option<Text> {
    let of = |name: &str| number(node.attribute(name)).unwrap_or(0.0);
    let size = number(value(values, "font-size")).unwrap_or(USUAL_SIZE);
    let style = node.first_element_child().and_then(|div| div.attribute("style")).unwrap_or("");
    let limit = if style.contains("nowrap") { f64::INFINITY } else { of("width") + 1.0 };
    let keeps_breaks = style.contains("break-spaces");
    let mut lines: Vec<Vec<Run>> = html_lines(node, face(values), fill, keeps_breaks)
        .into_iter()
        .flat_map(|runs| wrapped(runs, size, limit))
        .map(trimmed)
        .collect();
    lines.retain(|runs| !runs.is_empty());
    let is_list = node.ancestors().any(|outer| classes(outer).any(|c| LISTS.contains(&c)));
    let is_left = is_list || style.contains("text-align: start");
    let (anchor, part) = if is_left { (Anchor::Start, 0.0) } else { (Anchor::Middle, 0.5) };
    let x = Grid::FINE.step(of("x") + by[0] + of("width") * part);
    let height = size * LINE_HEIGHT;
    let count = f64::from(u32::try_from(lines.len()).unwrap_or(u32::MAX));
    let mut baseline = of("y")
        + by[1]
        + (of("height") - (count + 1.0) * height) / 2.0
        + MIDDLE_TO_BASELINE * size;
    let lines = lines.into_iter().map(|runs| {
        baseline += height;
        Line { at: [x, Grid::FINE.step(baseline)], runs }
    });
    text(lines.collect(), size, anchor)
}

/// The box around some text, with a little room: left, top, width, height in pixels.
pub(super) fn bounds(text: &Text) -> [f64; 4] {
    let pixels =
        |steps: i64, grid: Grid| f64::from(i32::try_from(steps).unwrap_or(0)) / grid.unit();
    let size = pixels(text.size, Grid::FINER);
    let widths = text.lines.iter().map(|line| {
        line.runs.iter().map(|run| metrics::width(&run.text, size, run.face.is_bold)).sum()
    });
    let width = widths.fold(0.0, f64::max) + size / 2.0;
    let (first, last) = match &text.lines[..] {
        [first, .., last] => (first.at, last.at),
        [one] => (one.at, one.at),
        [] => ([0, 0], [0, 0]),
    };
    let left = pixels(first[0], Grid::FINE)
        - match text.anchor {
            Anchor::Start => size / 4.0,
            Anchor::Middle => width / 2.0,
            Anchor::End => width - size / 4.0,
        };
    let height = pixels(last[1] - first[1], Grid::FINE) + size * 1.25;
    [left, pixels(first[1], Grid::FINE) - size, width, height]
}

/// Puts what all pieces have in common on the whole.
fn text(lines: Vec<Line>, size: f64, anchor: Anchor) -> Option<Text> {
    let first = lines.first()?.runs.first()?.clone();
    let Run { fill, face, .. } = first;
    Some(Text { lines, fill, size: Grid::FINER.step(size), face, anchor })
}

/// Sets type: follows the pen through a `<text>` element.
struct Setter<'f, 'a> {
    lines: Vec<([f64; 2], Vec<Run>)>,
    at: [f64; 2],
    /// A step down that the next letter takes.
    down: f64,
    size: Option<f64>,
    anchor: Option<Anchor>,
    cascade: &'f Cascade<'f, 'a>,
    paint: &'f Painter<'f, 'a>,
}

impl<'a> Setter<'_, 'a> {
    fn set(&mut self, node: Node<'a, 'a>, values: &Values<'a>) {
        self.go(node, values);
        for child in node.children() {
            if let Some(text) = child.text().filter(|_| child.is_text()) {
                self.put(text, values);
            } else if child.has_tag_name("tspan") {
                let values = (self.cascade)(child, values);
                self.set(child, &values);
            }
        }
    }

    /// Moves to where an element begins. A piece that stays on its line says nothing of it.
    /// Of nested steps only the innermost counts, since all are for the same letter.
    fn go(&mut self, node: Node<'a, 'a>, values: &Values<'a>) {
        let size = number(value(values, "font-size")).unwrap_or(USUAL_SIZE);
        let of = |name: &str| node.attribute(name).and_then(|text| length(text, size));
        let (place, down) = ([of("x"), of("y")], of("dy"));
        self.at = [place[0].unwrap_or(self.at[0]), place[1].unwrap_or(self.at[1])];
        self.at[0] += of("dx").unwrap_or(0.0);
        self.down = down.unwrap_or(self.down);
        if place != [None; 2] || down.is_some_and(|down| down != 0.0) || self.lines.is_empty() {
            self.lines.push((self.at, Vec::new()));
        }
    }

    fn put(&mut self, text: &str, values: &Values<'a>) {
        if text.trim().is_empty() && self.lines.last().is_none_or(|line| line.1.is_empty()) {
            return;
        }
        self.size.get_or_insert(number(value(values, "font-size")).unwrap_or(USUAL_SIZE));
        self.anchor.get_or_insert(anchor(values));
        let run = Run { text: collapsed(text), fill: (self.paint)(values), face: face(values) };
        self.at[1] += std::mem::take(&mut self.down);
        let Some((at, runs)) = self.lines.last_mut() else { return };
        if runs.is_empty() {
            *at = self.at;
        }
        match runs.last_mut() {
            Some(last) if (last.fill, last.face) == (run.fill, run.face) => {
                last.text.push_str(&run.text);
            }
            _ => runs.push(run),
        }
    }
}

/// Runs of blanks are one blank.
fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let is_blank = matches!(c, ' ' | '\t' | '\n' | '\r');
        if !is_blank {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

fn trimmed(mut runs: Vec<Run>) -> Vec<Run> {
    for run in &mut runs {
        run.text = collapsed(&run.text);
    }
    if let Some(first) = runs.first_mut() {
        first.text = first.text.trim_start().to_owned();
    }
    if let Some(last) = runs.last_mut() {
        last.text = last.text.trim_end().to_owned();
    }
    runs.retain(|run| !run.text.is_empty());
    runs
}

/// The lines an author broke, in pieces of one look.
fn html_lines(
    node: Node<'_, '_>,
    usual: Face,
    fill: Paint,
    keeps_breaks: bool,
) -> Vec<Vec<Run>> {
    let mut lines = vec![Vec::new()];
    for inner in node.descendants() {
        if inner.has_tag_name("br") || inner.has_tag_name("p") {
            lines.push(Vec::new());
        }
        let Some(text) = inner.text().filter(|_| inner.is_text()) else { continue };
        let within = |names: [&str; 2]| {
            inner.ancestors().any(|outer| names.contains(&outer.tag_name().name()))
        };
        let face = Face {
            is_bold: usual.is_bold || within(["strong", "b"]),
            is_italic: usual.is_italic || within(["em", "i"]),
        };
        let parts = text.split('\n').enumerate();
        for (n, part) in parts {
            if n > 0 && keeps_breaks {
                lines.push(Vec::new());
            }
            let part =
                if n > 0 && !keeps_breaks { format!(" {part}") } else { part.to_owned() };
            let run = Run { text: collapsed(&part), fill, face };
            lines.last_mut().into_iter().for_each(|line| line.push(run.clone()));
        }
    }
    lines
}

/// Breaks a line so that each one fits: at blanks and between Han characters.
fn wrapped(runs: Vec<Run>, size: f64, limit: f64) -> Vec<Vec<Run>> {
    let mut lines: Vec<Vec<Run>> = vec![Vec::new()];
    let mut used = 0.0;
    for run in runs {
        for piece in metrics::pieces(&run.text) {
            let wide = metrics::width(piece.trim_end(), size, run.face.is_bold);
            if used > 0.0 && used + wide > limit {
                lines.push(Vec::new());
                used = 0.0;
            }
            used += metrics::width(piece, size, run.face.is_bold);
            let Some(line) = lines.last_mut() else { continue };
            match line.last_mut() {
                Some(last) if last.face == run.face => last.text.push_str(piece),
                _ => line.push(Run { text: piece.to_owned(), ..run }),
            }
        }
    }
    lines
}

/// A length; `em` is the size of the text at hand.
fn length(text: &str, size: f64) -> Option<f64> {
    match text.trim().strip_suffix("em") {
        Some(number) => number.parse().ok().map(|number: f64| number * size),
        None => number(Some(text)),
    }
}

fn baseline_shift(values: &Values<'_>) -> f64 {
    match value(values, "dominant-baseline") {
        Some("central") => MIDDLE_TO_BASELINE,
        // The middle of small letters lies lower than that of the line.
        Some("middle") => 0.3,
        Some("hanging" | "text-before-edge") => 0.85,
        _ => 0.0,
    }
}

fn anchor(values: &Values<'_>) -> Anchor {
    match value(values, "text-anchor") {
        Some("middle") => Anchor::Middle,
        Some("end") => Anchor::End,
        _ => Anchor::Start,
    }
}

fn face(values: &Values<'_>) -> Face {
    let weight = value(values, "font-weight").unwrap_or_default();
    let is_bold =
        matches!(weight, "bold" | "bolder") || weight.parse().is_ok_and(|n: u32| n >= 600);
    let is_italic = matches!(value(values, "font-style"), Some("italic" | "oblique"));
    Face { is_bold, is_italic }
}
