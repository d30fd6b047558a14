//! Random references between files: whatever they point to, the result is one document that contains all targets.

use camino::Utf8Path;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::source::Source;

const FILES: [&str; 3] = ["api.json", "parts/a.json", "parts/b.json"];

/// A reference in one of the files to itself, to another file, or to a missing part.
fn reference(from: usize) -> impl Strategy<Value = String> {
    let files = match from {
        0 => ["", "./api.json", "parts/a.json", "parts/../parts/b.json", "none.json"],
        _ => ["", "../api.json", "a.json", "./b.json", "../none.json"],
    };
    let parts = ["#/components/schemas/X", "#/X", "#/X/properties/p", "#/none", "#", ""];
    // Dangling references are rare, otherwise there would never be a result.
    let file = prop_oneof![20 => 0_usize..4, 1 => Just(4)];
    let part = prop_oneof![20 => 0_usize..3, 1 => 3_usize..6];
    (file, part).prop_map(move |(file, part)| format!("{}{}", files[file], parts[part]))
}

/// Schemas that refer to others, at the locations that a file may be asked for.
fn schemas(from: usize) -> impl Strategy<Value = Value> {
    let of = || reference(from);
    (of(), of(), of(), of()).prop_map(|(a, b, c, d)| {
        let schema = json!({
            "type": "object",
            "properties": { "p": { "$ref": a }, "q": { "type": "array", "items": { "$ref": b } } },
        });
        let other = json!({
            "oneOf": [{ "$ref": c }],
            "discriminator": { "propertyName": "p", "mapping": { "x": d } },
        });
        json!({ "X": schema, "components": { "schemas": { "X": other } } })
    })
}

fn files() -> impl Strategy<Value = Vec<Value>> {
    (schemas(0), reference(0), reference(0), schemas(1), schemas(2)).prop_map(|(mut own, answer, body, a, b)| {
        own["openapi"] = "3.0.3".into();
        own["info"] = json!({ "title": "T", "version": "1" });
        let content = |to: String| json!({ "application/json": { "schema": { "$ref": to } } });
        own["paths"] = json!({ "/p": { "post": {
                "operationId": "p",
                "requestBody": { "content": content(body) },
                "responses": { "200": { "description": "D", "content": content(answer) } },
            } } });
        vec![own, a, b]
    })
}

/// Every `$ref`, and as `true` every schema that a discriminator refers to.
fn references(value: &Value, out: &mut Vec<(String, bool)>) {
    match value {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str);
            out.extend(own.map(|to| (to.to_owned(), false)));
            let mapping = map.get("mapping").and_then(Value::as_object);
            let named = mapping.into_iter().flat_map(serde_json::Map::values);
            let named = named.filter_map(Value::as_str);
            out.extend(named.map(|to| (to.to_owned(), true)));
            map.values().for_each(|child| references(child, out));
        }
        Value::Array(list) => list.iter().for_each(|child| references(child, out)),
        _ => {}
    }
}

#[expect(clippy::disallowed_methods, reason = "makes what is read")]
fn put(folder: &Utf8Path, files: &[Value]) {
    std::fs::create_dir(folder.join("parts")).unwrap();
    for (name, file) in FILES.iter().zip(files) {
        std::fs::write(folder.join(name), file.to_string()).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_comes_out_holds_all_that_it_refers_to(files in files()) {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        put(folder, &files);
        let mut sources = Sources::default();
        let gateway = sources.add(Source::new(folder.join("gateway.yaml"), "apis:"));
        let from = Location::key(gateway, YamlPath::root().key("apis"));
        let file = sources.add(Source::read(&folder.join(FILES[0])).unwrap());
        let mut report = Report::default();
        let wanted = Wanted { from: &from, folder, operations: None };
        let definition = parse(file, &sources, &from, &mut report)
            .and_then(|document| read(document, &wanted, &mut sources, &mut report));
        prop_assert_eq!(definition.is_none(), report.has_errors());
        if let Some(definition) = definition {
            let document: Value = serde_json::from_str(&definition.text).unwrap();
            let mut all = Vec::new();
            references(&document, &mut all);
            for (one, is_named) in all {
                // A name that is dangling in its own document is a mistake of its author.
                let is_there = pointer::target(&document, &one).is_some();
                let is_own = one.is_empty() || one.starts_with('#');
                prop_assert!(is_there || is_named && is_own, "{one} in {document}");
            }
        }
    }
}
