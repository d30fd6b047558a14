//! `Resolved` and the policies made from it → `Plan`. Cannot fail: what is resolved is valid, and what is a document is allowed.

use std::collections::BTreeMap;

use super::account::accounts;
use super::name;
use super::policy::{Document, Documents, Reference};
use super::{
    Api, Backend, BackendCredential, BackendKind, Breaker, Callers, EntraIds, Expected, ExpectedKind, HttpService,
    Insights, NamedValue, NamedValueSource, Need, Plan, PoolMember, ServedModel, Service, Upstream, Url, vault,
};
use crate::catalogue::surface::{ModelIn, Surface};
use crate::resolve::name::{Name, ResourceName};
use crate::resolve::{
    self, BackendRef, Balance, Credential, Destination, Identity, KEY_QUERY, Resolved, Routes, Target,
};

/// What has to exist for a gateway.
pub fn build(documents: Documents<'_>) -> Plan {
    let resolved = documents.resolved();
    let (mut accounts, keys) = accounts(resolved);
    let (vaults, vault_keys) = vault::vaults(resolved);
    let makes_tokens =
        vault::credentials(resolved).any(|(_, credential)| matches!(credential, Credential::Identity(_)));
    let makes_tokens = makes_tokens || !accounts.is_empty();
    let identity = match &resolved.service.identity {
        Identity::System => None,
        Identity::User(place) => {
            let is_used = makes_tokens || !vaults.is_empty() || resolved.insights.is_some();
            is_used.then(|| place.clone())
        }
    };
    let prefix = &resolved.service.prefix;
    let has_client = makes_tokens && identity.is_some();
    let entra = entra(resolved);
    let mut named_values = vault::named_values(resolved, &vault_keys, has_client);
    named_values.extend(entra_values(prefix, &entra));
    named_values.sort_by(|a, b| a.resource.cmp(&b.resource));
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
                    url: url(resolved, one, *surface, &keys),
                    breaker: trips.get(one).map(|at| breakers[*at].key.clone()),
                    credential: credential(resolved, one),
                },
                Destination::Pool(name) => pool(resolved, name, *surface),
            },
        })
        .collect();
    backends.sort_by(|a, b| a.resource.cmp(&b.resource));
    for backend in &backends {
        if let BackendKind::Single { url: Url::Account { account, host, .. }, .. } = &backend.kind {
            let at = accounts.binary_search_by(|one| one.key.cmp(account));
            let at = at.expect("plan: accounts of backends are planned");
            accounts[at].hosts.insert(*host);
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
        accounts,
        vaults,
        entra,
        named_values,
        breakers,
        backends,
        services: services(resolved),
        pools: resolved.pools.values().cloned().collect(),
        apis,
    }
}

/// What tokens have to name, for each API that asks for one.
fn entra(resolved: &Resolved) -> Vec<EntraIds> {
    let apis = resolved.apis.values();
    apis.filter_map(|api| {
        let entra = api.entra.as_ref()?;
        Some(EntraIds {
            api: api.name.clone(),
            tenant: entra.tenant.clone(),
            audiences: entra.audiences.clone(),
            applications: entra.applications.clone(),
        })
    })
    .collect()
}

fn entra_values(prefix: &str, all: &[EntraIds]) -> impl Iterator<Item = NamedValue> {
    all.iter().flat_map(move |ids| {
        ids.parts().map(move |part| {
            let (resource, key) = name::entra(prefix, &ids.api, part);
            let api = ids.api.clone();
            NamedValue { resource, key, value: NamedValueSource::Entra { api, part } }
        })
    })
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

/// Where a backend is, called with a surface.
fn url(resolved: &Resolved, one: &BackendRef, surface: Surface, accounts: &BTreeMap<Name, String>) -> Url {
    match &resolved.backends[&one.backend].target {
        Target::Http { url, .. } => Url::Host { backend: one.backend.clone(), url: url.clone() },
        Target::Account { kind, .. } => {
            let protocol = kind.protocol(surface);
            let protocol = protocol.expect("resolve: targets speak the surface");
            let base = protocol.path;
            Url::Account {
                account: accounts[&one.backend].clone(),
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

/// The secret that a backend is shown.
fn credential(resolved: &Resolved, one: &BackendRef) -> Option<BackendCredential> {
    let Target::Http { credential: Credential::Header(header), .. } = &resolved.backends[&one.backend].target else {
        return None;
    };
    Some(BackendCredential {
        header: header.header.clone(),
        scheme: header.scheme.clone(),
        named_value: name::secret_key(resolved.owner_of_secret(&header.secret)),
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
            let ones = resolved.backend_refs(to).into_iter();
            let mut reached: Vec<String> = ones.filter_map(|one| accounts.get(&one.backend).cloned()).collect();
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

/// What policy text of the team's names and the service must have already.
fn expected(reference: Reference<'_>) -> Expected {
    let (kind, name) = match reference {
        Reference::Backend(name) => (ExpectedKind::Backend, name),
        Reference::Fragment(name) => (ExpectedKind::Fragment, name),
        Reference::Logger(name) => (ExpectedKind::Logger, name),
        Reference::NamedValue(name) => (ExpectedKind::NamedValue, name),
    };
    Expected { kind, name: name.to_owned() }
}

/// What is planned and a reference of a policy needs; `None`: it is not planned.
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
