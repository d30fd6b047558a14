//! Webhooks and callbacks: requests that a backend sends to its callers. They do not pass through the gateway and are not operations.

use serde_json::Value;

use super::operations::METHODS;
use super::{Findings, more_of};
use crate::diag::{Code, Diagnostic};
use crate::source::YamlPath;

/// Removes them, and reports that once.
pub(super) fn remove(root: &mut Value, findings: &Findings<'_>) -> Option<Diagnostic> {
    let Value::Object(map) = root else {
        return None;
    };
    let mut first: Option<(YamlPath, &str)> = None;
    let mut count = 0;
    if let Some(Value::Object(hooks)) = map.shift_remove("webhooks") {
        count += hooks.len();
        if !hooks.is_empty() {
            first = Some((YamlPath::root().key("webhooks"), "webhooks"));
        }
    }
    let paths = map.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            let operation = item.get_mut(method).and_then(Value::as_object_mut);
            let Some(callbacks) = operation.and_then(|one| one.shift_remove("callbacks")) else {
                continue;
            };
            count += callbacks.as_object().map_or(1, serde_json::Map::len);
            let at = || YamlPath::root().key("paths").key(path).key(method);
            first.get_or_insert_with(|| (at().key("callbacks"), "callbacks"));
        }
    }
    if let Some(Value::Object(components)) = map.get_mut("components") {
        components.shift_remove("callbacks");
    }
    let (at, what) = first?;
    let more = match count {
        1 => String::new(),
        count => format!(", {} in all", more_of(count, "request").replace(" more", "")),
    };
    Some(
        findings
            .key(Code::OutgoingRequests, at)
            .says(format!("{what} are not imported into the API{more}"))
            .because("the backend sends these requests itself, not through the gateway")
            .help("no action is needed, unless they should pass through a gateway: then define an API whose target is the receiver"),
    )
}
