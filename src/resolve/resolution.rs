//! The valid parts of a gateway, and the check that nothing is missing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Resolved;
use super::api::{Allowed, Api, allowed};
use super::backend::{Backend, Target};
use super::context::Context;
use super::credential::Credential;
use super::destination::{BackendRef, Destination, Pool};
use super::monitor::Monitor;
use super::name::Name;
use super::service::Service;
use super::service_name::ServiceNames;
use crate::catalogue::host;
use crate::catalogue::kind::AccountKind;
use crate::catalogue::surface::Surface;
use crate::diag::Location;
use crate::model::{self, path_of};
use crate::source::{FileId, YamlPath};

/// The parts of a gateway that are valid. What one of them names is another one of them.
#[derive(Debug)]
pub struct Parts {
    /// The file they come from.
    pub file: FileId,
    /// Its name, without folders.
    pub source_name: String,
    /// The service.
    pub service: Service,
    /// The Application Insights component that APIs log to.
    pub insights: Option<Monitor>,
    /// Backends by name.
    pub backends: BTreeMap<Name, Backend>,
    /// Pools by name.
    pub pools: BTreeMap<Name, Pool>,
    /// APIs by name.
    pub apis: BTreeMap<Name, Arc<Api>>,
}

impl Parts {
    /// The backends that requests to a destination reach: itself, or the members of a pool.
    pub fn backend_refs<'a>(&'a self, destination: &'a Destination) -> Vec<&'a BackendRef> {
        match destination {
            Destination::Backend(one) => vec![one],
            Destination::Pool(name) => {
                let members = self.pools[name].members.iter();
                members.map(|member| &member.to).collect()
            }
        }
    }

    /// The kind of the backends of a destination; `None`: HTTP services.
    pub fn kind(&self, destination: &Destination) -> Option<AccountKind> {
        match destination {
            Destination::Backend(one) => self.backends[&one.backend].target.kind(),
            Destination::Pool(name) => self.pools[name].kind,
        }
    }

    /// The credential that the gateway sends to a destination, called with a surface. The members of a pool have one credential.
    pub fn credential(&self, destination: &Destination, surface: Surface) -> Credential {
        let one = self.backend_refs(destination)[0];
        self.backends[&one.backend].target.credential(surface)
    }

    /// True if some backend of a destination receives the caller's token.
    pub fn passes_token(&self, destination: &Destination) -> bool {
        self.passes(destination, |_| true)
    }

    /// True if some backend of a destination receives the caller's token and is not a Microsoft service.
    pub fn passes_token_away(&self, destination: &Destination) -> bool {
        self.passes(destination, |url| !host::is_azures(host::of(url)))
    }

    fn passes(&self, destination: &Destination, is_so: fn(&str) -> bool) -> bool {
        self.backend_refs(destination).into_iter().any(|one| {
            matches!(
                &self.backends[&one.backend].target,
                Target::Http { credential: Credential::PassThrough, url, .. } if is_so(url)
            )
        })
    }

    /// HTTP services: backend and URL.
    pub fn urls(&self) -> impl Iterator<Item = (&Name, &str)> {
        self.backends.iter().filter_map(|(name, backend)| match &backend.target {
            Target::Http { url, .. } => Some((name, url.as_str())),
            Target::Account { .. } => None,
        })
    }
}

/// The resolved parts of a gateway, besides the model as its author wrote it.
#[derive(Debug)]
pub struct Resolution<'a> {
    context: Context<'a>,
    /// The parts that are valid: all of them, or those that problems elsewhere left.
    pub parts: Parts,
    service_names: ServiceNames,
    is_whole: bool,
}

impl<'a> Resolution<'a> {
    pub(super) fn new(context: Context<'a>, parts: Parts, service_names: ServiceNames, is_whole: bool) -> Self {
        Self { context, parts, service_names, is_whole }
    }

    /// The gateway as a whole. `None` exactly when an error was found in reading or resolving it.
    pub fn whole(self) -> Option<Resolved> {
        let Self { parts, service_names, .. } = self;
        self.is_whole.then_some(Resolved { parts, service_names })
    }

    /// The model as its author wrote it.
    pub fn written(&self) -> &'a model::Gateway {
        self.context.gateway
    }

    /// Pools of which every member is valid, each with what its author wrote.
    pub fn pools(&self) -> impl Iterator<Item = (&Pool, &'a model::Pool)> {
        let pools = self.parts.pools.values().map(|pool| (pool, &self.context.gateway.pools[pool.name.as_str()]));
        pools.filter(|(pool, written)| pool.members.len() == written.members.len())
    }

    /// True if something at a path of the file could not be read.
    pub fn is_omitted(&self, keys: &[&str]) -> bool {
        self.context.is_omitted(keys)
    }

    /// True if a finding follows from something that could not be read, so that it would report the same problem twice.
    pub fn is_about_omitted(&self, place: &Location) -> bool {
        self.context.is_about_omitted(place)
    }

    /// A path of the file.
    pub fn path(&self, keys: &[&str]) -> YamlPath {
        path_of(keys)
    }

    /// The value at a path of the file.
    pub fn value(&self, keys: &[&str]) -> Location {
        self.context.value(keys)
    }

    /// The key at a path of the file.
    pub fn key(&self, keys: &[&str]) -> Location {
        self.context.key(keys)
    }

    /// The location of a pool member's reference.
    pub fn member(&self, pool: &Name, position: usize) -> Location {
        let members = path_of(&["pools", pool.as_str(), "members"]);
        Location::value(self.context.file, members.index(position).key("backend"))
    }

    /// The addresses that the filter of an API allows, in the author's order, also those that others hold.
    pub fn allowed(&self, api: &str) -> Vec<Allowed<'a>> {
        allowed(&self.context.gateway.apis[api])
    }

    /// An entry of the filter of an API.
    pub fn address(&self, api: &str, position: usize) -> Location {
        Location::value(self.context.file, path_of(&["apis", api, "ipFilter", "allow"]).index(position))
    }
}
