//! Required formats of values, and suggestions for wrong ones.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::Value;

use super::Mismatch;
use super::lookup::{Schema, Type};
use super::text::{cut, or, shown, ticked, yaml};
use crate::diag::Diagnostic;

/// The fix for a value of the wrong type, if it is obvious.
pub(super) fn suggest(fault: &Mismatch<'_, '_>, wanted: &[Type], has_form: bool) -> Option<String> {
    let is_wanted = |one: Type| wanted.contains(&one);
    let is_number = |text: &str| text.parse::<f64>().is_ok_and(f64::is_finite);
    match fault.value {
        Value::Number(_) | Value::Bool(_) if is_wanted(Type::Text) => {
            let written = fault.value.to_string();
            if has_form && !is_right(&written, fault.parent.resolved()) {
                let spelled = spellings(&written);
                let spelled = spelled.into_iter().find(|spelled| is_right(spelled, fault.parent.resolved()));
                return spelled.map(|spelled| format!("did you mean `{spelled}`?"));
            }
            (has_form || fault.parent.takes_any_text()).then(|| format!("quote it: `\"{written}\"`"))
        }
        Value::String(text) if is_wanted(Type::Flag) => match text.to_lowercase().as_str() {
            "yes" | "on" | "true" | "y" => Some("write `true`".to_owned()),
            "no" | "off" | "false" | "n" => Some("write `false`".to_owned()),
            _ => None,
        },
        Value::String(text) if (is_wanted(Type::Whole) || is_wanted(Type::Number)) && is_number(text) => {
            let plain = text.trim_start_matches('0');
            // YAML reads `01` as text, with quotes or without.
            let is_padded = plain.len() < text.len() && plain.starts_with(|c: char| c.is_ascii_digit());
            Some(if is_padded { format!("write `{plain}`") } else { format!("remove the quotes: `{text}`") })
        }
        Value::Object(_) if is_wanted(Type::List) => Some("start each item with `- `".to_owned()),
        Value::Array(items) if is_wanted(Type::Text) => match items.as_slice() {
            [only @ Value::String(_)] => Some(format!("remove the brackets: `{}`", yaml(only))),
            [_, _, ..] if is_target(fault) => Some(
                "make a pool of them, and write its name here: `pools: { all: { members: [{ backend: … }, { backend: … }] } }`"
                    .to_owned(),
            ),
            _ => None,
        },
        Value::Object(object) if is_wanted(Type::Text) => {
            let mut values = object.values();
            match (values.next(), values.next()) {
                (Some(only @ Value::String(_)), None) => Some(format!("write only `{}`", yaml(only))),
                _ => None,
            }
        }
        Value::Array(_) | Value::String(_) if wanted == [Type::Object] && fault.path.steps().is_empty() => {
            let first = fault.parent.required();
            first.first().map(|first| format!("start with a line `{first}: …`"))
        }
        // Names without settings.
        Value::Array(items)
            if is_wanted(Type::Object)
                && !items.is_empty()
                && items.iter().all(Value::is_string)
                && fault.parent.keys().is_empty() =>
        {
            let names = items.iter().filter_map(Value::as_str);
            let each = fault.parent.resolved().get("additionalProperties");
            let is_text = each.and_then(|each| each.get("type")).is_some_and(|kind| kind == "string");
            let value = if is_text { "…" } else { "{}" };
            let names: Vec<String> = names.map(|name| format!("{name}: {value}")).collect();
            Some(format!("write them as keys: `{{ {} }}`", cut(&names.join(", "))))
        }
        Value::Array(_) if is_wanted(Type::Object) => Some("write lines of `key: value`, without `- `".to_owned()),
        Value::String(text) if is_wanted(Type::List) && text.contains(',') => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            let items: Vec<String> = items.map(|item| yaml(&item.into())).collect();
            Some(format!("put them in brackets: `[{}]`", cut(&items.join(", "))))
        }
        value if is_wanted(Type::List) => Some(format!("put it in brackets: `[{}]`", yaml(value))),
        Value::String(text) if is_wanted(Type::Object) && resource(text).is_some() => {
            resource(text).map(|written| format!("write `{written}`"))
        }
        value if is_wanted(Type::Object) => match fault.parent.required().as_slice() {
            [only] => Some(format!("write `{{ {only}: {} }}`", yaml(value))),
            _ => None,
        },
        _ => None,
    }
}

/// True if a value is the target of an API or of one of its models.
fn is_target(fault: &Mismatch<'_, '_>) -> bool {
    let steps: Vec<String> = fault.path.steps().iter().map(ToString::to_string).collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    matches!(steps.as_slice(), ["apis", _, "target"] | ["apis", _, "models", _])
}

/// The name, group and subscription of a resource id of Azure, as this language has them.
fn resource(id: &str) -> Option<String> {
    let parts: Vec<&str> = id.trim_matches('/').split('/').collect();
    let [first, subscription, groups, group, providers, .., name] = parts.as_slice() else {
        return None;
    };
    let is = |part: &str, word: &str| part.eq_ignore_ascii_case(word);
    let is_id = is(first, "subscriptions") && is(groups, "resourceGroups") && is(providers, "providers");
    is_id.then(|| format!("{{ name: {name}, resourceGroup: {group}, subscription: {subscription} }}"))
}

/// The fix for a value of the wrong type in general.
pub(super) fn plainly(fault: &Mismatch<'_, '_>, wanted: &[Type], needed: &str) -> String {
    let words = fault.parent.words();
    if !words.is_empty() && wanted == [Type::Text] {
        return match words.as_slice() {
            [only] => format!("for example `{}`", yaml(only)),
            words => format!("use one of {}", or(&ticked(words))),
        };
    }
    if let Some(example) = fault.parent.example() {
        return format!("for example `{}`", yaml(example));
    }
    let digits = fault.value.as_str().and_then(in_digits);
    match wanted.first() {
        Some(Type::Whole | Type::Number) => match digits {
            Some(number) => format!("write `{number}`"),
            None => "write it in digits, such as `1000`".to_owned(),
        },
        Some(Type::Object) if !fault.value.is_object() => match fault.parent.required().as_slice() {
            [] => "write lines of `key: value` below it".to_owned(),
            [first, ..] => {
                format!("write lines of `key: value` below it, such as `{first}: …`")
            }
        },
        _ => format!("write {needed}"),
    }
}

/// `240k` and `1_000_000` as a number.
fn in_digits(text: &str) -> Option<u64> {
    let text = text.replace(['_', ',', ' ', '%'], "");
    let (number, factor) = match text.strip_suffix(['k', 'K']) {
        Some(number) => (number, 1_000),
        None => match text.strip_suffix(['m', 'M']) {
            Some(number) => (number, 1_000_000),
            None => (text.as_str(), 1),
        },
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

/// The format of a string, in words that fit after "must be" and "is not".
pub(super) fn form(schema: Schema<'_>) -> Option<&str> {
    let form = schema.text("x-form").map(|form| {
        let named = form.split_once(": ");
        named.map_or(form, |(named, _)| named)
    });
    form.or_else(|| {
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

/// The rule of a format.
fn rule(schema: Schema<'_>) -> Option<&str> {
    Some(schema.text("x-form")?.split_once(": ")?.1)
}

/// Adds the reason why a string does not match its format.
pub(super) fn needs_form(found: Diagnostic, schema: Schema<'_>, is_empty: bool) -> Diagnostic {
    let needed = match (form(schema), rule(schema), schema.text("pattern")) {
        (Some(form), ..) if is_empty => Some(format!("expected {form}")),
        (Some(_), Some(rule), _) => Some(format!("allowed: {rule}")),
        (Some(_), None, _) => None,
        (None, _, Some(pattern)) => pattern_words(pattern)
            .or_else(|| what(schema))
            .or_else(|| Some(format!("it must match the pattern `{pattern}`"))),
        (None, ..) => what(schema),
    };
    match needed {
        Some(needed) => found.because(needed),
        None => found,
    }
}

/// The patterns of names, in words.
pub(super) fn pattern_words(pattern: &str) -> Option<String> {
    let class = pattern.trim_start_matches('^');
    let words = [
        ("[a-z][a-z0-9-]*", "allowed: lower-case letters, digits and hyphens, starting with a letter"),
        ("[a-z][a-z0-9_-]*", "allowed: lower-case letters, digits, hyphens and underscores, starting with a letter"),
        (
            "[A-Za-z0-9][A-Za-z0-9._-]*",
            "allowed: letters, digits, dots, hyphens and underscores, starting with a letter or digit",
        ),
    ];
    let (_, words) = words.into_iter().find(|(start, _)| {
        let start = start.trim_end_matches('*');
        class.strip_prefix(start).is_some_and(|rest| rest.starts_with(['*', '+', '{']) && rest.ends_with('$'))
    })?;
    Some(words.to_owned())
}

/// Adds a corrected spelling, or an example.
pub(super) fn offer(found: Diagnostic, value: &Value, schema: Schema<'_>) -> Diagnostic {
    let text = value.as_str().unwrap_or_default();
    // Of a whole id the name alone would look in the gateway's group.
    if schema.text("x-form").is_some_and(|form| form.contains("account"))
        && let Some(written) = resource(text)
    {
        return found.help(format!("did you mean `{written}`?"));
    }
    let is_short = text.len() <= 200;
    let spelled = is_short.then(|| spellings(text)).into_iter().flatten();
    let spelled = super::url::corrected(text, schema)
        .into_iter()
        .chain(spelled)
        .find(|spelled| spelled != text && is_right(spelled, schema.resolved()));
    match (spelled, schema.example(), form(schema)) {
        (Some(spelled), ..) => found.help(format!("did you mean `{spelled}`?")),
        (None, Some(example), _) => found.help(format!("for example `{}`", shown(example))),
        (None, None, Some(form)) => found.help(format!("write {form}")),
        (None, None, None) => found.help("write another value"),
    }
}

/// Possible corrections of a text: a name, a duration, a URL, a part of an id. The first valid one is suggested.
fn spellings(text: &str) -> Vec<String> {
    let bare = text.trim().trim_end_matches(".azure-api.net").trim_matches(['.', '/', ' ']);
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let unit = match text[digits.len()..].trim().to_ascii_lowercase().as_str() {
        "" | "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "hr" | "hrs" | "hour" | "hours" => "h",
        _ => "",
    };
    let mut spellings = Vec::new();
    spellings.extend(iso_duration(text));
    // Milliseconds: no duration of this language is longer than a day.
    if let Some(seconds) = digits.parse::<u64>().ok().filter(|number| *number > 86_400 && number % 1_000 == 0)
        && unit == "s"
    {
        spellings.push(format!("{}s", seconds / 1_000));
    }
    // The account, service or vault that an endpoint belongs to.
    if let Some((_, rest)) = text.split_once("://") {
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        if [".azure.com", ".azure-api.net", ".azure.net", ".windows.net"].iter().any(|cloud| host.ends_with(cloud)) {
            spellings.extend(host.split('.').next().map(str::to_owned));
        }
    }
    if !digits.is_empty() && !unit.is_empty() {
        spellings.push(format!("{digits}{unit}"));
    }
    if !text.contains("//") && !bare.is_empty() {
        let name = kebab(bare);
        // A prefix keeps its hyphen.
        if !name.is_empty() && bare.ends_with(['-', '_']) {
            spellings.push(format!("{name}-"));
        }
        spellings.extend([bare.to_owned(), bare.to_ascii_lowercase(), name, format!("https://{bare}")]);
    }
    // A GUID in a resource id.
    spellings.extend(text.split('/').map(str::to_owned));
    spellings
}

/// `PT2M` as `2m`: how Bicep and .NET write durations.
fn iso_duration(text: &str) -> Option<String> {
    let upper = text.trim().to_ascii_uppercase();
    let mut rest = upper.strip_prefix("PT")?;
    let mut seconds: u64 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let factor = match rest[end..].chars().next()? {
            'H' => 3600,
            'M' => 60,
            'S' => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(rest[..end].parse::<u64>().ok()?.checked_mul(factor)?)?;
        rest = &rest[end + 1..];
    }
    Some(match seconds {
        hours if hours > 0 && hours % 3600 == 0 => format!("{}h", hours / 3600),
        minutes if minutes > 0 && minutes % 60 == 0 => format!("{}m", minutes / 60),
        seconds => format!("{seconds}s"),
    })
}

/// `EastUs_1` as `east-us-1`, `OpenAI East` as `open-ai-east`.
fn kebab(text: &str) -> String {
    let mut name = String::new();
    let mut last = '-';
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            if c.is_ascii_uppercase() && last.is_ascii_lowercase() {
                name.push('-');
            }
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
        last = c;
    }
    name.trim_end_matches('-').to_owned()
}

/// True if a string matches the format of a schema, or there is none.
pub(super) fn may_be(text: &str, schema: Schema<'_>) -> bool {
    schema.text("pattern").is_none() || is_right(text, schema.resolved())
}

/// True if a string matches `pattern` and `format` of a schema.
fn is_right(text: &str, schema: &Value) -> bool {
    let mut form = serde_json::Map::new();
    for keyword in ["pattern", "format", "minLength", "maxLength"] {
        if let Some(value) = schema.get(keyword) {
            form.insert(keyword.to_owned(), value.clone());
        }
    }
    let is_form = form.contains_key("pattern") || form.contains_key("format");
    is_form && validator(&Value::Object(form)).is_some_and(|validator| validator.is_valid(&text.into()))
}

/// A validator of a form, made once: a file with a thousand wrong texts asks for the same few. `None` if the form is no schema.
fn validator(form: &Value) -> Option<Arc<Validator>> {
    static KNOWN: Mutex<BTreeMap<String, Option<Arc<Validator>>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let made = || jsonschema::options().should_validate_formats(true).build(form).ok().map(Arc::new);
    known.entry(form.to_string()).or_insert_with(made).clone()
}

/// The first sentence of a description.
pub(super) fn what(schema: Schema<'_>) -> Option<String> {
    let description = schema.text("description")?;
    let sentence = description.split(". ").next()?.lines().next()?.trim().trim_end_matches('.');
    let mut letters = sentence.chars();
    let first = letters.next()?;
    // Not `URL of …`, not `MCP servers …`.
    let is_word = letters.as_str().starts_with(|c: char| c.is_lowercase());
    Some(if is_word { format!("{}{}", first.to_lowercase(), letters.as_str()) } else { sentence.to_owned() })
}
