//! Selection of operations from a larger document, with the parts that they need.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::bundle::{Bundle, Selected, Target};
use super::operations::METHODS;
use super::place::SHARED;
use super::pointer;
use super::refs::Keys;
use super::{Findings, OperationId};
use crate::diag::{Code, Diagnostic, HINTS, Location, Report, closest};

/// The names of an operation.
struct OperationNames {
    path: String,
    method: &'static str,
    /// Its id as in the document.
    id: Option<String>,
    /// `GET /places`.
    request: String,
}

/// The operations that were seen so far, by all their names: the id as in the document, the id in the service, and method and path.
#[derive(Default)]
struct Seen {
    all: Vec<OperationNames>,
    names: BTreeMap<String, Vec<usize>>,
}

impl Seen {
    fn add(&mut self, one: OperationNames) {
        let at = self.all.len();
        let usable = one.id.as_deref().map(OperationId::parse);
        let usable = usable.and_then(Result::ok);
        let own = [one.id.clone(), usable.map(|id| id.as_str().to_owned()), Some(one.request.clone())];
        for name in own.into_iter().flatten() {
            let places = self.names.entry(name).or_default();
            if places.last() != Some(&at) {
                places.push(at);
            }
        }
        self.all.push(one);
    }

    fn find(&self, name: &str) -> Option<&Vec<usize>> {
        self.names.get(name).or_else(|| self.names.get(&request(name)?))
    }
}

/// A method and a path in normal form: `get  /places` is `GET /places`.
fn request(name: &str) -> Option<String> {
    let (method, path) = name.split_once(' ')?;
    Some(format!("{} {}", method.to_ascii_uppercase(), path.trim()))
}

/// The document with only these operations. Unknown ones are reported. `None`: no operation is left, and that was reported.
pub(super) fn select(
    bundle: &mut Bundle<'_>,
    root: Value,
    wanted: &[(&str, Location)],
    findings: &mut Findings<'_>,
) -> Option<Value> {
    let mut unseen = Report::default();
    let mut quiet = Findings::new(findings.file, findings.from, &mut unseen);
    let paths = match bundle.look_up(root, &mut quiet) {
        Ok(paths) => paths,
        Err(root) => return Some(root),
    };
    let (selected, unknown) = operations(bundle, paths, wanted, &mut quiet);
    if unknown.is_empty() {
        // Problems of files that are needed are found again.
        bundle.forget_failures();
    } else {
        // One of the operations may be in a file that cannot be read.
        for finding in &unseen {
            findings.push_again(finding.clone());
        }
        unknown.into_iter().for_each(|finding| findings.push(finding));
        if selected.is_empty() {
            return None;
        }
    }
    Some(bundle.keep(selected))
}

/// The wanted operations, and a finding for each unknown one. Files are read until all names are found, and no further.
fn operations(
    bundle: &mut Bundle<'_>,
    paths: Vec<(String, Target)>,
    wanted: &[(&str, Location)],
    findings: &mut Findings<'_>,
) -> (Selected, Vec<Diagnostic>) {
    let mut seen = Seen::default();
    let (mut elsewhere, here): (Vec<_>, Vec<_>) = paths.into_iter().partition(|(_, item)| bundle.is_elsewhere(item));
    // Paths that are named come first.
    let named: BTreeSet<&str> = wanted.iter().filter_map(|(name, _)| Some(name.split_once(' ')?.1.trim())).collect();
    elsewhere.sort_by_key(|(path, _)| !named.contains(path.as_str()));
    let mut open: Vec<&str> = wanted.iter().map(|(name, _)| *name).collect();
    let first_elsewhere = here.len();
    for (position, (path, item)) in here.into_iter().chain(elsewhere).enumerate() {
        if position >= first_elsewhere {
            open.retain(|name| seen.find(name).is_none());
            if open.is_empty() {
                break;
            }
        }
        for (method, id) in bundle.known(item, findings) {
            let request = format!("{} {path}", method.to_uppercase());
            seen.add(OperationNames { path: path.clone(), method, id, request });
        }
    }
    let (mut selected, mut unknown) = (Selected::new(), Vec::new());
    for (name, at) in wanted {
        match seen.find(name) {
            Some(places) => {
                for one in places.iter().map(|place| &seen.all[*place]) {
                    selected.entry(one.path.clone()).or_default().insert(one.method);
                }
            }
            None => {
                let hints = if unknown.len() >= HINTS { &[] } else { seen.all.as_slice() };
                unknown.push(report(name, at, hints));
            }
        }
    }
    (selected, unknown)
}

fn report(name: &str, at: &Location, all: &[OperationNames]) -> Diagnostic {
    let names = all.iter().flat_map(|one| [one.id.as_deref(), Some(one.request.as_str())]);
    let near = closest(name, names.flatten());
    Code::UnknownOperation
        .at(at.clone())
        .says(format!("the document has no operation `{name}`"))
        .because("expected an `operationId`, or a method and a path such as `GET /places`")
        .help(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write it exactly as in the document".to_owned(),
        })
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
