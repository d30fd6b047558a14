//! Where telemetry goes.

use super::Context;
use super::service::Place;
use crate::diag::Report;

/// The Application Insights component that APIs log to.
pub(super) fn resolve(context: &Context<'_>, report: &mut Report) -> Option<Place> {
    let observability = context.gateway.observability.as_ref()?;
    let component = observability.application_insights.as_ref()?;
    let place = Place::new(
        &component.name,
        component.resource_group.as_deref(),
        component.subscription.as_deref(),
        &context.gateway.gateway,
    );
    let here = ["observability", "applicationInsights"];
    super::check_group(context, &here, &place, report);
    Some(place)
}
