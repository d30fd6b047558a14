//! `Resolved` and the policies made from it → `Plan`. Cannot fail: what is resolved is valid, and what is a document is allowed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::account::accounts;
use super::id::{AccountBackendId, AccountId, BackendId, BreakerId, NamedValueId, PoolId, VaultId};
use super::name;
use super::params::{self, ParamId, Params};
use super::policy::{Document, Documents, Reference};
use super::{
    Api, Backend, BackendCredential, BackendKind, Breaker, Expected, ExpectedKind, HttpService, Insights, Need, Plan,
    PoolMember, ServedModel, Upstream, Url, vault,
};
use crate::catalogue::surface::{ModelIn, Surface};
use crate::resolve::name::{Name, ResourceName};
use crate::resolve::{self, BackendRef, Balance, Credential, Destination, Identity, Resolved, Routes, Target};

/// The resources of a gateway.
pub fn build(documents: Documents<'_>) -> Plan {
    let resolved = documents.resolved();
    let makes_tokens =
        vault::credentials(resolved).any(|(_, credential)| matches!(credential, Credential::Identity(_)));
    let reaches_accounts = resolved.backends.values().any(|backend| backend.target.account().is_some());
    let reads_secrets = vault::credentials(resolved).any(|(_, credential)| matches!(credential, Credential::Header(_)));
    let makes_tokens = makes_tokens || reaches_accounts;
    let identity = match &resolved.service.identity {
        Identity::System => None,
        Identity::User(place) => {
            let is_used = makes_tokens || reads_secrets || resolved.insights.is_some();
            is_used.then(|| place.clone())
        }
    };
    let prefix = &resolved.service.prefix;
    let has_client = makes_tokens && identity.is_some();
    let mut params = Params::default();
    params::add_service(resolved, identity.as_ref(), &mut params);
    let (mut accounts, mut account_backends) = accounts(resolved, &mut params);
    let hosts = params::add_hosts(resolved, &mut params);
    let vaults = vault::vaults(resolved, &mut params);
    let vault_ids = vaults.iter().enumerate();
    let vault_ids =
        vault_ids.flat_map(|(at, vault)| vault.backends.iter().map(move |name| (name.clone(), VaultId::at(at))));
    let named_values = vault::named_values(resolved, &mut params, &vault_ids.collect(), has_client);
    params::add_monitoring(resolved, &mut params);
    let (breakers, trips) = breakers(resolved);
    let mut service_names: Vec<_> = resolved.service_names.iter().collect();
    service_names.sort_by_key(|(_, resource)| *resource);
    let ids = Ids {
        accounts: account_backends
            .iter()
            .enumerate()
            .map(|(at, backend)| (backend.name.clone(), (AccountBackendId::at(at), backend.account)))
            .collect(),
        hosts,
        pools: resolved.pools.keys().enumerate().map(|(at, name)| (name.clone(), PoolId::at(at))).collect(),
        backends: service_names
            .iter()
            .enumerate()
            .map(|(at, (_, resource))| (resource.to_string(), BackendId::at(at)))
            .collect(),
        named_values: named_values
            .iter()
            .enumerate()
            .map(|(at, value)| (value.resource.to_string(), NamedValueId::at(at)))
            .collect(),
    };
    let backends: Vec<Backend> = service_names
        .into_iter()
        .map(|((to, surface), resource)| Backend {
            key: key(prefix, resource),
            resource: resource.clone(),
            source: match to {
                Destination::Backend(one) => one.text(),
                Destination::Pool(name) => name.to_string(),
            },
            kind: match to {
                Destination::Backend(one) => BackendKind::Single {
                    url: url(resolved, one, *surface, &ids),
                    breaker: trips.get(one).copied(),
                    credential: credential(resolved, one, &ids),
                },
                Destination::Pool(name) => pool(resolved, name, *surface, &ids),
            },
        })
        .collect();
    for backend in &backends {
        if let BackendKind::Single { url: Url::Account { backend, host, .. }, .. } = &backend.kind {
            let backend = &mut account_backends[backend.position()];
            backend.hosts.insert(*host);
            accounts[backend.account.position()].hosts.insert(*host);
        }
    }
    let apis = documents.into_apis();
    let apis = apis.map(|(api, policy)| self::api(resolved, api, policy, &ids)).collect();
    Plan {
        file: resolved.file,
        source_name: resolved.source_name.clone(),
        service: resolved.service.clone(),
        identity,
        insights: resolved.insights.as_ref().map(|monitor| Insights {
            logger: name::logger(prefix),
            connection_string: name::connection_string(prefix),
            is_elsewhere: !monitor.component.identity(&resolved.service).is_own(),
            sampling: monitor.sampling,
            place: monitor.component.clone(),
        }),
        params,
        accounts,
        account_backends,
        vaults,
        named_values,
        breakers,
        backends,
        services: services(resolved),
        pools: resolved.pools.values().cloned().collect(),
        apis,
    }
}

/// The ids of things planned so far, by their resolved names.
struct Ids {
    /// Backends of the file that are at accounts, and their accounts.
    accounts: BTreeMap<Name, (AccountBackendId, AccountId)>,
    /// The parameters with the URLs of the other backends of the file.
    hosts: BTreeMap<Name, ParamId>,
    /// Pools of the file.
    pools: BTreeMap<Name, PoolId>,
    /// Backends and pools of the service, by their names there.
    backends: BTreeMap<String, BackendId>,
    /// Named values, by their names in the service.
    named_values: BTreeMap<String, NamedValueId>,
}

impl Ids {
    /// The planned resource that a reference of a policy needs; `None`: it is not planned.
    fn need(&self, reference: Reference<'_>) -> Option<Need> {
        match reference {
            Reference::Backend(name) => self.backends.get(name).copied().map(Need::Backend),
            Reference::NamedValue(name) => self.named_values.get(name).copied().map(Need::NamedValue),
            Reference::Fragment(_) | Reference::Logger(_) => None,
        }
    }
}

/// A name in the service without the prefix.
fn key(prefix: &str, resource: &ResourceName) -> String {
    let name = resource.as_str();
    name.strip_prefix(prefix).unwrap_or(name).to_owned()
}

/// The breakers of pools, each once, named after the first pool that has it; and which one each backend has. A backend that others
/// stand behind in some pool trips early in all of them: it has one breaker.
fn breakers(resolved: &Resolved) -> (Vec<Breaker>, BTreeMap<&BackendRef, BreakerId>) {
    let mut breakers: Vec<Breaker> = Vec::new();
    let mut trips: BTreeMap<&BackendRef, BreakerId> = BTreeMap::new();
    for is_early in [true, false] {
        for pool in resolved.pools.values() {
            let Some(rule) = (if is_early { &pool.early } else { &pool.breaker }) else { continue };
            let has_it = |member: &&resolve::Member| pool.breaker_of(member).is_some_and(|own| own == rule);
            let members: Vec<_> = pool.members.iter().filter(has_it).map(|member| &member.to).collect();
            let known = members.iter().filter_map(|member| trips.get(*member).copied());
            let known = known.into_iter().find(|id| breakers[id.position()].rule == *rule);
            if members.iter().all(|member| trips.contains_key(*member)) {
                continue;
            }
            let id = known.unwrap_or_else(|| {
                let mut key = if is_early { format!("{}-early", pool.name) } else { pool.name.to_string() };
                // Another pool may be called so.
                while is_early && resolved.pools.keys().any(|name| name.as_str() == key) {
                    key.push_str("-1");
                }
                breakers.push(Breaker { key, rule: rule.clone() });
                BreakerId::at(breakers.len() - 1)
            });
            for member in members {
                trips.entry(member).or_insert(id);
            }
        }
    }
    (breakers, trips)
}

/// The location of a backend, called with a surface.
fn url(resolved: &Resolved, one: &BackendRef, surface: Surface, ids: &Ids) -> Url {
    match &resolved.backends[&one.backend].target {
        Target::Http { url, .. } => {
            Url::Host { backend: one.backend.clone(), url: url.clone(), param: ids.hosts[&one.backend] }
        }
        Target::Account { kind, .. } => {
            let protocol = kind.protocol(surface);
            let protocol = protocol.expect("resolve: targets speak the surface");
            let base = protocol.path;
            Url::Account {
                backend: ids.accounts[&one.backend].0,
                host: protocol.host,
                path: match (&one.deployment, surface.model_in()) {
                    (Some(deployment), ModelIn::Path) => {
                        format!("{base}/deployments/{deployment}")
                    }
                    _ => base.to_owned(),
                },
            }
        }
    }
}

fn services(resolved: &Resolved) -> Vec<HttpService> {
    let backends = resolved.backends.values();
    let services = backends.filter_map(|backend| match &backend.target {
        Target::Http { url, credential } => {
            Some(HttpService { backend: backend.name.clone(), url: url.clone(), credential: credential.clone() })
        }
        Target::Account { .. } => None,
    });
    services.collect()
}

/// The secret that a backend receives.
fn credential(resolved: &Resolved, one: &BackendRef, ids: &Ids) -> Option<BackendCredential> {
    let Target::Http { credential: Credential::Header(header), .. } = &resolved.backends[&one.backend].target else {
        return None;
    };
    Some(BackendCredential {
        header: header.header.clone(),
        scheme: header.scheme.clone(),
        named_value: ids.named_values[name::secret(&resolved.service.prefix, &header.secret).as_str()],
    })
}

fn pool(resolved: &Resolved, name: &Name, surface: Surface, ids: &Ids) -> BackendKind {
    let pool = &resolved.pools[name];
    let members = pool.members.iter().map(|member| {
        let one = Destination::Backend(member.to.clone());
        PoolMember {
            backend: ids.backends[resolved.service_name(&one, surface).as_str()],
            priority: member.priority,
            weight: member.weight,
        }
    });
    BackendKind::Pool {
        members: members.collect(),
        cookie: match &pool.balance {
            Balance::Pool { cookie } => cookie.clone(),
            Balance::Random => None,
        },
    }
}

fn api(resolved: &Resolved, api: &Arc<resolve::Api>, policy: Document, ids: &Ids) -> Api {
    let mut needs = Vec::new();
    let mut expects = Vec::new();
    for reference in policy.references() {
        match ids.need(reference) {
            Some(need) => needs.push(need),
            None => expects.push(expected(reference)),
        }
    }
    assert!(expects.is_empty() || !api.includes.is_empty(), "plan: our own policies name only what is planned");
    needs.sort();
    needs.dedup();
    let base = format!("{}-", api.resource);
    let subscriptions = api.subscriptions.iter().map(|(_, resource)| {
        let name = resource.as_str().strip_prefix(&base);
        name.expect("resolve: a subscription is named after its API").to_owned()
    });
    Api {
        resolved: Arc::clone(api),
        policy,
        needs,
        expects,
        shortened: None,
        includes: api.includes.iter().map(|one| (one.section, one.end, one.text.named.clone())).collect(),
        subscriptions: subscriptions.collect(),
        serves: serves(resolved, api, ids),
        operations: api
            .definition
            .operations
            .iter()
            .map(|operation| (operation.method.to_uppercase(), operation.path.clone()))
            .collect(),
    }
}

fn serves(resolved: &Resolved, api: &resolve::Api, ids: &Ids) -> Vec<ServedModel> {
    let by = |to: &Destination| match to {
        Destination::Pool(name) => {
            let backend_refs = resolved.backend_refs(to).into_iter();
            let reached = backend_refs.filter_map(|one| Some(ids.accounts.get(&one.backend)?.1));
            let reached: BTreeSet<AccountId> = reached.collect();
            Upstream::Pool { pool: ids.pools[name], accounts: reached.into_iter().collect() }
        }
        Destination::Backend(one) => match (&resolved.backends[&one.backend].target, &one.deployment) {
            (Target::Http { url, .. }, _) => Upstream::Http { backend: one.backend.clone(), url: url.clone() },
            (Target::Account { .. }, None) => Upstream::Account { account: ids.accounts[&one.backend].1 },
            (Target::Account { .. }, Some(deployment)) => {
                Upstream::Deployment { account: ids.accounts[&one.backend].1, deployment: deployment.to_string() }
            }
        },
    };
    let can_trip = |to: &Destination| match to {
        Destination::Backend(one) => resolved
            .pools
            .values()
            .any(|pool| pool.breaker.is_some() && pool.members.iter().any(|member| member.to == *one)),
        Destination::Pool(_) => false,
    };
    match &api.routes {
        Routes::All(to) => vec![ServedModel {
            model: None,
            by: by(to),
            credential: resolved.credential(to, api.surface),
            can_trip: can_trip(to),
        }],
        Routes::Models(routes) => routes
            .iter()
            .map(|route| ServedModel {
                model: Some(route.model.to_string()),
                by: by(&route.to),
                credential: resolved.credential(&route.to, api.surface),
                can_trip: can_trip(&route.to),
            })
            .collect(),
    }
}

/// The resources that custom policies name and that must exist in the service already.
fn expected(reference: Reference<'_>) -> Expected {
    let (kind, name) = match reference {
        Reference::Backend(name) => (ExpectedKind::Backend, name),
        Reference::Fragment(name) => (ExpectedKind::Fragment, name),
        Reference::Logger(name) => (ExpectedKind::Logger, name),
        Reference::NamedValue(name) => (ExpectedKind::NamedValue, name),
    };
    Expected { kind, name: name.to_owned() }
}
