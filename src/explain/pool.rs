//! A pool: who uses it, who is in it, and what happens when a member fails.

use super::target::{in_pool, reached_at};
use super::words::code;
use super::{Explanation, Item};
use crate::facts::pool;
use crate::plan::{Plan, Upstream};
use crate::resolve::Pool;

pub(super) fn explanation(plan: &Plan, pool: &Pool, name: String) -> Explanation {
    let chooser = if pool.is_in_service() { "API Management chooses" } else { "the policy of each API chooses" };
    let mut explanation = Explanation {
        kind: "pool",
        name,
        title: format!("a pool of {}; {chooser} one for each request", count(pool.members.len())),
        facts: Vec::new(),
        parts: Vec::new(),
    };
    let own = plan.backends.iter().filter(|backend| backend.source == pool.name.as_str());
    let own: Vec<String> = own.map(|backend| code(backend.resource.as_str())).collect();
    if pool.is_in_service() && !own.is_empty() {
        explanation.fact("In the service", super::words::and(&own));
    }
    explanation.part("users", "used by", users(plan, pool));
    explanation.part("rules", "rules", in_pool(pool));
    let members = pool.members.iter().map(|member| member.to.text());
    let members: Vec<String> = members.collect();
    let reached = plan.backends.iter().filter(|backend| members.contains(&backend.source));
    let reached = reached.map(|backend| reached_at(plan, backend, false)).collect();
    explanation.part("members", "members", reached);
    let notes =
        ["Each gateway instance counts and chooses on its own, so weights and circuit breakers are approximate"];
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
    let mut items = Vec::new();
    let is_used = |by: &Upstream| pool::pool(plan, by).is_some_and(|used| used.name == pool.name);
    for api in &plan.apis {
        for served in api.serves.iter().filter(|served| is_used(&served.by)) {
            let what = match &served.model {
                Some(model) => format!("for the model {}", code(model)),
                None => "for all requests".to_owned(),
            };
            items.push(Item::new(format!("API {} {what}", code(api.name.as_str()))));
        }
    }
    if items.is_empty() {
        items.push(Item::new("no API"));
    }
    items
}
