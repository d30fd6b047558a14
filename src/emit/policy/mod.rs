//! Policies as XML: one view per shape of an element, since the catalogue says what each holds, and the filters for them.

pub mod filters;

use crate::emit::refuse::Fragment;
use crate::emit::{fragment, render};
use crate::plan::policy::{Document, Inner, Statement, Text};

#[derive(askama::Template)]
#[template(path = "policy/document.xml.j2", syntax = "policy")]
struct DocumentView<'a> {
    source: &'a str,
    sections: Vec<SectionView>,
}

struct SectionView {
    name: Tag,
    statements: Vec<Fragment>,
}

#[derive(askama::Template)]
#[template(path = "policy/empty.xml.j2", syntax = "policy")]
struct EmptyView<'a> {
    name: Tag,
    attributes: Vec<(Tag, &'a Text)>,
}

#[derive(askama::Template)]
#[template(path = "policy/text.xml.j2", syntax = "policy")]
struct TextView<'a> {
    name: Tag,
    attributes: Vec<(Tag, &'a Text)>,
    text: &'a Text,
}

#[derive(askama::Template)]
#[template(path = "policy/nested.xml.j2", syntax = "policy")]
struct NestedView<'a> {
    name: Tag,
    attributes: Vec<(Tag, &'a Text)>,
    children: Vec<Fragment>,
}

/// The name of an element or attribute: a word of our own code that the catalogue knows.
#[derive(Debug, Clone, Copy)]
pub struct Tag(&'static str);

impl AsRef<Self> for Tag {
    fn as_ref(&self) -> &Self {
        self
    }
}

/// A policy as text.
pub fn document(document: &Document, source: &str) -> String {
    render(&DocumentView {
        source,
        sections: document
            .sections()
            .iter()
            .map(|(section, statements)| SectionView {
                name: Tag(section.name()),
                statements: statements.iter().map(statement).collect(),
            })
            .collect(),
    })
}

fn statement(statement: &Statement) -> Fragment {
    let name = Tag(statement.name());
    let attributes = statement.attributes().iter();
    let attributes = attributes.map(|(name, text)| (Tag(name), text)).collect();
    match statement.inner() {
        Inner::Empty => fragment(&EmptyView { name, attributes }),
        Inner::Statements(children) if children.is_empty() => {
            fragment(&EmptyView { name, attributes })
        }
        Inner::Text(text) => fragment(&TextView {
            name,
            attributes,
            text,
        }),
        Inner::Statements(children) => fragment(&NestedView {
            name,
            attributes,
            children: children.iter().map(self::statement).collect(),
        }),
    }
}
