//! The values that differ between environments, by the names that each target gives them.

use super::filters;
use super::place;
use crate::emit::prose::Prose;
use crate::emit::{Fragment, Target, bicep, fragment, terraform};
use crate::plan::{ParamValue, Plan};

#[derive(askama::Template)]
#[template(path = "markdown/environments.md.j2")]
struct EnvironmentsView {
    bicep: bool,
    terraform: bool,
    rows: Vec<RowView>,
}

struct RowView {
    /// `None`: a deployment by ARM needs no parameter for it.
    bicep: Option<String>,
    terraform: String,
    value: Option<Fragment>,
    meaning: Fragment,
}

pub(super) fn part(plan: &Plan, targets: &[Target]) -> Fragment {
    let names = bicep::Names::new(plan);
    let has_bicep = targets.contains(&Target::Bicep);
    let has_terraform = targets.contains(&Target::Terraform);
    let rows = plan.params.iter().filter(|(_, param)| has_terraform || !param.kind.is_known_to_arm());
    let rows = rows.map(|(id, param)| RowView {
        bicep: (!param.kind.is_known_to_arm()).then(|| names.value(plan, id).as_str().to_owned()),
        terraform: terraform::name_of(param),
        value: param.value.as_ref().map(|value| match value {
            ParamValue::Text(text) => Prose::code(text).into(),
            ParamValue::Reference(reference) => place(reference).into(),
        }),
        meaning: Prose::marked(&param.description).into(),
    });
    fragment(&EnvironmentsView { bicep: has_bicep, terraform: has_terraform, rows: rows.collect() })
}
