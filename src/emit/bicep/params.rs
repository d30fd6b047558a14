//! `main.bicepparam`: what differs between environments.

use super::{Names, filters};
use crate::emit::render;
use crate::emit::symbols::Symbol;
use crate::emit::value::{Field, Value};
use crate::plan::Plan;
use crate::resolve::ResourceRef;

#[derive(askama::Template)]
#[template(path = "bicep/main.bicepparam.j2")]
struct ParamsView<'a> {
    source: &'a str,
    params: Vec<ParamView>,
}

struct ParamView {
    name: Symbol,
    value: Vec<Field>,
}

pub(super) fn params(plan: &Plan, names: &Names<'_>) -> String {
    let mut service = vec![("name".to_owned(), Value::text(&plan.service.name))];
    if let Some(url) = &plan.service.public_url {
        service.push(("publicUrl".to_owned(), Value::text(url)));
    }
    let identity = plan.identity.as_ref().map(reference);
    let accounts = names.accounts.iter().map(|(account, key)| {
        let account = Value::Object(reference(&account.place));
        (key.as_str().to_owned(), account)
    });
    let hosts = names.hosts.iter().map(|(_, url, key)| (key.as_str().to_owned(), Value::text(*url)));
    let vaults = names.vaults.iter().map(|(vault, key)| {
        let vault = Value::Object(reference(&vault.place));
        (key.as_str().to_owned(), vault)
    });
    let audiences = names.audiences.iter().map(|(_, audience, key)| (key.as_str().to_owned(), Value::text(*audience)));
    let entra = names.entra.iter().map(|(ids, key)| {
        let list = |ids: &[String]| Value::Lines(ids.iter().map(Value::text).collect());
        let fields = [
            ("tenantId", Some(Value::text(&ids.tenant))),
            ("audiences", Some(list(&ids.audiences))),
            ("applications", (!ids.applications.is_empty()).then(|| list(&ids.applications))),
        ];
        let fields = fields.into_iter().filter_map(|(key, value)| Some((key, value?)));
        (key.as_str().to_owned(), Value::object(fields))
    });
    let monitoring = plan.insights.iter().map(|insights| {
        let component = Value::Object(reference(&insights.place));
        ("applicationInsights".to_owned(), component)
    });
    let all = [
        ("service", service),
        ("identity", identity.unwrap_or_default()),
        ("accounts", accounts.collect()),
        ("hosts", hosts.collect()),
        ("vaults", vaults.collect()),
        ("audiences", audiences.collect()),
        ("entra", entra.collect()),
        ("monitoring", monitoring.collect()),
    ];
    render(&ParamsView {
        source: &plan.source_name,
        params: all
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| ParamView { name: Symbol::fixed(name), value })
            .collect(),
    })
}

fn reference(place: &ResourceRef) -> Vec<Field> {
    let group = place.resource_group.as_ref();
    let subscription = place.subscription.as_ref();
    [("name", Some(&place.name)), ("resourceGroup", group), ("subscriptionId", subscription)]
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), Value::text(value?))))
        .collect()
}
