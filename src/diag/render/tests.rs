//! Rendering of findings with unusual texts or locations.

use insta::assert_snapshot;
use serde_json::Value;

use super::{SHOWN, json, text};
use crate::diag::{Code, Diagnostic, Location, Report, Severity, unread};
use crate::source::{FileId, ReadError, Reason, Source, Sources};

/// A finding about the first occurrence of a word.
fn at(sources: &Sources, file: FileId, word: &str) -> Location {
    let start = sources.get(file).text().find(word).unwrap();
    Location::range(file, start..start + word.len())
}

fn one(text: &str, find: impl FnOnce(&Sources, FileId) -> Diagnostic) -> String {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("gateway.yaml", text));
    let mut report = Report::default();
    report.push(find(&sources, file));
    super::text(&report, &sources, false).trim_end().to_owned()
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let line = format!("a: [{}wrong, {}]\n", "é, ".repeat(5_000), "x, ".repeat(5_000));
    let shown = one(&line, |sources, file| Code::NotAllowed.at(at(sources, file, "wrong")).says("no").because("this"));
    assert!(shown.lines().all(|line| line.chars().count() < 130));
    assert_snapshot!(shown, @"
    error[S004]: no
     --> gateway.yaml:1:15005
      |
    1 | ... é, é, é, é, é, é, é, é, é, é, é, é, é, wrong, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x...
      |                                            ^^^^^ this
    ");
}

#[test]
fn a_range_of_many_lines_shows_its_first() {
    let shown = one("a:\n  - one: 1\n    two: 2\n  - three\nb: 1\n", |sources, file| {
        Code::Either.at(at(sources, file, "one: 1\n    two: 2\n  - three\n")).says("no").because("from here on")
    });
    assert_snapshot!(shown, @"
    error[S007]: no
     --> gateway.yaml:2:5
      |
    2 |   - one: 1
      |     ^^^^^^ from here on
    ");
}

#[test]
fn what_could_move_the_cursor_is_made_visible() {
    let shown = one("a: \"\u{1b}[2J\u{202e}x\u{9b}\" # \u{200b}\n", |sources, file| {
        let found = Code::WrongFormat.at(at(sources, file, "x")).says("no `\u{1b}[2J` and\nno \u{202e}`");
        found.because("\r\u{7}").help("remove \u{1b}\nor keep")
    });
    assert_snapshot!(shown, @r#"
    error[S005]: no `␛[2J` and␊no �`
     --> gateway.yaml:1:10
      |
    1 | a: "␛[2J�x�" # �
      |          ^ ␍␇
      |
      = help: remove ␛
              or keep
    "#);
}

#[test]
fn labels_far_apart_and_in_other_files() {
    let mut sources = Sources::default();
    let lines: String = (1..=2000).map(|line| format!("line{line}: 1\n")).collect();
    let file = sources.add(Source::new("gateway.yaml", lines));
    let other = sources.add(Source::new("specs/weather.yaml", "paths:\n  /x: 1\n"));
    let mut report = Report::default();
    report.push(
        Code::DuplicateKey
            .at(at(&sources, file, "line1999"))
            .says("three places")
            .because("here")
            .also(at(&sources, file, "line7:"), "there")
            .also(at(&sources, other, "/x"), "and in another file")
            .also(Location::file(other), "about all of that file")
            .help("one")
            .help("two"),
    );
    assert_snapshot!(text(&report, &sources, false).trim_end(), @"
    error[Y006]: three places
        --> gateway.yaml:1999:1
         |
       7 | line7: 1
         | ------ there
    ...
    1999 | line1999: 1
         | ^^^^^^^^ here
         |
        ::: specs/weather.yaml:2:3
         |
       2 |   /x: 1
         |   -- and in another file
         |
         = note: about all of that file
         = help: one
         = help: two
    ");
}

#[test]
fn files_that_are_not_text() {
    let mut sources = Sources::default();
    let mut report = Report::default();
    let error = |reason| ReadError { path: "gateway.yaml".into(), reason };
    let source = || Box::new(Source::new("gateway.yaml", "name: caf\u{fffd} # x\n"));
    let reasons = [
        Reason::NotUtf8 { source: source(), at: 9, is_utf16: false },
        Reason::NotUtf8 { source: source(), at: 0, is_utf16: true },
        Reason::TooLarge { limit: 1 << 20 },
    ];
    for reason in reasons {
        report.push(unread(error(reason), &mut sources).unwrap());
    }
    assert!(unread(error(Reason::Missing), &mut sources).is_err());
    assert_snapshot!(text(&report, &sources, false).trim_end(), @"
    error[Y001]: `gateway.yaml` is not UTF-8 text
     --> gateway.yaml:1:10
      |
    1 | name: ***
      |       ^^^ the byte at offset 9 is not valid UTF-8
      |
      = help: save the file as UTF-8, or retype this character

    error[Y001]: `gateway.yaml` is not UTF-8 text
     --> gateway.yaml:1:1
      |
    1 | name: ***
      | ^ the file starts like UTF-16
      |
      = help: save the file as UTF-8

    error[Y003]: `gateway.yaml` is larger than 1 MiB
    --> gateway.yaml
     = help: check that this is the file you mean, or split the gateway into several files
    ");
}

#[test]
fn thousands_of_findings_are_counted() {
    let mut sources = Sources::default();
    let lines: String = (0..20_000).map(|line| format!("line{line}: 1\n")).collect();
    let file = sources.add(Source::new("gateway.yaml", lines));
    let mut report = Report::default();
    for line in 0..20_000 {
        let path = crate::source::YamlPath::root().key(format!("line{line}"));
        let mut found = Code::UnknownKey.at(Location::key(file, path)).says(format!("number {line}"));
        if line % 10_000 == 0 {
            found.severity = Severity::Warning;
        }
        report.push(found);
    }
    report.tidy(&sources);
    let shown = text(&report, &sources, false);
    assert_eq!(shown.matches("error[").count(), SHOWN);
    assert_eq!(shown.matches("warning[").count(), 2);
    assert_snapshot!(shown.lines().rev().take(2).collect::<String>(), @"... and 19898 more errors, not shown; --format json lists all");
    let all: Vec<Value> = serde_json::from_str(&json(&report, &sources)).unwrap();
    assert_eq!(all.len(), 20_000);
}

#[test]
fn machines_get_everything() {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("gateway.yaml", "😀: x\r\nb: y\r\n"));
    let mut report = Report::default();
    let found = Code::NotAllowed.at(at(&sources, file, "x")).says("no \u{1b}").because("this");
    report.push(found.also(at(&sources, file, "y"), "there").help("write z"));
    report.push(Code::Documents.at(Location::file(file)));
    assert_snapshot!(json(&report, &sources), @r#"
    [
      {
        "code": "S004",
        "severity": "error",
        "title": "a value is not one of the allowed values",
        "message": "no \u001b",
        "file": "gateway.yaml",
        "line": 1,
        "column": 4,
        "endLine": 1,
        "endColumn": 5,
        "reason": "this",
        "help": [
          "write z"
        ],
        "related": [
          {
            "file": "gateway.yaml",
            "line": 2,
            "column": 4,
            "endLine": 2,
            "endColumn": 5,
            "message": "there"
          }
        ]
      },
      {
        "code": "Y007",
        "severity": "error",
        "title": "the file must contain exactly one YAML document",
        "message": "the file must contain exactly one YAML document",
        "file": "gateway.yaml",
        "line": 1,
        "column": 1,
        "endLine": 1,
        "endColumn": 1,
        "reason": null,
        "help": [],
        "related": []
      }
    ]
    "#);
    assert_eq!(json(&Report::default(), &sources), "[]\n");
}

#[test]
fn colours_only_where_they_are_wanted() {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("gateway.yaml", "a: b\n"));
    let mut report = Report::default();
    report.push(Code::NotAllowed.at(at(&sources, file, "b")).says("no"));
    assert!(text(&report, &sources, true).contains("\u{1b}["));
    assert!(!text(&report, &sources, false).contains('\u{1b}'));
}
