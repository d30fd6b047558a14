//! Answers of the Responses API are kept where they were made, and a follow-up may reach another member.

use super::targets::{To, targets};
use crate::catalogue::surface::Surface;
use crate::diag::{Code, Report};
use crate::resolve::{Balance, Resolution};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (name, api) in &resolution.parts.apis {
        let definition = &api.definition;
        let lists_responses = definition
            .operations
            .iter()
            .any(|operation| operation.path == "/responses" || operation.path.starts_with("/responses/"));
        for target in targets(resolution, api) {
            let To::Pool(pool) = target.to else { continue };
            let has_responses = lists_responses
                || !definition.lists_operations() && reaches_responses(api.surface, pool.is_of_deployments());
            let is_kept = matches!(&pool.balance, Balance::Pool { cookie: Some(_) });
            if !has_responses || is_kept || pool.members.len() == 1 {
                continue;
            }
            // No key names a built-in definition.
            let here = ["apis", name.as_str(), "definition"];
            let is_written = resolution.written().apis[name.as_str()].definition.is_some();
            let definition_at = if is_written { resolution.value(&here) } else { resolution.value(&here[..2]) };
            report.push(
                Code::FollowUps
                    .at(target.at)
                    .says(format!("follow-up requests of the Responses API may reach the wrong member of pool `{}`", pool.name))
                    .because("a response is stored at the member that created it, and its `previous_response_id` is unknown to the others")
                    .also(definition_at, if definition.lists_operations() { "the definition has `/responses`" } else { "callers may use `/responses` as well" })
                    .help("add `sessionAffinity: { cookie: … }` to the pool if clients send cookies back")
                    .help("or let clients send whole conversations with `store: false`, or use a single backend for this API"),
            );
        }
    }
}

/// True if callers who may choose the path can reach the Responses API. No deployment has it below its own path.
fn reaches_responses(surface: Surface, is_deployment: bool) -> bool {
    match surface {
        Surface::OpenAi => true,
        Surface::AzureOpenAi => !is_deployment,
        Surface::FoundryModels | Surface::Anthropic | Surface::Rest => false,
    }
}
