//! Custom policies that override decisions of the gateway file.

use super::included::{Position, each};
use crate::catalogue::effect::Effect;
use crate::catalogue::{AUTHORIZATION, Section};
use crate::diag::{Code, Report, Severity};
use crate::include::{Statement, attribute, is_header};
use crate::resolve::{End, Resolution};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    each(resolution, |statement, position| {
        let Some(undone) = undoes(statement, position) else { return };
        let mut found = position
            .at(Code::PolicyOverrides, statement.at.clone())
            .says(format!("this {} API `{}`", undone.does, position.api.name))
            .because(undone.because)
            .help(undone.help);
        // Whatever the level of the rule is.
        if undone.is_error {
            found.severity = Severity::Error;
        }
        position.push(found, report);
    });
}

/// Something that a statement does beside what its author may have meant.
struct Undone {
    /// The end of a sentence that starts with `this`, before the name of the API.
    does: &'static str,
    because: &'static str,
    help: &'static str,
    /// True if it cannot be intended.
    is_error: bool,
}

impl Undone {
    const fn new(does: &'static str, because: &'static str, help: &'static str) -> Self {
        Self { does, because, help, is_error: false }
    }
}

const BEHIND: &str = "overrides the routing of";
const NOTHING: &str = "has no effect in";

/// The setting that a policy in inbound overrides, or cannot change. A part of a policy does nothing to the request.
fn undoes(statement: &Statement, position: &Position<'_>) -> Option<Undone> {
    let policy = statement.policy.filter(|_| position.section == Section::Inbound)?;
    let is_last = position.end == End::Last;
    let traits = position.traits;
    let is_header = statement.name == "set-header" && is_header(statement, AUTHORIZATION);
    // A token that a variable keeps is in no header yet.
    let authorizes = policy.does(Effect::Authorizes) && attribute(statement, "output-token-variable-name").is_none();
    let is_token = is_header || authorizes;
    Some(if is_token && is_last {
        Undone::new(
            BEHIND,
            "the backend receives this credential instead of the one that the gateway file sets",
            "set `credential` of the backend in the gateway file",
        )
    } else if is_token && traits.checks_tokens {
        Undone {
            is_error: authorizes,
            ..Undone::new(
                "replaces the token that callers send to",
                "the token check after it validates this one: it may accept every caller",
                "let callers send their token in `Authorization`, and set `credential` of the backend",
            )
        }
    } else if is_token && traits.passes_token {
        Undone::new(
            "replaces the token that callers send to",
            "the backend receives this one, whoever the caller is",
            "set `credential` of the backend in the gateway file",
        )
    } else if is_token {
        Undone::new(
            NOTHING,
            "the generated policy removes `Authorization` after it",
            "set `credential` of the backend in the gateway file",
        )
    } else if policy.does(Effect::AnswersItself) && position.is_top {
        Undone::new(
            "responds to every request of",
            "no later policy runs, and no request reaches the backend",
            "put it into a `<choose>` with the condition for its response",
        )
    } else if policy.does(Effect::Routes) && is_last {
        Undone::new(
            "sends requests to another backend, overriding the routing of",
            "models, pools and costs no longer match this file",
            "set the backend in the gateway file: `target`, `models` or `pools`",
        )
    } else if policy.does(Effect::Routes) {
        Undone::new(
            NOTHING,
            "the generated policy sets the backend after it",
            "set the backend in the gateway file: `target`, `models` or `pools`",
        )
    } else if policy.does(Effect::RewritesPath) && traits.models_in_path {
        Undone::new(
            "changes the path after the routing of",
            "the gateway chose the deployment and allowed the request by the path that the caller sent",
            "configure it in the gateway file",
        )
    } else if policy.does(Effect::ReplacesBody) && is_last && traits.models_in_body {
        Undone::new(
            BEHIND,
            "the gateway read the model from the body that the caller sent, and this body may name another one",
            "move it to `inbound.first`, before the gateway reads the model",
        )
    } else if policy.does(Effect::AnswersFromCache) && !is_last && traits.checks_callers {
        Undone::new(
            "responds before callers are checked in",
            "a cached response is returned whatever the caller's token, address or number of requests",
            "move it to `inbound.last`",
        )
    } else {
        return None;
    })
}
