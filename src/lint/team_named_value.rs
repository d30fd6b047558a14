//! Double braces that are taken for a named value and name none.

use super::included::{each, words};
use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    each(resolution, |statement, look| {
        for words in words(statement) {
            for name in words.odd_braces() {
                let found = look
                    .at(Code::TeamNamedValue, words.at())
                    .says(format!("`{{{{{name}}}}}` names no named value"))
                    .because("the service puts values in place of names in double braces before it reads anything else")
                    .help("use letters, digits, `-`, `.` and `_` in names; where braces are meant, put a blank between them");
                look.push(found, report);
            }
        }
    });
}
