//! Formulas between dollar signs, and dollar signs that are none of them: prices and the
//! variables of shells.

use std::ops::Range;

use super::mask::restored;
use super::writer::{Writer, escape_into};
use crate::diagnostic::Code;

impl Writer<'_> {
    /// Writes what stands between two dollar signs. If that is no formula the first of
    /// them is remembered, so that the note can be read again without it.
    pub(super) fn inline_math(&mut self, tex: &str, range: &Range<usize>) {
        if is_formula(self.source.text(), range) {
            return self.math(tex, false, range);
        }
        self.dollars.push(range.start);
        self.text(&restored(&format!("${tex}$")));
    }

    /// Writes a formula as `MathML`, or its source where it cannot be read.
    pub(super) fn math(&mut self, tex: &str, display: bool, range: &Range<usize>) {
        let tex = restored(tex);
        self.leaf.text.push_str(&tex);
        if self.in_alt() {
            return;
        }
        match crate::note::math::to_mathml(&tex, display) {
            Ok(mathml) => self.formula(&mathml, display),
            Err(error) => {
                let span = self.source.span(range);
                let finding = self.source.finding(
                    Code::Formula,
                    span,
                    format!("this formula cannot be read: {}", error.message),
                );
                self.diagnostics.push(finding);
                self.html("<code>");
                escape_into(&mut self.out.html, &tex);
                self.html("</code>");
            }
        }
    }
}

impl Writer<'_> {
    /// Writes a formula: one that a narrow screen may not hold scrolls in itself, and then
    /// the keyboard has to reach it.
    fn formula(&mut self, mathml: &str, display: bool) {
        let is_wide = seen(mathml) > NARROW;
        if !display && !is_wide {
            return self.html(mathml);
        }
        let class = if display { "math" } else { "math inline" };
        self.html(&format!("<span class=\"{class}\""));
        if is_wide && !self.in_link() {
            let label = self.word("formula").to_owned();
            self.html(&format!(" tabindex=\"0\" role=\"group\" aria-label=\"{label}\""));
        }
        self.html(">");
        self.html(mathml);
        self.html("</span>");
    }
}

/// Characters that stand side by side, with the blanks round operators, in a list on the
/// narrowest phone of 320 pixels.
const NARROW: usize = 12;

/// How many characters of a formula are seen: the most that stand side by side.
fn seen(mathml: &str) -> usize {
    let mut is_tag = false;
    let is_seen = |c: &char| {
        is_tag = *c == '<' || is_tag && *c != '>';
        !is_tag && *c != '>' && !c.is_whitespace()
    };
    mathml.chars().filter(is_seen).count()
}

/// Whether the dollar signs at the ends of a range enclose a formula. As in Pandoc a digit
/// may not follow (`$5 and $6`); nor may a second variable (`$HOME/$USER`, `${A}/${B}`).
pub(super) fn is_formula(text: &str, range: &Range<usize>) -> bool {
    let inner = text.get(range.start + 1..range.end - 1).unwrap_or_default();
    // A price, and another dollar sign on a line below; a prompt with escaped brackets.
    let is_price = inner.starts_with(|c: char| c.is_ascii_digit()) && inner.contains('\n');
    if is_price || inner.starts_with("\\]") || holds_dollar(inner) {
        return false;
    }
    let Some(next) = text[range.end..].chars().next() else { return true };
    match next {
        '0'..='9' => false,
        '{' | '(' if inner.starts_with(next) => false,
        '{' | '(' | 'a'..='z' | 'A'..='Z' | '_' => {
            inner.ends_with(|c: char| c.is_alphanumeric() || "})\'".contains(c))
        }
        _ => true,
    }
}

/// Whether a dollar sign stands in a formula outside of braces, as in `\text{$x$}`.
fn holds_dollar(tex: &str) -> bool {
    let mut depth = 0_usize;
    let mut bytes = tex.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'$' if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_and_variables_are_no_formulas() {
        for (text, expected) in [
            ("$a^2$", true),
            ("$n$th", true),
            ("$x$，", true),
            ("$5、$6", false),
            ("$HOME/$USER", false),
            ("$HOME、$PATH", false),
            ("${A}/${B}", false),
            ("$A/${B}", false),
            ("$(a)$(b)", false),
            ("$9.50\nuser:~$ ls", false),
            ("$a +\nb$", true),
            ("$\\]\\[x]$ ls", false),
        ] {
            let end = text.match_indices('$').nth(1).map_or(0, |(at, _)| at + 1);
            assert_eq!(is_formula(text, &(0..end)), expected, "{text}");
        }
    }
}
