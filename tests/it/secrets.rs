//! No secret is printed, wherever a person put it: by no command, in no format.

use std::fmt::Write as _;
use std::process::Output;

use camino::{Utf8Path, Utf8PathBuf};
use gatewright::diag::{Report, render};
use gatewright::model::load;
use gatewright::source::{Source, Sources};
use proptest::prelude::*;

use crate::tool;

/// The secret in every input.
const SECRET: &str = "SEKRIT";

/// A backend with something wrong, and the rest of a gateway.
fn with_backend(lines: &str) -> String {
    let mut text =
        "version: 1\ngateway: { name: apim-contoso, resourceGroup: rg-ai }\nbackends:\n  w:\n    kind: http\n"
            .to_owned();
    if !lines.starts_with("url:") {
        text += "    url: https://w.contoso.com\n";
    }
    for line in lines.lines() {
        let _ = writeln!(text, "    {line}");
    }
    text + "apis: { w: { path: w, target: w, definition: passThrough, subscriptions: [a] } }\n"
}

/// Lines of a backend, each with a secret in a wrong place.
const BACKENDS: &[&str] = &[
    "credential: sk-SEKRIT",
    "credential: \"Bearer SEKRIT\"",
    "credential: [SEKRIT]",
    "credential: { header: Authorization, scheme: Bearer, keyVaultSecret: sk-SEKRIT }",
    "credential: { header: api-key, keyVaultSecret: SEKRIT }",
    "credential: { header: Authorization, scheme: \"Bearer SEKRIT\" }",
    "credential: { header: Authorization, scheme: 'Bearer sk-SEKRIT', keyVaultSecret: { vault: kv, name: n } }",
    "credential: { header: Authorization, scheme: Bearer, value: sk-SEKRIT }",
    "credential: { header: Authorization, value: \"Bearer SEKRIT\" }",
    "credential: { header: \"api-key SEKRIT\", keyVaultSecret: { vault: kv, name: n } }",
    "credential: { header: api-key, keyVaultSecret: { vault: kv, name: \"n SEKRIT/+==\" } }",
    "credential: { header: api-key, keyVaultSecret: [SEKRIT] }",
    "credential: { managedIdentity: { audience: \"SEKRIT x\" } }",
    "credential:\n  header: api-key\n  value: |\n    SEKRIT\n    SEKRIT",
    "credential:\n  bearer: SEKRIT",
    "credential: none\ncredential: SEKRIT",
    "credential: !SEKRIT",
    "credential: !tag SEKRIT",
    "credential: *SEKRIT",
    "url: https://f.azurewebsites.net/api/x?code=SEKRIT",
    "url: https://w.contoso.com/?code=SEKRIT",
    "url: https://user:SEKRIT@w.contoso.com",
    "url: https://user:SEKRIT/x@w.contoso.com",
    "url: \"https://user:SEK RIT SEKRIT@w.contoso.com\"",
    "url: user:SEKRIT@w.contoso.com",
    "url: [\"https://user:SEKRIT@w.contoso.com\"]",
    "url: ftp://user:SEKRIT@w.contoso.com",
    "url: \"Endpoint=https://w.contoso.com;AccountKey=SEKRIT\"",
    "url: https://w.contoso.com#key=SEKRIT",
    "account: https://user:SEKRIT@aoai.openai.azure.com/?key=SEKRIT",
    "headers: { Authorization: \"Bearer SEKRIT\" }",
    "headers: { api-key: SEKRIT }",
    "headers:\n  - name: api-key\n    value: SEKRIT",
    "password: [SEKRIT]",
    "password: { value: SEKRIT }",
    "displayName: { password: SEKRIT }",
    "circuitBreaker: { x: 1, password: SEKRIT }",
    "timeout: { x: SEKRIT }",
    "\"pass word\": SEKRIT",
    "password: \"SEKRIT",
    "password: 'SEKRIT",
    "bad: { password: SEKRIT",
    "password: SEKRIT: x",
    "password: a\n  SEKRIT\n x: SEKRIT",
    "password:SEKRIT",
    "password: @SEKRIT",
    "password: %SEKRIT",
    "password: *SEKRIT",
    "password: !SEKRIT",
    "password: &SEKRIT x",
    "password: \"\\SEKRIT\"",
    "password: |\n  SEKRIT\n  SEKRIT",
    "password: >-\n  SEKRIT\n  SEKRIT",
    "password: |\n  SEKRIT\n SEKRIT",
    "password: \"a\n  SEKRIT\"",
    "password: [a, SEKRIT\nSEKRIT",
    "SEKRIT",
    "- SEKRIT",
    "password:\n\tSEKRIT",
    "password: SEKRIT\npassword: SEKRIT",
    "x: &x { password: SEKRIT }\ny: *x",
    "<<: SEKRIT",
    "<<: { password: SEKRIT }",
    "password: {{ SEKRIT }}",
];

/// Names of keys that the language does not have, and people know from elsewhere.
const KEYS: &[&str] = &[
    "apiKey",
    "api_key",
    "api-key",
    "secret",
    "clientSecret",
    "client_secret",
    "password",
    "passwd",
    "token",
    "accessKey",
    "key",
    "sharedAccessKey",
    "sasToken",
    "x-api-key",
    "pass",
    "pwd",
    "bearer",
    "primaryKey",
    "accountKey",
    "connectionString",
    "sas",
    "code",
    "credentials",
    "authorization",
    "headers",
    "value",
    "auth",
    "functionKey",
    "hostKey",
    "secretKey",
    "secrets",
    "pat",
    "lieblingsfarbe",
];

/// Whole files with a secret in a wrong place.
fn whole() -> Vec<String> {
    let gateway = |rest: &str| {
        format!(
            "version: 1\ngateway: {{ name: apim-contoso, resourceGroup: rg-ai }}\nbackends: {{ w: {{ kind: http, url: https://w.contoso.com }} }}\napis: {{ w: {{ path: w, target: w, definition: passThrough, subscriptions: [a] }} }}\n{rest}\n"
        )
    };
    let mut all: Vec<String> = [
        "observability: { applicationInsights: \"InstrumentationKey=SEKRIT;IngestionEndpoint=https://x.in.applicationinsights.azure.com/\" }",
        "observability: { applicationInsights: \"InstrumentationKey=SEKRIT\" }",
        "observability: { applicationInsights: { name: \"InstrumentationKey=SEKRIT;IngestionEndpoint=x\" } }",
        "observability: { applicationInsights: { connectionString: SEKRIT } }",
        "observability: { applicationInsights: [SEKRIT] }",
        "password: SEKRIT",
        "accounts: { a: { key: SEKRIT } }",
        "workspaces: [SEKRIT]",
        "mcpServers: { m: { path: m, url: https://user:SEKRIT@m.contoso.com, credential: SEKRIT } }",
    ]
    .map(gateway)
    .to_vec();
    all.push("version: 1\ngateway: { name: apim, password: SEKRIT }\n".to_owned());
    all.push("SEKRIT\n".to_owned());
    all.push("- SEKRIT\n".to_owned());
    all.push("\"SEKRIT\"\n".to_owned());
    all.push("AZURE_KEY=SEKRIT\nOTHER=SEKRIT\n".to_owned());
    all.push("root:SEKRIT:0:0\n".to_owned());
    all.push("a: 1\n---\npassword: SEKRIT\n---\nb: SEKRIT\n".to_owned());
    all
}

struct Place {
    _keep: tempfile::TempDir,
    folder: Utf8PathBuf,
}

impl Place {
    fn new() -> Self {
        let keep = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(keep.path()).unwrap().to_owned();
        Self { folder, _keep: keep }
    }

    fn write(&self, name: &str, text: impl AsRef<str>) {
        let path = self.folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        tool::put(&path, text.as_ref());
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_gatewright"));
        command.args(arguments).current_dir(&self.folder).output().unwrap()
    }

    /// What all commands print about `gateway.yaml`, in all formats.
    fn said(&self) -> String {
        self.said_of("gateway.yaml")
    }

    fn said_of(&self, gateway: &str) -> String {
        let runs: [&[&str]; 5] = [
            &["check", gateway],
            &["check", gateway, "--format", "json"],
            &["generate", gateway],
            &["generate", gateway, "--format", "json"],
            &["explain", "w", gateway],
        ];
        let mut said = String::new();
        for run in runs {
            let output = self.run(run);
            said += &String::from_utf8_lossy(&output.stdout);
            said += &String::from_utf8_lossy(&output.stderr);
        }
        said
    }
}

#[test]
fn no_secret_of_a_gateway_file_is_printed() {
    let backends = BACKENDS.iter().map(|lines| with_backend(lines));
    let keys = KEYS.iter().map(|key| with_backend(&format!("{key}: {SECRET}")));
    let all: Vec<String> = backends.chain(keys).chain(whole()).collect();
    let place = Place::new();
    let mut failures = Vec::new();
    for (number, text) in all.iter().enumerate() {
        let name = format!("g{number}/gateway.yaml");
        place.write(&name, text);
        // Each alone, which tells the input.
        let checked = gatewright::compile::check(&place.folder.join(&name)).unwrap();
        let said =
            render::text(&checked.report, &checked.sources, false) + &render::json(&checked.report, &checked.sources);
        if !checked.report.has_errors() {
            failures.push(format!("accepted:\n{text}\n{said}"));
        }
        let lines: Vec<&str> = said.lines().filter(|line| line.to_uppercase().contains(SECRET)).collect();
        if !lines.is_empty() {
            failures.push(format!("{text}\n  is shown as\n{}", lines.join("\n")));
        }
    }
    // By each command, for some one by one, and for all at once.
    let some = (0..all.len()).step_by(16).map(|number| place.said_of(&format!("g{number}/gateway.yaml")));
    let said: String = std::iter::once(place.said_of(".")).chain(some).collect();
    let shown = said.lines().filter(|line| line.to_uppercase().contains(SECRET));
    failures.extend(shown.map(str::to_owned));
    assert!(said.matches("error[").count() > 2 * all.len(), "each is refused by each command");
    assert!(failures.is_empty(), "{} of them:\n{}", failures.len(), failures.join("\n\n"));
}

/// A gateway with a definition and policy text in files.
fn with_files(definition: &str, policy: &str) -> String {
    format!(
        "version: 1\ngateway: {{ name: apim-contoso, resourceGroup: rg-ai }}\nbackends: {{ w: {{ kind: http, url: https://w.contoso.com }} }}\napis:\n  w: {{ path: w, target: w, definition: {{ file: {definition} }}, subscriptions: [a], include: {{ inbound: {{ first: [{{ file: {policy} }}] }} }} }}\n"
    )
}

const DEFINITION: &str = "openapi: 3.0.3\ninfo: { title: W, version: '1' }\npaths: { /w: { get: { operationId: w, responses: { '200': { description: ok } } } } }\n";
const POLICY: &str = "<set-header name=\"x-a\" exists-action=\"override\"><value>b</value></set-header>\n";

#[test]
fn no_secret_of_another_file_is_printed() {
    let definitions = [
        "{\"token\":\"SEKRIT\",\"openapi\":3}",
        "{\"token\":\"SEKRIT\",\"openapi\":\"3.0.3\",\"paths\":{}}",
        "{\"token\":\"SEKRIT\"",
        "AZURE_KEY=SEKRIT\nA=b\n",
        "password: \"SEKRIT\nopenapi: 3.0.3\n",
        "openapi: 3.0.3\npaths: { /w: { get: { x-key: SEKRIT, parameters: [{ example: SEKRIT, in: nowhere }], responses: 5 } } }\n",
        "openapi: 3.0.3\nservers: [{ url: 'https://user:SEKRIT@w.contoso.com/?code=SEKRIT', x: 1 }]\npaths: { /w: 5 }\n",
    ];
    let policies = [
        "<set-header name=\"x-key\" exists-action=\"override\"><value>SEKRIT</value></set-heade>",
        "<set-header name=\"SEKRIT\" <value>SEKRIT</value></set-header>",
        "<set-header nam=\"x-key\" exists-action=\"override\"><value>SEKRIT</value></set-header>",
        "<set-heade name=\"x-key\" exists-action=\"override\"><value>SEKRIT</value></set-heade>",
        "<send-request mode=\"new\" timeout=\"5\" response-variable-name=\"a\" b=\"c\"><set-url>https://user:SEKRIT@w.contoso.com/?code=SEKRIT</set-url></send-request>",
        "password=SEKRIT",
    ];
    let mut failures = Vec::new();
    let pairs = definitions
        .iter()
        .map(|definition| (*definition, POLICY))
        .chain(policies.iter().map(|policy| (DEFINITION, *policy)));
    for (definition, policy) in pairs {
        let place = Place::new();
        place.write("gateway.yaml", with_files("d.yaml", "p.xml"));
        place.write("d.yaml", definition);
        place.write("p.xml", policy);
        let said = place.said();
        if said.contains(SECRET) || !said.contains("error[") {
            failures.push(format!("{definition}\n{policy}\n{said}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[cfg(unix)]
#[test]
fn no_text_from_outside_the_repository_is_printed() {
    use std::os::unix::fs::symlink;
    let wrong = [
        ("d.json", "{\"openapi\":\"SEKRIT\",\"paths\":{\"/SEKRIT\":5}}"),
        ("p.xml", "<set-header name=\"SEKRIT\" SEKRIT></a>"),
    ];
    let place = Place::new();
    for (name, text) in wrong {
        place.write(name, text);
        place.write(&format!("repo/shared/{name}"), text);
        place.write("repo/g/x", "");
        symlink(format!("../../{name}"), place.folder.join(format!("repo/g/link-{name}"))).unwrap();
    }
    std::fs::create_dir(place.folder.join("repo/.git")).unwrap();
    for [definition, policy] in [["../../d.json", "../../p.xml"], ["link-d.json", "link-p.xml"]] {
        place.write("repo/g/gateway.yaml", with_files(definition, policy));
        let said = place.said_of("repo/g/gateway.yaml");
        assert!(!said.contains(SECRET), "{said}");
        assert!(said.contains("d.json:1:") && said.contains("p.xml:1:"), "the places are said: {said}");
    }
    // What the repository holds is shown.
    place.write("repo/g/gateway.yaml", with_files("../shared/d.json", "../shared/p.xml"));
    assert!(place.said_of("repo/g/gateway.yaml").contains(SECRET));
    // The gateway file may be a link itself.
    place.write("outside.yaml", "version: SEKRIT\nSEKRIT\n");
    symlink("../outside.yaml", place.folder.join("repo/link.yaml")).unwrap();
    let said = place.said_of("repo/link.yaml");
    assert!(!said.contains(SECRET) && said.contains("link.yaml:2:1"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn files_that_no_disk_holds_are_refused() {
    let place = Place::new();
    for file in ["../../../../../../../proc/self/environ", "/proc/self/environ", "env"] {
        std::os::unix::fs::symlink("/proc/self/environ", place.folder.join("env")).ok();
        place.write("gateway.yaml", with_files(file, file));
        let said = place.said();
        assert!(said.contains("error[") && !said.contains("PATH="), "{said}");
    }
    let said = place.said_of("env");
    assert!(said.contains("not a regular file") && !said.contains("PATH="), "{said}");
}

/// A value of any shape with the secret in it, in YAML's flow style.
fn shapes() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("SEKRIT".to_owned()),
        Just("\"Bearer SEKRIT\"".to_owned()),
        Just("'SEKRIT/+=='".to_owned()),
        Just("\"https://user:SEKRIT@w.contoso.com/a?b=SEKRIT\"".to_owned()),
        Just("\"Endpoint=x;Key=SEKRIT\"".to_owned()),
    ];
    let key = prop_oneof![Just("x"), Just("value"), Just("header"), Just("name"), Just("kind"), Just("password")];
    leaf.prop_recursive(3, 8, 2, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(|items| format!("[{}]", items.join(", "))),
            (key.clone(), inner).prop_map(|(key, value)| format!("{{ {key}: {value} }}")),
        ]
    })
}

/// Places where the language has no plain text: a secret there is never printed.
const PLACES: &[&str] = &[
    "secret: @",
    "backends: { w: { kind: http, url: https://w.contoso.com, x: @ } }",
    "backends: { w: { kind: http, url: https://w.contoso.com, credential: @ } }",
    "backends: { w: { kind: http, url: https://w.contoso.com, credential: { header: api-key, scheme: @, value: @ } } }",
    "backends: { w: { kind: http, url: https://w.contoso.com, credential: { header: api-key, keyVaultSecret: { vault: @, name: @, x: @ } } } }",
    "backends: { w: { kind: http, url: https://w.contoso.com, circuitBreaker: { x: @ } } }",
    "gateway: { name: apim, x: @ }",
    "observability: { applicationInsights: { x: @ } }",
    "apis: { w: { path: w, target: w, auth: { entra: { x: @ } } } }",
    "apis: { w: { path: w, target: w, x: @ } }",
    "pools: { p: { members: [{ backend: w, x: @ }] } }",
    "tenancy: { x: @ }",
    "x: &x { y: @ }\nbackends: { w: *x }",
    "backends: { w: { kind: http, url: https://w.contoso.com, x: @ ",
    "version: 1: @",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn a_secret_in_a_place_without_plain_text_is_never_printed(place in prop::sample::select(PLACES), shape in shapes()) {
        let text = format!("version: 1\n{}\n", place.replace('@', &shape));
        let mut sources = Sources::default();
        let mut report = Report::default();
        let file = sources.add(Source::new("gateway.yaml", text.clone()));
        let _ = load::gateway(file, &sources, &mut report);
        report.tidy(&sources);
        let said = render::text(&report, &sources, false) + &render::json(&report, &sources);
        prop_assert!(!said.to_uppercase().contains(SECRET), "{text}\n{said}");
    }
}
