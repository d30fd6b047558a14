//! The types of the YAML file: derives and docs, no logic.
//!
//! The docs become the JSON Schema and the user's manual: meaning, unit, default, example.

mod api;
mod backend;
pub mod form;
mod guard;
pub mod load;
mod mcp;
mod observability;
mod path;
mod pool;
pub mod recover;
pub mod schema;
mod service;
pub mod shape;
mod syntax;
mod tenancy;
mod unbuilt;

pub use api::{
    Api, ApiAuth, Applications, Audiences, Caching, ContentSafety, Cors, Definition, DefinitionFile, DefinitionLink,
    Entra, HeaderKey, Include, IncludeAt, IncludedFile, IpFilter, KeyRequirement, LimitBy, LinkFormat, NamedDefinition,
    PlainLimitBy, RateLimit, Streaming, StreamingOptions, Surface, TenantId, TokenLimit, TokenLimitBy, WhenDown,
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
    IdentifyBy, IdentifyByNamed, Period, PlanForModel, Tenancy, Tenant, TenantPlan, TenantState, TokenQuota,
};

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// An AI gateway on Azure API Management: its APIs, its backends and its limits.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(title = "Gatewright gateway")]
pub struct Gateway {
    /// Version of the language. Always 1.
    #[schemars(schema_with = "schema::version")]
    pub version: u32,
    /// The existing API Management service.
    pub gateway: Service,
    /// Destinations of logs and metrics.
    pub observability: Option<Observability>,
    /// Backends, by name: the destinations of requests.
    #[serde(default)]
    #[schemars(with = "form::Keyed<form::Name, Backend>")]
    pub backends: BTreeMap<String, Backend>,
    /// Backend pools, by name: groups of backends that share the load.
    #[serde(default)]
    #[schemars(with = "form::Keyed<form::Name, Pool>")]
    pub pools: BTreeMap<String, Pool>,
    /// APIs that callers use, by name.
    #[serde(default)]
    #[schemars(with = "form::Keyed<form::Name, Api>")]
    pub apis: BTreeMap<String, Api>,
    /// MCP servers made from REST APIs, by name.
    #[serde(default)]
    #[schemars(with = "form::Keyed<form::Name, McpServer>")]
    pub mcp_servers: BTreeMap<String, McpServer>,
    /// Tenants, and the plans that say which APIs they may call and with which limits.
    pub tenancy: Option<Tenancy>,
}
