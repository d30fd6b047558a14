//! What policy text of the team's takes back of what the gateway file decides.

use super::included::{Look, each};
use crate::catalogue::effect::Effect;
use crate::catalogue::{AUTHORIZATION, Section};
use crate::diag::{Code, Report, Severity};
use crate::include::{Statement, attribute, is_header};
use crate::resolve::{End, Resolution};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    each(resolution, |statement, look| {
        let Some(undone) = undoes(statement, look) else { return };
        let mut found = look
            .at(Code::TeamRoutes, statement.at.clone())
            .says(format!("this {} API `{}`", undone.does, look.api.name))
            .because(undone.because)
            .help(undone.help);
        // Whatever the level of the rule is.
        if undone.is_error {
            found.severity = Severity::Error;
        }
        look.push(found, report);
    });
}

/// Something that a statement does beside what its author may have meant.
struct Undone {
    /// The end of a sentence that starts with `this`, before the name of the API.
    does: &'static str,
    because: &'static str,
    help: &'static str,
    /// Whether nobody can have meant it.
    is_error: bool,
}

impl Undone {
    const fn new(does: &'static str, because: &'static str, help: &'static str) -> Self {
        Self { does, because, help, is_error: false }
    }
}

const BEHIND: &str = "takes effect behind what is decided for";
const NOTHING: &str = "has no effect in";

/// What a policy in inbound takes back, or cannot change. A part of a policy does nothing to the request.
fn undoes(statement: &Statement, look: &Look<'_>) -> Option<Undone> {
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
