//! What policy text of the team's changes about what this page says of an API.

use std::collections::BTreeMap;

use super::{names, operate};
use crate::catalogue::{self, Section};
use crate::emit::text;
use crate::plan::policy::{Content, Element, Text};
use crate::plan::{Api, Plan};
use crate::resolve::End;

/// Policies that hold requests back, and may answer 429 or 403.
const LIMITS: [&str; 7] = [
    "azure-openai-token-limit",
    "limit-concurrency",
    "llm-token-limit",
    "quota",
    "quota-by-key",
    "rate-limit",
    "rate-limit-by-key",
];

/// Policies that look at what callers show.
const CHECKS: [&str; 4] = ["check-header", "validate-azure-ad-token", "validate-client-certificate", "validate-jwt"];

/// Policies that change an answer, those that take its body apart.
const CHANGES: [&str; 3] = ["return-response", "set-header", "set-status"];

/// Policies that write down or send what requests and answers hold.
const RECORDS: [&str; 6] =
    ["emit-metric", "log-to-eventhub", "send-one-way-request", "send-request", "send-service-bus-message", "trace"];

/// Policies that hold requests or answers against the definition.
const VALIDATIONS: [&str; 4] = ["validate-content", "validate-headers", "validate-parameters", "validate-status-code"];

/// What it is that policy text does.
#[derive(Debug, Clone, Copy)]
pub(super) enum Does {
    /// It limits how much callers may ask for.
    Limits,
    /// It checks what callers show.
    Checks,
    /// It checks where callers are.
    Addresses,
    /// It lets web pages call.
    Pages,
    /// It answers before a backend does, or refuses: whatever is not known before it runs counts.
    Refuses,
    /// It needs complete answers.
    Reads,
    /// It changes answers.
    Changes,
    /// It writes down or sends what requests or answers hold.
    Records,
}

/// The team's policies in an API that do this, in inbound or, where it is about answers, in outbound; what records may be in both.
pub(super) fn that(api: &Api, does: Does) -> Vec<&'static str> {
    let sections: &[Section] = match does {
        Does::Reads | Does::Changes => &[Section::Outbound],
        Does::Records => &[Section::Inbound, Section::Outbound],
        _ => &[Section::Inbound],
    };
    let mut found = Vec::new();
    let mut here = |element: &Element| {
        let name = element.name();
        let is_it = match does {
            Does::Limits => LIMITS.contains(&name),
            Does::Checks => CHECKS.contains(&name),
            Does::Addresses => name == "ip-filter",
            Does::Pages => name == "cors",
            Does::Refuses => is_answer(element),
            Does::Changes => element.policy().is_some_and(|policy| policy.takes_body || CHANGES.contains(&name)),
            Does::Records => RECORDS.contains(&name),
            Does::Reads => element.policy().is_some_and(|policy| policy.takes_body) || texts(element).any(reads),
        };
        // What is in a fragment, nobody knows here.
        if is_it || name == "include-fragment" {
            found.push(name);
        }
    };
    for section in sections {
        walk(api, *section, &mut here);
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The same as words of the table: what Gatewright does, and what the team's policies do beside it.
pub(super) fn beside(own: Option<String>, nothing: &str, api: &Api, does: Does) -> String {
    let policies = that(api, does);
    let named = (!policies.is_empty()).then(|| format!("{} of your own", codes(&policies)));
    let nothing = named.is_none().then(|| nothing.to_owned());
    let all: Vec<String> = own.or(nothing).into_iter().chain(named).collect();
    all.join("; ")
}

/// The APIs whose text does this, with the policies that do.
pub(super) fn apis(plan: &Plan, does: Does) -> Option<String> {
    let all = plan.apis.iter().filter_map(|api| {
        let policies = that(api, does);
        let name = text::code_span(api.name.as_str());
        (!policies.is_empty()).then(|| format!("{name} ({})", codes(&policies)))
    });
    let all: Vec<String> = all.collect();
    (!all.is_empty()).then(|| all.join(", "))
}

fn codes(names: &[&str]) -> String {
    let names = names.iter().map(|name| text::code_span(name));
    names.collect::<Vec<_>>().join(", ")
}

/// Who may be limited, in words.
pub(super) fn limits(plan: &Plan) -> String {
    let has_own = plan.apis.iter().any(|api| api.callers.rate_limit.is_some());
    let theirs = apis(plan, Does::Limits);
    match (has_own, theirs) {
        (true, None) => "Requests are limited as said under *Callers*; tokens of models are not: each caller may use all that the backends give.".to_owned(),
        (true, Some(apis)) => format!("Requests are limited as said under *Callers*, and as policies of your own say: {apis}. Nothing else limits what a caller may use."),
        (false, None) => "No caller has a limit of its own: each may use all that the backends give.".to_owned(),
        (false, Some(apis)) => format!("Gatewright limits no caller. Policies of your own may: {apis}. Apart from them, each caller may use all that the backends give."),
    }
}

/// The APIs with text that runs while requests still have the credentials of callers.
pub(super) fn early(plan: &Plan) -> Option<String> {
    let has = |api: &&Api| {
        let mut includes = api.includes.iter();
        includes.any(|(section, end, _)| (*section, *end) == (Section::Inbound, End::First))
    };
    names(plan.apis.iter().filter(has))
}

/// What answers skip policy text behind an answer, if there is such text.
pub(super) fn skipped(plan: &Plan) -> Option<String> {
    let has = |api: &Api| {
        let mut includes = api.includes.iter();
        includes.any(|(section, ..)| *section == Section::Outbound)
    };
    let named = |wanted: &dyn Fn(&Api) -> bool| names(plan.apis.iter().filter(|api| wanted(api)));
    let outbound = named(&has)?;
    let pools = named(&|api| has(api) && !operate::pools_of(plan, api).is_empty());
    let pools = pools.map(|apis| {
        format!(" The answer of a pool that has nobody left ({apis}) is a new one: what text *first* did to the old one is gone, and text *last* does not run.")
    });
    Some(format!(
        "Text in outbound ({outbound}) runs when a backend has answered. What is refused or answered in inbound skips it, and so does whatever fails without an answer.{}",
        pools.unwrap_or_default()
    ))
}

/// Statuses of answers that the team's policies give: status, APIs, why.
pub(super) fn statuses(plan: &Plan) -> Vec<(String, String, String)> {
    let mut rows: BTreeMap<(String, &str), Vec<String>> = BTreeMap::new();
    for api in &plan.apis {
        let name = text::code_span(api.name.as_str());
        for section in [Section::Inbound, Section::Outbound] {
            walk(api, section, |element| {
                if is_answer(element) {
                    let status = status(element, section);
                    let apis = rows.entry((status, element.name())).or_default();
                    if !apis.contains(&name) {
                        apis.push(name.clone());
                    }
                }
            });
        }
    }
    rows.into_iter()
        .map(|((status, policy), apis)| {
            let why = format!("policy text of your own: {}", text::code_span(policy));
            (status, apis.join(", "), why)
        })
        .collect()
}

/// Whether a policy can be the end of a request.
fn is_answer(element: &Element) -> bool {
    let name = element.name();
    LIMITS.contains(&name)
        || CHECKS.contains(&name)
        || VALIDATIONS.contains(&name) && element.may_say("prevent")
        || matches!(
            name,
            "cache-lookup"
                | "get-authorization-context"
                | "include-fragment"
                | "ip-filter"
                | "llm-content-safety"
                | "llm-semantic-cache-lookup"
                | "azure-openai-semantic-cache-lookup"
                | "mock-response"
                | "return-response"
                | "validate-odata-request"
        )
        || matches!((name, element.policy()), ("set-status", Some(_)))
}

/// The status of its answer, as its attributes or its default say (reference apim-policies §2).
fn status(element: &Element, section: Section) -> String {
    const UNKNOWN: &str = "any";
    let attribute = |element: &Element, wanted: &str| {
        let mut all = element.attributes();
        let found = all.find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value.plain().unwrap_or(UNKNOWN).to_owned())
    };
    let or = |name: &str, default: &str| attribute(element, name).unwrap_or_else(|| default.to_owned());
    match element.name() {
        "return-response" | "mock-response" => {
            // A response that a variable holds has a status of its own.
            let default = match attribute(element, "response-variable-name") {
                Some(_) => UNKNOWN,
                None => "200",
            };
            let set = inside(element).iter().find(|one| one.name() == "set-status");
            let set = set.and_then(|set| attribute(set, "code"));
            set.unwrap_or_else(|| or("status-code", default))
        }
        "get-authorization-context" => "500".to_owned(),
        "set-status" => or("code", UNKNOWN),
        name if VALIDATIONS.contains(&name) => catalogue::validation_status(section).to_owned(),
        "check-header" => or("failed-check-httpcode", UNKNOWN),
        "validate-azure-ad-token" | "validate-jwt" => or("failed-validation-httpcode", "401"),
        "azure-openai-token-limit" | "llm-token-limit" => "429, 403".to_owned(),
        "limit-concurrency" | "rate-limit" | "rate-limit-by-key" => "429".to_owned(),
        "ip-filter" | "llm-content-safety" | "quota" | "quota-by-key" => "403".to_owned(),
        _ => UNKNOWN.to_owned(),
    }
}

fn reads(text: &Text) -> bool {
    matches!(text, Text::Team(words) if words.reads_answer())
}

/// Attributes, and the text between the tags.
fn texts(element: &Element) -> impl Iterator<Item = &Text> {
    let inside = match element.content() {
        Content::Text(text) => Some(text),
        Content::Empty | Content::Elements(_) => None,
    };
    let attributes = element.attributes().map(|(_, value)| value);
    attributes.chain(inside)
}

fn inside(element: &Element) -> &[Element] {
    match element.content() {
        Content::Elements(all) => all,
        Content::Empty | Content::Text(_) => &[],
    }
}

/// The team's elements in a section, also deep inside.
fn walk(api: &Api, wanted: Section, mut visit: impl FnMut(&Element)) {
    let parts = api.policy.parts();
    let parts = parts.into_iter();
    let here = parts.filter(|(section, _)| *section == Some(wanted));
    let mut open: Vec<&Element> = here.flat_map(|(_, elements)| elements).collect();
    while let Some(element) = open.pop() {
        if element.is_included() {
            visit(element);
        }
        open.extend(inside(element));
    }
}
