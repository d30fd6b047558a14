//! The requirements for callers besides a key, and their limits.

use super::custom::{self, Impact};
use crate::plan::Api;
use crate::resolve::LimitBy;

/// True if an API requires more of its callers than a key, by generated policies or by custom ones.
pub fn are_checked(api: &Api) -> bool {
    api.entra.is_some()
        || !api.addresses.is_empty()
        || api.cors.is_some()
        || api.rate_limit.is_some()
        || [Impact::Limits, Impact::ChecksCallers, Impact::ChecksAddresses, Impact::AdmitsPages]
            .into_iter()
            .any(|impact| custom::has(api, impact))
}

/// True if any client that reaches an API may call it.
pub fn is_open(api: &Api) -> bool {
    !api.key.is_required && api.entra.is_none()
}

/// True if each user and application of the tenant can get an accepted token, unless the registration requires an assignment.
pub fn takes_whole_tenant(api: &Api) -> bool {
    api.entra.as_ref().is_some_and(|entra| entra.roles.is_empty() && entra.applications.is_empty())
}

/// The callers whose value of a header has a counter of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Each subscription key.
    Key,
    /// Each application.
    Application,
    /// None: all callers share one counter.
    Shared,
}

/// The callers whose value of a header has a counter of its own.
pub fn owner(api: &Api) -> Owner {
    match (api.key.is_required, api.entra.is_some()) {
        (true, _) => Owner::Key,
        (false, true) => Owner::Application,
        (false, false) => Owner::Shared,
    }
}

/// True if an API counts requests in a certain way.
pub fn counts(api: &Api, wanted: impl Fn(&LimitBy) -> bool) -> bool {
    api.rate_limit.as_ref().is_some_and(|limit| wanted(&limit.by))
}
