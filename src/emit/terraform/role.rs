//! `roles.tf`: the role assignments of the gateway's identity.

use super::filters;
use super::locals::{account_id, vault_id};
use crate::emit::symbols::Symbol;
use crate::emit::value::{Expression, Field, Part, Value};
use crate::emit::{Fragment, fragment, render};
use crate::plan::{Plan, Role, TELEMETRY_ROLE, VAULT_ROLE};

#[derive(askama::Template)]
#[template(path = "terraform/roles.tf.j2")]
struct RolesView<'a> {
    source: &'a str,
    roles: Vec<Field>,
    principal: Value,
    assignments: Vec<Fragment>,
}

#[derive(askama::Template)]
#[template(path = "terraform/role_assignment.tf.j2")]
struct RoleAssignmentView<'a> {
    label: &'a str,
    /// The type of the scope, in one word.
    on: &'static str,
    /// The part that is replaced once another assignment exists.
    followers: &'static str,
    /// If there may be several, one of which is the scope.
    scopes: Option<Value>,
    scope: Value,
    role: Value,
    definition: Value,
}

pub(super) fn roles(plan: &Plan) -> String {
    let roles = plan.roles().map(|role| (role_label(role).as_str().to_owned(), Value::text(role.id().to_string())));
    let principal = if plan.identity.is_some() {
        "data.azapi_resource.identity.output.principal_id"
    } else {
        "data.azapi_resource.service.output.principal_id"
    };
    render(&RolesView {
        source: &plan.source_name,
        roles: roles.collect(),
        principal: Value::Reference(Expression::fixed(principal)),
        assignments: plan
            .account_roles()
            .map(|role| assignment(role, account_ids(plan, role), "account", "policies change"))
            .chain(vault_ids(plan).into_iter().map(|ids| assignment(VAULT_ROLE, ids, "vault", "named values change")))
            .chain(plan.insights.as_ref().map(|_| telemetry()))
            .collect(),
    })
}

/// The label of the assignments of a role, and the local with its id.
pub(super) fn role_label(role: Role) -> Symbol {
    Symbol::fixed(match role {
        Role::CognitiveServicesOpenAiUser => "cognitive_services_openai_user",
        Role::CognitiveServicesUser => "cognitive_services_user",
        Role::AzureAiUser => "azure_ai_user",
        Role::AzureAiDeveloper => "azure_ai_developer",
        Role::KeyVaultSecretsUser => "key_vault_secrets_user",
        Role::MonitoringMetricsPublisher => "monitoring_metrics_publisher",
        Role::Other(id) => return Symbol::terraform(&format!("role-{id}")),
    })
}

/// The label of the assignment on the Application Insights component.
pub(super) fn telemetry_label() -> Symbol {
    Symbol::fixed("application_insights")
}

/// The ids of the accounts on which the identity gets a role, some more than once.
fn account_ids(plan: &Plan, role: Role) -> Vec<Value> {
    let backends = plan.account_backends.iter().filter(|backend| backend.role == role);
    backends.map(|backend| Value::Reference(account_id(plan.params.get(backend.param)))).collect()
}

/// The ids of the vaults, if any.
fn vault_ids(plan: &Plan) -> Option<Vec<Value>> {
    let ids = plan.vaults.iter().map(|vault| Value::Reference(vault_id(plan.params.get(vault.param))));
    let ids: Vec<Value> = ids.collect();
    (!ids.is_empty()).then_some(ids)
}

/// A role on each of several scopes.
fn assignment(role: Role, scopes: Vec<Value>, on: &'static str, followers: &'static str) -> Fragment {
    let local_role = Expression::fixed("local").dot(&role_label(role));
    fragment(&RoleAssignmentView {
        label: role_label(role).as_str(),
        on,
        followers,
        scopes: Some(Value::Lines(scopes)),
        scope: Value::Reference(Expression::fixed("each.key")),
        definition: definition(Expression::fixed("split(\"/\", each.key)[2]"), local_role.clone()),
        role: Value::Reference(local_role),
    })
}

/// The role with which telemetry is sent.
fn telemetry() -> Fragment {
    let local_role = Expression::fixed("local").dot(&role_label(TELEMETRY_ROLE));
    let subscription = Expression::fixed("local.application_insights_subscription_id");
    fragment(&RoleAssignmentView {
        label: telemetry_label().as_str(),
        on: "component",
        followers: "the logger changes",
        scopes: None,
        scope: Value::Reference(Expression::fixed("local.application_insights_id")),
        definition: definition(subscription, local_role.clone()),
        role: Value::Reference(local_role),
    })
}

/// The id of a role's definition.
fn definition(subscription: Expression, role: Expression) -> Value {
    let text = |text: &str| Part::Text(text.to_owned());
    Value::Interpolated(vec![
        text("/subscriptions/"),
        Part::Reference(subscription),
        text("/providers/Microsoft.Authorization/roleDefinitions/"),
        Part::Reference(role),
    ])
}
