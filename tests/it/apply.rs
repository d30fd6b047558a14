//! Does Terraform's output apply? The real azurerm and azapi providers create it in an Azure Resource Manager on the loopback interface,
//! plan again without changes, change it to a second version, plan again, and destroy it (`tests/tools/terraform-apply`). What the
//! service then holds is compared with what Bicep would deploy.
//!
//! A gateway takes half a minute, most of it waiting for role assignments, so three run at a time. A plain run tries SOME;
//! GATEWRIGHT_APPLY=all tries every case and every pair, and a comma-separated list tries those.

use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use gatewright::compile;
use gatewright::output::{Outcome, WriteOptions, write};
use serde_json::{Value as Json, json};

use crate::case::{self, cases, emitted, finds, map_on, none, scratch};
use crate::tool::{self, Terraform};
use crate::{server, toolbox};

/// The jobs of a plain run: together they touch every type of resource, and the changes of day two to each.
const SOME: [&str; 11] = [
    "api-renamed",
    "backend-removed",
    "every-credential",
    "keys-and-tokens",
    "member-added",
    "pool-made",
    "prefix-changed",
    "priorities-removed",
    "secret-added",
    "secret-removed",
    "telemetry-with-user-identity",
];

/// A case or pair that does not apply today.
struct KnownFailure {
    name: &'static str,
    /// The service's message. Another failure is not a known one.
    says: &'static str,
    reason: &'static str,
}

/// All that does not apply today. One that starts to apply fails the test until it is taken off the list.
const KNOWN_FAILURES: [KnownFailure; 2] = [
    KnownFailure {
        name: "api-renamed",
        says: "with the same Path",
        reason: "Terraform creates the new API before it deletes the old one at that path; a second apply works",
    },
    KnownFailure {
        name: "paths-swapped",
        says: "with the same Path",
        reason: "each API would have to give up its path before the other one gets it; GATEWAY.md says how",
    },
];

/// Resources that a case needs and that its module does not read: named values of custom policies, a role of the organisation's own.
const SEEDS: [(&str, &[&str]); 2] = [
    (
        "own-checks",
        &[
            "/resourceGroups/rg-ai/providers/Microsoft.ApiManagement/service/apim-contoso",
            "/resourceGroups/rg-ai/providers/Microsoft.ApiManagement/service/apim-contoso/namedValues/proxy-user",
            "/resourceGroups/rg-ai/providers/Microsoft.ApiManagement/service/apim-contoso/namedValues/proxy-password",
        ],
    ),
    ("content-safety", &["/providers/Microsoft.Authorization/roleDefinitions/6f4b8c11-2d3e-4f5a-9b6c-7d8e9f0a1b2c"]),
];

/// The subscription that the loopback Resource Manager has, and a group for gateways that name none.
const SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000000";
const GROUP: &str = "rg-ai";
/// Runs at a time; they mostly wait.
const AT_ONCE: usize = 3;

/// One thing to apply.
#[derive(Debug)]
struct Job {
    name: String,
    /// The gateway file, and the one that follows it on day two.
    versions: Vec<Utf8PathBuf>,
}

/// The requirements beyond Terraform; `None` after printing what is missing.
fn mirror() -> Option<Utf8PathBuf> {
    Terraform::find()?;
    tool::need("openssl")?;
    tool::need("provider-mirror")
}

fn root() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every case and every pair.
fn jobs() -> Vec<Job> {
    let mut jobs: Vec<_> = cases()
        .into_iter()
        .map(|case| {
            let yaml = |folder: &str| root().join("fixtures").join(folder).join(&case.name).join("gateway.yaml");
            let valid = yaml("valid");
            let versions = vec![if valid.exists() { valid } else { yaml("shared") }];
            Job { name: case.name, versions }
        })
        .collect();
    for entry in root().join("fixtures/pairs").read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        let versions = ["before.yaml", "after.yaml"].map(|file| entry.path().join(file)).to_vec();
        jobs.push(Job { name: entry.file_name().to_owned(), versions });
    }
    jobs.sort_by(|one, other| one.name.cmp(&other.name));
    jobs
}

/// The jobs of this run.
fn wanted() -> Vec<Job> {
    let wish = std::env::var("GATEWRIGHT_APPLY").unwrap_or_default();
    let mut all = jobs();
    let names: Vec<String> = match wish.as_str() {
        "all" => return all,
        "" => SOME.map(str::to_owned).to_vec(),
        list => list.split(',').map(str::to_owned).collect(),
    };
    for name in &names {
        assert!(all.iter().any(|job| job.name == *name), "nothing to apply is called {name}");
    }
    all.retain(|job| names.contains(&job.name));
    all
}

/// The problems of a job: a phase that failed, a value of the service that Bicep would set differently.
fn judge(job: &Job, mirror: &Utf8Path) -> Vec<String> {
    let (_keep, folder) = scratch();
    let mut versions = Vec::new();
    for (at, yaml) in job.versions.iter().enumerate() {
        let to = folder.join(format!("version-{at}"));
        match write(&emitted(yaml, "gateway.yaml"), &to, WriteOptions::default()) {
            Ok(Outcome::Done(_)) => versions.push(to),
            other => panic!("{}: {other:?}", job.name),
        }
    }
    let evidence = folder.join("evidence");
    let mut found = apply(&versions, &seeds(&job.name, &folder), mirror, &evidence);
    if found.is_empty() {
        let state = if versions.len() > 1 { "state-updated.json" } else { "state.json" };
        found.extend(differences(&evidence.join(state), versions.last().unwrap(), job.versions.last().unwrap()));
    }
    found
}

/// The lines of `apply-check` that tell of a failure.
fn apply(versions: &[Utf8PathBuf], seeds: &[Utf8PathBuf], mirror: &Utf8Path, evidence: &Utf8Path) -> Vec<String> {
    apply_with(&[], versions, seeds, mirror, evidence)
}

/// The same with more options.
fn apply_with(
    options: &[&str],
    versions: &[Utf8PathBuf],
    seeds: &[Utf8PathBuf],
    mirror: &Utf8Path,
    evidence: &Utf8Path,
) -> Vec<String> {
    let mut check = Command::new(toolbox::own("terraform-apply", "apply-check"));
    check.arg(versions[0].join("terraform"));
    check.args(["--fail-on-secrets", "--out", evidence.as_str(), "--mirror", mirror.as_str()]).args(options);
    for seed in seeds {
        check.args(["--seed", seed.as_str()]);
    }
    if let Some(second) = versions.get(1) {
        check.arg("--update-with").arg(second.join("terraform"));
    }
    check.env("TF_VAR_resource_group", GROUP);
    check.env(
        "TF_VAR_application_insights_connection_string",
        "InstrumentationKey=00000000-0000-0000-0000-000000000000",
    );
    let said = check.output().expect("apply-check starts");
    if said.status.success() {
        return Vec::new();
    }
    tool::complaints(&said).into_iter().filter(|line| !line.starts_with("ok")).collect()
}

/// A file with what else must exist, if anything.
fn seeds(name: &str, folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let Some((_, ids)) = SEEDS.iter().find(|(case, _)| *case == name) else {
        return Vec::new();
    };
    let rows: Vec<Json> = ids
        .iter()
        .map(|id| {
            let name = id.rsplit('/').next().unwrap();
            let id = format!("/subscriptions/{SUBSCRIPTION}{id}");
            if id.contains("/namedValues/") {
                json!({ "id": id, "properties": { "displayName": name, "value": "a value" } })
            } else if id.contains("/roleDefinitions/") {
                json!({ "id": id, "name": name, "properties": { "roleName": "A role of the organisation's own" } })
            } else {
                json!({ "id": id, "sku": { "name": "StandardV2", "capacity": 1 } })
            }
        })
        .collect();
    let path = folder.join("seeds.json");
    tool::put(&path, &json!({ "resources": rows }).to_string());
    vec![path]
}

/// How the state of the service differs from what Bicep would deploy.
fn differences(state: &Utf8Path, version: &Utf8Path, yaml: &Utf8Path) -> Vec<String> {
    let plan = compile::check(yaml).unwrap().plan.unwrap();
    let group = plan.service.resource_group.as_deref().unwrap_or(GROUP);
    let asked = json!({ "path": version.join("bicep/main.bicepparam"), "metadata": {
        "tenantId": "11111111-1111-4111-8111-111111111111",
        "subscriptionId": SUBSCRIPTION,
        "resourceGroup": group,
        "location": "swedencentral",
        "deploymentName": "gateway",
    }});
    let Some(taken) = server::with_bicep(|bicep| bicep.ask("bicep/getSnapshot", &asked)) else {
        return Vec::new();
    };
    let snapshot = version.join("snapshot.json");
    tool::put(&snapshot, taken["snapshot"].as_str().unwrap());
    let mut compare = Command::new(toolbox::own("terraform-apply", "compare"));
    let said = compare.args([state, snapshot.as_path()]).output().expect("compare starts");
    if said.status.success() { Vec::new() } else { tool::complaints(&said) }
}

#[test]
fn real_providers_apply_change_and_destroy() {
    let Some(mirror) = mirror() else {
        return;
    };
    let jobs = wanted();
    let found = map_on(AT_ONCE, &jobs, |job| {
        let found = judge(job, &mirror);
        let known = KNOWN_FAILURES.iter().find(|known| known.name == job.name);
        let lines = match known {
            Some(known) if found.is_empty() => {
                vec![format!("applies now, take it off KNOWN_FAILURES: {}", known.reason)]
            }
            Some(known) if found.iter().any(|line| line.contains(known.says)) => Vec::new(),
            _ => found,
        };
        lines.into_iter().map(|line| format!("{}: {line}", job.name)).collect::<Vec<_>>()
    });
    none(&found.concat());
}

/// The requests of one phase: method, the end of the id, and the query.
fn requests(evidence: &Utf8Path, phase: &str) -> Vec<(String, String, Json)> {
    let log = tool::get(&evidence.join("log.jsonl"));
    let rows = log.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
    let rows = rows.filter(|row| row["phase"] == phase);
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    rows.map(|row| {
        let id = text(&row["id"]);
        let end = id.rsplit_once("/service/").map_or("", |(_, end)| end);
        (text(&row["method"]), end.to_owned(), row["query"].clone())
    })
    .collect()
}

/// Without roles, since those are what takes time.
const LOGGED: &str = "\
version: 1
gateway: { name: apim-contoso, resourceGroup: rg-ai, roles: skip }
observability: { applicationInsights: { name: appi-contoso } }
backends: { weather: { kind: http, url: https://weather.contoso.com } }
apis: { weather: { path: weather, target: weather, definition: passThrough, subscriptions: [first-team] } }
";

#[test]
fn a_component_that_was_created_again_is_a_change() {
    let Some(mirror) = mirror() else {
        return;
    };
    let (_keep, case) = case::written(LOGGED);
    let (_keep, evidence) = scratch();
    let versions = [case.folder.clone(), case.folder.clone()];
    none(&apply_with(&["--renew"], &versions, &[], &mirror, &evidence));
    let is_write = |(method, _, _): &&(String, String, Json)| method != "GET";
    let sent = requests(&evidence, "update");
    let sent: Vec<&str> = sent.iter().filter(is_write).map(|(_, end, _)| end.as_str()).collect();
    assert_eq!(sent, ["apim-contoso/namedValues/application-insights-connection-string"]);
    // Revisions that were added to an API in the meantime do not keep it.
    let destroyed = requests(&evidence, "destroy");
    let api = destroyed.iter().find(|(method, end, _)| method == "DELETE" && end == "apim-contoso/apis/weather");
    assert_eq!(api.unwrap().2["deleterevisions"], "true");
}

#[test]
fn what_must_exist_is_named_before_anything_changes() {
    let Some(mirror) = mirror() else {
        return;
    };
    let id = |kind: &str| format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.{kind}");
    let service = |identity: &str| {
        let id = id("ApiManagement/service/apim-contoso");
        json!({ "id": id, "sku": { "name": "StandardV2", "capacity": 1 }, "identity": { "type": identity } })
    };
    let account =
        json!({ "id": id("CognitiveServices/accounts/aoai-contoso"), "kind": "OpenAI", "sku": { "name": "S0" } });
    for (identity, seed, says) in [
        ("", service("None"), "no system-assigned identity"),
        ("", account, "openai has no custom subdomain"),
        (", identity: { user: { name: id-apim } }", service("SystemAssigned"), "not have the user-assigned identity"),
    ] {
        let (_keep, case) = case::written(&format!(
            "version: 1
gateway: {{ name: apim-contoso, resourceGroup: rg-ai{identity} }}
backends: {{ openai: {{ kind: azureOpenAI, account: aoai-contoso }} }}
apis: {{ openai: {{ path: openai, target: openai, subscriptions: [first-team] }} }}
"
        ));
        let (_keep, folder) = scratch();
        let path = folder.join("seeds.json");
        tool::put(&path, &json!({ "resources": [seed] }).to_string());
        let found = apply(std::slice::from_ref(&case.folder), &[path], &mirror, &folder.join("evidence"));
        // Terraform breaks long messages into lines.
        finds(&[found.join(" ")], says);
    }
}

#[test]
fn known_failures_and_seeds_are_things_to_apply() {
    let jobs = jobs();
    let known = KNOWN_FAILURES.iter().map(|known| known.name);
    for name in known.chain(SEEDS.iter().map(|(name, _)| *name)).chain(SOME) {
        assert!(jobs.iter().any(|job| job.name == name), "nothing to apply is called {name}");
    }
}

#[test]
fn what_the_service_refuses_or_holds_differently_is_found() {
    let Some(mirror) = mirror() else {
        return;
    };
    // Without roles, since those are what takes time.
    let yaml = "\
version: 1
gateway: { name: apim-contoso, resourceGroup: rg-ai, roles: skip }
backends: { weather: { kind: http, url: https://weather.contoso.com } }
apis: { weather: { path: weather, target: weather, definition: passThrough, subscriptions: [first-team] } }
";
    let (_keep, case) = case::written(yaml);
    let (_keep, evidence) = scratch();
    let version = std::slice::from_ref(&case.folder);
    none(&apply(version, &[], &mirror, &evidence));
    let source = case.folder.parent().unwrap().join("gateway.yaml");
    let compared = || differences(&evidence.join("state.json"), &case.folder, &source);
    none(&compared());
    case.edit("bicep/modules/backends.bicep", "protocol: 'http'", "protocol: 'soap'");
    if tool::find("bicep").is_some() {
        finds(&compared(), "properties.protocol");
    }
    case.edit("terraform/policies/api-weather.xml", "backend-id=\"weather\"", "backend-id=\"wether\"");
    finds(&apply(version, &[], &mirror, &evidence), "wether");
}
