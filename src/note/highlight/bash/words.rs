//! The words of bash: what opens and closes, and the commands that are built in,
//! with the options that the grammar knows of each.

/// A built-in command.
#[derive(PartialEq, Eq)]
pub(super) struct Builtin {
    pub(super) name: &'static str,
    /// The marks before an option's letters.
    marks: &'static str,
    /// Letters of which an option has exactly one.
    single: &'static str,
    /// Letters of which an option has any number.
    many: &'static str,
    /// Letters that form an option even without a mark: a slip of the grammar.
    bare: &'static str,
}

impl Builtin {
    /// The length of the option that `word` is; 0 if it is none.
    pub(super) fn option(&self, word: &[u8]) -> usize {
        let all = |rest: &[u8], letters: &str| {
            !rest.is_empty() && rest.iter().all(|byte| letters.as_bytes().contains(byte))
        };
        let is_option = match word.split_first() {
            Some((mark, rest)) if self.marks.as_bytes().contains(mark) => {
                rest.len() == 1 && all(rest, self.single) || all(rest, self.many)
            }
            _ => all(word, self.bare),
        };
        if is_option { word.len() } else { 0 }
    }
}

/// The built-in command of this name.
pub(super) fn builtin(name: &[u8]) -> Option<&'static Builtin> {
    BUILTINS.iter().find(|builtin| builtin.name.as_bytes() == name)
}

const fn row(
    name: &'static str,
    single: &'static str,
    many: &'static str,
    bare: &'static str,
) -> Builtin {
    Builtin { name, marks: "-", single, many, bare }
}

const BUILTINS: &[Builtin] = &[
    row(".", "", "", ""),
    row(":", "", "", ""),
    row("bg", "", "", ""),
    row("bind", "mqurfx", "", "lpsvPSVX"),
    row("builtin", "", "", ""),
    row("caller", "", "", ""),
    row("cd", "LPe@", "", ""),
    row("command", "", "pVv", ""),
    row("disown", "h", "", "ar"),
    row("echo", "", "neE", ""),
    row("enable", "af", "", "dnps"),
    row("eval", "", "", ""),
    row("exec", "a", "", "cl"),
    row("exit", "", "", ""),
    row("fg", "", "", ""),
    row("getopts", "", "", ""),
    row("hash", "rpl", "", "dt"),
    row("help", "", "dms", ""),
    row("jobs", "x", "", "lnprs"),
    row("kill", "snlL", "", ""),
    row("logout", "", "", ""),
    row("mapfile", "dnOstuCc", "", ""),
    row("printf", "v", "", ""),
    row("pwd", "", "LP", ""),
    row("read", "adeinNprstu", "", "ers"),
    row("readarray", "adeinNprstu", "", "ers"),
    row("return", "", "", ""),
    Builtin { name: "set", marks: "-+", single: "o", many: "abefhkmnptuvxBCEHPT", bare: "" },
    row("shift", "", "", ""),
    row("shopt", "o", "", "pqsu"),
    row("source", "", "", ""),
    row("suspend", "f", "", ""),
    row("times", "", "", ""),
    row("trap", "", "lp", ""),
    row("type", "", "afptP", ""),
    row("ulimit", "", "HSabcdefiklmnpqrstuvxPT", ""),
    row("umask", "pS", "", ""),
    row("unalias", "a", "", ""),
    row("unset", "", "fnv", ""),
    row("wait", "n", "", ""),
];
