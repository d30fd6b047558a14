//! Key vaults, and the named values that hold what backends and policies are told at deployment.

use std::collections::{BTreeMap, BTreeSet};

use super::account;
use super::name::{self, IDENTITY_CLIENT_ID};
use super::{NamedValue, NamedValueSource};
use crate::resolve::name::Name;
use crate::resolve::{Audience, Credential, Resolved, ResourceKey, ResourceRef, Secret, Target};

/// A key vault that exists.
#[derive(Debug)]
pub struct Vault {
    /// Unique among vaults: the name of the first backend with a secret in it.
    pub key: String,
    /// Name and place.
    pub place: ResourceRef,
    /// The backends whose secrets are in it.
    pub backends: Vec<Name>,
    /// The names of these secrets.
    pub secrets: BTreeSet<String>,
    /// Whether it is, or may be, in another group or subscription than the service.
    pub is_elsewhere: bool,
}

/// The key of each vault.
pub(super) type Keys = BTreeMap<ResourceKey, String>;

/// The vaults behind backends, and their keys.
pub(super) fn vaults(resolved: &Resolved) -> (Vec<Vault>, Keys) {
    let mut places: BTreeMap<ResourceKey, Vec<(&Name, &Secret)>> = BTreeMap::new();
    for (name, credential) in credentials(resolved) {
        if let Credential::Header(header) = credential {
            let identity = header.secret.vault.identity(&resolved.service);
            let same = places.entry(identity).or_default();
            same.push((name, &header.secret));
        }
    }
    let mut taken = BTreeSet::new();
    let mut keys = Keys::new();
    let mut vaults = Vec::with_capacity(places.len());
    for (identity, users) in places {
        let (first, secret) = users[0];
        let key = account::key(first, &mut taken);
        keys.insert(identity.clone(), key.clone());
        let secrets = users.iter().map(|(_, secret)| secret.name.clone());
        vaults.push(Vault {
            key,
            place: secret.vault.clone(),
            secrets: secrets.collect(),
            backends: users.into_iter().map(|(name, _)| name.clone()).collect(),
            is_elsewhere: !identity.is_own(),
        });
    }
    vaults.sort_by(|a, b| a.key.cmp(&b.key));
    (vaults, keys)
}

/// The named values, by key. `client` says whether policies name the identity that calls.
pub(super) fn named_values(resolved: &Resolved, keys: &Keys, client: bool) -> Vec<NamedValue> {
    let prefix = &resolved.service.prefix;
    let mut all: Vec<NamedValue> = client
        .then(|| NamedValue {
            resource: name::identity_client_id(prefix),
            key: IDENTITY_CLIENT_ID.to_owned(),
            value: NamedValueSource::IdentityClientId,
        })
        .into_iter()
        .collect();
    for (backend, credential) in credentials(resolved) {
        match credential {
            Credential::Identity(Audience::Application(audience))
                if resolved.owner_of_audience(audience) == backend =>
            {
                all.push(NamedValue {
                    resource: name::audience(prefix, backend),
                    key: name::audience_key(backend),
                    value: NamedValueSource::Audience { backend: backend.clone(), audience: audience.clone() },
                });
            }
            Credential::Header(header) if resolved.owner_of_secret(&header.secret) == backend => {
                let identity = header.secret.vault.identity(&resolved.service);
                all.push(NamedValue {
                    resource: name::secret(prefix, backend),
                    key: name::secret_key(backend),
                    value: NamedValueSource::Secret {
                        vault: keys[&identity].clone(),
                        name: header.secret.name.clone(),
                    },
                });
            }
            Credential::None | Credential::PassThrough | Credential::Identity(_) | Credential::Header(_) => {}
        }
    }
    all.sort_by(|a, b| a.key.cmp(&b.key));
    all
}

/// The credentials of services behind URLs, by backend.
pub(super) fn credentials(resolved: &Resolved) -> impl Iterator<Item = (&Name, &Credential)> {
    resolved.backends.iter().filter_map(|(name, backend)| match &backend.target {
        Target::Http { credential, .. } => Some((name, credential)),
        Target::Account { .. } => None,
    })
}
