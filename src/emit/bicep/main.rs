//! `main.bicep`: parameters, what exists, and the modules in their order.

use super::api::Module;
use super::{Names, entra_types, filters, print, role_key, scope};
use crate::emit::symbols::{Symbol, Symbols};
use crate::emit::value::{Expression, Field, Part, Value};
use crate::emit::{Fragment, fragment, render};
use crate::plan::{Account, Plan};

/// Names that `main.bicep.j2` declares or imports itself.
const RESERVED: [&str; 16] = [
    "entra",
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
    account_modules: Vec<Fragment>,
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
struct AccountModuleView {
    symbol: Symbol,
    scope: Fragment,
    params: Vec<Field>,
}

#[derive(askama::Template)]
#[template(path = "bicep/account_existing.bicep.j2")]
struct AccountExistingView {
    symbol: Symbol,
    scope: Fragment,
    name: Value,
}

pub(super) fn main(plan: &Plan, names: &Names<'_>, modules: &[Module<'_>]) -> String {
    let mut symbols = Symbols::reserving(&RESERVED);
    let backends = Symbol::fixed("backends");
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
    let apis_modules = modules.iter().enumerate().map(|(at, module)| ApisView {
        symbol: &module.symbol,
        path: &module.path,
        needs: [backends.clone()]
            .into_iter()
            .chain(
                at.checked_sub(1)
                    .map(|before| modules[before].symbol.clone()),
            )
            .collect(),
    });
    render(&MainView {
        source: &plan.source_name,
        has_references: names.has_references(),
        has_insights: names.has_insights,
        assigns_roles: plan.assigns_roles(),
        identity_scope: names
            .has_identity
            .then(|| scope(&Expression::fixed("identity"), 9)),
        account_types: Fragment::paragraphs(names.accounts.iter().map(|(account, key)| {
            fragment(&DescribedView {
                description: account_description(account),
                key,
                is_reference: true,
            })
        })),
        host_types: Fragment::paragraphs(names.hosts.iter().map(|(backend, _, key)| {
            fragment(&DescribedView {
                description: format!("URL of `{backend}`."),
                key,
                is_reference: false,
            })
        })),
        entra_types: entra_types(names),
        backends_params: backends_params(plan, names, &accounts),
        account_modules: accounts
            .into_iter()
            .map(|(one, key, symbol)| account(plan, one, key, symbol))
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
    let role = plan.assigns_roles().then(|| {
        fragment(&InsightsRoleModuleView {
            scope: scope(&component, 9),
            principal: principal(plan),
        })
    });
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
    let backends: Vec<_> = account
        .backends
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    let kind = account.kind.name();
    format!("{kind} account behind {}.", backends.join(", "))
}

/// The account: with its role a module in its own group, without one just read, which takes no right to deploy there.
fn account(plan: &Plan, account: &Account, key: &Symbol, symbol: Symbol) -> Fragment {
    let reference = Expression::fixed("accounts").dot(key);
    let scope = scope(&reference, 9);
    let name = Value::Reference(reference.then(".name"));
    if !plan.assigns_roles() {
        return fragment(&AccountExistingView {
            symbol,
            scope,
            name,
        });
    }
    let role = Expression::fixed("roles").dot(&role_key(account.kind.role()));
    let params = [
        ("accountName", name),
        ("principalId", principal(plan)),
        ("roleId", Value::Reference(role)),
    ];
    fragment(&AccountModuleView {
        symbol,
        scope,
        params: params
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    })
}

/// The host of an account's endpoint, behind its key in an object that is indented by six.
fn host(plan: &Plan, key: &Symbol, symbol: &Symbol) -> Value {
    Value::Reference(if plan.assigns_roles() {
        Expression::symbol(symbol).then(".outputs.host")
    } else {
        let arguments = [
            Expression::symbol(symbol).then(".properties.endpoint"),
            Expression::fixed("'/'"),
        ];
        // The formatter does not count the index behind it.
        let used = 8 + key.as_str().len();
        Expression::printed(print::call("split", &arguments, 6, used).nested(0)).then("[2]")
    })
}

fn backends_params(
    plan: &Plan,
    names: &Names<'_>,
    accounts: &[(&Account, &Symbol, Symbol)],
) -> Vec<Field> {
    let mut params = vec![(
        "serviceName".to_owned(),
        Value::Reference(Expression::fixed("service.name")),
    )];
    if !accounts.is_empty() {
        let hosts = accounts
            .iter()
            .map(|(_, key, symbol)| (key.as_str(), host(plan, key, symbol)));
        params.push(("accountHosts".to_owned(), Value::object(hosts)));
    }
    if !names.hosts.is_empty() {
        params.push((
            "hosts".to_owned(),
            Value::Reference(Expression::fixed("hosts")),
        ));
    }
    if !plan.entra.is_empty() {
        params.push((
            "entra".to_owned(),
            Value::Reference(Expression::fixed("entra")),
        ));
    }
    if plan.names_identity() {
        params.push((
            "identityClientId".to_owned(),
            Value::Reference(Expression::fixed("userIdentity.properties.clientId")),
        ));
    }
    params
}

fn urls(plan: &Plan) -> Vec<Field> {
    let urls = plan.apis.iter().map(|api| {
        let url = vec![
            Part::Reference(Expression::fixed("publicUrl")),
            Part::Text(format!("/{}", api.path)),
        ];
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
