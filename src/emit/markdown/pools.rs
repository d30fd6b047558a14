//! Pools, how they fail over, and the limits of callers.

use super::custom_policies;
use super::filters;
use crate::catalogue::sku::Sku;
use crate::catalogue::timeout_honoured;
use crate::emit::{Fragment, fragment};
use crate::facts::custom::Impact;
use crate::facts::pool::{self, Wait};
use crate::plan::Plan;
use crate::plan::policy::LONGEST_WAIT;
use crate::resolve::{Balance, Breaker, Exhausted, Pool};

/// The number of waits and statuses that are listed.
const MOST: u32 = 5;

#[derive(askama::Template)]
#[template(path = "markdown/pools.md.j2")]
struct PoolsView<'a> {
    pools: Vec<PoolView<'a>>,
    trips: bool,
    accepts_retry_after: bool,
    spares_unsafe: bool,
    has_accounts: bool,
    has_models: bool,
    /// The longest wait that callers are told, in seconds.
    longest: u32,
    /// The time that all attempts have, in seconds.
    budget: u32,
}

struct PoolView<'a> {
    name: &'a str,
    members: Fragment,
    breaker: Option<&'a Breaker>,
    tripping: String,
    /// What trips the members of all priorities but the last, where it is more.
    early: Option<String>,
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
    same: Option<SameView>,
}

/// The failures after which a retry may use the same member again, besides timeouts.
struct SameView {
    statuses: Vec<u16>,
    has_many: bool,
    /// True if it is so for members of the last priority alone.
    is_last: bool,
    /// True if there is one such member.
    is_alone: bool,
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
    let breakers = plan.pools.iter().filter_map(|pool| pool.breaker.as_ref());
    Some(fragment(&PoolsView {
        pools: plan.pools.iter().map(view).collect(),
        trips: breakers.clone().next().is_some(),
        accepts_retry_after: breakers.clone().any(|breaker| breaker.accepts_retry_after),
        longest: LONGEST_WAIT,
        budget: timeout_honoured(plan.service.sku.map(Sku::tier)) - 5,
        has_models: plan.apis.iter().any(|api| api.surface.is_model()),
        spares_unsafe: plan.apis.iter().any(|api| pool::spares_unsafe_requests(plan, api)),
        has_accounts: !plan.accounts.is_empty(),
    }))
}

fn view(pool: &Pool) -> PoolView<'_> {
    PoolView {
        name: pool.name.as_str(),
        members: members(pool),
        breaker: pool.breaker.as_ref(),
        tripping: pool.breaker.as_ref().map(Breaker::causes).unwrap_or_default(),
        early: pool.early.as_ref().filter(|_| pool.of_first_priority() < pool.members.len()).map(Breaker::causes),
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
    let last = pool::groups(pool).pop().unwrap_or_default();
    let same = pool::untripped(pool, MOST as usize + 1).map(|statuses| SameView {
        has_many: statuses.len() > MOST as usize,
        statuses,
        is_last: last.len() < pool.members.len(),
        is_alone: last.len() == 1,
    });
    Some(fragment(&RetryView {
        count: retry.count,
        waits,
        goes_on: !is_same && retry.count > MOST,
        statuses: retry.statuses.to_string(),
        same,
    }))
}

/// The limits of callers.
pub(super) fn limits(plan: &Plan) -> Fragment {
    fragment(&LimitsView {
        is_limited: plan.apis.iter().any(|api| api.rate_limit.is_some()),
        custom: custom_policies(plan, Impact::Limits),
    })
}
