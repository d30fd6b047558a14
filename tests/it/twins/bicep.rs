//! Bicep's side: the snapshot of what ARM's own engine makes of the template, and the `dependsOn` of the built template.
//!
//! A snapshot says neither which statement a resource comes from, so each statement gets a tag before it is taken, nor what
//! `reference()` will answer, so that is filled in from Terraform's mocks and the engine evaluates what is left.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use serde_json::{Map, Value as Json, json};

use super::side::{Resource, Side, World, closure, each_text};
use crate::case::{Case, scratch};
use crate::{server, tool};

/// The tag that tells which statement a resource comes from.
const TAG: &str = "statement";

/// The resources that Bicep would deploy in this world; `None` without the tool.
pub(crate) fn side(case: &Case, world: &World) -> Option<Side> {
    let (_keep, folder) = scratch();
    let folder = case.copy(&folder).folder.join("bicep");
    let file = json!({ "path": folder.join("main.bicep") });
    let built = server::with_bicep(|bicep| bicep.ask("bicep/compile", &file))?;
    let Some(built) = built["contents"].as_str() else {
        return Some(Side { findings: vec![format!("bicep build: {}", built["diagnostics"])], ..Side::default() });
    };
    let mut template: Json = serde_json::from_str(built).unwrap();
    let mut statements = Statements::default();
    statements.read(&mut template, "");

    tool::put(&folder.join("tagged.json"), &template.to_string());
    let parameters = tool::get(&folder.join("main.bicepparam"));
    let parameters = parameters.replace("using './main.bicep'", "using './tagged.json'");
    tool::put(&folder.join("tagged.bicepparam"), &parameters);
    let mut snapshot = snapshot(&folder, "tagged", world)?;
    fill_in(&mut snapshot, world, &folder)?;
    Some(statements.side(&snapshot))
}

/// Everything that ARM's engine makes of a parameter file.
fn snapshot(folder: &Utf8Path, name: &str, world: &World) -> Option<Vec<Json>> {
    server::snapshot(&folder.join(format!("{name}.bicepparam")), &world.subscription, &world.group)
}

/// Replaces each `reference()` by its value in this world. An unknown one is kept, and will be a difference.
fn fill_in(resources: &mut [Json], world: &World, folder: &Utf8Path) -> Option<()> {
    let mut waiting = Vec::new();
    for resource in resources.iter_mut() {
        each_text(resource, &mut |text| {
            if let Some(ready) = with_references(text, world) {
                waiting.push(ready);
            }
        });
    }
    if waiting.is_empty() {
        return Some(());
    }
    let values = waiting.into_iter().enumerate();
    let values: Map<_, _> = values.map(|(at, text)| (at.to_string(), text.into())).collect();
    let template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [{
            "type": "Microsoft.Resources/tags", "apiVersion": "2024-03-01", "name": "values", "properties": values,
        }],
    });
    tool::put(&folder.join("values.json"), &template.to_string());
    tool::put(&folder.join("values.bicepparam"), "using './values.json'\n");
    let evaluated = snapshot(folder, "values", world)?;
    let mut evaluated = evaluated[0]["properties"].as_object()?.values();
    for resource in resources {
        each_text(resource, &mut |text| {
            if with_references(text, world).is_some() {
                let value = evaluated.next().and_then(Json::as_str).unwrap_or_default();
                value.clone_into(text);
            }
        });
    }
    Some(())
}

/// An expression with the answers of `reference()` in place; `None` for anything else, and if an answer is not known.
fn with_references(text: &str, world: &World) -> Option<String> {
    const CALL: &str = "reference(";
    if !text.starts_with('[') || !text.ends_with(']') || !text.contains(CALL) {
        return None;
    }
    let mut ready = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(CALL) {
        // Names of resource groups may hold parentheses, but no quotes.
        let (arguments, after) = after.split_once("')")?;
        let arguments: Vec<_> = arguments.split(", ").map(|argument| argument.trim_matches('\'')).collect();
        let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(after.len());
        let (path, mut after) = after.split_at(end);
        let mut path = path.strip_prefix('.')?.to_owned();
        // `endpoints['AI Foundry API']`, as JMESPath writes it.
        if let Some(quoted) = after.strip_prefix("['") {
            let (key, behind) = quoted.split_once("']")?;
            path = format!("{path}.\"{key}\"");
            after = behind;
        }
        let (id, version, path) = match arguments.as_slice() {
            [id, version, "full"] => (id, version, path),
            [id, version] => (id, version, format!("properties.{path}")),
            _ => return None,
        };
        let answer = world.known.get(&((*id).to_owned(), (*version).to_owned(), path))?;
        ready.push_str(before);
        ready.push_str(&format!("'{}'", answer.replace('\'', "''")));
        rest = after;
    }
    ready.push_str(rest);
    Some(ready)
}

/// The statements of a template and of all templates in it, by their place.
#[derive(Default)]
struct Statements {
    /// For each statement those that are done before it.
    before: BTreeMap<String, BTreeSet<String>>,
    /// The loops that make one resource after the other.
    serial: BTreeSet<String>,
    findings: Vec<String>,
}

/// The resources that one statement of a template creates, and those that it waits for.
struct Statement {
    names: Vec<String>,
    makes: BTreeSet<String>,
    waits: Vec<String>,
    /// Creates nothing, so resources that wait for it wait for its dependencies.
    exists: bool,
}

impl Statements {
    /// Tags every statement that makes a resource and notes its order; gives the places of all.
    fn read(&mut self, template: &mut Json, place: &str) -> BTreeSet<String> {
        let mut here = Vec::new();
        match &mut template["resources"] {
            Json::Object(resources) => {
                for (symbol, resource) in resources.iter_mut() {
                    let place = format!("{place}/{symbol}");
                    here.push(self.statement(resource, &place, vec![symbol.clone()]));
                }
            }
            Json::Array(resources) => {
                for (at, resource) in resources.iter_mut().enumerate() {
                    let names = names(resource);
                    here.push(self.statement(resource, &format!("{place}/{at}"), names));
                }
            }
            other => panic!("a template without resources: {other}"),
        }
        for statement in here.iter().filter(|statement| !statement.exists) {
            for name in &statement.waits {
                let before = self.made_by(name, &here, place);
                for made in &statement.makes {
                    self.before.entry(made.clone()).or_default().extend(before.iter().cloned());
                }
            }
        }
        here.into_iter().flat_map(|statement| statement.makes).collect()
    }

    fn statement(&mut self, resource: &mut Json, place: &str, names: Vec<String>) -> Statement {
        let waits = resource["dependsOn"].as_array().into_iter().flatten();
        let waits = waits.map(|name| name.as_str().unwrap().to_owned()).collect();
        let exists = resource["existing"] == true;
        let makes = if exists {
            BTreeSet::new()
        } else if resource["type"] == "Microsoft.Resources/deployments" {
            self.read(&mut resource["properties"]["template"], place)
        } else {
            resource["tags"] = json!({ TAG: place });
            self.before.entry(place.to_owned()).or_default();
            if resource["copy"]["mode"] == "serial" && resource["copy"]["batchSize"] == 1 {
                self.serial.insert(place.to_owned());
            }
            BTreeSet::from([place.to_owned()])
        };
        Statement { names, makes, waits, exists }
    }

    /// The resources of the statement that a `dependsOn` names.
    fn made_by(&mut self, name: &str, here: &[Statement], place: &str) -> BTreeSet<String> {
        let named = here.iter().find(|one| {
            one.names.iter().any(|known| {
                name == known || name.ends_with(&format!(", {known})]")) || name.ends_with(&format!("({known})]"))
            })
        });
        let Some(named) = named else {
            self.findings.push(format!("{place}: dependsOn names nothing: {name}"));
            return BTreeSet::new();
        };
        if !named.exists {
            return named.makes.clone();
        }
        named.waits.iter().flat_map(|name| self.made_by(name, here, place)).collect()
    }

    /// The tagged resources of a snapshot, in this order.
    fn side(self, snapshot: &[Json]) -> Side {
        let mut side = Side { findings: self.findings, ..Side::default() };
        let mut made: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for one in snapshot {
            let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
            let statement = one["tags"][TAG].as_str().unwrap_or_default().to_owned();
            let own = ["id", "type", "name", "apiVersion", "tags"];
            let body = one.as_object().unwrap().iter();
            let body: Map<_, _> = body
                .filter(|(name, _)| !own.contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            let turns = self.serial.get(&statement).cloned();
            let resource = Resource {
                kind: text("type"),
                version: Some(text("apiVersion")),
                body: body.into(),
                turns: turns.into_iter().collect(),
            };
            made.entry(statement).or_default().insert(text("id"));
            side.add(text("id"), resource);
        }
        for (statement, before) in closure(&self.before) {
            let before: BTreeSet<_> = before.iter().filter_map(|one| made.get(one)).flatten().cloned().collect();
            for id in made.get(&statement).into_iter().flatten() {
                side.before.insert(id.clone(), before.clone());
            }
        }
        side
    }
}

/// How a `dependsOn` names a statement that has no symbol: the end of its `resourceId(…)`, or the name of its loop.
fn names(resource: &Json) -> Vec<String> {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let name = text(&resource["name"]);
    let arguments = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        None => format!("'{}'", name.replace('\'', "''")),
        Some(expression) => segments(expression).unwrap_or(expression).to_owned(),
    };
    let mut names = vec![format!("'{}', {arguments}", text(&resource["type"]))];
    names.extend(resource["copy"]["name"].as_str().map(str::to_owned));
    names
}

/// The arguments of `format('{0}/{1}', …)`, which are the segments of a name.
fn segments(expression: &str) -> Option<&str> {
    let (shape, arguments) = expression.strip_prefix("format('")?.strip_suffix(')')?.split_once("', ")?;
    let is_name = shape.contains('/') && shape.chars().all(|c| "{}/".contains(c) || c.is_ascii_digit());
    is_name.then_some(arguments)
}

#[test]
fn references_are_filled_in_where_they_are_known() {
    let mut world = World::default();
    for (id, path, answer) in [
        ("/a", "identity.principalId", "it's"),
        ("/a", "properties.endpoint", "https://x/"),
        ("/g(1)", "properties.endpoint", "https://y/"),
    ] {
        let key = (id.to_owned(), "1".to_owned(), path.to_owned());
        world.known.insert(key, answer.to_owned());
    }
    for (text, ready) in [
        ("[guid('x', reference('/a', '1', 'full').identity.principalId)]", Some("[guid('x', 'it''s')]")),
        ("[split(reference('/a', '1').endpoint, '/')[2]]", Some("[split('https://x/', '/')[2]]")),
        ("[reference('/a', '2').endpoint]", None),
        ("[reference('/g(1)', '1').endpoint]", Some("['https://y/']")),
        ("[reference('/a', '1').other]", None),
        ("[x]", None),
        ("reference('/a', '1').endpoint", None),
    ] {
        assert_eq!(with_references(text, &world).as_deref(), ready, "{text}");
    }
}

#[test]
fn order_is_read_from_both_forms_of_templates() {
    let kind = "Microsoft.ApiManagement/service/apis";
    let old = json!({ "resources": [
        { "type": kind, "name": "[format('{0}/{1}', parameters('s'), 'a')]" },
        { "type": kind, "name": "b", "copy": { "name": "many", "mode": "serial", "batchSize": 1 } },
        { "type": kind, "name": "c", "dependsOn": [format!("[resourceId('{kind}', parameters('s'), 'a')]"), "many"] },
        { "type": kind, "name": "d", "dependsOn": ["nobody"] },
    ]});
    let mut template = json!({ "resources": {
        "service": { "type": "Microsoft.ApiManagement/service", "existing": true, "dependsOn": ["first"] },
        "module": { "type": "Microsoft.Resources/deployments", "properties": { "template": old }, "dependsOn": ["service"] },
        "first": { "type": kind, "name": "e" },
        "last": { "type": kind, "name": "f", "dependsOn": ["module"] },
    }});
    let mut statements = Statements::default();
    statements.read(&mut template, "");
    let before = closure(&statements.before);
    let before = |place: &str| before[place].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(before("/module/0"), ["/first"]);
    assert_eq!(before("/module/2"), ["/first", "/module/0", "/module/1"]);
    assert_eq!(before("/last").len(), 5);
    assert!(statements.serial.contains("/module/1"));
    assert_eq!(statements.findings, ["/module: dependsOn names nothing: nobody"]);
    assert_eq!(template["resources"]["first"]["tags"][TAG], "/first");
}
