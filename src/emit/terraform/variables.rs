//! `variables.tf` and `terraform.tfvars`: what differs between environments.

use super::{account_label, filters};
use crate::emit::render;
use crate::emit::symbols::Symbol;
use crate::emit::value::{Expression, Field, Value};
use crate::plan::{EntraIds, EntraPart, Plan};
use crate::resolve::ResourceRef;
use crate::resolve::name::Name;

#[derive(askama::Template)]
#[template(path = "terraform/variables.tf.j2")]
struct VariablesView<'a> {
    source: &'a str,
    service: Vec<Field>,
    has_resource_group: bool,
    has_identity: bool,
    accounts: Vec<Symbol>,
    has_insights: bool,
    vaults: Vec<Symbol>,
    audiences: Option<Vec<Field>>,
    hosts: Option<Vec<Field>>,
    entra: Vec<EntraView>,
}

struct EntraView {
    key: Symbol,
    types: Vec<Field>,
}

#[derive(askama::Template)]
#[template(path = "terraform/tfvars.j2")]
struct TfvarsView<'a> {
    source: &'a str,
    variables: Vec<VariableView>,
}

struct VariableView {
    name: Symbol,
    value: Vec<Field>,
}

pub(super) fn variables(plan: &Plan) -> String {
    let strings = |name: &str| {
        let kind = Value::Reference(Expression::fixed("string"));
        (host_key(name), kind)
    };
    let hosts: Vec<Field> = plan.hosts().map(|(name, _)| strings(name)).collect();
    let audiences: Vec<Field> = plan.audiences().map(|(name, _)| strings(name)).collect();
    render(&VariablesView {
        source: &plan.source_name,
        service: service_type(plan.service.resource_group.is_some()),
        has_resource_group: plan.service.resource_group.is_some(),
        has_identity: plan.identity.is_some(),
        accounts: plan.accounts.iter().map(account_label).collect(),
        has_insights: plan.insights.is_some(),
        vaults: plan.vaults.iter().map(|vault| Symbol::terraform(&vault.key)).collect(),
        audiences: (!audiences.is_empty()).then_some(audiences),
        hosts: (!hosts.is_empty()).then_some(hosts),
        entra: plan.entra.iter().map(entra_view).collect(),
    })
}

fn reference_to(source: &'static str) -> Value {
    Value::Reference(Expression::fixed(source))
}

/// The type of an API's entry in `var.entra`: as many audiences and applications as its policy names.
fn entra_view(ids: &EntraIds) -> EntraView {
    let tuple = |ids: &[String]| {
        let types = Value::List(ids.iter().map(|_| reference_to("string")).collect());
        let types = super::print::expression(&types);
        Value::Reference(Expression::fixed("tuple(").join(&types).then(")"))
    };
    EntraView {
        key: Symbol::terraform(&host_key(ids.api.as_str())),
        types: entra_fields(ids, reference_to("string"), tuple),
    }
}

fn entra_fields(ids: &EntraIds, tenant: Value, list: impl Fn(&[String]) -> Value) -> Vec<Field> {
    let applications = (!ids.applications.is_empty()).then(|| list(&ids.applications));
    let fields =
        [("tenant_id", Some(tenant)), ("audiences", Some(list(&ids.audiences))), ("applications", applications)];
    let fields = fields.into_iter();
    fields.filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

/// Something that tokens for an API name.
pub(super) fn entra(api: &Name, part: EntraPart) -> Expression {
    let key = Symbol::terraform(&host_key(api.as_str()));
    let ids = Expression::fixed("var.entra").dot(&key);
    match part {
        EntraPart::Tenant => ids.then(".tenant_id"),
        EntraPart::Audience(at) => ids.then(".audiences").item(at),
        EntraPart::Application(at) => ids.then(".applications").item(at),
    }
}

/// The key of a backend in `var.hosts`. The names of a type cannot be quoted, so keywords need another name; no other
/// backend has it, since none has an underscore.
pub(super) fn host_key(backend: &str) -> String {
    let key = Symbol::terraform(backend);
    match key.as_str() {
        keyword @ ("for" | "true" | "false" | "null") => format!("{keyword}_"),
        key => key.to_owned(),
    }
}

/// The type of `var.service`.
fn service_type(has_resource_group: bool) -> Vec<Field> {
    let fields = [
        ("name", "string", true),
        ("resource_group", "string", has_resource_group),
        ("public_url", "optional(string)", true),
    ];
    fields
        .into_iter()
        .filter(|(.., is_there)| *is_there)
        .map(|(key, kind, _)| (key.to_owned(), Value::Reference(Expression::fixed(kind))))
        .collect()
}

pub(super) fn tfvars(plan: &Plan) -> String {
    let service = [
        ("name", Some(&plan.service.name)),
        ("resource_group", plan.service.resource_group.as_ref()),
        ("public_url", plan.service.public_url.as_ref()),
    ];
    let accounts = plan.accounts.iter().map(|account| {
        let key = account_label(account).as_str().to_owned();
        (key, Value::Object(reference(&account.place)))
    });
    let hosts = plan.hosts().map(|(name, url)| (host_key(name), Value::text(url)));
    let vaults = plan.vaults.iter().map(|vault| {
        let key = Symbol::terraform(&vault.key).as_str().to_owned();
        (key, Value::Object(reference(&vault.place)))
    });
    let audiences = plan.audiences().map(|(name, audience)| (host_key(name), Value::text(audience)));
    let monitoring = plan.insights.iter().map(|insights| {
        let component = Value::Object(reference(&insights.place));
        ("application_insights".to_owned(), component)
    });
    let entra = plan.entra.iter().map(|ids| {
        let list = |ids: &[String]| Value::Lines(ids.iter().map(Value::text).collect());
        let fields = entra_fields(ids, Value::text(&ids.tenant), list);
        (host_key(ids.api.as_str()), Value::Object(fields))
    });
    let all = [
        ("service", present(service)),
        ("identity", plan.identity.as_ref().map(reference).unwrap_or_default()),
        ("accounts", accounts.collect()),
        ("monitoring", monitoring.collect()),
        ("hosts", hosts.collect()),
        ("vaults", vaults.collect()),
        ("audiences", audiences.collect()),
        ("entra", entra.collect()),
    ];
    render(&TfvarsView {
        source: &plan.source_name,
        variables: all
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| VariableView { name: Symbol::fixed(name), value })
            .collect(),
    })
}

fn reference(place: &ResourceRef) -> Vec<Field> {
    present([
        ("name", Some(&place.name)),
        ("resource_group", place.resource_group.as_ref()),
        ("subscription_id", place.subscription.as_ref()),
    ])
}

fn present<const N: usize>(fields: [(&str, Option<&String>); N]) -> Vec<Field> {
    let fields = fields.into_iter();
    fields.filter_map(|(key, value)| Some((key.to_owned(), Value::text(value?)))).collect()
}
