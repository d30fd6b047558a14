//! Named values that several backends share: which backend each is called after.

use std::collections::BTreeMap;

use super::backend::{Backend, Target};
use super::credential::{Audience, Credential, Secret};
use super::name::Name;
use super::service::{ResourceKey, Service};

/// The backends that named values are called after: the first of all that share an audience, or a secret.
#[derive(Debug)]
pub(super) struct NamedValueOwners {
    applications: BTreeMap<String, Name>,
    // Key Vault compares names without regard to case.
    secrets: BTreeMap<(ResourceKey, String), Name>,
}

impl NamedValueOwners {
    pub(super) fn of(backends: &BTreeMap<Name, Backend>, service: &Service) -> Self {
        let mut owners = Self { applications: BTreeMap::new(), secrets: BTreeMap::new() };
        for (name, backend) in backends {
            let Target::Http { credential, .. } = &backend.target else {
                continue;
            };
            match credential {
                Credential::Identity(Audience::Application(audience)) => {
                    let first = owners.applications.entry(audience.clone());
                    first.or_insert_with(|| name.clone());
                }
                Credential::Header(header) => {
                    let first = owners.secrets.entry(header.secret.identity(service));
                    first.or_insert_with(|| name.clone());
                }
                Credential::None | Credential::PassThrough | Credential::Identity(_) => {}
            }
        }
        owners
    }

    /// The first backend that is called with a token for an application.
    pub(super) fn of_audience(&self, application: &str) -> &Name {
        let first = self.applications.get(application);
        first.expect("resolve: audiences are those of backends")
    }

    /// The first backend that shows a secret.
    pub(super) fn of_secret(&self, secret: &Secret, service: &Service) -> &Name {
        let first = self.secrets.get(&secret.identity(service));
        first.expect("resolve: secrets are those of backends")
    }
}
