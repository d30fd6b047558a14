//! Pools: the order of members, the waits of retries, and the failures that trip a member.

use std::collections::BTreeSet;

use crate::catalogue::surface::REPEATED;
use crate::plan::{Api, Plan, PoolId, Upstream};
use crate::resolve::{Balance, Member, Pool, Retry};

/// The wait before a retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// This many seconds.
    Seconds(u64),
    /// Somewhat more or less than this many seconds: the service draws the wait at random.
    About(u64),
}

/// The pools that an API uses, each once, by name.
pub fn pools_of<'a>(plan: &'a Plan, api: &Api) -> Vec<&'a Pool> {
    let used: BTreeSet<PoolId> = api.serves.iter().filter_map(|served| pool_id(&served.by)).collect();
    used.into_iter().map(|pool| &plan[pool]).collect()
}

/// The pool that requests go to, if it is one.
pub fn pool<'a>(plan: &'a Plan, by: &Upstream) -> Option<&'a Pool> {
    Some(&plan[pool_id(by)?])
}

fn pool_id(by: &Upstream) -> Option<PoolId> {
    match by {
        Upstream::Pool { pool, .. } => Some(*pool),
        Upstream::Account { .. } | Upstream::Deployment { .. } | Upstream::Http { .. } => None,
    }
}

/// The members in groups of one priority, the first to be used at the start.
pub fn groups(pool: &Pool) -> Vec<Vec<&Member>> {
    let mut members: Vec<&Member> = pool.members.iter().collect();
    members.sort_by_key(|member| member.priority);
    members.chunk_by(|one, other| one.priority == other.priority).map(<[&Member]>::to_vec).collect()
}

/// The weights of the members of a group, where at least one sets a weight.
pub fn has_weights(group: &[&Member]) -> bool {
    group.len() > 1 && group.iter().any(|member| member.weight.is_some())
}

/// The cookie that keeps a client at one member.
pub fn cookie(pool: &Pool) -> Option<&str> {
    match &pool.balance {
        Balance::Pool { cookie } => cookie.as_deref(),
        Balance::Random => None,
    }
}

/// The waits before the first retries, at most `most` of them (reference apim-policies §2.4).
pub fn waits(retry: &Retry, most: u32) -> Vec<Wait> {
    (1..=retry.count.min(most)).map(|at| wait(retry, at)).collect()
}

fn wait(retry: &Retry, at: u32) -> Wait {
    let interval = u64::from(retry.interval.0);
    if at == 1 && retry.first_fast {
        return Wait::Seconds(0);
    }
    match (retry.delta, retry.max_interval) {
        (None, _) => Wait::Seconds(interval),
        (Some(delta), None) => Wait::Seconds(interval + u64::from(at - 1) * u64::from(delta.0)),
        (Some(delta), Some(most)) => {
            let grown = ((1_u64 << at) - 1) * u64::from(delta.0);
            Wait::About((interval + grown).min(most.0.into()))
        }
    }
}

/// The statuses that a pool retries although they do not trip the member that is asked last, so that the same one may be used again;
/// the lowest `most` of them. `None`: retries of this pool always go elsewhere.
pub fn untripped(pool: &Pool, most: usize) -> Option<Vec<u16>> {
    let (Some(retry), Some(breaker), Balance::Pool { .. }) = (&pool.retry, &pool.breaker, &pool.balance) else {
        return None;
    };
    let statuses = retry.statuses.ranges().iter().flat_map(|(from, to)| *from..=*to);
    Some(statuses.filter(|status| !breaker.statuses.has(*status)).take(most).collect())
}

/// True if requests of an API that may not be repeated are retried less often than their pool sets.
pub fn spares_unsafe_requests(plan: &Plan, api: &Api) -> bool {
    let is_unsafe = |(method, _): &(String, String)| REPEATED.contains(&method.as_str());
    !api.surface.is_model()
        && api.operations.iter().any(is_unsafe)
        && pools_of(plan, api).iter().any(|pool| pool.retry.is_some())
}
