//! Recovery from a wrong shape: the rest of a file is kept, so that one run can check it as well.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::shape::{self, Checker};
use super::unbuilt;
use crate::diag::{Location, Span};
use crate::source::{FileId, Step, YamlPath};

/// Paths that were omitted from a gateway because their shape is wrong.
#[derive(Debug, Default)]
pub struct Omitted(BTreeSet<YamlPath>);

impl Omitted {
    /// True if this path, a path below it or a path above it was omitted.
    pub fn touches(&self, path: &YamlPath) -> bool {
        // Paths below a path directly follow it in their order.
        let next = self.0.range(path..).next();
        let is_around = next.is_some_and(|omitted| omitted.steps().starts_with(path.steps()));
        let mut above = std::iter::successors(path.parent(), YamlPath::parent);
        is_around || above.any(|path| self.0.contains(&path))
    }

    /// True if a key with this name was omitted anywhere.
    pub fn has_key(&self, key: &str) -> bool {
        let is_last = |path: &YamlPath| matches!(path.steps().last(), Some(Step::Key(last)) if last == key);
        self.0.iter().any(is_last)
    }

    /// True if nothing was omitted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Removes wrong parts until the rest matches the schema: first the wrong values themselves, then their
/// parents. `None` if nothing would be left.
pub(super) fn recover<'a>(
    file: FileId,
    value: &mut Value,
    checker: &Checker<'_>,
    wrong: impl Iterator<Item = &'a Location>,
) -> Option<Omitted> {
    if !value.is_object() {
        return None;
    }
    let mut omitted = Omitted::default();
    let mut wrong: BTreeSet<YamlPath> = wrong
        .filter_map(|place| match &place.spot {
            Span::Key(path) | Span::Value(path) => Some(path.clone()),
            Span::Range(_) | Span::File => None,
        })
        .collect();
    // A document has about ten levels, and every round moves up by one.
    for _ in 0..16 {
        for path in &wrong {
            take(value, path, &mut omitted);
        }
        stand_in(value, &mut omitted);
        wrong = shape::wrong_paths(file, value, checker);
        if wrong.is_empty() {
            return Some(omitted);
        }
    }
    None
}

/// Removes a path; an item is removed with its whole list, because the indices of later items would change.
fn take(value: &mut Value, path: &YamlPath, omitted: &mut Omitted) {
    let steps = path.steps();
    let end = steps.iter().position(|step| matches!(step, Step::Index(_))).unwrap_or(steps.len());
    let path: YamlPath = steps[..end].iter().cloned().collect();
    if path.steps().is_empty() {
        return;
    }
    unbuilt::remove(value, &path);
    omitted.0.insert(path);
}

/// Adds placeholders for missing required parts.
fn stand_in(value: &mut Value, omitted: &mut Omitted) {
    let Value::Object(root) = value else { return };
    // The rest of the service can be checked without its name.
    if let Some(Value::Object(service)) = root.get_mut("gateway")
        && !service.contains_key("name")
    {
        service.insert("name".to_owned(), json!("missing"));
        omitted.0.insert(YamlPath::root().key("gateway").key("name"));
    }
    for (key, value) in [("version", json!(1)), ("gateway", json!({ "name": "missing" }))] {
        if !root.contains_key(key) {
            root.insert(key.to_owned(), value);
            omitted.0.insert(YamlPath::root().key(key));
        }
    }
}
