//! Inlines other files into the document: what OpenAPI lets be a reference becomes a component, everything else is written at the
//! reference. The service follows no reference out of the document.
//!
//! If operations are selected, the shared parts of the document itself are included like those of other files: when something needs
//! them. Files that no selected operation needs are not read.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use camino::Utf8Path;
use serde_json::{Map, Value};

use super::files::{Files, Holder, Unfollowed};
use super::operations::METHODS;
use super::place::{Place, ROLES, Role, SHARED};
use super::refs::Keys;
use super::{Findings, Notation, pointer};
use crate::diag::{Code, Location, Report};
use crate::source::{FileId, Sources, Step, YamlPath};

/// Maximum number of values that may be inlined into a document.
const MOST_COPIED: usize = 1_000_000;
/// Maximum length of all inlined texts, in bytes.
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// Maximum nesting of inlined references.
const DEEPEST: usize = 8;

/// A part of a file: its holder and its pointer.
pub(super) type Target = (Holder, String);

/// The selected operations: methods by path.
pub(super) type Selected = BTreeMap<String, BTreeSet<&'static str>>;

pub(super) struct Bundle<'s> {
    own: FileId,
    format: Notation,
    files: Files<'s>,
    /// The document as it was; `None` if nothing in it has to be looked up.
    document: Option<Value>,
    /// The operations to keep; `None`: all.
    selected: Option<Selected>,
    /// Names of the document's own schemas: Swagger 1.2 referred to one as `$ref: Pet`.
    schemas: BTreeSet<String>,
    /// Component names of the parts of other files.
    names: BTreeMap<(Role, Target), String>,
    /// Components that remain to be written.
    waiting: VecDeque<(Role, Target, String)>,
    /// Components that are in the document, or will be.
    placed: BTreeSet<(Role, String)>,
    /// Names of the document's own components, in its order.
    order: BTreeMap<Role, Vec<String>>,
    /// Used names of each kind of component.
    taken: BTreeMap<Role, BTreeSet<String>>,
    copied: usize,
    bytes: usize,
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
    pub(super) fn new(own: FileId, format: Notation, folder: &Utf8Path, sources: &'s mut Sources) -> Self {
        Self {
            own,
            format,
            files: Files::new(own, folder, sources),
            document: None,
            selected: None,
            schemas: BTreeSet::new(),
            names: BTreeMap::new(),
            waiting: VecDeque::new(),
            placed: BTreeSet::new(),
            order: BTreeMap::new(),
            taken: BTreeMap::new(),
            copied: 0,
            bytes: 0,
            is_full: false,
        }
    }

    /// Looks parts of this document up where they are needed. Returns it if its paths are no object.
    pub(super) fn look_up(&mut self, root: Value, findings: &mut Findings<'_>) -> Result<Vec<(String, Target)>, Value> {
        self.document = Some(root);
        match self.paths(findings) {
            Some(paths) => Ok(paths),
            None => Err(self.document.take().unwrap_or_default()),
        }
    }

    /// Reads files that could not be used once more, and reports them again.
    pub(super) fn forget_failures(&mut self) {
        self.files.forget_failures();
    }

    /// Keeps only these operations. The result holds none of the document's shared parts yet.
    pub(super) fn keep(&mut self, selected: Selected) -> Value {
        let skeleton = self.skeleton(&selected);
        self.selected = Some(selected);
        skeleton
    }

    /// The document with nothing but the selected paths, and without shared parts.
    fn skeleton(&self, selected: &Selected) -> Value {
        let mut skeleton = Map::new();
        for (key, value) in self.document.as_ref().and_then(Value::as_object).into_iter().flatten() {
            let value = match (key.as_str(), value) {
                ("webhooks", _) => continue,
                (key, _) if key.starts_with("x-") => continue,
                ("definitions" | "parameters" | "responses", _) => Map::new().into(),
                ("paths", Value::Object(paths)) if !paths.contains_key("$ref") => {
                    let kept = paths.iter().filter(|(path, _)| selected.contains_key(*path));
                    kept.map(|(path, item)| (path.clone(), item.clone())).collect::<Map<_, _>>().into()
                }
                ("components", Value::Object(sections)) => {
                    let bare = |section: &str| is_shared(section).then(|| Map::new().into());
                    let all = sections.iter();
                    let all = all.map(|(key, value)| (key.clone(), bare(key).unwrap_or_else(|| value.clone())));
                    all.collect::<Map<_, _>>().into()
                }
                (_, value) => value.clone(),
            };
            skeleton.insert(key.clone(), value);
        }
        skeleton.into()
    }

    /// The paths of the document, also of another file: each with its path item. `None`: they are no object.
    fn paths(&mut self, findings: &mut Findings<'_>) -> Option<Vec<(String, Target)>> {
        let (holder, pointer) = self.followed((Holder::Own, "/paths".to_owned()), findings)?;
        let paths = self.tree(holder)?.pointer(&pointer)?.as_object()?;
        let target = |path: &String| (path.clone(), (holder, format!("{pointer}/{}", pointer::escaped(path))));
        Some(paths.keys().map(target).collect())
    }

    /// True if an operation of a path item is in another file.
    pub(super) fn is_elsewhere(&self, (holder, pointer): &Target) -> bool {
        let item = self.tree(*holder).and_then(|tree| tree.pointer(pointer));
        let refers = |value: &Value| {
            let to = value.get("$ref").and_then(Value::as_str);
            to.is_some_and(|to| !to.starts_with('#'))
        };
        item.is_some_and(|item| refers(item) || METHODS.iter().any(|method| item.get(method).is_some_and(refers)))
    }

    /// The operations of a path item: method, and id as in the document.
    pub(super) fn known(&mut self, item: Target, findings: &mut Findings<'_>) -> Vec<(&'static str, Option<String>)> {
        let mut known: BTreeMap<&'static str, Option<String>> = BTreeMap::new();
        let mut next = Some(item);
        for _ in 0..DEEPEST {
            let Some((holder, pointer)) = next.take() else { break };
            let Some(Value::Object(item)) = self.tree(holder).and_then(|tree| tree.pointer(&pointer)) else { break };
            let methods: Vec<_> = METHODS.into_iter().filter(|method| item.contains_key(*method)).collect();
            let to = item.get("$ref").and_then(Value::as_str).map(ToOwned::to_owned);
            for method in methods {
                if !known.contains_key(method) {
                    let operation = self.followed((holder, format!("{pointer}/{method}")), findings);
                    let operation = operation.and_then(|(holder, pointer)| self.tree(holder)?.pointer(&pointer));
                    let id = operation.and_then(|operation| operation.get("operationId")?.as_str());
                    known.insert(method, id.map(ToOwned::to_owned));
                }
            }
            next = to.and_then(|to| self.hop((holder, &pointer), &to, findings));
        }
        METHODS.into_iter().filter_map(|method| Some((method, known.remove(method)?))).collect()
    }

    /// The tree of a file.
    fn tree(&self, holder: Holder) -> Option<&Value> {
        match holder {
            Holder::Own => self.document.as_ref(),
            Holder::Other(_) => self.files.tree(holder),
        }
    }

    /// The target of a reference at a place of a file.
    fn hop(&mut self, (holder, at): (Holder, &str), to: &str, findings: &mut Findings<'_>) -> Option<Target> {
        let (file, fragment) = to.split_once('#').unwrap_or((to, ""));
        let pointer = pointer::percent_decoded(fragment)?;
        if file.is_empty() {
            return Some((holder, pointer));
        }
        let id = self.files.id(holder, self.own);
        let path = self.tree(holder).and_then(|tree| pointer::path_of(tree, &format!("#{at}")));
        let place = Location::value(id, path.unwrap_or_default().key("$ref"));
        let holder = self.files.find(file, id, &place, findings).ok()?;
        Some((holder, pointer))
    }

    /// The part itself, or the target of its reference.
    fn followed(&mut self, target: Target, findings: &mut Findings<'_>) -> Option<Target> {
        let mut target = self.located(target, findings)?;
        for _ in 0..DEEPEST {
            let part = self.tree(target.0)?.pointer(&target.1)?;
            let Some(to) = part.get("$ref").and_then(Value::as_str).map(ToOwned::to_owned) else {
                return Some(target);
            };
            let next = self.hop((target.0, &target.1), &to, findings)?;
            target = self.located(next, findings)?;
        }
        None
    }

    /// The place of a part, also if a section around it is in another file.
    fn located(&mut self, mut target: Target, findings: &mut Findings<'_>) -> Option<Target> {
        for _ in 0..DEEPEST {
            let tree = self.tree(target.0)?;
            if tree.pointer(&target.1).is_some() {
                return Some(target);
            }
            let mut node = tree;
            let mut done = 0;
            let to = loop {
                if let Some(to) = node.get("$ref").and_then(Value::as_str) {
                    break to.to_owned();
                }
                let rest = target.1[done..].strip_prefix('/')?;
                let token = rest.split('/').next()?;
                node = node.pointer(&format!("/{token}"))?;
                done += 1 + token.len();
            };
            let (above, rest) = target.1.split_at(done);
            let (holder, pointer) = self.hop((target.0, above), &to, findings)?;
            target = (holder, format!("{pointer}{rest}"));
        }
        None
    }

    /// Learns the names of the document's own components.
    fn learn(&mut self, root: &Value, findings: &Findings<'_>) {
        let mut unseen = Report::default();
        let mut quiet = Findings::new(self.own, findings.from, &mut unseen);
        for role in ROLES {
            let Some(section) = role.section(self.format) else { continue };
            let pointer = format!("/{}", section.join("/"));
            let target = match self.document {
                Some(_) => self.followed((Holder::Own, pointer.clone()), &mut quiet),
                None => Some((Holder::Own, pointer.clone())),
            };
            let Some((holder, pointer)) = target else { continue };
            let tree = self.tree(holder).unwrap_or(root);
            let keys = tree.pointer(&pointer).and_then(Value::as_object).into_iter().flat_map(Map::keys);
            let keys: Vec<String> = keys.cloned().collect();
            if role == Role::Schema && holder == Holder::Own {
                self.schemas = keys.iter().cloned().collect();
            }
            for key in &keys {
                if holder != Holder::Own {
                    let target = (holder, format!("{pointer}/{}", pointer::escaped(key)));
                    self.names.insert((role, target), key.clone());
                }
                if self.selected.is_none() {
                    self.placed.insert((role, key.clone()));
                }
            }
            self.taken.insert(role, keys.iter().cloned().collect());
            self.order.insert(role, keys);
        }
        self.files.forget_failures();
    }

    /// Inlines all parts of other files.
    pub(super) fn all(&mut self, root: &mut Value, findings: &mut Findings<'_>) {
        if self.document.is_none() && refers_in_place(root, Place::ROOT) {
            self.document = Some(root.clone());
        }
        self.learn(root, findings);
        self.walk(root, Place::ROOT, &mut At::default(), findings);
        while let Some((role, (holder, pointer), name)) = self.waiting.pop_front() {
            if self.is_full {
                break;
            }
            let section = role.section(self.format).expect("bundle: only parts with a section wait");
            let tree = self.tree(holder).and_then(|tree| tree.pointer(&pointer));
            let part = tree.expect("bundle: parts in the queue were found");
            let is_other = holder != Holder::Own;
            let cost = if is_other { cost(part) } else { (0, 0) };
            let mut part = part.clone();
            self.spend(cost);
            let steps = section.iter().map(|key| (*key).to_owned()).chain([name.clone()]);
            let mut at = At { holder: Some(holder), path: steps.map(Step::Key).collect(), open: Vec::new() };
            self.remember(&at, holder, &pointer, findings);
            if let (Role::Schema, true, Value::Object(schema)) = (role, is_other, &mut part) {
                // Keywords of JSON Schema about the file; its definitions become components where they are used.
                for word in ["$schema", "$id", "id", "$defs", "definitions"] {
                    if word != "id" || schema.get(word).is_some_and(Value::is_string) {
                        schema.shift_remove(word);
                    }
                }
            }
            self.walk(&mut part, Place { role, ..Place::ROOT }, &mut at, findings);
            let mut map = &mut *root;
            for key in section {
                let Value::Object(object) = map else { return };
                map = object.entry(*key).or_insert_with(|| Map::new().into());
            }
            if let Value::Object(map) = map {
                map.insert(name, part);
            }
        }
        if self.selected.is_some() {
            self.sort(root);
        }
        if self.is_full {
            let full = findings.whole(Code::DefinitionTooDeep);
            findings.push(
                full.says("the files of the definition repeat too much")
                    .because("expanded, they have more than a million values or 32 MiB of text, or too many nested references")
                    .help("check that this is the document you mean, or bundle it"),
            );
        }
    }

    /// Brings the document's own components into its order, before those of other files.
    fn sort(&self, root: &mut Value) {
        for (role, keys) in &self.order {
            let section = role.section(self.format).unwrap_or_default();
            let section = section.iter().try_fold(&mut *root, |value, key| value.get_mut(*key));
            let Some(Value::Object(section)) = section else { continue };
            let mut sorted = Map::new();
            for key in keys {
                sorted.extend(section.shift_remove(key).map(|part| (key.clone(), part)));
            }
            sorted.append(section);
            *section = sorted;
        }
    }

    fn walk(&mut self, value: &mut Value, here: Place<'_>, at: &mut At, findings: &mut Findings<'_>) {
        match value {
            Value::Object(map) if here.is_reference(map) => self.reference(value, here, at, findings),
            Value::Object(map) => {
                self.keep_selected(map, at);
                for (key, child) in map.iter_mut() {
                    if !child.is_object() && !child.is_array() {
                        continue;
                    }
                    at.path.push(Step::Key(key.clone()));
                    match here.below(key, child) {
                        Some(below) => {
                            if here.keys == Keys::Words && key == "discriminator" {
                                self.mapping(child, at, findings);
                            }
                            self.walk(child, below, at, findings);
                        }
                        None if is_data_in_file(child) => self.reference(child, Place::DATA, at, findings),
                        None => {}
                    }
                    at.path.pop();
                }
            }
            Value::Array(list) => {
                for (index, child) in list.iter_mut().enumerate() {
                    at.path.push(Step::Index(index));
                    self.walk(child, here.inside(), at, findings);
                    at.path.pop();
                }
            }
            _ => {}
        }
    }

    /// Removes operations that are not selected, and shared parts: those that are needed follow.
    fn keep_selected(&self, map: &mut Map<String, Value>, at: &At) {
        let Some(selected) = &self.selected else { return };
        match at.path.as_slice() {
            [Step::Key(paths)] if paths == "paths" => map.retain(|path, _| selected.contains_key(path)),
            [Step::Key(paths), Step::Key(path)] if paths == "paths" => {
                let is_operation = |key: &str| key == "trace" || METHODS.contains(&key);
                let methods = selected.get(path);
                map.retain(|key, _| !is_operation(key) || methods.is_some_and(|all| all.contains(key.as_str())));
            }
            [Step::Key(components)] if components == "components" => {
                for (_, section) in map.iter_mut().filter(|(key, _)| is_shared(key)) {
                    *section = Map::new().into();
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
            self.reference(&mut reference, Place { role: Role::Schema, ..Place::ROOT }, at, findings);
            at.path.pop();
            if let Some(there) = reference.get_mut("$ref") {
                *target = there.take();
            }
        }
        at.path.pop();
    }

    /// Turns a reference into one within this document, or inlines its target.
    fn reference(&mut self, value: &mut Value, here: Place<'_>, at: &mut At, findings: &mut Findings<'_>) {
        let text = value["$ref"].as_str().unwrap_or_default().to_owned();
        let (file, fragment) = text.split_once('#').unwrap_or((&text, ""));
        let from = at.holder.unwrap_or(Holder::Own);
        if from == Holder::Own && self.schemas.contains(file) {
            return;
        }
        let own = self.own;
        let place = |findings: &Findings<'_>| {
            let steps = at.path.iter().cloned().chain([Step::Key("$ref".to_owned())]);
            findings.origins.value(own, &steps.collect())
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
        let pointer = pointer::percent_decoded(fragment).unwrap_or_else(|| fragment.to_owned());
        let is_in_place = here.is_in_place();
        if holder == Holder::Own {
            value["$ref"] = format!("#{fragment}").into();
            if !is_in_place {
                self.need(&pointer, findings);
                return;
            }
        }
        let Some(target) = self.located((holder, pointer), findings) else {
            if holder == Holder::Own {
                return; // `refs` reports it
            }
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
        if let Some(section) = here.role.section(self.format).filter(|_| !is_in_place) {
            let name = self.name(here.role, target);
            value["$ref"] = format!("#/{}/{}", section.join("/"), pointer::escaped(&name)).into();
            return;
        }
        self.inline(value, target, here, at, findings);
    }

    /// Writes the target of a reference in its place, with the keys beside the reference, which describe this use.
    fn inline(&mut self, value: &mut Value, target: Target, here: Place<'_>, at: &mut At, findings: &mut Findings<'_>) {
        let tree = self.tree(target.0).and_then(|tree| tree.pointer(&target.1));
        let found = tree.expect("bundle: the target was found");
        let cost = cost(found);
        let is_too_deep = at.open.len() >= DEEPEST || at.open.contains(&target);
        if self.is_full || is_too_deep || self.is_too_much(cost) {
            self.is_full = true;
            *value = Map::new().into();
            return;
        }
        let mut part = found.clone();
        self.spend(cost);
        let mut beside = value.take();
        if let Value::Object(beside) = &mut beside {
            beside.shift_remove("$ref");
        }
        self.remember_beside(&beside, at, findings);
        let has_data = here.role == Role::Data;
        if !has_data {
            self.walk(&mut beside, here, at, findings);
        }
        self.remember(at, target.0, &target.1, findings);
        if !has_data {
            let outer = at.holder.replace(target.0);
            at.open.push(target);
            self.walk(&mut part, here, at, findings);
            at.open.pop();
            at.holder = outer;
        }
        if let (Value::Object(part), Value::Object(beside)) = (&mut part, beside) {
            part.extend(beside);
        }
        *value = part;
    }

    /// Includes a component of the document itself, if only the needed ones are.
    fn need(&mut self, pointer: &str, findings: &mut Findings<'_>) {
        if self.selected.is_none() {
            return;
        }
        let tokens: Vec<String> = pointer::tokens(pointer).collect();
        for role in ROLES {
            let Some(section) = role.section(self.format) else { continue };
            let is_in = section.iter().zip(&tokens).all(|(a, b)| a == b);
            let Some(name) = tokens.get(section.len()).filter(|_| is_in) else { continue };
            let own = format!("/{}/{}", section.join("/"), pointer::escaped(name));
            if self.placed.insert((role, name.clone()))
                && let Some(target) = self.located((Holder::Own, own), findings)
            {
                self.waiting.push_back((role, target, name.clone()));
            }
        }
    }

    /// The component for a part of another file.
    fn name(&mut self, role: Role, target: Target) -> String {
        let key = (role, target);
        let name = match self.names.get(&key) {
            Some(name) => name.clone(),
            None => {
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
                name
            }
        };
        if self.placed.insert((role, name.clone())) {
            self.waiting.push_back((role, key.1, name.clone()));
        }
        name
    }

    fn remember(&self, at: &At, holder: Holder, pointer: &str, findings: &mut Findings<'_>) {
        let there = self.tree(holder);
        let there = there.and_then(|tree| pointer::path_of(tree, &format!("#{pointer}")));
        let here: YamlPath = at.path.iter().cloned().collect();
        let file = self.files.id(holder, self.own);
        findings.origins.add(here, file, there.unwrap_or_default());
    }

    /// Keys beside a reference stay where they were.
    fn remember_beside(&self, beside: &Value, at: &At, findings: &mut Findings<'_>) {
        let here: YamlPath = at.path.iter().cloned().collect();
        for key in beside.as_object().into_iter().flat_map(Map::keys) {
            let (file, there) = findings.origins.find(self.own, &here.key(key));
            findings.origins.add(here.key(key), file, there);
        }
    }

    /// Counts what is inlined.
    fn spend(&mut self, (nodes, bytes): (usize, usize)) {
        self.copied += nodes;
        self.bytes += bytes;
        self.is_full |= self.is_too_much((0, 0));
    }

    fn is_too_much(&self, (nodes, bytes): (usize, usize)) -> bool {
        self.copied + nodes > MOST_COPIED || self.bytes + bytes > MOST_BYTES
    }
}

/// True for a section of `components` that holds shared parts.
fn is_shared(section: &str) -> bool {
    SHARED.contains(&["components", section].as_slice())
}

/// True if a reference has to be replaced by its target, which then is looked up in the document as it was.
fn refers_in_place(value: &Value, here: Place<'_>) -> bool {
    match value {
        Value::Object(map) => {
            here.is_reference(map) && here.is_in_place()
                || map
                    .iter()
                    .any(|(key, child)| here.below(key, child).is_some_and(|below| refers_in_place(child, below)))
        }
        Value::Array(list) => list.iter().any(|child| refers_in_place(child, here.inside())),
        _ => false,
    }
}

/// True for an example, default or extension whose data is in a file.
fn is_data_in_file(value: &Value) -> bool {
    let map = value.as_object().filter(|map| map.len() == 1);
    let to = map.and_then(|map| map.get("$ref")?.as_str());
    let file = to.map(|to| to.split('#').next().unwrap_or(to)).map(Utf8Path::new);
    let end = file.and_then(Utf8Path::extension).unwrap_or_default();
    ["json", "yaml", "yml", "md", "txt"].iter().any(|known| end.eq_ignore_ascii_case(known))
}

/// The number of values in a part, and the length of its texts.
fn cost(value: &Value) -> (usize, usize) {
    let add = |(nodes, bytes): (usize, usize), value: &Value, key: usize| {
        let (more, longer) = cost(value);
        (nodes + more, bytes + longer + key)
    };
    match value {
        Value::Object(map) => map.iter().fold((1, 0), |sum, (key, value)| add(sum, value, key.len())),
        Value::Array(list) => list.iter().fold((1, 0), |sum, value| add(sum, value, 0)),
        Value::String(text) => (1, text.len()),
        _ => (1, 0),
    }
}

/// A valid component name (OpenAPI 3.0.3, Components Object).
pub(super) fn usable(name: &str) -> String {
    let sign = |c: char| match c {
        'A'..='Z' | 'a'..='z' | '0'..='9' | '.' | '-' | '_' => c,
        _ => '_',
    };
    name.chars().map(sign).collect()
}
