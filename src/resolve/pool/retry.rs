//! When a request is tried again, and what the caller gets in the end; with the times and statuses of pools.

use super::Resolver;
use super::breaker::with_overload;
use crate::catalogue::kind::AccountKind;
use crate::diag::{Code, Diagnostic, Location, Report};
use crate::model;
use crate::resolve::destination::{Breaker, Exhausted, Retry};
use crate::resolve::measure::{Seconds, Statuses};

/// Statuses after which another member is tried (design §1, defaults).
const RETRIED: [(u16, u16); 3] = [(429, 429), (500, 500), (502, 504)];

impl Resolver<'_> {
    /// `None` if it was refused, `Some(None)` if it is not set.
    #[expect(clippy::option_option, reason = "rejected is different from absent")]
    pub(super) fn retry(
        &self,
        members: usize,
        kind: Option<AccountKind>,
        report: &mut Report,
    ) -> Option<Option<Retry>> {
        let written = self.pool.retry.as_ref();
        let others = u32::try_from(members.saturating_sub(1)).expect("shape: pools have 30 members at most");
        let count = written.and_then(|w| w.count).unwrap_or(others);
        let here = |key| ["retry", key];
        let interval = match written.and_then(|w| w.interval.as_deref()) {
            Some(text) => self.bounded(&here("interval"), text, report),
            None => Some(Seconds(0)),
        };
        let delta = written.and_then(|w| w.delta.as_deref());
        let most = written.and_then(|w| w.max_interval.as_deref());
        let refuse = |key: &str, says: &str, because: &str, help: &str, report: &mut Report| {
            report.push(
                Code::RetryShape.at(self.value(&["retry", key])).says(says.to_owned()).because(because).help(help),
            );
        };
        if most.is_some() && delta.is_none() {
            refuse(
                "maxInterval",
                "`maxInterval` has no effect without `delta`",
                "a fixed interval needs no maximum",
                "add `delta`, or remove `maxInterval`",
                report,
            );
        }
        // Refused unless it is longer than nothing; absent is absent.
        let delta = match delta {
            Some(text) => self.positive(&here("delta"), text, report).map(Some),
            None => Some(None),
        };
        let most = match most {
            Some(text) => self.positive(&here("maxInterval"), text, report).map(Some),
            None => Some(None),
        };
        if let (Some(Some(most)), Some(interval)) = (most, interval)
            && most < interval
        {
            refuse(
                "maxInterval",
                "`maxInterval` is shorter than `interval`",
                "the longest wait cannot be shorter than the first",
                "raise it, or lower `interval`",
                report,
            );
        }
        let first_fast = written.and_then(|w| w.first_fast) != Some(false);
        if interval == Some(Seconds(0)) && !first_fast {
            refuse(
                "firstFast",
                "an `interval` of zero requires `firstFast`",
                "API Management accepts `0s` only together with an immediate first retry",
                "raise `interval`, or remove `firstFast`",
                report,
            );
        }
        let listed = written.and_then(|w| w.statuses.as_deref());
        let statuses = self.statuses(&here("statuses"), listed, &with_overload(&RETRIED, kind), report)?;
        if count == 0 {
            return Some(None);
        }
        Some(Some(Retry { count, statuses, interval: interval?, delta: delta?, max_interval: most?, first_fast }))
    }

    pub(super) fn exhausted(
        &self,
        kind: Option<AccountKind>,
        breaker: Option<&Breaker>,
        report: &mut Report,
    ) -> Option<Exhausted> {
        let written = self.pool.exhausted.as_ref();
        let retry_after = written.and_then(|w| w.retry_after.as_deref());
        Some(Exhausted {
            // Clients of models wait after 429; of other services a lack of members is 503.
            status: written.and_then(|w| w.status).unwrap_or(if kind.is_some() { 429 } else { 503 }),
            retry_after: {
                let default = breaker.map_or(10, |breaker| breaker.trip_for.0);
                self.duration(&["exhausted", "retryAfter"], retry_after, default, report)?
            },
        })
    }

    /// A duration of a second at least, or the default.
    pub(super) fn duration(
        &self,
        keys: &[&str],
        text: Option<&str>,
        default: u32,
        report: &mut Report,
    ) -> Option<Seconds> {
        match text {
            None => Some(Seconds(default)),
            Some(text) => self.positive(keys, text, report),
        }
    }

    pub(super) fn positive(&self, keys: &[&str], text: &str, report: &mut Report) -> Option<Seconds> {
        let seconds = self.bounded(keys, text, report)?;
        if seconds == Seconds(0) {
            report.push(self.meaningless(keys, text, "the minimum is one second"));
            return None;
        }
        Some(seconds)
    }

    pub(super) fn bounded(&self, keys: &[&str], text: &str, report: &mut Report) -> Option<Seconds> {
        let seconds = Seconds::parse(text);
        if seconds.is_none() {
            report.push(self.meaningless(keys, text, "the maximum is one day"));
        }
        seconds
    }

    pub(super) fn meaningless(&self, keys: &[&str], text: &str, because: &str) -> Diagnostic {
        let key = keys.last().expect("pool: durations have keys");
        Code::MeaninglessDuration
            .at(self.value(keys))
            .says(format!("`{key}: {text}` is out of range"))
            .because(because)
            .help("write a duration such as `10s` or `1m`, or remove it for the default")
    }

    pub(super) fn statuses(
        &self,
        keys: &[&str],
        list: Option<&[model::Status]>,
        default: &[(u16, u16)],
        report: &mut Report,
    ) -> Option<Statuses> {
        let Some(list) = list else {
            return Some(Statuses::of(default.to_vec()));
        };
        let refuse = |at: Location, says: String, because: &str, report: &mut Report| {
            report.push(
                Code::FailureStatus.at(at).says(says).because(because).help("list failure statuses: `[429, 500-599]`"),
            );
            None
        };
        let item = |position| Location::value(self.context.file, self.path(keys).index(position));
        match Statuses::new(list) {
            Err(position) => refuse(
                item(position),
                "the range ends before it starts".to_owned(),
                "the lower status must come first",
                report,
            ),
            Ok(statuses) => {
                let is_failure = |status: &model::Status| {
                    let one = Statuses::new(std::slice::from_ref(status));
                    one.is_ok_and(|one| {
                        let mut ranges = one.ranges().iter();
                        ranges.all(|(from, to)| *from >= 400 && *to < 600)
                    })
                };
                let Some(position) = list.iter().position(|status| !is_failure(status)) else {
                    return Some(statuses);
                };
                refuse(
                    item(position),
                    "this is not a failure status".to_owned(),
                    "failure statuses are 400 to 599; with others, successful requests would count",
                    report,
                )
            }
        }
    }
}
