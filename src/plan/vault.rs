//! Key vaults, and the named values that pass values to backends and policies at deployment.

use std::collections::{BTreeMap, BTreeSet};

use super::id::VaultId;
use super::name::{self, IDENTITY_CLIENT_ID};
use super::params::{Constraint, Group, Param, ParamId, ParamKind, ParamValue, Params};
use super::{NamedValue, NamedValueSource};
use crate::resolve::name::{Name, ResourceName};
use crate::resolve::{Audience, Credential, EntraId, EntraKind, Resolved, ResourceRef, Secret, Target};

/// A key vault that exists.
#[derive(Debug)]
pub struct Vault {
    /// Its name in the file, in lower case: unique in all of Azure.
    pub key: String,
    /// The parameter with its name and place.
    pub param: ParamId,
    /// Name and place.
    pub place: ResourceRef,
    /// The backends whose secrets are in it.
    pub backends: Vec<Name>,
    /// The names of these secrets.
    pub secrets: BTreeSet<String>,
    /// True if it is, or may be, in another group or subscription than the service.
    pub is_elsewhere: bool,
}

/// The vaults of backends' secrets, by key.
pub(super) fn vaults(resolved: &Resolved, params: &mut Params) -> Vec<Vault> {
    let mut vaults: BTreeMap<String, Vec<(&Name, &Secret)>> = BTreeMap::new();
    for (name, credential) in credentials(resolved) {
        if let Credential::Header(header) = credential {
            vaults.entry(header.secret.vault.name.to_ascii_lowercase()).or_default().push((name, &header.secret));
        }
    }
    let vaults = vaults.into_iter().map(|(key, users)| {
        let place = &users[0].1.vault;
        Vault {
            param: params.add(Param {
                group: Group::Vaults,
                key: Some(key.clone()),
                kind: ParamKind::Reference,
                value: Some(ParamValue::Reference(place.clone())),
                description: format!("Key vault that the gateway file calls `{key}`."),
                constraint: None,
            }),
            key,
            place: place.clone(),
            secrets: users.iter().map(|(_, secret)| secret.name.clone()).collect(),
            backends: users.iter().map(|(name, _)| (*name).clone()).collect(),
            is_elsewhere: !place.identity(&resolved.service).is_own(),
        }
    });
    vaults.collect()
}

/// The named values, by name. `vaults` are the vaults of backends, and `client` is true if policies name the identity that calls.
pub(super) fn named_values(
    resolved: &Resolved,
    params: &mut Params,
    vaults: &BTreeMap<Name, VaultId>,
    client: bool,
) -> Vec<NamedValue> {
    let prefix = &resolved.service.prefix;
    let mut all = BTreeMap::new();
    let mut add = |resource: ResourceName, key: String, value: NamedValueSource| {
        all.insert(resource.clone(), NamedValue { resource, key, value });
    };
    if client {
        add(name::identity_client_id(prefix), IDENTITY_CLIENT_ID.to_owned(), NamedValueSource::IdentityClientId);
    }
    for (backend, credential) in credentials(resolved) {
        if let Credential::Header(header) = credential {
            let secret = &header.secret;
            let value = NamedValueSource::Secret { vault: vaults[backend], name: secret.name.clone() };
            add(name::secret(prefix, secret), name::secret_key(secret), value);
        }
    }
    for (to, audience) in audiences(resolved) {
        let param = params.add(Param {
            group: Group::Audiences,
            key: Some(to.to_string()),
            kind: ParamKind::Text,
            value: Some(ParamValue::Text(audience.clone())),
            description: format!("Audience of the tokens for `{to}`."),
            constraint: None,
        });
        add(name::audience(prefix, to), name::audience_key(to), NamedValueSource::Param(param));
    }
    for (key, id) in entra(resolved) {
        let param = params.add(Param {
            group: Group::Entra,
            description: described(id),
            key: Some(key),
            kind: ParamKind::Text,
            value: Some(ParamValue::Text(id.value.clone())),
            constraint: match id.kind {
                EntraKind::Application | EntraKind::Tenant => Some(Constraint::Guid),
                EntraKind::Audience => None,
            },
        });
        add(name::entra(prefix, id), name::entra_key(id), NamedValueSource::Param(param));
    }
    all.into_values().collect()
}

/// The audiences of the gateway's own tokens that are not Azure's, by the backend or pool that APIs call.
fn audiences(resolved: &Resolved) -> BTreeMap<&Name, String> {
    let mut all = BTreeMap::new();
    for api in resolved.apis.values() {
        for to in api.routes.destinations() {
            if let Credential::Identity(Audience::Application(audience)) = resolved.credential(to, api.surface) {
                all.insert(to.name(), audience);
            }
        }
    }
    all
}

fn described(id: &EntraId) -> String {
    let label = id.label.as_ref().map_or(String::new(), |label| format!(" `{label}`"));
    match id.kind {
        EntraKind::Application => format!("Application{label} that may call."),
        EntraKind::Audience => format!("Audience{label} that tokens may name."),
        EntraKind::Tenant => format!("Tenant{label} that issues tokens."),
    }
}

/// The ids that callers' tokens must name, by their names among ids.
fn entra(resolved: &Resolved) -> BTreeMap<String, &EntraId> {
    let asking = resolved.apis.values().filter_map(|api| api.entra.as_ref());
    asking.flat_map(|entra| entra.ids()).map(|id| (id.key(), id)).collect()
}

/// The credentials of HTTP backends, by backend.
pub(super) fn credentials(resolved: &Resolved) -> impl Iterator<Item = (&Name, &Credential)> {
    resolved.backends.iter().filter_map(|(name, backend)| match &backend.target {
        Target::Http { credential, .. } => Some((name, credential)),
        Target::Account { .. } => None,
    })
}
