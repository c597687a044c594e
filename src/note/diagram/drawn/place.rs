//! Where things stand: moves go into coordinates, turns and scales stay.
//!
//! In: a `transform` attribute. Out: how far its contents move, and what of it must be kept.

use std::fmt::Write as _;

use svgtypes::{TransformListParser, TransformListToken};

use super::path::Grid;

/// Enters an element: changes `by`, the move of what is inside, and answers the transform
/// that has to be written, if moving alone does not do.
pub(super) fn enter(transform: Option<&str>, by: &mut [f64; 2], grid: Grid) -> Option<String> {
    let tokens: Vec<_> = TransformListParser::from(transform?).map_while(Result::ok).collect();
    let is_move =
        |token: &TransformListToken| matches!(token, TransformListToken::Translate { .. });
    let lead = tokens.iter().take_while(|token| is_move(token)).count();
    add(by, &tokens[..lead]);
    if lead == tokens.len() {
        return None;
    }
    let tail = tokens.iter().rev().take_while(|token| is_move(token)).count();
    let (kept, tail) = tokens[lead..].split_at(tokens.len() - lead - tail);
    let mut text = written(*by, grid);
    for token in kept {
        write_token(&mut text, token, grid);
    }
    *by = [0.0; 2];
    add(by, tail);
    Some(text)
}

fn add(by: &mut [f64; 2], moves: &[TransformListToken]) {
    for token in moves {
        if let TransformListToken::Translate { tx, ty } = token {
            *by = [by[0] + tx, by[1] + ty];
        }
    }
}

fn written([x, y]: [f64; 2], grid: Grid) -> String {
    match (grid.step(x), grid.step(y)) {
        (0, 0) => String::new(),
        _ => call("translate", &[x, y], grid),
    }
}

fn write_token(text: &mut String, token: &TransformListToken, grid: Grid) {
    let call = match *token {
        TransformListToken::Translate { tx, ty } => call("translate", &[tx, ty], grid),
        TransformListToken::Rotate { angle } => call("rotate", &[angle], Grid::FINER),
        TransformListToken::Scale { sx, sy } => call("scale", &[sx, sy], Grid::FINER),
        TransformListToken::SkewX { angle } => call("skewX", &[angle], Grid::FINER),
        TransformListToken::SkewY { angle } => call("skewY", &[angle], Grid::FINER),
        TransformListToken::Matrix { a, b, c, d, e, f } => {
            call("matrix", &[a, b, c, d, e, f], Grid::FINER)
        }
    };
    text.push_str(&call);
}

fn call(name: &str, values: &[f64], grid: Grid) -> String {
    let mut text = String::new();
    let _ = write!(text, "{name}(");
    for (n, &value) in values.iter().enumerate() {
        if n > 0 {
            text.push(' ');
        }
        grid.write(grid.step(value), &mut text);
    }
    text.push(')');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_no_move_is_kept() {
        for (transform, moved, kept) in [
            ("translate(3, 4)", [13.0, 24.0], None),
            ("translate(3)", [13.0, 20.0], None),
            ("", [10.0, 20.0], None),
            ("rotate(-45, 50, -2)", [-50.0, 2.0], Some("translate(60 18)rotate(-45)")),
            ("translate(1,2) scale(.5)", [0.0, 0.0], Some("translate(11 22)scale(.5 .5)")),
        ] {
            let mut by = [10.0, 20.0];
            let text = enter(Some(transform), &mut by, Grid::FINE);
            assert_eq!((by, text.as_deref()), (moved, kept), "{transform}");
        }
    }
}
