//! The `mcpServers` key.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{ContentSafety, RateLimit, form};

/// A REST API as an MCP server.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct McpServer {
    /// Name that people see. Default: the name of the server.
    #[schemars(with = "Option<form::DisplayName>")]
    pub display_name: Option<String>,
    /// Path below the gateway's URL; clients call `<path>/mcp`.
    #[schemars(with = "form::Path")]
    pub path: String,
    /// A REST API of this file, or an MCP server elsewhere.
    pub api: McpApi,
    /// Tools, by the name that agents see.
    #[serde(default)]
    #[schemars(with = "form::Keyed<form::ToolName, McpTool>")]
    pub tools: BTreeMap<String, McpTool>,
    /// Limit on tool calls.
    pub rate_limit: Option<RateLimit>,
    /// Checks of tool arguments by Azure AI Content Safety.
    pub content_safety: Option<ContentSafety>,
    /// Entry for the MCP registry.
    pub manifest: Option<Manifest>,
}

/// Where the tools are.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum McpApi {
    /// A REST API of this file.
    Api(#[schemars(with = "form::Name")] String),
    /// An MCP server elsewhere.
    Upstream(McpUpstream),
}

/// An MCP server elsewhere.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct McpUpstream {
    /// URL of the server.
    #[schemars(with = "form::Url")]
    pub upstream: String,
}

/// A tool: an operation of the API.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct McpTool {
    /// Operation id, as in the API's definition. Example: `getForecast`.
    pub operation: String,
    /// What agents read to decide whether to use the tool.
    #[schemars(length(min = 1, max = 1000))]
    pub description: String,
}

/// Entry for the MCP registry.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Manifest {
    /// Name in the registry. Example: `com.contoso/weather`.
    #[schemars(with = "form::ManifestName")]
    pub name: String,
    /// Version of the server. Example: `1.0.0`.
    pub version: String,
    /// What the server is for.
    pub description: Option<String>,
}
