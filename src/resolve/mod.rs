//! `Gateway` → `Resolved`: names, defaults, references. Whatever makes a gateway impossible goes to the report, and what comes out
//! is valid. What is merely unwise is for `lint`.

mod api;
mod backend;
mod context;
mod credential;
pub mod destination;
pub mod measure;
mod monitor;
pub mod name;
mod pool;
mod reference;
mod resolution;
mod service;
mod service_name;
mod space;
mod vault;

pub use api::{
    Addresses, Allowed, Api, Cors, End, Entra, EntraId, EntraKind, Inclusion, KEY_HEADER, KEY_QUERY, Key, LimitBy,
    RateLimit, Route, Routes, holders, is_credential_header, requires_key, requires_token, streams,
};
pub use backend::{Backend, Deployment, Target};
pub use credential::{Audience, Credential, HeaderCredential, Secret};
pub use destination::{BackendRef, Balance, Breaker, Destination, Exhausted, Member, Pool, Retry};
pub use monitor::Monitor;
pub use resolution::{Parts, Resolution};
pub use service::{Identity, ResourceKey, ResourceRef, Service};
pub use service_name::ServiceNames;

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use crate::catalogue::surface::Surface;
use crate::definition::Definition;
use crate::diag::{Code, Report};
use crate::include::Included;
use crate::model;
use crate::model::recover::Omitted;
use crate::source::FileId;
use context::Context;
use name::ResourceName;
use reference::KnownTargets;

/// A gateway that can be built: if it exists, it is valid.
#[derive(Debug)]
pub struct Resolved {
    parts: Parts,
    /// Names of backends and pools in the service.
    pub service_names: ServiceNames,
}

impl Deref for Resolved {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl Resolved {
    /// The name of a destination in the service, for an API of this surface.
    pub fn service_name(&self, destination: &Destination, surface: Surface) -> &ResourceName {
        let surface = service_name::own_surface(self.kind(destination), surface);
        &self.service_names[&(destination.clone(), surface)]
    }
}

/// The input of `resolve` besides the model.
#[derive(Debug)]
pub struct Input<'a> {
    /// The gateway file.
    pub file: FileId,
    /// Its name without folders.
    pub source_name: String,
    /// The definitions that APIs name, as far as they could be read.
    pub definitions: BTreeMap<String, Definition>,
    /// The policy text that APIs include, by path, as far as it could be read.
    pub includes: BTreeMap<String, Arc<Included>>,
    /// The model.
    pub gateway: &'a model::Gateway,
    /// The parts that the model lacks because their shape is wrong.
    pub omitted: &'a Omitted,
}

/// Checks what only code can know and fills in the defaults.
pub fn resolve<'a>(mut input: Input<'a>, report: &mut Report) -> Resolution<'a> {
    let context = Context { file: input.file, gateway: input.gateway, omitted: input.omitted };
    let mut found = Report::default();
    let service = service::resolve(&context, &mut found);
    let backends = backend::resolve(&context, &service, &mut found);
    vault::report(&context, &service, &backends, &mut found);
    let pools = pool::resolve(&context, &service, &backends, &mut found);
    let insights = monitor::resolve(&context);
    let known = KnownTargets { backends: &backends, pools: Some(&pools) };
    let apis = api::resolve(&context, &service, known, &mut input.definitions, &input.includes, &mut found);
    let service_names = service_name::resolve(&context, &service, &backends, &pools, &apis, &mut found);
    let is_empty = input.gateway.apis.is_empty() && input.gateway.mcp_servers.is_empty();
    // Not if there are some at a wrong level.
    if is_empty && !context.omitted.has_key("apis") {
        found.push(
            Code::NoApis
                .at(context.value(&["apis"]))
                .says("the gateway has no API")
                .because("a gateway without APIs serves no requests")
                .help("add one: `apis: { openai: { path: openai, target: openai, subscriptions: [first-team] } }`"),
        );
    }
    let apis = apis.into_iter().map(|(name, api)| (name, Arc::new(api))).collect();
    for finding in &found {
        if !context.is_about_omitted(&finding.at.place) {
            report.push(finding.clone());
        }
    }
    let parts = Parts { file: input.file, source_name: input.source_name, service, insights, backends, pools, apis };
    Resolution::new(context, parts, service_names, !report.has_errors())
}
