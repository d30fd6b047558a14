//! Notes on streamed responses.

use std::collections::BTreeSet;

use super::filters;
use super::names;
use crate::emit::{Fragment, fragment};
use crate::facts::custom::{self, Impact};
use crate::facts::pool;
use crate::plan::{Api, Plan};

#[derive(askama::Template)]
#[template(path = "markdown/streams.md.j2")]
struct StreamsView<'a> {
    untouched: Vec<&'a str>,
    read: Vec<&'a str>,
    reading: Vec<&'a str>,
    has_pools: bool,
    usage_since: Vec<&'a str>,
    usage: Vec<&'a str>,
    silent: Vec<&'a str>,
}

pub(super) fn part(plan: &Plan) -> Option<Fragment> {
    let streaming = || plan.apis.iter().filter(|api| api.streams);
    streaming().next()?;
    let named = |holds: &dyn Fn(&Api) -> bool| names(plan, |api| api.streams && holds(api));
    let is_read = |api: &Api| custom::has(api, Impact::ReadsAnswers);
    let reading: BTreeSet<&str> = streaming().flat_map(|api| custom::policies(api, Impact::ReadsAnswers)).collect();
    let has_versions = |api: &Api| api.surface.usage_since().is_some();
    Some(fragment(&StreamsView {
        untouched: named(&|api| !is_read(api)),
        read: named(&is_read),
        reading: reading.into_iter().collect(),
        has_pools: streaming().any(|api| !pool::pools_of(plan, api).is_empty()),
        usage_since: named(&|api| api.adds_usage && has_versions(api)),
        usage: named(&|api| api.adds_usage && !has_versions(api)),
        silent: named(&|api| api.surface.takes_usage() && !api.adds_usage),
    }))
}
