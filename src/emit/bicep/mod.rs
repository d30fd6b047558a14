//! Bicep: one view per template, and the filters that those templates see.

mod account;
mod api;
mod backend;
pub mod filters;
mod main;
mod observability;
mod params;
mod types;
mod vault;

use super::print::call;
use super::symbols::{Symbol, Symbols};
use super::value::{Expression, Field, Value};
use super::{Files, definition_file, policy_file};
use crate::catalogue::deployment::{MOST_VARIABLES, ROOM};
use crate::plan::{Account, Api, EntraIds, EntraPart, Plan, Role, Vault};
use crate::resolve::name::Name;

/// APIs of one module: each brings two embedded files and a list, which are variables.
const APIS_PER_MODULE: usize = (MOST_VARIABLES - ROOM) / 3;

/// The property of `roles` that holds a role's id.
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
    files.add("main.bicep", main::main(plan, &names, &modules));
    files.add("main.bicepparam", params::params(plan, &names));
    if names.has_references() {
        files.add("modules/types.bicep", types::types(plan));
    }
    if plan.assigns_roles() {
        account::files(plan, files);
        vault::file(plan, files);
    }
    files.add("modules/backends.bicep", backend::backends(plan, &names));
    for module in &modules {
        files.add(&module.path, api::apis(plan, module));
    }
    if let Some(insights) = &plan.insights {
        if plan.assigns_roles() {
            let role = "modules/application-insights-role.bicep";
            files.add(role, observability::role(plan));
        }
        let path = "modules/observability.bicep";
        files.add(path, observability::observability(plan, insights));
    }
}

/// Names that several files share: properties of the parameters' objects.
struct Names<'a> {
    accounts: Vec<(&'a Account, Symbol)>,
    /// Backend of the file and its URL.
    hosts: Vec<(&'a str, &'a str, Symbol)>,
    vaults: Vec<(&'a Vault, Symbol)>,
    /// Backend of the file and the audience of its tokens.
    audiences: Vec<(&'a str, &'a str, Symbol)>,
    entra: Vec<(&'a EntraIds, Symbol)>,
    has_identity: bool,
    has_insights: bool,
}

impl<'a> Names<'a> {
    fn new(plan: &'a Plan) -> Self {
        let mut symbols = Symbols::reserving(&[]);
        let accounts = plan.accounts.iter();
        let accounts = accounts.map(|account| (account, symbols.add(&account.key, "account")));
        let accounts = accounts.collect();
        let mut symbols = Symbols::reserving(&[]);
        let hosts = plan.hosts();
        let hosts = hosts.map(|(name, url)| (name, url, symbols.add(name, "backend")));
        let hosts = hosts.collect();
        let mut symbols = Symbols::reserving(&[]);
        let vaults = plan.vaults.iter();
        let vaults = vaults.map(|vault| (vault, symbols.add(&vault.key, "vault")));
        let vaults = vaults.collect();
        let mut symbols = Symbols::reserving(&[]);
        let audiences = plan.audiences();
        let audiences = audiences.map(|(name, audience)| (name, audience, symbols.add(name, "backend")));
        let mut symbols = Symbols::reserving(&[]);
        let entra = plan.entra.iter();
        let entra = entra.map(|ids| (ids, symbols.add(ids.api.as_str(), "api")));
        Self {
            accounts,
            entra: entra.collect(),
            hosts,
            vaults,
            audiences: audiences.collect(),
            has_identity: plan.identity.is_some(),
            has_insights: plan.insights.is_some(),
        }
    }

    fn account(&self, key: &str) -> &Symbol {
        let found = self.accounts.iter().find(|(account, _)| account.key == key);
        &found.expect("emit: accounts of backends are planned").1
    }

    fn vault(&self, key: &str) -> &Symbol {
        let found = self.vaults.iter().find(|(vault, _)| vault.key == key);
        &found.expect("emit: vaults of secrets are planned").1
    }

    fn audience(&self, backend: &str) -> &Symbol {
        let found = self.audiences.iter().find(|(name, ..)| *name == backend);
        &found.expect("emit: audiences of backends are planned").2
    }

    fn host(&self, backend: &str) -> &Symbol {
        let found = self.hosts.iter().find(|(name, ..)| *name == backend);
        &found.expect("emit: hosts of backends are planned").2
    }

    /// Something that tokens for an API name.
    fn entra(&self, api: &Name, part: EntraPart) -> Expression {
        let found = self.entra.iter().find(|(ids, _)| ids.api == *api);
        let key = &found.expect("emit: ids of named values are planned").1;
        let ids = Expression::fixed("entra").dot(key);
        match part {
            EntraPart::Tenant => ids.then(".tenantId"),
            EntraPart::Audience(at) => ids.then(".audiences").item(at),
            EntraPart::Application(at) => ids.then(".applications").item(at),
        }
    }

    /// Whether a parameter names an existing resource.
    fn has_references(&self) -> bool {
        self.has_identity || self.has_insights || !self.accounts.is_empty() || !self.vaults.is_empty()
    }
}

/// The type of `entra`: as many audiences and applications as policies name.
fn entra_types(names: &Names<'_>) -> Option<Vec<Field>> {
    let string = || Value::Reference(Expression::fixed("string"));
    let tuple = |ids: &[String]| Value::List(ids.iter().map(|_| string()).collect());
    let types = names.entra.iter().map(|(ids, key)| {
        let applications = (!ids.applications.is_empty()).then(|| tuple(&ids.applications));
        let fields =
            [("tenantId", Some(string())), ("audiences", Some(tuple(&ids.audiences))), ("applications", applications)];
        let fields = fields.into_iter().filter_map(|(key, value)| Some((key, value?)));
        (key.as_str().to_owned(), Value::object(fields))
    });
    (!names.entra.is_empty()).then(|| types.collect())
}

/// The resource group of a reference, with the deployment's own group and subscription where it names none.
fn scope(reference: &Expression) -> Value {
    let subscription = reference.clone().then(".?subscriptionId ?? subscription().subscriptionId");
    let group = reference.clone().then(".?resourceGroup ?? resourceGroup().name");
    Value::Reference(call("resourceGroup", &[subscription, group]))
}

/// The file of an API's definition, seen from a module.
fn definition(api: &Api) -> String {
    format!("../{}", definition_file(api))
}

/// The file of an API's policy, seen from a module.
fn policy(api: &Api) -> String {
    format!("../{}", policy_file(api))
}
