//! Is everything there when it is needed? On both sides, each from the edges that its own tool computed: what a policy
//! or a backend names comes before it, and writes that API Management refuses to do at once come one after the other.

use std::collections::BTreeSet;

use camino::Utf8Path;
use gatewright::plan::ExpectedKind;
use roxmltree::Document;

use crate::case::{self, finds, none};
use crate::twins::Twins;
use crate::twins::side::{Resource, Side};

const SERVICE: &str = "Microsoft.ApiManagement/service";

/// A kind of object that policies name, and the ids of those that a side makes.
struct Nameable<'a> {
    kind: &'static str,
    made: Vec<(&'a str, &'a str)>,
}

impl<'a> Nameable<'a> {
    fn of(side: &'a Side, kind: &'static str) -> Self {
        let made = side.resources.iter();
        let made = made.filter(|(_, resource)| resource.kind == format!("{SERVICE}/{kind}"));
        let made = made.map(|(id, _)| (id.rsplit('/').next().unwrap_or_default(), id.as_str())).collect();
        Self { kind, made }
    }

    /// The id of the object with a name.
    fn id(&self, name: &str) -> Option<&'a str> {
        let made = self.made.iter().find(|(known, _)| *known == name)?;
        Some(made.1)
    }
}

/// The resources that a policy document names: kind and name.
fn named(policy: &str, backends: &Nameable) -> BTreeSet<(&'static str, String)> {
    let mut named = BTreeSet::new();
    let Ok(document) = Document::parse(policy) else {
        return named; // which another test finds
    };
    // Braces of Liquid are its own.
    let is_liquid = |node: &roxmltree::Node<'_, '_>| {
        let mut around = node.ancestors();
        around.any(|node| node.attribute("template") == Some("liquid"))
    };
    for node in document.descendants().filter(|node| !is_liquid(node)) {
        for attribute in node.attributes() {
            let value = attribute.value();
            let kind = match attribute.name() {
                "backend-id" | "embeddings-backend-id" => "backends",
                "fragment-id" => "policyFragments",
                "logger-id" => "loggers",
                _ => "",
            };
            if !kind.is_empty() && !value.starts_with('@') {
                named.insert((kind, value.to_owned()));
            }
        }
        let texts = node.attributes().map(|attribute| attribute.value()).chain(node.text());
        for text in texts {
            named.extend(between(text, "{{", "}}").map(|name| ("namedValues", name.to_owned())));
            // A choice among backends is made in C#, where their names are texts.
            if text.starts_with('@') {
                let texts = between(text, "\"", "\"").filter(|name| backends.id(name).is_some());
                let chosen = texts.filter(|name| !is_compared(text, name));
                named.extend(chosen.map(|name| ("backends", name.to_owned())));
            }
        }
    }
    named
}

/// Every text that follows `start`, up to the next `end`. With quotes this gives what is between texts too, which names nothing.
fn between<'a>(text: &'a str, start: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    let starts = text.match_indices(start).map(move |(at, _)| &text[at + start.len()..]);
    starts.filter_map(move |rest| Some(rest.split_once(end)?.0))
}

/// True if a C# string is always a key or compared: a backend may be called `model`, like a variable of the policy.
fn is_compared(code: &str, text: &str) -> bool {
    let quoted = format!("\"{text}\"");
    let mut places = code.match_indices(&quoted).map(|(at, _)| &code[..at]);
    let signs = ["[", "== ", "!= ", "ContainsKey(", "GetValueOrDefault("];
    places.all(|before| signs.iter().any(|sign| before.ends_with(sign)))
}

fn is_policy(resource: &Resource) -> bool {
    resource.kind.ends_with("/policies") || resource.kind.ends_with("/policyFragments")
}

/// The resources that a policy or a backend names and that do not exist when it is deployed.
fn named_by_text(side: &Side) -> Vec<String> {
    let kinds = ["backends", "policyFragments", "namedValues", "loggers"];
    let nameables = kinds.map(|kind| Nameable::of(side, kind));
    let mut found = Vec::new();
    for (user, resource) in &side.resources {
        let properties = &resource.body["properties"];
        let names = if is_policy(resource) {
            named(properties["value"].as_str().unwrap_or_default(), &nameables[0])
        } else if resource.kind == format!("{SERVICE}/backends") {
            let credentials = properties["credentials"].to_string();
            between(&credentials, "{{", "}}").map(|name| ("namedValues", name.to_owned())).collect()
        } else {
            continue;
        };
        for (kind, name) in names {
            let nameable = nameables.iter().find(|nameable| nameable.kind == kind).unwrap();
            match nameable.id(&name) {
                None => found.push(format!("{user} names {kind}/{name}, which is not created")),
                Some(id) if !side.orders(id, user) => {
                    found.push(format!("{user} names {id}, which may not be there yet"));
                }
                // An API that stops asking for keys is open until the policy that asks for tokens is there.
                Some(id) => {
                    let api = user.strip_suffix("/policies/policy").filter(|api| !side.orders(id, api));
                    found.extend(api.map(|api| format!("{api} may change before {id} is there")));
                }
            }
        }
    }
    found
}

/// Parents that may not be there when a child is written, and other ids in bodies.
fn references(side: &Side) -> Vec<String> {
    let mut found = Vec::new();
    for (id, resource) in &side.resources {
        let body = resource.body.to_string();
        for other in side.resources.keys().filter(|other| *other != id) {
            let is_named = id.starts_with(&format!("{other}/"))
                || body.contains(&format!("\"{other}\""))
                || body.contains(&format!("\"{other}/"));
            if is_named && !side.orders(other, id) {
                found.push(format!("{id} needs {other}, which may not be there yet"));
            }
        }
    }
    found
}

/// Writes that may happen at the same time although API Management refuses that.
fn collisions(side: &Side) -> Vec<String> {
    // A link from a product to an API ends in the API's name, and is no write below it.
    let api = |id: &str| {
        let (service, rest) = id.split_once("/apis/")?;
        let (name, _) = rest.split_once('/')?;
        Some(format!("{service}/apis/{name}"))
    };
    let group = |id: &str, resource: &Resource| {
        if resource.kind == format!("{SERVICE}/apis") {
            // Only what brings a definition is an import.
            return resource.body["properties"]["format"].is_string().then(|| "imports".to_owned());
        }
        api(id)
    };
    let all: Vec<_> = side.resources.iter().filter_map(|(id, one)| Some((group(id, one)?, id, one))).collect();
    let mut found = Vec::new();
    for (at, (group, id, one)) in all.iter().enumerate() {
        for (_, other_id, other) in all[at + 1..].iter().filter(|(other, ..)| other == group) {
            let is_ordered = side.orders(id, other_id) || side.orders(other_id, id);
            if !is_ordered && one.turns.is_disjoint(&other.turns) {
                found.push(format!("{id} and {other_id} may be written at once"));
            }
        }
    }
    found
}

/// The order that one target guarantees and the other does not.
fn one_sided(twins: &Twins) -> Vec<String> {
    let mut found = Vec::new();
    for (then, before) in &twins.terraform.before {
        for first in before {
            if !twins.bicep.orders(first, then) {
                found.push(format!("Terraform writes {first} before {then}, Bicep does not"));
            }
        }
    }
    found
}

fn order(twins: &Twins) -> Vec<String> {
    let mut found = one_sided(twins);
    for (target, side) in [("Bicep", &twins.bicep), ("Terraform", &twins.terraform)] {
        let all = [named_by_text(side), references(side), collisions(side)].concat();
        found.extend(all.iter().map(|finding| format!("{target}: {finding}")));
    }
    found.iter().map(|finding| format!("{}: {finding}", twins.case)).collect()
}

#[test]
fn everything_exists_before_it_is_used() {
    let fixtures = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/valid");
    let all = Twins::all();
    let found = all.iter().flat_map(|twins| {
        let file = fixtures.join(&twins.case).join("gateway.yaml");
        ours(twins, &file)
    });
    none(&found.collect::<Vec<_>>());
}

/// The findings about a case without those about resources that custom policies name and that GATEWAY.md lists as required. `file` is
/// its gateway file; without one, nothing is omitted.
pub(crate) fn ours(twins: &Twins, file: &Utf8Path) -> Vec<String> {
    let mut found = order(twins);
    if !file.exists() {
        return found;
    }
    let plan = case::planned(file);
    for one in plan.apis.iter().flat_map(|api| &api.expects) {
        let kind = match one.kind {
            ExpectedKind::Backend => "backends",
            ExpectedKind::Fragment => "policyFragments",
            ExpectedKind::Logger => "loggers",
            ExpectedKind::NamedValue => "namedValues",
        };
        let ending = format!("names {kind}/{}, which is not created", one.name);
        found.retain(|finding| !finding.ends_with(&ending));
    }
    found
}

#[test]
fn a_variable_named_like_a_backend_is_not_one() {
    let code = r#"@((string)context.Variables["model"] != "east" ? "west" : "")"#;
    assert!(is_compared(code, "model") && is_compared(code, "east"));
    assert!(!is_compared(code, "west"));
}

#[test]
fn a_missing_edge_is_found() {
    let (_keep, case) = case::small();
    let policy = "<!-- a -->\n<policies><inbound><set-backend-service backend-id=\"aigw-east-gpt-4o\" /><set-variable \
        name=\"b\" value=\"@(&quot;aigw-west-gpt-4o&quot; + &quot;{{aigw-x}}&quot;)\" /></inbound></policies>\n";
    for target in ["bicep", "terraform"] {
        crate::tool::put(&case.folder.join(target).join("policies/api-east.xml"), policy);
    }
    case.edit("bicep/main.bicep", "  dependsOn: [\n    backends\n  ]\n", "");
    case.edit("terraform/apis.tf", "    azapi_resource.backend_east_gpt_4o,\n", "");
    let Some(twins) = Twins::of(&case) else {
        return;
    };
    let found = order(&twins);
    for target in ["Bicep", "Terraform"] {
        for words in [
            "backends/aigw-east-gpt-4o, which may not",
            "backends/aigw-west-gpt-4o, which may not",
            "namedValues/aigw-x, which is not",
        ] {
            let of_target: Vec<_> =
                found.iter().filter(|finding| finding.contains(&format!(": {target}: "))).cloned().collect();
            finds(&of_target, words);
        }
    }
}

#[test]
fn a_backend_that_may_come_before_its_secret_is_found() {
    let (_keep, case) = case::written(KEYED);
    case.edit("bicep/modules/backends.bicep", "${kvContosoAnthropic.name}", "kv-contoso--anthropic");
    case.edit(
        "terraform/backends.tf",
        "${azapi_resource.named_value_kv_contoso__anthropic.name}",
        "kv-contoso--anthropic",
    );
    let Some(twins) = Twins::of(&case) else {
        return;
    };
    let found = order(&twins);
    for target in ["Bicep", "Terraform"] {
        let of_target = found.iter().filter(|finding| finding.contains(&format!(": {target}: "))).cloned();
        finds(&of_target.collect::<Vec<_>>(), "namedValues/kv-contoso--anthropic, which may not");
    }
}

/// A backend that is shown a key from a vault.
const KEYED: &str = "version: 1
gateway: { name: apim-contoso, resourceGroup: rg-ai, sku: StandardV2 }
backends:
  claude:
    kind: http
    url: https://api.anthropic.com
    credential: { header: x-api-key, keyVaultSecret: { vault: kv-contoso, name: anthropic } }
apis:
  claude: { path: claude, target: claude, surface: anthropic, subscriptions: [chat] }
";
