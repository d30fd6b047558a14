//! `main.bicep`: parameters, what exists, and the modules in their order.

use super::api::Module;
use super::{Names, account, backend, entra_types, filters, print, role_key, scope};
use crate::emit::symbols::{Symbol, Symbols};
use crate::emit::value::{Expression, Field, Part, Value};
use crate::emit::{Fragment, fragment, render};
use crate::plan::{Account, Host, Plan, Role, VAULT_ROLE, Vault};
use crate::resolve::name::Name;

/// Names that `main.bicep.j2` declares or imports itself.
const RESERVED: [&str; 18] = [
    "entra",
    "audiences",
    "vaults",
    "monitoring",
    "observability",
    "applicationInsightsRole",
    "resourceReference",
    "roles",
    "service",
    "identity",
    "accounts",
    "hosts",
    "gateway",
    "userIdentity",
    "publicUrl",
    "backends",
    "urls",
    "subscriptions",
];

#[derive(askama::Template)]
#[template(path = "bicep/main.bicep.j2")]
struct MainView<'a> {
    source: &'a str,
    has_references: bool,
    has_insights: bool,
    assigns_roles: bool,
    identity_scope: Option<Fragment>,
    account_types: Option<Fragment>,
    host_types: Option<Fragment>,
    entra_types: Option<Vec<Field>>,
    vault_types: Option<Fragment>,
    audience_types: Option<Fragment>,
    modules: Vec<Fragment>,
    has_accounts: bool,
    backends_params: Vec<Field>,
    apis_modules: Vec<ApisView<'a>>,
    monitoring: Option<Fragment>,
    urls: Vec<Field>,
    subscriptions: Option<Fragment>,
}

struct ApisView<'a> {
    symbol: &'a Symbol,
    path: &'a str,
    needs: Vec<Symbol>,
}

#[derive(askama::Template)]
#[template(path = "bicep/observability_module.bicep.j2")]
struct ObservabilityModuleView<'a> {
    assigns_role: bool,
    has_identity: bool,
    apis: Vec<&'a Symbol>,
}

#[derive(askama::Template)]
#[template(path = "bicep/insights_role_module.bicep.j2")]
struct InsightsRoleModuleView {
    scope: Fragment,
    principal: Value,
}

#[derive(askama::Template)]
#[template(path = "bicep/described.bicep.j2")]
struct DescribedView<'a> {
    description: String,
    key: &'a Symbol,
    is_reference: bool,
}

#[derive(askama::Template)]
#[template(path = "bicep/account_module.bicep.j2")]
struct ScopedModuleView {
    symbol: Symbol,
    path: &'static str,
    scope: Fragment,
    params: Vec<Field>,
}

#[derive(askama::Template)]
#[template(path = "bicep/account_existing.bicep.j2")]
struct ExistingView {
    symbol: Symbol,
    kind: &'static str,
    scope: Fragment,
    name: Value,
}

pub(super) fn main(plan: &Plan, names: &Names<'_>, modules: &[Module<'_>]) -> String {
    let mut symbols = Symbols::reserving(&RESERVED);
    let backends_module = Symbol::fixed("backends");
    // The modules of APIs come first: they are in every file, and keep their plain names.
    for module in modules {
        symbols.take(&module.symbol);
    }
    let accounts: Vec<_> = names
        .accounts
        .iter()
        .map(|(account, key)| {
            let symbol = symbols.add(&format!("{}-account", account.key), "module");
            (*account, key, symbol)
        })
        .collect();
    let vaults: Vec<_> = names
        .vaults
        .iter()
        .map(|(vault, key)| {
            let symbol = symbols.add(&format!("{}-vault", vault.key), "module");
            (*vault, key, symbol)
        })
        .collect();
    let apis_modules = modules.iter().enumerate().map(|(at, module)| ApisView {
        symbol: &module.symbol,
        path: &module.path,
        needs: [backends_module.clone()]
            .into_iter()
            .chain(at.checked_sub(1).map(|before| modules[before].symbol.clone()))
            .collect(),
    });
    render(&MainView {
        source: &plan.source_name,
        has_references: names.has_references(),
        has_insights: names.has_insights,
        assigns_roles: plan.assigns_roles(),
        identity_scope: names.has_identity.then(|| scope(&Expression::fixed("identity"), 9)),
        account_types: Fragment::paragraphs(names.accounts.iter().map(|(account, key)| {
            fragment(&DescribedView { description: account_description(account), key, is_reference: true })
        })),
        has_accounts: !names.accounts.is_empty(),
        host_types: Fragment::paragraphs(names.hosts.iter().map(|(backend, _, key)| {
            fragment(&DescribedView { description: format!("URL of backend `{backend}`."), key, is_reference: false })
        })),
        entra_types: entra_types(names),
        vault_types: Fragment::paragraphs(names.vaults.iter().map(|(vault, key)| {
            fragment(&DescribedView {
                description: format!("Key vault that stores the secret of {}.", backends(&vault.backends)),
                key,
                is_reference: true,
            })
        })),
        audience_types: Fragment::paragraphs(names.audiences.iter().map(|(backend, _, key)| {
            fragment(&DescribedView {
                description: format!("Audience of the gateway's tokens for `{backend}`."),
                key,
                is_reference: false,
            })
        })),
        backends_params: backends_params(plan, names, &accounts, &vaults),
        modules: accounts
            .into_iter()
            .map(|(one, key, symbol)| account(plan, one, key, symbol))
            .chain(vaults.into_iter().map(|(_, key, symbol)| vault(plan, key, symbol)))
            .collect(),
        apis_modules: apis_modules.collect(),
        monitoring: monitoring(plan, modules),
        urls: urls(plan),
        subscriptions: subscriptions(modules),
    })
}

/// The logger and diagnostics, behind all APIs; before them the role with which telemetry is sent.
fn monitoring(plan: &Plan, modules: &[Module<'_>]) -> Option<Fragment> {
    plan.insights.as_ref()?;
    let component = Expression::fixed("monitoring.applicationInsights");
    let role = plan
        .assigns_roles()
        .then(|| fragment(&InsightsRoleModuleView { scope: scope(&component, 9), principal: principal(plan) }));
    let observability = fragment(&ObservabilityModuleView {
        assigns_role: plan.assigns_roles(),
        has_identity: plan.identity.is_some(),
        apis: modules.iter().map(|module| &module.symbol).collect(),
    });
    Fragment::paragraphs(role.into_iter().chain([observability]))
}

/// Whom roles are given to.
fn principal(plan: &Plan) -> Value {
    Value::Reference(Expression::fixed(if plan.identity.is_some() {
        "userIdentity.properties.principalId"
    } else {
        "gateway.identity.principalId"
    }))
}

fn account_description(account: &Account) -> String {
    let kind = account.kind.name();
    format!("{kind} account of {}.", backends(&account.backends))
}

fn backends(names: &[Name]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// An existing resource of another group: with a role on it a module there, without one just read, which takes no right to deploy there.
struct Elsewhere {
    symbol: Symbol,
    /// The parameter that names it.
    reference: Expression,
    kind: &'static str,
    module: &'static str,
    name_param: &'static str,
    role: Role,
}

impl Elsewhere {
    fn declared(self, plan: &Plan) -> Fragment {
        let scope = scope(&self.reference, 9);
        let name = Value::Reference(self.reference.then(".name"));
        if !plan.assigns_roles() {
            return fragment(&ExistingView { symbol: self.symbol, kind: self.kind, scope, name });
        }
        let role = Expression::fixed("roles").dot(&role_key(self.role));
        let params = [(self.name_param, name), ("principalId", principal(plan)), ("roleId", Value::Reference(role))];
        fragment(&ScopedModuleView {
            symbol: self.symbol,
            path: self.module,
            scope,
            params: params.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        })
    }
}

fn account(plan: &Plan, account: &Account, key: &Symbol, symbol: Symbol) -> Fragment {
    let elsewhere = Elsewhere {
        symbol,
        reference: Expression::fixed("accounts").dot(key),
        kind: "Microsoft.CognitiveServices/accounts@2025-06-01",
        module: account::module(account),
        name_param: "accountName",
        role: account.role,
    };
    elsewhere.declared(plan)
}

fn vault(plan: &Plan, key: &Symbol, symbol: Symbol) -> Fragment {
    let elsewhere = Elsewhere {
        symbol,
        reference: Expression::fixed("vaults").dot(key),
        kind: "Microsoft.KeyVault/vaults@2024-11-01",
        module: "modules/key-vault.bicep",
        name_param: "vaultName",
        role: VAULT_ROLE,
    };
    elsewhere.declared(plan)
}

/// A host of an account, behind its key in an object that is indented by six.
fn host(plan: &Plan, host: Host, key: &Symbol, symbol: &Symbol) -> Value {
    let symbol = Expression::symbol(symbol);
    Value::Reference(if plan.assigns_roles() {
        symbol.then(account::output(host))
    } else {
        let endpoint = match host {
            Host::Endpoint => ".properties.endpoint",
            Host::Foundry => ".properties.endpoints['AI Foundry API']",
        };
        let arguments = [symbol.then(endpoint), Expression::fixed("'/'")];
        // The formatter does not count the index behind it.
        let used = 8 + key.as_str().len();
        Expression::printed(print::call("split", &arguments, 6, used).nested(0)).then("[2]")
    })
}

fn backends_params(
    plan: &Plan,
    names: &Names<'_>,
    accounts: &[(&Account, &Symbol, Symbol)],
    vaults: &[(&Vault, &Symbol, Symbol)],
) -> Vec<Field> {
    let reference = |name| Value::Reference(Expression::fixed(name));
    let mut params = vec![("serviceName".to_owned(), reference("service.name"))];
    for (param, which) in backend::HOSTS {
        let at = accounts.iter().filter(|(account, ..)| account.hosts.contains(&which));
        let hosts: Vec<_> = at.map(|(_, key, symbol)| (key.as_str(), host(plan, which, key, symbol))).collect();
        if !hosts.is_empty() {
            params.push((param.to_owned(), Value::object(hosts)));
        }
    }
    if !names.hosts.is_empty() {
        params.push(("hosts".to_owned(), reference("hosts")));
    }
    if !plan.entra.is_empty() {
        params.push(("entra".to_owned(), reference("entra")));
    }
    if !vaults.is_empty() {
        let uris = vaults.iter().map(|(_, key, symbol)| {
            let symbol = Expression::symbol(symbol);
            let uri = symbol.then(if plan.assigns_roles() { ".outputs.vaultUri" } else { ".properties.vaultUri" });
            (key.as_str(), Value::Reference(uri))
        });
        params.push(("vaultUris".to_owned(), Value::object(uris)));
    }
    if !names.audiences.is_empty() {
        params.push(("audiences".to_owned(), reference("audiences")));
    }
    if plan.writes_client_id() {
        let client = "userIdentity.properties.clientId";
        params.push(("identityClientId".to_owned(), reference(client)));
    }
    params
}

fn urls(plan: &Plan) -> Vec<Field> {
    let urls = plan.apis.iter().map(|api| {
        let url = vec![Part::Reference(Expression::fixed("publicUrl")), Part::Text(format!("/{}", api.path))];
        (api.name.to_string(), Value::Interpolated(url))
    });
    urls.collect()
}

/// The subscriptions of all modules as one object.
fn subscriptions(modules: &[Module<'_>]) -> Option<Fragment> {
    let outputs: Vec<_> = modules
        .iter()
        .filter(|module| module.has_subscriptions())
        .map(|module| Expression::symbol(&module.symbol).then(".outputs.subscriptions"))
        .collect();
    match outputs.as_slice() {
        [] => None,
        [only] => Some(Fragment::from(only)),
        all => Some(print::call("union", all, 0, 28)),
    }
}
