//! Validation of a value against a JSON Schema: all violations at once, each with its location and a readable message.
//!
//! `jsonschema` finds the violations, `message` words them (with `suggest`, `url` and `text`), `branch` picks the alternative
//! that the author probably means, and `lookup` reads the schema. Values that `load` has reported are not reported again.

mod branch;
mod lookup;
mod message;
mod suggest;
mod text;
mod url;
mod veil;

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::error::ValidationErrorKind as Fault;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::Value;

use crate::diag::{Code, Diagnostic, Location, Report, Span};
use crate::source::{FileId, MASK, Step, YamlPath};
use lookup::Schema;
pub(super) use veil::veil;

/// Where a secret belongs.
const SECRETS: &str = "if it is a secret: store it in Azure Key Vault and refer to it, `credential: { header: …, keyVaultSecret: { vault: …, name: … } }`";

/// A schema (draft 2020-12) that values are checked against. It takes much longer to make than a value to check.
pub struct Checker<'s> {
    schema: &'s Value,
    validator: Validator,
}

impl<'s> Checker<'s> {
    /// # Panics
    ///
    /// If the schema is not one.
    pub fn new(schema: &'s Value) -> Self {
        let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
        let validator = options.build(schema).expect("shape: the schema is made by this crate and is a schema");
        Self { schema, validator }
    }
}

/// Whether a value has the shape that a schema asks for; says what is wrong, if not. Findings come in
/// the order of the text. Besides the standard keywords `x-form` is understood: what a text has to look like, in words
/// that fit behind "must be": "a duration like `30s`, `5m` or `1h`".
pub fn check(file: FileId, value: &Value, checker: &Checker<'_>, report: &mut Report) -> bool {
    check_but(&BTreeSet::new(), file, value, value, checker, report)
}

/// The same, without findings about values that were reported already. Messages quote `shown`, which is the value without what may be
/// a secret.
pub(super) fn check_but(
    said: &BTreeSet<YamlPath>,
    file: FileId,
    value: &Value,
    shown: &Value,
    checker: &Checker<'_>,
    report: &mut Report,
) -> bool {
    let mut shape = Shape::new(file, value, shown, checker);
    let mut is_right = true;
    for error in checker.validator.iter_errors(value) {
        is_right = false;
        shape.take(&error);
    }
    shape.report(said, report);
    is_right
}

/// The paths of what keeps a value from having the shape of a schema.
pub(super) fn wrong_paths(file: FileId, value: &Value, checker: &Checker<'_>) -> BTreeSet<YamlPath> {
    let shape = Shape::new(file, value, value, checker);
    let errors = checker.validator.iter_errors(value);
    errors.map(|error| shape.path(error.instance_path().as_str())).collect()
}

/// How much a finding about a value tells: of several about one value only the first of these is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Type,
    Word,
    Form,
    Range,
    /// A finding about the contents of the value; never hidden by others.
    Inside,
}

struct Violation {
    path: YamlPath,
    weight: Weight,
    /// A key that the finding accounts for: the suggestion for a mistyped one, or a missing one.
    key: Option<Key>,
    /// True if the help names an allowed value close to the one in the file.
    has_suggestion: bool,
    diagnostic: Diagnostic,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    /// The suggestion for a mistyped key.
    Suggested(String),
    Missing(String),
}

struct Shape<'s> {
    file: FileId,
    value: &'s Value,
    /// The value as messages may quote it.
    shown: &'s Value,
    schema: Schema<'s>,
    found: Vec<Violation>,
}

impl<'s> Shape<'s> {
    fn new(file: FileId, value: &'s Value, shown: &'s Value, checker: &Checker<'s>) -> Self {
        Self { file, value, shown, schema: Schema::whole(checker.schema), found: Vec::new() }
    }

    fn take(&mut self, error: &ValidationError<'_>) {
        let fault = self.fault(error);
        match error.kind() {
            Fault::AdditionalProperties { unexpected } | Fault::UnevaluatedProperties { unexpected } => {
                for key in unexpected {
                    self.unknown_key(&fault, key);
                }
            }
            Fault::Required { property } => {
                self.missing_key(&fault, property.as_str().unwrap_or_default());
            }
            Fault::Type { .. } => self.wrong_type(&fault, &fault.parent.types()),
            Fault::Enum { .. } | Fault::Constant { .. } => {
                self.not_allowed(&fault, &fault.parent.words());
            }
            Fault::AnyOf { context } | Fault::OneOfNotValid { context } => {
                self.choose(&fault, context);
            }
            Fault::OneOfMultipleValid { .. } => self.exclude(&fault),
            Fault::PropertyNames { error } => self.key_form(&fault, error),
            Fault::FalseSchema => self.forbidden(&fault),
            Fault::Pattern { .. } | Fault::Format { .. } => self.bad_form(&fault),
            Fault::MinLength { .. } if fault.value == "" => self.bad_form(&fault),
            Fault::UniqueItems => self.twice(&fault),
            _ => self.out_of_range(&fault, error.kind()),
        }
    }

    /// The path and the schemas of an error.
    fn fault<'e>(&self, error: &'e ValidationError<'_>) -> Mismatch<'e, 's>
    where
        's: 'e,
    {
        let pointer = error.instance_path().as_str();
        let parent = self.schema.around(error.schema_path().as_str());
        Mismatch { path: self.path(pointer), value: self.shown.pointer(pointer).unwrap_or(&Value::Null), parent }
    }

    /// The value at a path, as it is in the file.
    fn real(&self, path: &YamlPath) -> &'s Value {
        let real = path.steps().iter().try_fold(self.value, |node, step| match step {
            Step::Key(key) => node.get(key),
            Step::Index(index) => node.get(*index),
        });
        real.unwrap_or(&Value::Null)
    }

    /// A JSON pointer into the value, as a path.
    fn path(&self, pointer: &str) -> YamlPath {
        let mut node = Some(self.value);
        let mut steps = Vec::new();
        for part in pointer.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            let index = part.parse().ok().filter(|_| node.is_some_and(Value::is_array));
            node = node.and_then(|node| match index {
                Some(index) => node.get::<usize>(index),
                None => node.get(&part),
            });
            steps.push(index.map_or_else(|| Step::Key(part), Step::Index));
        }
        steps.into_iter().collect()
    }

    fn at_value(&self, path: &YamlPath) -> Location {
        Location::value(self.file, path.clone())
    }

    fn at_key(&self, path: &YamlPath, key: &str) -> Location {
        Location::key(self.file, path.key(key))
    }

    fn push(&mut self, path: YamlPath, weight: Weight, diagnostic: Diagnostic) {
        self.found.push(Violation { path, weight, key: None, has_suggestion: false, diagnostic });
    }

    fn report(self, said: &BTreeSet<YamlPath>, report: &mut Report) {
        let said: BTreeSet<YamlPath> = report
            .iter()
            .filter(|diagnostic| diagnostic.at.place.file == self.file)
            .filter_map(|diagnostic| match &diagnostic.at.place.spot {
                Span::Value(path) => Some(path.clone()),
                _ => None,
            })
            .chain(said.iter().cloned())
            .collect();
        let suggested: BTreeSet<YamlPath> = self
            .found
            .iter()
            .filter_map(|found| match &found.key {
                Some(Key::Suggested(key)) => Some(found.path.key(key)),
                _ => None,
            })
            .collect();
        // Of several findings about one value the most specific one.
        let mut best: BTreeMap<&YamlPath, Weight> = BTreeMap::new();
        for found in &self.found {
            let weight = best.entry(&found.path).or_insert(found.weight);
            *weight = found.weight.min(*weight);
        }
        let mut ranks = Ranks { value: self.value, positions: BTreeMap::new() };
        let mut seen = BTreeSet::new();
        let mut chosen = Vec::new();
        for found in &self.found {
            let is_mistyped = matches!(&found.key, Some(Key::Missing(key)) if suggested.contains(&found.path.key(key)));
            let is_best = found.weight == Weight::Inside || best.get(&found.path) == Some(&found.weight);
            let what = match found.weight {
                Weight::Inside => found.diagnostic.message.as_str(),
                _ => "",
            };
            if is_mistyped || !is_best || said.contains(&found.path) || !seen.insert((&found.path, what)) {
                continue;
            }
            let spot = match &found.diagnostic.at.place.spot {
                Span::Key(path) | Span::Value(path) => path,
                _ => &found.path,
            };
            chosen.push((ranks.rank(spot), &found.diagnostic));
        }
        chosen.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (_, diagnostic) in chosen {
            let is_credential = match &diagnostic.at.place.spot {
                Span::Key(path) | Span::Value(path) => {
                    path.steps().iter().any(|step| *step == Step::Key("credential".to_owned()))
                }
                _ => false,
            };
            let is_said = diagnostic.help.iter().any(|help| help.contains("keyVaultSecret"));
            let is_hidden = |found: &Diagnostic| found.message.contains(MASK) || found.code == Code::UnknownKey;
            report.push(match is_credential && !is_said && is_hidden(diagnostic) {
                true => diagnostic.clone().help(SECRETS),
                false => diagnostic.clone(),
            });
        }
    }
}

/// An error of the validator, with its value and its schema.
struct Mismatch<'e, 's> {
    path: YamlPath,
    value: &'e Value,
    /// The schema that contains the keyword.
    parent: Schema<'s>,
}

/// Positions in the text, as far as the value reflects them: objects keep the order of their keys.
struct Ranks<'v> {
    value: &'v Value,
    positions: BTreeMap<YamlPath, BTreeMap<&'v str, usize>>,
}

impl Ranks<'_> {
    fn rank(&mut self, path: &YamlPath) -> Vec<usize> {
        let mut node = self.value;
        let mut here = YamlPath::root();
        let mut rank = Vec::new();
        for step in path.steps() {
            let next = match (step, node) {
                (Step::Index(index), Value::Array(items)) => items.get(*index).map(|item| (*index, item)),
                (Step::Key(key), Value::Object(object)) => {
                    let positions = self
                        .positions
                        .entry(here.clone())
                        .or_insert_with(|| object.keys().enumerate().map(|(at, key)| (key.as_str(), at)).collect());
                    positions.get(key.as_str()).copied().zip(object.get(key))
                }
                _ => None,
            };
            let Some((position, child)) = next else { break };
            rank.push(position);
            node = child;
            here = std::iter::once(step.clone()).fold(here, |here, step| match step {
                Step::Key(key) => here.key(key),
                Step::Index(index) => here.index(index),
            });
        }
        rank
    }
}

#[cfg(test)]
mod tests;
