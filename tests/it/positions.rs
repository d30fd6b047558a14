//! Findings point at the problem. A wrong path would be printed at the enclosing object, and no one would notice.

use std::collections::BTreeSet;

use camino::Utf8Path;
use gatewright::diag::{Diagnostic, Span};
use gatewright::model::{is_path, schema};
use serde_json::Value;

use crate::case::checked;
use crate::diagnostics::{invalid_fixtures, root};
use crate::tool;

/// Places of a finding with what is said there.
fn places(found: &Diagnostic) -> impl Iterator<Item = &gatewright::diag::Label> {
    std::iter::once(&found.at).chain(&found.also)
}

#[test]
fn every_location_exists() {
    let mut nowhere = Vec::new();
    for path in invalid_fixtures() {
        let checked = checked(&path);
        for found in &checked.report {
            for label in places(found) {
                // Of a key of the document that is missing the whole file is shown.
                if !label.place.is_there(&checked.sources) && !label.place.is_whole(&checked.sources) {
                    let spot = match &label.place.spot {
                        Span::Key(path) | Span::Value(path) => path.to_string(),
                        Span::Range(_) | Span::File => String::new(),
                    };
                    nowhere.push(format!("{path}: {}: nothing is at `{spot}` ({})", found.code.id(), label.text));
                }
            }
        }
    }
    assert!(nowhere.is_empty(), "{}", nowhere.join("\n"));
}

#[test]
fn every_location_is_in_the_language() {
    let mut strange = Vec::new();
    for path in invalid_fixtures() {
        let checked = checked(&path);
        // Findings of shape are about keys that the language does not have.
        let found = checked.report.iter().filter(|found| !found.code.id().starts_with(['S', 'U', 'Y']));
        for label in found.flat_map(places) {
            let file = checked.sources.get(label.place.file).path();
            let (Span::Key(keys) | Span::Value(keys)) = &label.place.spot else {
                continue;
            };
            if path.ends_with(file) && !is_path(keys) {
                strange.push(format!("{path}: the language has no `{keys}`"));
            }
        }
    }
    assert!(strange.is_empty(), "{}", strange.join("\n"));
}

/// Names of all properties of a schema.
fn properties(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Object(own)) = object.get("properties") {
                names.extend(own.keys().cloned());
            }
            object.values().for_each(|value| properties(value, names));
        }
        Value::Array(items) => items.iter().for_each(|item| properties(item, names)),
        _ => {}
    }
}

/// Calls whose arguments are keys of the gateway file.
const CALLS: [&str; 10] = [
    "path_of(&[",
    ".value(&[",
    ".key(&[",
    ".at(&[",
    ".path(&[",
    ".is_lost(&[",
    ".written_at(&[",
    ".key(\"",
    "let here = [",
    "let here = |key| [",
];

/// Text literals of Rust up to the end of a call's arguments.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    CALLS.iter().flat_map(move |call| {
        text.match_indices(call).flat_map(move |(at, _)| {
            let rest = &text[at + call.trim_end_matches('"').len()..];
            let end = rest.find([']', ')']).unwrap_or(rest.len());
            rest[..end].split('"').skip(1).step_by(2)
        })
    })
}

#[test]
fn every_key_in_a_path_is_a_key_of_the_language() {
    let mut known = BTreeSet::new();
    properties(schema::schema(), &mut known);
    let mut seen = BTreeSet::new();
    let mut strange = Vec::new();
    let folders =
        ["src/resolve", "src/lint", "src/plan", "src/definition/named.rs", "src/include/named.rs", "src/limits.rs"];
    for entry in folders.iter().flat_map(|folder| walkdir::WalkDir::new(root().join(folder))).filter_map(Result::ok) {
        let path = Utf8Path::from_path(entry.path()).unwrap();
        if path.extension() == Some("rs") {
            let text = tool::get(path);
            for key in literals(text.split("#[cfg(test)]").next().unwrap()) {
                seen.insert(key.to_owned());
                if !known.contains(key) {
                    strange.push(format!("{path}: no object of the language has a key `{key}`"));
                }
            }
        }
    }
    assert!(strange.is_empty(), "{}", strange.join("\n"));
    assert!(seen.len() > 40, "paths are found: {seen:?}");
}
