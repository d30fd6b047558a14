//! Policies as trees: document, section, statement, typed attribute. What the catalogue forbids cannot become a document,
//! and nothing but a document can be rendered.

mod api;
mod check;
mod csharp;
mod document;
mod statement;
mod statements;
mod text;

pub use api::{api, identity_client_id};
pub use csharp::{Condition, CsExpr, CsText};
pub use document::{Document, Reference, Violation};
pub use statement::{Inner, Statement};
pub use text::{LiteralText, Text};
