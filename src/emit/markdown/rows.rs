//! What an API serves, how it is called, and which status codes it has, in words.

use crate::emit::{Fragment, text};
use crate::plan::{Api, Plan, Serves};

/// One row of the table of status codes.
pub(super) struct Status {
    pub(super) code: Fragment,
    pub(super) sender: Fragment,
    pub(super) reason: Fragment,
}

/// What an API is for, and where its requests go.
pub(super) fn serves(plan: &Plan, api: &Api) -> (String, String) {
    let code = text::code_span;
    let find = |key: &str| {
        let account = plan.accounts.iter().find(|account| account.key == key);
        account.expect("plan: accounts of APIs are planned")
    };
    let kind = |key: &str| find(key).kind.name();
    let account = |key: &str| {
        let account = find(key);
        let name = code(&account.place.name);
        let of_this_name = plan
            .accounts
            .iter()
            .filter(|other| other.place.name == account.place.name);
        match &account.place.resource_group {
            Some(group) if of_this_name.count() > 1 => format!("account {name} in {}", code(group)),
            _ => format!("account {name}"),
        }
    };
    match &api.serves {
        Serves::Account { account: key } => (
            format!("{}: every deployment of the account", kind(key)),
            account(key),
        ),
        Serves::Deployments {
            account: key,
            deployments,
        } => {
            let names: Vec<String> = deployments.iter().map(|name| code(name)).collect();
            (
                format!("{}: {}", kind(key), names.join(", ")),
                format!("{}, the deployment in the path", account(key)),
            )
        }
        Serves::Deployment {
            account: key,
            deployment,
        } => (
            format!(
                "{}: {}, whatever deployment the path names",
                kind(key),
                code(deployment)
            ),
            format!("{}, {}", account(key), code(deployment)),
        ),
        Serves::Http { url } => {
            let count = api.operations.len();
            let plural = if count == 1 { "" } else { "s" };
            let name = text::markdown(api.display_name.as_str());
            (
                format!("REST API {name}: {count} operation{plural}"),
                code(url),
            )
        }
    }
}

/// A command that calls an API with the key in `$KEY`.
pub(super) fn call(plan: &Plan, url: &str, api: &Api) -> String {
    let header = text::shell(&format!("{}: ", api.key_header));
    let header = format!("{}\"$KEY\"", header.trim_end_matches(' '));
    match &api.serves {
        Serves::Account { account } => call_model(plan, url, api, account, "<deployment>", &header),
        Serves::Deployments {
            account,
            deployments,
        } => call_model(plan, url, api, account, &deployments[0], &header),
        Serves::Deployment {
            account,
            deployment,
        } => call_model(plan, url, api, account, deployment, &header),
        Serves::Http { .. } => {
            let get = api.operations.iter().find(|(method, _)| method == "GET");
            let first = get.or(api.operations.first());
            let (method, path) = first.map_or(("GET", ""), |(method, path)| {
                (method.as_str(), path.as_str())
            });
            // Braces mean something to curl.
            let path = path.replace('{', "<").replace('}', ">");
            let request = if method == "GET" {
                String::new()
            } else {
                format!("--request {method} ")
            };
            format!(
                "KEY='one of the two keys'\ncurl {request}{} --header {header}",
                text::shell(&format!("{url}{path}")),
            )
        }
    }
}

/// A call of a chat, or of the first thing that the API can do.
fn call_model(
    plan: &Plan,
    url: &str,
    api: &Api,
    account: &str,
    deployment: &str,
    header: &str,
) -> String {
    let account = plan.accounts.iter().find(|one| one.key == account);
    let version = account
        .expect("plan: accounts of APIs are planned")
        .kind
        .api_version();
    let paths = || api.operations.iter().map(|(_, path)| path.as_str());
    let chat = paths().find(|path| path.ends_with("/chat/completions"));
    let path = chat.or(paths().next()).unwrap_or_default();
    // The deployment is the first parameter of the path.
    let path = match (path.split_once('{'), path.split_once('}')) {
        (Some((before, _)), Some((_, behind))) => format!("{before}{deployment}{behind}"),
        _ => path.to_owned(),
    };
    let path = path.replace('{', "<").replace('}', ">");
    let body = if chat.is_some() {
        r#"{"messages": [{"role": "user", "content": "Hello"}]}"#
    } else {
        "{}"
    };
    format!(
        "KEY='one of the two keys'\ncurl {} --header {header} \\\n  --json '{body}'",
        text::shell(&format!("{url}{path}?api-version={version}")),
    )
}

/// Who sends which status code.
pub(super) fn statuses(plan: &Plan) -> Vec<Status> {
    let mut rows: Vec<(&str, String, String)> = Vec::new();
    let gateway = || "API Management".to_owned();
    let named = |wanted: &dyn Fn(&Api) -> bool| {
        let names = plan.apis.iter().filter(|api| wanted(api));
        let names: Vec<String> = names
            .map(|api| text::code_span(api.name.as_str()))
            .collect();
        names.join(", ")
    };
    let models = named(&|api| !matches!(api.serves, Serves::Http { .. }));
    if plan.apis.iter().any(|api| api.needs_key) {
        rows.push((
            "401",
            gateway(),
            "the key is missing, wrong, or of another API".to_owned(),
        ));
    }
    if !models.is_empty() {
        rows.push((
            "401, 403",
            "the account".to_owned(),
            "the gateway's identity lacks its role, or the network of the account keeps it out"
                .to_owned(),
        ));
    }
    rows.push((
        "404",
        gateway(),
        "no API has the path, or the API no such operation".to_owned(),
    ));
    let listed = named(&|api| matches!(api.serves, Serves::Deployments { .. }));
    if !listed.is_empty() {
        rows.push((
            "404",
            listed,
            "the deployment is not one of those above (`DeploymentNotFound`)".to_owned(),
        ));
    }
    rows.push((
        "4xx, 5xx",
        "the backend".to_owned(),
        "its own answer, passed on as it is; with 429 its `Retry-After`".to_owned(),
    ));
    if !models.is_empty() {
        rows.push((
            "500",
            models,
            "no token could be had for the gateway's identity".to_owned(),
        ));
    }
    rows.push((
        "500, 504",
        gateway(),
        format!(
            "the backend could not be reached, or did not start to answer in time ({})",
            timeouts(plan)
        ),
    ));
    rows.into_iter()
        .map(|(code, sender, reason)| Status {
            code: Fragment::new(code.to_owned()),
            sender: Fragment::new(sender),
            reason: Fragment::new(reason),
        })
        .collect()
}

/// `120 s`, or `120 s; 30 s for `weather`` where APIs differ.
fn timeouts(plan: &Plan) -> String {
    let mut by_timeout: std::collections::BTreeMap<u32, Vec<String>> =
        std::collections::BTreeMap::new();
    for api in &plan.apis {
        let names = by_timeout.entry(api.timeout).or_default();
        names.push(text::code_span(api.name.as_str()));
    }
    if by_timeout.len() == 1 {
        return by_timeout
            .into_keys()
            .map(|timeout| format!("{timeout} s"))
            .collect();
    }
    let parts: Vec<String> = by_timeout
        .into_iter()
        .map(|(timeout, names)| format!("{timeout} s for {}", names.join(", ")))
        .collect();
    parts.join("; ")
}
