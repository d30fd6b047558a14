//! `Resolved` and the policies made from it → `Plan`. Cannot fail: what is resolved is valid, and what is a document is allowed.

use std::collections::BTreeMap;

use super::account::accounts;
use super::name;
use super::params::{self, ParamId, Params};
use super::policy::{Document, Documents, Reference};
use super::{
    Api, Backend, BackendCredential, BackendKind, Breaker, Callers, EntraIds, Expected, ExpectedKind, HttpService,
    Insights, NamedValue, Need, Plan, PoolMember, ServedModel, Service, Upstream, Url, vault,
};
use crate::catalogue::surface::{ModelIn, Surface};
use crate::resolve::name::{Name, ResourceName};
use crate::resolve::{
    self, BackendRef, Balance, Credential, Destination, EntraId, Identity, KEY_QUERY, Resolved, Routes, Target,
};

/// Builds the plan of a gateway.
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
    let keys = account_backends.iter().map(|backend| (backend.name.clone(), backend.account.clone())).collect();
    let hosts = params::add_hosts(resolved, &mut params);
    let vaults = vault::vaults(resolved, &mut params);
    let named_values = vault::named_values(resolved, &mut params, has_client);
    params::add_monitoring(resolved, &mut params);
    let (breakers, trips) = breakers(resolved);
    let mut backends: Vec<Backend> = resolved
        .service_names
        .iter()
        .map(|((to, surface), resource)| Backend {
            key: key(prefix, resource),
            resource: resource.clone(),
            source: match to {
                Destination::Backend(one) => one.text(),
                Destination::Pool(name) => name.to_string(),
            },
            kind: match to {
                Destination::Backend(one) => BackendKind::Single {
                    url: url(resolved, one, *surface, &keys, &hosts),
                    breaker: trips.get(one).map(|at| breakers[*at].key.clone()),
                    credential: credential(resolved, one),
                },
                Destination::Pool(name) => pool(resolved, name, *surface),
            },
        })
        .collect();
    backends.sort_by(|a, b| a.resource.cmp(&b.resource));
    for backend in &backends {
        if let BackendKind::Single { url: Url::Account { account, backend, host, .. }, .. } = &backend.kind {
            let at = accounts.binary_search_by(|one| one.key.cmp(account));
            let at = at.expect("plan: accounts of backends are planned");
            accounts[at].hosts.insert(*host);
            let at = account_backends.binary_search_by(|one| one.name.cmp(backend));
            let at = at.expect("plan: backends at accounts are planned");
            account_backends[at].hosts.insert(*host);
        }
    }
    let apis = documents.into_apis();
    let apis = apis.map(|(api, policy)| self::api(resolved, api, policy, &backends, &named_values, &keys)).collect();
    Plan {
        source_name: resolved.source_name.clone(),
        service: service(&resolved.service),
        identity,
        insights: resolved.insights.as_ref().map(|place| Insights {
            logger: name::logger(prefix),
            is_elsewhere: !place.identity(&resolved.service).is_own(),
            place: place.clone(),
        }),
        params,
        accounts,
        account_backends,
        vaults,
        entra: entra(resolved),
        named_values,
        breakers,
        backends,
        services: services(resolved),
        pools: resolved.pools.values().cloned().collect(),
        apis,
    }
}

/// The token requirements of each API that needs one.
fn entra(resolved: &Resolved) -> Vec<EntraIds> {
    let values = |ids: &[EntraId]| ids.iter().map(|id| id.value.clone()).collect();
    let apis = resolved.apis.values();
    apis.filter_map(|api| {
        let entra = api.entra.as_ref()?;
        Some(EntraIds {
            api: api.name.clone(),
            tenant: entra.tenant.value.clone(),
            audiences: values(&entra.audiences),
            applications: values(&entra.applications),
        })
    })
    .collect()
}

/// A name in the service without the prefix.
fn key(prefix: &str, resource: &ResourceName) -> String {
    let name = resource.as_str();
    name.strip_prefix(prefix).unwrap_or(name).to_owned()
}

/// The breakers of pools, each once, named after the first pool that has it; and which one each backend has.
fn breakers(resolved: &Resolved) -> (Vec<Breaker>, BTreeMap<&BackendRef, usize>) {
    let mut breakers: Vec<Breaker> = Vec::new();
    let mut trips = BTreeMap::new();
    for pool in resolved.pools.values() {
        let Some(rule) = &pool.breaker else { continue };
        let known = pool.members.iter().find_map(|member| trips.get(&member.to));
        let at = known.copied().unwrap_or_else(|| {
            breakers.push(Breaker { key: pool.name.to_string(), rule: rule.clone() });
            breakers.len() - 1
        });
        for member in &pool.members {
            trips.entry(&member.to).or_insert(at);
        }
    }
    (breakers, trips)
}

fn service(service: &resolve::Service) -> Service {
    Service {
        name: service.name.clone(),
        resource_group: service.resource_group.clone(),
        public_url: service.public_url.clone(),
        prefix: service.prefix.clone(),
        creates_roles: service.creates_roles,
    }
}

/// The location of a backend, called with a surface.
fn url(
    resolved: &Resolved,
    one: &BackendRef,
    surface: Surface,
    accounts: &BTreeMap<Name, String>,
    hosts: &BTreeMap<Name, ParamId>,
) -> Url {
    match &resolved.backends[&one.backend].target {
        Target::Http { url, .. } => {
            Url::Host { backend: one.backend.clone(), url: url.clone(), param: hosts[&one.backend] }
        }
        Target::Account { kind, .. } => {
            let protocol = kind.protocol(surface);
            let protocol = protocol.expect("resolve: targets speak the surface");
            let base = protocol.path;
            Url::Account {
                account: accounts[&one.backend].clone(),
                backend: one.backend.clone(),
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
fn credential(resolved: &Resolved, one: &BackendRef) -> Option<BackendCredential> {
    let Target::Http { credential: Credential::Header(header), .. } = &resolved.backends[&one.backend].target else {
        return None;
    };
    Some(BackendCredential {
        header: header.header.clone(),
        scheme: header.scheme.clone(),
        named_value: name::secret_key(&header.secret),
    })
}

fn pool(resolved: &Resolved, name: &Name, surface: Surface) -> BackendKind {
    let pool = &resolved.pools[name];
    let prefix = &resolved.service.prefix;
    let members = pool.members.iter().map(|member| {
        let one = Destination::Backend(member.to.clone());
        PoolMember {
            key: key(prefix, resolved.service_name(&one, surface)),
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

fn api(
    resolved: &Resolved,
    api: &resolve::Api,
    policy: Document,
    backends: &[Backend],
    named_values: &[NamedValue],
    accounts: &BTreeMap<Name, String>,
) -> Api {
    let mut needs = Vec::new();
    let mut expects = Vec::new();
    for reference in policy.references() {
        match need(reference, backends, named_values) {
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
        name: api.name.clone(),
        resource: api.resource.clone(),
        display_name: api.display_name.clone(),
        path: api.path.clone(),
        callers: Callers {
            need_token: api.entra.is_some(),
            roles: api.entra.as_ref().map(|entra| entra.roles.clone()).unwrap_or_default(),
            addresses: api.addresses.clone(),
            cors: api.cors.clone(),
            rate_limit: api.rate_limit.clone(),
        },
        needs_key: api.key.is_required,
        key_header: api.key.header.clone(),
        key_query: KEY_QUERY,
        format: api.definition.format,
        definition: api.definition.text.clone(),
        policy,
        needs,
        expects,
        includes: api.includes.iter().map(|one| (one.section, one.end, one.text.named.clone())).collect(),
        subscriptions: subscriptions.collect(),
        surface: api.surface,
        serves: serves(resolved, api, accounts),
        coverage: api.definition.coverage,
        operations: api
            .definition
            .operations
            .iter()
            .map(|operation| (operation.method.to_uppercase(), operation.path.clone()))
            .collect(),
        timeout: api.timeout,
        streams: api.streams,
        adds_usage: api.adds_usage,
    }
}

fn serves(resolved: &Resolved, api: &resolve::Api, accounts: &BTreeMap<Name, String>) -> Vec<ServedModel> {
    let by = |to: &Destination| match to {
        Destination::Pool(name) => {
            let backend_refs = resolved.backend_refs(to).into_iter();
            let mut reached: Vec<String> = backend_refs.filter_map(|one| accounts.get(&one.backend).cloned()).collect();
            reached.sort();
            reached.dedup();
            Upstream::Pool { pool: name.clone(), accounts: reached }
        }
        Destination::Backend(one) => match (&resolved.backends[&one.backend].target, &one.deployment) {
            (Target::Http { url, .. }, _) => Upstream::Http { backend: one.backend.clone(), url: url.clone() },
            (Target::Account { .. }, None) => Upstream::Account { account: accounts[&one.backend].clone() },
            (Target::Account { .. }, Some(deployment)) => {
                Upstream::Deployment { account: accounts[&one.backend].clone(), deployment: deployment.to_string() }
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

/// The planned resource that a reference of a policy needs; `None`: it is not planned.
fn need(reference: Reference<'_>, backends: &[Backend], named_values: &[NamedValue]) -> Option<Need> {
    match reference {
        Reference::Backend(name) => backends
            .binary_search_by(|backend| backend.resource.as_str().cmp(name))
            .ok()
            .map(|at| Need::Backend(backends[at].key.clone())),
        Reference::NamedValue(name) => named_values
            .iter()
            .find(|value| value.resource.as_str() == name)
            .map(|value| Need::NamedValue(value.key.clone())),
        Reference::Fragment(_) | Reference::Logger(_) => None,
    }
}
