//! `locals.tf`: what exists, how it is reached, and what several files share.

use super::{account_label, filters, resource_group, resource_id, vault_label};
use crate::emit::render;
use crate::emit::symbols::Symbol;
use crate::emit::value::{Expression, Field, Value};
use crate::plan::{Host, Plan};

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
    vaults: Vec<AccountView>,
    vault_subscriptions: Vec<Field>,
    vault_ids: Vec<Field>,
    insights: Option<InsightsView>,
}

struct InsightsView {
    subscription: Value,
    id: Value,
}

struct AccountView {
    label: String,
    id: Value,
    exports: Vec<Field>,
}

pub(super) fn locals(plan: &Plan) -> String {
    let labels: Vec<Symbol> = plan.accounts.iter().map(account_label).collect();
    let vaults: Vec<(Symbol, Expression)> = plan
        .vaults
        .iter()
        .map(|vault| {
            let variable = Expression::fixed("var.vaults").dot(&Symbol::terraform(&vault.key));
            (vault_label(&vault.key), variable)
        })
        .collect();
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
        accounts: plan
            .accounts
            .iter()
            .map(|account| {
                let label = account_label(account);
                AccountView {
                    id: Value::Reference(local(&label, "_id")),
                    label: label.as_str().to_owned(),
                    exports: account.hosts.iter().copied().map(exported).collect(),
                }
            })
            .collect(),
        vaults: plan
            .vaults
            .iter()
            .map(|vault| {
                let label = vault_label(&vault.key);
                AccountView {
                    id: Value::Reference(local(&label, "_id")),
                    label: label.as_str().to_owned(),
                    exports: vec![export("uri", "properties.vaultUri")],
                }
            })
            .collect(),
        vault_subscriptions: vaults
            .iter()
            .map(|(label, variable)| field(label, "_subscription_id", subscription(variable.clone())))
            .collect(),
        vault_ids: vaults
            .iter()
            .map(|(label, variable)| {
                let kind = "Microsoft.KeyVault/vaults";
                field(label, "_id", id_of(plan, label, kind, variable))
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
            .map(|label| {
                let kind = "Microsoft.CognitiveServices/accounts";
                field(label, "_id", id_of(plan, label, kind, &variable(label)))
            })
            .collect(),
        account_hosts: plan
            .accounts
            .iter()
            .flat_map(|account| {
                let label = account_label(account);
                let hosts = account.hosts.iter().copied();
                hosts.map(move |which| field(&label, host_suffix(which), host(&label, which)))
            })
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

/// The id of what a variable names.
fn id_of(plan: &Plan, label: &Symbol, kind: &'static str, variable: &Expression) -> Value {
    resource_id(local(label, "_subscription_id"), group(plan, variable), kind, variable.clone().then(".name"))
}

/// What the locals with a host are called behind their account.
pub(super) fn host_suffix(host: Host) -> &'static str {
    match host {
        Host::Endpoint => "_host",
        Host::Foundry => "_foundry_host",
    }
}

/// What is read of an account to know a host.
fn exported(host: Host) -> Field {
    match host {
        Host::Endpoint => export("endpoint", "properties.endpoint"),
        // Of a Foundry account alone.
        Host::Foundry => export("foundry_endpoint", "properties.endpoints.\"AI Foundry API\""),
    }
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

fn host(label: &Symbol, host: Host) -> Value {
    let endpoint = Expression::fixed("data.azapi_resource").dot(label);
    let split = Expression::fixed("split(\"/\", ").join(&endpoint);
    Value::Reference(split.then(match host {
        Host::Endpoint => ".output.endpoint)[2]",
        Host::Foundry => ".output.foundry_endpoint)[2]",
    }))
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
