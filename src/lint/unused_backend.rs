//! Backends and pools that no API uses.

use std::collections::BTreeSet;

use crate::diag::{Code, Report};
use crate::model;
use crate::resolve::Resolution;
use crate::resolve::destination::split;
use crate::resolve::name::DeploymentName;

pub(super) fn check(resolution: &Resolution<'_>, report: &mut Report) {
    let gateway = resolution.written();
    // What could not be read may use any backend.
    if gateway.apis.is_empty() || resolution.is_omitted(&["apis"]) || resolution.is_omitted(&["pools"]) {
        return;
    }
    let targets: Vec<(&str, Option<&str>)> = gateway.apis.values().flat_map(|api| targets(gateway, api)).collect();
    let has_targets =
        gateway.apis.values().all(|api| api.target.is_some() || api.models.iter().flatten().next().is_some());
    // Who names nothing that exists may mean any of them.
    let is_there = |(name, deployment): &(&str, Option<&str>)| {
        let backend = gateway.backends.get(*name);
        match (backend, deployment) {
            (Some(backend), Some(deployment)) => {
                let deployments = backend.deployments.as_ref();
                deployments.is_some_and(|all| all.contains_key(*deployment))
            }
            (Some(_), None) => true,
            (None, _) => gateway.pools.contains_key(*name),
        }
    };
    if !has_targets || !targets.iter().all(is_there) {
        return;
    }
    let used: BTreeSet<_> = targets.into_iter().collect();
    for name in gateway.pools.keys() {
        if !used.contains(&(name.as_str(), None)) {
            report.push(
                Code::UnusedBackend
                    .at(resolution.key(&["pools", name]))
                    .says(format!("pool `{name}` is not used by any API"))
                    .because("no `target` and no model refers to it")
                    .help("use it as the target of an API or a model, or remove it"),
            );
        }
    }
    // Members of an unused pool are reported with the pool.
    let used: BTreeSet<_> = used.into_iter().chain(members(gateway)).collect();
    for (name, backend) in &resolution.parts.backends {
        if used.contains(&(name.as_str(), None)) {
            continue;
        }
        let deployments = backend.target.deployments();
        let unused: Vec<&DeploymentName> = deployments
            .iter()
            .map(|deployment| &deployment.name)
            .filter(|deployment| !used.contains(&(name.as_str(), Some(deployment.as_str()))))
            .collect();
        if unused.len() == deployments.len() {
            report.push(
                Code::UnusedBackend
                    .at(resolution.key(&["backends", name.as_str()]))
                    .says(format!("backend `{name}` is not used by any API"))
                    .because("no `target`, model or pool refers to it")
                    .help("use it as the target of an API or a member of a pool, or remove it"),
            );
            continue;
        }
        for deployment in unused {
            report.push(
                Code::UnusedBackend
                    .at(resolution.key(&["backends", name.as_str(), "deployments", deployment.as_str()]))
                    .says(format!("deployment `{name}/{deployment}` is not used by any API"))
                    .because("no `target`, model or pool refers to it, or to its backend as a whole")
                    .help("use it as the target of an API or a member of a pool, or remove it"),
            );
        }
    }
}

/// The targets that an API names. A backend that is named for a model serves the deployment of that name, if it lists any.
fn targets<'a>(gateway: &'a model::Gateway, api: &'a model::Api) -> Vec<(&'a str, Option<&'a str>)> {
    let lists = |name: &str, model: &str| {
        let backend = gateway.backends.get(name);
        let deployments = backend.and_then(|backend| backend.deployments.as_ref());
        deployments.is_some_and(|all| all.contains_key(model))
    };
    let target = api.target.iter().map(|target| split(target));
    let models = api.models.iter().flatten();
    let models = models.map(|(model, target)| match split(target) {
        (name, None) if lists(name, model) => (name, Some(model.as_str())),
        named => named,
    });
    target.chain(models).collect()
}

/// The members that pools name.
fn members(gateway: &model::Gateway) -> impl Iterator<Item = (&str, Option<&str>)> {
    gateway.pools.values().flat_map(|pool| pool.members.iter().map(|member| split(&member.backend)))
}
