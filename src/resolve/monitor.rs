//! The destination of telemetry.

use super::context::Context;
use super::service::ResourceRef;

/// The Application Insights component that APIs log to.
pub(super) fn resolve(context: &Context<'_>) -> Option<ResourceRef> {
    let observability = context.gateway.observability.as_ref()?;
    let component = observability.application_insights.as_ref()?;
    Some(ResourceRef::new(
        &component.name,
        component.resource_group.as_deref(),
        component.subscription.as_deref(),
        &context.gateway.gateway,
    ))
}
