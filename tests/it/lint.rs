//! Rules: each in a file of its name, each with a file that it is about, and no warning without one.

use std::collections::BTreeSet;

use gatewright::compile;
use gatewright::diag::{Code, Level, Levels, Severity};
use gatewright::lint::{ELSEWHERE, RULES};

use crate::diagnostics;

/// Files of `src/lint` that are no rules.
const HELPERS: [&str; 3] = ["included", "mod", "targets"];

/// `NobodyCalls` as the name of a file.
fn file_of(code: Code) -> String {
    let mut name = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[test]
fn every_warning_has_a_rule_or_a_reason() {
    let rules: BTreeSet<Code> = RULES.iter().map(|rule| rule.code).collect();
    assert_eq!(rules.len(), RULES.len(), "each code has one rule");
    let elsewhere: BTreeSet<Code> = ELSEWHERE.iter().map(|(code, _)| *code).collect();
    assert!(rules.is_disjoint(&elsewhere), "what has a rule needs no reason");
    let made: BTreeSet<Code> = rules.union(&elsewhere).copied().collect();
    let warnings = Code::ALL.iter().copied().filter(|code| code.severity() == Severity::Warning);
    assert_eq!(made, warnings.collect(), "the warnings, and nothing else");
    assert!(ELSEWHERE.iter().all(|(_, why)| !why.is_empty()));
}

#[test]
fn every_rule_is_in_a_file_of_its_name() {
    let folder = diagnostics::root().join("src/lint");
    let files: BTreeSet<String> = folder
        .read_dir_utf8()
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_owned())
        .filter(|name| !HELPERS.contains(&name.as_str()))
        .collect();
    assert_eq!(files, RULES.iter().map(|rule| file_of(rule.code)).collect());
}

#[test]
fn every_rule_has_a_file_that_it_reports() {
    let all: Vec<String> =
        diagnostics::invalid_fixtures().iter().map(|path| path.file_stem().unwrap().to_uppercase()).collect();
    for rule in RULES {
        let start = format!("{}-", rule.code.id());
        assert!(all.iter().any(|name| name.starts_with(&start)), "no file in fixtures/invalid is about {start}");
    }
}

/// Files with warnings of each origin: rules, one of which makes errors too, a document, and what is known when all is planned.
const ORIGINS: [&str; 4] = ["c023-before-the-token", "r004-", "d004-", "k004-"];

#[test]
fn warnings_can_be_allowed_and_denied_wherever_they_come_from() {
    for path in diagnostics::invalid_fixtures() {
        let stem = path.file_stem().unwrap();
        if !ORIGINS.iter().any(|start| stem.starts_with(start)) {
            continue;
        }
        let plain = compile::check(&path).unwrap();
        let found = plain.report.iter().find(|found| found.severity == Severity::Warning).unwrap();
        let at = |level| compile::check_with(&path, &Levels::default().with(found.code, level).unwrap()).unwrap();
        let errors = plain.report.count(Severity::Error);
        let allowed = at(Level::Allow);
        assert_eq!(allowed.plan.is_some(), plain.plan.is_some(), "{path}");
        assert_eq!(allowed.report.iter().count(), errors, "{path}: errors are not allowed by it");
        let denied = at(Level::Deny);
        assert!(denied.plan.is_none() && denied.policies.is_none(), "{path}");
        // Rules that need the whole plan do not run any more.
        assert!(denied.report.count(Severity::Error) > errors, "{path}");
        assert_eq!(denied.report.count(Severity::Warning), 0, "{path}");
    }
    assert!(Levels::default().with(Code::NoApis, Level::Allow).is_none(), "an error is no opinion");
}

/// A key of the definition's own is passed on: only a credential in a place that the gateway removes is missing at the backend.
#[test]
fn a_key_in_another_header_reaches_the_backend() {
    let (_keep, folder) = crate::case::scratch();
    let found = |name: &str, place: &str| {
        crate::tool::put(
            &folder.join("orders.yaml"),
            &format!(
                "openapi: 3.0.3\ninfo: {{ title: Orders, version: '1' }}\nsecurity: [ {{ key: [] }} ]\npaths: {{ /orders: {{ get: {{ \
                 operationId: listOrders, responses: {{ '200': {{ description: ok }} }} }} }} }}\ncomponents: {{ securitySchemes: {{ \
                 key: {{ type: apiKey, in: {place}, name: {name} }} }} }}\n"
            ),
        );
        crate::tool::put(
            &folder.join("gateway.yaml"),
            "version: 1\ngateway: { name: apim-contoso, resourceGroup: rg-ai }\nbackends: { orders: { kind: http, url: \
             \"https://orders.contoso.com\" } }\napis: { orders: { path: orders, target: orders, definition: { file: orders.yaml }, \
             subscriptions: [web] } }\n",
        );
        let checked = compile::check(&folder.join("gateway.yaml")).unwrap();
        checked.report.iter().any(|found| found.code == Code::CallersCredentials)
    };
    assert!(!found("X-Api-Key", "header"));
    assert!(!found("session", "cookie"));
    assert!(!found("code", "query"));
    assert!(found("Authorization", "header"));
    assert!(found("ocp-apim-subscription-key", "header"));
    assert!(found("subscription-key", "query"));
}
