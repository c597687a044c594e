//! One shape: its outline in grid steps and how it is painted.
//!
//! In: an element of the drawing with the values of its style. Out: the shape. Colours of the
//! author's are toned down here where the site's own colours have to be seen on them.

use roxmltree::Node;

use super::{
    paint::{GUIDE, LABEL, LINE, Paint},
    path::{Grid, Line, Path, Stroke},
    scene::Context,
    sheet::{Values, classes, number, value},
};

/// An outline with its look.
pub(super) struct Shape {
    pub(super) geometry: Geometry,
    pub(super) fill: Paint,
    pub(super) stroke: Paint,
    /// Hundredths of a pixel.
    pub(super) width: i64,
    /// Lengths of dashes and gaps; empty for a solid line.
    pub(super) dashes: String,
    /// Hundredths; 100 is solid.
    pub(super) opacity: i64,
    /// Hundredths, of the fill alone.
    pub(super) fill_opacity: i64,
    /// Places in [`Scene::markers`]: at the start and the end.
    pub(super) markers: [Option<usize>; 2],
    pub(super) grid: Grid,
}

/// What a shape looks like, in steps of the grid.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Geometry {
    /// Left, top, width, height, radius of the corners.
    Rect([i64; 4], i64),
    /// Centre and radii.
    Ellipse([i64; 2], [i64; 2]),
    Path(Path),
}

/// The outline of an element; `None` if it has no extent.
pub(super) fn geometry(node: Node<'_, '_>, context: &Context<'_>) -> Option<Geometry> {
    let of = |name: &str| number(node.attribute(name)).unwrap_or(0.0);
    let (by, grid) = (context.by, context.grid);
    let at = |x: f64, y: f64| [grid.step(x + by[0]), grid.step(y + by[1])];
    let path = |path: Path| match path.as_circle() {
        Some((centre, radius)) => Some(Geometry::Ellipse(centre, [radius; 2])),
        None => (!path.lines.is_empty()).then_some(Geometry::Path(path)),
    };
    match node.tag_name().name() {
        "rect" => {
            let [x, y] = at(of("x"), of("y"));
            let [width, height] = [grid.step(of("width")), grid.step(of("height"))];
            let radius = [value(&context.values, "rx"), value(&context.values, "ry")];
            let radius = radius.into_iter().find_map(number).unwrap_or(0.0);
            let is_area = width > 0 && height > 0;
            if classes(node).any(|class| class == "milestone") {
                return path(diamond(
                    [of("x"), of("y")],
                    [of("width"), of("height")],
                    by,
                    grid,
                ));
            }
            is_area.then(|| Geometry::Rect([x, y, width, height], grid.step(radius)))
        }
        "circle" | "ellipse" => {
            let radius = grid.step(of("r"));
            let radii = [grid.step(of("rx")).max(radius), grid.step(of("ry")).max(radius)];
            (radii[0] > 0).then(|| Geometry::Ellipse(at(of("cx"), of("cy")), radii))
        }
        "line" => {
            let points = [[of("x1"), of("y1")], [of("x2"), of("y2")]];
            path(Path::through(&points, false, by, grid))
                .or_else(|| has_marker(node).then(|| dot(at(of("x1"), of("y1")), grid)))
        }
        "path" => path(Path::parse(node.attribute("d")?, by, grid)),
        name => {
            let numbers: Vec<f64> = svgtypes::NumberListParser::from(node.attribute("points")?)
                .map_while(Result::ok)
                .collect();
            let points: Vec<[f64; 2]> = numbers.chunks_exact(2).map(|p| [p[0], p[1]]).collect();
            path(Path::through(&points, name == "polygon", by, grid))
        }
    }
}

/// A milestone: the style sheet turns its square by an eighth and makes it a fifth smaller.
fn diamond([x, y]: [f64; 2], [width, height]: [f64; 2], by: [f64; 2], grid: Grid) -> Path {
    let (cx, cy) = (x + width / 2.0, y + height / 2.0);
    let reach = height * 0.8 * std::f64::consts::FRAC_1_SQRT_2;
    let points = [[cx, cy - reach], [cx + reach, cy], [cx, cy + reach], [cx - reach, cy]];
    Path::through(&points, true, by, grid)
}

fn has_marker(node: Node<'_, '_>) -> bool {
    node.has_attribute("marker-start") || node.has_attribute("marker-end")
}

/// A line of no length, which is there for its marker.
fn dot(at: [i64; 2], grid: Grid) -> Geometry {
    let line = Line { start: at, strokes: vec![Stroke::Line(at)], is_closed: false };
    Geometry::Path(Path { lines: vec![line], grid })
}

/// Classes of areas with other things on them: frames, boxes, sections.
const AREAS: [&str; 4] = ["rect", "outer", "inner", "divider"];

/// Where an author colours a whole area, only a tint of it is shown: text and lines of the
/// site's own colours have to be seen on it, on a light page and on a dark one.
const TINT: i64 = 25;

/// Shows colours of the author's such that all else can be seen with them.
pub(super) fn soften(shape: &mut Shape, node: Node<'_, '_>, context: &Context<'_>) {
    let of_cluster = node.parent_element().is_some_and(|parent| {
        classes(parent).any(|class| class == "cluster" || class == "statediagram-cluster")
    });
    let is_area = of_cluster || (!context.in_node && classes(node).any(|c| AREAS.contains(&c)));
    if is_area && matches!(shape.fill, Paint::Colour(_)) {
        shape.fill_opacity = shape.fill_opacity.min(TINT);
    }
    let is_line = shape.fill == Paint::None && !context.in_node;
    if is_line || of_cluster {
        shape.stroke = shape.stroke.visible_line();
    }
}

/// The look that the style sheet gives to a shape.
pub(super) fn look(values: &Values<'_>, geometry: Geometry, context: &Context<'_>) -> Shape {
    let current = value(values, "color").and_then(Paint::parse);
    let paint = |name: &str, usual: Paint| match value(values, name) {
        Some("currentColor" | "currentcolor") => current.unwrap_or(GUIDE),
        Some(text) => Paint::parse(text).unwrap_or(usual),
        None => usual,
    };
    let width = number(value(values, "stroke-width")).unwrap_or(1.0);
    let stroke_opacity = number(value(values, "stroke-opacity")).unwrap_or(1.0);
    let is_drawn = width > 0.0 && stroke_opacity > 0.0;
    let dashes = value(values, "stroke-dasharray").map(dashes).unwrap_or_default();
    let (fill, fill_alpha) = opaque(paint("fill", LINE));
    let (stroke, _) = opaque(paint("stroke", Paint::None));
    let [fill, stroke] =
        if context.in_marker { [fill, stroke].map(Paint::of_marker) } else { [fill, stroke] };
    let stroke = if fill == Paint::None { stroke.strong() } else { stroke };
    let fill_opacity = number(value(values, "fill-opacity")).unwrap_or(1.0) * fill_alpha;
    Shape {
        geometry,
        fill: if fill_opacity > 0.0 { fill } else { Paint::None },
        stroke: if is_drawn { stroke } else { Paint::None },
        width: Grid::FINER.step(width),
        dashes,
        opacity: Grid::FINER.step(context.opacity),
        fill_opacity: Grid::FINER.step(fill_opacity),
        markers: [None; 2],
        grid: context.grid,
    }
}

/// What keeps a line from running through its label.
pub(super) fn backdrop(bounds: [f64; 4]) -> Shape {
    Shape {
        geometry: Geometry::Rect(bounds.map(|pixels| Grid::FINE.step(pixels)), 0),
        fill: LABEL,
        stroke: Paint::None,
        width: 100,
        dashes: String::new(),
        opacity: 100,
        fill_opacity: 100,
        markers: [None; 2],
        grid: Grid::FINE,
    }
}

/// A colour without its alpha, and the alpha.
fn opaque(paint: Paint) -> (Paint, f64) {
    match paint {
        Paint::Colour([r, g, b, alpha]) => {
            (Paint::Colour([r, g, b, 0xFF]), f64::from(alpha) / 255.0)
        }
        paint => (paint, 1.0),
    }
}

/// Whether two outlines enclose the same area.
pub(super) fn same_area(a: &Geometry, b: &Geometry) -> bool {
    match (a, b) {
        (Geometry::Path(a), Geometry::Path(b)) => a.has_area_of(b),
        _ => a == b,
    }
}

fn dashes(text: &str) -> String {
    let lengths = text.split([' ', ',']).filter_map(|text| number(Some(text)));
    let lengths: Vec<i64> = lengths.map(|length| Grid::FINER.step(length)).collect();
    // `1, 0` and `0` are ways to say that there are no gaps.
    let has_gap = match lengths[..] {
        [dash] => dash > 0,
        [dash, gap] => dash > 0 && gap > 0,
        _ => lengths.iter().any(|&length| length > 0),
    };
    let mut out = String::new();
    for (n, &length) in lengths.iter().enumerate().filter(|_| has_gap) {
        if n > 0 {
            out.push(' ');
        }
        Grid::FINER.write(length, &mut out);
    }
    out
}
