//! Pools: members that can stand for each other, the breaker on each, and what happens when one fails.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::Context;
use super::backend::{Backend, Target};
use super::measure::{Seconds, Statuses};
use super::name::Name;
use super::reference::{Found, Known, One, parts};
use super::service::Service;
use crate::catalogue::kind::AccountKind;
use crate::catalogue::sku::{Sku, Tier};
use crate::diag::{Code, Diagnostic, Place, Report};
use crate::model;
use crate::source::YamlPath;

/// Statuses that say that a member is not there for anybody (design §1, defaults).
const TRIPPING: [(u16, u16); 2] = [(429, 429), (502, 503)];
/// Statuses after which another member is asked (design §1, defaults).
const RETRIED: [(u16, u16); 3] = [(429, 429), (500, 500), (502, 504)];
/// Ranges that one rule of a breaker takes (reference arm-and-terraform §1.3).
const MOST_RANGES: usize = 10;

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
            (None, Some(retry)) => Some(retry.statuses.clone()),
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
                    .says(format!("a backend and a pool are both called `{key}`"))
                    .because("a target could mean either of them")
                    .also(context.key(&["backends", key]), "the backend is here")
                    .help("rename one of the two"),
            );
        }
        let resolver = Resolver {
            context,
            service,
            key,
            pool,
        };
        if let Some(pool) = resolver.resolve(name.clone(), backends, report) {
            pools.insert(name, pool);
        }
    }
    report_different_breakers(context, &pools, report);
    pools
}

/// A backend has one breaker, whichever pool it is asked through.
fn report_different_breakers(
    context: &Context<'_>,
    pools: &BTreeMap<Name, Pool>,
    report: &mut Report,
) {
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
                Some(breaker) => format!("pool `{}` says: {breaker}", pool.name),
                None => format!("pool `{}` says: never", pool.name),
            };
            report.push(
                Code::BreakersDiffer
                    .at(Place::value(
                        context.file,
                        at.index(position).key("backend"),
                    ))
                    .says(format!("`{what}` is in two pools with different breakers"))
                    .because(words(pool))
                    .also(context.key(&["pools", first.name.as_str()]), words(first))
                    .help("write the same `circuitBreaker` in both pools"),
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
        keys.iter()
            .fold(self.context.path(&["pools", self.key]), |path, key| {
                path.key(*key)
            })
    }

    fn value(&self, keys: &[&str]) -> Place {
        Place::value(self.context.file, self.path(keys))
    }

    fn at(&self, keys: &[&str]) -> Place {
        Place::key(self.context.file, self.path(keys))
    }

    /// The value if it was written, else the key of the pool.
    fn written(&self, is_written: bool, keys: &[&str]) -> Place {
        if is_written {
            self.value(keys)
        } else {
            self.at(&[])
        }
    }

    fn member(&self, position: usize, key: &str) -> Place {
        Place::value(
            self.context.file,
            self.path(&["members"]).index(position).key(key),
        )
    }

    fn resolve(
        &self,
        name: Name,
        backends: &BTreeMap<Name, Backend>,
        report: &mut Report,
    ) -> Option<Pool> {
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
        Some(Pool {
            name,
            balance,
            members,
            kind,
            breaker: breaker?,
            retry: retry?,
            exhausted: exhausted?,
        })
    }

    fn members(
        &self,
        backends: &BTreeMap<Name, Backend>,
        report: &mut Report,
    ) -> Option<(Vec<Member>, Option<AccountKind>)> {
        let known = Known {
            backends,
            pools: None,
        };
        let all = &self.pool.members;
        // Where one says it, the others say it too: a reader need not know what the service does without.
        let has_priorities = all.iter().any(|member| member.priority.is_some());
        let has_weights = all.iter().any(|member| member.weight.is_some());
        let mut members = Vec::with_capacity(all.len());
        let mut seen = BTreeSet::new();
        let mut targets: Vec<(usize, &Target, bool)> = Vec::with_capacity(all.len());
        for (position, member) in all.iter().enumerate() {
            let at = || self.member(position, "backend");
            if !seen.insert(&member.backend) {
                report.push(
                    Code::UnfitMember
                        .at(at())
                        .says(format!("`{}` is a member twice", member.backend))
                        .because("each member stands once in a pool")
                        .help("remove one of the two; `weight` gives a member a larger share"),
                );
                continue;
            }
            let Some(Found::Backend(backend, deployment)) =
                known.find(self.context, &member.backend, at(), report)
            else {
                continue;
            };
            let listed = backend.target.deployments();
            if deployment.is_none() && !listed.is_empty() {
                report.push(
                    Code::UnfitMember
                        .at(at())
                        .says(format!(
                            "`{}` is several backends in the service",
                            member.backend
                        ))
                        .because("each of its deployments is one, with a breaker of its own")
                        .help(format!(
                            "name one of them: `{}/{}`",
                            member.backend, listed[0].name
                        )),
                );
                continue;
            }
            targets.push((position, &backend.target, deployment.is_some()));
            members.push(Member {
                one: One {
                    backend: backend.name.clone(),
                    deployment: deployment.map(|deployment| deployment.name.clone()),
                },
                priority: has_priorities.then(|| member.priority.unwrap_or(1)),
                weight: has_weights.then(|| member.weight.unwrap_or(1)),
            });
        }
        let positions: Vec<usize> = targets.iter().map(|(position, ..)| *position).collect();
        self.check_models(backends, &members, &positions, report);
        let (_, first, is_deployment) = *targets.first()?;
        for &(position, target, is_other) in &targets[1..] {
            let (says, because) = if first.kind() != target.kind() {
                let kind =
                    |target: &Target| target.kind().map_or("an HTTP service", AccountKind::name);
                let says = format!("pool `{}` mixes kinds of backends", self.key);
                let because = format!(
                    "this one is {}, the first member {}",
                    kind(target),
                    kind(first)
                );
                (says, because)
            } else if is_deployment != is_other {
                let says = format!("pool `{}` mixes deployments and whole accounts", self.key);
                let what = |is_deployment| {
                    if is_deployment {
                        "a deployment"
                    } else {
                        "a whole account"
                    }
                };
                let because = format!(
                    "this one is {}, the first member {}",
                    what(is_other),
                    what(is_deployment)
                );
                (says, because)
            } else {
                continue;
            };
            report.push(
                Code::MixedPool
                    .at(self.member(position, "backend"))
                    .says(says)
                    .because(because)
                    .also(
                        self.member(targets[0].0, "backend"),
                        "the first member is here",
                    )
                    .help(
                        "make the members alike: one path and one token go to whichever is chosen",
                    ),
            );
        }
        Some((members, first.kind()))
    }

    /// Members stand for each other, so they should have the same model.
    fn check_models(
        &self,
        backends: &BTreeMap<Name, Backend>,
        members: &[Member],
        positions: &[usize],
        report: &mut Report,
    ) {
        let mut first = None;
        for (member, position) in members.iter().zip(positions) {
            let Some(name) = &member.one.deployment else {
                return;
            };
            let mut deployments = backends[&member.one.backend].target.deployments().iter();
            let Some(own) = deployments.find(|own| own.name == *name) else {
                return;
            };
            let (first_at, model) = *first.get_or_insert((*position, &own.model));
            if own.model == *model {
                continue;
            }
            report.push(
                Code::OtherModel
                    .at(self.member(*position, "backend"))
                    .says(format!("pool `{}` mixes models", self.key))
                    .because(format!("this one has `{}`", own.model))
                    .also(self.member(first_at, "backend"), format!("the first member has `{model}`"))
                    .help("take it out, or write `model:` at the deployments if it is the same model under another name"),
            );
        }
    }

    fn balance(&self, report: &mut Report) -> Balance {
        let cookie = self.pool.session_affinity.as_ref();
        if self.pool.balance != Some(model::Balance::Random) {
            return Balance::Pool {
                cookie: cookie.map(|affinity| affinity.cookie.clone()),
            };
        }
        let refuse = |place: Place, what: &str, why: &str, report: &mut Report| {
            report.push(
                Code::RandomPool
                    .at(place)
                    .says(format!("pool `{}` is random, and has {what}", self.key))
                    .because(why)
                    .also(self.value(&["balance"]), "it is random, because of this")
                    .help("remove it, or use `balance: pool`"),
            );
        };
        for (position, member) in self.pool.members.iter().enumerate() {
            let at = |key: &str| {
                Place::key(
                    self.context.file,
                    self.path(&["members"]).index(position).key(key),
                )
            };
            if member.priority.is_some() {
                let why = "a random choice prefers nobody";
                refuse(at("priority"), "a priority", why, report);
            }
            if member.weight.is_some() {
                let why = "a random choice gives every member the same share";
                refuse(at("weight"), "a weight", why, report);
            }
        }
        if cookie.is_some() {
            let why = "a random choice keeps nobody at one member";
            let at = self.at(&["sessionAffinity"]);
            refuse(at, "session affinity", why, report);
        }
        Balance::Random
    }

    /// `None` if it was refused, `Some(None)` if there is none.
    #[expect(
        clippy::option_option,
        reason = "refused is something else than absent"
    )]
    fn breaker(&self, report: &mut Report) -> Option<Option<Breaker>> {
        let written = self.pool.circuit_breaker.as_ref();
        let is_random = self.pool.balance == Some(model::Balance::Random);
        if written.is_none() && is_random {
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
                        "pool `{}` needs circuit breakers, which the Consumption tier lacks",
                        self.key
                    ))
                    .because("without them no member is ever left out, and no other priority used")
                    .also(
                        self.context.value(&["gateway", "sku"]),
                        "the tier is named here",
                    )
                    .help("write `balance: random` without `circuitBreaker`, or use another tier"),
            );
            return None;
        }
        let here = |key| ["circuitBreaker", key];
        let within = self.duration(
            &here("within"),
            written.and_then(|w| w.within.as_deref()),
            60,
            report,
        );
        let trip_for = self.duration(
            &here("tripFor"),
            written.and_then(|w| w.trip_for.as_deref()),
            60,
            report,
        );
        let statuses = self.statuses(
            &here("statuses"),
            written.and_then(|w| w.statuses.as_deref()),
            &TRIPPING,
            report,
        );
        let failures = written.and_then(|w| w.failures).unwrap_or(1);
        let statuses = statuses?;
        if statuses.ranges().len() > MOST_RANGES {
            report.push(
                Code::OutOfRange
                    .at(self.value(&here("statuses")))
                    .says(format!("a breaker may have at most {MOST_RANGES} ranges of statuses, and this one has {}", statuses.ranges().len()))
                    .because("statuses side by side count as one range")
                    .help("join some of them to a range, such as `500-599`"),
            );
            return None;
        }
        if failures == 1 && statuses.has(500) {
            report.push(
                Code::PoisonedRequest
                    .at(self.written(written.is_some(), &here("statuses")))
                    .says(format!("one bad request can trip every member of pool `{}`", self.key))
                    .because("one answer with 500 trips a member, and the request goes on to the next one")
                    .help("leave 500 out of `statuses`, or raise `failures`"),
            );
        }
        let priorities: BTreeSet<u32> = self
            .pool
            .members
            .iter()
            .map(|member| member.priority.unwrap_or(1))
            .collect();
        if priorities.len() > 1 && !statuses.has(429) {
            report.push(
                Code::IdlePriority
                    .at(self.value(&here("statuses")))
                    .says(format!("throttling never makes pool `{}` use another priority", self.key))
                    .because("429 does not trip a member, and a priority is used only when all before it are tripped")
                    .help("add 429 to `statuses`"),
            );
        }
        Some(Some(Breaker {
            failures,
            within: within?,
            statuses,
            trip_for: trip_for?,
            accepts_retry_after: written.and_then(|w| w.accept_retry_after) != Some(false),
        }))
    }

    /// `None` if it was refused, `Some(None)` if there is none.
    #[expect(
        clippy::option_option,
        reason = "refused is something else than absent"
    )]
    fn retry(&self, members: usize, report: &mut Report) -> Option<Option<Retry>> {
        let written = self.pool.retry.as_ref();
        let others =
            u32::try_from(members.saturating_sub(1)).expect("shape: pools have 30 members at most");
        let count = written.and_then(|w| w.count);
        if let Some(count) = count
            && count > others
        {
            let others = match others {
                0 => "there is no other member".to_owned(),
                1 => "there is 1 other member".to_owned(),
                more => format!("there are {more} other members"),
            };
            report.push(
                Code::ManyRetries
                    .at(self.value(&["retry", "count"]))
                    .says(format!(
                        "pool `{}` retries more often than it has members to go to",
                        self.key
                    ))
                    .because(format!(
                        "{others}, so the last retries ask one that failed already"
                    ))
                    .help("remove `count` for one retry for each other member"),
            );
        }
        let count = count.unwrap_or(others);
        let here = |key| ["retry", key];
        let interval = match written.and_then(|w| w.interval.as_deref()) {
            Some(text) => self.bounded(&here("interval"), text, report),
            None => Some(Seconds(0)),
        };
        let delta = written.and_then(|w| w.delta.as_deref());
        let most = written.and_then(|w| w.max_interval.as_deref());
        let refuse = |key: &str, says: &str, because: &str, help: &str, report: &mut Report| {
            report.push(
                Code::RetryShape
                    .at(self.value(&["retry", key]))
                    .says(says.to_owned())
                    .because(because)
                    .help(help),
            );
        };
        if most.is_some() && delta.is_none() {
            refuse(
                "maxInterval",
                "`maxInterval` without `delta` has no meaning",
                "waits of one length need no limit",
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
                "no wait can be as long as `interval` and as short as this",
                "make it longer, or `interval` shorter",
                report,
            );
        }
        let first_fast = written.and_then(|w| w.first_fast) != Some(false);
        if interval == Some(Seconds(0)) && !first_fast {
            refuse(
                "firstFast",
                "the first retry cannot wait for nothing",
                "`interval` is `0s`, and the service knows that only together with an immediate first retry",
                "write an `interval`, or remove `firstFast`",
                report,
            );
        }
        let statuses = self.statuses(
            &here("statuses"),
            written.and_then(|w| w.statuses.as_deref()),
            &RETRIED,
            report,
        )?;
        let pointless = statuses.and(&Statuses::of(vec![(400, 401), (403, 404)]));
        if !pointless.is_empty() {
            report.push(
                Code::PointlessRetry
                    .at(self.value(&here("statuses")))
                    .says(format!("pool `{}` retries after {pointless}", self.key))
                    .because("who asks for the wrong thing, or may not, gets the same answer again")
                    .help("leave these out: the caller should see them at once"),
            );
        }
        if count == 0 {
            return Some(None);
        }
        Some(Some(Retry {
            count,
            statuses,
            interval: interval?,
            delta: delta?,
            max_interval: most?,
            first_fast,
        }))
    }

    /// What breaker and retry do to each other.
    fn check_together(
        &self,
        balance: &Balance,
        breaker: Option<&Breaker>,
        retry: Option<&Retry>,
        report: &mut Report,
    ) {
        let (Some(breaker), Some(retry)) = (breaker, retry) else {
            return;
        };
        if *balance == Balance::Random {
            if !retry.statuses.has(503) {
                report.push(
                    Code::TrippedNotRetried
                        .at(self.written(self.pool.retry.is_some(), &["retry", "statuses"]))
                        .says(format!(
                            "a tripped member of pool `{}` may be the end of a request",
                            self.key
                        ))
                        .because("a tripped member answers 503, and 503 is not retried")
                        .also(
                            self.at(&["circuitBreaker"]),
                            "members trip, because of this",
                        )
                        .help("add 503 to `retry.statuses`, or remove `circuitBreaker`"),
                );
            }
            return;
        }
        let (_, first) = self.priorities();
        let to_trip = u64::from(breaker.failures) * first as u64;
        if first < self.pool.members.len() && to_trip > u64::from(retry.count) {
            let tries = retry.count + 1;
            report.push(
                Code::LateFailover
                    .at(self.written(self.pool.circuit_breaker.is_some(), &["circuitBreaker"]))
                    .says(format!("pool `{}` fails over too late for some requests", self.key))
                    .because(format!("{to_trip} failures trip the first priority, and a request has {tries} tries"))
                    .help("use `failures: 1`, or more retries; else callers see failures while other members work"),
            );
        }
        if breaker.statuses.and(&retry.statuses).is_empty() {
            report.push(
                Code::BlindBreaker
                    .at(self.written(self.pool.retry.is_some(), &["retry", "statuses"]))
                    .says(format!(
                        "the breaker of pool `{}` never sees what is retried",
                        self.key
                    ))
                    .because(format!(
                        "{} is retried, {} trips a member: a retry may ask the same one again",
                        retry.statuses, breaker.statuses
                    ))
                    .help(
                        "give `circuitBreaker.statuses` and `retry.statuses` something in common",
                    ),
            );
        }
    }

    /// What accounts answer under load.
    fn check_throttling(&self, kind: AccountKind, breaker: &Breaker, report: &mut Report) {
        // With priorities it is an error.
        if breaker.statuses.has(429) || self.priorities().1 < self.pool.members.len() {
            return;
        }
        if self.pool.members.len() == 1 {
            return;
        }
        report.push(
            Code::Throttling
                .at(self.value(&["circuitBreaker", "statuses"]))
                .says(format!(
                    "throttled members of pool `{}` are not left alone",
                    self.key
                ))
                .because(format!(
                    "{} answers 429 under load, and 429 does not trip a member",
                    kind.name()
                ))
                .help("add 429 to `statuses`"),
        );
    }

    /// The number of the first priority, and how many members have it.
    fn priorities(&self) -> (u32, usize) {
        let all = self.pool.members.iter();
        let all = all.map(|member| member.priority.unwrap_or(1));
        let first = all.clone().min().unwrap_or(1);
        (first, all.filter(|one| *one == first).count())
    }

    fn exhausted(&self, report: &mut Report) -> Option<Exhausted> {
        let written = self.pool.exhausted.as_ref();
        let retry_after = written.and_then(|w| w.retry_after.as_deref());
        Some(Exhausted {
            status: written.and_then(|w| w.status).unwrap_or(429),
            retry_after: self.duration(&["exhausted", "retryAfter"], retry_after, 10, report)?,
        })
    }

    /// A duration of a second at least, or the default.
    fn duration(
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

    fn positive(&self, keys: &[&str], text: &str, report: &mut Report) -> Option<Seconds> {
        let seconds = self.bounded(keys, text, report)?;
        if seconds == Seconds(0) {
            report.push(self.meaningless(keys, text, "it has to be a second at least"));
            return None;
        }
        Some(seconds)
    }

    fn bounded(&self, keys: &[&str], text: &str, report: &mut Report) -> Option<Seconds> {
        let seconds = Seconds::parse(text);
        if seconds.is_none() {
            report.push(self.meaningless(keys, text, "it is longer than a day"));
        }
        seconds
    }

    fn meaningless(&self, keys: &[&str], text: &str, because: &str) -> Diagnostic {
        let key = keys.last().expect("pool: durations have keys");
        Code::MeaninglessDuration
            .at(self.value(keys))
            .says(format!("`{key}: {text}` has no meaning"))
            .because(because)
            .help("write a time such as `10s` or `1m`, or remove it for the default")
    }

    fn statuses(
        &self,
        keys: &[&str],
        list: Option<&[model::Status]>,
        default: &[(u16, u16)],
        report: &mut Report,
    ) -> Option<Statuses> {
        let Some(list) = list else {
            return Some(Statuses::of(default.to_vec()));
        };
        let refuse = |at: Place, says: String, because: &str, report: &mut Report| {
            report.push(
                Code::FailureStatus
                    .at(at)
                    .says(says)
                    .because(because)
                    .help("list statuses of failures: `[429, 500-599]`"),
            );
            None
        };
        let item = |position| Place::value(self.context.file, self.path(keys).index(position));
        match Statuses::new(list) {
            Err(position) => refuse(
                item(position),
                "the range ends before it starts".to_owned(),
                "the lower status comes first",
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
                    "this is no status of a failure".to_owned(),
                    "failures are 400 to 599; with others, requests that succeeded would count",
                    report,
                )
            }
        }
    }
}

/// Names of the backends that some pool uses, as the file writes them.
pub(super) fn used(gateway: &model::Gateway) -> impl Iterator<Item = (&str, Option<&str>)> {
    gateway
        .pools
        .values()
        .flat_map(|pool| pool.members.iter().map(|member| parts(&member.backend)))
}
