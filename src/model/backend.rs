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
    /// How the gateway shows an `http` backend who it is. Default: `none`.
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
    /// A token of the gateway's identity.
    ManagedIdentity,
}

/// A header whose value is a secret in Key Vault.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct HeaderCredential {
    /// Name of the header. Example: `Authorization`.
    #[schemars(with = "form::Header")]
    pub header: String,
    /// Word before the secret. Default: none. Example: `Bearer`.
    #[schemars(with = "Option<form::Header>")]
    pub scheme: Option<String>,
    /// Where the secret is.
    pub key_vault_secret: KeyVaultSecret,
}

/// A secret in a key vault, which exists.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct KeyVaultSecret {
    /// Name of the vault.
    #[schemars(with = "form::ResourceName")]
    pub vault: String,
    /// Name of the secret.
    #[schemars(with = "form::ResourceName")]
    pub name: String,
}
