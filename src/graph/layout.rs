//! Where notes stand in a picture of them all: linked notes near each other, notes of one
//! folder together, no two on one spot. Pure arithmetic; the same notes, the same picture.

/// A place in the picture, in distances between neighbours.
pub type Place = (f64, f64);

/// Beyond this distance two notes do not push each other apart.
const REACH: f64 = 2.0;
/// How often all notes are moved.
const ROUNDS: usize = 64;
/// How far a note moves at most in the first round; less and less in later ones.
const STEP: f64 = 1.4;
/// How strongly links, the folder and the middle of the picture draw.
const LINK: f64 = 0.35;
const FOLDER: f64 = 0.02;
const MIDDLE: f64 = 0.006;
/// The cosine and sine of the golden angle, 137.5°: successive points on a spiral by this
/// angle fill a disc evenly. As figures, because those of the machine's library may differ.
const TURN: (f64, f64) = (-0.737_368_878_078_319_9, 0.675_490_294_261_523_8);

/// The place of every note. `groups` are the sizes of groups of neighbouring numbers, in
/// order; `links` are pairs of numbers.
pub fn layout(groups: &[usize], links: &[(usize, usize)]) -> Vec<Place> {
    let mut places = start(groups);
    let count = places.len();
    let mut degrees = vec![0_u32; count];
    for (from, to) in links {
        degrees[*from] += 1;
        degrees[*to] += 1;
    }
    let mut moves = vec![(0.0, 0.0); count];
    for round in 0..ROUNDS {
        moves.fill((0.0, 0.0));
        push_apart(&places, &mut moves);
        pull_links(&places, links, &degrees, &mut moves);
        pull_together(&places, groups, &mut moves);
        #[expect(clippy::cast_precision_loss, reason = "rounds are few")]
        let limit = STEP * (1.0 - round as f64 / ROUNDS as f64) + 0.02;
        for (place, (dx, dy)) in places.iter_mut().zip(&moves) {
            let length = (dx * dx + dy * dy).sqrt();
            let scale = if length > limit { limit / length } else { 1.0 };
            place.0 += dx * scale;
            place.1 += dy * scale;
        }
    }
    spread(&mut places);
    places
}

/// Scales the picture so that it has the same room for a note however many links draw it
/// together: in a disc of notes 1.5 apart the mean square of the distance from the middle is
/// 1.5² n / 2π.
fn spread(places: &mut [Place]) {
    let squares: f64 = places.iter().map(|(x, y)| x * x + y * y).sum();
    #[expect(clippy::cast_precision_loss, reason = "there are not 2^52 notes")]
    let count = places.len() as f64;
    let scale = (0.36 * count * count / squares.max(1e-9)).sqrt();
    if places.len() > 2 {
        for place in places {
            *place = (place.0 * scale, place.1 * scale);
        }
    }
}

/// Each group a disc; the discs round the middle, in order.
fn start(groups: &[usize]) -> Vec<Place> {
    let mut places = Vec::with_capacity(groups.iter().sum());
    let (mut direction, mut before) = ((1.0, 0.0), 0);
    for size in groups {
        let away = root(before + size / 2) * 0.9;
        let middle = (direction.0 * away, direction.1 * away);
        let mut spoke = (1.0, 0.0);
        for number in 0..*size {
            let radius = root(number) * 0.6;
            places.push((middle.0 + spoke.0 * radius, middle.1 + spoke.1 * radius));
            spoke = turned(spoke);
        }
        direction = turned(direction);
        before += size;
    }
    places
}

fn turned((x, y): Place) -> Place {
    (x * TURN.0 - y * TURN.1, x * TURN.1 + y * TURN.0)
}

#[expect(clippy::cast_precision_loss, reason = "there are not 2^52 notes")]
fn root(number: usize) -> f64 {
    (number as f64).sqrt()
}

/// Notes nearer than the reach push each other apart; a grid finds them, each pair once.
fn push_apart(places: &[Place], moves: &mut [Place]) {
    let grid = Grid::new(places);
    for (this, place) in grid.places.iter().enumerate() {
        for other in grid.pairs(this) {
            let (dx, dy) = (place.0 - grid.places[other].0, place.1 - grid.places[other].1);
            let square = dx * dx + dy * dy;
            if square >= REACH * REACH {
                continue;
            }
            let (this, other) = (grid.numbers[this], grid.numbers[other]);
            if square < 1e-6 {
                // On one spot: the later note goes aside.
                moves[this.max(other)].0 += 0.5;
                continue;
            }
            let force = (1.0 / square - 1.0 / (REACH * REACH)).min(4.0) * 0.5;
            moves[this].0 += dx * force;
            moves[this].1 += dy * force;
            moves[other].0 -= dx * force;
            moves[other].1 -= dy * force;
        }
    }
}

/// A link is a spring of length 1; notes with many links follow each of them less.
fn pull_links(
    places: &[Place],
    links: &[(usize, usize)],
    degrees: &[u32],
    moves: &mut [Place],
) {
    for (from, to) in links {
        let (dx, dy) = (places[*to].0 - places[*from].0, places[*to].1 - places[*from].1);
        let length = (dx * dx + dy * dy).sqrt().max(1e-3);
        let force = LINK * (length - 1.0) / length;
        let (mine, theirs) = (f64::from(degrees[*from]), f64::from(degrees[*to]));
        moves[*from].0 += dx * force / mine;
        moves[*from].1 += dy * force / mine;
        moves[*to].0 -= dx * force / theirs;
        moves[*to].1 -= dy * force / theirs;
    }
}

/// Notes are drawn to the middle of their group and, a little, of the picture.
fn pull_together(places: &[Place], groups: &[usize], moves: &mut [Place]) {
    let mut from = 0;
    for size in groups {
        let range = from..from + size;
        from += size;
        let sum = places[range.clone()]
            .iter()
            .fold((0.0, 0.0), |sum, place| (sum.0 + place.0, sum.1 + place.1));
        #[expect(clippy::cast_precision_loss, reason = "there are not 2^52 notes")]
        let count = (*size).max(1) as f64;
        let middle = (sum.0 / count, sum.1 / count);
        for at in range {
            moves[at].0 += (middle.0 - places[at].0) * FOLDER - places[at].0 * MIDDLE;
            moves[at].1 += (middle.1 - places[at].1) * FOLDER - places[at].1 * MIDDLE;
        }
    }
}

/// How many cells a grid has in each direction at most.
const CELLS: usize = 96;

/// Places in the order of their cells, row by row, so that neighbours lie together.
struct Grid {
    /// The places.
    places: Vec<Place>,
    /// The number of each.
    numbers: Vec<usize>,
    /// The cell of each.
    cells: Vec<usize>,
    /// Where each cell begins, and where the last one ends.
    starts: Vec<usize>,
}

impl Grid {
    fn new(places: &[Place]) -> Grid {
        let cells: Vec<usize> = places.iter().map(cells(places)).collect();
        let mut starts = vec![0; CELLS * CELLS + 1];
        for cell in &cells {
            starts[cell + 1] += 1;
        }
        for cell in 0..CELLS * CELLS {
            starts[cell + 1] += starts[cell];
        }
        let mut numbers: Vec<usize> = (0..places.len()).collect();
        numbers.sort_by_key(|number| cells[*number]);
        Grid {
            places: numbers.iter().map(|number| places[*number]).collect(),
            cells: numbers.iter().map(|number| cells[*number]).collect(),
            numbers,
            starts,
        }
    }

    /// What may be near a place and has not been paired with it from the other side: the
    /// rest of its cell and the next one, and the three below.
    fn pairs(&self, this: usize) -> impl Iterator<Item = usize> {
        let (row, column) = (self.cells[this] / CELLS, self.cells[this] % CELLS);
        let end = |row: usize| self.starts[row * CELLS + (column + 2).min(CELLS)];
        let below = if row + 1 < CELLS {
            self.starts[(row + 1) * CELLS + column.saturating_sub(1)]..end(row + 1)
        } else {
            0..0
        };
        (this + 1..end(row)).chain(below)
    }
}

/// Tells the cell of a place, in a grid over all places whose cells are no smaller than
/// the reach.
#[expect(clippy::cast_possible_truncation, reason = "a grid has few cells")]
#[expect(clippy::cast_sign_loss, reason = "no place lies below the lowest")]
fn cells(places: &[Place]) -> impl Fn(&Place) -> usize + use<> {
    let low = places
        .iter()
        .fold((f64::MAX, f64::MAX), |low, place| (low.0.min(place.0), low.1.min(place.1)));
    let high = places
        .iter()
        .fold((f64::MIN, f64::MIN), |top, place| (top.0.max(place.0), top.1.max(place.1)));
    #[expect(clippy::cast_precision_loss, reason = "a small constant")]
    let cell = ((high.0 - low.0).max(high.1 - low.1) / (CELLS - 1) as f64).max(REACH);
    let index = move |at: f64, low: f64| (((at - low) / cell) as usize).min(CELLS - 1);
    move |place| index(place.1, low.1) * CELLS + index(place.0, low.0)
}

#[cfg(test)]
mod tests {
    use super::layout;

    #[test]
    fn notes_stand_apart_and_linked_ones_together() {
        // Two groups of forty; each note is linked to the next of its group.
        let links: Vec<(usize, usize)> =
            (0..79).filter(|at| *at != 39).map(|at| (at, at + 1)).collect();
        let places = layout(&[40, 40], &links);
        let far = |a: usize, b: usize| {
            let (dx, dy) = (places[a].0 - places[b].0, places[a].1 - places[b].1);
            (dx * dx + dy * dy).sqrt()
        };
        assert!((0..80).all(|a| (0..a).all(|b| far(a, b) > 0.2)));
        let sum =
            |pairs: &[(usize, usize)]| pairs.iter().map(|(a, b)| far(*a, *b)).sum::<f64>();
        let others: Vec<(usize, usize)> = (0..78).map(|at| (at, (at * 31 + 17) % 80)).collect();
        assert!(sum(&links) * 2.0 < sum(&others));
        assert_eq!(places, layout(&[40, 40], &links));
    }

    #[test]
    fn odd_pictures_are_made_all_the_same() {
        assert_eq!(layout(&[], &[]), []);
        assert!(layout(&[1], &[])[0].0.is_finite());
        assert!(layout(&[0, 3, 0], &[(0, 1), (0, 1)]).iter().all(|place| place.1.is_finite()));
    }
}
