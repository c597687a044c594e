//! `zhi index`: the sections of a site as records for an existing search engine.

use std::process::ExitCode;

use super::{Common, put};
use crate::render;
use crate::search::ndjson::Format;
use crate::workspace::{Failure, Workspace};

/// The arguments of `zhi index`.
#[derive(Debug, clap::Args)]
pub(super) struct Index {
    #[command(flatten)]
    common: Common,
    /// The engine that is to read the records.
    #[arg(long, value_enum, default_value = "opensearch")]
    format: Engine,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Engine {
    /// The bulk form of `OpenSearch` and Elasticsearch.
    #[value(alias = "ndjson", alias = "elasticsearch")]
    Opensearch,
    /// Plain documents with the key `id`.
    Meilisearch,
}

/// Runs the command: one record for each section goes to standard output.
pub(super) fn run(index: &Index) -> Result<ExitCode, Failure> {
    let mut workspace = Workspace::open(&index.common.dir, index.common.options(None))?;
    let site = workspace.refresh()?;
    let format = match index.format {
        Engine::Opensearch => Format::OpenSearch,
        Engine::Meilisearch => Format::Meilisearch,
    };
    put(&render::search_records(&site, format));
    Ok(ExitCode::SUCCESS)
}
