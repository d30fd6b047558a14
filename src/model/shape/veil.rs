//! What of a wrong gateway file may be a secret, by its place: everything below a key that the language does not have, what is wrong
//! below `credential`, the secret parts of addresses, and connection strings.

use std::ops::Range;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Fault;
use serde_json::{Map, Value};

use super::lookup::Schema;
use super::{Checker, Shape};
use crate::diag::closest;
use crate::model::syntax;
use crate::source::{
    FileId, Kind, MASK, NodeId, Source, SpanIndex, Step, YamlPath, all_but_keys, is_connection_string,
    secrets_of_address, without_secrets_of_address,
};

/// Hides what may be a secret from all excerpts of the file, and returns the value with `***` for it, for messages.
pub(in crate::model) fn veil(source: &Source, value: &Value, is_doubtful: bool, checker: &Checker<'_>) -> Value {
    let mut wrong = Vec::new();
    let shape = Shape::new(FileId::default(), value, value, checker);
    let errors: Vec<_> = checker.validator.iter_errors(value).collect();
    if errors.is_empty() && !is_doubtful {
        return value.clone();
    }
    if !value.is_object() {
        source.hide(all_but_keys(source.text()));
        return all_masked(value);
    }
    errors.iter().for_each(|error| innermost(error, &mut |pointer| wrong.push(shape.path(pointer))));
    let veil = Veil { wrong, is_doubtful };
    let whole = Whereabouts { schemas: vec![Schema::whole(checker.schema)], is_guarded: false, words: Vec::new() };
    let index = source.index();
    if let Some(root) = index.tree().root {
        let mut hidden = Vec::new();
        veil.hide(source, index, root, &YamlPath::root(), &whole, &mut hidden);
        // A password may start with `!`.
        hidden.extend(index.tree().tags.iter().map(|tag| tag.at.clone()));
        source.hide(hidden);
    }
    veil.masked(value, &YamlPath::root(), &whole)
}

/// The paths of an error, of those of its alternatives if it has any.
fn innermost(error: &ValidationError<'_>, add: &mut impl FnMut(&str)) {
    match error.kind() {
        Fault::AnyOf { context } | Fault::OneOfNotValid { context }
            if context.iter().any(|errors| !errors.is_empty()) =>
        {
            context.iter().flatten().for_each(|error| innermost(error, add));
        }
        _ => add(error.instance_path().as_str()),
    }
}

struct Veil {
    wrong: Vec<YamlPath>,
    /// True if the file has problems besides its shape, such as a key that is set twice.
    is_doubtful: bool,
}

/// A place in the language: the schemas of a value, and whether a wrong value there is likely to be a secret.
struct Whereabouts<'s> {
    schemas: Vec<Schema<'s>>,
    is_guarded: bool,
    /// Words of the language that are shown in a guarded place.
    words: Vec<&'s str>,
}

impl<'s> Whereabouts<'s> {
    /// The place of a key; `None` if the language does not have it here.
    fn key(&self, key: &str, is_guarded: bool) -> Option<Self> {
        if key == "<<" {
            return Some(Self {
                schemas: self.schemas.clone(),
                is_guarded: self.is_guarded,
                words: self.words.clone(),
            });
        }
        self.next(|schema| schema.children(key), is_guarded)
    }

    fn item(&self) -> Option<Self> {
        self.next(Schema::items, false)
    }

    fn next(&self, children: impl Fn(Schema<'s>) -> Vec<Schema<'s>>, is_guarded: bool) -> Option<Self> {
        let found = self.schemas.iter().flat_map(|schema| children(*schema));
        let schemas: Vec<Schema<'s>> = found.flat_map(Schema::expanded).collect();
        let is_guarded = is_guarded || self.is_guarded;
        let texts = |schema: &Schema<'s>| {
            schema.words().into_iter().chain(schema.example()).filter_map(Value::as_str).collect::<Vec<_>>()
        };
        let words = if is_guarded { schemas.iter().flat_map(texts).collect() } else { Vec::new() };
        (!schemas.is_empty()).then_some(Self { schemas, is_guarded, words })
    }

    fn is_address(&self) -> bool {
        self.schemas.iter().any(|schema| matches!(schema.text("x-check"), Some("url" | "publicUrl")))
    }

    /// The parts of a scalar that may be secrets; `None`: all of it.
    fn secrets(&self, text: &str) -> Option<Vec<Range<usize>>> {
        let is_word = || closest(text, self.words.iter().copied()).is_some();
        if (self.is_guarded && !is_word()) || is_connection_string(text) {
            None
        } else if self.is_address() {
            Some(secrets_of_address(text))
        } else {
            Some(Vec::new())
        }
    }
}

impl Veil {
    /// True for a place where people put secrets, if something is wrong there.
    fn is_guarded(&self, path: &YamlPath) -> bool {
        let is_there = match path.steps() {
            [Step::Key(group), Step::Key(_), Step::Key(key)] => {
                matches!(group.as_str(), "backends" | "mcpServers") && key == "credential"
            }
            [Step::Key(group), Step::Key(key)] => group == "observability" && key == "applicationInsights",
            _ => false,
        };
        is_there && (self.is_doubtful || self.wrong.iter().any(|wrong| wrong.steps().starts_with(path.steps())))
    }

    fn masked(&self, value: &Value, path: &YamlPath, at: &Whereabouts<'_>) -> Value {
        match value {
            Value::Object(object) => {
                let mut masked = Map::new();
                for (key, value) in object {
                    let path = path.key(key);
                    let value = match at.key(key, self.is_guarded(&path)) {
                        Some(at) => self.masked(value, &path, &at),
                        None => all_masked(value),
                    };
                    masked.insert(key.clone(), value);
                }
                Value::Object(masked)
            }
            Value::Array(items) => match at.item() {
                Some(at) => {
                    items.iter().enumerate().map(|(index, item)| self.masked(item, &path.index(index), &at)).collect()
                }
                None => items.iter().map(|item| self.masked(item, path, at)).collect(),
            },
            Value::String(text) => match at.secrets(text) {
                None => MASK.into(),
                Some(parts) if parts.is_empty() => value.clone(),
                Some(_) => without_secrets_of_address(text).into(),
            },
            Value::Number(_) if at.is_guarded => MASK.into(),
            _ => value.clone(),
        }
    }

    fn hide(
        &self,
        source: &Source,
        index: &SpanIndex,
        id: NodeId,
        path: &YamlPath,
        at: &Whereabouts<'_>,
        hidden: &mut Vec<Range<usize>>,
    ) {
        let node = &index.tree().nodes[id];
        match &node.kind {
            Kind::Alias(Some(target)) => self.hide(source, index, *target, path, at, hidden),
            Kind::Alias(None) => {}
            Kind::Map(map) => {
                for entry in &map.entries {
                    let key = entry.key.as_deref().unwrap_or_default();
                    let path = path.key(key);
                    match at.key(key, self.is_guarded(&path)) {
                        Some(_) if key == "<<" && is_text(source, index, entry.value) => {
                            hide_all(source, index, entry.at.end, entry.value, hidden);
                        }
                        Some(at) => self.hide(source, index, entry.value, &path, &at, hidden),
                        None => hide_all(source, index, entry.at.end, entry.value, hidden),
                    }
                }
            }
            Kind::List(items) => {
                let inner = at.item();
                for (position, item) in items.iter().enumerate() {
                    let at = inner.as_ref().unwrap_or(at);
                    self.hide(source, index, *item, &path.index(position), at, hidden);
                }
            }
            Kind::Scalar => {
                let text = &source.text()[node.range.clone()];
                let bare = text.trim().trim_matches(['"', '\'']);
                let start = node.range.start + text.find(bare).unwrap_or(0);
                match at.secrets(bare) {
                    None => hidden.push(node.range.clone()),
                    Some(parts) => hidden.extend(parts.iter().map(|part| start + part.start..start + part.end)),
                }
            }
        }
    }
}

/// True for a text, or a list with one, that is not the name of an anchor.
fn is_text(source: &Source, index: &SpanIndex, id: NodeId) -> bool {
    let node = &index.tree().nodes[id];
    match &node.kind {
        Kind::Scalar => {
            let text = &source.text()[node.range.clone()];
            !syntax::anchors(source.text()).any(|anchor| anchor == text)
        }
        Kind::List(items) => items.iter().any(|item| is_text(source, index, *item)),
        Kind::Map(_) | Kind::Alias(_) => false,
    }
}

/// Everything after the colon of a key, and what an alias there refers to.
fn hide_all(source: &Source, index: &SpanIndex, key_end: usize, value: NodeId, hidden: &mut Vec<Range<usize>>) {
    let nodes = &index.tree().nodes;
    let end = nodes[value].range.end.max(key_end);
    let text = &source.text()[key_end..end];
    let text = text.split_once(':').map_or(text, |(_, value)| value).trim_start();
    hidden.push(end - text.len()..end);
    let mut next = vec![value];
    while let Some(id) = next.pop() {
        match &nodes[id].kind {
            Kind::Alias(Some(target)) => {
                hidden.push(nodes[*target].range.clone());
                next.push(*target);
            }
            Kind::Map(map) => next.extend(map.entries.iter().map(|entry| entry.value)),
            Kind::List(items) => next.extend(items),
            Kind::Scalar | Kind::Alias(None) => {}
        }
    }
}

/// The same lists and objects with `***` for each string and number.
fn all_masked(value: &Value) -> Value {
    match value {
        Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), all_masked(value))).collect(),
        Value::Array(items) => items.iter().map(all_masked).collect(),
        Value::String(_) | Value::Number(_) => MASK.into(),
        Value::Null | Value::Bool(_) => value.clone(),
    }
}
