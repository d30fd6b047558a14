//! The members of a pool, and how one is chosen.

use std::collections::{BTreeMap, BTreeSet};

use super::Resolver;
use crate::catalogue::kind::AccountKind;
use crate::diag::{Code, Location, Report};
use crate::model;
use crate::resolve::backend::{Backend, Target};
use crate::resolve::destination::{BackendRef, Balance, Member};
use crate::resolve::name::Name;
use crate::resolve::reference::{Found, KnownTargets};

impl Resolver<'_> {
    pub(super) fn members(
        &self,
        backends: &BTreeMap<Name, Backend>,
        report: &mut Report,
    ) -> Option<(Vec<Member>, Option<AccountKind>)> {
        let known = KnownTargets { backends, pools: None };
        let all = &self.pool.members;
        // If one sets it, the others do too: a reader need not know the default of the service.
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
                        .says(format!("duplicate member `{}`", member.backend))
                        .because("the members of a pool must be unique")
                        .help("remove one of the two; `weight` gives a member a larger share"),
                );
                continue;
            }
            let Some(Found::Backend(backend, deployment)) = known.find(self.context, &member.backend, at(), report)
            else {
                continue;
            };
            let listed = backend.target.deployments();
            if deployment.is_none() && !listed.is_empty() {
                report.push(
                    Code::UnfitMember
                        .at(at())
                        .says(format!("`{}` consists of several backends", member.backend))
                        .because("each of its deployments is a separate backend with its own circuit breaker")
                        .help(format!("choose one of them: `{}/{}`", member.backend, listed[0].name)),
                );
                continue;
            }
            targets.push((position, &backend.target, deployment.is_some()));
            members.push(Member {
                to: BackendRef {
                    backend: backend.name.clone(),
                    deployment: deployment.map(|deployment| deployment.name.clone()),
                },
                priority: has_priorities.then(|| member.priority.unwrap_or(1)),
                weight: has_weights.then(|| member.weight.unwrap_or(1)),
            });
        }
        let (_, first, is_deployment) = *targets.first()?;
        for &(position, target, is_other) in &targets[1..] {
            let (says, because) = if first.kind() != target.kind() {
                let kind = |target: &Target| target.kind().map_or("an HTTP service", AccountKind::name);
                let says = format!("pool `{}` mixes kinds of backends", self.key);
                let because = format!("this one is {}, the first member is {}", kind(target), kind(first));
                (says, because)
            } else if let (Target::Http { credential: one, .. }, Target::Http { credential: other, .. }) =
                (first, target)
                && one != other
            {
                let says = format!("pool `{}` mixes credentials", self.key);
                let because = match (one.word(), other.word()) {
                    (one, other) if one == other => {
                        format!("this one receives another one, although both receive {one}")
                    }
                    (one, other) => format!("this one receives {other}, the first member {one}"),
                };
                (says, because)
            } else if is_deployment != is_other {
                let says = format!("pool `{}` mixes deployments and whole accounts", self.key);
                let what = |is_deployment| {
                    if is_deployment { "a deployment" } else { "a whole account" }
                };
                let because = format!("this one is {}, the first member is {}", what(is_other), what(is_deployment));
                (says, because)
            } else {
                continue;
            };
            report.push(
                Code::MixedPool
                    .at(self.member(position, "backend"))
                    .says(says)
                    .because(because)
                    .also(self.member(targets[0].0, "backend"), "the first member is here")
                    .help("use members of the same kind: the pool sends the same path and token to each"),
            );
        }
        Some((members, first.kind()))
    }

    pub(super) fn balance(&self, report: &mut Report) -> Balance {
        let cookie = self.pool.session_affinity.as_ref();
        if self.pool.balance != Some(model::Balance::Random) {
            return Balance::Pool { cookie: cookie.map(|affinity| affinity.cookie.clone()) };
        }
        let refuse = |place: Location, what: &str, why: &str, report: &mut Report| {
            report.push(
                Code::RandomPool
                    .at(place)
                    .says(format!("pool `{}` is random, but has {what}", self.key))
                    .because(why)
                    .also(self.value(&["balance"]), "it is random because of this")
                    .help("remove it, or use `balance: pool`"),
            );
        };
        for (position, member) in self.pool.members.iter().enumerate() {
            let at = |key: &str| Location::key(self.context.file, self.path(&["members"]).index(position).key(key));
            if member.priority.is_some() {
                let why = "random selection has no order";
                refuse(at("priority"), "a priority", why, report);
            }
            if member.weight.is_some() {
                let why = "random selection gives every member the same share";
                refuse(at("weight"), "a weight", why, report);
            }
        }
        if cookie.is_some() {
            let why = "random selection does not keep a client at one member";
            let at = self.at(&["sessionAffinity"]);
            refuse(at, "session affinity", why, report);
        }
        Balance::Random
    }
}
