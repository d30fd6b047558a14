//! How to deploy, and how to read, use and replace the keys of callers.

use super::filters;
use super::{group, show_component};
use crate::emit::{Fragment, Target, fragment};
use crate::plan::{Api, Plan};

#[derive(askama::Template)]
#[template(path = "markdown/deploy.md.j2")]
struct DeployView<'a> {
    bicep: bool,
    terraform: bool,
    deployment: &'a str,
    stack: &'a str,
    assigns_roles: bool,
    group: Fragment,
    group_is_open: bool,
    show_component: Option<Fragment>,
}

#[derive(askama::Template)]
#[template(path = "markdown/keys.md.j2")]
struct KeysView<'a> {
    bicep: bool,
    terraform: bool,
    service: &'a str,
    resource_group: Option<&'a str>,
    subscriptions: Vec<SubscriptionView<'a>>,
    first: String,
    has_bearer_keys: bool,
}

struct SubscriptionView<'a> {
    api: &'a str,
    caller: &'a str,
    name: String,
}

/// The maximum length of a deployment's name; a stack may have 90 characters, more than a service and a prefix together.
const LONGEST_DEPLOYMENT_NAME: usize = 64;

/// A name of a deployment without the middle, if it is too long: services differ at its start, gateways of one service at its end.
fn shortened(name: &str) -> String {
    let Some(more) = name.len().checked_sub(LONGEST_DEPLOYMENT_NAME).filter(|more| *more > 0) else {
        return name.to_owned();
    };
    let end = name.len() - LONGEST_DEPLOYMENT_NAME / 2;
    format!("{}{}", &name[..end - more], &name[end..])
}

#[derive(askama::Template)]
#[template(path = "markdown/change.md.j2")]
struct ChangeView<'a> {
    bicep: bool,
    terraform: bool,
    source: &'a str,
    stack: &'a str,
    group: Fragment,
}

/// What to do after the first deployment.
pub(super) fn change(plan: &Plan, targets: &[Target]) -> Fragment {
    fragment(&ChangeView {
        bicep: targets.contains(&Target::Bicep),
        terraform: targets.contains(&Target::Terraform),
        source: &plan.source_name,
        stack: &plan.deployment_name(),
        group: group(plan).into(),
    })
}

pub(super) fn deploy(plan: &Plan, targets: &[Target]) -> Fragment {
    let stack = plan.deployment_name();
    fragment(&DeployView {
        bicep: targets.contains(&Target::Bicep),
        terraform: targets.contains(&Target::Terraform),
        deployment: &shortened(&stack),
        stack: &stack,
        assigns_roles: plan.assigns_roles(),
        group: group(plan).into(),
        group_is_open: plan.service.resource_group.is_none(),
        show_component: plan.insights.as_ref().map(|insights| show_component(plan, insights).into()),
    })
}

pub(super) fn part(plan: &Plan, targets: &[Target]) -> Option<Fragment> {
    let all = || plan.apis.iter().flat_map(|api| api.subscriptions.iter().map(move |caller| (api, caller)));
    let name = |(api, caller): (&Api, &String)| format!("{}-{caller}", api.resource);
    let first = all().next()?;
    Some(fragment(&KeysView {
        bicep: targets.contains(&Target::Bicep),
        terraform: targets.contains(&Target::Terraform),
        service: &plan.service.name,
        resource_group: plan.service.resource_group.as_deref(),
        subscriptions: all()
            .map(|(api, caller)| SubscriptionView { api: api.name.as_str(), caller, name: name((api, caller)) })
            .collect(),
        first: name(first),
        has_bearer_keys: plan.apis.iter().any(|api| api.key.is_bearer),
    }))
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn names_of_deployments_fit_and_keep_both_ends() {
        assert_eq!(shortened("apim-shared-team-a"), "apim-shared-team-a");
        let long = format!("apim-{}-{}", "x".repeat(45), "team-a-of-contoso-19");
        let name = shortened(&long);
        assert_eq!(name.len(), 64);
        assert!(name.starts_with("apim-x") && name.ends_with("-team-a-of-contoso-19"), "{name}");
    }
}
