//! URLs and paths of APIs that do not match their pattern: what is wrong with them, and a corrected form.

use super::lookup::Schema;

/// Characters that the path of an API may contain besides letters and digits.
const PATH_SIGNS: &str = "._~-";

/// Characters that the path of a URL may contain besides letters and digits.
const URL_SIGNS: &str = "._~!$&'()*+,;=:@%-/";

/// The form that a schema requires.
enum Form {
    Url { is_public: bool },
    Path,
}

impl Form {
    fn of(schema: Schema<'_>) -> Option<Self> {
        Some(match schema.text("x-check")? {
            "url" => Self::Url { is_public: false },
            "publicUrl" => Self::Url { is_public: true },
            "path" => Self::Path,
            _ => return None,
        })
    }
}

/// Explains what is wrong with a URL or path.
pub(super) fn problem(text: &str, schema: Schema<'_>) -> Option<String> {
    match Form::of(schema)? {
        Form::Url { is_public } => url_problem(text, is_public),
        Form::Path => path_problem(text),
    }
}

/// Corrects a URL or path.
pub(super) fn corrected(text: &str, schema: Schema<'_>) -> Option<String> {
    match Form::of(schema)? {
        Form::Url { is_public } => corrected_url(text, is_public),
        Form::Path => Some(corrected_path(text)),
    }
}

fn url_problem(text: &str, is_public: bool) -> Option<String> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Some("it does not start with `https://`".to_owned());
    };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    Some(match scheme {
        "https" => match () {
            () if host.contains('@') => "a user name or password in it would be written to the output".to_owned(),
            () if rest.contains('?') => "a query string is not allowed".to_owned(),
            () if rest.contains('#') => "a fragment is not allowed; servers never receive it".to_owned(),
            () if host.split_once(':').is_some_and(|(_, port)| !is_port(port)) => {
                "a port is a number from 1 to 65535".to_owned()
            }
            () if host.is_empty() => "it has no host".to_owned(),
            () if path.ends_with('/') => {
                "a trailing slash is not allowed, because the paths that are appended start with one".to_owned()
            }
            () => return disallowed(rest, URL_SIGNS),
        },
        "http" if is_public => "callers can reach the gateway over `https://` only".to_owned(),
        "http" => return url_problem(&format!("https://{rest}"), false),
        _ => format!("`{scheme}://` is not `https://`"),
    })
}

fn is_port(text: &str) -> bool {
    !text.starts_with(['0', '+']) && text.parse::<u16>().is_ok()
}

fn corrected_url(text: &str, is_public: bool) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let rest = rest.split(['?', '#']).next()?.trim().trim_end_matches('/');
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.rsplit('@').next()?;
    let scheme = match scheme {
        "http" if !is_public => "http",
        _ => "https",
    };
    Some(format!("{scheme}://{host}{}", path.replace(' ', "%20")))
}

fn path_problem(text: &str) -> Option<String> {
    let mut parts = text.split('/');
    Some(if text.contains("://") {
        "it is a URL; only the part after the host is the path".to_owned()
    } else if text.starts_with('/') {
        "a leading slash is not allowed".to_owned()
    } else if text.ends_with('/') {
        "a trailing slash is not allowed".to_owned()
    } else if text.contains("//") {
        "consecutive slashes are not allowed".to_owned()
    } else if text.contains(['{', '}']) {
        "parameters belong to the paths of operations, not of APIs".to_owned()
    } else if let Some(part) = parts.find(|part| part.chars().all(|c| c == '.')) {
        format!("clients remove a segment `{part}` before they send a request")
    } else {
        return disallowed(text, &format!("{PATH_SIGNS}/"));
    })
}

fn corrected_path(text: &str) -> String {
    let text = match text.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => text,
    };
    let mut parts: Vec<String> = Vec::new();
    for part in text.split(['?', '#']).next().unwrap_or_default().split('/') {
        match part.trim() {
            ".." => drop(parts.pop()),
            "" | "." => {}
            part if part.contains(['{', '}']) => {}
            part => parts.push(part.chars().map(|c| if is_plain(c, PATH_SIGNS) { c } else { '-' }).collect()),
        }
    }
    parts.join("/")
}

fn is_plain(c: char, signs: &str) -> bool {
    c.is_ascii_alphanumeric() || signs.contains(c)
}

fn disallowed(text: &str, signs: &str) -> Option<String> {
    let unexpected = text.chars().find(|c| !is_plain(*c, signs))?;
    Some(match unexpected {
        ' ' => "spaces are not allowed".to_owned(),
        other => format!("`{other}` is not allowed"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Schema, corrected, problem};
    use crate::model::schema::schema;

    /// The schema of a form, found by the key that has it.
    fn form(definition: &str, key: &str) -> Value {
        schema()["$defs"][definition]["properties"][key].clone()
    }

    /// Each text, its problem, and its correction.
    fn check(schema: &Value, table: &[(&str, &str, &str)]) {
        let validator = jsonschema::validator_for(schema).unwrap();
        for (text, wrong, right) in table {
            assert!(!validator.is_valid(&json!(text)), "{text} is right");
            let schema = Schema::whole(schema);
            let said = problem(text, schema).unwrap_or_default();
            assert!(said.contains(wrong), "{text}: {said}");
            assert_eq!(corrected(text, schema).as_deref(), Some(*right), "{text}");
            assert!(validator.is_valid(&json!(right)), "{right} is wrong");
        }
    }

    #[test]
    fn urls_that_are_almost_right() {
        let url = form("Backend", "url");
        check(
            &url,
            &[
                ("https://a.b/", "slash", "https://a.b"),
                ("https://a.b/c//", "slash", "https://a.b/c"),
                ("http://a.b/c/", "slash", "http://a.b/c"),
                ("https://a.b?c=d", "query", "https://a.b"),
                ("https://a.b/c#d", "fragment", "https://a.b/c"),
                ("https://u:p@a.b/c", "password", "https://a.b/c"),
                ("https://a.b/c d", "spaces", "https://a.b/c%20d"),
                ("ftp://a.b", "`ftp://`", "https://a.b"),
            ],
        );
        let validator = jsonschema::validator_for(&url).unwrap();
        for right in
            ["https://a.b", "http://10.0.0.1:8080/x", "https://a:1", "https://a:65535/b", "https://a/~b/%20/c:d@e"]
        {
            assert!(validator.is_valid(&json!(right)), "{right}");
        }
        for wrong in [
            "https://",
            "https://-a",
            "https://a:0",
            "https://a:65536",
            "https://a:",
            "https://a b",
            "https:///a",
            "HTTPS://a",
            "//a",
        ] {
            assert!(!validator.is_valid(&json!(wrong)), "{wrong}");
        }
        check(
            &form("Service", "publicUrl"),
            &[("http://a.b", "`https://` only", "https://a.b"), ("https://a.b/c/?d", "query", "https://a.b/c")],
        );
    }

    #[test]
    fn paths_that_are_almost_right() {
        check(
            &form("Api", "path"),
            &[
                ("/a", "leading slash", "a"),
                ("a/b/", "trailing slash", "a/b"),
                ("a//b", "consecutive slashes", "a/b"),
                ("a/../b", "`..`", "b"),
                ("a/./b", "`.`", "a/b"),
                ("a/{b}", "parameters", "a"),
                ("a b", "spaces", "a-b"),
                ("a?b", "`?`", "a"),
                ("a*", "`*`", "a-"),
                ("https://a.b/c/d", "a URL", "c/d"),
            ],
        );
    }
}
