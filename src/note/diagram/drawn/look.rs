//! What is inherited in a picture, and where it is best said.
//!
//! In: items with the look each of them needs. Out: the look to give to each group, such that
//! few attributes are written: the one that most of its parts ask for.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    label::{Anchor, Face, Text},
    paint::Paint,
    path::Grid,
    scene::Item,
    shape::{Geometry, Shape},
};

/// Inherited properties by their place in [`PROPERTIES`]; `None` where an item does not care.
pub(super) type Look = [Option<Value>; PROPERTIES.len()];

/// The properties, and how the attribute of each is called. A paint of the site's is a class.
const PROPERTIES: [&str; 10] = [
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "font-size",
    "font-weight",
    "font-style",
    "text-anchor",
    "marker-start",
    "marker-end",
];

/// What a property can be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    Paint(Paint),
    /// Hundredths.
    Number(i64),
    Word(&'static str),
    Dashes(String),
    /// By its place among the markers of the drawing.
    Marker(Option<usize>),
}

/// The look of an item and of those inside it.
pub(super) struct Looks {
    pub(super) look: Look,
    pub(super) inner: Vec<Looks>,
}

/// What the style sheet gives to a picture: see `.diagram` in `static/diagram.css`. Within a
/// marker it is what SVG itself begins with.
pub(super) fn root(is_marker: bool) -> Look {
    let anchor = if is_marker { Anchor::Start } else { Anchor::Middle };
    let fill = if is_marker { Paint::Colour([0, 0, 0, 0xFF]) } else { Paint::None };
    [
        Some(Value::Paint(fill)),
        Some(Value::Paint(Paint::None)),
        Some(Value::Number(100)),
        Some(Value::Dashes(String::new())),
        Some(Value::Number(1600)),
        Some(Value::Word("400")),
        Some(Value::Word("normal")),
        Some(Value::Word(anchor_name(anchor))),
        Some(Value::Marker(None)),
        Some(Value::Marker(None)),
    ]
}

/// The looks of items that stand where `outer` is inherited.
pub(super) fn shared(items: &[Item], outer: &Look) -> Vec<Looks> {
    items.iter().map(|item| settle(item, &wish(item), outer)).collect()
}

/// The attributes that turn one look into another, in a drawing of that id.
pub(super) fn attributes(look: &Look, outer: &Look, id: &str) -> String {
    let (mut classes, mut out) = (String::new(), String::new());
    for (place, name) in PROPERTIES.iter().enumerate() {
        let Some(value) = look[place].as_ref().filter(|_| look[place] != outer[place]) else {
            continue;
        };
        if let Value::Paint(paint) = value
            && let Some(role) = paint.role()
        {
            let space = if classes.is_empty() { "" } else { " " };
            let _ = write!(classes, "{space}{}-{role}", &name[..1]);
        } else {
            let _ = write!(out, " {name}=\"{}\"", written(value, id));
        }
    }
    if classes.is_empty() { out } else { format!(" class=\"{classes}\"{out}") }
}

/// What a shape needs, and for the rest what it inherits.
pub(super) fn of_shape(shape: &Shape) -> Look {
    let mut look = Look::default();
    look[0] = Some(Value::Paint(shape.fill));
    look[1] = Some(Value::Paint(shape.stroke));
    // Arrow heads grow with the line, even if only they are seen.
    if shape.stroke != Paint::None || shape.markers != [None; 2] {
        look[2] = Some(Value::Number(shape.width));
        look[3] = Some(Value::Dashes(shape.dashes.clone()));
    }
    // Markers stand on lines only.
    if matches!(shape.geometry, Geometry::Path(_)) {
        look[8] = Some(Value::Marker(shape.markers[0]));
        look[9] = Some(Value::Marker(shape.markers[1]));
    }
    look
}

/// What text needs; its colour is not inherited, since it is hardly ever that of the shapes.
pub(super) fn of_text(text: &Text) -> Look {
    let Face { is_bold, is_italic } = text.face;
    let mut look = Look::default();
    look[4] = Some(Value::Number(text.size));
    look[5] = Some(Value::Word(if is_bold { "700" } else { "400" }));
    look[6] = Some(Value::Word(if is_italic { "italic" } else { "normal" }));
    look[7] = Some(Value::Word(anchor_name(text.anchor)));
    look
}

/// What an item would best inherit: for each property the values that most parts ask for,
/// and how many do.
struct Wish {
    values: [(Vec<Value>, usize); PROPERTIES.len()],
    inner: Vec<Wish>,
}

fn wish(item: &Item) -> Wish {
    let one = |look: Look| Wish {
        values: look.map(|value| (value.into_iter().collect(), 1)),
        inner: Vec::new(),
    };
    match item {
        Item::Shape(shape) => one(of_shape(shape)),
        Item::Text(text) => one(of_text(text)),
        Item::Group(group) => {
            let inner: Vec<Wish> = group.items.iter().map(wish).collect();
            let values = std::array::from_fn(|place| most_wished(&inner, place));
            Wish { values, inner }
        }
    }
}

fn most_wished(parts: &[Wish], place: usize) -> (Vec<Value>, usize) {
    let mut counts: BTreeMap<&Value, usize> = BTreeMap::new();
    for value in parts.iter().flat_map(|part| &part.values[place].0) {
        *counts.entry(value).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or_default();
    let values = counts.into_iter().filter(|&(_, count)| count == most);
    (values.map(|(value, _)| value.clone()).collect(), most)
}

fn settle(item: &Item, wish: &Wish, outer: &Look) -> Looks {
    let Item::Group(group) = item else {
        return Looks { look: outer.clone(), inner: Vec::new() };
    };
    let look: Look = std::array::from_fn(|place| {
        let (values, count) = &wish.values[place];
        let is_content = outer[place].as_ref().is_none_or(|value| values.contains(value));
        match values.first() {
            // One part alone may as well say it itself.
            Some(value) if !is_content && *count > 1 => Some(value.clone()),
            _ => outer[place].clone(),
        }
    });
    let parts = group.items.iter().zip(&wish.inner);
    let inner = parts.map(|(item, wish)| settle(item, wish, &look)).collect();
    Looks { look, inner }
}

fn written(value: &Value, id: &str) -> String {
    match value {
        Value::Paint(paint) => paint.to_string(),
        Value::Number(hundredths) => {
            let mut out = String::new();
            Grid::FINER.write(*hundredths, &mut out);
            out
        }
        Value::Word(word) => (*word).to_owned(),
        Value::Dashes(dashes) if dashes.is_empty() => "none".to_owned(),
        Value::Dashes(dashes) => dashes.clone(),
        Value::Marker(Some(place)) => format!("url(#{id}-m{place})"),
        Value::Marker(None) => "none".to_owned(),
    }
}

fn anchor_name(anchor: Anchor) -> &'static str {
    match anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    }
}
