//! Tests: every policy of the catalogue has a description, which omits nothing that the policy contains.

use super::*;
use crate::catalogue::{Element as Vocabulary, Kind, POLICIES, Policy, Resource, Scope};
use crate::plan::policy::{CsTest, Document, LiteralText, Text, UncheckedElement};
use crate::{catalogue, compile};

fn plan() -> Plan {
    let path = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let checked = compile::check(&path.join("fixtures/valid/failover/gateway.yaml")).unwrap();
    checked.plan.unwrap()
}

/// An element with every attribute and child that it may have, as far as its rules allow them together.
fn whole(element: &'static Vocabulary, is_policy: bool) -> UncheckedElement {
    let mut draft = UncheckedElement::new(element.name);
    if is_policy && element.name != "base" {
        draft = draft.word("id", "an-id");
    }
    let mut taken: Vec<&str> = Vec::new();
    for attribute in element.attributes {
        let is_one_of_others = element.rules.iter().any(|rule| match rule {
            catalogue::Rule::ExactlyOne(names) | catalogue::Rule::AtMostOne(names) => {
                names.contains(&attribute.name) && names.iter().any(|name| taken.contains(name))
            }
            catalogue::Rule::Needs(name, other) => *name == attribute.name && !taken.contains(other),
            _ => false,
        });
        if !is_one_of_others {
            taken.push(attribute.name);
            draft = draft.with(attribute.name, value(attribute));
        }
    }
    let filler = || {
        UncheckedElement::new("trace")
            .word("source", "inner")
            .child(UncheckedElement::new("message").text(Text::fixed("m")))
    };
    match element.content {
        catalogue::Content::Empty => draft,
        catalogue::Content::Text { .. } => draft.text(Text::fixed("some text")),
        catalogue::Content::Statements => draft.child(filler()),
        catalogue::Content::Only(_) => {
            draft.child(UncheckedElement::new("cache-lookup-value").word("key", "k").word("variable-name", "v"))
        }
        catalogue::Content::Children(children) => {
            let mut has_credential = false;
            let children = children.iter().filter(|child| {
                let is_credential = child.element.name.starts_with("authentication-");
                !is_credential || !std::mem::replace(&mut has_credential, true)
            });
            let children: Vec<UncheckedElement> = children.map(|child| whole(child.element, false)).collect();
            draft.children(children)
        }
    }
}

fn value(attribute: &catalogue::Attribute) -> Text {
    match attribute.kind {
        Kind::Text | Kind::Anything => LiteralText::parse(&format!("a {}", attribute.name)).unwrap().into(),
        Kind::Boolean => Text::fixed("true"),
        Kind::Condition if attribute.expressions == catalogue::Expressions::Yes => CsTest::method("GET").into(),
        Kind::Condition => Text::fixed("true"),
        Kind::Integer(ranges) => u32::try_from(ranges[0].0.max(7).min(ranges[0].1)).unwrap().into(),
        Kind::Decimal(..) => Text::fixed("0.5"),
        Kind::Words(words) => Text::fixed(words[words.len() - 1]),
        Kind::Header => Text::fixed("X-Header"),
        Kind::Timestamp => Text::fixed("2026-01-01T00:00:00Z"),
        Kind::Refers(Resource::Backend) => Text::fixed("aigw-gpt-4o"),
        Kind::Refers(Resource::Fragment | Resource::Logger) => Text::fixed("something"),
    }
}

fn document(policy: &Policy) -> Document {
    let scope = policy.scopes.iter().copied().find(|scope| *scope == Scope::Api);
    let scope = scope.unwrap_or(policy.scopes[0]);
    let draft = whole(policy.element, true);
    let sections = [(policy.sections[0], vec![draft])];
    Document::new(scope, None, sections).unwrap_or_else(|faults| panic!("{}: {faults:?}", policy.name()))
}

fn lines(item: &Item, indent: usize, out: &mut String) {
    let space = "  ".repeat(indent);
    out.push_str(&format!("{space}{} [{}]\n", item.text, item.policies.join(" > ")));
    for inner in &item.items {
        lines(inner, indent + 1, out);
    }
}

#[test]
fn every_policy_has_words() {
    let plan = plan();
    let mut all = String::new();
    for policy in POLICIES {
        let parts = parts(&plan, &document(policy));
        let item = &parts[0].items[0];
        assert!(!item.text.contains("does what the policy"), "{}", policy.name());
        lines(item, 0, &mut all);
    }
    insta::assert_snapshot!(all);
}

/// Attributes whose values are replaced by words, and secrets, which are not printed.
fn is_replaced(policy: &str, attribute: &str) -> bool {
    matches!(
        attribute,
        "id" | "exists-action" | "match" | "mode" | "for" | "action" | "apply" | "identity-type" | "kind" | "template"
    ) || attribute.ends_with("-action")
        || catalogue::effect::secret(policy, attribute).is_some()
        || policy == "include-fragment"
}

#[test]
fn no_attribute_is_left_out() {
    let plan = plan();
    for policy in POLICIES {
        let document = document(policy);
        let parts = parts(&plan, &document);
        let mut text = String::new();
        lines(&parts[0].items[0], 0, &mut text);
        let (_, elements) = document.parts()[0];
        for (name, value) in elements[0].attributes() {
            let Text::Literal(value) = value else {
                continue;
            };
            // Booleans are described in words, or omitted where they are the default.
            let value = value.as_str();
            let is_said = text.to_lowercase().contains(&value.to_lowercase());
            let is_known = value == "aigw-gpt-4o" && text.contains("pool `gpt-4o`");
            assert!(
                is_said || is_known || value == "true" || is_replaced(policy.name(), name),
                "{}: {name}=\"{value}\" in\n{text}",
                policy.name()
            );
        }
    }
}

#[test]
fn elements_without_a_description_are_printed_verbatim() {
    let document = document(catalogue::policy("trace").unwrap());
    let (_, elements) = document.parts()[0];
    let reader = Reader::new(&elements[0]);
    let (rest, items) = reader.finish();
    assert_eq!(rest, "; `source`: `a source`; `severity`: `error`");
    assert_eq!(items[0].text, "`message`: `some text`");
}
