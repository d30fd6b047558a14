//! Secrets in the text of custom policies, as far as names and shapes show.

use crate::catalogue::effect::{Secret as Kind, secret as catalogue_secret};
use crate::catalogue::{AUTHORIZATION, names_secret};
use crate::include::{PolicyText, Statement, attribute, is_header};
use crate::resolve::api::KEY_HEADER;

/// Headers whose values are secrets.
const HEADERS: [&str; 10] = [
    AUTHORIZATION,
    "Proxy-Authorization",
    "Cookie",
    "api-key",
    "apikey",
    "x-api-key",
    "x-auth-token",
    "x-functions-key",
    "x-goog-api-key",
    KEY_HEADER,
];

/// Query parameters, and fields of forms, whose values are secrets.
const PARAMETERS: [&str; 8] =
    ["access_token", "api-key", "api_key", "apikey", "client_assertion", "client_secret", "sig", "subscription-key"];

/// A secret in plain text.
pub(super) struct Secret<'a> {
    /// Its kind.
    pub(super) what: &'static str,
    /// A suggested name of a named value for it.
    pub(super) name: &'static str,
    pub(super) words: &'a PolicyText,
}

/// The secrets in a statement.
pub(super) fn secrets(statement: &Statement) -> Vec<Secret<'_>> {
    let mut found = Vec::new();
    for (name, words) in &statement.attributes {
        let secret = match catalogue_secret(statement.name, name) {
            Some(Kind::Password) => ("a password", "proxy-password"),
            Some(Kind::Certificate) => ("a certificate with its private key", "certificate"),
            Some(Kind::Token) => ("a token", "service-token"),
            None => match (statement.name, *name) {
                ("set-variable" | "cache-store-value", "value") if is_secret_name(statement) => {
                    ("a secret", "service-secret")
                }
                _ => continue,
            },
        };
        if is_secret(words) {
            found.push(Secret::of(secret, words));
        }
    }
    let texts = match statement.name {
        "issuer-signing-keys" | "decryption-keys" => Some(("a token signing key", "signing-key")),
        "set-header" | "check-header" if HEADERS.iter().any(|one| is_header(statement, one)) => {
            Some(("the value of a secret header", "service-key"))
        }
        "set-query-parameter" if is_secret_parameter(statement) => {
            Some(("the value of a secret parameter", "service-key"))
        }
        _ => None,
    };
    if let Some(secret) = texts {
        let words = statement.children.iter().flat_map(|child| &child.text);
        let words = words.filter(|words| is_secret(words));
        found.extend(words.map(|words| Secret::of(secret, words)));
    }
    let all = statement.attributes.iter().map(|(_, words)| words);
    for words in all.chain(&statement.text) {
        if has_login(words.value()) {
            found.push(Secret::of(("a password in a URL", "service-url"), words));
        } else if has_parameter(words.value()) {
            let secret = ("a secret in the parameters", "service-secret");
            found.push(Secret::of(secret, words));
        }
    }
    found
}

impl<'a> Secret<'a> {
    fn of((what, name): (&'static str, &'static str), words: &'a PolicyText) -> Self {
        Self { what, name, words }
    }
}

/// True if a text contains a secret: the name of a scheme is not one, nor is a word or two beside a named value.
fn is_secret(words: &PolicyText) -> bool {
    let Some(text) = words.literal() else {
        return false;
    };
    let mut rest = text.trim();
    for word in ["Bearer", "Basic", "Token", "ApiKey"] {
        if let Some(after) = rest.strip_prefix(word) {
            rest = after.trim_start();
        }
    }
    let has_name = words.named_values().next().is_some();
    let is_short = has_name && (rest.len() < 6 || rest.chars().all(char::is_alphabetic));
    !rest.is_empty() && !is_short
}

fn is_secret_name(statement: &Statement) -> bool {
    let name = attribute(statement, "name").or_else(|| attribute(statement, "key"));
    name.is_some_and(names_secret)
}

fn is_secret_parameter(statement: &Statement) -> bool {
    let name = attribute(statement, "name").unwrap_or_default();
    PARAMETERS.iter().any(|one| one.eq_ignore_ascii_case(name))
}

/// `https://user:password@host`, with a password that is no named value.
fn has_login(text: &str) -> bool {
    text.match_indices("://").any(|(at, _)| {
        let rest = &text[at + 3..];
        let end = rest.find(|c: char| "/?#\"'".contains(c) || c.is_whitespace());
        let authority = &rest[..end.unwrap_or(rest.len())];
        let login = authority.rsplit_once('@').map(|(login, _)| login);
        let password = login.and_then(|login| login.split_once(':'));
        password.is_some_and(|(_, password)| is_plain(password))
    })
}

/// `…&client_secret=…`, with a value that is no named value and no code.
fn has_parameter(text: &str) -> bool {
    PARAMETERS.iter().any(|name| {
        text.match_indices(name).any(|(at, _)| {
            let is_start = text[..at].ends_with(['?', '&', '"', '\n']) || at == 0;
            let value = text[at + name.len()..].strip_prefix('=');
            let value = value.map(|value| value.split(['&', '"', '\n']).next().unwrap_or_default());
            is_start && value.is_some_and(is_plain)
        })
    })
}

fn is_plain(value: &str) -> bool {
    value.len() >= 6 && !value.contains(['{', '}', '(', ')'])
}
