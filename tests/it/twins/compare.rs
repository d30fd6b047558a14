//! The differences between the two sides, and the few that are meant.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::side::{Resource, Side};

/// A difference that is meant: where it is, and why it has to be.
#[derive(Debug)]
pub(crate) struct Exception {
    /// ARM's type of the resource.
    pub(crate) kind: &'static str,
    /// The end of its id, if it is about some resources of the type only.
    pub(crate) id: &'static str,
    /// The property, such as `properties.credentials`, with all that is below it.
    pub(crate) path: &'static str,
    /// Why the targets cannot be the same here.
    pub(crate) reason: &'static str,
}

/// One place where the targets are not the same.
#[derive(Debug, PartialEq)]
pub(crate) struct Difference {
    kind: String,
    id: String,
    path: String,
    text: String,
}

impl Difference {
    /// The place in `exceptions` of the one that allows this.
    pub(crate) fn allowed_by(&self, exceptions: &[Exception]) -> Option<usize> {
        exceptions.iter().position(|exception| {
            let below = self.path.strip_prefix(exception.path);
            let is_its = exception.kind == self.kind && self.id.ends_with(exception.id);
            is_its && below.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    }

    /// The difference in words.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// Every difference between what the two targets would deploy.
pub(crate) fn differences(bicep: &Side, terraform: &Side) -> Vec<Difference> {
    let ids: BTreeSet<_> = bicep.resources.keys().chain(terraform.resources.keys()).collect();
    let mut found = Vec::new();
    for id in ids {
        match (bicep.resources.get(id), terraform.resources.get(id)) {
            (Some(one), Some(other)) => resource(id, one, other, &mut found),
            (Some(one), None) => found.push(alone(id, one, "Bicep")),
            (None, Some(other)) => found.push(alone(id, other, "Terraform")),
            (None, None) => {}
        }
    }
    found
}

fn alone(id: &str, resource: &Resource, target: &str) -> Difference {
    Difference {
        kind: resource.kind.clone(),
        id: id.to_owned(),
        path: String::new(),
        text: format!("only {target} makes {id}"),
    }
}

fn resource(id: &str, bicep: &Resource, terraform: &Resource, found: &mut Vec<Difference>) {
    let mut add = |path: &str, text: String| {
        found.push(Difference {
            kind: bicep.kind.clone(),
            id: id.to_owned(),
            path: path.to_owned(),
            text: format!("{id}: {path}: {text}"),
        });
    };
    if bicep.kind != terraform.kind {
        add("type", format!("{} in Bicep, {} in Terraform", bicep.kind, terraform.kind));
    }
    // If azurerm hides its version, there is nothing to compare.
    if let (Some(one), Some(other)) = (&bicep.version, &terraform.version)
        && one != other
    {
        add("apiVersion", format!("{one} in Bicep, {other} in Terraform"));
    }
    values("", &normal(bicep), &normal(terraform), &mut add);
}

/// The body with lists sorted that are sets to the service.
fn normal(resource: &Resource) -> Json {
    let mut body = resource.body.clone();
    if resource.kind == "Microsoft.Insights/diagnosticSettings" {
        for list in ["logs", "metrics"] {
            if let Some(items) = body["properties"][list].as_array_mut() {
                items.sort_by_key(|item| item["category"].to_string());
            }
        }
    }
    body
}

fn values(path: &str, bicep: &Json, terraform: &Json, add: &mut impl FnMut(&str, String)) {
    match (bicep, terraform) {
        (Json::Object(one), Json::Object(other)) => {
            let keys: BTreeSet<_> = one.keys().chain(other.keys()).collect();
            for key in keys {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                match (one.get(key), other.get(key)) {
                    (Some(one), Some(other)) => values(&path, one, other, add),
                    (Some(one), None) => add(&path, format!("only Bicep has it: {}", short(one))),
                    (None, Some(other)) => {
                        add(&path, format!("only Terraform has it: {}", short(other)));
                    }
                    (None, None) => {}
                }
            }
        }
        (Json::Array(one), Json::Array(other)) if one.len() == other.len() => {
            for (at, (one, other)) in one.iter().zip(other).enumerate() {
                values(&format!("{path}[{at}]"), one, other, add);
            }
        }
        (Json::String(one), Json::String(other)) if one != other => {
            // Long texts differ somewhere in the middle.
            let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
            let from = |text: &str| text.chars().skip(same.saturating_sub(20)).take(120).collect::<String>();
            add(path, format!("{:?} in Bicep, {:?} in Terraform (character {same})", from(one), from(other)));
        }
        (one, other) if one != other => add(path, format!("{} in Bicep, {} in Terraform", short(one), short(other))),
        _ => {}
    }
}

fn short(value: &Json) -> String {
    value.to_string().chars().take(120).collect()
}
