//! GATEWAY.md, the page for people, and the filters that its templates see.

mod access;
pub mod filters;
mod open_ended;
mod operate;
mod page;
mod rows;

pub(super) use page::gateway;
