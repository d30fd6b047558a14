//! Callers: the requirements besides a key, and the ids that their tokens name.

use crate::resolve::name::Name;
use crate::resolve::{Addresses, Cors, RateLimit};

/// The requirements for callers of an API besides a key.
#[derive(Debug, Clone)]
pub struct Callers {
    /// True if they need a token.
    pub need_token: bool,
    /// The roles of which it must have one; empty: no role is required.
    pub roles: Vec<String>,
    /// The allowed addresses; empty: any address.
    pub addresses: Vec<Addresses>,
    /// Web pages that may call.
    pub cors: Option<Cors>,
    /// The limit of their requests.
    pub rate_limit: Option<RateLimit>,
}

/// Ids of Entra ID that tokens for an API name.
#[derive(Debug)]
pub struct EntraIds {
    /// The API.
    pub api: Name,
    /// The tenant.
    pub tenant: String,
    /// Audiences, at least one.
    pub audiences: Vec<String>,
    /// Applications; none: any.
    pub applications: Vec<String>,
}
