//! `observability.tf`: the logger, and the diagnostics of each API.

use super::role::telemetry_label;
use super::{api_label, connection_string_label, edges, filters, policy, resource};
use crate::emit::monitoring::logged_headers;
use crate::emit::named_value::reference;
use crate::emit::render;
use crate::emit::value::{Expression, Part, Value};
use crate::plan::{Insights, Plan};
use crate::resolve::KEY_QUERY;
use crate::resolve::name::{Name, ResourceName};

#[derive(askama::Template)]
#[template(path = "terraform/observability.tf.j2")]
struct ObservabilityView<'a> {
    source: &'a str,
    logger: &'a ResourceName,
    sampling: Value,
    connection_string: &'a ResourceName,
    reference: Value,
    client: Value,
    credentials_version: Value,
    role: Option<Value>,
    apis: Vec<(&'a Name, Value)>,
    key_query: &'static str,
    response_headers: Value,
    policies: Value,
}

pub(super) fn observability(plan: &Plan, insights: &Insights) -> String {
    let role = Expression::fixed("azurerm_role_assignment").dot(&telemetry_label());
    let apis = plan.apis.iter().map(|api| {
        let id = resource(&api_label(api)).then(".id");
        (&api.name, Value::Reference(id))
    });
    let (client, word) = match plan.identity {
        Some(_) => {
            let client = Expression::fixed("data.azapi_resource.identity.output.client_id");
            (Value::Reference(client.clone()), Part::Reference(client))
        }
        None => {
            let word = "SystemAssigned".to_owned();
            (Value::text(word.clone()), Part::Text(word))
        }
    };
    let component = Part::Reference(Expression::fixed("local.application_insights_id"));
    let credentials = vec![component, Part::Text(" ".to_owned()), word];
    render(&ObservabilityView {
        source: &plan.source_name,
        logger: &insights.logger,
        sampling: Value::Number(insights.sampling.into()),
        connection_string: &insights.connection_string,
        reference: reference(resource(&connection_string_label()).then(".name")),
        client,
        credentials_version: Value::Interpolated(credentials),
        role: plan.assigns_roles().then(|| edges([role])),
        apis: apis.collect(),
        key_query: KEY_QUERY,
        response_headers: logged_headers(plan),
        policies: edges(plan.apis.iter().map(policy)),
    })
}
