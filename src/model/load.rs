//! Text → JSON value → `Gateway`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::recover::{self, Omitted};
use super::{Gateway, guard, schema, shape, syntax, unbuilt};
use crate::diag::{Code, Diagnostic, Location, Report};
use crate::source::{
    self, Failure, FileId, GATEWAY_LIMITS, Language, Numbers, OddNumber, Source, Sources, SyntaxError, YamlPath,
    all_but_keys,
};

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
    let parsed = guard::check(file, sources, &mut found).then(|| value(file, sources, &mut found)).flatten();
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
    let source = sources.get(file);
    match source::value(source.text(), Language::Yaml, Numbers::Checked, GATEWAY_LIMITS) {
        Ok(document) => {
            for (path, number) in document.numbers {
                report.push(odd(Location::value(file, path), &number));
            }
            // `guard` has reported tags, and merges of other values, whose keys are missing now.
            let doubtful = document.tagged.into_iter().chain(document.bad_merges).collect();
            Some(Parsed { value: document.value, doubtful })
        }
        Err(failure) => {
            report.push(refused(file, source, failure));
            None
        }
    }
}

/// A number that JSON cannot hold.
fn odd(at: Location, number: &OddNumber) -> Diagnostic {
    match number {
        OddNumber::Special(written) => Code::NotPlain
            .at(at)
            .says(format!("`{written}` is not a supported number"))
            .help("write a number in digits"),
        OddNumber::Huge => Code::OutOfRange
            .at(at)
            .says("this number is too large")
            .because("more than 64 bits")
            .help("quote it if it is a string"),
    }
}

/// Our own checks found nothing, but the second parser rejects the text: rare corners of YAML.
fn refused(file: FileId, source: &Source, failure: Failure) -> Diagnostic {
    match failure {
        Failure::Syntax { range, message } => syntax::explain(file, source, &SyntaxError::new(range.start, message)),
        Failure::Large => Code::TooManyNodes
            .at(Location::file(file))
            .says("aliases expand to too many nodes")
            .help("use fewer aliases"),
        Failure::Deep(path) => Code::TooDeep
            .at(Location::value(file, path))
            .says(format!("the file is nested more than {} levels deep", GATEWAY_LIMITS.levels))
            .help("use fewer aliases inside anchors"),
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
    fn aliases_of_long_strings_are_refused_before_they_are_copied() {
        let long = "y".repeat(33_000);
        for item in ["*a", "{*a : 1}", "{b: *a}"] {
            let items = vec![item; 33_000].join(",");
            let text = format!("version: 1\nx: &a {long}\nz: [{items}]\n");
            let (value, said) = load(&text);
            assert_eq!(value, None, "{item}");
            assert!(
                said.starts_with("error[Y005]: with its aliases expanded the file has more than 8 MiB of text\n"),
                "{item}: {said}"
            );
        }
        let most = format!("x: &a {long}\nz: [{}]\n", vec!["*a"; 250].join(","));
        assert!(load(&most).0.is_some());
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
