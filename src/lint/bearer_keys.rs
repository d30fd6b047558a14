//! Keys in `Authorization`, which the backend is to receive as the caller's own.

use super::targets::targets;
use crate::diag::{Code, Report};
use crate::resolve::{Credential, Resolution, Target};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (key, api) in resolution.parts.apis.iter().filter(|(_, api)| api.key.is_bearer) {
        for target in targets(resolution, api) {
            let backends = target.backends(resolution);
            let mut targets = backends.iter().map(|backend| &backend.target);
            if targets.any(|target| matches!(target, Target::Http { credential: Credential::PassThrough, .. })) {
                report.push(
                    Code::BearerKeys
                        .at(resolution.key(&["apis", key.as_str(), "auth", "bearerKeys"]))
                        .says(format!("API `{key}` cannot read keys from `Authorization`"))
                        .because("the header is passed on to a backend, which would receive the key")
                        .also(target.at, "`credential: passThrough` of this backend")
                        .help("remove `bearerKeys`, or give the backend another `credential`"),
                );
            }
        }
    }
}
