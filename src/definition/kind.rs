//! Recognition of a document: its format and version, or what it looks like instead.

use serde_json::Value;

use super::{Findings, Notation};
use crate::diag::{Code, Diagnostic};
use crate::source::YamlPath;

const EMPTY: &str = "empty";
const LFS: &str = "a Git LFS pointer";

/// The finding for a document that is not OpenAPI.
pub(super) fn foreign(other: &str, findings: &Findings) -> Diagnostic {
    let says = match other {
        EMPTY => "the document is empty".to_owned(),
        other => format!("the document is {other}, not OpenAPI"),
    };
    let help = match other {
        LFS => "fetch the file itself: `git lfs pull`",
        "an HTML page" => "use the OpenAPI document itself; a documentation page often links to it as `openapi.json`",
        _ => "an OpenAPI document starts with `openapi: 3.0.3` or similar, a Swagger document with `swagger: '2.0'`",
    };
    findings
        .whole(Code::NotADefinition)
        .says(says)
        .because("API Management imports the operations of an API from OpenAPI or Swagger documents")
        .help(help)
}

/// The kind of a text that is neither JSON nor YAML, recognised by its beginning.
pub(super) fn foreign_text(text: &str) -> Option<&'static str> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    // Enough for a licence comment before the first element.
    let head: String = text.chars().take(2000).collect::<String>().to_lowercase();
    let found = if text.is_empty() {
        return Some(EMPTY);
    } else if head.starts_with('<') {
        if head.contains("<html") || head.contains("<!doctype html") {
            "an HTML page"
        } else if head.contains("wsdl") {
            "a WSDL document"
        } else if head.contains("wadl") {
            "a WADL document"
        } else if head.contains("edmx") {
            "an OData document"
        } else {
            "XML"
        }
    } else if head.starts_with("version https://git-lfs") {
        LFS
    } else if head.starts_with("#%raml") {
        "RAML"
    } else if head.starts_with("format: 1a") {
        "an API Blueprint"
    } else if head.starts_with("syntax = \"proto") || head.starts_with("syntax=\"proto") {
        "a Protocol Buffers file"
    } else if head.starts_with("type query") || head.starts_with("schema {") {
        "a GraphQL schema"
    } else {
        return None;
    };
    Some(found)
}

/// The format, if the service supports it.
pub(super) fn format(root: &Value, findings: &mut Findings) -> Option<Notation> {
    let known = ["openapi", "swagger", "swaggerVersion"].into_iter().find_map(|key| Some((key, root.get(key)?)));
    let Some((key, version)) = known else {
        let other = foreign_tree(root);
        findings.push(foreign(other, findings));
        return None;
    };
    let text = match version {
        Value::String(text) => text.trim().to_owned(),
        // `swagger: 2.0` without quotes is a number in YAML.
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let patch = |line: &str| {
        text.strip_prefix(line).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|digit| digit.is_ascii_digit()))
    };
    match key {
        "swagger" if text == "2.0" => return Some(Notation::Swagger2),
        "openapi" if patch("3.0.") || patch("3.1.") => return Some(Notation::OpenApi3),
        _ => {}
    }
    let finding = findings
        .value(Code::DefinitionVersion, YamlPath::root().key(key))
        .because("API Management imports 2.0, 3.0.x and 3.1.x");
    findings.push(
        if key == "openapi" && matches!(text.as_str(), "3" | "3.0" | "3.1") {
            finding
                .says(format!("the OpenAPI version `{text}` is incomplete"))
                .help("write all three numbers, such as `3.0.3` or `3.1.0`")
        } else if text.is_empty() {
            finding
                .says(format!("`{key}` is not a version"))
                .help(format!("write the version of the document, such as `{}`", if key == "openapi" { "openapi: 3.0.3" } else { "swagger: '2.0'" }))
        } else {
            let name = if key == "openapi" {
                "OpenAPI"
            } else {
                "Swagger"
            };
            finding
                .says(format!("{name} `{text}` is not supported"))
                .help("convert the document: tools that write a newer version can write 3.1 or 3.0 as well, and there are converters for older versions")
        },
    );
    None
}

/// The kind of a tree that is not OpenAPI.
fn foreign_tree(root: &Value) -> &'static str {
    let map = match root {
        Value::Null => return EMPTY,
        Value::Array(_) => return "a list",
        Value::Object(map) if map.is_empty() => return "an empty object",
        Value::Object(map) => map,
        _ => return "plain text",
    };
    let has = |key| map.contains_key(key);
    if has("asyncapi") {
        "an AsyncAPI document"
    } else if has("arazzo") {
        "an Arazzo document"
    } else if has("overlay") {
        "an OpenAPI overlay"
    } else if has("info") && has("item") {
        "a Postman collection"
    } else if has("__schema") || has("data") {
        "a GraphQL introspection"
    } else if has("version") && has("gateway") {
        "a gateway file"
    } else if has("$schema") || has("$defs") {
        "a JSON Schema"
    } else if has("paths") {
        "an object with `paths`, but without the key `openapi` or `swagger`"
    } else {
        "an object without the key `openapi` or `swagger`"
    }
}
