//! XML encoding of the three kinds of text.

use crate::emit::text;
use crate::include::PolicyText;
use crate::plan::policy::{CsExpr, Text};

/// A placeholder for a line break that is content, until the document is complete: XML cannot contain this character, so no text has it.
pub(super) const KEPT_BREAK: char = '\u{b}';

impl Text {
    /// As the value of a double-quoted attribute.
    ///
    /// Policies are sent as `rawxml`, which allows unescaped quotes and brackets in expressions. We escape them nevertheless:
    /// the service accepts that too, and then every XML parser can read the document (reference apim-policies §1.6).
    pub(in crate::emit) fn in_attribute(&self) -> String {
        match self {
            Self::Literal(literal) => text::xml_attribute(literal.as_str()),
            Self::NamedValue(name) => text::xml_attribute(&format!("{{{{{name}}}}}")),
            Self::Expr(expr) => code(expr, text::xml_attribute),
            Self::Custom(words) => as_written(words),
        }
    }

    /// Between the tags of an element.
    pub(in crate::emit) fn between_tags(&self) -> String {
        match self {
            Self::Literal(literal) => text::xml_text(literal.as_str()),
            Self::NamedValue(name) => text::xml_text(&format!("{{{{{name}}}}}")),
            Self::Expr(expr) => code(expr, text::xml_text),
            Self::Custom(words) => as_written(words),
        }
    }
}

/// Custom policies are XML already. Their lines are not indented: a line break may be part of a text.
fn as_written(words: &PolicyText) -> String {
    words.source().replace('\n', &KEPT_BREAK.to_string())
}

/// Line breaks between the lines of an expression are layout and are kept: in C# they are whitespace.
fn code(expr: &CsExpr, encode: fn(&str) -> String) -> String {
    let lines: Vec<_> = expr.code().split('\n').map(encode).collect();
    lines.join("\n")
}
