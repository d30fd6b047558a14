//! Findings: one snapshot for each problem, and the rules for every finding. Problems that would be silly to
//! commit, such as files of 100 MB, are in `odd_files`.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use gatewright::compile::Checked;
use gatewright::diag::{Code, Diagnostic, Report, Severity, render};
use gatewright::model::{load, schema};
use gatewright::source::{Source, Sources};

use crate::case::checked;

/// Codes without a file in fixtures/invalid, and why.
const ELSEWHERE: [(Code, &str); 10] = [
    (Code::TooLarge, "more than 1 MiB; odd_files makes one"),
    (Code::TooDeep, "no one writes one by hand; odd_files creates one"),
    (Code::DefinitionTooLarge, "more than 128 KiB; odd_files makes one"),
    (Code::DefinitionTooDeep, "no one writes one by hand; odd_files creates one"),
    (Code::TooManyKeys, "801 keys; odd_files makes them"),
    (Code::DeploymentTooLarge, "hundreds of APIs; odd_files makes them"),
    (Code::SharedPrefix, "two files; cli has them"),
    (Code::SharedName, "two files; cli has them"),
    (Code::SharedPath, "two files; cli has them"),
    (Code::SharedRole, "two files; cli has them"),
];

/// Warnings that files in fixtures/valid are about.
const WARNINGS: [(&str, &[Code]); 7] = [
    ("any-path-of-account", &[Code::AnyPathOfAccount]),
    ("no-key", &[Code::PublicApi]),
    ("openapi-3-1", &[Code::OutgoingRequests]),
    ("limits", &[Code::CallerChosenCounter]),
    ("own-limits", &[Code::PolicyBuffers]),
    ("web-pages", &[Code::EveryOrigin]),
    // The guide retries three times with two members.
    ("pattern-guide-balance", &[Code::ManyRetries]),
];

pub(crate) fn root() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn shown(checked: &Checked) -> String {
    render::text(&checked.report, &checked.sources, false)
}

/// The files of fixtures/invalid.
pub(crate) fn invalid_fixtures() -> Vec<Utf8PathBuf> {
    let entries = root().join("fixtures/invalid").read_dir_utf8().unwrap();
    let mut files: Vec<_> =
        entries.map(|entry| entry.unwrap().into_path()).filter(|path| path.extension() == Some("yaml")).collect();
    files.sort();
    files
}

/// The gateway files below a folder of fixtures: name of the case, path.
pub(crate) fn cases(folder: &str) -> Vec<(String, Utf8PathBuf)> {
    let entries = root().join("fixtures").join(folder).read_dir_utf8();
    let mut cases: Vec<_> = entries
        .unwrap()
        .map(|entry| entry.unwrap().into_path())
        .map(|path| (path.file_name().unwrap().to_owned(), path.join("gateway.yaml")))
        .collect();
    cases.sort();
    cases
}

#[test]
fn each_problem_is_reported_with_its_location_and_help() {
    insta::glob!("../../fixtures/invalid", "*.yaml", |path| {
        let path = Utf8Path::from_path(path).unwrap();
        insta::assert_snapshot!("mistake", shown(&checked(path)));
    });
}

#[test]
fn each_file_has_the_finding_that_it_is_named_after() {
    for path in invalid_fixtures() {
        let stem = path.file_stem().unwrap();
        let checked = checked(&path);
        let found: Vec<&str> = checked.report.iter().map(|found| found.code.id()).collect();
        if stem == "many-mistakes" {
            let kinds: BTreeSet<&str> = found.into_iter().collect();
            assert!(kinds.len() > 12, "{kinds:?}");
            continue;
        }
        let code = stem.split('-').next().unwrap().to_uppercase();
        assert!(found.iter().all(|found| *found == code), "{path} is about {code}, and has {found:?}");
        assert!(!found.is_empty(), "{path} has no finding");
        let is_refused = checked.report.has_errors();
        assert_eq!(checked.plan.is_none(), is_refused, "{path}");
    }
}

/// Words that are no terms of the field; the glossary of CONTRIBUTING.md has better ones.
const UNIDIOMATIC: &[&str] =
    &["anybody", "behind", "blank", "blanks", "mend", "mends", "nobody", "stands", "whoever", "whom"];

/// Checks the form and the wording of a finding.
pub(crate) fn check_wording(found: &Diagnostic, whose: &str) {
    let said = format!("{whose}: {} {}", found.code.id(), found.message);
    assert!(!found.help.is_empty(), "{said}: no help");
    let texts = [&found.message, &found.at.text];
    let also = found.also.iter().map(|label| &label.text);
    for text in texts.into_iter().chain(also).chain(&found.help) {
        assert!(!text.ends_with('.'), "{said}: full stop in `{text}`");
        // Names keep their capitals, and so does an acronym.
        let is_name =
            ["Gatewright", "OpenAPI", "Swagger", "Terraform", "Azure"].iter().any(|name| text.starts_with(name));
        let mut letters = text.chars();
        let is_capital =
            letters.next().is_some_and(char::is_uppercase) && letters.next().is_none_or(char::is_lowercase);
        assert!(is_name || !is_capital, "{said}: capital in `{text}`");
        assert!(
            !text.contains("/tmp/") && !text.contains(root().as_str()),
            "{said}: a path of this machine in `{text}`"
        );
        let outside: String = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
        for word in outside.split(|c: char| !c.is_alphabetic()) {
            assert!(!UNIDIOMATIC.contains(&word), "{said}: `{word}` in `{text}`");
        }
    }
    for label in &found.also {
        assert!(!label.text.is_empty(), "{said}: a second place without a word");
    }
}

#[test]
fn every_finding_has_help_and_plain_words() {
    for path in invalid_fixtures() {
        for found in &checked(&path).report {
            check_wording(found, path.file_name().unwrap());
        }
    }
}

#[test]
fn every_code_has_an_invalid_fixture() {
    let mut shown: BTreeMap<Code, Utf8PathBuf> = BTreeMap::new();
    for path in invalid_fixtures() {
        if path.file_stem() != Some("many-mistakes") {
            let checked = checked(&path);
            shown.extend(checked.report.iter().map(|found| (found.code, path.clone())));
        }
    }
    for code in Code::ALL {
        let elsewhere = ELSEWHERE.iter().find(|(other, _)| other == code);
        match (shown.get(code), elsewhere) {
            (None, None) => panic!("no file in fixtures/invalid shows {}", code.id()),
            (Some(path), Some(_)) => panic!("{} is in ELSEWHERE and in {path}", code.id()),
            _ => {}
        }
    }
    let odd: BTreeSet<Code> = crate::odd_files::codes();
    for (code, why) in ELSEWHERE {
        let is_odd = why.contains("odd_files");
        assert_eq!(odd.contains(&code), is_odd, "{}: {why}", code.id());
    }
}

#[test]
fn every_code_is_explained() {
    let mut ids = BTreeSet::new();
    for code in Code::ALL {
        let (id, title, text) = (code.id(), code.title(), code.explanation());
        assert!(ids.insert(id), "{id} stands twice");
        assert!(text.ends_with('.'), "{id}: the explanation does not end a sentence");
        assert!(!title.is_empty() && !title.ends_with('.'), "{id}: full stop in the title");
        assert!(title.starts_with(|c: char| c.is_lowercase() || c == '`'), "{id}: capital in the title");
        assert!(text.len() > title.len(), "{id}: explains nothing");
    }
}

#[test]
fn valid_files_have_no_findings() {
    let mut all = cases("valid");
    assert!(all.len() >= 12);
    all.extend(cases("shared"));
    for (name, path) in all {
        let checked = checked(&path);
        assert_eq!(checked.report.count(Severity::Error), 0, "{}", shown(&checked));
        assert!(checked.plan.is_some(), "{path}");
        // A published document may have more to say about itself than about us.
        let is_ours = path.starts_with(root().join("fixtures/valid"));
        let expected = WARNINGS.iter().find(|(case, _)| *case == name);
        let expected = expected.map_or(&[][..], |(_, codes)| codes);
        let warned: Vec<Code> = checked.report.iter().map(|found| found.code).collect();
        assert!(!is_ours || warned == expected, "{}", shown(&checked));
        for found in &checked.report {
            check_wording(found, path.as_str());
        }
    }
}

#[test]
fn valid_files_match_the_schema() {
    let validator = jsonschema::validator_for(schema::schema()).unwrap();
    for (_, path) in cases("valid").into_iter().chain(cases("shared")) {
        let mut sources = Sources::default();
        let mut report = Report::default();
        let file = sources.add(Source::read(&path).unwrap());
        let value = load::parse(file, &sources, &mut report).unwrap();
        assert!(report.is_empty(), "{path}");
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
    }
}
