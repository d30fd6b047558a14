//! When a member is left alone, and whether that fits what is tried again.

use std::collections::BTreeSet;

use super::{Balance, Breaker, Resolver, Retry};
use crate::catalogue::kind::AccountKind;
use crate::catalogue::sku::{Sku, Tier};
use crate::diag::{Code, Report};
use crate::model;

/// Statuses that say that a member is not there for anybody (design §1, defaults).
const TRIPPING: [(u16, u16); 2] = [(429, 429), (502, 503)];
/// Ranges that one rule of a breaker takes (reference arm-and-terraform §1.3).
const MOST_RANGES: usize = 10;

impl Resolver<'_> {
    /// `None` if it was refused, `Some(None)` if there is none.
    #[expect(clippy::option_option, reason = "rejected is different from absent")]
    pub(super) fn breaker(&self, report: &mut Report) -> Option<Option<Breaker>> {
        let written = self.pool.circuit_breaker.as_ref();
        let is_random = self.pool.balance == Some(model::Balance::Random);
        if written.is_none() && is_random {
            return Some(None);
        }
        if self.service.sku.map(Sku::tier) == Some(Tier::Consumption) {
            let at = match written {
                Some(_) => self.at(&["circuitBreaker"]),
                None => self.at(&[]),
            };
            report.push(
                Code::Tier
                    .at(at)
                    .says(format!(
                        "pool `{}` requires circuit breakers, which the Consumption tier does not support",
                        self.key
                    ))
                    .because("without them no member is ever skipped, and no other priority is used")
                    .also(self.context.value(&["gateway", "sku"]), "the tier is set here")
                    .help("use `balance: random` without `circuitBreaker`, or another tier"),
            );
            return None;
        }
        let here = |key| ["circuitBreaker", key];
        let within = self.duration(&here("within"), written.and_then(|w| w.within.as_deref()), 60, report);
        let trip_for = self.duration(&here("tripFor"), written.and_then(|w| w.trip_for.as_deref()), 60, report);
        let statuses = self.statuses(&here("statuses"), written.and_then(|w| w.statuses.as_deref()), &TRIPPING, report);
        let failures = written.and_then(|w| w.failures).unwrap_or(1);
        let statuses = statuses?;
        if statuses.ranges().len() > MOST_RANGES {
            report.push(
                Code::OutOfRange
                    .at(self.value(&here("statuses")))
                    .says(format!(
                        "a circuit breaker may have at most {MOST_RANGES} status ranges, but this one has {}",
                        statuses.ranges().len()
                    ))
                    .because("adjacent statuses count as one range")
                    .help("combine some of them into a range, such as `500-599`"),
            );
            return None;
        }
        if failures == 1 && statuses.has(500) {
            report.push(
                Code::PoisonedRequest
                    .at(self.written(written.is_some(), &here("statuses")))
                    .says(format!("one bad request can trip every member of pool `{}`", self.key))
                    .because("a single 500 trips a member, and the request is then retried at the next one")
                    .help("remove 500 from `statuses`, or raise `failures`"),
            );
        }
        let priorities: BTreeSet<u32> = self.pool.members.iter().map(|member| member.priority.unwrap_or(1)).collect();
        if priorities.len() > 1 && !statuses.has(429) {
            report.push(
                Code::IdlePriority
                    .at(self.value(&here("statuses")))
                    .says(format!("throttling never makes pool `{}` use the next priority", self.key))
                    .because("429 does not trip a member, and a priority is used only after all members before it have tripped")
                    .help("add 429 to `statuses`"),
            );
        }
        Some(Some(Breaker {
            failures,
            within: within?,
            statuses,
            trip_for: trip_for?,
            accepts_retry_after: written.and_then(|w| w.accept_retry_after) != Some(false),
        }))
    }

    /// What breaker and retry do to each other.
    pub(super) fn check_together(
        &self,
        balance: &Balance,
        breaker: Option<&Breaker>,
        retry: Option<&Retry>,
        report: &mut Report,
    ) {
        let (Some(breaker), Some(retry)) = (breaker, retry) else {
            return;
        };
        if *balance == Balance::Random {
            if !retry.statuses.has(503) {
                report.push(
                    Code::TrippedNotRetried
                        .at(self.written(self.pool.retry.is_some(), &["retry", "statuses"]))
                        .says(format!("a tripped member of pool `{}` may be the end of a request", self.key))
                        .because("a tripped member returns 503, which is not retried")
                        .also(self.at(&["circuitBreaker"]), "members can trip because of this")
                        .help("add 503 to `retry.statuses`, or remove `circuitBreaker`"),
                );
            }
            return;
        }
        let (_, first) = self.priorities();
        let to_trip = u64::from(breaker.failures) * first as u64;
        if first < self.pool.members.len() && to_trip > u64::from(retry.count) {
            let tries = retry.count + 1;
            report.push(
                Code::LateFailover
                    .at(self.written(self.pool.circuit_breaker.is_some(), &["circuitBreaker"]))
                    .says(format!("pool `{}` fails over too late for some requests", self.key))
                    .because(format!("it takes {to_trip} failures to trip the first priority, but a request has {tries} attempts"))
                    .help("use `failures: 1`, or more retries; otherwise callers get failures while other members are available"),
            );
        }
        if breaker.statuses.and(&retry.statuses).is_empty() {
            report.push(
                Code::BlindBreaker
                    .at(self.written(self.pool.retry.is_some(), &["retry", "statuses"]))
                    .says(format!("the circuit breaker of pool `{}` ignores the statuses that are retried", self.key))
                    .because(format!(
                        "{} is retried, but {} trips a member: a retry may use the same member again",
                        retry.statuses, breaker.statuses
                    ))
                    .help("list at least one common status in `circuitBreaker.statuses` and `retry.statuses`"),
            );
        }
    }

    /// What accounts answer under load.
    pub(super) fn check_throttling(&self, kind: AccountKind, breaker: &Breaker, report: &mut Report) {
        // With priorities it is an error.
        if breaker.statuses.has(429) || self.priorities().1 < self.pool.members.len() {
            return;
        }
        if self.pool.members.len() == 1 {
            return;
        }
        report.push(
            Code::Throttling
                .at(self.value(&["circuitBreaker", "statuses"]))
                .says(format!("throttled members of pool `{}` stay in rotation", self.key))
                .because(format!("{} returns 429 under load, and 429 does not trip a member", kind.name()))
                .help("add 429 to `statuses`"),
        );
    }

    /// The number of the first priority, and how many members have it.
    pub(super) fn priorities(&self) -> (u32, usize) {
        let all = self.pool.members.iter();
        let all = all.map(|member| member.priority.unwrap_or(1));
        let first = all.clone().min().unwrap_or(1);
        (first, all.filter(|one| *one == first).count())
    }
}
