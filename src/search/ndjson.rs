//! The sections of a site as records for a search server.
//!
//! Documents come in, JSON lines go out: for `OpenSearch` and Elasticsearch the bulk form (an
//! action line before each record), for Meilisearch the records alone.

use serde::Serialize;

use super::Document;

/// The server that is to read the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `OpenSearch` or Elasticsearch: the body of a `_bulk` request.
    OpenSearch,
    /// Meilisearch: documents with the primary key `id`.
    Meilisearch,
}

/// A section with what it inherits from its page.
#[derive(Serialize)]
struct Record<'a> {
    id: &'a str,
    url: String,
    title: &'a str,
    heading: &'a str,
    text: &'a str,
    breadcrumb: &'a str,
    tags: &'a [&'a str],
    aliases: &'a [&'a str],
}

/// Writes one record for each section, in the order of the addresses.
pub fn ndjson(documents: &[Document<'_>], format: Format) -> Vec<u8> {
    let mut pages: Vec<&Document<'_>> = documents.iter().collect();
    pages.sort_by_key(|page| page.url);
    let mut lines = Vec::new();
    for page in pages {
        for (n, section) in page.sections.iter().enumerate() {
            let id = record_id(page.url, n);
            if format == Format::OpenSearch {
                line(&mut lines, &serde_json::json!({ "index": { "_id": id } }));
            }
            line(&mut lines, &record(page, section, &id));
        }
    }
    lines
}

fn record<'a>(
    page: &'a Document<'_>,
    section: &'a super::Section<'_>,
    id: &'a str,
) -> Record<'a> {
    let url = match section.id {
        "" => page.url.to_owned(),
        anchor => format!("{}#{anchor}", page.url),
    };
    Record {
        id,
        url,
        title: page.title,
        heading: section.heading,
        text: section.text.trim(),
        breadcrumb: page.breadcrumb,
        tags: &page.tags,
        aliases: &page.aliases,
    }
}

/// Meilisearch takes only ASCII letters, digits, `-` and `_` in a key, so it is a hash.
fn record_id(url: &str, section: usize) -> String {
    let hash = blake3::hash(url.as_bytes());
    format!("{}-{section}", &hash.to_hex()[..16])
}

fn line(lines: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(&mut *lines, value).expect("strings are JSON");
    lines.push(b'\n');
}
