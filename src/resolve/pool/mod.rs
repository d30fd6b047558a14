//! Pools: interchangeable members, the circuit breaker of each, and retries when one fails.

mod breaker;
mod members;
mod retry;

use std::collections::BTreeMap;

use super::backend::Backend;
use super::context::Context;
use super::destination::{BackendRef, Pool};
use super::name::Name;
use super::service::Service;
use crate::diag::{Code, Location, Report};
use crate::model::{self, path_of};
use crate::source::YamlPath;

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

/// A backend has one breaker, whichever pool it is called through.
fn report_different_breakers(context: &Context<'_>, pools: &BTreeMap<Name, Pool>, report: &mut Report) {
    let mut known: BTreeMap<&BackendRef, &Pool> = BTreeMap::new();
    for pool in pools.values() {
        for (position, member) in pool.members.iter().enumerate() {
            let first = *known.entry(&member.to).or_insert(pool);
            // With another priority in the one pool than in the other it trips early in both.
            if first.breaker == pool.breaker {
                continue;
            }
            let at = path_of(&["pools", pool.name.as_str(), "members"]);
            let what = member.to.text();
            let words = |pool: &Pool| match &pool.breaker {
                Some(breaker) => format!("pool `{}` sets: {breaker}", pool.name),
                None => format!("pool `{}` has none", pool.name),
            };
            report.push(
                Code::BreakersDiffer
                    .at(Location::value(context.file, at.index(position).key("backend")))
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
        let keys: Vec<&str> = ["pools", self.key].iter().chain(keys).copied().collect();
        path_of(&keys)
    }

    fn value(&self, keys: &[&str]) -> Location {
        Location::value(self.context.file, self.path(keys))
    }

    fn at(&self, keys: &[&str]) -> Location {
        Location::key(self.context.file, self.path(keys))
    }

    fn member(&self, position: usize, key: &str) -> Location {
        Location::value(self.context.file, self.path(&["members"]).index(position).key(key))
    }

    fn resolve(&self, name: Name, backends: &BTreeMap<Name, Backend>, report: &mut Report) -> Option<Pool> {
        let members = self.members(backends, report);
        let balance = self.balance(report);
        let kind = members.as_ref().and_then(|(_, kind)| *kind);
        let breaker = self.breaker(kind, report);
        let count = self.pool.members.len();
        let retry = self.retry(count, kind, report);
        let exhausted = self.exhausted(kind, breaker.as_ref().and_then(Option::as_ref), report);
        let (members, kind) = members?;
        let breaker = breaker?;
        let early = breaker.as_ref().map(|breaker| self.early(breaker));
        Some(Pool { name, balance, members, kind, breaker, early, retry: retry?, exhausted: exhausted? })
    }
}
