//! A backend without a credential, although the definition requires callers to send one in a place that the gateway removes:
//! `Authorization`, and the header and query parameter of the subscription key. Other places reach the backend.

use super::targets::targets;
use crate::catalogue::AUTHORIZATION;
use crate::definition::SentIn;
use crate::diag::{Code, Report};
use crate::resolve::{Api, Credential, KEY_HEADER, KEY_QUERY, Resolution, Target};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (key, api) in resolution.parts.apis.iter().filter(|(_, api)| removes_credential(api)) {
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

/// True if the definition requires a credential in a place that the gateway removes.
fn removes_credential(api: &Api) -> bool {
    api.definition.credentials.iter().any(|place| match place {
        SentIn::Header(name) => [AUTHORIZATION, KEY_HEADER, api.key.header.as_str()]
            .iter()
            .any(|removed| removed.eq_ignore_ascii_case(name)),
        SentIn::Query(name) => name == KEY_QUERY,
        SentIn::Cookie(_) => false,
    })
}
