//! `modules/backends.bicep`: backends and the named values that policies use.

use super::{Names, filters};
use crate::emit::named_value::{self, Content, credentials};
use crate::emit::symbols::{Symbol, Symbols};
use crate::emit::value::{Expression, Part, Value};
use crate::emit::{Fragment, fragment, pool, render};
use crate::plan::{Backend, BackendKind, Group, Host, NamedValue, NamedValueSource, ParamId, Plan, PoolMember, Url};
use crate::resolve::name::ResourceName;

/// An object that the module of backends is given.
pub(super) struct Object {
    /// Its name.
    pub(super) name: Symbol,
    /// The source of its values.
    pub(super) of: Of,
    /// Its description.
    description: &'static str,
    /// The parameters that its properties are called after.
    pub(super) params: Vec<ParamId>,
}

/// The source of an object's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// Parameters of the whole deployment.
    Group(Group),
    /// A host of existing accounts.
    Host(Host),
    /// The URLs of existing vaults.
    VaultUri,
}

/// The objects that the module of backends is given.
pub(super) fn objects(plan: &Plan) -> Vec<Object> {
    let object = |name, of, description, params| Object { name: Symbol::fixed(name), of, description, params };
    let at = |host: Host| {
        let backends = plan.account_backends.iter().filter(move |backend| backend.hosts.contains(&host));
        backends.map(|backend| backend.param).collect()
    };
    let group = |group: Group| {
        let params = plan.params.iter().filter(move |(_, param)| param.group == group);
        object(group.name(), Of::Group(group), group.description(), params.map(|(id, _)| id).collect())
    };
    let vaults = plan.vaults.iter().map(|vault| vault.param).collect();
    let all = [
        object("accountHosts", Of::Host(Host::Endpoint), "Hosts of the Azure AI accounts.", at(Host::Endpoint)),
        object("foundryHosts", Of::Host(Host::Foundry), "Hosts of the Foundry APIs of accounts.", at(Host::Foundry)),
        group(Group::Hosts),
        object("vaultUris", Of::VaultUri, "URLs of the key vaults, with a trailing slash.", vaults),
        group(Group::Audiences),
        group(Group::Entra),
    ];
    all.into_iter().filter(|object| !object.params.is_empty()).collect()
}

/// Names that `backends.bicep.j2` declares itself.
const RESERVED: [&str; 9] = [
    "entra",
    "serviceName",
    "accountHosts",
    "foundryHosts",
    "vaultUris",
    "audiences",
    "hosts",
    "identityClientId",
    "service",
];

#[derive(askama::Template)]
#[template(path = "bicep/backends.bicep.j2")]
struct BackendsView<'a> {
    source: &'a str,
    objects: Vec<ObjectView<'a>>,
    has_identity: bool,
    breakers: Vec<BreakerView<'a>>,
    backends: Vec<Fragment>,
    named_values: Vec<Fragment>,
}

struct ObjectView<'a> {
    name: &'a Symbol,
    description: &'static str,
    keys: Vec<&'a Symbol>,
}

struct BreakerView<'a> {
    symbol: &'a Symbol,
    rules: Value,
}

#[derive(askama::Template)]
#[template(path = "bicep/backend.bicep.j2")]
struct BackendView<'a> {
    symbol: &'a Symbol,
    name: &'a ResourceName,
    description: String,
    url: Value,
    breaker: Option<&'a Symbol>,
    credentials: Option<Value>,
}

#[derive(askama::Template)]
#[template(path = "bicep/pool.bicep.j2")]
struct PoolView<'a> {
    symbol: &'a Symbol,
    is_preview: bool,
    name: &'a ResourceName,
    description: String,
    pool: Value,
}

#[derive(askama::Template)]
#[template(path = "bicep/named_value.bicep.j2")]
struct NamedValueView<'a> {
    symbol: &'a Symbol,
    name: &'a ResourceName,
    content: Content,
}

pub(super) fn backends(plan: &Plan, names: &Names, objects: &[Object]) -> String {
    let mut symbols = Symbols::reserving(&RESERVED);
    let own = Own {
        backends: plan.backends.iter().map(|backend| symbols.add(&backend.key, "backend")).collect(),
        breakers: plan
            .breakers
            .iter()
            .map(|breaker| symbols.add(&format!("{}-circuit-breaker", breaker.key), "rule"))
            .collect(),
        named_values: plan.named_values.iter().map(|value| symbols.add(&value.key, "value")).collect(),
    };
    let backends = plan.backends.iter().zip(&own.backends);
    let backends = backends.map(|(backend, symbol)| self::backend(plan, backend, symbol, names, &own)).collect();
    let named_values = plan.named_values.iter().zip(&own.named_values);
    let named_values = named_values.map(|(value, symbol)| named_value(plan, value, names, symbol)).collect();
    render(&BackendsView {
        source: &plan.source_name,
        objects: objects
            .iter()
            .map(|object| ObjectView {
                name: &object.name,
                description: object.description,
                keys: object.params.iter().map(|param| names.key(*param)).collect(),
            })
            .collect(),
        has_identity: plan.writes_client_id(),
        breakers: plan
            .breakers
            .iter()
            .zip(&own.breakers)
            .map(|(breaker, symbol)| BreakerView { symbol, rules: pool::breaker(breaker) })
            .collect(),
        backends,
        named_values,
    })
}

/// The symbols of the module, each list in the order of the plan's.
struct Own {
    backends: Vec<Symbol>,
    breakers: Vec<Symbol>,
    named_values: Vec<Symbol>,
}

fn backend(plan: &Plan, backend: &Backend, symbol: &Symbol, names: &Names, own: &Own) -> Fragment {
    let name = &backend.resource;
    match &backend.kind {
        BackendKind::Single { url, breaker, credential } => fragment(&BackendView {
            symbol,
            name,
            description: plan.description(backend),
            url: self::url(plan, url, names),
            breaker: breaker.map(|id| &own.breakers[id.position()]),
            credentials: credential.as_ref().map(|credential| {
                let value = Expression::symbol(&own.named_values[credential.named_value.position()]);
                credentials(credential, value.then(".name"))
            }),
        }),
        BackendKind::Pool { members, cookie } => {
            let id = |member: &PoolMember| Expression::symbol(&own.backends[member.backend.position()]).then(".id");
            fragment(&PoolView {
                symbol,
                is_preview: cookie.is_some(),
                name,
                description: plan.description(backend),
                pool: pool::pool(members, cookie.as_deref(), id),
            })
        }
    }
}

fn url(plan: &Plan, url: &Url, names: &Names) -> Value {
    match url {
        Url::Account { backend, host, path } => {
            let hosts = match host {
                Host::Endpoint => "accountHosts",
                Host::Foundry => "foundryHosts",
            };
            let host = Expression::fixed(hosts).dot(names.key(plan[*backend].param));
            Value::Interpolated(vec![
                Part::Text("https://".to_owned()),
                Part::Reference(host),
                Part::Text(path.clone()),
            ])
        }
        Url::Host { param, .. } => Value::Reference(names.value(plan, *param)),
    }
}

fn named_value(plan: &Plan, value: &NamedValue, names: &Names, symbol: &Symbol) -> Fragment {
    let content = match &value.value {
        NamedValueSource::IdentityClientId => named_value::plain(Expression::fixed("identityClientId")),
        NamedValueSource::Param(param) => named_value::plain(names.value(plan, *param)),
        NamedValueSource::Secret { vault, name } => {
            let uri = Expression::fixed("vaultUris").dot(names.key(plan[*vault].param));
            let client = plan.identity.is_some();
            let client = client.then(|| Expression::fixed("identityClientId"));
            named_value::secret(uri, name, client)
        }
    };
    fragment(&NamedValueView { symbol, name: &value.resource, content })
}
