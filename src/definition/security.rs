//! The credentials that a document requires of callers, by the place of the request that holds them.

use std::collections::BTreeSet;

use serde_json::Value;

/// A place of a request that holds a credential.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SentIn {
    /// A header, by its name in lower case.
    Header(String),
    /// A query parameter.
    Query(String),
    /// A cookie.
    Cookie(String),
}

/// The places of all schemes that the requirements at the root name. A scheme without a usable declaration counts as `Authorization`,
/// where most schemes send their credential.
pub(super) fn credentials(root: &Value) -> BTreeSet<SentIn> {
    let requirements = root.get("security").and_then(Value::as_array).into_iter().flatten();
    let names = requirements.filter_map(Value::as_object).flat_map(|one| one.keys());
    let schemes = root.pointer("/components/securitySchemes").or(root.get("securityDefinitions"));
    names.map(|name| schemes.and_then(|all| all.get(name)).and_then(api_key).unwrap_or_else(authorization)).collect()
}

fn authorization() -> SentIn {
    SentIn::Header("authorization".to_owned())
}

/// The place of an API key; `None`: it is another scheme.
fn api_key(scheme: &Value) -> Option<SentIn> {
    let text = |key| scheme.get(key).and_then(Value::as_str);
    let name = text("name").filter(|_| text("type") == Some("apiKey"))?;
    Some(match text("in")? {
        "header" => SentIn::Header(name.to_ascii_lowercase()),
        "query" => SentIn::Query(name.to_owned()),
        "cookie" => SentIn::Cookie(name.to_owned()),
        _ => return None,
    })
}
