//! Findings about content, as values: collected beside every stage's result, printed in
//! one place. A leaf; knows nothing of notes, only files and byte ranges.

use std::ops::Range;

use serde::Serialize;

use crate::path::SitePath;

pub mod print;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A reader would meet something broken.
    Error,
    /// Probably not what the author meant.
    Warning,
}

impl Severity {
    /// The word that findings are printed with.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal $severity:ident,)+) => {
        /// The stable name of a kind of finding; printed in kebab case.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// Every code, in the order of this file.
            pub const ALL: &'static [Code] = &[$(Code::$variant),+];

            /// The code as findings and the configuration spell it.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name),+ }
            }

            /// The severity where the configuration says nothing.
            pub fn default_severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity),+ }
            }

            /// One sentence on what the code means.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$variant => concat!($($doc),+).trim_ascii()),+ }
            }
        }
    };
}

codes! {
    /// A link leads to no note, file or folder.
    BrokenLink "broken-link" Error,
    /// An embed, image or attachment is not there.
    BrokenEmbed "broken-embed" Error,
    /// A link's target exists, but not the heading or block it names.
    BrokenAnchor "broken-anchor" Error,
    /// More than one note answers to a link; the nearest was taken.
    AmbiguousLink "ambiguous-link" Warning,
    /// A link leads to a draft or unpublished note and is shown as text.
    UnpublishedLink "unpublished-link" Warning,
    /// A wikilink was resolved by a note's title, which Obsidian does not do.
    LinkByTitle "link-by-title" Warning,
    /// A link's heading path does not exist as such, only its last part.
    HeadingPath "heading-path" Warning,
    /// A link with blanks needs angle brackets to be a link.
    LinkWithSpaces "link-with-spaces" Warning,
    /// A link's address could run a script; it is shown as text.
    UnsafeLink "unsafe-link" Warning,
    /// Notes embed each other in a circle.
    EmbedCycle "embed-cycle" Warning,
    /// The front matter cannot be read.
    FrontMatter "front-matter" Error,
    /// A front-matter key looks like a misspelt known one.
    UnknownKey "unknown-key" Warning,
    /// A front-matter value is not of the form its key takes.
    WrongType "wrong-type" Warning,
    /// A note is a template with placeholders in its front matter; it is left out.
    TemplateNote "template-note" Warning,
    /// Two pages want the same address.
    DuplicateUrl "duplicate-url" Error,
    /// Two tags differ in writing but want one page.
    DuplicateTag "duplicate-tag" Warning,
    /// A file is not UTF-8.
    Encoding "encoding" Warning,
    /// A file is too large to be read as a note.
    NoteSize "note-size" Error,
    /// A symbolic link leads out of the folder and is not followed.
    SymlinkOutside "symlink-outside" Warning,
    /// A Mermaid diagram cannot be drawn; its source is shown.
    Diagram "diagram" Warning,
    /// A formula cannot be read; its source is shown.
    Formula "formula" Warning,
    /// A shortcode or template tag of another tool is shown as text.
    Shortcode "shortcode" Warning,
    /// Raw HTML that zhi does not let through was left out.
    RawHtml "raw-html" Warning,
    /// The configuration cannot be read or has an unknown key.
    Config "config" Error,
    /// A template cannot be read or fails on a page.
    Template "template" Error,
    /// A page named as template, path or the like does not exist.
    UnknownName "unknown-name" Warning,
}

/// One finding: what, where, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Diagnostic {
    /// The file it is about, relative to the site's root.
    pub file: SitePath,
    /// Bytes of the file's text that it is about.
    pub span: Span,
    /// What kind of finding it is.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// One clause, lower case, without a full stop.
    pub message: String,
    /// What to write instead, if that can be said.
    pub help: Option<String>,
}

/// A byte range that can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Span { start: range.start, end: range.end }
    }
}

impl Diagnostic {
    /// A finding of the code's default severity, without help.
    pub fn new(
        code: Code,
        file: &str,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            file: file.to_owned(),
            span: span.into(),
            code,
            severity: code.default_severity(),
            message: message.into(),
            help: None,
        }
    }

    /// The same finding with a help line.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }
}

/// How many findings of each weight there are: (errors, warnings).
pub fn count(findings: &[Diagnostic]) -> (usize, usize) {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    (errors, findings.len() - errors)
}
