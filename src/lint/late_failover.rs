//! Members that take more failures to trip than one request has attempts.

use crate::diag::{Code, Report};
use crate::resolve::{Balance, Resolution};

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (pool, written) in resolution.pools() {
        let key = pool.name.as_str();
        let (Some(breaker), Some(retry)) = (&pool.breaker, &pool.retry) else {
            continue;
        };
        let first = pool.of_first_priority();
        let to_trip = u64::from(breaker.failures) * first as u64;
        let has_priorities = first < pool.members.len();
        // Without priorities one member has to trip for the retry to go elsewhere, and the pool may draw it again until then.
        let is_late = if has_priorities { to_trip > u64::from(retry.count) } else { first > 1 && breaker.failures > 1 };
        if pool.balance == Balance::Random || !is_late {
            continue;
        }
        let tries = retry.count + 1;
        let is_written = written.circuit_breaker.is_some();
        report.push(
            Code::LateFailover
                .at(match is_written {
                    true => resolution.value(&["pools", key, "circuitBreaker"]),
                    false => resolution.key(&["pools", key]),
                })
                .says(format!("pool `{key}` fails over too late for some requests"))
                .because(if has_priorities {
                    format!("it takes {to_trip} failures to trip the first priority, but a request has {tries} attempts")
                } else {
                    format!("a failing member stays in rotation until its failure {}, so a retry may go to it again", breaker.failures)
                })
                .help("use `failures: 1`, or more retries; otherwise callers get failures while other members are available"),
        );
    }
}
