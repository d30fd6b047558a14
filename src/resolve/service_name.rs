//! Names of backends and pools in the service. One account can serve several surfaces, and has a backend for each.

use std::collections::{BTreeMap, BTreeSet};

use super::api::Api;
use super::backend::Backend;
use super::context::Context;
use super::destination::{BackendRef, Destination, Pool};
use super::name::{Name, ResourceName};
use super::service::Service;
use super::space::Names;
use crate::catalogue::kind::AccountKind;
use crate::catalogue::surface::Surface;
use crate::diag::{Location, Report};

/// The backends and pools of the service, each by its destination and the surface that it is called with.
pub type ServiceNames = BTreeMap<(Destination, Surface), ResourceName>;

/// The surface of a destination's name: an HTTP service is one backend, whatever its surface.
pub(super) fn own_surface(kind: Option<AccountKind>, surface: Surface) -> Surface {
    match kind {
        Some(_) => surface,
        None => Surface::Rest,
    }
}

/// Names everything that APIs use, and unused backends, which are created too.
pub(super) fn resolve(
    context: &Context<'_>,
    service: &Service,
    backends: &BTreeMap<Name, Backend>,
    pools: &BTreeMap<Name, Pool>,
    apis: &BTreeMap<Name, Api>,
    report: &mut Report,
) -> ServiceNames {
    let mut service_names = ServiceNames::new();
    let mut names = Names::new("backends and pools share one namespace in API Management");
    for (destination, surface) in wanted(backends, pools, apis) {
        // Two things of one name were reported where the file declares them.
        if matches!(&destination, Destination::Pool(name) if context.gateway.backends.contains_key(name.as_str())) {
            continue;
        }
        let (mut parts, called, at) = described(context, &destination);
        parts.extend(surface.suffix());
        let called = match surface.suffix() {
            Some(_) => format!("{called} ({})", surface.word()),
            None => called,
        };
        if let Some(name) = names.take(&service.prefix, &parts, called, at, report) {
            service_names.insert((destination.clone(), surface), name);
        }
    }
    service_names
}

fn wanted(
    backends: &BTreeMap<Name, Backend>,
    pools: &BTreeMap<Name, Pool>,
    apis: &BTreeMap<Name, Api>,
) -> BTreeSet<(Destination, Surface)> {
    let mut wanted = BTreeSet::new();
    let mut used = BTreeSet::new();
    for api in apis.values() {
        for destination in api.routes.destinations() {
            used.insert(destination.clone());
            add(destination, api.surface, backends, pools, &mut wanted);
        }
    }
    for pool in pools.values() {
        let destination = Destination::Pool(pool.name.clone());
        if !used.contains(&destination) {
            let surface = backends[&pool.members[0].to.backend].target.surface();
            add(&destination, surface, backends, pools, &mut wanted);
        }
    }
    for backend in backends.values() {
        for one in backend.all() {
            let destination = Destination::Backend(one);
            let first = (destination.clone(), Surface::AzureOpenAi);
            let mut from = wanted.range(first..);
            if from.next().is_none_or(|(other, _)| *other != destination) {
                wanted.insert((destination, backend.target.surface()));
            }
        }
    }
    wanted
}

fn add(
    destination: &Destination,
    surface: Surface,
    backends: &BTreeMap<Name, Backend>,
    pools: &BTreeMap<Name, Pool>,
    wanted: &mut BTreeSet<(Destination, Surface)>,
) {
    match destination {
        Destination::Backend(one) => {
            let kind = backends[&one.backend].target.kind();
            wanted.insert((destination.clone(), own_surface(kind, surface)));
        }
        Destination::Pool(name) => {
            let pool = &pools[name];
            let surface = own_surface(pool.kind, surface);
            if pool.is_in_service() {
                wanted.insert((destination.clone(), surface));
            }
            for member in &pool.members {
                // Not the pool's kind: a member of another one was reported, and is no second backend.
                let kind = backends[&member.to.backend].target.kind();
                let surface = own_surface(kind, surface);
                wanted.insert((Destination::Backend(member.to.clone()), surface));
            }
        }
    }
}

/// The parts of the name, its name in the file, and its location there.
fn described<'a>(context: &Context<'_>, destination: &'a Destination) -> (Vec<&'a str>, String, Location) {
    match destination {
        Destination::Backend(one @ BackendRef { backend, deployment }) => {
            let backend = backend.as_str();
            match deployment {
                Some(deployment) => {
                    let deployment = deployment.as_str();
                    let at = context.key(&["backends", backend, "deployments", deployment]);
                    (vec![backend, deployment], one.text(), at)
                }
                None => (vec![backend], one.text(), context.key(&["backends", backend])),
            }
        }
        Destination::Pool(name) => {
            let at = context.key(&["pools", name.as_str()]);
            (vec![name.as_str()], name.to_string(), at)
        }
    }
}
