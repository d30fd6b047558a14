//! Do the targets' own tools take what is generated, without a word? Every case of `out/` goes through all of them.

use camino::{Utf8Path, Utf8PathBuf};
use roxmltree::{Document, NodeType};
use serde_json::Value as Json;

use crate::case::{self, Case, Kept, cases, each, finds, none, scratch};
use crate::tool::{self, Terraform, complaints};
use crate::twins::{terraform_log, terraform_log_once};

/// All that the Bicep CLI objects to. One start judges all cases, since starting is most of its time. A build is linted with all
/// files that it reaches.
fn bicep(cases: &[Case]) -> Vec<String> {
    if cases.is_empty() {
        return Vec::new(); // which case::there_is_something_to_judge does not let pass
    }
    let (_keep, folder) = scratch();
    let copies: Vec<_> = cases.iter().map(|case| case.copy(&folder.join(&case.name))).collect();
    let mut found = Vec::new();
    for (verb, files) in [("build", "**/bicep/main.bicep"), ("build-params", "**/bicep/main.bicepparam")] {
        let Some(mut bicep) = tool::find("bicep") else {
            return Vec::new();
        };
        bicep.args([verb, "--no-restore", "--pattern", files]);
        found.extend(complaints(&bicep.current_dir(&folder).output().unwrap()));
        // Both write the same file, and a pattern that matches nothing is no error.
        found.extend(copies.iter().flat_map(|case| built(case, verb)));
    }
    found.extend(copies.iter().flat_map(unreached));
    found.iter().map(|line| line.replace(&format!("{folder}/"), "")).collect()
}

/// Removes the files that a build must create.
fn built(case: &Case, verb: &str) -> Option<String> {
    std::fs::remove_file(case.folder.join("bicep/main.json"))
        .err()
        .map(|error| format!("{}: {verb} wrote nothing: {error}", case.name))
}

/// The Bicep files that no other file of the case names, so that no build looks at them.
fn unreached(case: &Case) -> Vec<String> {
    let files = case.files();
    let files = files.iter().filter(|path| path.extension() == Some("bicep"));
    let texts: Vec<_> = files.clone().map(|path| (path, case.text(path))).collect();
    let is_named = |path: &Utf8Path| {
        let name = path.strip_prefix("bicep").unwrap_or(path);
        let ends = [format!("'{name}'"), format!("'{}'", path.file_name().unwrap_or_default())];
        let mut others = texts.iter().filter(|(other, _)| *other != path);
        others.any(|(_, text)| ends.iter().any(|end| text.contains(end)))
    };
    files
        .filter(|path| **path != "bicep/main.bicep" && !is_named(path))
        .map(|path| format!("{}: no build reaches {path}", case.name))
        .collect()
}

/// The files that `bicep format` would write differently.
fn bicep_format(cases: &[Case]) -> Vec<String> {
    let Some(mut bicep) = tool::find("bicep") else {
        return Vec::new();
    };
    let (_keep, folder) = scratch();
    let copies: Vec<_> = cases.iter().map(|case| case.copy(&folder.join(&case.name))).collect();
    bicep.args(["format", "--pattern", "**/*.bicep*"]);
    let mut found = complaints(&bicep.current_dir(&folder).output().unwrap());
    for (case, copy) in cases.iter().zip(&copies) {
        for path in case.files().iter().filter(|path| path.as_str().contains(".bicep")) {
            if case.text(path) != copy.text(path) {
                found.push(format!("{}: bicep format changes {path}", case.name));
            }
        }
    }
    found
}

/// All that Terraform objects to; `log` is that of the case's own test.
fn terraform(case: &Case, terraform: &Terraform, log: &str) -> Vec<String> {
    let (_keep, folder) = scratch();
    let folder = case.copy(&folder).folder.join("terraform");
    let mut found = providers(&case.text("terraform/terraform.tf"), terraform);
    found.extend(terraform_reads(&folder, terraform));
    found.extend(terraform_tests(log));
    found
}

/// The findings of `terraform init` in the file that lists the required providers: nothing else of a case matters to it. Cases
/// whose files are alike share one answer.
fn providers(file: &str, terraform: &Terraform) -> Vec<String> {
    static KNOWN: Kept<Vec<String>> = Kept::new();
    let initialised = KNOWN.get(file.into(), || {
        let (_keep, folder) = scratch();
        tool::put(&folder.join("terraform.tf"), file);
        let said = terraform.say(&folder, &["init", "-backend=false", "-no-color"]);
        if said.status.success() { Vec::new() } else { complaints(&said) }
    });
    initialised.as_ref().clone()
}

/// The findings of Terraform before it runs anything.
pub(crate) fn terraform_reads(folder: &Utf8Path, terraform: &Terraform) -> Vec<String> {
    let mut found = complaints(&terraform.say(folder, &["fmt", "-check", "-recursive"]));
    let validated = terraform.say(folder, &["validate", "-json"]);
    found.extend(match serde_json::from_slice(&validated.stdout) {
        Ok(report) => diagnostics(&report),
        Err(_) => complaints(&validated),
    });
    found
}

/// The findings of `terraform validate`, including warnings.
fn diagnostics(report: &Json) -> Vec<String> {
    let all = report["diagnostics"].as_array().unwrap();
    let mut found: Vec<_> = all.iter().map(diagnostic).collect();
    if found.is_empty() && report["valid"] != true {
        found.push("validate: not valid".to_owned());
    }
    found
}

fn diagnostic(one: &Json) -> String {
    format!(
        "{}: {} ({}:{}) {}",
        one["severity"].as_str().unwrap_or_default(),
        one["summary"].as_str().unwrap_or_default(),
        one["range"]["filename"].as_str().unwrap_or("-"),
        one["range"]["start"]["line"],
        one["detail"].as_str().unwrap_or_default()
    )
}

/// The output of `terraform test -json` about runs that did not pass, and everything else.
pub(crate) fn terraform_tests(log: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut passed = 0;
    for line in log.lines() {
        let Ok(event) = serde_json::from_str::<Json>(line) else {
            found.push(format!("terraform test: {line}"));
            continue;
        };
        if event["type"] == "diagnostic" {
            found.push(diagnostic(&event["diagnostic"]));
        }
        if event["type"] == "test_summary" {
            passed += event["test_summary"]["passed"].as_u64().unwrap();
            if event["test_summary"]["status"] != "pass" {
                found.push(format!("terraform test: {}", event["@message"]));
            }
        }
    }
    if passed == 0 {
        found.push("terraform test: no run passed".to_owned());
    }
    found
}

/// The runs of a case's tests that assert nothing; in canonical format a block ends at the margin.
fn runs_without_assertion(case: &Case) -> Vec<String> {
    let mut found = Vec::new();
    for path in case.files().iter().filter(|path| path.as_str().ends_with(".tftest.hcl")) {
        let text = case.text(path);
        for run in text.split("\nrun ").skip(1) {
            let (run, _) = run.split_once("\n}\n").unwrap_or((run, ""));
            if !run.contains("\n  assert {\n") {
                let name = run.lines().next().unwrap_or_default();
                found.push(format!("{path}: run {name} asserts nothing"));
            }
        }
    }
    found
}

/// The problems in the form of a policy document.
fn policy_form(text: &str) -> Option<String> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => return Some(error.to_string()),
    };
    let kinds: Vec<_> = document.root().children().map(|node| node.node_type()).collect();
    let root = document.root_element().tag_name().name();
    if kinds != [NodeType::Comment, NodeType::Element] {
        return Some("is more or less than a comment and one element".to_owned());
    }
    (!["policies", "fragment"].contains(&root)).then(|| format!("is a <{root}>"))
}

fn policies(case: &Case) -> Vec<Utf8PathBuf> {
    case.files().into_iter().filter(|path| path.extension() == Some("xml")).collect()
}

fn policy_forms(case: &Case) -> Vec<String> {
    policies(case).iter().filter_map(|path| Some(format!("{path} {}", policy_form(&case.text(path))?))).collect()
}

/// The findings of the compiler of expressions; one run for all cases.
pub(crate) fn expressions(cases: &[Case]) -> Vec<String> {
    if cases.is_empty() {
        return Vec::new();
    }
    let Some(mut check) = tool::policy_check() else {
        return Vec::new();
    };
    check.args(cases.iter().flat_map(|case| policies(case).into_iter().map(|path| case.folder.join(path))));
    let said = check.output().unwrap();
    let mut found: Vec<_> = String::from_utf8_lossy(&said.stdout).lines().map(str::to_owned).collect();
    // Its sum is on stderr also when all is well.
    if !said.status.success() && found.is_empty() {
        found.extend(complaints(&said));
    }
    found
}

/// The policies and definitions that only one target has, or that differ between them.
fn shared_files(case: &Case) -> Vec<String> {
    let of = |target: &str| -> Vec<(String, String)> {
        case.files()
            .iter()
            .filter_map(|path| {
                let below = path.strip_prefix(target).ok()?;
                let is_shared = below.starts_with("policies") || below.starts_with("specs");
                is_shared.then(|| (below.to_string(), case.text(path)))
            })
            .collect()
    };
    let (bicep, terraform) = (of("bicep"), of("terraform"));
    let differing = |one: &[(String, String)], other: &[(String, String)]| -> Vec<String> {
        one.iter()
            .filter(|file| !other.contains(file))
            .map(|(path, _)| format!("{path} is not the same in both targets"))
            .collect()
    };
    let mut found = differing(&bicep, &terraform);
    found.extend(differing(&terraform, &bicep));
    if bicep.is_empty() {
        found.push("has no policies and no definitions".to_owned());
    }
    found
}

/// The problems of a text file: its lines, its first line, its dates.
fn text_flaws(path: &Utf8Path, text: &str) -> Vec<String> {
    let mut flaws = Vec::new();
    if !text.ends_with('\n') || text.ends_with("\n\n") || text == "\n" {
        flaws.push("does not end with exactly one line end".to_owned());
    }
    for (at, line) in text.split('\n').enumerate() {
        let at = at + 1;
        if line.ends_with([' ', '\t']) {
            flaws.push(format!("line {at} ends with blanks"));
        }
        if line.contains(['\t', '\r', '\u{feff}']) {
            flaws.push(format!("line {at} has a tab, a CR or a byte order mark"));
        }
        // Versions of types follow an @. Users' text is in other files.
        if ["bicep", "tf"].contains(&path.extension().unwrap_or_default())
            && dates(line).any(|before| !before.ends_with('@'))
        {
            flaws.push(format!("line {at} has a date"));
        }
    }
    let first = text.lines().next().unwrap_or_default();
    let (start, end) = match path.file_name().unwrap_or_default() {
        ".gitignore" => ("# ", ""),
        _ => match path.extension() {
            Some("bicep" | "bicepparam") => ("// ", ""),
            Some("tf" | "tfvars" | "hcl") => ("# ", ""),
            Some("xml" | "md") => ("<!-- ", " -->"),
            Some("json") => return flaws,
            _ => {
                flaws.push("is of an unexpected kind".to_owned());
                return flaws;
            }
        },
    };
    let says_what_it_is = first.contains("gatewright") && first.contains("gateway.yaml");
    if !first.starts_with(start) || !first.ends_with(end) || !says_what_it_is {
        flaws.push("does not say in its first line where it comes from".to_owned());
    }
    if dates(first).next().is_some() {
        flaws.push("has a date in its first line".to_owned());
    }
    flaws
}

/// The text before each date like 2026-11-25.
fn dates(line: &str) -> impl Iterator<Item = &str> {
    let shape = b"dddd-dd-dd";
    line.as_bytes()
        .windows(shape.len())
        .enumerate()
        .filter(move |(_, window)| {
            window.iter().zip(shape).all(|(byte, shape)| match shape {
                b'd' => byte.is_ascii_digit(),
                other => byte == other,
            })
        })
        .map(|(at, _)| &line[..at])
}

fn texts(case: &Case) -> Vec<String> {
    case.files()
        .iter()
        .flat_map(|path| text_flaws(path, &case.text(path)).into_iter().map(move |flaw| format!("{path} {flaw}")))
        .collect()
}

/// The problems of a case's files that can be found without a tool.
pub(crate) fn files(case: &Case) -> Vec<String> {
    [runs_without_assertion, policy_forms, shared_files, texts].into_iter().flat_map(|judge| judge(case)).collect()
}

#[test]
fn bicep_builds_and_lints_without_a_warning() {
    none(&bicep(&cases()));
}

#[test]
fn bicep_format_changes_no_file() {
    none(&bicep_format(&cases()));
}

#[test]
fn terraform_validates_and_tests_without_a_warning() {
    if let Some(found) = Terraform::find() {
        none(&each(&cases(), |case| terraform(case, &found, &terraform_log_once(case, &found))));
    }
}

#[test]
fn every_run_of_a_terraform_test_asserts_something() {
    none(&each(&cases(), runs_without_assertion));
}

#[test]
fn policies_are_a_comment_and_one_element() {
    none(&each(&cases(), policy_forms));
}

#[test]
fn expressions_compile() {
    none(&expressions(&cases()));
}

#[test]
fn policies_and_definitions_are_the_same_in_both_targets() {
    none(&each(&cases(), shared_files));
}

#[test]
fn files_are_clean_text_with_a_header() {
    none(&each(&cases(), texts));
}

#[test]
fn findings_of_bicep_are_noticed() {
    if tool::find("bicep").is_none() {
        return;
    }
    let (_keep, case) = case::small();
    case.edit("bicep/main.bicep", "\nmodule ", "\nparam unused string = ''\n\nmodule ");
    case.edit("bicep/modules/types.bicep", "\n@", "\nvar idle = 1\n\n@");
    tool::put(&case.folder.join("bicep/modules/alone.bicep"), "var one = 1\n");
    case.edit("bicep/main.bicepparam", "\nparam ", "\nparam   ");
    let case = [case];
    let complaints = bicep(&case);
    finds(&complaints, "no-unused-params");
    finds(&complaints, "types.bicep(");
    finds(&complaints, "no build reaches bicep/modules/alone.bicep");
    finds(&bicep_format(&case), "format changes bicep/main.bicepparam");
    case[0].edit("bicep/main.bicepparam", "apim-contoso'", "apim-contoso");
    finds(&bicep(&case), "build-params wrote nothing");
    case[0].edit("bicep/main.bicep", "\nparam unused string", "\nparam unused strings");
    finds(&bicep(&case), "build wrote nothing");
}

#[test]
fn findings_of_terraform_are_noticed() {
    let Some(found) = Terraform::find() else {
        return;
    };
    let (_keep, case) = case::small();
    case.edit("terraform/backends.tf", "url         =", "url =");
    case.edit("terraform/backends.tf", "protocol    =", "protocoll =");
    let complaints = terraform(&case, &found, &terraform_log(&case, &found));
    finds(&complaints, "backends.tf");
    finds(&complaints, "protocoll");
    finds(&complaints, "no run passed");
    case.edit("terraform/terraform.tf", ">= 2.11, < 3.0", ">= 99.0");
    finds(&terraform(&case, &found, ""), "no available releases match");
    case.edit("terraform/tests/gateway.tftest.hcl", "\nrun ", "\nrun \"idle\" {\n}\n\nrun ");
    finds(&runs_without_assertion(&case), "run \"idle\" { asserts nothing");
}

#[test]
fn a_terraform_test_holds_in_every_environment() {
    let Some(found) = Terraform::find() else {
        return;
    };
    let (_keep, case) = case::small();
    case.edit("terraform/terraform.tfvars", "apim-contoso", "apim-production");
    case.edit("terraform/terraform.tfvars", "aoai-east", "aoai-production");
    none(&terraform(&case, &found, &terraform_log(&case, &found)));
}

#[test]
fn flaws_of_files_are_found() {
    let (_keep, case) = case::small();
    none(&shared_files(&case));
    none(&texts(&case));
    let put = |name: &str, text: &str| {
        tool::put(&case.folder.join("terraform/policies").join(name), text);
    };
    put("api-east.xml", "<!-- a -->\n<policy />\n");
    put("api-west.xml", "<a/>\n<policies />\n");
    finds(&shared_files(&case), "policies/api-east.xml");
    finds(&policy_forms(&case), "api-east.xml is a <policy>");
    finds(&policy_forms(&case), "api-west.xml");
    let path = Utf8Path::new("main.tf");
    let header = "# Generated by gatewright from gateway.yaml.\n";
    assert!(text_flaws(path, &format!("{header}a@2024-05-01\n")).is_empty());
    for flawed in ["a \n", "a\tb\n", "a\r\n", "a", "a\n\n", "# 2026-11-25\n"] {
        assert_eq!(text_flaws(path, &format!("{header}{flawed}")).len(), 1, "{flawed:?}");
    }
    assert_eq!(text_flaws(path, "a\n").len(), 1);
}

#[test]
fn bad_expressions_are_found() {
    if tool::policy_check().is_none() {
        return;
    }
    let (_keep, case) = case::small();
    let bad =
        "<!-- a -->\n<policies><inbound><set-variable name=\"a\" value=\"@(context.Nobody)\" /></inbound></policies>\n";
    tool::put(&case.folder.join("bicep/policies/api-east.xml"), bad);
    finds(&expressions(&[case]), "Nobody");
}
