//! Path parameters: each name in a path is declared exactly once, and no other path parameter is declared. The service rejects
//! other documents, and published ones often break this rule.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::operations::{METHODS, Template};
use super::{Findings, Notation, refs};
use crate::diag::Code;
use crate::source::YamlPath;

/// The changes to the parameters of one operation.
struct Change {
    path: String,
    method: &'static str,
    missing: Vec<String>,
}

/// Gives a parameter in the path the letter case that the path has: the service compares names without it.
fn spell(root: &mut Value) {
    let paths = root.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        let names = Template::read(path).parameters;
        let Value::Object(item) = item else { continue };
        for (key, value) in item.iter_mut() {
            let list = match key.as_str() {
                "parameters" => value.as_array_mut(),
                key if METHODS.contains(&key) => value.get_mut("parameters").and_then(Value::as_array_mut),
                _ => None,
            };
            for parameter in list.into_iter().flatten().filter(|one| one.get("in").is_some_and(|place| place == "path"))
            {
                if let Some(Value::String(name)) = parameter.get_mut("name")
                    && let Some(written) = names.iter().find(|written| written.eq_ignore_ascii_case(name))
                {
                    written.clone_into(name);
                }
            }
        }
    }
}

/// Adds missing declarations, and removes declarations of parameters that are not in the path.
pub(super) fn repair(root: &mut Value, format: Notation, findings: &mut Findings<'_>) {
    spell(root);
    let Some(Value::Object(paths)) = root.get("paths") else {
        return;
    };
    let mut changes = Vec::new();
    // Declarations to remove, the last of each list first.
    let mut idle: Vec<(String, Option<&'static str>, usize, String)> = Vec::new();
    for (path, item) in paths {
        let Value::Object(item) = item else { continue };
        let template = Template::read(path);
        let names: BTreeSet<&str> = template.parameters.iter().map(String::as_str).collect();
        let shared = declared(root, item);
        let holders = METHODS.into_iter().filter_map(|method| Some((Some(method), item.get(method)?.as_object()?)));
        for (method, holder) in [(None, item)].into_iter().chain(holders) {
            let own = declared(root, holder);
            for (index, name) in own.iter().rev() {
                if !names.contains(name) {
                    idle.push((path.clone(), method, *index, (*name).to_owned()));
                }
            }
            let Some(method) = method else { continue };
            let all: BTreeSet<&str> = shared.iter().chain(&own).map(|(_, name)| *name).collect();
            let missing = names.iter().filter(|name| !all.contains(*name));
            let missing: Vec<String> = missing.map(|name| (*name).to_owned()).collect();
            if !missing.is_empty() {
                changes.push(Change { path: path.clone(), method, missing });
            }
        }
    }
    say(&changes, &idle, findings);
    for (path, method, index, _) in idle {
        if let Some(list) = list(root, &path, method) {
            list.remove(index);
        }
    }
    for change in changes {
        if let Some(list) = list(root, &change.path, Some(change.method)) {
            list.extend(change.missing.iter().map(|name| match format {
                Notation::OpenApi3 => {
                    json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
                }
                Notation::Swagger2 => json!({ "name": name, "in": "path", "required": true, "type": "string" }),
            }));
        }
    }
}

/// Parameters in the path that a path item or an operation declares: position and name.
fn declared<'v>(root: &'v Value, holder: &'v Map<String, Value>) -> Vec<(usize, &'v str)> {
    let list = holder.get("parameters").and_then(Value::as_array);
    let all = list.into_iter().flatten().enumerate();
    all.filter_map(|(index, parameter)| {
        let parameter = refs::follow(root, parameter);
        let is_in_path = parameter.get("in")?.as_str()? == "path";
        let name = parameter.get("name")?.as_str()?;
        is_in_path.then_some((index, name))
    })
    .collect()
}

/// The list of parameters of a path item or an operation, created if it is missing.
fn list<'v>(root: &'v mut Value, path: &str, method: Option<&str>) -> Option<&'v mut Vec<Value>> {
    let item = root.get_mut("paths")?.get_mut(path)?;
    let holder = match method {
        Some(method) => item.get_mut(method)?,
        None => item,
    };
    let list = holder.as_object_mut()?.entry("parameters");
    let list = list.or_insert_with(|| Value::Array(Vec::new()));
    if list.is_null() {
        *list = Value::Array(Vec::new());
    }
    list.as_array_mut()
}

fn say(changes: &[Change], idle: &[(String, Option<&'static str>, usize, String)], findings: &mut Findings<'_>) {
    let missing = changes.iter().map(|change| {
        let at = YamlPath::root().key("paths").key(&change.path).key(change.method);
        let names: Vec<_> = change.missing.iter().map(|name| format!("`{name}`")).collect();
        findings
            .key(Code::UndeclaredParameter, at)
            .says(format!(
                "`{} {}` does not declare {}",
                change.method.to_uppercase(),
                change.path,
                names.join(" and ")
            ))
            .because("Gatewright declares this path parameter as a string, because the service requires a declaration")
            .help("declare it in `parameters` with `in: path` if it has another type or a description")
    });
    let missing = missing.collect();
    let idle = idle.iter().rev().map(|(path, method, index, name)| {
        let at = YamlPath::root().key("paths").key(path);
        let at = match method {
            Some(method) => at.key(*method),
            None => at,
        };
        findings
            .value(Code::UnusedParameter, at.key("parameters").index(*index))
            .says(format!("the path `{path}` has no `{{{name}}}`"))
            .because("Gatewright ignores a parameter with `in: path` that is not in the path")
            .help("remove it, or add it to the path")
    });
    let idle = idle.collect();
    findings.push_few(missing, "operation");
    findings.push_few(idle, "parameter");
}
