//! What policy text of the team's takes back of what the gateway file decides, and to whom it gives what callers and the gateway show.

use super::{Look, attribute, is_header};
use crate::catalogue::{AUTHORIZATION, Section};
use crate::include::{Statement, Words};
use crate::resolve::api::End;

/// Something that a statement does beside what its author may have meant.
pub(super) struct Effect {
    /// The end of a sentence that starts with `this`, before the name of the API.
    pub(super) does: &'static str,
    pub(super) because: &'static str,
    pub(super) help: &'static str,
    /// Whether nobody can have meant it.
    pub(super) is_error: bool,
}

impl Effect {
    const fn new(does: &'static str, because: &'static str, help: &'static str) -> Self {
        Self { does, because, help, is_error: false }
    }
}

const BEHIND: &str = "overrides the routing of";
const NOTHING: &str = "has no effect in";

/// What a policy in inbound takes back, or cannot change. A part of a policy does nothing to the request.
pub(super) fn undoes(statement: &Statement, look: &Look<'_>) -> Option<Effect> {
    if look.section != Section::Inbound || statement.policy.is_none() {
        return None;
    }
    let is_last = look.end == End::Last;
    let around = look.around;
    let is_token = match statement.name {
        "authentication-managed-identity" => attribute(statement, "output-token-variable-name").is_none(),
        "authentication-basic" => true,
        "set-header" => is_header(statement, AUTHORIZATION),
        _ => false,
    };
    Some(match statement.name {
        _ if is_token && is_last => Effect::new(
            BEHIND,
            "the backend receives this credential instead of the one that the gateway file sets",
            "set `credential` of the backend in the gateway file",
        ),
        _ if is_token && around.checks_tokens => Effect {
            is_error: statement.name != "set-header",
            ..Effect::new(
                "replaces the token that callers send to",
                "the token check after it validates this one: it may accept every caller",
                "let callers send their token in `Authorization`, and set `credential` of the backend",
            )
        },
        _ if is_token && around.passes_token => Effect::new(
            "replaces the token that callers send to",
            "the backend receives this one, whoever the caller is",
            "set `credential` of the backend in the gateway file",
        ),
        _ if is_token => Effect::new(
            NOTHING,
            "the generated policy removes `Authorization` after it",
            "set `credential` of the backend in the gateway file",
        ),
        "return-response" | "mock-response" if look.is_top => Effect::new(
            "responds to every request of",
            "no later policy runs, and no request reaches the backend",
            "put it into a `<choose>` with the condition for its response",
        ),
        "set-backend-service" if is_last => Effect::new(
            "sends requests to another backend, overriding the routing of",
            "models, pools and costs no longer match this file",
            "set the backend in the gateway file: `target`, `models` or `pools`",
        ),
        "set-backend-service" => Effect::new(
            NOTHING,
            "the generated policy sets the backend after it",
            "set the backend in the gateway file: `target`, `models` or `pools`",
        ),
        "rewrite-uri" if around.models_in_path => Effect::new(
            "changes the path after the routing of",
            "the gateway chose the deployment and allowed the request by the path that the caller sent",
            "configure it in the gateway file",
        ),
        "set-body" | "find-and-replace" | "json-to-xml" | "xml-to-json" if is_last && around.models_in_body => {
            Effect::new(
                BEHIND,
                "the gateway read the model from the body that the caller sent, and this body may name another one",
                "move it to `inbound.first`, before the gateway reads the model",
            )
        }
        "cache-lookup" | "llm-semantic-cache-lookup" | "azure-openai-semantic-cache-lookup"
            if !is_last && around.checks_callers =>
        {
            Effect::new(
                "responds before callers are checked in",
                "a cached response is returned whatever the caller's token, address or number of requests",
                "move it to `inbound.last`",
            )
        }
        _ => return None,
    })
}

/// Why a cache gives answers to others than who asked (page "cache-lookup"; reference apim-policies §2.15).
pub(super) fn shares(statement: &Statement, look: &Look<'_>) -> Option<&'static str> {
    if !look.around.passes_token {
        return None;
    }
    let mut children = statement.children.iter();
    match statement.name {
        "cache-lookup" => {
            let private = attribute(statement, "allow-private-response-caching");
            let keeps_apart = |child: &Statement| {
                let name = child.text.as_ref().map(|words| words.value().trim());
                child.name == "vary-by-header" && name.is_some_and(|name| name.eq_ignore_ascii_case(AUTHORIZATION))
            };
            (private.is_some_and(|value| value != "false") && !children.any(keeps_apart)).then_some(
                "add `<vary-by-header>Authorization</vary-by-header>`, or remove `allow-private-response-caching`",
            )
        }
        "llm-semantic-cache-lookup" | "azure-openai-semantic-cache-lookup" => {
            let keeps_apart = children.any(|child| child.name == "vary-by");
            (!keeps_apart).then_some("add a `<vary-by>` with a value that distinguishes callers")
        }
        _ => None,
    }
}

/// Why credentials go to somebody else than the backend.
pub(super) fn leaks(statement: &Statement, words: &[&Words]) -> Option<(&'static str, &'static str)> {
    let sends = matches!(statement.name, "send-request" | "send-one-way-request");
    let copies = attribute(statement, "mode").is_some_and(|mode| mode != "new");
    let mut children = statement.children.iter();
    let keeps = children.any(|child| child.name == "set-header" && is_header(child, AUTHORIZATION));
    if sends && copies && !keeps {
        return Some((
            "a copy of a request has all its headers, including `Authorization` and keys",
            "add `<set-header name=\"Authorization\" exists-action=\"delete\" />`, and the same for the header of the key; or use `mode=\"new\"`",
        ));
    }
    let says = |wanted: &str| {
        let mut code = words.iter().filter(|words| words.is_code());
        code.any(|words| words.compact().contains(wanted))
    };
    let has_key = ["Subscription.PrimaryKey", "Subscription.SecondaryKey", "Subscription.Key"];
    if has_key.iter().any(|key| says(key)) {
        return Some((
            "it contains the caller's key, which gives access to the API to everyone who can read it",
            "use the id of the subscription: `context.Subscription.Id`",
        ));
    }
    let is_record = matches!(
        statement.name,
        "trace"
            | "message"
            | "metadata"
            | "log-to-eventhub"
            | "dimension"
            | "emit-metric"
            | "payload"
            | "message-property"
            | "cache-store-value"
    );
    (is_record && says("Headers") && says("\"Authorization\"")).then_some((
        "it records the caller's token, which everyone who can read it could use",
        "record a claim of the token, such as `azp` or `oid`",
    ))
}
