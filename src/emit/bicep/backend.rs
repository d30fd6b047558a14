//! `modules/backends.bicep`: backends and the named values that policies use.

use super::{Names, filters};
use crate::emit::symbols::{Symbol, Symbols};
use crate::emit::value::{Expression, Part, Value};
use crate::emit::{Fragment, fragment, render};
use crate::plan::{Backend, NamedValue, NamedValueSource, Plan, Url};
use crate::resolve::name::ResourceName;

/// Names that `backends.bicep.j2` declares itself.
const RESERVED: [&str; 5] = [
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
    has_identity: bool,
    backends: Vec<Fragment>,
    named_values: Vec<Fragment>,
}

#[derive(askama::Template)]
#[template(path = "bicep/backend.bicep.j2")]
struct BackendView<'a> {
    symbol: Symbol,
    name: &'a ResourceName,
    url: Value,
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
    let backends = plan.backends.iter();
    let backends = backends
        .map(|backend| self::backend(backend, names, symbols.add(&backend.key, "backend")))
        .collect();
    let named_values = plan.named_values.iter();
    let named_values = named_values
        .map(|value| named_value(value, symbols.add(value.key, "value")))
        .collect();
    render(&BackendsView {
        source: &plan.source_name,
        account_hosts: names.accounts.iter().map(|(_, key)| key).collect(),
        hosts: names.hosts.iter().map(|(.., key)| key).collect(),
        has_identity: names.has_identity,
        backends,
        named_values,
    })
}

fn backend(backend: &Backend, names: &Names<'_>, symbol: Symbol) -> Fragment {
    let url = match &backend.url {
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
    };
    fragment(&BackendView {
        symbol,
        name: &backend.resource,
        url,
    })
}

fn named_value(value: &NamedValue, symbol: Symbol) -> Fragment {
    fragment(&NamedValueView {
        symbol,
        name: &value.resource,
        value: Value::Reference(Expression::fixed(match value.value {
            NamedValueSource::IdentityClientId => "identityClientId",
        })),
    })
}
