//! Terraform's side: the state that its own test makes with mocked providers, and the dependencies that Terraform found.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use super::side::{Resource, Side, World, closure, each_text};
use crate::case::{Case, Kept, scratch};
use crate::tool::Terraform;

/// The log of a case's own test, with the state that it makes.
pub(crate) fn log(case: &Case, terraform: &Terraform) -> String {
    let (_keep, folder) = scratch();
    let folder = case.copy(&folder).folder.join("terraform");
    let tested = terraform.say(&folder, &["test", "-json", "-verbose"]);
    String::from_utf8_lossy(&tested.stdout).into_owned()
}

/// The same of a case that no test changes, made once for all tests.
pub(crate) fn log_once(case: &Case, terraform: &Terraform) -> String {
    static KNOWN: Kept<String> = Kept::new();
    KNOWN.get(&case.folder, || log(case, terraform)).as_ref().clone()
}

/// The resources that Terraform would deploy, and the world of its test.
pub(crate) fn side(log: &str) -> (Side, World) {
    let mut side = Side::default();
    // Failed assertions are another test's business; the state is there all the same.
    let state = log.lines().find_map(|line| {
        let mut event: Json = serde_json::from_str(line).ok()?;
        Some(event["test_state"]["root_module"]["resources"].take()).filter(Json::is_array)
    });
    let Some(Json::Array(state)) = state else {
        side.findings = log.lines().map(str::to_owned).collect();
        return (side, World::default());
    };
    let (data, mut managed): (Vec<_>, Vec<_>) = state.into_iter().partition(|one| one["mode"] == "data");
    let mut world = world(&data);
    side.findings = with_real_ids(&mut managed);
    let ids = add(&mut side, &managed, &world.subscription);
    side.before = order(&managed, &ids);
    world.group = group(&side).unwrap_or_default();
    (side, world)
}

/// The mocked results of data sources.
fn world(data: &[Json]) -> World {
    let mut world = World::default();
    for one in data {
        let values = &one["values"];
        if one["type"] == "azapi_client_config" {
            world.subscription = text(&values["subscription_id"]);
            continue;
        }
        let (_, version) = kind(values);
        for (name, path) in values["response_export_values"].as_object().into_iter().flatten() {
            let key = (text(&values["resource_id"]), version.clone(), text(path));
            world.known.insert(key, text(&values["output"][name]));
        }
    }
    world
}

/// Puts the ids that ARM would give in the place of mocked ones, which are random words. Ids that the test itself makes up have to
/// be right.
fn with_real_ids(managed: &mut [Json]) -> Vec<String> {
    let mut found = Vec::new();
    // A parent's id is a part of its children's, so parents first: no type has more levels below the service than this.
    for level in 0..4 {
        let mut real = BTreeMap::new();
        for one in managed.iter().filter(|one| one["type"] == "azapi_resource") {
            let (id, _) = azapi(&one["values"]);
            let mocked = text(&one["values"]["id"]);
            if !mocked.starts_with('/') && id.starts_with('/') {
                real.insert(mocked, id);
            } else if mocked != id && level == 3 {
                found.push(format!("the test says that the id of {} is {mocked}", address(one)));
            }
        }
        for one in managed.iter_mut() {
            each_text(&mut one["values"], &mut |text| {
                let end = text.find('/').unwrap_or(text.len());
                if let Some(id) = real.get(&text[..end]) {
                    text.replace_range(..end, id);
                }
            });
        }
    }
    found
}

/// The resource group of the API Management service.
fn group(side: &Side) -> Option<String> {
    let service = side.resources.keys().find(|id| id.contains("/Microsoft.ApiManagement/service/"))?;
    Some(service.split('/').nth(4)?.to_owned())
}

/// Puts the resources of a state in place; gives the ids by address.
fn add(side: &mut Side, managed: &[Json], subscription: &str) -> BTreeMap<String, Vec<String>> {
    let mut ids: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in managed {
        let values = &one["values"];
        let provider = text(&one["type"]);
        let Some((id, mut resource)) = resource(&provider, values, subscription) else {
            side.findings.push(format!("the ARM type of {provider} is unknown"));
            continue;
        };
        let locks = values["locks"].as_array().into_iter().flatten();
        resource.turns = locks.map(text).collect();
        ids.entry(address(one)).or_default().push(id.clone());
        side.add(id, resource);
    }
    ids
}

/// The address without the key of an instance: what a dependency names.
fn address(one: &Json) -> String {
    format!("{}.{}", text(&one["type"]), text(&one["name"]))
}

fn order(managed: &[Json], ids: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, BTreeSet<String>> {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for one in managed {
        let before = one["depends_on"].as_array().into_iter().flatten();
        let before: BTreeSet<_> = before.filter_map(|address| ids.get(&text(address))).flatten().cloned().collect();
        for id in ids.get(&address(one)).into_iter().flatten() {
            edges.entry(id.clone()).or_default().extend(before.iter().cloned());
        }
    }
    closure(&edges)
}

/// A resource of some provider as ARM gets it.
fn resource(provider: &str, values: &Json, subscription: &str) -> Option<(String, Resource)> {
    let value = |name: &str| text(&values[name]);
    let service = || {
        format!(
            "/subscriptions/{subscription}/resourceGroups/{}/providers/Microsoft.ApiManagement/service/{}",
            value("resource_group_name"),
            value("api_management_name")
        )
    };
    let (kind, id, properties) = match provider {
        "azapi_resource" | "azapi_resource_action" => return Some(azapi(values)),
        "azurerm_api_management_api_policy" => (
            "Microsoft.ApiManagement/service/apis/policies",
            format!("{}/apis/{}/policies/policy", service(), value("api_name")),
            // The provider sends this format and no other.
            json!({ "format": "rawxml", "value": values["xml_content"] }),
        ),
        "azurerm_api_management_policy_fragment" => (
            "Microsoft.ApiManagement/service/policyFragments",
            format!("{}/policyFragments/{}", value("api_management_id"), value("name")),
            json!({ "description": values["description"], "format": values["format"], "value": values["value"] }),
        ),
        "azurerm_role_assignment" => (
            "Microsoft.Authorization/roleAssignments",
            format!("{}/providers/Microsoft.Authorization/roleAssignments/{}", value("scope"), value("name")),
            json!({
                "principalId": values["principal_id"],
                "principalType": values["principal_type"],
                "roleDefinitionId": values["role_definition_id"],
            }),
        ),
        "azurerm_monitor_diagnostic_setting" => (
            "Microsoft.Insights/diagnosticSettings",
            format!(
                "{}/providers/Microsoft.Insights/diagnosticSettings/{}",
                value("target_resource_id"),
                value("name")
            ),
            json!({
                "workspaceId": values["log_analytics_workspace_id"],
                "logAnalyticsDestinationType": values["log_analytics_destination_type"],
                "logs": enabled(&values["enabled_log"]),
                "metrics": enabled(&values["enabled_metric"]),
            }),
        ),
        _ => return None,
    };
    let mut body = json!({ "properties": properties });
    let fields = body["properties"].as_object_mut().unwrap();
    fields.retain(|_, value| !value.is_null()); // what the provider leaves out
    let resource = Resource { kind: kind.to_owned(), version: None, body, turns: BTreeSet::new() };
    Some((id, resource))
}

/// Categories of a diagnostic setting, which ARM takes with a switch each.
fn enabled(categories: &Json) -> Json {
    let all = categories.as_array().into_iter().flatten();
    let all: Vec<_> = all.map(|one| json!({ "category": one["category"], "enabled": true })).collect();
    if all.is_empty() { Json::Null } else { all.into() }
}

/// A resource whose body is ARM's already.
fn azapi(values: &Json) -> (String, Resource) {
    let (kind, version) = kind(values);
    let (parent, name) = (text(&values["parent_id"]), text(&values["name"]));
    let id = match values["resource_id"].as_str() {
        Some(id) => id.to_owned(),
        None if kind.matches('/').count() == 1 => format!("{parent}/providers/{kind}/{name}"),
        None => format!("{parent}/{}/{name}", kind.rsplit('/').next().unwrap_or_default()),
    };
    let body = match &values["body"] {
        Json::Null => json!({}),
        body => body.clone(),
    };
    let resource = Resource { kind, version: Some(version), body, turns: BTreeSet::new() };
    (id, resource)
}

/// Type and API version.
fn kind(values: &Json) -> (String, String) {
    let both = text(&values["type"]);
    let (kind, version) = both.split_once('@').unwrap_or((&both, ""));
    (kind.to_owned(), version.to_owned())
}

fn text(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
