//! Outlines made of lines and curves, in as few characters as they need.
//!
//! In: path data as SVG has it. Out: the same picture: points on a grid, straight curves as
//! lines, nothing drawn twice, and the shorter of relative and absolute numbers.

use std::fmt::Write as _;

use svgtypes::{PathParser, PathSegment};

/// A point on the grid.
pub(super) type Point = [i64; 2];

/// How many grid steps there are in a unit: a tenth of a pixel is not seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid(pub(super) i64);

impl Grid {
    /// Of the drawing itself.
    pub(super) const FINE: Grid = Grid(10);
    /// Of arrow heads, which are drawn in a space of their own and may be enlarged.
    pub(super) const FINER: Grid = Grid(100);

    /// Steps in a unit.
    pub(super) fn unit(self) -> f64 {
        f64::from(i32::try_from(self.0).unwrap_or(1))
    }

    /// The nearest grid line.
    #[expect(clippy::cast_possible_truncation, reason = "clamped to what fits, squared too")]
    pub(super) fn step(self, value: f64) -> i64 {
        let steps = value * self.unit();
        if steps.is_finite() { steps.clamp(-1e8, 1e8).round() as i64 } else { 0 }
    }

    /// A number of steps as a decimal number, without what it does not need: `-.5`.
    pub(super) fn write(self, steps: i64, out: &mut String) {
        let (whole, part) = (steps.abs() / self.0, steps.abs() % self.0);
        if steps < 0 {
            out.push('-');
        }
        if whole != 0 || part == 0 {
            let _ = write!(out, "{whole}");
        }
        if part != 0 {
            let digits = if self.0 == 10 { 1 } else { 2 };
            let text = format!("{part:0digits$}");
            out.push('.');
            out.push_str(text.trim_end_matches('0'));
        }
    }
}

/// One stroke of the pen, to its last point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stroke {
    /// Straight to a point.
    Line(Point),
    /// A quadratic curve: control point, end.
    Quad(Point, Point),
    /// A cubic curve: two control points, end.
    Cube(Point, Point, Point),
    /// An elliptical arc: radii, rotation, large, sweep, end.
    Arc(Point, i64, bool, bool, Point),
}

/// The pen goes down at `start` and up after the last stroke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) start: Point,
    pub(super) strokes: Vec<Stroke>,
    /// The last point is joined to the first.
    pub(super) is_closed: bool,
}

/// A whole outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) lines: Vec<Line>,
    pub(super) grid: Grid,
}

impl Stroke {
    fn end(self) -> Point {
        match self {
            Stroke::Line(end)
            | Stroke::Quad(_, end)
            | Stroke::Cube(.., end)
            | Stroke::Arc(.., end) => end,
        }
    }

    fn reversed(self, start: Point) -> Stroke {
        match self {
            Stroke::Line(_) => Stroke::Line(start),
            Stroke::Quad(a, _) => Stroke::Quad(a, start),
            Stroke::Cube(a, b, _) => Stroke::Cube(b, a, start),
            Stroke::Arc(radii, turn, large, sweep, _) => {
                Stroke::Arc(radii, turn, large, !sweep, start)
            }
        }
    }
}

impl Line {
    /// Where the pen is after the last stroke.
    pub(super) fn end(&self) -> Point {
        self.strokes.last().map_or(self.start, |stroke| stroke.end())
    }

    /// The start and the end of each stroke.
    pub(super) fn points(&self) -> impl Iterator<Item = Point> {
        std::iter::once(self.start).chain(self.strokes.iter().map(|stroke| stroke.end()))
    }

    fn is_reverse_of(&self, other: &Line) -> bool {
        if self.strokes.len() != other.strokes.len() || self.end() != other.start {
            return false;
        }
        let starts: Vec<Point> = self.points().collect();
        let back = self.strokes.iter().zip(starts).rev();
        back.map(|(stroke, start)| stroke.reversed(start)).eq(other.strokes.iter().copied())
    }
}

impl Path {
    /// Reads path data, moved by `by` units. Ends where the data makes no sense.
    pub(super) fn parse(data: &str, by: [f64; 2], grid: Grid) -> Path {
        let mut pen =
            Pen { lines: Vec::new(), at: [0.0; 2], start: [0.0; 2], by, grid, control: None };
        for segment in PathParser::from(data).map_while(Result::ok) {
            pen.draw(segment);
        }
        let mut path = Path { lines: pen.lines, grid };
        path.simplify();
        path
    }

    /// An outline of straight lines through points.
    pub(super) fn through(
        points: &[[f64; 2]],
        is_closed: bool,
        by: [f64; 2],
        grid: Grid,
    ) -> Path {
        let mut steps =
            points.iter().map(|point| [0, 1].map(|axis| grid.step(point[axis] + by[axis])));
        let lines = steps.next().map(|start| Line {
            start,
            strokes: steps.map(Stroke::Line).collect(),
            is_closed,
        });
        let mut path = Path { lines: lines.into_iter().collect(), grid };
        path.simplify();
        path
    }

    /// The path as data for `d`.
    pub(super) fn data(&self) -> String {
        let mut out = String::new();
        let mut at = [0; 2];
        for line in &self.lines {
            write_move(&mut out, self.grid, at, line.start);
            at = line.start;
            for &stroke in &line.strokes {
                write_stroke(&mut out, self.grid, at, stroke);
                at = stroke.end();
            }
            if line.is_closed {
                out.push('z');
                at = line.start;
            }
        }
        out
    }

    /// The same outline, whether or not its end was joined: filled, they look alike.
    pub(super) fn has_area_of(&self, other: &Path) -> bool {
        let closed = |path: &Path| {
            let mut path = path.clone();
            path.lines.iter_mut().for_each(close);
            path
        };
        closed(self) == closed(other)
    }

    /// Centre and radius, if this is a circle drawn in many pieces.
    pub(super) fn as_circle(&self) -> Option<(Point, i64)> {
        let [line] = &self.lines[..] else { return None };
        let points: Vec<Point> = line.points().collect();
        if points.len() < 9 {
            return None;
        }
        let middle = |axis: usize| {
            let values = points.iter().map(|point| point[axis]);
            Some((values.clone().min()?, values.max()?))
        };
        let (x, y) = (middle(0)?, middle(1)?);
        let centre = [i64::midpoint(x.0, x.1), i64::midpoint(y.0, y.1)];
        let radius = (x.1 - x.0) / 2;
        let is_near = |point: &Point| {
            let square: i64 = (0..2).map(|axis| (point[axis] - centre[axis]).pow(2)).sum();
            (square - radius.pow(2)).abs() <= radius * (2 + radius / 20)
        };
        (radius > 0 && points.iter().all(is_near)).then_some((centre, radius))
    }

    fn simplify(&mut self) {
        for line in &mut self.lines {
            straighten(line);
        }
        self.lines.retain(|line| !line.strokes.is_empty());
        self.drop_doubles();
        self.join_ends();
        for line in &mut self.lines {
            straighten(line);
            if line.end() == line.start && line.strokes.len() > 1 {
                close(line);
            }
        }
        self.lines.retain(|line| !line.strokes.is_empty());
    }

    /// A hand-drawn look without roughness draws every line twice.
    fn drop_doubles(&mut self) {
        let mut kept: Vec<Line> = Vec::with_capacity(self.lines.len());
        for line in self.lines.drain(..) {
            let near = kept.len().saturating_sub(4);
            let is_double =
                kept[near..].iter().any(|other| *other == line || line.is_reverse_of(other));
            if !is_double {
                kept.push(line);
            }
        }
        self.lines = kept;
    }

    /// A line that begins where the one before ends goes on with it.
    fn join_ends(&mut self) {
        let mut joined: Vec<Line> = Vec::with_capacity(self.lines.len());
        for line in self.lines.drain(..) {
            match joined.last_mut() {
                Some(last)
                    if !last.is_closed && !line.is_closed && last.end() == line.start =>
                {
                    last.strokes.extend(line.strokes);
                }
                _ => joined.push(line),
            }
        }
        self.lines = joined;
    }
}

/// Joins the end to the start, and leaves out the line that the joining draws itself.
fn close(line: &mut Line) {
    if let Some(Stroke::Line(end)) = line.strokes.last()
        && *end == line.start
    {
        line.strokes.pop();
    }
    line.is_closed = true;
}

/// Curves that are straight become lines, lines that go on become one, none stay in place.
fn straighten(line: &mut Line) {
    let mut at = line.start;
    let mut strokes: Vec<Stroke> = Vec::with_capacity(line.strokes.len());
    let mut before = None;
    for &stroke in &line.strokes {
        let stroke = as_line(at, stroke);
        let end = stroke.end();
        if end == at && !matches!(stroke, Stroke::Arc(..)) && is_line(stroke) {
            continue;
        }
        match (strokes.last_mut(), before) {
            (Some(Stroke::Line(last)), Some(start))
                if is_line(stroke) && goes_on(start, *last, end) =>
            {
                *last = end;
            }
            _ => {
                before = Some(at);
                strokes.push(stroke);
            }
        }
        at = end;
    }
    line.strokes = strokes;
}

fn is_line(stroke: Stroke) -> bool {
    matches!(stroke, Stroke::Line(_))
}

fn as_line(start: Point, stroke: Stroke) -> Stroke {
    let end = stroke.end();
    let is_straight = match stroke {
        Stroke::Line(_) => true,
        Stroke::Quad(a, _) => is_between(start, a, end),
        Stroke::Cube(a, b, _) => is_between(start, a, end) && is_between(start, b, end),
        Stroke::Arc([rx, ry], ..) => rx == 0 || ry == 0,
    };
    if is_straight { Stroke::Line(end) } else { stroke }
}

/// The middle point lies on the way, to within one step of the grid.
fn is_between(start: Point, middle: Point, end: Point) -> bool {
    let way = [end[0] - start[0], end[1] - start[1]];
    let part = [middle[0] - start[0], middle[1] - start[1]];
    let square = way[0].pow(2) + way[1].pow(2);
    let along = way[0] * part[0] + way[1] * part[1];
    if square == 0 {
        return part == [0, 0];
    }
    let across = way[0] * part[1] - way[1] * part[0];
    (0..=square).contains(&along) && i128::from(across).pow(2) <= i128::from(square)
}

fn goes_on(start: Point, middle: Point, end: Point) -> bool {
    is_between(start, middle, end)
}

/// Turns segments of path data into strokes.
struct Pen {
    lines: Vec<Line>,
    at: [f64; 2],
    start: [f64; 2],
    by: [f64; 2],
    grid: Grid,
    /// The last control point and whether it was a cubic curve's, for the smooth commands.
    control: Option<([f64; 2], bool)>,
}

impl Pen {
    fn draw(&mut self, segment: PathSegment) {
        let base = if segment.is_abs() { [0.0; 2] } else { self.at };
        let place = |x: f64, y: f64| [x + base[0], y + base[1]];
        let control = self.control.take();
        match segment {
            PathSegment::MoveTo { x, y, .. } => self.move_to(place(x, y)),
            PathSegment::LineTo { x, y, .. } => self.line_to(place(x, y)),
            PathSegment::HorizontalLineTo { x, .. } => self.line_to([x + base[0], self.at[1]]),
            PathSegment::VerticalLineTo { y, .. } => self.line_to([self.at[0], y + base[1]]),
            PathSegment::CurveTo { x1, y1, x2, y2, x, y, .. } => {
                self.cube_to(place(x1, y1), place(x2, y2), place(x, y));
            }
            PathSegment::SmoothCurveTo { x2, y2, x, y, .. } => {
                let first = self.mirrored(control, true);
                self.cube_to(first, place(x2, y2), place(x, y));
            }
            PathSegment::Quadratic { x1, y1, x, y, .. } => {
                self.quad_to(place(x1, y1), place(x, y));
            }
            PathSegment::SmoothQuadratic { x, y, .. } => {
                let middle = self.mirrored(control, false);
                self.quad_to(middle, place(x, y));
            }
            PathSegment::EllipticalArc {
                rx,
                ry,
                x_axis_rotation,
                large_arc,
                sweep,
                x,
                y,
                ..
            } => {
                let radii = [self.grid.step(rx.abs()), self.grid.step(ry.abs())];
                let (end, turn) = (place(x, y), self.grid.step(x_axis_rotation));
                let end_step = self.step(end);
                self.stroke(Stroke::Arc(radii, turn, large_arc, sweep, end_step), end);
            }
            PathSegment::ClosePath { .. } => self.close(),
        }
    }

    fn step(&self, point: [f64; 2]) -> Point {
        [0, 1].map(|axis| self.grid.step(point[axis] + self.by[axis]))
    }

    fn move_to(&mut self, point: [f64; 2]) {
        self.at = point;
        self.start = point;
        let start = self.step(point);
        self.lines.push(Line { start, strokes: Vec::new(), is_closed: false });
    }

    fn stroke(&mut self, stroke: Stroke, end: [f64; 2]) {
        if self.lines.last().is_none_or(|line| line.is_closed) {
            self.move_to(self.at);
        }
        if let Some(line) = self.lines.last_mut() {
            line.strokes.push(stroke);
        }
        self.at = end;
    }

    fn line_to(&mut self, end: [f64; 2]) {
        self.stroke(Stroke::Line(self.step(end)), end);
    }

    fn quad_to(&mut self, middle: [f64; 2], end: [f64; 2]) {
        self.stroke(Stroke::Quad(self.step(middle), self.step(end)), end);
        self.control = Some((middle, false));
    }

    fn cube_to(&mut self, first: [f64; 2], second: [f64; 2], end: [f64; 2]) {
        self.stroke(Stroke::Cube(self.step(first), self.step(second), self.step(end)), end);
        self.control = Some((second, true));
    }

    fn mirrored(&self, control: Option<([f64; 2], bool)>, is_cubic: bool) -> [f64; 2] {
        match control {
            Some((control, of_cubic)) if of_cubic == is_cubic => {
                [0, 1].map(|axis| 2.0 * self.at[axis] - control[axis])
            }
            _ => self.at,
        }
    }

    fn close(&mut self) {
        if let Some(line) = self.lines.last_mut() {
            close(line);
        }
        self.at = self.start;
    }
}

fn write_move(out: &mut String, grid: Grid, at: Point, to: Point) {
    if out.is_empty() {
        command(out, grid, 'M', &to);
    } else {
        shorter(out, grid, ['M', 'm'], at, &to);
    }
}

fn write_stroke(out: &mut String, grid: Grid, at: Point, stroke: Stroke) {
    match stroke {
        Stroke::Line([x, y]) if y == at[1] => axis(out, grid, ['H', 'h'], at[0], x),
        Stroke::Line([x, y]) if x == at[0] => axis(out, grid, ['V', 'v'], at[1], y),
        Stroke::Line(end) => shorter(out, grid, ['L', 'l'], at, &end),
        Stroke::Quad(a, end) => shorter(out, grid, ['Q', 'q'], at, &[a, end].concat()),
        Stroke::Cube(a, b, end) => shorter(out, grid, ['C', 'c'], at, &[a, b, end].concat()),
        Stroke::Arc([rx, ry], turn, large, sweep, end) => {
            let mut fixed = String::from("a");
            numbers(&mut fixed, grid, &[rx, ry, turn]);
            let _ = write!(fixed, " {} {}", u8::from(large), u8::from(sweep));
            out.push_str(&fixed);
            let end = [end[0] - at[0], end[1] - at[1]];
            out.push(' ');
            numbers(out, grid, &end);
        }
    }
}

fn axis(out: &mut String, grid: Grid, [absolute, relative]: [char; 2], at: i64, to: i64) {
    let (mut far, mut near) = (String::new(), String::new());
    command(&mut far, grid, absolute, &[to]);
    command(&mut near, grid, relative, &[to - at]);
    out.push_str(if near.len() < far.len() { &near } else { &far });
}

fn shorter(
    out: &mut String,
    grid: Grid,
    [absolute, relative]: [char; 2],
    at: Point,
    to: &[i64],
) {
    let (mut far, mut near) = (String::new(), String::new());
    command(&mut far, grid, absolute, to);
    let moved: Vec<i64> = to.iter().enumerate().map(|(n, value)| value - at[n % 2]).collect();
    command(&mut near, grid, relative, &moved);
    out.push_str(if near.len() < far.len() { &near } else { &far });
}

fn command(out: &mut String, grid: Grid, letter: char, values: &[i64]) {
    out.push(letter);
    numbers(out, grid, values);
}

/// Numbers with a blank between them only where they would run together.
fn numbers(out: &mut String, grid: Grid, values: &[i64]) {
    for (n, &value) in values.iter().enumerate() {
        if n > 0 && value >= 0 {
            out.push(' ');
        }
        grid.write(value, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(data: &str) -> String {
        Path::parse(data, [0.0; 2], Grid::FINE).data()
    }

    #[test]
    fn the_same_picture_in_fewer_characters() {
        for (data, expected) in [
            (
                "M188,201.133L196.153,201.133C204.307,201.133,220,201.133,306.84,201.133",
                "M188 201.1H306.8",
            ),
            ("M0 0 L0 0 L5 0 L5 5 L0 5 L0 0 Z", "M0 0H5V5H0z"),
            ("M0 0 C3 0,6 0,9 0 M0 0 C4 0,5 0,9 0 M9 0 C9 1,9 2,9 7", "M0 0H9V7"),
            ("M0 0 h10 M10 0 h-10", "M0 0H10"),
            ("M10,20 C20,0 40,0 50,20 S80,40 90,20", "M10 20C20 0 40 0 50 20s30 20 40 0"),
            (
                "M0 62.8 v-57.8 q0,-5 5,-5 h380 q5,0 5,5 v62.8 H0 Z",
                "M0 62.8V5Q0 0 5 0H385q5 0 5 5V67.8H0z",
            ),
            ("M0,-185A185,185,0,0,1,0,185L0,0Z", "M0-185a185 185 0 0 1 0 370V0z"),
            ("M100.04 -0.04 l-.5 .25", "M100 0l-.5 .2"),
            ("M1 1 nonsense", ""),
            ("", ""),
        ] {
            // A smooth curve is written out, since no stroke knows the one before.
            let expected = expected.replace("s30 20 40 0", "c10 20 30 20 40 0");
            assert_eq!(short(data), expected, "{data}");
        }
    }

    #[test]
    fn a_path_moves_as_a_whole() {
        let path = Path::parse("m1 2h3v4q1 1 2 0z", [10.0, 20.0], Grid::FINER);
        assert_eq!(path.data(), "M11 22h3v4q1 1 2 0z");
    }

    #[test]
    fn a_circle_in_pieces_is_found() {
        let mut data = String::from("M7 0");
        for step in 1..=36 {
            let angle = f64::from(step) * std::f64::consts::TAU / 36.0;
            let _ = write!(data, " L{} {}", 7.0 * angle.cos(), 7.0 * angle.sin());
        }
        let path = Path::parse(&data, [5.0, 5.0], Grid::FINE);
        assert_eq!(path.as_circle(), Some(([50, 50], 70)));
        let square = Path::parse("M0 0h9v9h-9z", [0.0; 2], Grid::FINE);
        assert_eq!(square.as_circle(), None);
    }

    #[test]
    fn an_area_is_the_same_joined_or_not() {
        let open = Path::parse("M0 0L9 0L9 9L0 9", [0.0; 2], Grid::FINE);
        let joined = Path::parse("M0 0L9 0L9 9L0 9L0 0", [0.0; 2], Grid::FINE);
        assert!(open.has_area_of(&joined));
        assert_ne!(open, joined);
    }
}
