//! A linked definition that is fetched without encryption.

use crate::diag::{Code, Report};
use crate::model::Definition;
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (key, api) in &resolution.written().apis {
        let Some(Definition::Link(link)) = &api.definition else {
            continue;
        };
        if link.link.starts_with("http:") {
            report.push(
                Code::PlainLink
                    .at(resolution.value(&["apis", key, "definition", "link"]))
                    .says(format!("the definition of API `{key}` is fetched without encryption"))
                    .because("an attacker who changes it on the way decides which operations the API has")
                    .help("use `https`, or keep the document in a file: `definition: { file: … }`"),
            );
        }
    }
}
