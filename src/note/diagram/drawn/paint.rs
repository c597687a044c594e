//! Colours of a diagram: the site's own by role, the author's as they are.
//!
//! The drawing library is given a palette in which each colour stands for a role. What comes
//! back in one of these becomes a class of `static/diagram.css`, so that one drawing serves
//! light and dark pages; any other colour is one that the author of the diagram chose.

use std::{fmt, str::FromStr};

/// What a shape is filled or outlined with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Paint {
    /// Nothing.
    None,
    /// A colour of the site, by its place in [`ROLES`].
    Role(u8),
    /// A colour of the author's: red, green, blue and alpha.
    Colour([u8; 4]),
}

/// The roles: the name that the classes and properties in the style sheet have, and the
/// variables of Mermaid's themes that mean it. `#` stands for the numbers of a scale.
pub(super) const ROLES: &[(&str, &str)] = &[
    (
        "text",
        "textColor primaryTextColor secondaryTextColor tertiaryTextColor classText \
         stateLabelColor labelColor labelTextColor loopTextColor actorTextColor signalTextColor \
         transitionLabelColor noteTextColor taskTextColor taskTextDarkColor \
         taskTextOutsideColor taskTextClickableColor pieTitleTextColor pieLegendTextColor \
         pieSectionTextColor commitLabelColor tagLabelColor titleColor errorTextColor \
         relationLabelColor scaleLabelColor nodeTextColor cScaleLabel# gitInv#",
    ),
    ("ink", "gitBranchLabel# sequenceNumberColor taskTextLightColor"),
    ("paper", "background pieStrokeColor"),
    (
        "node",
        "mainBkg primaryColor nodeBkg stateBkg labelBackgroundColor actorBkg labelBoxBkgColor \
         compositeTitleBackground personBkg",
    ),
    (
        "rim",
        "nodeBorder primaryBorderColor actorBorder labelBoxBorderColor border1 compositeBorder \
         personBorder",
    ),
    (
        "group",
        "clusterBkg secondBkg compositeBackground altBackground tertiaryColor secondaryColor",
    ),
    (
        "group-rim",
        "clusterBorder border2 secondaryBorderColor tertiaryBorderColor flowContainerStroke",
    ),
    (
        "label",
        "edgeLabelBackground labelBackground relationLabelBackground commitLabelBackground",
    ),
    (
        "line",
        "lineColor signalColor transitionColor arrowheadColor relationColor specialStateColor \
         defaultLinkColor innerEndBackground",
    ),
    ("guide", "gridColor actorLineColor pieOuterStrokeColor"),
    ("note", "noteBkgColor"),
    ("note-rim", "noteBorderColor"),
    ("live", "activationBkgColor"),
    ("live-rim", "activationBorderColor"),
    ("tag", "tagLabelBackground"),
    ("tag-rim", "tagLabelBorder"),
    ("row", "rowOdd attributeBackgroundColorOdd"),
    ("row-even", "rowEven attributeBackgroundColorEven"),
    ("band", "sectionBkgColor"),
    ("band-even", "altSectionBkgColor"),
    ("band-more", "sectionBkgColor2"),
    ("off", "excludeBkgColor"),
    ("task", "taskBkgColor"),
    ("task-rim", "taskBorderColor"),
    ("active", "activeTaskBkgColor"),
    ("active-rim", "activeTaskBorderColor"),
    ("done", "doneTaskBkgColor"),
    ("done-rim", "doneTaskBorderColor"),
    ("crit", "critBkgColor errorBkgColor"),
    ("crit-rim", "critBorderColor"),
    ("mark", "todayLineColor vertLineColor"),
    ("c0", "cScale0 pie1"),
    ("c1", "cScale1 pie2"),
    ("c2", "cScale2 pie3"),
    ("c3", "cScale3 pie4"),
    ("c4", "cScale4 pie5"),
    ("c5", "cScale5 pie6"),
    ("c6", "cScale6 pie7"),
    ("c7", "cScale7 pie8"),
    ("c8", "cScale8 pie9"),
    ("c9", "cScale9 pie10"),
    ("c10", "cScale10 pie11"),
    ("c11", "cScale11 pie12"),
    ("k0", "cScaleInv0 cScalePeer0 git0"),
    ("k1", "cScaleInv1 cScalePeer1 git1"),
    ("k2", "cScaleInv2 cScalePeer2 git2"),
    ("k3", "cScaleInv3 cScalePeer3 git3"),
    ("k4", "cScaleInv4 cScalePeer4 git4"),
    ("k5", "cScaleInv5 cScalePeer5 git5"),
    ("k6", "cScaleInv6 cScalePeer6 git6"),
    ("k7", "cScaleInv7 cScalePeer7 git7"),
    ("k8", "cScaleInv8 cScalePeer8"),
    ("k9", "cScaleInv9 cScalePeer9"),
    ("k10", "cScaleInv10 cScalePeer10"),
    ("k11", "cScaleInv11 cScalePeer11"),
];

/// Text on the usual surfaces.
pub(super) const TEXT: Paint = Paint::Role(0);
/// The page.
pub(super) const PAPER: Paint = Paint::Role(2);
/// Behind the label of an edge.
pub(super) const LABEL: Paint = Paint::Role(7);
/// Edges and arrows.
pub(super) const LINE: Paint = Paint::Role(8);
/// Lines of a grid.
pub(super) const GUIDE: Paint = Paint::Role(9);
/// The first ground of the scale for text, and the first of the scale for lines.
const SCALES: [u8; 2] = [31, 43];

/// Red and green of the colours that stand for roles; blue is the role.
const STAND_IN: [u8; 2] = [0x01, 0xFE];

/// Pages on which an author's colour has to be seen, light and dark.
const PAGES: [[u8; 3]; 2] = [[0xFF, 0xFF, 0xFF], [0x1B, 0x1E, 0x25]];

/// Contrast that WCAG 2 asks of text (success criterion 1.4.3, level AA).
const READABLE: f64 = 4.5;

/// The palette to draw with: each theme variable and the colour that stands for its role.
pub(super) fn stand_ins() -> Vec<(String, String)> {
    let mut variables = Vec::new();
    for (role, (_, names)) in ROLES.iter().enumerate() {
        let colour = format!("#{:02x}{:02x}{role:02x}", STAND_IN[0], STAND_IN[1]);
        for name in names.split_whitespace() {
            match name.strip_suffix('#') {
                Some(stem) => {
                    variables.extend((0..12).map(|n| (format!("{stem}{n}"), colour.clone())));
                }
                None => variables.push((name.to_owned(), colour.clone())),
            }
        }
    }
    variables
}

impl Paint {
    /// Reads a colour as CSS writes it; `None` if it is none.
    pub(super) fn parse(text: &str) -> Option<Paint> {
        let text = text.trim();
        if matches!(text, "none" | "transparent") {
            return Some(Paint::None);
        }
        let colour = svgtypes::Color::from_str(text).ok()?;
        let is_role =
            [colour.red, colour.green] == STAND_IN && usize::from(colour.blue) < ROLES.len();
        Some(match colour {
            svgtypes::Color { alpha: 0, .. } => Paint::None,
            _ if is_role => Paint::Role(colour.blue),
            svgtypes::Color { red, green, blue, alpha } => {
                Paint::Colour([red, green, blue, alpha])
            }
        })
    }

    /// This colour as a line: of a scale, the one that can be told from the page.
    pub(super) fn strong(self) -> Paint {
        match self {
            Paint::Role(role) if (SCALES[0]..SCALES[1]).contains(&role) => {
                Paint::Role(role + SCALES[1] - SCALES[0])
            }
            paint => paint,
        }
    }

    /// This colour in the head of an arrow, where the library means the page by white and
    /// the lines by black.
    pub(super) fn of_marker(self) -> Paint {
        match self {
            Paint::Colour([0xFF, 0xFF, 0xFF, _]) => PAPER,
            Paint::Colour([0, 0, 0, _]) => LINE,
            paint => paint,
        }
    }

    /// The name of the role, for a class.
    pub(super) fn role(self) -> Option<&'static str> {
        match self {
            Paint::Role(role) => ROLES.get(usize::from(role)).map(|role| role.0),
            _ => None,
        }
    }

    /// This text colour, if it can be read on an area of that paint; or one that can.
    pub(super) fn readable_on(self, area: Paint) -> Paint {
        match (self, area) {
            (Paint::Colour(text), Paint::Colour(area)) => {
                let is_readable = contrast(rgb(text), rgb(area)) >= READABLE;
                if is_readable { self } else { ink_on(rgb(area)) }
            }
            (_, Paint::Colour(area)) => ink_on(rgb(area)),
            (Paint::Colour(_), _) => self.visible_on_pages(3.0).unwrap_or(TEXT),
            _ => self,
        }
    }

    /// This colour of a line, unless it would vanish on a light or a dark page.
    pub(super) fn visible_line(self) -> Paint {
        self.visible_on_pages(1.6).unwrap_or(LINE)
    }

    fn visible_on_pages(self, least: f64) -> Option<Paint> {
        match self {
            Paint::Colour(colour) => {
                let is_visible = |&page: &[u8; 3]| contrast(rgb(colour), page) >= least;
                PAGES.iter().all(is_visible).then_some(self)
            }
            _ => Some(self),
        }
    }
}

impl fmt::Display for Paint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Paint::None => f.write_str("none"),
            Paint::Role(_) => f.write_str(self.role().unwrap_or_default()),
            Paint::Colour([r, g, b, _]) => {
                let is_short = [r, g, b].iter().all(|&&part| part % 17 == 0);
                if is_short {
                    write!(f, "#{:x}{:x}{:x}", r / 17, g / 17, b / 17)
                } else {
                    write!(f, "#{r:02x}{g:02x}{b:02x}")
                }
            }
        }
    }
}

fn rgb([r, g, b, _]: [u8; 4]) -> [u8; 3] {
    [r, g, b]
}

/// Black or white, whichever is easier to read. One of them always passes level AA.
fn ink_on(area: [u8; 3]) -> Paint {
    let [black, white] = [[0x11; 3], [0xFF; 3]];
    let ink = if contrast(black, area) >= contrast(white, area) { black } else { white };
    Paint::Colour([ink[0], ink[1], ink[2], 0xFF])
}

/// Contrast ratio of two colours by WCAG 2, from 1 to 21.
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance by WCAG 2.
fn luminance(colour: [u8; 3]) -> f64 {
    let linear = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_come_back_as_their_roles() {
        for (variable, role) in
            [("mainBkg", "node"), ("cScaleLabel7", "text"), ("git3", "k3"), ("pie12", "c11")]
        {
            let (_, colour) =
                stand_ins().into_iter().find(|(name, _)| name == variable).unwrap();
            assert_eq!(Paint::parse(&colour).and_then(Paint::role), Some(role), "{variable}");
        }
        assert_eq!(Paint::parse("rgb(1, 254, 8)"), Some(LINE));
        let named = |paint: Paint| paint.role().unwrap();
        assert_eq!(
            [TEXT, PAPER, LABEL, LINE, GUIDE].map(named),
            ["text", "paper", "label", "line", "guide"]
        );
        assert_eq!(SCALES.map(|role| named(Paint::Role(role))), ["c0", "k0"]);
    }

    #[test]
    fn the_style_sheet_has_every_role() {
        let styles = include_str!("../../../../static/diagram.css");
        for (role, _) in ROLES {
            assert_eq!(styles.matches(&format!("  --d-{role}: #")).count(), 3, "{role}");
            for rule in [
                format!(".f-{role} {{ fill: var(--d-{role}); }}"),
                format!(".s-{role} {{ stroke: var(--d-{role}); }}"),
            ] {
                assert!(styles.contains(&rule), "{rule}");
            }
        }
    }

    #[test]
    fn colours_are_read_and_written() {
        for (text, expected) in [
            ("#f9f", "#f9f"),
            ("#FFCC00", "#fc0"),
            ("lightblue", "#add8e6"),
            ("rgb(176, 0, 32)", "#b00020"),
            ("hsl(120, 100%, 50%)", "#0f0"),
            ("transparent", "none"),
            ("rgba(1, 2, 3, 0)", "none"),
        ] {
            assert_eq!(
                Paint::parse(text).map(|paint| paint.to_string()),
                Some(expected.into())
            );
        }
        assert_eq!(Paint::parse("undefined"), None);
    }

    #[test]
    fn text_stays_readable_on_any_fill() {
        for (text, area, expected) in [
            ("#fff", "#326ce5", "#fff"),
            ("#fff", "#ffd54f", "#111"),
            ("#1b5e20", "#c8e6c9", "#1b5e20"),
            ("#222", "#1b1b3a", "#fff"),
        ] {
            let [text, area] = [text, area].map(|text| Paint::parse(text).unwrap());
            assert_eq!(text.readable_on(area).to_string(), expected);
        }
        assert_eq!(TEXT.readable_on(Paint::Colour([0, 0, 0, 255])).to_string(), "#fff");
        assert_eq!(Paint::Colour([0x33, 0x33, 0x33, 255]).readable_on(PAPER), TEXT);
        assert_eq!(Paint::Colour([0x33, 0x33, 0x33, 255]).visible_line(), LINE);
    }
}
