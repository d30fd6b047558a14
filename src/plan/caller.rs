//! Callers: what is asked of them beside a key, and the ids that their tokens name.

use crate::resolve::name::Name;
use crate::resolve::{Addresses, Cors, RateLimit};

/// What is asked of the callers of an API beside a key.
#[derive(Debug, Clone)]
pub struct Callers {
    /// Whether they need a token.
    pub need_token: bool,
    /// The role that it must hold: one of these; none: no role is asked for.
    pub roles: Vec<String>,
    /// Where they may be; none: anywhere.
    pub addresses: Vec<Addresses>,
    /// Web pages that may call.
    pub cors: Option<Cors>,
    /// How often they may call.
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
