//! Azure AI accounts, and their backends.

use std::collections::{BTreeMap, BTreeSet};

use super::params::{Group, Param, ParamId, ParamKind, ParamValue, Params};
use crate::catalogue::kind::{AccountKind, Host};
use crate::catalogue::role::Role;
use crate::resolve::name::Name;
use crate::resolve::{Backend, Deployment, Resolved, ResourceKey, ResourceRef};

/// An account that exists, in the environment that the file describes. In another one its backends may be at several accounts: what is
/// deployed goes by [`AccountBackend`].
#[derive(Debug)]
pub struct Account {
    /// Unique among accounts: the name of its first backend. It is in no output.
    pub key: String,
    /// Name and place.
    pub place: ResourceRef,
    /// The backends of the file that use it.
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
    /// The key of its account.
    pub account: String,
    /// The parameter with its account.
    pub param: ParamId,
    /// The role that the identity gets on the account for its sake.
    pub role: Role,
    /// The hosts of the account that it is called at.
    pub hosts: BTreeSet<Host>,
}

/// The accounts of backends, and the backends by name.
pub(super) fn accounts(resolved: &Resolved, params: &mut Params) -> (Vec<Account>, Vec<AccountBackend>) {
    let mut places: BTreeMap<ResourceKey, (&ResourceRef, AccountKind, Vec<&Backend>)> = BTreeMap::new();
    let mut all = Vec::new();
    for backend in resolved.backends.values() {
        if let (Some((account, kind)), Some(role)) = (backend.target.account(), backend.target.role()) {
            let (_, _, same) = places.entry(account.identity(&resolved.service)).or_insert((account, kind, Vec::new()));
            same.push(backend);
            all.push(AccountBackend {
                name: backend.name.clone(),
                account: same[0].name.to_string(),
                param: params.add(Param {
                    group: Group::Accounts,
                    key: Some(backend.name.to_string()),
                    kind: ParamKind::Reference,
                    value: Some(ParamValue::Reference(account.clone())),
                    description: format!("{} account behind `{}`.", kind.name(), backend.name),
                    constraint: None,
                }),
                role,
                hosts: BTreeSet::new(),
            });
        }
    }
    let mut accounts = Vec::with_capacity(places.len());
    for (identity, (place, kind, backends)) in places {
        // A Foundry account can be called like one of Azure OpenAI or of Content Safety, and not the other way round.
        let is_foundry = |backend: &&Backend| backend.target.kind() == Some(AccountKind::Foundry);
        let kind = if backends.iter().any(is_foundry) { AccountKind::Foundry } else { kind };
        let mut roles: BTreeMap<Role, Vec<Name>> = BTreeMap::new();
        for backend in &backends {
            roles
                .entry(backend.target.role().expect("plan: accounts have a role"))
                .or_default()
                .push(backend.name.clone());
        }
        accounts.push(Account {
            key: backends[0].name.to_string(),
            place: place.clone(),
            deployments: deployments(&backends),
            backends: backends.into_iter().map(|backend| backend.name.clone()).collect(),
            kind,
            roles,
            hosts: BTreeSet::new(),
            is_elsewhere: !identity.is_own(),
        });
    }
    accounts.sort_by(|a, b| a.key.cmp(&b.key));
    (accounts, all)
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
