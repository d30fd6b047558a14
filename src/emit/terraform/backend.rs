//! `backends.tf`: backends and the named values that policies use.

use super::locals::{host_suffix, local};
use super::role::role_label;
use super::variables::{entra, host_key};
use super::{backend_label, edges, filters, named_value_label, single_label, vault_label};
use crate::emit::named_value::{self, credentials};
use crate::emit::symbols::Symbol;
use crate::emit::value::{Expression, Field, Part, Value};
use crate::emit::{Fragment, fragment, pool, render};
use crate::plan::{Backend, BackendKind, NamedValue, NamedValueSource, Plan, PoolMember, Url, VAULT_ROLE};
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
    properties: Vec<Field>,
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
    properties: Vec<Field>,
    needs: Option<Value>,
}

pub(super) fn backends(plan: &Plan) -> String {
    let backends = plan.backends.iter().map(backend);
    let named_values = plan.named_values.iter();
    let named_values = named_values.map(|value| named_value(plan, value));
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
        BackendKind::Single { url, breaker, credential } => {
            let mut properties = vec![
                ("type".to_owned(), Value::text("Single")),
                ("protocol".to_owned(), Value::text("http")),
                ("url".to_owned(), self::url(url)),
            ];
            properties.extend(credential.as_ref().map(|credential| {
                let value = super::resource(&named_value_label(&credential.named_value));
                let value = credentials(credential, value.then(".name"));
                ("credentials".to_owned(), value)
            }));
            properties.extend(breaker.as_ref().map(|key| {
                let rule = Expression::fixed("local").dot(&breaker_local(key));
                ("circuitBreaker".to_owned(), Value::Reference(rule))
            }));
            fragment(&BackendView { label, name, properties })
        }
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
        Url::Account { account, host, path } => Value::Interpolated(vec![
            Part::Text("https://".to_owned()),
            Part::Reference(local(&Symbol::terraform(account), host_suffix(*host))),
            Part::Text(path.clone()),
        ]),
        Url::Host { backend, .. } => {
            Value::Reference(Expression::fixed("var.hosts").dot(&Symbol::terraform(&host_key(backend.as_str()))))
        }
    }
}

fn named_value(plan: &Plan, value: &NamedValue) -> Fragment {
    const CLIENT: &str = "data.azapi_resource.identity.output.client_id";
    let mut properties = vec![("displayName".to_owned(), Value::text(value.resource.as_str()))];
    let mut needs = None;
    properties.extend(match &value.value {
        NamedValueSource::IdentityClientId => named_value::plain(Expression::fixed(CLIENT)),
        NamedValueSource::Audience { backend, .. } => {
            let key = Symbol::terraform(&host_key(backend.as_str()));
            named_value::plain(Expression::fixed("var.audiences").dot(&key))
        }
        NamedValueSource::Entra { api, part } => named_value::plain(entra(api, *part)),
        NamedValueSource::Secret { vault, name } => {
            if plan.assigns_roles() {
                let role = Expression::fixed("azurerm_role_assignment");
                needs = Some(edges([role.dot(&role_label(VAULT_ROLE))]));
            }
            let uri = Expression::fixed("data.azapi_resource").dot(&vault_label(vault));
            let client = plan.identity.is_some();
            let client = client.then(|| Expression::fixed(CLIENT));
            named_value::secret(uri.then(".output.uri"), name, client)
        }
    });
    fragment(&NamedValueView {
        label: named_value_label(&value.key).as_str(),
        name: &value.resource,
        properties,
        needs,
    })
}
