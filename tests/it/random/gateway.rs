//! A random gateway that the compiler takes: a seed gives a `gateway.yaml` and the documents beside it.

use std::collections::{BTreeMap, BTreeSet};

use gatewright::resolve::name::{Name, ResourceName, kebab};
use serde_json::{Map, Value, json};

use super::Built;
use super::definition::{Wanted, document};
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
        backends: BackendNames::default(),
        targets: Vec::new(),
        members: BTreeMap::new(),
        apis: BTreeSet::new(),
        subscriptions: BTreeSet::new(),
        documents: BTreeMap::new(),
    };
    let value = author.file();
    // JSON is YAML as well, and takes other ways through the parsers.
    let yaml = if author.draw.percent(20) {
        format!("{value:#}\n")
    } else {
        serde_yaml::to_string(&value).unwrap()
    };
    Gateway {
        yaml,
        documents: author.documents,
    }
}

/// Something that an API or a pool may name.
#[derive(Debug, Clone)]
struct Target {
    /// How it is named.
    reference: String,
    form: Form,
    /// What callers that put the model into the body may call it; `None`: anything.
    models: Option<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq)]
enum Form {
    /// An account as a whole, or a pool of such.
    Account,
    /// One deployment, or a pool of such.
    Deployment,
    /// All deployments of a backend, of which no pool can be made.
    Deployments,
    /// An HTTP service, with its URL, or a pool of such.
    Http(String),
}

impl Form {
    /// Whether both can be members of one pool.
    fn fits(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Http(_), Self::Http(_)) => true,
            (one, other) => one == other && *one != Self::Deployments,
        }
    }
}

/// What callers of an API see.
#[derive(Debug, Clone, PartialEq)]
enum Surface {
    /// With deployments in its paths, of which the gateway makes something or does not.
    AzureOpenAi { by_deployment: bool },
    /// With the model in the body.
    OpenAi,
    /// In front of a URL.
    Rest(String),
}

/// Names of backends and pools in the service. A surface may append `-v1`, so both forms of a name are taken at once.
#[derive(Debug, Default)]
struct BackendNames(BTreeSet<String>);

impl BackendNames {
    fn take(&mut self, prefix: &str, parts: &[&str]) -> bool {
        let Some(name) = ResourceName::join(prefix, &[parts, &["v1"]].concat()) else {
            return false;
        };
        let with = name.to_string();
        let without = with.strip_suffix("-v1").unwrap().to_owned();
        if without.is_empty() || self.0.contains(&with) || self.0.contains(&without) {
            return false;
        }
        self.0.extend([with, without]);
        true
    }
}

struct Author<'a> {
    draw: Draw,
    built: &'a Built,
    prefix: String,
    is_consumption: bool,
    backends: BackendNames,
    targets: Vec<Target>,
    /// The breaker of each member that is in a pool already.
    members: BTreeMap<String, Value>,
    apis: BTreeSet<ResourceName>,
    subscriptions: BTreeSet<ResourceName>,
    documents: BTreeMap<String, String>,
}

const GROUPS: [&str; 5] = ["rg-ai", "RG-AI", "rg-models", "(rg)-._2", "rg_(eu).West-1"];
const SUBSCRIPTIONS: [&str; 2] = [
    "22222222-2222-2222-2222-222222222222",
    "7D3A1B52-9c4e-4F6A-8B21-0E5F6C7D8A90",
];

/// Adds a key where there is something to say.
fn put(object: &mut Value, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        object[key] = value;
    }
}

impl Author<'_> {
    fn file(&mut self) -> Value {
        let backends = self.all_backends();
        let has_insights = self.built.insights && self.draw.percent(40);
        let needs_identity = has_insights || backends.values().any(|one| one["kind"] != "http");
        let gateway = self.service(needs_identity);
        let mut file = json!({ "version": 1, "gateway": gateway, "backends": backends });
        if has_insights {
            let name = self.draw.pick(&["appi-contoso", "_appi.(1)", "appi"]);
            file["observability"] = json!({ "applicationInsights": self.place(name) });
        }
        if self.built.pools && self.draw.percent(70) {
            let pools = self.pools();
            put(
                &mut file,
                "pools",
                (!pools.is_empty()).then(|| pools.into()),
            );
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
            service["sku"] = draw
                .pick(&[
                    "Developer",
                    "Basic",
                    "Standard",
                    "Premium",
                    "BasicV2",
                    "StandardV2",
                    "PremiumV2",
                ])
                .into();
        }
        if draw.percent(30) {
            service["publicUrl"] = draw
                .pick(&[
                    "https://ai.contoso.com",
                    "https://edge.contoso.com:8443/a/b.c~d_e",
                    "https://10.0.0.1",
                ])
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
                put(
                    &mut service["identity"],
                    "system",
                    self.draw.percent(50).then(|| system.into()),
                );
            }
            _ => {}
        }
        service
    }

    /// An existing resource, somewhere.
    fn place(&mut self, name: &str) -> Value {
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

    fn all_backends(&mut self) -> Map<String, Value> {
        if self.draw.percent(60) {
            let prefixes = [
                "aigw-",
                "x-",
                "platform",
                "a--b-",
                "p",
                "a-prefix-of-twenty--",
            ];
            self.prefix = self.draw.pick(&prefixes).to_owned();
        }
        self.is_consumption = self.draw.percent(12);
        let accounts = self.accounts();
        let mut deployments = BTreeMap::new();
        let mut backends = Map::new();
        while backends.is_empty() || self.draw.percent(60) && backends.len() < 6 {
            let name = self.draw.name();
            if backends.contains_key(&name) {
                continue;
            }
            let backend = match self.draw.between(0, 9) {
                0..=2 => self.http(&name),
                3..=5 => self.whole_account(&name, &accounts),
                _ => self.deployments(&name, &accounts, &mut deployments),
            };
            backends.extend(backend.map(|backend| (name, backend)));
        }
        backends
    }

    /// Accounts that backends may share, each written in one or two ways.
    fn accounts(&mut self) -> Vec<Vec<Value>> {
        let names = self.draw.some(
            &["aoai-east", "AOAI_contoso.1-", "ai.x_y", "42", "module"],
            4,
        );
        let account = |name: &&str| {
            let place = self.place(name);
            let mut forms = vec![place.clone()];
            if place.as_object().unwrap().len() == 1 {
                forms.push((*name).into());
            }
            let mut other = place;
            other["name"] = name.to_uppercase().into();
            forms.push(other);
            forms
        };
        names.iter().map(account).collect()
    }

    fn http(&mut self, name: &str) -> Option<Value> {
        if !self.backends.take(&self.own_prefix(), &[name]) {
            return None;
        }
        let scheme = if self.draw.percent(8) {
            "http"
        } else {
            "https"
        };
        let host = self.draw.pick(&[
            "weather.contoso.com",
            "menu.contoso.com:8443",
            "10.1.2.3",
            "localhost",
        ]);
        let path = self.draw.pick(&[
            "",
            "",
            "/v1",
            "/~o'brien/$%7Bx%7D/v1!$&'()*+,;=:@%20",
            "/a/b",
        ]);
        let url = format!("{scheme}://{host}{path}");
        let form = Form::Http(url.clone());
        self.targets.push(Target {
            reference: name.to_owned(),
            form,
            models: None,
        });
        let mut backend = json!({ "kind": "http", "url": url });
        put(
            &mut backend,
            "credential",
            self.draw.percent(10).then(|| "none".into()),
        );
        Some(backend)
    }

    fn whole_account(&mut self, name: &str, accounts: &[Vec<Value>]) -> Option<Value> {
        if !self.backends.take(&self.own_prefix(), &[name]) {
            return None;
        }
        self.targets.push(Target {
            reference: name.to_owned(),
            form: Form::Account,
            models: None,
        });
        let forms = self.draw.pick(accounts);
        let mut backend = json!({ "kind": "azureOpenAI", "account": self.draw.pick(&forms) });
        put(
            &mut backend,
            "deployments",
            self.draw.percent(5).then(|| json!({})),
        );
        Some(backend)
    }

    /// `known` has what is said of each deployment of an account, so that nobody contradicts it.
    fn deployments(
        &mut self,
        backend: &str,
        accounts: &[Vec<Value>],
        known: &mut BTreeMap<(usize, String), Value>,
    ) -> Option<Value> {
        let account = self.draw.between(0, accounts.len() as u64 - 1) as usize;
        let mut deployments = Map::new();
        let mut more = true;
        while more {
            let deployment = self.draw.model();
            if self
                .backends
                .take(&self.own_prefix(), &[backend, &deployment])
            {
                let said = known
                    .entry((account, deployment.clone()))
                    .or_insert_with(|| {
                        let mut said = json!({});
                        let model = self.draw.model();
                        put(
                            &mut said,
                            "model",
                            self.draw.percent(30).then(|| model.into()),
                        );
                        let tokens = self.draw.pick(&[1, 1000, 240_000, u64::from(u32::MAX) + 1]);
                        put(
                            &mut said,
                            "tokensPerMinute",
                            self.draw.percent(40).then(|| tokens.into()),
                        );
                        said
                    });
                deployments.insert(deployment, said.clone());
            }
            more = self.draw.percent(55) && deployments.len() < 6;
        }
        if deployments.is_empty() {
            return None;
        }
        let names: Vec<_> = deployments.keys().cloned().collect();
        for name in &names {
            self.targets.push(Target {
                reference: format!("{backend}/{name}"),
                form: Form::Deployment,
                models: Some(vec![name.clone()]),
            });
        }
        self.targets.push(Target {
            reference: backend.to_owned(),
            form: Form::Deployments,
            models: Some(names),
        });
        Some(
            json!({ "kind": "azureOpenAI", "account": self.draw.pick(&accounts[account]), "deployments": deployments }),
        )
    }

    /// The prefix as names in the service have it.
    fn own_prefix(&self) -> String {
        let hyphen = if self.prefix.ends_with('-') { "-" } else { "" };
        format!("{}{hyphen}", kebab(&self.prefix))
    }

    fn pools(&mut self) -> Map<String, Value> {
        let mut pools = Map::new();
        // A pool is no member of a pool.
        let singles = self.targets.clone();
        for _ in 0..self.draw.between(1, 3) {
            let name = self.draw.name();
            if pools.contains_key(&name) || singles.iter().any(|single| single.reference == name) {
                continue;
            }
            let is_random = self.is_consumption || self.draw.percent(30);
            let breaker = (!self.is_consumption && self.draw.percent(50)).then(|| self.breaker());
            let said = match &breaker {
                Some(breaker) => breaker.clone(),
                None => json!({ "is there": !is_random }),
            };
            let form = self.draw.pick(&singles).form;
            let fits: Vec<_> = singles
                .iter()
                .filter(|single| {
                    let other = self.members.get(&single.reference);
                    single.form.fits(&form) && other.is_none_or(|other| *other == said)
                })
                .cloned()
                .collect();
            if fits.is_empty() || !self.backends.take(&self.own_prefix(), &[&name]) {
                continue;
            }
            let members = self.draw.some(&fits, 4);
            for member in &members {
                self.members.insert(member.reference.clone(), said.clone());
            }
            let models = members[0].models.clone();
            // The body goes on as it came, so all have to know the name.
            let is_same = members.iter().all(|member| member.models == models);
            pools.insert(name.clone(), self.pool(&members, is_random, breaker));
            self.targets.push(Target {
                reference: name,
                form,
                models: if is_same { models } else { Some(Vec::new()) },
            });
        }
        pools
    }

    fn pool(&mut self, members: &[Target], is_random: bool, breaker: Option<Value>) -> Value {
        // Without 429 among them another priority would hardly ever be used, which is refused.
        let statuses = breaker
            .as_ref()
            .and_then(|breaker| breaker["statuses"].as_array());
        let has_priorities = statuses.is_none_or(|all| all.contains(&json!(429)));
        let mut all = Vec::new();
        for member in members {
            let mut one = json!({ "backend": member.reference });
            if !is_random {
                let (priority, weight) = (self.draw.between(0, 100), self.draw.between(1, 100));
                put(
                    &mut one,
                    "priority",
                    (has_priorities && self.draw.percent(50)).then(|| priority.into()),
                );
                put(
                    &mut one,
                    "weight",
                    self.draw.percent(50).then(|| weight.into()),
                );
            }
            all.push(one);
        }
        let mut pool = json!({ "members": all });
        if is_random {
            pool["balance"] = "random".into();
        } else {
            put(
                &mut pool,
                "balance",
                self.draw.percent(40).then(|| "pool".into()),
            );
            let cookie = self.draw.pick(&["SessionId", "gw-session", "a.b_c"]);
            put(
                &mut pool,
                "sessionAffinity",
                self.draw.percent(25).then(|| json!({ "cookie": cookie })),
            );
        }
        put(&mut pool, "circuitBreaker", breaker);
        if self.draw.percent(50) {
            pool["retry"] = self.retry(members.len() as u64);
        }
        if self.draw.percent(40) {
            let mut exhausted = json!({});
            let (status, after) = (
                self.draw.pick(&[429, 503, 400, 599]),
                self.draw.pick(&["1s", "10s", "2m"]),
            );
            put(
                &mut exhausted,
                "status",
                self.draw.percent(70).then(|| status.into()),
            );
            put(
                &mut exhausted,
                "retryAfter",
                self.draw.percent(70).then(|| after.into()),
            );
            pool["exhausted"] = exhausted;
        }
        pool
    }

    fn breaker(&mut self) -> Value {
        let mut breaker = json!({});
        let failures = self.draw.pick(&[1, 3, 10_000]);
        put(
            &mut breaker,
            "failures",
            self.draw.percent(60).then(|| failures.into()),
        );
        for key in ["within", "tripFor"] {
            let time = self.draw.pick(&["1s", "30s", "1m", "5m", "1h"]);
            put(
                &mut breaker,
                key,
                self.draw.percent(50).then(|| time.into()),
            );
        }
        let statuses = self.statuses();
        put(
            &mut breaker,
            "statuses",
            self.draw.percent(50).then_some(statuses),
        );
        let accepts = self.draw.percent(50);
        put(
            &mut breaker,
            "acceptRetryAfter",
            self.draw.percent(50).then(|| accepts.into()),
        );
        breaker
    }

    fn retry(&mut self, members: u64) -> Value {
        let mut retry = json!({});
        let count = if self.draw.percent(20) {
            self.draw.between(1, 50)
        } else {
            (members - 1).max(1)
        };
        put(
            &mut retry,
            "count",
            self.draw.percent(50).then(|| count.into()),
        );
        let statuses = self.statuses();
        put(
            &mut retry,
            "statuses",
            self.draw.percent(50).then_some(statuses),
        );
        if self.draw.percent(50) {
            retry["interval"] = self.draw.pick(&["1s", "2s"]).into();
            if self.draw.percent(50) {
                retry["delta"] = self.draw.pick(&["1s", "3s"]).into();
                put(
                    &mut retry,
                    "maxInterval",
                    self.draw.percent(50).then(|| "30s".into()),
                );
            }
        }
        // Without an interval there is nothing that the first retry could wait for.
        let is_fast = retry.get("interval").is_none() || self.draw.percent(50);
        put(
            &mut retry,
            "firstFast",
            self.draw.percent(50).then(|| is_fast.into()),
        );
        retry
    }

    fn statuses(&mut self) -> Value {
        let all = [
            json!(429),
            json!(500),
            json!("502-504"),
            json!("520-529"),
            json!(408),
        ];
        self.draw.some(&all, 4).into()
    }

    /// An API, and its name.
    fn api(&mut self) -> Option<(String, Value)> {
        let name = self.draw.name();
        // A file that declares a name twice, or two that are one in the service, is refused.
        let resource = ResourceName::join(&self.own_prefix(), &[&name])?;
        if !self.apis.insert(resource) {
            return None;
        }
        let ends = self.draw.pick(&["", "/openai", "/v1.0/a_b~c", "/X"]);
        // The path tells APIs apart without regard to case, and so does the name that is part of it.
        let mut api = json!({ "path": format!("{}{}{ends}", self.draw.pick(&["", "ai/", "~"]), name.trim_matches('-')) });
        if self.draw.percent(60) {
            api["displayName"] = self.draw.line(300).into();
        }
        let surface = self.route(&mut api);
        self.define(&mut api, &name, &surface);
        self.callers(&mut api, &name);
        let timeout = self.draw.pick(&["1s", "15s", "4m", "240s", "5m", "1h"]);
        put(
            &mut api,
            "timeout",
            self.draw.percent(40).then(|| timeout.into()),
        );
        let is_model = !matches!(surface, Surface::Rest(_));
        let streams = !self.is_consumption && self.draw.percent(50);
        if self.is_consumption && is_model || self.draw.percent(40) {
            api["streaming"] = streams.into();
        } else if self.built.usage && is_model && self.draw.percent(40) {
            api["streaming"] = json!({ "includeUsage": self.draw.percent(70) });
        }
        Some((name, api))
    }

    /// Says where requests go.
    fn route(&mut self, api: &mut Value) -> Surface {
        let in_body = self.built.models && self.draw.percent(35);
        if self.built.models
            && self.draw.percent(40)
            && let Some(surface) = self.models(api, in_body)
        {
            return surface;
        }
        let target = self.draw.pick(&self.targets);
        api["target"] = target.reference.into();
        let surface = match target.form {
            _ if in_body && target.models.is_none_or(|models| !models.is_empty()) => {
                Surface::OpenAi
            }
            Form::Http(url) => Surface::Rest(url),
            form => Surface::AzureOpenAi {
                by_deployment: form != Form::Account,
            },
        };
        self.say(api, &surface);
        surface
    }

    /// Routes by model, if there is something that models can go to.
    fn models(&mut self, api: &mut Value, in_body: bool) -> Option<Surface> {
        let fits = |target: &&Target| match (&target.form, &target.models) {
            (Form::Http(_), _) => in_body,
            (_, Some(models)) => !models.is_empty() || !in_body,
            (_, None) => true,
        };
        let routes: Vec<_> = self.targets.iter().filter(fits).cloned().collect();
        if routes.is_empty() {
            return None;
        }
        let mut models = Map::new();
        for _ in 0..self.draw.between(1, 4) {
            let route = self.draw.pick(&routes);
            // Where a backend lists its deployments, the model is one of them.
            let model = match route.models {
                Some(models) if in_body || route.form == Form::Deployments => {
                    self.draw.pick(&models)
                }
                _ => self.draw.model(),
            };
            models.insert(model, route.reference.into());
        }
        api["models"] = models.into();
        let surface = match in_body {
            true => Surface::OpenAi,
            false => Surface::AzureOpenAi {
                by_deployment: true,
            },
        };
        self.say(api, &surface);
        Some(surface)
    }

    /// Writes the surface where it does not follow from the target, and sometimes where it does.
    fn say(&mut self, api: &mut Value, surface: &Surface) {
        let (word, follows) = match surface {
            Surface::AzureOpenAi { .. } => ("azureOpenAI", true),
            Surface::OpenAi => ("openAI", false),
            Surface::Rest(_) => ("rest", true),
        };
        put(
            api,
            "surface",
            (!follows || self.draw.percent(20)).then(|| word.into()),
        );
    }

    fn define(&mut self, api: &mut Value, name: &str, surface: &Surface) {
        let wanted = match surface {
            Surface::Rest(url) => Wanted {
                by_deployment: false,
                url: Some(url),
            },
            _ if self.draw.percent(60) => {
                put(
                    api,
                    "definition",
                    self.draw.percent(30).then(|| "builtin".into()),
                );
                return;
            }
            Surface::AzureOpenAi { by_deployment } => Wanted {
                by_deployment: *by_deployment,
                url: None,
            },
            Surface::OpenAi => Wanted {
                by_deployment: false,
                url: None,
            },
        };
        let (text, is_json) = document(&mut self.draw, &wanted);
        let folder = self
            .draw
            .pick(&["api-", "specs/", "it's ${a} {{b}} %{c} 😀/"]);
        let file = format!("{folder}{name}.{}", if is_json { "json" } else { "yaml" });
        api["definition"] = json!({ "file": file });
        self.documents.insert(file, text);
    }

    fn callers(&mut self, api: &mut Value, name: &str) {
        let mut auth = json!({});
        let headers = [
            "api-key",
            "X-Key",
            "x-!#$%&'*+.^_`|~-key",
            "ocp-apim-SUBSCRIPTION-key",
        ];
        let header = self.draw.pick(&headers);
        put(
            &mut auth,
            "keyHeader",
            self.draw.percent(20).then(|| header.into()),
        );
        let is_open = self.draw.percent(8);
        if is_open {
            auth["subscriptionKey"] = "none".into();
        } else {
            put(
                &mut auth,
                "subscriptionKey",
                self.draw.percent(20).then(|| "required".into()),
            );
            let mut callers = BTreeSet::new();
            for _ in 0..self.draw.between(0, 4) {
                let caller = self.draw.name();
                let resource = ResourceName::join(&self.own_prefix(), &[name, &caller]);
                if resource.is_some_and(|resource| self.subscriptions.insert(resource)) {
                    callers.insert(Name::parse(&caller).unwrap().to_string());
                }
            }
            put(
                api,
                "subscriptions",
                (!callers.is_empty()).then(|| json!(callers)),
            );
        }
        put(api, "auth", (auth != json!({})).then_some(auth));
    }
}
