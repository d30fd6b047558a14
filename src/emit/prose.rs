//! Inline Markdown and shell commands that are put together in Rust. Their only ways in are words of our own code and encoders, so
//! that no text of the author's gets into GATEWAY.md as it is; whole sentences are in templates.

use super::refuse::{Bare, Raw};
use super::text;

/// A piece of Markdown for a paragraph or a table cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prose(String);

impl Prose {
    /// Text of our own, which may be Markdown.
    pub fn fixed(words: &'static str) -> Self {
        Self(words.to_owned())
    }

    /// Text as code.
    pub fn code(text: impl Raw) -> Self {
        Self(text::code_span(text.raw()))
    }

    /// A sentence in which backticks mark code, as descriptions have it.
    pub fn marked(text: impl Raw) -> Self {
        let pieces = text.raw().split('`').enumerate();
        pieces.fold(Self::default(), |prose, (at, piece)| match at % 2 {
            0 => prose.text(piece),
            _ => prose.join(&Self::code(piece)),
        })
    }

    /// A number or a flag.
    pub fn bare(value: impl Bare) -> Self {
        Self(value.to_string())
    }

    /// Several pieces, with text of our own between each two.
    pub fn joined(pieces: impl IntoIterator<Item = Self>, between: &'static str) -> Self {
        let pieces: Vec<String> = pieces.into_iter().map(|piece| piece.0).collect();
        Self(pieces.join(between))
    }

    /// Texts as code, with commas between them.
    pub fn codes<T: Raw>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::joined(texts.into_iter().map(Self::code), ", ")
    }

    /// The same, followed by text of our own.
    #[must_use]
    pub fn then(mut self, words: &'static str) -> Self {
        self.0.push_str(words);
        self
    }

    /// The same, followed by text as Markdown shows it.
    #[must_use]
    pub fn text(mut self, text: impl Raw) -> Self {
        self.0.push_str(&text::markdown(text.raw()));
        self
    }

    /// The same, followed by another piece.
    #[must_use]
    pub fn join(mut self, other: &Self) -> Self {
        self.0.push_str(&other.0);
        self
    }

    pub(super) fn into_source(self) -> String {
        self.0
    }
}

/// A command of a POSIX shell. As text it can be encoded again, as code of Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command(String);

impl Command {
    /// Text of our own.
    pub fn fixed(words: &'static str) -> Self {
        Self(words.to_owned())
    }

    /// The same, followed by text of our own.
    #[must_use]
    pub fn then(mut self, words: &'static str) -> Self {
        self.0.push_str(words);
        self
    }

    /// The same, followed by text as one argument.
    #[must_use]
    pub fn argument(mut self, text: impl Raw) -> Self {
        self.0.push_str(&text::shell(text.raw()));
        self
    }

    /// The same, followed by text inside double quotes that are there already.
    #[must_use]
    pub fn quoted(mut self, text: impl Raw) -> Self {
        self.0.push_str(&text::shell_quoted(text.raw()));
        self
    }

    /// The same, followed by another command or a part of one.
    #[must_use]
    pub fn join(mut self, other: &Self) -> Self {
        self.0.push_str(&other.0);
        self
    }

    pub(super) fn into_source(self) -> String {
        self.0
    }
}

impl Raw for Command {
    fn raw(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_encoded() {
        let prose = Prose::fixed("**").text("*a*").then("**: ").join(&Prose::codes(["b|c", "d"]));
        assert_eq!(prose.into_source(), r"**\*a\***: <code>b&#124;c</code>, `d`");
        assert_eq!(Prose::marked("URL of `a|b`, *x*").into_source(), r"URL of <code>a&#124;b</code>, \*x\*");
        let command = Command::fixed("az show --name ").argument("it's").then(" \"").quoted("$(x)").then("\"");
        assert_eq!(command.into_source(), r#"az show --name 'it'\''s' "\$(x)""#);
    }
}
