//! Troubleshooting: where to look when something fails, and what is logged.

use super::filters;
use super::{custom_policies, identity, place};
use crate::emit::{Fragment, Target, fragment};
use crate::facts::custom::Impact;
use crate::plan::{Api, Plan};

#[derive(askama::Template)]
#[template(path = "markdown/troubles.md.j2")]
struct TroublesView {
    has_accounts: bool,
    has_vaults: bool,
    trips: bool,
    has_insights: bool,
    lists_operations: bool,
    streams: bool,
    assigns_roles: bool,
    bicep: bool,
    terraform: bool,
}

#[derive(askama::Template)]
#[template(path = "markdown/logs.md.j2")]
struct LogsView<'a> {
    service: &'a str,
    scope: Fragment,
    identity: Fragment,
    has_accounts: bool,
    records: Option<Fragment>,
    has_pools: bool,
    has_first_byte: bool,
    sampling: u8,
    has_models: bool,
}

pub(super) fn part(plan: &Plan, targets: &[Target]) -> Fragment {
    fragment(&TroublesView {
        has_accounts: !plan.accounts.is_empty(),
        has_vaults: !plan.vaults.is_empty(),
        trips: plan.pools.iter().any(|pool| pool.breaker.is_some()),
        has_insights: plan.insights.is_some(),
        lists_operations: !plan.apis.iter().all(Api::is_open_ended),
        streams: plan.apis.iter().any(|api| api.streams),
        assigns_roles: plan.assigns_roles(),
        bicep: targets.contains(&Target::Bicep),
        terraform: targets.contains(&Target::Terraform),
    })
}

pub(super) fn logs(plan: &Plan) -> Option<Fragment> {
    let insights = plan.insights.as_ref()?;
    Some(fragment(&LogsView {
        service: &plan.service.name,
        scope: place(&insights.place).into(),
        identity: identity(plan).into(),
        has_accounts: !plan.accounts.is_empty(),
        records: custom_policies(plan, Impact::Records),
        has_pools: !plan.pools.is_empty(),
        has_first_byte: plan.apis.iter().any(|api| api.streams),
        sampling: insights.sampling,
        has_models: plan.apis.iter().any(|api| api.streams && api.is_by_model()),
    }))
}
