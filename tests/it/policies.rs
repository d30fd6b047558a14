//! The policies of APIs, for each kind of route, and that every text in a policy is read back as it was meant.

use camino::Utf8Path;
use gatewright::{
    catalogue::{Scope, Section},
    emit::policy,
    plan::policy::{CsExpr, CsText, Document, LiteralText, Text, UncheckedElement},
};
use proptest::prelude::*;
use serde_json::json;

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
    let Some(plan) = checked.plan else {
        panic!("{:#?}", checked.report);
    };
    let xml = policy::document(&plan.apis[0].policy, &plan.source_name);
    roxmltree::Document::parse(&xml).unwrap();
    xml
}

/// A definition with these operations: method, path, id.
fn definition(operations: &[(&str, &str, &str)]) -> String {
    let mut paths = json!({});
    for (method, path, id) in operations {
        let names = path.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        let parameters: Vec<_> = names
            .map(|(name, _)| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
            .collect();
        let responses = json!({"200": {"description": "OK"}});
        paths[path][method] = json!({"operationId": id, "parameters": parameters, "responses": responses});
    }
    json!({"openapi": "3.0.1", "info": {"title": "API", "version": "1"}, "paths": paths}).to_string()
}

/// The lines of the inbound section that hold one of these, without their indentation.
fn lines(policy: &str, about: &[&str]) -> String {
    let lines = policy.lines().map(str::trim);
    let lines = lines.filter(|line| about.iter().any(|about| line.contains(about)));
    lines.collect::<Vec<_>>().join("\n")
}

/// The same gateway with a definition of its own.
fn with_definition(gateway: &str) -> String {
    gateway.replace("subscriptions:", "definition: { file: api.json }, subscriptions:")
}

#[test]
fn deployments() {
    insta::assert_snapshot!(policy(DEPLOYMENTS, None));
}

#[test]
fn one_deployment_of_many() {
    let gateway = DEPLOYMENTS
        .replace("target: east", "target: east/gpt-4o, streaming: false, auth: { keyHeader: X-Key }")
        .replace("prefix: aigw-", "prefix: aigw-, identity: { user: { name: id-apim } }");
    let definition = definition(&[("post", "/deployments/{d}/chat/completions", "chat")]);
    insta::assert_snapshot!(policy(&with_definition(&gateway), Some(&definition)));
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
    let definition = definition(&[("get", "/forecast", "getForecast")]);
    insta::assert_snapshot!(policy(gateway, Some(&definition)));
}

#[test]
fn a_single_deployment_needs_no_choice_of_backends() {
    let gateway = DEPLOYMENTS.replace(", gpt-4o-mini: {}, embed: { model: text-embedding-3-small }", "");
    let policy = policy(&gateway, None);
    insta::assert_snapshot!(lines(&policy, &["Variables", "backend-id"]), @r#"
    <when condition="@((string)context.Variables[&quot;model&quot;] != &quot;gpt-4o&quot;)">
    <set-backend-service id="backend" backend-id="aigw-east-gpt-4o" />
    "#);
}

#[test]
fn operations_share_a_path() {
    let definition = definition(&[
        ("get", "/deployments/{d}/files/{file}", "Files_Get"),
        ("delete", "/deployments/{d}/files/{file}", "Files_Delete"),
        ("post", "/deployments/{d}/files", "files-create"),
    ]);
    let policy = policy(&with_definition(DEPLOYMENTS), Some(&definition));
    insta::assert_snapshot!(lines(&policy, &["Operation", "rewrite"]), @r#"
    <when condition="@(context.Operation?.Id == &quot;files-get&quot; || context.Operation?.Id == &quot;files-delete&quot;)">
    <rewrite-uri template="/files/{file}" />
    <when condition="@(context.Operation?.Id == &quot;files-create&quot;)">
    <rewrite-uri template="/files" />
    "#);
}

#[test]
fn operations_call_the_deployment_differently() {
    let definition = definition(&[
        ("post", "/deployments/{deployment-id}/chat/completions", "chat"),
        ("post", "/deployments/{model}/compare/{deployment-id}", "compare"),
    ]);
    let policy = policy(&with_definition(DEPLOYMENTS), Some(&definition));
    insta::assert_snapshot!(lines(&policy, &["Operation", "set-variable", "otherwise", "rewrite"]), @r#"
    <when condition="@(context.Operation?.Id == &quot;chat&quot;)">
    <set-variable name="model" value="@(context.Request.MatchedParameters.ContainsKey(&quot;deployment-id&quot;) ? context.Request.MatchedParameters[&quot;deployment-id&quot;] : &quot;&quot;)" />
    <when condition="@(context.Operation?.Id == &quot;compare&quot;)">
    <set-variable name="model" value="@(context.Request.MatchedParameters.ContainsKey(&quot;model&quot;) ? context.Request.MatchedParameters[&quot;model&quot;] : &quot;&quot;)" />
    <otherwise>
    <set-variable name="model" value="@(&quot;&quot;)" />
    </otherwise>
    <when condition="@(context.Operation?.Id == &quot;chat&quot;)">
    <rewrite-uri template="/chat/completions" />
    <when condition="@(context.Operation?.Id == &quot;compare&quot;)">
    <rewrite-uri template="/compare/{deployment-id}" />
    "#);
}

/// A document whose texts are these: a variable, a body and the name of the file.
fn hostile(value: Text, body: Text, source_name: &str) -> String {
    let inbound = vec![
        UncheckedElement::new("set-variable").word("name", "x").with("value", value),
        UncheckedElement::new("set-body").text(body),
    ];
    let document = Document::new(Scope::Api, None, [(Section::Inbound, inbound)]).unwrap();
    policy::document(&document, source_name)
}

/// The value and the body that a parser reads in it.
fn read(xml: &str) -> (String, String) {
    let document = roxmltree::Document::parse(xml).unwrap();
    let find = |name| document.descendants().find(|node| node.has_tag_name(name)).unwrap();
    assert_eq!(document.descendants().filter(roxmltree::Node::is_comment).count(), 1);
    assert_eq!(document.root_element().descendants().filter(roxmltree::Node::is_element).count(), 4);
    let value = find("set-variable").attribute("value").unwrap().to_owned();
    (value, find("set-body").text().unwrap_or_default().to_owned())
}

proptest! {
    #[test]
    fn parsers_read_what_was_meant(text in r#"(\PC|["'&<>{}@\t\r\n\u2028\u202e]|-->|]]>|<!--|&amp;|\\){0,24}"#, name in any::<String>()) {
        let Ok(literal) = LiteralText::parse(&format!("x{text}")) else {
            return Ok(());
        };
        let xml = hostile(literal.clone().into(), literal.clone().into(), &name);
        prop_assert_eq!(read(&xml), (literal.as_str().to_owned(), literal.as_str().to_owned()));
    }

    #[test]
    fn parsers_read_the_code_that_was_meant(text in any::<String>()) {
        let code = CsExpr::Text(CsText::literal(&text)).code();
        let xml = hostile(CsText::literal(&text).into(), CsText::literal(&text).into(), "gateway.yaml");
        prop_assert_eq!(read(&xml), (code.clone(), code));
        prop_assert!(!xml.contains("{{"));
    }
}

/// Statements without effect: variables that are never read, and conditions that are already decided.
fn without_effect(policy: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(policy).unwrap();
    let code: Vec<(roxmltree::Node<'_, '_>, String)> = document
        .descendants()
        .flat_map(|node| {
            let attributes = node.attributes().map(|a| a.value().to_owned());
            let text = node.text().map(ToOwned::to_owned);
            attributes.chain(text).map(move |code| (node, code))
        })
        .filter(|(_, code)| code.trim_start().starts_with('@'))
        .collect();
    let mut found: Vec<String> = code
        .iter()
        .flat_map(|(node, code)| {
            let words = ["@(true)", "@(false)", "&& true", "&& false", "|| true", "|| false"];
            let constant = words.into_iter().filter(|word| code.contains(word));
            constant.map(|word| format!("{}: {word}", node.tag_name().name()))
        })
        .collect();
    for set in document.descendants().filter(|node| node.has_tag_name("set-variable")) {
        let name = set.attribute("name").unwrap();
        let read = format!("\"{name}\"");
        let is_read = code.iter().any(|(node, code)| node.attribute("name") != Some(name) && code.contains(&read));
        if !is_read {
            found.push(format!("the variable {name} is never read"));
        }
    }
    // An arm that holds nothing would let requests through in silence.
    let empty = document
        .descendants()
        .filter(|node| node.has_tag_name("when") || node.has_tag_name("otherwise"))
        .filter(|node| !node.children().any(|child| child.is_element()));
    found.extend(empty.map(|node| format!("{}: nothing inside", node.tag_name().name())));
    found
}

#[test]
fn no_statement_is_without_effect() {
    let mut found = Vec::new();
    for case in crate::case::committed() {
        for path in case.files() {
            if path.as_str().starts_with("bicep/policies/") {
                let faults = without_effect(&case.text(&path)).into_iter();
                found.extend(faults.map(|fault| format!("{}/{path}: {fault}", case.name)));
            }
        }
    }
    crate::case::none(&found);

    let idle = r#"<policies><inbound>
        <set-variable name="a" value="@(1)" /><set-variable name="b" value="@((int)context.Variables[&quot;b&quot;])" />
        <choose><when condition="@(x &amp;&amp; false)"><base /></when><otherwise /></choose></inbound></policies>"#;
    assert_eq!(without_effect(idle).len(), 4, "{:?}", without_effect(idle));
}
