//! A breaker that counts nothing of what is retried.

use crate::diag::{Code, Report};
use crate::resolve::{Balance, Resolution};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (pool, written) in resolution.pools() {
        let key = pool.name.as_str();
        let (Some(breaker), Some(retry)) = (&pool.breaker, &pool.retry) else {
            continue;
        };
        if pool.balance == Balance::Random || !breaker.statuses.and(&retry.statuses).is_empty() {
            continue;
        }
        report.push(
            Code::BreakerIgnoresRetried
                .at(match written.retry.as_ref().map(|retry| &retry.statuses) {
                    Some(Some(_)) => resolution.value(&["pools", key, "retry", "statuses"]),
                    Some(None) => resolution.value(&["pools", key, "retry"]),
                    None => resolution.key(&["pools", key]),
                })
                .says(format!("the circuit breaker of pool `{key}` ignores the statuses that are retried"))
                .because(format!(
                    "{} is retried, but {} trips a member: a retry may use the same member again",
                    retry.statuses, breaker.statuses
                ))
                .help("list at least one common status in `circuitBreaker.statuses` and `retry.statuses`"),
        );
    }
}
