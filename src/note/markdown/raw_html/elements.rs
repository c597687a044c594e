//! Which elements and attributes of raw HTML are kept, and what becomes of old ones.

/// What is known of an element.
#[derive(Clone, Copy)]
pub(super) struct Element {
    /// The element it is written as.
    pub(super) tag: &'static str,
    /// A class that keeps what an old element meant.
    pub(super) class: Option<&'static str>,
    /// Whether it may stand in a paragraph.
    pub(super) is_inline: bool,
    /// How it is treated.
    pub(super) shape: Shape,
}

/// How an element is treated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Opened and closed.
    Plain,
    /// Has no end.
    Void,
    /// An image, becomes a hole.
    Image,
    /// Shows a page from elsewhere.
    Frame,
    /// Its tags go, its content stays.
    Dropped,
    /// It goes with all that is in it.
    Hidden,
}

const fn inline(tag: &'static str) -> Element {
    Element { tag, class: None, is_inline: true, shape: Shape::Plain }
}

const fn block(tag: &'static str) -> Element {
    Element { tag, class: None, is_inline: false, shape: Shape::Plain }
}

const fn shaped(tag: &'static str, is_inline: bool, shape: Shape) -> Element {
    Element { tag, class: None, is_inline, shape }
}

const fn classed(tag: &'static str, class: &'static str, is_inline: bool) -> Element {
    Element { tag, class: Some(class), is_inline, shape: Shape::Plain }
}

/// The element of a name in lower case; `None` for what is no element of HTML.
pub(super) fn element(name: &str) -> Option<Element> {
    Some(match name {
        "a" => inline("a"),
        "abbr" | "acronym" => inline("abbr"),
        "b" => inline("b"),
        "bdi" | "bdo" => inline("bdi"),
        "big" | "font" | "nobr" | "span" | "label" | "blink" => inline("span"),
        "cite" => inline("cite"),
        "code" | "tt" => inline("code"),
        "del" | "strike" => inline("del"),
        "dfn" => inline("dfn"),
        "em" => inline("em"),
        "i" => inline("i"),
        "ins" => inline("ins"),
        "kbd" => inline("kbd"),
        "mark" => inline("mark"),
        "q" => inline("q"),
        "ruby" => inline("ruby"),
        "rp" => inline("rp"),
        "rt" => inline("rt"),
        "s" => inline("s"),
        "samp" => inline("samp"),
        "small" => inline("small"),
        "strong" => inline("strong"),
        "sub" => inline("sub"),
        "sup" => inline("sup"),
        "u" => inline("u"),
        "var" => inline("var"),
        "br" => shaped("br", true, Shape::Void),
        "wbr" => shaped("wbr", true, Shape::Void),
        "hr" => shaped("hr", false, Shape::Void),
        "img" => shaped("img", true, Shape::Image),
        "iframe" | "embed" | "frame" => shaped("a", true, Shape::Frame),
        "center" => classed("div", "center", false),
        "h1" | "h2" | "h3" => classed("div", "raw-heading", false),
        "h4" | "h5" | "h6" => classed("div", "raw-heading small", false),
        "p" => block("p"),
        "div" | "section" | "article" | "header" | "footer" | "main" | "nav" | "aside"
        | "address" | "hgroup" | "fieldset" | "legend" | "form" => block("div"),
        "blockquote" => block("blockquote"),
        "pre" => block("pre"),
        "details" => block("details"),
        "summary" => block("summary"),
        "figure" => block("figure"),
        "figcaption" => block("figcaption"),
        "table" => block("table"),
        "caption" => block("caption"),
        "thead" => block("thead"),
        "tbody" => block("tbody"),
        "tfoot" => block("tfoot"),
        "tr" => block("tr"),
        "th" => block("th"),
        "td" => block("td"),
        "ul" | "menu" | "dir" => block("ul"),
        "ol" => block("ol"),
        "li" => block("li"),
        "dl" => block("dl"),
        "dt" => block("dt"),
        "dd" => block("dd"),
        "html" | "head" | "body" | "meta" | "link" | "base" | "picture" | "source"
        | "track" | "param" | "input" | "button" | "select" | "option" | "optgroup"
        | "textarea" | "output" | "progress" | "meter" | "video" | "audio" | "canvas"
        | "map" | "area" | "time" | "data" | "dialog" | "slot" | "col" | "colgroup"
        | "noscript" | "frameset" | "marquee" | "datalist" | "search" => {
            shaped("", true, Shape::Dropped)
        }
        "script" | "style" | "template" | "title" | "object" | "applet" | "svg" | "math"
        | "noembed" | "noframes" | "xmp" | "plaintext" | "portal" => {
            shaped("", true, Shape::Hidden)
        }
        _ => return None,
    })
}

/// The elements that an element must stand in directly.
pub(super) fn parents(tag: &str) -> Option<&'static [&'static str]> {
    Some(match tag {
        "tr" => &["table", "thead", "tbody", "tfoot"],
        "td" | "th" => &["tr"],
        "thead" | "tbody" | "tfoot" | "caption" => &["table"],
        "li" => &["ul", "ol"],
        "dt" | "dd" => &["dl"],
        "summary" => &["details"],
        "figcaption" => &["figure"],
        _ => return None,
    })
}

/// The elements that the start of one ends, up to those that hold them all (HTML, section
/// 13.1.2.4).
pub(super) fn siblings(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match name {
        "li" => (&["li"], &["ul", "ol", "menu", "dir"]),
        "dt" | "dd" => (&["dt", "dd"], &["dl"]),
        "td" | "th" => (&["td", "th"], &["tr", "table"]),
        "tr" => (&["tr"], &["table", "thead", "tbody", "tfoot"]),
        "thead" | "tbody" | "tfoot" => (&["thead", "tbody", "tfoot"], &["table"]),
        _ => (&[], &[]),
    }
}

/// Whether an element may stand in the one above it.
pub(super) fn is_child_of(tag: &str, above: &str) -> bool {
    parents(tag).is_none_or(|parents| parents.contains(&above))
        && !(above == "summary" || above == "pre" && tag != "code")
        || matches!(
            tag,
            "b" | "i"
                | "em"
                | "strong"
                | "code"
                | "span"
                | "a"
                | "kbd"
                | "sub"
                | "sup"
                | "del"
                | "mark"
                | "small"
                | "u"
                | "s"
        )
}

/// Whether an element holds nothing but its own kind of children.
pub(super) fn wants_children(tag: &str) -> bool {
    matches!(tag, "table" | "thead" | "tbody" | "tfoot" | "tr" | "ul" | "ol" | "dl")
}

/// Whether an attribute is kept as it is.
pub(super) fn keeps(tag: &str, name: &str, value: &str) -> bool {
    let is_number =
        !value.is_empty() && value.len() < 6 && value.bytes().all(|byte| byte.is_ascii_digit());
    match name {
        "title" => true,
        "dir" => matches!(value, "ltr" | "rtl" | "auto"),
        "lang" => {
            value.len() <= 35
                && value.split('-').all(|part| {
                    (1..=8).contains(&part.len())
                        && part.bytes().all(|b| b.is_ascii_alphanumeric())
                })
        }
        "colspan" | "rowspan" => matches!(tag, "td" | "th") && is_number && value != "0",
        "start" => tag == "ol" && is_number,
        "value" => tag == "li" && is_number,
        "reversed" => tag == "ol",
        _ => false,
    }
}
