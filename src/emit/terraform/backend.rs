//! `backends.tf`: backends and the named values that policies use.

use super::locals::local;
use super::variables::host_key;
use super::{backend_label, filters, named_value_label};
use crate::emit::symbols::Symbol;
use crate::emit::value::{Expression, Part, Value};
use crate::emit::{Fragment, fragment, render};
use crate::plan::{Backend, NamedValue, NamedValueSource, Plan, Url};
use crate::resolve::name::ResourceName;

#[derive(askama::Template)]
#[template(path = "terraform/backends.tf.j2")]
struct BackendsView<'a> {
    source: &'a str,
    resources: Vec<Fragment>,
}

#[derive(askama::Template)]
#[template(path = "terraform/backend.tf.j2")]
struct BackendView<'a> {
    label: &'a str,
    name: &'a ResourceName,
    url: Value,
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
    render(&BackendsView {
        source: &plan.source_name,
        resources: backends.chain(named_values).collect(),
    })
}

fn backend(backend: &Backend) -> Fragment {
    let url = match &backend.url {
        Url::Account { account, path } => Value::Interpolated(vec![
            Part::Text("https://".to_owned()),
            Part::Reference(local(&Symbol::terraform(account), "_host")),
            Part::Text(path.clone()),
        ]),
        Url::Host { backend, .. } => Value::Reference(
            Expression::fixed("var.hosts").dot(&Symbol::terraform(&host_key(backend.as_str()))),
        ),
    };
    fragment(&BackendView {
        label: backend_label(&backend.key).as_str(),
        name: &backend.resource,
        url,
    })
}

fn named_value(value: &NamedValue) -> Fragment {
    fragment(&NamedValueView {
        label: named_value_label(value.key).as_str(),
        name: &value.resource,
        value: Value::Reference(Expression::fixed(match value.value {
            NamedValueSource::IdentityClientId => "data.azapi_resource.identity.output.client_id",
        })),
    })
}
