//! The `apis` key.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::form;

/// An API that callers use.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Api {
    /// Display name. Default: the name of the API. Example: `Azure OpenAI`.
    #[schemars(with = "Option<form::DisplayName>")]
    pub display_name: Option<String>,
    /// Path below the gateway's URL, not case-sensitive. Example: `openai`.
    #[schemars(with = "form::Path")]
    pub path: String,
    /// Protocol of requests and responses. Default: by the kind of the target: `azureOpenAI` for azureOpenAI, `foundryModels` for foundry, `rest` for http.
    pub surface: Option<Surface>,
    /// Destination of all requests: a pool, a `backend`, or `backend/deployment`. Set either this or `models`. Example: `east/gpt-4o`.
    pub target: Option<String>,
    /// Models that callers may use, and the destination of each: a pool, a backend or `backend/deployment`. Set either this or `target`. Example: `{ gpt-4o: east/gpt-4o }`.
    #[schemars(with = "Option<form::Keyed<form::RequestedModel, String>>")]
    pub models: Option<BTreeMap<String, String>>,
    /// Operations of the API. Default: `builtin` for model surfaces; `rest` requires a file, a link or `passThrough`.
    pub definition: Option<Definition>,
    /// Authentication of callers. All checks that are set must pass.
    pub auth: Option<ApiAuth>,
    /// Timeout for the first byte of the backend's response, in whole seconds; the service may not support more than 240 s.
    /// Default: `120s` for models, `30s` for rest.
    #[schemars(with = "Option<form::Duration>")]
    pub timeout: Option<String>,
    /// True if responses are streamed instead of buffered. Default: true for model surfaces, false for rest.
    pub streaming: Option<Streaming>,
    /// Rate limit of requests.
    pub rate_limit: Option<RateLimit>,
    /// IP addresses that may call.
    pub ip_filter: Option<IpFilter>,
    /// Web pages that may call (cross-origin resource sharing).
    pub cors: Option<Cors>,
    /// Prompt checks by Azure AI Content Safety.
    pub content_safety: Option<ContentSafety>,
    /// Cached responses for prompts with the same meaning. Requires an external cache in the service.
    pub semantic_cache: Option<Caching>,
    /// Token limit, for gateways without tenancy.
    pub token_limit: Option<TokenLimit>,
    /// Custom policies, included from files at fixed positions of the generated policy.
    pub include: Option<Include>,
    /// Callers of this API, by name: each gets a subscription with keys for this API only. Not for an API of a plan: such a key has no plan. Example: `[first-team]`.
    #[serde(default)]
    #[schemars(with = "Vec<form::Name>", extend("uniqueItems" = true))]
    pub subscriptions: Vec<String>,
}

/// Protocol of an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Surface {
    /// Azure OpenAI: paths with deployments.
    #[serde(rename = "azureOpenAI")]
    AzureOpenAi,
    /// OpenAI v1: the model is in the body.
    #[serde(rename = "openAI")]
    OpenAi,
    /// Foundry Models: the model is in the body.
    #[serde(rename = "foundryModels")]
    FoundryModels,
    /// Anthropic Messages: the model is in the body.
    #[serde(rename = "anthropic")]
    Anthropic,
    /// Any other HTTP API.
    #[serde(rename = "rest")]
    Rest,
}

/// Operations of an API.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Definition {
    /// A built-in definition, or none.
    Named(NamedDefinition),
    /// A file beside this one.
    File(DefinitionFile),
    /// A document that the service downloads.
    Link(DefinitionLink),
}

/// A definition without a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum NamedDefinition {
    /// The built-in definition of the surface.
    Builtin,
    /// Every path and method below the API's path, including those that the backend adds later. `models` still lists the allowed models.
    PassThrough,
}

/// An OpenAPI 3.0, OpenAPI 3.1 or Swagger 2.0 document, JSON or YAML.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DefinitionFile {
    /// Path of the file, relative to the gateway file. Example: `specs/weather.yaml`.
    #[schemars(with = "form::File")]
    pub file: String,
    /// Selected operations of the document: each by its `operationId`, or as `GET /path`. Parts that no selected operation uses are
    /// removed. Default: all. Example: `[getForecast, GET /places]`.
    #[schemars(with = "Option<Vec<form::OperationRef>>", length(min = 1), extend("uniqueItems" = true))]
    pub operations: Option<Vec<String>>,
}

/// An OpenAPI document that the service downloads during the deployment.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DefinitionLink {
    /// URL of the document, which must be accessible to the service without credentials. Example: `https://weather.contoso.com/openapi.json`.
    #[schemars(with = "form::Url")]
    pub link: String,
    /// Format of the document. Default: `openApiJson` if the URL ends in `.json`, `openApiYaml` if it ends in `.yaml` or `.yml`.
    pub format: Option<LinkFormat>,
}

/// Format of a linked document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum LinkFormat {
    /// OpenAPI 3 in JSON.
    OpenApiJson,
    /// OpenAPI 3 in YAML.
    OpenApiYaml,
    /// Swagger 2.0 in JSON.
    SwaggerJson,
}

/// Authentication of an API's callers.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ApiAuth {
    /// Whether callers need a subscription key: `required` or `none`. Default: `required`.
    pub subscription_key: Option<KeyRequirement>,
    /// Header of the subscription key. Default: `api-key` for the surfaces azureOpenAI, openAI and foundryModels, `x-api-key` for anthropic, `Ocp-Apim-Subscription-Key` for rest.
    #[schemars(with = "Option<form::Header>")]
    pub key_header: Option<String>,
    /// True if the key may also stand in `Authorization: Bearer`, where clients of OpenAI and Anthropic put it: they work with their base
    /// URL and the key alone. Not with `entra`. The setting exists in a preview version of API Management's interface. Default: false.
    pub bearer_keys: Option<bool>,
    /// Validation of Entra ID tokens.
    pub entra: Option<Entra>,
}

/// Requirement of a subscription key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum KeyRequirement {
    /// Callers must send a key.
    Required,
    /// Callers need no key.
    None,
}

/// Validation of the caller's Entra ID token.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Entra {
    /// Tenant that issues the tokens: its id, a GUID, or a label and the id. Example: `{ contoso: 11111111-1111-1111-1111-111111111111 }`.
    pub tenant_id: TenantId,
    /// Audiences, one of which the token must name: the App ID URI of a registration, or its client id, which is what tokens of
    /// version 2 have. A list, or an object with a label for each. Examples: `[api://ai]`, `{ chat: api://ai }`.
    pub audiences: Option<Audiences>,
    /// Client ids of the applications that may call: a list, or an object with a label for each. Default: any of the tenant.
    /// Example: `{ portal: 22222222-2222-2222-2222-222222222222 }`.
    pub applications: Option<Applications>,
    /// App roles, one of which the token must hold. Default: none is asked for. Example: `[Models.Use]`.
    #[serde(default)]
    #[schemars(with = "Vec<form::Role>", extend("uniqueItems" = true))]
    pub roles: Vec<String>,
}

/// A tenant of Entra ID. A label names its parameter and its named value, and means one id in the whole file; an id without a label is
/// named by a hash of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum TenantId {
    /// Its id, a GUID.
    Id(#[schemars(with = "form::Guid")] String),
    /// One label and the id.
    Labelled(
        #[schemars(with = "form::Keyed<form::Name, form::Guid>", extend("minProperties" = 1, "maxProperties" = 1))]
        BTreeMap<String, String>,
    ),
}

/// Audiences of callers' tokens. A label names the parameter and the named value, and means one audience in the whole file; an
/// audience without a label is named by a hash of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Audiences {
    /// Without labels.
    List(#[schemars(with = "Vec<form::Audience>", extend("uniqueItems" = true))] Vec<String>),
    /// Each with a label.
    Labelled(#[schemars(with = "form::Keyed<form::Name, form::Audience>")] BTreeMap<String, String>),
}

/// Client ids of applications. A label names the parameter and the named value, and means one id in the whole file; an id without a
/// label is named by a hash of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Applications {
    /// Without labels.
    List(#[schemars(with = "Vec<form::Guid>", extend("uniqueItems" = true))] Vec<String>),
    /// Each with a label.
    Labelled(#[schemars(with = "form::Keyed<form::Name, form::Guid>")] BTreeMap<String, String>),
}

/// Whether answers are passed on as they come.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Streaming {
    /// True if responses are streamed.
    Flag(bool),
    /// Streaming with options.
    Options(StreamingOptions),
}

/// Options of streaming.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StreamingOptions {
    /// True if a streamed chat completion ends with one more event that contains its token usage. Default: false, because clients receive an additional event.
    pub include_usage: Option<bool>,
}

/// Rate limit of requests.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RateLimit {
    /// Number of requests that are allowed per period. Example: 60.
    #[schemars(range(min = 1))]
    pub calls: u32,
    /// Counting period, at most 300 s. Example: `1m`.
    #[schemars(with = "form::Duration")]
    pub per: String,
    /// Property that requests are counted by: `subscription`, `ip`, a claim or a header. Default: `subscription`.
    pub by: Option<LimitBy>,
}

/// Property that requests are counted by.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum LimitBy {
    /// A property without settings.
    Plain(PlainLimitBy),
    /// A claim of the token.
    Claim(ClaimKey),
    /// A header of the request.
    Header(HeaderKey),
}

/// Properties without settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum PlainLimitBy {
    /// The subscription key.
    Subscription,
    /// The IP address of the caller.
    Ip,
}

/// A claim of the caller's token.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ClaimKey {
    /// Name of the claim. `azp`, the calling application, works for tokens of both versions. Example: `azp`.
    #[schemars(with = "form::Claim")]
    pub claim: String,
}

/// A header of the request.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct HeaderKey {
    /// Name of the header. Example: `X-Agent-Id`.
    #[schemars(with = "form::Header")]
    pub header: String,
    /// Value for requests without the header. Default: `anonymous`.
    pub default: Option<String>,
}

/// IP addresses that may call.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IpFilter {
    /// Addresses and CIDR ranges. Compared with the address that connects to the service: behind a proxy, the address of the proxy. Example: `[203.0.113.0/24]`.
    #[schemars(with = "Vec<form::Cidr>", length(min = 1))]
    pub allow: Vec<String>,
}

/// Web pages that may call (cross-origin resource sharing).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Cors {
    /// Origins of the pages, or `*` for all. Example: `[https://chat.contoso.com]`.
    #[schemars(length(min = 1))]
    pub origins: Vec<String>,
    /// Request headers that the pages may send besides `Content-Type`, `Authorization` and the header of the key, or `*` for all. Default: none.
    #[serde(default)]
    #[schemars(with = "Vec<form::Header>", extend("uniqueItems" = true))]
    pub headers: Vec<String>,
}

/// Prompt checks by Azure AI Content Safety.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ContentSafety {
    /// Name of a backend of kind contentSafety.
    #[schemars(with = "form::Name")]
    pub backend: String,
    /// True if prompts are checked for attacks (Prompt Shields). Default: false.
    pub shield_prompt: Option<bool>,
    /// Severity from which a category is rejected: 0 to 7.
    pub categories: Option<Categories>,
    /// Behaviour while Content Safety is unavailable. Default: `refuse`.
    pub when_down: Option<WhenDown>,
}

/// Severity from which a category is rejected.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Categories {
    /// Hate: 0 to 7.
    #[schemars(range(min = 0, max = 7))]
    pub hate: Option<u8>,
    /// Self-harm: 0 to 7.
    #[schemars(range(min = 0, max = 7))]
    pub self_harm: Option<u8>,
    /// Sexual content: 0 to 7.
    #[schemars(range(min = 0, max = 7))]
    pub sexual: Option<u8>,
    /// Violence: 0 to 7.
    #[schemars(range(min = 0, max = 7))]
    pub violence: Option<u8>,
}

/// Behaviour while a service that checks requests is unavailable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum WhenDown {
    /// Requests are rejected.
    Refuse,
    /// Requests are forwarded unchecked.
    Allow,
}

/// Cached responses for prompts with the same meaning.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Caching {
    /// Deployment of an embedding model: `backend/deployment`. Example: `east/embed`.
    pub embeddings: String,
    /// Maximum distance between two prompts: 0 to 1, lower is stricter. Example: 0.05.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub score_threshold: f64,
    /// How long a response is cached. Example: `5m`.
    #[schemars(with = "form::Duration")]
    pub duration: String,
    /// Properties that separate cached responses.
    #[schemars(length(min = 1))]
    pub vary_by: Vec<VaryBy>,
    /// True if system messages are excluded from the comparison. Default: true.
    pub ignore_system_messages: Option<bool>,
}

/// A property that separates cached responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum VaryBy {
    /// The tenant.
    Tenant,
    /// The requested model.
    Model,
    /// The subscription.
    Subscription,
}

/// Token limit, for gateways without tenancy.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TokenLimit {
    /// Tokens per minute. Example: 50000.
    #[schemars(range(min = 1))]
    pub tokens_per_minute: u64,
    /// Property that tokens are counted by. Default: `subscription`.
    pub by: Option<TokenLimitBy>,
    /// True if a prompt that exceeds the limit is rejected before it is sent to the model. Default: true.
    pub estimate_prompt_tokens: Option<bool>,
}

/// Property that tokens are counted by.
pub type TokenLimitBy = LimitBy;

/// Custom policies, by section.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Include {
    /// Custom policies of the inbound section.
    pub inbound: Option<IncludeAt>,
    /// Custom policies of the outbound section.
    pub outbound: Option<IncludeAt>,
}

/// Position of custom policies in a section.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IncludeAt {
    /// Files that are included before the generated policies.
    #[serde(default)]
    pub first: Vec<IncludedFile>,
    /// Files that are included after the generated policies.
    #[serde(default)]
    pub last: Vec<IncludedFile>,
}

/// A file with policy elements.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IncludedFile {
    /// Path of the file, relative to the gateway file. Example: `policies/log.xml`.
    #[schemars(with = "form::File")]
    pub file: String,
}
