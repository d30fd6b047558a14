//! An API that requires keys and has no subscription.

use crate::diag::{Code, Report};
use crate::resolve::{Resolution, requires_key, requires_token};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    let gateway = resolution.written();
    for (key, api) in &gateway.apis {
        let has_keys = !api.subscriptions.is_empty();
        if requires_key(api) && !has_keys && gateway.tenancy.is_none() {
            report.push(
                Code::NoSubscription
                    .at(resolution.key(&["apis", key]))
                    .says(format!("API `{key}` has no subscription, so no caller can use it"))
                    .because("it requires a subscription key, but the file defines no subscription for it")
                    .help(match requires_token(api) {
                        true => "list the callers: `subscriptions: [first-team]`, or accept tokens only: `subscriptionKey: none`",
                        false => "list the callers: `subscriptions: [first-team]`",
                    }),
            );
        }
    }
}
