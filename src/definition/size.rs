//! The text of a document, and whether it can be embedded.

use std::io;

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use super::Findings;
use crate::catalogue::deployment::LONGEST_STRING as MOST;
use crate::diag::{Code, grouped};

/// The document as JSON: indented, so that a changed operation is a small diff, unless only one line is short enough.
pub(super) fn write(value: &Value) -> String {
    let indented = written(value, PrettyFormatter::new());
    if units(&indented) <= MOST { indented } else { compact(value) }
}

/// The document as JSON in one line.
pub(super) fn compact(value: &Value) -> String {
    written(value, CompactFormatter)
}

fn written(value: &Value, layout: impl Formatter) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Plain(layout));
    value.serialize(&mut serializer).expect("definition: a tree of values can always be written to memory");
    String::from_utf8(bytes).expect("definition: serde_json writes UTF-8")
}

/// Large whole numbers without an exponent.
///
/// Limits of 64-bit integers in schemas (`minimum: -9223372036854776000`) are floats to `serde_json`, which would write
/// `-9.223372036854776e18`; readers that require an integer reject that. `arbitrary_precision` would keep every digit, but
/// it is a feature of the whole program that changes what `Number` is for YAML and the schema validator as well.
struct Plain<F>(F);

/// Methods that the layout decides.
macro_rules! passed_on {
    ($($name:ident($($argument:ident: $type:ty),*)),* $(,)?) => {
        $(
            fn $name<W: ?Sized + io::Write>(&mut self, writer: &mut W $(, $argument: $type)*) -> io::Result<()> {
                self.0.$name(writer $(, $argument)*)
            }
        )*
    };
}

impl<F: Formatter> Formatter for Plain<F> {
    passed_on!(
        begin_array(),
        end_array(),
        begin_array_value(first: bool),
        end_array_value(),
        begin_object(),
        end_object(),
        begin_object_key(first: bool),
        end_object_key(),
        begin_object_value(),
        end_object_value(),
    );

    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        if value.fract() == 0.0 && (1e15..1e21).contains(&value.abs()) {
            return write!(writer, "{value}");
        }
        self.0.write_f64(writer, value)
    }
}

/// Reports a text that Bicep cannot load.
pub(super) fn check(root: &Value, text: &str, findings: &mut Findings) {
    let length = units(text);
    if length <= MOST {
        return;
    }
    let parts = parts(root);
    let largest: Vec<_> = parts
        .iter()
        .take(3)
        .filter(|(_, length)| *length > MOST / 100)
        .map(|(name, length)| format!("`{name}` ({})", grouped(*length as u64)))
        .collect();
    let finding = findings.whole(Code::DefinitionTooLarge).says(format!(
        "the definition has {} characters, the limit is {}",
        grouped(length as u64),
        grouped(MOST as u64)
    ));
    let finding = finding.because("`loadTextContent` of Bicep does not load more");
    let finding = if largest.is_empty() {
        finding
    } else {
        finding.help(format!("the largest parts are {}", largest.join(", ")))
    };
    findings
        .push(finding
            .help("select fewer operations: `definition: { file: …, operations: [ … ] }`; parts that they do not use are removed")
            .help("or let the service fetch the document, which has no such limit: `definition: { link: … }`"));
}

/// Length as Bicep counts it.
fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Paths, entries of `components` or `definitions` and everything else with their lengths, longest first.
fn parts(root: &Value) -> Vec<(String, usize)> {
    let mut parts = Vec::new();
    let sections = ["paths", "definitions"];
    for section in sections {
        entries(root.get(section), section, &mut parts);
    }
    let others = root.as_object().into_iter().flatten();
    let others = others.filter(|(key, _)| !sections.contains(&key.as_str()) && *key != "components");
    parts.extend(others.map(|(key, value)| (key.clone(), units(&compact(value)))));
    if let Some(Value::Object(components)) = root.get("components") {
        for (kind, value) in components {
            entries(Some(value), &format!("components.{kind}"), &mut parts);
        }
    }
    parts.sort_by_key(|(_, length)| std::cmp::Reverse(*length));
    parts
}

fn entries(section: Option<&Value>, name: &str, parts: &mut Vec<(String, usize)>) {
    if let Some(Value::Object(entries)) = section {
        let part = |(key, value)| (format!("{name}.{key}"), units(&compact(value)));
        parts.extend(entries.iter().map(part));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{MOST, compact, units, write};

    #[test]
    fn numbers_are_written_as_people_do() {
        let text = r#"[1.0,0.1,-9223372036854776000,9223372036854775807,18446744073709551615,100000000000000000000,1e-7,-0.0]"#;
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(compact(&value), text);
        assert_eq!(compact(&json!({"ü": ["\n", 1e22]})), r#"{"ü":["\n",1e+22]}"#);
    }

    #[test]
    fn a_document_is_indented_while_it_is_short_enough() {
        assert_eq!(
            write(&json!({"a": [1e15, {}], "b": []})),
            "{\n  \"a\": [\n    1000000000000000,\n    {}\n  ],\n  \"b\": []\n}"
        );
        let long = json!(vec![1; MOST / 5]);
        assert_eq!(units(&write(&long)), MOST / 5 * 5 + 2);
        let longer = json!(vec![1; MOST / 5 + 1]);
        assert!(!write(&longer).contains('\n'));
    }

    #[test]
    fn length_is_utf16() {
        assert_eq!(units("aü名😀"), 5);
    }
}
