//! A first priority that takes more failures to trip than one request has tries.

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
        let is_late = first < pool.members.len() && to_trip > u64::from(retry.count);
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
                .because(format!("{to_trip} failures trip the first priority, and a request has {tries} tries"))
                .help("use `failures: 1`, or more retries; else callers see failures while other members work"),
        );
    }
}
