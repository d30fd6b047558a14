//! The statuses of an API in words: `facts::answer` → items.

use super::Item;
use super::words::{and, code, text};
use crate::catalogue::Section;
use crate::catalogue::effect::Cause;
use crate::facts::answer::{Answer, Reason, Sender, Status, answers_of};
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
        Sender::Custom(name) => format!("your own policy text ({name})"),
        Sender::Account => "the account".to_owned(),
        Sender::Backend => "the backend".to_owned(),
    }
}

fn why(api: &Api, answer: &Answer<'_>) -> String {
    let why = match answer.reason {
        Reason::Key => "the key is missing, wrong, or of another API".to_owned(),
        Reason::Preflight => cause(Cause::Preflight).to_owned(),
        Reason::Token => cause(Cause::Token).to_owned(),
        Reason::Role => {
            let roles: Vec<String> = api.callers.roles.iter().map(code).collect();
            format!("the token is good and holds none of the roles {}", and(&roles))
        }
        Reason::Address => cause(Cause::Address).to_owned(),
        Reason::Calls => cause(Cause::Calls).to_owned(),
        Reason::Custom(why) => cause(why).to_owned(),
        Reason::Access => {
            "the gateway's identity lacks its role, or the network of the account keeps it out".to_owned()
        }
        Reason::NotFound if api.is_open_ended() => "no API has the path".to_owned(),
        Reason::NotFound => "no operation of the API has this method and path".to_owned(),
        Reason::NoDeployment => "the path names no deployment".to_owned(),
        Reason::NoModel => "the body is no JSON object that names a model".to_owned(),
        Reason::UnknownModel(surface) => {
            let models: Vec<String> = route::models(api).map(code).collect();
            format!("the model is none of {} ({})", and(&models), code(surface.unknown_model()))
        }
        Reason::Exhausted(pool) => format!("pool {} has nobody left", code(pool.as_str())),
        Reason::Passed if custom::includes(api, Section::Outbound, None) => {
            "its own answer, as policy text of your own leaves it".to_owned()
        }
        Reason::Passed => "its own answer, passed on as it is".to_owned(),
        Reason::IdentityToken => cause(Cause::IdentityToken).to_owned(),
        Reason::Unanswered => format!(
            "the backend could not be reached or did not start to answer within {} s, and no step of on-error answers",
            api.timeout
        ),
        Reason::Tripped => "the backend is a member of a pool as well, and is tripped".to_owned(),
    };
    let conditions: Vec<String> = answer.when.iter().map(|condition| text(condition)).collect();
    match conditions.as_slice() {
        [] => why,
        all => format!("{why}, if {}", all.join(", and ")),
    }
}

/// Why a policy answers.
fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Preflight => "a browser asks in advance whether a page may call",
        Cause::Token => "the token is missing, expired or not one that is asked for",
        Cause::Header => "a header is not what is asked for",
        Cause::Certificate => "the certificate is missing or not good",
        Cause::Address => "the caller's address is not let in",
        Cause::Calls => "the limit of calls is used up",
        Cause::Quota => "the quota is used up",
        Cause::Tokens => "more tokens in a minute than the limit",
        Cause::TokenQuota => "the quota of tokens is used up",
        Cause::Concurrency => "too many requests are under way",
        Cause::Safety => "content safety objects, or the text is too long for it",
        Cause::Definition => "something is not as the definition says",
        Cause::OData => "the request is not as OData asks",
        Cause::Cached => "it was answered before",
        Cause::Made => "the policy answers by itself",
        Cause::Mocked => "the policy answers with an example of the definition",
        Cause::StatusSet => "the policy sets the status",
        Cause::IdentityToken => "no token could be had for the gateway's identity",
        Cause::ConnectionToken => "no token could be had for the connection",
        Cause::Request => "a request of its own fails",
        Cause::Backend => "the backend could not be reached, or did not start to answer in time",
        Cause::Fragment => "the fragment may answer",
    }
}
