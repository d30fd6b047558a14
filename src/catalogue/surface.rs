//! Surfaces: the shapes of APIs that callers know, and what each demands of whoever stands behind it.

/// The shape of an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Surface {
    /// Azure OpenAI: the deployment is in the path.
    AzureOpenAi,
    /// OpenAI v1: the model is in the body.
    OpenAi,
    /// Any other HTTP API.
    Rest,
}

/// Where a request says which model it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelIn {
    /// In the path, behind `/deployments/`.
    Path,
    /// In the JSON body, as `model`.
    Body,
    /// Nowhere.
    Nothing,
}

impl Surface {
    /// Its name in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::AzureOpenAi => "azureOpenAI",
            Self::OpenAi => "openAI",
            Self::Rest => "rest",
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::AzureOpenAi => "Azure OpenAI",
            Self::OpenAi => "OpenAI v1",
            Self::Rest => "REST API",
        }
    }

    /// Whether it is one of models.
    pub fn is_model(self) -> bool {
        self != Self::Rest
    }

    /// Where a request says which model it is for.
    pub fn model_in(self) -> ModelIn {
        match self {
            Self::AzureOpenAi => ModelIn::Path,
            Self::OpenAi => ModelIn::Body,
            Self::Rest => ModelIn::Nothing,
        }
    }

    /// The header in which its clients show a key, if they have one of their own.
    pub fn key_header(self) -> Option<&'static str> {
        match self {
            // OpenAI's own clients send `Authorization: Bearer`, in which API Management looks for no key (reference
            // apim-policies §4a). Azure's v1 API takes the older header too.
            Self::AzureOpenAi | Self::OpenAi => Some("api-key"),
            Self::Rest => None,
        }
    }

    /// The version of its API for callers that name none, where it refuses requests without one.
    pub fn api_version(self) -> Option<&'static str> {
        match self {
            Self::AzureOpenAi => Some("2024-10-21"),
            Self::OpenAi | Self::Rest => None,
        }
    }

    /// The first dated version that takes `stream_options`, if versions are dated (Azure OpenAI, "API version lifecycle").
    pub fn usage_since(self) -> Option<&'static str> {
        match self {
            Self::AzureOpenAi => Some("2024-09-01"),
            Self::OpenAi | Self::Rest => None,
        }
    }

    /// Whether a streamed answer can end with its usage when asked to (reference apim-policies §4d).
    pub fn takes_usage(self) -> bool {
        match self {
            Self::AzureOpenAi | Self::OpenAi => true,
            Self::Rest => false,
        }
    }

    /// What its backends have at the end of their names, so that one account can serve several surfaces.
    pub fn suffix(self) -> Option<&'static str> {
        match self {
            Self::OpenAi => Some("v1"),
            Self::AzureOpenAi | Self::Rest => None,
        }
    }
}

/// Methods that do their work once more when they are sent twice (RFC 9110 §9.2.2). To a REST API they are sent again only where
/// the first one was refused before it did anything.
pub const REPEATED: [&str; 2] = ["POST", "PATCH"];

/// What went wrong, as far as clients tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The request names no model.
    NoModel,
    /// The model is not one of those that are served.
    UnknownModel,
    /// Nobody is left who could answer, with this status.
    Exhausted(u16),
}

impl Refusal {
    /// The status of the answer.
    pub fn status(self) -> u16 {
        match self {
            Self::NoModel => 400,
            Self::UnknownModel => 404,
            Self::Exhausted(status) => status,
        }
    }
}

impl Surface {
    /// The body of a refusal, as clients of the surface read errors. No `}}`, which would look like the end of a named value.
    pub fn error(self, refusal: Refusal) -> String {
        let status = refusal.status();
        match self {
            Self::AzureOpenAi => {
                let (code, message) = match refusal {
                    Refusal::NoModel => ("400".to_owned(), "The path names no deployment."),
                    // As the account itself says it.
                    Refusal::UnknownModel => (
                        "DeploymentNotFound".to_owned(),
                        "The gateway has no deployment of this name.",
                    ),
                    Refusal::Exhausted(status) => (
                        status.to_string(),
                        "No deployment of this model can take the request now. Try again later.",
                    ),
                };
                format!(r#"{{"error": {{"code": "{code}", "message": "{message}"}} }}"#)
            }
            Self::OpenAi => {
                let (message, kind, param, code) = match refusal {
                    Refusal::NoModel => (
                        "The body has to be a JSON object that names a model.",
                        "invalid_request_error",
                        r#""model""#,
                        "model_required",
                    ),
                    Refusal::UnknownModel => (
                        "The gateway has no model of this name.",
                        "invalid_request_error",
                        r#""model""#,
                        "model_not_found",
                    ),
                    Refusal::Exhausted(429) => (
                        "No deployment of this model can take the request now. Try again later.",
                        "rate_limit_error",
                        "null",
                        "rate_limit_exceeded",
                    ),
                    Refusal::Exhausted(_) => (
                        "No deployment of this model can take the request now. Try again later.",
                        "server_error",
                        "null",
                        "unavailable",
                    ),
                };
                format!(
                    r#"{{"error": {{"message": "{message}", "type": "{kind}", "param": {param}, "code": "{code}"}} }}"#
                )
            }
            // As API Management says its own.
            Self::Rest => {
                let message = "No backend can take the request now. Try again later.";
                format!(r#"{{"statusCode": {status}, "message": "{message}"}}"#)
            }
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
