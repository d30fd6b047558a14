//! Destinations of requests: single backends, and pools with their failover rules.

use std::fmt;

use super::measure::{OVERLOADED, Seconds, Statuses};
use super::name::{DeploymentName, Name};
use crate::catalogue::kind::AccountKind;

/// A destination of requests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destination {
    /// One backend.
    Backend(BackendRef),
    /// A pool, by its name.
    Pool(Name),
}

impl Destination {
    /// The name of the backend or pool in the file: they share one namespace.
    pub fn name(&self) -> &Name {
        match self {
            Self::Backend(backend) => &backend.backend,
            Self::Pool(name) => name,
        }
    }
}

/// One backend of the service, whatever surface it is called with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BackendRef {
    /// The backend of the file.
    pub backend: Name,
    /// Its deployment, if it is not the backend as a whole.
    pub deployment: Option<DeploymentName>,
}

impl BackendRef {
    /// As the file writes it: `east`, or `east/gpt-4o`.
    pub fn text(&self) -> String {
        match &self.deployment {
            Some(deployment) => format!("{}/{deployment}", self.backend),
            None => self.backend.to_string(),
        }
    }
}

/// The backend and the deployment that a text names.
pub fn split(reference: &str) -> (&str, Option<&str>) {
    match reference.split_once('/') {
        Some((backend, deployment)) => (backend, Some(deployment)),
        None => (reference, None),
    }
}

/// Backends that share the load.
#[derive(Debug, Clone)]
pub struct Pool {
    /// Its name in the file.
    pub name: Name,
    /// The way in which a member is chosen.
    pub balance: Balance,
    /// Its members, in the order of the file; at least one.
    pub members: Vec<Member>,
    /// The kind of the members; `None`: HTTP services.
    pub kind: Option<AccountKind>,
    /// The circuit breaker of members; with several priorities that of the last one.
    pub breaker: Option<Breaker>,
    /// The circuit breaker of the members of all priorities but the last: it also trips where waiting for them helps nobody.
    pub early: Option<Breaker>,
    /// The rule for retries.
    pub retry: Option<Retry>,
    /// The response when all members are unavailable.
    pub exhausted: Exhausted,
}

/// The way in which a member is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Balance {
    /// API Management, in a pool of its own.
    Pool {
        /// The cookie that keeps a caller at one member.
        cookie: Option<String>,
    },
    /// The policy.
    Random,
}

/// A member of a pool.
#[derive(Debug, Clone)]
pub struct Member {
    /// The backend.
    pub to: BackendRef,
    /// Lower ones first; `None` where no member has one.
    pub priority: Option<u32>,
    /// Share of the load; `None` where no member has one.
    pub weight: Option<u32>,
}

/// The circuit breaker of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaker {
    /// Failures that trip it.
    pub failures: u32,
    /// Time in which they are counted.
    pub within: Seconds,
    /// Statuses that count.
    pub statuses: Statuses,
    /// True if a timeout counts.
    pub timeouts: bool,
    /// Time for which it is tripped.
    pub trip_for: Seconds,
    /// True if the member's `Retry-After` replaces that time.
    pub accepts_retry_after: bool,
}

/// In words: `tripped for 60 s by 1 failure (429, 502-503) within 60 s`.
impl fmt::Display for Breaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.failures == 1 { "" } else { "s" };
        write!(
            f,
            "tripped for {} by {} failure{plural} ({}) within {}",
            self.trip_for,
            self.failures,
            self.causes(),
            self.within
        )
    }
}

impl Breaker {
    /// The statuses that count, and timeouts: `429, 502-503, timeout`.
    pub fn causes(&self) -> String {
        if self.timeouts { format!("{}, timeout", self.statuses) } else { self.statuses.to_string() }
    }
}

/// The rule for retries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// The number of retries.
    pub count: u32,
    /// The statuses that are retried.
    pub statuses: Statuses,
    /// Wait before a retry.
    pub interval: Seconds,
    /// The time by which each further wait is longer.
    pub delta: Option<Seconds>,
    /// The longest wait.
    pub max_interval: Option<Seconds>,
    /// True if the first retry does not wait.
    pub first_fast: bool,
}

/// The response when all members are unavailable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exhausted {
    /// Status.
    pub status: u16,
    /// `Retry-After` if it is not known when a member recovers.
    pub retry_after: Seconds,
}

impl Pool {
    /// True if the URLs of its members end in deployments.
    pub fn is_of_deployments(&self) -> bool {
        self.members[0].to.deployment.is_some()
    }

    /// True if it is a pool of the service, and not one that the policy implements.
    pub fn is_in_service(&self) -> bool {
        self.balance != Balance::Random
    }

    /// Statuses that mean that the member is unavailable to all callers, so that all members are unavailable if it is the last one.
    pub fn unavailable(&self) -> Option<Statuses> {
        match (&self.breaker, &self.retry) {
            (Some(breaker), Some(retry)) => Some(breaker.statuses.and(&retry.statuses)),
            (Some(breaker), None) => Some(breaker.statuses.clone()),
            // 500 and 504 are often the request's own: who gets 429 for one sends it again.
            (None, Some(retry)) => {
                let away = Statuses::of(vec![(429, 429), (502, 503), OVERLOADED]);
                Some(retry.statuses.and(&away))
            }
            (None, None) => None,
        }
        .filter(|statuses| !statuses.is_empty())
    }

    /// The circuit breaker of a member.
    pub fn breaker_of(&self, member: &Member) -> Option<&Breaker> {
        let last = self.members.iter().filter_map(|member| member.priority).max();
        let is_early = member.priority < last;
        if is_early { self.early.as_ref() } else { self.breaker.as_ref() }
    }

    /// The number of members with the first priority.
    pub fn of_first_priority(&self) -> usize {
        let all = self.members.iter().map(|member| member.priority.unwrap_or(1));
        let first = all.clone().min();
        all.filter(|one| Some(*one) == first).count()
    }
}
