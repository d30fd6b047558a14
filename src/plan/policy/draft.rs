//! Elements of a policy that nobody has checked yet.

use super::text::Text;

/// An element as it was put together. Only a [`Document`](super::Document) takes it further, and that one checks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub(super) name: &'static str,
    pub(super) attributes: Vec<(&'static str, Text)>,
    pub(super) text: Option<Text>,
    pub(super) children: Vec<Self>,
}

impl Draft {
    /// An element of this name.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            text: None,
            children: Vec::new(),
        }
    }

    /// The same with an attribute. Their order does not matter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Text>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// The same with an attribute whose value is a word of ours.
    #[must_use]
    pub fn word(self, name: &'static str, value: &'static str) -> Self {
        self.with(name, Text::fixed(value))
    }

    /// The same with text between its tags.
    #[must_use]
    pub fn text(mut self, text: impl Into<Text>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// The same with one more element inside.
    #[must_use]
    pub fn child(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }

    /// The same with more elements inside.
    #[must_use]
    pub fn children(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children);
        self
    }
}
