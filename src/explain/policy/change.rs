//! Policies that change the request or the answer, say where it goes, and with which credentials.

use super::{Reader, Step, Walk};
use crate::explain::words::{and, code, identity};

pub(super) fn step(walk: &mut Walk<'_>, name: &str, reader: &mut Reader<'_>) -> Option<Step> {
    let text = match name {
        "set-variable" => {
            let value = reader.words("value").unwrap_or_default();
            let name = reader.words("name").unwrap_or_default();
            format!("notes {value}, as the variable {name}")
        }
        "set-header" => set(reader, "the header"),
        "set-query-parameter" => set(reader, "the query parameter"),
        "set-body" => body(reader),
        "rewrite-uri" => {
            let template = reader.words("template").unwrap_or_default();
            let rest = if reader.is("copy-unmatched-params", "false") {
                "; other query parameters are left out"
            } else {
                reader.is("copy-unmatched-params", "true");
                ""
            };
            format!("makes the path behind the backend's URL {template}{rest}")
        }
        "set-backend-service" => backend(walk, reader),
        "authentication-managed-identity" => managed_identity(walk, reader),
        "authentication-basic" => {
            let user = reader.words("username").unwrap_or_default();
            reader.take("password");
            format!("shows the backend the user name {user} and a password")
        }
        "authentication-certificate" => {
            let named = reader.words("certificate-id").or_else(|| reader.words("thumbprint"));
            reader.take("body");
            reader.take("password");
            let named = named.map_or(String::new(), |named| format!(" {named}"));
            format!("shows the backend the client certificate{named}")
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
        "skip" => format!("sets {what} {name} to {values}, unless there is one"),
        "append" => format!("adds {values} to {what} {name}"),
        other => format!("sets {what} {name} to {values}; where there is one: {other}"),
    }
}

fn body(reader: &mut Reader<'_>) -> String {
    let by = if reader.is("template", "liquid") {
        "what this Liquid template makes of it"
    } else {
        reader.is("template", "none");
        "this"
    };
    match reader.body() {
        Some(body) if by == "this" => format!("makes the body {body}"),
        Some(body) => format!("makes the body {by}: {body}"),
        None => "empties the body".to_owned(),
    }
}

fn backend(walk: &Walk<'_>, reader: &mut Reader<'_>) -> String {
    if let Some(resource) = reader.literal("backend-id") {
        return format!("chooses the {}", walk.target(resource));
    }
    let to = reader.words("backend-id").or_else(|| reader.words("base-url"));
    format!("chooses the backend {}", to.unwrap_or_default())
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
        "; without one it goes on all the same"
    } else {
        reader.is("ignore-error", "false");
        ""
    };
    match reader.words("output-token-variable-name") {
        Some(variable) => {
            format!("notes a token of {identity}, made out to {audience}, as the variable {variable}{failure}")
        }
        None => format!("puts a token of {identity} into {}, made out to {audience}{failure}", code("Authorization")),
    }
}
