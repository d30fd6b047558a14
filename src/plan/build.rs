//! `Resolved` → `Plan`. Cannot fail: what is resolved is valid.

use std::collections::BTreeMap;

use super::account::accounts;
use super::name::{IDENTITY_CLIENT_ID, identity_client_id};
use super::policy::{self, Reference};
use super::{Api, Backend, NamedValue, NamedValueSource, Need, Plan, Serves, Service, Url};
use crate::resolve::name::{Name, ResourceName};
use crate::resolve::{self, Identity, KEY_QUERY, Resolved, Routes, Target};

/// What has to exist for a gateway.
pub fn build(resolved: &Resolved) -> Plan {
    let (accounts, keys) = accounts(resolved);
    let identity = match &resolved.service.identity {
        Identity::System => None,
        // Only accounts are called with an identity.
        Identity::User(_) if accounts.is_empty() => None,
        Identity::User(place) => Some(place.clone()),
    };
    let prefix = &resolved.service.prefix;
    let named_values: Vec<_> = identity
        .iter()
        .map(|_| NamedValue {
            resource: identity_client_id(prefix),
            key: IDENTITY_CLIENT_ID,
            value: NamedValueSource::IdentityClientId,
        })
        .collect();
    let mut backends: Vec<Backend> = resolved
        .backends
        .values()
        .flat_map(|backend| backends(backend, prefix, &keys))
        .collect();
    backends.sort_by(|a, b| a.resource.cmp(&b.resource));
    let apis = resolved
        .apis
        .values()
        .map(|api| self::api(resolved, api, &backends, &named_values, &keys))
        .collect();
    Plan {
        source_name: resolved.source_name.clone(),
        service: service(&resolved.service),
        identity,
        accounts,
        named_values,
        backends,
        apis,
    }
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

/// The backends of the service that one backend of the file stands for.
fn backends(
    backend: &resolve::Backend,
    prefix: &str,
    accounts: &BTreeMap<Name, String>,
) -> Vec<Backend> {
    let key = |resource: &ResourceName| {
        let name = resource.as_str();
        name.strip_prefix(prefix).unwrap_or(name).to_owned()
    };
    let at = |path: String| Url::Account {
        account: accounts[&backend.name].clone(),
        path,
    };
    match &backend.target {
        Target::Http { url, resource } => vec![Backend {
            key: key(resource),
            resource: resource.clone(),
            url: Url::Host {
                backend: backend.name.clone(),
                url: url.clone(),
            },
        }],
        Target::Account { kind, resource, .. } => vec![Backend {
            key: key(resource),
            resource: resource.clone(),
            url: at(kind.base_path().to_owned()),
        }],
        Target::Deployments {
            kind, deployments, ..
        } => deployments
            .iter()
            .map(|deployment| Backend {
                key: key(&deployment.resource),
                resource: deployment.resource.clone(),
                url: at(format!(
                    "{}/deployments/{}",
                    kind.base_path(),
                    deployment.name
                )),
            })
            .collect(),
    }
}

fn api(
    resolved: &Resolved,
    api: &resolve::Api,
    backends: &[Backend],
    named_values: &[NamedValue],
    accounts: &BTreeMap<Name, String>,
) -> Api {
    let policy = policy::api(resolved, api);
    let mut needs: Vec<Need> = policy
        .references()
        .into_iter()
        .map(|reference| need(reference, backends, named_values))
        .collect();
    needs.sort();
    needs.dedup();
    let base = format!("{}-", api.resource);
    let subscriptions = api.subscriptions.iter().map(|(_, resource)| {
        let name = resource.as_str().strip_prefix(&base);
        name.expect("resolve: a subscription is named after its API")
            .to_owned()
    });
    Api {
        name: api.name.clone(),
        resource: api.resource.clone(),
        display_name: api.display_name.clone(),
        path: api.path.clone(),
        needs_key: api.key.is_required,
        key_header: api.key.header.clone(),
        key_query: KEY_QUERY,
        format: api.definition.format,
        definition: api.definition.text.clone(),
        policy,
        needs,
        subscriptions: subscriptions.collect(),
        serves: serves(api, accounts),
        operations: api
            .definition
            .operations
            .iter()
            .map(|operation| (operation.method.to_uppercase(), operation.path.clone()))
            .collect(),
        timeout: api.timeout,
        streams: api.streams,
    }
}

fn serves(api: &resolve::Api, accounts: &BTreeMap<Name, String>) -> Serves {
    let account = || accounts[api.routes.backend()].clone();
    match &api.routes {
        Routes::Account { .. } => Serves::Account { account: account() },
        Routes::Deployments { deployments, .. } => Serves::Deployments {
            account: account(),
            deployments: deployments
                .iter()
                .map(|deployment| deployment.name.to_string())
                .collect(),
        },
        Routes::Deployment { deployment, .. } => Serves::Deployment {
            account: account(),
            deployment: deployment.name.to_string(),
        },
        Routes::Http { url, .. } => Serves::Http { url: url.clone() },
    }
}

/// What a reference of a policy needs. A reference to nothing is our mistake: names in policies come from what is resolved.
fn need(reference: Reference<'_>, backends: &[Backend], named_values: &[NamedValue]) -> Need {
    let found = match reference {
        Reference::Backend(name) => backends
            .binary_search_by(|backend| backend.resource.as_str().cmp(name))
            .ok()
            .map(|at| Need::Backend(backends[at].key.clone())),
        Reference::NamedValue(name) => named_values
            .iter()
            .find(|value| value.resource.as_str() == name)
            .map(|value| Need::NamedValue(value.key)),
        Reference::Fragment(_) | Reference::Logger(_) => None,
    };
    found.expect("plan: a policy names only what is planned")
}
