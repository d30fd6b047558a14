//! Web pages of any origin that may call.

use crate::diag::{Code, Location, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (key, api) in &resolution.written().apis {
        let origins = api.cors.as_ref().map(|cors| cors.origins.as_slice());
        // Beside others it is an error.
        if origins.is_some_and(|origins| *origins == ["*"]) {
            let list = resolution.path(&["apis", key, "cors", "origins"]);
            report.push(
                Code::EveryOrigin
                    .at(Location::value(resolution.parts.file, list.index(0)))
                    .says(format!("web pages of any origin may call API `{key}`"))
                    .because("the browsers of their visitors would send the requests")
                    .help("list the origins of your own pages"),
            );
        }
    }
}
