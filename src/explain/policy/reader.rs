//! One element, read attribute by attribute and child by child. It knows what has not been read.

use super::verbatim;
use crate::catalogue::Section;
use crate::catalogue::effect::{Cause, StatusFrom, secret};
use crate::explain::Item;
use crate::explain::answer::status;
use crate::explain::words::{code, text};
use crate::facts::element;
use crate::plan::policy::{Content, Element, Text};

pub(super) struct Reader<'a> {
    element: &'a Element,
    attributes: Vec<(&'static str, &'a Text)>,
    body: Option<&'a Text>,
    children: Vec<&'a Element>,
}

/// The value of an attribute, unless it may be a secret.
pub(super) fn value_text(element: &str, name: &str, value: &Text) -> String {
    match secret(element, name) {
        Some(_) if value.plain().is_some() => "not shown".to_owned(),
        _ => text(value),
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(element: &'a Element) -> Self {
        let (body, children) = match element.content() {
            Content::Empty => (None, Vec::new()),
            Content::Text(text) => (Some(text), Vec::new()),
            Content::Elements(children) => (None, children.iter().collect()),
        };
        Self { element, attributes: element.attributes().collect(), body, children }
    }

    /// An attribute.
    pub(super) fn take(&mut self, name: &str) -> Option<&'a Text> {
        let at = self.attributes.iter().position(|(other, _)| *other == name)?;
        Some(self.attributes.remove(at).1)
    }

    /// An attribute in words.
    pub(super) fn words(&mut self, name: &str) -> Option<String> {
        let value = self.take(name)?;
        Some(value_text(self.element.name(), name, value))
    }

    /// An attribute in words; a number or word as it is.
    pub(super) fn plain(&mut self, name: &str) -> Option<String> {
        self.take(name).map(|value| match value.plain() {
            Some(plain) => plain.to_owned(),
            None => text(value),
        })
    }

    /// An attribute that is plain text.
    pub(super) fn literal(&mut self, name: &str) -> Option<&'a str> {
        let at = self.attributes.iter().position(|(other, _)| *other == name)?;
        let plain = self.attributes[at].1.plain()?;
        self.attributes.remove(at);
        Some(plain)
    }

    /// The status that the policy returns for a cause, according to the catalogue. Its attribute, if it has one, counts as read.
    pub(super) fn status(&mut self, section: Section, cause: Cause) -> Option<String> {
        let effects = &self.element.policy()?.effects;
        let answer = effects.answers.iter().find(|answer| answer.cause == cause)?;
        if let StatusFrom::Attribute(name, _) = answer.status
            && let Some(code) = self.take(name)
            && code.plain().is_none()
        {
            return Some(text(code));
        }
        let given = element::answers(section, self.element).into_iter().find(|(_, other)| *other == cause)?;
        Some(status(&given.0))
    }

    /// True if an attribute has this value; it counts as read then.
    pub(super) fn is(&mut self, name: &str, word: &str) -> bool {
        let is_word = |(other, value): &(&str, &Text)| *other == name && value.plain() == Some(word);
        match self.attributes.iter().position(is_word) {
            Some(at) => {
                self.attributes.remove(at);
                true
            }
            None => false,
        }
    }

    /// The text between the tags.
    pub(super) fn body(&mut self) -> Option<String> {
        self.body.take().map(text)
    }

    /// All children.
    pub(super) fn all(&mut self) -> Vec<&'a Element> {
        std::mem::take(&mut self.children)
    }

    /// The children of this name.
    pub(super) fn children(&mut self, name: &str) -> Vec<&'a Element> {
        let (named, others) = self.children.iter().partition(|child| child.name() == name);
        self.children = others;
        named
    }

    /// The texts of the children of this name.
    pub(super) fn texts(&mut self, name: &str) -> Vec<String> {
        self.children(name)
            .into_iter()
            .map(|child| match child.content() {
                Content::Text(inside) => text(inside),
                Content::Empty | Content::Elements(_) => "nothing".to_owned(),
            })
            .collect()
    }

    /// The texts of `name` in `group`. Attributes of the group stay to be read.
    pub(super) fn listed(&mut self, group: &str, name: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for group in self.children(group) {
            let mut inside = Self::new(group);
            texts.extend(inside.texts(name));
            self.attributes.append(&mut inside.attributes);
            self.children.append(&mut inside.children);
        }
        texts
    }

    /// The attributes and children that no one has read yet: attributes as the end of a sentence, and children.
    pub(super) fn finish(mut self) -> (String, Vec<Item>) {
        // For traces and for `context.LastError`; without effect on the request.
        self.take("id");
        let mut rest = String::new();
        for (name, value) in &self.attributes {
            rest.push_str(&format!("; {}: {}", code(name), value_text(self.element.name(), name, value)));
        }
        if let Some(body) = self.body {
            rest.push_str(&format!(": {}", text(body)));
        }
        let items = self.children.into_iter().map(verbatim);
        (rest, items.collect())
    }
}
