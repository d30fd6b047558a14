//! What the policies of APIs say, for each kind of route, and that every text in a policy is read back as it was meant.

use camino::Utf8Path;
use gatewright::{
    emit::policy,
    plan::{
        catalogue::{Scope, Section},
        policy::{Document, Draft, LiteralText, Reference, Text},
    },
};
use proptest::prelude::*;

use crate::tool;

const DEPLOYMENTS: &str = r#"
version: 1
gateway: { name: apim-contoso, resourceGroup: rg-ai, sku: StandardV2, prefix: aigw- }
backends:
  east:
    kind: azureOpenAI
    account: aoai-east
    deployments: { gpt-4o: {}, gpt-4o-mini: {}, embed: { model: text-embedding-3-small } }
apis:
  openai: { path: openai, target: east, subscriptions: [first-team] }
"#;

/// The policy of the only API of a gateway; `definition` is the text of a document called `api.json`.
fn policy(gateway: &str, definition: Option<&str>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let folder = Utf8Path::from_path(folder.path()).unwrap();
    tool::put(&folder.join("gateway.yaml"), gateway);
    if let Some(definition) = definition {
        tool::put(&folder.join("api.json"), definition);
    }
    let checked = gatewright::compile::check(&folder.join("gateway.yaml")).unwrap();
    let Some(resolved) = checked.resolved else {
        panic!("{:#?}", checked.report);
    };
    let api = resolved.apis.values().next().unwrap();
    let document = gatewright::plan::policy::api(&resolved, api);
    let xml = policy::document(&document, &resolved.source_name);
    roxmltree::Document::parse(&xml).unwrap();
    xml
}

/// A definition with these operations: `(path, operationId)`.
fn definition(operations: &[(&str, &str)]) -> String {
    let mut paths = serde_json::Map::new();
    for (path, id) in operations {
        let names = path
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'));
        let parameters: Vec<_> = names
            .map(|(name, _)| serde_json::json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
            .collect();
        let operation = serde_json::json!({"operationId": id, "parameters": parameters, "responses": {"200": {"description": "OK"}}});
        paths.insert((*path).to_owned(), serde_json::json!({ "post": operation }));
    }
    serde_json::json!({"openapi": "3.0.1", "info": {"title": "API", "version": "1"}, "paths": paths}).to_string()
}

/// The same gateway with a definition of its own.
fn with_definition(gateway: &str) -> String {
    gateway.replace(
        "subscriptions:",
        "definition: { file: api.json }, subscriptions:",
    )
}

#[test]
fn deployments() {
    insta::assert_snapshot!(policy(DEPLOYMENTS, None));
}

#[test]
fn one_deployment_of_many() {
    let gateway = DEPLOYMENTS.replace("target: east", "target: east/gpt-4o, streaming: false");
    let gateway = with_definition(&gateway).replace(
        "prefix: aigw-",
        "prefix: aigw-, identity: { user: { name: id-apim } }",
    );
    insta::assert_snapshot!(policy(
        &gateway,
        Some(&definition(&[(
            "/deployments/{d}/chat/completions",
            "chat"
        )]))
    ));
}

#[test]
fn account() {
    let gateway = r#"
version: 1
gateway: { name: apim-contoso, resourceGroup: rg-ai }
backends: { openai: { kind: azureOpenAI, account: aoai-contoso } }
apis: { openai: { path: openai, target: openai, subscriptions: [first-team] } }
"#;
    insta::assert_snapshot!(policy(gateway, None));
}

#[test]
fn http() {
    let gateway = r#"
version: 1
gateway: { name: apim-contoso, resourceGroup: rg-ai }
backends: { weather: { kind: http, url: "https://weather.contoso.com/v1" } }
apis: { weather: { path: weather, target: weather, definition: { file: api.json }, auth: { keyHeader: ocp-apim-SUBSCRIPTION-key }, subscriptions: [first-team] } }
"#;
    insta::assert_snapshot!(policy(
        gateway,
        Some(&definition(&[("/forecast", "getForecast")]))
    ));
}
