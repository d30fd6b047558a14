//! What it means that callers may ask an API for paths that nobody here lists.

use super::names;
use crate::catalogue::surface::{ModelIn, Surface};
use crate::emit::{Fragment, text};
use crate::plan::{Api, Plan, Upstream};
use crate::resolve::Pool;

/// When a path is refused although any may be called.
pub(super) const NO_DEPLOYMENT: &str = "the path does not go on with `/deployments/`, the name of a deployment and something behind it, or holds `%`, `{`, `}` or a part that starts with a dot";

/// `3 operations`, or which paths there are instead.
pub(super) fn operations(api: &Api) -> String {
    if api.is_open_ended() {
        return "any path and method".to_owned();
    }
    if let Some(link) = api.link() {
        return format!("the operations of {}", text::code_span(link));
    }
    match api.operations.len() {
        1 => "1 operation".to_owned(),
        count => format!("{count} operations"),
    }
}

/// The path of a chat, where the API lists none.
pub(super) fn chat(api: &Api) -> Option<&'static str> {
    if api.lists_operations() {
        return None;
    }
    match api.surface {
        Surface::AzureOpenAi => Some("/deployments/{deployment}/chat/completions"),
        Surface::OpenAi | Surface::FoundryModels => Some("/chat/completions"),
        Surface::Anthropic => Some("/v1/messages"),
        Surface::Rest => None,
    }
}

/// Whether paths have to lie below a deployment, since they are cut there.
pub(super) fn is_cut(plan: &Plan, api: &Api) -> bool {
    !api.lists_operations()
        && api.surface.model_in() == ModelIn::Path
        && (api.is_by_model() || api.serves.iter().any(|served| is_deployment(plan, &served.by)))
}

fn is_deployment(plan: &Plan, by: &Upstream) -> bool {
    match by {
        Upstream::Deployment { .. } => true,
        Upstream::Pool { pool, .. } => {
            let known = plan.pools.iter().find(|other| other.name == *pool);
            known.is_some_and(Pool::is_of_deployments)
        }
        Upstream::Account { .. } | Upstream::Http { .. } => false,
    }
}

/// What such APIs let through.
pub(super) fn note(plan: &Plan) -> Option<Fragment> {
    let named = |wanted: &dyn Fn(&Api) -> bool| {
        let open = plan.apis.iter().filter(|api| !api.lists_operations());
        names(open.filter(|api| wanted(api)))
    };
    let any = named(&Api::is_open_ended);
    let linked = named(&|api| api.link().is_some());
    if any.is_none() && linked.is_none() {
        return None;
    }
    let cut = named(&|api| is_cut(plan, api));
    let in_body = named(&|api| api.is_by_model() && !is_cut(plan, api));
    let answers_pages = |api: &Api| api.is_open_ended() && api.callers.cors.is_some();
    let pages = match plan.apis.iter().any(answers_pages) {
        true => ", and OPTIONS where web pages may call",
        false => "",
    };
    let sentences = [
        any.map(|names| format!(
            "{names}: no operations are listed. Every path goes to the backend with any method except TRACE{pages}, also what the backend learns after this was written, and the backend says which of them exist."
        )),
        linked.map(|names| format!(
            "{names}: the service itself fetches the definition when the API is deployed, and nothing here has checked it. Its URL has to be reachable without credentials, and what it says then is what callers can call. Bicep fetches it with every deployment, Terraform only when the API itself changes."
        )),
        cut.map(|names| {
            format!("{names}: the path has to go on with `/deployments/` and the name of a deployment; what follows is free.")
        }),
        in_body.map(|names| {
            format!("{names}: a request without a JSON body that names a model, such as a GET, is answered with 400. The list of models holds for what reads its model there; a path that names one in another place goes through with any listed one in its body.")
        }),
    ];
    let sentences: Vec<String> = sentences.into_iter().flatten().collect();
    Some(Fragment::new(sentences.join(" ")))
}

/// That callers share what belongs to the identity of the gateway.
pub(super) fn warnings(plan: &Plan) -> impl Iterator<Item = String> {
    let open = plan.apis.iter().filter(|api| api.is_open_ended());
    let open = open.filter(|api| {
        let mut served = api.serves.iter();
        served.any(|served| {
            let is_whole = api.surface.model_in() == ModelIn::Body || !is_deployment(plan, &served.by);
            is_whole && served.accounts().next().is_some()
        })
    });
    open.map(|api| {
        format!(
            "**Callers of {} may do all that the gateway's identity may do at the account: each can read files and stored responses of the others.**",
            text::code_span(api.name.as_str())
        )
    })
}
