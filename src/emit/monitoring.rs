//! The logged properties, in both targets.

use super::value::Value;
use crate::plan::Plan;

/// Headers of a backend's response that tell attempts apart and hold nothing secret: how long to wait, and of models also who answered
/// and how much is left.
pub(super) fn logged_headers(plan: &Plan) -> Value {
    let models: &[&str] = &["x-ms-region", "x-ratelimit-remaining-requests", "x-ratelimit-remaining-tokens"];
    let models = if plan.accounts.is_empty() { &[] } else { models };
    let all = ["Retry-After"].iter().chain(models);
    Value::Lines(all.map(|name| Value::text(*name)).collect())
}
