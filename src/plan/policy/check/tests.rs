//! One statement for each thing the catalogue forbids.

use super::super::csharp::{Condition, CsText};
use super::super::document::Document;
use super::super::statement::Statement;
use super::super::statements::{base, choose, delete_header, forward, set_backend};
use super::super::text::Text;
use crate::plan::catalogue::{POLICIES, Scope, Section};
use crate::plan::sku::Tier;
use crate::resolve::name::ResourceName;

fn document(inbound: Vec<Statement>, outbound: Vec<Statement>, tier: Option<Tier>) -> Vec<String> {
    let sections = [
        (Section::Inbound, inbound),
        (Section::Backend, vec![forward(30, false)]),
        (Section::Outbound, outbound),
        (Section::OnError, vec![base()]),
    ];
    match Document::new(Scope::Api, tier, sections) {
        Ok(_) => Vec::new(),
        Err(violations) => violations
            .into_iter()
            .map(|violation| format!("{}: {}", violation.at, violation.says))
            .collect(),
    }
}

fn inbound(statements: Vec<Statement>) -> String {
    document(statements, vec![base()], None).join("\n")
}

fn header(name: &str) -> Statement {
    Statement::new("set-header").plain("name", name)
}

#[test]
fn what_is_allowed_is_allowed() {
    let always = Condition::Equal(CsText::OperationId, CsText::lit("a"));
    assert_eq!(
        inbound(vec![
            base(),
            delete_header("api-key"),
            choose(
                [(always, vec![delete_header("x")])],
                Some(vec![header("y").holding([])])
            ),
        ]),
        ""
    );
}

#[test]
fn attributes() {
    let name = ResourceName::join("", &["x"]).unwrap();
    let forward = |attribute, value| {
        let statement = Statement::new("forward-request").plain(attribute, value);
        let sections = [
            (Section::Inbound, vec![base()]),
            (Section::Backend, vec![statement]),
            (Section::Outbound, vec![base()]),
            (Section::OnError, vec![base()]),
        ];
        let violations = Document::new(Scope::Api, None, sections).unwrap_err();
        violations
            .into_iter()
            .map(|violation| violation.says)
            .collect::<Vec<_>>()
            .join("; ")
    };
    let all = [
        inbound(vec![header("a").plain("colour", "red")]),
        inbound(vec![Statement::new("base").plain("id", "x")]),
        inbound(vec![header("a").plain("name", "b")]),
        inbound(vec![Statement::new("set-header")]),
        inbound(vec![header("a b")]),
        inbound(vec![header("content-length")]),
        inbound(vec![header("a").plain("exists-action", "maybe")]),
        forward("timeout", "0"),
        forward("timeout", "soon"),
        forward("buffer-response", "yes"),
        inbound(vec![
            Statement::new("set-variable")
                .with("name", Text::Expr(CsText::OperationId.into()))
                .plain("value", "x"),
        ]),
        inbound(vec![
            Statement::new("include-fragment").with("fragment-id", Text::NamedValue(name)),
        ]),
        inbound(vec![
            Statement::new("choose").holding([Statement::new("when")
                .plain("condition", "perhaps")
                .holding([base()])]),
        ]),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn rules() {
    let all = [
        inbound(vec![Statement::new("set-backend-service")]),
        inbound(vec![
            set_backend(&ResourceName::join("", &["x"]).unwrap()).plain("base-url", "https://x"),
        ]),
        inbound(vec![
            Statement::new("authentication-certificate")
                .plain("certificate-id", "x")
                .plain("password", "y"),
        ]),
        inbound(vec![header("Server").plain("exists-action", "delete")]),
        inbound(vec![
            Statement::new("set-query-parameter").plain("name", "x"),
        ]),
        inbound(vec![
            Statement::new("send-request").plain("response-variable-name", "x"),
        ]),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn contents() {
    let all = [
        inbound(vec![base().text(Text::plain("x"))]),
        inbound(vec![header("a").text(Text::plain("x"))]),
        inbound(vec![header("a").holding([Statement::new("when")])]),
        inbound(vec![Statement::new("choose")]),
        inbound(vec![choose([], Some(vec![base()]))]),
        inbound(vec![
            Statement::new("choose").holding([
                Statement::new("otherwise").holding([base()]),
                Statement::new("when")
                    .plain("condition", "true")
                    .holding([base()]),
            ]),
        ]),
        inbound(vec![
            Statement::new("choose").holding([Statement::new("when").plain("condition", "true")]),
        ]),
        inbound(vec![Statement::new("nonsense")]),
        inbound(vec![Statement::new("wait").holding([base()])]),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn places() {
    let cors = || {
        Statement::new("cors").holding([Statement::new("allowed-origins")
            .holding([Statement::new("origin").text(Text::plain("*"))])])
    };
    let quota = Statement::new("quota")
        .plain("calls", "1")
        .plain("renewal-period", "300");
    let limit = Statement::new("rate-limit-by-key")
        .plain("calls", "1")
        .plain("renewal-period", "1")
        .plain("counter-key", "x");
    let all = [
        inbound(vec![forward(30, false)]),
        document(vec![base()], vec![cors()], None).join("\n"),
        inbound(vec![base(), cors(), cors()]),
        inbound(vec![delete_header("a"), cors()]),
        inbound(vec![quota]),
        document(vec![limit], vec![base()], Some(Tier::Consumption)).join("\n"),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn the_backend_section_holds_one_element() {
    let sections = [
        (Section::Inbound, vec![base()]),
        (Section::Backend, vec![base(), forward(1, false)]),
        (Section::Outbound, vec![base()]),
        (Section::OnError, vec![base()]),
    ];
    assert_eq!(
        Document::new(Scope::Api, None, sections).unwrap_err().len(),
        1
    );
}

#[test]
fn the_catalogue_names_each_policy_once() {
    let mut names: Vec<_> = POLICIES.iter().map(|policy| policy.name()).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}
