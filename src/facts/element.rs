//! The responses of one element of a policy document, according to the catalogue, and a walk over a document.

use crate::catalogue::Section;
use crate::catalogue::effect::{Answer, Cause, StatusFrom, When};
use crate::plan::policy::{Content, Element, Text};

/// The status of a response.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// One of these.
    Codes(Vec<u16>),
    /// Any: it is not known before the policy runs.
    Unknown,
    /// The status that the backend sent.
    OfBackend,
}

/// The responses of an element of a policy document, according to the catalogue.
pub fn answers(section: Section, element: &Element) -> Vec<(Status, Cause)> {
    let Some(policy) = element.policy() else {
        return Vec::new();
    };
    let answers = policy.effects.answers.iter().filter(|answer| is_given(answer, element));
    answers.map(|answer| (status(answer.status, section, element), answer.cause)).collect()
}

fn is_given(answer: &Answer, element: &Element) -> bool {
    match answer.when {
        When::Always => true,
        When::Has(name) => attribute(element, name).is_some(),
        When::Unless(name, value) => attribute(element, name).and_then(Text::plain) != Some(value),
        When::Says(word) => element.may_say(word),
    }
}

fn status(from: StatusFrom, section: Section, element: &Element) -> Status {
    match from {
        StatusFrom::Fixed(codes) => Status::Codes(codes.to_vec()),
        StatusFrom::Attribute(name, default) => match (attribute(element, name), default) {
            (Some(text), _) => said(text),
            (None, Some(code)) => Status::Codes(vec![code]),
            (None, None) => Status::Unknown,
        },
        StatusFrom::Inside => {
            let set = inside(element).iter().find(|one| one.name() == "set-status");
            match set.and_then(|set| attribute(set, "code")) {
                Some(text) => said(text),
                // The response that a variable holds has a status of its own.
                None if attribute(element, "response-variable-name").is_some() => Status::Unknown,
                None => Status::Codes(vec![200]),
            }
        }
        StatusFrom::BySection(request, answer) => Status::Codes(vec![match section {
            Section::Inbound | Section::Backend => request,
            Section::Outbound | Section::OnError => answer,
        }]),
        StatusFrom::Unknown => Status::Unknown,
    }
}

/// The status in a text, unless it is an expression or a named value.
fn said(text: &Text) -> Status {
    let code = text.plain().and_then(|plain| plain.trim().parse().ok());
    code.map_or(Status::Unknown, |code| Status::Codes(vec![code]))
}

fn attribute<'a>(element: &'a Element, wanted: &str) -> Option<&'a Text> {
    element.attributes().find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

fn inside(element: &Element) -> &[Element] {
    match element.content() {
        Content::Elements(all) => all,
        Content::Empty | Content::Text(_) => &[],
    }
}

/// Visits elements at any depth, each with the conditions around it.
pub(super) fn walk<'a>(
    elements: &'a [Element],
    conditions: &mut Vec<&'a Text>,
    visit: &mut impl FnMut(&'a Element, &[&'a Text]),
) {
    for element in elements {
        visit(element, conditions);
        let depth = conditions.len();
        // The condition of a `retry` determines how often it repeats, not whether it runs.
        if element.name() == "when" {
            conditions.extend(attribute(element, "condition"));
        }
        walk(inside(element), conditions, visit);
        conditions.truncate(depth);
    }
}
