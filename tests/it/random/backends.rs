//! Backends: HTTP services, accounts as a whole, deployments of accounts.

use std::collections::{BTreeMap, BTreeSet};

use gatewright::resolve::name::ResourceName;
use serde_json::{Map, Value, json};

use super::gateway::{Author, Form, Target, put};

/// The suffixes that surfaces append to names, and none.
const SUFFIXES: [&[&str]; 4] = [&[], &["v1"], &["models"], &["anthropic"]];

/// Names of backends and pools in the service. A surface may append a word, so all forms of a name are taken at once.
#[derive(Debug, Default)]
pub(super) struct BackendNames(BTreeSet<String>);

impl BackendNames {
    pub(super) fn take(&mut self, prefix: &str, parts: &[&str]) -> bool {
        let forms = SUFFIXES.map(|suffix| ResourceName::join(prefix, &[parts, suffix].concat()));
        let forms: Option<Vec<_>> = forms.into_iter().collect();
        let Some(forms) = forms else {
            return false;
        };
        let forms: Vec<String> = forms.iter().map(ToString::to_string).collect();
        if forms.iter().any(|form| self.0.contains(form)) {
            return false;
        }
        self.0.extend(forms);
        true
    }
}

impl Author<'_> {
    pub(super) fn all_backends(&mut self) -> Map<String, Value> {
        if self.draw.percent(60) {
            let prefixes = ["aigw-", "x-", "platform", "a--b-", "p", "a-prefix-of-twenty--"];
            self.prefix = self.draw.pick(&prefixes).to_owned();
        }
        self.is_consumption = self.draw.percent(12);
        self.kind = self.draw.pick(&["azureOpenAI", "azureOpenAI", "foundry"]);
        let role = self.draw.pick(&["a97b65f3-24c7-4388-baec-2e87135dc908", "ABCDEF01-2345-6789-abcd-ef0123456789"]);
        self.role = self.draw.percent(15).then(|| role.into());
        self.credential = self.credential();
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

    /// The credential that services receive; mostly none.
    fn credential(&mut self) -> Value {
        match self.draw.between(0, 5) {
            0 => "passThrough".into(),
            1 => {
                let audiences = ["api://models", "11111111-1111-1111-1111-111111111111", "https://a.b/c~d_e:f"];
                json!({ "managedIdentity": { "audience": self.draw.pick(&audiences) } })
            }
            2 => {
                let header = self.draw.pick(&["Authorization", "x-api-key", "x-!#$%&'*+.^_`|~-key", "for"]);
                // One place for each, since names of vaults are unique.
                let vault = self.draw.pick(&[
                    json!("kv-contoso"),
                    json!({ "name": "KV-Partners", "resourceGroup": "rg(1)" }),
                    json!({ "name": "kv-far-away", "resourceGroup": "rg.x_y-", "subscription": "22222222-2222-2222-2222-22222222222B" }),
                ]);
                let secret = self.draw.pick(&["key", "The-Key-2", "-"]);
                let mut credential = json!({ "header": header, "keyVaultSecret": { "vault": vault, "name": secret } });
                let scheme = self.draw.pick(&["Bearer", "it's$^"]);
                put(&mut credential, "scheme", self.draw.percent(50).then(|| scheme.into()));
                credential
            }
            _ => Value::Null,
        }
    }

    /// Accounts that backends may share, each written in one or two ways.
    fn accounts(&mut self) -> Vec<Vec<Value>> {
        let names = self.draw.some(&["aoai-east", "AOAI_contoso.1-", "ai.x_y", "42", "module"], 4);
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
        // A credential goes over https alone.
        let is_open = self.credential.is_null() && self.draw.percent(8);
        let scheme = if is_open { "http" } else { "https" };
        let host = self.draw.pick(&["weather.contoso.com", "menu.contoso.com:8443", "10.1.2.3", "localhost"]);
        let path = self.draw.pick(&["", "", "/v1", "/~o'brien/$%7Bx%7D/v1!$&'()*+,;=:@%20", "/a/b"]);
        let url = format!("{scheme}://{host}{path}");
        let form = Form::Http(url.clone());
        self.targets.push(Target { reference: name.to_owned(), form, models: None });
        let mut backend = json!({ "kind": "http", "url": url });
        let credential = match &self.credential {
            Value::Null => self.draw.percent(10).then(|| "none".into()),
            credential => Some(credential.clone()),
        };
        put(&mut backend, "credential", credential);
        Some(backend)
    }

    fn whole_account(&mut self, name: &str, accounts: &[Vec<Value>]) -> Option<Value> {
        if !self.backends.take(&self.own_prefix(), &[name]) {
            return None;
        }
        self.targets.push(Target { reference: name.to_owned(), form: Form::Account, models: None });
        let forms = self.draw.pick(accounts);
        let mut backend = json!({ "kind": self.kind, "account": self.draw.pick(&forms) });
        put(&mut backend, "role", self.role.clone());
        put(&mut backend, "deployments", self.draw.percent(5).then(|| json!({})));
        Some(backend)
    }

    /// `known` has the description of each deployment of an account, so that none contradicts it.
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
            if self.backends.take(&self.own_prefix(), &[backend, &deployment]) {
                let said = known.entry((account, deployment.clone())).or_insert_with(|| {
                    let mut said = json!({});
                    let model = self.draw.model();
                    put(&mut said, "model", self.draw.percent(30).then(|| model.into()));
                    let tokens = self.draw.pick(&[1, 1000, 240_000, u64::from(u32::MAX) + 1]);
                    put(&mut said, "tokensPerMinute", self.draw.percent(40).then(|| tokens.into()));
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
        self.targets.push(Target { reference: backend.to_owned(), form: Form::Deployments, models: Some(names) });
        let account = self.draw.pick(&accounts[account]);
        let mut backend = json!({ "kind": self.kind, "account": account, "deployments": deployments });
        put(&mut backend, "role", self.role.clone());
        Some(backend)
    }
}
