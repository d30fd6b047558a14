//! The syntax errors of the YAML and JSON parsers, classified. The parsers report them as text only; this is the one file that
//! depends on their wording.

/// The location and reason of a syntax error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The byte where the parser stopped.
    pub at: usize,
    /// The kind of error.
    pub kind: SyntaxKind,
    /// The parser's message.
    pub reason: String,
}

impl SyntaxError {
    /// An error at a byte, classified by the parser's message.
    pub fn new(at: usize, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self { at, kind: SyntaxKind::of(&reason), reason }
    }
}

/// The kinds of syntax errors that findings explain differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyntaxKind {
    /// The parser's limit of nested values.
    TooDeep,
    /// The parser's limit of values that aliases repeat.
    TooManyAliases,
    /// A character that YAML does not allow.
    Character,
    /// A tab instead of spaces.
    Tab,
    /// Text after a closing quote.
    AfterQuote,
    /// An unknown escape sequence in a quoted string.
    Escape,
    /// A line of a quoted string that is indented too little.
    QuoteIndentation,
    /// A quoted string without its end.
    Quote,
    /// An alias without its anchor.
    UnknownAnchor,
    /// An anchor or alias without a name.
    NamelessAnchor,
    /// A character that cannot start a value.
    Sign,
    /// A closing bracket without its opening one.
    Bracket,
    /// A list or object in brackets that does not end, or lacks a comma.
    Flow,
    /// The same, where a line of it is indented too little.
    FlowIndentation,
    /// The same, or a line without a colon.
    FlowOrKey,
    /// A value after another value.
    MappingValue,
    /// A line without a colon.
    SimpleKey,
    /// A key where none is allowed.
    MappingKey,
    /// A line that does not start with a key of the object.
    ExpectedKey,
    /// A line that does not start an item of the list.
    ExpectedItem,
    /// An item where none is allowed.
    MisplacedItem,
    /// A line that is indented wrongly.
    Indentation,
    /// Any other error.
    Other,
}

/// Parts of a message, all of which occur in it, and the kind of error. The first row that matches counts.
const KINDS: &[(&[&str], SyntaxKind)] = &[
    (&["recursion limit"], SyntaxKind::TooDeep),
    (&["repetition limit"], SyntaxKind::TooManyAliases),
    (&["unprintable"], SyntaxKind::Character),
    (&["control characters"], SyntaxKind::Character),
    (&["byte order mark"], SyntaxKind::Character),
    (&["tab"], SyntaxKind::Tab),
    (&["trailing content after"], SyntaxKind::AfterQuote),
    (&["quoted scalar", "escape"], SyntaxKind::Escape),
    (&["quoted scalar", "hexadecimal"], SyntaxKind::Escape),
    (&["quoted scalar", "indentation"], SyntaxKind::QuoteIndentation),
    (&["quoted scalar"], SyntaxKind::Quote),
    (&["unknown anchor"], SyntaxKind::UnknownAnchor),
    (&["anchor or alias"], SyntaxKind::NamelessAnchor),
    (&["unexpected character"], SyntaxKind::Sign),
    (&["cannot start any token"], SyntaxKind::Sign),
    (&["misplaced bracket"], SyntaxKind::Bracket),
    (&["flow", "indentation"], SyntaxKind::FlowIndentation),
    (&["flow"], SyntaxKind::Flow),
    (&["',' or"], SyntaxKind::Flow),
    (&["illegal placement"], SyntaxKind::Flow),
    (&["simple key expect"], SyntaxKind::FlowOrKey),
    (&["mapping values"], SyntaxKind::MappingValue),
    (&["simple key"], SyntaxKind::SimpleKey),
    (&["mapping keys"], SyntaxKind::MappingKey),
    (&["expected key"], SyntaxKind::ExpectedKey),
    (&["expected '-' indicator"], SyntaxKind::ExpectedItem),
    (&["sequence entries are not allowed"], SyntaxKind::MisplacedItem),
    (&["indentation"], SyntaxKind::Indentation),
    (&["wrongly indented"], SyntaxKind::Indentation),
];

impl SyntaxKind {
    /// The kind of error that a parser's message describes.
    pub fn of(reason: &str) -> Self {
        let kind = KINDS.iter().find(|(parts, _)| parts.iter().all(|part| reason.contains(part)));
        kind.map_or(Self::Other, |(_, kind)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::SyntaxKind;

    #[test]
    fn messages_of_both_parsers_are_classified() {
        for (reason, kind) in [
            ("recursion limit exceeded", SyntaxKind::TooDeep),
            ("repetition limit exceeded", SyntaxKind::TooManyAliases),
            ("found unprintable character", SyntaxKind::Character),
            ("tabs disallowed in this context", SyntaxKind::Tab),
            ("while parsing a quoted scalar, found unknown escape character", SyntaxKind::Escape),
            ("invalid indentation in quoted scalar", SyntaxKind::QuoteIndentation),
            ("while scanning a quoted scalar, found unexpected end of stream", SyntaxKind::Quote),
            ("while parsing node, found unknown anchor", SyntaxKind::UnknownAnchor),
            ("unexpected character: `@'", SyntaxKind::Sign),
            ("while parsing a flow sequence, expected ',' or ']'", SyntaxKind::Flow),
            ("simple key expect ':'", SyntaxKind::FlowOrKey),
            ("mapping values are not allowed in this context", SyntaxKind::MappingValue),
            ("while parsing a block mapping, did not find expected key", SyntaxKind::ExpectedKey),
            ("while parsing a block collection, did not find expected '-' indicator", SyntaxKind::ExpectedItem),
            ("duplicate version directive", SyntaxKind::Other),
        ] {
            assert_eq!(SyntaxKind::of(reason), kind, "{reason}");
        }
    }
}
