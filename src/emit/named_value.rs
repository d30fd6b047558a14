//! Named values and the credentials made of them, as both targets write them.

use super::value::{Expression, Part, Value};
use crate::plan::BackendCredential;

/// The value of a named value.
pub(super) enum Content {
    /// A value that is not secret.
    Plain(Value),
    /// A secret of a vault, read as the identity with this client id, else as the service itself.
    Secret { id: Value, client: Option<Value> },
}

/// A value that is not secret.
pub(super) fn plain(value: Expression) -> Content {
    Content::Plain(Value::Reference(value))
}

/// A secret of a vault. Without a version in its id, or rotation would go unnoticed (reference arm-and-terraform §1.7).
pub(super) fn secret(vault: Expression, name: &str, client: Option<Expression>) -> Content {
    let id = vec![Part::Reference(vault), Part::Text(format!("secrets/{name}"))];
    Content::Secret { id: Value::Interpolated(id), client: client.map(Value::Reference) }
}

/// The credential of a backend: a header that refers to a named value.
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
