//! An API that requires neither a key nor a token.

use crate::diag::{Code, Report};
use crate::resolve::{Resolution, requires_key, requires_token};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (key, api) in &resolution.written().apis {
        let has_keys = !api.subscriptions.is_empty();
        if requires_key(api) || requires_token(api) || has_keys {
            continue;
        }
        let who = match api.ip_filter {
            Some(_) => "everyone at the listed addresses",
            None => "everyone",
        };
        report.push(
            Code::PublicApi
                .at(resolution.value(&["apis", key, "auth", "subscriptionKey"]))
                .says(format!("{who} can call API `{key}`"))
                .because("it requires neither a key nor a token")
                .help(
                    "remove `subscriptionKey: none`, unless a component in front of the gateway authenticates callers",
                ),
        );
    }
}
