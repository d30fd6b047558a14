//! The formats of strings in the language: names, durations, URLs. They exist in the schema only; in the model all are `String`.
//!
//! `x-form` describes a pattern in words: a name for the text and, after a colon, the rule. `shape` shows both if a text does
//! not match. `x-check` names the forms that `shape` also parses, to explain what is wrong: `url`, `publicUrl` and `path`.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

macro_rules! forms {
    ($( $(#[$doc:meta])* $name:ident { $pattern:literal, $min:literal..=$max:literal, $form:literal, [$($example:literal),*] $(, $check:literal)? } )*) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $name;

            impl JsonSchema for $name {
                fn inline_schema() -> bool {
                    true
                }

                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    json_schema!({
                        "type": "string",
                        "pattern": $pattern,
                        "minLength": $min,
                        "maxLength": $max,
                        "x-form": $form,
                        "examples": [$($example),*],
                        $("x-check": $check,)?
                    })
                }
            }
        )*
    };
}

forms! {
    /// The name of something in the file.
    Name { "^[a-z][a-z0-9-]*$", 1..=50, "a name: lower-case letters, digits and hyphens, starting with a letter", ["east", "first-team"] }
    /// The name of a model or of a deployment of one.
    ModelName { "^[A-Za-z0-9][A-Za-z0-9._-]*$", 1..=64, "a model name: letters, digits, `.`, `_` and `-`, starting with a letter or digit", ["gpt-4o"] }
    /// The name of a model as callers write it: hosts of open models put the publisher before it and the version behind.
    RequestedModel { "^[A-Za-z0-9][A-Za-z0-9._:/@+-]*$", 1..=128, "a model name: letters, digits, `.`, `_`, `-`, `/`, `:`, `@` and `+`, starting with a letter or digit", ["gpt-4o", "meta-llama/Llama-3.1-8B-Instruct"] }
    /// The name of an MCP tool.
    ToolName { "^[a-z][a-z0-9_-]*$", 1..=50, "a tool name: lower-case letters, digits, `_` and `-`, starting with a letter", ["get_forecast"] }
    /// A length of time.
    Duration { "^(0|[1-9][0-9]{0,5})(s|m|h)$", 2..=7, "a duration like `30s`, `5m` or `1h`", ["30s", "5m", "1h"] }
    /// A GUID, such as a subscription's or tenant's id.
    Guid { "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$", 36..=36, "a GUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12", ["00000000-0000-0000-0000-000000000000"] }
    /// The name of an API Management service (reference arm-and-terraform §1.2).
    ServiceName { "^[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$", 1..=50, "the name of an API Management service: letters, digits and hyphens, starting with a letter, not ending with a hyphen", ["apim-contoso"] }
    /// The name of a resource group (Azure Resource Manager, naming rules).
    ResourceGroup { r"^[A-Za-z0-9._()-]*[A-Za-z0-9_()-]$", 1..=90, "the name of a resource group: letters, digits, `.`, `_`, `-` and parentheses, not ending with `.`", ["rg-ai"] }
    /// The name of an Azure AI account (reference arm-and-terraform §2.1).
    AccountName { "^[A-Za-z0-9][A-Za-z0-9_.-]*$", 2..=64, "the name of an Azure AI account: letters, digits, `_`, `.` and `-`", ["aoai-contoso"] }
    /// The name of a key vault (Azure Resource Manager, naming rules).
    VaultName { "^[A-Za-z]([A-Za-z0-9]|-[A-Za-z0-9])*$", 3..=24, "the name of a key vault: letters, digits and single hyphens, starting with a letter, not ending with a hyphen", ["kv-contoso"] }
    /// The name of a secret in a key vault (Azure Key Vault, objects, identifiers and versioning).
    SecretName { "^[A-Za-z0-9-]+$", 1..=127, "the name of a secret: letters, digits and hyphens", ["mistral-key"] }
    /// The name of some other Azure resource.
    ResourceName { r"^[A-Za-z0-9_][A-Za-z0-9_.()-]*$", 1..=255, "the name of an Azure resource", ["appi-contoso"] }
    /// The prefix of each resource name that Gatewright creates in the service.
    Prefix { "^[a-z][a-z0-9-]*$", 1..=20, "a prefix: lower-case letters, digits and hyphens, starting with a letter", ["aigw-"] }
    /// A URL that callers use: https, no trailing slash.
    PublicUrl { r"^https://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?(/[A-Za-z0-9._~-]+)*$", 9..=400, "the URL of a gateway: `https://`, a host, and a path without a trailing slash", ["https://ai.contoso.com"], "publicUrl" }
    /// The URL of a backend: no user name, query or fragment, no trailing slash.
    Url { r"^https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?(/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)*$", 8..=2000, "the URL of a service: `https://`, a host, and a path without a trailing slash", ["https://weather.contoso.com/v1"], "url" }
    /// The path of an API below the gateway's URL (reference arm-and-terraform §1.4).
    Path { "^[A-Za-z0-9._~-]*[A-Za-z0-9_~-][A-Za-z0-9._~-]*(/[A-Za-z0-9._~-]*[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$", 1..=400, "the path of an API: letters, digits, `.`, `_`, `~` and `-`, with `/` between segments", ["openai", "team/weather"], "path" }
    /// The name of an HTTP header (RFC 9110, token).
    Header { "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", 1..=100, "the name of an HTTP header: letters, digits and `-`, no spaces or colons", ["api-key"] }
    /// The name of a cookie (RFC 6265, token).
    CookieName { "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", 1..=64, "the name of a cookie: letters, digits and `-`, no spaces", ["gateway-session"] }
    /// A display text.
    DisplayName { r"\S", 1..=300, "text with at least one visible character", ["Azure OpenAI"] }
    /// An operation of a document.
    OperationRef { r"\S", 1..=1100, "an `operationId`, or a method and a path like `GET /places`", ["getForecast"] }
    /// A file, relative to the YAML file.
    File { r"\S", 1..=1000, "the path of a file, relative to this file", ["specs/weather.yaml"] }
    /// One HTTP status, or a range of them as text.
    StatusRange { "^[1-5][0-9]{2}-[1-5][0-9]{2}$", 7..=7, "a range of HTTP statuses like `500-599`", ["500-599"] }
    /// An address or a range of addresses.
    Cidr { r"^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$", 2..=49, "an IP address, or a range of them like `203.0.113.0/24`", ["203.0.113.0/24"] }
    /// The audience of an Entra ID token. It is stored in a named value, which becomes part of a policy's text: so no character with a
    /// special meaning in XML is allowed.
    Audience { r#"^([A-Za-z][A-Za-z0-9+.-]*:[^\s\p{Cc}\p{Cf}\p{Cn}{}<>"'@&]+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$"#, 3..=400, "a token audience: the App ID URI or the client id of the application registration that callers request tokens for", ["api://ai"] }
    /// The value of an app role of Entra ID.
    Role { r"^\S+$", 1..=120, "the value of an app role, without whitespace", ["Models.Use"] }
    /// The name of a claim.
    Claim { r"^\S+$", 1..=200, "the name of a claim, without whitespace", ["azp"] }
    /// The name of a server in the MCP registry.
    ManifestName { r"^[A-Za-z0-9.-]+/[A-Za-z0-9._-]+$", 3..=200, "a name like `com.contoso/weather`", ["com.contoso/weather"] }
}

/// A map whose keys have a certain format.
#[derive(Debug)]
pub struct Keyed<K, V>(PhantomData<(K, V)>);

impl<K: JsonSchema, V: JsonSchema> JsonSchema for Keyed<K, V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{}By{}", V::schema_name(), K::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let names = generator.subschema_for::<K>();
        let values = generator.subschema_for::<V>();
        json_schema!({ "type": "object", "propertyNames": names, "additionalProperties": values })
    }
}
