//! `backends.tf`: backends and the named values that policies use.

use super::locals::account_host;
use super::role::role_label;
use super::variables::value_of;
use super::{backend_label, edges, filters, named_value_label, vault_label};
use crate::emit::named_value::{self, Content, credentials};
use crate::emit::symbols::Symbol;
use crate::emit::value::{Expression, Part, Value};
use crate::emit::{Fragment, fragment, pool, render};
use crate::plan::{Backend, BackendKind, Breaker, NamedValue, NamedValueSource, Plan, PoolMember, Url, VAULT_ROLE};
use crate::resolve::name::ResourceName;

#[derive(askama::Template)]
#[template(path = "terraform/backends.tf.j2")]
struct BackendsView<'a> {
    source: &'a str,
    breakers: Vec<(Symbol, Value)>,
    resources: Vec<Fragment>,
}

#[derive(askama::Template)]
#[template(path = "terraform/backend.tf.j2")]
struct BackendView<'a> {
    label: &'a str,
    name: &'a ResourceName,
    description: String,
    url: Value,
    credentials: Option<Value>,
    breaker: Option<Value>,
}

#[derive(askama::Template)]
#[template(path = "terraform/pool.tf.j2")]
struct PoolView<'a> {
    label: &'a str,
    is_preview: bool,
    name: &'a ResourceName,
    description: String,
    pool: Value,
}

#[derive(askama::Template)]
#[template(path = "terraform/named_value.tf.j2")]
struct NamedValueView<'a> {
    label: &'a str,
    name: &'a ResourceName,
    content: Content,
    needs: Option<Value>,
}

pub(super) fn backends(plan: &Plan) -> String {
    let backends = plan.backends.iter().map(|one| backend(plan, one));
    let named_values = plan.named_values.iter();
    let named_values = named_values.map(|value| named_value(plan, value));
    let breakers = plan.breakers.iter().map(|breaker| (breaker_local(breaker), pool::breaker(breaker)));
    render(&BackendsView {
        source: &plan.source_name,
        breakers: breakers.collect(),
        resources: backends.chain(named_values).collect(),
    })
}

/// The local with a circuit breaker.
fn breaker_local(breaker: &Breaker) -> Symbol {
    Symbol::terraform(&format!("{}-circuit-breaker", breaker.key))
}

fn backend(plan: &Plan, backend: &Backend) -> Fragment {
    let label = backend_label(backend);
    let (label, name) = (label.as_str(), &backend.resource);
    match &backend.kind {
        BackendKind::Single { url, breaker, credential } => fragment(&BackendView {
            label,
            name,
            description: plan.description(backend),
            url: self::url(plan, url),
            credentials: credential.as_ref().map(|credential| {
                let value = super::named_value(&plan[credential.named_value]);
                credentials(credential, value.then(".name"))
            }),
            breaker: breaker.map(|id| Value::Reference(Expression::fixed("local").dot(&breaker_local(&plan[id])))),
        }),
        BackendKind::Pool { members, cookie } => {
            let id = |member: &PoolMember| super::backend(&plan[member.backend]).then(".id");
            fragment(&PoolView {
                label,
                is_preview: cookie.is_some(),
                name,
                description: plan.description(backend),
                pool: pool::pool(members, cookie.as_deref(), id),
            })
        }
    }
}

fn url(plan: &Plan, url: &Url) -> Value {
    match url {
        Url::Account { backend, host, path } => Value::Interpolated(vec![
            Part::Text("https://".to_owned()),
            Part::Reference(account_host(plan.params.get(plan[*backend].param), *host)),
            Part::Text(path.clone()),
        ]),
        Url::Host { param, .. } => Value::Reference(value_of(plan.params.get(*param))),
    }
}

fn named_value(plan: &Plan, value: &NamedValue) -> Fragment {
    const CLIENT: &str = "data.azapi_resource.identity.output.client_id";
    let mut needs = None;
    let content = match &value.value {
        NamedValueSource::IdentityClientId => named_value::plain(Expression::fixed(CLIENT)),
        NamedValueSource::Param(param) => named_value::plain(value_of(plan.params.get(*param))),
        NamedValueSource::Secret { vault, name } => {
            if plan.assigns_roles() {
                let role = Expression::fixed("azurerm_role_assignment");
                needs = Some(edges([role.dot(&role_label(VAULT_ROLE))]));
            }
            let uri = Expression::fixed("data.azapi_resource").dot(&vault_label(&plan[*vault]));
            let client = plan.identity.is_some();
            let client = client.then(|| Expression::fixed(CLIENT));
            named_value::secret(uri.then(".output.uri"), name, client)
        }
    };
    fragment(&NamedValueView { label: named_value_label(value).as_str(), name: &value.resource, content, needs })
}
