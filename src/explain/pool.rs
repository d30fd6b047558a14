//! A pool: who uses it, who is in it, and what happens when a member fails.

use super::target::{in_pool, pools, reached_at};
use super::words::code;
use super::{Explanation, Item};
use crate::plan::{Plan, ServedModel};
use crate::resolve::Pool;

pub(super) fn explanation(plan: &Plan, pool: &Pool, name: String) -> Explanation {
    let chooser = if pool.is_in_service() { "API Management chooses" } else { "the policy of each API chooses" };
    let mut explanation = Explanation {
        kind: "pool",
        name,
        title: format!("a pool of {}, of which {chooser} one", count(pool.members.len())),
        facts: Vec::new(),
        parts: Vec::new(),
    };
    let own = plan.backends.iter().filter(|backend| backend.source == pool.name.as_str());
    let own: Vec<String> = own.map(|backend| code(backend.resource.as_str())).collect();
    if pool.is_in_service() && !own.is_empty() {
        explanation.fact("In the service", super::words::and(&own));
    }
    explanation.part("users", "who uses it", users(plan, pool));
    explanation.part("rules", "what happens", in_pool(pool));
    let members = pool.members.iter().map(|member| member.to.text());
    let members: Vec<String> = members.collect();
    let reached = plan.backends.iter().filter(|backend| members.contains(&backend.source));
    let reached = reached.map(|backend| reached_at(plan, backend, false)).collect();
    explanation.part("members", "its members", reached);
    let notes = ["Each instance of the gateway counts and chooses by itself, so shares and trips are approximate"];
    explanation.part("notes", "good to know", notes.map(Item::new).into());
    explanation
}

fn count(members: usize) -> String {
    match members {
        1 => "one member".to_owned(),
        members => format!("{members} members"),
    }
}

fn users(plan: &Plan, pool: &Pool) -> Vec<Item> {
    let is_used = |served: &&ServedModel| matches!(&served.by, crate::plan::Upstream::Pool { pool: name, .. } if *name == pool.name);
    let mut items = Vec::new();
    for api in &plan.apis {
        if !pools(plan, api).iter().any(|used| used.name == pool.name) {
            continue;
        }
        for served in api.serves.iter().filter(is_used) {
            let what = match &served.model {
                Some(model) => format!("for the model {}", code(model)),
                None => "for all requests".to_owned(),
            };
            items.push(Item::new(format!("API {} {what}", code(api.name.as_str()))));
        }
    }
    if items.is_empty() {
        items.push(Item::new("no API does"));
    }
    items
}
