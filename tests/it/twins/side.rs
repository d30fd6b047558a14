//! The resources that one target would deploy, in ARM's terms, and their order. Both targets are converted to this.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

/// One resource that would be written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Resource {
    /// ARM's type, such as `Microsoft.ApiManagement/service/backends`.
    pub(crate) kind: String,
    /// The API version; `None` where the provider hides it.
    pub(crate) version: Option<String>,
    /// The properties that are sent, without name and type.
    pub(crate) body: Json,
    /// Resources with a common word here are never written at the same time.
    pub(crate) turns: BTreeSet<String>,
}

/// All that one target would deploy, by resource id.
#[derive(Debug, Default)]
pub(crate) struct Side {
    /// The resources.
    pub(crate) resources: BTreeMap<String, Resource>,
    /// For each resource all that are written before it.
    pub(crate) before: BTreeMap<String, BTreeSet<String>>,
    /// Everything that could not be understood.
    pub(crate) findings: Vec<String>,
}

impl Side {
    /// Adds a resource; two with one id are a bug of the generated code.
    pub(crate) fn add(&mut self, id: String, resource: Resource) {
        if self.resources.contains_key(&id) {
            self.findings.push(format!("{id} is written twice"));
        }
        self.resources.insert(id, resource);
    }

    /// True if `first` exists when `then` is deployed.
    pub(crate) fn orders(&self, first: &str, then: &str) -> bool {
        self.before.get(then).is_some_and(|before| before.contains(first))
    }
}

/// The world in which both targets are tried: the values that Terraform's test makes up for those that only Azure knows.
#[derive(Debug, Default)]
pub(crate) struct World {
    /// The subscription of the deployment.
    pub(crate) subscription: String,
    /// The resource group of the deployment.
    pub(crate) group: String,
    /// Properties of existing resources, by id, API version and path.
    pub(crate) known: BTreeMap<(String, String, String), String>,
}

/// Everything that can be reached over `edges`.
pub(crate) fn closure(edges: &BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
    let reach = |start: &String| {
        let mut reached = BTreeSet::new();
        let mut open = vec![start];
        while let Some(next) = open.pop() {
            for before in edges.get(next).into_iter().flatten() {
                if reached.insert(before.clone()) {
                    open.push(before);
                }
            }
        }
        reached
    };
    edges.keys().map(|start| (start.clone(), reach(start))).collect()
}

/// Every text of a document, in a fixed order.
pub(crate) fn each_text(value: &mut Json, work: &mut impl FnMut(&mut String)) {
    match value {
        Json::String(text) => work(text),
        Json::Array(items) => items.iter_mut().for_each(|item| each_text(item, work)),
        Json::Object(fields) => fields.values_mut().for_each(|field| each_text(field, work)),
        _ => {}
    }
}
