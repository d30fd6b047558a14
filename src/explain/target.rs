//! Where requests go: backends with their places and roles, pools with their rules.

use super::words::{account, backend_or_pool, code, members, pool, tripped, url};
use super::{Item, words};
use crate::plan::policy::Reference;
use crate::plan::{Api, Backend, BackendKind, Plan, ServedModel, Url};
use crate::resolve::{Credential, Pool};

pub(super) fn targets(plan: &Plan, api: &Api) -> Vec<Item> {
    let mut items: Vec<Item> = api.serves.iter().map(|served| Item::new(served_by(plan, served))).collect();
    for pool in pools(plan, api) {
        items.push(Item::new(format!("Pool {}:", code(pool.name.as_str()))).with(in_pool(pool)));
    }
    // Members of pools too, whether the service or the policy chooses them.
    let mut reached: Vec<&Backend> = Vec::new();
    for reference in api.policy.references() {
        let Reference::Backend(resource) = reference else {
            continue;
        };
        let Some(backend) = words::backend(plan, resource) else {
            continue;
        };
        let ones = match &backend.kind {
            BackendKind::Single { .. } => vec![backend],
            BackendKind::Pool { members, .. } => {
                let members = members.iter();
                members.map(|member| plan.backend(&member.key)).collect()
            }
        };
        for one in ones {
            if !reached.iter().any(|known| known.resource == one.resource) {
                reached.push(one);
            }
        }
    }
    // What trips members their pool says.
    let pools = pools(plan, api);
    let in_pools: Vec<String> = pools.iter().flat_map(|pool| &pool.members).map(|member| member.to.text()).collect();
    items.extend(reached.into_iter().map(|backend| {
        let tells_breaker = !in_pools.contains(&backend.source);
        reached_at(plan, backend, tells_breaker)
    }));
    items
}

fn served_by(plan: &Plan, served: &ServedModel) -> String {
    let to = words::by(plan, &served.by);
    match &served.model {
        Some(model) => format!("Model {} goes to {to}", code(model)),
        None => format!("All requests go to {to}"),
    }
}

/// How a pool behaves, as the file says it.
pub(super) fn in_pool(pool: &Pool) -> Vec<Item> {
    let mut lines = members(pool);
    if let Some(breaker) = &pool.breaker {
        lines.push(format!("a member that fails is left alone: {}", tripped(breaker)));
    } else {
        lines.push("a member that fails is asked again all the same".to_owned());
    }
    lines.push(match &pool.retry {
        Some(retry) => format!(
            "a request is tried again {} after {} or no answer",
            match retry.count {
                1 => "once".to_owned(),
                count => format!("up to {count} times"),
            },
            retry.statuses
        ),
        None => "a request is not tried again".to_owned(),
    });
    lines.push(format!(
        "when nobody is left the caller gets {}, with the shortest wait that a member asked for as `Retry-After`, else {}",
        pool.exhausted.status, pool.exhausted.retry_after
    ));
    lines.into_iter().map(Item::new).collect()
}

/// One backend: where it is, and what lets the gateway in.
pub(super) fn reached_at(plan: &Plan, backend: &Backend, tells_breaker: bool) -> Item {
    let BackendKind::Single { url: at, breaker, credential } = &backend.kind else {
        return Item::new(words::sentence(&backend_or_pool(backend)));
    };
    let mut lines = Vec::new();
    match at {
        Url::Account { account: key, .. } => {
            let role = account(plan, key).role.name();
            let who = words::identity(plan);
            let giver =
                if plan.service.creates_roles { "which the deployment gives" } else { "which somebody has to give" };
            lines.push(format!("{who} needs the role {} there, {giver}", code(role)));
        }
        Url::Host { backend, .. } => {
            let mut services = plan.services.iter();
            let service = services.find(|service| service.backend == *backend);
            if service.is_some_and(|service| service.credential == Credential::PassThrough) {
                lines.push("it gets the caller's `Authorization`, as it comes".to_owned());
            }
        }
    }
    lines.extend(credential.as_ref().map(|shown| words::shown(plan, shown)));
    if let Some(breaker) = breaker
        && tells_breaker
    {
        let rule = plan.breakers.iter().find(|other| other.key == *breaker);
        let rule = rule.expect("plan: breakers of backends are planned");
        lines.push(format!("it is left alone when it fails: {}", tripped(&rule.rule)));
    }
    let name = words::sentence(&backend_or_pool(backend));
    let items = lines.into_iter().map(Item::new).collect();
    Item::new(format!("{name} ({} in the service) is {}", code(backend.resource.as_str()), url(plan, at))).with(items)
}

pub(super) fn pools<'a>(plan: &'a Plan, api: &Api) -> Vec<&'a Pool> {
    let mut pools: Vec<&Pool> = Vec::new();
    for pool in api.serves.iter().filter_map(|served| pool(plan, served)) {
        if !pools.iter().any(|known| known.name == pool.name) {
            pools.push(pool);
        }
    }
    pools
}
