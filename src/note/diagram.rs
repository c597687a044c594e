//! Draws a Mermaid diagram. The only user of `merman`.
//!
//! In: the source of a diagram. Out: one `<svg>` for a page, without style, script or anything
//! from outside, in the classes of `static/diagram.css`; or what is wrong with the source.
//! Same source, same bytes: there is no clock and no font in it.

use std::fmt;

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagramError {
    /// One clause, for a diagnostic.
    pub message: String,
    /// The byte in the source at which it was noticed, where that is known.
    pub offset: Option<usize>,
}

/// What a program without diagrams answers.
const NOT_BUILT: &str = "this program was built without diagrams";

impl DiagramError {
    /// Whether nothing is wrong with the source, but the program cannot draw.
    pub fn is_not_built(&self) -> bool {
        self.message == NOT_BUILT
    }
}

impl fmt::Display for DiagramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DiagramError {}

/// Draws a diagram, with `id` before every id in it and `title` spoken for it unless the
/// source has a title of its own.
///
/// # Errors
///
/// When the source is no diagram of a known kind, is wrong or too large, and always when the
/// program was built without diagrams.
pub fn render(source: &str, id: &str, title: Option<&str>) -> Result<String, DiagramError> {
    #[cfg(feature = "diagrams")]
    return drawn::render(source, id, title);
    #[cfg(not(feature = "diagrams"))]
    {
        let _ = (source, id, title);
        Err(DiagramError { message: NOT_BUILT.to_owned(), offset: None })
    }
}

#[cfg(feature = "diagrams")]
mod drawn;
