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

macro_rules! level {
    (Off) => {
        None
    };
    ($severity:ident) => {
        Some(Severity::$severity)
    };
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal $level:ident,)+) => {
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

            /// The severity where the configuration says nothing; `None` for a code that
            /// is reported only where the configuration asks for it.
            pub fn default_level(self) -> Option<Severity> {
                match self { $(Code::$variant => level!($level)),+ }
            }

            /// One sentence on what the code means.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$variant => concat!($($doc),+).trim_ascii()),+ }
            }
        }
    };
}

impl Code {
    /// The severity of a finding before the configuration has its say.
    pub fn default_severity(self) -> Severity {
        self.default_level().unwrap_or(Severity::Warning)
    }

    /// The code that a name stands for, in kebab case or with underscores.
    pub fn named(name: &str) -> Option<Code> {
        let is_it = |code: &&Code| code.name() == name || code.name() == name.replace('_', "-");
        Code::ALL.iter().find(is_it).copied()
    }
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
    /// Nothing is at the path of a link; a file of the same name elsewhere was taken.
    MovedTarget "moved-target" Warning,
    /// A wikilink was resolved by a note's title, which Obsidian does not do.
    LinkByTitle "link-by-title" Warning,
    /// A link's heading path does not exist as such, only its last part.
    HeadingPath "heading-path" Warning,
    /// A link with blanks needs angle brackets to be a link.
    LinkWithSpaces "link-with-spaces" Warning,
    /// A link's address could run a script, or needs a program few have; it is shown as text.
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
    /// A file or folder cannot be read.
    Unreadable "unreadable" Error,
    /// A file's name is no text; it is left out.
    FileName "file-name" Warning,
    /// An attachment could run scripts; it is published without them, or as text.
    UnsafeFile "unsafe-file" Warning,
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
    /// A template, or a code in a comment that lets findings pass, does not exist.
    UnknownName "unknown-name" Warning,
    /// A link leads to the note that it stands in.
    SelfLink "self-link" Warning,
    /// A link names a heading that its target has twice.
    DuplicateAnchor "duplicate-anchor" Warning,
    /// An id stands twice in a note.
    DuplicateId "duplicate-id" Warning,
    /// A link leads to the former name of a note that was renamed.
    RenamedNote "renamed-note" Error,
    /// An address that was published leads nowhere now.
    LostAddress "lost-address" Warning,
    /// Two notes have the same title.
    DuplicateTitle "duplicate-title" Warning,
    /// A note's alias is also another note's alias, title or file name.
    DuplicateAlias "duplicate-alias" Warning,
    /// Two tags differ only in case, width, blanks, number or a letter.
    SimilarTag "similar-tag" Warning,
    /// No note links to this one.
    Orphan "orphan" Off,
    /// No note uses an attachment.
    UnusedAttachment "unused-attachment" Warning,
    /// Emphasis that other renderers show as stars.
    StrayEmphasis "stray-emphasis" Warning,
    /// A note has more than one heading of level 1.
    SeveralH1 "several-h1" Warning,
    /// A note has neither a title nor a heading of level 1.
    NoTitle "no-title" Off,
    /// A heading is more than one level below the one above it.
    SkippedHeading "skipped-heading" Warning,
    /// Nothing stands below a heading.
    EmptySection "empty-section" Warning,
    /// An image has no text for those who do not see it.
    MissingAlt "missing-alt" Warning,
    /// An image lies on another server; readers get a link in its place.
    RemoteImage "remote-image" Warning,
    /// A code block does not say its language.
    UnlabelledCode "unlabelled-code" Warning,
    /// A code block's language is not known.
    UnknownLanguage "unknown-language" Warning,
    /// A code block is in another language than it says.
    WrongLanguage "wrong-language" Warning,
    /// The time at which a note should be reviewed has passed.
    Stale "stale" Warning,
    /// A YAML block cannot be read.
    YamlBlocks "yaml-blocks" Error,
    /// A JSON block cannot be read.
    JsonBlocks "json-blocks" Error,
    /// A TOML block cannot be read.
    TomlBlocks "toml-blocks" Error,
    /// A Go block cannot be read.
    GoBlocks "go-blocks" Error,
    /// A shell block cannot be read.
    ShellBlocks "shell-blocks" Error,
    /// A key stands twice in a mapping of a code block.
    DuplicateKey "duplicate-key" Error,
    /// A Kubernetes manifest uses an API version that was removed.
    RemovedApi "removed-api" Error,
    /// A Kubernetes manifest uses an API version that is deprecated.
    DeprecatedApi "deprecated-api" Warning,
    /// A field of a Kubernetes manifest does not exist where it stands.
    UnknownField "unknown-field" Error,
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
