//! Operations without a JSON body, where requests are sorted by the model in it.

use crate::catalogue::surface::ModelIn;
use crate::diag::{Code, Report, list};
use crate::resolve::{Resolution, Routes};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (key, api) in &resolution.parts.apis {
        let is_by_body = api.surface.model_in() == ModelIn::Body && matches!(api.routes, Routes::Models(_));
        if !is_by_body || !api.definition.lists_operations() {
            continue;
        }
        let without: Vec<String> = api
            .definition
            .operations
            .iter()
            .filter(|operation| api.model_list() != Some(&operation.id))
            .filter(|operation| {
                !operation.takes_json || matches!(operation.method.as_str(), "get" | "head" | "delete" | "options")
            })
            .map(|operation| operation.id.as_str().to_owned())
            .collect();
        if without.is_empty() {
            continue;
        }
        report.push(
            Code::NoModelInRequest
                .at(resolution.value(&["apis", key.as_str(), "definition"]))
                .says(format!("the gateway returns 400 for some operations of API `{key}`"))
                .because(format!("they have no JSON body that could name a model: {}", list(without.iter())))
                .help("remove them from the definition, or make a backend without `deployments` the `target`"),
        );
    }
}
