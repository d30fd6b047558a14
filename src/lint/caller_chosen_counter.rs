//! Requests that are counted by something that callers choose.

use crate::diag::{Code, Report};
use crate::resolve::{LimitBy, Resolution, is_credential_header, requires_key, requires_token};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (key, api) in &resolution.parts.apis {
        let Some(LimitBy::Header { name, .. }) = api.rate_limit.as_ref().map(|limit| &limit.by) else {
            continue;
        };
        // That is an error.
        if is_credential_header(name.as_str(), Some(&api.key)) {
            continue;
        }
        let written = &resolution.written().apis[key.as_str()];
        let (has_key, has_token) = (requires_key(written), requires_token(written));
        let who = match (has_key, has_token) {
            (true, _) => "requests are counted per subscription key; a caller over the limit can send another value",
            (false, true) => "requests are counted per application; a caller over the limit can send another value",
            (false, false) => "a caller over the limit can send another value, or use up the limit of another caller",
        };
        report.push(
            Code::CallerChosenCounter
                .at(resolution.value(&["apis", key.as_str(), "rateLimit", "by", "header"]))
                .says(format!("callers choose the value of `{name}`"))
                .because(who)
                .help(match (has_key, has_token) {
                    (true, _) => "count by `subscription`, unless the clients of one key should share its limit fairly",
                    (false, true) => "count by application: `by: { claim: azp }`",
                    (false, false) => "count by `ip`, or require keys and count by `subscription`",
                }),
        );
    }
}
