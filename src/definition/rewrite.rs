//! Changes to a document before it is written: servers, required API versions, ids, and strings that YAML turned into numbers.

use serde_json::{Map, Value};

use super::operations::METHODS;
use super::refs::Keys;
use super::{Operation, OperationId};

/// The path of the first server, without a trailing slash; `None` if it has no server or no path.
pub(super) fn server_path(root: &Value) -> Option<String> {
    let path = match root.get("basePath") {
        Some(path) if root.get("swagger").is_some() => path.as_str()?.to_owned(),
        _ => {
            let server = root.get("servers")?.get(0)?;
            let url = filled(server.get("url")?.as_str()?, server.get("variables"));
            match url.split_once("://") {
                Some((_, rest)) => rest.find('/').map(|slash| rest[slash..].to_owned())?,
                None if url.starts_with('/') => url,
                None => return None,
            }
        }
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_end_matches('/');
    (!path.is_empty()).then(|| path.to_owned())
}

/// A URL with the defaults of its variables. In a single pass, because a default may look like a variable.
fn filled(url: &str, variables: Option<&Value>) -> String {
    let mut text = String::new();
    let mut rest = url;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, inside)| Some((before, inside.split_once('}')?)))
    {
        let variable = variables.and_then(|variables| variables.get(name));
        let default = variable.and_then(|variable| variable.get("default")?.as_str());
        text.push_str(before);
        match default {
            Some(default) => text.push_str(default),
            None => text.extend(["{", name, "}"]),
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

/// Makes all changes.
pub(super) fn apply(root: &mut Value, operations: &[Operation]) {
    let Value::Object(root) = root else { return };
    for key in ["servers", "host", "basePath", "schemes"] {
        root.shift_remove(key);
    }
    in_words(root, "swagger");
    if let Some(Value::Object(info)) = root.get_mut("info") {
        in_words(info, "title");
        in_words(info, "version");
    }

    if let Some(Value::Object(paths)) = root.get_mut("paths") {
        for item in paths.values_mut().filter_map(Value::as_object_mut) {
            // The service ignores it; its id may belong to an operation that remains.
            item.shift_remove("trace");
            strip(item);
            for method in METHODS {
                if let Some(Value::Object(operation)) = item.get_mut(method) {
                    strip(operation);
                }
            }
        }
        for operation in operations {
            let place =
                paths.get_mut(&operation.path).and_then(|item| item.get_mut(&operation.method)?.as_object_mut());
            if let Some(place) = place {
                place.insert("operationId".to_owned(), operation.id.as_str().into());
            }
        }
    }
    let swagger = root.get_mut("parameters").and_then(Value::as_object_mut);
    swagger.into_iter().for_each(loosen_all);
    let shared = root.get_mut("components").and_then(|components| components.get_mut("parameters")?.as_object_mut());
    shared.into_iter().for_each(loosen_all);

    for (key, value) in root.iter_mut() {
        if let Some(keys) = Keys::Words.below(key, value) {
            links(key, value, keys);
        }
    }
}

/// A number where the specification requires a string: `version: 1.0` without quotes in YAML.
fn in_words(map: &mut Map<String, Value>, key: &str) {
    if let Some(value) = map.get_mut(key)
        && value.is_number()
    {
        *value = value.to_string().into();
    }
}

/// Removes servers from a path item or an operation, and makes its `api-version` optional.
fn strip(holder: &mut Map<String, Value>) {
    for key in ["servers", "x-servers", "schemes"] {
        holder.shift_remove(key);
    }
    if let Some(Value::Array(parameters)) = holder.get_mut("parameters") {
        parameters.iter_mut().for_each(loosen);
    }
}

fn loosen_all(parameters: &mut Map<String, Value>) {
    parameters.values_mut().for_each(loosen);
}

/// Makes a parameter optional if it is the query parameter `api-version`: policies of model APIs add it if callers do not, and a
/// REST backend reports a missing parameter itself.
fn loosen(parameter: &mut Value) {
    let is = |parameter: &Value, key, text: &str| {
        let value = parameter.get(key).and_then(Value::as_str);
        value.is_some_and(|value| value.eq_ignore_ascii_case(text))
    };
    if is(parameter, "in", "path")
        && let Value::Object(parameter) = &mut *parameter
    {
        // The specification requires this, and documents often lack it.
        parameter.insert("required".to_owned(), true.into());
    }
    if is(parameter, "name", "api-version")
        && is(parameter, "in", "query")
        && let Value::Object(parameter) = parameter
    {
        parameter.shift_remove("required");
    }
}

/// Links refer to operations by their ids, which have changed.
fn links(key: &str, value: &mut Value, keys: Keys) {
    match value {
        Value::Object(map) => {
            for (name, child) in map.iter_mut() {
                if key == "links"
                    && keys == Keys::Names
                    && let Some(Value::String(id)) = child.get_mut("operationId")
                    && let Ok(new) = OperationId::parse(id)
                {
                    *id = new.as_str().to_owned();
                }
                if let Some(keys) = keys.below(name, child) {
                    links(name, child, keys);
                }
            }
        }
        Value::Array(list) => {
            for child in list {
                links("", child, Keys::Words);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::server_path;

    #[test]
    fn the_path_of_the_first_server() {
        let servers = |url: &str| json!({"servers": [{"url": url}, {"url": "https://b/second"}]});
        let table: [(Value, Option<&str>); 11] = [
            (servers("https://a.com/v1"), Some("/v1")),
            (servers("https://a.com/v1/"), Some("/v1")),
            (servers("https://a.com"), None),
            (servers("/api/v3"), Some("/api/v3")),
            (servers("/"), None),
            (servers("v1"), None),
            (json!({"servers": []}), None),
            (json!({"servers": "x"}), None),
            (
                json!({"servers": [{"url": "{endpoint}/x", "variables": {"endpoint": {"default": "https://a/b"}}}]}),
                Some("/b/x"),
            ),
            (json!({"swagger": "2.0", "host": "a", "basePath": "/v2"}), Some("/v2")),
            (json!({"swagger": "2.0", "host": "a", "basePath": "/"}), None),
        ];
        for (root, path) in table {
            assert_eq!(server_path(&root).as_deref(), path, "{root}");
        }
    }
}
