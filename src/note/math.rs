//! Formulas: TeX to `MathML`. The only user of `math-core`.
//!
//! In: the TeX between the dollar signs. Out: a `<math>` element without inline style, whose
//! classes are those of `static/math.css`; or what is wrong with the formula.

use std::fmt;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

/// Why there is no formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MathError {
    /// One clause, for a diagnostic.
    pub message: String,
}

impl fmt::Display for MathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for MathError {}

/// The longest formula in bytes; a page of dense proof has less.
const MAX_BYTES: usize = 16 * 1024;

/// How deep braces may nest.
const MAX_DEPTH: usize = 200;

/// Formulas longer than this are read on a stack of their own. The library reads by
/// recursion, and a command such as `\color` or `\hat` nests without a brace.
const LONG: usize = 512;

/// Room for as many levels as a formula of [`MAX_BYTES`] can have, four times over.
const STACK: usize = 128 * 1024 * 1024;

/// Turns TeX into a `<math>` element, in display style or as part of a line.
///
/// # Errors
///
/// When the TeX is wrong, uses what `MathML` has not, or is too long or too deep to be read.
pub fn to_mathml(tex: &str, display: bool) -> Result<String, MathError> {
    if tex.len() > MAX_BYTES {
        return Err(error("a formula may have 16384 bytes, this has more"));
    }
    if depth(tex) > MAX_DEPTH {
        return Err(error("the formula nests too deep"));
    }
    let mathml =
        if tex.len() > LONG { on_own_stack(tex, display)? } else { read(tex, display)? };
    // The library draws lines above and below with a mark that joins the letter before it,
    // which no text may begin with; browsers stretch this one as well.
    Ok(wrapped(&unstyled(&mathml.replace(">\u{332}<", ">\u{203e}<"))))
}

fn error(message: &str) -> MathError {
    MathError { message: message.to_owned() }
}

fn read(tex: &str, display: bool) -> Result<String, MathError> {
    let mode = if display { MathDisplay::Block } else { MathDisplay::Inline };
    let converter = LatexToMathML::new(MathCoreConfig::default())
        .map_err(|_| error("the formula reader cannot be set up"))?;
    let result = converter.convert_with_local_state(tex, mode);
    result.map(|formula| formula.mathml).map_err(|problem| error(&clause(&problem.to_string())))
}

fn on_own_stack(tex: &str, display: bool) -> Result<String, MathError> {
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new().stack_size(STACK);
        let reader = reader.spawn_scoped(scope, || read(tex, display));
        let answer = reader.ok().and_then(|reader| reader.join().ok());
        answer.unwrap_or_else(|| Err(error("the formula cannot be read")))
    })
}

/// A message as one clause of a finding: without capital and full stop.
fn clause(message: &str) -> String {
    let mut letters = message.trim_end_matches('.').chars();
    let first = letters.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

fn depth(tex: &str) -> usize {
    let (mut deepest, mut open) = (0, 0usize);
    for byte in tex.bytes() {
        match byte {
            b'{' => open += 1,
            b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}

/// Puts classes and attributes in the place of inline styles, which a page does not allow.
fn unstyled(mathml: &str) -> String {
    let mut out = String::with_capacity(mathml.len());
    let mut rest = mathml;
    while let Some(at) = rest.find(" style=\"") {
        let (before, after) = rest.split_at(at);
        let after = &after[" style=\"".len()..];
        let (style, after) = after.split_once('"').unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(&attributes(style));
        rest = after;
    }
    out + rest
}

fn attributes(style: &str) -> String {
    let (mut classes, mut others) = (Vec::new(), String::new());
    for declaration in style.split(';') {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let (name, value) = (name.trim(), value.trim());
        match name {
            "color" => others = format!("{others} mathcolor=\"{value}\""),
            "font-size" => others = format!("{others} mathsize=\"{value}\""),
            _ => classes.extend(class(name, value)),
        }
    }
    if classes.is_empty() {
        return others;
    }
    format!(" class=\"{}\"{others}", classes.join(" "))
}

/// Moves `displaystyle` and `scriptlevel` to an element that may have them: browsers take
/// them anywhere, but the standard for `MathML` in HTML knows them on few.
fn wrapped(mathml: &str) -> String {
    let mut out = String::with_capacity(mathml.len());
    let mut is_wrapped = Vec::new();
    let mut rest = mathml;
    while let Some(open) = rest.find('<') {
        let (text, tag) = rest.split_at(open);
        let (tag, after) = tag.split_at(tag.find('>').map_or(tag.len(), |end| end + 1));
        out.push_str(text);
        rest = after;
        if tag.starts_with("</") {
            out.push_str(tag);
            out.push_str(if is_wrapped.pop() == Some(true) { "</mstyle>" } else { "" });
        } else if tag.ends_with("/>") {
            out.push_str(tag);
        } else {
            is_wrapped.push(push_wrapped(&mut out, tag));
        }
    }
    out + rest
}

/// Writes an opening tag, and answers whether `<mstyle>` was put around it.
fn push_wrapped(out: &mut String, tag: &str) -> bool {
    let moved: &[&str] = match tag.split([' ', '>']).next() {
        Some("<mfrac") => &["displaystyle", "scriptlevel"],
        Some("<mtable") => &["scriptlevel"],
        _ => &[],
    };
    let (mut kept, mut style) = (tag.to_owned(), String::new());
    for name in moved {
        let Some(start) = kept.find(&format!(" {name}=\"")) else { continue };
        let value = start + name.len() + 3;
        let Some(length) = kept[value..].find('"') else { continue };
        style.extend(kept.drain(start..=value + length));
    }
    if !style.is_empty() {
        out.extend(["<mstyle", &style, ">"]);
    }
    out.push_str(&kept);
    !style.is_empty()
}

/// The class that says a declaration of the library's; what has none is left out.
fn class(name: &str, value: &str) -> Option<&'static str> {
    let class = CLASSES.iter().find(|entry| (entry.0, entry.1) == (name, value));
    class.map(|entry| entry.2)
}

/// Declarations and their classes, as in `static/math.css`.
const CLASSES: &[(&str, &str, &str)] = &[
    ("text-align", "left", "math-left"),
    ("text-align", "right", "math-right"),
    ("padding-left", "0", "math-no-left"),
    ("padding-right", "0", "math-no-right"),
    ("padding-top", "0", "math-no-top"),
    ("padding-bottom", "0", "math-no-bottom"),
    ("padding-left", "1em", "math-case"),
    ("padding-top", "0.1667em", "math-cfrac"),
    ("border-top", "0.05em solid currentcolor", "math-top"),
    ("border-top", "0.05em dashed currentcolor", "math-top-dashed"),
    ("border-bottom", "0.05em solid currentcolor", "math-bottom"),
    ("border-bottom", "0.05em dashed currentcolor", "math-bottom-dashed"),
    ("border-right", "0.05em solid currentcolor", "math-rule"),
    ("border-right", "0.05em dashed currentcolor", "math-rule-dashed"),
    ("border-left", "0.05em solid currentcolor", "math-left-rule"),
    ("border-left", "0.05em dashed currentcolor", "math-left-rule-dashed"),
    ("width", "100%", "math-full"),
    ("width", "50%", "math-half"),
    ("width", "7.5%", "math-edge"),
    ("margin-left", "-0.1667em", "math-back-3"),
    ("margin-left", "-0.2222em", "math-back-4"),
    ("margin-left", "-0.2778em", "math-back-5"),
    ("padding-left", "0.2222em", "math-pad-left-4"),
    ("padding-right", "0.2222em", "math-pad-right-4"),
    ("padding-left", "0.2778em", "math-pad-left-5"),
    ("padding-right", "0.2778em", "math-pad-right-5"),
    ("padding-left", "0.1667em", "math-pad-left-3"),
    ("padding-right", "0.1667em", "math-pad-right-3"),
    ("font-variant-caps", "small-caps", "math-small-caps"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_mathml() {
        for (tex, expected) in [
            (
                "E=mc^2",
                "<math><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></math>",
            ),
            ("\\color{red}x", "<math><mrow mathcolor=\"#FF0000\"><mi>x</mi></mrow></math>"),
            ("\\text{容器}", "<math><mtext>容器</mtext></math>"),
            (
                "\\overline x",
                "<math><mover accent=\"true\"><mi>x</mi><mo stretchy=\"true\">‾</mo></mover></math>",
            ),
            (
                "\\dfrac ab",
                "<math><mstyle displaystyle=\"true\"><mfrac><mi>a</mi><mi>b</mi></mfrac></mstyle></math>",
            ),
        ] {
            assert_eq!(to_mathml(tex, false).as_deref(), Ok(expected), "{tex}");
        }
    }

    #[test]
    fn no_formula_has_inline_style() {
        for tex in [
            "\\begin{aligned}a&=b\\\\c&=d\\end{aligned}",
            "\\begin{cases}1&x\\\\0&y\\end{cases}",
            "\\begin{array}{|c|l:r|}\\hline a&b&c\\\\\\hdashline d&e&f\\end{array}",
            "\\begin{align}a&=b\\end{align}",
            "\\cfrac{1}{1+\\cfrac1x} a\\!b \\textsc{x}",
        ] {
            let mathml = to_mathml(tex, true).expect(tex);
            assert!(!mathml.contains(" style="), "{mathml}");
            assert!(mathml.contains(" class=\"math-"), "{mathml}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_a_clause() {
        for (tex, message) in [
            ("\\notacommand", "unknown command \"\\notacommand\""),
            ("\\frac{a}", "expected argument but reached end of input"),
            ("\\href{javascript:x}{y}", "unknown command \"\\href\""),
        ] {
            assert_eq!(to_mathml(tex, false), Err(MathError { message: message.to_owned() }));
        }
    }

    #[test]
    fn hostile_formulas_are_refused_or_read() {
        for piece in [
            "{",
            "\\hat",
            "\\color{red}",
            "\\rm ",
            "x^{",
            "\\left(",
            "\\begin{matrix}",
            "\\frac",
        ] {
            for count in [500, 5_000, 20_000] {
                let tex = piece.repeat(count);
                let _ = to_mathml(&tex, true);
            }
        }
    }
}
