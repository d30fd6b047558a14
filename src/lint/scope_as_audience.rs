//! A scope in place of an audience: `api://ai/.default` is what clients ask for, and no token names it.

use crate::diag::{Code, Location, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    let parts = &resolution.parts;
    for (name, api) in &parts.apis {
        let audiences = api.entra.iter().flat_map(|entra| &entra.audiences).enumerate();
        for (position, audience) in audiences {
            let Some(right) = audience.value.strip_suffix("/.default") else { continue };
            let list = resolution.path(&["apis", name.as_str(), "auth", "entra", "audiences"]);
            let here = match &audience.label {
                Some(label) => list.key(label),
                None => list.index(position),
            };
            report.push(
                Code::ScopeAsAudience
                    .at(Location::value(parts.file, here))
                    .says(format!("no token has the audience `{}`", audience.value))
                    .because("this is a scope, which clients request; their tokens name the application without it")
                    .help(format!("did you mean `{right}`?")),
            );
        }
    }
}
