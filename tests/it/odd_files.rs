//! Files that no one writes by hand, and that a tool meets all the same: too large, too deep, bombs, in unusual encodings, truncated,
//! damaged. Each gets a clear answer, and never a panic.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use gatewright::compile::{self, Checked};
use gatewright::diag::{Code, render};
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use crate::diagnostics::{cases, check_wording};
use crate::tool;

/// A folder of its own, removed at the end.
struct Folder {
    _keep: tempfile::TempDir,
    path: Utf8PathBuf,
}

impl Folder {
    fn new() -> Self {
        let keep = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(keep.path()).unwrap().to_owned();
        Self { _keep: keep, path }
    }

    fn put(&self, name: &str, text: impl AsRef<str>) {
        let path = self.path.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        tool::put(&path, text.as_ref());
    }

    fn check(&self) -> Checked {
        compile::check(&self.path.join("gateway.yaml")).unwrap()
    }

    /// The findings as printed, without the folder.
    fn said(&self) -> String {
        let checked = self.check();
        for found in &checked.report {
            let mut found = found.clone();
            found.message = found.message.replace(self.path.as_str(), "");
            check_wording(&found, "odd file");
        }
        let text = render::text(&checked.report, &checked.sources, false);
        let text = text.replace(&format!("{}/", self.path), "");
        text.trim_end().to_owned()
    }
}

/// A gateway with one API, whose definition is a file.
fn rest(file: &str) -> String {
    format!(
        "version: 1\ngateway: {{ name: apim-contoso, resourceGroup: rg-ai }}\nbackends:\n  weather: {{ kind: http, url: https://weather.contoso.com }}\napis:\n  weather: {{ path: weather, target: weather, definition: {{ file: {file} }}, subscriptions: [first-team] }}\n"
    )
}

/// The smallest gateway, with something between its braces.
fn minimal() -> String {
    tool::get(&crate::diagnostics::root().join("fixtures/valid/minimal/gateway.yaml"))
}

/// A gateway with one API over many deployments.
fn deployments(count: usize, sku: &str) -> String {
    let deployments: String = (0..count).map(|number| format!("      gpt-{number}: {{}}\n")).collect();
    format!(
        "version: 1\ngateway: {{ name: apim-contoso, resourceGroup: rg-ai, sku: {sku} }}\nbackends:\n  \
         models:\n    kind: azureOpenAI\n    account: aoai-contoso\n    deployments:\n{deployments}apis:\n  \
         models: {{ path: models, target: models, streaming: false, subscriptions: [x] }}\n"
    )
}

fn large(folder: &Folder, name: &str) {
    let file = std::fs::File::create(folder.path.join(name)).unwrap();
    file.set_len(100 << 20).unwrap();
}

/// Odd files by name: what puts them into a folder, and what people are told.
type Odd = (&'static str, fn(&Folder));

const ODD: [Odd; 16] = [
    ("100 MB", |folder| large(folder, "gateway.yaml")),
    ("100 MB of definition", |folder| {
        folder.put("gateway.yaml", rest("weather.json"));
        large(folder, "weather.json");
    }),
    ("brackets in brackets", |folder| {
        let text = format!("version: 1\ngateway: {}\n", "[".repeat(100_000));
        folder.put("gateway.yaml", text);
    }),
    ("blocks in blocks", |folder| {
        let blocks = (0..70).map(|level| format!("{}a:\n", "  ".repeat(level)));
        folder.put("gateway.yaml", blocks.collect::<String>());
    }),
    ("a bomb of aliases", |folder| {
        folder.put("gateway.yaml", bomb("version: 1\n"));
    }),
    ("a bomb of merges", |folder| {
        let mut text = String::from("a0: &a0 { x: 1 }\n");
        for level in 1..40 {
            let alias = format!("*a{}", level - 1);
            text += &format!("a{level}: &a{level} {{ <<: [{}], y: {alias} }}\n", vec![alias.clone(); 9].join(", "));
        }
        folder.put("gateway.yaml", text);
    }),
    ("a bomb of definition", |folder| {
        folder.put("gateway.yaml", rest("weather.yaml"));
        folder.put("weather.yaml", bomb("openapi: 3.0.3\n"));
    }),
    ("a deep definition", |folder| {
        folder.put("gateway.yaml", rest("weather.json"));
        let text = format!("{{\"openapi\": \"3.0.3\", \"info\": {}{}}}", "{\"a\":".repeat(5_000), "}".repeat(5_000));
        folder.put("weather.json", text);
    }),
    ("a definition of more than 128 KiB", |folder| {
        folder.put("gateway.yaml", rest("weather.json"));
        let text = format!(
            r#"{{"openapi": "3.0.3", "info": {{"title": "Weather", "version": "1", "description": "{}"}}, "paths": {{"/a": {{"get": {{"operationId": "a", "responses": {{}}}}}}}}}}"#,
            "long ".repeat(30_000)
        );
        folder.put("weather.json", text);
    }),
    ("700 deployments", |folder| {
        folder.put("gateway.yaml", deployments(700, "StandardV2"));
    }),
    ("100 deployments on Consumption", |folder| {
        folder.put("gateway.yaml", deployments(100, "Consumption"));
    }),
    ("600 APIs", |folder| {
        let apis: String = (0..600)
            .map(|number| format!("  a{number}: {{ path: a{number}, target: openai, subscriptions: [x] }}\n"))
            .collect();
        let text = minimal();
        let end = text.find("  openai: { path").unwrap();
        folder.put("gateway.yaml", format!("{}{apis}", &text[..end]));
    }),
    ("801 keys", |folder| {
        let keys: Vec<String> = (0..801).map(|number| format!("team-{number}")).collect();
        folder.put("gateway.yaml", minimal().replace("first-team", &keys.join(", ")));
    }),
    ("NUL bytes", |folder| {
        folder.put("gateway.yaml", minimal().replace("rg-ai", "rg\0-ai"));
    }),
    ("nothing at all", |folder| folder.put("gateway.yaml", "")),
    ("a definition of nothing", |folder| {
        folder.put("gateway.yaml", rest("weather.yaml"));
        folder.put("weather.yaml", "");
    }),
];

fn bomb(start: &str) -> String {
    let mut text = format!("{start}a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let alias = format!("*a{}", level - 1);
        text += &format!("a{level}: &a{level} [{}]\n", vec![alias; 9].join(", "));
    }
    text
}

/// The codes that odd files show.
pub(crate) fn codes() -> BTreeSet<Code> {
    let mut codes = BTreeSet::new();
    for (_, put) in ODD {
        let folder = Folder::new();
        put(&folder);
        codes.extend(folder.check().report.iter().map(|found| found.code));
    }
    codes
}

#[test]
fn odd_files_get_a_clear_answer() {
    let mut all = String::new();
    for (name, put) in ODD {
        let folder = Folder::new();
        put(&folder);
        let said = folder.said();
        assert!(!said.is_empty(), "{name} was taken");
        all += &format!("## {name}\n{said}\n\n");
    }
    insta::assert_snapshot!(all.trim_end());
}

#[test]
#[cfg(target_os = "linux")]
fn a_definition_in_a_circle_of_links_cannot_be_read() {
    let folder = Folder::new();
    folder.put("gateway.yaml", rest("weather.yaml"));
    std::os::unix::fs::symlink("other.yaml", folder.path.join("weather.yaml")).unwrap();
    std::os::unix::fs::symlink("weather.yaml", folder.path.join("other.yaml")).unwrap();
    insta::assert_snapshot!(folder.said(), @"
    error[D001]: `weather.yaml` cannot be read
     --> gateway.yaml:6:66
      |
    6 | ...: weather, definition: { file: weather.yaml }, subscriptions: [first-team] }
      |                                   ^^^^^^^^^^^^ the operating system reports: Too many levels of symbolic links (os error 40)
      |
      = help: use a file that you have permission to read
    ");
}

#[test]
#[cfg(target_os = "linux")]
fn a_definition_that_is_a_device_is_not_read() {
    let folder = Folder::new();
    folder.put("gateway.yaml", rest("/dev/zero"));
    insta::assert_snapshot!(folder.said(), @"
    error[A021]: a file is named by an absolute path
     --> gateway.yaml:6:66
      |
    6 | ...definition: { file: /dev/zero }, subscriptions: [first-team] }
      |                        ^^^^^^^^^ the file is elsewhere on other machines
      |
      = help: copy the file into the repository, and write a path relative to the gateway file, such as `specs/orders.yaml` or `../shared/orders.yaml`
    ");
}

#[test]
fn a_gateway_that_is_no_file_ends_the_run() {
    let folder = Folder::new();
    for name in ["gateway.yaml", ""] {
        let error = compile::check(&folder.path.join(name)).unwrap_err();
        assert!(format!("{error:#}").contains(folder.path.as_str()));
    }
}

#[test]
fn line_ends_and_byte_order_marks_change_nothing() {
    for (name, path) in cases("valid") {
        let text = tool::get(&path);
        let odd = [
            text.replace('\n', "\r\n"),
            format!("\u{feff}{text}"),
            text.trim_end().to_owned(),
            format!("---\n{text}...\n"),
        ];
        let folder = Folder::new();
        for entry in walkdir::WalkDir::new(path.parent().unwrap()) {
            let entry = entry.unwrap();
            let spec = Utf8Path::from_path(entry.path()).unwrap();
            if entry.file_type().is_file() && spec != path {
                let inside = spec.strip_prefix(path.parent().unwrap()).unwrap();
                let text = tool::get(spec);
                folder.put(inside.as_str(), format!("\u{feff}{}", text.replace('\n', "\r\n")));
            }
        }
        for text in odd {
            folder.put("gateway.yaml", &text);
            let checked = folder.check();
            assert!(checked.plan.is_some(), "{name}: {}", folder.said());
        }
    }
}

/// Something that happens to a text; places are fractions of it.
#[derive(Debug, Clone)]
enum Damage {
    Delete(f64, usize),
    Repeat(f64, usize),
    Swap(f64, f64),
    Insert(f64, &'static str),
    DeleteLine(f64),
    RepeatLine(f64, usize),
    SwapLines(f64, f64),
    Indent(f64, usize),
    Cut(f64),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = || 0.0..1.0_f64;
    let token = proptest::sample::select(vec![
        "\t",
        "\"",
        "'",
        "{",
        "}",
        "[",
        "]",
        ": ",
        "- ",
        ", ",
        "*",
        "&a ",
        "<<: ",
        "!x ",
        "# ",
        "|\n",
        ">\n",
        "\n",
        "\r",
        "\0",
        "\u{feff}",
        "\u{2028}",
        "😀",
        "~",
        "null",
        "true",
        "1e999",
        "99999999999999999999",
        "---\n",
        "...\n",
        "%",
        "@",
        "`",
        "? ",
        "/",
        "\\",
    ]);
    prop_oneof![
        (at(), 1..9_usize).prop_map(|(at, count)| Damage::Delete(at, count)),
        (at(), 1..9_usize).prop_map(|(at, count)| Damage::Repeat(at, count)),
        (at(), at()).prop_map(|(a, b)| Damage::Swap(a, b)),
        (at(), token).prop_map(|(at, token)| Damage::Insert(at, token)),
        at().prop_map(Damage::DeleteLine),
        (at(), 1..4_usize).prop_map(|(at, count)| Damage::RepeatLine(at, count)),
        (at(), at()).prop_map(|(a, b)| Damage::SwapLines(a, b)),
        (at(), 0..6_usize).prop_map(|(at, count)| Damage::Indent(at, count)),
        at().prop_map(Damage::Cut),
    ]
}

fn damaged(text: &str, damage: &[Damage]) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a fraction of a length is an index"
    )]
    fn place(fraction: f64, length: usize) -> usize {
        ((fraction * length as f64) as usize).min(length.saturating_sub(1))
    }
    let mut text = text.to_owned();
    for one in damage {
        let mut chars: Vec<char> = text.chars().collect();
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        if chars.is_empty() {
            return text;
        }
        let char_at = |at: f64| place(at, chars.len());
        let line_at = |at: f64| place(at, lines.len());
        match *one {
            Damage::Delete(at, count) => {
                let at = char_at(at);
                chars.drain(at..(at + count).min(chars.len()));
            }
            Damage::Repeat(at, count) => {
                let at = char_at(at);
                let part = chars[at..(at + count).min(chars.len())].to_vec();
                chars.splice(at..at, part);
            }
            Damage::Swap(a, b) => {
                let (a, b) = (char_at(a), char_at(b));
                chars.swap(a, b);
            }
            Damage::Insert(at, token) => {
                let at = char_at(at);
                chars.splice(at..at, token.chars());
            }
            Damage::Cut(at) => chars.truncate(char_at(at)),
            Damage::DeleteLine(at) => drop(lines.remove(line_at(at))),
            Damage::RepeatLine(at, count) => {
                let at = line_at(at);
                let line = lines[at].clone();
                lines.splice(at..at, vec![line; count]);
            }
            Damage::SwapLines(a, b) => {
                let (a, b) = (line_at(a), line_at(b));
                lines.swap(a, b);
            }
            Damage::Indent(at, count) => {
                let at = line_at(at);
                lines[at] = format!("{}{}", " ".repeat(count), lines[at].trim_start());
            }
        }
        let is_about_lines =
            matches!(one, Damage::DeleteLine(_) | Damage::RepeatLine(..) | Damage::SwapLines(..) | Damage::Indent(..));
        text = if is_about_lines { lines.concat() } else { chars.into_iter().collect() };
    }
    text
}

/// The YAML and JSON files of a case, the gateway first.
fn files(path: &Utf8Path) -> Vec<(String, String)> {
    let folder = path.parent().unwrap();
    let mut files = vec![("gateway.yaml".to_owned(), tool::get(path))];
    for entry in walkdir::WalkDir::new(folder.join("specs")).into_iter().flatten() {
        let path = Utf8Path::from_path(entry.path()).unwrap();
        if entry.file_type().is_file() {
            let name = path.strip_prefix(folder).unwrap();
            files.push((name.to_string(), tool::get(path)));
        }
    }
    files
}

#[test]
fn damaged_files_never_panic() {
    let folder = Folder::new();
    let all: Vec<Vec<(String, String)>> = cases("valid").iter().map(|(_, path)| files(path)).collect();
    let config = Config {
        cases: 400,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        max_shrink_iters: 200,
        ..Config::default()
    };
    let case = (
        proptest::sample::select(all),
        any::<bool>(),
        any::<proptest::sample::Index>(),
        proptest::collection::vec(damage(), 1..6),
    );
    let mut runner = TestRunner::new(config);
    let checked = runner.run(&case, |(files, is_gateway, which, damage)| {
        let which = if is_gateway { 0 } else { which.index(files.len()) };
        for (position, (name, text)) in files.iter().enumerate() {
            if position == which {
                folder.put(name, damaged(text, &damage));
            } else {
                folder.put(name, text);
            }
        }
        let checked = folder.check();
        // Rendering reads places back from the text, and cuts it.
        let text = render::text(&checked.report, &checked.sources, false);
        let json = render::json(&checked.report, &checked.sources);
        let has_text = checked.report.is_empty() == text.is_empty();
        if !has_text || json.is_empty() || checked.plan.is_none() != checked.report.has_errors() {
            return Err(TestCaseError::fail(text));
        }
        for found in &checked.report {
            let mut found = found.clone();
            found.message = found.message.replace(folder.path.as_str(), "");
            check_wording(&found, "damaged file");
        }
        Ok(())
    });
    if let Err(error) = checked {
        panic!("{error}");
    }
}

/// Every number of the language.
const NUMBERS: &str = "\
version: 1
gateway: { name: apim-contoso }
backends:
  east: { kind: azureOpenAI, account: aoai-east, deployments: { gpt-4o: { tokensPerMinute: 240000 } } }
pools:
  gpt-4o:
    members: [{ backend: east/gpt-4o, priority: 1, weight: 3 }]
    circuitBreaker: { failures: 1, statuses: [429] }
    retry: { count: 1, statuses: [500] }
    exhausted: { status: 429 }
apis:
  openai:
    path: openai
    models: { gpt-4o: gpt-4o }
    rateLimit: { calls: 600, per: 1m, by: ip }
    contentSafety: { backend: east, categories: { hate: 4, selfHarm: 4, sexual: 4, violence: 4 } }
    semanticCache: { embeddings: east/gpt-4o, scoreThreshold: 1 }
    tokenLimit: { tokensPerMinute: 50000 }
tenancy:
  identifyBy: subscription
  plans:
    standard:
      apis: [openai]
      tokensPerMinute: 10000
      tokenQuota: { tokens: 5000000, per: month }
      perModel: { gpt-4o: { tokensPerMinute: 20000 } }
  tenants: { contoso: { plan: standard, tokensPerMinute: 5 } }
";

/// Every number that the schema accepts, the types accept too: nothing after it may fail.
#[test]
fn odd_numbers_never_panic() {
    let text = NUMBERS.to_owned();
    let numbers: Vec<_> = text
        .match_indices(": ")
        .map(|(at, _)| at + 2)
        .filter_map(|start| {
            let digits = text[start..].chars().take_while(char::is_ascii_digit).count();
            let is_number = digits > 0 && text[start + digits..].starts_with([' ', ',', '}', '\n']);
            is_number.then_some(start..start + digits)
        })
        .collect();
    assert_eq!(numbers.len(), 18, "all numbers of the text");
    for place in numbers {
        for odd in ["1.0", "1e3", "1.5", "-1", "4294967296", "9223372036854775808", "1e17", "1e30", "0"] {
            let folder = Folder::new();
            let mut odd_text = text.clone();
            odd_text.replace_range(place.clone(), odd);
            folder.put("gateway.yaml", odd_text);
            folder.check();
        }
    }
}

/// All are counted, however many are printed. `cargo bench` measures that twice the problems take twice the time.
#[test]
fn thousands_of_problems_are_found() {
    let folder = Folder::new();
    let apis: String = (0..10_000)
        .map(|number| format!("  a{number}: {{ path: a{number}, target: nowhere, mistyped: 1 }}\n"))
        .collect();
    let text = minimal();
    let end = text.find("  openai: { path").unwrap();
    folder.put("gateway.yaml", format!("{}{apis}", &text[..end]));
    let errors = folder.check().report.iter().count();
    assert!(errors >= 20_000, "{errors}");
}

/// Headers that policies cannot change, and those that HTTP needs, are refused before a policy is made of them.
#[test]
fn reserved_headers_never_panic() {
    for header in gatewright::catalogue::FIXED_HEADERS.iter().copied().chain(["Server", "Authorization", "x-ok"]) {
        let folder = Folder::new();
        let text = minimal().replace("subscriptions:", &format!("auth: {{ keyHeader: {header} }}, subscriptions:"));
        folder.put("gateway.yaml", text);
        let is_refused = folder.check().report.has_errors();
        assert_eq!(is_refused, header != "x-ok", "{header}");
    }
}
