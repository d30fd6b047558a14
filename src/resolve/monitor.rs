//! The destination of telemetry.

use super::context::Context;
use super::service::ResourceRef;

/// The Application Insights component that APIs log to.
#[derive(Debug, Clone)]
pub struct Monitor {
    /// Name and place of the component.
    pub component: ResourceRef,
    /// Percentage of requests that it receives; errors are always sent.
    pub sampling: u8,
}

/// The component, and how much it receives.
pub(super) fn resolve(context: &Context<'_>) -> Option<Monitor> {
    let observability = context.gateway.observability.as_ref()?;
    let component = observability.application_insights.as_ref()?;
    Some(Monitor {
        component: ResourceRef::new(
            &component.name,
            component.resource_group.as_deref(),
            component.subscription.as_deref(),
            &context.gateway.gateway,
        ),
        sampling: observability.sampling.unwrap_or(100),
    })
}
