//! The rules of sections, scopes, tiers and order, which need the whole section.

use std::collections::BTreeSet;

use super::check;
use super::violation::{Violation, ViolationKind};
use super::{Content, Element};
use crate::catalogue::sku::Tier;
use crate::catalogue::{Policy, Scope, Section};

/// The properties of a document that apply to all of its statements.
pub(super) struct Position {
    pub(super) scope: Scope,
    pub(super) tier: Option<Tier>,
    pub(super) section: Section,
}

/// Checks the statements of one section or fragment.
pub(super) fn check(place: &Position, root: &str, statements: &[Element], found: &mut Vec<Violation>) {
    let mut walk = SectionWalk { place, found, seen: BTreeSet::new(), is_retried: false };
    let mut is_first = true;
    for (statement, at) in statements.iter().zip(paths(root, statements)) {
        walk.statement(statement, &at, is_first);
        is_first &= statement.name == "base";
    }
    if place.section != Section::Backend {
        return;
    }
    // apim-policies §1.4: one element, and without `base` or `forward-request` nothing is sent.
    if statements.len() != 1 {
        walk.report(root, ViolationKind::Backend(statements.len()));
    }
    let sends = |element: &Element| matches!(element.name, "base" | "forward-request" | "include-fragment");
    if !statements.iter().any(|statement| statement.any(&sends)) && place.scope != Scope::Fragment {
        walk.report(root, ViolationKind::NeverSent);
    }
}

fn paths(parent: &str, elements: &[Element]) -> Vec<String> {
    let names: Vec<&str> = elements.iter().map(Element::name).collect();
    check::paths(parent, &names)
}

struct SectionWalk<'a> {
    place: &'a Position,
    found: &'a mut Vec<Violation>,
    seen: BTreeSet<&'static str>,
    is_retried: bool,
}

impl SectionWalk<'_> {
    fn report(&mut self, at: &str, fault: ViolationKind) {
        self.found.push(Violation { at: at.to_owned(), fault });
    }

    fn statement(&mut self, element: &Element, at: &str, is_first: bool) {
        if let Some(policy) = element.policy {
            self.policy(policy, element, at, is_first);
        }
        let Content::Elements(children) = &element.content else {
            return;
        };
        let outside = self.is_retried;
        self.is_retried |= element.name == "retry";
        for (child, at) in children.iter().zip(paths(at, children)) {
            self.statement(child, &at, false);
        }
        self.is_retried = outside;
    }

    fn policy(&mut self, policy: &'static Policy, element: &Element, at: &str, is_first: bool) {
        let place = self.place;
        if !policy.sections.contains(&place.section) {
            self.report(at, ViolationKind::Section(place.section));
        }
        let is_in_scope = match place.scope {
            Scope::Fragment => policy.in_fragments,
            scope => policy.scopes.contains(&scope),
        };
        if !is_in_scope {
            self.report(at, ViolationKind::Scope(place.scope));
        }
        if let Some(tier) = place.tier
            && !policy.gateways.runs_on(tier)
        {
            self.report(at, ViolationKind::Tier(tier));
        }
        if policy.is_once_per_section && !self.seen.insert(policy.name()) {
            self.report(at, ViolationKind::Again);
        }
        if policy.is_first && !is_first {
            self.report(at, ViolationKind::NotFirst);
        }
        let keeps_body = element
            .attributes
            .iter()
            .any(|(attribute, value)| attribute.name == "buffer-request-body" && check::plain(value) == Some("true"));
        if element.name == "forward-request" && self.is_retried && !keeps_body {
            self.report(at, ViolationKind::Unbuffered);
        }
    }
}
