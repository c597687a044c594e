//! The picture of all notes: where each stands, what is linked, in which colour.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::note::short_title;
use super::page::{Here, folder_name};
use super::{GraphView, LinkView, MapGroupView};
use crate::graph::layout::layout;
use crate::graph::{NoteId, Target};
use crate::site::Site;

/// How many notes the picture shows: the most linked. A page with more would be slow on a
/// phone, and nobody could tell the dots apart.
const MOST: usize = 3000;

/// How many it shows, without links, where only the template is tried: to draw all takes
/// half a second.
const TRIAL: usize = 20;

/// How many topics it can be narrowed to.
const TOPICS: usize = 60;

/// The picture's unit: a distance between neighbours, in whole steps.
const UNIT: f64 = 30.0;

/// The picture as its page sees it.
pub fn graph_view(here: &Here<'_>, is_trial: bool) -> GraphView {
    let site = here.site;
    let (pairs, most) = if is_trial { (BTreeSet::new(), TRIAL) } else { (pairs(site), MOST) };
    let areas = areas(site, &shown(site, &pairs, most));
    let order: Vec<NoteId> =
        areas.iter().flat_map(|(_, notes)| notes.iter().copied()).collect();
    let numbers: FxHashMap<NoteId, usize> =
        order.iter().enumerate().map(|(number, id)| (*id, number)).collect();
    let number = |id: &NoteId| numbers.get(id).copied();
    let links: Vec<(usize, usize)> =
        pairs.iter().filter_map(|(a, b)| Some((number(a)?, number(b)?))).collect();
    let sizes: Vec<usize> = areas.iter().map(|(_, notes)| notes.len()).collect();
    let topics = topics(site, &numbers);
    GraphView {
        total: site.graph.folders.prominent,
        links: links.len(),
        topics: topics.iter().map(|(name, _)| name.clone()).collect(),
        data: data(&layout(&sizes, &links), &links, &topics),
        groups: areas.into_iter().map(|(area, notes)| group(here, area, &notes)).collect(),
        shown: order.len(),
    }
}

/// Every two listed notes, none of them quiet, of which one links to the other, each pair once.
fn pairs(site: &Site) -> BTreeSet<(NoteId, NoteId)> {
    let is_listed =
        |id: NoteId| site.graph.folders.place[id].is_some() && !site.notes[id].head.quiet;
    let mut pairs = BTreeSet::new();
    for from in site.graph.folders.order.iter().filter(|id| is_listed(**id)) {
        for target in &site.graph.targets[*from] {
            if let Target::Note { id: to, .. } = target
                && to != from
                && is_listed(*to)
            {
                pairs.insert((*from.min(to), *from.max(to)));
            }
        }
    }
    pairs
}

/// The notes to show, in reading order.
fn shown(site: &Site, pairs: &BTreeSet<(NoteId, NoteId)>, most: usize) -> Vec<NoteId> {
    let listed = site.graph.folders.order.iter().copied();
    let mut chosen: Vec<NoteId> = listed.filter(|id| !site.notes[*id].head.quiet).collect();
    if chosen.len() <= most {
        return chosen;
    }
    let mut degrees = vec![0_usize; site.notes.len()];
    for (a, b) in pairs {
        degrees[*a] += 1;
        degrees[*b] += 1;
    }
    chosen.sort_by_key(|id| std::cmp::Reverse(degrees[*id]));
    chosen.truncate(most);
    chosen.sort_by_key(|id| site.graph.folders.place[*id]);
    chosen
}

/// The notes by the folder at the top they lie in, in reading order.
fn areas<'a>(site: &'a Site, shown: &[NoteId]) -> Vec<(&'a str, Vec<NoteId>)> {
    let mut areas: Vec<(&str, Vec<NoteId>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for id in shown {
        let area = site.notes[*id].path.split_once('/').map_or("", |(area, _)| area);
        let at = *places.entry(area).or_insert(areas.len());
        if at == areas.len() {
            areas.push((area, Vec::new()));
        }
        areas[at].1.push(*id);
    }
    areas
}

fn group(here: &Here<'_>, area: &str, notes: &[NoteId]) -> MapGroupView {
    let site = here.site;
    let note = |id: &NoteId| LinkView {
        title: short_title(&site.notes[*id].head),
        href: here.to(&site.graph.urls[*id]),
    };
    MapGroupView {
        title: if area.is_empty() { site.title.clone() } else { folder_name(site, area) },
        notes: notes.iter().map(note).collect(),
    }
}

/// The topics that stand on most of the shown notes, by name, with the notes' numbers.
fn topics(site: &Site, numbers: &FxHashMap<NoteId, usize>) -> Vec<(String, Vec<usize>)> {
    let tags = site.graph.tags.all.iter().map(|tag| {
        let mut notes: Vec<usize> =
            tag.notes.iter().filter_map(|id| numbers.get(id).copied()).collect();
        notes.sort_unstable();
        (tag.name.clone(), notes)
    });
    let mut topics: Vec<_> =
        tags.enumerate().filter(|(_, (_, notes))| notes.len() > 1).collect();
    topics.sort_by_key(|(_, (_, notes))| std::cmp::Reverse(notes.len()));
    topics.truncate(TOPICS);
    topics.sort_by_key(|(place, _)| *place);
    topics.into_iter().map(|(_, topic)| topic).collect()
}

/// What the page's script reads: places as whole numbers, links as pairs, topics as lists.
fn data(
    places: &[(f64, f64)],
    links: &[(usize, usize)],
    topics: &[(String, Vec<usize>)],
) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "a picture is not that large")]
    let whole = |at: &f64| (at * UNIT).round() as i64;
    let places: Vec<i64> = places.iter().flat_map(|(x, y)| [whole(x), whole(y)]).collect();
    let links: Vec<usize> = links.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let topics: Vec<&Vec<usize>> = topics.iter().map(|(_, notes)| notes).collect();
    serde_json::json!({ "places": places, "links": links, "topics": topics }).to_string()
}
