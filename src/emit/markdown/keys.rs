//! How to deploy, and how to read, use and replace the keys of callers.

use super::filters;
use super::{group, show_component};
use crate::catalogue::surface::{ModelIn, Surface};
use crate::emit::prose::Command;
use crate::emit::{Fragment, Target, fragment};
use crate::facts::route;
use crate::plan::{Api, Plan, Upstream};

#[derive(askama::Template)]
#[template(path = "markdown/deploy.md.j2")]
struct DeployView<'a> {
    bicep: bool,
    terraform: bool,
    deployment: &'a str,
    stack: &'a str,
    assigns_roles: bool,
    group: Fragment,
    group_is_open: bool,
    show_component: Option<Fragment>,
}

#[derive(askama::Template)]
#[template(path = "markdown/keys.md.j2")]
struct KeysView<'a> {
    bicep: bool,
    terraform: bool,
    service: &'a str,
    resource_group: Option<&'a str>,
    subscriptions: Vec<SubscriptionView<'a>>,
    first: String,
    call: Fragment,
    headers: Vec<HeaderView<'a>>,
}

struct SubscriptionView<'a> {
    api: &'a str,
    caller: &'a str,
    name: String,
}

/// The header in which clients of an API must be configured to send the key.
struct HeaderView<'a> {
    header: &'a str,
    api: &'a str,
}

/// The maximum length of a deployment's name; a stack may have 90 characters, more than a service and a prefix together.
const LONGEST_DEPLOYMENT_NAME: usize = 64;

/// A name of a deployment without the middle, if it is too long: services differ at its start, gateways of one service at its end.
fn shortened(name: &str) -> String {
    let Some(more) = name.len().checked_sub(LONGEST_DEPLOYMENT_NAME).filter(|more| *more > 0) else {
        return name.to_owned();
    };
    let end = name.len() - LONGEST_DEPLOYMENT_NAME / 2;
    format!("{}{}", &name[..end - more], &name[end..])
}

pub(super) fn deploy(plan: &Plan, targets: &[Target]) -> Fragment {
    let stack = plan.deployment_name();
    fragment(&DeployView {
        bicep: targets.contains(&Target::Bicep),
        terraform: targets.contains(&Target::Terraform),
        deployment: &shortened(&stack),
        stack: &stack,
        assigns_roles: plan.assigns_roles(),
        group: group(plan).into(),
        group_is_open: plan.service.resource_group.is_none(),
        show_component: plan.insights.as_ref().map(|insights| show_component(plan, insights).into()),
    })
}

pub(super) fn part(plan: &Plan, targets: &[Target]) -> Option<Fragment> {
    let all = || plan.apis.iter().flat_map(|api| api.subscriptions.iter().map(move |caller| (api, caller)));
    let name = |(api, caller): (&Api, &String)| format!("{}-{caller}", api.resource);
    let first = all().next()?;
    let told = plan.apis.iter().filter(|api| api.key.is_required && api.surface.clients_send_bearer_keys());
    Some(fragment(&KeysView {
        bicep: targets.contains(&Target::Bicep),
        terraform: targets.contains(&Target::Terraform),
        service: &plan.service.name,
        resource_group: plan.service.resource_group.as_deref(),
        subscriptions: all()
            .map(|(api, caller)| SubscriptionView { api: api.name.as_str(), caller, name: name((api, caller)) })
            .collect(),
        first: name(first),
        call: call(plan, first.0).into(),
        headers: told.map(|api| HeaderView { header: api.key.header.as_str(), api: api.name.as_str() }).collect(),
    }))
}

/// A command that calls an API with the key in `$KEY`.
fn call(plan: &Plan, api: &Api) -> Command {
    let url = plan.url(api);
    let curl = Command::fixed("curl ");
    if api.surface.is_model() {
        return call_model(&url, api);
    }
    if !api.lists_operations() {
        return curl.argument(format!("{url}/<path>")).join(&headers(api));
    }
    let get = api.operations.iter().find(|(method, _)| method == "GET");
    let first = get.or(api.operations.first());
    let (method, path) = first.map_or(("GET", ""), |(method, path)| (method.as_str(), path.as_str()));
    let curl = if method == "GET" { curl } else { curl.then("--request ").argument(method).then(" ") };
    curl.argument(format!("{url}{}", plain(path))).join(&headers(api))
}

/// The key, and, where it is required, the token in `$TOKEN`.
fn headers(api: &Api) -> Command {
    let key = Command::fixed(" --header ").argument(format!("{}: ", api.key.header)).then("\"$KEY\"");
    if api.entra.is_some() { key.then(" --header \"Authorization: Bearer $TOKEN\"") } else { key }
}

/// Braces mean something to curl.
fn plain(path: &str) -> String {
    path.replace('{', "<").replace('}', ">")
}

/// A call of a chat, or of the first thing that the API can do.
fn call_model(url: &str, api: &Api) -> Command {
    let served = &api.serves[0];
    let model = match (&served.model, &served.by) {
        (Some(model), _) => model.as_str(),
        (None, Upstream::Deployment { deployment, .. }) => deployment.as_str(),
        (None, _) => "<deployment>",
    };
    let paths = || api.operations.iter().map(|(_, path)| path.as_str());
    let is_chat = |path: &&str| path.ends_with("/chat/completions") || path.ends_with("/v1/messages");
    let chat = route::chat_path(api).or(paths().find(is_chat));
    let path = chat.or(paths().next()).unwrap_or_default();
    // The deployment is the first parameter of the path.
    let path = match (path.split_once('{'), path.split_once('}')) {
        (Some((before, _)), Some((_, after))) => format!("{before}{model}{after}"),
        _ => path.to_owned(),
    };
    let version = api.surface.api_version().map(|version| format!("?api-version={version}")).unwrap_or_default();
    let mut body = serde_json::Map::new();
    if api.surface.model_in() == ModelIn::Body {
        body.insert("model".to_owned(), model.into());
    }
    if api.surface == Surface::Anthropic {
        body.insert("max_tokens".to_owned(), 100.into());
    }
    if chat.is_some() {
        body.insert("messages".to_owned(), serde_json::json!([{"role": "user", "content": "Hello"}]));
    }
    let curl = Command::fixed("curl ").argument(format!("{url}{}{version}", plain(&path))).join(&headers(api));
    curl.then(" \\\n  --json ").argument(spaced(&serde_json::Value::Object(body)))
}

/// JSON in one line, as people write it.
fn spaced(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), spaced(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(spaced).collect();
            format!("[{}]", items.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn names_of_deployments_fit_and_keep_both_ends() {
        assert_eq!(shortened("apim-shared-team-a"), "apim-shared-team-a");
        let long = format!("apim-{}-{}", "x".repeat(45), "team-a-of-contoso-19");
        let name = shortened(&long);
        assert_eq!(name.len(), 64);
        assert!(name.starts_with("apim-x") && name.ends_with("-team-a-of-contoso-19"), "{name}");
    }
}
