//! Starts the emulator with a generated gateway. Values that only a deployment knows (hosts of accounts, ids of identities)
//! is read from what Bicep says it would deploy, so that a test never describes a gateway twice.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
};

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Value, json};

use gatewright::resolve::Credential;

use super::http::{self, Message};
use crate::case::{Planned, planned};
use crate::{server, tool};

/// A gateway that serves, until it is dropped.
pub(super) struct Gateway {
    pub(super) address: String,
    admin: String,
    resources: Vec<Value>,
    emulator: Child,
    plan: Planned,
}

/// How an API of a gateway is called.
#[derive(Debug)]
pub(super) struct Api {
    pub(super) path: String,
    pub(super) key_header: String,
    /// True if it requires no key.
    pub(super) is_open: bool,
    /// The claims of the caller's token, if it requires one.
    pub(super) claims: Option<Value>,
    /// An address that may call.
    pub(super) address: String,
    /// One of each subscription of this API alone.
    pub(super) keys: Vec<String>,
    /// URLs of those that it sends requests to. With an account's host they are expressions.
    pub(super) backends: Vec<String>,
    /// Those that it routes to by name.
    pub(super) deployments: Vec<String>,
    /// Methods, and paths below the API's own, with parameters filled in.
    pub(super) operations: Vec<(String, String)>,
    /// A model that it answers for, where its callers name one.
    pub(super) model: Option<String>,
    /// The credentials that such requests carry.
    pub(super) credential: Credential,
}

impl Gateway {
    /// The gateway of `out/<case>`, with one service for all of its backends; `None` after printing what is missing.
    pub(super) fn start(case: &str, backend: &http::Backend) -> Option<Self> {
        Self::start_with(case, |_| backend.address.clone(), &json!({}))
    }

    /// The same with a service for each host, and with options of the emulator.
    pub(super) fn start_with(case: &str, behind: impl Fn(&str) -> String, options: &Value) -> Option<Self> {
        Self::start_changed(case, behind, options, |_| ())
    }

    /// The same with changes to what is deployed, for states between two of its steps.
    pub(super) fn start_changed(
        case: &str,
        behind: impl Fn(&str) -> String,
        options: &Value,
        change: impl Fn(&mut Value),
    ) -> Option<Self> {
        let program = tool::own("gateway-emulator", "run")?;
        tool::find("mono")?;
        let mut resources = resources(case)?;
        resources.iter_mut().for_each(change);
        let scratch = tempfile::tempdir().unwrap();
        let config = Utf8Path::from_path(scratch.path()).unwrap().join("gateway.json");
        let text = config_of(&resources, behind, options).to_string();
        tool::put(&config, &text);
        let mut emulator = Command::new(program)
            .args(["--config", config.as_str()])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the emulator starts");
        let mut ready = String::new();
        BufReader::new(emulator.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        if ready.is_empty() {
            let mut problems = String::new();
            let mut stderr = emulator.stderr.take().unwrap();
            stderr.read_to_string(&mut problems).unwrap();
            panic!("the emulator refuses {case}: {problems}");
        }
        let ready: Value = serde_json::from_str(&ready).unwrap();
        let address = |key: &str| {
            let url = ready[key].as_str().unwrap();
            url.strip_prefix("http://").unwrap().to_owned()
        };
        Some(Self { address: address("url"), admin: address("admin"), resources, emulator, plan: plan(case) })
    }

    /// Moves the emulator's clock.
    pub(super) fn wait(&self, seconds: u32) {
        let body = json!({ "advance_s": seconds }).to_string();
        let answer = http::send(&self.admin, "POST /clock", &[], &body);
        assert_eq!(answer.status(), 200, "{answer:?}");
    }

    pub(super) fn apis(&self) -> Vec<Api> {
        of_type(&self.resources, "apis").map(|api| self.read(api)).collect()
    }

    /// The API at a path.
    pub(super) fn api(&self, path: &str) -> Api {
        let mut apis = self.apis();
        apis.retain(|api| api.path == path);
        apis.pop().expect("the API is in the snapshot")
    }

    fn read(&self, api: &Value) -> Api {
        let properties = &api["properties"];
        let policy = format!("{}/policy", text(&api["name"]));
        let policy =
            of_type(&self.resources, "apis/policies").find(|p| p["name"] == policy).expect("every API has a policy");
        let policy = text(&policy["properties"]["value"]);
        let backends: Vec<_> = of_type(&self.resources, "backends")
            .filter(|b| policy.contains(&format!("backend-id=\"{}\"", name(b))))
            .map(|b| text(&b["properties"]["url"]).to_owned())
            .collect();
        let deployments: Vec<_> =
            backends.iter().filter_map(|url| after(url, "/openai/deployments/")).map(str::to_owned).collect();
        let path = text(&properties["path"]);
        let planned = self.plan.apis.iter().find(|api| api.path == path);
        let planned = planned.expect("the fixture has the API");
        let served = &planned.serves[0];
        let model = served.model.clone();
        let deployment = model.as_deref().or(deployments.first().map(String::as_str));
        let operations = operations(text(&properties["value"]), deployment.unwrap_or("any"));
        Api {
            path: text(&properties["path"]).to_owned(),
            key_header: text(&properties["subscriptionKeyParameterNames"]["header"]).to_owned(),
            is_open: properties["subscriptionRequired"] == false,
            keys: of_type(&self.resources, "subscriptions")
                .filter(|subscription| subscription["properties"]["scope"] == api["id"])
                .map(|subscription| format!("key-{}", name(subscription)))
                .collect(),
            claims: claims(planned),
            address: planned
                .addresses
                .first()
                .map_or_else(|| "203.0.113.1".to_owned(), |addresses| addresses.first.to_string()),
            operations,
            backends,
            deployments,
            model,
            credential: served.credential.clone(),
        }
    }

    pub(super) fn send(&self, request: &str, headers: &[(&str, &str)], body: &str) -> Message {
        http::send(&self.address, request, headers, body)
    }

    /// The emulator's warnings about this gateway: parts that deploy and have no effect, or do harm.
    pub(super) fn warnings(&self) -> Value {
        self.report("/warnings")
    }

    /// The emulator's trace of the last request.
    pub(super) fn trace(&self) -> Value {
        self.report("/trace?last=1")[0].take()
    }

    fn report(&self, path: &str) -> Value {
        let report = http::send(&self.admin, &format!("GET {path}"), &[], "");
        serde_json::from_str(&report.body).unwrap()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.emulator.kill();
        let _ = self.emulator.wait();
    }
}

/// The cases in `out/`, or `None` after printing that there are none.
pub(super) fn cases() -> Option<Vec<String>> {
    let out = Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/out"));
    let Ok(entries) = out.read_dir_utf8() else {
        return tool::missing("out");
    };
    let mut cases: Vec<_> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("bicep").exists())
        .map(|entry| entry.file_name().to_owned())
        .collect();
    // The emulator fetches no definitions, and does not know the policies that validate and convert.
    cases.retain(|case| !["linked-definitions", "own-answers", "own-checks"].contains(&case.as_str()));
    cases.sort();
    Some(cases)
}

/// The resources that `out/<case>/bicep` would deploy. Bicep, which is slow, runs once.
fn resources(case: &str) -> Option<Vec<Value>> {
    static KNOWN: Mutex<BTreeMap<String, Vec<Value>>> = Mutex::new(BTreeMap::new());
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(resources) = known().get(case) {
        return Some(resources.clone());
    }
    let parameters = Utf8PathBuf::from(format!("{}/out/{case}/bicep/main.bicepparam", env!("CARGO_MANIFEST_DIR")));
    if !parameters.exists() {
        return tool::missing(&format!("out/{case}"));
    }
    let resources = server::snapshot(&parameters, "00000000-0000-0000-0000-000000000001", "rg-gateway")?;
    known().insert(case.to_owned(), resources.clone());
    Some(resources)
}

/// The model of a case's fixture.
fn plan(case: &str) -> Planned {
    let fixtures = Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/valid"));
    planned(&fixtures.join(case).join("gateway.yaml"))
}

/// The claims of a token that an API accepts.
fn claims(api: &gatewright::plan::Api) -> Option<Value> {
    let entra = api.entra.as_ref()?;
    let any = "99999999-9999-9999-9999-999999999999";
    Some(json!({
        "tid": entra.tenant.value,
        "aud": entra.audiences[0].value,
        "azp": entra.applications.first().map_or(any, |id| &id.value),
        "roles": entra.roles.iter().rev().take(1).collect::<Vec<_>>(),
    }))
}

/// The emulator's configuration: where hosts really are, that an identity's client id is `client-of-<identity>`, and a secret `kv-<its
/// named value>`.
fn config_of(resources: &[Value], behind: impl Fn(&str) -> String, options: &Value) -> Value {
    let policies = of_type(resources, "apis/policies");
    // Custom policies send requests of their own.
    let sent = policies.flat_map(|policy| {
        let text = text(&policy["properties"]["value"]);
        let urls = text.split("<set-url>").skip(1);
        urls.filter_map(|url| url.split('<').next())
    });
    let hosts: BTreeMap<_, _> = of_type(resources, "backends")
        .filter_map(|backend| backend["properties"]["url"].as_str())
        .chain(sent)
        .map(|at| (host(at), format!("http://{}", behind(&host(at)))))
        .collect();
    let identities: BTreeMap<_, _> = of_type(resources, "namedValues")
        .map(|value| &value["properties"])
        .filter_map(|value| {
            let name = value["displayName"].as_str()?;
            if value["secret"] == true {
                return Some((name, format!("kv-{name}")));
            }
            let identity = after(value["value"].as_str()?, "/userAssignedIdentities/")?;
            Some((name, format!("client-of-{identity}")))
        })
        .collect();
    let mut options = options.clone();
    options["namedValues"] = json!(identities);
    let urls: BTreeMap<_, _> = of_type(resources, "backends")
        .filter_map(|backend| Some((backend, foundry_url(backend["properties"]["url"].as_str()?)?)))
        .map(|(backend, url)| (format!("backends/{}", name(backend)), url))
        .collect();
    options["urls"] = json!(urls);
    json!({ "resources": resources, "hosts": hosts, "options": options })
}

/// The mark of the host of an account's Foundry APIs in a URL that is built at deployment.
const FOUNDRY: &str = ".endpoints['AI Foundry API']";

/// The URL at such a host, which the emulator does not know how to make.
fn foundry_url(url: &str) -> Option<String> {
    let (_, path) = url.contains(FOUNDRY).then(|| url.split_once("{0}"))??;
    let path = path.split('\'').next()?;
    Some(format!("https://{}{path}", host(url)))
}

/// The host in a backend's URL, or that of the account whose endpoint the URL is made of when it is deployed.
fn host(url: &str) -> String {
    match after(url, "/Microsoft.CognitiveServices/accounts/") {
        Some(account) if url.contains(FOUNDRY) => format!("{account}.services.ai.azure.com").to_lowercase(),
        Some(account) => format!("{account}.cognitiveservices.azure.com").to_lowercase(),
        None => after(url, "://").expect("a URL").to_lowercase(),
    }
}

/// The text after `mark`, up to a character that no name has.
fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(mark)?;
    rest.split(['/', '\'', ':']).next()
}

fn of_type<'a>(resources: &'a [Value], kind: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    let kind = format!("Microsoft.ApiManagement/service/{kind}");
    resources.iter().filter(move |r| r["type"] == kind.as_str())
}

/// The methods and paths of a definition.
fn operations(definition: &str, deployment: &str) -> Vec<(String, String)> {
    let definition: Value = serde_json::from_str(definition).expect("a definition is JSON");
    let paths = definition["paths"].as_object().expect("it has paths");
    paths
        .iter()
        .flat_map(|(path, item)| {
            let mut before = "";
            let mut segments = Vec::new();
            // If any path is allowed, one below a deployment works everywhere.
            let path = match path.as_str() {
                "/*" => "/deployments/{any}/any/path",
                path => path,
            };
            for segment in path.split('/') {
                // `{id}.json` and `{id}:reopen` are parameters followed by text.
                segments.push(match (before, segment.split_once('{')) {
                    ("deployments", Some(_)) => deployment.to_owned(),
                    (_, Some((start, rest))) => {
                        let (_, end) = rest.split_once('}').expect("a parameter ends");
                        format!("{start}any{end}")
                    }
                    (_, None) => segment.to_owned(),
                });
                before = segment;
            }
            let methods = item.as_object().unwrap().keys();
            methods
                .filter(|method| *method != "parameters")
                .map(move |method| (method.to_uppercase(), segments.join("/")))
        })
        .collect()
}

/// The last word of a resource's name.
fn name(resource: &Value) -> &str {
    text(&resource["name"]).rsplit('/').next().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
