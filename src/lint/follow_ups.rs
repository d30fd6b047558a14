//! What an account stores is kept where it was made, and a follow-up may reach another member.

use super::targets::{To, targets};
use crate::catalogue::surface::Surface;
use crate::diag::{Code, Report};
use crate::resolve::{Balance, Resolution};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (name, api) in &resolution.parts.apis {
        let definition = &api.definition;
        let stored = definition.operations.iter().find_map(|operation| stored(&operation.path));
        for target in targets(resolution, api) {
            let To::Pool(pool) = target.to else { continue };
            let is_free = !definition.lists_operations() && reaches_stored(api.surface, pool.is_of_deployments());
            let Some(path) = stored.or(is_free.then_some("/responses")) else { continue };
            let is_kept = matches!(&pool.balance, Balance::Pool { cookie: Some(_) });
            if is_kept || pool.members.len() == 1 {
                continue;
            }
            // No key names a built-in definition.
            let here = ["apis", name.as_str(), "definition"];
            let is_written = resolution.written().apis[name.as_str()].definition.is_some();
            let definition_at = if is_written { resolution.value(&here) } else { resolution.value(&here[..2]) };
            report.push(
                Code::FollowUps
                    .at(target.at)
                    .says(format!("follow-up requests may reach the wrong member of pool `{}`", pool.name))
                    .because(match path {
                        "/responses" => "a response is stored at the member that created it, and its `previous_response_id` is unknown to the others".to_owned(),
                        path => format!("what `{path}` stores is at the member that created it, and its id is unknown to the others"),
                    })
                    .also(definition_at, if definition.lists_operations() { format!("the definition has `{path}`") } else { format!("callers may use `{path}` as well") })
                    .help("add `sessionAffinity: { cookie: … }` to the pool if clients send cookies back")
                    .help(match path {
                        "/responses" => "or let clients send whole conversations with `store: false`, or use a single backend for this API",
                        _ => "or use a single backend for this API",
                    }),
            );
        }
    }
}

/// The first segment of paths below which an account stores what callers send or get, as the APIs of OpenAI, Azure and Anthropic have
/// them.
const STORED: [&str; 13] = [
    "/responses",
    "/conversations",
    "/files",
    "/batches",
    "/messages/batches",
    "/threads",
    "/assistants",
    "/vector_stores",
    "/uploads",
    "/containers",
    "/fine_tuning",
    "/evals",
    "/videos",
];

/// What is stored below a path.
fn stored(path: &str) -> Option<&'static str> {
    let path = path.strip_prefix("/v1").unwrap_or(path);
    STORED
        .into_iter()
        .find(|start| path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// True if callers who may choose the path can reach what is stored. No deployment has it below its own path.
fn reaches_stored(surface: Surface, is_deployment: bool) -> bool {
    match surface {
        Surface::OpenAi | Surface::Anthropic => true,
        Surface::AzureOpenAi => !is_deployment,
        Surface::FoundryModels | Surface::Rest => false,
    }
}
