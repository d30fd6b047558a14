//! References: the backend, deployment or pool that a text such as `east` or `east/gpt-4o` names.

use std::collections::BTreeMap;

use super::backend::{Backend, Deployment};
use super::context::Context;
use super::destination::{Pool, split};
use super::name::Name;
use crate::diag::{Code, Diagnostic, HINTS, Location, Report, closest, list};
use crate::model;

/// The target of a reference.
#[derive(Debug, Clone, Copy)]
pub(super) enum Found<'a> {
    /// A backend, or a deployment of it.
    Backend(&'a Backend, Option<&'a Deployment>),
    /// A pool.
    Pool(&'a Pool),
}

/// Everything that references can name.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownTargets<'a> {
    pub(super) backends: &'a BTreeMap<Name, Backend>,
    /// `None` where a pool may not be named: a pool holds no pools.
    pub(super) pools: Option<&'a BTreeMap<Name, Pool>>,
}

impl<'a> KnownTargets<'a> {
    /// Finds what a `pool`, `backend` or `backend/deployment` names.
    pub(super) fn find(
        self,
        context: &Context<'_>,
        reference: &str,
        at: Location,
        report: &mut Report,
    ) -> Option<Found<'a>> {
        let (backend_name, deployment_name) = split(reference);
        // Problems of its shape were reported, and do not affect references to it.
        let is_omitted = |kind| context.is_omitted(&[kind, backend_name]);
        if is_omitted("backends") || is_omitted("pools") {
            return None;
        }
        let Some(declared) = context.gateway.backends.get(backend_name) else {
            if context.gateway.pools.contains_key(backend_name) {
                return self.pool(context, reference, at, report);
            }
            let hint = report.iter().count() < HINTS;
            report.push(self.unknown(context, backend_name, at, hint));
            return None;
        };
        let is_listed = |deployment| {
            let known = declared.deployments.as_ref();
            known.is_some_and(|known| known.contains_key(deployment))
        };
        if let Some(deployment) = deployment_name
            && !is_listed(deployment)
        {
            let hint = report.iter().count() < HINTS;
            report.push(unknown_deployment(context, (backend_name, declared), deployment, at, hint));
            return None;
        }
        // Absent if the backend itself was refused.
        let backend = self.backends.get(&Name::parse(backend_name)?)?;
        let Some(name) = deployment_name else {
            return Some(Found::Backend(backend, None));
        };
        let mut deployments = backend.target.deployments().iter();
        let deployment = deployments.find(|deployment| deployment.name.as_str() == name)?;
        Some(Found::Backend(backend, Some(deployment)))
    }

    fn pool(self, context: &Context<'_>, reference: &str, at: Location, report: &mut Report) -> Option<Found<'a>> {
        let (name, deployment) = split(reference);
        let finding = Code::UnknownBackend.at(at).also(context.key(&["pools", name]), "the pool is declared here");
        match (deployment, self.pools) {
            (Some(_), _) => report.push(
                finding
                    .says(format!("pool `{name}` has no deployments"))
                    .because("a pool chooses one of its members by itself")
                    .help(format!("write `{name}` only")),
            ),
            (None, None) => report.push(
                finding
                    .says(format!("`{name}` is a pool, and pools cannot be nested"))
                    .because("API Management does not support pools inside pools")
                    .help("list the members of that pool here, with a higher `priority` for those that should be used later"),
            ),
            // Absent if the pool itself was refused.
            (None, Some(pools)) => return pools.get(&Name::parse(name)?).map(Found::Pool),
        }
        None
    }

    /// With `hint`, the finding suggests the closest name.
    fn unknown(self, context: &Context<'_>, name: &str, at: Location, hint: bool) -> Diagnostic {
        let gateway = context.gateway;
        let pools = self.pools.map(|_| gateway.pools.keys());
        let known = || gateway.backends.keys().chain(pools.clone().into_iter().flatten());
        let has_pools = pools.clone().is_some_and(|mut all| all.next().is_some());
        let finding = Code::UnknownBackend.at(at);
        let finding = match (name.is_empty(), has_pools) {
            (true, _) => {
                finding.says("a target without a backend").because("expected `backend` or `backend/deployment`")
            }
            (false, false) => {
                finding.says(format!("unknown backend `{name}`")).because("this is not a key of `backends`")
            }
            (false, true) => finding
                .says(format!("unknown backend or pool `{name}`"))
                .because("this is a key of neither `backends` nor `pools`"),
        };
        if let Some(near) = closest(name, known().filter(|_| hint).map(String::as_str)) {
            let kind = if gateway.backends.contains_key(near) { "backends" } else { "pools" };
            return finding
                .help(format!("did you mean `{near}`?"))
                .also(context.key(&[kind]), format!("{kind} are declared here"));
        }
        finding.help(match (gateway.backends.len(), has_pools) {
            (0, _) => "declare it: `backends: { openai: { kind: azureOpenAI, account: aoai-contoso } }`".to_owned(),
            (_, false) => format!("backends of this file: {}", list(known())),
            (_, true) => format!("backends and pools of this file: {}", list(known())),
        })
    }
}

fn unknown_deployment(
    context: &Context<'_>,
    (backend, declared): (&str, &model::Backend),
    deployment: &str,
    at: Location,
    hint: bool,
) -> Diagnostic {
    let finding =
        Code::UnknownDeployment.at(at).also(context.key(&["backends", backend]), "the backend is declared here");
    if deployment.is_empty() {
        return finding
            .says(format!("`{backend}/` has no deployment"))
            .because("there is nothing after the slash")
            .help(format!("write `{backend}`, or add a deployment after the slash"));
    }
    let finding = finding.says(format!("backend `{backend}` has no deployment `{deployment}`"));
    if declared.kind == model::BackendKind::Http {
        return finding.because("an `http` backend has no deployments").help(format!("write `{backend}` only"));
    }
    let names: Vec<&String> = declared.deployments.iter().flatten().map(|(name, _)| name).collect();
    let finding = finding.because("it is not a key of the backend's `deployments`");
    match closest(deployment, names.iter().filter(|_| hint).map(|name| name.as_str())) {
        Some(name) => finding.help(format!("did you mean `{backend}/{name}`?")),
        None if names.is_empty() => finding.help(format!(
            "declare it: `deployments: {{ {deployment}: {{}} }}`, or use the whole account as the target: `{backend}`"
        )),
        None => finding.help(format!("its deployments: {}", list(names.into_iter()))),
    }
}
