//! Requests that are counted by something that callers choose.

use crate::diag::{Code, Report};
use crate::resolve::{LimitBy, Resolution, asks_key, asks_token, shows_credential};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (key, api) in &resolution.parts.apis {
        let Some(LimitBy::Header { name, .. }) = api.rate_limit.as_ref().map(|limit| &limit.by) else {
            continue;
        };
        // That is an error.
        if shows_credential(name.as_str(), Some(&api.key)) {
            continue;
        }
        let written = &resolution.written().apis[key.as_str()];
        let (has_key, has_token) = (asks_key(written), asks_token(written));
        let who = match (has_key, has_token) {
            (true, _) => "it is counted for each key by itself; who is over the limit sends another value",
            (false, true) => "it is counted for each application by itself; who is over the limit sends another value",
            (false, false) => "who is over the limit sends another value, or uses up somebody else's",
        };
        report.push(
            Code::ChosenCounter
                .at(resolution.value(&["apis", key.as_str(), "rateLimit", "by", "header"]))
                .says(format!("callers choose what `{name}` says"))
                .because(who)
                .help(match (has_key, has_token) {
                    (true, _) => "count by `subscription`, unless clients are to share the limit of their key fairly",
                    (false, true) => "count by application: `by: { claim: azp }`",
                    (false, false) => "count by `ip`, or ask for keys and count by `subscription`",
                }),
        );
    }
}
