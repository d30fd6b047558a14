//! Double braces that are taken for a named value and name none.

use super::included::{each, words};
use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    each(resolution, |statement, position| {
        for words in words(statement) {
            for name in words.odd_braces() {
                let found = position
                    .at(Code::PolicyBraces, words.at())
                    .says(format!("`{{{{{name}}}}}` is not a named value"))
                    .because("the service replaces names in double braces before it parses anything else")
                    .help("use letters, digits, `-`, `.` and `_` in names; if braces are intended, put a space between them");
                position.push(found, report);
            }
        }
    });
}
