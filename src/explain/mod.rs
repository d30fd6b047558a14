//! The steps of a request in plain words: `Plan` → `Explanation`, for `gatewright explain`.
//!
//! Steps are read off the checked policy trees, and all else off the plan: there is no second description that could tell
//! something else than what is written. Nothing is printed here.

mod answer;
mod api;
mod backend;
mod model;
mod name;
mod policy;
mod pool;
mod target;
mod words;

pub use name::{Named, all};

use serde::Serialize;

/// The explanation of one thing.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// `api`, `backend`, `pool`, `model` or `subscription`.
    pub kind: &'static str,
    /// The name that means this thing and no other, such as `apis.openai`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its properties, by name.
    pub facts: Vec<Fact>,
    /// The rest, in order.
    pub parts: Vec<Part>,
}

/// Something that a thing has.
#[derive(Debug, Serialize)]
pub struct Fact {
    /// Its label.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// Some items under a heading.
#[derive(Debug, Serialize)]
pub struct Part {
    /// For programs: a section of the policy by its name, or another word.
    pub id: &'static str,
    /// For people.
    pub title: String,
    /// The items, in order.
    pub items: Vec<Item>,
}

/// A step of a request, or a property.
#[derive(Debug, Serialize)]
pub struct Item {
    /// The origin of a step; `None`: it is not a step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Origin>,
    /// The policies that do it, outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<&'static str>,
    /// The text of the step.
    pub text: String,
    /// Its details.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Self>,
}

/// The origin of a step (reference apim-policies §1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// API Management itself, before or after all policies.
    Platform,
    /// The scopes around the API: `<base />`.
    Base,
    /// The policy of the API.
    Api,
    /// A custom policy: a file that the policy of the API includes.
    Custom,
}

impl Origin {
    /// Its label beside a step.
    pub fn word(self) -> &'static str {
        match self {
            Self::Platform => "APIM",
            Self::Base => "base",
            Self::Api => "API",
            Self::Custom => "custom",
        }
    }
}

impl Item {
    fn new(text: impl Into<String>) -> Self {
        Self { from: None, policies: Vec::new(), text: text.into(), items: Vec::new() }
    }

    fn from(self, origin: Origin) -> Self {
        Self { from: Some(origin), ..self }
    }

    fn with(self, items: Vec<Self>) -> Self {
        Self { items, ..self }
    }
}

impl Explanation {
    fn fact(&mut self, name: &'static str, value: impl Into<String>) {
        self.facts.push(Fact { name, value: value.into() });
    }

    fn part(&mut self, id: &'static str, title: impl Into<String>, items: Vec<Item>) {
        if !items.is_empty() {
            self.parts.push(Part { id, title: title.into(), items });
        }
    }
}
