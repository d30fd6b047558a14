//! Messages for violations of a schema: one function per keyword or family of keywords.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Fault;
use serde_json::{Value, json};

use super::lookup::{Schema, Type};
use super::suggest::{form, needs_form, offer, pattern_words, plainly, suggest, what};
use super::text::{called, called_found, cut, list, name, or, shown, ticked, yaml};
use super::url::problem;
use super::{Key, Mismatch, SECRETS, Shape, Violation, Weight};
use crate::catalogue::names_secret;
use crate::diag::{Code, Location, closest};
use crate::source::{Step, YamlPath};

/// The help for too few or too many entries.
const COUNT: &str = "change the number of entries";

/// Where a secret of a backend belongs.
const SECRET_OF_BACKEND: &str = "store it in Azure Key Vault and refer to it: `credential: { header: …, keyVaultSecret: { vault: …, name: … } }` of a backend";

/// Maximum number of values or keys that are listed.
const LISTED: usize = 16;

/// True if a value is a text or contains one.
fn holds_text(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Array(items) => items.iter().any(holds_text),
        Value::Object(object) => object.values().any(holds_text),
        _ => false,
    }
}

impl<'s> Shape<'s> {
    /// `additionalProperties`
    pub(super) fn unknown_key(&mut self, fault: &Mismatch<'_, 's>, key: &str) {
        let keys = fault.parent.keys();
        let patterns = fault.parent.key_patterns();
        if let (true, Some(pattern)) = (keys.is_empty(), patterns.first()) {
            return self.key_pattern(&fault.path, key, pattern);
        }
        let absent = || keys.iter().copied().filter(|known| fault.value.get(known).is_none());
        let near = closest(key, absent());
        let found = Code::UnknownKey
            .at(self.at_key(&fault.path, key))
            .says(format!("unknown key `{key}` in {}", name(&fault.path)));
        // The value is hidden below any key that the language does not have; of some the name tells what it is.
        let may_be_secret = names_secret(key) || key.to_ascii_lowercase().ends_with("token");
        if may_be_secret && fault.value.get(key).is_some_and(Value::is_string) {
            let diagnostic = found.because("this file must not contain secrets").help(SECRET_OF_BACKEND);
            return self.push(fault.path.clone(), Weight::Inside, diagnostic);
        }
        // A top-level key that is indented too far.
        let is_outer = !fault.path.steps().is_empty() && self.schema.keys().contains(&key);
        let diagnostic = match (near, keys.len()) {
            _ if is_outer => found
                .because(format!("`{key}` is a top-level key of the file"))
                .help("remove the indentation of its line, as for `version`"),
            (Some(near), _) => found.help(format!("did you mean `{near}`?")),
            (None, 0) => found.because("this object has no keys").help("remove it"),
            (None, 1) => found.help(format!("the only allowed key is `{}`", keys[0])),
            (None, 2..=LISTED) => {
                let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
                found.help(format!("allowed keys: {}", list(&keys, "and")))
            }
            (None, _) => found.help("`gatewright schema` lists the allowed keys"),
        };
        let is_of_backend = matches!(fault.path.steps(), [Step::Key(group), Step::Key(_)] if group == "backends");
        let diagnostic = match is_of_backend && near.is_none() && fault.value.get(key).is_some_and(holds_text) {
            true => diagnostic.help(SECRETS),
            false => diagnostic,
        };
        let key = near.map(|near| Key::Suggested(near.to_owned()));
        self.found.push(Violation {
            path: fault.path.clone(),
            weight: Weight::Inside,
            key,
            has_suggestion: false,
            diagnostic,
        });
    }

    /// `required`
    pub(super) fn missing_key(&mut self, fault: &Mismatch<'_, 's>, key: &str) {
        let property = fault.parent.property(key);
        let example = property.and_then(|property| {
            let words = property.words();
            let single = (words.len() == 1).then(|| words.first().copied()).flatten();
            property.example().or(single).map(yaml)
        });
        let words = property.map_or(Vec::new(), Schema::words);
        let help = match (example, words.as_slice()) {
            (Some(example), _) => format!("add it, for example `{key}: {example}`"),
            (None, []) => format!("add `{key}:` with its value"),
            (None, words) => format!("add `{key}:` with one of {}", or(&ticked(words))),
        };
        self.push_missing(fault, key, help);
    }

    /// A key that distinguishes alternatives is missing.
    pub(super) fn missing_word(&mut self, fault: &Mismatch<'_, 's>, key: &str, words: &[&Value]) {
        self.push_missing(fault, key, format!("add `{key}:` with one of {}", or(&ticked(words))));
    }

    fn push_missing(&mut self, fault: &Mismatch<'_, 's>, key: &str, help: String) {
        let at = match fault.path.steps().last() {
            Some(Step::Key(_)) => Location::key(self.file, fault.path.clone()),
            Some(Step::Index(_)) => self.at_value(&fault.path),
            None => Location::file(self.file),
        };
        let diagnostic = Code::MissingKey
            .at(at)
            .says(format!("{} has no `{key}`", name(&fault.path)))
            .because(format!("`{key}` is required"))
            .help(help);
        let key = Some(Key::Missing(key.to_owned()));
        self.found.push(Violation {
            path: fault.path.clone(),
            weight: Weight::Inside,
            key,
            has_suggestion: false,
            diagnostic,
        });
    }

    /// `type`, and alternatives of which none allows the type
    pub(super) fn wrong_type(&mut self, fault: &Mismatch<'_, 's>, types: &[Type]) {
        let mut wanted: Vec<Type> = types.iter().copied().filter(|wanted| *wanted != Type::Null).collect();
        wanted.dedup();
        if wanted.contains(&Type::Number) {
            wanted.retain(|wanted| *wanted != Type::Whole);
        }
        let form = form(fault.parent).filter(|_| wanted == [Type::Text]);
        let mut needed: Vec<String> = Vec::new();
        for word in
            form.map_or_else(|| wanted.iter().flat_map(|wanted| called(*wanted)).copied().collect(), |form| vec![form])
        {
            if !needed.iter().any(|known| known == word) {
                needed.push(word.to_owned());
            }
        }
        let needed = or(&needed);
        let (name, place) = (name(&fault.path), self.at_value(&fault.path));
        let found = Code::WrongType.at(place);
        let diagnostic = if fault.value.is_null() {
            let found = found.says(format!("{name} has no value")).because(format!("expected {needed}"));
            match fault.path.steps().last() {
                Some(Step::Key(_))
                    if wanted == [Type::Object]
                        && fault.parent.required().is_empty()
                        && fault.parent.branches().is_empty() =>
                {
                    found.help("write `{}` after the colon for the defaults, or remove the key")
                }
                Some(Step::Key(_)) => found.help("write a value after the colon, or remove the key"),
                _ => found.help("write a value, or remove the item"),
            }
        } else {
            let here = match (fault.value, wanted.as_slice()) {
                (Value::Number(number), [Type::Whole]) => format!("`{number}`"),
                // What is hidden is a string in `fault`.
                _ => called_found(self.real(&fault.path)).to_owned(),
            };
            let found = found.says(format!("{name} must be {needed}, not {here}"));
            let help = suggest(fault, &wanted, form.is_some());
            found.help(help.unwrap_or_else(|| plainly(fault, &wanted, &needed)))
        };
        self.push(fault.path.clone(), Weight::Type, diagnostic);
    }

    /// `enum` and `const`
    pub(super) fn not_allowed(&mut self, fault: &Mismatch<'_, 's>, words: &[&Value]) {
        let (name, value) = (name(&fault.path), shown(fault.value));
        let found = Code::NotAllowed.at(self.at_value(&fault.path));
        // `"1"` beside 1.
        let written = if words.iter().any(|word| shown(word) == value) { yaml(fault.value) } else { value.clone() };
        let near = closest(&value, words.iter().filter_map(|word| word.as_str()));
        let diagnostic = match words {
            [] => found.says(format!("{name} cannot be `{written}`")).help("remove it"),
            [only] => {
                let found = found.says(format!("{name} must be `{}`, not `{written}`", shown(only)));
                let has_quotes = written != value && !only.is_string();
                if has_quotes {
                    found.help(format!("remove the quotes: `{value}`"))
                } else {
                    found.help(format!("write `{}`", shown(only)))
                }
            }
            words => {
                let found = found.says(format!("{name} cannot be `{written}`"));
                let found = if words.len() <= LISTED {
                    found.because(format!("allowed: {}", list(&ticked(words), "and")))
                } else {
                    found.because(format!("it is none of the {} allowed values", words.len()))
                };
                match near {
                    Some(near) => found.help(format!("did you mean `{near}`?")),
                    None if words.len() <= LISTED => found.help("use one of these values"),
                    None => found.help("`gatewright schema` lists the allowed values"),
                }
            }
        };
        let has_suggestion = words.len() > 1 && near.is_some();
        self.found.push(Violation {
            path: fault.path.clone(),
            weight: Weight::Word,
            key: None,
            has_suggestion,
            diagnostic,
        });
    }

    /// `pattern`, `format`, and an empty string
    pub(super) fn bad_form(&mut self, fault: &Mismatch<'_, 's>) {
        let found = Code::WrongFormat.at(self.at_value(&fault.path));
        let diagnostic = match fault.value.as_str() {
            Some("") => {
                let found = found.says(format!("{} is empty", name(&fault.path)));
                offer(needs_form(found, fault.parent, true), fault.value, fault.parent)
            }
            text => {
                let text = text.unwrap_or_default();
                let written = shown(&text.into());
                let found = match (problem(text, fault.parent), form(fault.parent)) {
                    (Some(problem), _) => {
                        found.says(format!("{} cannot be `{written}`", name(&fault.path))).because(problem)
                    }
                    (None, Some(form)) => {
                        needs_form(found.says(format!("`{written}` is not {form}")), fault.parent, false)
                    }
                    (None, None) => needs_form(
                        found.says(format!("{} cannot be `{written}`", name(&fault.path))),
                        fault.parent,
                        false,
                    ),
                };
                offer(found, fault.value, fault.parent)
            }
        };
        self.push(fault.path.clone(), Weight::Form, diagnostic);
    }

    /// `propertyNames`
    pub(super) fn key_form(&mut self, fault: &Mismatch<'_, 's>, error: &ValidationError<'_>) {
        let instance = error.instance();
        let key = instance.as_str().unwrap_or_default();
        let schema = self.schema.around(error.schema_path().as_str());
        let found = Code::WrongFormat.at(self.at_key(&fault.path, key));
        let diagnostic = match error.kind() {
            Fault::MaxLength { limit } => {
                let length = key.chars().count();
                let found = Code::OutOfRange.at(self.at_key(&fault.path, key));
                found.says(format!("the key has {length} characters, the limit is {limit}")).help("shorten it")
            }
            Fault::Enum { .. } | Fault::Constant { .. } => {
                let words = schema.words();
                let near = closest(key, words.iter().filter_map(|word| word.as_str()));
                let found = Code::UnknownKey.at(self.at_key(&fault.path, key)).says(format!(
                    "{} has no key `{}`",
                    name(&fault.path),
                    cut(key)
                ));
                match near {
                    Some(near) => found.help(format!("did you mean `{near}`?")),
                    None => found.help(format!("allowed keys: {}", list(&ticked(&words), "and"))),
                }
            }
            _ => {
                let says = match form(schema) {
                    _ if key.is_empty() => "a key is empty".to_owned(),
                    Some(form) => format!("the key `{}` is not {form}", cut(key)),
                    None => format!("a key cannot be named `{}`", cut(key)),
                };
                offer(needs_form(found.says(says), schema, false), instance, schema)
            }
        };
        self.push(fault.path.key(key), Weight::Form, diagnostic);
    }

    /// Keys that are names: `patternProperties` only.
    fn key_pattern(&mut self, path: &YamlPath, key: &str, pattern: &str) {
        let found = Code::WrongFormat
            .at(self.at_key(path, key))
            .says(format!("a key cannot be named `{}`", cut(key)))
            .because(pattern_words(pattern).unwrap_or_else(|| format!("it must match the pattern `{pattern}`")));
        let schema = json!({ "pattern": pattern });
        let found = offer(found, &key.into(), Schema::whole(&schema));
        self.push(path.key(key), Weight::Form, found);
    }

    /// A schema of `false`
    pub(super) fn forbidden(&mut self, fault: &Mismatch<'_, 's>) {
        let place = match fault.path.steps().last() {
            Some(Step::Key(_)) => Location::key(self.file, fault.path.clone()),
            _ => self.at_value(&fault.path),
        };
        let found =
            Code::UnknownKey.at(place).says(format!("{} is not allowed here", name(&fault.path))).help("remove it");
        self.push(fault.path.clone(), Weight::Type, found);
    }

    /// `uniqueItems`
    pub(super) fn twice(&mut self, fault: &Mismatch<'_, 's>) {
        let items = fault.value.as_array().map_or(&[][..], Vec::as_slice);
        let mut first = std::collections::BTreeMap::new();
        for (index, item) in items.iter().enumerate() {
            let Some(before) = first.insert(item.to_string(), index) else {
                continue;
            };
            let says = match item {
                Value::Array(_) | Value::Object(_) => {
                    format!("the items of {} must be unique", name(&fault.path))
                }
                item => {
                    format!("the items of {} must be unique, but `{}` is listed twice", name(&fault.path), shown(item))
                }
            };
            let found = Code::OutOfRange
                .at(self.at_value(&fault.path.index(index)))
                .says(says)
                .because("duplicate")
                .also(self.at_value(&fault.path.index(before)), "first occurrence")
                .help("keep one of them");
            self.push(fault.path.index(index), Weight::Range, found);
        }
    }

    /// All limits of size
    pub(super) fn out_of_range(&mut self, fault: &Mismatch<'_, 's>, kind: &Fault) {
        let (name, value) = (name(&fault.path), fault.value);
        let length = match value {
            Value::String(text) => text.chars().count(),
            Value::Array(items) => items.len(),
            Value::Object(object) => object.len(),
            _ => 0,
        };
        let are = |count: &u64, word: &str| {
            if *count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
        };
        let mut code = Code::OutOfRange;
        let (says, help) = match kind {
            Fault::Minimum { limit } => {
                (format!("{name} must be at least {limit}, not {value}"), format!("write {limit} or more"))
            }
            Fault::Maximum { limit } => {
                (format!("{name} must be at most {limit}, not {value}"), format!("write {limit} or less"))
            }
            Fault::ExclusiveMinimum { limit } => (
                format!("{name} must be greater than {limit}, not {value}"),
                format!("write a number greater than {limit}"),
            ),
            Fault::ExclusiveMaximum { limit } => {
                (format!("{name} must be less than {limit}, not {value}"), format!("write a number less than {limit}"))
            }
            Fault::MultipleOf { multiple_of } => (
                format!("{name} must be a multiple of {multiple_of}, not {value}"),
                format!("write a multiple of {multiple_of}"),
            ),
            Fault::MinLength { limit } => (
                format!("{name} must have at least {}, but has {length}", are(limit, "character")),
                "write the whole value".to_owned(),
            ),
            Fault::MaxLength { limit } => (
                format!("{name} may have at most {}, but has {length}", are(limit, "character")),
                "shorten it".to_owned(),
            ),
            Fault::MinItems { limit } if length == 0 => (
                format!("{name} is empty, but must have at least {}", are(limit, "item")),
                "add an item, or remove the key".to_owned(),
            ),
            Fault::MinItems { limit } => {
                (format!("{name} must have at least {}, but has {length}", are(limit, "item")), COUNT.to_owned())
            }
            Fault::MaxItems { limit } => {
                (format!("{name} may have at most {}, but has {length}", are(limit, "item")), COUNT.to_owned())
            }
            Fault::AdditionalItems { limit } => {
                (format!("{name} may have at most {limit} items, but has {length}"), "remove some".to_owned())
            }
            Fault::MinProperties { limit } if length == 0 => (
                format!("{name} is empty, but must have at least {}", are(limit, "key")),
                "add a key, or remove it".to_owned(),
            ),
            Fault::MinProperties { limit } => {
                (format!("{name} must have at least {}, but has {length}", are(limit, "key")), COUNT.to_owned())
            }
            Fault::MaxProperties { limit } => {
                (format!("{name} may have at most {}, but has {length}", are(limit, "key")), COUNT.to_owned())
            }
            Fault::Contains => (format!("{name} lacks a required item"), "add it".to_owned()),
            _ => {
                code = Code::Either;
                (format!("{name} does not have the required shape"), "see the schema: `gatewright schema`".to_owned())
            }
        };
        let found = code.at(self.at_value(&fault.path)).says(says);
        let found = match what(fault.parent) {
            Some(what) if code == Code::Either => found.because(what),
            _ => found,
        };
        let found = found.help(help);
        self.push(fault.path.clone(), Weight::Range, found);
    }
}
