//! Selection of operations from a larger document, with the parts that they need.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::operations::METHODS;
use super::pointer;
use super::refs::Keys;
use super::{Findings, OperationId};
use crate::diag::{Code, HINTS, Location, closest};

/// Sections of shared parts, as keys from the root.
const SHARED: [&[&str]; 12] = [
    &["components", "schemas"],
    &["components", "parameters"],
    &["components", "responses"],
    &["components", "requestBodies"],
    &["components", "headers"],
    &["components", "examples"],
    &["components", "links"],
    &["components", "callbacks"],
    &["components", "pathItems"],
    &["definitions"],
    &["parameters"],
    &["responses"],
];

/// The names of an operation.
struct OperationNames {
    path: String,
    method: &'static str,
    /// Its id as in the document.
    id: Option<String>,
    /// `GET /places`.
    request: String,
    is_wanted: bool,
}

/// All names of each operation: the id as in the document, the id in the service, and method and path.
fn names(all: &[OperationNames]) -> BTreeMap<String, Vec<usize>> {
    let mut names: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, one) in all.iter().enumerate() {
        let usable = one.id.as_deref().map(OperationId::parse);
        let usable = usable.and_then(Result::ok);
        let own = [one.id.clone(), usable.map(|id| id.as_str().to_owned()), Some(one.request.clone())];
        for name in own.into_iter().flatten() {
            let places = names.entry(name).or_default();
            if places.last() != Some(&at) {
                places.push(at);
            }
        }
    }
    names
}

/// A method and a path in normal form: `get  /places` is `GET /places`.
fn request(name: &str) -> Option<String> {
    let (method, path) = name.split_once(' ')?;
    Some(format!("{} {}", method.to_ascii_uppercase(), path.trim()))
}

/// Removes all other operations. An unknown name is a finding.
pub(super) fn operations(root: &mut Value, wanted: &[(&str, Location)], findings: &mut Findings<'_>) {
    let Some(Value::Object(paths)) = root.get_mut("paths") else {
        return;
    };
    let mut all: Vec<OperationNames> = paths.iter().flat_map(|(path, item)| known(path, item)).collect();
    let names = names(&all);
    let mut unknown = 0;
    for (name, at) in wanted {
        let found = names.get(*name);
        let found = found.or_else(|| names.get(&request(name)?));
        match found {
            Some(places) => {
                for &place in places {
                    all[place].is_wanted = true;
                }
            }
            None => {
                unknown += 1;
                let hints = if unknown > HINTS { &[] } else { all.as_slice() };
                report(name, at, hints, findings);
            }
        }
    }
    let kept: BTreeSet<(&str, &str)> =
        all.iter().filter(|one| one.is_wanted).map(|one| (one.path.as_str(), one.method)).collect();
    paths.retain(|path, item| {
        let Value::Object(item) = item else {
            return false;
        };
        let is_operation = |key: &str| key == "trace" || METHODS.contains(&key);
        item.retain(|key, _| !is_operation(key) || kept.contains(&(path.as_str(), key.as_str())));
        METHODS.iter().any(|method| item.contains_key(*method))
    });
}

fn known(path: &str, item: &Value) -> Vec<OperationNames> {
    let Value::Object(item) = item else {
        return Vec::new();
    };
    let methods = METHODS.into_iter().filter(|method| item.contains_key(*method));
    let known = methods.map(|method| OperationNames {
        path: path.to_owned(),
        method,
        id: item[method].get("operationId").and_then(Value::as_str).map(ToOwned::to_owned),
        request: format!("{} {path}", method.to_uppercase()),
        is_wanted: false,
    });
    known.collect()
}

fn report(name: &str, at: &Location, all: &[OperationNames], findings: &mut Findings<'_>) {
    let names = all.iter().flat_map(|one| [one.id.as_deref(), Some(one.request.as_str())]);
    let near = closest(name, names.flatten());
    findings.push(
        Code::UnknownOperation
            .at(at.clone())
            .says(format!("the document has no operation `{name}`"))
            .because("expected an `operationId`, or a method and a path such as `GET /places`")
            .help(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write it exactly as in the document".to_owned(),
            }),
    );
}

/// Removes the parts that no operation needs: shared parts, webhooks, tags, and extensions at the root.
pub(super) fn prune(root: &mut Value) {
    let used = used(root);
    let Value::Object(map) = root else { return };
    map.retain(|key, _| key != "webhooks" && !key.starts_with("x-"));
    for section in SHARED {
        let Some((last, above)) = section.split_last() else {
            continue;
        };
        let holder = above.iter().try_fold(&mut *map, |map, key| map.get_mut(*key)?.as_object_mut());
        let Some(holder) = holder else { continue };
        let Some(Value::Object(parts)) = holder.get_mut(*last) else {
            continue;
        };
        let names = used.get(section);
        parts.retain(|name, _| names.is_some_and(|names| names.contains(name)));
        if parts.is_empty() {
            holder.shift_remove(*last);
        }
    }
    let is_bare = |value: &Value| value.as_object().is_some_and(Map::is_empty);
    if map.get("components").is_some_and(is_bare) {
        map.shift_remove("components");
    }
    prune_tags(map);
}

/// The tags that no operation has.
fn prune_tags(map: &mut Map<String, Value>) {
    let items = map.get("paths").and_then(Value::as_object);
    let operations = items
        .into_iter()
        .flat_map(Map::values)
        .flat_map(|item| METHODS.into_iter().filter_map(move |method| item.get(method)?.get("tags")?.as_array()));
    let tags: BTreeSet<String> = operations.flatten().filter_map(|tag| Some(tag.as_str()?.to_owned())).collect();
    if let Some(Value::Array(all)) = map.get_mut("tags") {
        all.retain(|tag| {
            let name = tag.get("name").and_then(Value::as_str);
            name.is_some_and(|name| tags.contains(name))
        });
        if all.is_empty() {
            map.shift_remove("tags");
        }
    }
}

type Used = BTreeMap<&'static [&'static str], BTreeSet<String>>;

/// The shared parts that operations refer to, directly or indirectly.
fn used(root: &Value) -> Used {
    let mut used = Used::new();
    let mut waiting: Vec<&Value> = root.get("paths").into_iter().collect();
    while let Some(value) = waiting.pop() {
        references(value, Keys::Words, &mut |reference| {
            let Some(decoded) = reference.strip_prefix('#').and_then(pointer::percent_decoded) else {
                return;
            };
            let tokens: Vec<String> = pointer::tokens(&decoded).collect();
            let section = SHARED
                .into_iter()
                .find(|section| tokens.len() > section.len() && section.iter().zip(&tokens).all(|(a, b)| a == b));
            let Some(section) = section else { return };
            let name = &tokens[section.len()];
            let parts = section.iter().try_fold(root, |value, key| value.get(*key));
            let Some(part) = parts.and_then(|parts| parts.get(name)) else {
                return;
            };
            if used.entry(section).or_default().insert(name.clone()) {
                waiting.push(part);
            }
        });
    }
    used
}

/// Calls `found` with every reference below a value, including those of a discriminator.
fn references<'v>(value: &'v Value, keys: Keys, found: &mut dyn FnMut(&'v str)) {
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                match child {
                    Value::String(target) if keys == Keys::Words && key == "$ref" => found(target),
                    Value::Object(_) | Value::Array(_) => {
                        if keys == Keys::Words && key == "mapping" {
                            let targets = child.as_object().into_iter().flat_map(Map::values);
                            targets.filter_map(Value::as_str).for_each(&mut *found);
                        }
                        if let Some(below) = keys.below(key, child) {
                            references(child, below, found);
                        }
                    }
                    _ => {}
                }
            }
        }
        Value::Array(list) => {
            for child in list {
                references(child, Keys::Words, found);
            }
        }
        _ => {}
    }
}
