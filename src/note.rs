//! Parsing a note: what a single file says, without any other file.

pub mod highlight;
