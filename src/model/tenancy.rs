//! The `tenancy` key.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::form;

/// Who may call what, and how much of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Tenancy {
    /// What tells tenants apart. Default: `subscription`.
    pub identify_by: Option<IdentifyBy>,
    /// What tenants can have, by name.
    #[schemars(with = "form::Keyed<form::Name, UsagePlan>")]
    pub plans: BTreeMap<String, UsagePlan>,
    /// Tenants, by name.
    #[schemars(with = "form::Keyed<form::Name, Tenant>")]
    pub tenants: BTreeMap<String, Tenant>,
}

/// What tells tenants apart.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum IdentifyBy {
    /// The key.
    Named(IdentifyByNamed),
    /// A claim of the caller's token.
    Claim(IdentifyByClaim),
    /// A header that something in front of the gateway sets.
    Header(IdentifyByHeader),
}

/// Ways that need no settings.
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

/// A header that something in front of the gateway sets.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IdentifyByHeader {
    /// Name of the header.
    #[schemars(with = "form::Header")]
    pub header: String,
    /// Who sets it, and removes it from what comes from outside. Example: `Front Door`.
    #[schemars(with = "form::DisplayName")]
    pub set_by: String,
}

/// What tenants can have.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UsagePlan {
    /// APIs of the plan.
    #[serde(default)]
    #[schemars(with = "Vec<form::Name>")]
    pub apis: Vec<String>,
    /// MCP servers of the plan. Each needs its source API in `apis`, too.
    #[serde(default)]
    #[schemars(with = "Vec<form::Name>")]
    pub mcp_servers: Vec<String>,
    /// Models of the plan. Default: all of its APIs.
    #[schemars(with = "Option<Vec<form::ModelName>>")]
    pub models: Option<Vec<String>>,
    /// Tokens a minute for each tenant, over all model APIs of the plan.
    #[schemars(range(min = 1))]
    pub tokens_per_minute: Option<u64>,
    /// Tokens in a longer time for each tenant.
    pub token_quota: Option<TokenQuota>,
    /// Limits for single models.
    #[serde(default)]
    #[schemars(with = "form::Keyed<form::ModelName, PlanForModel>")]
    pub per_model: BTreeMap<String, PlanForModel>,
    /// Whether a prompt that is too long is refused before the model sees it. Default: true.
    pub estimate_prompt_tokens: Option<bool>,
}

/// Limits of a plan for one model.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PlanForModel {
    /// Tokens a minute for each tenant.
    #[schemars(range(min = 1))]
    pub tokens_per_minute: u64,
}

/// Tokens in a longer time.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TokenQuota {
    /// How many.
    #[schemars(range(min = 1))]
    pub tokens: u64,
    /// In which time.
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

/// Somebody who calls.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Tenant {
    /// Plan of the tenant.
    #[schemars(with = "form::Name")]
    pub plan: String,
    /// Name that people see. Default: the name of the tenant.
    #[schemars(with = "Option<form::DisplayName>")]
    pub display_name: Option<String>,
    /// Whether the tenant may call. Default: `active`.
    pub state: Option<TenantState>,
    /// With a claim or header: the values that mean this tenant.
    #[serde(default, rename = "match")]
    pub matches: Vec<String>,
    /// Tokens a minute, instead of the plan's.
    #[schemars(range(min = 1))]
    pub tokens_per_minute: Option<u64>,
}

/// Whether a tenant may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum TenantState {
    /// It may.
    Active,
    /// It keeps its subscription and may not.
    Suspended,
}
