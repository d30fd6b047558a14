//! Inlines other files into the document: schemas, parameters, responses and bodies as components, everything else at
//! the reference. The service follows no reference out of the document.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use camino::Utf8Path;
use serde_json::{Map, Value};

use super::files::{Files, Holder, Unfollowed};
use super::refs::Keys;
use super::{Findings, Notation, pointer};
use crate::diag::Code;
use crate::source::{FileId, Sources, Step, YamlPath};

/// Maximum number of values that may be inlined into a document.
const MOST_COPIED: usize = 1_000_000;
/// Maximum nesting of inlined references.
const DEEPEST: usize = 8;

/// The target of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Schema,
    Parameter,
    Response,
    RequestBody,
    /// A part that is inlined at the reference.
    Part,
}

impl Role {
    /// The section for parts of this kind; `None`: inlined.
    fn section(self, format: Notation) -> Option<&'static [&'static str]> {
        match (self, format) {
            (Self::Schema, Notation::OpenApi3) => Some(&["components", "schemas"]),
            (Self::Parameter, Notation::OpenApi3) => Some(&["components", "parameters"]),
            (Self::Response, Notation::OpenApi3) => Some(&["components", "responses"]),
            (Self::RequestBody, Notation::OpenApi3) => Some(&["components", "requestBodies"]),
            (Self::Schema, Notation::Swagger2) => Some(&["definitions"]),
            (Self::Parameter, Notation::Swagger2) => Some(&["parameters"]),
            (Self::Response, Notation::Swagger2) => Some(&["responses"]),
            (Self::RequestBody, Notation::Swagger2) | (Self::Part, _) => None,
        }
    }

    /// By the key of the reference, and the key around it if that is a keyword of OpenAPI.
    fn of(around: Option<&str>, key: Option<&str>) -> Self {
        match (around, key) {
            (Some("parameters"), _) => Self::Parameter,
            (Some("responses"), _) => Self::Response,
            (Some("requestBodies"), _) | (_, Some("requestBody")) => Self::RequestBody,
            (Some("paths" | "pathItems" | "headers" | "examples" | "links" | "callbacks" | "securitySchemes"), _) => {
                Self::Part
            }
            _ => Self::Schema,
        }
    }
}

/// A part of a file: its holder and its pointer.
type Target = (Holder, String);

pub(super) struct Bundle<'s> {
    own: FileId,
    format: Notation,
    files: Files<'s>,
    /// Names of the document's own schemas: Swagger 1.2 referred to one as `$ref: Pet`.
    schemas: BTreeSet<String>,
    /// Component names of the parts of other files.
    names: BTreeMap<(Role, Target), String>,
    /// Components that remain to be written.
    waiting: VecDeque<(Role, Target, String)>,
    /// Used names of each kind of component.
    taken: BTreeMap<Role, BTreeSet<String>>,
    copied: usize,
    is_full: bool,
}

/// The position of a walk.
#[derive(Default)]
struct At {
    holder: Option<Holder>,
    /// The path in the resulting document.
    path: Vec<Step>,
    /// References that are being inlined.
    open: Vec<Target>,
}

impl<'s> Bundle<'s> {
    pub(super) fn new(
        own: FileId,
        format: Notation,
        root: &Value,
        folder: &Utf8Path,
        sources: &'s mut Sources,
    ) -> Self {
        let roles = [Role::Schema, Role::Parameter, Role::Response, Role::RequestBody];
        let names = |role: Role| {
            let section = role.section(format).unwrap_or_default();
            let section = section.iter().try_fold(root, |value, key| value.get(*key));
            let keys = section.and_then(Value::as_object).into_iter().flat_map(Map::keys);
            (role, keys.cloned().collect::<BTreeSet<String>>())
        };
        let taken: BTreeMap<_, _> = roles.into_iter().map(names).collect();
        Self {
            own,
            format,
            files: Files::new(own, folder, sources),
            schemas: taken[&Role::Schema].clone(),
            names: BTreeMap::new(),
            waiting: VecDeque::new(),
            taken,
            copied: 0,
            is_full: false,
        }
    }

    /// Inlines the references of paths, also within this document: the service looks for operations in the path only.
    pub(super) fn path_items(&mut self, root: &mut Value, findings: &mut Findings<'_>) {
        let Some(Value::Object(paths)) = root.get("paths") else {
            return;
        };
        let is_elsewhere = |item: &Value| item.get("$ref").is_some_and(Value::is_string);
        let elsewhere = paths.iter().filter(|(_, item)| is_elsewhere(item));
        let elsewhere: Vec<String> = elsewhere.map(|(path, _)| path.clone()).collect();
        for path in elsewhere {
            let mut item = root["paths"][&path].take();
            let here = vec![Step::Key("paths".to_owned()), Step::Key(path.clone())];
            for _ in 0..DEEPEST {
                let own = item.get("$ref").and_then(Value::as_str);
                let Some(own) = own.filter(|own| own.starts_with('#')) else {
                    break;
                };
                let Some(there) = pointer::target(root, own) else {
                    break;
                };
                let (there, from) = (there.clone(), pointer::path_of(root, own));
                self.spend(&there);
                findings.origins.add(here.iter().cloned().collect(), self.own, from.unwrap_or_default());
                item = beside(there, item);
            }
            let mut at = At { path: here, ..At::default() };
            self.walk(&mut item, Keys::Words, Role::Part, None, &mut at, findings);
            root["paths"][&path] = item;
        }
    }

    /// Inlines all parts of other files.
    pub(super) fn all(&mut self, root: &mut Value, findings: &mut Findings<'_>) {
        self.walk(root, Keys::Words, Role::Part, None, &mut At::default(), findings);
        while let Some((role, (holder, pointer), name)) = self.waiting.pop_front() {
            let section = role.section(self.format).expect("bundle: only parts with a section wait");
            let tree = self.files.tree(holder).and_then(|tree| tree.pointer(&pointer));
            let mut part = tree.expect("bundle: parts in the queue were found").clone();
            self.spend(&part);
            let steps = section.iter().map(|key| (*key).to_owned()).chain([name.clone()]);
            let mut at = At { holder: Some(holder), path: steps.map(Step::Key).collect(), open: Vec::new() };
            self.remember(&at, holder, &pointer, findings);
            if let (Role::Schema, Value::Object(schema)) = (role, &mut part) {
                // Keywords of JSON Schema about the file; its definitions become components where they are used.
                for word in ["$schema", "$id", "id", "$defs", "definitions"] {
                    if word != "id" || schema.get(word).is_some_and(Value::is_string) {
                        schema.shift_remove(word);
                    }
                }
            }
            self.walk(&mut part, Keys::Words, role, None, &mut at, findings);
            let mut map = &mut *root;
            for key in section {
                let Value::Object(object) = map else { return };
                map = object.entry(*key).or_insert_with(|| Map::new().into());
            }
            if let Value::Object(map) = map {
                map.insert(name, part);
            }
        }
        if self.is_full {
            let full = findings.whole(Code::DefinitionTooDeep);
            findings.push(
                full.says("the files of the definition repeat too much")
                    .because("expanded, they have more than a million values, or too many nested references")
                    .help("check that this is the document you mean, or bundle it"),
            );
        }
    }

    fn walk(
        &mut self,
        value: &mut Value,
        keys: Keys,
        role: Role,
        word: Option<&str>,
        at: &mut At,
        findings: &mut Findings<'_>,
    ) {
        match value {
            Value::Object(map) if keys == Keys::Words && map.get("$ref").is_some_and(Value::is_string) => {
                self.reference(value, role, at, findings);
            }
            Value::Object(map) => {
                for (key, child) in map.iter_mut() {
                    if !child.is_object() && !child.is_array() {
                        continue;
                    }
                    let Some(below) = keys.below(key, child) else {
                        continue;
                    };
                    let own = (keys == Keys::Words).then_some(key.as_str());
                    at.path.push(Step::Key(key.clone()));
                    if own == Some("discriminator") {
                        self.mapping(child, at, findings);
                    }
                    self.walk(child, below, Role::of(word, own), own, at, findings);
                    at.path.pop();
                }
            }
            Value::Array(list) => {
                for (index, child) in list.iter_mut().enumerate() {
                    at.path.push(Step::Index(index));
                    self.walk(child, Keys::Words, Role::of(word, None), None, at, findings);
                    at.path.pop();
                }
            }
            _ => {}
        }
    }

    /// Schemas that a discriminator refers to are references as well, though they do not look like any.
    fn mapping(&mut self, discriminator: &mut Value, at: &mut At, findings: &mut Findings<'_>) {
        let Some(Value::Object(mapping)) = discriminator.get_mut("mapping") else {
            return;
        };
        at.path.push(Step::Key("mapping".to_owned()));
        for (word, target) in mapping.iter_mut() {
            // A plain name refers to a component.
            let is_file = |text: &str| {
                let ends = [".json", ".yaml", ".yml"];
                ends.iter().any(|end| text.ends_with(end))
            };
            let is_reference = |text: &&str| text.contains(['#', '/']) || is_file(text);
            let Some(text) = target.as_str().filter(is_reference) else {
                continue;
            };
            let mut reference = Map::from_iter([("$ref".to_owned(), text.into())]).into();
            at.path.push(Step::Key(word.clone()));
            self.reference(&mut reference, Role::Schema, at, findings);
            at.path.pop();
            if let Some(there) = reference.get_mut("$ref") {
                *target = there.take();
            }
        }
        at.path.pop();
    }

    /// Turns a reference into one within this document, or inlines its target.
    fn reference(&mut self, value: &mut Value, role: Role, at: &mut At, findings: &mut Findings<'_>) {
        let text = value["$ref"].as_str().unwrap_or_default().to_owned();
        let (file, fragment) = text.split_once('#').unwrap_or((&text, ""));
        let from = at.holder.unwrap_or(Holder::Own);
        if from == Holder::Own && (file.is_empty() || self.schemas.contains(file)) {
            return;
        }
        let place = |findings: &Findings<'_>| {
            let steps = at.path.iter().cloned().chain([Step::Key("$ref".to_owned())]);
            findings.origins.value(self.own, &steps.collect())
        };
        let holder = if file.is_empty() {
            from
        } else {
            let place = place(findings);
            match self.files.find(file, self.files.id(from, self.own), &place, findings) {
                Ok(holder) => holder,
                Err(Unfollowed::Elsewhere) => return,
                Err(Unfollowed::Reported) => {
                    *value = Map::new().into();
                    return;
                }
            }
        };
        if holder == Holder::Own {
            value["$ref"] = format!("#{fragment}").into();
            return;
        }
        let pointer = pointer::percent_decoded(fragment).unwrap_or_else(|| fragment.to_owned());
        let found = self.files.tree(holder).and_then(|tree| tree.pointer(&pointer));
        let Some(found) = found else {
            let what = match file {
                "" => "the file",
                file => file,
            };
            findings.push(
                Code::DanglingRef
                    .at(place(findings))
                    .says(format!("`{what}` has nothing at `#{fragment}`"))
                    .because("the reference points there")
                    .help("add the part, or correct the reference"),
            );
            *value = Map::new().into();
            return;
        };
        let target = (holder, pointer);
        if let Some(section) = role.section(self.format) {
            let name = self.name(role, target);
            value["$ref"] = format!("#/{}/{name}", section.join("/")).into();
            return;
        }
        let mut part = found.clone();
        self.spend(&part);
        if self.is_full || at.open.len() >= DEEPEST || at.open.contains(&target) {
            self.is_full = true;
            *value = Map::new().into();
            return;
        }
        self.remember(at, holder, &target.1, findings);
        at.open.push(target);
        let outer = at.holder.replace(holder);
        self.walk(&mut part, Keys::Words, role, None, at, findings);
        at.holder = outer;
        at.open.pop();
        *value = beside(part, value.take());
    }

    /// The component for a part of another file.
    fn name(&mut self, role: Role, target: Target) -> String {
        let key = (role, target);
        if let Some(name) = self.names.get(&key) {
            return name.clone();
        }
        let (holder, pointer) = &key.1;
        let stem = usable(self.files.stem(*holder));
        let last = pointer::tokens(pointer).last().map(|token| usable(&token));
        let name = last.filter(|name| !name.is_empty()).unwrap_or_else(|| stem.clone());
        let taken = self.taken.entry(role).or_default();
        let numbered = (2..).map(|number| format!("{stem}_{name}_{number}"));
        let mut names = [name.clone(), format!("{stem}_{name}")].into_iter().chain(numbered);
        let name = names.find(|name| !taken.contains(name)).expect("bundle: numbers do not end");
        taken.insert(name.clone());
        self.names.insert(key.clone(), name.clone());
        self.waiting.push_back((role, key.1, name.clone()));
        name
    }

    fn remember(&self, at: &At, holder: Holder, pointer: &str, findings: &mut Findings<'_>) {
        let there = self.files.tree(holder);
        let there = there.and_then(|tree| pointer::path_of(tree, &format!("#{pointer}")));
        let here: YamlPath = at.path.iter().cloned().collect();
        let file = self.files.id(holder, self.own);
        findings.origins.add(here, file, there.unwrap_or_default());
    }

    /// Counts the inlined values.
    fn spend(&mut self, part: &Value) {
        self.copied += nodes(part);
        self.is_full |= self.copied > MOST_COPIED;
    }
}

/// The target of a reference, with the keys beside the reference, which describe this use.
fn beside(mut part: Value, reference: Value) -> Value {
    if let (Value::Object(part), Value::Object(reference)) = (&mut part, reference) {
        for (key, value) in reference.into_iter().filter(|(key, _)| key != "$ref") {
            part.insert(key, value);
        }
    }
    part
}

fn nodes(value: &Value) -> usize {
    match value {
        Value::Object(map) => 1 + map.values().map(nodes).sum::<usize>(),
        Value::Array(list) => 1 + list.iter().map(nodes).sum::<usize>(),
        _ => 1,
    }
}

/// A valid component name (OpenAPI 3.0.3, Components Object).
fn usable(name: &str) -> String {
    let sign = |c: char| match c {
        'A'..='Z' | 'a'..='z' | '0'..='9' | '.' | '-' | '_' => c,
        _ => '_',
    };
    name.chars().map(sign).collect()
}
