//! `modules/types.bicep` and `modules/account.bicep`: what the accounts share.

use super::{filters, role_key};
use crate::emit::render;
use crate::emit::value::{Field, Value};
use crate::plan::Plan;

#[derive(askama::Template)]
#[template(path = "bicep/types.bicep.j2")]
struct TypesView<'a> {
    source: &'a str,
    roles: Option<Vec<Field>>,
}

#[derive(askama::Template)]
#[template(path = "bicep/account.bicep.j2")]
struct AccountView<'a> {
    source: &'a str,
}

pub(super) fn types(plan: &Plan) -> String {
    let roles = plan
        .roles()
        .map(|role| (role_key(role).as_str().to_owned(), Value::text(role.id())));
    render(&TypesView {
        source: &plan.source_name,
        roles: plan.assigns_roles().then(|| roles.collect()),
    })
}

pub(super) fn account(plan: &Plan) -> String {
    render(&AccountView {
        source: &plan.source_name,
    })
}
