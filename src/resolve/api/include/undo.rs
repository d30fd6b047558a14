//! What policy text of the team's takes back of what the gateway file decides, and to whom it gives what callers and the gateway show.

use super::{Look, attribute, is_header};
use crate::catalogue::effect::Effect;
use crate::catalogue::{AUTHORIZATION, Policy, Section};
use crate::include::{Statement, Words};
use crate::resolve::api::End;

/// Something that a statement does beside what its author may have meant.
pub(super) struct Undone {
    /// The end of a sentence that starts with `this`, before the name of the API.
    pub(super) does: &'static str,
    pub(super) because: &'static str,
    pub(super) help: &'static str,
    /// Whether nobody can have meant it.
    pub(super) is_error: bool,
}

impl Undone {
    const fn new(does: &'static str, because: &'static str, help: &'static str) -> Self {
        Self { does, because, help, is_error: false }
    }
}

const BEHIND: &str = "takes effect behind what is decided for";
const NOTHING: &str = "has no effect in";

/// What a policy in inbound takes back, or cannot change. A part of a policy does nothing to the request.
pub(super) fn undoes(statement: &Statement, look: &Look<'_>) -> Option<Undone> {
    let policy = statement.policy.filter(|_| look.section == Section::Inbound)?;
    let is_last = look.end == End::Last;
    let around = look.around;
    let is_header = statement.name == "set-header" && is_header(statement, AUTHORIZATION);
    // A token that a variable keeps is in no header yet.
    let authorizes = policy.does(Effect::Authorizes) && attribute(statement, "output-token-variable-name").is_none();
    let is_token = is_header || authorizes;
    Some(if is_token && is_last {
        Undone::new(
            BEHIND,
            "the backend gets this credential in place of the one that the gateway file says, or nothing",
            "use `credential` of the backend in the gateway file",
        )
    } else if is_token && around.checks_tokens {
        Undone {
            is_error: authorizes,
            ..Undone::new(
                "takes the place of the token that callers show to",
                "the check of tokens behind it looks at this one: it may let everybody in",
                "let callers show their token in `Authorization`, and use `credential` of the backend for what it gets",
            )
        }
    } else if is_token && around.passes_token {
        Undone::new(
            "takes the place of the token that callers show to",
            "the backend gets this one, whoever calls",
            "use `credential` of the backend in the gateway file",
        )
    } else if is_token {
        Undone::new(
            NOTHING,
            "`Authorization` is removed behind it",
            "use `credential` of the backend in the gateway file",
        )
    } else if policy.does(Effect::AnswersItself) && look.is_top {
        Undone::new(
            "answers every request to",
            "nothing behind it runs, and no backend is asked",
            "put it into a `<choose>` with the condition under which it answers",
        )
    } else if policy.does(Effect::Routes) && is_last {
        Undone::new(
            "sends requests somewhere else, past what is decided for",
            "models, pools and what they cost are no longer as this file says",
            "name the backend in the gateway file: `target`, `models` or `pools`",
        )
    } else if policy.does(Effect::Routes) {
        Undone::new(
            NOTHING,
            "the policy around it sets the backend behind it",
            "name the backend in the gateway file: `target`, `models` or `pools`",
        )
    } else if policy.does(Effect::RewritesPath) && around.models_in_path {
        Undone::new(
            "changes the path, which decides for",
            "a deployment in the path, and what callers may ask for, was decided by the path that they sent",
            "leave it to the gateway file",
        )
    } else if policy.does(Effect::ReplacesBody) && is_last && around.models_in_body {
        Undone::new(
            BEHIND,
            "the model was read from the body that the caller sent, and this one may name another",
            "move it to `inbound.first`, where the model is not read yet",
        )
    } else if policy.does(Effect::AnswersFromCache) && !is_last && around.checks_callers {
        Undone::new(
            "answers before callers are looked at in",
            "an answer from the cache is given whatever their token, address or number of requests",
            "move it to `inbound.last`",
        )
    } else {
        return None;
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
                "write `<vary-by-header>Authorization</vary-by-header>` into it, or leave `allow-private-response-caching` out",
            )
        }
        "llm-semantic-cache-lookup" | "azure-openai-semantic-cache-lookup" => {
            let keeps_apart = children.any(|child| child.name == "vary-by");
            (!keeps_apart).then_some("write a `<vary-by>` with what tells callers apart into it")
        }
        _ => None,
    }
}

/// Whether a policy records values, or stores them where later requests find them.
pub(super) fn records(policy: &Policy) -> bool {
    policy.does(Effect::Records) || policy.does(Effect::StoresValue)
}

/// Why credentials go to somebody else than the backend.
pub(super) fn leaks(statement: &Statement, words: &[&Words], records: bool) -> Option<(&'static str, &'static str)> {
    let sends = statement.policy.is_some_and(|policy| policy.does(Effect::SendsRequest));
    let copies = attribute(statement, "mode").is_some_and(|mode| mode != "new");
    let mut children = statement.children.iter();
    let keeps = children.any(|child| child.name == "set-header" && is_header(child, AUTHORIZATION));
    if sends && copies && !keeps {
        return Some((
            "a copy of a request has all its headers, also `Authorization` and keys",
            "write `<set-header name=\"Authorization\" exists-action=\"delete\" />` into it, and the same for the header of the key; or use `mode=\"new\"`",
        ));
    }
    let says = |wanted: &str| {
        let mut code = words.iter().filter(|words| words.is_code());
        code.any(|words| words.compact().contains(wanted))
    };
    let has_key = ["Subscription.PrimaryKey", "Subscription.SecondaryKey", "Subscription.Key"];
    if has_key.iter().any(|key| says(key)) {
        return Some((
            "it holds the key of the caller, which opens the API to whoever reads it",
            "use the name of the subscription: `context.Subscription.Id`",
        ));
    }
    (records && says("Headers") && says("\"Authorization\"")).then_some((
        "it records the token of the caller, which is good for whoever reads it",
        "record a claim of it, such as `azp` or `oid`",
    ))
}
