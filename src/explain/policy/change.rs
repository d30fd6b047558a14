//! Policies that change the request or the response, its destination, or its credentials.

use super::{Reader, Step, Walk};
use crate::explain::words::{and, code, identity};

pub(super) fn step(walk: &mut Walk<'_>, name: &str, reader: &mut Reader<'_>) -> Option<Step> {
    let text = match name {
        "set-variable" => {
            let value = reader.words("value").unwrap_or_default();
            let name = reader.words("name").unwrap_or_default();
            format!("sets the variable {name} to {value}")
        }
        "set-header" => set(reader, "the header"),
        "set-query-parameter" => set(reader, "the query parameter"),
        "set-body" => body(reader),
        "rewrite-uri" => {
            let template = reader.words("template").unwrap_or_default();
            let rest = if reader.is("copy-unmatched-params", "false") {
                "; other query parameters are dropped"
            } else {
                reader.is("copy-unmatched-params", "true");
                ""
            };
            format!("rewrites the path after the backend's URL to {template}{rest}")
        }
        "set-backend-service" => backend(walk, reader),
        "authentication-managed-identity" => managed_identity(walk, reader),
        "authentication-basic" => {
            let user = reader.words("username").unwrap_or_default();
            reader.take("password");
            format!("sends the backend the user name {user} and a password")
        }
        "authentication-certificate" => {
            let named = reader.words("certificate-id").or_else(|| reader.words("thumbprint"));
            reader.take("body");
            reader.take("password");
            let named = named.map_or(String::new(), |named| format!(" {named}"));
            format!("presents the client certificate{named} to the backend")
        }
        _ => return None,
    };
    Some(text.into())
}

/// Reference apim-policies §2.10.
fn set(reader: &mut Reader<'_>, what: &str) -> String {
    let name = reader.words("name").unwrap_or_default();
    let action = reader.plain("exists-action").unwrap_or_else(|| "override".to_owned());
    let values = and(&reader.texts("value"));
    match action.as_str() {
        "delete" => format!("removes {what} {name}"),
        "override" => format!("sets {what} {name} to {values}"),
        "skip" => format!("sets {what} {name} to {values}, unless it exists"),
        "append" => format!("adds {values} to {what} {name}"),
        other => format!("sets {what} {name} to {values}; if it exists: {other}"),
    }
}

fn body(reader: &mut Reader<'_>) -> String {
    let by = if reader.is("template", "liquid") {
        "the result of this Liquid template"
    } else {
        reader.is("template", "none");
        "this"
    };
    match reader.body() {
        Some(body) if by == "this" => format!("sets the body to {body}"),
        Some(body) => format!("sets the body to {by}: {body}"),
        None => "removes the body".to_owned(),
    }
}

fn backend(walk: &Walk<'_>, reader: &mut Reader<'_>) -> String {
    if let Some(resource) = reader.literal("backend-id") {
        return format!("selects the {}", walk.target(resource));
    }
    let to = reader.words("backend-id").or_else(|| reader.words("base-url"));
    format!("selects the backend {}", to.unwrap_or_default())
}

/// Reference apim-policies §2.2.
fn managed_identity(walk: &Walk<'_>, reader: &mut Reader<'_>) -> String {
    let audience = reader.words("resource").unwrap_or_default();
    let identity = match reader.words("client-id") {
        None => "the system-assigned identity of the service".to_owned(),
        Some(client) if walk.plan.identity.is_some() => {
            format!("{} (its client id is {client})", identity(walk.plan))
        }
        Some(client) => format!("the identity whose client id is {client}"),
    };
    let failure = if reader.is("ignore-error", "true") {
        "; continues without one on failure"
    } else {
        reader.is("ignore-error", "false");
        ""
    };
    match reader.words("output-token-variable-name") {
        Some(variable) => {
            format!("stores a token of {identity}, audience {audience}, in the variable {variable}{failure}")
        }
        None => format!("puts a token of {identity} into {}, audience {audience}{failure}", code("Authorization")),
    }
}
