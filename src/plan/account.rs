//! Azure AI accounts, and their backends.

use std::collections::{BTreeMap, BTreeSet};

use super::id::AccountId;
use super::params::{Group, Param, ParamId, ParamKind, ParamValue, Params};
use crate::catalogue::kind::{AccountKind, Host};
use crate::catalogue::role::Role;
use crate::resolve::name::Name;
use crate::resolve::{Backend, Deployment, Destination, Resolved, ResourceKey, ResourceRef};

/// An account that exists, in the environment that the file describes. In another one its backends may be at several accounts: what is
/// deployed goes by [`AccountBackend`].
#[derive(Debug)]
pub struct Account {
    /// Name and place.
    pub place: ResourceRef,
    /// The backends of the file that use it, at least one.
    pub backends: Vec<Name>,
    /// The deployments that are backends of their own, by name.
    pub deployments: Vec<Deployment>,
    /// The kind, as far as its backends determine it.
    pub kind: AccountKind,
    /// The roles that the identity gets on it, and for which backends.
    pub roles: BTreeMap<Role, Vec<Name>>,
    /// Its hosts that backends are at.
    pub hosts: BTreeSet<Host>,
    /// True if it is, or may be, in another group or subscription than the service.
    pub is_elsewhere: bool,
}

/// A backend of the file that is an Azure account.
#[derive(Debug)]
pub struct AccountBackend {
    /// Its name in the file.
    pub name: Name,
    /// Its account.
    pub account: AccountId,
    /// The parameter with its account.
    pub param: ParamId,
    /// The role that the identity gets on the account for its sake.
    pub role: Role,
    /// The hosts of the account that it is called at.
    pub hosts: BTreeSet<Host>,
}

/// A backend of the file, and what the file says about its account.
struct Use<'a> {
    backend: &'a Backend,
    place: &'a ResourceRef,
    kind: AccountKind,
    role: Role,
}

/// The accounts of backends, in the order of the first backend of each, and the backends by name.
pub(super) fn accounts(resolved: &Resolved, params: &mut Params) -> (Vec<Account>, Vec<AccountBackend>) {
    let mut places: BTreeMap<ResourceKey, Vec<Use<'_>>> = BTreeMap::new();
    for backend in resolved.backends.values() {
        if let Some((place, kind)) = backend.target.account() {
            let role = role(resolved, backend, kind);
            let same = places.entry(place.identity(&resolved.service)).or_default();
            same.push(Use { backend, place, kind, role });
        }
    }
    let mut places: Vec<_> = places.into_iter().collect();
    places.sort_by_key(|(_, uses)| &uses[0].backend.name);
    let mut accounts = Vec::with_capacity(places.len());
    let mut all = BTreeMap::new();
    for (identity, uses) in places {
        let (place, kind) = (uses[0].place, uses[0].kind);
        let mut roles: BTreeMap<Role, Vec<Name>> = BTreeMap::new();
        let backends: Vec<&Backend> = uses.iter().map(|one| one.backend).collect();
        for one in uses {
            roles.entry(one.role).or_default().push(one.backend.name.clone());
            all.insert(&one.backend.name, (AccountId::at(accounts.len()), one));
        }
        // A Foundry account can be called like one of Azure OpenAI or of Content Safety, and not the other way round.
        let is_foundry = |backend: &&Backend| backend.target.kind() == Some(AccountKind::Foundry);
        accounts.push(Account {
            place: place.clone(),
            kind: if backends.iter().any(is_foundry) { AccountKind::Foundry } else { kind },
            deployments: deployments(&backends),
            backends: backends.into_iter().map(|backend| backend.name.clone()).collect(),
            roles,
            hosts: BTreeSet::new(),
            is_elsewhere: !identity.is_own(),
        });
    }
    let all = all.into_values().map(|(account, Use { backend, place, kind, role })| AccountBackend {
        name: backend.name.clone(),
        account,
        param: params.add(Param {
            group: Group::Accounts,
            key: Some(backend.name.to_string()),
            kind: ParamKind::Reference,
            value: Some(ParamValue::Reference(place.clone())),
            description: format!("{} account behind `{}`.", kind.name(), backend.name),
            constraint: None,
        }),
        role,
        hosts: BTreeSet::new(),
    });
    (accounts, all.collect())
}

/// The role that the file sets, else the least that allows all surfaces that the backend is called with.
fn role(resolved: &Resolved, backend: &Backend, kind: AccountKind) -> Role {
    let all = resolved.service_names.keys();
    let surfaces = all.filter_map(|(to, surface)| match to {
        Destination::Backend(one) => (one.backend == backend.name).then_some(*surface),
        Destination::Pool(_) => None,
    });
    let needed = surfaces.map(|surface| kind.role_for(surface));
    let widest = needed.reduce(|one, other| if one.covers(other) { one } else { other });
    backend.target.own_role().or(widest).unwrap_or_else(|| kind.role())
}

/// The deployments of all backends of one account, each once: `resolve` ensured that backends agree about them.
fn deployments(backends: &[&Backend]) -> Vec<Deployment> {
    let mut all = BTreeMap::new();
    for backend in backends {
        for deployment in backend.target.deployments() {
            all.insert(deployment.name.clone(), deployment.clone());
        }
    }
    all.into_values().collect()
}
