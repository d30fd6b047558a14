//! `variables.tf` and `terraform.tfvars`: the values that differ between environments.

use super::filters;
use crate::emit::symbols::Symbol;
use crate::emit::value::print::HCL;
use crate::emit::value::{Expression, Field, Value};
use crate::emit::{Fragment, fragment, render};
use crate::plan::{Constraint, Group, Param, ParamKind, ParamValue, Plan};
use crate::resolve::ResourceRef;

#[derive(askama::Template)]
#[template(path = "terraform/variables.tf.j2")]
struct VariablesView<'a> {
    source: &'a str,
    variables: Vec<VariableView>,
}

struct VariableView {
    name: Symbol,
    description: String,
    /// The properties of an object; `None`: it is a reference or a text.
    properties: Option<Fragment>,
    is_reference: bool,
    is_secret: bool,
    validations: Vec<ValidationView>,
}

struct ValidationView {
    condition: Value,
    message: String,
}

#[derive(askama::Template)]
#[template(path = "terraform/property.tf.j2")]
struct PropertyView<'a> {
    description: &'a str,
    key: Symbol,
    is_reference: bool,
    is_optional: bool,
}

#[derive(askama::Template)]
#[template(path = "terraform/tfvars.j2")]
struct TfvarsView<'a> {
    source: &'a str,
    variables: Vec<ValueView>,
}

struct ValueView {
    name: Symbol,
    value: Vec<Field>,
}

pub(super) fn variables(plan: &Plan) -> String {
    let variables = plan.params.groups().map(|(group, params)| {
        let params: Vec<&Param> = params.into_iter().map(|(_, param)| param).collect();
        let is_reference = params[0].key.is_none() && params[0].kind == ParamKind::Reference;
        let defaults = params.iter().any(|param| param.kind == ParamKind::Reference);
        let defaults = if defaults { " Resource group and subscription default to those of the service." } else { "" };
        VariableView {
            name: group_name(group),
            description: format!("{}{defaults}", group.description()),
            properties: Fragment::paragraphs(params.iter().filter_map(|param| property(param))),
            is_reference,
            is_secret: params[0].kind == ParamKind::Secret,
            validations: validations(group, &params),
        }
    });
    render(&VariablesView { source: &plan.source_name, variables: variables.collect() })
}

fn property(param: &Param) -> Option<Fragment> {
    param.key.as_ref()?;
    Some(fragment(&PropertyView {
        description: &param.description,
        key: key(param)?,
        is_reference: param.kind == ParamKind::Reference,
        is_optional: param.kind == ParamKind::OptionalText,
    }))
}

/// The validations that Terraform runs before it plans: one for a group whose parameters all have it, else one for each parameter.
fn validations(group: Group, params: &[&Param]) -> Vec<ValidationView> {
    let must_not = |what: String| format!("{what} must not end with a slash.");
    let of = |param: &Param| param.constraint == Some(Constraint::NoSlashAtEnd);
    if params.iter().all(|param| of(param)) {
        let all = Expression::fixed("alltrue([for url in values(").join(&variable(group));
        let condition = all.then(") : !endswith(url, \"/\")])");
        return vec![ValidationView {
            condition: Value::Reference(condition),
            message: must_not(format!("A value of {}", group_name(group).as_str())),
        }];
    }
    let one = params.iter().filter(|param| of(param)).map(|param| {
        let value = value_of(param);
        let text = match param.kind {
            ParamKind::OptionalText => Expression::fixed("coalesce(").join(&value).then(", \"-\")"),
            _ => value.clone(),
        };
        ValidationView {
            condition: Value::Reference(Expression::fixed("!endswith(").join(&text).then(", \"/\")")),
            message: must_not(name_of(param)),
        }
    });
    one.chain(guids(params)).collect()
}

/// The validation of all ids of a group that are GUIDs.
fn guids(params: &[&Param]) -> Option<ValidationView> {
    let ids = params.iter().filter(|param| param.constraint == Some(Constraint::Guid));
    let ids: Vec<Value> = ids.map(|param| Value::Reference(value_of(param))).collect();
    if ids.is_empty() {
        return None;
    }
    let form = "can(regex(\"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$\", id))])";
    let condition = Expression::fixed("alltrue([for id in ").join(&HCL.expression(&Value::Lines(ids))).then(" : ");
    Some(ValidationView {
        condition: Value::Reference(condition.then(form)),
        message: "Ids of applications and tenants must be GUIDs.".to_owned(),
    })
}

pub(super) fn tfvars(plan: &Plan) -> String {
    let variables = values(plan).into_iter().filter_map(|(group, value)| match value {
        Value::Object(value) => Some(ValueView { name: group_name(group), value }),
        _ => None,
    });
    render(&TfvarsView { source: &plan.source_name, variables: variables.collect() })
}

/// The values of all groups that have one.
pub(super) fn values(plan: &Plan) -> Vec<(Group, Value)> {
    let groups = plan.params.groups().filter_map(|(group, params)| {
        let mut fields = Vec::new();
        for (_, param) in params {
            match (&param.value, key(param)) {
                (Some(value), Some(key)) => fields.push((key.as_str().to_owned(), self::value(value))),
                (Some(whole), None) => return Some((group, value(whole))),
                (None, _) => {}
            }
        }
        (!fields.is_empty()).then_some((group, Value::Object(fields)))
    });
    groups.collect()
}

fn value(value: &ParamValue) -> Value {
    match value {
        ParamValue::Text(text) => Value::text(text),
        ParamValue::Reference(place) => Value::Object(reference(place)),
    }
}

fn reference(place: &ResourceRef) -> Vec<Field> {
    let fields = [
        ("name", Some(&place.name)),
        ("resource_group", place.resource_group.as_ref()),
        ("subscription_id", place.subscription.as_ref()),
    ];
    fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), Value::text(value?)))).collect()
}

/// The variable that is a group.
pub(super) fn group_name(group: Group) -> Symbol {
    Symbol::terraform(group.name())
}

fn variable(group: Group) -> Expression {
    Expression::fixed("var").dot(&group_name(group))
}

/// The attribute of a parameter in the variable of its group. Attributes of a type cannot be quoted, so keywords need another name; no
/// other parameter has it, since no key has an underscore.
fn key(param: &Param) -> Option<Symbol> {
    let key = Symbol::terraform(param.key.as_ref()?);
    Some(match key.as_str() {
        keyword @ ("for" | "true" | "false" | "null") => Symbol::terraform(&format!("{keyword}_")),
        _ => key,
    })
}

/// The attribute of a parameter that is one of several.
pub(super) fn attribute(param: &Param) -> Symbol {
    key(param).expect("plan: one of several has a key")
}

/// A parameter as people call it: `accounts.east`.
pub(in crate::emit) fn name_of(param: &Param) -> String {
    value_of(param).as_str().trim_start_matches("var.").to_owned()
}

/// The value of a parameter.
pub(super) fn value_of(param: &Param) -> Expression {
    match key(param) {
        Some(key) => variable(param.group).dot(&key),
        None => variable(param.group),
    }
}
