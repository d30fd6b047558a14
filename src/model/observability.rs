//! The `observability` key.

use schemars::JsonSchema;
use serde::Deserialize;

use super::form;

/// Destinations of logs and metrics.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Observability {
    /// Existing Application Insights component; the gateway sends telemetry with its managed identity.
    pub application_insights: Option<ResourceReference>,
    /// Existing Log Analytics workspace for LLM logs.
    pub log_analytics: Option<ResourceReference>,
    /// Token metrics.
    pub metrics: Option<Metrics>,
    /// Percentage of requests that Application Insights receives, 0 to 100. Errors are always sent. Default: 100. Example: 25.
    #[schemars(range(min = 0, max = 100))]
    pub sampling: Option<u8>,
    /// True if prompts and completions are logged. Default: false.
    pub log_prompts: Option<bool>,
}

/// An existing resource with its resource group and Azure subscription.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ResourceReference {
    /// Name of the resource.
    #[schemars(with = "form::ResourceName")]
    pub name: String,
    /// Resource group of the resource. Default: the gateway's.
    #[schemars(with = "Option<form::ResourceGroup>")]
    pub resource_group: Option<String>,
    /// Azure subscription of the resource, a GUID. Default: the gateway's.
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
    /// Dimensions of the metrics, 1 to 5.
    #[schemars(length(min = 1, max = 5))]
    pub dimensions: Vec<Dimension>,
}

/// A dimension of a token metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Dimension {
    /// The tenant.
    Tenant,
    /// The API.
    Api,
    /// The requested model.
    Model,
    /// The tenant's plan.
    Plan,
}
