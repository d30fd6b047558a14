//! Everything in a gateway that a person can name, and what a word may mean.

use std::collections::BTreeSet;

use super::{Explanation, api, backend, model, pool};
use crate::plan::{Api, BackendKind, Plan};
use crate::resolve::Pool;

/// Something that has a name.
#[derive(Debug)]
pub struct Named<'a> {
    /// The part of the file that it is in, and its name there: `apis.openai`.
    pub path: String,
    thing: Thing<'a>,
}

#[derive(Debug)]
enum Thing<'a> {
    Api(&'a Api),
    Subscription(&'a Api, &'a str),
    /// A backend of the file, or a deployment of one.
    Backend(String),
    Pool(&'a Pool),
    Model(String),
}

/// All that has a name, in the order of the file's keys.
pub fn all(plan: &Plan) -> Vec<Named<'_>> {
    let mut all = Vec::new();
    let mut add = |section: &str, name: &str, thing| {
        all.push(Named { path: format!("{section}.{name}"), thing });
    };
    for source in backends(plan) {
        add("backends", &source, Thing::Backend(source.clone()));
    }
    for pool in &plan.pools {
        add("pools", pool.name.as_str(), Thing::Pool(pool));
    }
    for api in &plan.apis {
        add("apis", api.name.as_str(), Thing::Api(api));
    }
    for api in &plan.apis {
        for subscription in &api.subscriptions {
            let name = format!("{}/{subscription}", api.name);
            add("subscriptions", &name, Thing::Subscription(api, subscription));
        }
    }
    for model in models(plan) {
        add("models", &model, Thing::Model(model.clone()));
    }
    all
}

impl<'a> Named<'a> {
    /// The name without the part of the file.
    pub fn name(&self) -> &str {
        let (_, name) = self.path.split_once('.').unwrap_or_default();
        name
    }

    /// True if a word refers to it: its name or its path, or for a subscription its name without the API's.
    pub fn is(&self, word: &str) -> bool {
        let is_subscription = matches!(self.thing, Thing::Subscription(_, name) if name == word);
        self.name() == word || self.path == word || is_subscription
    }

    /// Its explanation.
    pub fn explanation(&self, plan: &'a Plan) -> Explanation {
        let path = self.path.clone();
        match &self.thing {
            Thing::Api(one) => api::explanation(plan, one, path),
            Thing::Subscription(of, name) => api::subscription(plan, of, name, path),
            Thing::Backend(source) => backend::explanation(plan, source, path),
            Thing::Pool(one) => pool::explanation(plan, one, path),
            Thing::Model(name) => model::explanation(plan, name, path),
        }
    }
}

/// The backends of the file with their deployments, also those that nothing uses.
fn backends(plan: &Plan) -> BTreeSet<String> {
    let single = plan.backends.iter().filter(|backend| matches!(backend.kind, BackendKind::Single { .. }));
    let mut names = BTreeSet::new();
    for backend in single {
        // A backend with deployments has a name too, but is not a backend of the service itself.
        if let Some((backend, _)) = backend.source.split_once('/') {
            names.insert(backend.to_owned());
        }
        names.insert(backend.source.clone());
    }
    names
}

/// Models: those that callers request, and those of deployments.
fn models(plan: &Plan) -> BTreeSet<String> {
    let served = plan.apis.iter().flat_map(|api| &api.serves);
    let asked = served.filter_map(|served| served.model.clone());
    let deployments = plan.accounts.iter().flat_map(|account| &account.deployments);
    let deployed = deployments.map(|deployment| deployment.model.clone());
    asked.chain(deployed.map(|model| model.to_string())).collect()
}
