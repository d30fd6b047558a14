//! The circuit breaker of a member.

use std::collections::BTreeSet;

use super::Resolver;
use crate::catalogue::kind::AccountKind;
use crate::catalogue::sku::{Sku, Tier};
use crate::diag::{Code, Report};
use crate::model;
use crate::resolve::destination::Breaker;
use crate::resolve::measure::{OVERLOADED, Statuses};

/// Statuses that mean that a member is unavailable to all callers (design §1, defaults).
const TRIPPING: [(u16, u16); 2] = [(429, 429), (502, 503)];
/// Statuses that also trip members that others stand behind (design §8): what waits for them is lost, whatever the reason.
const EARLY: [(u16, u16); 2] = [(500, 500), (504, 504)];
/// Ranges that one rule of a breaker takes (reference arm-and-terraform §1.3).
const MOST_RANGES: usize = 10;

/// These statuses, and that of overload where members send it: Azure OpenAI does not.
pub(super) fn with_overload(statuses: &[(u16, u16)], kind: Option<AccountKind>) -> Vec<(u16, u16)> {
    let overload = (kind != Some(AccountKind::AzureOpenAi)).then_some(OVERLOADED);
    statuses.iter().copied().chain(overload).collect()
}

impl Resolver<'_> {
    /// `None` if it was refused, `Some(None)` if it is not set.
    #[expect(clippy::option_option, reason = "rejected is different from absent")]
    pub(super) fn breaker(&self, kind: Option<AccountKind>, report: &mut Report) -> Option<Option<Breaker>> {
        let written = self.pool.circuit_breaker.as_ref();
        let is_random = self.pool.balance == Some(model::Balance::Random);
        // A breaker of the only member would make one failure an outage for everybody.
        if written.is_none() && (is_random || self.pool.members.len() == 1) {
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
        let listed = written.and_then(|w| w.statuses.as_deref());
        let statuses = self.statuses(&here("statuses"), listed, &with_overload(&TRIPPING, kind), report);
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
        let priorities: BTreeSet<u32> = self.pool.members.iter().map(|member| member.priority.unwrap_or(1)).collect();
        if kind.is_some() && priorities.len() > 1 && !statuses.has(429) {
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
            timeouts: false,
            trip_for: trip_for?,
            accepts_retry_after: written.and_then(|w| w.accept_retry_after) != Some(false),
        }))
    }

    /// The circuit breaker of the members that others stand behind. Statuses that the file lists are all that count.
    pub(super) fn early(&self, breaker: &Breaker) -> Breaker {
        let written = self.pool.circuit_breaker.as_ref();
        let mut ranges = breaker.statuses.ranges().to_vec();
        if written.is_none_or(|written| written.statuses.is_none()) {
            ranges.extend(EARLY);
        }
        Breaker { statuses: Statuses::of(ranges), timeouts: true, ..breaker.clone() }
    }
}
