//! Backends that no API uses.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Code, Report};
use crate::resolve::Context;
use crate::resolve::backend::Backend;
use crate::resolve::name::{DeploymentName, Name};

pub(super) fn report_unused(
    context: &Context<'_>,
    backends: &BTreeMap<Name, Backend>,
    report: &mut Report,
) {
    let gateway = context.gateway;
    // Parts that are not built yet, or could not be read, may use any backend.
    if context.lost.touches(&context.path(&["apis"])) {
        return;
    }
    if !gateway.pools.is_empty() || gateway.apis.values().any(|api| api.models.is_some()) {
        return;
    }
    let targets: BTreeSet<&str> = gateway
        .apis
        .values()
        .filter_map(|api| api.target.as_deref())
        .collect();
    // Who names nothing that exists may mean any of them.
    let is_target = |target: &str| {
        let (backend, deployment) = target
            .split_once('/')
            .map_or((target, None), |(backend, deployment)| {
                (backend, Some(deployment))
            });
        let declared = gateway.backends.get(backend);
        declared.is_some_and(|declared| {
            deployment.is_none_or(|deployment| {
                let deployments = declared.deployments.as_ref();
                deployments.is_some_and(|all| all.contains_key(deployment))
            })
        })
    };
    let has_targets = gateway.apis.values().all(|api| api.target.is_some());
    if gateway.apis.is_empty() || !has_targets || !targets.iter().all(|target| is_target(target)) {
        return;
    }
    for (name, backend) in backends {
        if targets.contains(name.as_str()) {
            continue;
        }
        let deployments = backend.target.deployments();
        let unused: Vec<&DeploymentName> = deployments
            .iter()
            .map(|deployment| &deployment.name)
            .filter(|deployment| !targets.contains(format!("{name}/{deployment}").as_str()))
            .collect();
        if unused.len() == deployments.len() {
            report.push(
                Code::UnusedBackend
                    .at(context.key(&["backends", name.as_str()]))
                    .says(format!("no API uses backend `{name}`"))
                    .because("no `target` names it")
                    .help("make it the `target` of an API, or remove it"),
            );
            continue;
        }
        for deployment in unused {
            report.push(
                Code::UnusedBackend
                    .at(context.key(&[
                        "backends",
                        name.as_str(),
                        "deployments",
                        deployment.as_str(),
                    ]))
                    .says(format!("no API uses deployment `{name}/{deployment}`"))
                    .because("no `target` names it, or its backend as a whole")
                    .help("make it the `target` of an API, or remove it"),
            );
        }
    }
}
