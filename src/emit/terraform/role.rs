//! `roles.tf`: what the gateway's identity may do.

use super::locals::local;
use super::{account_label, filters};
use crate::emit::symbols::Symbol;
use crate::emit::value::{Expression, Field, Part, Value};
use crate::emit::{Fragment, fragment, render};
use crate::plan::{Plan, Role, TELEMETRY_ROLE};

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
    accounts: Value,
    role: Value,
    definition: Value,
}

pub(super) fn roles(plan: &Plan) -> String {
    let roles = plan
        .roles()
        .map(|role| (role_label(role).as_str().to_owned(), Value::text(role.id())));
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
            .map(|role| assignment(plan, role))
            .collect(),
        telemetry: plan.insights.as_ref().map(|_| {
            let role = Expression::fixed("local").dot(&role_label(TELEMETRY_ROLE));
            let subscription = Expression::fixed("local.application_insights_subscription_id");
            (
                Value::Reference(role.clone()),
                definition(subscription, role),
            )
        }),
    })
}

/// The label of the assignments of a role, and the local with its id.
pub(super) fn role_label(role: Role) -> Symbol {
    Symbol::fixed(match role {
        Role::CognitiveServicesOpenAiUser => "cognitive_services_openai_user",
        Role::MonitoringMetricsPublisher => "monitoring_metrics_publisher",
    })
}

fn assignment(plan: &Plan, role: Role) -> Fragment {
    let accounts = plan
        .accounts
        .iter()
        .filter(|account| account.kind.role() == role);
    let accounts = accounts.map(|account| Value::Reference(local(&account_label(account), "_id")));
    let local_role = Expression::fixed("local").dot(&role_label(role));
    fragment(&RoleAssignmentView {
        label: role_label(role).as_str(),
        accounts: Value::Lines(accounts.collect()),
        definition: definition(
            Expression::fixed("split(\"/\", each.key)[2]"),
            local_role.clone(),
        ),
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
