//! GATEWAY.md, the page for people, and the filters that its templates see.

mod callers;
pub mod filters;
mod includes;
mod operate;
mod page;
mod rows;

pub(super) use page::gateway;
