//! What stands in an attribute or between tags: plain text, a named value or C#, and never a guess which.

use super::csharp::CsExpr;
use crate::resolve::name::ResourceName;

/// Text of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// Plain text.
    Literal(LiteralText),
    /// The value of a named value, put in when the policy is loaded.
    NamedValue(ResourceName),
    /// An expression.
    Expr(CsExpr),
}

/// Plain text that API Management reads as plain text (reference apim-policies §1.6, §1.7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiteralText(String);

impl LiteralText {
    /// The text, unless API Management would read code or a named value in it, or XML cannot hold it.
    pub fn parse(text: &str) -> Option<Self> {
        let is_code = text.trim_start().starts_with("@(") || text.trim_start().starts_with("@{");
        let is_named_value = text.contains("{{");
        let fits_xml = text.chars().all(|c| {
            matches!(c, '\t' | '\n' | '\r')
                || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
        });
        (!is_code && !is_named_value && fits_xml).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Text {
    /// Words of ours, and names that can hold no code.
    ///
    /// # Panics
    ///
    /// If API Management would read code in it, which is our mistake: text of the author's goes through [`LiteralText::parse`].
    pub fn plain(text: &str) -> Self {
        Self::Literal(LiteralText::parse(text).expect("policy: names and our own words are plain"))
    }

    /// The text, if it is plain.
    pub fn as_literal(&self) -> Option<&str> {
        match self {
            Self::Literal(text) => Some(text.as_str()),
            Self::NamedValue(_) | Self::Expr(_) => None,
        }
    }

    /// The text as it stands in a policy, before XML: `{{name}}`, `@(…)`.
    pub fn source(&self) -> String {
        match self {
            Self::Literal(text) => text.as_str().to_owned(),
            Self::NamedValue(name) => format!("{{{{{name}}}}}"),
            Self::Expr(expression) => expression.source(),
        }
    }
}

impl AsRef<Self> for Text {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl From<CsExpr> for Text {
    fn from(expression: CsExpr) -> Self {
        Self::Expr(expression)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_named_values_are_not_plain() {
        for text in [
            "@(1)",
            "@{ return 1; }",
            " @(1)",
            "a {{b}}",
            "{{",
            "a\0",
            "\u{b}",
            "\u{ffff}",
        ] {
            assert_eq!(LiteralText::parse(text), None, "{text:?}");
        }
        for text in [
            "",
            "a@(b",
            "user@contoso.com",
            "{a}",
            "a & <b>",
            "🦀",
            "a\tb",
        ] {
            assert!(LiteralText::parse(text).is_some(), "{text:?}");
        }
    }
}
