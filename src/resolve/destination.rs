//! Where requests can go: single backends, and pools with what happens in them.

use std::fmt;

use super::measure::{Seconds, Statuses};
use super::name::{DeploymentName, Name};
use crate::catalogue::kind::AccountKind;

/// Where requests can go.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destination {
    /// One backend.
    Backend(BackendRef),
    /// A pool, by its name.
    Pool(Name),
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
    /// Who chooses the member.
    pub balance: Balance,
    /// Its members, in the order of the file; at least one.
    pub members: Vec<Member>,
    /// What the members are; `None`: HTTP services.
    pub kind: Option<AccountKind>,
    /// When a member is left alone for a while.
    pub breaker: Option<Breaker>,
    /// When a request is tried again.
    pub retry: Option<Retry>,
    /// What the caller gets when no member is left.
    pub exhausted: Exhausted,
}

/// Who chooses a member.
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

/// When a member is left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaker {
    /// Failures that trip it.
    pub failures: u32,
    /// Time in which they are counted.
    pub within: Seconds,
    /// Statuses that count.
    pub statuses: Statuses,
    /// Time for which it is tripped.
    pub trip_for: Seconds,
    /// Whether the member's `Retry-After` replaces that time.
    pub accepts_retry_after: bool,
}

/// As people say it: `tripped for 60 s by 1 failure (429, 502-503) within 60 s`.
impl fmt::Display for Breaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.failures == 1 { "" } else { "s" };
        write!(
            f,
            "tripped for {} by {} failure{plural} ({}) within {}",
            self.trip_for, self.failures, self.statuses, self.within
        )
    }
}

/// When a request is tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// How often.
    pub count: u32,
    /// After which statuses.
    pub statuses: Statuses,
    /// Wait before a retry.
    pub interval: Seconds,
    /// How much longer each further wait is.
    pub delta: Option<Seconds>,
    /// The longest wait.
    pub max_interval: Option<Seconds>,
    /// Whether the first retry does not wait.
    pub first_fast: bool,
}

/// What the caller gets when no member is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exhausted {
    /// Status.
    pub status: u16,
    /// `Retry-After`, where no member said one.
    pub retry_after: Seconds,
}

impl Pool {
    /// Whether the URLs of its members end in deployments.
    pub fn is_of_deployments(&self) -> bool {
        self.members[0].to.deployment.is_some()
    }

    /// Whether it is a pool of the service, and not one that the policy makes.
    pub fn is_in_service(&self) -> bool {
        self.balance != Balance::Random
    }

    /// Statuses of an answer that say that the member is not there for anybody, so that nobody is left if it is the last one.
    pub fn unavailable(&self) -> Option<Statuses> {
        match (&self.breaker, &self.retry) {
            (Some(breaker), Some(retry)) => Some(breaker.statuses.and(&retry.statuses)),
            (Some(breaker), None) => Some(breaker.statuses.clone()),
            // 500 and 504 are often the request's own: who gets 429 for one sends it again.
            (None, Some(retry)) => {
                let away = Statuses::of(vec![(429, 429), (502, 503)]);
                Some(retry.statuses.and(&away))
            }
            (None, None) => None,
        }
        .filter(|statuses| !statuses.is_empty())
    }

    /// How many members have the first priority.
    pub fn of_first_priority(&self) -> usize {
        let all = self.members.iter().map(|member| member.priority.unwrap_or(1));
        let first = all.clone().min();
        all.filter(|one| Some(*one) == first).count()
    }
}
