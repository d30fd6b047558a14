//! XML before it is parsed, and messages for its syntax errors.

/// The text with spaces in place of `<?xml …?>`, which is allowed only at the start of a file.
pub(super) fn without_declaration(text: &str) -> String {
    let start = text.len() - text.trim_start().len();
    match text[start..].find("?>") {
        Some(end) if text[start..].starts_with("<?xml ") => {
            let end = start + end + 2;
            let blank: String = text[..end].chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
            // Spaces take one byte each: multi-byte characters are padded.
            format!("{blank}{}{}", " ".repeat(end - blank.len()), &text[end..])
        }
        _ => text.to_owned(),
    }
}

/// Excesses of a text that would harm the parser, which may use its stack for each level, and compares attributes pairwise.
pub(super) enum Excess {
    /// Nested elements.
    Levels,
    /// Attributes of one element.
    Attributes,
}

/// Checks the limits without parsing: each byte is visited once.
pub(super) fn excess(text: &str, levels: usize, attributes: usize) -> Option<Excess> {
    let mut open = 0_usize;
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with('/') {
            open = open.saturating_sub(1);
        } else if rest.starts_with("!--") {
            rest = rest.split_once("-->").map_or("", |(_, rest)| rest);
        } else if rest.starts_with("![CDATA[") {
            rest = rest.split_once("]]>").map_or("", |(_, rest)| rest);
        } else if !rest.starts_with(['?', '!']) {
            let tag = Tag::of(rest);
            if tag.attributes > attributes {
                return Some(Excess::Attributes);
            }
            if !tag.is_closed {
                open += 1;
            }
            if open > levels {
                return Some(Excess::Levels);
            }
            rest = &rest[tag.length..];
        }
    }
    None
}

/// The text between `<` and `>`; `>` inside quotes does not count.
struct Tag {
    length: usize,
    attributes: usize,
    /// True if it ends with `/`.
    is_closed: bool,
}

impl Tag {
    fn of(text: &str) -> Self {
        let mut tag = Self { length: text.len(), attributes: 0, is_closed: false };
        let mut quote = None;
        let mut before = ' ';
        for (at, c) in text.char_indices() {
            match (quote, c) {
                (None, '>') => {
                    tag.length = at;
                    tag.is_closed = before == '/';
                    break;
                }
                // Not a tag: the parser stops here.
                (None, '<') => {
                    tag.length = at;
                    break;
                }
                (None, '"' | '\'') => quote = Some(c),
                (None, '=') => tag.attributes += 1,
                (Some(open), c) if c == open => quote = None,
                _ => {}
            }
            before = c;
        }
        tag
    }
}

/// The message for a parser error.
pub(super) fn reason(error: &roxmltree::Error) -> String {
    use roxmltree::Error;
    match error {
        Error::DtdDetected => "a document type declaration (DTD) is not supported".to_owned(),
        Error::NodesLimitReached => "it has more elements than a policy can have".to_owned(),
        // Our own root element around the text.
        Error::UnexpectedCloseTag(expected, actual, _) if expected == "fragment" => {
            format!("`{actual}` is closed but was never opened; section elements are not allowed here")
        }
        Error::UnexpectedCloseTag(expected, actual, _) if actual == "fragment" => {
            format!("`{expected}` is not closed at the end of the file")
        }
        Error::UnexpectedCloseTag(expected, actual, _) => {
            format!("`{expected}` is open, but `{actual}` is closed")
        }
        Error::DuplicatedAttribute(name, _) => format!("duplicate attribute `{name}`"),
        Error::UnknownNamespace(name, _) => format!("the namespace prefix `{name}` is not declared"),
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => {
            "an element is not closed at the end of the file".to_owned()
        }
        Error::UnknownEntityReference(name, _) => format!("unknown entity `{name}`"),
        _ => "unexpected character".to_owned(),
    }
}
