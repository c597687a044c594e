//! The `zhi` binary.

fn main() {}
