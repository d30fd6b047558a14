//! The table of status codes: who sends which, and why.

use super::filters;
use super::{api_names, custom_policies};
use crate::catalogue::surface::ModelIn;
use crate::emit::{Fragment, fragment};
use crate::facts::answer::{self, Reason, Sender};
use crate::facts::custom::Impact;
use crate::facts::element::Status;
use crate::plan::{Api, Plan};

#[derive(askama::Template)]
#[template(path = "markdown/statuses.md.j2")]
struct StatusesView<'a> {
    rows: Vec<RowView<'a>>,
    lists_operations: bool,
    changed: Option<Fragment>,
    has_pools: bool,
    timeouts: Vec<TimeoutView<'a>>,
}

struct RowView<'a> {
    status: Status,
    sender: Sender,
    reason: Reason<'a>,
    apis: Vec<&'a str>,
    /// True if something other than a policy sends it, and to callers of some APIs only.
    is_partial: bool,
}

/// APIs that wait for so many seconds.
struct TimeoutView<'a> {
    seconds: u32,
    apis: Vec<&'a str>,
}

pub(super) fn part(plan: &Plan) -> Fragment {
    let rows = answer::answers(plan).into_iter().map(|answer| RowView {
        status: answer.status,
        sender: answer.sender,
        reason: answer.reason,
        is_partial: answer.apis.len() < plan.apis.len()
            && !matches!(answer.sender, Sender::Policy(_) | Sender::Custom(_)),
        apis: api_names(answer.apis),
    });
    let timeouts = answer::timeouts(plan).into_iter();
    fragment(&StatusesView {
        rows: rows.collect(),
        lists_operations: !plan.apis.iter().all(Api::is_open_ended),
        changed: custom_policies(plan, Impact::ChangesAnswers),
        has_pools: !plan.pools.is_empty(),
        timeouts: timeouts.map(|(seconds, apis)| TimeoutView { seconds: seconds.0, apis: api_names(apis) }).collect(),
    })
}
