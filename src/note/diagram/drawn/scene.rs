//! The picture as plain data: shapes and lines of text, each with its own look.
//!
//! In: the drawing library's SVG. Out: what is seen of it, in place, with colours by role.
//! Here it is decided what counts as seen; how it is written down is the writer's business.

use roxmltree::{Document, Node};

use super::{
    label,
    paint::{PAPER, Paint, TEXT},
    path::Grid,
    place,
    shape::{self, Shape},
    sheet::{PROPERTIES, Sheet, Values, classes, number, value},
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
pub(super) struct Context<'a> {
    pub(super) values: Values<'a>,
    /// Moves that go into the coordinates.
    pub(super) by: [f64; 2],
    pub(super) grid: Grid,
    /// Hundredths, multiplied along the way.
    pub(super) opacity: f64,
    /// Stands in a node or the like, whose fill is what its text is read on.
    pub(super) in_node: bool,
    /// Draws the head of an arrow.
    pub(super) in_marker: bool,
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
    let view = covering(view(root)?, &items);
    Some(Scene { view, items, markers: reader.markers, title, description })
}

fn view(root: Node<'_, '_>) -> Option<[f64; 4]> {
    let numbers: Vec<f64> =
        root.attribute("viewBox")?.split_whitespace().map_while(|n| n.parse().ok()).collect();
    let view: [f64; 4] = numbers.try_into().ok()?;
    view.iter().all(|n| n.is_finite()).then_some(view)
}

/// A view that shows every line of text, whatever the library reckoned.
fn covering(view: [f64; 4], items: &[Item]) -> [f64; 4] {
    items.iter().fold(view, |view, item| match item {
        Item::Group(group) if group.transform.is_none() => covering(view, &group.items),
        Item::Text(text) => united(view, label::bounds(text)),
        _ => view,
    })
}

fn united(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    let (left, top) = (a[0].min(b[0]), a[1].min(b[1]));
    let (right, bottom) = ((a[0] + a[2]).max(b[0] + b[2]), (a[1] + a[3]).max(b[1] + b[3]));
    [left, top, right - left, bottom - top]
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
            "g" | "a" | "svg" => self.group(node, inner, ground)?,
            "switch" => self.first_known(node, &inner, ground)?,
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

    /// Of several ways to write the same text down the first.
    fn first_known(
        &mut self,
        node: Node<'a, 'a>,
        context: &Context<'a>,
        ground: &mut Option<Paint>,
    ) -> Option<Vec<Item>> {
        for child in node.children().filter(Node::is_element) {
            let items = self.element(child, context, ground)?;
            if !items.is_empty() {
                return Some(items);
            }
        }
        Some(Vec::new())
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
            items.push(Item::Shape(shape::backdrop(label::bounds(&text))));
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
        let Some(geometry) = shape::geometry(node, context) else { return Vec::new() };
        let mut shape = shape::look(&context.values, geometry, context);
        for (slot, name) in ["marker-start", "marker-end"].into_iter().enumerate() {
            shape.markers[slot] =
                node.attribute(name).and_then(|url| self.marker(url, context));
        }
        if shape.fill != Paint::None && shape.opacity > 50 && shape.fill_opacity > 50 {
            *ground = Some(shape.fill);
        }
        shape::soften(&mut shape, node, context);
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

/// An area and its border are drawn apart in the hand-drawn manner; here they are one.
fn merge_last_two(items: &mut Vec<Item>) {
    let [.., Item::Shape(area), Item::Shape(border)] = &mut items[..] else { return };
    let is_pair = area.stroke == Paint::None
        && border.fill == Paint::None
        && border.markers == [None; 2]
        && area.opacity == border.opacity
        && shape::same_area(&area.geometry, &border.geometry);
    if is_pair {
        border.fill = area.fill;
        border.fill_opacity = area.fill_opacity;
        items.swap_remove(items.len() - 2);
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
