//! Destinations of requests: backends with their locations and roles, pools with their rules.

use super::words::{backend_or_pool, code, members, tripped, url};
use super::{Item, words};
use crate::facts::{pool, route};
use crate::plan::policy::LONGEST_WAIT;
use crate::plan::{Api, Backend, BackendKind, Plan, ServedModel, Url};
use crate::resolve::Pool;

pub(super) fn targets(plan: &Plan, api: &Api) -> Vec<Item> {
    let mut items: Vec<Item> = api.serves.iter().map(|served| Item::new(served_by(plan, served))).collect();
    let pools = pool::pools_of(plan, api);
    for pool in &pools {
        items.push(Item::new(format!("Pool {}:", code(pool.name.as_str()))).with(in_pool(pool)));
    }
    // The pool's explanation has the rule that trips members.
    let in_pools: Vec<String> = pools.iter().flat_map(|pool| &pool.members).map(|member| member.to.text()).collect();
    items.extend(route::reached(plan, api).into_iter().map(|backend| {
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

/// The behaviour of a pool, as the file sets it.
pub(super) fn in_pool(pool: &Pool) -> Vec<Item> {
    let mut lines = members(pool);
    if let Some(breaker) = &pool.breaker {
        lines.push(format!("circuit breaker: {}", tripped(breaker)));
        if let Some(early) = pool.early.as_ref().filter(|_| pool.of_first_priority() < pool.members.len()) {
            lines.push(format!("circuit breaker before the last priority: {}", tripped(early)));
        }
        if breaker.accepts_retry_after {
            lines.push(
                "a member that sends a `Retry-After` of a day is out for a day, unless `circuitBreaker.acceptRetryAfter` is false"
                    .to_owned(),
            );
        }
    } else {
        lines.push("circuit breaker: none, so failing members keep getting requests".to_owned());
    }
    lines.push(match &pool.retry {
        Some(retry) => format!(
            "retry: {} after {} or no response",
            match retry.count {
                1 => "once".to_owned(),
                count => format!("up to {count} times"),
            },
            retry.statuses
        ),
        None => "retry: none".to_owned(),
    });
    lines.push(format!(
        "all members unavailable: the caller gets {}; `Retry-After` is {}, at most {LONGEST_WAIT} s, else {}",
        pool.exhausted.status,
        if pool.breaker.is_some() {
            "the time until the first one recovers"
        } else {
            "the shortest that a member sent"
        },
        pool.exhausted.retry_after
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
        Url::Account { backend, .. } => {
            let role = plan[*backend].role.name();
            let who = words::identity(plan);
            let giver = if plan.service.creates_roles {
                "which the deployment assigns"
            } else {
                "which must be assigned manually"
            };
            lines.push(format!("{who} needs the role {} there, {giver}", code(role)));
        }
        Url::Host { backend, .. } => {
            if route::gets_authorization(plan, backend) {
                lines.push("it gets the caller's `Authorization`, unchanged".to_owned());
            }
        }
    }
    lines.extend(credential.as_ref().map(|credential| words::credential(plan, credential)));
    if let Some(breaker) = breaker
        && tells_breaker
    {
        lines.push(format!("circuit breaker: {}", tripped(&plan[*breaker].rule)));
    }
    let name = words::sentence(&backend_or_pool(backend));
    let items = lines.into_iter().map(Item::new).collect();
    Item::new(format!("{name} ({} in the service) is {}", code(backend.resource.as_str()), url(plan, at))).with(items)
}
