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

use super::text;
use crate::plan::Api;

/// The names of APIs as code; `None` if there are none.
fn names<'a>(apis: impl Iterator<Item = &'a Api>) -> Option<String> {
    let names: Vec<String> = apis.map(|api| text::code_span(api.name.as_str())).collect();
    (!names.is_empty()).then(|| names.join(", "))
}
