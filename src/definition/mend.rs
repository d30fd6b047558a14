//! Parts that the specification requires and documents often lack: the responses of an operation, and the description of a response.
//! The service refuses a document without them.

use serde_json::{Map, Value, json};

use super::operations::METHODS;
use super::refs::Keys;
use super::{Findings, Notation};
use crate::diag::{Code, Diagnostic, closest};
use crate::source::YamlPath;

/// Adds the missing parts, and reports that. In OpenAPI 3.1 `responses` is optional.
pub(super) fn required(root: &mut Value, notation: Notation, findings: &mut Findings<'_>) {
    let version = root.get("openapi").and_then(Value::as_str).unwrap_or_default();
    let is_optional = version.starts_with("3.1");
    let (mut operations, mut responses) = (Vec::new(), Vec::new());
    let paths = root.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            let Some(Value::Object(operation)) = item.get_mut(method) else { continue };
            let at = YamlPath::root().key("paths").key(path).key(method);
            let request = format!("{} {path}", method.to_uppercase());
            let all = operation.get_mut("responses").and_then(Value::as_object_mut);
            match all.filter(|all| !all.is_empty()) {
                Some(all) => {
                    describe_all(all, &at.key("responses"), &format!("of `{request}`"), findings, &mut responses);
                }
                None if is_optional => {}
                None => {
                    operations.push(without_responses(operation, &request, at, findings));
                    operation
                        .insert("responses".to_owned(), json!({ "default": { "description": described("default") } }));
                }
            }
        }
    }
    let section: &[&str] = match notation {
        Notation::OpenApi3 => &["components", "responses"],
        Notation::Swagger2 => &["responses"],
    };
    let shared = section.iter().try_fold(&mut *root, |value, key| value.get_mut(*key));
    if let Some(Value::Object(all)) = shared {
        describe_all(all, &YamlPath::of(section), "that operations share", findings, &mut responses);
    }
    // Documents usually lack the same part everywhere, so the first one is reported for all.
    findings.push_first(operations, 1, "operation");
    findings.push_first(responses, 1, "response");
}

fn without_responses(
    operation: &Map<String, Value>,
    request: &str,
    at: YamlPath,
    findings: &Findings<'_>,
) -> Diagnostic {
    let is_free = |key: &&str| {
        !operation[*key].is_null() && *key != "responses" && Keys::Words.below(key, &operation[*key]).is_some()
    };
    let near = closest("responses", operation.keys().map(String::as_str).filter(is_free));
    findings
        .key(Code::RequiredPart, at)
        .says(format!("`{request}` has no `responses`"))
        .because("OpenAPI requires at least one; Gatewright adds `default`, which any response matches")
        .help(match near {
            Some(near) => format!("did you mean `responses` instead of `{near}`?"),
            None => "list the responses in the document".to_owned(),
        })
}

/// Describes the responses without a description.
fn describe_all(
    responses: &mut Map<String, Value>,
    at: &YamlPath,
    of: &str,
    findings: &Findings<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let all = responses.iter_mut().filter(|(status, _)| !status.starts_with("x-"));
    for (status, response) in all {
        let Value::Object(response) = response else { continue };
        if response.contains_key("$ref") || response.get("description").is_some_and(Value::is_string) {
            continue;
        }
        found.push(
            findings
                .key(Code::RequiredPart, at.key(status))
                .says(format!("the response `{status}` {of} has no `description`"))
                .because("OpenAPI requires it as a string, so Gatewright adds one")
                .help("describe the response in the document"),
        );
        response.insert("description".to_owned(), described(status).into());
    }
}

fn described(status: &str) -> String {
    match status {
        "default" => "Any response".to_owned(),
        status => format!("Response {status}"),
    }
}
