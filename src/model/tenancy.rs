//! The `tenancy` key.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::form;

/// Tenants, and the plans that say which APIs they may call and with which limits.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Tenancy {
    /// Property that identifies a tenant. Default: `subscription`.
    pub identify_by: Option<IdentifyBy>,
    /// Plans, by name.
    #[schemars(with = "form::Keyed<form::Name, TenantPlan>")]
    pub plans: BTreeMap<String, TenantPlan>,
    /// Tenants, by name.
    #[schemars(with = "form::Keyed<form::Name, Tenant>")]
    pub tenants: BTreeMap<String, Tenant>,
}

/// Property that identifies a tenant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum IdentifyBy {
    /// A property without settings.
    Named(IdentifyByNamed),
    /// A claim of the caller's token.
    Claim(IdentifyByClaim),
    /// A header that a proxy in front of the gateway sets.
    Header(IdentifyByHeader),
}

/// Properties without settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum IdentifyByNamed {
    /// The subscription key.
    Subscription,
}

/// A claim of the caller's token.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IdentifyByClaim {
    /// Name of the claim. Example: `azp`.
    pub claim: String,
}

/// A header that a proxy in front of the gateway sets.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IdentifyByHeader {
    /// Name of the header.
    #[schemars(with = "form::Header")]
    pub header: String,
    /// Name of the proxy that sets the header, and removes it from incoming requests. Example: `Front Door`.
    #[schemars(with = "form::DisplayName")]
    pub set_by: String,
}

/// A plan: the APIs and limits of its tenants.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TenantPlan {
    /// APIs of the plan.
    #[serde(default)]
    #[schemars(with = "Vec<form::Name>")]
    pub apis: Vec<String>,
    /// MCP servers of the plan. `apis` must contain their source APIs as well.
    #[serde(default)]
    #[schemars(with = "Vec<form::Name>")]
    pub mcp_servers: Vec<String>,
    /// Models of the plan. Default: all of its APIs.
    #[schemars(with = "Option<Vec<form::ModelName>>")]
    pub models: Option<Vec<String>>,
    /// Tokens per minute of each tenant, over all model APIs of the plan.
    #[schemars(range(min = 1))]
    pub tokens_per_minute: Option<u64>,
    /// Token quota of each tenant over a longer period.
    pub token_quota: Option<TokenQuota>,
    /// Limits for single models.
    #[serde(default)]
    #[schemars(with = "form::Keyed<form::ModelName, PlanForModel>")]
    pub per_model: BTreeMap<String, PlanForModel>,
    /// True if a prompt that exceeds the limit is rejected before it is sent to the model. Default: true.
    pub estimate_prompt_tokens: Option<bool>,
}

/// Limits of a plan for one model.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PlanForModel {
    /// Tokens per minute of each tenant.
    #[schemars(range(min = 1))]
    pub tokens_per_minute: u64,
}

/// A token quota over a calendar period.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TokenQuota {
    /// Number of tokens.
    #[schemars(range(min = 1))]
    pub tokens: u64,
    /// Period of the quota.
    pub per: Period,
}

/// A calendar period, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Period {
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

/// A tenant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Tenant {
    /// Plan of the tenant.
    #[schemars(with = "form::Name")]
    pub plan: String,
    /// Display name. Default: the name of the tenant.
    #[schemars(with = "Option<form::DisplayName>")]
    pub display_name: Option<String>,
    /// State of the tenant: `active` or `suspended`. Default: `active`.
    pub state: Option<TenantState>,
    /// Values of the claim or header that identify this tenant.
    #[serde(default, rename = "match")]
    pub matches: Vec<String>,
    /// Tokens per minute; overrides the plan's.
    #[schemars(range(min = 1))]
    pub tokens_per_minute: Option<u64>,
}

/// State of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum TenantState {
    /// The tenant may call.
    Active,
    /// The tenant keeps its subscription but may not call.
    Suspended,
}
