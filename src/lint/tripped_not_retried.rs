//! A random pool that does not go on to another member when one is tripped.

use crate::diag::{Code, Report};
use crate::resolve::{Balance, Resolution};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (pool, _) in resolution.pools() {
        let key = pool.name.as_str();
        let (Some(_), Some(retry)) = (&pool.breaker, &pool.retry) else {
            continue;
        };
        if pool.balance == Balance::Random && !retry.statuses.has(503) {
            report.push(
                Code::TrippedNotRetried
                    .at(resolution.value(&["pools", key, "retry", "statuses"]))
                    .says(format!("a tripped member of pool `{key}` may be the end of a request"))
                    .because("a tripped member returns 503, which is not retried")
                    .also(resolution.key(&["pools", key, "circuitBreaker"]), "members can trip because of this")
                    .help("add 503 to `retry.statuses`, or remove `circuitBreaker`"),
            );
        }
    }
}
