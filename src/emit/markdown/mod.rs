//! GATEWAY.md, the page for people, and the filters that its templates see.

mod access;
mod callers;
pub mod filters;
mod includes;
mod open_ended;
mod operate;
mod own_text;
mod page;
mod rows;

pub(super) use page::gateway;
