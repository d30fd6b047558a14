//! Requests that a backend sends to its callers: webhooks and callbacks. They do not pass the gateway, and are no operations.

use serde_json::Value;

use super::operations::METHODS;
use super::{Findings, more_of};
use crate::diag::{Code, Diagnostic};
use crate::source::YamlPath;

/// Takes them out. What there is to say about that is said once.
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
            .says(format!("{what} are left out of the API{more}"))
            .because("the backend sends these requests itself, past the gateway")
            .help("nothing has to be done, unless they are to pass a gateway: then describe an API that receives them"),
    )
}
