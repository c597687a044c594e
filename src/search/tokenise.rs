//! The one specification of what a word is, for the index and for the reader's query.
//!
//! Text comes in, terms go out in reading order. It knows nothing of pages or files.
//! `static/search.js` holds the same rules; `tests/search/tokeniser.json` binds the two.
//!
//! 1. **Folding.** A character and the combining marks behind it are put into NFKC and
//!    lower case, piece by piece, so that places in the text survive.
//! 2. **Han runs** (Han, kana): each overlapping pair is a term; a character that stands
//!    alone is one, too. In titles and headings every single character is a term as well.
//! 3. **Word runs**: word characters (letters, digits, `_`) of any other script, held
//!    together by `. - / : @ + =`. Each part is a term. A part in `camelCase` or `snake_case`
//!    gives its pieces besides, two neighbouring parts give the term without what parts
//!    them: `kube-proxy` is `kube`, `proxy`, `kubeproxy`. Numbers do so only if they are
//!    the whole run: `1.33`, but not an address of four numbers.
//! 4. **Names.** A part of ASCII that has pieces, and a run of ASCII, up to its first `=` or
//!    `:`, that is held together or begins with `--`, give a term that keeps how they are
//!    written, behind what they have in common with their like: `nodename!nodeName`,
//!    `nodename!node-name`, `set!--set`.
//! 5. **Limits.** Parts beyond [`LONGEST`] characters are data, not words, and are left
//!    out, and so are names; parts of more than [`MOST_PIECES`] pieces stay whole; a run that
//!    holds `://` joins nothing.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The longest part that is still a word, in characters.
pub const LONGEST: usize = 64;
/// The largest number of `camelCase` or `snake_case` pieces that a name is taken to have.
pub const MOST_PIECES: usize = 8;

/// One term, and what it is in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term<'a> {
    /// A lone Han character, or one of a title.
    Han(char),
    /// Two neighbouring Han characters.
    Pair(char, char),
    /// A part of a word run.
    Word(&'a str),
    /// A `camelCase` or `snake_case` piece of a part.
    Piece(&'a str),
    /// Two neighbouring parts without what stands between them.
    Joined(&'a str),
    /// A whole run as it is written: its small letters and digits, [`AS_WRITTEN`], the run.
    Name(&'a str),
}

/// What stands in a name's term before the name as it is written. It sorts before all that a
/// word can go on with, so the ways to write a name stand together, behind the plain word.
pub const AS_WRITTEN: char = '!';

/// Which single Han characters become terms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Singles {
    /// Only those that stand alone: text.
    #[default]
    Lone,
    /// Every one: titles and headings.
    All,
}

/// Calls `emit` with each term of `text`, in reading order.
pub fn tokenise(text: &str, singles: Singles, emit: &mut impl FnMut(Term<'_>)) {
    let mut reader = Reader { singles, ..Reader::default() };
    let mut rest = text.chars();
    let mut piece = String::new();
    while let Some(c) = rest.next() {
        if c.is_ascii() && !rest.clone().next().is_some_and(is_mark) {
            reader.ascii(c, emit);
        } else if is_plain_han(c) && !rest.clone().next().is_some_and(is_mark) {
            reader.han(c, emit);
        } else if is_plain_punctuation(c) && !rest.clone().next().is_some_and(is_mark) {
            reader.end_han(emit);
            reader.end_word(emit);
        } else {
            piece.clear();
            piece.push(c);
            while let Some(mark) = rest.clone().next().filter(|&next| is_mark(next)) {
                piece.push(mark);
                rest.next();
            }
            reader.folded(&piece, emit);
        }
    }
    reader.end_word(emit);
    reader.end_han(emit);
}

/// A whole text in NFKC and lower case, as topics and words of the glossary are compared.
pub fn fold(text: &str) -> String {
    text.nfkc().collect::<String>().to_lowercase()
}

/// Whether the character is read in pairs: Han, kana and their marks of repetition.
pub fn is_han(c: char) -> bool {
    matches!(u32::from(c),
        0x3005..=0x3007 | 0x3021..=0x3029 | 0x3041..=0x3096 | 0x309d..=0x309f
        | 0x30a1..=0x30fa | 0x30fc..=0x30ff | 0x31f0..=0x31ff | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

/// The runs being read.
#[derive(Default)]
struct Reader {
    singles: Singles,
    /// The last character of the Han run, and whether it is the only one so far.
    han: Option<(char, bool)>,
    /// The word run as written, in NFKC.
    run: String,
    /// The dashes right before the run.
    dashes: usize,
    /// Scratch for lower case.
    lower: String,
    /// Scratch for two parts in one.
    joined: String,
}

impl Reader {
    fn ascii(&mut self, c: char, emit: &mut impl FnMut(Term<'_>)) {
        self.end_han(emit);
        if c.is_ascii_alphanumeric() || c == '_' || (is_joint(c) && !self.run.is_empty()) {
            self.run.push(c);
        } else {
            let dashes = self.dashes;
            self.end_word(emit);
            self.dashes = if c == '-' { dashes + 1 } else { 0 };
        }
    }

    fn han(&mut self, c: char, emit: &mut impl FnMut(Term<'_>)) {
        self.end_word(emit);
        if self.singles == Singles::All {
            emit(Term::Han(c));
        }
        if let Some((before, _)) = self.han {
            emit(Term::Pair(before, c));
        }
        self.han = Some((c, self.han.is_none()));
    }

    /// Any other piece. What folding makes of punctuation never holds a run together, so
    /// that a full-width colon ends a word.
    fn folded(&mut self, piece: &str, emit: &mut impl FnMut(Term<'_>)) {
        for c in piece.nfkc() {
            if is_han(c) {
                self.han(c, emit);
            } else if is_word(c) {
                self.end_han(emit);
                self.run.push(c);
            } else {
                self.end_han(emit);
                self.end_word(emit);
            }
        }
    }

    fn end_han(&mut self, emit: &mut impl FnMut(Term<'_>)) {
        if let Some((c, true)) = self.han
            && self.singles == Singles::Lone
        {
            emit(Term::Han(c));
        }
        self.han = None;
    }

    fn end_word(&mut self, emit: &mut impl FnMut(Term<'_>)) {
        if !self.run.is_empty() {
            self.words(emit);
            self.whole(emit);
            self.run.clear();
        }
        self.dashes = 0;
    }

    fn words(&mut self, emit: &mut impl FnMut(Term<'_>)) {
        let run = std::mem::take(&mut self.run);
        let parts = || run.split(is_joint).filter(|part| !part.is_empty());
        let address = run.contains("://");
        let mut before = "";
        for part in parts() {
            if part.chars().nth(LONGEST).is_some() {
                before = "";
                continue;
            }
            lower_case(part, &mut self.lower);
            emit(Term::Word(&self.lower));
            for_each_piece(part, &mut self.lower, emit);
            if !before.is_empty() && !address {
                self.joined.clear();
                self.joined.push_str(before);
                self.joined.push_str(part);
                if !self.joined.bytes().all(|b| b.is_ascii_digit()) || parts().count() == 2 {
                    lower_case(&self.joined, &mut self.lower);
                    emit(Term::Joined(&self.lower));
                }
            }
            before = part;
        }
        self.run = run;
    }

    /// The run as a name: up to a value, which is no part of it.
    fn whole(&mut self, emit: &mut impl FnMut(Term<'_>)) {
        let run = self.run.split(['=', ':']).next().unwrap_or_default();
        let run = run.trim_end_matches(is_joint);
        let before = if self.dashes == 2 { "--" } else { "" };
        if run.len() <= LONGEST && (!before.is_empty() || run.contains(is_joint)) {
            name(before, run, &mut self.lower, emit);
        }
    }
}

/// A name as it is written.
fn name(before: &str, run: &str, term: &mut String, emit: &mut impl FnMut(Term<'_>)) {
    if run.is_ascii() && run.contains(|c: char| c.is_ascii_alphabetic()) {
        term.clear();
        let plain = run.chars().filter(char::is_ascii_alphanumeric);
        term.extend(plain.map(|c| c.to_ascii_lowercase()));
        term.push(AS_WRITTEN);
        term.push_str(before);
        term.push_str(run);
        emit(Term::Name(term));
    }
}

fn for_each_piece(part: &str, lower: &mut String, emit: &mut impl FnMut(Term<'_>)) {
    let cuts = cuts(part.as_bytes());
    if cuts.count == 0 || cuts.count >= MOST_PIECES {
        return;
    }
    name("", part, lower, emit);
    let mut start = 0;
    for &end in cuts.places[..cuts.count].iter().chain([&part.len()]) {
        let piece = part[start..end].trim_matches('_');
        if piece.chars().nth(1).is_some() && piece.len() < part.len() {
            lower_case(piece, lower);
            emit(Term::Piece(lower));
        }
        start = end;
    }
}

/// Where a name is cut into pieces; places are bytes, always between ASCII characters.
struct Cuts {
    places: [usize; MOST_PIECES],
    count: usize,
}

/// A cut stands before an upper-case letter that follows a lower-case letter or a digit,
/// before the last of several upper-case letters where a lower-case one follows, and
/// behind a row of `_`.
fn cuts(part: &[u8]) -> Cuts {
    let mut cuts = Cuts { places: [0; MOST_PIECES], count: 0 };
    for at in 1..part.len() {
        let (before, here) = (part[at - 1], part[at]);
        let hump = here.is_ascii_uppercase()
            && (before.is_ascii_lowercase()
                || before.is_ascii_digit()
                || (before.is_ascii_uppercase()
                    && part.get(at + 1).is_some_and(u8::is_ascii_lowercase)));
        if hump || (before == b'_' && here != b'_') {
            if cuts.count == MOST_PIECES {
                break;
            }
            cuts.places[cuts.count] = at;
            cuts.count += 1;
        }
    }
    cuts
}

fn lower_case(text: &str, lower: &mut String) {
    lower.clear();
    if text.is_ascii() {
        lower.push_str(text);
        lower.make_ascii_lowercase();
    } else {
        lower.push_str(&text.to_lowercase());
    }
}

fn is_joint(c: char) -> bool {
    matches!(c, '.' | '-' | '/' | ':' | '@' | '+' | '=')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_mark(c)
}

/// Combining marks, and the half-width voicing marks of kana, which are letters by category.
fn is_mark(c: char) -> bool {
    u32::from(c) >= 0x300
        && !is_plain_han(c)
        && !is_plain_punctuation(c)
        && (is_combining_mark(c) || matches!(c, '\u{ff9e}' | '\u{ff9f}'))
}

/// Punctuation of Chinese text, which folding never makes a word of.
fn is_plain_punctuation(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{3003}' | '\u{3008}'..='\u{3020}'
        | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}')
}

/// Han that NFKC leaves alone: nearly all of a Chinese text.
fn is_plain_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}
