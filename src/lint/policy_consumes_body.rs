//! Policy text that takes the body of a request away from the backend.

use super::included::{each, words};
use crate::catalogue::Section;
use crate::catalogue::effect::Effect;
use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    each(resolution, |statement, position| {
        let takes_body = statement.policy.is_some_and(|policy| policy.does(Effect::TakesBody));
        let rewrites = takes_body && statement.name == "set-body";
        let empties = words(statement).any(|words| words.empties_request());
        if position.section == Section::Inbound && !rewrites && empties {
            let found = position
                .at(Code::PolicyConsumesBody, statement.at.clone())
                .says("this consumes the request body before the backend receives it")
                .because("without `preserveContent: true`, the body is empty after it was read")
                .help("write `As<…>(preserveContent: true)`");
            position.push(found, report);
        }
    });
}
