//! Policies as trees: text that knows what it is, elements, documents. What exists as a `Document` the catalogue allows.
//! No XML here, and C# only in `csharp`.

mod api;
mod callers;
mod check;
mod csharp;
mod documents;
mod draft;
mod failover;
mod place;
mod routing;
mod text;
mod violation;

pub use csharp::{Chats, CsBlock, CsExpr, CsNumber, CsTest, CsText, CsType, LONGEST_WAIT, Variable, WaitFrom};
pub use documents::{Documents, documents};
pub use draft::{Bounds, Origin, UncheckedElement};
pub use text::{LiteralText, Text, Unwritable};
pub use violation::{Violation, ViolationKind};

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::sku::Tier;
use crate::catalogue::{Attribute, Kind, Policy, Resource, Scope, Section};
use place::Position;

/// A policy document or fragment. The only way to make one is to have it checked.
#[derive(Debug)]
pub struct Document {
    root: Root,
}

#[derive(Debug)]
enum Root {
    Policies(BTreeMap<Section, Vec<Element>>),
    Fragment(Vec<Element>),
}

/// A checked element: attributes and children are in the order of the catalogue.
#[derive(Debug)]
pub struct Element {
    name: &'static str,
    /// True if it is a policy, not a part of one.
    policy: Option<&'static Policy>,
    attributes: Vec<(&'static Attribute, Text)>,
    content: Content,
    /// Why it is there.
    why: Option<&'static str>,
    /// True if it is from a custom policy.
    is_included: bool,
    /// Custom policies that begin or end with it.
    bounds: Bounds,
}

/// The content of an element.
#[derive(Debug)]
pub enum Content {
    /// Nothing.
    Empty,
    /// Text.
    Text(Text),
    /// Elements.
    Elements(Vec<Element>),
}

/// Something in the service that has to exist before the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reference<'a> {
    /// A backend or a pool.
    Backend(&'a str),
    /// A policy fragment.
    Fragment(&'a str),
    /// A logger.
    Logger(&'a str),
    /// A named value.
    NamedValue(&'a str),
}

impl<'a> Reference<'a> {
    fn to(resource: Resource, name: &'a str) -> Self {
        match resource {
            Resource::Backend => Self::Backend(name),
            Resource::Fragment => Self::Fragment(name),
            Resource::Logger => Self::Logger(name),
        }
    }
}

impl Document {
    /// A document for a scope, or all that speaks against it. A section that is not given is not written.
    pub fn new(
        scope: Scope,
        tier: Option<Tier>,
        sections: impl IntoIterator<Item = (Section, Vec<UncheckedElement>)>,
    ) -> Result<Self, Vec<Violation>> {
        let mut drafts: BTreeMap<Section, Vec<UncheckedElement>> = BTreeMap::new();
        for (section, more) in sections {
            drafts.entry(section).or_default().extend(more);
        }
        let mut found = Vec::new();
        let checked = drafts.into_iter().map(|(section, drafts)| {
            let place = Position { scope, tier, section };
            let root = section.name();
            (section, statements(&place, root, drafts, &mut found))
        });
        let checked = checked.collect();
        done(Root::Policies(checked), found)
    }

    /// A fragment that documents include in one section.
    pub fn fragment(
        tier: Option<Tier>,
        section: Section,
        drafts: Vec<UncheckedElement>,
    ) -> Result<Self, Vec<Violation>> {
        let mut found = Vec::new();
        let place = Position { scope: Scope::Fragment, tier, section };
        let checked = statements(&place, "fragment", drafts, &mut found);
        done(Root::Fragment(checked), found)
    }

    /// The name of the root element.
    pub fn root(&self) -> &'static str {
        match &self.root {
            Root::Policies(_) => "policies",
            Root::Fragment(_) => "fragment",
        }
    }

    /// The sections in their order, with their statements; of a fragment its statements, in no section.
    pub fn parts(&self) -> Vec<(Option<Section>, &[Element])> {
        match &self.root {
            Root::Policies(sections) => {
                sections.iter().map(|(section, elements)| (Some(*section), elements.as_slice())).collect()
            }
            Root::Fragment(elements) => vec![(None, elements)],
        }
    }

    /// All that it names, also deep inside.
    pub fn references(&self) -> BTreeSet<Reference<'_>> {
        let mut references = BTreeSet::new();
        for (_, elements) in self.parts() {
            for element in elements {
                element.collect(&mut references);
            }
        }
        references
    }
}

fn statements(place: &Position, root: &str, drafts: Vec<UncheckedElement>, found: &mut Vec<Violation>) -> Vec<Element> {
    let names: Vec<&str> = drafts.iter().map(|draft| draft.name).collect();
    let paths = check::paths(root, &names);
    let drafts = drafts.into_iter().zip(paths);
    let checked: Vec<Element> = drafts.filter_map(|(draft, at)| check::statement(draft, &at, found)).collect();
    place::check(place, root, &checked, found);
    checked
}

fn done(root: Root, found: Vec<Violation>) -> Result<Document, Vec<Violation>> {
    if found.is_empty() { Ok(Document { root }) } else { Err(found) }
}

impl Element {
    /// The tag.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The policy that it is; `None`: a part of one.
    pub fn policy(&self) -> Option<&'static Policy> {
        self.policy
    }

    /// Attributes by name, in the order of the catalogue.
    pub fn attributes(&self) -> impl Iterator<Item = (&'static str, &Text)> {
        self.attributes.iter().map(|(attribute, value)| (attribute.name, value))
    }

    /// Why it is there, in a sentence without `--`.
    pub fn why(&self) -> Option<&'static str> {
        self.why
    }

    /// True if it is from a custom policy.
    pub fn is_included(&self) -> bool {
        self.is_included
    }

    /// Custom policies that begin or end with it.
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// Its content.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// True if an attribute, here or deeper, has this value or may have it when it is evaluated.
    pub fn may_say(&self, word: &str) -> bool {
        self.any(&|element| {
            let mut values = element.attributes.iter().map(|(_, value)| value);
            values.any(|value| value.plain().is_none_or(|plain| plain == word))
        })
    }

    /// True if this element or one inside it satisfies the predicate.
    fn any(&self, is: &impl Fn(&Self) -> bool) -> bool {
        is(self) || matches!(&self.content, Content::Elements(all) if all.iter().any(|inside| inside.any(is)))
    }

    fn collect<'a>(&'a self, references: &mut BTreeSet<Reference<'a>>) {
        for (attribute, value) in &self.attributes {
            match (value, attribute.kind) {
                (Text::NamedValue(name), _) => {
                    references.insert(Reference::NamedValue(name.as_str()));
                }
                (Text::Literal(name), Kind::Refers(resource)) => {
                    references.insert(Reference::to(resource, name.as_str()));
                }
                (Text::Custom(words), kind) => {
                    references.extend(words.named_values().map(Reference::NamedValue));
                    let is_name = !words.is_code() && words.named_values().next().is_none();
                    if let (Kind::Refers(resource), true) = (kind, is_name) {
                        references.insert(Reference::to(resource, words.value()));
                    }
                }
                (Text::Literal(_) | Text::Expr(_), _) => {}
            }
        }
        match &self.content {
            Content::Empty | Content::Text(Text::Literal(_) | Text::Expr(_)) => {}
            Content::Text(Text::Custom(words)) => {
                references.extend(words.named_values().map(Reference::NamedValue));
            }
            Content::Text(Text::NamedValue(name)) => {
                references.insert(Reference::NamedValue(name.as_str()));
            }
            Content::Elements(children) => {
                for child in children {
                    child.collect(references);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
