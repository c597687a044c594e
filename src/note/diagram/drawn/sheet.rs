//! The style sheet inside a drawing: which declarations apply to which element.
//!
//! In: CSS as the drawing library writes it, and elements of the drawing. Out: the value of
//! each property that matters to the picture. Of CSS it knows classes, ids, names, attribute
//! selectors and the two ways of nesting; what else there is applies to nothing.

use roxmltree::Node;
use rustc_hash::FxHashMap;

/// The properties that matter to the picture, by their place in a [`Values`].
pub(super) const PROPERTIES: [&str; 20] = [
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "font-size",
    "font-weight",
    "font-style",
    "text-anchor",
    "dominant-baseline",
    "fill-opacity",
    "stroke-opacity",
    "visibility",
    "color",
    "stroke-linecap",
    "opacity",
    "display",
    "rx",
    "ry",
    "stop-color",
    "text-decoration",
];

/// Properties from here on do not pass from an element to those inside it.
pub(super) const FIRST_NOT_INHERITED: usize = 14;

/// The value of each property, in the order of [`PROPERTIES`].
pub(super) type Values<'a> = [Option<&'a str>; PROPERTIES.len()];

/// A parsed style sheet.
pub(super) struct Sheet<'a> {
    rules: Vec<Rule<'a>>,
    by_class: FxHashMap<&'a str, Vec<usize>>,
    by_name: FxHashMap<&'a str, Vec<usize>>,
    others: Vec<usize>,
}

struct Rule<'a> {
    /// From the outermost to the element itself.
    parts: Vec<Part<'a>>,
    /// Specificity, then place in the sheet: the higher wins.
    weight: u32,
    declarations: Vec<Declaration<'a>>,
}

#[derive(Default)]
struct Part<'a> {
    name: Option<&'a str>,
    id: Option<&'a str>,
    classes: Vec<&'a str>,
    /// Name, operator and value.
    attributes: Vec<(&'a str, &'a str, &'a str)>,
    /// The part before must be the parent, not any ancestor.
    is_child: bool,
}

#[derive(Clone, Copy)]
struct Declaration<'a> {
    property: usize,
    value: &'a str,
    is_important: bool,
}

/// Above all weights of rules, below `!important`.
const INLINE: u64 = 1 << 40;
const IMPORTANT: u64 = 1 << 41;

impl<'a> Sheet<'a> {
    /// Reads style sheets, one after the other.
    pub(super) fn parse(css: &'a str) -> Sheet<'a> {
        let mut sheet = Sheet {
            rules: Vec::new(),
            by_class: FxHashMap::default(),
            by_name: FxHashMap::default(),
            others: Vec::new(),
        };
        let mut rest = css;
        while let Some(open) = rest.find('{') {
            let (selectors, body) = (rest[..open].trim(), &rest[open + 1..]);
            let length = block_length(body);
            if !selectors.starts_with('@') {
                sheet.add(selectors, &body[..length]);
            }
            rest = body.get(length + 1..).unwrap_or_default();
        }
        sheet
    }

    fn add(&mut self, selectors: &'a str, body: &'a str) {
        let declarations = declarations(body);
        if declarations.is_empty() {
            return;
        }
        for selector in selectors.split(',') {
            let Some(parts) = parts(selector) else { continue };
            let Some(last) = parts.last() else { continue };
            let index = self.rules.len();
            match (last.classes.first(), last.name) {
                (Some(&class), _) => self.by_class.entry(class).or_default().push(index),
                (_, Some(name)) => self.by_name.entry(name).or_default().push(index),
                _ => self.others.push(index),
            }
            let place = u32::try_from(index).unwrap_or(0xFFFF).min(0xFFFF);
            let weight = specificity(&parts) << 16 | place;
            self.rules.push(Rule { parts, weight, declarations: declarations.clone() });
        }
    }

    /// The values for an element: its own, else what it inherits from `outer`.
    pub(super) fn values(&self, node: Node<'a, 'a>, outer: &Values<'a>) -> Values<'a> {
        let mut found: [(u64, Option<&'a str>); PROPERTIES.len()] =
            [(0, None); PROPERTIES.len()];
        for attribute in node.attributes() {
            if let Some(property) = property(attribute.name()) {
                found[property] = (0, Some(attribute.value()));
            }
        }
        let mut declare = |weight: u64, declaration: &Declaration<'a>| {
            let important = if declaration.is_important { IMPORTANT } else { 0 };
            let slot = &mut found[declaration.property];
            if weight + important >= slot.0 {
                *slot = (weight + important, Some(declaration.value));
            }
        };
        for rule in self.candidates(node).filter(|rule| matches(&rule.parts, node)) {
            let weight = u64::from(rule.weight) + 1;
            for declaration in &rule.declarations {
                declare(weight, declaration);
            }
        }
        if let Some(style) = node.attribute("style") {
            for declaration in &declarations(style) {
                declare(INLINE, declaration);
            }
        }
        resolve(&found, outer)
    }

    fn candidates(&self, node: Node<'a, 'a>) -> impl Iterator<Item = &Rule<'a>> {
        let of_class = classes(node).filter_map(|class| self.by_class.get(class)).flatten();
        let of_name = self.by_name.get(node.tag_name().name()).into_iter().flatten();
        of_class.chain(of_name).chain(&self.others).map(|&index| &self.rules[index])
    }
}

fn resolve<'a>(
    found: &[(u64, Option<&'a str>); PROPERTIES.len()],
    outer: &Values<'a>,
) -> Values<'a> {
    let mut values = found.map(|(_, value)| value);
    for (property, value) in values.iter_mut().enumerate() {
        let is_inherited = property < FIRST_NOT_INHERITED;
        match *value {
            Some("inherit") => *value = outer[property],
            None if is_inherited => *value = outer[property],
            _ => {}
        }
    }
    values
}

/// The bytes up to the brace that closes a block; all of them if none does.
fn block_length(body: &str) -> usize {
    let mut depth = 1;
    for (at, byte) in body.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    body.len()
}

fn property(name: &str) -> Option<usize> {
    PROPERTIES.iter().position(|&property| property == name)
}

fn declarations(body: &str) -> Vec<Declaration<'_>> {
    let declaration = |text| {
        let (name, value): (&str, &str) = str::split_once(text, ':')?;
        let property = property(name.trim())?;
        let value = value.trim();
        let (value, is_important) = match value.strip_suffix("!important") {
            Some(value) => (value.trim_end(), true),
            None => (value, false),
        };
        // A browser does not take a negative width either: the rule before it holds.
        let is_value = !value.is_empty() && value != "undefined" && !value.starts_with('-');
        is_value.then_some(Declaration { property, value, is_important })
    };
    body.split(';').filter_map(declaration).collect()
}

fn parts(selector: &str) -> Option<Vec<Part<'_>>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut is_child = false;
    for word in spaced(selector) {
        if word == ">" {
            is_child = true;
        } else {
            let part = Part { is_child, ..part(word)? };
            parts.push(part);
            is_child = false;
        }
    }
    Some(parts)
}

/// The words of a selector, `>` being one with or without blanks around it.
fn spaced(selector: &str) -> impl Iterator<Item = &str> {
    let words = selector.split_whitespace();
    words.flat_map(|word| word.split_inclusive('>')).flat_map(|word| {
        let (word, child) = match word.strip_suffix('>') {
            Some(word) => (word, Some(">")),
            None => (word, None),
        };
        Some(word).filter(|word| !word.is_empty()).into_iter().chain(child)
    })
}

fn part(text: &str) -> Option<Part<'_>> {
    let mut part = Part::default();
    let mut rest = text;
    while !rest.is_empty() {
        let (mark, body) = match rest.as_bytes()[0] {
            mark @ (b'.' | b'#' | b'[') => (mark, &rest[1..]),
            b'*' => (b'*', &rest[1..]),
            b':' => return None,
            _ => (b' ', rest),
        };
        if mark == b'[' {
            let end = body.find(']')?;
            part.attributes.push(attribute(&body[..end])?);
            rest = &body[end + 1..];
            continue;
        }
        let end = body.find(['.', '#', '[', ':', '*']).unwrap_or(body.len());
        match mark {
            b'.' => part.classes.push(&body[..end]),
            b'#' => part.id = Some(&body[..end]),
            b' ' => part.name = Some(&body[..end]),
            _ => {}
        }
        rest = &body[end..];
    }
    Some(part)
}

fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let (name, value) = text.split_once('=')?;
    let operator = name.len() - name.trim_end_matches(['$', '^', '*', '~']).len();
    let (name, operator) = name.split_at(name.len() - operator);
    Some((name, operator, value.trim_matches(['"', '\''])))
}

fn specificity(parts: &[Part<'_>]) -> u32 {
    let count = |count: &dyn Fn(&Part<'_>) -> usize| {
        u32::try_from(parts.iter().map(count).sum::<usize>()).unwrap_or(15).min(15)
    };
    count(&|part| usize::from(part.id.is_some())) << 8
        | count(&|part| part.classes.len() + part.attributes.len()) << 4
        | count(&|part| usize::from(part.name.is_some()))
}

fn matches(parts: &[Part<'_>], node: Node<'_, '_>) -> bool {
    let Some((last, outer)) = parts.split_last() else { return true };
    if !is_part(last, node) {
        return false;
    }
    let Some(next) = node.parent_element() else { return outer.is_empty() };
    if last.is_child || outer.is_empty() {
        return outer.is_empty() || matches(outer, next);
    }
    // The nearest ancestor that fits may be tried alone: chains of ancestors nest.
    let fits = |ancestor: &Node<'_, '_>| is_part(&outer[outer.len() - 1], *ancestor);
    let has_child = outer.iter().any(|part| part.is_child);
    let mut ancestors = next.ancestors().filter(Node::is_element).filter(fits);
    if has_child {
        ancestors.any(|ancestor| matches(outer, ancestor))
    } else {
        ancestors.next().is_some_and(|ancestor| matches(outer, ancestor))
    }
}

fn is_part(part: &Part<'_>, node: Node<'_, '_>) -> bool {
    part.name.is_none_or(|name| name == node.tag_name().name())
        && part.id.is_none_or(|id| node.attribute("id") == Some(id))
        && part.classes.iter().all(|&class| classes(node).any(|other| other == class))
        && part.attributes.iter().all(|&(name, operator, value)| {
            node.attribute(name).is_some_and(|text| compare(text, operator, value))
        })
}

fn compare(text: &str, operator: &str, value: &str) -> bool {
    match operator {
        "$" => text.ends_with(value),
        "^" => text.starts_with(value),
        "*" => text.contains(value),
        "~" => text.split_whitespace().any(|word| word == value),
        _ => text == value,
    }
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

/// The classes of an element.
pub(super) fn classes<'a>(node: Node<'a, '_>) -> impl Iterator<Item = &'a str> {
    node.attribute("class").unwrap_or_default().split_ascii_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cascade_decides_between_rules() {
        let css = "#d .a rect{fill:one;}#d .b{stroke:two!important;}@media x{rect{fill:no}}\
                   rect{fill:three;stroke:four;stroke-width:1px;}#d .a>.c,text>tspan{fill:five;}\
                   #d [id$=\"-end\"] path{fill:six}#d .hover:hover{fill:seven}";
        let svg = r#"<svg id="d"><g class="a"><rect class="b" style="stroke: nine"/>
            <g class="c x"><circle fill="eight"/></g><g><g class="c"/></g></g>
            <marker id="m-end"><path/></marker><path class="hover"/></svg>"#;
        let document = roxmltree::Document::parse(svg).unwrap();
        let sheet = Sheet::parse(css);
        let expected = [
            ("rect", [Some("one"), Some("two"), Some("1px")]),
            ("circle", [Some("eight"), None, None]),
            ("path", [Some("six"), None, None]),
        ];
        for (name, expected) in expected {
            let node = document.descendants().find(|node| node.has_tag_name(name)).unwrap();
            let values = sheet.values(node, &[None; PROPERTIES.len()]);
            assert_eq!(values[..3], expected, "{name}");
        }
        let inner: Vec<_> = document
            .descendants()
            .filter(|node| classes(*node).any(|class| class == "c"))
            .map(|node| sheet.values(node, &[None; PROPERTIES.len()])[0])
            .collect();
        assert_eq!(inner, [Some("five"), None]);
        let last = document.descendants().rfind(|node| node.has_tag_name("path")).unwrap();
        assert_eq!(sheet.values(last, &[Some("outer"); PROPERTIES.len()])[0], Some("outer"));
    }
}
