//! `Resolved` → `Plan`. Cannot fail: what is resolved is valid.

use super::Plan;
use crate::resolve::Resolved;

/// What has to exist for a gateway.
pub fn build(resolved: &Resolved) -> Plan {
    Plan {
        source_name: resolved.source_name.clone(),
    }
}
