//! Policy text that holds back streams.

use super::included::{each, words};
use crate::catalogue::Section;
use crate::catalogue::effect::Effect;
use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    each(resolution, |statement, position| {
        let takes_body = statement.policy.is_some_and(|policy| policy.does(Effect::TakesBody));
        let reads = words(statement).any(|words| words.reads_answer());
        if position.section == Section::Outbound && position.traits.streams && (takes_body || reads) {
            let found = position
                .at(Code::PolicyBuffers, statement.at.clone())
                .says(format!("this buffers the streamed responses of API `{}`", position.api.name))
                .because("a policy that reads or writes the body of a response waits until it is complete")
                .help("do not use response bodies here, or set `streaming: false`");
            position.push(found, report);
        }
    });
}
