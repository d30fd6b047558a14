//! The `backends` key.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::form;

/// A destination of requests.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Backend {
    /// Kind of the backend.
    pub kind: BackendKind,
    /// Existing Azure AI account: its name, or an object with its resource group and Azure subscription. Required by every kind except `http`.
    pub account: Option<Account>,
    /// Model deployments of the account that are used, by name. Each becomes a separate backend in the service, because the quota is per deployment.
    /// Default: none, and one backend represents the whole account.
    #[schemars(with = "Option<form::Keyed<form::ModelName, Deployment>>")]
    pub deployments: Option<BTreeMap<String, Option<Deployment>>>,
    /// URL of an `http` backend; the gateway appends the path of the operation. Example: `https://weather.contoso.com/v1`.
    #[schemars(with = "Option<form::Url>")]
    pub url: Option<String>,
    /// Authentication of the gateway to an `http` backend: `none`, `passThrough`, `managedIdentity`, `{ managedIdentity: { audience: … } }` or
    /// `{ header: …, keyVaultSecret: … }`. Default: `none`.
    pub credential: Option<Credential>,
    /// Role of the gateway's identity on the account: the id of a role definition, a GUID. Default: the least privileged role that works for the kind and the surfaces of its APIs.
    #[schemars(with = "Option<form::Guid>")]
    pub role: Option<String>,
}

/// Kind of a backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum BackendKind {
    /// Azure OpenAI account, authenticated with the gateway's identity.
    #[serde(rename = "azureOpenAI")]
    AzureOpenAi,
    /// Microsoft Foundry account, authenticated with the gateway's identity.
    #[serde(rename = "foundry")]
    Foundry,
    /// Azure AI Content Safety account, authenticated with the gateway's identity.
    #[serde(rename = "contentSafety")]
    ContentSafety,
    /// Any other HTTP service.
    #[serde(rename = "http")]
    Http,
}

/// An Azure AI account: its name, or an object with its resource group and Azure subscription.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Account {
    /// Name of an account in the gateway's resource group.
    Name(#[schemars(with = "form::AccountName")] String),
    /// An account in any resource group.
    Reference(AccountReference),
}

/// An Azure AI account with its resource group and Azure subscription.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AccountReference {
    /// Name of the account. Example: `aoai-contoso`.
    #[schemars(with = "form::AccountName")]
    pub name: String,
    /// Resource group of the account. Default: the gateway's.
    #[schemars(with = "Option<form::ResourceGroup>")]
    pub resource_group: Option<String>,
    /// Azure subscription of the account, a GUID. Default: the gateway's.
    #[schemars(with = "Option<form::Guid>")]
    pub subscription: Option<String>,
}

/// A model deployment of an account.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Deployment {
    /// Name of the deployed model. Default: the name of the deployment. Example: `text-embedding-3-small`.
    #[schemars(with = "Option<form::ModelName>")]
    pub model: Option<String>,
    /// Capacity of the deployment in tokens per minute. Informational: GATEWAY.md shows it; the gateway does not enforce it. Example: 240000.
    #[schemars(range(min = 1))]
    pub tokens_per_minute: Option<u64>,
}

/// Authentication of the gateway to an `http` backend.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Credential {
    /// A method without settings.
    Plain(PlainCredential),
    /// A token of the gateway's identity, for an audience.
    Identity(IdentityCredential),
    /// A header with a secret from Key Vault.
    Header(HeaderCredential),
}

/// Methods without settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum PlainCredential {
    /// No authentication: the gateway removes the caller's `Authorization` header.
    None,
    /// The gateway forwards the caller's `Authorization` header.
    PassThrough,
    /// A token of the gateway's identity. The audience is derived from the host of the URL; for hosts outside Azure set
    /// `{ managedIdentity: { audience: … } }`.
    ManagedIdentity,
}

/// A token of the gateway's identity.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IdentityCredential {
    /// Audience of the token.
    pub managed_identity: Audience,
}

/// The token's audience.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Audience {
    /// Audience of the token: the application that the service validates tokens for. Example: `api://weather`.
    #[schemars(with = "form::Audience")]
    pub audience: String,
}

/// A header whose value is a secret in Key Vault.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct HeaderCredential {
    /// Name of the header. Example: `Authorization`.
    #[schemars(with = "form::Header")]
    pub header: String,
    /// Authentication scheme before the secret, separated by a space. Default: none. Example: `Bearer`.
    #[schemars(with = "Option<form::Header>")]
    pub scheme: Option<String>,
    /// Location of the secret.
    pub key_vault_secret: KeyVaultSecret,
}

/// An existing secret in a key vault.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct KeyVaultSecret {
    /// Key vault: its name, or an object with its resource group and Azure subscription. The deployment grants the gateway's identity a role on it, unless `gateway.roles` is `skip`.
    pub vault: Vault,
    /// Name of the secret. The gateway uses its latest version and refreshes it within 4 hours. Example: `mistral-key`.
    #[schemars(with = "form::SecretName")]
    pub name: String,
}

/// A key vault: its name, or an object with its resource group and Azure subscription.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Vault {
    /// Name of a vault in the gateway's resource group.
    Name(#[schemars(with = "form::VaultName")] String),
    /// A vault in any resource group.
    Reference(VaultReference),
}

/// A key vault with its resource group and Azure subscription.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VaultReference {
    /// Name of the vault. Example: `kv-contoso`.
    #[schemars(with = "form::VaultName")]
    pub name: String,
    /// Resource group of the vault. Default: the gateway's.
    #[schemars(with = "Option<form::ResourceGroup>")]
    pub resource_group: Option<String>,
    /// Azure subscription of the vault, a GUID. Default: the gateway's.
    #[schemars(with = "Option<form::Guid>")]
    pub subscription: Option<String>,
}
