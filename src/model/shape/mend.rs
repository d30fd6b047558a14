//! What a text has to look like, and what the author may have meant instead.

use serde_json::Value;

use super::FaultAt;
use super::lookup::{Schema, Type};
use super::text::{shown, yaml};
use crate::diag::Diagnostic;

/// What to do about a value of the wrong type, if that is plain.
pub(super) fn mend(fault: &FaultAt<'_, '_>, wanted: &[Type], has_form: bool) -> Option<String> {
    let is_wanted = |one: Type| wanted.contains(&one);
    let is_number = |text: &str| text.parse::<f64>().is_ok_and(f64::is_finite);
    match fault.value {
        Value::Number(_) | Value::Bool(_) if is_wanted(Type::Text) => {
            if has_form {
                let spelled = spellings(&fault.value.to_string());
                let spelled = spelled
                    .into_iter()
                    .find(|spelled| is_right(spelled, fault.parent.resolved()));
                return spelled.map(|spelled| format!("did you mean `{spelled}`?"));
            }
            fault
                .parent
                .takes_any_text()
                .then(|| format!("put it in quotes: `\"{}\"`", fault.value))
        }
        Value::String(text) if is_wanted(Type::Flag) => match text.to_lowercase().as_str() {
            "yes" | "on" | "true" | "y" => Some("write `true`".to_owned()),
            "no" | "off" | "false" | "n" => Some("write `false`".to_owned()),
            _ => None,
        },
        Value::String(text)
            if (is_wanted(Type::Whole) || is_wanted(Type::Number)) && is_number(text) =>
        {
            Some(format!("remove the quotes: `{text}`"))
        }
        Value::Object(_) if is_wanted(Type::List) => Some("start each item with `- `".to_owned()),
        Value::Array(_) | Value::Object(_) if is_wanted(Type::Text) => None,
        Value::Array(_) | Value::String(_)
            if wanted == [Type::Object] && fault.path.steps().is_empty() =>
        {
            let first = fault.parent.required();
            first
                .first()
                .map(|first| format!("start with a line `{first}: …`"))
        }
        Value::Array(_) if is_wanted(Type::Object) => {
            Some("write lines of `key: value`, without `- `".to_owned())
        }
        value if is_wanted(Type::List) => Some(format!("put it in brackets: `[{}]`", yaml(value))),
        value if is_wanted(Type::Object) => match fault.parent.required().as_slice() {
            [only] => Some(format!("write `{{ {only}: {} }}`", yaml(value))),
            _ => None,
        },
        _ => None,
    }
}

/// The form of a text, in words that fit behind "must be" and "is not".
pub(super) fn form(schema: Schema<'_>) -> Option<&str> {
    schema.text("x-form").or_else(|| {
        Some(match schema.text("format")? {
            "uri" | "url" | "iri" => "a URL like `https://example.com/path`",
            "uuid" => "a GUID like `00000000-0000-0000-0000-000000000000`",
            "email" | "idn-email" => "an e-mail address like `name@example.com`",
            "ipv4" => "an IPv4 address like `203.0.113.7`",
            "ipv6" => "an IPv6 address like `2001:db8::7`",
            "hostname" | "idn-hostname" => "a host name like `example.com`",
            "date" => "a date like `2026-01-31`",
            "date-time" => "a time like `2026-01-31T12:00:00Z`",
            _ => return None,
        })
    })
}

/// What is needed, unless the message says so already; an example otherwise.
pub(super) fn needs_form(found: Diagnostic, schema: Schema<'_>) -> Diagnostic {
    let has_form = form(schema).is_some()
        && !found.message.ends_with("is empty")
        && !found.message.ends_with("key is empty");
    let needed = match (form(schema), schema.text("pattern")) {
        _ if has_form => None,
        (Some(form), _) => Some(format!("{form} is needed")),
        (None, Some(pattern)) => pattern_words(pattern)
            .or_else(|| what(schema))
            .or_else(|| Some(format!("it must match `{pattern}`"))),
        (None, None) => what(schema),
    };
    let found = match needed {
        Some(needed) => found.because(needed),
        None => found,
    };
    found.help_if(schema.example().filter(|_| !has_form), |example| {
        format!("for example `{}`", shown(example))
    })
}

/// The patterns of names, in words.
pub(super) fn pattern_words(pattern: &str) -> Option<String> {
    let class = pattern.trim_start_matches('^');
    let words = [
        (
            "[a-z][a-z0-9-]*",
            "needed are lower-case letters, digits and hyphens, with a letter first",
        ),
        (
            "[a-z][a-z0-9_-]*",
            "needed are lower-case letters, digits, hyphens and underscores, with a letter first",
        ),
        (
            "[A-Za-z0-9][A-Za-z0-9._-]*",
            "needed are letters, digits, dots, hyphens and underscores, with a letter or digit first",
        ),
    ];
    let (_, words) = words.into_iter().find(|(start, _)| {
        let start = start.trim_end_matches('*');
        class
            .strip_prefix(start)
            .is_some_and(|rest| rest.starts_with(['*', '+', '{']) && rest.ends_with('$'))
    })?;
    Some(words.to_owned())
}

/// Another spelling that is right.
pub(super) fn offer(found: Diagnostic, value: &Value, schema: &Value) -> Diagnostic {
    let Some(text) = value.as_str().filter(|text| text.len() <= 80) else {
        return found;
    };
    let spelled = spellings(text)
        .into_iter()
        .find(|spelled| spelled != text && is_right(spelled, schema));
    found.help_if(spelled, |spelled| format!("did you mean `{spelled}`?"))
}

/// What a text may have been meant to be: a name, a duration, a URL.
fn spellings(text: &str) -> Vec<String> {
    let mut name = String::new();
    for c in text.trim().chars() {
        match c {
            'A'..='Z' => {
                if name.ends_with(|last: char| last.is_ascii_lowercase()) {
                    name.push('-');
                }
                name.push(c.to_ascii_lowercase());
            }
            '_' | ' ' | '.' | '/' => name.push('-'),
            c => name.push(c),
        }
    }
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let unit = text[digits.len()..].trim().chars().next();
    let duration = format!(
        "{digits}{}",
        unit.map_or('s', |unit| unit.to_ascii_lowercase())
    );
    let mut spellings = vec![name];
    if !digits.is_empty() {
        spellings.insert(0, duration);
    }
    if !text.contains("//") {
        spellings.push(format!("https://{text}"));
    }
    spellings
}

/// Whether a text has the form that a schema asks for in `pattern` or `format`.
fn is_right(text: &str, schema: &Value) -> bool {
    let mut form = serde_json::Map::new();
    for keyword in ["pattern", "format", "maxLength"] {
        if let Some(value) = schema.get(keyword) {
            form.insert(keyword.to_owned(), value.clone());
        }
    }
    let is_form = form.contains_key("pattern") || form.contains_key("format");
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&Value::Object(form));
    is_form && validator.is_ok_and(|validator| validator.is_valid(&text.into()))
}

/// The first sentence of a description.
pub(super) fn what(schema: Schema<'_>) -> Option<String> {
    let description = schema.text("description")?;
    let sentence = description
        .split(". ")
        .next()?
        .lines()
        .next()?
        .trim()
        .trim_end_matches('.');
    (!sentence.is_empty()).then(|| sentence.to_owned())
}
