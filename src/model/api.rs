//! The `apis` key.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::form;

/// Something that callers use.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Api {
    /// Name that people see. Default: the name of the API. Example: `Azure OpenAI`.
    #[schemars(with = "Option<form::DisplayName>")]
    pub display_name: Option<String>,
    /// Path below the gateway's URL. Example: `openai`.
    #[schemars(with = "form::Path")]
    pub path: String,
    /// Shape of the API. Default: by the kind of the target: `azureOpenAI` for azureOpenAI, `foundryModels` for foundry, `rest` for http.
    pub surface: Option<Surface>,
    /// Where all requests go: a `backend`, or `backend/deployment`. Either this or `models`. Example: `east/gpt-4o`.
    pub target: Option<String>,
    /// Models that callers may ask for, and where each goes: a pool, a backend or `backend/deployment`. Either this or `target`.
    #[schemars(with = "Option<form::Keyed<form::ModelName, String>>")]
    pub models: Option<BTreeMap<String, String>>,
    /// Operations of the API. Default: `builtin` for model surfaces; `rest` needs a file or `passThrough`.
    pub definition: Option<Definition>,
    /// Who may call. All that is named must hold.
    pub auth: Option<ApiAuth>,
    /// How long to wait for the first byte of the backend's answer, in whole seconds; more than 240 s may not be honoured.
    /// Default: `120s` for models, `30s` for rest.
    #[schemars(with = "Option<form::Duration>")]
    pub timeout: Option<String>,
    /// Whether answers are passed on piece by piece, as they come. Default: true for model surfaces, false for rest.
    pub streaming: Option<Streaming>,
    /// Limit on requests.
    pub rate_limit: Option<RateLimit>,
    /// Addresses that may call.
    pub ip_filter: Option<IpFilter>,
    /// Web pages that may call.
    pub cors: Option<Cors>,
    /// Checks of prompts by Azure AI Content Safety.
    pub content_safety: Option<ContentSafety>,
    /// Answers from a cache for prompts that mean the same. Needs an external cache in the service.
    pub semantic_cache: Option<Caching>,
    /// Limit on tokens, where there is no tenancy.
    pub token_limit: Option<TokenLimit>,
    /// Policy text of your own at named places.
    pub include: Option<Include>,
    /// Keys for this API alone, by name: each is a subscription of the service. Not for an API of a plan: such a key has no plan.
    #[serde(default)]
    #[schemars(with = "Vec<form::Name>", extend("uniqueItems" = true))]
    pub subscriptions: Vec<String>,
}

/// Shape of an API.
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
    /// One that Gatewright brings, or none.
    Named(NamedDefinition),
    /// A file beside this one.
    File(DefinitionFile),
    /// A document that the service fetches.
    Link(DefinitionLink),
}

/// A definition without a document of your own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum NamedDefinition {
    /// The small document that Gatewright brings for the surface.
    Builtin,
    /// Any path and method below the API's path, also those that the backend learns later. Models stay those that are listed.
    PassThrough,
}

/// An OpenAPI 3.0, OpenAPI 3.1 or Swagger 2.0 document, JSON or YAML.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DefinitionFile {
    /// The file, relative to this one. Example: `specs/weather.yaml`.
    #[schemars(with = "form::File")]
    pub file: String,
    /// The operations that the API has of the document: each by its `operationId`, or as `GET /path`. What no operation needs is left
    /// out. Default: all. Example: `[getForecast, GET /places]`.
    #[schemars(with = "Option<Vec<form::OperationRef>>", length(min = 1), extend("uniqueItems" = true))]
    pub operations: Option<Vec<String>>,
}

/// An OpenAPI document that the service fetches when it is deployed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DefinitionLink {
    /// URL of the document, which the service can reach without credentials. Example: `https://weather.contoso.com/openapi.json`.
    #[schemars(with = "form::Url")]
    pub link: String,
    /// Its notation. Default: `openApiJson` if the URL ends in `.json`, `openApiYaml` if it ends in `.yaml` or `.yml`.
    pub format: Option<LinkFormat>,
}

/// Notation of a document behind a link.
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

/// Who may call an API.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ApiAuth {
    /// Whether callers need a subscription key. Default: `required`.
    pub subscription_key: Option<KeyRequirement>,
    /// Header of the key. Default: `api-key` for the surfaces azureOpenAI, openAI and foundryModels, `x-api-key` for anthropic, `Ocp-Apim-Subscription-Key` for rest.
    #[schemars(with = "Option<form::Header>")]
    pub key_header: Option<String>,
    /// Tokens of Entra ID.
    pub entra: Option<Entra>,
}

/// Whether callers need a subscription key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum KeyRequirement {
    /// They do.
    Required,
    /// They do not.
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
    /// Whether they are.
    Flag(bool),
    /// They are, with options.
    Options(StreamingOptions),
}

/// Options of streaming.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StreamingOptions {
    /// Whether a streamed chat ends with one more event that has the usage. Default: false: it changes what clients see.
    pub include_usage: Option<bool>,
}

/// Limit on requests.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RateLimit {
    /// Requests that are let through.
    #[schemars(range(min = 1))]
    pub calls: u32,
    /// Time in which they are counted, 300 s at most.
    #[schemars(with = "form::Duration")]
    pub per: String,
    /// Whose requests are counted together. Default: `subscription`.
    pub by: Option<LimitBy>,
}

/// Whose requests are counted together.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum LimitBy {
    /// One of the plain ways.
    Plain(PlainLimitBy),
    /// Those with one value of a claim.
    Claim(ClaimKey),
    /// Those with one value of a header.
    Header(HeaderKey),
}

/// Ways that need no settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum PlainLimitBy {
    /// Those with one key.
    Subscription,
    /// Those from one address.
    Ip,
}

/// A claim of the caller's token.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ClaimKey {
    /// Name of the claim. `azp`, the application, is found in tokens of both versions. Example: `azp`.
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
    /// Value that stands for requests without it. Default: `anonymous`.
    pub default: Option<String>,
}

/// Addresses that may call.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IpFilter {
    /// Addresses and ranges. What counts is the address that reaches the service: of a proxy in front of it, its own. Example: `[203.0.113.0/24]`.
    #[schemars(with = "Vec<form::Cidr>", length(min = 1))]
    pub allow: Vec<String>,
}

/// Web pages that may call.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Cors {
    /// Origins of the pages, or `*` for all. Example: `[https://chat.contoso.com]`.
    #[schemars(length(min = 1))]
    pub origins: Vec<String>,
    /// Headers that they may send beside `Content-Type`, the key's and that of a token, or `*` for all. Default: none.
    #[serde(default)]
    #[schemars(with = "Vec<form::Header>", extend("uniqueItems" = true))]
    pub headers: Vec<String>,
}

/// Checks of prompts by Azure AI Content Safety.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ContentSafety {
    /// A backend of kind contentSafety.
    #[schemars(with = "form::Name")]
    pub backend: String,
    /// Whether prompts are checked for attacks. Default: false.
    pub shield_prompt: Option<bool>,
    /// Severity from which a category is refused: 0 to 7.
    pub categories: Option<Categories>,
    /// What happens while Content Safety does not answer. Default: `refuse`.
    pub when_down: Option<WhenDown>,
}

/// Severity from which a category is refused.
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

/// What happens while a service that checks requests does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum WhenDown {
    /// Requests are refused.
    Refuse,
    /// Requests go through unchecked.
    Allow,
}

/// Answers from a cache for prompts that mean the same.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Caching {
    /// Deployment that makes embeddings: `backend/deployment`. Example: `east/embed`.
    pub embeddings: String,
    /// How far apart two prompts may be: 0 to 1, lower is stricter. Example: 0.05.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub score_threshold: f64,
    /// How long an answer is kept.
    #[schemars(with = "form::Duration")]
    pub duration: String,
    /// What keeps answers apart.
    #[schemars(length(min = 1))]
    pub vary_by: Vec<VaryBy>,
    /// Whether system messages are left out of the comparison. Default: true.
    pub ignore_system_messages: Option<bool>,
}

/// What keeps cached answers apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum VaryBy {
    /// Who calls.
    Tenant,
    /// The model that is asked for.
    Model,
    /// The key that is used.
    Subscription,
}

/// Limit on tokens, where there is no tenancy.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TokenLimit {
    /// Tokens a minute.
    #[schemars(range(min = 1))]
    pub tokens_per_minute: u64,
    /// Whose tokens are counted together. Default: `subscription`.
    pub by: Option<TokenLimitBy>,
    /// Whether a prompt that is too long is refused before the model sees it. Default: true.
    pub estimate_prompt_tokens: Option<bool>,
}

/// Whose tokens are counted together.
pub type TokenLimitBy = LimitBy;

/// Policy text of your own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Include {
    /// In the inbound section.
    pub inbound: Option<IncludeAt>,
    /// In the outbound section.
    pub outbound: Option<IncludeAt>,
}

/// Where in a section the text goes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IncludeAt {
    /// Before what Gatewright writes.
    #[serde(default)]
    pub first: Vec<IncludedFile>,
    /// After what Gatewright writes.
    #[serde(default)]
    pub last: Vec<IncludedFile>,
}

/// A file with policy elements.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IncludedFile {
    /// The file, relative to this one.
    #[schemars(with = "form::File")]
    pub file: String,
}
