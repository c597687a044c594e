//! Keeps the labels of edges apart, where the layout puts one upon another.
//!
//! In: the parts of a picture. Out: the same, with labels that overlap moved up and down by
//! as much as they share.

use super::{
    label::Text,
    paint::LABEL,
    path::Grid,
    scene::Item,
    shape::{Geometry, Shape},
};

/// A label with the ground behind it.
type Label<'a> = (&'a mut Shape, &'a mut Text);

/// Beyond this many labels their positions are left as they are: every pair is compared.
const MAX_LABELS: usize = 400;

/// Moves overlapping labels apart.
pub(super) fn labels(items: &mut [Item]) {
    let mut labels = Vec::new();
    gather(items, &mut labels);
    if labels.len() > MAX_LABELS {
        return;
    }
    for second in 1..labels.len() {
        for first in 0..second {
            let shared = shared_height(area(labels[first].0), area(labels[second].0));
            if shared > 0 {
                let step = shared / 2 + Grid::FINE.step(1.0);
                let is_first_above = area(labels[first].0)[1] <= area(labels[second].0)[1];
                let (up, down) = if is_first_above { (first, second) } else { (second, first) };
                shift(&mut labels[up], -step);
                shift(&mut labels[down], step);
            }
        }
    }
}

fn gather<'a>(items: &'a mut [Item], labels: &mut Vec<Label<'a>>) {
    let mut rest = items.iter_mut().peekable();
    while let Some(item) = rest.next() {
        match item {
            Item::Group(group) => gather(&mut group.items, labels),
            Item::Shape(shape) if shape.fill == LABEL => {
                if let Some(Item::Text(text)) =
                    rest.next_if(|next| matches!(next, Item::Text(_)))
                {
                    labels.push((shape, text));
                }
            }
            _ => {}
        }
    }
}

/// Left, top, width and height.
fn area(shape: &Shape) -> [i64; 4] {
    match shape.geometry {
        Geometry::Rect(area, _) => area,
        _ => [0; 4],
    }
}

/// How much of their heights two areas share, if they overlap at all.
fn shared_height(a: [i64; 4], b: [i64; 4]) -> i64 {
    let shared = |axis: usize| {
        let end = (a[axis] + a[axis + 2]).min(b[axis] + b[axis + 2]);
        end - a[axis].max(b[axis])
    };
    if shared(0) > Grid::FINE.step(4.0) { shared(1).max(0) } else { 0 }
}

fn shift((shape, text): &mut Label<'_>, by: i64) {
    if let Geometry::Rect(area, _) = &mut shape.geometry {
        area[1] += by;
    }
    for line in &mut text.lines {
        line.at[1] += by;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_areas_that_overlap_share_a_height() {
        let area = [0, 0, 500, 200];
        for (other, shared) in [
            ([100, 0, 500, 200], 200),
            ([100, 150, 500, 200], 50),
            ([480, 0, 500, 200], 0),
            ([0, 200, 500, 200], 0),
            ([900, 0, 500, 200], 0),
        ] {
            assert_eq!(shared_height(area, other), shared, "{other:?}");
        }
    }
}
