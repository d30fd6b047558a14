//! Terraform: one view per template, and the filters for these templates.

pub mod align;
mod api;
mod backend;
pub mod filters;
mod locals;
mod observability;
mod outputs;
mod role;
mod settings;
mod test;
mod variables;

pub(super) use variables::name_of;

use super::Files;
use super::symbols::Symbol;
use super::value::{Expression, Part, Value};
use crate::plan::{AccountBackend, Api, Backend, NamedValue, Plan, Vault};

/// The files under `terraform/`.
pub(super) fn files(plan: &Plan, files: &mut Files<'_>) {
    files.add("terraform.tf", settings::terraform(plan));
    files.add("providers.tf", settings::providers(plan));
    files.add(".gitignore", settings::gitignore(plan));
    files.add("variables.tf", variables::variables(plan));
    files.add("terraform.tfvars", variables::tfvars(plan));
    files.add("locals.tf", locals::locals(plan));
    files.add("backends.tf", backend::backends(plan));
    files.add("apis.tf", api::apis(plan));
    if plan.assigns_roles() {
        files.add("roles.tf", role::roles(plan));
    }
    if let Some(insights) = &plan.insights {
        let path = "observability.tf";
        files.add(path, observability::observability(plan, insights));
    }
    files.add("outputs.tf", outputs::outputs(plan));
    files.add("tests/gateway.tftest.hcl", test::test(plan));
}

/// The label of a backend or pool: both are one type in Azure and share one space of names, so a backend that becomes a pool keeps its
/// address. Labels are a contract: changing one destroys its resource.
fn backend_label(backend: &Backend) -> Symbol {
    Symbol::terraform(&format!("backend-{}", backend.key))
}

/// The label of a named value.
fn named_value_label(value: &NamedValue) -> Symbol {
    Symbol::terraform(&format!("named-value-{}", value.key))
}

/// The label of the named value with the connection string of the component.
fn connection_string_label() -> Symbol {
    Symbol::fixed("named_value_application_insights_connection_string")
}

/// The label of the component, which exists.
fn component_label() -> Symbol {
    Symbol::fixed("application_insights")
}

/// The label of an API.
fn api_label(api: &Api) -> Symbol {
    Symbol::terraform(&format!("api-{}", api.name))
}

/// The label of an API's policy.
fn policy_label(api: &Api) -> Symbol {
    Symbol::terraform(api.name.as_str())
}

/// The label of an API's subscriptions.
fn subscription_label(api: &Api) -> Symbol {
    Symbol::terraform(&format!("api-{}-subscription", api.name))
}

/// The label of a vault that exists.
fn vault_label(vault: &Vault) -> Symbol {
    Symbol::terraform(&format!("vault-{}", vault.key))
}

/// The label of a backend's account, which exists.
fn account_label(backend: &AccountBackend) -> Symbol {
    Symbol::terraform(&format!("account-{}", backend.name))
}

fn resource(label: &Symbol) -> Expression {
    Expression::fixed("azapi_resource").dot(label)
}

fn policy(api: &Api) -> Expression {
    Expression::fixed("azurerm_api_management_api_policy").dot(&policy_label(api))
}

fn backend(backend: &Backend) -> Expression {
    resource(&backend_label(backend))
}

fn named_value(value: &NamedValue) -> Expression {
    resource(&named_value_label(value))
}

/// The group of the service.
fn resource_group(plan: &Plan) -> Expression {
    Expression::fixed(if plan.service.resource_group.is_some() {
        "var.service.resource_group"
    } else {
        "var.resource_group"
    })
}

/// Addresses in `depends_on`, one per line, without duplicates.
fn edges(addresses: impl IntoIterator<Item = Expression>) -> Value {
    Value::Lines(addresses.into_iter().map(Value::Reference).collect())
}

/// A file of the module.
fn module_file(path: String) -> Value {
    Value::Interpolated(vec![Part::Reference(Expression::fixed("path.module")), Part::Text(format!("/{path}"))])
}

/// The id of a resource in a group: `/subscriptions/…/providers/<type>/<name>`.
fn resource_id(subscription: Expression, group: Expression, kind: &'static str, name: Expression) -> Value {
    let text = |text: &str| Part::Text(text.to_owned());
    Value::Interpolated(vec![
        text("/subscriptions/"),
        Part::Reference(subscription),
        text("/resourceGroups/"),
        Part::Reference(group),
        Part::Text(format!("/providers/{kind}/")),
        Part::Reference(name),
    ])
}
