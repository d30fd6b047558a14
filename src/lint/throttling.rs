//! Throttling that does not trip members of a pool without priorities; with priorities it is an error.

use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (pool, _) in resolution.pools() {
        let key = pool.name.as_str();
        let (Some(kind), Some(breaker)) = (pool.kind, &pool.breaker) else {
            continue;
        };
        let has_priorities = pool.of_first_priority() < pool.members.len();
        if breaker.statuses.has(429) || has_priorities || pool.members.len() == 1 {
            continue;
        }
        report.push(
            Code::Throttling
                .at(resolution.value(&["pools", key, "circuitBreaker", "statuses"]))
                .says(format!("throttled members of pool `{key}` stay in rotation"))
                .because(format!("{} returns 429 under load, and 429 does not trip a member", kind.name()))
                .help("add 429 to `statuses`"),
        );
    }
}
