//! Text → JSON value, with aliases and merge keys in place. The only file that says `serde_yaml`.

use std::fmt;

use serde::de::{
    Deserialize, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde_json::{Map, Number, Value};

use super::{guard, syntax};
use crate::diag::{Code, Diagnostic, Place, Report};
use crate::source::{FileId, LineColumn, Sources, Step, SyntaxError};

/// The document of a file as JSON, or `None` if the file holds none. Findings may come with a value: what they are about
/// is then left out of it or null, so that the rest can be looked at too.
pub fn parse(file: FileId, sources: &Sources, report: &mut Report) -> Option<Value> {
    let mut found = Report::default();
    let value =
        guard::check(file, sources, is_text, &mut found).then(|| value(file, sources, &mut found));
    found.tidy(sources);
    for diagnostic in &found {
        report.push(diagnostic.clone());
    }
    value.flatten()
}

fn value(file: FileId, sources: &Sources, report: &mut Report) -> Option<Value> {
    match serde_yaml::from_str::<Raw>(sources.get(file).text()) {
        Ok(raw) => Some(
            Plain {
                file,
                path: Vec::new(),
                report,
            }
            .value(raw),
        ),
        Err(error) => {
            report.push(refused(file, sources, &error));
            None
        }
    }
}

/// Our look at the text found nothing, and the second parser says no: rare corners of YAML.
fn refused(file: FileId, sources: &Sources, error: &serde_yaml::Error) -> Diagnostic {
    let source = sources.get(file);
    let reason = error.to_string();
    if reason.contains("repetition limit") {
        return Code::TooManyNodes
            .at(Place::file(file))
            .says("aliases repeat too often")
            .help("write fewer of them");
    }
    let at = error.location().map_or(0, |at| {
        source.byte(LineColumn {
            line: at.line(),
            column: at.column(),
        })
    });
    // The place is shown with the line already.
    let reason = reason
        .split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned();
    syntax::explain(file, source, &SyntaxError { at, reason })
}

/// Whether a key that stands without quotes is a text.
fn is_text(key: &str) -> bool {
    let may_be_number = key.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let may_be_word = matches!(
        key.to_ascii_lowercase().as_str(),
        "" | "~" | "null" | "true" | "false"
    );
    if !may_be_number && !may_be_word {
        return true;
    }
    !matches!(
        serde_yaml::from_str(key),
        Ok(serde_yaml::Value::Null | serde_yaml::Value::Bool(_) | serde_yaml::Value::Number(_))
    )
}

/// A YAML value with all that JSON cannot hold.
enum Raw {
    Scalar(Value),
    /// Not a number, or without end.
    Special(&'static str),
    /// A number that no integer type holds.
    Huge(String),
    List(Vec<Raw>),
    /// Keys may stand twice.
    Map(Vec<(String, Raw)>),
}

/// Raw → JSON.
struct Plain<'a> {
    file: FileId,
    path: Vec<Step>,
    report: &'a mut Report,
}

impl Plain<'_> {
    fn value(&mut self, raw: Raw) -> Value {
        match raw {
            Raw::Scalar(value) => value,
            Raw::Special(written) => {
                let found = self
                    .here(Code::NotPlain)
                    .says(format!("`{written}` is not a number that can be used"));
                self.report.push(found.help("write a number in digits"));
                Value::Null
            }
            Raw::Huge(digits) => {
                let found = self
                    .here(Code::OutOfRange)
                    .says("this number is too large")
                    .because("more than 64 bits");
                self.report
                    .push(found.help(format!("put it in quotes if it is a text: `\"{digits}\"`")));
                Value::Null
            }
            Raw::List(items) => {
                let items = items.into_iter().enumerate();
                Value::Array(
                    items
                        .map(|(index, item)| self.child(Step::Index(index), item))
                        .collect(),
                )
            }
            Raw::Map(entries) => Value::Object(self.object(entries)),
        }
    }

    fn child(&mut self, step: Step, raw: Raw) -> Value {
        self.path.push(step);
        let value = self.value(raw);
        self.path.pop();
        value
    }

    fn object(&mut self, entries: Vec<(String, Raw)>) -> Map<String, Value> {
        let mut object = Map::new();
        let mut merges = Vec::new();
        for (key, raw) in entries {
            if key == "<<" {
                merges.push(raw);
            } else if !object.contains_key(&key) {
                let value = self.child(Step::Key(key.clone()), raw);
                object.insert(key, value);
            }
        }
        // What an object says itself goes before what it takes in, and the first of several before the others.
        for merge in merges {
            let parts = match merge {
                Raw::List(parts) => parts,
                part => vec![part],
            };
            for part in parts {
                if let Raw::Map(entries) = part {
                    for (key, value) in self.object(entries) {
                        object.entry(key).or_insert(value);
                    }
                }
            }
        }
        object
    }

    fn here(&self, code: Code) -> Diagnostic {
        code.at(Place::value(self.file, self.path.iter().cloned().collect()))
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        self.visit_unit()
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Raw, E> {
        Ok(Raw::Scalar(flag.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Raw, E> {
        Ok(Raw::Scalar(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Raw, E> {
        Ok(Raw::Scalar(number.into()))
    }

    fn visit_i128<E>(self, number: i128) -> Result<Raw, E> {
        Ok(Raw::Huge(number.to_string()))
    }

    fn visit_u128<E>(self, number: u128) -> Result<Raw, E> {
        Ok(Raw::Huge(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Raw, E> {
        /// 2^64. Smaller numbers without a fraction come as integers, unless they are written like `1e3`.
        const TOO_LARGE: f64 = 18_446_744_073_709_551_616.0;
        Ok(match Number::from_f64(number) {
            Some(_) if number.abs() >= TOO_LARGE => Raw::Huge(number.to_string()),
            Some(number) => Raw::Scalar(number.into()),
            None if number.is_nan() => Raw::Special(".nan"),
            None if number < 0.0 => Raw::Special("-.inf"),
            None => Raw::Special(".inf"),
        })
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Scalar(text.into()))
    }

    fn visit_string<E>(self, text: String) -> Result<Raw, E> {
        Ok(Raw::Scalar(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }

    /// A tag. `guard` has reported it; what it stands on is read as if it were not there.
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Raw, A::Error> {
        let (_, contents) = data.variant::<String>()?;
        contents.newtype_variant()
    }
}
