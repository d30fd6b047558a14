//! Does `explain` tell what is written? Each step of the written policies, in their order; and every name of every gateway.

use anstream::StripStream;
use camino::Utf8PathBuf;
use gatewright::cli::{self, Console, Verdict};
use gatewright::explain;
use serde_json::Value;

use crate::case::{Planned, committed, planned};
use crate::cli::{Desk, GOOD};

fn fixture(name: &str) -> Utf8PathBuf {
    let fixtures = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/valid");
    fixtures.join(name).join("gateway.yaml")
}

fn plan(name: &str) -> Planned {
    planned(&fixture(name))
}

/// The explanation of a name in a fixture, without colours.
fn said(word: &str, name: &str) -> String {
    let (mut results, mut talk) = (Vec::new(), Vec::new());
    let words = ["gatewright", "explain", word, fixture(name).as_str()].map(Into::into);
    let verdict = cli::run(words, &mut Console::new(StripStream::new(&mut results), StripStream::new(&mut talk)));
    let [results, talk] = [results, talk].map(|text| String::from_utf8(text).unwrap());
    assert_eq!(verdict, Verdict::Yes, "{word} in {name}: {results}\n{talk}");
    results
}

/// The policies of items, outermost first, as in the document.
fn policies(items: &Value, out: &mut Vec<String>) {
    for item in items.as_array().into_iter().flatten() {
        let own = item["policies"].as_array().into_iter().flatten();
        out.extend(own.map(|policy| policy.as_str().unwrap().to_owned()));
        policies(&item["items"], out);
    }
}

/// The policies of a written document. What is inside of an answer belongs to it.
fn written(node: roxmltree::Node<'_, '_>, out: &mut Vec<String>) {
    for child in node.children().filter(roxmltree::Node::is_element) {
        let name = child.tag_name().name();
        let is_policy = gatewright::catalogue::policy(name).is_some();
        // The step that sends a request says how.
        let is_method = name == "set-method" && node.tag_name().name().starts_with("send-");
        if is_policy && !is_method {
            out.push(name.to_owned());
        }
        if name != "return-response" {
            written(child, out);
        }
    }
}

#[test]
fn steps_are_those_of_the_written_policy() {
    let sections = ["inbound", "backend", "outbound", "on-error"];
    for case in committed() {
        let plan = plan(&case.name);
        for api in &plan.apis {
            let named = explain::all(&plan);
            let named = named.iter().find(|named| named.path == format!("apis.{}", api.name)).unwrap();
            let explanation = serde_json::to_value(named.explanation(&plan)).unwrap();
            let mut told = Vec::new();
            for part in explanation["parts"].as_array().unwrap() {
                if sections.contains(&part["id"].as_str().unwrap()) {
                    policies(&part["items"], &mut told);
                }
            }
            let text = case.text(format!("bicep/policies/api-{}.xml", api.name));
            let mut real = Vec::new();
            written(roxmltree::Document::parse(&text).unwrap().root_element(), &mut real);
            assert_eq!(told, real, "{}: {}", case.name, api.name);
        }
    }
}

#[test]
fn every_name_is_explained_on_narrow_pages() {
    for case in committed() {
        let plan = plan(&case.name);
        let all = explain::all(&plan);
        assert!(!all.is_empty(), "{}", case.name);
        for named in all.iter().take(6) {
            let said = said(&named.path, &case.name);
            let head = format!("{}:", named.path);
            assert!(said.starts_with(&head) || said.contains(&format!("\n{head}")), "{said}");
            for line in said.lines() {
                // A name or URL may be longer than a line; nothing else is.
                let is_one_word = line.split_whitespace().count() <= 2;
                assert!(line.chars().count() <= 100 || is_one_word, "{}: {line}", case.name);
                assert_eq!(line, line.trim_end());
            }
        }
    }
}

#[test]
fn an_api_with_a_pool() {
    insta::assert_snapshot!(said("openai", "failover"));
}

#[test]
fn an_api_that_chooses_by_itself() {
    insta::assert_snapshot!(said("apis.openai", "pattern-guide-balance"));
}

#[test]
fn an_api_with_tokens_and_custom_policies() {
    insta::assert_snapshot!(said("apis.openai", "own-policies"));
}

#[test]
fn what_a_gateway_names() {
    insta::assert_snapshot!("backend_with_secret", said("backends.mistral", "every-credential"));
    insta::assert_snapshot!("backend_of_callers_tokens", said("calendar", "token-passed-on"));
    insta::assert_snapshot!("backend", said("backends.east", "failover"));
    insta::assert_snapshot!("deployment", said("east/embed", "failover"));
    insta::assert_snapshot!("pool", said("pools.gpt-4o", "failover"));
    insta::assert_snapshot!("model", said("models.gpt-4o", "failover"));
    insta::assert_snapshot!("subscription", said("first-team", "failover"));
    insta::assert_snapshot!("backend_without_token", said("local", "models-in-body"));
}

#[test]
fn one_name_may_mean_several_things() {
    let both = said("gpt-4o", "failover");
    let heads = ["pools.gpt-4o: ", "\nmodels.gpt-4o: "];
    assert!(heads.iter().all(|head| both.contains(head)), "{both}");
    assert!(!said("pools.gpt-4o", "failover").contains("models.gpt-4o: "));
}

#[test]
fn json_has_the_same_content() {
    let desk = Desk::new(&[("gateway.yaml", GOOD)]);
    let said = desk.expect(0, &["explain", "openai", "--format", "json"]);
    assert_eq!(said.err, "");
    let document: Value = serde_json::from_str(&said.out).unwrap();
    let gateway = &document["gateways"][0];
    assert_eq!(document["ok"], true);
    assert_eq!(gateway["path"], "gateway.yaml");
    // The API and the backend of this name.
    let kinds = gateway["explanations"].as_array().unwrap().iter();
    let kinds: Vec<&Value> = kinds.map(|explanation| &explanation["kind"]).collect();
    assert_eq!(kinds, ["backend", "api"]);
    let step = &gateway["explanations"][1]["parts"][1]["items"][0];
    assert_eq!(step["from"], "base");
    assert_eq!(step["policies"][0], "base");

    let said = desk.expect(0, &["explain", "y006", "--format", "json"]);
    let document: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(document["codes"][0]["code"], "Y006");
    assert_eq!(document["gateways"], serde_json::json!([]));
}

#[test]
fn errors_in_the_file_come_first() {
    let wrong = GOOD.replace("target: openai", "target: opnai");
    let desk = Desk::new(&[("gateway.yaml", &wrong)]);
    let said = desk.expect(1, &["explain", "openai"]);
    assert_eq!(said.out, "");
    assert!(said.err.starts_with("error[R001]"), "{}", said.err);
    assert!(said.err.contains("after the errors above are fixed"));
    // A code is explained all the same.
    desk.expect(0, &["explain", "R001"]);
    let said = desk.expect(1, &["explain", "R001", "gateway.yaml"]);
    assert!(said.out.starts_with("error[R001]: "), "{}", said.out);
}

#[test]
fn folders_are_searched() {
    let desk = Desk::new(&[("a/gateway.yaml", GOOD), ("b/gateway.yaml", GOOD)]);
    let said = desk.expect(0, &["explain", "apis.openai", "."]);
    assert_eq!(said.out.matches("apis.openai: ").count(), 2);
    assert!(said.out.starts_with("a/gateway.yaml\n\napis.openai"), "{}", said.out);
    // These were not requested.
    desk.expect(2, &["explain", "apis.openai"]);
    desk.expect(2, &["explain", "openai", "nowhere.yaml"]);
}
