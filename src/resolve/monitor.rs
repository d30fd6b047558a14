//! Where telemetry goes.

use super::Context;
use super::service::Place;
use crate::diag::Report;

/// The Application Insights component that APIs log to.
pub(super) fn resolve(context: &Context<'_>, report: &mut Report) -> Option<Place> {
    let observability = context.gateway.observability.as_ref()?;
    let component = observability.application_insights.as_ref()?;
    let place = Place {
        name: component.name.clone(),
        resource_group: component.resource_group.clone(),
        subscription: component
            .subscription
            .as_ref()
            .map(|id| id.to_ascii_lowercase()),
    };
    let place = place.spelled_like(&context.gateway.gateway);
    let here = ["observability", "applicationInsights"];
    super::check_group(context, &here, &place, report);
    Some(place)
}
