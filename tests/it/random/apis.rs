//! APIs: where their requests go, what their definitions are, who calls them.

use std::collections::BTreeSet;

use gatewright::resolve::name::{Name, ResourceName};
use serde_json::{Map, Value, json};

use super::definition::{Wanted, document};
use super::gateway::{Author, Form, Target, put};

/// The public side of an API.
#[derive(Debug, Clone, PartialEq)]
enum Surface {
    /// With deployments in its paths, of which the gateway makes something or does not.
    AzureOpenAi { by_deployment: bool },
    /// With the model in the body: one of the surfaces that have it there.
    Body(&'static str),
    /// In front of a URL.
    Rest(String),
}

impl Author<'_> {
    /// An API, and its name.
    pub(super) fn api(&mut self) -> Option<(String, Value)> {
        let name = self.draw.name();
        // A file that declares a name twice, or two that are one in the service, is refused.
        let resource = ResourceName::join(&self.own_prefix(), &[&name])?;
        if !self.apis.insert(resource) {
            return None;
        }
        let ends = self.draw.pick(&["", "/openai", "/v1.0/a_b~c", "/X"]);
        // The path tells APIs apart without regard to case, and so does the name that is part of it.
        let mut api =
            json!({ "path": format!("{}{}{ends}", self.draw.pick(&["", "ai/", "~"]), name.trim_matches('-')) });
        if self.draw.percent(60) {
            api["displayName"] = self.draw.line(300).into();
        }
        let surface = self.route(&mut api);
        self.define(&mut api, &name, &surface);
        self.callers(&mut api, &name);
        let timeout = self.draw.pick(&["1s", "15s", "4m", "240s", "5m", "1h"]);
        put(&mut api, "timeout", self.draw.percent(40).then(|| timeout.into()));
        let is_model = !matches!(surface, Surface::Rest(_));
        let streams = !self.is_consumption && self.draw.percent(50);
        if self.is_consumption && is_model || self.draw.percent(40) {
            api["streaming"] = streams.into();
        } else if self.built.usage && is_model && surface != Surface::Body("anthropic") && self.draw.percent(40) {
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
            _ if in_body && target.models.is_none_or(|models| !models.is_empty()) => self.in_body(),
            Form::Http(url) => Surface::Rest(url),
            form => Surface::AzureOpenAi { by_deployment: form != Form::Account },
        };
        self.say(api, &surface);
        surface
    }

    /// A surface with the model in the body, which every backend here speaks.
    fn in_body(&mut self) -> Surface {
        Surface::Body(match self.kind {
            "foundry" => self.draw.pick(&["openAI", "foundryModels", "anthropic"]),
            _ => "openAI",
        })
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
            // If a backend lists its deployments, the model is one of them.
            let model = match route.models {
                Some(models) if in_body || route.form == Form::Deployments => self.draw.pick(&models),
                _ => self.draw.model(),
            };
            models.insert(model, route.reference.into());
        }
        api["models"] = models.into();
        let surface = match in_body {
            true => self.in_body(),
            false => Surface::AzureOpenAi { by_deployment: true },
        };
        self.say(api, &surface);
        Some(surface)
    }

    /// Writes the surface where it does not follow from the target, and sometimes where it does.
    fn say(&mut self, api: &mut Value, surface: &Surface) {
        let (word, follows) = match surface {
            Surface::AzureOpenAi { .. } => ("azureOpenAI", self.kind == "azureOpenAI"),
            Surface::Body(word) => (*word, false),
            Surface::Rest(_) => ("rest", true),
        };
        put(api, "surface", (!follows || self.draw.percent(20)).then(|| word.into()));
    }

    fn define(&mut self, api: &mut Value, name: &str, surface: &Surface) {
        if self.draw.percent(10) {
            api["definition"] = "passThrough".into();
            return;
        }
        let wanted = match surface {
            Surface::Rest(url) => Wanted { by_deployment: false, url: Some(url) },
            _ if self.draw.percent(60) => {
                put(api, "definition", self.draw.percent(30).then(|| "builtin".into()));
                return;
            }
            Surface::AzureOpenAi { by_deployment } => Wanted { by_deployment: *by_deployment, url: None },
            Surface::Body(_) => Wanted { by_deployment: false, url: None },
        };
        if self.draw.percent(10) {
            let link = self.draw.pick(&[
                json!({ "link": "https://specs.contoso.com/v1/api.json" }),
                json!({ "link": "https://specs.contoso.com/it's$%7Bx%7D/a", "format": "swaggerJson" }),
                json!({ "link": "https://specs.contoso.com/api.yaml?a=1&b=$2" }),
            ]);
            api["definition"] = json!(link);
            return;
        }
        let folder = self.draw.pick(&["api-", "specs/", "it's ${a} {{b}} %{c} 😀/"]);
        let parts = self.draw.percent(25).then(|| format!("{name}.parts.json"));
        let document = document(&mut self.draw, &wanted, parts.as_deref());
        let end = if document.is_json { "json" } else { "yaml" };
        let file = format!("{folder}{name}.{end}");
        api["definition"] = json!({ "file": file });
        let all: Vec<&str> = document.operations.iter().map(String::as_str).collect();
        let some = self.draw.some(&all, all.len() as u64);
        if self.draw.percent(25) && !some.is_empty() {
            api["definition"]["operations"] = json!(some);
        }
        if let Some(text) = document.parts {
            let folder = folder.rfind('/').map_or("", |end| &folder[..=end]);
            self.documents.insert(format!("{folder}{name}.parts.json"), text);
        }
        self.documents.insert(file, document.text);
    }

    fn callers(&mut self, api: &mut Value, name: &str) {
        let mut auth = json!({});
        let headers = ["api-key", "X-Key", "x-!#$%&'*+.^_`|~-key", "ocp-apim-SUBSCRIPTION-key"];
        let header = self.draw.pick(&headers);
        put(&mut auth, "keyHeader", self.draw.percent(20).then(|| header.into()));
        let is_open = self.draw.percent(8);
        if is_open {
            auth["subscriptionKey"] = "none".into();
        } else {
            put(&mut auth, "subscriptionKey", self.draw.percent(20).then(|| "required".into()));
            let mut callers = BTreeSet::new();
            for _ in 0..self.draw.between(0, 4) {
                let caller = self.draw.name();
                let resource = ResourceName::join(&self.own_prefix(), &[name, &caller]);
                if resource.is_some_and(|resource| self.subscriptions.insert(resource)) {
                    callers.insert(Name::parse(&caller).unwrap().to_string());
                }
            }
            put(api, "subscriptions", (!callers.is_empty()).then(|| json!(callers)));
        }
        let has_token = self.token(&mut auth);
        self.asks(api, name, !is_open, has_token);
        put(api, "auth", (auth != json!({})).then_some(auth));
    }
}
