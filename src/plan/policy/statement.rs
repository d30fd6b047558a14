//! A statement before anybody has checked it: an element with attributes, and text or elements inside.

use super::text::Text;

/// A policy, or an element inside one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub(super) name: &'static str,
    /// In the order they are written.
    pub(super) attributes: Vec<(&'static str, Text)>,
    pub(super) inner: Inner,
}

/// What stands between the tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inner {
    /// Nothing.
    Empty,
    /// Text.
    Text(Text),
    /// Elements. Their order is the order of execution.
    Statements(Vec<Statement>),
}

impl Statement {
    /// An element without attributes and content.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            inner: Inner::Empty,
        }
    }

    /// The same with one more attribute.
    #[must_use]
    pub fn with(mut self, name: &'static str, text: impl Into<Text>) -> Self {
        self.attributes.push((name, text.into()));
        self
    }

    /// The same with an attribute of our own words or of a checked name.
    #[must_use]
    pub fn plain(self, name: &'static str, text: &str) -> Self {
        self.with(name, Text::plain(text))
    }

    /// The same with text inside.
    #[must_use]
    pub fn text(mut self, text: Text) -> Self {
        self.inner = Inner::Text(text);
        self
    }

    /// The same with elements inside.
    #[must_use]
    pub fn holding(mut self, statements: impl IntoIterator<Item = Self>) -> Self {
        self.inner = Inner::Statements(statements.into_iter().collect());
        self
    }

    /// The tag.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The attributes in the order they are written.
    pub fn attributes(&self) -> &[(&'static str, Text)] {
        &self.attributes
    }

    /// What stands between the tags.
    pub fn inner(&self) -> &Inner {
        &self.inner
    }

    /// The elements inside.
    pub(super) fn children(&self) -> &[Self] {
        match &self.inner {
            Inner::Statements(children) => children,
            Inner::Empty | Inner::Text(_) => &[],
        }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&Text> {
        self.attributes
            .iter()
            .find(|(other, _)| *other == name)
            .map(|(_, text)| text)
    }
}
