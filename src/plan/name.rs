//! Names in the service that nobody writes in the file. Resources and the policies that use them ask here, so that they agree.

use crate::resolve::name::{Name, ResourceName};

/// The named value of [`identity_client_id`], without prefix.
pub const IDENTITY_CLIENT_ID: &str = "identity-client-id";

/// The named value that holds the client id of the gateway's user-assigned identity.
pub fn identity_client_id(prefix: &str) -> ResourceName {
    join(prefix, &[IDENTITY_CLIENT_ID])
}

/// The named value of [`audience`], without prefix.
pub fn audience_key(backend: &Name) -> String {
    audience("", backend).to_string()
}

/// The named value that holds the audience of tokens for a backend.
pub fn audience(prefix: &str, backend: &Name) -> ResourceName {
    join(prefix, &[backend.as_str(), "audience"])
}

/// The named value of [`secret`], without prefix.
pub fn secret_key(backend: &Name) -> String {
    secret("", backend).to_string()
}

/// The named value that holds the secret of a backend.
pub fn secret(prefix: &str, backend: &Name) -> ResourceName {
    join(prefix, &[backend.as_str(), "secret"])
}

/// What a policy has to know of the tokens of an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntraPart {
    /// The tenant.
    Tenant,
    /// One of the audiences, counted from 0.
    Audience(usize),
    /// One of the applications, counted from 0.
    Application(usize),
}

/// The named value with a part of what tokens for an API have to be, with prefix and without.
pub fn entra(prefix: &str, api: &Name, part: EntraPart) -> (ResourceName, String) {
    let part = match part {
        EntraPart::Tenant => "tenant-id".to_owned(),
        EntraPart::Audience(at) => format!("audience-{}", at + 1),
        EntraPart::Application(at) => format!("application-id-{}", at + 1),
    };
    let key = format!("entra-{api}-{part}");
    let name = ResourceName::named_value(prefix, &key);
    (name, key)
}

/// The logger that telemetry goes through.
pub fn logger(prefix: &str) -> ResourceName {
    join(prefix, &["application-insights"])
}

/// Prefixes have 20 characters at most and names of the file 50, so that any of these fits.
fn join(prefix: &str, parts: &[&str]) -> ResourceName {
    ResourceName::join(prefix, parts).expect("plan: prefixes and names are short, the schema says so")
}
