//! Names in the service that nobody writes in the file. Resources and the policies that use them ask here, so that they agree.

use crate::resolve::name::ResourceName;

/// The named value of [`identity_client_id`], without prefix.
pub const IDENTITY_CLIENT_ID: &str = "identity-client-id";

/// The named value that holds the client id of the gateway's user-assigned identity.
pub fn identity_client_id(prefix: &str) -> ResourceName {
    ResourceName::join(prefix, &[IDENTITY_CLIENT_ID])
        .expect("plan: prefixes are short, the schema says so")
}

/// The logger that telemetry goes through.
pub fn logger(prefix: &str) -> ResourceName {
    ResourceName::join(prefix, &["application-insights"])
        .expect("plan: prefixes are short, the schema says so")
}
