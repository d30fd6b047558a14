//! Custom policies, which the gateway file includes, by what they do: the effects are the catalogue's.

use super::element;
use crate::catalogue::Section;
use crate::catalogue::effect::Effect;
use crate::plan::policy::{Content, Element, Text};
use crate::plan::{Api, Plan};
use crate::resolve::End;

/// The impacts that custom policies may have on an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Impact {
    /// They limit how much callers may use.
    Limits,
    /// They check what callers present.
    ChecksCallers,
    /// They check the address of callers.
    ChecksAddresses,
    /// They admit web pages.
    AdmitsPages,
    /// They refuse requests, or respond in place of the backend.
    Answers,
    /// They need complete responses of the backend.
    ReadsAnswers,
    /// They change responses of the backend.
    ChangesAnswers,
    /// They record values of requests or responses, or send them elsewhere.
    Records,
}

impl Impact {
    /// The sections in which a policy has it.
    fn sections(self) -> &'static [Section] {
        match self {
            Self::ReadsAnswers | Self::ChangesAnswers => &[Section::Outbound],
            Self::Records => &[Section::Inbound, Section::Outbound],
            Self::Limits | Self::ChecksCallers | Self::ChecksAddresses | Self::AdmitsPages | Self::Answers => {
                &[Section::Inbound]
            }
        }
    }

    fn is_of(self, section: Section, element: &Element) -> bool {
        let does = |effects: &[Effect]| {
            element.policy().is_some_and(|policy| effects.iter().any(|effect| policy.does(*effect)))
        };
        // What an included fragment does is not known here.
        does(&[Effect::Includes])
            || match self {
                Self::Limits => does(&[Effect::Limits]),
                Self::ChecksCallers => does(&[Effect::ChecksCaller]),
                Self::ChecksAddresses => does(&[Effect::ChecksAddress]),
                Self::AdmitsPages => does(&[Effect::AdmitsPages]),
                Self::Answers => element::answers(section, element).iter().any(|(_, cause)| cause.is_meant()),
                Self::ReadsAnswers => does(&[Effect::TakesBody]) || texts(element).any(reads_answer),
                Self::ChangesAnswers => does(&[Effect::TakesBody, Effect::ChangesHead, Effect::AnswersItself]),
                Self::Records => does(&[Effect::Records, Effect::SendsRequest]),
            }
    }
}

/// The custom policies of an API with an impact, each name once.
pub fn policies(api: &Api, impact: Impact) -> Vec<&'static str> {
    let mut found = Vec::new();
    for section in impact.sections() {
        walk(api, *section, |element, _| {
            if impact.is_of(*section, element) {
                found.push(element.name());
            }
        });
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// True if custom policies of an API have an impact.
pub fn has(api: &Api, impact: Impact) -> bool {
    !policies(api, impact).is_empty()
}

/// The APIs whose custom policies have an impact, with those policies.
pub fn apis(plan: &Plan, impact: Impact) -> Vec<(&Api, Vec<&'static str>)> {
    let all = plan.apis.iter().map(|api| (api, policies(api, impact)));
    all.filter(|(_, policies)| !policies.is_empty()).collect()
}

/// True if an API includes custom policies in a section, at one end or at either.
pub fn includes(api: &Api, section: Section, end: Option<End>) -> bool {
    let mut all = api.includes.iter();
    all.any(|(other, at, _)| *other == section && end.is_none_or(|end| *at == end))
}

fn reads_answer(text: &Text) -> bool {
    matches!(text, Text::Custom(words) if words.reads_answer())
}

/// Attributes, and the text between the tags.
fn texts(element: &Element) -> impl Iterator<Item = &Text> {
    let inside = match element.content() {
        Content::Text(text) => Some(text),
        Content::Empty | Content::Elements(_) => None,
    };
    let attributes = element.attributes().map(|(_, value)| value);
    attributes.chain(inside)
}

/// Visits the custom elements of a section, at any depth, with the conditions around each.
pub(super) fn walk<'a>(api: &'a Api, wanted: Section, mut visit: impl FnMut(&'a Element, &[&'a Text])) {
    for (section, elements) in api.policy.parts() {
        if section == Some(wanted) {
            element::walk(elements, &mut Vec::new(), &mut |element, conditions| {
                if element.is_included() {
                    visit(element, conditions);
                }
            });
        }
    }
}
