//! Pools: members that can stand for each other, the breaker on each, and what happens when one fails.

mod breaker;
mod members;
mod retry;

use std::collections::BTreeMap;
use std::fmt;

use super::Context;
use super::backend::Backend;
use super::measure::{Seconds, Statuses};
use super::name::Name;
use super::reference::{One, parts};
use super::service::Service;
use crate::catalogue::kind::AccountKind;
use crate::diag::{Code, Place, Report};
use crate::model;
use crate::source::YamlPath;

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
    pub one: One,
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
        self.members[0].one.deployment.is_some()
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
}

pub(super) fn resolve(
    context: &Context<'_>,
    service: &Service,
    backends: &BTreeMap<Name, Backend>,
    report: &mut Report,
) -> BTreeMap<Name, Pool> {
    let mut pools = BTreeMap::new();
    for (key, pool) in &context.gateway.pools {
        let name = Name::parse(key).expect("shape: keys of pools are names");
        if context.gateway.backends.contains_key(key) {
            report.push(
                Code::NameCollision
                    .at(context.key(&["pools", key]))
                    .says(format!("a backend and a pool have the same name `{key}`"))
                    .because("a target with this name would be ambiguous")
                    .also(context.key(&["backends", key]), "the backend is here")
                    .help("rename one of the two"),
            );
        }
        let resolver = Resolver { context, service, key, pool };
        if let Some(pool) = resolver.resolve(name.clone(), backends, report) {
            pools.insert(name, pool);
        }
    }
    report_different_breakers(context, &pools, report);
    pools
}

/// A backend has one breaker, whichever pool it is asked through.
fn report_different_breakers(context: &Context<'_>, pools: &BTreeMap<Name, Pool>, report: &mut Report) {
    let mut known: BTreeMap<&One, &Pool> = BTreeMap::new();
    for pool in pools.values() {
        for (position, member) in pool.members.iter().enumerate() {
            let first = *known.entry(&member.one).or_insert(pool);
            if first.breaker == pool.breaker {
                continue;
            }
            let at = context.path(&["pools", pool.name.as_str(), "members"]);
            let what = member.one.text();
            let words = |pool: &Pool| match &pool.breaker {
                Some(breaker) => format!("pool `{}` sets: {breaker}", pool.name),
                None => format!("pool `{}` has none", pool.name),
            };
            report.push(
                Code::BreakersDiffer
                    .at(Place::value(context.file, at.index(position).key("backend")))
                    .says(format!("`{what}` is in two pools with different circuit breakers"))
                    .because(words(pool))
                    .also(context.key(&["pools", first.name.as_str()]), words(first))
                    .help("set the same `circuitBreaker` in both pools"),
            );
        }
    }
}

struct Resolver<'a> {
    context: &'a Context<'a>,
    service: &'a Service,
    key: &'a str,
    pool: &'a model::Pool,
}

impl Resolver<'_> {
    fn path(&self, keys: &[&str]) -> YamlPath {
        keys.iter().fold(self.context.path(&["pools", self.key]), |path, key| path.key(*key))
    }

    fn value(&self, keys: &[&str]) -> Place {
        Place::value(self.context.file, self.path(keys))
    }

    fn at(&self, keys: &[&str]) -> Place {
        Place::key(self.context.file, self.path(keys))
    }

    /// The value if it was written, else the key of the pool.
    fn written(&self, is_written: bool, keys: &[&str]) -> Place {
        if is_written { self.value(keys) } else { self.at(&[]) }
    }

    fn member(&self, position: usize, key: &str) -> Place {
        Place::value(self.context.file, self.path(&["members"]).index(position).key(key))
    }

    fn resolve(&self, name: Name, backends: &BTreeMap<Name, Backend>, report: &mut Report) -> Option<Pool> {
        let members = self.members(backends, report);
        let balance = self.balance(report);
        let breaker = self.breaker(report);
        let count = self.pool.members.len();
        let retry = self.retry(count, report);
        let exhausted = self.exhausted(report);
        if let (Some(breaker), Some(retry)) = (&breaker, &retry) {
            self.check_together(&balance, breaker.as_ref(), retry.as_ref(), report);
        }
        let (members, kind) = members?;
        if let (Some(kind), Some(Some(breaker))) = (kind, &breaker) {
            self.check_throttling(kind, breaker, report);
        }
        Some(Pool { name, balance, members, kind, breaker: breaker?, retry: retry?, exhausted: exhausted? })
    }
}

/// Names of the backends that some pool uses, as the file writes them.
pub(super) fn used(gateway: &model::Gateway) -> impl Iterator<Item = (&str, Option<&str>)> {
    gateway.pools.values().flat_map(|pool| pool.members.iter().map(|member| parts(&member.backend)))
}
