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

/// A text that the service replaces by the value of a named value.
pub(super) fn reference(named_value: Expression) -> Value {
    referring(String::new(), named_value)
}

fn referring(before: String, named_value: Expression) -> Value {
    let parts = [Part::Text(before + "{{"), Part::Reference(named_value), Part::Text("}}".to_owned())];
    Value::Interpolated(parts.into())
}

/// The credential of a backend: a header that refers to a named value.
pub(super) fn credentials(credential: &BackendCredential, named_value: Expression) -> Value {
    let scheme = credential.scheme.as_ref().map_or(String::new(), |scheme| format!("{scheme} "));
    let value = referring(scheme, named_value);
    let header = Value::object([(credential.header.as_str(), Value::List(vec![value]))]);
    Value::object([("header", header)])
}
