//! The `backends` key.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::form;

/// A place that requests go to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Backend {
    /// What the backend is.
    pub kind: BackendKind,
    /// Azure AI account, which exists: its name, or an object with its place. Needed by every kind but `http`.
    pub account: Option<Account>,
    /// Deployments of the account that are used, by name. Each becomes a backend of its own in the service, since quota is per deployment.
    /// Default: none, and one backend stands for the whole account.
    #[schemars(with = "Option<form::Keyed<form::ModelName, Deployment>>")]
    pub deployments: Option<BTreeMap<String, Option<Deployment>>>,
    /// URL of an `http` backend; the path of an operation is appended. Example: `https://weather.contoso.com/v1`.
    #[schemars(with = "Option<form::Url>")]
    pub url: Option<String>,
    /// How the gateway shows an `http` backend who it is: `none`, `passThrough`, `managedIdentity`, `{ managedIdentity: { audience: … } }` or
    /// `{ header: …, keyVaultSecret: … }`. Default: `none`.
    pub credential: Option<Credential>,
    /// Role that the gateway's identity gets on the account: the id of a role definition, a GUID. Default: by kind, the least that works.
    #[schemars(with = "Option<form::Guid>")]
    pub role: Option<String>,
}

/// What a backend is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum BackendKind {
    /// Azure OpenAI account, called with the gateway's identity.
    #[serde(rename = "azureOpenAI")]
    AzureOpenAi,
    /// Microsoft Foundry account, called with the gateway's identity.
    #[serde(rename = "foundry")]
    Foundry,
    /// Azure AI Content Safety account, called with the gateway's identity.
    #[serde(rename = "contentSafety")]
    ContentSafety,
    /// Any other HTTP service.
    #[serde(rename = "http")]
    Http,
}

/// An Azure AI account: its name alone, or an object with its place.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Account {
    /// Name of an account in the gateway's group.
    Name(#[schemars(with = "form::AccountName")] String),
    /// Name and place of an account.
    Reference(AccountReference),
}

/// An Azure AI account, by name and place.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AccountReference {
    /// Name of the account. Example: `aoai-contoso`.
    #[schemars(with = "form::AccountName")]
    pub name: String,
    /// Resource group of the account. Default: that of the gateway.
    #[schemars(with = "Option<form::ResourceGroup>")]
    pub resource_group: Option<String>,
    /// Subscription of the account, a GUID. Default: that of the gateway.
    #[schemars(with = "Option<form::Guid>")]
    pub subscription: Option<String>,
}

/// A deployment of a model in an account.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Deployment {
    /// Model that is deployed. Default: the name of the deployment. Example: `text-embedding-3-small`.
    #[schemars(with = "Option<form::ModelName>")]
    pub model: Option<String>,
    /// Capacity of the deployment in tokens a minute. It limits nothing; GATEWAY.md sets it against what is sold. Example: 240000.
    #[schemars(range(min = 1))]
    pub tokens_per_minute: Option<u64>,
}

/// How the gateway shows an `http` backend who it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Credential {
    /// One of the plain ways.
    Plain(PlainCredential),
    /// A token of the gateway's identity, for an audience.
    Identity(IdentityCredential),
    /// A header with a secret from Key Vault.
    Header(HeaderCredential),
}

/// Ways that need no settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum PlainCredential {
    /// Not at all: the caller's `Authorization` is removed, nothing is put in its place.
    None,
    /// The caller's `Authorization` goes through.
    PassThrough,
    /// A token of the gateway's identity, where the host of the URL tells for which audience. Otherwise write
    /// `{ managedIdentity: { audience: … } }`.
    ManagedIdentity,
}

/// A token of the gateway's identity.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IdentityCredential {
    /// What the token is for.
    pub managed_identity: Audience,
}

/// Whom a token is made out to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Audience {
    /// Audience of the token: the id of the application that the service checks tokens for. Example: `api://weather`.
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
    /// Word before the secret, and a blank between them. Default: none. Example: `Bearer`.
    #[schemars(with = "Option<form::Header>")]
    pub scheme: Option<String>,
    /// Where the secret is.
    pub key_vault_secret: KeyVaultSecret,
}

/// A secret in a key vault, which exists.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct KeyVaultSecret {
    /// Vault: its name, or an object with its place. The gateway's identity gets a role on it, unless `gateway.roles` is `skip`.
    pub vault: Vault,
    /// Name of the secret. Its newest version is used; a new one is seen within 4 hours. Example: `mistral-key`.
    #[schemars(with = "form::SecretName")]
    pub name: String,
}

/// A key vault: its name alone, or an object with its place.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Vault {
    /// Name of a vault in the gateway's group.
    Name(#[schemars(with = "form::VaultName")] String),
    /// Name and place of a vault.
    Reference(VaultReference),
}

/// A key vault, by name and place.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VaultReference {
    /// Name of the vault. Example: `kv-contoso`.
    #[schemars(with = "form::VaultName")]
    pub name: String,
    /// Resource group of the vault. Default: that of the gateway.
    #[schemars(with = "Option<form::ResourceGroup>")]
    pub resource_group: Option<String>,
    /// Subscription of the vault, a GUID. Default: that of the gateway.
    #[schemars(with = "Option<form::Guid>")]
    pub subscription: Option<String>,
}
