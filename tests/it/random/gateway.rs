//! A random gateway that the compiler takes: a seed gives a `gateway.yaml` and the documents beside it.

use std::collections::{BTreeMap, BTreeSet};

use gatewright::resolve::name::{ResourceName, kebab};
use serde_json::{Map, Value, json};

use super::Built;
use super::backends::BackendNames;
use super::draw::Draw;

/// A gateway as its author writes it.
#[derive(Debug)]
pub(super) struct Gateway {
    /// The text of `gateway.yaml`.
    pub(super) yaml: String,
    /// The documents that it names: path and text.
    pub(super) documents: BTreeMap<String, String>,
}

/// The gateway of a seed.
pub(super) fn gateway(seed: u64, built: &Built) -> Gateway {
    let mut author = Author {
        draw: Draw::new(seed),
        built,
        prefix: String::new(),
        is_consumption: false,
        kind: "azureOpenAI",
        role: None,
        credential: Value::Null,
        backends: BackendNames::default(),
        targets: Vec::new(),
        members: BTreeMap::new(),
        apis: BTreeSet::new(),
        subscriptions: BTreeSet::new(),
        documents: BTreeMap::new(),
    };
    let value = author.file();
    // JSON is YAML as well, and takes other ways through the parsers.
    let yaml = if author.draw.percent(20) { format!("{value:#}\n") } else { serde_yaml::to_string(&value).unwrap() };
    Gateway { yaml, documents: author.documents }
}

/// Something that an API or a pool may name.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// How it is named.
    pub(super) reference: String,
    pub(super) form: Form,
    /// The names of models that callers may put into the body; `None`: any.
    pub(super) models: Option<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form {
    /// An account as a whole, or a pool of such.
    Account,
    /// One deployment, or a pool of such.
    Deployment,
    /// All deployments of a backend, of which no pool can be made.
    Deployments,
    /// An HTTP service, with its URL, or a pool of such.
    Http(String),
}

pub(super) struct Author<'a> {
    pub(super) draw: Draw,
    pub(super) built: &'a Built,
    pub(super) prefix: String,
    pub(super) is_consumption: bool,
    /// The kind of all accounts, so that any of them can share a pool, and the role on them.
    pub(super) kind: &'static str,
    pub(super) role: Option<Value>,
    /// The credential that all services receive.
    pub(super) credential: Value,
    pub(super) backends: BackendNames,
    pub(super) targets: Vec<Target>,
    /// The breaker of each member that is in a pool already.
    pub(super) members: BTreeMap<String, Value>,
    pub(super) apis: BTreeSet<ResourceName>,
    pub(super) subscriptions: BTreeSet<ResourceName>,
    pub(super) documents: BTreeMap<String, String>,
}

const GROUPS: [&str; 5] = ["rg-ai", "RG-AI", "rg-models", "(rg)-._2", "rg_(eu).West-1"];
const SUBSCRIPTIONS: [&str; 2] = ["22222222-2222-2222-2222-222222222222", "7D3A1B52-9c4e-4F6A-8B21-0E5F6C7D8A90"];

/// Adds a key where there is something to say.
pub(super) fn put(object: &mut Value, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        object[key] = value;
    }
}

impl Author<'_> {
    fn file(&mut self) -> Value {
        let backends = self.all_backends();
        let has_insights = self.built.insights && self.draw.percent(40);
        let needs_identity =
            has_insights || backends.values().any(|one| one["kind"] != "http" || one["credential"].is_object());
        let gateway = self.service(needs_identity);
        let mut file = json!({ "version": 1, "gateway": gateway, "backends": backends });
        if has_insights {
            let name = self.draw.pick(&["appi-contoso", "_appi.(1)", "appi"]);
            file["observability"] = json!({ "applicationInsights": self.place(name) });
        }
        if self.built.pools && self.draw.percent(70) {
            let pools = self.pools();
            put(&mut file, "pools", (!pools.is_empty()).then(|| pools.into()));
        }
        let mut apis = Map::new();
        for _ in 0..self.draw.between(1, 5) {
            if let Some((name, api)) = self.api() {
                apis.insert(name, api);
            }
        }
        file["apis"] = apis.into();
        file
    }

    fn service(&mut self, needs_identity: bool) -> Value {
        let draw = &mut self.draw;
        let mut service = json!({ "name": draw.pick(&["apim-contoso", "A", "Apim-Contoso-1", "apim-contoso-platform-ai-gateway-west-europe-prod1"]) });
        if !self.prefix.is_empty() {
            service["prefix"] = self.prefix.clone().into();
        }
        if draw.percent(80) {
            service["resourceGroup"] = draw.pick(&GROUPS).into();
        }
        if self.is_consumption {
            service["sku"] = "Consumption".into();
        } else if draw.percent(60) {
            service["sku"] =
                draw.pick(&["Developer", "Basic", "Standard", "Premium", "BasicV2", "StandardV2", "PremiumV2"]).into();
        }
        if draw.percent(30) {
            service["publicUrl"] = draw
                .pick(&["https://ai.contoso.com", "https://edge.contoso.com:8443/a/b.c~d_e", "https://10.0.0.1"])
                .into();
        }
        if draw.percent(30) {
            service["roles"] = draw.pick(&["create", "skip"]).into();
        }
        match draw.between(0, 9) {
            0 => service["identity"] = json!({ "system": true }),
            1 if !needs_identity => service["identity"] = json!({ "system": false }),
            2 | 3 => {
                let name = draw.pick(&["id-apim", "_id.(1)", "ID"]);
                let user = self.place(name);
                service["identity"] = json!({ "user": user });
                let system = self.draw.percent(50);
                put(&mut service["identity"], "system", self.draw.percent(50).then(|| system.into()));
            }
            _ => {}
        }
        service
    }

    /// An existing resource, somewhere.
    pub(super) fn place(&mut self, name: &str) -> Value {
        let mut place = json!({ "name": name });
        let subscription = self.draw.percent(25);
        if subscription || self.draw.percent(40) {
            place["resourceGroup"] = self.draw.pick(&GROUPS).into();
        }
        if subscription {
            place["subscription"] = self.draw.pick(&SUBSCRIPTIONS).into();
        }
        place
    }

    /// The prefix as names in the service have it.
    pub(super) fn own_prefix(&self) -> String {
        let hyphen = if self.prefix.ends_with('-') { "-" } else { "" };
        format!("{}{hyphen}", kebab(&self.prefix))
    }
}
