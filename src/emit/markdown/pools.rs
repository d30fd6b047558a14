//! Pools, how they fail over, and the limits of callers.

use super::custom_policies;
use super::filters;
use crate::emit::{Fragment, fragment};
use crate::facts::custom::Impact;
use crate::facts::pool::{self, Wait};
use crate::plan::Plan;
use crate::resolve::{Balance, Breaker, Exhausted, Pool};

/// The number of waits and statuses that are listed.
const MOST: u32 = 5;

#[derive(askama::Template)]
#[template(path = "markdown/pools.md.j2")]
struct PoolsView<'a> {
    pools: Vec<PoolView<'a>>,
    trips: bool,
    spares_unsafe: bool,
    has_accounts: bool,
}

struct PoolView<'a> {
    name: &'a str,
    members: Fragment,
    breaker: Option<&'a Breaker>,
    tripping: String,
    retry: Option<Fragment>,
    exhausted: &'a Exhausted,
}

#[derive(askama::Template)]
#[template(path = "markdown/members.md.j2")]
struct MembersView<'a> {
    is_random: bool,
    groups: Vec<Vec<MemberView>>,
    cookie: Option<&'a str>,
}

struct MemberView {
    name: String,
    weight: Option<u32>,
}

#[derive(askama::Template)]
#[template(path = "markdown/retry.md.j2")]
struct RetryView {
    count: u32,
    waits: Vec<Wait>,
    goes_on: bool,
    statuses: String,
    untripped: Vec<u16>,
    has_many_untripped: bool,
}

#[derive(askama::Template)]
#[template(path = "markdown/limits.md.j2")]
struct LimitsView {
    is_limited: bool,
    custom: Option<Fragment>,
}

pub(super) fn part(plan: &Plan) -> Option<Fragment> {
    if plan.pools.is_empty() {
        return None;
    }
    Some(fragment(&PoolsView {
        pools: plan.pools.iter().map(view).collect(),
        trips: plan.pools.iter().any(|pool| pool.breaker.is_some()),
        spares_unsafe: plan.apis.iter().any(|api| pool::spares_unsafe_requests(plan, api)),
        has_accounts: !plan.accounts.is_empty(),
    }))
}

fn view(pool: &Pool) -> PoolView<'_> {
    PoolView {
        name: pool.name.as_str(),
        members: members(pool),
        breaker: pool.breaker.as_ref(),
        tripping: pool.breaker.as_ref().map(|breaker| breaker.statuses.to_string()).unwrap_or_default(),
        retry: retry(pool),
        exhausted: &pool.exhausted,
    }
}

fn members(pool: &Pool) -> Fragment {
    let groups = pool::groups(pool).into_iter().map(|group| {
        let has_weights = pool::has_weights(&group);
        let member = |member: &&crate::resolve::Member| MemberView {
            name: member.to.text(),
            weight: member.weight.filter(|_| has_weights),
        };
        group.iter().map(member).collect()
    });
    fragment(&MembersView {
        is_random: pool.balance == Balance::Random,
        groups: groups.collect(),
        cookie: pool::cookie(pool),
    })
}

fn retry(pool: &Pool) -> Option<Fragment> {
    let retry = pool.retry.as_ref()?;
    let mut waits = pool::waits(retry, MOST);
    let is_same = waits.iter().all(|wait| *wait == waits[0]);
    if is_same {
        waits.truncate(1);
    }
    let untripped = pool::untripped(pool, MOST as usize + 1);
    Some(fragment(&RetryView {
        count: retry.count,
        waits,
        goes_on: !is_same && retry.count > MOST,
        statuses: retry.statuses.to_string(),
        has_many_untripped: untripped.len() > MOST as usize,
        untripped,
    }))
}

/// The limits of callers.
pub(super) fn limits(plan: &Plan) -> Fragment {
    fragment(&LimitsView {
        is_limited: plan.apis.iter().any(|api| api.rate_limit.is_some()),
        custom: custom_policies(plan, Impact::Limits),
    })
}
