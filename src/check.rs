//! The rules of `zhi check` that a build does not need: each looks at one note as written,
//! or at the whole snapshot. Findings come out as values; what an author allowed is left out.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::graph::NoteId;
use crate::note::markdown::survey::{Survey, survey};
use crate::note::{Note, Settings};
use crate::path::SitePath;
use crate::site::{self, Plan, Site};

mod allow;
mod code;
mod dates;
mod emphasis;
mod files;
mod fix;
mod ids;
mod images;
mod links;
mod names;
mod structure;
mod tags;

pub use fix::fixes;

/// What is checked, and what is known beside it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The snapshot.
    pub site: &'a Site,
    /// Its pages.
    pub plan: &'a Plan,
    /// The day of the check (`2026-11-20`); without it nothing is stale.
    pub today: Option<&'a str>,
    /// Where files went that were renamed, by former path relative to the notes.
    pub renames: &'a BTreeMap<SitePath, SitePath>,
    /// The addresses of all files that were published before.
    pub published: &'a BTreeSet<String>,
    /// Whether other programs may be asked whether code can be read.
    pub external: bool,
}

/// A rule: the codes it reports, and how it finds them.
pub struct Rule {
    /// What it reports. A rule of which all codes are off is not run.
    pub codes: &'static [Code],
    find: Find,
}

enum Find {
    /// Looks at one note as written.
    Note(fn(&Subject<'_>, &Written<'_>, &mut Vec<Diagnostic>)),
    /// Looks at all notes together.
    Site(fn(&Subject<'_>, &[Written<'_>], &mut Vec<Diagnostic>)),
}

/// A note with what stands where in it.
pub(crate) struct Written<'a> {
    id: NoteId,
    note: &'a Note,
    survey: Survey,
}

/// All rules beyond those of a build. What each code means stands with the code.
pub const RULES: &[Rule] = &[
    note_rule(&[Code::SelfLink], links::self_links),
    note_rule(&[Code::DuplicateAnchor], links::duplicate_anchors),
    note_rule(&[Code::DuplicateId], ids::duplicate_ids),
    site_rule(&[Code::RenamedNote], links::renamed_notes),
    site_rule(&[Code::LostAddress], links::lost_addresses),
    site_rule(&[Code::DuplicateTitle], names::duplicate_titles),
    site_rule(&[Code::DuplicateAlias], names::duplicate_aliases),
    site_rule(&[Code::SimilarTag], tags::similar_tags),
    note_rule(&[Code::Orphan], files::orphans),
    site_rule(&[Code::UnusedAttachment], files::unused_attachments),
    note_rule(&[Code::StrayEmphasis], emphasis::stray_emphasis),
    note_rule(&[Code::SeveralH1], structure::several_h1),
    note_rule(&[Code::NoTitle], structure::no_title),
    note_rule(&[Code::SkippedHeading], structure::skipped_headings),
    note_rule(&[Code::EmptySection], structure::empty_sections),
    note_rule(&[Code::MissingAlt, Code::RemoteImage], images::images),
    note_rule(&[Code::Stale], dates::stale),
    note_rule(code::CODES, code::blocks),
    site_rule(code::EXTERNAL, code::external),
    note_rule(&[Code::UnknownName], allow::unknown_codes),
];

type InNote = fn(&Subject<'_>, &Written<'_>, &mut Vec<Diagnostic>);
type InSite = fn(&Subject<'_>, &[Written<'_>], &mut Vec<Diagnostic>);

const fn note_rule(codes: &'static [Code], find: InNote) -> Rule {
    Rule { codes, find: Find::Note(find) }
}

const fn site_rule(codes: &'static [Code], find: InSite) -> Rule {
    Rule { codes, find: Find::Site(find) }
}

/// All findings: those of the snapshot, those of rendering, and those of every rule.
pub fn findings(subject: &Subject<'_>, rendering: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut found = rendering;
    found.extend(run(subject));
    let mut findings = site::findings(subject.site, found);
    drop_superseded(&mut findings);
    findings
}

/// Reads a list of published addresses: a sitemap, or one address a line; each may begin
/// with the site's own address.
pub fn published_addresses(text: &str, base_url: &str) -> BTreeSet<String> {
    let in_sitemap = text.split("<loc>").skip(1).filter_map(|rest| rest.split('<').next());
    let lines = text.lines().filter(|_| !text.trim_start().starts_with('<'));
    let address = |written: &str| {
        let written = written.trim();
        let way = written.strip_prefix(base_url).unwrap_or(written).trim_start_matches('/');
        let way = crate::path::decode(&way.replace("&amp;", "&"));
        if way.is_empty() || way.ends_with('/') { format!("{way}index.html") } else { way }
    };
    in_sitemap.chain(lines).map(address).collect()
}

/// Runs all rules that are not off.
fn run(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let site = subject.site;
    let settings = Settings { config: &site.config, words: &site.theme.words };
    let live = site.notes.iter().enumerate().filter(|(id, _)| site.graph.live[*id]);
    let live: Vec<(NoteId, &Note)> = live.map(|(id, note)| (id, &**note)).collect();
    let written = |(id, note)| Written { id, note, survey: survey(note, settings) };
    let notes: Vec<Written<'_>> = live.into_par_iter().map(written).collect();
    let is_on =
        |rule: &&Rule| rule.codes.iter().any(|code| site.config.severity(*code).is_some());
    let rules: Vec<&Rule> = RULES.iter().filter(is_on).collect();
    let in_notes = notes.par_iter().flat_map_iter(|written| in_note(subject, &rules, written));
    let mut found: Vec<Diagnostic> = in_notes.collect();
    for rule in rules {
        if let Find::Site(find) = rule.find {
            find(subject, &notes, &mut found);
        }
    }
    found
}

fn in_note(subject: &Subject<'_>, rules: &[&Rule], written: &Written<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in rules {
        if let Find::Note(find) = rule.find {
            find(subject, written, &mut found);
        }
    }
    found
}

/// A link to a renamed note is broken, too; only the finding that says more stays.
fn drop_superseded(findings: &mut Vec<Diagnostic>) {
    let place = |finding: &Diagnostic| (finding.file.clone(), finding.span);
    let renamed = findings.iter().filter(|finding| finding.code == Code::RenamedNote);
    let renamed: BTreeSet<(SitePath, Span)> = renamed.map(place).collect();
    let is_superseded = |finding: &Diagnostic| {
        matches!(finding.code, Code::BrokenLink | Code::BrokenEmbed)
            && renamed.contains(&place(finding))
    };
    if !renamed.is_empty() {
        findings.retain(|finding| !is_superseded(finding));
    }
}

impl Written<'_> {
    fn finding(&self, code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, &self.note.path, span.start..span.end, message)
    }

    /// Where the note's title stands: in the front matter, as its first h1, or nowhere.
    fn title_span(&self) -> Span {
        let title = &self.note.head.title;
        let in_front_matter =
            crate::note::front_matter::value_span(&self.note.source, &["title"], title);
        let first_h1 = self.survey.headings.iter().find(|heading| heading.level == 1);
        in_front_matter.or(first_h1.map(|heading| heading.span)).unwrap_or_default()
    }
}
