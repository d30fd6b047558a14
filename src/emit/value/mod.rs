//! Values of both targets: text, numbers and objects in which "literal or expression" is a type.
//! No target words here; `print` writes them in the syntax of a target.

pub mod print;

use super::symbols::Symbol;

/// Source of a target, made of words from our own code and of symbols: never of the author's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression(String);

impl Expression {
    /// Text of our own.
    pub fn fixed(source: &'static str) -> Self {
        Self(source.to_owned())
    }

    /// A declared name.
    pub fn symbol(symbol: &Symbol) -> Self {
        Self(symbol.as_str().to_owned())
    }

    /// The same, followed by text of our own: `.then(".outputs.host")`.
    #[must_use]
    pub fn then(mut self, source: &'static str) -> Self {
        self.0.push_str(source);
        self
    }

    /// The same, followed by a member: `local` and `host` give `local.host`.
    #[must_use]
    pub fn dot(mut self, symbol: &Symbol) -> Self {
        self.0.push('.');
        self.0.push_str(symbol.as_str());
        self
    }

    /// The same, directly followed by another expression.
    #[must_use]
    pub fn join(mut self, other: &Self) -> Self {
        self.0.push_str(&other.0);
        self
    }

    /// One of a list.
    #[must_use]
    pub fn item(mut self, at: usize) -> Self {
        self.0.push_str(&format!("[{at}]"));
        self
    }

    /// The expression as source.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Only `print` turns values into expressions.
    fn printed(source: String) -> Self {
        Self(source)
    }
}

/// A piece of a text with expressions inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text as its author meant it.
    Text(String),
    /// An expression that is evaluated.
    Reference(Expression),
}

/// One line of an object.
pub type Field = (String, Value);

/// The value of a key or an item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text as its author meant it.
    Text(String),
    /// A whole number.
    Number(i64),
    /// True or false.
    Boolean(bool),
    /// An expression.
    Reference(Expression),
    /// Text with expressions inside; if there is but one expression, that expression.
    Interpolated(Vec<Part>),
    /// On one line if it holds nothing but scalars and fits, else one item per line.
    List(Vec<Self>),
    /// One item per line, however short: what the next item should not change the line of.
    Lines(Vec<Self>),
    /// One field per line, in this order.
    Object(Vec<Field>),
    /// On one line if it holds nothing that needs several and fits, else an `Object`.
    Row(Vec<Field>),
}

impl Value {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// An object of named values.
    pub fn object<K: Into<String>>(fields: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Object(fields.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// True if it is a scalar, or an empty list or object.
    fn is_simple(&self) -> bool {
        match self {
            Self::List(items) | Self::Lines(items) => items.is_empty(),
            Self::Object(fields) | Self::Row(fields) => fields.is_empty(),
            Self::Text(_) | Self::Number(_) | Self::Boolean(_) | Self::Reference(_) | Self::Interpolated(_) => true,
        }
    }
}

impl AsRef<Self> for Value {
    fn as_ref(&self) -> &Self {
        self
    }
}
