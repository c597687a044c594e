//! Whether a note that was parsed again is the same to the graph as before.

use crate::note::{Head, Heading, Link, Note};

/// Whether two versions of a note are the same to the graph, so that it need not be made
/// anew. What pages show of a note beyond that is read when they are rendered.
pub fn is_linked_alike(before: &Note, now: &Note) -> bool {
    // Taken apart in full, so that a new field must be thought of here.
    let Head {
        status,
        title,
        title_id,
        link_title,
        aliases,
        redirects,
        tags,
        description: _,
        summary: _,
        date,
        updated: _,
        unlisted,
        quiet,
        slug,
        permalink,
        weight,
        image,
        css_classes: _,
        lang: _,
        toc: _,
        template: _,
        relations: _,
        series,
        authors: _,
        extra: _,
        headings,
        blocks,
        anchors,
        links,
        snippets,
        steps,
        questions,
        reading: _,
    } = &now.head;
    let old = &before.head;
    before.path == now.path
        && (old.status, old.unlisted, old.quiet, old.weight)
            == (*status, *unlisted, *quiet, *weight)
        && (&old.title, &old.title_id, &old.link_title) == (title, title_id, link_title)
        && (&old.slug, &old.permalink, &old.image) == (slug, permalink, image)
        && (&old.aliases, &old.redirects, &old.tags) == (aliases, redirects, tags)
        && (&old.blocks, &old.anchors, &old.snippets) == (blocks, anchors, snippets)
        && (&old.steps, old.questions, &old.series) == (steps, *questions, series)
        // The parts of a series come in the order of their dates.
        && (series.is_none() || old.date == *date)
        && same(&old.headings, headings, same_heading)
        && same(&old.links, links, same_link)
}

fn same<T>(left: &[T], right: &[T], alike: impl Fn(&T, &T) -> bool) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| alike(left, right))
}

fn same_heading(left: &Heading, right: &Heading) -> bool {
    (&left.id, &left.text, left.level) == (&right.id, &right.text, right.level)
}

/// The sentence round a link and the heading above it are read when a page is rendered.
fn same_link(left: &Link, right: &Link) -> bool {
    (left.kind, &left.target, &left.fragment) == (right.kind, &right.target, &right.fragment)
}
