//! Rules for text that mixes Chinese and English, shared by parsing, linking and search.
//!
//! Leaves: pure functions over strings. They know nothing of notes, Markdown events or files.

pub mod collate;
pub mod date;
pub mod emphasis;
pub mod fold;
pub mod inline;
pub mod language;
pub mod pinyin;
pub mod reading;
pub mod slug;
pub mod summary;
pub mod width;
