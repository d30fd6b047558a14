//! `main.bicep`: parameters, existing resources, and the modules in order.

use std::collections::BTreeSet;

use super::api::Module;
use super::backend::{Object, Of};
use super::role::On;
use super::{Names, filters, group_name, has_references, role_key, scope};
use crate::emit::symbols::{Symbol, Symbols};
use crate::emit::value::print::call;
use crate::emit::value::{Expression, Field, Part, Value};
use crate::emit::{Fragment, fragment, render};
use crate::plan::{Group, Host, ParamId, ParamKind, Plan, Role, VAULT_ROLE};

/// Names that `main.bicep.j2` declares or imports itself, and names of parameters.
const RESERVED: [&str; 22] = [
    "at",
    "id",
    "accountIds",
    "vaultIds",
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
    assigns_roles: bool,
    params: Fragment,
    identity_scope: Option<Value>,
    resources: Vec<Fragment>,
    backends_name: Value,
    backends_params: Vec<Field>,
    backends_needs: Option<Value>,
    apis_modules: Vec<ApisView<'a>>,
    monitoring: Option<Fragment>,
    urls: Vec<Field>,
    subscriptions: Option<Value>,
}

struct ApisView<'a> {
    symbol: &'a Symbol,
    path: &'a str,
    name: Value,
    needs: Vec<Symbol>,
}

#[derive(askama::Template)]
#[template(path = "bicep/parameter.bicep.j2")]
struct ParameterView {
    description: &'static str,
    name: Symbol,
    kind: Value,
    properties: Option<Fragment>,
}

#[derive(askama::Template)]
#[template(path = "bicep/described.bicep.j2")]
struct DescribedView<'a> {
    description: &'a str,
    key: &'a Symbol,
    kind: Value,
}

#[derive(askama::Template)]
#[template(path = "bicep/ids.bicep.j2")]
struct IdsView {
    symbol: Symbol,
    group: Symbol,
    one: Symbol,
    kind: &'static str,
}

#[derive(askama::Template)]
#[template(path = "bicep/existing.bicep.j2")]
struct ExistingView {
    symbol: Symbol,
    kind: &'static str,
    scope: Value,
    id: Value,
}

#[derive(askama::Template)]
#[template(path = "bicep/role_module.bicep.j2")]
struct RoleModuleView<'a> {
    symbol: &'a Symbol,
    path: &'static str,
    name: Value,
    ids: Value,
    principal: Value,
    role: Value,
}

#[derive(askama::Template)]
#[template(path = "bicep/observability_module.bicep.j2")]
struct ObservabilityModuleView<'a> {
    name: Value,
    assigns_role: bool,
    has_identity: bool,
    apis: Vec<&'a Symbol>,
}

#[derive(askama::Template)]
#[template(path = "bicep/insights_role_module.bicep.j2")]
struct InsightsRoleModuleView {
    path: &'static str,
    name: Value,
    scope: Value,
    principal: Value,
}

pub(super) fn main(plan: &Plan, names: &Names, objects: &[Object], modules: &[Module<'_>]) -> String {
    let mut symbols = Symbols::reserving(&RESERVED);
    let backends_module = Symbol::fixed("backends");
    // The modules of APIs come first: every file has them, and they keep their plain names.
    for module in modules {
        symbols.take(&module.symbol);
    }
    let exist = Existing::new(plan, names, &mut symbols);
    let apis_modules = modules.iter().enumerate().map(|(at, module)| ApisView {
        symbol: &module.symbol,
        path: &module.path,
        name: deployment_name(plan, &module.path, Vec::new()),
        needs: [backends_module.clone()]
            .into_iter()
            .chain(at.checked_sub(1).map(|before| modules[before].symbol.clone()))
            .collect(),
    });
    let roles = roles(plan, names, &mut symbols);
    let needs = roles.iter().map(|role| Value::Reference(Expression::symbol(&role.symbol)));
    render(&MainView {
        source: &plan.source_name,
        has_references: has_references(plan),
        assigns_roles: plan.assigns_roles(),
        params: params(plan, names),
        identity_scope: plan.identity.as_ref().map(|_| scope(&Expression::fixed("identity"))),
        backends_name: deployment_name(plan, "modules/backends.bicep", Vec::new()),
        backends_params: backends_params(plan, names, objects, &exist),
        backends_needs: (!roles.is_empty()).then(|| Value::Lines(needs.collect())),
        resources: exist.declared.into_iter().chain(roles.iter().map(|role| role.declared(plan))).collect(),
        apis_modules: apis_modules.collect(),
        monitoring: monitoring(plan, modules),
        urls: urls(plan),
        subscriptions: subscriptions(modules),
    })
}

/// The parameters, group by group.
fn params(plan: &Plan, names: &Names) -> Fragment {
    let groups = plan.params.groups().filter_map(|(group, params)| {
        let kind = params[0].1.kind;
        let properties = params.iter().filter(|(_, param)| !param.kind.is_known_to_arm() && param.key.is_some());
        let properties = Fragment::paragraphs(properties.map(|(id, param)| {
            fragment(&DescribedView { description: &param.description, key: names.key(*id), kind: kind_of(param.kind) })
        }));
        let is_ours = properties.is_some() || !kind.is_known_to_arm();
        is_ours.then(|| {
            fragment(&ParameterView {
                description: group.description(),
                name: group_name(group),
                kind: kind_of(kind),
                properties,
            })
        })
    });
    Fragment::paragraphs(groups).expect("plan: there is a service")
}

fn kind_of(kind: ParamKind) -> Value {
    Value::Reference(Expression::fixed(match kind {
        ParamKind::Reference => "resourceReference",
        ParamKind::OptionalText => "string?",
        ParamKind::Text | ParamKind::DeploymentText | ParamKind::Secret => "string",
    }))
}

/// The existing resources and their ids.
struct Existing {
    declared: Vec<Fragment>,
    /// Parameters with a resource, and the symbol of that.
    symbols: Vec<(ParamId, Symbol)>,
}

impl Existing {
    fn new(plan: &Plan, names: &Names, symbols: &mut Symbols) -> Self {
        let mut exist = Self { declared: Vec::new(), symbols: Vec::new() };
        let accounts = plan.account_backends.iter().map(|backend| (backend.param, format!("{}-account", backend.name)));
        exist.add(names, symbols, On::Account, accounts.collect());
        let vaults = plan.vaults.iter().map(|vault| (vault.param, format!("{}-vault", vault.key)));
        exist.add(names, symbols, On::Vault, vaults.collect());
        exist
    }

    fn add(&mut self, names: &Names, symbols: &mut Symbols, on: On, all: Vec<(ParamId, String)>) {
        if all.is_empty() {
            return;
        }
        let (kind, _) = on.kind().split_once('@').expect("emit: types of ours have a version");
        let (group, ids, one) = match on {
            On::Vault => (Group::Vaults, "vaultIds", "vault"),
            On::Account | On::Component => (Group::Accounts, "accountIds", "account"),
        };
        self.declared.push(fragment(&IdsView {
            symbol: Symbol::fixed(ids),
            group: group_name(group),
            one: Symbol::fixed(one),
            kind,
        }));
        for (param, name) in all {
            let symbol = symbols.add(&name, "resource");
            let id = id(names, param, on);
            let segment = |end| Expression::fixed("split(").join(&id).then(end);
            let scope = Value::Reference(call("resourceGroup", &[segment(", '/')[2]"), segment(", '/')[4]")]));
            let id = Value::Reference(id);
            self.declared.push(fragment(&ExistingView { symbol: symbol.clone(), kind: on.kind(), scope, id }));
            self.symbols.push((param, symbol));
        }
    }

    fn symbol(&self, param: ParamId) -> Expression {
        let found = self.symbols.iter().find(|(of, _)| *of == param);
        Expression::symbol(&found.expect("emit: what parameters name is declared").1)
    }
}

/// The id of what a parameter names, in lower case.
fn id(names: &Names, param: ParamId, on: On) -> Expression {
    let ids = match on {
        On::Vault => "vaultIds",
        On::Account | On::Component => "accountIds",
    };
    Expression::fixed(ids).dot(names.key(param))
}

/// A role on all that has to have it: each once, however many parameters name it.
struct RoleModule {
    symbol: Symbol,
    on: On,
    ids: Vec<Expression>,
    role: Role,
}

impl RoleModule {
    fn declared(&self, plan: &Plan) -> Fragment {
        fragment(&RoleModuleView {
            symbol: &self.symbol,
            path: self.on.module(),
            name: deployment_name(plan, self.on.module(), vec![Expression::fixed("roles").dot(&role_key(self.role))]),
            ids: Value::Lines(self.ids.iter().cloned().map(Value::Reference).collect()),
            principal: principal(plan),
            role: Value::Reference(Expression::fixed("roles").dot(&role_key(self.role))),
        })
    }
}

fn roles(plan: &Plan, names: &Names, symbols: &mut Symbols) -> Vec<RoleModule> {
    if !plan.assigns_roles() {
        return Vec::new();
    }
    let mut add = |on, role: Role, params: Vec<ParamId>| {
        let symbol = symbols.add(&format!("{}-role", role_key(role).as_str()), "module");
        RoleModule { symbol, on, ids: params.into_iter().map(|param| id(names, param, on)).collect(), role }
    };
    let account_roles: BTreeSet<Role> = plan.account_roles().collect();
    let mut roles: Vec<RoleModule> = Vec::new();
    for role in account_roles {
        let backends = plan.account_backends.iter().filter(|backend| backend.role == role);
        roles.push(add(On::Account, role, backends.map(|backend| backend.param).collect()));
    }
    if !plan.vaults.is_empty() {
        roles.push(add(On::Vault, VAULT_ROLE, plan.vaults.iter().map(|vault| vault.param).collect()));
    }
    roles
}

/// The name of a module's deployment. By prefix and service, since the modules of several gateways may be deployed to one group at the
/// same time; and by the role, if its module is there once for each.
fn deployment_name(plan: &Plan, path: &str, role: Vec<Expression>) -> Value {
    let module = path.trim_start_matches("modules/").trim_end_matches(".bicep");
    let prefix = plan.service.prefix.trim_end_matches('-');
    let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}-") };
    let is_loop = !role.is_empty();
    let unique: Vec<Expression> = [Expression::fixed("gateway.id")].into_iter().chain(role).collect();
    let mut parts = vec![Part::Text(format!("{prefix}{module}-")), Part::Reference(call("uniqueString", &unique))];
    if is_loop {
        parts.extend([Part::Text("-".to_owned()), Part::Reference(Expression::fixed("at"))]);
    }
    Value::Interpolated(parts)
}

/// The logger and diagnostics, after all APIs; before them the role assignment for telemetry.
fn monitoring(plan: &Plan, modules: &[Module<'_>]) -> Option<Fragment> {
    plan.insights.as_ref()?;
    let component = Expression::fixed("monitoring.applicationInsights");
    let role = plan.assigns_roles().then(|| {
        fragment(&InsightsRoleModuleView {
            path: On::Component.module(),
            name: deployment_name(plan, On::Component.module(), Vec::new()),
            scope: scope(&component),
            principal: principal(plan),
        })
    });
    let observability = fragment(&ObservabilityModuleView {
        name: deployment_name(plan, "modules/observability.bicep", Vec::new()),
        assigns_role: plan.assigns_roles(),
        has_identity: plan.identity.is_some(),
        apis: modules.iter().map(|module| &module.symbol).collect(),
    });
    Fragment::paragraphs(role.into_iter().chain([observability]))
}

/// The principal of the role assignments.
fn principal(plan: &Plan) -> Value {
    Value::Reference(Expression::fixed(if plan.identity.is_some() {
        "userIdentity.properties.principalId"
    } else {
        "gateway.identity.principalId"
    }))
}

/// A host of an account.
fn host(host: Host, symbol: Expression) -> Value {
    let endpoint = match host {
        Host::Endpoint => ".properties.endpoint",
        Host::Foundry => ".properties.endpoints['AI Foundry API']",
    };
    let arguments = [symbol.then(endpoint), Expression::fixed("'/'")];
    Value::Reference(call("split", &arguments).then("[2]"))
}

/// The parameters that the module of backends receives, by name.
fn backends_params(plan: &Plan, names: &Names, objects: &[Object], exist: &Existing) -> Vec<Field> {
    let reference = |name| Value::Reference(Expression::fixed(name));
    let mut params = vec![("serviceName".to_owned(), reference("service.name"))];
    for object in objects {
        let read = |value: &dyn Fn(Expression) -> Value| {
            let fields = object.params.iter().map(|param| (names.key(*param).as_str(), value(exist.symbol(*param))));
            Value::object(fields)
        };
        let value = match object.of {
            Of::Group(group) => Value::Reference(Expression::symbol(&group_name(group))),
            Of::Host(which) => read(&|symbol| host(which, symbol)),
            Of::VaultUri => read(&|symbol| Value::Reference(symbol.then(".properties.vaultUri"))),
        };
        params.push((object.name.as_str().to_owned(), value));
    }
    if plan.writes_client_id() {
        params.push(("identityClientId".to_owned(), reference("userIdentity.properties.clientId")));
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
fn subscriptions(modules: &[Module<'_>]) -> Option<Value> {
    let outputs: Vec<_> = modules
        .iter()
        .filter(|module| module.has_subscriptions())
        .map(|module| Expression::symbol(&module.symbol).then(".outputs.subscriptions"))
        .collect();
    match outputs.as_slice() {
        [] => None,
        [only] => Some(Value::Reference(only.clone())),
        all => Some(Value::Reference(call("union", all))),
    }
}
