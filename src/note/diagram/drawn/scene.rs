//! The picture as plain data: shapes and lines of text, each with its own look.
//!
//! In: the drawing library's SVG. Out: what is seen of it, in place, with colours by role.
//! Here it is decided what counts as seen; how it is written down is the writer's business.

use roxmltree::{Document, Node};

use super::{
    label,
    paint::{GUIDE, LABEL, LINE, PAPER, Paint, TEXT},
    path::{Grid, Path},
    place,
    sheet::{PROPERTIES, Sheet, Values, classes},
};

/// A drawing.
pub(super) struct Scene {
    /// `viewBox`: left, top, width, height.
    pub(super) view: [f64; 4],
    pub(super) items: Vec<Item>,
    pub(super) markers: Vec<Marker>,
    /// What the author called it, by `accTitle` or a title in the source.
    pub(super) title: Option<String>,
    /// The author's longer description, by `accDescr`.
    pub(super) description: Option<String>,
}

/// A part of a drawing.
pub(super) enum Item {
    Group(Group),
    Shape(Shape),
    Text(label::Text),
}

/// Parts that have something in common.
#[derive(Default)]
pub(super) struct Group {
    pub(super) items: Vec<Item>,
    /// What cannot be put into the coordinates of its parts: a turn or a scale.
    pub(super) transform: Option<String>,
    pub(super) link: Option<String>,
}

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

/// The head of an arrow.
pub(super) struct Marker {
    /// The id in the drawing, to find it again.
    id: String,
    /// Attributes of the marker that say where it stands and how large.
    pub(super) frame: Vec<(&'static str, String)>,
    pub(super) items: Vec<Item>,
}

/// What an element inherits.
#[derive(Clone, Copy)]
struct Context<'a> {
    values: Values<'a>,
    /// Moves that go into the coordinates.
    by: [f64; 2],
    grid: Grid,
    /// Hundredths, multiplied along the way.
    opacity: f64,
    /// Stands in a node or the like, whose fill is what its text is read on.
    in_node: bool,
    /// Draws the head of an arrow.
    in_marker: bool,
    depth: usize,
}

/// What reading a drawing needs at hand.
struct Reader<'a> {
    document: &'a Document<'a>,
    sheet: Sheet<'a>,
    markers: Vec<Marker>,
}

/// Deeper than any diagram nests; a drawing is read by recursion.
const MAX_DEPTH: usize = 200;

/// Reads a drawing. `None` if it is none, or nests too deep.
pub(super) fn read(svg: &str) -> Option<Scene> {
    let document = Document::parse(svg).ok()?;
    let root = document.root_element();
    let css: String = document
        .descendants()
        .filter(|node| node.has_tag_name("style"))
        .filter_map(|node| node.text())
        .collect();
    let mut reader =
        Reader { document: &document, sheet: Sheet::parse(&css), markers: Vec::new() };
    let context = Context {
        values: reader.sheet.values(root, &[None; PROPERTIES.len()]),
        by: [0.0; 2],
        grid: Grid::FINE,
        opacity: 1.0,
        in_node: false,
        in_marker: false,
        depth: 0,
    };
    let mut ground = None;
    let items = reader.children(root, &context, &mut ground)?;
    let named = |name: &str| {
        let node = root.children().find(|node| node.has_tag_name(name))?;
        node.text().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let (title, description) = (named("title"), named("desc"));
    Some(Scene { view: view(root)?, items, markers: reader.markers, title, description })
}

fn view(root: Node<'_, '_>) -> Option<[f64; 4]> {
    let numbers: Vec<f64> =
        root.attribute("viewBox")?.split_whitespace().map_while(|n| n.parse().ok()).collect();
    let view: [f64; 4] = numbers.try_into().ok()?;
    view.iter().all(|n| n.is_finite()).then_some(view)
}

impl<'a> Reader<'a> {
    fn children(
        &mut self,
        node: Node<'a, 'a>,
        context: &Context<'a>,
        ground: &mut Option<Paint>,
    ) -> Option<Vec<Item>> {
        if context.depth > MAX_DEPTH {
            return None;
        }
        let mut items: Vec<Item> = Vec::new();
        for child in node.children().filter(Node::is_element) {
            let added = self.element(child, context, ground)?;
            items.extend(added);
            merge_last_two(&mut items);
        }
        Some(items)
    }

    fn element(
        &mut self,
        node: Node<'a, 'a>,
        outer: &Context<'a>,
        ground: &mut Option<Paint>,
    ) -> Option<Vec<Item>> {
        let mut inner = *outer;
        inner.depth += 1;
        inner.values = self.sheet.values(node, &outer.values);
        inner.opacity *= number(value(&inner.values, "opacity")).unwrap_or(1.0);
        if is_hidden(&inner.values) {
            return Some(Vec::new());
        }
        let transform = place::enter(node.attribute("transform"), &mut inner.by, inner.grid);
        let items = match node.tag_name().name() {
            "g" | "a" | "svg" | "switch" => self.group(node, inner, ground)?,
            "text" => self.text(node, &inner, *ground),
            "foreignObject" => self.html(node, &inner, *ground),
            "rect" | "circle" | "ellipse" | "line" | "path" | "polygon" | "polyline" => {
                self.shape(node, &inner, ground)
            }
            _ => Vec::new(),
        };
        Some(wrapped(items, transform, link(node)))
    }

    fn group(
        &mut self,
        node: Node<'a, 'a>,
        mut context: Context<'a>,
        ground: &mut Option<Paint>,
    ) -> Option<Vec<Item>> {
        context.by[1] += title_gap(node);
        if classes(node).any(|class| NODES.contains(&class)) {
            context.in_node = true;
            return self.children(node, &context, &mut None);
        }
        self.children(node, &context, ground)
    }

    fn text(
        &self,
        node: Node<'a, 'a>,
        context: &Context<'a>,
        ground: Option<Paint>,
    ) -> Vec<Item> {
        let paint =
            |values: &Values<'a>| text_paint(values, ground.filter(|_| context.in_node));
        let values = |node, outer: &Values<'a>| self.sheet.values(node, outer);
        let text = label::from_svg(node, &context.values, context.by, &values, &paint);
        text.into_iter().map(Item::Text).collect()
    }

    fn html(
        &self,
        node: Node<'a, 'a>,
        context: &Context<'a>,
        ground: Option<Paint>,
    ) -> Vec<Item> {
        let innermost = node.descendants().rfind(|node| node.has_tag_name("span"));
        let values = innermost.map_or(context.values, |span| {
            let mut values = self.sheet.values(span, &context.values);
            values[0] = value(&values, "color").or(values[0]);
            values
        });
        let paint = text_paint(&values, ground.filter(|_| context.in_node));
        let Some(text) = label::from_html(node, &values, context.by, paint) else {
            return Vec::new();
        };
        let mut items = Vec::new();
        if node.descendants().any(|inner| classes(inner).any(|class| class == "labelBkg")) {
            items.push(Item::Shape(backdrop(label::bounds(&text))));
        }
        items.push(Item::Text(text));
        items
    }

    fn shape(
        &mut self,
        node: Node<'a, 'a>,
        context: &Context<'a>,
        ground: &mut Option<Paint>,
    ) -> Vec<Item> {
        let Some(geometry) = geometry(node, context) else { return Vec::new() };
        let mut shape = look(&context.values, geometry, context);
        for (slot, name) in ["marker-start", "marker-end"].into_iter().enumerate() {
            shape.markers[slot] =
                node.attribute(name).and_then(|url| self.marker(url, context));
        }
        if shape.fill != Paint::None && shape.opacity > 50 && shape.fill_opacity > 50 {
            *ground = Some(shape.fill);
        }
        soften(&mut shape, node, context);
        let has_marker = shape.markers.iter().any(Option::is_some);
        let is_seen = shape.fill != Paint::None || shape.stroke != Paint::None || has_marker;
        if is_seen { vec![Item::Shape(shape)] } else { Vec::new() }
    }

    /// The place of a marker among those in use, which it takes when it is first used.
    fn marker(&mut self, url: &str, context: &Context<'a>) -> Option<usize> {
        let id = url.trim().trim_start_matches("url(#").trim_end_matches(')');
        if let Some(place) = self.markers.iter().position(|marker| marker.id == id) {
            return Some(place);
        }
        let named = |node: &Node<'a, 'a>| {
            node.has_tag_name("marker") && node.attribute("id") == Some(id)
        };
        let node = self.document.descendants().find(named)?;
        let context = Context {
            values: self.sheet.values(node, &[None; PROPERTIES.len()]),
            by: [0.0; 2],
            grid: Grid::FINER,
            opacity: 1.0,
            in_node: false,
            in_marker: true,
            depth: context.depth + 1,
        };
        let items = self.children(node, &context, &mut None)?;
        let frame =
            FRAME.iter().filter_map(|&name| Some((name, node.attribute(name)?.to_owned())));
        self.markers.push(Marker { id: id.to_owned(), frame: frame.collect(), items });
        Some(self.markers.len() - 1)
    }
}

/// How far the title of a subgraph is moved from the border it clings to, in pixels.
fn title_gap(node: Node<'_, '_>) -> f64 {
    let has = |node: Node<'_, '_>, name| classes(node).any(|class| class == name);
    let of_subgraph = |outer| has(outer, "cluster") && !has(outer, "statediagram-cluster");
    let is_title = has(node, "cluster-label") && node.parent_element().is_some_and(of_subgraph);
    if is_title { 1.0 } else { 0.0 }
}

/// Groups that hold one thing with its label.
const NODES: [&str; 8] = [
    "node",
    "mindmap-node",
    "timeline-node",
    "statediagram-state",
    "statediagram-note",
    "classGroup",
    "entityBox",
    "note",
];

/// What of a marker's attributes is kept.
const FRAME: [&str; 7] =
    ["viewBox", "refX", "refY", "markerUnits", "markerWidth", "markerHeight", "orient"];

/// Classes of areas with other things on them: frames, boxes, sections.
const AREAS: [&str; 4] = ["rect", "outer", "inner", "divider"];

/// Where an author colours a whole area, only a tint of it is shown: text and lines of the
/// site's own colours have to be seen on it, on a light page and on a dark one.
const TINT: i64 = 25;

fn soften(shape: &mut Shape, node: Node<'_, '_>, context: &Context<'_>) {
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

fn look(values: &Values<'_>, geometry: Geometry, context: &Context<'_>) -> Shape {
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
fn backdrop(bounds: [f64; 4]) -> Shape {
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

fn text_paint(values: &Values<'_>, ground: Option<Paint>) -> Paint {
    let read = |name: &str| value(values, name).and_then(Paint::parse);
    let fill = read("fill").unwrap_or(TEXT);
    let colour = read("color").filter(|paint| matches!(paint, Paint::Colour(_)));
    // Black is what the library writes where it has no variable.
    let paint = match colour.unwrap_or(fill) {
        Paint::Colour([0, 0, 0, _]) | Paint::None => TEXT,
        paint => paint,
    };
    paint.readable_on(ground.unwrap_or(PAPER))
}

fn geometry(node: Node<'_, '_>, context: &Context<'_>) -> Option<Geometry> {
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
    let line = super::path::Line {
        start: at,
        strokes: vec![super::path::Stroke::Line(at)],
        is_closed: false,
    };
    Geometry::Path(Path { lines: vec![line], grid })
}

/// An area and its border are drawn apart in the hand-drawn manner; here they are one.
fn merge_last_two(items: &mut Vec<Item>) {
    let [.., Item::Shape(area), Item::Shape(border)] = &mut items[..] else { return };
    let is_pair = area.stroke == Paint::None
        && border.fill == Paint::None
        && border.markers == [None; 2]
        && area.opacity == border.opacity
        && same_area(&area.geometry, &border.geometry);
    if is_pair {
        border.fill = area.fill;
        border.fill_opacity = area.fill_opacity;
        items.swap_remove(items.len() - 2);
    }
}

fn same_area(a: &Geometry, b: &Geometry) -> bool {
    match (a, b) {
        (Geometry::Path(a), Geometry::Path(b)) => a.has_area_of(b),
        _ => a == b,
    }
}

/// Items in a group of their own if they need one.
fn wrapped(items: Vec<Item>, transform: Option<String>, link: Option<String>) -> Vec<Item> {
    match items.len() {
        0 => items,
        1 if transform.is_none() && link.is_none() => items,
        _ => vec![Item::Group(Group { items, transform, link })],
    }
}

/// Where a click leads, if it is a page of the web.
fn link(node: Node<'_, '_>) -> Option<String> {
    let xlink = ("http://www.w3.org/1999/xlink", "href");
    let target = node.attribute("href").or_else(|| node.attribute(xlink))?;
    let is_web = target.starts_with("https://") || target.starts_with("http://");
    (node.has_tag_name("a") && is_web).then(|| target.to_owned())
}

fn is_hidden(values: &Values<'_>) -> bool {
    value(values, "display") == Some("none")
        || value(values, "visibility") == Some("hidden")
        || number(value(values, "opacity")) == Some(0.0)
}

/// The value of a property by its name.
pub(super) fn value<'a>(values: &Values<'a>, name: &str) -> Option<&'a str> {
    PROPERTIES.iter().position(|&property| property == name).and_then(|place| values[place])
}

/// A number of pixels; the unit may be left out.
pub(super) fn number(text: Option<&str>) -> Option<f64> {
    let text = text?.trim();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let pixels = match &text[digits.len()..] {
        "em" | "rem" => 16.0,
        "ex" => 8.0,
        "pt" => 4.0 / 3.0,
        _ => 1.0,
    };
    let number: f64 = digits.parse().ok()?;
    number.is_finite().then_some(number * pixels)
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
