//! Bicep: one view per template, and the filters for these templates.

mod api;
mod backend;
pub mod filters;
mod main;
mod observability;
mod params;
mod role;
mod types;

use std::collections::BTreeMap;

use super::symbols::{Symbol, Symbols};
use super::value::print::call;
use super::value::{Expression, Value};
use super::{Files, definition_file, policy_file};
use crate::catalogue::deployment::{MOST_VARIABLES, ROOM};
use crate::plan::{Api, Group, ParamId, ParamKind, Plan, Role};

/// Maximum number of APIs per module: each adds two embedded files and a list, which are variables.
const APIS_PER_MODULE: usize = (MOST_VARIABLES - ROOM) / 3;

/// The property of `roles` with a role's id.
fn role_key(role: Role) -> Symbol {
    Symbol::fixed(match role {
        Role::CognitiveServicesOpenAiUser => "cognitiveServicesOpenAIUser",
        Role::CognitiveServicesUser => "cognitiveServicesUser",
        Role::AzureAiUser => "azureAIUser",
        Role::AzureAiDeveloper => "azureAIDeveloper",
        Role::KeyVaultSecretsUser => "keyVaultSecretsUser",
        Role::MonitoringMetricsPublisher => "monitoringMetricsPublisher",
        Role::Other(id) => {
            return Symbols::reserving(&[]).add(&format!("role-{id}"), "role");
        }
    })
}

/// The files under `bicep/`.
pub(super) fn files(plan: &Plan, files: &mut Files<'_>) {
    let names = Names::new(plan);
    let modules = api::modules(plan);
    let objects = backend::objects(plan);
    files.add("main.bicep", main::main(plan, &names, &objects, &modules));
    files.add("main.bicepparam", params::params(plan, &names));
    if has_references(plan) {
        files.add("modules/types.bicep", types::types(plan));
    }
    if plan.assigns_roles() {
        role::files(plan, files);
    }
    files.add("modules/backends.bicep", backend::backends(plan, &names, &objects));
    for module in &modules {
        files.add(&module.path, api::apis(plan, module));
    }
    if let Some(insights) = &plan.insights {
        let path = "modules/observability.bicep";
        files.add(path, observability::observability(plan, insights));
    }
}

/// The properties of parameters' objects, which several files share.
pub(super) struct Names {
    keys: BTreeMap<ParamId, Symbol>,
}

impl Names {
    pub(super) fn new(plan: &Plan) -> Self {
        let mut keys = BTreeMap::new();
        for (group, params) in plan.params.groups() {
            let mut symbols = Symbols::reserving(&[]);
            for (id, param) in params.into_iter().filter(|(_, param)| !param.kind.is_known_to_arm()) {
                keys.extend(param.key.as_ref().map(|key| (id, symbols.add(key, group.name()))));
            }
        }
        Self { keys }
    }

    /// The property of a parameter in the object of its group.
    fn key(&self, id: ParamId) -> &Symbol {
        &self.keys[&id]
    }

    /// The value of a parameter.
    pub(super) fn value(&self, plan: &Plan, id: ParamId) -> Expression {
        let group = Expression::symbol(&group_name(plan.params.get(id).group));
        match self.keys.get(&id) {
            Some(key) => group.dot(key),
            None => group,
        }
    }
}

/// The parameter that is a group.
fn group_name(group: Group) -> Symbol {
    Symbols::reserving(&[]).add(group.name(), "group")
}

/// True if a parameter refers to an existing resource.
fn has_references(plan: &Plan) -> bool {
    let mut params = plan.params.iter();
    params.any(|(_, param)| param.kind == ParamKind::Reference)
}

/// The resource group of a reference, which defaults to the deployment's own group and subscription.
fn scope(reference: &Expression) -> Value {
    let subscription = reference.clone().then(".?subscriptionId ?? subscription().subscriptionId");
    let group = reference.clone().then(".?resourceGroup ?? resourceGroup().name");
    Value::Reference(call("resourceGroup", &[subscription, group]))
}

/// The path of an API's definition, relative to a module.
fn definition(api: &Api) -> String {
    format!("../{}", definition_file(api))
}

/// The path of an API's policy, relative to a module.
fn policy(api: &Api) -> String {
    format!("../{}", policy_file(api))
}
