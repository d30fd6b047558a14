//! `modules/backends.bicep`: backends and the named values that policies use.

use std::collections::BTreeMap;

use super::{Names, entra_types, filters};
use crate::emit::named_value::{self, credentials};
use crate::emit::symbols::{Symbol, Symbols};
use crate::emit::value::{Expression, Field, Part, Value};
use crate::emit::{Fragment, fragment, pool, render};
use crate::plan::{Backend, BackendKind, Host, NamedValue, NamedValueSource, Plan, PoolMember, Url};
use crate::resolve::name::ResourceName;

/// The parameters with hosts of accounts.
pub(super) const HOSTS: [(&str, Host); 2] = [("accountHosts", Host::Endpoint), ("foundryHosts", Host::Foundry)];

/// Names that `backends.bicep.j2` declares itself.
const RESERVED: [&str; 9] = [
    "entra",
    "serviceName",
    "accountHosts",
    "foundryHosts",
    "vaultUris",
    "audiences",
    "hosts",
    "identityClientId",
    "service",
];

#[derive(askama::Template)]
#[template(path = "bicep/backends.bicep.j2")]
struct BackendsView<'a> {
    source: &'a str,
    account_hosts: Vec<&'a Symbol>,
    foundry_hosts: Vec<&'a Symbol>,
    vaults: Vec<&'a Symbol>,
    audiences: Vec<&'a Symbol>,
    has_accounts: bool,
    hosts: Vec<&'a Symbol>,
    entra_types: Option<Vec<Field>>,
    has_identity: bool,
    breakers: Vec<BreakerView>,
    backends: Vec<Fragment>,
    named_values: Vec<Fragment>,
}

struct BreakerView {
    symbol: Symbol,
    rules: Value,
}

#[derive(askama::Template)]
#[template(path = "bicep/backend.bicep.j2")]
struct BackendView<'a> {
    symbol: &'a Symbol,
    name: &'a ResourceName,
    url: Value,
    breaker: Option<&'a Symbol>,
    credentials: Option<Value>,
}

#[derive(askama::Template)]
#[template(path = "bicep/pool.bicep.j2")]
struct PoolView<'a> {
    symbol: &'a Symbol,
    is_preview: bool,
    name: &'a ResourceName,
    pool: Value,
}

#[derive(askama::Template)]
#[template(path = "bicep/named_value.bicep.j2")]
struct NamedValueView<'a> {
    symbol: &'a Symbol,
    name: &'a ResourceName,
    content: Vec<Field>,
}

pub(super) fn backends(plan: &Plan, names: &Names<'_>) -> String {
    let mut symbols = Symbols::reserving(&RESERVED);
    // In the order of `plan.backends`, which is that of their keys.
    let own: BTreeMap<&str, Symbol> =
        plan.backends.iter().map(|backend| (backend.key.as_str(), symbols.add(&backend.key, "backend"))).collect();
    let breakers: BTreeMap<&str, Symbol> = plan
        .breakers
        .iter()
        .map(|breaker| {
            let name = format!("{}-circuit-breaker", breaker.key);
            (breaker.key.as_str(), symbols.add(&name, "rule"))
        })
        .collect();
    let values: BTreeMap<&str, Symbol> =
        plan.named_values.iter().map(|value| (value.key.as_str(), symbols.add(&value.key, "value"))).collect();
    let backends = plan.backends.iter();
    let backends = backends.map(|backend| self::backend(backend, names, &own, &breakers, &values)).collect();
    let named_values = plan.named_values.iter();
    let named_values = named_values.map(|value| named_value(plan, value, names, &values[value.key.as_str()])).collect();
    let at = |host: Host| {
        let accounts = names.accounts.iter();
        let accounts = accounts.filter(move |(account, _)| account.hosts.contains(&host));
        accounts.map(|(_, key)| key).collect()
    };
    render(&BackendsView {
        source: &plan.source_name,
        account_hosts: at(Host::Endpoint),
        foundry_hosts: at(Host::Foundry),
        vaults: names.vaults.iter().map(|(_, key)| key).collect(),
        audiences: names.audiences.iter().map(|(.., key)| key).collect(),
        has_accounts: !names.accounts.is_empty(),
        hosts: names.hosts.iter().map(|(.., key)| key).collect(),
        entra_types: entra_types(names),
        has_identity: plan.writes_client_id(),
        breakers: plan
            .breakers
            .iter()
            .map(|breaker| BreakerView {
                symbol: breakers[breaker.key.as_str()].clone(),
                rules: pool::breaker(breaker),
            })
            .collect(),
        backends,
        named_values,
    })
}

fn backend(
    backend: &Backend,
    names: &Names<'_>,
    own: &BTreeMap<&str, Symbol>,
    breakers: &BTreeMap<&str, Symbol>,
    values: &BTreeMap<&str, Symbol>,
) -> Fragment {
    let symbol = &own[backend.key.as_str()];
    let name = &backend.resource;
    match &backend.kind {
        BackendKind::Single { url, breaker, credential } => fragment(&BackendView {
            symbol,
            name,
            url: self::url(url, names),
            breaker: breaker.as_ref().map(|key| &breakers[key.as_str()]),
            credentials: credential.as_ref().map(|credential| {
                let value = Expression::symbol(&values[credential.named_value.as_str()]);
                credentials(credential, value.then(".name"))
            }),
        }),
        BackendKind::Pool { members, cookie } => {
            let id = |member: &PoolMember| Expression::symbol(&own[member.key.as_str()]).then(".id");
            fragment(&PoolView {
                symbol,
                is_preview: cookie.is_some(),
                name,
                pool: pool::pool(members, cookie.as_deref(), id),
            })
        }
    }
}

fn url(url: &Url, names: &Names<'_>) -> Value {
    match url {
        Url::Account { account, host, path } => {
            let hosts = match host {
                Host::Endpoint => "accountHosts",
                Host::Foundry => "foundryHosts",
            };
            let host = Expression::fixed(hosts).dot(names.account(account));
            Value::Interpolated(vec![
                Part::Text("https://".to_owned()),
                Part::Reference(host),
                Part::Text(path.clone()),
            ])
        }
        Url::Host { backend, .. } => Value::Reference(Expression::fixed("hosts").dot(names.host(backend.as_str()))),
    }
}

fn named_value(plan: &Plan, value: &NamedValue, names: &Names<'_>, symbol: &Symbol) -> Fragment {
    let content = match &value.value {
        NamedValueSource::IdentityClientId => named_value::plain(Expression::fixed("identityClientId")),
        NamedValueSource::Audience { backend, .. } => {
            let audience = names.audience(backend.as_str());
            named_value::plain(Expression::fixed("audiences").dot(audience))
        }
        NamedValueSource::Secret { vault, name } => {
            let uri = Expression::fixed("vaultUris").dot(names.vault(vault));
            let client = plan.identity.is_some();
            let client = client.then(|| Expression::fixed("identityClientId"));
            named_value::secret(uri, name, client)
        }
        NamedValueSource::Entra { api, part } => named_value::plain(names.entra(api, *part)),
    };
    fragment(&NamedValueView { symbol, name: &value.resource, content })
}
