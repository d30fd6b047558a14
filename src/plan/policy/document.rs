//! A whole policy that the catalogue allows where it is attached.

use super::check;
use super::statement::Statement;
use crate::plan::catalogue::{Resource, Scope, Section};
use crate::plan::sku::Tier;

/// A policy document. If it exists, the catalogue allows it at its scope and tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    sections: Vec<(Section, Vec<Statement>)>,
    references: Vec<Named>,
}

/// Something that a policy names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference<'a> {
    /// A resource of the service by its name.
    Resource(Resource, &'a str),
    /// A named value by its name.
    NamedValue(&'a str),
}

/// The same, owned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    Resource(Resource, String),
    NamedValue(String),
}

/// What the catalogue forbids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where: `inbound/choose/when`.
    pub at: String,
    /// What is wrong there, without a full stop.
    pub says: String,
}

impl Document {
    /// A document of these sections.
    ///
    /// # Errors
    ///
    /// Everything that the catalogue (reference apim-policies §2) forbids.
    pub fn new(
        scope: Scope,
        tier: Option<Tier>,
        sections: [(Section, Vec<Statement>); 4],
    ) -> Result<Self, Vec<Violation>> {
        let checked = check::document(scope, tier, &sections);
        if !checked.violations.is_empty() {
            return Err(checked.violations);
        }
        Ok(Self {
            sections: sections.into(),
            references: checked.references,
        })
    }

    /// The sections in the order of a document.
    pub fn sections(&self) -> &[(Section, Vec<Statement>)] {
        &self.sections
    }

    /// Everything that the document names, also in nested statements, in its order.
    pub fn references(&self) -> impl Iterator<Item = Reference<'_>> {
        self.references.iter().map(|named| match named {
            Named::Resource(kind, name) => Reference::Resource(*kind, name),
            Named::NamedValue(name) => Reference::NamedValue(name),
        })
    }
}
