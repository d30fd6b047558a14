//! Inlines other files into the document: schemas, parameters, responses and bodies as components, everything else at
//! the reference. The service follows no reference out of the document, and none where OpenAPI has no reference.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use camino::Utf8Path;
use serde_json::{Map, Value};

use super::files::{Files, Holder, Unfollowed};
use super::node::Node;
use super::operations::METHODS;
use super::{Findings, Notation, pointer};
use crate::diag::Code;
use crate::source::{FileId, Sources, Step, YamlPath};

/// Maximum number of values that may be inlined into a document.
const MOST_COPIED: usize = 1_000_000;
/// Maximum nesting of inlined references.
const DEEPEST: usize = 8;

/// The section for parts of a kind that documents share by name; `None`: they are written in place.
fn section(node: Node, format: Notation) -> Option<&'static [&'static str]> {
    match (node, format) {
        (Node::Schema, Notation::OpenApi3) => Some(&["components", "schemas"]),
        (Node::Parameter, Notation::OpenApi3) => Some(&["components", "parameters"]),
        (Node::Response, Notation::OpenApi3) => Some(&["components", "responses"]),
        (Node::RequestBody, Notation::OpenApi3) => Some(&["components", "requestBodies"]),
        (Node::Schema, Notation::Swagger2) => Some(&["definitions"]),
        (Node::Parameter, Notation::Swagger2) => Some(&["parameters"]),
        (Node::Response, Notation::Swagger2) => Some(&["responses"]),
        _ => None,
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
    names: BTreeMap<(Node, Target), String>,
    /// Components that remain to be written.
    waiting: VecDeque<(Node, Target, String)>,
    /// Used names of each kind of component.
    taken: BTreeMap<Node, BTreeSet<String>>,
    /// The document as it was, if something of it is written in other places.
    whole: Option<Value>,
    /// The files that path items, operations and sections came from, by their path.
    held: BTreeMap<Vec<Step>, Holder>,
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
        let nodes = [Node::Schema, Node::Parameter, Node::Response, Node::RequestBody];
        let names = |node: Node| {
            let section = section(node, format).unwrap_or_default();
            let section = section.iter().try_fold(root, |value, key| value.get(*key));
            let keys = section.and_then(Value::as_object).into_iter().flat_map(Map::keys);
            (node, keys.cloned().collect::<BTreeSet<String>>())
        };
        let taken: BTreeMap<_, _> = nodes.into_iter().map(names).collect();
        Self {
            own,
            format,
            files: Files::new(own, folder, sources),
            schemas: taken[&Node::Schema].clone(),
            whole: copies_parts(root, Node::Document).then(|| root.clone()),
            held: BTreeMap::new(),
            names: BTreeMap::new(),
            waiting: VecDeque::new(),
            taken,
            copied: 0,
            is_full: false,
        }
    }

    /// Inlines the references of paths and of their operations, also within this document, but nothing below: the service looks for
    /// operations in the path only, and a selection has to find them first.
    pub(super) fn operations(&mut self, root: &mut Value, findings: &mut Findings<'_>) {
        self.sections(root, findings);
        let Some(Value::Object(paths)) = root.get_mut("paths") else {
            return;
        };
        for (path, item) in paths {
            let here = vec![Step::Key("paths".to_owned()), Step::Key(path.clone())];
            let holder = self.shallow(Node::PathItem, item, Holder::Own, &here, findings);
            let Value::Object(item) = item else { continue };
            for (method, operation) in item.iter_mut().filter(|(key, _)| METHODS.contains(&key.as_str())) {
                let mut here = here.clone();
                here.push(Step::Key(method.clone()));
                self.shallow(Node::Operation, operation, holder, &here, findings);
            }
        }
    }

    /// Inlines sections of shared parts that are in files of their own, before parts of other files get names beside theirs.
    fn sections(&mut self, root: &mut Value, findings: &mut Findings<'_>) {
        for (node, map) in [
            (Node::Schema, Node::Map(&Node::Schema)),
            (Node::Parameter, Node::Map(&Node::Parameter)),
            (Node::Response, Node::Map(&Node::Response)),
            (Node::RequestBody, Node::Map(&Node::RequestBody)),
        ] {
            let Some(section) = section(node, self.format) else { continue };
            let here: Vec<Step> = section.iter().map(|key| Step::Key((*key).to_owned())).collect();
            let value = section.iter().try_fold(&mut *root, |value, key| value.get_mut(*key));
            let Some(value) = value.filter(|value| is_reference(value)) else { continue };
            self.shallow(map, value, Holder::Own, &here, findings);
            let names = value.as_object().into_iter().flat_map(Map::keys).cloned();
            self.taken.entry(node).or_default().extend(names);
        }
        self.schemas = self.taken[&Node::Schema].clone();
    }

    /// Replaces a reference by its target, and that one's if it is a reference too. Returns the file that the value came from.
    fn shallow(
        &mut self,
        node: Node,
        value: &mut Value,
        from: Holder,
        here: &[Step],
        findings: &mut Findings<'_>,
    ) -> Holder {
        let mut holder = from;
        for _ in 0..DEEPEST {
            if !is_reference(value) {
                break;
            }
            let mut at = At { holder: Some(holder), path: here.to_vec(), open: Vec::new() };
            let Some(target) = self.target(node, value, &at, findings) else { break };
            let Some(part) = self.part(&target).cloned() else { break };
            self.spend(&part);
            holder = target.0;
            at.holder = Some(holder);
            self.remember(&at, holder, &target.1, findings);
            *value = beside(part, value.take());
        }
        if holder != from {
            self.held.insert(here.to_vec(), holder);
        }
        holder
    }

    /// Inlines all parts of other files.
    pub(super) fn all(&mut self, root: &mut Value, findings: &mut Findings<'_>) {
        self.walk(root, Node::Document, &mut At::default(), findings);
        while let Some((node, (holder, pointer), name)) = self.waiting.pop_front() {
            let section = section(node, self.format).expect("bundle: only parts with a section wait");
            let part = self.files.tree(holder).and_then(|tree| tree.pointer(&pointer));
            let mut part = part.expect("bundle: parts in the queue were found").clone();
            self.spend(&part);
            let steps = section.iter().map(|key| (*key).to_owned()).chain([name.clone()]);
            let mut at = At { holder: Some(holder), path: steps.map(Step::Key).collect(), open: Vec::new() };
            self.remember(&at, holder, &pointer, findings);
            if let (Node::Schema, Value::Object(schema)) = (node, &mut part) {
                // Keywords of JSON Schema about the file; its definitions become components where they are used.
                for word in ["$schema", "$id", "id", "$defs", "definitions"] {
                    if word != "id" || schema.get(word).is_some_and(Value::is_string) {
                        schema.shift_remove(word);
                    }
                }
            }
            self.walk(&mut part, node, &mut at, findings);
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

    fn walk(&mut self, value: &mut Value, node: Node, at: &mut At, findings: &mut Findings<'_>) {
        let outer = at.holder;
        if !self.held.is_empty()
            && let Some(holder) = self.held.get(&at.path)
        {
            at.holder = Some(*holder);
        }
        match value {
            _ if is_reference(value) => self.reference(value, node, at, findings),
            Value::Object(map) => {
                for (key, child) in map.iter_mut() {
                    if !child.is_object() && !child.is_array() {
                        continue;
                    }
                    let Some(below) = node.below(key) else {
                        continue;
                    };
                    at.path.push(Step::Key(key.clone()));
                    if matches!(node, Node::Schema | Node::Part) && key == "discriminator" {
                        self.mapping(child, at, findings);
                    }
                    self.walk(child, below, at, findings);
                    at.path.pop();
                }
            }
            Value::Array(list) => {
                for (index, child) in list.iter_mut().enumerate() {
                    at.path.push(Step::Index(index));
                    self.walk(child, node.item(), at, findings);
                    at.path.pop();
                }
            }
            _ => {}
        }
        at.holder = outer;
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
            self.reference(&mut reference, Node::Schema, at, findings);
            at.path.pop();
            if let Some(there) = reference.get_mut("$ref") {
                *target = there.take();
            }
        }
        at.path.pop();
    }

    /// Turns a reference into one within this document, or inlines its target.
    fn reference(&mut self, value: &mut Value, node: Node, at: &mut At, findings: &mut Findings<'_>) {
        let Some(target) = self.target(node, value, at, findings) else {
            return;
        };
        let (holder, pointer) = &target;
        let holder = *holder;
        if holder == Holder::Own && !node.is_in_place() {
            value["$ref"] = format!("#{pointer}").into();
            return;
        }
        if let (Some(section), true) = (section(node, self.format), holder != Holder::Own) {
            let name = self.name(node, target);
            value["$ref"] = format!("#/{}/{name}", section.join("/")).into();
            return;
        }
        let Some(mut part) = self.part(&target).cloned() else { return };
        self.spend(&part);
        if self.is_full || at.open.len() >= DEEPEST || at.open.contains(&target) {
            self.is_full = true;
            *value = Map::new().into();
            return;
        }
        self.remember(at, holder, &target.1, findings);
        at.open.push(target);
        let outer = at.holder.replace(holder);
        self.walk(&mut part, node, at, findings);
        at.holder = outer;
        at.open.pop();
        *value = beside(part, value.take());
    }

    /// The part that a reference points to. `None`: it stays as it is, or it was reported and is removed.
    fn target(&mut self, node: Node, value: &mut Value, at: &At, findings: &mut Findings<'_>) -> Option<Target> {
        let text = value["$ref"].as_str().unwrap_or_default().to_owned();
        let (file, fragment) = text.split_once('#').unwrap_or((&text, ""));
        let from = at.holder.unwrap_or(Holder::Own);
        let is_name = node == Node::Schema && self.schemas.contains(file);
        if from == Holder::Own && (is_name || file.is_empty() && !node.is_in_place()) {
            return None;
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
                Err(Unfollowed::Elsewhere) => return None,
                Err(Unfollowed::Reported) => {
                    *value = Map::new().into();
                    return None;
                }
            }
        };
        let pointer = pointer::percent_decoded(fragment).unwrap_or_else(|| fragment.to_owned());
        if holder == Holder::Own && !node.is_in_place() {
            // Whether it is there is checked with all references of the document.
            return Some((holder, fragment.to_owned()));
        }
        let target = (holder, pointer);
        if self.part(&target).is_some() {
            return Some(target);
        }
        // At these places the check of all references of the document sees it.
        if holder == Holder::Own && file.is_empty() && !matches!(node, Node::Map(_) | Node::List(_)) {
            return None;
        }
        let what = match file {
            "" if holder == Holder::Own => "the document",
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
        None
    }

    /// A part of a file, or of the document itself.
    fn part(&self, (holder, pointer): &Target) -> Option<&Value> {
        let tree = match holder {
            Holder::Own => self.whole.as_ref(),
            Holder::Other(_) => self.files.tree(*holder),
        };
        tree?.pointer(pointer)
    }

    /// The component for a part of another file.
    fn name(&mut self, node: Node, target: Target) -> String {
        let key = (node, target);
        if let Some(name) = self.names.get(&key) {
            return name.clone();
        }
        let (holder, pointer) = &key.1;
        let stem = usable(self.files.stem(*holder));
        let last = pointer::tokens(pointer).last().map(|token| usable(&token));
        let name = last.filter(|name| !name.is_empty()).unwrap_or_else(|| stem.clone());
        let taken = self.taken.entry(node).or_default();
        let numbered = (2..).map(|number| format!("{stem}_{name}_{number}"));
        let mut names = [name.clone(), format!("{stem}_{name}")].into_iter().chain(numbered);
        let name = names.find(|name| !taken.contains(name)).expect("bundle: numbers do not end");
        taken.insert(name.clone());
        self.names.insert(key.clone(), name.clone());
        self.waiting.push_back((node, key.1, name.clone()));
        name
    }

    fn remember(&self, at: &At, holder: Holder, pointer: &str, findings: &mut Findings<'_>) {
        let there = match holder {
            Holder::Own => self.whole.as_ref(),
            Holder::Other(_) => self.files.tree(holder),
        };
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

/// True if a value is a reference: `$ref` with a text.
fn is_reference(value: &Value) -> bool {
    value.get("$ref").is_some_and(Value::is_string)
}

/// True if parts of the document itself may be written in other places: it has references to files, which may refer back, or references
/// where OpenAPI has none.
fn copies_parts(value: &Value, node: Node) -> bool {
    match value {
        Value::Object(map) => match map.get("$ref").and_then(Value::as_str) {
            Some(reference) => node.is_in_place() || !reference.starts_with('#'),
            None => map.iter().any(|(key, child)| node.below(key).is_some_and(|below| copies_parts(child, below))),
        },
        Value::Array(list) => list.iter().any(|child| copies_parts(child, node.item())),
        _ => false,
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
