//! The output of an encoder, read back by the target's own tool, is its input; and formatters do not change our layout.
//! Terraform turns text into NFC, so no alphabet here has combining characters; arguments of a process hold no NUL.

use camino::{Utf8Path, Utf8PathBuf};
use gatewright::emit::{
    layout::layout,
    terraform::align::align,
    text,
    value::{
        Expression, Part, Value,
        print::{BICEP, HCL},
    },
};
use serde_json::Value as Json;

use crate::tool;

const PIECES: [&str; 49] = [
    "'",
    "\"",
    "$",
    "%",
    "{",
    "}",
    "${",
    "%{",
    "$${",
    "%%{",
    "{{",
    "}}",
    "@(",
    "@{",
    "]]>",
    "'''",
    "\\",
    "\\n",
    "\\u{41}",
    "\\u0041",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\0",
    "\u{1}",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{9f}",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{2066}",
    "\u{feff}",
    "\u{fffd}",
    "\u{ffff}",
    "\u{e0041}",
    "\u{10ffff}",
    "🙂",
    "👩\u{200d}💻",
    "עברית",
    "é",
    "a",
    "B",
    "7",
    " ",
    "[",
    "]",
];

/// Always the same numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn text(&mut self) -> String {
        (0..self.below(12)).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }
}

fn hostile() -> Vec<String> {
    let mut dice = Dice(1);
    let mut all: Vec<String> = PIECES.iter().map(|&piece| piece.to_owned()).collect();
    all.extend(["", "null", "[concat('a')]", "[[x]", "//", "#", "/*", "<<EOT", "${\"x\"}", "~}"].map(str::to_owned));
    all.extend((0..600).map(|_| dice.text()));
    all.push("x'${\"".repeat(5_000));
    all
}

/// The keys of one object: all different, also to those who ignore case.
fn keys() -> Vec<String> {
    let mut keys = hostile();
    keys.extend(["name", "true", "false", "for", "if", "resource", "api-key", "9x", "a.b", "_"].map(str::to_owned));
    let mut seen = std::collections::BTreeSet::new();
    keys.retain(|key| key.len() < 1_000 && seen.insert(key.to_lowercase()));
    keys
}

fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
    (folder, path)
}

/// ARM's own escape: `[x]` is code there, so Bicep writes `[[x]`.
fn without_arm(text: &str) -> &str {
    if text.starts_with("[[") && text.ends_with(']') { &text[1..] } else { text }
}

fn strings(json: &Json) -> Vec<String> {
    json.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn same(found: &[String], expected: &[String]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found, expected);
    }
}

#[test]
fn bicep_reads_what_was_meant() {
    let Some(mut build) = tool::find("bicep") else {
        return;
    };
    let (_keep, folder) = folder();
    let file = folder.join("main.bicep");
    let mut source = String::from("output strings array = [\n");
    source.extend(hostile().iter().map(|text| format!("  {}\n", text::bicep(text))));
    source.push_str("]\n\noutput keys object = {\n");
    source.extend(keys().iter().map(|key| format!("  {}: 1\n", text::bicep_key(key))));
    source.push_str("}\n");
    tool::put(&file, &source);
    let built: Json = serde_json::from_str(&tool::run(build.args(["build", "--stdout", file.as_str()]))).unwrap();
    let found: Vec<_> =
        strings(&built["outputs"]["strings"]["value"]).iter().map(|text| without_arm(text).to_owned()).collect();
    same(&found, &hostile());
    let found: Vec<_> =
        built["outputs"]["keys"]["value"].as_object().unwrap().keys().map(|key| without_arm(key).to_owned()).collect();
    same(&found, &keys());
}

#[test]
fn terraform_reads_what_was_meant() {
    let Some(terraform) = tool::find("terraform") else {
        return;
    };
    let program = terraform.get_program().to_owned();
    let (_keep, folder) = folder();
    let mut source = String::from("output \"strings\" {\n  value = [\n");
    source.extend(hostile().iter().map(|text| format!("    {},\n", text::hcl(text))));
    source.push_str("  ]\n}\n\noutput \"keys\" {\n  value = {\n");
    source.extend(keys().iter().map(|key| format!("    {} = 1\n", text::hcl_key(key))));
    source.push_str("  }\n}\n");
    tool::put(&folder.join("main.tf"), &source);
    let run = |arguments: &[&str]| tool::run(std::process::Command::new(&program).args(arguments).current_dir(&folder));
    run(&["apply", "-auto-approve", "-no-color"]);
    let outputs: Json = serde_json::from_str(&run(&["output", "-json"])).unwrap();
    same(&strings(&outputs["strings"]["value"]), &hostile());
    let mut found: Vec<_> = outputs["keys"]["value"].as_object().unwrap().keys().cloned().collect();
    let mut expected = keys();
    found.sort();
    expected.sort();
    same(&found, &expected);
}

#[test]
fn terraform_puts_references_between_texts() {
    let Some(mut terraform) = tool::find("terraform") else {
        return;
    };
    let (_keep, folder) = folder();
    let mut source = String::from("locals {\n  host = \"H\"\n}\n\noutput \"strings\" {\n  value = [\n");
    let texts = hostile();
    for pair in texts.windows(2) {
        let parts = vec![
            Part::Text(pair[0].clone()),
            Part::Reference(Expression::fixed("local.host")),
            Part::Text(pair[1].clone()),
        ];
        let value = HCL.value(&Value::Interpolated(parts));
        source.push_str(&format!("    {value},\n"));
    }
    source.push_str("  ]\n}\n");
    tool::put(&folder.join("main.tf"), &source);
    tool::run(terraform.args(["apply", "-auto-approve", "-no-color"]).current_dir(&folder));
    let state: Json = serde_json::from_str(&tool::get(&folder.join("terraform.tfstate"))).unwrap();
    let expected: Vec<_> = texts.windows(2).map(|pair| format!("{}H{}", pair[0], pair[1])).collect();
    same(&strings(&state["outputs"]["strings"]["value"]), &expected);
}

#[test]
fn a_shell_passes_what_was_meant() {
    for text in hostile() {
        let script = format!("printf %s. {}", text::shell(&text));
        let printed = tool::run(std::process::Command::new("sh").args(["-c", &script]));
        assert_eq!(printed, format!("{}.", text.replace('\0', "")));
    }
}

/// A random value, without references where `names` is empty.
fn tree(dice: &mut Dice, names: &[&'static str], depth: usize) -> Value {
    let fields = |dice: &mut Dice| {
        let mut fields: Vec<(String, Value)> = Vec::new();
        for at in 0..dice.below(5) {
            let key = ["a", "longName", "api-key", "for", "$x'\"{"][dice.below(5)];
            fields.push((format!("{key}{at}"), tree(dice, names, depth.saturating_sub(1))));
        }
        fields
    };
    let items = |dice: &mut Dice| (0..dice.below(6)).map(|_| tree(dice, names, depth.saturating_sub(1))).collect();
    match dice.below(if depth == 0 { 5 } else { 9 }) {
        0 => Value::Text(dice.text()),
        1 => Value::Number(i64::try_from(dice.below(2_000)).unwrap() - 1_000),
        2 => Value::Boolean(dice.below(2) == 0),
        3 => Value::Reference(Expression::fixed(names[dice.below(names.len())])),
        4 => Value::Interpolated(
            (0..dice.below(4))
                .map(|_| match dice.below(2) {
                    0 => Part::Text(dice.text()),
                    _ => Part::Reference(Expression::fixed(names[dice.below(names.len())])),
                })
                .collect(),
        ),
        5 => Value::List(items(dice)),
        6 => Value::Lines(items(dice)),
        7 => Value::Object(fields(dice)),
        _ => Value::Row(fields(dice)),
    }
}

fn unchanged(formatted: &str, source: &str) {
    for (formatted, source) in formatted.lines().zip(source.lines()) {
        assert_eq!(formatted, source);
    }
    assert_eq!(formatted, source);
}

fn source_file(folder: &Utf8Path, name: &str, source: &str) -> Utf8PathBuf {
    let file = folder.join(name);
    tool::put(&file, source);
    file
}

#[test]
fn bicep_format_changes_nothing() {
    let Some(mut format) = tool::find("bicep") else {
        return;
    };
    let (_keep, folder) = folder();
    let mut dice = Dice(2);
    let mut source = String::from("param host string\nparam settings object\n");
    for number in 0..300 {
        let lead = format!("var v{number} = ");
        let tree = tree(&mut dice, &["host", "settings.name", "toUpper(host)"], 4);
        source.push_str(&format!("{lead}{}\n", BICEP.value(&tree)));
    }
    let source = layout(&source);
    let file = source_file(&folder, "main.bicep", &source);
    unchanged(&tool::run(format.args(["format", "--stdout", file.as_str()])), &source);
    let Some(mut build) = tool::find("bicep") else {
        return;
    };
    tool::run(build.args(["build", "--stdout", file.as_str()])); // format ignores syntax errors
}

#[test]
fn terraform_fmt_changes_nothing() {
    let Some(mut format) = tool::find("terraform") else {
        return;
    };
    let (_keep, folder) = folder();
    let mut dice = Dice(3);
    let mut source = String::from("locals {\n");
    for number in 0..300 {
        let field =
            (format!("v{number}"), tree(&mut dice, &["local.host", "var.settings.name", "upper(local.host)"], 4));
        source.push_str(&format!("  {}\n\n", HCL.fields(&[field])));
    }
    source.push_str("}\n");
    let source = align(&layout(&source.replace("\n\n}\n", "\n}\n")));
    let file = source_file(&folder, "main.tf", &source);
    tool::run(format.args(["fmt", file.as_str()]));
    unchanged(&tool::get(&file), &source);
}

/// Lines of HCL with one space before each `=`, indented by `indent`.
fn lines(dice: &mut Dice, indent: usize, depth: usize, source: &mut String) {
    const VALUES: [&str; 9] = [
        "1",
        "\"a = b\"",
        "\"${upper(\"=\")} # $${ = \\\" }\"",
        "[\"{\", \"}\"]",
        "{ min = 1, maximum = 2 }",
        "local.a == local.b ? [1] : []",
        "join(\"=\", [for a in local.b : \"${a} = 1\"])",
        "{ for a, b in local.c : a => b }",
        "<<-EOT\n a = 1\n bcd = 2\n EOT",
    ];
    const KEYS: [&str; 6] = ["a", "bcd", "long_name", "\"properties.x\"", "\"= é\"", "(local.a)"];
    let pad = " ".repeat(indent);
    for number in 0..1 + dice.below(5) {
        let key = KEYS[dice.below(KEYS.len())];
        match dice.below(if depth == 0 { 6 } else { 8 }) {
            0 => source.push('\n'),
            1 => source.push_str(&format!("{pad}# {key} = {number}\n")),
            2 => source.push_str(&format!("{pad}{key} = [\n{pad}  {{ a = 1 }},\n{pad}  {{ bcd = 2 }},\n{pad}]\n")),
            6 | 7 => {
                source.push_str(&format!("{pad}{key} = {{\n"));
                lines(dice, indent + 2, depth - 1, source);
                source.push_str(&format!("{pad}}}\n"));
            }
            _ => source.push_str(&format!("{pad}{key} = {}\n", VALUES[dice.below(VALUES.len())])),
        }
    }
}

#[test]
fn columns_are_those_of_terraform_fmt() {
    let Some(mut format) = tool::find("terraform") else {
        return;
    };
    let (_keep, folder) = folder();
    let mut dice = Dice(4);
    let mut source = String::new();
    for number in 0..300 {
        source.push_str(&format!("locals {{\n  v{number} = {{\n"));
        lines(&mut dice, 4, 3, &mut source);
        source.push_str("  }\n}\n\n");
    }
    let aligned = align(&source);
    assert_ne!(aligned, source);
    let file = source_file(&folder, "main.tf", &aligned);
    tool::run(format.args(["fmt", file.as_str()]));
    unchanged(&tool::get(&file), &aligned);
}
