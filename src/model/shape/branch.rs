//! Alternatives of a schema: only the problems of the one that the author probably means are reported.

use jsonschema::ValidationError;
use serde_json::{Map, Value};

use super::lookup::{Schema, Type};
use super::suggest::{form, may_be};
use super::text::{list, name, or, shown, yaml};
use super::{Mismatch, Shape, Weight};
use crate::diag::{Code, closest};

/// An alternative for values of this type, and its errors.
struct Branch<'e, 's> {
    schema: Schema<'s>,
    errors: &'e [ValidationError<'static>],
}

impl<'s> Shape<'s> {
    /// No alternative of `anyOf` or `oneOf` matches.
    pub(super) fn choose(&mut self, fault: &Mismatch<'_, 's>, context: &[Vec<ValidationError<'static>>]) {
        let branches = fault.parent.branches().into_iter().zip(context);
        let fitting: Vec<Branch<'_, 's>> = branches
            .filter(|(schema, _)| schema.takes(fault.value))
            .map(|(schema, errors)| Branch { schema, errors })
            .collect();
        match (fitting.as_slice(), fault.value) {
            ([], _) => {
                let branches = fault.parent.branches();
                let types: Vec<Type> = branches.iter().flat_map(|branch| branch.types()).collect();
                // An optional value: the type of the value is more useful than null.
                let mut real = branches.into_iter().filter(|branch| branch.types() != [Type::Null]);
                let parent = match (real.next(), real.next()) {
                    (Some(only), None) => only,
                    _ => fault.parent,
                };
                self.wrong_type(&Mismatch { path: fault.path.clone(), value: fault.value, parent }, &types);
            }
            ([only], Value::String(text)) => {
                self.take_all(only);
                self.offer_objects(fault, text);
            }
            ([only], _) => self.take_all(only),
            (_, Value::Object(object)) => self.choose_object(fault, &fitting, object),
            (_, Value::Array(_)) => {
                // Lists differ in their items only.
                if let Some(nearest) = fitting.iter().min_by_key(|branch| branch.errors.len()) {
                    self.take_all(nearest);
                }
            }
            _ => self.choose_scalar(fault, &fitting),
        }
    }

    /// A string that is not an allowed value, but would be right inside an object.
    fn offer_objects(&mut self, fault: &Mismatch<'_, 's>, text: &str) {
        let objects: Vec<String> = fault
            .parent
            .branches()
            .iter()
            .filter_map(|branch| match branch.required().as_slice() {
                [key] => Some((*key, branch.property(key)?)),
                _ => None,
            })
            .filter(|(_, property)| property.takes(fault.value) && may_be(text, *property))
            .map(|(key, _)| format!("`{{ {key}: {} }}`", yaml(fault.value)))
            .collect();
        let Some(found) = self.found.last_mut() else {
            return;
        };
        let is_word = found.diagnostic.code == Code::NotAllowed && found.path == fault.path;
        if !objects.is_empty() && is_word && !found.has_suggestion {
            found.diagnostic.help = vec![format!("use one of these values, or {}", or(&objects))];
        }
    }

    fn take_all(&mut self, branch: &Branch<'_, 's>) {
        for error in branch.errors {
            self.take(error);
        }
    }

    /// Allowed values, and strings with a format.
    fn choose_scalar(&mut self, fault: &Mismatch<'_, 's>, fitting: &[Branch<'_, 's>]) {
        let words: Vec<&Value> = fitting.iter().flat_map(|branch| branch.schema.words()).collect();
        let open: Vec<_> = fitting.iter().filter(|branch| branch.schema.words().is_empty()).collect();
        match open.as_slice() {
            [] => self.not_allowed(fault, &words),
            [only] if words.is_empty() => self.take_all(only),
            _ => {
                let forms = open.iter().filter_map(|branch| form(branch.schema)).map(str::to_owned);
                let all: Vec<String> = words.iter().map(|word| format!("`{}`", shown(word))).chain(forms).collect();
                let near =
                    fault.value.as_str().and_then(|text| closest(text, words.iter().filter_map(|word| word.as_str())));
                let found = Code::WrongFormat.at(self.at_value(&fault.path)).says(format!(
                    "{} cannot be `{}`",
                    name(&fault.path),
                    shown(fault.value)
                ));
                let found = if all.is_empty() { found } else { found.because(format!("expected {}", or(&all))) };
                let found = found.help(match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "use one of these".to_owned(),
                });
                self.push(fault.path.clone(), Weight::Form, found);
            }
        }
    }

    fn choose_object(&mut self, fault: &Mismatch<'_, 's>, fitting: &[Branch<'_, 's>], object: &Map<String, Value>) {
        if let Some(tag) = tag(fitting) {
            return self.choose_by_tag(fault, fitting, object, tag);
        }
        let known = |branch: &Branch<'_, 's>| {
            let keys = branch.schema.keys();
            object.keys().filter(|key| keys.contains(&key.as_str())).count()
        };
        let asked: Vec<Vec<&str>> = fitting.iter().map(|branch| branch.schema.required()).collect();
        let is_complete = |keys: &Vec<&str>| !keys.is_empty() && keys.iter().all(|key| object.contains_key(*key));
        let complete = asked.iter().filter(|keys| is_complete(keys)).count();
        let has_some = asked.iter().any(|keys| keys.iter().any(|key| object.contains_key(*key)));
        let are_telling = asked.iter().all(|keys| !keys.is_empty());
        if complete > 1 {
            let found = self.found.len();
            self.exclude(fault);
            if self.found.len() > found {
                return;
            }
        }
        if are_telling && !has_some {
            let firsts: Vec<&str> = asked.iter().filter_map(|keys| keys.first().copied()).collect();
            let all = fitting.iter().flat_map(|branch| branch.schema.keys()).collect::<Vec<_>>();
            let strange = || object.keys().filter(|key| !all.contains(&key.as_str()));
            // A mistyped key tells which alternative is meant.
            let meant = strange().find_map(|key| closest(key, firsts.iter().copied()));
            let is_meant = |branch: &&Branch<'_, 's>| meant.is_some_and(|key| branch.schema.required().contains(&key));
            if let Some(branch) = fitting.iter().find(is_meant) {
                return self.take_all(branch);
            }
            return self.needs_one(fault, &firsts);
        }
        let nearest = fitting.iter().enumerate().max_by_key(|(index, branch)| {
            let errors = branch.errors.len();
            (is_complete(&asked[*index]), known(branch), std::cmp::Reverse(errors), std::cmp::Reverse(*index))
        });
        if let Some((_, branch)) = nearest {
            self.take_all(branch);
        }
    }

    /// Objects with a key for their kind.
    fn choose_by_tag(
        &mut self,
        fault: &Mismatch<'_, 's>,
        fitting: &[Branch<'_, 's>],
        object: &Map<String, Value>,
        tag: &'s str,
    ) {
        let words_of = |branch: &Branch<'_, 's>| branch.schema.property(tag).map_or(Vec::new(), Schema::words);
        let words: Vec<&Value> = fitting.iter().flat_map(words_of).collect();
        let path = fault.path.key(tag);
        match object.get(tag) {
            Some(kind) => match fitting.iter().find(|branch| words_of(branch).contains(&kind)) {
                Some(branch) => self.take_all(branch),
                None => {
                    let parent = fitting.first().and_then(|branch| branch.schema.property(tag)).unwrap_or(fault.parent);
                    let types: Vec<Type> = words.iter().map(|word| Type::of(word)).collect();
                    let fault = Mismatch { path, value: kind, parent };
                    if types.contains(&Type::of(kind)) {
                        self.not_allowed(&fault, &words);
                    } else {
                        self.wrong_type(&fault, &types[..1]);
                    }
                }
            },
            None => {
                let keys: Vec<_> = fitting.iter().flat_map(|branch| branch.schema.keys()).collect();
                let strange = object.keys().find(|key| !keys.contains(&key.as_str()) && closest(key, [tag]).is_some());
                match strange {
                    Some(key) => self.unknown_key(fault, key),
                    None => self.missing_word(fault, tag, &words),
                }
            }
        }
    }

    /// Several alternatives match, but only one is allowed.
    pub(super) fn exclude(&mut self, fault: &Mismatch<'_, 's>) {
        let Value::Object(object) = fault.value else {
            let found = Code::Either
                .at(self.at_value(&fault.path))
                .says(format!("{} is ambiguous", name(&fault.path)))
                .help("use the long form, which says which variant you mean");
            return self.push(fault.path.clone(), Weight::Range, found);
        };
        let branches = fault.parent.branches();
        let required: Vec<Vec<&str>> = branches.iter().map(|branch| branch.required()).collect();
        // A key that only one alternative requires identifies it.
        let is_own = |key: &str| required.iter().filter(|keys| keys.contains(&key)).count() == 1;
        let own: Vec<&str> = object
            .keys()
            .map(String::as_str)
            .filter(|key| required.iter().flatten().any(|asked| asked == key) && is_own(key))
            .collect();
        let [first, .., last] = own.as_slice() else {
            return;
        };
        let keys: Vec<String> = own.iter().map(|key| format!("`{key}`")).collect();
        let found = Code::Either
            .at(self.at_key(&fault.path, last))
            .says(format!("{} can have only one of {}", name(&fault.path), list(&keys, "and")))
            .because("this excludes the other")
            .also(self.at_key(&fault.path, first), "already set here")
            .help("keep the one you mean");
        self.push(fault.path.clone(), Weight::Inside, found);
    }

    fn needs_one(&mut self, fault: &Mismatch<'_, 's>, keys: &[&str]) {
        let mut unique: Vec<String> = Vec::new();
        for key in keys.iter().map(|key| format!("`{key}`")) {
            if !unique.contains(&key) {
                unique.push(key);
            }
        }
        let found = Code::Either
            .at(self.at_value(&fault.path))
            .says(format!("{} needs one of the keys {}", name(&fault.path), or(&unique)))
            .because("none of them is set")
            .help("add the one you mean");
        self.push(fault.path.clone(), Weight::Inside, found);
    }
}

/// The key that all alternatives require, each with its own value.
fn tag<'s>(fitting: &[Branch<'_, 's>]) -> Option<&'s str> {
    let first = fitting.first()?.schema.required();
    first.into_iter().find(|key| {
        fitting.iter().all(|branch| {
            let words = branch.schema.property(key).map_or(Vec::new(), Schema::words);
            branch.schema.required().contains(key) && !words.is_empty()
        })
    })
}
