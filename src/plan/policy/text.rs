//! The value of an attribute or element of a policy: text, a named value or code. Which of the three is a type, since API
//! Management decides by the looks of it.

use std::fmt;

use super::csharp::{CsBlock, CsExpr, CsNumber, CsTest, CsText};
use crate::include::PolicyText;
use crate::resolve::name::{DeploymentName, HeaderName, ResourceName};

/// The value of an attribute or the text of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// Text, and nothing else.
    Literal(LiteralText),
    /// The value that the service holds under this name.
    NamedValue(ResourceName),
    /// Code.
    Expr(CsExpr),
    /// Text, named values or code of a custom policy. Only from included files.
    Custom(PolicyText),
}

/// Text that API Management takes for text and that XML can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiteralText(String);

/// The reason why a text is not a [`LiteralText`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwritable {
    /// It starts like an expression.
    Expression,
    /// It contains `{{`, after which the service expects a named value.
    NamedValue,
    /// It contains this character, which XML cannot represent or which is invisible.
    Character(char),
}

impl LiteralText {
    /// The text, if it is read as text.
    pub fn parse(text: &str) -> Result<Self, Unwritable> {
        if text.trim_start().starts_with("@(") || text.trim_start().starts_with("@{") {
            return Err(Unwritable::Expression);
        }
        if text.contains("{{") {
            return Err(Unwritable::NamedValue);
        }
        let is_unwritable =
            |c: &char| c.is_control() && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}');
        match text.chars().find(is_unwritable) {
            Some(c) => Err(Unwritable::Character(c)),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Text {
    /// The plain text, if the value has neither code nor named values.
    pub fn plain(&self) -> Option<&str> {
        match self {
            Self::Literal(text) => Some(text.as_str()),
            Self::Custom(words) => {
                let value = words.value();
                LiteralText::parse(value).is_ok().then_some(value)
            }
            Self::NamedValue(_) | Self::Expr(_) => None,
        }
    }

    /// Words from our own code.
    pub fn fixed(words: &'static str) -> Self {
        Self::known(words)
    }

    /// Text whose type rules out everything that is no literal.
    fn known(text: &str) -> Self {
        Self::Literal(LiteralText::parse(text).expect("policy: names and words of ours are no code"))
    }
}

impl From<LiteralText> for Text {
    fn from(text: LiteralText) -> Self {
        Self::Literal(text)
    }
}

impl From<CsText> for Text {
    fn from(text: CsText) -> Self {
        Self::Expr(CsExpr::Text(text))
    }
}

impl From<CsTest> for Text {
    fn from(test: CsTest) -> Self {
        Self::Expr(CsExpr::Test(test))
    }
}

impl From<CsNumber> for Text {
    fn from(number: CsNumber) -> Self {
        Self::Expr(CsExpr::Number(number))
    }
}

impl From<CsBlock> for Text {
    fn from(block: CsBlock) -> Self {
        Self::Expr(CsExpr::Block(block))
    }
}

impl From<&ResourceName> for Text {
    fn from(name: &ResourceName) -> Self {
        Self::known(name.as_str())
    }
}

impl From<&DeploymentName> for Text {
    fn from(name: &DeploymentName) -> Self {
        Self::known(name.as_str())
    }
}

impl From<&HeaderName> for Text {
    fn from(name: &HeaderName) -> Self {
        Self::known(name.as_str())
    }
}

impl From<u32> for Text {
    fn from(number: u32) -> Self {
        Self::known(&number.to_string())
    }
}

impl From<bool> for Text {
    fn from(flag: bool) -> Self {
        Self::known(if flag { "true" } else { "false" })
    }
}

impl AsRef<Self> for Text {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expression => {
                f.write_str("it would be evaluated as a policy expression, because it starts with `@(` or `@{`")
            }
            Self::NamedValue => f.write_str("`{{` would be parsed as the start of a named value"),
            Self::Character(c) => write!(f, "a policy cannot contain the character U+{:04X}", u32::from(*c)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_no_text() {
        for text in ["@(1)", "@{return 1;}", " \n@(x", "@(", "@{"] {
            assert_eq!(LiteralText::parse(text), Err(Unwritable::Expression), "{text:?}");
        }
        for text in ["{{name}}", "a {{ b", "{{{"] {
            assert_eq!(LiteralText::parse(text), Err(Unwritable::NamedValue), "{text:?}");
        }
        for c in ['\0', '\u{1b}', '\u{7f}', '\u{85}', '\u{fffe}', '\u{ffff}'] {
            let text = format!("a{c}b");
            assert_eq!(LiteralText::parse(&text), Err(Unwritable::Character(c)), "{text:?}");
        }
    }

    #[test]
    fn text_is_text() {
        for text in ["", "@", "a@b.com", "a@(b)", "{\"a\": {} }", "}}", "/x/{y}", "a\tb\r\n", "🦀 ]]> <!-- &amp;"] {
            assert_eq!(LiteralText::parse(text).unwrap().as_str(), text);
        }
    }
}
