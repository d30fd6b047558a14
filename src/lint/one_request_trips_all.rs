//! A breaker that one bad request can trip at every member.

use crate::diag::{Code, Report};
use crate::resolve::Resolution;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (pool, _) in resolution.pools() {
        let key = pool.name.as_str();
        let Some(breaker) = &pool.breaker else { continue };
        if breaker.failures == 1 && breaker.statuses.has(500) {
            report.push(
                Code::OneRequestTripsAll
                    .at(resolution.value(&["pools", key, "circuitBreaker", "statuses"]))
                    .says(format!("one bad request can trip every member of pool `{key}`"))
                    .because("a single 500 trips a member, and the request is then retried at the next one")
                    .help("remove 500 from `statuses`, or raise `failures`"),
            );
        }
    }
}
