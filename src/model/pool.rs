//! The `pools` key.

use schemars::JsonSchema;
use serde::Deserialize;

use super::form;

/// Backends that share the load.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Pool {
    /// Who chooses the member. Default: `pool`.
    pub balance: Option<Balance>,
    /// The members: of one kind, audience and credential; at most 30.
    #[schemars(length(min = 1, max = 30))]
    pub members: Vec<Member>,
    /// When a member is left alone for a while. Default: with `balance: pool`, 1 failure with 429, 502 or 503 within one minute trips a
    /// member for one minute; with `random`, never.
    pub circuit_breaker: Option<CircuitBreaker>,
    /// When a request is tried again. Default: members − 1 times.
    pub retry: Option<Retry>,
    /// What the caller gets when no member is left.
    pub exhausted: Option<Exhausted>,
    /// Keeps a caller at one member, by a cookie that the caller sends back. Only with `balance: pool`.
    pub session_affinity: Option<SessionAffinity>,
}

/// How a caller is kept at one member of a pool.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SessionAffinity {
    /// Name of the cookie that names the member. Example: `gateway-session`.
    #[schemars(with = "form::CookieName")]
    pub cookie: String,
}

/// Who chooses a member of a pool.
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
    /// Lower numbers first; higher ones only while all lower ones are tripped. 0 to 100. Default: 1.
    #[schemars(range(min = 0, max = 100))]
    pub priority: Option<u32>,
    /// Share of the load among members of one priority. 0 to 100. Default: 1.
    #[schemars(range(min = 0, max = 100))]
    pub weight: Option<u32>,
}

/// When a member is left alone for a while.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CircuitBreaker {
    /// Failures that trip the member. Default: 1.
    #[schemars(range(min = 1, max = 10000))]
    pub failures: Option<u32>,
    /// Time in which they are counted. Default: `1m`.
    #[schemars(with = "Option<form::Duration>")]
    pub within: Option<String>,
    /// Statuses that count as failures; 500 is not among them by default, since one request that always fails would trip every member
    /// for everybody. Default: `[429, 502, 503]`.
    #[schemars(length(min = 1))]
    pub statuses: Option<Vec<Status>>,
    /// Time for which a tripped member is left alone. Default: `1m`.
    #[schemars(with = "Option<form::Duration>")]
    pub trip_for: Option<String>,
    /// Whether a `Retry-After` of the member replaces `tripFor`. Default: true.
    pub accept_retry_after: Option<bool>,
}

/// When a request is tried again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Retry {
    /// How often it is tried again: 1 to 50. Default: members − 1.
    #[schemars(range(min = 1, max = 50))]
    pub count: Option<u32>,
    /// Statuses after which it is tried again; so it is when there is no answer at all. Default: `[429, 500, 502-504]`.
    #[schemars(length(min = 1))]
    pub statuses: Option<Vec<Status>>,
    /// Wait before a retry. Default: `0s`.
    #[schemars(with = "Option<form::Duration>")]
    pub interval: Option<String>,
    /// How much longer each further wait is. Default: none.
    #[schemars(with = "Option<form::Duration>")]
    pub delta: Option<String>,
    /// The longest wait, with `delta`. Default: none.
    #[schemars(with = "Option<form::Duration>")]
    pub max_interval: Option<String>,
    /// Whether the first retry is immediate. Default: true.
    pub first_fast: Option<bool>,
}

/// What the caller gets when no member is left.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Exhausted {
    /// Status of the answer. Default: 429.
    #[schemars(range(min = 400, max = 599))]
    pub status: Option<u16>,
    /// `Retry-After` of the answer, where no backend gave one. Default: `10s`.
    #[schemars(with = "Option<form::Duration>")]
    pub retry_after: Option<String>,
}

/// An HTTP status, or a range of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Status {
    /// One status.
    One(#[schemars(range(min = 200, max = 599))] u16),
    /// From one status to another, both included.
    Range(#[schemars(with = "form::StatusRange")] String),
}
