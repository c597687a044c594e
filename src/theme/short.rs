//! Scripts with short names for their variables.
//!
//! A slim script comes in, one that does the same goes out. It knows no scopes: a name is
//! replaced everywhere or nowhere. So it takes only names that a script declares and that
//! stand nowhere for a property: behind a dot, before a colon, as a method, in `{ name }`, or
//! in a template. A script must not declare, in one place, what it means the browser's
//! variable by in another, except for those of [`BROWSER`].

use std::collections::{BTreeMap, BTreeSet};

use super::slim::{Piece, next};

/// Variables of the browser that a script may well have a variable of its own like.
const BROWSER: &[&str] = &[
    "close", "document", "event", "find", "focus", "history", "length", "location", "name",
    "open", "origin", "parent", "print", "scroll", "self", "status", "stop", "top",
];
/// Words of the language that are as short as a new name.
const WORDS: [&str; 6] = ["as", "do", "if", "in", "is", "of"];

/// Replaces the names of variables.
pub(super) fn short(script: &str) -> String {
    let tokens = tokens(script);
    let names = names(&tokens);
    let new = replacements(&names);
    tokens.iter().map(|token| new.get(token.text).map_or(token.text, String::as_str)).collect()
}

/// A part of a script.
struct Token<'a> {
    text: &'a str,
    is_name: bool,
}

/// Names by themselves, all else as it comes.
fn tokens(script: &str) -> Vec<Token<'_>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some((piece, mut length)) = next(&script[at..], &script[..at]) {
        let mut is_name = false;
        if let Piece::Code(first) = piece
            && is_part(first)
        {
            is_name = !first.is_ascii_digit();
            let rest = &script[at..];
            length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        }
        tokens.push(Token { text: &script[at..at + length], is_name });
        at += length;
    }
    tokens
}

/// What is known of a name.
#[derive(Default)]
struct Name {
    count: usize,
    is_declared: bool,
    is_fixed: bool,
}

fn names<'a>(tokens: &[Token<'a>]) -> BTreeMap<&'a str, Name> {
    let mut names: BTreeMap<&str, Name> = BTreeMap::new();
    // Blanks say nothing of what a name stands for.
    let code: Vec<&Token<'_>> =
        tokens.iter().filter(|token| !token.text.trim().is_empty()).collect();
    let text = |n: usize| code.get(n).map_or("", |token| token.text);
    for (n, token) in code.iter().enumerate().filter(|(_, token)| token.is_name) {
        let before = |steps: usize| n.checked_sub(steps).map_or("", text);
        let (last, here) = (before(1), text(n + 1));
        let name = names.entry(token.text).or_default();
        name.count += 1;
        name.is_declared |=
            matches!(last, "const" | "let" | "function") || here == "=" && text(n + 2) == ">";
        name.is_fixed |= last == "." && before(2) != "."
            || matches!(last, "{" | ",") && matches!(here, ":" | "," | "}" | "=" | "(")
            || matches!(last, "async" | "get" | "set") && here == "(";
    }
    for template in tokens.iter().filter(|token| token.text.starts_with('`')) {
        for word in template.text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
        {
            names.entry(word).or_default().is_fixed = true;
        }
    }
    for word in BROWSER {
        names.entry(word).or_default().is_fixed = true;
    }
    names
}

/// A new name for each that may have one; the most frequent get the shortest.
fn replacements(names: &BTreeMap<&str, Name>) -> BTreeMap<String, String> {
    let mut free = fresh(names.keys().copied().collect());
    let mut chosen: Vec<(&str, &Name)> = names
        .iter()
        .map(|(text, name)| (*text, name))
        .filter(|(text, name)| name.is_declared && !name.is_fixed && text.len() > 1)
        .collect();
    chosen.sort_by_key(|(_, name)| std::cmp::Reverse(name.count));
    chosen
        .into_iter()
        .map_while(|(text, _)| Some((text.to_owned(), free.next()?)))
        .filter(|(text, new)| new.len() < text.len())
        .collect()
}

/// Names of one letter, then of two, that the script does not use.
fn fresh(used: BTreeSet<&str>) -> impl Iterator<Item = String> {
    let letters = || ('a'..='z').chain('A'..='Z');
    let one = letters().map(String::from);
    let two = letters().flat_map(move |a| letters().map(move |b| format!("{a}{b}")));
    one.chain(two).filter(move |name| !used.contains(&**name) && !WORDS.contains(&&**name))
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn variables_get_short_names_and_properties_keep_theirs() {
        for (script, shortened) in [
            ("const total=1;f(total)", "const a=1;f(a)"),
            ("let sum=0;sum+=x.sum", "let sum=0;sum+=x.sum"),
            ("let sum=0;sum+=x.y.sum", "let sum=0;sum+=x.y.sum"),
            ("const key=1;({key:2})", "const key=1;({key:2})"),
            ("const key=1;({key})", "const key=1;({key})"),
            ("const call=1;({call(){}})", "const call=1;({call(){}})"),
            ("const part=1;`${part}`", "const part=1;`${part}`"),
            ("const rest=[];g(...rest)", "const a=[];g(...a)"),
            ("items.map(item=>item.a+b)", "items.map(c=>c.a+b)"),
            ("const one=\"one\"", "const a=\"one\""),
            ("const open=1;open()", "const open=1;open()"),
            ("const yes=c?yes:no", "const a=c?a:no"),
            ("function outer(x){return outer}", "function a(x){return a}"),
        ] {
            assert_eq!(short(script), shortened);
        }
    }

    #[test]
    fn what_is_left_open_does_no_harm() {
        for script in ["\"", "`", "`${", "const", "let a", ".", "const \u{4e00}=", ""] {
            short(script);
            short(&script.repeat(2000));
        }
    }
}
