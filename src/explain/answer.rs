//! The statuses of an API in words: `facts::answer` → items.

use super::Item;
use super::words::{and, code, text};
use crate::catalogue::Section;
use crate::catalogue::effect::Cause;
use crate::facts::answer::{Answer, Reason, Sender, answers_of};
use crate::facts::element::Status;
use crate::facts::{custom, route};
use crate::plan::{Api, Plan};

pub(super) fn answers(plan: &Plan, api: &Api) -> Vec<Item> {
    let all = answers_of(plan, api).into_iter();
    all.map(|answer| {
        Item::new(format!("{} from {}: {}", status(&answer.status), sender(answer.sender), why(api, &answer)))
    })
    .collect()
}

pub(super) fn status(status: &Status) -> String {
    match status {
        Status::Codes(codes) => codes.iter().map(u16::to_string).collect::<Vec<_>>().join(", "),
        Status::Unknown => "any".to_owned(),
        Status::OfBackend => "4xx, 5xx".to_owned(),
    }
}

fn sender(sender: Sender) -> String {
    match sender {
        Sender::Service => "API Management".to_owned(),
        Sender::Policy(name) => format!("this API ({name})"),
        Sender::Custom(name) => format!("a custom policy ({name})"),
        Sender::Account => "the account".to_owned(),
        Sender::Backend => "the backend".to_owned(),
    }
}

fn why(api: &Api, answer: &Answer<'_>) -> String {
    let why = match answer.reason {
        Reason::Key => "the subscription key is missing, invalid, or belongs to another API".to_owned(),
        Reason::NoKey => "the request has no subscription key, and an update that changes this is half done".to_owned(),
        Reason::Preflight => cause(Cause::Preflight).to_owned(),
        Reason::Token => cause(Cause::Token).to_owned(),
        Reason::Role => {
            let roles: Vec<String> = api.token_roles().iter().map(code).collect();
            format!("the token is valid but has none of the roles {}", and(&roles))
        }
        Reason::Address => cause(Cause::Address).to_owned(),
        Reason::Calls => cause(Cause::Calls).to_owned(),
        Reason::Custom(why) => cause(why).to_owned(),
        Reason::Access => {
            "the gateway's identity lacks its role, or the account's network rules block the gateway".to_owned()
        }
        Reason::NotFound if api.is_open_ended() => "no API has this path".to_owned(),
        Reason::NotFound => "no operation of the API has this method and path".to_owned(),
        Reason::PathOutside => "the path has a segment `.` or `..`, plain or encoded".to_owned(),
        Reason::NoDeployment => "the path names no deployment".to_owned(),
        Reason::ModelList => "the list of models, without calling a backend".to_owned(),
        Reason::Compressed => {
            "the body is compressed (`Content-Encoding`), so that its model cannot be read".to_owned()
        }
        Reason::NoModel => "the body is not a JSON object with a model".to_owned(),
        Reason::UnknownModel(surface) => {
            let models: Vec<String> = route::models(api).map(code).collect();
            format!("the model is not one of {} ({})", and(&models), code(surface.unknown_model()))
        }
        Reason::Exhausted(pool) => format!("all members of pool {} are unavailable", code(pool.as_str())),
        Reason::OutcomeUnknown => {
            "the backend closed the connection during a POST or PATCH, which may have been carried out".to_owned()
        }
        Reason::Passed if custom::includes(api, Section::Outbound, None) => {
            "the backend's answer, as changed by custom policies".to_owned()
        }
        Reason::Passed => "the backend's answer, unchanged".to_owned(),
        Reason::IdentityToken => cause(Cause::IdentityToken).to_owned(),
        Reason::Unanswered => format!(
            "the backend was unreachable or did not start to answer within {}, and on-error sends no answer of its own",
            api.timeout
        ),
        Reason::Tripped => "the circuit breaker of the backend is open; it is also a member of a pool".to_owned(),
    };
    let conditions: Vec<String> = answer.when.iter().map(|condition| text(condition)).collect();
    match conditions.as_slice() {
        [] => why,
        all => format!("{why}, if {}", all.join(", and ")),
    }
}

/// The reason for which a policy responds.
fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Preflight => "CORS preflight of a web page",
        Cause::Token => "the token is missing, expired or not an accepted one",
        Cause::Header => "a header does not have the required value",
        Cause::Certificate => "the client certificate is missing or invalid",
        Cause::Address => "the caller's address is not allowed",
        Cause::Calls => "rate limit exceeded",
        Cause::Quota => "quota exceeded",
        Cause::Tokens => "token rate limit exceeded",
        Cause::TokenQuota => "token quota exceeded",
        Cause::Concurrency => "too many concurrent requests",
        Cause::Safety => "content safety rejects the text, or it is too long",
        Cause::Definition => "the request or answer does not match the API definition",
        Cause::OData => "the request is not valid OData",
        Cause::Cached => "the cache has an answer",
        Cause::Made => "the policy answers",
        Cause::Mocked => "the policy answers with an example from the API definition",
        Cause::StatusSet => "the policy sets the status",
        Cause::IdentityToken => "the gateway could not acquire a token for its identity",
        Cause::ConnectionToken => "the credential manager could not acquire a token for the connection",
        Cause::Request => "the policy's own request failed",
        Cause::Backend => "the backend was unreachable or exceeded the timeout",
        Cause::Fragment => "the fragment may send any answer",
    }
}
