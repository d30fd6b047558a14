//! Text → JSON value, with aliases and merge keys applied → `Gateway`.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::raw::YamlValue;
use super::recover::{self, Omitted};
use super::{Gateway, guard, schema, shape, syntax, unbuilt};
use crate::diag::{Code, Diagnostic, Location, Report};
use crate::source::{FileId, LineColumn, Sources, Step, SyntaxError, SyntaxKind, YamlPath, all_but_keys};

/// A gateway, as far as its file could be read.
#[derive(Debug)]
pub struct Loaded {
    /// The gateway.
    pub gateway: Gateway,
    /// Paths that were omitted because their shape is wrong.
    pub omitted: Omitted,
}

/// The gateway of a file. Parts with a wrong shape are reported and omitted, so that the rest can be checked in the same run;
/// `None` if nothing is left to check.
pub fn gateway(file: FileId, sources: &Sources, report: &mut Report) -> Option<Loaded> {
    let known = report.iter().count();
    let Parsed { mut value, doubtful } = read(file, sources, report)?;
    let checker = schema::checker();
    let shown = shape::veil(sources.get(file), &value, report.iter().count() > known, checker);
    unbuilt::take_outside(file, &mut value, report);
    let before = report.iter().count();
    let omitted = if shape::check_but(&doubtful, file, &value, &shown, checker, report) {
        Omitted::default()
    } else {
        let wrong = report.iter().skip(before).map(|found| &found.at.place);
        recover::recover(file, &mut value, checker, wrong)?
    };
    unbuilt::report_unbuilt(file, &value, report);
    let gateway =
        serde_json::from_value(value).expect("load: what has the shape of the schema has the shape of the types");
    Some(Loaded { gateway, omitted })
}

/// The document of a file as JSON, or `None` if the file has none. Findings may come with a value: the parts that they are about
/// are omitted or null, so that the rest can be checked too.
pub fn parse(file: FileId, sources: &Sources, report: &mut Report) -> Option<Value> {
    read(file, sources, report).map(|parsed| parsed.value)
}

/// A document as JSON.
struct Parsed {
    value: Value,
    /// Paths whose findings are not at the value itself, such as a tag: further findings there may be consequences.
    doubtful: BTreeSet<YamlPath>,
}

fn read(file: FileId, sources: &Sources, report: &mut Report) -> Option<Parsed> {
    let mut found = Report::default();
    let parsed = guard::check(file, sources, is_text, &mut found).then(|| value(file, sources, &mut found)).flatten();
    if parsed.is_none() {
        // What is a key and what a value is not certain.
        let source = sources.get(file);
        source.hide(all_but_keys(source.text()));
    }
    found.tidy(sources);
    for diagnostic in &found {
        report.push(diagnostic.clone());
    }
    parsed
}

fn value(file: FileId, sources: &Sources, report: &mut Report) -> Option<Parsed> {
    let text = sources.get(file).text();
    // The YAML parser rejects some escapes of JSON.
    let json = text.trim_start().starts_with(['{', '[']).then(|| serde_json::from_str::<YamlValue>(text).ok());
    let raw = json.flatten().map_or_else(|| serde_yaml::from_str::<YamlValue>(text), Ok);
    match raw {
        Ok(raw) => {
            let mut plain = Plain { file, path: Vec::new(), doubtful: BTreeSet::new(), report };
            let value = plain.value(raw);
            Some(Parsed { value, doubtful: plain.doubtful })
        }
        Err(error) => {
            report.push(refused(file, sources, &error));
            None
        }
    }
}

/// Our own checks found nothing, but the second parser rejects the text: rare corners of YAML.
fn refused(file: FileId, sources: &Sources, error: &serde_yaml::Error) -> Diagnostic {
    let source = sources.get(file);
    let reason = error.to_string();
    if SyntaxKind::of(&reason) == SyntaxKind::TooManyAliases {
        return Code::TooManyNodes
            .at(Location::file(file))
            .says("aliases expand to too many nodes")
            .help("use fewer aliases");
    }
    let at = error.location().map_or(0, |at| source.byte(LineColumn { line: at.line(), column: at.column() }));
    // The finding shows the position already.
    let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
    syntax::explain(file, source, &SyntaxError::new(at, reason))
}

/// True if an unquoted key is a string.
fn is_text(key: &str) -> bool {
    let may_be_number = key.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let may_be_word = matches!(key.to_ascii_lowercase().as_str(), "" | "~" | "null" | "true" | "false");
    if !may_be_number && !may_be_word {
        return true;
    }
    !matches!(
        serde_yaml::from_str(key),
        Ok(serde_yaml::Value::Null | serde_yaml::Value::Bool(_) | serde_yaml::Value::Number(_))
    )
}

/// Raw → JSON.
struct Plain<'a> {
    file: FileId,
    path: Vec<Step>,
    doubtful: BTreeSet<YamlPath>,
    report: &'a mut Report,
}

impl Plain<'_> {
    fn value(&mut self, raw: YamlValue) -> Value {
        match raw {
            YamlValue::Scalar(value) => value,
            YamlValue::Special(written) => {
                let found = self.here(Code::NotPlain).says(format!("`{written}` is not a supported number"));
                self.report.push(found.help("write a number in digits"));
                Value::Null
            }
            YamlValue::Huge => {
                let found = self.here(Code::OutOfRange).says("this number is too large").because("more than 64 bits");
                self.report.push(found.help("quote it if it is a string"));
                Value::Null
            }
            YamlValue::List(items) => {
                let items = items.into_iter().enumerate();
                Value::Array(items.map(|(index, item)| self.child(Step::Index(index), item)).collect())
            }
            YamlValue::Map(entries) => Value::Object(self.object(entries)),
            YamlValue::Tagged(raw) => {
                self.doubtful.insert(self.path.iter().cloned().collect());
                self.value(*raw)
            }
        }
    }

    fn child(&mut self, step: Step, raw: YamlValue) -> Value {
        self.path.push(step);
        let value = self.value(raw);
        self.path.pop();
        value
    }

    fn object(&mut self, entries: Vec<(String, YamlValue)>) -> Map<String, Value> {
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
        // Keys of the object itself take precedence over merged ones, and the first of several merges over the others.
        for merge in merges {
            let parts = match merge {
                YamlValue::List(parts) => parts,
                part => vec![part],
            };
            for part in parts {
                let YamlValue::Map(entries) = part else {
                    // `guard` has reported it, and keys are missing now.
                    self.doubtful.insert(self.path.iter().cloned().collect());
                    continue;
                };
                for (key, value) in self.object(entries) {
                    object.entry(key).or_insert(value);
                }
            }
        }
        object
    }

    fn here(&self, code: Code) -> Diagnostic {
        code.at(Location::value(self.file, self.path.iter().cloned().collect()))
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use serde_json::{Value, json};

    use super::parse;
    use crate::diag::{Report, render};
    use crate::source::{Source, Sources};

    fn load(text: &str) -> (Option<Value>, String) {
        let mut sources = Sources::default();
        let mut report = Report::default();
        let file = sources.add(Source::new("gateway.yaml", text));
        let value = parse(file, &sources, &mut report);
        (value, render::text(&report, &sources, false))
    }

    fn value(text: &str) -> Value {
        let (value, said) = load(text);
        assert_eq!(said, "", "{text}");
        value.unwrap()
    }

    fn said(text: &str) -> String {
        let (_, said) = load(text);
        said.trim_end().to_owned()
    }

    /// The first lines only: message and location.
    fn heads(text: &str) -> Vec<String> {
        let said = said(text);
        let lines: Vec<_> = said.lines().collect();
        let heads = lines.windows(2).filter(|pair| pair[0].starts_with("error["));
        heads.map(|pair| format!("{} @{}", &pair[0][6..], pair[1].rsplit("yaml").next().unwrap_or_default())).collect()
    }

    #[test]
    fn merges_are_applied() {
        let text = "a: &a {x: 1, y: 1}\nb: &b {<<: *a, y: 2, z: 2}\nc: {<<: [*b, {w: 3}, *a], z: 4}\nd: [*a, *b]\n";
        let b = json!({"y": 2, "z": 2, "x": 1});
        let a = json!({"x": 1, "y": 1});
        assert_eq!(value(text), json!({"a": a, "b": b, "c": {"z": 4, "y": 2, "x": 1, "w": 3}, "d": [a, b]}));
    }

    #[test]
    fn scalars_are_what_people_expect() {
        let text =
            "a: 1\r\nb: 1.0\r\nc: on\r\nd: true\r\ne:\r\nf: '1'\r\ng: 0o17\r\nh: 007\r\ni: !!str 5\r\nj: 1e3\r\n";
        let expected = json!({
            "a": 1, "b": 1, "c": "on", "d": true, "e": null, "f": "1", "g": 15, "h": "007", "i": "5", "j": 1000
        });
        assert_eq!(value(text), expected);
        assert_eq!(value("\u{feff}# note\n---\na: é\n...\n"), json!({"a": "é"}));
        assert_eq!(value("{\n\t\"a\": [1, {\"b\\/\": \"\\u00e9\"}]\n}"), json!({"a": [1, {"b/": "é"}]}));
    }

    #[test]
    fn a_key_that_stands_twice_does_not_hide_the_rest() {
        let (value, said) = load("x: &x\n  key: 1\n  other: 2\n  key: 3\ny: *x\n");
        assert_eq!(value, Some(json!({"x": {"key": 1, "other": 2}, "y": {"key": 1, "other": 2}})));
        assert_snapshot!(said.trim_end(), @"
        error[Y006]: duplicate key `key`
         --> gateway.yaml:4:3
          |
        2 |   key: 1
          |   --- first occurrence
        3 |   other: 2
        4 |   key: 3
          |   ^^^ duplicate
          |
          = help: keep one of the two
        ");
    }

    #[test]
    fn what_json_cannot_hold_is_said() {
        let text = concat!(
            "a: !secret x\nb: .nan\nc: [-.inf, 99999999999999999999]\nd: &d {e: .inf}\nf: *d\n",
            "1.5: x\n~: x\ng: {<<: 5}\nh: {<<: d}\ni: {<<: [*d, x]}\n"
        );
        assert_snapshot!(heads(text).join("\n"), @"
        Y008]: YAML tags are not supported @:1:4
        Y008]: `.nan` is not a supported number @:2:4
        Y008]: `-.inf` is not a supported number @:3:5
        S006]: this number is too large @:3:12
        Y008]: `.inf` is not a supported number @:4:11
        Y009]: the key `1.5` is not a string @:6:1
        Y009]: the key `~` is not a string @:7:1
        Y010]: `<<` can only merge objects @:8:9
        Y010]: `<<` can only merge objects @:9:9
        Y010]: `<<` can only merge objects @:10:14
        ");
        assert_snapshot!(said("h: &base {a: 1}\ni:\n  <<: base\n"), @"
        error[Y010]: `<<` can only merge objects
         --> gateway.yaml:3:7
          |
        3 |   <<: base
          |       ^^^^ this is not an object
          |
          = help: refer to the anchor with an asterisk: `<<: *base`
        ");
        assert_snapshot!(said("version: {{ version }}\n"), @r#"
        error[Y009]: `{{` opens two objects here, one as the key of the other
         --> gateway.yaml:1:11
          |
        1 | version: ***
          |          ^^^ a key must be a string
          |
          = help: quote the value if the braces belong to it: `"{{ … }}"`
        "#);
    }

    #[test]
    fn texts_that_are_not_yaml() {
        let table = [
            "a:\n\tb: 1\n",
            "a: \"b\nc: d\n",
            "a: 'it's'\n",
            "a: \"C:\\data\"\n",
            "a: b: c\n",
            "a:b\nc: d\n",
            "c: d\na:b\ne: f\n",
            "a: [1, 2\nb: 3\n",
            "a: {b: 1\n",
            "a: {b: 1 c: 2}\n",
            "a: @x\n",
            "a: %x\n",
            "a: *\n",
            "b: &base 1\na: *bas\n",
            "a: 1\n  b: 2\n",
            "a:\n  - b\n c: d\n",
            "x: 1\ny\nz: 2\n",
            "- a\nb: c\n",
            "a: - b\n",
            "a: 1\n}\n",
            "😀: 😀 # x\n😀: \"😀\" 😀\n",
            "url: https://x\n bad: 1\n",
            "a: 1\u{feff}\n",
            "a: |\n  x\n y: 1\n",
            "a: 1\n\u{0}\n",
            "a: \u{7}b\n",
        ];
        let all: Vec<String> = table.iter().map(|text| said(text)).collect();
        assert_snapshot!(all.join("\n\n"));
    }

    #[test]
    fn one_document_and_no_less() {
        let table = ["", "\n \n", "# only\n", "---\n", "a: 1\n---\nb: 2\n", "---\na: 1\n--- \nb: : 2\n"];
        let all: Vec<String> = table.iter().map(|text| said(text)).collect();
        assert_snapshot!(all.join("\n\n"), @"
        error[Y007]: the file is empty
        --> gateway.yaml
         = help: start with `version: 1`; the README shows the smallest file

        error[Y007]: the file contains only whitespace
        --> gateway.yaml
         = help: start with `version: 1`; the README shows the smallest file

        error[Y007]: the file contains only comments
        --> gateway.yaml
         = help: start with `version: 1`; the README shows the smallest file

        error[Y007]: the file contains only comments
        --> gateway.yaml
         = help: start with `version: 1`; the README shows the smallest file

        error[Y007]: the file contains more than one YAML document
         --> gateway.yaml:2:1
          |
        2 | ---
          | ^^^ a second document starts here
          |
          = help: move it to a separate file in its own folder; one file describes one gateway

        error[Y007]: the file contains more than one YAML document
         --> gateway.yaml:3:1
          |
        1 | ---
          | --- the first document starts here
        2 | a: ***
        3 | --- 
          | ^^^ a second document starts here
          |
          = help: move it to a separate file in its own folder; one file describes one gateway
        ");
    }

    #[test]
    fn bombs_do_not_go_off() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for level in 1..10 {
            let alias = format!("*a{}", level - 1);
            bomb += &format!("a{level}: &a{level} [{}]\n", vec![alias; 9].join(", "));
        }
        let mut tower = String::from("a0: &a0 [x]\n");
        for level in 1..70 {
            tower += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
        }
        let blocks = (0..70).fold(String::new(), |text, level| text + &" ".repeat(level) + "a:\n");
        let table = [
            bomb,
            "a: &a [1, *a]\nb: &b {<<: *b}\n".to_owned(),
            tower,
            "[".repeat(10_000),
            "a: ".to_owned() + &"[".repeat(100) + &"]".repeat(100),
            blocks,
            format!("[{}]", "1,".repeat(200_001)),
        ];
        let all: Vec<String> = table.iter().map(|text| said(text)).collect();
        assert_snapshot!(all.join("\n\n"));
    }
}
