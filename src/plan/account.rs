//! Azure AI accounts: one for all backends that name it, whatever they call it.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::kind::{AccountKind, Host};
use crate::catalogue::role::Role;
use crate::resolve::name::{Name, kebab};
use crate::resolve::{Backend, Deployment, Resolved, ResourceKey, ResourceRef};

/// An account that exists.
#[derive(Debug)]
pub struct Account {
    /// Unique among accounts: the name of the first backend that it is behind. The account's own name may differ between
    /// environments.
    pub key: String,
    /// Name and place.
    pub place: ResourceRef,
    /// The backends of the file that it is behind.
    pub backends: Vec<Name>,
    /// The deployments that are backends of their own, by name.
    pub deployments: Vec<Deployment>,
    /// What it is, as far as its backends tell.
    pub kind: AccountKind,
    /// The role that the identity gets on it.
    pub role: Role,
    /// Its hosts that backends are at.
    pub hosts: BTreeSet<Host>,
    /// Whether it is, or may be, in another group or subscription than the service.
    pub is_elsewhere: bool,
}

/// The accounts behind backends, and the key of the account of each backend.
pub(super) fn accounts(resolved: &Resolved) -> (Vec<Account>, BTreeMap<Name, String>) {
    let mut places: BTreeMap<ResourceKey, (&ResourceRef, AccountKind, Vec<&Backend>)> = BTreeMap::new();
    for backend in resolved.backends.values() {
        if let Some((account, kind)) = backend.target.account() {
            let (_, _, same) = places.entry(account.identity(&resolved.service)).or_insert((account, kind, Vec::new()));
            same.push(backend);
        }
    }
    let mut taken = BTreeSet::new();
    let mut keys = BTreeMap::new();
    let mut accounts = Vec::with_capacity(places.len());
    for (identity, (place, kind, backends)) in places {
        let key = key(&backends[0].name, &mut taken);
        for backend in &backends {
            keys.insert(backend.name.clone(), key.clone());
        }
        let role = role(&backends);
        // A Foundry account can be called like one of Azure OpenAI or of Content Safety, and not the other way round.
        let is_foundry = |backend: &&Backend| backend.target.kind() == Some(AccountKind::Foundry);
        let kind = if backends.iter().any(is_foundry) { AccountKind::Foundry } else { kind };
        accounts.push(Account {
            key,
            place: place.clone(),
            deployments: deployments(&backends),
            backends: backends.into_iter().map(|backend| backend.name.clone()).collect(),
            kind,
            role,
            hosts: BTreeSet::new(),
            is_elsewhere: !identity.is_own(),
        });
    }
    accounts.sort_by(|a, b| a.key.cmp(&b.key));
    (accounts, keys)
}

/// The widest role that a backend needs: `resolve` made sure that it covers the others.
fn role(backends: &[&Backend]) -> Role {
    let mut roles = backends.iter().filter_map(|backend| backend.target.role());
    let first = roles.next().expect("plan: accounts have a role");
    roles.fold(first, |widest, role| if role.covers(widest) { role } else { widest })
}

/// The deployments of all backends that one account is behind, each once: `resolve` made sure that backends agree about them.
fn deployments(backends: &[&Backend]) -> Vec<Deployment> {
    let mut all = BTreeMap::new();
    for backend in backends {
        for deployment in backend.target.deployments() {
            all.insert(deployment.name.clone(), deployment.clone());
        }
    }
    all.into_values().collect()
}

/// The backend's name, or something like it where that is taken.
pub(super) fn key(backend: &Name, taken: &mut BTreeSet<String>) -> String {
    let plain = plain_key(backend.as_str());
    let numbered = (2..).map(|number: u64| format!("{plain}-{number}"));
    let mut candidates = [plain.clone()].into_iter().chain(numbered);
    candidates.find(|key| taken.insert(key.clone())).expect("plan: there are more numbers than accounts")
}

/// A key that no language has a use for, and no local of Terraform is called after: `<key>_id`, `<key>_host`, `<key>_foundry_host`
/// and `<key>_subscription_id` are made of it, and the same of `<key>_vault`.
fn plain_key(backend: &str) -> String {
    let mut key = kebab(backend);
    let is_ours = ["service", "identity", "principal", "subscription", "application-insights"].contains(&key.as_str());
    let is_keyword = ["for", "true", "false", "null"].contains(&key.as_str());
    if is_ours || is_keyword {
        key.insert_str(0, "account-");
    }
    let is_ambiguous = ["-subscription", "-foundry", "-vault"].iter().any(|end| key.ends_with(end));
    if is_ambiguous {
        key.push_str("-account");
    }
    key
}
