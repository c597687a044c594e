//! Colours code by a Sublime grammar: the only user of syntect and two-face.
//! Grammar and code come in, classes go out; what a grammar calls a scope is
//! known here alone.

use std::sync::LazyLock;

use syntect::parsing::{
    BasicScopeStackOp, ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet,
};

use super::Class;

/// A grammar by its name in one of the two sets that are compiled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grammar {
    name: &'static str,
    set: Set,
}

/// Where a grammar comes from. The sets overlap; syntect's own Go, YAML and bash
/// are the reference for zhi's lexers and are faster than the newer ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    Default,
    Extra,
}

/// The reference for YAML.
pub(super) const YAML: Grammar = Grammar { name: "YAML", set: Set::Default };
/// The reference for Go.
pub(super) const GO: Grammar = Grammar { name: "Go", set: Set::Default };
/// The reference for JSON, of which the default set has an older one.
pub(super) const JSON: Grammar = Grammar::extra("JSON");
/// The reference for bash.
pub(super) const BASH: Grammar =
    Grammar { name: "Bourne Again Shell (bash)", set: Set::Default };

/// What the scopes mean to us. Of the scopes on a piece of code the innermost
/// one that is listed decides, and of the lines that fit it the longest.
/// `Plain` ends the search: code within `$(…)` is code even inside a string.
const SCOPES: &[(&str, Class)] = &[
    ("comment", Class::Comment),
    ("string", Class::String),
    ("constant", Class::Number),
    ("constant.character.escape", Class::Escape),
    ("constant.other.placeholder", Class::Escape),
    ("constant.numeric.indentation-indicator.yaml", Class::Operator),
    ("keyword", Class::Keyword),
    ("keyword.operator", Class::Operator),
    ("keyword.operator.accessor", Class::Plain),
    ("keyword.other.interpolation", Class::Meta),
    ("keyword.name.ini", Class::Key),
    ("keyword.control.flow.block-scalar", Class::Operator),
    ("keyword.control.flow.alias.yaml", Class::Meta),
    ("keyword.control.property.anchor.yaml", Class::Meta),
    ("storage", Class::Keyword),
    ("storage.modifier.chomping-indicator.yaml", Class::Operator),
    ("storage.type.tag-handle.yaml", Class::Type),
    ("entity.name", Class::Type),
    ("entity.name.constant.go", Class::Plain),
    ("entity.name.function", Class::Function),
    ("entity.name.label", Class::Key),
    ("entity.name.other.anchor.yaml", Class::Meta),
    ("entity.name.section", Class::Meta),
    ("entity.name.tag.toml", Class::Key),
    ("entity.name.tag.yaml", Class::Key),
    ("entity.other.attribute-name", Class::Key),
    ("entity.other.document", Class::Meta),
    ("entity.other.inherited-class", Class::Type),
    ("entity.section.ini", Class::Type),
    ("support.function", Class::Function),
    ("support.class", Class::Type),
    ("support.type", Class::Type),
    ("support.type.property-name", Class::Key),
    ("support.constant", Class::Number),
    ("support.constant.terraform", Class::Variable),
    ("variable.annotation", Class::Meta),
    ("variable.function", Class::Function),
    ("variable.language", Class::Variable),
    ("variable.other.alias.yaml", Class::Meta),
    ("variable.other.nginx", Class::Variable),
    ("variable.other.php", Class::Variable),
    ("variable.other.readwrite", Class::Variable),
    ("variable.other.readwrite.terraform", Class::Key),
    ("variable.parameter.option", Class::Key),
    ("variable.stage-name", Class::Type),
    ("markup.inserted", Class::Inserted),
    ("markup.deleted", Class::Deleted),
    ("markup.heading", Class::Meta),
    ("meta.annotation", Class::Meta),
    ("meta.diff.header", Class::Meta),
    ("meta.diff.range", Class::Meta),
    ("meta.group.expansion.command", Class::Plain),
    ("meta.group.expansion.arithmetic", Class::Plain),
    ("meta.mapping.key", Class::Key),
    ("punctuation.definition.variable.job", Class::Variable),
    ("punctuation.definition.variable.php", Class::Variable),
    ("punctuation.definition.variable.shell", Class::Variable),
    ("punctuation.section.expansion.parameter", Class::Variable),
];

/// [`SCOPES`], parsed, the longest first.
static RULES: LazyLock<Vec<(Scope, Class)>> = LazyLock::new(|| {
    let parse = |&(scope, class)| Some((Scope::new(scope).ok()?, class));
    let mut rules: Vec<(Scope, Class)> = SCOPES.iter().filter_map(parse).collect();
    rules.sort_by_key(|(scope, _)| std::cmp::Reverse(scope.len()));
    rules
});

/// The scope of a pair's first half.
static KEY: LazyLock<Scope> =
    LazyLock::new(|| Scope::new("meta.mapping.key").unwrap_or_default());

static DEFAULT: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);
static EXTRA: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

impl Grammar {
    /// The grammar of this name in the larger set.
    pub(super) const fn extra(name: &'static str) -> Grammar {
        Grammar { name, set: Set::Extra }
    }

    fn load(self) -> Option<(&'static SyntaxSet, &'static SyntaxReference)> {
        let set: &'static SyntaxSet = match self.set {
            Set::Default => &DEFAULT,
            Set::Extra => &EXTRA,
        };
        Some((set, set.find_syntax_by_name(self.name)?))
    }
}

/// What a grammar may cost; what lies beyond stays plain.
pub(super) struct Limits {
    /// The length of a line in bytes: the grammars' regular expressions need time
    /// that grows with its square.
    pub(super) line: usize,
    /// The sum over all lines, in bytes looked at: a line is looked through for
    /// each of its pieces, and costs as much as [`LINE_COST`] before.
    pub(super) block: usize,
}

/// The longest block of real code that may be coloured at all needs half of this.
pub(super) const LIMITS: Limits = Limits { line: 2 * 1024, block: 24 * 1024 * 1024 };
const LINE_COST: usize = 4 * 1024;

/// The scopes on the code just read, and what each of them with those below comes to.
#[derive(Default)]
struct Scopes {
    stack: ScopeStack,
    classes: Vec<Class>,
}

/// Paints `code` by `grammar`. Where the grammar gives up, the rest stays plain.
pub(super) fn colour(grammar: Grammar, code: &str, paint: &mut [Class]) {
    colour_within(&LIMITS, grammar, code, paint);
}

/// [`colour`] with other limits.
pub(super) fn colour_within(
    limits: &Limits,
    grammar: Grammar,
    code: &str,
    paint: &mut [Class],
) {
    let Some((set, syntax)) = grammar.load() else { return };
    let mut state = ParseState::new(syntax);
    let mut scopes = Scopes::default();
    let mut start = 0;
    let mut cost = 0;
    for line in code.split_inclusive('\n') {
        let end = start + line.len();
        if line.len() <= limits.line {
            let paint = &mut paint[start..end];
            let Some(pieces) = colour_line(&mut state, &mut scopes, set, line, paint) else {
                return;
            };
            cost += LINE_COST + pieces * line.len();
        }
        if cost > limits.block {
            return;
        }
        start = end;
    }
}

/// Paints a line; the number of its pieces, or `None` if the grammar gives up.
fn colour_line(
    state: &mut ParseState,
    scopes: &mut Scopes,
    set: &SyntaxSet,
    line: &str,
    paint: &mut [Class],
) -> Option<usize> {
    // The grammars lean on the line end, which the last line of a block may lack.
    let ended;
    let line = if line.ends_with('\n') {
        line
    } else {
        ended = format!("{line}\n");
        &ended
    };
    let changes = state.parse_line(line, set).ok()?;
    let mut done = 0;
    for (at, change) in &changes {
        let at = (*at).min(paint.len());
        paint[done..at].fill(scopes.class());
        done = at;
        let classes = &mut scopes.classes;
        scopes
            .stack
            .apply_with_hook(change, |change, stack| match change {
                BasicScopeStackOp::Push(_) => classes.push(class_of(stack, classes)),
                BasicScopeStackOp::Pop => drop(classes.pop()),
            })
            .ok()?;
    }
    paint[done..].fill(scopes.class());
    Some(changes.len())
}

impl Scopes {
    fn class(&self) -> Class {
        self.classes.last().copied().unwrap_or_default()
    }
}

/// The class that the topmost scope gives to code, or else those below.
fn class_of(stack: &[Scope], below: &[Class]) -> Class {
    let Some((scope, rest)) = stack.split_last() else { return Class::Plain };
    match rule_for(*scope) {
        // A string may be a key, which only the scope around it tells.
        Some(Class::String) if rest.last().is_some_and(|around| KEY.is_prefix_of(*around)) => {
            Class::Key
        }
        Some(class) => class,
        None => below.last().copied().unwrap_or_default(),
    }
}

fn rule_for(scope: Scope) -> Option<Class> {
    let fits = |(rule, _): &&(Scope, Class)| rule.is_prefix_of(scope);
    RULES.iter().find(fits).map(|(_, class)| *class)
}

#[cfg(test)]
pub(super) fn exists(grammar: Grammar) -> bool {
    grammar.load().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_in_the_table_is_one() {
        assert_eq!(RULES.len(), SCOPES.len());
    }

    #[test]
    fn the_references_exist() {
        for grammar in [YAML, GO, BASH] {
            assert!(grammar.load().is_some(), "{grammar:?}");
        }
    }
}
