//! Policy text that holds back streams.

use super::included::{each, words};
use crate::catalogue::Section;
use crate::catalogue::effect::Effect;
use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    each(resolution, |statement, look| {
        let takes_body = statement.policy.is_some_and(|policy| policy.does(Effect::TakesBody));
        let reads = words(statement).any(|words| words.reads_answer());
        if look.section == Section::Outbound && look.around.streams && (takes_body || reads) {
            let found = look
                .at(Code::PolicyBuffers, statement.at.clone())
                .says(format!("this buffers the streamed responses of API `{}`", look.api.name))
                .because("a policy that reads or writes the body of a response waits until it is complete")
                .help("do not use response bodies here, or set `streaming: false`");
            look.push(found, report);
        }
    });
}
