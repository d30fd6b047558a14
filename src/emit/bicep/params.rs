//! `main.bicepparam`: the values that differ between environments.

use super::{Names, filters, group_name};
use crate::emit::render;
use crate::emit::symbols::Symbol;
use crate::emit::value::{Field, Value};
use crate::plan::{ParamValue, Plan};
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

pub(super) fn params(plan: &Plan, names: &Names) -> String {
    let groups = plan.params.groups().map(|(group, params)| {
        let mut fields = Vec::new();
        for (id, param) in params.into_iter().filter(|(_, param)| !param.kind.is_known_to_arm()) {
            match (&param.value, &param.key) {
                (Some(ParamValue::Reference(place)), None) => fields.extend(reference(place)),
                (Some(value), Some(_)) => fields.push((names.key(id).as_str().to_owned(), self::value(value))),
                (Some(ParamValue::Text(_)), None) | (None, _) => {}
            }
        }
        ParamView { name: group_name(group), value: fields }
    });
    render(&ParamsView { source: &plan.source_name, params: groups.filter(|group| !group.value.is_empty()).collect() })
}

fn value(value: &ParamValue) -> Value {
    match value {
        ParamValue::Text(text) => Value::text(text),
        ParamValue::Reference(place) => Value::Object(reference(place)),
    }
}

fn reference(place: &ResourceRef) -> Vec<Field> {
    let group = place.resource_group.as_ref();
    let subscription = place.subscription.as_ref();
    [("name", Some(&place.name)), ("resourceGroup", group), ("subscriptionId", subscription)]
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), Value::text(value?))))
        .collect()
}
