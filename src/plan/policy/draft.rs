//! Elements of a policy that have not been checked yet.

use std::ops::Range;

use super::text::Text;
use crate::include::{Included, PolicyText, Statement};
use crate::source::FileId;

/// An element as it was put together. Only a [`Document`](super::Document) takes it further, and that one checks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UncheckedElement {
    pub(super) name: &'static str,
    pub(super) attributes: Vec<(&'static str, Text)>,
    pub(super) text: Option<Text>,
    pub(super) children: Vec<Self>,
    /// Why it is there, as a comment before it.
    pub(super) why: Option<&'static str>,
    /// Its location in a custom policy; `None`: it was generated.
    pub(super) origin: Option<Origin>,
    /// The files that begin before it and end after it.
    pub(super) bounds: Bounds,
}

/// The location of an element of a custom policy in its file.
pub type Origin = (FileId, Range<usize>);

/// Files whose text begins or ends with an element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The file that begins here.
    pub begins: Option<String>,
    /// The file that ends here.
    pub ends: Option<String>,
}

impl UncheckedElement {
    /// An element of this name.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            text: None,
            children: Vec::new(),
            why: None,
            origin: None,
            bounds: Bounds::default(),
        }
    }

    /// The elements of a custom policy.
    pub fn included(included: &Included) -> Vec<Self> {
        let all = included.statements.iter();
        let mut drafts: Vec<Self> = all.map(|statement| Self::of(statement, included.file)).collect();
        if let Some(first) = drafts.first_mut() {
            first.bounds.begins = Some(included.named.clone());
        }
        if let Some(last) = drafts.last_mut() {
            last.bounds.ends = Some(included.named.clone());
        }
        drafts
    }

    fn of(statement: &Statement, file: FileId) -> Self {
        let words = |words: &PolicyText| Text::Custom(words.clone());
        let attributes = statement.attributes.iter();
        let children = statement.children.iter();
        Self {
            name: statement.name,
            attributes: attributes.map(|(name, value)| (*name, words(value))).collect(),
            text: statement.text.as_ref().map(words),
            children: children.map(|child| Self::of(child, file)).collect(),
            why: None,
            origin: Some((file, statement.at.clone())),
            bounds: Bounds::default(),
        }
    }

    /// The same with an attribute. Their order does not matter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Text>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// The same with an attribute whose value is a fixed word.
    #[must_use]
    pub fn word(self, name: &'static str, value: &'static str) -> Self {
        self.with(name, Text::fixed(value))
    }

    /// The same with a comment before it that says why it is there: one line, a sentence, for those who review the policy.
    #[must_use]
    pub fn why(mut self, why: &'static str) -> Self {
        self.why = Some(why);
        self
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
