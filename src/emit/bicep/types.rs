//! `modules/types.bicep`: the types of parameters and roles.

use super::{filters, role_key};
use crate::emit::render;
use crate::emit::value::{Field, Value};
use crate::plan::{Plan, Role};

#[derive(askama::Template)]
#[template(path = "bicep/types.bicep.j2")]
struct TypesView<'a> {
    source: &'a str,
    roles: Option<Vec<Field>>,
    are_built_in: bool,
}

pub(super) fn types(plan: &Plan) -> String {
    let roles = plan.roles().map(|role| (role_key(role).as_str().to_owned(), Value::text(role.id().to_string())));
    render(&TypesView {
        source: &plan.source_name,
        are_built_in: plan.roles().all(Role::is_built_in),
        roles: plan.assigns_roles().then(|| roles.collect()),
    })
}
