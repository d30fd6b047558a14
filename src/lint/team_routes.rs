//! What policy text of the team's takes back of what the gateway file decides.

use super::included::{Look, each};
use crate::catalogue::{AUTHORIZATION, Section};
use crate::diag::{Code, Report, Severity};
use crate::include::{Statement, attribute, is_header};
use crate::resolve::{End, Resolution};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    each(resolution, |statement, look| {
        let Some(effect) = undoes(statement, look) else { return };
        let mut found = look
            .at(Code::TeamRoutes, statement.at.clone())
            .says(format!("this {} API `{}`", effect.does, look.api.name))
            .because(effect.because)
            .help(effect.help);
        // Whatever the level of the rule is.
        if effect.is_error {
            found.severity = Severity::Error;
        }
        look.push(found, report);
    });
}

/// Something that a statement does beside what its author may have meant.
struct Effect {
    /// The end of a sentence that starts with `this`, before the name of the API.
    does: &'static str,
    because: &'static str,
    help: &'static str,
    /// Whether nobody can have meant it.
    is_error: bool,
}

impl Effect {
    const fn new(does: &'static str, because: &'static str, help: &'static str) -> Self {
        Self { does, because, help, is_error: false }
    }
}

const BEHIND: &str = "takes effect behind what is decided for";
const NOTHING: &str = "has no effect in";

/// What a policy in inbound takes back, or cannot change. A part of a policy does nothing to the request.
fn undoes(statement: &Statement, look: &Look<'_>) -> Option<Effect> {
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
            "the backend gets this credential in place of the one that the gateway file says, or nothing",
            "use `credential` of the backend in the gateway file",
        ),
        _ if is_token && around.checks_tokens => Effect {
            is_error: statement.name != "set-header",
            ..Effect::new(
                "takes the place of the token that callers show to",
                "the check of tokens behind it looks at this one: it may let everybody in",
                "let callers show their token in `Authorization`, and use `credential` of the backend for what it gets",
            )
        },
        _ if is_token && around.passes_token => Effect::new(
            "takes the place of the token that callers show to",
            "the backend gets this one, whoever calls",
            "use `credential` of the backend in the gateway file",
        ),
        _ if is_token => Effect::new(
            NOTHING,
            "`Authorization` is removed behind it",
            "use `credential` of the backend in the gateway file",
        ),
        "return-response" | "mock-response" if look.is_top => Effect::new(
            "answers every request to",
            "nothing behind it runs, and no backend is asked",
            "put it into a `<choose>` with the condition under which it answers",
        ),
        "set-backend-service" if is_last => Effect::new(
            "sends requests somewhere else, past what is decided for",
            "models, pools and what they cost are no longer as this file says",
            "name the backend in the gateway file: `target`, `models` or `pools`",
        ),
        "set-backend-service" => Effect::new(
            NOTHING,
            "the policy around it sets the backend behind it",
            "name the backend in the gateway file: `target`, `models` or `pools`",
        ),
        "rewrite-uri" if around.models_in_path => Effect::new(
            "changes the path, which decides for",
            "a deployment in the path, and what callers may ask for, was decided by the path that they sent",
            "leave it to the gateway file",
        ),
        "set-body" | "find-and-replace" | "json-to-xml" | "xml-to-json" if is_last && around.models_in_body => {
            Effect::new(
                BEHIND,
                "the model was read from the body that the caller sent, and this one may name another",
                "move it to `inbound.first`, where the model is not read yet",
            )
        }
        "cache-lookup" | "llm-semantic-cache-lookup" | "azure-openai-semantic-cache-lookup"
            if !is_last && around.checks_callers =>
        {
            Effect::new(
                "answers before callers are looked at in",
                "an answer from the cache is given whatever their token, address or number of requests",
                "move it to `inbound.last`",
            )
        }
        _ => return None,
    })
}
