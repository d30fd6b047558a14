//! Violations of the catalogue by a document, with their locations. They are reported, never printed from here.

use std::fmt;

use crate::catalogue::sku::Tier;
use crate::catalogue::{Scope, Section};

/// Something that the catalogue forbids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The element, as a path from its section: `inbound/choose[2]/when`.
    pub at: String,
    /// The violation.
    pub fault: ViolationKind,
}

/// The ways in which an element can break the catalogue. Attributes are identified by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViolationKind {
    /// No policy, or no part of the element around it.
    Unknown,
    /// An attribute that it does not have.
    UnknownAttribute(&'static str),
    /// An attribute given twice.
    DoubleAttribute(&'static str),
    /// An attribute that it needs.
    NoAttribute(&'static str),
    /// A value that does not look like one, and what would.
    Value(&'static str, String),
    /// An expression where none is allowed. No attribute: between the tags.
    Expression(Option<&'static str>),
    /// An expression of the wrong type.
    Type(&'static str),
    /// A named value where the text itself is wanted.
    NamedValue(&'static str),
    /// The name of a referenced resource is unknown, so that it cannot be deployed first.
    Hidden(&'static str),
    /// A rule between attributes or children.
    Rule(String),
    /// Too few or too many of one child.
    Count(&'static str, usize),
    /// Text where none is allowed, or none where it is needed.
    Text,
    /// Elements where none are allowed.
    Children,
    /// A section that does not allow the policy.
    Section(Section),
    /// A scope that does not allow the policy.
    Scope(Scope),
    /// A tier whose gateway does not run the policy.
    Tier(Tier),
    /// A second one in a section that may hold one.
    Again,
    /// Something other than `base` precedes it.
    NotFirst,
    /// The backend section holds so many elements, not one.
    Backend(usize),
    /// Nothing in the backend section sends the request.
    NeverSent,
    /// A request that may be sent twice is not kept.
    Unbuffered,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.fault)
    }
}

impl fmt::Display for ViolationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("unknown element"),
            Self::UnknownAttribute(name) => write!(f, "unknown attribute `{name}`"),
            Self::DoubleAttribute(name) => write!(f, "duplicate attribute `{name}`"),
            Self::NoAttribute(name) => write!(f, "`{name}` is not set"),
            Self::Value(name, wanted) => write!(f, "`{name}` must be {wanted}"),
            Self::Expression(Some(name)) => write!(f, "`{name}` does not allow policy expressions"),
            Self::Expression(None) => f.write_str("its text cannot be a policy expression"),
            Self::Type(name) => write!(f, "the expression of `{name}` has the wrong type"),
            Self::NamedValue(name) => write!(f, "`{name}` does not allow named values"),
            Self::Hidden(name) => {
                write!(f, "`{name}` must be a literal name, not an expression or a named value")
            }
            Self::Rule(rule) => f.write_str(rule),
            Self::Count(name, count) => write!(f, "{count} × `{name}`"),
            Self::Text => f.write_str("text is missing, or not allowed"),
            Self::Children => f.write_str("child elements are not allowed"),
            Self::Section(section) => write!(f, "not allowed in `{section}`"),
            Self::Scope(scope) => write!(f, "not allowed at this scope: {scope}"),
            Self::Tier(tier) => write!(f, "not supported by the tier {tier:?}"),
            Self::Again => f.write_str("only one is allowed per section"),
            Self::NotFirst => f.write_str("only `base` may precede it"),
            Self::Backend(count) => write!(f, "exactly one element is required, not {count}"),
            Self::NeverSent => f.write_str("no policy forwards the request"),
            Self::Unbuffered => f.write_str("inside `retry` it requires `buffer-request-body=\"true\"`"),
        }
    }
}
