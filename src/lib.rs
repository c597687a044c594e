//! zhi turns a folder of Markdown notes into a linked, searchable site.

pub mod note;
pub mod search;
pub mod text;
