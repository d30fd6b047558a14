//! Custom policies: their files, their positions, and when they run.

use super::filters;
use super::names;
use crate::catalogue::Section;
use crate::emit::{Fragment, fragment};
use crate::facts::{custom, pool};
use crate::plan::Plan;

#[derive(askama::Template)]
#[template(path = "markdown/custom.md.j2")]
struct CustomView<'a> {
    includes: Vec<IncludeView<'a>>,
    outbound: Vec<&'a str>,
    pooled: Vec<&'a str>,
}

/// One file at one place.
struct IncludeView<'a> {
    api: &'a str,
    section: &'static str,
    end: &'static str,
    file: &'a str,
}

pub(super) fn part(plan: &Plan) -> Option<Fragment> {
    let includes = plan.apis.iter().flat_map(|api| {
        api.includes.iter().map(move |(section, end, file)| IncludeView {
            api: api.name.as_str(),
            section: section.name(),
            end: end.word(),
            file,
        })
    });
    let includes: Vec<_> = includes.collect();
    if includes.is_empty() {
        return None;
    }
    let is_outbound = |api: &crate::plan::Api| custom::includes(api, Section::Outbound, None);
    Some(fragment(&CustomView {
        includes,
        outbound: names(plan, is_outbound),
        pooled: names(plan, |api| is_outbound(api) && !pool::pools_of(plan, api).is_empty()),
    }))
}
