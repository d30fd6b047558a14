//! Pools and breakers for both targets: the same properties, in values that each target prints its own way.

use super::value::{Expression, Value};
use crate::plan::{Breaker, PoolMember};

/// Why a member that cannot be reached failed, in the words of `context.LastError.Reason` (reference apim-policies §1.3): it has no
/// status, and without this no other priority would ever be asked.
const UNREACHABLE: &str = "BackendConnectionFailure";

/// The same of a member that does not answer in time. It counts only where others stand behind: a request that takes too long takes
/// so at every member, and would trip all of them.
const TIMEOUT: &str = "Timeout";

/// `properties.circuitBreaker` of a backend.
pub(super) fn breaker(breaker: &Breaker) -> Value {
    let rule = &breaker.rule;
    let ranges = rule.statuses.ranges().iter().map(|(min, max)| {
        Value::Row(vec![
            ("min".to_owned(), Value::Number(i64::from(*min))),
            ("max".to_owned(), Value::Number(i64::from(*max))),
        ])
    });
    let reasons = [UNREACHABLE].into_iter().chain(rule.timeouts.then_some(TIMEOUT));
    let condition = Value::object([
        ("count", Value::Number(i64::from(rule.failures))),
        ("interval", Value::text(rule.within.iso8601())),
        ("statusCodeRanges", Value::Lines(ranges.collect())),
        ("errorReasons", Value::List(reasons.map(Value::text).collect())),
    ]);
    let rule = Value::object([
        ("name", Value::text(&breaker.key)),
        ("tripDuration", Value::text(rule.trip_for.iso8601())),
        ("acceptRetryAfter", Value::Boolean(rule.accepts_retry_after)),
        ("failureCondition", condition),
    ]);
    Value::object([("rules", Value::Lines(vec![rule]))])
}

/// `properties.pool` of a pool. `id` gives the id of a member. Session affinity is typed in a preview of the resource only (reference
/// arm-and-terraform §1.3).
pub(super) fn pool(members: &[PoolMember], cookie: Option<&str>, id: impl Fn(&PoolMember) -> Expression) -> Value {
    let services = members.iter().map(|member| {
        let number = |number: Option<u32>| number.map(|number| Value::Number(i64::from(number)));
        let fields = [
            ("id", Some(Value::Reference(id(member)))),
            ("priority", number(member.priority)),
            ("weight", number(member.weight)),
        ];
        Value::object(fields.into_iter().filter_map(|(key, value)| Some((key, value?))))
    });
    let mut pool = vec![("services", Value::Lines(services.collect()))];
    if let Some(cookie) = cookie {
        let session = [("source", Value::text("cookie")), ("name", Value::text(cookie))];
        let affinity = Value::object([("sessionId", Value::object(session))]);
        pool.push(("sessionAffinity", affinity));
    }
    Value::object(pool)
}
