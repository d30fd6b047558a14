//! How the three sorts of text are written in XML.

use crate::emit::text;
use crate::include::Words;
use crate::plan::policy::{CsExpr, Text};

/// Stands for a line break that is no layout, until the document is whole: no XML can hold this character, so nobody wrote it.
pub(super) const KEPT_BREAK: char = '\u{b}';

impl Text {
    /// As the value of a double-quoted attribute.
    ///
    /// Policies are sent as `rawxml`, which lets expressions have quotes and brackets as they are. We encode them all the same:
    /// the service accepts that too, and then every XML parser can read the document (reference apim-policies §1.6).
    pub(in crate::emit) fn in_attribute(&self) -> String {
        match self {
            Self::Literal(literal) => text::xml_attribute(literal.as_str()),
            Self::NamedValue(name) => text::xml_attribute(&format!("{{{{{name}}}}}")),
            Self::Expr(expr) => code(expr, text::xml_attribute),
            Self::Team(words) => as_written(words),
        }
    }

    /// Between the tags of an element.
    pub(in crate::emit) fn between_tags(&self) -> String {
        match self {
            Self::Literal(literal) => text::xml_text(literal.as_str()),
            Self::NamedValue(name) => text::xml_text(&format!("{{{{{name}}}}}")),
            Self::Expr(expr) => code(expr, text::xml_text),
            Self::Team(words) => as_written(words),
        }
    }
}

/// What the team wrote is XML already. Its lines are not indented: a line break may be in a text.
fn as_written(words: &Words) -> String {
    words.source().replace('\n', &KEPT_BREAK.to_string())
}

/// Line breaks between the lines of an expression are layout and stay: to C# they are the same as spaces.
fn code(expr: &CsExpr, encode: fn(&str) -> String) -> String {
    let lines: Vec<_> = expr.code().split('\n').map(encode).collect();
    lines.join("\n")
}
