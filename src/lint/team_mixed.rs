//! Text in front of an expression.

use super::included::{each, words};
use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    each(resolution, |statement, look| {
        for words in words(statement).filter(|words| words.is_mixed()) {
            let found = look
                .at(Code::TeamMixed, words.at())
                .says("text stands in front of this expression")
                .because("whether the service runs such an expression is not documented")
                .help("make all of it one expression: `@(\"Bearer \" + …)`");
            look.push(found, report);
        }
    });
}
