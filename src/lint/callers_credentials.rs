//! A backend without a credential, although the definition requires callers to send one. The caller's `Authorization` ends at the
//! gateway, whatever the document requires.

use super::targets::targets;
use crate::diag::{Code, Report};
use crate::resolve::{Credential, Resolution, Target};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (key, api) in resolution.parts.apis.iter().filter(|(_, api)| api.definition.wants_credentials) {
        for target in targets(resolution, api) {
            let backends = target.backends(resolution);
            let mut targets = backends.iter().map(|backend| &backend.target);
            if !targets.any(|target| matches!(target, Target::Http { credential: Credential::None, .. })) {
                continue;
            }
            report.push(
                Code::CallersCredentials
                    .at(resolution.value(&["apis", key.as_str(), "definition"]))
                    .says(format!("the backend of API `{key}` does not receive the callers' credentials"))
                    .because("the definition requires credentials, but the gateway removes `Authorization` and the subscription key")
                    .also(target.at, "this backend receives requests without credentials")
                    .help("set `credential` of the backend: `managedIdentity`, a secret, or `passThrough` for the caller's own token; or let the backend trust the gateway's network"),
            );
        }
    }
}
