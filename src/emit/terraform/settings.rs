//! `terraform.tf`, `providers.tf`, `.gitignore`: the same for every gateway.

use super::filters;
use crate::emit::render;
use crate::plan::Plan;

#[derive(askama::Template)]
#[template(path = "terraform/terraform.tf.j2")]
struct TerraformView<'a> {
    source: &'a str,
}

#[derive(askama::Template)]
#[template(path = "terraform/providers.tf.j2")]
struct ProvidersView<'a> {
    source: &'a str,
}

#[derive(askama::Template)]
#[template(path = "terraform/gitignore.j2")]
struct GitignoreView<'a> {
    source: &'a str,
}

pub(super) fn terraform(plan: &Plan) -> String {
    render(&TerraformView { source: &plan.source_name })
}

pub(super) fn providers(plan: &Plan) -> String {
    render(&ProvidersView { source: &plan.source_name })
}

pub(super) fn gitignore(plan: &Plan) -> String {
    render(&GitignoreView { source: &plan.source_name })
}
