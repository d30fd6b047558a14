//! Do all pages tell the same? The statuses of each API in `explain`, in GATEWAY.md and in its written policy, for every fixture; the
//! random gateways ask the same (`random`).

use std::collections::{BTreeMap, BTreeSet};

use gatewright::catalogue::effect::{Effect, StatusFrom, When, secret};
use gatewright::catalogue::{Element, POLICIES};
use gatewright::emit::policy::Policies;
use gatewright::emit::{self, Target};
use gatewright::facts::answer::{self, Reason, Sender};
use gatewright::plan::Plan;
use gatewright::{compile, explain};

use crate::case::{committed, none};

type Statuses = BTreeSet<String>;

/// The statuses that `explain` names for each API.
fn explained(plan: &Plan) -> BTreeMap<String, Statuses> {
    let named = explain::all(plan);
    let apis = named.iter().filter_map(|named| Some((named.path.strip_prefix("apis.")?, named)));
    let statuses = apis.map(|(name, named)| {
        let explanation = named.explanation(plan);
        let part = explanation.parts.iter().find(|part| part.id == "statuses").unwrap();
        let items = part.items.iter().map(|item| item.text.split(" from ").next().unwrap().to_owned());
        (name.to_owned(), items.collect())
    });
    statuses.collect()
}

/// The rows of the table of status codes in GATEWAY.md: status, sender, and the whole row.
fn rows(page: &str) -> Vec<(String, String, String)> {
    let table = page.split("## Status codes\n").nth(1).unwrap();
    let table = table.split("\n## ").next().unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.map(|row| {
        let mut cells = row.trim_start_matches("| ").split(" | ");
        (cells.next().unwrap().to_owned(), cells.next().unwrap().to_owned(), row.to_owned())
    })
    .collect()
}

/// The differences between the pages and the written policies of a gateway.
pub(crate) fn disagreements(plan: &Plan) -> Vec<String> {
    let tree = emit::emit(plan, &Policies::render(plan), &[Target::Bicep, Target::Terraform]);
    let rows = rows(tree.get("GATEWAY.md").unwrap());
    let explained = explained(plan);
    let mut found = Vec::new();
    for (api, told) in &explained {
        let code = format!("`{api}`");
        let is_of_api = |(_, sender, _): &&(String, String, String)| !sender.contains('`') || sender.contains(&code);
        let here: Statuses = rows.iter().filter(is_of_api).map(|(status, ..)| status.clone()).collect();
        found.extend(told.difference(&here).map(|status| format!("GATEWAY.md does not name {status} for {api}")));
        found.extend(here.difference(told).map(|status| format!("explain does not name {status} for {api}")));
    }
    for api in &plan.apis {
        let written: BTreeSet<_> = answer::written(api).into_iter().map(|(_, status)| status).collect();
        let answers = answer::answers_of(plan, api).into_iter();
        let of_policies = answers.filter(|answer| {
            matches!(answer.sender, Sender::Policy(_) | Sender::Custom(_)) || answer.reason == Reason::Unanswered
        });
        let told: BTreeSet<_> = of_policies.map(|answer| answer.status).collect();
        if written != told {
            found.push(format!("the policy of {} answers {written:?}, the facts say {told:?}", api.name));
        }
    }
    found
}

#[test]
fn pages_and_policies_agree_about_statuses() {
    let mut found = Vec::new();
    for case in committed() {
        let path = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/valid").join(&case.name);
        let plan = compile::check(&path.join("gateway.yaml")).unwrap().plan.unwrap();
        found.extend(disagreements(&plan).into_iter().map(|one| format!("{}: {one}", case.name)));
    }
    none(&found);
}

#[test]
fn every_response_of_a_custom_policy_is_listed() {
    let path = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/valid/own-answers/gateway.yaml");
    let plan = compile::check(&path).unwrap().plan.unwrap();
    let tree = emit::emit(&plan, &Policies::render(&plan), &[Target::Bicep]);
    let table: Vec<String> = rows(tree.get("GATEWAY.md").unwrap()).into_iter().map(|(.., row)| row).collect();
    insta::assert_snapshot!(table.join("\n"));
}

fn has_attribute(element: &Element, name: &str) -> bool {
    element.attributes.iter().any(|attribute| attribute.name == name)
}

#[test]
fn effects_refer_to_existing_attributes() {
    for policy in POLICIES {
        let (name, effects) = (policy.name(), &policy.effects);
        assert!(!effects.does.is_empty(), "{name} has no effect");
        let refuses = [Effect::Limits, Effect::ChecksCaller, Effect::ChecksAddress, Effect::AnswersItself];
        let must_answer = refuses.iter().any(|effect| policy.does(*effect));
        assert!(!must_answer || !effects.answers.is_empty(), "{name} answers with no status");
        for answer in effects.answers {
            let status = match answer.status {
                StatusFrom::Attribute(attribute, _) => Some(attribute),
                _ => None,
            };
            let when = match answer.when {
                When::Has(attribute) | When::Unless(attribute, _) => Some(attribute),
                When::Always | When::Says(_) => None,
            };
            for attribute in status.into_iter().chain(when) {
                assert!(has_attribute(policy.element, attribute), "{name} has no {attribute}");
            }
        }
    }
    let holder = |element: &str, attribute: &str| {
        let policy = POLICIES.iter().find(|policy| policy.name() == element).unwrap();
        has_attribute(policy.element, attribute) && secret(element, attribute).is_some()
    };
    assert!(holder("authentication-basic", "password"));
    assert!(holder("authentication-certificate", "body"));
    assert!(holder("get-authorization-context", "identity"));
}

/// The headers that the inbound section of a written policy removes from every request, and whether it ever keeps `Authorization`.
fn removed(xml: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(xml).unwrap();
    let inbound = document.descendants().find(|node| node.has_tag_name("inbound")).unwrap();
    // Comments mark custom policies: what stands between them is not ours.
    let mut is_custom = false;
    let mut found = Vec::new();
    for node in inbound.children() {
        if node.is_comment() {
            let text = node.text().unwrap();
            is_custom = text.starts_with(" From ") || is_custom && !text.starts_with(" End of ");
        }
        if node.has_tag_name("set-header") && node.attribute("exists-action") == Some("delete") && !is_custom {
            found.push(node.attribute("name").unwrap().to_owned());
        }
    }
    found
}

/// The text of a code span, whichever way it is written.
fn plain(code: &str) -> String {
    let inner = code.strip_prefix("<code>").and_then(|code| code.strip_suffix("</code>"));
    let Some(inner) = inner else {
        return code.trim_matches('`').to_owned();
    };
    roxmltree::Document::parse(&format!("<a>{inner}</a>")).unwrap().root_element().text().unwrap().to_owned()
}

#[test]
fn what_is_said_of_credentials_is_what_policies_remove() {
    let mut found = Vec::new();
    for case in committed() {
        let page = case.text("GATEWAY.md");
        let table = page.split("## What backends receive\n").nth(1).unwrap().split("\n## ").next().unwrap();
        for row in table.lines().filter(|line| line.starts_with("| `")) {
            let cells: Vec<&str> = row.trim_matches(['|', ' ']).split(" | ").collect();
            let [api, removed_headers, authorization] = cells.as_slice() else { panic!("{row}") };
            let api = api.trim_matches('`');
            let xml = case.text(format!("bicep/policies/api-{api}.xml"));
            let told: Vec<String> = removed_headers.split(", ").map(plain).collect();
            if told != removed(&xml) {
                found.push(format!("{}: {api}: told {told:?}, removed {:?}", case.name, removed(&xml)));
            }
            let is_removed = told.iter().any(|name| name == "Authorization");
            let is_replaced = xml.contains("<authentication-managed-identity");
            let holds = match *authorization {
                text if text.starts_with("replaced") => is_replaced,
                text if text.starts_with("removed") => is_removed,
                // Of several models one may keep it: then the removal has a condition.
                text if text.ends_with("otherwise removed or replaced") => {
                    !is_removed && xml.contains("name=\"Authorization\"")
                }
                _ => !xml.contains("name=\"Authorization\" exists-action=\"delete\"") && !is_replaced,
            };
            if !holds {
                found.push(format!("{}: {api}: {authorization}", case.name));
            }
            let passing = table.split("including the cookies of callers of").nth(1).unwrap_or_default();
            let passing = passing.split(", and so does").next().unwrap();
            let passes_cookies = passing.contains(&format!("`{api}`"));
            if passes_cookies == told.iter().any(|name| name == "Cookie") {
                found.push(format!("{}: {api}: cookies", case.name));
            }
        }
    }
    none(&found);
}

/// The names of the roles on accounts that a gateway with one Foundry backend assigns.
fn roles(backend: &str, apis: &str) -> Vec<String> {
    let (_keep, case) = crate::case::written(&format!(
        "version: 1
gateway: {{ name: apim-contoso, resourceGroup: rg-ai, sku: StandardV2 }}
backends: {{ hub: {{ kind: foundry, account: foundry-contoso{backend} }} }}
apis: {{ {apis} }}
"
    ));
    let checked = compile::check(&case.folder.parent().unwrap().join("gateway.yaml")).unwrap();
    checked.plan.unwrap().account_roles().map(|role| role.name().into_owned()).collect()
}

#[test]
fn a_role_is_the_least_that_the_surfaces_need() {
    const AZURE: &str = "azure: { path: azure, target: hub, surface: azureOpenAI, subscriptions: [web] }";
    const MODELS: &str = "models: { path: models, target: hub, surface: foundryModels, subscriptions: [web] }";
    assert_eq!(roles("", AZURE), ["Cognitive Services OpenAI User"]);
    assert_eq!(roles("", MODELS), ["Cognitive Services User"]);
    assert_eq!(roles("", &format!("{AZURE}, {MODELS}")), ["Cognitive Services User"]);
    assert_eq!(
        roles(", deployments: { gpt-4o: {} }", &AZURE.replace("hub", "hub/gpt-4o")),
        ["Cognitive Services OpenAI User"]
    );
    // What the file says is what it gets.
    let own = ", role: a97b65f3-24c7-4388-baec-2e87135dc908";
    assert_eq!(roles(own, AZURE), ["Cognitive Services User"]);
}
