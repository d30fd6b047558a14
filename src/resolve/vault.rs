//! Key vaults of backends' secrets: each has one place.

use std::collections::BTreeMap;

use super::backend::{Backend, Target};
use super::context::Context;
use super::credential::Credential;
use super::name::Name;
use super::service::{ResourceRef, Service};
use crate::diag::{Code, Report};

/// Reports key vaults of one name in two places: their names are unique in all of Azure, and name the parameter of the vault.
pub(super) fn report(
    context: &Context<'_>,
    service: &Service,
    backends: &BTreeMap<Name, Backend>,
    report: &mut Report,
) {
    let mut known: BTreeMap<String, (&Name, &ResourceRef)> = BTreeMap::new();
    for (name, backend) in backends {
        let Target::Http { credential: Credential::Header(header), .. } = &backend.target else { continue };
        let vault = &header.secret.vault;
        let (first, other) = *known.entry(vault.name.to_ascii_lowercase()).or_insert((name, vault));
        if other.identity(service) == vault.identity(service) {
            continue;
        }
        let place = |name: &Name| context.value(&["backends", name.as_str(), "credential", "keyVaultSecret", "vault"]);
        report.push(
            Code::VaultTwice
                .at(place(name))
                .says(format!("key vault `{}` would be in two places", vault.name))
                .because("the names of key vaults are unique in all of Azure")
                .also(place(first), format!("`{first}` names it in another place"))
                .help("write the same `resourceGroup` and `subscription` in both"),
        );
    }
}
