//! Surfaces: the protocols of APIs, and the requirements of each for its backends.

/// The protocol of an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Surface {
    /// Azure OpenAI: the deployment is in the path.
    AzureOpenAi,
    /// OpenAI v1: the model is in the body.
    OpenAi,
    /// Foundry Models: the model is in the body.
    FoundryModels,
    /// Anthropic Messages: the model is in the body.
    Anthropic,
    /// Any other HTTP API.
    Rest,
}

/// The part of a request that names the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelIn {
    /// In the path, after `/deployments/`.
    Path,
    /// In the JSON body, as `model`.
    Body,
    /// Nowhere.
    Nothing,
}

impl Surface {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::AzureOpenAi, Self::OpenAi, Self::FoundryModels, Self::Anthropic, Self::Rest];

    /// Its name in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::AzureOpenAi => "azureOpenAI",
            Self::OpenAi => "openAI",
            Self::FoundryModels => "foundryModels",
            Self::Anthropic => "anthropic",
            Self::Rest => "rest",
        }
    }

    /// Its display name.
    pub fn name(self) -> &'static str {
        match self {
            Self::AzureOpenAi => "Azure OpenAI",
            Self::OpenAi => "OpenAI v1",
            Self::FoundryModels => "Foundry Models",
            Self::Anthropic => "Anthropic Messages",
            Self::Rest => "REST API",
        }
    }

    /// True if it is a protocol for models.
    pub fn is_model(self) -> bool {
        self != Self::Rest
    }

    /// The part of a request that names the model.
    pub fn model_in(self) -> ModelIn {
        match self {
            Self::AzureOpenAi => ModelIn::Path,
            Self::OpenAi | Self::FoundryModels | Self::Anthropic => ModelIn::Body,
            Self::Rest => ModelIn::Nothing,
        }
    }

    /// The header in which its clients send a key, if they have one of their own.
    pub fn key_header(self) -> Option<&'static str> {
        match self {
            // OpenAI's own clients send `Authorization: Bearer`, in which API Management looks for no key (reference
            // apim-policies §4a). Azure's v1 API takes the older header too.
            Self::AzureOpenAi | Self::OpenAi | Self::FoundryModels => Some("api-key"),
            Self::Anthropic => Some("x-api-key"),
            Self::Rest => None,
        }
    }

    /// True if its own clients send a key as `Authorization: Bearer`, where API Management looks for one with `bearerKeys` alone (reference
    /// apim-policies §4a; `@anthropic-ai/sdk` does it from version 1 on).
    pub fn clients_send_bearer_keys(self) -> bool {
        match self {
            Self::OpenAi | Self::Anthropic => true,
            Self::AzureOpenAi | Self::FoundryModels | Self::Rest => false,
        }
    }

    /// Headers beside those of the key and the body that its own clients send, for which browsers ask leave first (as the JavaScript
    /// clients `openai` and `@anthropic-ai/sdk` send them).
    pub fn browser_headers(self) -> impl Iterator<Item = &'static str> {
        // Both are made by one generator.
        const GENERATED: [&str; 12] = [
            "X-Stainless-Helper-Method",
            "X-Stainless-Helper",
            "X-Stainless-Poll-Helper",
            "X-Stainless-Custom-Poll-Interval",
            "X-Stainless-Arch",
            "X-Stainless-Lang",
            "X-Stainless-OS",
            "X-Stainless-Package-Version",
            "X-Stainless-Retry-Count",
            "X-Stainless-Runtime",
            "X-Stainless-Runtime-Version",
            "X-Stainless-Timeout",
        ];
        const ANTHROPIC: [&str; 3] =
            ["Anthropic-Version", "Anthropic-Beta", "Anthropic-Dangerous-Direct-Browser-Access"];
        let (generated, own): (&[&str], &[&str]) = match self {
            Self::AzureOpenAi | Self::OpenAi => (&GENERATED, &[]),
            Self::Anthropic => (&GENERATED, &ANTHROPIC),
            Self::FoundryModels | Self::Rest => (&[], &[]),
        };
        generated.iter().chain(own).copied()
    }

    /// The version of its API for callers that name none, where it refuses requests without one.
    pub fn api_version(self) -> Option<&'static str> {
        match self {
            Self::AzureOpenAi => Some("2024-10-21"),
            Self::FoundryModels => Some("2024-05-01-preview"),
            Self::OpenAi | Self::Anthropic | Self::Rest => None,
        }
    }

    /// The first dated version that takes `stream_options`, if versions are dated (Azure OpenAI, "API version lifecycle").
    pub fn usage_since(self) -> Option<&'static str> {
        match self {
            Self::AzureOpenAi => Some("2024-09-01"),
            Self::OpenAi | Self::FoundryModels | Self::Anthropic | Self::Rest => None,
        }
    }

    /// True if a streamed response can end with its usage on request (reference apim-policies §4d).
    pub fn takes_usage(self) -> bool {
        match self {
            Self::AzureOpenAi | Self::OpenAi | Self::FoundryModels => true,
            Self::Anthropic | Self::Rest => false,
        }
    }

    /// The suffix of the names of its backends, so that one account can serve several surfaces.
    pub fn suffix(self) -> Option<&'static str> {
        match self {
            Self::OpenAi => Some("v1"),
            Self::FoundryModels => Some("models"),
            Self::Anthropic => Some("anthropic"),
            Self::AzureOpenAi | Self::Rest => None,
        }
    }
}

/// Methods that are not idempotent (RFC 9110 §9.2.2). To a REST API they are sent again only where
/// the first one was refused before it did anything.
pub const REPEATED: [&str; 2] = ["POST", "PATCH"];

/// The kinds of errors that clients distinguish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The request has no subscription key.
    NoKey,
    /// The path has a segment `.` or `..`.
    PathOutside,
    /// The request names no model.
    NoModel,
    /// The body is compressed, and names the model.
    Compressed,
    /// The path, which may be any, does not start with a deployment.
    NoDeployment,
    /// The model is not one of those that are served.
    UnknownModel,
    /// All members are unavailable; the status.
    Exhausted(u16),
    /// The connection broke, and nobody knows whether the request was carried out.
    OutcomeUnknown,
    /// The caller's token is valid, but lacks the required role.
    MissingRole,
}

impl Refusal {
    /// The status of the response.
    pub fn status(self) -> u16 {
        match self {
            Self::NoKey => 401,
            Self::NoModel | Self::PathOutside => 400,
            Self::Compressed => 415,
            Self::NoDeployment | Self::UnknownModel => 404,
            Self::Exhausted(status) => status,
            Self::OutcomeUnknown => 502,
            Self::MissingRole => 403,
        }
    }
}

impl Surface {
    /// The path below an API at which its clients ask for the list of models, where the body names the model.
    pub fn model_list(self) -> Option<&'static str> {
        match self {
            Self::OpenAi => Some("/models"),
            Self::Anthropic => Some("/v1/models"),
            Self::AzureOpenAi | Self::FoundryModels | Self::Rest => None,
        }
    }

    /// The list of these models, as its clients read it. No `}}`, which would look like the end of a named value.
    pub fn listed<'a>(self, models: impl Iterator<Item = &'a str>) -> String {
        let models: Vec<&str> = models.collect();
        let each = models.iter().map(|model| match self {
            Self::Anthropic => {
                format!(r#"{{"type": "model", "id": "{model}", "display_name": "{model}", "created_at": "1970-01-01T00:00:00Z"}}"#)
            }
            _ => format!(r#"{{"id": "{model}", "object": "model", "created": 0, "owned_by": "gateway"}}"#),
        });
        let each = each.collect::<Vec<_>>().join(", ");
        match (self, models.as_slice()) {
            (Self::Anthropic, [first, ..]) => {
                let last = models[models.len() - 1];
                format!(r#"{{"data": [{each}], "has_more": false, "first_id": "{first}", "last_id": "{last}"}}"#)
            }
            _ => format!(r#"{{"object": "list", "data": [{each}]}}"#),
        }
    }

    /// The word by which its clients know that a model is not there.
    pub fn unknown_model(self) -> &'static str {
        match self {
            // As the account itself words it.
            Self::AzureOpenAi => "DeploymentNotFound",
            Self::OpenAi => "model_not_found",
            Self::FoundryModels => "unknown_model",
            Self::Anthropic | Self::Rest => "not_found_error",
        }
    }

    /// The body of a refusal, as clients of the surface read errors. No `}}`, which would look like the end of a named value.
    pub fn error(self, refusal: Refusal) -> String {
        let status = refusal.status();
        let message = match (refusal, self) {
            (Refusal::NoKey, _) => "This API needs a subscription key.",
            (Refusal::PathOutside, _) => "The path must not contain the segments . and .. in any encoding.",
            (Refusal::NoDeployment, _) => "The path has to start with /deployments/ and the name of a deployment.",
            (Refusal::NoModel, _) => "The body has to be a JSON object that names a model.",
            (Refusal::Compressed, _) => "Send the body without Content-Encoding: the gateway reads the model in it.",
            (Refusal::UnknownModel, Self::AzureOpenAi) => "The gateway has no deployment of this name.",
            (Refusal::UnknownModel, _) => "The gateway has no model of this name.",
            (Refusal::Exhausted(_), Self::Rest) => "No backend can take the request now. Try again later.",
            (Refusal::Exhausted(_), _) => "No deployment of this model can take the request now. Try again later.",
            (Refusal::OutcomeUnknown, _) => {
                "The backend closed the connection. Whether it carried out the request is unknown: check before repeating it."
            }
            (Refusal::MissingRole, _) => "The token holds no role that may call this API.",
        };
        match self {
            Self::AzureOpenAi | Self::FoundryModels => {
                let code = match refusal {
                    Refusal::NoKey
                    | Refusal::PathOutside
                    | Refusal::NoModel
                    | Refusal::Compressed
                    | Refusal::NoDeployment
                    | Refusal::OutcomeUnknown
                    | Refusal::Exhausted(_) => status.to_string(),
                    Refusal::UnknownModel => self.unknown_model().to_owned(),
                    // As the account itself calls what a role is missing for.
                    Refusal::MissingRole => "PermissionDenied".to_owned(),
                };
                format!(r#"{{"error": {{"code": "{code}", "message": "{message}"}} }}"#)
            }
            Self::OpenAi => {
                let (kind, param, code) = match refusal {
                    Refusal::NoKey => ("invalid_request_error", "null", "invalid_api_key"),
                    Refusal::PathOutside => ("invalid_request_error", "null", "invalid_path"),
                    Refusal::Compressed => ("invalid_request_error", "null", "unsupported_encoding"),
                    Refusal::NoModel | Refusal::NoDeployment => {
                        ("invalid_request_error", r#""model""#, "model_required")
                    }
                    Refusal::UnknownModel => ("invalid_request_error", r#""model""#, self.unknown_model()),
                    Refusal::Exhausted(429) => ("rate_limit_error", "null", "rate_limit_exceeded"),
                    Refusal::OutcomeUnknown => ("server_error", "null", "outcome_unknown"),
                    Refusal::Exhausted(_) => ("server_error", "null", "unavailable"),
                    Refusal::MissingRole => ("invalid_request_error", "null", "insufficient_permissions"),
                };
                format!(
                    r#"{{"error": {{"message": "{message}", "type": "{kind}", "param": {param}, "code": "{code}"}} }}"#
                )
            }
            Self::Anthropic => {
                let kind = match refusal {
                    Refusal::NoKey => "authentication_error",
                    Refusal::NoModel | Refusal::NoDeployment | Refusal::PathOutside | Refusal::Compressed => {
                        "invalid_request_error"
                    }
                    Refusal::UnknownModel => self.unknown_model(),
                    Refusal::Exhausted(429) => "rate_limit_error",
                    Refusal::OutcomeUnknown => "api_error",
                    Refusal::Exhausted(_) => "overloaded_error",
                    Refusal::MissingRole => "permission_error",
                };
                format!(r#"{{"type": "error", "error": {{"type": "{kind}", "message": "{message}"}} }}"#)
            }
            // As API Management words its own.
            Self::Rest => format!(r#"{{"statusCode": {status}, "message": "{message}"}}"#),
        }
    }
}

/// The words that HTTP has for a status of a failure (RFC 9110 and 6585).
pub fn reason(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        408 => "Request Timeout",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        423 => "Locked",
        425 => "Too Early",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        status if status < 500 => "Client Error",
        _ => "Server Error",
    }
}
