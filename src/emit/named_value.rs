//! Named values and the credentials made of them, as both targets write them.

use super::value::{Expression, Field, Part, Value};
use crate::plan::BackendCredential;

/// A value that anybody may see.
pub(super) fn plain(value: Expression) -> Vec<Field> {
    vec![("value".to_owned(), Value::Reference(value)), ("secret".to_owned(), Value::Flag(false))]
}

/// A secret of a vault. Without a version in its id, or rotation would go unnoticed (reference arm-and-terraform §1.7).
pub(super) fn secret(vault: Expression, name: &str, client: Option<Expression>) -> Vec<Field> {
    let id = vec![Part::Reference(vault), Part::Text(format!("secrets/{name}"))];
    let id = ("secretIdentifier", Value::Interpolated(id));
    let client = client.map(|client| ("identityClientId", Value::Reference(client)));
    vec![
        ("keyVault".to_owned(), Value::object([id].into_iter().chain(client))),
        ("secret".to_owned(), Value::Flag(true)),
    ]
}

/// What a backend is shown: a header that names a named value.
pub(super) fn credentials(credential: &BackendCredential, named_value: Expression) -> Value {
    let mut value = String::new();
    if let Some(scheme) = &credential.scheme {
        value = format!("{scheme} ");
    }
    value.push_str("{{");
    let value = Value::Interpolated(vec![Part::Text(value), Part::Reference(named_value), Part::Text("}}".to_owned())]);
    let header = Value::object([(credential.header.as_str(), Value::List(vec![value]))]);
    Value::object([("header", header)])
}
