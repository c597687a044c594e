//! Atom feeds (RFC 4287) and the sitemap.

use std::fmt::Write as _;

use crate::graph::NoteId;
use crate::graph::tags::TagId;
use crate::note::markdown::escaped;
use crate::site::{Page, Plan, Site};
use crate::text::date::timestamp;
use crate::view::lists::by_date;
use crate::view::note::{dates, last_day};
use crate::view::page::absolute;

/// A feed of the notes that changed last: of the site, or of one topic.
pub(super) fn feed(site: &Site, url: &str, tag: Option<TagId>) -> String {
    let notes = by_date(site).into_iter().filter(|id| match tag {
        Some(tag) => site.graph.tags.all[tag].notes.binary_search(id).is_ok(),
        None => true,
    });
    let notes: Vec<NoteId> = notes.take(site.config.feeds.limit).collect();
    let title = match tag {
        Some(tag) => format!("{} · {}", site.graph.tags.all[tag].name, site.title),
        None => site.title.clone(),
    };
    let page = tag.map_or("index.html", |tag| &site.graph.tags.all[tag].url);
    let updated =
        notes.first().map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |id| stamp(site, *id));
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let _ = write!(
        out,
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<title>{}</title>\n<id>{}</id>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n\
         <updated>{updated}</updated>\n<author><name>{}</name></author>\n<generator>zhi</generator>\n",
        escaped(&site.config.lang),
        xml(&title),
        absolute(site, url),
        absolute(site, url),
        absolute(site, page),
        xml(&site.title),
    );
    for id in notes {
        entry(site, id, &mut out);
    }
    out.push_str("</feed>\n");
    out
}

fn entry(site: &Site, id: NoteId, out: &mut String) {
    let head = &site.notes[id].head;
    let address = absolute(site, &site.graph.urls[id]);
    let (date, _) = dates(site, id);
    let published = if date.is_empty() {
        String::new()
    } else {
        format!("<published>{}</published>\n", timestamp(&date))
    };
    let summary = head.description.as_ref().unwrap_or(&head.summary);
    let _ = write!(
        out,
        "<entry>\n<title>{}</title>\n<id>{address}</id>\n<link rel=\"alternate\" type=\"text/html\" href=\"{address}\"/>\n\
         <updated>{}</updated>\n{published}<summary>{}</summary>\n",
        xml(&head.title),
        stamp(site, id),
        xml(summary),
    );
    for author in &head.authors {
        let _ = writeln!(out, "<author><name>{}</name></author>", xml(author));
    }
    for tag in &site.graph.tags.of_note[id] {
        let _ = writeln!(out, "<category term=\"{}\"/>", xml(&site.graph.tags.all[*tag].name));
    }
    out.push_str("</entry>\n");
}

fn stamp(site: &Site, id: NoteId) -> String {
    let head = &site.notes[id].head;
    let written = head.updated.as_ref().or(head.date.as_ref());
    written.map_or_else(|| timestamp(&last_day(site, id)), |date| timestamp(date))
}

/// Text for XML 1.0: escaped, without the control characters that it cannot hold.
fn xml(text: &str) -> String {
    let clean: String = text
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'))
        .collect();
    escaped(&clean)
}

/// All pages that search engines shall know (sitemaps.org, 50,000 at most).
pub(super) fn sitemap(site: &Site, plan: &Plan) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (url, page) in plan.pages.iter().filter(|(_, page)| is_listed(site, page)).take(50_000)
    {
        let day = match page {
            Page::Note(id) => last_day(site, *id),
            _ => String::new(),
        };
        let changed =
            if day.is_empty() { String::new() } else { format!("<lastmod>{day}</lastmod>") };
        let _ = writeln!(out, "<url><loc>{}</loc>{changed}</url>", xml(&absolute(site, url)));
    }
    out.push_str("</urlset>\n");
    out
}

fn is_listed(site: &Site, page: &Page) -> bool {
    match page {
        Page::Note(id) => !site.notes[*id].head.unlisted,
        Page::Search | Page::NotFound | Page::Redirect(_) => false,
        page => page.is_html(),
    }
}
