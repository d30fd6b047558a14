//! `Gateway` → `Resolved`: names, defaults, references. Every problem goes to the report; what comes out is valid.

mod api;
mod backend;
mod credential;
pub mod measure;
mod monitor;
pub mod name;
mod outlet;
mod pool;
mod reference;
mod service;
mod space;

pub use api::{
    Addresses, Api, Cors, End, Entra, Inclusion, KEY_HEADER, KEY_QUERY, Key, LimitBy, RateLimit, Route, Routes,
};
pub use backend::{Backend, Deployment, Target};
pub use credential::{Audience, Credential, HeaderCredential, Secret};
pub use outlet::Outlets;
pub use pool::{Balance, Breaker, Exhausted, Member, Pool, Retry};
pub use reference::{Destination, One};
pub use service::{Identity, Place as ResourcePlace, PlaceIdentity, Service};

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalogue::kind::AccountKind;
use crate::catalogue::surface::Surface;
use crate::definition::Definition;
use crate::diag::{Code, Place, Report, Spot};
use crate::include::Included;
use crate::model;
use crate::model::salvage::Lost;
use crate::source::{FileId, YamlPath};
use credential::Sharers;
use name::{Name, ResourceName};
use reference::Known;

/// A gateway that can be built: if it exists, it is valid.
#[derive(Debug)]
pub struct Resolved {
    /// Name of the file it comes from, without folders.
    pub source_name: String,
    /// The service.
    pub service: Service,
    /// The Application Insights component that APIs log to.
    pub insights: Option<ResourcePlace>,
    /// Backends by name.
    pub backends: BTreeMap<Name, Backend>,
    /// Pools by name.
    pub pools: BTreeMap<Name, Pool>,
    /// Names of backends and pools in the service.
    pub outlets: Outlets,
    /// APIs by name.
    pub apis: BTreeMap<Name, Api>,
    sharers: Sharers,
}

impl Resolved {
    /// The backends that requests to a destination reach: itself, or the members of a pool.
    pub fn ones<'a>(&'a self, destination: &'a Destination) -> Vec<&'a One> {
        match destination {
            Destination::One(one) => vec![one],
            Destination::Pool(name) => {
                let members = self.pools[name].members.iter();
                members.map(|member| &member.one).collect()
            }
        }
    }

    /// What the backends behind a destination are; `None`: HTTP services.
    pub fn kind(&self, destination: &Destination) -> Option<AccountKind> {
        match destination {
            Destination::One(one) => self.backends[&one.backend].target.kind(),
            Destination::Pool(name) => self.pools[name].kind,
        }
    }

    /// How the gateway shows a destination who it is, called with a surface. The members of a pool have one credential.
    pub fn credential(&self, destination: &Destination, surface: Surface) -> Credential {
        let one = self.ones(destination)[0];
        self.backends[&one.backend].target.credential(surface)
    }

    /// The first backend that is called with a token for an application: its named value is called after that backend.
    pub fn asks_for(&self, application: &str) -> &Name {
        self.sharers.of_application(application)
    }

    /// The first backend that shows a secret: its named value is called after that backend.
    pub fn shows(&self, secret: &Secret) -> &Name {
        self.sharers.of_secret(secret, &self.service)
    }

    /// The name of a destination in the service, for an API of this surface.
    pub fn outlet(&self, destination: &Destination, surface: Surface) -> &ResourceName {
        let surface = outlet::own_surface(self.kind(destination), surface);
        &self.outlets[&(destination.clone(), surface)]
    }
}

/// What `resolve` reads beside the model.
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
    /// What is missing in the model, because its shape is wrong.
    pub lost: &'a Lost,
}

/// Checks what only code can know and fills in the defaults. `None` exactly when the report holds an error.
pub fn resolve(mut input: Input<'_>, report: &mut Report) -> Option<Resolved> {
    let context = Context { file: input.file, root: YamlPath::root(), gateway: input.gateway, lost: input.lost };
    let mut found = Report::default();
    let service = service::resolve(&context, &mut found);
    let backends = backend::resolve(&context, &service, &mut found);
    let pools = pool::resolve(&context, &service, &backends, &mut found);
    let insights = monitor::resolve(&context, &mut found);
    let known = Known { backends: &backends, pools: Some(&pools) };
    let apis = api::resolve(&context, &service, known, &mut input.definitions, &input.includes, &mut found);
    let outlets = outlet::resolve(&context, &service, &backends, &pools, &apis, &mut found);
    let is_empty = input.gateway.apis.is_empty() && input.gateway.mcp_servers.is_empty();
    // Not if there are some at a wrong level.
    if is_empty && !context.lost.has_key("apis") {
        found.push(
            Code::NoApis
                .at(context.value(&["apis"]))
                .says("the gateway has no API")
                .because("a gateway without APIs serves no requests")
                .help("add one: `apis: { openai: { path: openai, target: openai, subscriptions: [first-team] } }`"),
        );
    }
    for finding in &found {
        if !context.is_about_lost(&finding.at.place) {
            report.push(finding.clone());
        }
    }
    if report.has_errors() {
        return None;
    }
    Some(Resolved {
        source_name: input.source_name,
        sharers: Sharers::of(&backends, &service),
        service,
        insights,
        backends,
        pools,
        outlets,
        apis,
    })
}

/// Warns of a place in another subscription without a group of its own.
fn check_group(context: &Context<'_>, here: &[&str], place: &ResourcePlace, report: &mut Report) {
    if place.subscription.is_none() || place.resource_group.is_some() {
        return;
    }
    let at: Vec<&str> = here.iter().copied().chain(["subscription"]).collect();
    report.push(
        Code::GroupElsewhere
            .at(context.value(&at))
            .says(format!("`{}` is in another subscription, but has no `resourceGroup`", place.name))
            .because("a resource group with the gateway's group name would have to exist in that subscription")
            .help("add `resourceGroup: …`; remove both keys if it is in the same group as the gateway"),
    );
}

/// What every step needs: the model, and places in its file.
#[derive(Debug)]
struct Context<'a> {
    file: FileId,
    root: YamlPath,
    gateway: &'a model::Gateway,
    lost: &'a Lost,
}

impl Context<'_> {
    fn path(&self, keys: &[&str]) -> YamlPath {
        keys.iter().fold(self.root.clone(), |path, key| path.key(*key))
    }

    fn value(&self, keys: &[&str]) -> Place {
        Place::value(self.file, self.path(keys))
    }

    fn key(&self, keys: &[&str]) -> Place {
        Place::key(self.file, self.path(keys))
    }

    /// Whether a finding follows from what was left out of the model, so that it would say one mistake twice.
    fn is_about_lost(&self, place: &Place) -> bool {
        match &place.spot {
            Spot::Key(path) | Spot::Value(path) if place.file == self.file => self.lost.touches(path),
            _ => false,
        }
    }
}
