//! Writes a picture as one `<svg>` element, as short as it can be said.
//!
//! In: the scene, an id and a title. Out: SVG to stand in an HTML page. The site's colours
//! become classes, the author's become attributes; there is no style in it. What many shapes
//! have in common is said once, on their group.

use std::fmt::Write as _;

use super::{
    label::{Face, Run, Text},
    look::{self, Look, Looks},
    paint::{Paint, TEXT},
    path::Grid,
    scene::{Group, Item, Marker, Scene},
    shape::{Geometry, Shape},
};

/// What is said around a picture.
pub(super) struct Frame<'a> {
    /// Begins every id in the picture.
    pub(super) id: &'a str,
    /// Spoken in place of the picture.
    pub(super) title: &'a str,
    /// The colours are all the author's, who had a light or a dark page in mind.
    pub(super) paper: Option<&'static str>,
}

/// The whole picture.
pub(super) fn write(scene: &Scene, frame: &Frame<'_>) -> String {
    let mut out = String::with_capacity(8 * 1024);
    write_head(&mut out, scene, frame);
    let id = escape(frame.id);
    let writer = Writer { id: &id };
    if !scene.markers.is_empty() {
        out.push_str("<defs>");
        for (place, marker) in scene.markers.iter().enumerate() {
            writer.marker(&mut out, place, marker);
        }
        out.push_str("</defs>");
    }
    let root = look::root(false);
    let looks = look::shared(&scene.items, &root);
    writer.items(&mut out, &scene.items, &looks, &root);
    out.push_str("</svg>");
    out
}

fn write_head(out: &mut String, scene: &Scene, frame: &Frame<'_>) {
    let [left, top, width, height] = scene.view.map(|n| Grid::FINE.step(n));
    let number = |steps: i64| {
        let mut text = String::new();
        Grid::FINE.write(steps, &mut text);
        text
    };
    let id = escape(frame.id);
    let classes =
        [Some("drawing".to_owned()), frame.paper.map(str::to_owned), least(scene.view[2])];
    let classes = classes.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let _ = write!(
        out,
        "<svg class=\"{classes}\" role=\"img\" aria-labelledby=\"{id}-t\" \
         width=\"{w}\" height=\"{h}\" viewBox=\"{} {} {w} {h}\"><title id=\"{id}-t\">{}</title>",
        number(left),
        number(top),
        escape(frame.title),
        w = number(width),
        h = number(height),
    );
    if let Some(description) = &scene.description {
        let _ = write!(out, "<desc>{}</desc>", escape(description));
    }
}

/// The class that keeps a wide drawing from being shrunk until nobody can read it: its number
/// is the least width in rem, in steps of five.
fn least(width: f64) -> Option<String> {
    let steps = (width * LEAST_SCALE / 80.0).floor().clamp(0.0, 32.0);
    (steps >= 8.0).then(|| format!("w{}", steps * 5.0))
}

/// Labels of 16 pixels are still read at 11.
const LEAST_SCALE: f64 = 0.7;

struct Writer<'a> {
    id: &'a str,
}

impl Writer<'_> {
    fn marker(&self, out: &mut String, place: usize, marker: &Marker) {
        let _ = write!(out, "<marker id=\"{}-m{place}\"", self.id);
        for (name, text) in &marker.frame {
            let _ = write!(out, " {name}=\"{}\"", escape(text));
        }
        out.push('>');
        // A marker inherits from where it stands, not from where it is used.
        let root = look::root(true);
        let looks = look::shared(&marker.items, &root);
        self.items(out, &marker.items, &looks, &root);
        out.push_str("</marker>");
    }

    fn items(&self, out: &mut String, items: &[Item], looks: &[Looks], outer: &Look) {
        for (item, looks) in items.iter().zip(looks) {
            match item {
                Item::Group(group) => self.group(out, group, looks, outer),
                Item::Shape(shape) => self.shape(out, shape, outer),
                Item::Text(text) => self.text(out, text, outer),
            }
        }
    }

    fn group(&self, out: &mut String, group: &Group, looks: &Looks, outer: &Look) {
        let own = look::attributes(&looks.look, outer, self.id);
        let name = if group.link.is_some() { "a" } else { "g" };
        let is_needed = !own.is_empty() || group.transform.is_some() || group.link.is_some();
        if is_needed {
            let _ = write!(out, "<{name}{own}");
            if let Some(link) = &group.link {
                let _ = write!(out, " href=\"{}\"", escape(link));
            }
            if let Some(transform) = &group.transform {
                let _ = write!(out, " transform=\"{transform}\"");
            }
            out.push('>');
        }
        self.items(out, &group.items, &looks.inner, &looks.look);
        if is_needed {
            let _ = write!(out, "</{name}>");
        }
    }

    fn shape(&self, out: &mut String, shape: &Shape, outer: &Look) {
        let grid = shape.grid;
        match &shape.geometry {
            Geometry::Rect([x, y, width, height], radius) => {
                out.push_str("<rect");
                let numbers =
                    [("x", x), ("y", y), ("width", width), ("height", height), ("rx", radius)];
                for (name, &number) in numbers {
                    attribute(out, grid, name, number);
                }
            }
            Geometry::Ellipse([x, y], [rx, ry]) => {
                let is_circle = rx == ry;
                out.push_str(if is_circle { "<circle" } else { "<ellipse" });
                attribute(out, grid, "cx", *x);
                attribute(out, grid, "cy", *y);
                attribute(out, grid, if is_circle { "r" } else { "rx" }, *rx);
                if !is_circle {
                    attribute(out, grid, "ry", *ry);
                }
            }
            Geometry::Path(path) => {
                let _ = write!(out, "<path d=\"{}\"", path.data());
            }
        }
        out.push_str(&look::attributes(&look::of_shape(shape), outer, self.id));
        write_opacity(out, shape);
        out.push_str("/>");
    }

    fn text(&self, out: &mut String, text: &Text, outer: &Look) {
        let own = look::attributes(&look::of_text(text), outer, self.id);
        let _ = write!(out, "<text{own}{}", fill_attribute(text.fill, TEXT));
        match &text.lines[..] {
            [line] => {
                place(out, line.at);
                out.push('>');
                write_runs(out, &line.runs, text);
            }
            lines => {
                out.push('>');
                for line in lines {
                    out.push_str("<tspan");
                    place(out, line.at);
                    out.push('>');
                    write_runs(out, &line.runs, text);
                    out.push_str("</tspan>");
                }
            }
        }
        out.push_str("</text>");
    }
}

fn write_opacity(out: &mut String, shape: &Shape) {
    attribute_unless(out, "opacity", shape.opacity, 100);
    if shape.fill != Paint::None {
        attribute_unless(out, "fill-opacity", shape.fill_opacity, 100);
    }
}

fn place(out: &mut String, at: [i64; 2]) {
    attribute(out, Grid::FINE, "x", at[0]);
    attribute(out, Grid::FINE, "y", at[1]);
}

fn write_runs(out: &mut String, runs: &[Run], text: &Text) {
    for run in runs {
        let face = face_attributes(run.face, text.face);
        let own = format!("{}{face}", fill_attribute(run.fill, text.fill));
        if own.is_empty() {
            out.push_str(&escape(&run.text));
        } else {
            let _ = write!(out, "<tspan{own}>{}</tspan>", escape(&run.text));
        }
    }
}

fn fill_attribute(fill: Paint, usual: Paint) -> String {
    match (fill == usual, fill.role()) {
        (true, _) => String::new(),
        (_, Some(role)) => format!(" class=\"f-{role}\""),
        _ => format!(" fill=\"{fill}\""),
    }
}

fn face_attributes(face: Face, usual: Face) -> String {
    let mut out = String::new();
    if face.is_bold != usual.is_bold {
        out.push_str(if face.is_bold {
            " font-weight=\"700\""
        } else {
            " font-weight=\"400\""
        });
    }
    if face.is_italic != usual.is_italic {
        let style = if face.is_italic { "italic" } else { "normal" };
        let _ = write!(out, " font-style=\"{style}\"");
    }
    out
}

/// A number of grid steps, left out if it is what SVG takes without it.
fn attribute(out: &mut String, grid: Grid, name: &str, steps: i64) {
    if steps != 0 {
        let _ = write!(out, " {name}=\"");
        grid.write(steps, out);
        out.push('"');
    }
}

fn attribute_unless(out: &mut String, name: &str, value: i64, usual: i64) {
    if value != usual {
        let _ = write!(out, " {name}=\"");
        Grid::FINER.write(value, out);
        out.push('"');
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
