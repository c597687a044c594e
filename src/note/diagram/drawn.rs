//! From a diagram's source to its picture: the library draws, the rest is taken over here.
//!
//! In: source, id, title. Out: SVG text. The library's own SVG carries twenty kilobytes of
//! style and the colours of one theme; [`scene`] reads what is seen of it and [`write`] says
//! that in the classes of the site.

use std::sync::LazyLock;

use merman::{
    Engine, MermaidConfig, OperationControl, RenderError, RenderOutput, RenderRequest,
    Renderer, SvgEnvironment, SvgRequest,
    svg::{
        DeterministicTextMeasurer, MeasurementProfileId, SvgRenderOptions,
        TextMeasurementPolicy, TextMeasurementProfile, TextMeasurementProfileIdentity,
        TextStyle,
    },
};
use serde_json::{Value, json};

use super::DiagramError;
use crate::text::width::is_han;

mod apart;
mod label;
mod look;
mod mend;
mod metrics;
mod paint;
mod path;
mod place;
mod scene;
mod shape;
mod sheet;
mod write;

/// The longest source that is drawn, in bytes; the longest in a hundred handbooks has six
/// thousand.
const MAX_SOURCE: usize = 64 * 1024;

/// The library's own id for a drawing; ours are written over it.
const DRAWING_ID: &str = "d";

pub(super) fn render(
    source: &str,
    id: &str,
    title: Option<&str>,
) -> Result<String, DiagramError> {
    if source.len() > MAX_SOURCE {
        return Err(error(format!("a diagram may have {MAX_SOURCE} bytes, this has more")));
    }
    let theme = Theme::of(source);
    let svg = draw(source, theme).or_else(|problem| {
        let mended = mend::mended(source).ok_or_else(|| problem.clone())?;
        draw(&mended, theme).map_err(|_| problem)
    })?;
    let mut scene =
        scene::read(&svg).ok_or_else(|| error("the drawing cannot be read".into()))?;
    apart::labels(&mut scene.items);
    let unnamed = if source.contains(is_han) { "示意图" } else { "Diagram" };
    let title = scene.title.as_deref().or(own_title(source)).or(title).unwrap_or(unnamed);
    let paper = match theme {
        Theme::Site => None,
        Theme::Light => Some("paper"),
        Theme::Dark => Some("board"),
    };
    Ok(write::write(&scene, &write::Frame { id, title, paper }))
}

/// Whose colours a diagram has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Theme {
    /// The site's: it follows the page between light and dark.
    Site,
    /// The author asked for colours on a light ground.
    Light,
    /// The author asked for colours on a dark ground.
    Dark,
}

/// Kinds of diagrams whose colours no theme of the library names; they stand on a light ground.
const BRIGHT: &[&str] =
    &["quadrantChart", "xychart", "C4", "packet", "radar", "treemap", "kanban"];

impl Theme {
    /// What the source asks for, in a front matter or an `%%{init}%%` before the diagram.
    fn of(source: &str) -> Theme {
        let (head, body) = source.split_at(head(source).len());
        let named = |name: &str| head.contains(name);
        if BRIGHT.iter().any(|kind| body.trim_start().starts_with(kind)) {
            return Theme::Light;
        }
        let Some((_, after)) = head.split_once("theme") else { return Theme::Site };
        let name = after.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        let is_plain =
            ["default", "base", "neutral"].iter().any(|plain| name.starts_with(plain));
        match () {
            () if is_plain && !named("themeVariables") => Theme::Site,
            () if named("dark") => Theme::Dark,
            () => Theme::Light,
        }
    }
}

/// The part of a source that is settings and comments.
fn head(source: &str) -> &str {
    let mut end = 0;
    let mut in_front_matter = false;
    let mut in_directive = false;
    for line in source.split_inclusive('\n') {
        let text = line.trim();
        if text == "---" {
            in_front_matter = !in_front_matter;
        } else if !in_front_matter {
            in_directive |= text.starts_with("%%{");
            if !in_directive && !text.is_empty() && !text.starts_with("%%") {
                break;
            }
            in_directive &= !text.ends_with("}%%");
        }
        end += line.len();
    }
    &source[..end]
}

/// The title that a source gives to itself: in its front matter, or on a line of its own where
/// that kind of diagram has one.
fn own_title(source: &str) -> Option<&str> {
    let (head, body) = source.split_at(head(source).len());
    let kind = body.split_whitespace().next().unwrap_or_default();
    let has_line = ["sequenceDiagram", "gantt", "pie", "timeline"].contains(&kind);
    let lines = head.lines().chain(body.lines().filter(|_| has_line));
    let mut titles = lines.filter_map(|line| {
        let line = ["pie", "showData"].iter().fold(line.trim(), |line, word| {
            line.strip_prefix(word).map_or(line, str::trim_start)
        });
        let title = line.strip_prefix("title")?.strip_prefix([' ', ':', '\t'])?;
        Some(title.trim().trim_matches(['"', '\''])).filter(|title| !title.is_empty())
    });
    titles.next()
}

fn draw(source: &str, theme: Theme) -> Result<String, DiagramError> {
    static SITE: LazyLock<Renderer> = LazyLock::new(|| renderer(true));
    static AUTHOR: LazyLock<Renderer> = LazyLock::new(|| renderer(false));
    let renderer = if theme == Theme::Site { &SITE } else { &AUTHOR };
    let request = SvgRequest {
        environment: environment(),
        options: SvgRenderOptions { diagram_id: Some(DRAWING_ID.into()), ..Default::default() },
        ..Default::default()
    };
    let control = OperationControl::new();
    match renderer.render(RenderRequest::svg(source, control, request)) {
        Ok(RenderOutput::Svg(Some(svg))) => Ok(svg.into_parts().0),
        Ok(_) => Err(error("no kind of diagram is named".into())),
        Err(problem) => Err(explain(&problem)),
    }
}

fn renderer(has_site_colours: bool) -> Renderer {
    let mut settings = json!({
        "securityLevel": "strict",
        "look": "classic",
        "fontFamily": "sans-serif",
        // Narrower than usual: a column of text has room for some 600 pixels.
        "flowchart": {
            "wrappingWidth": 160,
            "minNodeWidth": 48,
            "padding": 12,
            "nodeSpacing": 30,
        },
        "sequence": {
            "width": 120,
            "actorMargin": 40,
            "labelBoxWidth": 64,
            "boxMargin": 16,
        },
    });
    if has_site_colours {
        let colours =
            paint::stand_ins().into_iter().map(|(name, colour)| (name, colour.into()));
        settings["theme"] = "default".into();
        settings["themeVariables"] = Value::Object(colours.collect());
        settings["themeVariables"]["pieOpacity"] = "1".into();
    }
    let settings = MermaidConfig::from_value(settings);
    Renderer::new().with_engine(Engine::new().with_site_config(settings))
}

fn environment() -> SvgEnvironment {
    let measure = |text: &str, style: &TextStyle| {
        let weight = style.font_weight.as_deref().unwrap_or_default();
        let is_bold = matches!(weight, "bold" | "bolder" | "600" | "700" | "800" | "900");
        metrics::width(text, style.font_size, is_bold)
    };
    let lines = DeterministicTextMeasurer {
        line_height_factor: label::LINE_HEIGHT,
        ..Default::default()
    };
    let measurer = lines.with_width_callback(measure);
    let identity = MeasurementProfileId::new("zhi.generous")
        .and_then(|profile| TextMeasurementProfileIdentity::new(profile, "1"));
    match identity {
        Ok(identity) => SvgEnvironment::deterministic().with_text_measurement_policy(
            TextMeasurementPolicy::uniform(TextMeasurementProfile::new(identity, measurer)),
        ),
        Err(_) => SvgEnvironment::deterministic(),
    }
}

fn explain(problem: &RenderError) -> DiagramError {
    let RenderError::Parse(diagnostic) = problem else {
        return error(problem.to_string());
    };
    // How the library would have to be built is nothing that an author can change.
    let message = diagnostic.terminal_safe_message();
    let message = message.split("; enable the").next().unwrap_or_default().to_owned();
    let span = diagnostic.terminal_diagnostic_details().span;
    DiagramError { message, offset: span.map(|span| span.start) }
}

fn error(message: String) -> DiagramError {
    DiagramError { message, offset: None }
}
