//! A policy document in words: each element is a step, and no attribute is omitted.
//!
//! The files beside this one describe each policy. An attribute or element that they do not mention is printed
//! as it is, so that a step omits nothing that is written.

mod access;
mod change;
mod content;
mod flow;
mod meters;
mod others;
mod reader;

use super::words::{backend_or_pool, code, sentence};
use super::{Item, Origin, Part};
use crate::catalogue::Section;
use crate::facts::route;
use crate::plan::Plan;
use crate::plan::policy::{Content, Document, Element};
use reader::Reader;

/// The description of one element.
struct Step {
    text: String,
    /// Policies beside its own that it consists of.
    policies: Vec<&'static str>,
    items: Vec<Item>,
}

impl From<String> for Step {
    fn from(text: String) -> Self {
        Self { text, policies: Vec::new(), items: Vec::new() }
    }
}

/// A walk through the elements of a document.
struct Walk<'a> {
    plan: &'a Plan,
    section: Section,
}

/// The policy of an API in words, section by section.
pub(super) fn parts(plan: &Plan, document: &Document) -> Vec<Part> {
    let mut walk = Walk { plan, section: Section::Inbound };
    let mut parts = Vec::new();
    for (section, elements) in document.parts() {
        walk.section = section.unwrap_or(Section::Inbound);
        let mut items = walk.items(elements);
        let mut file: Option<&str> = None;
        for (item, element) in items.iter_mut().zip(elements) {
            let bounds = element.bounds();
            file = bounds.begins.as_deref().or(file);
            item.from = Some(match element.name() {
                _ if element.is_included() => Origin::Custom,
                "base" => Origin::Base,
                _ => Origin::Api,
            });
            if let Some(name) = file {
                item.text.push_str(&format!(" ({})", code(name)));
            }
            if bounds.ends.is_some() {
                file = None;
            }
        }
        parts.push(Part { id: walk.section.name(), title: title(walk.section).to_owned(), items });
    }
    parts
}

/// The time at which a section runs (reference apim-policies §1.1, §1.3).
fn title(section: Section) -> &'static str {
    match section {
        Section::Inbound => "inbound: when the request arrives",
        Section::Backend => "backend: forwarding the request",
        Section::Outbound => "outbound: when the backend has answered, whatever the status",
        Section::OnError => "on-error: instead of the remaining steps, when a step fails",
    }
}

impl Walk<'_> {
    fn items(&mut self, elements: &[Element]) -> Vec<Item> {
        elements.iter().map(|element| self.item(element)).collect()
    }

    fn item(&mut self, element: &Element) -> Item {
        let step = self.step(element);
        let policies = [element.name()].into_iter().chain(step.policies);
        Item { policies: policies.collect(), ..Item::new(sentence(&step.text)).with(step.items) }
    }

    fn step(&mut self, element: &Element) -> Step {
        let mut reader = Reader::new(element);
        let own = self.own(element.name(), &mut reader);
        let (rest, left) = reader.finish();
        match own {
            Some(mut step) => {
                step.text.push_str(&rest);
                step.items.extend(left);
                step
            }
            // It has no description yet.
            None => Step {
                text: format!("does what the policy {} does{rest}", code(element.name())),
                policies: Vec::new(),
                items: left,
            },
        }
    }

    /// The words of a policy; `None` if it has none.
    fn own(&mut self, name: &str, reader: &mut Reader<'_>) -> Option<Step> {
        flow::step(self, name, reader)
            .or_else(|| change::step(self, name, reader))
            .or_else(|| access::step(self, name, reader))
            .or_else(|| meters::step(self, name, reader))
            .or_else(|| content::step(self, name, reader))
            .or_else(|| others::step(self, name, reader))
    }

    /// A backend or pool, by its name in the service.
    fn target(&self, resource: &str) -> String {
        match route::backend(self.plan, resource) {
            Some(backend) => backend_or_pool(backend),
            None => format!("backend {}", code(resource)),
        }
    }
}

/// An element as it is, if it has no description: its name, its attributes and all its content.
fn verbatim(element: &Element) -> Item {
    let attributes = element
        .attributes()
        .map(|(name, value)| format!(" {name}: {}", reader::value_text(element.name(), name, value)));
    let attributes: Vec<String> = attributes.collect();
    let head = format!("{}{}", code(element.name()), attributes.join(","));
    match element.content() {
        Content::Empty => Item::new(head),
        Content::Text(text) => Item::new(format!("{head}: {}", super::words::text(text))),
        Content::Elements(children) => Item::new(head).with(children.iter().map(verbatim).collect()),
    }
}

#[cfg(test)]
mod tests;
