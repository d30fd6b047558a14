//! Facts about a gateway, as data: `Plan` → facts. No sentences, no Markdown.
//!
//! `explain`, GATEWAY.md and whatever else tells what a gateway does read facts here and derive none themselves, so that no two of
//! them disagree. Facts of the service itself are in `catalogue`.

pub mod answer;
pub mod caller;
pub mod custom;
pub mod element;
pub mod pool;
pub mod route;

use crate::plan::{Api, Plan};

/// The APIs for which something holds.
pub fn apis(plan: &Plan, holds: impl Fn(&Api) -> bool) -> Vec<&Api> {
    plan.apis.iter().filter(|api| holds(api)).collect()
}
