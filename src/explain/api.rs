//! An API: what happens to a request, from its arrival to the response. And a subscription: what its keys open.

use super::answer::answers;
use super::target::targets;
use super::words::{and, code, identity, place};
use super::{Explanation, Item, Origin, policy};
use crate::facts::route::{self, Operations};
use crate::plan::policy::Reference;
use crate::plan::{Api, NamedValueSource, Plan};
use crate::resolve::KEY_QUERY;

/// The number of operations that are listed; beyond it only their count is printed.
const OPERATIONS: usize = 4;

pub(super) fn explanation(plan: &Plan, api: &Api, name: String) -> Explanation {
    let mut explanation = Explanation {
        kind: "api",
        name,
        title: format!("the API {}, surface {}", code(api.display_name.as_str()), code(api.surface.word())),
        facts: Vec::new(),
        parts: Vec::new(),
    };
    explanation.fact("URL", plan.url(api));
    explanation.fact("Operations", operations(api));
    explanation.fact("Keys", keys(api));
    if let Some(insights) = &plan.insights {
        explanation.fact(
            "Logged to",
            format!(
                "Application Insights {}: every request, backend attempt and error, without bodies and keys",
                place(&insights.place)
            ),
        );
    }
    explanation.fact("In the service", code(api.resource.as_str()));
    explanation.part("platform", "before all policies", platform(api));
    explanation.parts.extend(policy::parts(plan, &api.policy));
    explanation.part("targets", "backends", targets(plan, api));
    explanation.part("namedValues", "named values", named_values(plan, api));
    explanation.part("statuses", "status codes", answers(plan, api));
    explanation
}

fn operations(api: &Api) -> String {
    match route::operations(api) {
        Operations::Any => "any method and path below its URL".to_owned(),
        Operations::Linked(link) => format!("those of {}, which API Management fetches at deployment", code(link)),
        Operations::Listed(all) if all.len() > OPERATIONS => format!("{}, those of its definition", all.len()),
        Operations::Listed(all) => {
            let all: Vec<String> = all.iter().map(|(method, path)| code(format!("{method} {path}"))).collect();
            all.join(", ")
        }
    }
}

fn keys(api: &Api) -> String {
    if !api.key.is_required {
        return "no key required".to_owned();
    }
    let own: Vec<String> = api.subscriptions.iter().map(|name| code(format!("{}/{name}", api.name))).collect();
    let others = "those that administrators created for all APIs of the service";
    match own.as_slice() {
        [] => format!("{others}; the YAML has none for this API"),
        own => format!("of {}, and {others}", and(own)),
    }
}

/// The values of the named values of its policy.
fn named_values(plan: &Plan, api: &Api) -> Vec<Item> {
    let named = api.policy.references().into_iter();
    let named = named.filter_map(|reference| match reference {
        Reference::NamedValue(name) => Some(name),
        Reference::Backend(_) | Reference::Fragment(_) | Reference::Logger(_) => None,
    });
    let holds = |name: &str| {
        let mut values = plan.named_values.iter();
        let value = values.find(|value| value.resource.as_str() == name);
        match value.map(|value| &value.value) {
            Some(NamedValueSource::IdentityClientId) => {
                format!("the client id of {}", identity(plan))
            }
            Some(NamedValueSource::Param(param)) => code(plan.params.text(*param)),
            Some(NamedValueSource::Secret { .. }) => "a secret".to_owned(),
            None => "exists in the service; not created by this deployment".to_owned(),
        }
    };
    named.map(|name| Item::new(format!("{}: {}", code(name), holds(name)))).collect()
}

/// The steps of the service itself (reference apim-policies §4a: keys are checked before the inbound policies).
fn platform(api: &Api) -> Vec<Item> {
    let path = code(format!("/{}", api.path));
    let mut steps = vec![if api.is_open_ended() {
        format!("Finds the API by the path {path}, whatever follows it; else 404")
    } else {
        format!("Finds the API by the path {path}, and its operation by method and path; else 404")
    }];
    if api.key.is_required {
        steps.push(format!(
            "Reads the subscription key from the header {}, else from the query parameter {}; if it is missing, invalid or belongs to another API: 401",
            code(api.key.header.as_str()),
            code(KEY_QUERY)
        ));
    } else {
        steps.push("Requires no key".to_owned());
    }
    let items = steps.into_iter().map(Item::new);
    items.map(|item| item.from(Origin::Platform)).collect()
}

pub(super) fn subscription(plan: &Plan, api: &Api, name: &str, path: String) -> Explanation {
    let mut explanation = Explanation {
        kind: "subscription",
        name: path,
        title: format!("{name}, a subscription to the API {}", code(api.name.as_str())),
        facts: Vec::new(),
        parts: Vec::new(),
    };
    explanation.fact("Access", format!("{} and no other API", plan.url(api)));
    explanation.fact(
        "Sent in",
        format!("the header {}, or the query parameter {}", code(api.key.header.as_str()), code(KEY_QUERY)),
    );
    explanation.fact("In the service", code(format!("{}-{name}", api.resource)));
    let models: Vec<String> = route::models(api).map(code).collect();
    if !models.is_empty() {
        explanation.fact("Models", and(&models));
    }
    let items = [
        "It has two keys, so that one can be regenerated while the other is in use. No key is in an output; GATEWAY.md has the commands that read and regenerate them".to_owned(),
        format!("What happens to a request with it: `gatewright explain apis.{}`", api.name),
    ];
    explanation.part("notes", "good to know", items.into_iter().map(Item::new).collect());
    explanation
}
