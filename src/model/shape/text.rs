//! Names, types, values and lists of them in sentences.

use serde_json::Value;

use super::lookup::Type;
use crate::source::{Step, YamlPath};

/// The name of a location in a sentence.
pub(super) fn name(path: &YamlPath) -> String {
    match path.steps() {
        [] => "the file".to_owned(),
        [.., Step::Key(key)] => format!("`{}`", cut(key)),
        [rest @ .., Step::Index(index)] => match rest.iter().rev().find_map(key_of) {
            Some(key) => format!("item {} of `{}`", index + 1, cut(key)),
            None => format!("item {} of the file", index + 1),
        },
    }
}

fn key_of(step: &Step) -> Option<&String> {
    match step {
        Step::Key(key) => Some(key),
        Step::Index(_) => None,
    }
}

pub(super) fn called(wanted: Type) -> &'static [&'static str] {
    match wanted {
        Type::Text => &["a string"],
        Type::Whole => &["an integer"],
        Type::Number => &["a number"],
        Type::Flag => &["`true`", "`false`"],
        Type::List => &["a list"],
        Type::Object => &["an object"],
        Type::Null => &["null"],
    }
}

pub(super) fn called_found(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A value in a sentence, between backticks.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => cut(text),
        value => cut(&value.to_string()),
    }
}

/// A value as YAML.
pub(super) fn yaml(value: &Value) -> String {
    match value {
        Value::String(text) => {
            let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
                && !text.contains([':', '#', '"', '\'', '{', '}', '[', ']', ',', '\n'])
                && !matches!(text.to_lowercase().as_str(), "true" | "false" | "null" | "yes" | "no" | "on" | "off");
            if is_plain { cut(text) } else { cut(&value.to_string()) }
        }
        Value::Array(items) => cut(&format!("[{}]", items.iter().map(yaml).collect::<Vec<_>>().join(", "))),
        Value::Object(object) => {
            let entries: Vec<String> = object.iter().map(|(key, value)| format!("{key}: {}", yaml(value))).collect();
            cut(&format!("{{ {} }}", entries.join(", ")))
        }
        value => value.to_string(),
    }
}

pub(super) fn cut(text: &str) -> String {
    const LENGTH: usize = 60;
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

pub(super) fn ticked(words: &[&Value]) -> Vec<String> {
    words.iter().map(|word| format!("`{}`", shown(word))).collect()
}

/// `a`, `b` or `c`
pub(super) fn or(words: &[String]) -> String {
    list(words, "or")
}

/// `a`, `b` and `c`
pub(super) fn list(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
    }
}
