//! `roles.tf`: what the gateway's identity may do.

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
    telemetry: Option<(Value, Value)>,
}

/// The label of the role assignment on the Application Insights component, behind its type.
pub(super) const TELEMETRY_LABEL: &str = ".application_insights";

#[derive(askama::Template)]
#[template(path = "terraform/role_assignment.tf.j2")]
struct RoleAssignmentView<'a> {
    label: &'a str,
    is_vault: bool,
    scopes: Value,
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
            .map(|role| assignment(role, account_ids(plan, role), false))
            .chain(vault_ids(plan).into_iter().map(|ids| assignment(VAULT_ROLE, ids, true)))
            .collect(),
        telemetry: plan.insights.as_ref().map(|_| {
            let role = Expression::fixed("local").dot(&role_label(TELEMETRY_ROLE));
            let subscription = Expression::fixed("local.application_insights_subscription_id");
            (Value::Reference(role.clone()), definition(subscription, role))
        }),
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

fn assignment(role: Role, scopes: Vec<Value>, is_vault: bool) -> Fragment {
    let local_role = Expression::fixed("local").dot(&role_label(role));
    fragment(&RoleAssignmentView {
        label: role_label(role).as_str(),
        is_vault,
        scopes: Value::Lines(scopes),
        definition: definition(Expression::fixed("split(\"/\", each.key)[2]"), local_role.clone()),
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
