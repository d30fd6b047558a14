//! XML before it is read, and what is wrong with it.

/// The text with blanks in place of `<?xml …?>`, which may stand at the start of a file alone.
pub(super) fn without_declaration(text: &str) -> String {
    let start = text.len() - text.trim_start().len();
    match text[start..].find("?>") {
        Some(end) if text[start..].starts_with("<?xml") => {
            let end = start + end + 2;
            let blank: String = text[..end]
                .chars()
                .map(|c| if c == '\n' { c } else { ' ' })
                .collect();
            // Blanks take one byte each: what was longer is made up for.
            format!("{blank}{}{}", " ".repeat(end - blank.len()), &text[end..])
        }
        _ => text.to_owned(),
    }
}

/// How deep tags are nested at most, without reading them: a parser may use its stack for each level.
pub(super) fn depth(text: &str) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with('/') {
            now = now.saturating_sub(1);
        } else if rest.starts_with("!--") {
            rest = rest.split_once("-->").map_or("", |(_, rest)| rest);
        } else if rest.starts_with("![CDATA[") {
            rest = rest.split_once("]]>").map_or("", |(_, rest)| rest);
        } else if !rest.starts_with(['?', '!']) {
            // A `>` in an attribute ends the search too soon, which counts a level too many at worst.
            let tag = rest.split_once('>').map_or("", |(tag, _)| tag);
            let has_quote = tag.contains(['"', '\'']);
            if !(tag.ends_with('/') || has_quote && is_closed(rest)) {
                now += 1;
                most = most.max(now);
            }
        }
    }
    most
}

/// Whether a tag ends with `/>`, `>` inside of quotes apart.
fn is_closed(tag: &str) -> bool {
    let mut quote = None;
    let mut before = ' ';
    for c in tag.chars() {
        match (quote, c) {
            (None, '>') => return before == '/',
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
        before = c;
    }
    false
}

/// What a parser finds wrong, in words.
pub(super) fn reason(error: &roxmltree::Error) -> String {
    use roxmltree::Error;
    match error {
        Error::DtdDetected => "document types are not read".to_owned(),
        Error::NodesLimitReached => "it has more elements than a policy can hold".to_owned(),
        // Ours, which stands around the text.
        Error::UnexpectedCloseTag(expected, actual, _) if actual == "fragment" => {
            format!("`{expected}` is open at the end of the file")
        }
        Error::UnexpectedCloseTag(expected, actual, _) => {
            format!("`{expected}` is open, and `{actual}` is closed")
        }
        Error::DuplicatedAttribute(name, _) => format!("the attribute `{name}` stands twice"),
        Error::UnknownNamespace(name, _) => format!("the prefix `{name}` means nothing here"),
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => {
            "something is open at the end of the file".to_owned()
        }
        Error::UnknownEntityReference(name, _) => format!("the entity `{name}` is not known"),
        _ => "XML does not go on like this".to_owned(),
    }
}
