//! What the parts of a document are, by their position: a `$ref` among the properties of a schema is a property, and a reference elsewhere.
//! The objects are those of OpenAPI 3.0.3 and 3.1.0 and of Swagger 2.0.

use super::operations::METHODS;

/// The kind of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    Document,
    Components,
    PathItem,
    Operation,
    Callback,
    Parameter,
    Header,
    RequestBody,
    Response,
    MediaType,
    Encoding,
    Example,
    Schema,
    /// A text: `description: { $ref: description.md }`.
    Text,
    /// Anything else.
    Part,
    /// Names of the author's, each with a part of one kind.
    Map(&'static Self),
    /// A list of parts of one kind.
    List(&'static Self),
}

impl Node {
    /// The kind of a child; `None`: data, in which a `$ref` is no reference.
    pub(super) fn below(self, key: &str) -> Option<Self> {
        let is_extension = key.starts_with("x-");
        Some(match self {
            Self::Map(Self::PathItem | Self::Response) if is_extension => return None,
            Self::Map(of) => *of,
            Self::Callback => Self::PathItem,
            Self::Document if key == "x-webhooks" => Self::Map(&Self::PathItem),
            _ if is_extension => return None,
            Self::Document => match key {
                "paths" | "webhooks" => Self::Map(&Self::PathItem),
                "components" => Self::Components,
                "definitions" => Self::Map(&Self::Schema),
                "parameters" => Self::Map(&Self::Parameter),
                "responses" => Self::Map(&Self::Response),
                "securityDefinitions" => Self::Map(&Self::Part),
                "info" | "servers" | "tags" | "security" | "externalDocs" => Self::Part,
                // What authors add is mostly schemas.
                _ => Self::Schema,
            },
            Self::Components => match key {
                "schemas" => Self::Map(&Self::Schema),
                "parameters" => Self::Map(&Self::Parameter),
                "responses" => Self::Map(&Self::Response),
                "requestBodies" => Self::Map(&Self::RequestBody),
                "headers" => Self::Map(&Self::Header),
                "examples" => Self::Map(&Self::Example),
                "callbacks" => Self::Map(&Self::Callback),
                "pathItems" => Self::Map(&Self::PathItem),
                _ => Self::Map(&Self::Part),
            },
            Self::PathItem => match key {
                "trace" => Self::Operation,
                method if METHODS.contains(&method) => Self::Operation,
                "parameters" => Self::List(&Self::Parameter),
                key => Self::described(key),
            },
            Self::Operation => match key {
                "parameters" => Self::List(&Self::Parameter),
                "requestBody" => Self::RequestBody,
                "responses" => Self::Map(&Self::Response),
                "callbacks" => Self::Map(&Self::Callback),
                key => Self::described(key),
            },
            Self::Response => match key {
                "headers" => Self::Map(&Self::Header),
                "content" => Self::Map(&Self::MediaType),
                "schema" => Self::Schema,
                "links" => Self::Map(&Self::Part),
                "examples" => return None,
                key => Self::described(key),
            },
            Self::RequestBody | Self::Parameter | Self::Header | Self::MediaType | Self::Encoding => match key {
                "content" => Self::Map(&Self::MediaType),
                "schema" | "items" => Self::Schema,
                "examples" => Self::Map(&Self::Example),
                "encoding" => Self::Map(&Self::Encoding),
                "headers" => Self::Map(&Self::Header),
                "example" | "default" | "enum" => return None,
                key => Self::described(key),
            },
            Self::Example if key == "value" => return None,
            Self::Schema => match key {
                "properties" | "patternProperties" | "definitions" | "$defs" | "dependentSchemas" | "dependencies" => {
                    Self::Map(&Self::Schema)
                }
                "example" | "examples" | "default" | "enum" | "const" => return None,
                "description" => Self::Text,
                "xml" | "externalDocs" | "discriminator" | "required" => Self::Part,
                _ => Self::Schema,
            },
            Self::Part | Self::Example => match key {
                "example" | "examples" | "default" | "enum" | "const" => return None,
                key => Self::described(key),
            },
            Self::Text | Self::List(_) => return None,
        })
    }

    fn described(key: &str) -> Self {
        if matches!(key, "description" | "summary") { Self::Text } else { Self::Part }
    }

    /// The kind of the items of a list at this position.
    pub(super) fn item(self) -> Self {
        match self {
            Self::List(of) => *of,
            node => node,
        }
    }

    /// True if OpenAPI knows no references at this position, so that the target is written in place, also that of one within the
    /// document.
    pub(super) fn is_in_place(self) -> bool {
        match self {
            Self::Document
            | Self::Components
            | Self::PathItem
            | Self::Operation
            | Self::MediaType
            | Self::Encoding
            | Self::Text
            | Self::Map(_)
            | Self::List(_) => true,
            Self::Callback
            | Self::Parameter
            | Self::Header
            | Self::RequestBody
            | Self::Response
            | Self::Example
            | Self::Schema
            | Self::Part => false,
        }
    }
}
