//! Parts of a definition that no finding shows: keys that no OpenAPI document has, and examples, defaults and extensions, which may
//! hold real data.

use std::ops::Range;

use crate::source::{Kind, Source, all_but_keys};

/// The keys of an OpenAPI or Swagger document.
const ROOT: [&str; 19] = [
    "openapi",
    "swagger",
    "info",
    "jsonSchemaDialect",
    "servers",
    "paths",
    "webhooks",
    "components",
    "security",
    "tags",
    "externalDocs",
    "host",
    "basePath",
    "schemes",
    "consumes",
    "produces",
    "definitions",
    "parameters",
    "responses",
];

/// The parts to hide.
pub(super) fn parts(source: &Source) -> Vec<Range<usize>> {
    let tree = source.index().tree();
    let root = tree.root.filter(|_| tree.error.is_none());
    let Some((root, Kind::Map(_))) = root.map(|root| (root, &tree.nodes[root].kind)) else {
        return all_but_keys(source.text());
    };
    let mut hidden = Vec::new();
    // A part of a split document has other keys than the whole.
    let is_whole = |key: &str| key == "openapi" || key == "swagger";
    for (id, node) in tree.nodes.iter().enumerate() {
        let Kind::Map(map) = &node.kind else { continue };
        let is_root = id == root && map.entries.iter().any(|entry| entry.key.as_deref().is_some_and(is_whole));
        for entry in &map.entries {
            let value = &tree.nodes[entry.value];
            let is_hidden = match entry.key.as_deref().unwrap_or_default() {
                key if key.starts_with("x-") => true,
                "example" | "examples" => true,
                "default" => value.kind == Kind::Scalar,
                "securityDefinitions" => false,
                key => is_root && !ROOT.contains(&key),
            };
            if is_hidden {
                hidden.push(value.range.clone());
            }
        }
    }
    hidden
}
