//! The `pools` key.

use schemars::JsonSchema;
use serde::Deserialize;

use super::form;

/// A pool of backends that share the load.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Pool {
    /// Load balancing: how a member is chosen. Default: `pool`.
    pub balance: Option<Balance>,
    /// Members of the pool, 1 to 30, all with the same kind, audience and credential.
    #[schemars(length(min = 1, max = 30))]
    pub members: Vec<Member>,
    /// Circuit breaker of each member. Default: with `balance: pool` and several members, 1 failure with 429, 502 or 503 within one
    /// minute trips a member for one minute; with `random` or one member, never. A member of another priority than the last one also
    /// trips after a timeout and, unless `statuses` is set, after 500 and 504.
    pub circuit_breaker: Option<CircuitBreaker>,
    /// Retries of a request at other members. Default: members − 1 retries.
    pub retry: Option<Retry>,
    /// Response if all members are unavailable.
    pub exhausted: Option<Exhausted>,
    /// Session affinity: a cookie keeps a client at one member. Only with `balance: pool`.
    pub session_affinity: Option<SessionAffinity>,
}

/// Session affinity of a pool.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SessionAffinity {
    /// Name of the cookie that identifies the member. Example: `gateway-session`.
    #[schemars(with = "form::CookieName")]
    pub cookie: String,
}

/// Load balancing of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Balance {
    /// A backend pool of API Management.
    Pool,
    /// The policy: a random first member, the next one on each retry.
    Random,
}

/// A member of a pool.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Member {
    /// `backend` or `backend/deployment`. Example: `east/gpt-4o`.
    pub backend: String,
    /// Priority, 0 to 100: members with a higher number receive requests only while all members with lower numbers are tripped. Default: 1.
    #[schemars(range(min = 0, max = 100))]
    pub priority: Option<u32>,
    /// Weight, 0 to 100: share of the load among members of the same priority. Default: 1.
    #[schemars(range(min = 0, max = 100))]
    pub weight: Option<u32>,
}

/// Circuit breaker of a pool's members.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CircuitBreaker {
    /// Number of failures that trip the circuit breaker. Default: 1.
    #[schemars(range(min = 1, max = 10000))]
    pub failures: Option<u32>,
    /// Period in which failures are counted. Default: `1m`.
    #[schemars(with = "Option<form::Duration>")]
    pub within: Option<String>,
    /// Statuses that count as failures. 500 is not included by default, because one request that always fails would trip every member
    /// for all callers. Default: `[429, 502, 503]`, and 529 where members are not Azure OpenAI accounts.
    #[schemars(length(min = 1))]
    pub statuses: Option<Vec<Status>>,
    /// Trip duration: how long a tripped member receives no requests. Default: `1m`.
    #[schemars(with = "Option<form::Duration>")]
    pub trip_for: Option<String>,
    /// True if a `Retry-After` header of the member overrides `tripFor`, however long it is. Default: true.
    pub accept_retry_after: Option<bool>,
}

/// Retries of a request.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Retry {
    /// Maximum number of retries, 1 to 50. Default: members − 1.
    #[schemars(range(min = 1, max = 50))]
    pub count: Option<u32>,
    /// Statuses that are retried; a request without a response is always retried. Default: `[429, 500, 502-504]`, and 529 where
    /// members are not Azure OpenAI accounts.
    #[schemars(length(min = 1))]
    pub statuses: Option<Vec<Status>>,
    /// Wait before a retry. Default: `0s`.
    #[schemars(with = "Option<form::Duration>")]
    pub interval: Option<String>,
    /// Increase of each further wait. Default: none.
    #[schemars(with = "Option<form::Duration>")]
    pub delta: Option<String>,
    /// Maximum wait, only with `delta`. Default: none.
    #[schemars(with = "Option<form::Duration>")]
    pub max_interval: Option<String>,
    /// True if the first retry is immediate. Default: true.
    pub first_fast: Option<bool>,
}

/// Response if all members are unavailable.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Exhausted {
    /// Status of the response, 400 to 599. Default: 429 for Azure accounts, 503 for HTTP services.
    #[schemars(range(min = 400, max = 599))]
    pub status: Option<u16>,
    /// `Retry-After` of the response if it is not known when a member recovers. Default: `tripFor` of the circuit breaker, or `10s`
    /// without one.
    #[schemars(with = "Option<form::Duration>")]
    pub retry_after: Option<String>,
}

/// An HTTP status, or a range of statuses. Examples: `429`, `500-599`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Status {
    /// A single status.
    One(#[schemars(range(min = 200, max = 599))] u16),
    /// A range of statuses, both ends included.
    Range(#[schemars(with = "form::StatusRange")] String),
}
