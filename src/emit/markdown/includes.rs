//! Policy text of the team's: where it stands, and what the service must have for it.

use crate::emit::{Fragment, text};
use crate::plan::{Expected, ExpectedKind, Plan};

/// One file at one place.
pub(super) struct IncludeView {
    pub(super) api: String,
    pub(super) place: Fragment,
    pub(super) file: String,
}

pub(super) fn includes(plan: &Plan) -> Vec<IncludeView> {
    let all = plan.apis.iter().flat_map(|api| {
        api.includes.iter().map(move |(section, end, file)| IncludeView {
            api: api.name.to_string(),
            place: Fragment::new(format!("{section}, {}", end.word())),
            file: file.clone(),
        })
    });
    all.collect()
}

/// What is needed, and the command that shows it.
pub(super) fn checks(plan: &Plan, group: &str) -> Vec<(String, String)> {
    let mut all: Vec<&Expected> = plan.apis.iter().flat_map(|api| &api.expects).collect();
    all.sort();
    all.dedup();
    let service = text::shell(&plan.service.name);
    let checks = all.into_iter().map(|expected| {
        let (what, kind) = match expected.kind {
            ExpectedKind::Backend => ("backend", "backends"),
            ExpectedKind::Fragment => ("policy fragment", "policyFragments"),
            ExpectedKind::Logger => ("logger", "loggers"),
            ExpectedKind::NamedValue => ("named value", "namedValues"),
        };
        let name = text::code_span(&expected.name);
        let needed = format!("The service has the {what} {name}, which policy text of your own uses");
        let command = match expected.kind {
            ExpectedKind::NamedValue => {
                let query = format!("[?displayName=='{}'].name", expected.name.replace('\'', "\\'"));
                format!("az apim nv list --service-name {service} {group} --query {}", text::shell(&query))
            }
            _ => format!(
                "az resource show --namespace Microsoft.ApiManagement --parent {} --resource-type {kind} --name {} {group} --query name",
                text::shell(&format!("service/{}", plan.service.name)),
                text::shell(&expected.name),
            ),
        };
        (needed, command)
    });
    checks.collect()
}
