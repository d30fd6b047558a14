//! A backend without a credential, behind a definition that asks callers for one. The caller's `Authorization` ends at the gateway,
//! whatever the document says.

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
                    .says(format!("the backend of API `{key}` will not see the credentials of callers"))
                    .because("the definition asks for some, and the gateway removes `Authorization` and its own keys")
                    .also(target.at, "this backend gets requests without them")
                    .help("say what it gets instead with `credential` of the backend: `managedIdentity`, a secret, or `passThrough` for the caller's own; or let it trust the gateway's network"),
            );
        }
    }
}
