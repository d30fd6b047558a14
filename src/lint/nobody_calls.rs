//! An API that asks for keys and has none.

use crate::diag::{Code, Report};
use crate::resolve::{Resolution, asks_key, asks_token};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    let gateway = resolution.written();
    for (key, api) in &gateway.apis {
        let has_keys = !api.subscriptions.is_empty();
        if asks_key(api) && !has_keys && gateway.tenancy.is_none() {
            report.push(
                Code::NobodyCalls
                    .at(resolution.key(&["apis", key]))
                    .says(format!("nobody has a key for API `{key}`"))
                    .because("it needs a key, and the file makes none for it")
                    .help(match asks_token(api) {
                        true => "list the names of callers, `subscriptions: [first-team]`, or let tokens do: `subscriptionKey: none`",
                        false => "list the names of callers: `subscriptions: [first-team]`",
                    }),
            );
        }
    }
}
