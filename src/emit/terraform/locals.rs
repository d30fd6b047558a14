//! `locals.tf`: what exists, how it is reached, and what several files share.

use super::{account_label, filters, resource_group, resource_id};
use crate::emit::render;
use crate::emit::symbols::Symbol;
use crate::emit::value::{Expression, Field, Value};
use crate::plan::Plan;

#[derive(askama::Template)]
#[template(path = "terraform/locals.tf.j2")]
struct LocalsView<'a> {
    source: &'a str,
    service_exports: Vec<Field>,
    has_identity: bool,
    identity_exports: Vec<Field>,
    accounts: Vec<AccountView>,
    service_id: Value,
    identity_id: Option<Value>,
    account_subscriptions: Vec<Field>,
    account_ids: Vec<Field>,
    account_hosts: Vec<Field>,
    insights: Option<InsightsView>,
}

struct InsightsView {
    subscription: Value,
    id: Value,
}

struct AccountView {
    label: String,
    id: Value,
}

pub(super) fn locals(plan: &Plan) -> String {
    let labels: Vec<Symbol> = plan.accounts.iter().map(account_label).collect();
    let own_identity = plan.assigns_roles() && plan.identity.is_none();
    let mut service_exports = vec![export("gateway_url", "properties.gatewayUrl")];
    if own_identity {
        service_exports.push(export("principal_id", "identity.principalId"));
    }
    let mut identity_exports = vec![export("client_id", "properties.clientId")];
    if plan.assigns_roles() {
        identity_exports.push(export("principal_id", "properties.principalId"));
    }
    render(&LocalsView {
        source: &plan.source_name,
        service_exports,
        has_identity: plan.identity.is_some(),
        identity_exports,
        accounts: labels
            .iter()
            .map(|label| AccountView {
                label: label.as_str().to_owned(),
                id: Value::Reference(local(label, "_id")),
            })
            .collect(),
        service_id: resource_id(
            Expression::fixed("local.subscription_id"),
            resource_group(plan),
            "Microsoft.ApiManagement/service",
            Expression::fixed("var.service.name"),
        ),
        identity_id: plan.identity.as_ref().map(|_| identity_id(plan)),
        account_subscriptions: labels
            .iter()
            .map(|label| field(label, "_subscription_id", subscription(variable(label))))
            .collect(),
        account_ids: labels
            .iter()
            .map(|label| field(label, "_id", account_id(plan, label)))
            .collect(),
        account_hosts: labels
            .iter()
            .map(|label| field(label, "_host", host(label)))
            .collect(),
        insights: plan.insights.as_ref().map(|_| insights(plan)),
    })
}

/// A local of an account.
pub(super) fn local(label: &Symbol, suffix: &'static str) -> Expression {
    Expression::fixed("local").dot(label).then(suffix)
}

fn export(name: &str, path: &str) -> Field {
    (name.to_owned(), Value::text(path))
}

fn field(label: &Symbol, suffix: &str, value: Value) -> Field {
    (format!("{}{suffix}", label.as_str()), value)
}

fn variable(label: &Symbol) -> Expression {
    Expression::fixed("var.accounts").dot(label)
}

/// The subscription of a reference, or that of the deployment.
fn subscription(reference: Expression) -> Value {
    let of = reference.then(".subscription_id, local.subscription_id)");
    Value::Reference(Expression::fixed("coalesce(").join(&of))
}

fn account_id(plan: &Plan, label: &Symbol) -> Value {
    resource_id(
        local(label, "_subscription_id"),
        group(plan, &variable(label)),
        "Microsoft.CognitiveServices/accounts",
        variable(label).then(".name"),
    )
}

/// The group of a reference, or that of the service.
fn group(plan: &Plan, reference: &Expression) -> Expression {
    Expression::fixed("coalesce(")
        .join(&reference.clone().then(".resource_group, "))
        .join(&resource_group(plan).then(")"))
}

fn identity_id(plan: &Plan) -> Value {
    resource_id(
        Expression::fixed("coalesce(var.identity.subscription_id, local.subscription_id)"),
        group(plan, &Expression::fixed("var.identity")),
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        Expression::fixed("var.identity.name"),
    )
}

fn host(label: &Symbol) -> Value {
    let endpoint = Expression::fixed("data.azapi_resource").dot(label);
    let split = Expression::fixed("split(\"/\", ").join(&endpoint);
    Value::Reference(split.then(".output.endpoint)[2]"))
}

fn insights(plan: &Plan) -> InsightsView {
    let component = Expression::fixed("var.monitoring.application_insights");
    InsightsView {
        subscription: subscription(component.clone()),
        id: resource_id(
            Expression::fixed("local.application_insights_subscription_id"),
            group(plan, &component),
            "Microsoft.Insights/components",
            component.then(".name"),
        ),
    }
}
