//! Backends: HTTP services, accounts as a whole, deployments of accounts.

use std::collections::{BTreeMap, BTreeSet};

use gatewright::resolve::name::ResourceName;
use serde_json::{Map, Value, json};

use super::gateway::{Author, Form, Target, put};

/// Names of backends and pools in the service. A surface may append `-v1`, so both forms of a name are taken at once.
#[derive(Debug, Default)]
pub(super) struct BackendNames(BTreeSet<String>);

impl BackendNames {
    pub(super) fn take(&mut self, prefix: &str, parts: &[&str]) -> bool {
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

impl Author<'_> {
    pub(super) fn all_backends(&mut self) -> Map<String, Value> {
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
}
