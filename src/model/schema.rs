//! The JSON Schema of the language, generated from the types: for `schema`, for editors, for `shape`.

use std::sync::LazyLock;

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};

use super::shape::Checker;
use super::{Gateway, unbuilt};

/// The schema of `gateway.yaml`, draft 2020-12.
pub fn schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
        let generator = SchemaSettings::draft2020_12().into_generator();
        let mut schema = generator.into_root_schema_for::<Gateway>().to_value();
        simplify(&mut schema);
        heading_first(schema)
    });
    &SCHEMA
}

/// The schema for editors: the same, with what they show. The keywords are those of the YAML and JSON language servers.
pub fn editor_schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
        let mut schema = schema().clone();
        for key in unbuilt::keys() {
            if let Some(Value::Object(property)) = locate(&schema, key).and_then(|at| schema.pointer_mut(&at)) {
                property.shift_remove("default");
                property.insert("doNotSuggest".to_owned(), true.into());
                let text = property.get("description").and_then(Value::as_str).unwrap_or_default();
                property.insert("description".to_owned(), format!("Not built yet, and refused. {text}").into());
            }
        }
        for_editors(&mut schema);
        if let Value::Object(root) = &mut schema {
            root.insert("$id".to_owned(), "urn:gatewright:gateway:1".into());
        }
        heading_first(schema)
    });
    &SCHEMA
}

/// The place of a key in the schema, as a JSON Pointer. `*` is any key.
fn locate(schema: &Value, key: &[&str]) -> Option<String> {
    let mut at = String::new();
    for step in key {
        while let Some(reference) = schema.pointer(&at)?.get("$ref").and_then(Value::as_str) {
            at = reference.strip_prefix('#')?.to_owned();
        }
        at.push_str(&match *step {
            "*" => "/additionalProperties".to_owned(),
            step => format!("/properties/{step}"),
        });
    }
    schema.pointer(&at).map(|_| at)
}

/// A text in place of a regular expression, wherever a value has to match one.
fn for_editors(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(for_editors),
        Value::Object(object) => {
            object.values_mut().for_each(for_editors);
            if object.get("pattern").is_some_and(Value::is_string)
                && let Some(form) = object.get("x-form").and_then(Value::as_str)
            {
                let message = format!("Expected {form}.");
                object.insert("patternErrorMessage".to_owned(), message.into());
            }
        }
        _ => {}
    }
}

/// The same, ready to check values against.
pub(super) fn checker() -> &'static Checker<'static> {
    static CHECKER: LazyLock<Checker<'static>> = LazyLock::new(|| Checker::new(schema()));
    &CHECKER
}

/// The schema with its heading first.
fn heading_first(mut schema: Value) -> Value {
    let mut ordered = Map::new();
    if let Value::Object(all) = &mut schema {
        for key in ["$schema", "$id", "title", "description"] {
            ordered.extend(all.shift_remove_entry(key));
        }
        ordered.append(all);
    }
    Value::Object(ordered)
}

pub(super) fn version(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "integer", "const": 1 })
}

/// Simplifies the derived schema: an optional key is not nullable, a list of constants is an `enum`.
fn simplify(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(simplify),
        Value::Object(object) => {
            object.values_mut().for_each(simplify);
            drop_null(object);
            bound_integer(object);
            merge_words(object);
            read_defaults(object);
        }
        _ => {}
    }
}

/// An `Option` is an optional key. A key without a value is a mistake.
fn drop_null(object: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [kind] = types.as_slice() {
            let kind = kind.clone();
            object.insert("type".into(), kind);
        }
    }
    let Some(Value::Array(branches)) = object.get_mut("anyOf") else {
        return;
    };
    branches.retain(|branch| branch.get("type").is_none_or(|kind| kind != "null"));
    if let [Value::Object(only)] = branches.as_mut_slice() {
        let only = std::mem::take(only);
        object.shift_remove("anyOf");
        for (key, value) in only {
            object.entry(key).or_insert(value);
        }
    }
}

/// Values that do not fit the Rust type must not match the schema. Numbers above 2^53 are not exact in JSON.
fn bound_integer(object: &mut Map<String, Value>) {
    let maximum: u64 = match object.get("format").and_then(Value::as_str) {
        Some("uint8") => u8::MAX.into(),
        Some("uint16") => u16::MAX.into(),
        Some("uint32") => u32::MAX.into(),
        Some("uint64") => 1 << 53,
        _ => return,
    };
    object.entry("maximum").or_insert(maximum.into());
}

/// `oneOf` of documented constants becomes one `enum`, their docs a list in the description.
fn merge_words(object: &mut Map<String, Value>) {
    let Some(Value::Array(branches)) = object.get("oneOf") else {
        return;
    };
    let mut words = Vec::new();
    let mut each = Vec::new();
    let mut docs = String::new();
    for branch in branches {
        let Some(Value::String(word)) = branch.get("const") else {
            return;
        };
        let doc = branch.get("description").and_then(Value::as_str).unwrap_or_default();
        docs.push_str(&format!("\n- `{word}`: {doc}"));
        words.push(Value::String(word.clone()));
        each.push(Value::from(doc));
    }
    object.shift_remove("oneOf");
    object.insert("type".into(), "string".into());
    object.insert("enum".into(), Value::Array(words));
    object.insert("enumDescriptions".into(), Value::Array(each));
    if let Some(Value::String(text)) = object.get_mut("description") {
        text.push('\n');
        text.push_str(&docs);
    }
}

/// "Default: `30s`." in a key's docs becomes its `default`, if it is a plain value: one text for people and programs.
fn read_defaults(object: &mut Map<String, Value>) {
    let Some(Value::Object(properties)) = object.get_mut("properties") else {
        return;
    };
    for property in properties.values_mut() {
        let Value::Object(property) = property else {
            continue;
        };
        let Some(text) = property.get("description").and_then(Value::as_str) else {
            continue;
        };
        let Some((_, rest)) = text.split_once("Default: ") else {
            continue;
        };
        let Some(default) = said_default(rest) else {
            continue;
        };
        property.entry("default").or_insert(default);
    }
}

/// The value in `` `word`. `` or `0.05.`; `None` for a default that is explained in words.
fn said_default(rest: &str) -> Option<Value> {
    if let Some(quoted) = rest.strip_prefix('`') {
        let (word, behind) = quoted.split_once('`')?;
        let is_all = behind.is_empty() || behind.starts_with(['.', ':', ';', ',', '\n']);
        return (is_all && !word.contains(['<', '['])).then(|| Value::String(word.to_owned()));
    }
    let said = rest.split_whitespace().next()?;
    let word = said.trim_end_matches(['.', ':', ';', ',']);
    let is_all = word.len() < said.len() || rest.trim() == said;
    match serde_json::from_str(word) {
        Ok(value @ (Value::Bool(_) | Value::Number(_))) if is_all => Some(value),
        _ => None,
    }
}
