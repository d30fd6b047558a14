//! `modules/backends.bicep`: backends and the named values that policies use.

use std::collections::BTreeMap;

use super::{Names, entra_types, filters};
use crate::emit::symbols::{Symbol, Symbols};
use crate::emit::value::{Expression, Field, Part, Value};
use crate::emit::{Fragment, fragment, pool, render};
use crate::plan::{Backend, BackendKind, NamedValue, NamedValueSource, Plan, PoolMember, Url};
use crate::resolve::name::ResourceName;

/// Names that `backends.bicep.j2` declares itself.
const RESERVED: [&str; 6] = [
    "entra",
    "serviceName",
    "accountHosts",
    "hosts",
    "identityClientId",
    "service",
];

#[derive(askama::Template)]
#[template(path = "bicep/backends.bicep.j2")]
struct BackendsView<'a> {
    source: &'a str,
    account_hosts: Vec<&'a Symbol>,
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
    symbol: Symbol,
    name: &'a ResourceName,
    value: Value,
}

pub(super) fn backends(plan: &Plan, names: &Names<'_>) -> String {
    let mut symbols = Symbols::reserving(&RESERVED);
    // In the order of `plan.backends`, which is that of their keys.
    let own: BTreeMap<&str, Symbol> = plan
        .backends
        .iter()
        .map(|backend| (backend.key.as_str(), symbols.add(&backend.key, "backend")))
        .collect();
    let breakers: BTreeMap<&str, Symbol> = plan
        .breakers
        .iter()
        .map(|breaker| {
            let name = format!("{}-circuit-breaker", breaker.key);
            (breaker.key.as_str(), symbols.add(&name, "rule"))
        })
        .collect();
    let backends = plan.backends.iter();
    let backends = backends
        .map(|backend| self::backend(backend, names, &own, &breakers))
        .collect();
    let named_values = plan.named_values.iter();
    let named_values = named_values
        .map(|value| named_value(value, names, symbols.add(&value.key, "value")))
        .collect();
    render(&BackendsView {
        source: &plan.source_name,
        account_hosts: names.accounts.iter().map(|(_, key)| key).collect(),
        hosts: names.hosts.iter().map(|(.., key)| key).collect(),
        entra_types: entra_types(names),
        has_identity: plan.names_identity(),
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
) -> Fragment {
    let symbol = &own[backend.key.as_str()];
    let name = &backend.resource;
    match &backend.kind {
        BackendKind::Single { url, breaker } => fragment(&BackendView {
            symbol,
            name,
            url: self::url(url, names),
            breaker: breaker.as_ref().map(|key| &breakers[key.as_str()]),
        }),
        BackendKind::Pool { members, cookie } => {
            let id =
                |member: &PoolMember| Expression::symbol(&own[member.key.as_str()]).then(".id");
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
        Url::Account { account, path } => {
            let host = Expression::fixed("accountHosts").dot(names.account(account));
            Value::Interpolated(vec![
                Part::Text("https://".to_owned()),
                Part::Reference(host),
                Part::Text(path.clone()),
            ])
        }
        Url::Host { backend, .. } => {
            Value::Reference(Expression::fixed("hosts").dot(names.host(backend.as_str())))
        }
    }
}

fn named_value(value: &NamedValue, names: &Names<'_>, symbol: Symbol) -> Fragment {
    fragment(&NamedValueView {
        symbol,
        name: &value.resource,
        value: Value::Reference(match &value.value {
            NamedValueSource::IdentityClientId => Expression::fixed("identityClientId"),
            NamedValueSource::Entra { api, part } => names.entra(api, *part),
        }),
    })
}
