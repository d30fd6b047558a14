//! The `mcpServers` key.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{ContentSafety, RateLimit, form};

/// An MCP server made from a REST API.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct McpServer {
    /// Display name. Default: the name of the server.
    #[schemars(with = "Option<form::DisplayName>")]
    pub display_name: Option<String>,
    /// Path below the gateway's URL; clients call `<path>/mcp`.
    #[schemars(with = "form::Path")]
    pub path: String,
    /// A REST API of this file, or an existing MCP server.
    pub api: McpApi,
    /// Tools, by the name that is shown to agents.
    #[serde(default)]
    #[schemars(with = "form::Keyed<form::ToolName, McpTool>")]
    pub tools: BTreeMap<String, McpTool>,
    /// Rate limit of tool calls.
    pub rate_limit: Option<RateLimit>,
    /// Checks of tool arguments by Azure AI Content Safety.
    pub content_safety: Option<ContentSafety>,
    /// Entry for the MCP registry.
    pub manifest: Option<Manifest>,
}

/// Source of the tools.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum McpApi {
    /// A REST API of this file.
    Api(#[schemars(with = "form::Name")] String),
    /// An existing MCP server.
    Upstream(McpUpstream),
}

/// An existing MCP server.
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
    /// `operationId` of the API's definition. Example: `getForecast`.
    pub operation: String,
    /// Description that agents use to decide whether to call the tool.
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
    /// Purpose of the server.
    pub description: Option<String>,
}
