//! The meaning of a place in a document: what a reference there may refer to, and how its target is included.

use serde_json::{Map, Value};

use super::Notation;
use super::operations::METHODS;
use super::refs::Keys;

/// Sections of shared parts, as keys from the root.
pub(super) const SHARED: [&[&str]; 12] = [
    &["components", "schemas"],
    &["components", "parameters"],
    &["components", "responses"],
    &["components", "requestBodies"],
    &["components", "headers"],
    &["components", "examples"],
    &["components", "links"],
    &["components", "callbacks"],
    &["components", "pathItems"],
    &["definitions"],
    &["parameters"],
    &["responses"],
];

/// What belongs at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Schema,
    Parameter,
    Response,
    RequestBody,
    Header,
    Example,
    Link,
    Callback,
    /// Something that is no Reference Object in OpenAPI: its target is written in place.
    Part,
    /// Another part. A reference within the document stays; the target in another file is written in place.
    Other,
    /// Data, in which nothing is followed.
    Data,
}

/// The kinds of components.
pub(super) const ROLES: [Role; 8] = [
    Role::Schema,
    Role::Parameter,
    Role::Response,
    Role::RequestBody,
    Role::Header,
    Role::Example,
    Role::Link,
    Role::Callback,
];

impl Role {
    /// The section for parts of this kind; `None`: inlined.
    pub(super) fn section(self, format: Notation) -> Option<&'static [&'static str]> {
        match (self, format) {
            (Self::Schema, Notation::OpenApi3) => Some(&["components", "schemas"]),
            (Self::Parameter, Notation::OpenApi3) => Some(&["components", "parameters"]),
            (Self::Response, Notation::OpenApi3) => Some(&["components", "responses"]),
            (Self::RequestBody, Notation::OpenApi3) => Some(&["components", "requestBodies"]),
            (Self::Header, Notation::OpenApi3) => Some(&["components", "headers"]),
            (Self::Example, Notation::OpenApi3) => Some(&["components", "examples"]),
            (Self::Link, Notation::OpenApi3) => Some(&["components", "links"]),
            (Self::Callback, Notation::OpenApi3) => Some(&["components", "callbacks"]),
            (Self::Schema, Notation::Swagger2) => Some(&["definitions"]),
            (Self::Parameter, Notation::Swagger2) => Some(&["parameters"]),
            (Self::Response, Notation::Swagger2) => Some(&["responses"]),
            _ => None,
        }
    }

    /// The value of a keyword.
    fn of(key: &str) -> Self {
        match key {
            "schema"
            | "items"
            | "additionalProperties"
            | "additionalItems"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "contentSchema" => Self::Schema,
            "requestBody" => Self::RequestBody,
            "description" | "summary" | "trace" => Self::Part,
            key if METHODS.contains(&key) => Self::Part,
            _ => Self::Other,
        }
    }

    /// An entry of the map or list of a keyword.
    fn inside(word: Option<&str>) -> Self {
        match word {
            Some(
                "schemas" | "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" | "allOf"
                | "anyOf" | "oneOf" | "prefixItems" | "items",
            ) => Self::Schema,
            Some("parameters") => Self::Parameter,
            Some("responses") => Self::Response,
            Some("requestBodies") => Self::RequestBody,
            Some("headers") => Self::Header,
            Some("examples") => Self::Example,
            Some("links") => Self::Link,
            Some("callbacks") => Self::Callback,
            Some("paths" | "pathItems" | "webhooks" | "content" | "encoding") => Self::Part,
            _ => Self::Other,
        }
    }
}

/// A place in a document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'k> {
    pub(super) keys: Keys,
    pub(super) role: Role,
    /// The keyword whose value is here.
    pub(super) word: Option<&'k str>,
}

impl Place<'static> {
    pub(super) const ROOT: Self = Self { keys: Keys::Words, role: Role::Other, word: None };
    pub(super) const DATA: Self = Self { keys: Keys::Words, role: Role::Data, word: None };
}

impl Place<'_> {
    /// True if an object here is a reference. In a map of strings, `$ref` is a name like any other.
    pub(super) fn is_reference(&self, map: &Map<String, Value>) -> bool {
        let holds_strings = self.keys == Keys::Names && matches!(self.word, Some("mapping" | "scopes"));
        !holds_strings && map.get("$ref").is_some_and(Value::is_string)
    }

    /// True if a reference here is replaced by its target, also within the document.
    pub(super) fn is_in_place(&self) -> bool {
        self.keys != Keys::Words || matches!(self.role, Role::Part | Role::Data)
    }

    /// The place of a child; `None` if it is data.
    pub(super) fn below<'c>(&self, key: &'c str, child: &Value) -> Option<Place<'c>> {
        let keys = self.keys.below(key, child)?;
        Some(match self.keys {
            Keys::Words => Place { keys, role: Role::of(key), word: Some(key) },
            Keys::Names | Keys::Examples => Place { keys, role: Role::inside(self.word), word: None },
        })
    }

    /// The place of an entry of the list here.
    pub(super) fn inside(&self) -> Self {
        Self { keys: Keys::Words, role: Role::inside(self.word), word: None }
    }
}
