//! The page as a whole: which parts a gateway has, in their order.

use super::filters;
use super::{
    access, callers, calls, credentials, custom, environments, keys, pools, routes, statuses, streams, troubles,
};
use crate::emit::{Fragment, Target, render};
use crate::plan::Plan;

#[derive(askama::Template)]
#[template(path = "markdown/gateway.md.j2")]
struct GatewayView<'a> {
    source: &'a str,
    service: &'a str,
    prefix: Option<&'a str>,
    parts: Vec<Fragment>,
}

/// The page of a gateway in these targets.
pub(in crate::emit) fn gateway(plan: &Plan, targets: &[Target]) -> String {
    let parts = [
        Some(routes::part(plan)),
        pools::part(plan),
        Some(pools::limits(plan)),
        Some(access::part(plan, targets)),
        Some(keys::deploy(plan, targets)),
        Some(keys::change(plan, targets)),
        Some(environments::part(plan, targets)),
        keys::part(plan, targets),
        callers::part(plan),
        Some(calls::part(plan)),
        Some(credentials::part(plan)),
        custom::part(plan),
        streams::part(plan),
        Some(statuses::part(plan)),
        Some(troubles::part(plan, targets)),
        troubles::logs(plan),
    ];
    render(&GatewayView {
        source: &plan.source_name,
        service: &plan.service.name,
        prefix: (!plan.service.prefix.is_empty()).then_some(&plan.service.prefix),
        parts: parts.into_iter().flatten().collect(),
    })
}
