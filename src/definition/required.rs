//! Parts that OpenAPI requires of operations and responses, and that documents often lack. They are added, since they change nothing.

use serde_json::{Map, Value, json};

use super::Findings;
use super::operations::METHODS;
use crate::diag::Code;
use crate::source::YamlPath;

/// Adds `responses` to operations and a `description` to responses, and reports it.
pub(super) fn mend(root: &mut Value, findings: &mut Findings<'_>) {
    // OpenAPI 3.1 requires no responses.
    let is_31 = root.get("openapi").and_then(Value::as_str).is_some_and(|version| version.starts_with("3.1"));
    let mut found = Vec::new();
    if let Some(Value::Object(paths)) = root.get_mut("paths") {
        for (path, item) in paths {
            for method in METHODS {
                let Some(Value::Object(operation)) = item.get_mut(method) else { continue };
                let at = YamlPath::root().key("paths").key(path).key(method);
                let name = format!("{} {path}", method.to_uppercase());
                match operation.get_mut("responses") {
                    Some(Value::Object(responses)) if !responses.is_empty() => {
                        describe(responses, &at.key("responses"), &format!("of `{name}` "), &mut found);
                    }
                    Some(Value::Object(_) | Value::Null) | None if !is_31 => {
                        operation.insert("responses".to_owned(), json!({ "default": { "description": UNDESCRIBED } }));
                        found.push((at, format!("`{name}` has no `responses`")));
                    }
                    _ => {}
                }
            }
        }
    }
    for section in [&["components", "responses"][..], &["responses"]] {
        let shared = section.iter().try_fold(&mut *root, |value, key| value.get_mut(*key));
        if let Some(Value::Object(responses)) = shared {
            let at = section.iter().fold(YamlPath::root(), |path, key| path.key(*key));
            describe(responses, &at, "", &mut found);
        }
    }
    let findings_of = found.into_iter().map(|(at, says)| {
        findings
            .key(Code::RequiredParts, at)
            .says(says)
            .because("OpenAPI requires it, and a document without it may be refused: Gatewright adds an empty one")
            .help("add it to the document, for readers of the API")
    });
    let all = findings_of.collect();
    findings.push_few(all, "part");
}

const UNDESCRIBED: &str = "Not described.";

fn describe(responses: &mut Map<String, Value>, at: &YamlPath, whose: &str, found: &mut Vec<(YamlPath, String)>) {
    for (status, response) in responses {
        let Value::Object(response) = response else { continue };
        if status.starts_with("x-") || response.contains_key("$ref") || response.contains_key("description") {
            continue;
        }
        response.insert("description".to_owned(), UNDESCRIBED.into());
        found.push((at.key(status), format!("the response {status} {whose}has no `description`")));
    }
}
