//! Retries after responses that will not change.

use crate::diag::{Code, Report};
use crate::resolve::Resolution;
use crate::resolve::measure::Statuses;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    for (key, pool) in &resolution.written().pools {
        let written = pool.retry.as_ref().and_then(|retry| retry.statuses.as_deref());
        // What is no list of statuses was reported.
        let Some(Ok(statuses)) = written.map(Statuses::new) else {
            continue;
        };
        let pointless = statuses.and(&Statuses::of(vec![(400, 401), (403, 404)]));
        if !pointless.is_empty() {
            report.push(
                Code::PointlessRetry
                    .at(resolution.value(&["pools", key, "retry", "statuses"]))
                    .says(format!("pool `{key}` retries after {pointless}"))
                    .because("a malformed or forbidden request gets the same response again")
                    .help("remove these statuses, so that callers get them at once"),
            );
        }
    }
}
