//! Parts of a text that may be secrets and are shown as `***`. What they are is decided by their place, never by a list of words.

use std::borrow::Cow;
use std::ops::Range;

/// What is shown instead of a part that may be a secret.
pub const MASK: &str = "***";

/// The text with a mask for each of some ranges, which are sorted and do not overlap.
fn masked<'t>(text: &'t str, ranges: &[Range<usize>]) -> Cow<'t, str> {
    if ranges.is_empty() {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for range in ranges {
        shown.push_str(&text[from..range.start]);
        shown.push_str(MASK);
        from = range.end;
    }
    shown.push_str(&text[from..]);
    shown.into()
}

/// The text with a mask for user, password and query of each URL in it.
pub fn without_secrets_of_urls(text: &str) -> Cow<'_, str> {
    masked(text, &secrets_of_urls(text))
}

/// An address with a mask for its user, password and query.
pub fn without_secrets_of_address(text: &str) -> Cow<'_, str> {
    masked(text, &secrets_of_address(text))
}

/// The user, password and query of each URL in a text.
pub fn secrets_of_urls(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("://") {
        let start = from + at + "://".len();
        let is_end = |c: char| c.is_whitespace() || "\"'`<>".contains(c);
        let end = text[start..].find(is_end).map_or(text.len(), |end| start + end);
        found
            .extend(secrets_of_address(&text[start..end]).into_iter().map(|part| start + part.start..start + part.end));
        from = end;
    }
    found
}

/// The user, password and query of a text that should be an address.
pub fn secrets_of_address(text: &str) -> Vec<Range<usize>> {
    let host = text.find("://").map_or(0, |at| at + "://".len());
    let mut found = Vec::new();
    let query = text[host..].find('?').map(|at| host + at);
    // A password may hold any character, so a last `@` counts wherever it is.
    let user = text[host..query.unwrap_or(text.len())].rfind('@').map(|at| host + at);
    found.extend(user.filter(|end| *end > host).map(|end| host..end));
    let fragment = || text.find('#').filter(|at| text[*at..].contains('='));
    let rest = query.or_else(fragment).map(|at| at + 1);
    found.extend(rest.filter(|start| *start < text.len()).map(|start| start..text.len()));
    found
}

/// True if a text is made of several `name=value` with semicolons between them.
pub fn is_connection_string(text: &str) -> bool {
    text.split(';').filter(|part| part.contains('=')).count() > 1
}

/// All of a text but the keys at the start of its lines, for a text that could not be read.
pub fn all_but_keys(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        let lead = content.len() - content.trim_start_matches([' ', '\t', '-']).len();
        let from = lead + key(&content[lead..]);
        let from = content.len() - content[from..].trim_start().len();
        if content[from..].contains(|c: char| !c.is_whitespace() && !"{}[],".contains(c)) {
            found.push(start + from..start + content.len());
        }
        start += line.len();
    }
    found
}

/// The length of a key with its colon at the start of a line; 0 if there is none.
fn key(content: &str) -> usize {
    let bare = content.trim_start_matches(['"', '\'']);
    let quotes = content.len() - bare.len();
    let is_part = |c: char| c.is_alphanumeric() || "-_.<".contains(c);
    let end = bare.find(|c: char| !is_part(c)).unwrap_or(bare.len());
    let rest = bare[end..].trim_start_matches(['"', '\'', ' ']);
    let is_key = end > 0 && rest.strip_prefix(':').is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    if is_key && quotes < 2 { content.len() - rest.len() + 1 } else { 0 }
}

/// The values of attributes and the text of elements in XML that may not be well-formed.
pub fn values_of_xml(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let (mut quote, mut is_tag) = (None, false);
    for (at, c) in text.char_indices() {
        let is_shown = match (quote, is_tag, c) {
            (Some(open), _, c) if open == c => {
                quote = None;
                true
            }
            (Some(_), ..) => false,
            (None, true, '"' | '\'') => {
                quote = Some(c);
                true
            }
            (None, true, '>') => {
                is_tag = false;
                true
            }
            (None, false, '<') => {
                is_tag = true;
                true
            }
            (None, true, _) => true,
            (None, false, _) => false,
        };
        if is_shown || c.is_whitespace() {
            continue;
        }
        let end = at + c.len_utf8();
        match found.last_mut() {
            Some(last) if !text[last.end..at].contains(['\n', '<', '>', '"', '\'']) => last.end = end,
            _ => found.push(at..end),
        }
    }
    found
}

/// The constant contents of `<value>` elements, where policies hold keys of services.
pub fn constants_of_policy(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("<value>") {
        let start = from + at + "<value>".len();
        let end = text[start..].find('<').map_or(text.len(), |end| start + end);
        let content = &text[start..end];
        if !content.trim().is_empty() && !["@(", "@{", "{{"].iter().any(|code| content.contains(code)) {
            found.push(start..end);
        }
        from = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{all_but_keys, masked, values_of_xml, without_secrets_of_address, without_secrets_of_urls};

    #[test]
    fn user_password_and_query_of_urls_are_masked() {
        let table = [
            ("`https://w.contoso.com/v1` is fine", "`https://w.contoso.com/v1` is fine"),
            ("`https://u:S@w.com` and https://w.com/?code=S, ok", "`https://***@w.com` and https://w.com/?*** ok"),
            ("https://u:S/S@w.com/a", "https://***@w.com/a"),
            ("https://w.com/#access_token=S", "https://w.com/#***"),
            ("https://w.com/#/components/x", "https://w.com/#/components/x"),
            ("https://w.com/?", "https://w.com/?"),
        ];
        for (text, shown) in table {
            assert_eq!(without_secrets_of_urls(text), shown);
        }
        assert_eq!(without_secrets_of_address("u:S S@w.com/x?S S"), "***@w.com/x?***");
    }

    #[test]
    fn of_a_broken_text_only_keys_are_shown() {
        let shown = |text: &str| masked(text, &all_but_keys(text)).into_owned();
        let text = "a:\n  - \"key\": \"S\n  S\n  pass word: S\n  b:S\r\n  - S\n  k : {x: S}\n";
        assert_eq!(shown(text), "a:\n  - \"key\": ***\n  ***\n  ***\n  ***\r\n  - ***\n  k : ***\n");
    }

    #[test]
    fn of_broken_xml_only_names_are_shown() {
        let shown = |text: &str| masked(text, &values_of_xml(text)).into_owned();
        assert_eq!(shown("<a b=\"S S\" c='S'>S S<d/>\n S\n</a"), "<a b=\"***\" c='***'>***<d/>\n ***\n</a");
        assert_eq!(shown("<a b=\"S>\nS"), "<a b=\"***\n***");
        assert_eq!(shown("root:S"), "***");
    }
}
