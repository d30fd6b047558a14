//! The `observability` key.

use schemars::JsonSchema;
use serde::Deserialize;

use super::form;

/// Where logs and metrics go.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Observability {
    /// Application Insights component, which exists; logged to with the gateway's identity.
    pub application_insights: Option<ResourceReference>,
    /// Log Analytics workspace, which exists; LLM logs go there.
    pub log_analytics: Option<ResourceReference>,
    /// Token metrics.
    pub metrics: Option<Metrics>,
    /// Whether request and response messages are logged. Default: false.
    pub log_prompts: Option<bool>,
}

/// An existing resource, by name and place.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ResourceReference {
    /// Name of the resource.
    #[schemars(with = "form::ResourceName")]
    pub name: String,
    /// Resource group of the resource. Default: that of the gateway.
    #[schemars(with = "Option<form::ResourceGroup>")]
    pub resource_group: Option<String>,
    /// Subscription of the resource, a GUID. Default: that of the gateway.
    #[schemars(with = "Option<form::Guid>")]
    pub subscription: Option<String>,
}

/// Token metrics in Application Insights.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Metrics {
    /// Namespace of the metrics. Example: `ai-gateway`.
    #[schemars(with = "form::DisplayName")]
    pub namespace: String,
    /// What the metrics can be split by; at most 5.
    #[schemars(length(min = 1, max = 5))]
    pub dimensions: Vec<Dimension>,
}

/// What a token metric can be split by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Dimension {
    /// Who calls.
    Tenant,
    /// The API that is called.
    Api,
    /// The model that is asked for.
    Model,
    /// The plan of who calls.
    Plan,
}
