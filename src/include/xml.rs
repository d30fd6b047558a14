//! XML before it is read, and what is wrong with it.

/// The text with blanks in place of `<?xml …?>`, which may stand at the start of a file alone.
pub(super) fn without_declaration(text: &str) -> String {
    let start = text.len() - text.trim_start().len();
    match text[start..].find("?>") {
        Some(end) if text[start..].starts_with("<?xml ") => {
            let end = start + end + 2;
            let blank: String = text[..end].chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
            // Blanks take one byte each: what was longer is made up for.
            format!("{blank}{}{}", " ".repeat(end - blank.len()), &text[end..])
        }
        _ => text.to_owned(),
    }
}

/// What a text has too much of for a parser, which may use its stack for each level, and compares attributes with each other.
pub(super) enum Excess {
    /// Elements inside of each other.
    Levels,
    /// Attributes of one element.
    Attributes,
}

/// What a text has more of than so many, without reading it: each byte is looked at once.
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

/// What stands between `<` and `>`; no `>` inside of quotes counts.
struct Tag {
    length: usize,
    attributes: usize,
    /// Whether it ends with `/`.
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
                // No tag has one: here the parser stops.
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

/// What a parser finds wrong, in words.
pub(super) fn reason(error: &roxmltree::Error) -> String {
    use roxmltree::Error;
    match error {
        Error::DtdDetected => "document types are not read".to_owned(),
        Error::NodesLimitReached => "it has more elements than a policy can hold".to_owned(),
        // Ours, which stands around the text.
        Error::UnexpectedCloseTag(expected, actual, _) if expected == "fragment" => {
            format!("`{actual}` is closed and was never opened; sections do not belong here")
        }
        Error::UnexpectedCloseTag(expected, actual, _) if actual == "fragment" => {
            format!("`{expected}` is open at the end of the file")
        }
        Error::UnexpectedCloseTag(expected, actual, _) => {
            format!("`{expected}` is open, and `{actual}` is closed")
        }
        Error::DuplicatedAttribute(name, _) => format!("the attribute `{name}` stands twice"),
        Error::UnknownNamespace(name, _) => format!("the prefix `{name}` means nothing here"),
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => "something is open at the end of the file".to_owned(),
        Error::UnknownEntityReference(name, _) => format!("the entity `{name}` is not known"),
        _ => "XML does not go on like this".to_owned(),
    }
}
