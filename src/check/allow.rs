//! Comments that let findings pass, but name none.

use super::{Subject, Written};
use crate::config::nearest;
use crate::diagnostic::{Code, Diagnostic};
use crate::note::allow;

pub(super) fn unknown_codes(
    _: &Subject<'_>,
    written: &Written<'_>,
    found: &mut Vec<Diagnostic>,
) {
    if !allow::mentions(&written.note.source) {
        return;
    }
    for (name, span) in allow::read(written.note, &written.survey).unknown {
        let names = Code::ALL.iter().map(|code| code.name());
        let message = format!("no finding is called `{name}`");
        let mut finding = written.finding(Code::UnknownName, span, message);
        finding.help = nearest(&name, names).map(|near| format!("did you mean `{near}`?"));
        found.push(finding);
    }
}
