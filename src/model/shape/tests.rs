//! Messages of shape findings, against a small schema like those of schemars.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Checker, check};
use crate::diag::{Report, render};
use crate::model::load;
use crate::source::{Source, Sources};

fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": false,
        "required": ["version", "gateway"],
        "properties": {
            "version": { "const": 1 },
            "gateway": { "$ref": "#/$defs/Gateway" },
            "backends": {
                "type": "object",
                "propertyNames": { "$ref": "#/$defs/Name" },
                "additionalProperties": { "$ref": "#/$defs/Backend" }
            },
            "pools": {
                "type": "object",
                "additionalProperties": false,
                "patternProperties": { "^[a-z][a-z0-9-]*$": { "$ref": "#/$defs/Pool" } }
            },
            "limits": { "type": "array", "items": { "$ref": "#/$defs/Limit" } }
        },
        "$defs": {
            "Name": {
                "type": "string", "pattern": "^[a-z][a-z0-9-]*$", "maxLength": 20,
                "x-form": "a name of lower-case letters, digits and hyphens"
            },
            "Duration": { "type": "string", "pattern": "^[0-9]+[smh]$", "x-form": "a duration like `30s`, `5m` or `1h`" },
            "Gateway": {
                "type": "object",
                "additionalProperties": false,
                "required": ["name"],
                "properties": {
                    "name": { "type": "string", "minLength": 1, "maxLength": 50, "examples": ["apim-contoso"] },
                    "resourceGroup": { "type": ["string", "null"] },
                    "sku": { "oneOf": [
                        { "const": "StandardV2", "description": "Two." },
                        { "type": "string", "enum": ["Developer", "Premium"] }
                    ] },
                    "publicUrl": { "type": "string", "format": "uri" },
                    "logPrompts": { "type": "boolean" },
                    "timeout": { "anyOf": [{ "$ref": "#/$defs/Duration" }, { "type": "null" }] },
                    "streaming": { "anyOf": [
                        { "type": "boolean" },
                        { "type": "object", "additionalProperties": false, "properties": { "includeUsage": { "type": "boolean" } } }
                    ] }
                }
            },
            "Backend": { "oneOf": [
                {
                    "type": "object", "additionalProperties": false, "required": ["kind", "account"],
                    "properties": { "kind": { "const": "azureOpenAI" }, "account": { "$ref": "#/$defs/Account" } }
                },
                {
                    "type": "object", "additionalProperties": false, "required": ["kind", "url"],
                    "properties": {
                        "kind": { "type": "string", "enum": ["http"] },
                        "url": { "type": "string", "format": "uri" }, "timeout": { "$ref": "#/$defs/Duration" }
                    }
                }
            ] },
            "Account": { "anyOf": [
                { "type": "string", "minLength": 2 },
                {
                    "type": "object", "additionalProperties": false, "required": ["name"],
                    "properties": { "name": { "type": "string" }, "resourceGroup": { "type": "string" } }
                }
            ] },
            "Pool": {
                "type": "object", "additionalProperties": false, "required": ["members"],
                "properties": {
                    "members": { "type": "array", "minItems": 1, "items": { "type": "string" }, "uniqueItems": true },
                    "weight": { "type": "integer", "minimum": 1, "maximum": 100 }
                }
            },
            "Limit": {
                "type": "object", "additionalProperties": false, "required": ["by"],
                "properties": { "by": { "oneOf": [
                    { "type": "string", "enum": ["subscription", "ip"] },
                    {
                        "type": "object", "additionalProperties": false, "required": ["claim"],
                        "properties": { "claim": { "type": "string" } }
                    },
                    {
                        "type": "object", "additionalProperties": false, "required": ["header"],
                        "properties": { "header": { "type": "string" }, "default": { "type": "string" } }
                    }
                ] } }
            }
        }
    })
}

fn report(text: &str) -> (Sources, Report) {
    let mut sources = Sources::default();
    let mut report = Report::default();
    let file = sources.add(Source::new("gateway.yaml", text));
    if let Some(value) = load::parse(file, &sources, &mut report) {
        check(file, &value, &Checker::new(&schema()), &mut report);
    }
    report.tidy(&sources);
    (sources, report)
}

fn said(text: &str) -> String {
    let (sources, report) = report(text);
    render::text(&report, &sources, false).trim_end().to_owned()
}

/// The findings of one gateway with these lines in it.
fn gateway(lines: &str) -> String {
    said(&format!("version: 1\ngateway: {{ name: a }}\n{lines}"))
}

/// Code, location and message of each finding, and its help.
fn heads(text: &str) -> String {
    let (sources, report) = report(text);
    let lines = report.iter().map(|found| {
        let at = sources.get(found.at.place.file).line_column(found.at.place.bytes(&sources).start);
        let mut line = format!("{} {}:{} {}", found.code.id(), at.line, at.column, found.message);
        for more in std::iter::once(&found.at.text).filter(|text| !text.is_empty()).chain(&found.help) {
            line = format!("{line} / {more}");
        }
        line
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn valid_files_have_no_findings() {
    let text = concat!(
        "version: 1.0\ngateway: { name: a, sku: StandardV2, timeout: 5m, streaming: {} }\n",
        "backends: { a: { kind: http, url: 'https://x' }, b: { kind: azureOpenAI, account: ab } }\n",
        "pools: { p: { members: [a], weight: 3.0 } }\nlimits: [{ by: ip }, { by: { claim: x } }]\n",
    );
    assert_eq!(said(text), "");
}

#[test]
fn a_mistyped_key() {
    assert_snapshot!(said("version: 1\ngateway:\n  nmae: apim\n  logPrompt: true\n"), @"
    error[S001]: unknown key `nmae` in `gateway`
     --> gateway.yaml:3:3
      |
    3 |   nmae: apim
      |   ^^^^
      |
      = help: did you mean `name`?

    error[S001]: unknown key `logPrompt` in `gateway`
     --> gateway.yaml:4:3
      |
    4 |   logPrompt: true
      |   ^^^^^^^^^
      |
      = help: did you mean `logPrompts`?
    ");
}

#[test]
fn a_key_that_nobody_knows() {
    assert_snapshot!(gateway("pools:\n  gpt-4o:\n    members: [a]\n    zzz: 1\n"), @"
    error[S001]: unknown key `zzz` in `gpt-4o`
     --> gateway.yaml:6:5
      |
    6 |     zzz: 1
      |     ^^^
      |
      = help: allowed keys: `members` and `weight`
    ");
}

#[test]
fn a_missing_key() {
    assert_snapshot!(said("version: 1\ngateway: { sku: Premium }\n"), @"
    error[S002]: `gateway` has no `name`
     --> gateway.yaml:2:1
      |
    2 | gateway: { sku: Premium }
      | ^^^^^^^ `name` is required
      |
      = help: add it, for example `name: apim-contoso`
    ");
}

#[test]
fn a_number_where_text_belongs() {
    assert_snapshot!(said("version: 1\ngateway: { name: 😀, resourceGroup: 17 }\n"), @r#"
    error[S003]: `resourceGroup` must be a string, not a number
     --> gateway.yaml:2:36
      |
    2 | gateway: { name: 😀, resourceGroup: 17 }
      |                                     ^^
      |
      = help: quote it: `"17"`
    "#);
}

#[test]
fn a_key_without_value() {
    assert_snapshot!(said("version: 1\ngateway:\n  name:\n  sku: Premium\n"), @"
    error[S003]: `name` has no value
     --> gateway.yaml:3:3
      |
    3 |   name:
      |   ^^^^ expected a string
      |
      = help: write a value after the colon, or remove the key
    ");
}

#[test]
fn a_word_that_is_not_known() {
    assert_snapshot!(said("version: 1\ngateway: { name: a, sku: standardv3 }\n"), @"
    error[S004]: `sku` cannot be `standardv3`
     --> gateway.yaml:2:26
      |
    2 | gateway: { name: a, sku: standardv3 }
      |                          ^^^^^^^^^^ allowed: `StandardV2`, `Developer` and `Premium`
      |
      = help: did you mean `StandardV2`?
    ");
}

#[test]
fn a_duration_of_another_kind() {
    assert_snapshot!(said("version: 1\ngateway: { name: a, timeout: 30 sec }\n"), @"
    error[S005]: `30 sec` is not a duration like `30s`, `5m` or `1h`
     --> gateway.yaml:2:30
      |
    2 | gateway: { name: a, timeout: 30 sec }
      |                              ^^^^^^
      |
      = help: did you mean `30s`?
    ");
}

#[test]
fn a_name_in_another_spelling() {
    assert_snapshot!(gateway("backends:\n  EastUs_1: { kind: http, url: 'https://x' }\n"), @"
    error[S005]: the key `EastUs_1` is not a name of lower-case letters, digits and hyphens
     --> gateway.yaml:4:3
      |
    4 |   EastUs_1: { kind: http, url: 'https://x' }
      |   ^^^^^^^^
      |
      = help: did you mean `east-us-1`?
    ");
}

#[test]
fn a_kind_that_does_not_exist() {
    assert_snapshot!(gateway("backends:\n  east:\n    kind: azureOpenAi\n    account: aoai\n"), @"
    error[S004]: `kind` cannot be `azureOpenAi`
     --> gateway.yaml:5:11
      |
    5 |     kind: azureOpenAi
      |           ^^^^^^^^^^^ allowed: `azureOpenAI` and `http`
      |
      = help: did you mean `azureOpenAI`?
    ");
}

#[test]
fn keys_that_exclude_each_other() {
    assert_snapshot!(gateway("limits:\n- by: { claim: azp, header: X-Id }\n- by: {}\n"), @"
    error[S007]: `by` can have only one of `claim` and `header`
     --> gateway.yaml:4:21
      |
    4 | - by: { claim: azp, header: X-Id }
      |         -----       ^^^^^^ this excludes the other
      |         |
      |         already set here
      |
      = help: keep the one you mean

    error[S007]: `by` needs one of the keys `claim` or `header`
     --> gateway.yaml:5:7
      |
    5 | - by: {}
      |       ^^ none of them is set
      |
      = help: add the one you mean
    ");
}

#[test]
fn behind_an_anchor() {
    assert_snapshot!(gateway("backends:\n  a: &a\n    kind: http\n    uri: https://x\n  b:\n    <<: *a\n    timeout: 5\n"), @"
    error[S001]: unknown key `uri` in `a`
     --> gateway.yaml:6:5
      |
    6 |     uri: https://x
      |     ^^^
      |
      = help: did you mean `url`?

    error[S003]: `timeout` must be a duration like `30s`, `5m` or `1h`, not a number
     --> gateway.yaml:9:14
      |
    9 |     timeout: 5
      |              ^
      |
      = help: did you mean `5s`?
    ");
}

#[test]
fn every_kind_of_mistake_once() {
    let text = concat!(
        "version: \"1\"\n",
        "gateway:\n  name: \"\"\n  resourceGroup: [rg]\n  sku: 3\n  publicUrl: contoso\n  logPrompts: yes\n",
        "  timeout: 30\n  streaming: on\n",
        "backends:\n  a: { knd: http, url: 5 }\n  b: { kind: 7 }\n  c: { url: 'https://x' }\n  d: text\n  e:\n",
        "  f: { kind: azureOpenAI, account: 5 }\n  g: { kind: azureOpenAI, account: x }\n",
        "  h: { kind: azureOpenAI, account: { nam: x } }\n  i: { kind: azureOpenAI, account: [x] }\n",
        "  this-name-is-far-too-long: { kind: http, url: 'https://x' }\n  \"\": { kind: http, url: 'https://x' }\n",
        "pools:\n  Big One: {}\n  a: { members: [], weight: 0 }\n  b: { members: [x, y, x], weight: 101 }\n",
        "  c: { members: x, weight: 1.5 }\n  d: { members: [5, x: 1], weight: \"7\" }\n  e: [members]\n",
        "limits:\n- by: ips\n- by: { claims: x }\n- by: 5\n- by: { default: x }\n- { }\n- by: { other: 5 }\n",
        "extra: 1\n",
    );
    assert_snapshot!(heads(text), @r#"
    S004 1:10 `version` must be `1`, not `"1"` / remove the quotes: `1`
    S005 3:9 `name` is empty / for example `apim-contoso`
    S003 4:18 `resourceGroup` must be a string, not a list / remove the brackets: `rg`
    S003 5:8 `sku` must be a string, not a number / use one of `StandardV2`, `Developer` or `Premium`
    S005 6:14 `contoso` is not a URL like `https://example.com/path` / did you mean `https://contoso`?
    S003 7:15 `logPrompts` must be `true` or `false`, not a string / write `true`
    S003 8:12 `timeout` must be a duration like `30s`, `5m` or `1h`, not a number / did you mean `30s`?
    S003 9:14 `streaming` must be `true`, `false` or an object, not a string / write `true`
    S001 11:8 unknown key `knd` in `a` / did you mean `kind`?
    S003 12:14 `kind` must be a string, not a number / for example `azureOpenAI`
    S002 13:3 `c` has no `kind` / `kind` is required / add `kind:` with one of `azureOpenAI` or `http`
    S003 14:6 `d` must be an object, not a string / write lines of `key: value` below it
    S003 15:3 `e` has no value / expected an object / write a value after the colon, or remove the key
    S003 16:36 `account` must be a string or an object, not a number / quote it: `"5"`
    S006 17:36 `account` must have at least 2 characters, but has 1 / write the whole value
    S001 18:38 unknown key `nam` in `account` / did you mean `name`?
    S003 19:36 `account` must be a string or an object, not a list / remove the brackets: `x`
    S006 20:3 the key has 25 characters, the limit is 20 / shorten it
    S005 21:3 a key is empty / write a name of lower-case letters, digits and hyphens
    S005 23:3 a key cannot be named `Big One` / allowed: lower-case letters, digits and hyphens, starting with a letter / did you mean `big-one`?
    S006 24:17 `members` is empty, but must have at least 1 item / add an item, or remove the key
    S006 24:29 `weight` must be at least 1, not 0 / write 1 or more
    S006 25:24 the items of `members` must be unique, but `x` is listed twice / duplicate / keep one of them
    S006 25:36 `weight` must be at most 100, not 101 / write 100 or less
    S003 26:17 `members` must be a list, not a string / put it in brackets: `[x]`
    S003 26:28 `weight` must be an integer, not `1.5` / write it in digits, such as `1000`
    S003 27:18 item 1 of `members` must be a string, not a number / quote it: `"5"`
    S003 27:21 item 2 of `members` must be a string, not an object / write a string
    S003 27:36 `weight` must be an integer, not a string / remove the quotes: `7`
    S003 28:6 `e` must be an object, not a list / write lines of `key: value`, without `- `
    S004 30:7 `by` cannot be `ips` / allowed: `subscription` and `ip` / did you mean `ip`?
    S001 31:9 unknown key `claims` in `by` / did you mean `claim`?
    S003 32:7 `by` must be a string or an object, not a number / write a string or an object
    S007 33:7 `by` needs one of the keys `claim` or `header` / none of them is set / add the one you mean
    S002 34:3 item 5 of `limits` has no `by` / `by` is required / add `by:` with its value
    S007 35:7 `by` needs one of the keys `claim` or `header` / none of them is set / add the one you mean
    S001 36:1 unknown key `extra` in the file / allowed keys: `version`, `gateway`, `backends`, `pools` and `limits`
    "#);
    assert_snapshot!(heads("- 1\n"), @"S003 1:1 the file must be an object, not a list / start with a line `version: …`");
    assert_snapshot!(heads("just text\n"), @"S003 1:1 the file must be an object, not a string / start with a line `version: …`");
}

#[test]
fn what_load_has_said_is_not_said_again() {
    assert_snapshot!(heads("version: 1\ngateway: { name: .nan, name: b, sku: 99999999999999999999, logPrompts: !x 5 }\n"), @r#"
    Y008 2:18 `.nan` is not a supported number / write a number in digits
    Y006 2:24 duplicate key `name` / duplicate / keep one of the two
    S006 2:38 this number is too large / more than 64 bits / quote it if it is a string
    Y008 2:72 YAML tags are not supported / YAML reads a value that starts with `!` as a tag / remove the tag, or quote the whole value if the `!` belongs to it
    S003 2:75 `logPrompts` must be `true` or `false`, not a number / write `true` or `false`
    "#);
}

#[test]
fn findings_of_a_json_text() {
    assert_snapshot!(said("{\n\t\"version\": 1,\n\t\"gateway\": {\"name\": \"\\ud83d\\ude00\", \"sku\": true}\n}"), @r#"
    error[S003]: `sku` must be a string, not a boolean
     --> gateway.yaml:3:45
      |
    3 |     "gateway": {"name": "\ud83d\ude00", "sku": true}
      |                                                ^^^^
      |
      = help: use one of `StandardV2`, `Developer` or `Premium`
    "#);
}

/// Everything that happens to a text, in all forms of output.
fn run(text: &str) {
    let (sources, report) = report(text);
    let shown = [render::text(&report, &sources, false), render::json(&report, &sources)];
    for shown in &shown {
        let is_raw = |c: char| (c.is_control() && !"\n\t".contains(c)) || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!shown.contains(is_raw), "{shown:?}");
    }
    let found: Vec<Value> = serde_json::from_str(&shown[1]).unwrap();
    assert_eq!(found.len(), report.iter().count());
    render::text(&report, &sources, true);
}

#[test]
fn truncated_and_damaged_files_are_survived() {
    let text = concat!(
        "version: 1 # é😀\ngateway: &g { name: \"a\\u00e9\", sku: 'P' }\nbackends:\n  a: !x {<<: *g, url: |\n",
        "  }\n  b: &b\n    - [x, {y: z}]\n    - >-\n      text\n  ? c\n  : *b\n...\n"
    );
    for (at, c) in text.char_indices() {
        run(&text[..at]);
        run(&text[at..]);
        for wrong in ["\t", ":", "\"", "&b ", "*b", "{", "]", "\r", "\u{0}", "\u{feff}", "- "] {
            run(&format!("{}{wrong}{}", &text[..at], &text[at + c.len_utf8()..]));
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(512))]

    #[test]
    fn no_text_makes_it_panic(text in "(?s).{0,200}") {
        run(&text);
    }

    #[test]
    fn no_yaml_makes_it_panic(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "version", "gateway", "backends", "pools", "limits", "kind", "http", "name", "by", "account", ": ", ":", "\n",
                "\n  ", "\n    ", "\n- ", "- ", "{", "}", "[", "]", ", ", "&a ", "*a", "<<: *a", "<<", "\"", "'", "#", " #", "|",
                ">", "!t ", "!", "? ", "1", "-1", "1.5", ".nan", "~", "true", "99999999999999999999", "é😀", "\t", "\r\n",
                "---", "...", "%", "@", "\\", "\u{1b}", "\u{202e}", "\\ud83d",
            ]),
            0..60,
        )
    ) {
        run(&words.concat());
    }
}

/// Each suggestion, typed as it is offered, is accepted. The inputs are those that people tried.
#[test]
fn suggestions_work_when_they_are_typed() {
    const FILE: &str = "version: 1
gateway: { name: apim-contoso, resourceGroup: rg-ai, identity: IDENTITY }
backends:
  o: { kind: azureOpenAI, account: ACCOUNT }
  w: { kind: http, url: https://w.contoso.com }
pools:
  p: { members: [{ backend: o, weight: WEIGHT, priority: PRIORITY }, { backend: w }] }
apis:
  a:
    path: a
    target: o
    timeout: TIMEOUT
    subscriptions: SUBSCRIPTIONS
";
    const RIGHT: [(&str, &str); 6] = [
        ("IDENTITY", "{ system: true }"),
        ("ACCOUNT", "aoai"),
        ("WEIGHT", "1"),
        ("PRIORITY", "1"),
        ("TIMEOUT", "30s"),
        ("SUBSCRIPTIONS", "[a]"),
    ];
    const ID: &str =
        "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-ai/providers/Microsoft.X/things/it";
    const THING: &str = "{ name: it, resourceGroup: rg-ai, subscription: 11111111-1111-1111-1111-111111111111 }";
    let checked = |at: &str, value: &str| {
        let text = RIGHT.iter().fold(FILE.to_owned(), |text, (place, right)| {
            text.replace(place, if *place == at { value } else { right })
        });
        let mut sources = Sources::default();
        let mut report = Report::default();
        let file = sources.add(Source::new("gateway.yaml", text));
        load::gateway(file, &sources, &mut report);
        report.iter().map(|found| found.help.join("; ")).collect::<Vec<_>>()
    };
    for (at, wrong, right) in [
        ("ACCOUNT", "https://aoai-east.openai.azure.com/", "aoai-east"),
        ("ACCOUNT", ID, THING),
        ("WEIGHT", "70%", "70"),
        ("PRIORITY", "01", "1"),
        ("TIMEOUT", "120000", "120s"),
        ("TIMEOUT", "PT2M", "2m"),
        ("TIMEOUT", "PT1M30S", "90s"),
        ("SUBSCRIPTIONS", "search, support", "[search, support]"),
    ] {
        let offered = checked(at, wrong);
        assert!(offered.len() == 1 && offered[0].contains(&format!("`{right}`")), "{wrong}: {offered:?}");
        assert_eq!(checked(at, right), Vec::<String>::new(), "{right}");
    }
    let offered = checked("IDENTITY", &format!("{{ user: {ID} }}"));
    assert!(offered[0].contains(&format!("`{THING}`")), "{offered:?}");
}
