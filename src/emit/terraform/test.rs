//! `tests/gateway.tftest.hcl`: assertions about this gateway, run by `terraform test` with mocked providers.

use super::locals::SUBDOMAIN;
use super::role::role_label;
use super::{
    account_label, api_label, backend, component_label, filters, named_value, policy, resource, subscription_label,
    variables, vault_label,
};
use crate::emit::symbols::Symbol;
use crate::emit::value::print::HCL;
use crate::emit::value::{Expression, Field, Part, Value};
use crate::emit::{Fragment, fragment, render};
use crate::plan::{
    AccountBackend, Api, Backend, BackendKind, Host, NamedValue, NamedValueSource, Need, ParamId, ParamKind,
    ParamValue, Plan, PoolMember, Role, Url, VAULT_ROLE, Vault,
};
use crate::resolve::ResourceRef;

/// The subscription that the mocked deployment runs in.
const SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000000";
/// The resource group, if the file sets none.
const GROUP: &str = "rg-gateway";
const PRINCIPAL: &str = "44444444-4444-4444-4444-444444444444";
const CLIENT: &str = "55555555-5555-5555-5555-555555555555";
const COMPONENT: &str = "66666666-6666-6666-6666-666666666666";

#[derive(askama::Template)]
#[template(path = "terraform/test.tftest.hcl.j2")]
struct TestView<'a> {
    source: &'a str,
    data: Vec<DataView>,
    apis: Vec<ApiView>,
    variables: Vec<Field>,
    assertions: Fragment,
}

struct DataView {
    target: Value,
    output: Vec<Field>,
}

struct ApiView {
    target: Value,
    id: String,
}

#[derive(askama::Template)]
#[template(path = "terraform/assertion.tftest.hcl.j2")]
struct AssertionView {
    condition: Value,
    message: String,
}

pub(super) fn test(plan: &Plan) -> String {
    let assertions = plan
        .backends
        .iter()
        .map(|backend| leads_to(plan, backend))
        .chain(plan.named_values.iter().map(|value| holds(plan, value)))
        .chain(plan.account_backends.iter().filter(|_| plan.assigns_roles()).map(|backend| role(plan, backend)))
        .chain(plan.vaults.iter().filter(|_| plan.assigns_roles()).map(|vault| vault_role(plan, vault)))
        .chain(plan.insights.iter().map(|_| logs(plan)))
        .chain(plan.apis.iter().flat_map(|api| self::api(plan, api)));
    render(&TestView {
        source: &plan.source_name,
        data: data(plan),
        apis: plan
            .apis
            .iter()
            // The provider validates the format of a parent's id.
            .filter(|api| !api.subscriptions.is_empty() || plan.insights.is_some())
            .map(|api| ApiView { target: Value::Reference(resource(&api_label(api))), id: api_id(plan, api) })
            .collect(),
        variables: variables(plan),
        assertions: Fragment::paragraphs(assertions).expect("resolve: there is an API"),
    })
}

/// Values of its own for all variables, so that those of an environment change nothing: the ones of the file, and made-up ones for what
/// only a deployment knows.
fn variables(plan: &Plan) -> Vec<Field> {
    let mut values = variables::values(plan);
    let unknown = plan.params.iter().filter(|(_, param)| param.key.is_none() && param.value.is_none());
    values.extend(unknown.map(|(_, param)| {
        let value = match param.kind {
            ParamKind::Secret => "InstrumentationKey=00000000-0000-0000-0000-000000000000",
            ParamKind::Text | ParamKind::OptionalText | ParamKind::DeploymentText | ParamKind::Reference => GROUP,
        };
        (param.group, Value::text(value))
    }));
    values.sort_by_key(|(group, _)| *group);
    values.into_iter().map(|(group, value)| (variables::group_name(group).as_str().to_owned(), value)).collect()
}

fn data(plan: &Plan) -> Vec<DataView> {
    let data_view = |label: &Symbol, output: Vec<(&str, Value)>| DataView {
        target: Value::Reference(Expression::fixed("data.azapi_resource").dot(label)),
        output: output.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
    };
    let view = |label: &Symbol, output: Vec<(&str, String)>| {
        data_view(label, output.into_iter().map(|(key, value)| (key, Value::text(value))).collect())
    };
    let mut service = vec![("gateway_url", Value::text(format!("https://{}.azure-api.net", plan.service.name)))];
    let mut identity = vec![("client_id", CLIENT.to_owned())];
    if let Some(place) = &plan.identity {
        let id = id_of(plan, place, "Microsoft.ManagedIdentity/userAssignedIdentities", str::to_owned);
        service.push(("identities", Value::object([(id, Value::Object(Vec::new()))])));
        if plan.assigns_roles() {
            identity.push(("principal_id", PRINCIPAL.to_owned()));
        }
    } else if plan.uses_identity() {
        service.push(("principal_id", Value::text(PRINCIPAL)));
    }
    let mut data = vec![data_view(&Symbol::fixed("service"), service)];
    if plan.identity.is_some() {
        data.push(view(&Symbol::fixed("identity"), identity));
    }
    data.extend(plan.account_backends.iter().map(|backend| {
        let hosts = backend.hosts.iter().copied();
        let endpoints = hosts.map(|which| {
            let key = match which {
                Host::Endpoint => "endpoint",
                Host::Foundry => "foundry_endpoint",
            };
            (key, format!("https://{}/", host_of(plan, backend, which)))
        });
        let subdomain = (SUBDOMAIN, plan.params.text(backend.param).to_ascii_lowercase());
        view(&account_label(backend), endpoints.chain([subdomain]).collect())
    }));
    data.extend(plan.vaults.iter().map(|vault| {
        let uri = vault_uri(vault);
        view(&vault_label(vault), vec![("uri", uri)])
    }));
    data.extend(plan.insights.iter().map(|_| view(&component_label(), vec![("app_id", COMPONENT.to_owned())])));
    data
}

fn host_of(plan: &Plan, backend: &AccountBackend, host: Host) -> String {
    let account = plan.params.text(backend.param).to_ascii_lowercase();
    match host {
        Host::Endpoint => format!("{account}.openai.azure.com"),
        Host::Foundry => format!("{account}.services.ai.azure.com"),
    }
}

fn vault_uri(vault: &Vault) -> String {
    format!("https://{}.vault.azure.net/", vault.key)
}

/// The value that policies and backends read from a named value.
fn holds(plan: &Plan, value: &NamedValue) -> Fragment {
    let properties = named_value(value).then(".body.properties");
    let (actual, expected, message) = match &value.value {
        NamedValueSource::IdentityClientId => {
            (properties.then(".value"), CLIENT.to_owned(), "Policies use the client id of the identity.".to_owned())
        }
        NamedValueSource::Param(param) => (
            properties.then(".value"),
            plan.params.text(*param).to_owned(),
            format!("{} holds the value of its variable.", value.key),
        ),
        NamedValueSource::Secret { vault, name } => (
            properties.then(".keyVault.secretIdentifier"),
            format!("{}secrets/{name}", vault_uri(&plan[*vault])),
            format!("{} is read from its vault, in the latest version.", value.key),
        ),
    };
    equal(actual, Value::text(expected), message)
}

fn assert(condition: Expression, message: String) -> Fragment {
    fragment(&AssertionView { condition: Value::Reference(condition), message })
}

fn equal(left: Expression, right: Value, message: String) -> Fragment {
    let right = HCL.expression(&right);
    assert(left.then(" == ").join(&right), message)
}

/// `outer["key"]`.
fn item(outer: Expression, key: &str) -> Expression {
    let key = HCL.expression(&Value::text(key));
    outer.then("[").join(&key).then("]")
}

/// The URL of a backend, or the members of a pool.
fn leads_to(plan: &Plan, backend: &Backend) -> Fragment {
    let (url, message) = match &backend.kind {
        BackendKind::Single { url: Url::Account { backend: at, host, path }, .. } => (
            format!("https://{}{path}", host_of(plan, &plan[*at], *host)),
            format!("{} uses the endpoint of its account.", backend.key),
        ),
        BackendKind::Single { url: Url::Host { url, .. }, .. } => {
            (url.clone(), format!("{} uses its URL.", backend.key))
        }
        BackendKind::Pool { members, .. } => return has_members(plan, backend, members),
    };
    let actual = self::backend(backend).then(".body.properties.url");
    equal(actual, Value::text(url), message)
}

fn has_members(plan: &Plan, pool: &Backend, members: &[PoolMember]) -> Fragment {
    let services = backend(pool).then(".body.properties.pool.services");
    let ids = members.iter().map(|member| Value::Reference(backend(&plan[member.backend]).then(".id")));
    let all = HCL.expression(&Value::Lines(ids.collect()));
    let condition = Expression::fixed("tolist(").join(&services.then("[*].id) == tolist(")).join(&all).then(")");
    assert(condition, format!("{} has its members.", pool.key))
}

/// Every API logs requests without bodies.
fn logs(plan: &Plan) -> Fragment {
    let all = "azapi_resource.diagnostic_application_insights";
    let names = plan.apis.iter().map(|api| Value::text(api.name.as_str()));
    let names = HCL.expression(&Value::List(names.collect()));
    let condition =
        Expression::fixed("toset(keys(").join(&Expression::fixed(all)).then(")) == toset(").join(&names).then(")");
    assert(condition, "Every API logs to Application Insights.".to_owned())
}

fn role(plan: &Plan, backend: &AccountBackend) -> Fragment {
    let of = format!("the account of {}", backend.name);
    has_role(plan, backend.param, "Microsoft.CognitiveServices/accounts", backend.role, &of)
}

fn vault_role(plan: &Plan, vault: &Vault) -> Fragment {
    let of = format!("the vault {}", vault.key);
    has_role(plan, vault.param, "Microsoft.KeyVault/vaults", VAULT_ROLE, &of)
}

fn has_role(plan: &Plan, param: ParamId, kind: &str, role: Role, of: &str) -> Fragment {
    let Some(ParamValue::Reference(place)) = &plan.params.get(param).value else {
        unreachable!("plan: accounts and vaults are references");
    };
    let scope = id_of(plan, place, kind, str::to_lowercase);
    let assignments = Expression::fixed("azurerm_role_assignment").dot(&role_label(role));
    equal(
        item(assignments, &scope).then(".principal_id"),
        Value::text(PRINCIPAL),
        format!("The identity of the gateway has its role on {of}."),
    )
}

/// The id of an existing resource, with its names in a spelling.
fn id_of(plan: &Plan, place: &ResourceRef, kind: &str, spelled: fn(&str) -> String) -> String {
    format!(
        "/subscriptions/{}/resourceGroups/{}/providers/{kind}/{}",
        spelled(place.subscription.as_deref().unwrap_or(SUBSCRIPTION)),
        spelled(place.resource_group.as_deref().unwrap_or_else(|| group(plan))),
        spelled(&place.name),
    )
}

fn api(plan: &Plan, api: &Api) -> Vec<Fragment> {
    let mut assertions: Vec<Fragment> = api
        .needs
        .iter()
        .filter_map(|need| match need {
            Need::Backend(id) => Some(&plan[*id]),
            Need::NamedValue(_) => None,
        })
        .map(|backend| sends_to(api, backend))
        .collect();
    let base = plan.service.public_url.clone();
    let base = base.unwrap_or_else(|| format!("https://{}.azure-api.net", plan.service.name));
    assertions.push(equal(
        item(Expression::fixed("output.urls"), api.name.as_str()),
        Value::text(format!("{base}/{}", api.path)),
        format!("Callers of {} use the public URL.", api.name),
    ));
    if let Some(caller) = api.subscriptions.first() {
        let subscriptions = resource(&subscription_label(api));
        let scope = item(subscriptions, caller).then(".body.properties.scope");
        assertions.push(assert(
            scope.then(" == ").join(&resource(&api_label(api)).then(".id")),
            format!("The key of {caller} is valid for {} only.", api.name),
        ));
        let of_api = item(Expression::fixed("output.subscriptions"), api.name.as_str());
        assertions.push(equal(
            item(of_api, caller),
            Value::text(format!("{}-{caller}", api.resource)),
            format!("The output lists the subscription of {caller}."),
        ));
    }
    assertions
}

/// The policy refers to an existing backend.
fn sends_to(api: &Api, backend: &Backend) -> Fragment {
    let name = Value::Interpolated(vec![
        Part::Text("backend-id=\"".to_owned()),
        Part::Reference(self::backend(backend).then(".name")),
        Part::Text("\"".to_owned()),
    ]);
    let condition = Expression::fixed("strcontains(")
        .join(&policy(api).then(".xml_content, "))
        .join(&HCL.expression(&name))
        .then(")");
    assert(condition, format!("{} sends requests to {}.", api.name, backend.key))
}

fn group(plan: &Plan) -> &str {
    plan.service.resource_group.as_deref().unwrap_or(GROUP)
}

fn api_id(plan: &Plan, api: &Api) -> String {
    format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/{}/providers/Microsoft.ApiManagement/service/{}/apis/{}",
        group(plan),
        plan.service.name,
        api.resource,
    )
}
