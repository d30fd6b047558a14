//! `backends.tf`: backends and the named values that policies use.

use super::locals::local;
use super::variables::{entra, host_key};
use super::{backend_label, filters, named_value_label, single_label};
use crate::emit::symbols::Symbol;
use crate::emit::value::{Expression, Field, Part, Value};
use crate::emit::{Fragment, fragment, pool, render};
use crate::plan::{Backend, BackendKind, NamedValue, NamedValueSource, Plan, PoolMember, Url};
use crate::resolve::name::ResourceName;

#[derive(askama::Template)]
#[template(path = "terraform/backends.tf.j2")]
struct BackendsView<'a> {
    source: &'a str,
    breakers: Option<Vec<Field>>,
    resources: Vec<Fragment>,
}

#[derive(askama::Template)]
#[template(path = "terraform/backend.tf.j2")]
struct BackendView<'a> {
    label: &'a str,
    name: &'a ResourceName,
    url: Value,
    breaker: Option<Value>,
}

#[derive(askama::Template)]
#[template(path = "terraform/pool.tf.j2")]
struct PoolView<'a> {
    label: &'a str,
    is_preview: bool,
    name: &'a ResourceName,
    pool: Value,
}

#[derive(askama::Template)]
#[template(path = "terraform/named_value.tf.j2")]
struct NamedValueView<'a> {
    label: &'a str,
    name: &'a ResourceName,
    value: Value,
}

pub(super) fn backends(plan: &Plan) -> String {
    let backends = plan.backends.iter().map(backend);
    let named_values = plan.named_values.iter().map(named_value);
    let breakers = plan.breakers.iter().map(|breaker| {
        let name = breaker_local(&breaker.key).as_str().to_owned();
        (name, pool::breaker(breaker))
    });
    render(&BackendsView {
        source: &plan.source_name,
        breakers: (!plan.breakers.is_empty()).then(|| breakers.collect()),
        resources: backends.chain(named_values).collect(),
    })
}

/// The local with a circuit breaker.
fn breaker_local(key: &str) -> Symbol {
    Symbol::terraform(&format!("{key}-circuit-breaker"))
}

fn backend(backend: &Backend) -> Fragment {
    let label = backend_label(backend);
    let (label, name) = (label.as_str(), &backend.resource);
    match &backend.kind {
        BackendKind::Single { url, breaker } => fragment(&BackendView {
            label,
            name,
            url: self::url(url),
            breaker: breaker
                .as_ref()
                .map(|key| Value::Reference(Expression::fixed("local").dot(&breaker_local(key)))),
        }),
        BackendKind::Pool { members, cookie } => {
            let id = |member: &PoolMember| super::resource(&single_label(&member.key)).then(".id");
            fragment(&PoolView {
                label,
                is_preview: cookie.is_some(),
                name,
                pool: pool::pool(members, cookie.as_deref(), id),
            })
        }
    }
}

fn url(url: &Url) -> Value {
    match url {
        Url::Account { account, path } => Value::Interpolated(vec![
            Part::Text("https://".to_owned()),
            Part::Reference(local(&Symbol::terraform(account), "_host")),
            Part::Text(path.clone()),
        ]),
        Url::Host { backend, .. } => Value::Reference(
            Expression::fixed("var.hosts").dot(&Symbol::terraform(&host_key(backend.as_str()))),
        ),
    }
}

fn named_value(value: &NamedValue) -> Fragment {
    fragment(&NamedValueView {
        label: named_value_label(&value.key).as_str(),
        name: &value.resource,
        value: Value::Reference(match &value.value {
            NamedValueSource::IdentityClientId => {
                Expression::fixed("data.azapi_resource.identity.output.client_id")
            }
            NamedValueSource::Entra { api, part } => entra(api, *part),
        }),
    })
}
