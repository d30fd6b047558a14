//! `modules/observability.bicep`: the logger, and the diagnostics of each API.

use super::{filters, scope};
use crate::emit::monitoring::logged_headers;
use crate::emit::named_value::reference;
use crate::emit::render;
use crate::emit::value::{Expression, Value};
use crate::plan::{Insights, Plan};
use crate::resolve::KEY_QUERY;
use crate::resolve::name::ResourceName;

#[derive(askama::Template)]
#[template(path = "bicep/observability.bicep.j2")]
struct ObservabilityView<'a> {
    source: &'a str,
    has_identity: bool,
    apis: Value,
    key_query: &'static str,
    response_headers: Value,
    scope: Value,
    logger: &'a ResourceName,
    sampling: Value,
    connection_string: &'a ResourceName,
    reference: Value,
}

pub(super) fn observability(plan: &Plan, insights: &Insights) -> String {
    let apis = plan.apis.iter();
    let apis = apis.map(|api| Value::text(api.resource.as_str()));
    render(&ObservabilityView {
        source: &plan.source_name,
        has_identity: plan.identity.is_some(),
        apis: Value::Lines(apis.collect()),
        key_query: KEY_QUERY,
        response_headers: logged_headers(plan),
        scope: scope(&Expression::fixed("applicationInsights")),
        logger: &insights.logger,
        sampling: Value::Number(insights.sampling.into()),
        connection_string: &insights.connection_string,
        reference: reference(Expression::fixed("connectionString.name")),
    })
}
