//! `locals.tf`: existing resources, their hosts, and values that several files share.

use super::variables::attribute;
use super::{account_label, component_label, filters, resource_group, resource_id, vault_label};
use crate::emit::render;
use crate::emit::symbols::Symbol;
use crate::emit::value::{Expression, Field, Value};
use crate::plan::{Host, Param, Plan};

#[derive(askama::Template)]
#[template(path = "terraform/locals.tf.j2")]
struct LocalsView<'a> {
    source: &'a str,
    service_exports: Vec<Field>,
    needs_system_identity: bool,
    has_identity: bool,
    identity_exports: Vec<Field>,
    existing: Vec<ExistingView>,
    service_id: Value,
    identity_id: Option<Value>,
    account_ids: Option<Value>,
    hosts: Vec<HostsView>,
    vault_ids: Option<Value>,
    insights: Option<InsightsView>,
}

struct InsightsView {
    subscription: Value,
    id: Value,
}

struct ExistingView {
    label: Symbol,
    kind: &'static str,
    id: Value,
    exports: Vec<Field>,
    /// Why tokens would be refused, if it is an account without a subdomain of its own.
    no_subdomain: Option<String>,
}

struct HostsView {
    name: Symbol,
    hosts: Vec<Field>,
}

pub(super) fn locals(plan: &Plan) -> String {
    let own_identity = plan.uses_identity() && plan.identity.is_none();
    let mut service_exports = vec![export("gateway_url", "properties.gatewayUrl")];
    if own_identity {
        service_exports.push(export("principal_id", "identity.principalId"));
    } else if plan.identity.is_some() {
        service_exports.push(export("identities", "identity.userAssignedIdentities"));
    }
    let mut identity_exports = vec![export("client_id", "properties.clientId")];
    if plan.assigns_roles() {
        identity_exports.push(export("principal_id", "properties.principalId"));
    }
    let accounts = plan.account_backends.iter().map(|backend| ExistingView {
        label: account_label(backend),
        kind: "Microsoft.CognitiveServices/accounts@2025-06-01",
        id: Value::Reference(account_id(plan.params.get(backend.param))),
        exports: backend
            .hosts
            .iter()
            .copied()
            .map(exported)
            .chain([export(SUBDOMAIN, "properties.customSubDomainName")])
            .collect(),
        no_subdomain: Some(format!(
            "The account of {} has no custom subdomain, which token authentication requires: add one to the account.",
            backend.name
        )),
    });
    let vaults = plan.vaults.iter().map(|vault| ExistingView {
        label: vault_label(vault),
        kind: "Microsoft.KeyVault/vaults@2024-11-01",
        id: Value::Reference(vault_id(plan.params.get(vault.param))),
        exports: vec![export("uri", "properties.vaultUri")],
        no_subdomain: None,
    });
    let component = plan.insights.iter().map(|_| ExistingView {
        label: component_label(),
        kind: "Microsoft.Insights/components@2020-02-02",
        id: Value::Reference(Expression::fixed("local.application_insights_id")),
        exports: vec![export("app_id", "properties.AppId")],
        no_subdomain: None,
    });
    render(&LocalsView {
        source: &plan.source_name,
        service_exports,
        needs_system_identity: own_identity,
        has_identity: plan.identity.is_some(),
        identity_exports,
        existing: accounts.chain(vaults).chain(component).collect(),
        service_id: resource_id(
            Expression::fixed("local.subscription_id"),
            resource_group(plan),
            "Microsoft.ApiManagement/service",
            Expression::fixed("var.service.name"),
        ),
        identity_id: plan.identity.as_ref().map(|_| identity_id(plan)),
        account_ids: (!plan.account_backends.is_empty())
            .then(|| lower_id(plan, "account", "Microsoft.CognitiveServices/accounts")),
        hosts: [Host::Endpoint, Host::Foundry].into_iter().filter_map(|which| hosts(plan, which)).collect(),
        vault_ids: (!plan.vaults.is_empty()).then(|| lower_id(plan, "vault", "Microsoft.KeyVault/vaults")),
        insights: plan.insights.as_ref().map(|_| insights(plan)),
    })
}

/// The output of an account's data source with the subdomain that tokens need.
pub(super) const SUBDOMAIN: &str = "custom_subdomain";

/// The id of an account that a parameter names.
pub(super) fn account_id(param: &Param) -> Expression {
    Expression::fixed("local.account_ids").dot(&attribute(param))
}

/// The id of a vault that a parameter names.
pub(super) fn vault_id(param: &Param) -> Expression {
    Expression::fixed("local.vault_ids").dot(&attribute(param))
}

/// A host of an account that a parameter names.
pub(super) fn account_host(param: &Param, host: Host) -> Expression {
    Expression::fixed("local").dot(&hosts_name(host)).dot(&attribute(param))
}

fn export(name: &str, path: &str) -> Field {
    (name.to_owned(), Value::text(path))
}

/// The id of what the variable of a loop names, with names in lower case.
fn lower_id(plan: &Plan, variable: &'static str, kind: &'static str) -> Value {
    let variable = Expression::fixed(variable);
    let lower = |value: &Expression| Expression::fixed("lower(").join(value).then(")");
    let subscription = Expression::fixed("coalesce(").join(&variable).then(".subscription_id, local.subscription_id)");
    resource_id(lower(&subscription), lower(&group(plan, &variable)), kind, lower(&variable.then(".name")))
}

/// The hosts of one sort that backends are at.
fn hosts(plan: &Plan, which: Host) -> Option<HostsView> {
    let backends = plan.account_backends.iter().filter(|backend| backend.hosts.contains(&which));
    let hosts = backends.map(|backend| {
        let endpoint = Expression::fixed("data.azapi_resource").dot(&account_label(backend));
        let host = Expression::fixed("split(\"/\", ").join(&endpoint).then(match which {
            Host::Endpoint => ".output.endpoint)[2]",
            Host::Foundry => ".output.foundry_endpoint)[2]",
        });
        (attribute(plan.params.get(backend.param)).as_str().to_owned(), Value::Reference(host))
    });
    let hosts: Vec<Field> = hosts.collect();
    (!hosts.is_empty()).then(|| HostsView { name: hosts_name(which), hosts })
}

/// The local with hosts of one sort.
fn hosts_name(host: Host) -> Symbol {
    Symbol::fixed(match host {
        Host::Endpoint => "account_hosts",
        Host::Foundry => "foundry_hosts",
    })
}

/// The values that are read from an account for its host.
fn exported(host: Host) -> Field {
    match host {
        Host::Endpoint => export("endpoint", "properties.endpoint"),
        // For a Foundry account only.
        Host::Foundry => export("foundry_endpoint", "properties.endpoints.\"AI Foundry API\""),
    }
}

/// The resource group of a reference, or of the service.
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

fn insights(plan: &Plan) -> InsightsView {
    let component = Expression::fixed("var.monitoring.application_insights");
    let subscription = component.clone().then(".subscription_id, local.subscription_id)");
    InsightsView {
        subscription: Value::Reference(Expression::fixed("coalesce(").join(&subscription)),
        id: resource_id(
            Expression::fixed("local.application_insights_subscription_id"),
            group(plan, &component),
            "Microsoft.Insights/components",
            component.then(".name"),
        ),
    }
}
