//! The `gateway` key.

use schemars::JsonSchema;
use serde::Deserialize;

use super::form;

/// An API Management service, which exists, and how Gatewright uses it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Service {
    /// Name of the service. Example: `apim-contoso`.
    #[schemars(with = "form::ServiceName")]
    pub name: String,
    /// Resource group of the service; the deployment goes there. Default: with Bicep the group of the deployment, with Terraform a variable without a default.
    #[schemars(with = "Option<form::ResourceGroup>")]
    pub resource_group: Option<String>,
    /// Tier of the service, on which limits and legal features depend. Default: unknown, and rules that depend on it become warnings.
    pub sku: Option<SkuName>,
    /// URL that callers use, without a slash at the end. Default: `https://<name>.azure-api.net`. Example: `https://ai.contoso.com`.
    #[schemars(with = "Option<form::PublicUrl>")]
    pub public_url: Option<String>,
    /// Identity with which the gateway calls its backends. Default: the system-assigned one.
    pub identity: Option<Identity>,
    /// Stands before the name of everything made in the service, so that it can live beside the APIs of others. Default: none. Example: `aigw-`.
    #[schemars(with = "Option<form::Prefix>")]
    pub prefix: Option<String>,
    /// Whether the deployment grants the identity its roles. Default: `create`.
    pub roles: Option<Roles>,
    /// Names of the token policies. Default: `llm`.
    pub policy_family: Option<PolicyFamily>,
}

/// Tier of an API Management service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum SkuName {
    /// Consumption: no streaming, no backend breakers, small limits.
    Consumption,
    /// Developer, classic.
    Developer,
    /// Basic, classic.
    Basic,
    /// Standard, classic.
    Standard,
    /// Premium, classic.
    Premium,
    /// Basic v2.
    BasicV2,
    /// Standard v2.
    StandardV2,
    /// Premium v2.
    PremiumV2,
}

/// Identities of the service. Give at least one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Identity {
    /// Whether the service has a system-assigned identity. Default: true without `user`, else false.
    pub system: Option<bool>,
    /// A user-assigned identity of the service. Where it is given, backends are called with it.
    pub user: Option<UserIdentity>,
}

/// A user-assigned identity, which exists and which the service has.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UserIdentity {
    /// Name of the identity. Example: `id-apim`.
    #[schemars(with = "form::ResourceName")]
    pub name: String,
    /// Resource group of the identity. Default: that of the gateway.
    #[schemars(with = "Option<form::ResourceGroup>")]
    pub resource_group: Option<String>,
    /// Subscription of the identity, a GUID. Default: that of the gateway.
    #[schemars(with = "Option<form::Guid>")]
    pub subscription: Option<String>,
}

/// Who grants the gateway's identity its roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Roles {
    /// The deployment does. Whoever deploys must be allowed to assign roles.
    Create,
    /// Somebody else does. GATEWAY.md lists what must be granted.
    Skip,
}

/// Names of the token policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum PolicyFamily {
    /// `llm-token-limit` and its kin.
    #[serde(rename = "llm")]
    Llm,
    /// `azure-openai-token-limit` and its kin, the older names.
    #[serde(rename = "azureOpenAI")]
    AzureOpenAi,
}
