//! Operations with the method OPTIONS, so that `cors` does not answer preflights for their paths.

use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (key, api) in resolution.parts.apis.iter().filter(|(_, api)| api.cors.is_some()) {
        let mut all = api.definition.operations.iter();
        if all.any(|operation| operation.method.eq_ignore_ascii_case("options")) {
            report.push(
                Code::OwnPreflight
                    .at(resolution.key(&["apis", key.as_str(), "cors"]))
                    .says(format!("web pages cannot call some paths of API `{key}`"))
                    .because("`cors` does not respond to preflights of paths with an OPTIONS operation")
                    .also(resolution.value(&["apis", key.as_str(), "definition"]), "this has OPTIONS operations")
                    .help("remove the OPTIONS operations from the definition, or remove `cors` and let the backend respond"),
            );
        }
    }
}
