//! What is odd about a URL or the path of an API, and how it may have been meant: rules that a pattern cannot say in words.

use super::lookup::Schema;

/// Signs that an API's path may hold besides letters and digits.
const PATH_SIGNS: &str = "._~-";

/// Signs that a URL's path may hold besides letters and digits.
const URL_SIGNS: &str = "._~!$&'()*+,;=:@%-/";

/// Which of the two a schema asks for.
enum Form {
    Url { is_public: bool },
    Path,
}

impl Form {
    fn of(schema: Schema<'_>) -> Option<Self> {
        let form = schema.text("x-form")?;
        if form.starts_with("the URL") {
            let is_public = form.starts_with("the URL of a gateway");
            Some(Self::Url { is_public })
        } else {
            form.starts_with("the path of an API").then_some(Self::Path)
        }
    }
}

/// What is wrong with a URL or path, in words.
pub(super) fn trouble(text: &str, schema: Schema<'_>) -> Option<String> {
    match Form::of(schema)? {
        Form::Url { is_public } => url_trouble(text, is_public),
        Form::Path => path_trouble(text),
    }
}

/// The URL or path without what is wrong with it.
pub(super) fn mended(text: &str, schema: Schema<'_>) -> Option<String> {
    match Form::of(schema)? {
        Form::Url { is_public } => mended_url(text, is_public),
        Form::Path => Some(mended_path(text)),
    }
}

fn url_trouble(text: &str, is_public: bool) -> Option<String> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Some("it does not start with `https://`".to_owned());
    };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    Some(match scheme {
        "https" => match () {
            () if host.contains('@') => "a user or password in it would be written to the output".to_owned(),
            () if rest.contains('?') => "a query does not belong into it".to_owned(),
            () if rest.contains('#') => "a fragment does not belong into it; servers never see one".to_owned(),
            () if host.split_once(':').is_some_and(|(_, port)| !is_port(port)) => {
                "a port is a number from 1 to 65535".to_owned()
            }
            () if host.is_empty() => "it has no host".to_owned(),
            () if path.ends_with('/') => "a slash stands at its end, and what is appended starts with one".to_owned(),
            () => return stranger(rest, URL_SIGNS),
        },
        "http" if is_public => "callers reach the gateway by `https://` alone".to_owned(),
        "http" => return url_trouble(&format!("https://{rest}"), false),
        _ => format!("`{scheme}://` is not `https://`"),
    })
}

fn is_port(text: &str) -> bool {
    !text.starts_with(['0', '+']) && text.parse::<u16>().is_ok()
}

fn mended_url(text: &str, is_public: bool) -> Option<String> {
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

fn path_trouble(text: &str) -> Option<String> {
    let mut parts = text.split('/');
    Some(if text.contains("://") {
        "it is a URL, and only what stands behind the gateway's host is the path".to_owned()
    } else if text.starts_with('/') {
        "a slash stands at its start".to_owned()
    } else if text.ends_with('/') {
        "a slash stands at its end".to_owned()
    } else if text.contains("//") {
        "two slashes stand side by side".to_owned()
    } else if text.contains(['{', '}']) {
        "operations have parameters in their paths, and APIs have none".to_owned()
    } else if let Some(part) = parts.find(|part| part.chars().all(|c| c == '.')) {
        format!("clients take a part `{part}` out before they send a request")
    } else {
        return stranger(text, &format!("{PATH_SIGNS}/"));
    })
}

fn mended_path(text: &str) -> String {
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

fn stranger(text: &str, signs: &str) -> Option<String> {
    let stranger = text.chars().find(|c| !is_plain(*c, signs))?;
    Some(match stranger {
        ' ' => "a blank cannot stand in it".to_owned(),
        other => format!("`{other}` cannot stand in it"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Schema, mended, trouble};
    use crate::model::schema::schema;

    /// The schema of a form, found by the key that has it.
    fn form(definition: &str, key: &str) -> Value {
        schema()["$defs"][definition]["properties"][key].clone()
    }

    /// Each text, what is wrong with it, and what is right instead.
    fn check(schema: &Value, table: &[(&str, &str, &str)]) {
        let validator = jsonschema::validator_for(schema).unwrap();
        for (text, wrong, right) in table {
            assert!(!validator.is_valid(&json!(text)), "{text} is right");
            let schema = Schema::whole(schema);
            let said = trouble(text, schema).unwrap_or_default();
            assert!(said.contains(wrong), "{text}: {said}");
            assert_eq!(mended(text, schema).as_deref(), Some(*right), "{text}");
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
                ("https://a.b/c d", "blank", "https://a.b/c%20d"),
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
            &[("http://a.b", "`https://` alone", "https://a.b"), ("https://a.b/c/?d", "query", "https://a.b/c")],
        );
    }

    #[test]
    fn paths_that_are_almost_right() {
        check(
            &form("Api", "path"),
            &[
                ("/a", "at its start", "a"),
                ("a/b/", "at its end", "a/b"),
                ("a//b", "side by side", "a/b"),
                ("a/../b", "`..`", "b"),
                ("a/./b", "`.`", "a/b"),
                ("a/{b}", "parameters", "a"),
                ("a b", "blank", "a-b"),
                ("a?b", "`?`", "a"),
                ("a*", "`*`", "a-"),
                ("https://a.b/c/d", "a URL", "c/d"),
            ],
        );
    }
}
