//! All `$ref`s of a document: external, dangling and circular references.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::pointer::{path_of, target};
use super::{Findings, SHOWN, more_of};
use crate::diag::{Code, closest};
use crate::source::{Step, YamlPath};

/// Keys whose value maps names chosen by authors, so that a name like `example` below them has no special meaning.
const NAME_MAPS: [&str; 24] = [
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "examples",
    "headers",
    "links",
    "mapping",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securityDefinitions",
    "securitySchemes",
    "variables",
    "webhooks",
    "x-webhooks",
];
/// The help for a recursive schema.
const LOOSEN: &str = "no action is needed: the inner reference is removed, the documentation shows any value there, and requests are not affected";
/// Maximum number of references that `follow` follows: a reference to a reference is rare, one to itself is a mistake.
const HOPS: usize = 16;

/// The meaning of an object's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    /// Keywords of OpenAPI.
    Words,
    /// Names chosen by authors.
    Names,
    /// Names of examples, whose `value` is data.
    Examples,
}

impl Keys {
    /// The meaning of a child's keys; `None` if the child is data, in which a `$ref` is not a reference.
    pub(super) fn below(self, key: &str, child: &Value) -> Option<Self> {
        match self {
            Self::Words => match key {
                "default" | "example" | "const" | "enum" => None,
                // In a schema it is a list of data, elsewhere a map of example objects.
                "examples" if !child.is_object() => None,
                "examples" => Some(Self::Examples),
                _ if NAME_MAPS.contains(&key) && child.is_object() => Some(Self::Names),
                _ if key.starts_with("x-") => None,
                _ => Some(Self::Words),
            },
            Self::Names => Some(Self::Words),
            // Only a `$ref` in place of the example counts, which `walk` sees.
            Self::Examples => child.get("$ref").map(|_| Self::Words),
        }
    }
}

/// The way back to the root, which costs nothing until a finding needs it.
struct Trail<'t> {
    up: Option<&'t Self>,
    step: Way<'t>,
}

#[derive(Clone, Copy)]
enum Way<'t> {
    Key(&'t str),
    Index(usize),
}

impl Trail<'_> {
    fn path(&self) -> YamlPath {
        let mut steps = Vec::new();
        let mut next = Some(self);
        while let Some(trail) = next {
            steps.push(match trail.step {
                Way::Key(key) => Step::Key(key.to_owned()),
                Way::Index(index) => Step::Index(index),
            });
            next = trail.up;
        }
        steps.into_iter().rev().collect()
    }
}

/// A reference in the document.
enum Reference<'v> {
    /// `$ref`, to this.
    To(&'v str),
    /// A keyword of JSON Schema that exists only for recursive schemas.
    Dynamic(&'v str),
}

/// Calls `found` with every reference below a value.
fn walk<'v>(value: &'v Value, keys: Keys, up: Option<&Trail<'_>>, found: &mut dyn FnMut(Reference<'v>, &Trail<'_>)) {
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                let trail = Trail { up, step: Way::Key(key) };
                match child {
                    // The map itself is elsewhere. In a map of strings, `$ref` is a name like any other.
                    Value::String(target) if keys != Keys::Words => {
                        let is_of_strings = matches!(up, Some(Trail { step: Way::Key("mapping" | "scopes"), .. }));
                        if key == "$ref" && !is_of_strings {
                            found(Reference::To(target), &trail);
                        }
                    }
                    Value::String(target) => match key.as_str() {
                        "$ref" => found(Reference::To(target), &trail),
                        "$dynamicRef" | "$recursiveRef" => found(Reference::Dynamic(key), &trail),
                        _ => {}
                    },
                    Value::Object(_) | Value::Array(_) => {
                        if let Some(below) = keys.below(key, child) {
                            walk(child, below, Some(&trail), found);
                        }
                    }
                    _ => {}
                }
            }
        }
        Value::Array(list) => {
            for (index, child) in list.iter().enumerate() {
                let step = Way::Index(index);
                walk(child, Keys::Words, Some(&Trail { up, step }), found);
            }
        }
        _ => {}
    }
}

/// The value itself, or the target of its reference.
pub(super) fn follow<'v>(root: &'v Value, value: &'v Value) -> &'v Value {
    let mut value = value;
    for _ in 0..HOPS {
        let reference = value.get("$ref").and_then(Value::as_str);
        match reference.and_then(|reference| target(root, reference)) {
            Some(next) => value = next,
            None => break,
        }
    }
    value
}

/// The references of a document by their target, each with its first location.
#[derive(Default)]
struct References<'v> {
    outside: BTreeMap<&'v str, (YamlPath, usize)>,
    nowhere: BTreeMap<&'v str, YamlPath>,
    inside: BTreeMap<&'v str, YamlPath>,
    dynamic: Vec<(&'v str, YamlPath)>,
}

impl<'v> References<'v> {
    fn add(&mut self, root: &'v Value, reference: Reference<'v>, trail: &Trail<'_>) {
        let to = match reference {
            Reference::To(to) => to,
            Reference::Dynamic(key) => {
                self.dynamic.push((key, trail.path()));
                return;
            }
        };
        if !to.starts_with('#') {
            let file = to.split('#').next().unwrap_or(to);
            self.outside.entry(file).and_modify(|(_, count)| *count += 1).or_insert_with(|| (trail.path(), 1));
        } else if !self.inside.contains_key(to) && !self.nowhere.contains_key(to) {
            let map = match target(root, to) {
                Some(_) => &mut self.inside,
                None => &mut self.nowhere,
            };
            map.insert(to, trail.path());
        }
    }
}

/// Reports external and dangling references, and recursive schemas. Returns the references that must be removed so that no
/// schema is recursive.
pub(super) fn check(root: &Value, findings: &mut Findings) -> Vec<YamlPath> {
    let mut found = References::default();
    walk(root, Keys::Words, None, &mut |reference, trail| {
        found.add(root, reference, trail);
    });
    let References { outside, nowhere, inside, dynamic } = found;

    let outside = outside.into_iter().map(|(file, (path, count))| {
        let times = match count - 1 {
            0 => String::new(),
            more => format!(", here and in {}", more_of(more, "place")),
        };
        findings
            .value(Code::ExternalRef, path)
            .says(format!("a `$ref` points to `{file}`{times}"))
            .because("API Management follows no reference out of a document, and Gatewright downloads nothing")
            .help_if(definition_called(root, file), |own| format!("did you mean `{own}`?"))
            .help(
                "save the file beside the document and refer to it, or bundle the parts, for example with `redocly bundle`",
            )
    });
    let outside = outside.collect();
    findings.push_few(outside, "file");

    let nowhere = nowhere.into_iter().enumerate().map(|(position, (reference, path))| {
        findings
            .value(Code::DanglingRef, path)
            .says(format!("the `$ref` `{reference}` cannot be resolved"))
            .because("the service rejects a document with an unresolved reference")
            .help(match (position < SHOWN).then(|| nearby(root, reference)).flatten() {
                Some(near) => format!("did you mean `{near}`?"),
                None => "add the part, or correct the reference".to_owned(),
            })
    });
    let nowhere = nowhere.collect();
    findings.push_few(nowhere, "reference");

    let graph = Graph::new(root, inside.keys().copied());
    let (cycle, closing) = graph.cycles();
    let more = closing.len().saturating_sub(1);
    let mut cut = graph.places(root, &closing);
    if let Some((first, others)) = cycle.as_deref().and_then(<[_]>::split_first) {
        let through = match others {
            [] => String::new(),
            _ => {
                let names: Vec<_> = others.iter().map(|reference| short(reference)).collect();
                format!(" through `{}`", names.join("`, `"))
            }
        };
        let more = match more {
            0 => String::new(),
            _ => format!(", and there {} like it", are_more(more)),
        };
        findings.push(
            findings
                .key(Code::RecursiveSchema, path_of(root, first).unwrap_or_default())
                .says(format!("`{}` contains itself{through}{more}", short(first)))
                .because("API Management does not support recursive schemas")
                .help(LOOSEN),
        );
    } else if let Some((key, path)) = dynamic.first().cloned() {
        findings.push(
            findings
                .key(Code::RecursiveSchema, path)
                .says(format!("a schema contains itself through `{key}`"))
                .because("API Management does not support recursive schemas")
                .help(LOOSEN),
        );
    }
    cut.extend(dynamic.into_iter().map(|(_, path)| path));
    cut
}

fn are_more(count: usize) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{verb} {}", more_of(count, "reference"))
}

/// The part of the document whose reference is most similar to a dangling one.
fn nearby(root: &Value, reference: &str) -> Option<String> {
    let mut node = root;
    let mut tokens = reference.strip_prefix("#/")?.split('/');
    let mut start = "#".to_owned();
    let missing = loop {
        let token = tokens.next()?;
        match target(node, &format!("#/{token}")) {
            Some(child) => node = child,
            None => break token,
        }
        start = format!("{start}/{token}");
    };
    let keys = node.as_object()?.keys().map(String::as_str);
    let near = closest(missing, keys)?.replace('~', "~0").replace('/', "~1");
    let rest: String = tokens.map(|token| format!("/{token}")).collect();
    let near = format!("{start}/{near}{rest}");
    target(root, &near).is_some().then_some(near)
}

/// Swagger 1.2 referred to a schema as `$ref: Pet`.
fn definition_called(root: &Value, name: &str) -> Option<String> {
    ["/definitions/", "/components/schemas/"]
        .into_iter()
        .find(|place| {
            let map = root.pointer(place.trim_end_matches('/'));
            map.and_then(Value::as_object).is_some_and(|map: &Map<_, _>| map.contains_key(name))
        })
        .map(|place| format!("#{place}{name}"))
}

/// `#/components/schemas/Pet` → `Pet`; other references unchanged.
fn short(reference: &str) -> &str {
    ["#/components/schemas/", "#/definitions/"]
        .into_iter()
        .find_map(|start| reference.strip_prefix(start))
        .unwrap_or(reference)
}

/// The references in the target of each reference.
struct Graph<'v> {
    names: Vec<&'v str>,
    edges: Vec<Vec<usize>>,
}

impl<'v> Graph<'v> {
    fn new(root: &'v Value, references: impl Iterator<Item = &'v str>) -> Self {
        // By address: `#/a` and `#/%61` are one node.
        let mut number: BTreeMap<*const Value, usize> = BTreeMap::new();
        let mut nodes = Vec::new();
        for reference in references {
            if let Some(value) = target(root, reference)
                && !number.contains_key(&std::ptr::from_ref(value))
            {
                number.insert(value, nodes.len());
                nodes.push((reference, value));
            }
        }
        let edges = nodes.iter().map(|(_, value)| {
            let mut edges = Vec::new();
            walk(value, Keys::Words, None, &mut |reference, _| {
                if let Reference::To(to) = reference
                    && let Some(value) = target(root, to)
                {
                    edges.extend(number.get(&std::ptr::from_ref(value)));
                }
            });
            edges.sort_unstable();
            edges.dedup();
            edges
        });
        Self { edges: edges.collect(), names: nodes.iter().map(|(reference, _)| *reference).collect() }
    }

    /// One cycle, and every edge that closes one. Walks without recursion: a chain may be as long as the document.
    fn cycles(&self) -> (Option<Vec<&'v str>>, Vec<(usize, usize)>) {
        #[derive(Clone, Copy, PartialEq)]
        enum Mark {
            New,
            Open,
            Done,
        }
        let mut marks = vec![Mark::New; self.names.len()];
        let mut cycle = None;
        let mut closing = Vec::new();
        for start in 0..self.names.len() {
            if marks[start] != Mark::New {
                continue;
            }
            marks[start] = Mark::Open;
            let mut open = vec![(start, 0)];
            while let Some((node, next)) = open.last_mut() {
                let node = *node;
                let Some(&child) = self.edges[node].get(*next) else {
                    marks[node] = Mark::Done;
                    open.pop();
                    continue;
                };
                *next += 1;
                match marks[child] {
                    Mark::Done => {}
                    Mark::New => {
                        marks[child] = Mark::Open;
                        open.push((child, 0));
                    }
                    Mark::Open => {
                        closing.push((node, child));
                        if cycle.is_none() {
                            let around = open.iter().skip_while(|(node, _)| *node != child);
                            cycle = Some(around.map(|(node, _)| self.names[*node]).collect());
                        }
                    }
                }
            }
        }
        (cycle, closing)
    }

    /// The references that are an edge of these.
    fn places(&self, root: &'v Value, edges: &[(usize, usize)]) -> Vec<YamlPath> {
        // One walk for each node, however many of its edges are asked for.
        let mut wanted: BTreeMap<usize, BTreeSet<*const Value>> = BTreeMap::new();
        for (node, child) in edges {
            let child = target(root, self.names[*child]).map(std::ptr::from_ref);
            wanted.entry(*node).or_default().extend(child);
        }
        let mut places = Vec::new();
        for (node, children) in wanted {
            let node = self.names[node];
            let (Some(at), Some(value)) = (path_of(root, node), target(root, node)) else {
                continue;
            };
            walk(value, Keys::Words, None, &mut |reference, trail| {
                if let Reference::To(to) = reference
                    && target(root, to).is_some_and(|value| children.contains(&std::ptr::from_ref(value)))
                {
                    let below = trail.path();
                    let steps = at.steps().iter().chain(below.steps()).cloned();
                    places.push(steps.collect());
                }
            });
        }
        places
    }
}

/// Removes references from a document: the remaining objects accept any value.
pub(super) fn remove(root: &mut Value, references: &[YamlPath]) {
    for path in references {
        let Some((Step::Key(key), above)) = path.steps().split_last() else {
            continue;
        };
        let holder = above.iter().try_fold(&mut *root, |value, step| match step {
            Step::Key(key) => value.get_mut(key),
            Step::Index(index) => value.get_mut(*index),
        });
        if let Some(Value::Object(holder)) = holder {
            holder.shift_remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::pointer::{path_of, target};
    use super::follow;

    #[test]
    fn references_are_json_pointers() {
        let root = json!({"paths": {"/a b": {"get": [1, {"x~y": 2}]}}});
        for reference in ["#/paths/~1a b/get/1/x~0y", "#/paths/~1a%20b/get/1/x~0y"] {
            assert_eq!(target(&root, reference), Some(&json!(2)));
            let path = path_of(&root, reference).unwrap();
            assert_eq!(path.to_string(), "paths./a b.get[1].x~y");
        }
        assert_eq!(target(&root, "#"), Some(&root));
        for reference in ["#/paths/x", "#anchor", "#/%", "#/%f", "#/%ff", "#/paths/~1a b/get/7"] {
            assert_eq!(target(&root, reference), None, "{reference}");
        }
    }

    #[test]
    fn a_circle_is_not_followed_for_ever() {
        let root = json!({"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}, "c": {"$ref": "#/d"}, "d": 1});
        assert!(follow(&root, &root["a"]).is_object());
        assert_eq!(follow(&root, &root["c"]), &json!(1));
    }
}
