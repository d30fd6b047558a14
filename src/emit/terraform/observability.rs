//! `observability.tf`: the logger, and what each API logs.

use super::role::TELEMETRY_LABEL;
use super::{api_label, edges, filters, policy, resource};
use crate::emit::monitoring::LOGGED_HEADERS;
use crate::emit::render;
use crate::emit::value::{Expression, Field, Value};
use crate::plan::{Insights, Plan};
use crate::resolve::KEY_QUERY;
use crate::resolve::name::ResourceName;

#[derive(askama::Template)]
#[template(path = "terraform/observability.tf.j2")]
struct ObservabilityView<'a> {
    source: &'a str,
    logger: &'a ResourceName,
    client: Value,
    role: Option<Value>,
    apis: Vec<Field>,
    key_query: &'static str,
    response_headers: Value,
    policies: Value,
}

pub(super) fn observability(plan: &Plan, insights: &Insights) -> String {
    let role = Expression::fixed("azurerm_role_assignment").then(TELEMETRY_LABEL);
    let apis = plan.apis.iter().map(|api| {
        let id = resource(&api_label(api)).then(".id");
        (api.name.to_string(), Value::Reference(id))
    });
    render(&ObservabilityView {
        source: &plan.source_name,
        logger: &insights.logger,
        client: match plan.identity {
            Some(_) => Value::Reference(Expression::fixed(
                "data.azapi_resource.identity.output.client_id",
            )),
            None => Value::text("SystemAssigned"),
        },
        role: plan.assigns_roles().then(|| edges([role])),
        apis: apis.collect(),
        key_query: KEY_QUERY,
        response_headers: Value::Lines(LOGGED_HEADERS.map(Value::text).into()),
        policies: edges(plan.apis.iter().map(policy)),
    })
}
