//! How to call each API: its operations, a request, and the lines of Python that a client needs.

use super::filters;
use super::names;
use crate::catalogue::surface::{ModelIn, Surface};
use crate::emit::prose::{Command, Prose};
use crate::emit::{Fragment, fragment};
use crate::facts::route::{self, Operations};
use crate::plan::{Api, Plan, Upstream};

/// The number of operations that are listed.
const LISTED: usize = 20;

#[derive(askama::Template)]
#[template(path = "markdown/calls.md.j2")]
struct CallsView<'a> {
    has_keys: bool,
    apis: Vec<ApiView<'a>>,
    reads_models: bool,
    bearer: Vec<&'a str>,
}

struct ApiView<'a> {
    name: &'a str,
    /// `None`: every method and path.
    operations: Option<Fragment>,
    /// The number of operations that are not listed.
    more: usize,
    curl: Fragment,
    python: Option<Fragment>,
}

#[derive(askama::Template)]
#[template(path = "markdown/client.md.j2")]
struct ClientView<'a> {
    client: Client,
    url: String,
    model: &'a str,
    /// The value of the client's own key, as Python.
    shown: Shown,
    /// The header of the key, where the client does not send it by itself.
    header: Option<&'a str>,
    version: Option<&'static str>,
}

/// The client whose protocol a surface is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Client {
    AzureOpenAi,
    OpenAi,
    Anthropic,
}

/// What a client sends as its key or token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Key,
    Token,
    Nothing,
}

pub(super) fn part(plan: &Plan) -> Fragment {
    fragment(&CallsView {
        has_keys: plan.apis.iter().any(|api| api.key.is_required),
        apis: plan.apis.iter().map(|api| view(plan, api)).collect(),
        reads_models: plan.apis.iter().any(|api| api.is_by_model() && api.surface.model_in() == ModelIn::Body),
        bearer: names(plan, |api| api.key.is_bearer),
    })
}

fn view<'a>(plan: &'a Plan, api: &'a Api) -> ApiView<'a> {
    let (operations, more) = match route::operations(api) {
        Operations::Any => (None, 0),
        Operations::Linked(link) => (Some(Prose::fixed("Those of ").join(&Prose::code(link)).into()), 0),
        Operations::Listed(all) => {
            let listed = all.iter().take(LISTED).map(|(method, path)| Prose::code(format!("{method} {path}")));
            (Some(Prose::joined(listed, ", ").into()), all.len().saturating_sub(LISTED))
        }
    };
    ApiView { name: api.name.as_str(), operations, more, curl: call(plan, api).into(), python: python(plan, api) }
}

/// The client of an API in Python, with what this gateway requires.
fn python(plan: &Plan, api: &Api) -> Option<Fragment> {
    let client = match api.surface {
        Surface::AzureOpenAi => Client::AzureOpenAi,
        Surface::OpenAi => Client::OpenAi,
        Surface::Anthropic => Client::Anthropic,
        // Its client takes no token beside a key.
        Surface::FoundryModels | Surface::Rest => return None,
    };
    let needs_token = api.entra.is_some();
    let sends_key = match client {
        Client::AzureOpenAi => !needs_token && api.key.header.as_str().eq_ignore_ascii_case("api-key"),
        Client::OpenAi | Client::Anthropic => api.key.is_bearer,
    };
    let shown = match (needs_token, api.key.is_required && sends_key) {
        (true, _) => Shown::Token,
        (false, true) => Shown::Key,
        (false, false) => Shown::Nothing,
    };
    let header = (api.key.is_required && !sends_key).then(|| api.key.header.as_str());
    let view =
        ClientView { client, url: plan.url(api), model: model(api), shown, header, version: api.surface.api_version() };
    Some(fragment(&view))
}

/// A model that callers may name.
fn model(api: &Api) -> &str {
    let served = &api.serves[0];
    match (&served.model, &served.by) {
        (Some(model), _) => model.as_str(),
        (None, Upstream::Deployment { deployment, .. }) => deployment.as_str(),
        (None, _) => "<deployment>",
    }
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
    let model = model(api);
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
