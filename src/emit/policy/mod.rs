//! Policy documents as XML. Only checked documents are written, and only by these two templates.

mod encode;
pub mod filters;

use std::collections::BTreeMap;

use askama::Template;

use super::fragment::Fragment;
use crate::plan::policy::{Content, Document, Element, Text};
use crate::plan::{Api, Plan};
use crate::resolve::name::Name;

/// The name of an element or attribute of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Tag(&'static str);

impl Tag {
    fn as_str(self) -> &'static str {
        self.0
    }
}

impl AsRef<Self> for Tag {
    fn as_ref(&self) -> &Self {
        self
    }
}

#[derive(Template)]
#[template(path = "policy/document.xml.j2", syntax = "policy")]
struct DocumentView<'a> {
    source_name: &'a str,
    content: Fragment,
}

#[derive(Template)]
#[template(path = "policy/element.xml.j2", syntax = "policy")]
struct ElementView<'a> {
    begins: Option<&'a str>,
    ends: Option<&'a str>,
    why: Option<&'static str>,
    name: Tag,
    attributes: Vec<(Tag, &'a Text)>,
    text: Option<&'a Text>,
    children: Vec<Fragment>,
}

/// The policies of a plan as text: rendered once, then measured and written.
#[derive(Debug)]
pub struct Policies(BTreeMap<Name, String>);

impl Policies {
    /// The text of every policy of a plan.
    pub fn render(plan: &Plan) -> Self {
        let apis = plan.apis.iter();
        Self(apis.map(|api| (api.name.clone(), document(&api.policy, &plan.source_name))).collect())
    }

    /// The text of the policy of one of its APIs.
    pub fn of(&self, api: &Api) -> &str {
        &self.0[&api.name]
    }
}

/// A policy as a file. `source_name` is the gateway file's, without folders.
pub fn document(document: &Document, source_name: &str) -> String {
    let parts = document.parts().into_iter().flat_map(|(section, elements)| {
        let elements: Vec<_> = elements.iter().map(element).collect();
        match section {
            Some(section) => vec![parent(section.name(), elements)],
            None => elements,
        }
    });
    let text = super::render(&DocumentView { source_name, content: parent(document.root(), parts.collect()) });
    text.replace(encode::KEPT_BREAK, "\n")
}

fn parent(name: &'static str, children: Vec<Fragment>) -> Fragment {
    super::fragment(&ElementView {
        begins: None,
        ends: None,
        why: None,
        name: Tag(name),
        attributes: Vec::new(),
        text: None,
        children,
    })
}

fn element(element: &Element) -> Fragment {
    let (text, children) = match element.content() {
        Content::Empty => (None, Vec::new()),
        Content::Text(text) => (Some(text), Vec::new()),
        Content::Elements(children) => (None, children.iter().map(self::element).collect()),
    };
    super::fragment(&ElementView {
        begins: element.bounds().begins.as_deref(),
        ends: element.bounds().ends.as_deref(),
        why: element.why(),
        name: Tag(element.name()),
        attributes: element.attributes().map(|(name, value)| (Tag(name), value)).collect(),
        text,
        children,
    })
}
