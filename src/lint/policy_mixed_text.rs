//! Text in front of an expression.

use super::included::{each, words};
use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    each(resolution, |statement, position| {
        for words in words(statement).filter(|words| words.is_mixed()) {
            let found = position
                .at(Code::PolicyMixedText, words.at())
                .says("text before a policy expression")
                .because("it is not documented whether the service evaluates such an expression")
                .help("make all of it one expression: `@(\"Bearer \" + …)`");
            position.push(found, report);
        }
    });
}
