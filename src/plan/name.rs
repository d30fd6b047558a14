//! Names in the service that are not in the file. Resources and the policies that use them take them from here, so that they agree.

use crate::resolve::name::{Name, ResourceName};
use crate::resolve::{EntraId, Secret};

/// The named value of [`identity_client_id`], without prefix.
pub const IDENTITY_CLIENT_ID: &str = "identity-client-id";

/// The named value that holds the client id of the gateway's user-assigned identity.
pub fn identity_client_id(prefix: &str) -> ResourceName {
    join(prefix, &[IDENTITY_CLIENT_ID])
}

/// The named value with the audience of tokens for a backend or pool that APIs call. By whom the tokens are for, and not by the
/// audience: another environment may have two audiences where this one has one.
pub fn audience(prefix: &str, to: &Name) -> ResourceName {
    ResourceName::named_value(prefix, &audience_key(to))
}

/// The named value of [`audience`], without prefix.
pub fn audience_key(to: &Name) -> String {
    format!("audience-{to}")
}

/// The named value with a secret of a key vault.
pub fn secret(prefix: &str, secret: &Secret) -> ResourceName {
    ResourceName::secret(prefix, &secret.vault.name, &secret.name)
}

/// The named value of [`secret`], without prefix.
pub fn secret_key(secret: &Secret) -> String {
    self::secret("", secret).to_string()
}

/// The named value with an id that callers' tokens must name.
pub fn entra(prefix: &str, id: &EntraId) -> ResourceName {
    ResourceName::named_value(prefix, &entra_key(id))
}

/// The named value of [`entra`], without prefix.
pub fn entra_key(id: &EntraId) -> String {
    format!("entra-{}", id.key())
}

/// The logger that telemetry goes through.
pub fn logger(prefix: &str) -> ResourceName {
    join(prefix, &["application-insights"])
}

/// The named value with the connection string of the component that telemetry goes to.
pub fn connection_string(prefix: &str) -> ResourceName {
    join(prefix, &["application-insights-connection-string"])
}

/// Prefixes have 20 characters at most and names of the file 50, so that any of these fits.
fn join(prefix: &str, parts: &[&str]) -> ResourceName {
    ResourceName::join(prefix, parts).expect("plan: prefixes and names are short, the schema says so")
}
