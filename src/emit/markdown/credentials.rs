//! What backends receive of what callers send: read off the written policies.

use super::filters;
use super::names;
use crate::catalogue::Section;
use crate::emit::{Fragment, fragment};
use crate::facts::route::Authorization;
use crate::facts::{custom, route};
use crate::plan::Plan;
use crate::resolve::End;

#[derive(askama::Template)]
#[template(path = "markdown/credentials.md.j2")]
struct CredentialsView<'a> {
    rows: Vec<RowView<'a>>,
    cookies: Vec<&'a str>,
    early: Vec<&'a str>,
}

/// One API.
struct RowView<'a> {
    api: &'a str,
    removed: Vec<&'a str>,
    authorization: Authorization,
}

pub(super) fn part(plan: &Plan) -> Fragment {
    let rows = plan.apis.iter().map(|api| RowView {
        api: api.name.as_str(),
        removed: route::removed_headers(api),
        authorization: route::authorization(api),
    });
    fragment(&CredentialsView {
        rows: rows.collect(),
        cookies: names(plan, |api| !route::removes_cookies(api)),
        early: names(plan, |api| custom::includes(api, Section::Inbound, Some(End::First))),
    })
}
