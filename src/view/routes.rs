//! A note's places in learning paths and series, and the paths that the home page offers.

use super::note::short_title;
use super::page::Here;
use super::{LinkView, PathView, PlaceView};
use crate::graph::NoteId;
use crate::graph::routes::Route;

/// How many paths and series a note shows its place in, and the home page offers.
const PLACES: usize = 4;
const HOME_PATHS: usize = 12;

/// The places of a note: which step of which path, which part of which series.
pub fn places(here: &Here<'_>, id: NoteId) -> Vec<PlaceView> {
    let routes = &here.site.graph.routes;
    let of_note = routes.of_note[id].iter().take(PLACES);
    of_note.map(|(route, step)| place(here, &routes.all[*route], *step)).collect()
}

fn place(here: &Here<'_>, route: &Route, step: usize) -> PlaceView {
    let first = |step: &Vec<NoteId>| link(here, step[0]);
    PlaceView {
        title: match route.note {
            Some(note) => short_title(&here.site.notes[note].head),
            None => route.series.clone(),
        },
        href: route.note.map(|note| link(here, note).href).unwrap_or_default(),
        number: step + 1,
        total: route.steps.len(),
        prev: step.checked_sub(1).and_then(|at| route.steps.get(at)).map(first),
        next: route.steps.get(step + 1).map(first),
        parts: if route.note.is_none() {
            route.steps.iter().map(first).collect()
        } else {
            Vec::new()
        },
    }
}

fn link(here: &Here<'_>, id: NoteId) -> LinkView {
    LinkView {
        title: short_title(&here.site.notes[id].head),
        href: here.to(&here.site.graph.urls[id]),
    }
}

/// The steps of a note that is a learning path.
pub fn path(here: &Here<'_>, id: NoteId) -> Option<PathView> {
    let mut routes = here.site.graph.routes.all.iter();
    routes.find(|route| route.note == Some(id)).map(|route| path_view(here, id, route))
}

/// The learning paths in the site's language, in reading order.
pub fn paths(here: &Here<'_>) -> Vec<PathView> {
    let site = here.site;
    let is_ours = |id: &NoteId| {
        site.notes[*id].head.lang.as_ref().is_none_or(|lang| *lang == site.config.lang)
    };
    let paths = site.graph.routes.all.iter().filter_map(|route| Some((route.note?, route)));
    paths
        .filter(|(id, _)| is_ours(id))
        .take(HOME_PATHS)
        .map(|(id, route)| path_view(here, id, route))
        .collect()
}

fn path_view(here: &Here<'_>, id: NoteId, route: &Route) -> PathView {
    let head = &here.site.notes[id].head;
    let urls = route.steps.iter().map(|step| &here.site.graph.urls[step[0]]);
    PathView {
        title: short_title(head),
        href: here.to(&here.site.graph.urls[id]),
        description: head.description.clone().unwrap_or_else(|| head.summary.clone()),
        total: route.steps.len(),
        steps: urls.map(|url| crate::path::encode_href(url)).collect::<Vec<_>>().join(" "),
    }
}
