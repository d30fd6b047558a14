//! `roles.tf`: what the gateway's identity may do.

use super::locals::local;
use super::{account_label, filters, print};
use crate::emit::symbols::Symbol;
use crate::emit::value::{Expression, Field, Part, Value};
use crate::emit::{Fragment, fragment, render};
use crate::plan::{Account, Plan, Role};

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
    name_parts: Value,
    scope: Value,
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
        assignments: plan.accounts.iter().map(assignment).collect(),
    })
}

fn role_label(role: Role) -> Symbol {
    Symbol::fixed(match role {
        Role::CognitiveServicesOpenAiUser => "cognitive_services_openai_user",
    })
}

fn assignment(account: &Account) -> Fragment {
    let label = account_label(account);
    let id = local(&label, "_id");
    let role = Expression::fixed("local").dot(&role_label(account.role));
    let parts = [
        id.clone(),
        Expression::fixed("local.principal_id"),
        role.clone(),
    ];
    let parts = Value::List(parts.map(Value::Reference).to_vec());
    let text = |text: &str| Part::Text(text.to_owned());
    fragment(&RoleAssignmentView {
        label: label.as_str(),
        // However long, on one line: the lines below are aligned with it.
        name_parts: Value::Reference(print::expression(&parts)),
        scope: Value::Reference(id),
        definition: Value::Interpolated(vec![
            text("/subscriptions/"),
            Part::Reference(local(&label, "_subscription_id")),
            text("/providers/Microsoft.Authorization/roleDefinitions/"),
            Part::Reference(role),
        ]),
    })
}
