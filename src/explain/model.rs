//! A model: which APIs offer it, where it goes, and under what name; and which deployments are of it.

use super::words::{by, code};
use super::{Explanation, Item};
use crate::catalogue::surface::ModelIn;
use crate::facts::pool;
use crate::plan::{Api, Plan, ServedModel, Upstream};
use crate::resolve::Pool;

pub(super) fn explanation(plan: &Plan, model: &str, name: String) -> Explanation {
    let mut explanation = Explanation {
        kind: "model",
        name,
        title: "a model that callers can request, and its deployments".to_owned(),
        facts: Vec::new(),
        parts: Vec::new(),
    };
    let mut offers = Vec::new();
    for api in &plan.apis {
        let served = api.serves.iter();
        for served in served.filter(|served| served.model.as_deref() == Some(model)) {
            offers.push(offer(plan, api, served, model));
        }
    }
    if offers.is_empty() {
        offers.push(Item::new("no API offers it by this name"));
    }
    explanation.part("offers", "offered by", offers);
    let mut deployments = Vec::new();
    for account in &plan.accounts {
        for deployment in &account.deployments {
            if deployment.model.to_string() != model {
                continue;
            }
            let tokens = deployment.tokens_per_minute;
            let tokens = tokens.map_or(String::new(), |tokens| format!(", {tokens} tokens a minute"));
            let backends = account.backends.iter();
            let backends: Vec<String> = backends.map(|name| code(format!("{name}/{}", deployment.name))).collect();
            deployments.push(Item::new(format!("{}{tokens}", super::words::and(&backends))));
        }
    }
    explanation.part("deployments", "deployments", deployments);
    explanation
}

fn offer(plan: &Plan, api: &Api, served: &ServedModel, model: &str) -> Item {
    let model = code(model);
    let place = match api.surface.model_in() {
        ModelIn::Path => {
            format!("as the deployment in the path, {}", code(format!("…/deployments/{}/…", model.trim_matches('`'))))
        }
        ModelIn::Body => format!("as {} in the body", code("model")),
        ModelIn::Nothing => "not at all".to_owned(),
    };
    let of_deployments = pool::pool(plan, &served.by).is_some_and(Pool::is_of_deployments);
    let asked = match (&served.by, api.surface.model_in()) {
        // The URL of each ends in its own deployment.
        (Upstream::Deployment { deployment, .. }, ModelIn::Path) => {
            format!("the backend calls it by the deployment {}", code(deployment))
        }
        (Upstream::Pool { .. }, ModelIn::Path) if of_deployments => {
            "each member uses its own deployment, whatever its name".to_owned()
        }
        (Upstream::Deployment { .. } | Upstream::Pool { .. } | Upstream::Account { .. } | Upstream::Http { .. }, _) => {
            format!("the backend must know it as {model} too: the gateway does not change the name")
        }
    };
    let mut items = vec![
        Item::new(format!("callers name it {place} at {}", plan.url(api))),
        Item::new(format!("it goes to {}", by(plan, &served.by))),
        Item::new(asked),
    ];
    if let Some(pool) = pool::pool(plan, &served.by) {
        items.push(Item::new(format!("which member answers: `gatewright explain pools.{}`", pool.name)));
    }
    Item::new(format!("API {} ({})", code(api.name.as_str()), api.surface.name())).with(items)
}
