//! What an API serves, how it is called, and which status codes it has, in words.

use std::collections::BTreeSet;

use super::names;
use super::{callers, open_ended, operate, own_text};
use crate::catalogue::surface::{ModelIn, Surface};
use crate::emit::{Fragment, text};
use crate::plan::{Api, HttpService, Plan, ServedModel, Upstream};
use crate::resolve::name::Name;
use crate::resolve::{Audience, Credential, Pool};

/// One row of the table of status codes.
pub(super) struct Status {
    pub(super) code: Fragment,
    pub(super) sender: Fragment,
    pub(super) reason: Fragment,
}

/// Backends of the file: `backend `east``, `backends `east`, `west``.
pub(super) fn named(backends: &[Name]) -> String {
    let names: Vec<String> = backends.iter().map(|name| text::code_span(name.as_str())).collect();
    let plural = if names.len() == 1 { "" } else { "s" };
    format!("backend{plural} {}", names.join(", "))
}

/// What services behind URLs are shown, if one of them is shown something.
pub(super) fn services(plan: &Plan) -> Vec<Fragment> {
    let mut all = plan.services.iter();
    if all.all(|service| service.credential == Credential::None) {
        return Vec::new();
    }
    let shown = |credential: &Credential| match credential {
        Credential::None => "nothing".to_owned(),
        Credential::PassThrough => "the `Authorization` of the caller".to_owned(),
        Credential::Identity(Audience::Azure(audience)) => {
            format!("a token of the gateway's identity for {}", text::code_span(audience))
        }
        Credential::Identity(Audience::Application(audience)) => {
            format!("a token of the gateway's identity for {}", text::code_span(audience))
        }
        Credential::Header(header) => format!(
            "{}, the secret {} of key vault {}",
            text::code_span(&match &header.scheme {
                Some(scheme) => format!("{}: {scheme}", header.header),
                None => header.header.to_string(),
            }),
            text::code_span(&header.secret.name),
            text::code_span(&header.secret.vault.name),
        ),
    };
    let row = |service: &HttpService| {
        format!(
            "| {} | {} | {} |",
            text::code_span(service.backend.as_str()),
            text::code_span(&service.url),
            shown(&service.credential)
        )
    };
    plan.services.iter().map(row).map(Fragment::new).collect()
}

/// The APIs whose own clients have to be told in which header to show the key.
pub(super) fn default_headers(plan: &Plan) -> Option<Fragment> {
    let apis = plan.apis.iter();
    let apis = apis.filter(|api| api.needs_key && api.surface.clients_show_tokens());
    let apis: Vec<String> = apis
        .map(|api| {
            let header = text::code_span(api.key_header.as_str());
            format!("{header} for {}", text::code_span(api.name.as_str()))
        })
        .collect();
    (!apis.is_empty()).then(|| Fragment::new(apis.join(", ")))
}

/// The APIs some of whose requests keep the caller's `Authorization`.
pub(super) fn keeps_authorization(plan: &Plan) -> Option<Fragment> {
    let keeps = |served: &ServedModel| served.credential == Credential::PassThrough;
    let apis = plan.apis.iter();
    let apis = apis.filter(|api| api.serves.iter().any(keeps));
    names(apis).map(Fragment::new)
}

/// What an API is for, and where its requests go.
pub(super) fn serves(plan: &Plan, api: &Api) -> (String, String) {
    let code = text::code_span;
    let surface = api.surface.name();
    let models: Vec<String> = api.serves.iter().filter_map(|served| served.model.as_deref().map(code)).collect();
    let for_what = if !models.is_empty() {
        format!("{surface}: {}", models.join(", "))
    } else if api.surface.is_model() {
        match &api.serves[0].by {
            Upstream::Account { .. } => format!("{surface}: every deployment of the account"),
            Upstream::Deployment { deployment, .. } => {
                format!("{surface}: {}, whatever deployment the path names", code(deployment))
            }
            Upstream::Http { .. } => format!("{surface}: whatever model is asked for"),
            Upstream::Pool { pool, .. } => {
                let name = code(pool.as_str());
                let known = plan.pools.iter().find(|other| other.name == *pool);
                if known.is_some_and(Pool::is_of_deployments) {
                    format!("{surface}: pool {name}, whatever deployment the path names")
                } else {
                    format!("{surface}: every deployment that the members of {name} have")
                }
            }
        }
    } else {
        let name = text::markdown(api.display_name.as_str());
        format!("REST API {name}: {}", open_ended::operations(api))
    };
    let for_what = match api.surface.is_model() && !api.lists_operations() {
        true => format!("{for_what}; {}", open_ended::operations(api)),
        false => for_what,
    };
    (for_what, goes_to(plan, api))
}

fn goes_to(plan: &Plan, api: &Api) -> String {
    let code = text::code_span;
    let by = |by: &Upstream| match by {
        Upstream::Account { account } => self::account(plan, account),
        Upstream::Deployment { account, deployment } => {
            format!("{}, {}", self::account(plan, account), code(deployment))
        }
        Upstream::Http { url, .. } => code(url),
        Upstream::Pool { pool, .. } => format!("pool {}", code(pool.as_str())),
    };
    // All deployments of one account, each by its own name: said in a few words.
    let own = |served: &ServedModel| match (&served.by, &served.model) {
        (Upstream::Deployment { account, deployment }, Some(model)) if deployment == model => Some(account.clone()),
        _ => None,
    };
    let accounts: Vec<Option<String>> = api.serves.iter().map(own).collect();
    if let Some(Some(first)) = accounts.first()
        && accounts.iter().all(|account| account.as_ref() == Some(first))
    {
        let place = match api.surface.model_in() {
            ModelIn::Body => "the model in the body",
            ModelIn::Path | ModelIn::Nothing => "the deployment in the path",
        };
        return format!("{}, {place}", account(plan, first));
    }
    let parts = api.serves.iter().map(|served| match &served.model {
        Some(model) => format!("{} to {}", code(model), by(&served.by)),
        None => by(&served.by),
    });
    parts.collect::<Vec<_>>().join("; ")
}

/// An account as people tell it from the others.
pub(super) fn account(plan: &Plan, key: &str) -> String {
    let code = text::code_span;
    let account = plan.accounts.iter().find(|account| account.key == key);
    let account = account.expect("plan: accounts of APIs are planned");
    let name = code(&account.place.name);
    let of_this_name = plan.accounts.iter().filter(|other| other.place.name == account.place.name);
    match &account.place.resource_group {
        Some(group) if of_this_name.count() > 1 => format!("account {name} in {}", code(group)),
        _ => format!("account {name}"),
    }
}

/// A command that calls an API with the key in `$KEY`.
pub(super) fn call(url: &str, api: &Api) -> String {
    let header = text::shell(&format!("{}: ", api.key_header));
    let header = format!("{}\"$KEY\"", header.trim_end_matches(' '));
    let header = match api.callers.need_token {
        true => format!("{header} --header \"Authorization: Bearer $TOKEN\""),
        false => header,
    };
    if api.surface.is_model() {
        return call_model(url, api, &header);
    }
    if !api.lists_operations() {
        let url = text::shell(&format!("{url}/<path>"));
        return format!("KEY='one of the two keys'\ncurl {url} --header {header}");
    }
    let get = api.operations.iter().find(|(method, _)| method == "GET");
    let first = get.or(api.operations.first());
    let (method, path) = first.map_or(("GET", ""), |(method, path)| (method.as_str(), path.as_str()));
    // Braces mean something to curl.
    let path = path.replace('{', "<").replace('}', ">");
    let request = if method == "GET" { String::new() } else { format!("--request {method} ") };
    format!("KEY='one of the two keys'\ncurl {request}{} --header {header}", text::shell(&format!("{url}{path}")),)
}

/// A call of a chat, or of the first thing that the API can do.
fn call_model(url: &str, api: &Api, header: &str) -> String {
    let served = &api.serves[0];
    let model = match (&served.model, &served.by) {
        (Some(model), _) => model.as_str(),
        (None, Upstream::Deployment { deployment, .. }) => deployment.as_str(),
        (None, _) => "<deployment>",
    };
    let paths = || api.operations.iter().map(|(_, path)| path.as_str());
    let is_chat = |path: &&str| path.ends_with("/chat/completions") || path.ends_with("/v1/messages");
    let chat = open_ended::chat(api).or(paths().find(is_chat));
    let path = chat.or(paths().next()).unwrap_or_default();
    // The deployment is the first parameter of the path.
    let path = match (path.split_once('{'), path.split_once('}')) {
        (Some((before, _)), Some((_, behind))) => format!("{before}{model}{behind}"),
        _ => path.to_owned(),
    };
    let path = path.replace('{', "<").replace('}', ">");
    let version = api.surface.api_version().map(|version| format!("?api-version={version}")).unwrap_or_default();
    let mut body = serde_json::Map::new();
    if api.surface.model_in() == ModelIn::Body {
        body.insert("model".to_owned(), model.into());
    }
    if api.surface == Surface::Anthropic {
        body.insert("max_tokens".to_owned(), 100.into());
    }
    if chat.is_some() {
        let message = serde_json::json!([{"role": "user", "content": "Hello"}]);
        body.insert("messages".to_owned(), message);
    }
    format!(
        "KEY='one of the two keys'\ncurl {} --header {header} \\\n  --json {}",
        text::shell(&format!("{url}{path}{version}")),
        text::shell(&spaced(&serde_json::Value::Object(body))),
    )
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

/// Who sends which status code.
pub(super) fn statuses(plan: &Plan) -> Vec<Status> {
    let mut rows: Vec<(String, String, String)> = Vec::new();
    let gateway = || "API Management".to_owned();
    let named = |wanted: &dyn Fn(&Api) -> bool| names(plan.apis.iter().filter(|api| wanted(api))).unwrap_or_default();
    let shows = |api: &Api, is: fn(&Credential) -> bool| api.serves.iter().any(|served| is(&served.credential));
    let with_token = named(&|api| shows(api, |one| matches!(one, Credential::Identity(_))));
    if plan.apis.iter().any(|api| api.needs_key) {
        rows.push(("401".to_owned(), gateway(), "the key is missing, wrong, or of another API".to_owned()));
    }
    rows.extend(callers::statuses(plan));
    rows.extend(own_text::statuses(plan));
    if plan.apis.iter().any(Api::reaches_accounts) {
        rows.push((
            "401, 403".to_owned(),
            "the account".to_owned(),
            "the gateway's identity lacks its role, or the network of the account keeps it out".to_owned(),
        ));
    }
    rows.push((
        "404".to_owned(),
        gateway(),
        match plan.apis.iter().all(Api::is_open_ended) {
            true => "no API has the path".to_owned(),
            false => "no API has the path, or the API no such operation".to_owned(),
        },
    ));
    let cut = named(&|api| open_ended::is_cut(plan, api));
    if !cut.is_empty() {
        rows.push(("404".to_owned(), cut, open_ended::NO_DEPLOYMENT.to_owned()));
    }
    let surfaces: BTreeSet<Surface> = plan.apis.iter().filter(|api| api.is_by_model()).map(|api| api.surface).collect();
    for surface in surfaces {
        let listed = named(&|api| api.is_by_model() && api.surface == surface);
        let what = match surface.model_in() {
            ModelIn::Path | ModelIn::Nothing => "deployment",
            ModelIn::Body => {
                let why = "the body is no JSON object that names a model".to_owned();
                rows.push(("400".to_owned(), listed.clone(), why));
                "model"
            }
        };
        let code = surface.unknown_model();
        rows.push(("404".to_owned(), listed, format!("the {what} is not one of those above (`{code}`); case counts")));
    }
    for api in &plan.apis {
        for pool in operate::pools_of(plan, api) {
            let name = text::code_span(pool.name.as_str());
            rows.push((
                pool.exhausted.status.to_string(),
                text::code_span(api.name.as_str()),
                format!(
                    "pool {name} has nobody left: each member that could be asked is throttled, failing or out of reach; `Retry-After` says when to come again"
                ),
            ));
        }
    }
    rows.push((
        "4xx, 5xx".to_owned(),
        "the backend".to_owned(),
        match own_text::apis(plan, own_text::Does::Changes) {
            None => "its own answer, passed on as it is; with 429 its `Retry-After`".to_owned(),
            Some(apis) => {
                format!("its own answer; with 429 its `Retry-After`. Policies of your own may change it: {apis}")
            }
        },
    ));
    if !with_token.is_empty() {
        rows.push(("500".to_owned(), with_token, "no token could be had for the gateway's identity".to_owned()));
    }
    rows.push((
        "500, 504".to_owned(),
        gateway(),
        format!(
            "{} did not start to answer in time ({})",
            if plan.pools.is_empty() {
                "the backend could not be reached, or"
            } else {
                "a backend that is in no pool could not be reached, or any"
            },
            timeouts(plan)
        ),
    ));
    let direct = named(&|api| api.serves.iter().any(|served| served.can_trip));
    if !direct.is_empty() {
        rows.push((
            "503".to_owned(),
            gateway(),
            format!("{direct}: the backend is a member of a pool as well, and was tripped there or here"),
        ));
    }
    rows.into_iter()
        .map(|(code, sender, reason)| Status {
            code: Fragment::new(code),
            sender: Fragment::new(sender),
            reason: Fragment::new(reason),
        })
        .collect()
}

/// `120 s`, or `120 s; 30 s for `weather`` where APIs differ.
fn timeouts(plan: &Plan) -> String {
    let mut by_timeout: std::collections::BTreeMap<u32, Vec<String>> = std::collections::BTreeMap::new();
    for api in &plan.apis {
        let names = by_timeout.entry(api.timeout).or_default();
        names.push(text::code_span(api.name.as_str()));
    }
    if by_timeout.len() == 1 {
        return by_timeout.into_keys().map(|timeout| format!("{timeout} s")).collect();
    }
    let parts: Vec<String> =
        by_timeout.into_iter().map(|(timeout, names)| format!("{timeout} s for {}", names.join(", "))).collect();
    parts.join("; ")
}
