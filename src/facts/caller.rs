//! The requirements for callers besides a key, and their limits.

use super::custom::{self, Impact};
use crate::plan::{Api, Plan};
use crate::resolve::LimitBy;

/// True if an API requires more of its callers than a key, by generated policies or by custom ones.
pub fn are_checked(api: &Api) -> bool {
    let callers = &api.callers;
    callers.need_token
        || !callers.addresses.is_empty()
        || callers.cors.is_some()
        || callers.rate_limit.is_some()
        || [Impact::Limits, Impact::ChecksCallers, Impact::ChecksAddresses, Impact::AdmitsPages]
            .into_iter()
            .any(|impact| custom::has(api, impact))
}

/// True if any client that reaches an API may call it.
pub fn is_open(api: &Api) -> bool {
    !api.needs_key && !api.callers.need_token
}

/// True if each user and application of the tenant can get an accepted token, unless the registration requires an assignment.
pub fn takes_whole_tenant(plan: &Plan, api: &Api) -> bool {
    let callers = &api.callers;
    callers.need_token && callers.roles.is_empty() && plan.entra_ids(&api.name).applications.is_empty()
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
    match (api.needs_key, api.callers.need_token) {
        (true, _) => Owner::Key,
        (false, true) => Owner::Application,
        (false, false) => Owner::Shared,
    }
}

/// True if an API counts requests in a certain way.
pub fn counts(api: &Api, wanted: impl Fn(&LimitBy) -> bool) -> bool {
    api.callers.rate_limit.as_ref().is_some_and(|limit| wanted(&limit.by))
}
