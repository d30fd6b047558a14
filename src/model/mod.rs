//! The YAML, typed. Derives and docs, no methods that decide.
//!
//! The docs become the JSON Schema and with it the user's manual: meaning, unit, default, example.

mod api;
mod backend;
pub mod form;
mod guard;
pub mod load;
mod mcp;
mod observability;
mod path;
mod pool;
mod raw;
pub mod salvage;
pub mod schema;
mod service;
pub mod shape;
mod syntax;
mod tenancy;
mod unbuilt;

pub use api::{
    Api, ApiAuth, Caching, ContentSafety, Cors, Definition, DefinitionFile, DefinitionLink, Entra, HeaderKey, Include,
    IncludeAt, IncludedFile, IpFilter, KeyRequirement, LimitBy, LinkFormat, NamedDefinition, PlainLimitBy, RateLimit,
    Streaming, StreamingOptions, Surface, TokenLimit, TokenLimitBy, WhenDown,
};
pub use backend::{
    Account, AccountReference, Audience, Backend, BackendKind, Credential, Deployment, HeaderCredential,
    IdentityCredential, KeyVaultSecret, PlainCredential, Vault, VaultReference,
};
pub use mcp::{Manifest, McpApi, McpServer, McpTool};
pub use observability::{Dimension, Metrics, Observability, ResourceReference};
pub use path::{is_path, path_of};
pub use pool::{Balance, CircuitBreaker, Exhausted, Member, Pool, Retry, SessionAffinity, Status};
pub use service::{Identity, PolicyFamily, Roles, Service, SkuName, UserIdentity};
pub use tenancy::{
    IdentifyBy, IdentifyByNamed, Period, PlanForModel, Tenancy, Tenant, TenantState, TokenQuota, UsagePlan,
};

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// An AI gateway on Azure API Management: what callers may use, and where their requests go.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(title = "Gatewright gateway")]
pub struct Gateway {
    /// Version of the language. Always 1.
    #[schemars(schema_with = "schema::version")]
    pub version: u32,
    /// The API Management service, which exists.
    pub gateway: Service,
    /// Where logs and metrics go.
    pub observability: Option<Observability>,
    /// Where requests go, by name.
    #[serde(default)]
    #[schemars(with = "form::Keyed<form::Name, Backend>")]
    pub backends: BTreeMap<String, Backend>,
    /// Groups of backends that share the load, by name.
    #[serde(default)]
    #[schemars(with = "form::Keyed<form::Name, Pool>")]
    pub pools: BTreeMap<String, Pool>,
    /// What callers use, by name.
    #[serde(default)]
    #[schemars(with = "form::Keyed<form::Name, Api>")]
    pub apis: BTreeMap<String, Api>,
    /// MCP servers made from REST APIs, by name.
    #[serde(default)]
    #[schemars(with = "form::Keyed<form::Name, McpServer>")]
    pub mcp_servers: BTreeMap<String, McpServer>,
    /// Who may call what, and how much of it.
    pub tenancy: Option<Tenancy>,
}
