//! Names of components that the specification does not allow: `List«Place»`, `Me/nu`. They are names within the document that no caller
//! sees, so they get allowed ones.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Notation;
use super::bundle::usable;
use super::place::{Place, ROLES};
use super::pointer;
use super::refs::Keys;

/// New names of components, by the pointer of a component.
type Renamed = BTreeMap<String, String>;

/// Renames components, and changes the references to them. Swagger 2.0 allows any name.
pub(super) fn components(root: &mut Value, notation: Notation) {
    if notation == Notation::Swagger2 {
        return;
    }
    let mut renamed = Renamed::new();
    for section in ROLES.into_iter().filter_map(|role| role.section(notation)) {
        let parts = section.iter().try_fold(&mut *root, |value, key| value.get_mut(*key));
        let Some(Value::Object(parts)) = parts else { continue };
        if parts.keys().all(|name| is_usable(name)) {
            continue;
        }
        let mut taken: BTreeSet<String> = parts.keys().cloned().collect();
        let mut all = Map::new();
        for (name, part) in std::mem::take(parts) {
            let new = if is_usable(&name) { name.clone() } else { free(&name, &taken) };
            if new != name {
                taken.insert(new.clone());
                renamed.insert(format!("/{}/{}", section.join("/"), pointer::escaped(&name)), new.clone());
            }
            all.insert(new, part);
        }
        *parts = all;
    }
    if !renamed.is_empty() {
        references(root, Place::ROOT, &renamed);
    }
}

fn is_usable(name: &str) -> bool {
    !name.is_empty() && usable(name) == name
}

/// The allowed name that is closest, with a number if another part has it.
fn free(name: &str, taken: &BTreeSet<String>) -> String {
    let stem = if name.is_empty() { "_".to_owned() } else { usable(name) };
    let numbered = (2..).map(|number| format!("{stem}_{number}"));
    let mut names = [stem.clone()].into_iter().chain(numbered);
    names.find(|name| !taken.contains(name)).expect("definition: numbers do not end")
}

/// Changes the references below a value.
fn references(value: &mut Value, here: Place<'_>, renamed: &Renamed) {
    match value {
        Value::Object(map) => {
            for (key, child) in map.iter_mut() {
                match child {
                    Value::String(to) if here.keys == Keys::Words && key == "$ref" => change(to, renamed),
                    Value::Object(child) if here.keys == Keys::Words && key == "discriminator" => {
                        let mapping = child.get_mut("mapping").and_then(Value::as_object_mut);
                        for to in mapping.into_iter().flatten().map(|(_, to)| to) {
                            if let Value::String(to) = to {
                                change(to, renamed);
                            }
                        }
                    }
                    Value::Object(_) | Value::Array(_) => {
                        if let Some(below) = here.below(key, child) {
                            references(child, below, renamed);
                        }
                    }
                    _ => {}
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|child| references(child, here.inside(), renamed)),
        _ => {}
    }
}

/// A reference to a renamed component, or to a part of it. A discriminator may name its schema alone.
fn change(to: &mut String, renamed: &Renamed) {
    let Some(pointer) = to.strip_prefix('#').and_then(pointer::percent_decoded) else {
        if let Some(new) = renamed.get(&format!("/components/schemas/{}", pointer::escaped(to))) {
            new.clone_into(to);
        }
        return;
    };
    let end = pointer.match_indices('/').nth(3).map_or(pointer.len(), |(end, _)| end);
    let (component, rest) = pointer.split_at(end);
    if let Some(new) = renamed.get(component) {
        let section = component.rsplit_once('/').map_or("", |(section, _)| section);
        *to = format!("#{section}/{new}{rest}");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Notation;
    use super::components;

    #[test]
    fn names_that_are_not_allowed_are_replaced() {
        let mut root = json!({
            "paths": {"/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/A%20b"}}}}},
            "components": {
                "responses": {"A b": {"content": {"x": {"schema": {"$ref": "#/components/schemas/Me~1nu/properties/p"}}}}},
                "schemas": {
                    "Me_nu": {},
                    "Me/nu": {"properties": {"p": {}, "$ref": {"$ref": "#/components/schemas/List«P»"}}},
                    "List«P»": {"discriminator": {"mapping": {"a": "#/components/schemas/Me~1nu", "b": "List«P»", "c": "Me_nu"}},
                        "example": {"$ref": "#/components/schemas/Me~1nu"}}
                }
            }
        });
        components(&mut root, Notation::OpenApi3);
        assert_eq!(
            root,
            json!({
                "paths": {"/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/A_b"}}}}},
                "components": {
                    "responses": {"A_b": {"content": {"x": {"schema": {"$ref": "#/components/schemas/Me_nu_2/properties/p"}}}}},
                    "schemas": {
                        "Me_nu": {},
                        "Me_nu_2": {"properties": {"p": {}, "$ref": {"$ref": "#/components/schemas/List_P_"}}},
                        "List_P_": {"discriminator": {"mapping": {"a": "#/components/schemas/Me_nu_2", "b": "List_P_", "c": "Me_nu"}},
                            "example": {"$ref": "#/components/schemas/Me~1nu"}}
                    }
                }
            })
        );
    }
}
