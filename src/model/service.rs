//! The `gateway` key.

use schemars::JsonSchema;
use serde::Deserialize;

use super::form;

/// The existing API Management service, and the settings of the gateway in it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Service {
    /// Name of the service. Example: `apim-contoso`.
    #[schemars(with = "form::ServiceName")]
    pub name: String,
    /// Resource group of the service, which is also the target of the deployment. Default: with Bicep the resource group of the deployment, with Terraform a required variable. Example: `rg-ai`.
    #[schemars(with = "Option<form::ResourceGroup>")]
    pub resource_group: Option<String>,
    /// Tier of the service, which decides limits and available features. Default: unknown; findings that depend on it are then warnings. Example: `StandardV2`.
    pub sku: Option<SkuName>,
    /// URL that callers use, without a trailing slash. Default: `https://<name>.azure-api.net`. Example: `https://ai.contoso.com`.
    #[schemars(with = "Option<form::PublicUrl>")]
    pub public_url: Option<String>,
    /// Managed identity that the gateway uses for its backends, secrets and telemetry. Default: the system-assigned identity.
    pub identity: Option<Identity>,
    /// Prefix of the names of all resources that are created in the service, which avoids conflicts with other APIs of the service. Default: none. Example: `aigw-`.
    #[schemars(with = "Option<form::Prefix>")]
    pub prefix: Option<String>,
    /// Whether the deployment creates the role assignments of the identity: `create` or `skip`. Default: `create`.
    pub roles: Option<Roles>,
    /// Names of the token policies. Default: `llm`.
    pub policy_family: Option<PolicyFamily>,
}

/// Tier of an API Management service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum SkuName {
    /// Consumption: no streaming, no circuit breakers, low limits.
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

/// Managed identities of the service. At least one is required.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Identity {
    /// True if the service has a system-assigned identity. Default: true without `user`, otherwise false.
    pub system: Option<bool>,
    /// User-assigned identity of the service. If it is set, the gateway authenticates to backends with it.
    pub user: Option<UserIdentity>,
}

/// An existing user-assigned identity that is assigned to the service.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UserIdentity {
    /// Name of the identity. Example: `id-apim`.
    #[schemars(with = "form::ResourceName")]
    pub name: String,
    /// Resource group of the identity. Default: the gateway's.
    #[schemars(with = "Option<form::ResourceGroup>")]
    pub resource_group: Option<String>,
    /// Azure subscription of the identity, a GUID. Default: the gateway's.
    #[schemars(with = "Option<form::Guid>")]
    pub subscription: Option<String>,
}

/// Creation of the gateway's role assignments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Roles {
    /// The deployment creates them. The deploying identity needs permission to assign roles.
    Create,
    /// They are created elsewhere. GATEWAY.md lists the required roles.
    Skip,
}

/// Names of the token policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum PolicyFamily {
    /// `llm-token-limit` and related policies.
    #[serde(rename = "llm")]
    Llm,
    /// `azure-openai-token-limit` and related policies, the older names.
    #[serde(rename = "azureOpenAI")]
    AzureOpenAi,
}
