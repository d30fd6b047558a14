//! Policy text that takes the body of a request away from the backend.

use super::included::{each, words};
use crate::catalogue::Section;
use crate::catalogue::effect::Effect;
use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    each(resolution, |statement, look| {
        let takes_body = statement.policy.is_some_and(|policy| policy.does(Effect::TakesBody));
        let rewrites = takes_body && statement.name == "set-body";
        let empties = words(statement).any(|words| words.empties_request());
        if look.section == Section::Inbound && !rewrites && empties {
            let found = look
                .at(Code::TeamEmpties, statement.at.clone())
                .says("this takes the body away from the backend")
                .because("a body that is read without `preserveContent: true` is empty afterwards")
                .help("write `As<…>(preserveContent: true)`");
            look.push(found, report);
        }
    });
}
