//! What operators see: pools and how they fail over, streams, and where to look when a backend fails.

use std::collections::BTreeSet;

use super::names;
use super::own_text::{self, Does};
use crate::catalogue::surface::REPEATED;
use crate::emit::{Fragment, text};
use crate::plan::{Api, Plan, Upstream};
use crate::resolve::{Balance, Member, Pool, Retry};

/// One row of the table of pools.
pub(super) struct PoolView {
    pub(super) name: String,
    pub(super) members: Fragment,
    pub(super) tripped: Fragment,
    pub(super) retried: Fragment,
    pub(super) exhausted: Fragment,
}

pub(super) fn pools(plan: &Plan) -> Vec<PoolView> {
    plan.pools.iter().map(pool).collect()
}

fn pool(pool: &Pool) -> PoolView {
    let fragment = |text: String| Fragment::new(text);
    PoolView {
        name: pool.name.to_string(),
        members: fragment(members(pool)),
        tripped: fragment(match &pool.breaker {
            Some(breaker) => {
                let wait = if breaker.accepts_retry_after { ", or as long as it asks for" } else { "" };
                format!("{breaker}{wait}")
            }
            None => "never".to_owned(),
        }),
        retried: fragment(match &pool.retry {
            Some(retry) => retried(pool, retry),
            None => "never".to_owned(),
        }),
        exhausted: fragment(format!(
            "{}, with the shortest wait that a member asked for as `Retry-After`, else {}",
            pool.exhausted.status, pool.exhausted.retry_after
        )),
    }
}

/// Who comes when: `east`; then `west` and `north`, two to one.
fn members(pool: &Pool) -> String {
    let mut by_priority: Vec<&Member> = pool.members.iter().collect();
    by_priority.sort_by_key(|member| member.priority);
    let groups = by_priority.chunk_by(|one, other| one.priority == other.priority);
    let groups = groups.map(|group| {
        let has_shares = group.len() > 1 && group.iter().any(|member| member.weight.is_some());
        let names = group.iter().map(|member| {
            let name = text::code_span(&member.to.text());
            match member.weight.filter(|_| has_shares) {
                Some(weight) => format!("{name} ({weight})"),
                None => name,
            }
        });
        names.collect::<Vec<_>>().join(", ")
    });
    let groups: Vec<String> = groups.collect();
    match &pool.balance {
        Balance::Random => format!("any of {}", groups.join(", ")),
        Balance::Pool { cookie } => {
            let groups = groups.join("; while these are tripped ");
            match cookie {
                Some(cookie) => format!("{groups}; who sends the cookie {} back stays at one", text::code_span(cookie)),
                None => groups,
            }
        }
    }
}

/// How often, when, and after what.
fn retried(pool: &Pool, retry: &Retry) -> String {
    let times = match retry.count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    };
    let waits: Vec<String> = (1..=retry.count.min(5)).map(|n| wait(retry, n)).collect();
    let is_same = waits.iter().all(|wait| *wait == waits[0]);
    let waits = match (is_same, retry.count > 5) {
        (true, _) => waits[0].clone(),
        (false, false) => waits.join(", "),
        (false, true) => format!("{}, …", waits.join(", ")),
    };
    let idle: Vec<String> = match (&pool.breaker, &pool.balance) {
        (Some(breaker), Balance::Pool { .. }) => retry
            .statuses
            .ranges()
            .iter()
            .flat_map(|(from, to)| *from..=*to)
            .filter(|status| !breaker.statuses.has(*status))
            .take(6)
            .map(|status| status.to_string())
            .collect(),
        _ => Vec::new(),
    };
    let idle = match idle.as_slice() {
        [] => String::new(),
        [.., _] if idle.len() > 5 => "; statuses that do not trip a member may come from the same one again".to_owned(),
        all => format!("; after {} maybe at the same member, which these do not trip", all.join(" and ")),
    };
    format!("{times}, {waits}, after {} or no answer{idle}", retry.statuses)
}

/// The wait before a retry, counted from 1 (reference apim-policies §2.4).
fn wait(retry: &Retry, n: u32) -> String {
    let interval = u64::from(retry.interval.0);
    if n == 1 && retry.first_fast {
        return "at once".to_owned();
    }
    let seconds = match (retry.delta, retry.max_interval) {
        (None, _) => interval,
        (Some(delta), None) => interval + u64::from(n - 1) * u64::from(delta.0),
        (Some(delta), Some(most)) => {
            let grown = ((1_u64 << n) - 1) * u64::from(delta.0);
            return format!("after about {} s", (interval + grown).min(most.0.into()));
        }
    };
    match seconds {
        0 => "at once".to_owned(),
        seconds => format!("after {seconds} s"),
    }
}

/// Whether some requests are tried again less often than their pool says.
pub(super) fn repeats_unsafe(plan: &Plan) -> bool {
    plan.apis.iter().any(|api| {
        let is_unsafe = |(method, _): &(String, String)| REPEATED.contains(&method.as_str());
        !api.surface.is_model()
            && api.operations.iter().any(is_unsafe)
            && pools_of(plan, api).iter().any(|pool| pool.retry.is_some())
    })
}

/// Pools of an API, each once.
pub(super) fn pools_of<'a>(plan: &'a Plan, api: &Api) -> Vec<&'a Pool> {
    let is_used = |pool: &&Pool| {
        api.serves.iter().any(|served| matches!(&served.by, Upstream::Pool { pool: name, .. } if *name == pool.name))
    };
    plan.pools.iter().filter(is_used).collect()
}

/// What holds for streams of APIs of models.
pub(super) fn streams(plan: &Plan) -> Option<Fragment> {
    let code = text::code_span;
    let streaming = || plan.apis.iter().filter(|api| api.streams);
    streaming().next()?;
    let named = |wanted: &dyn Fn(&Api) -> bool| names(streaming().filter(|api| wanted(api)));
    let read = |api: &Api| !own_text::that(api, Does::Reads).is_empty();
    let mut lines = Vec::new();
    if let Some(untouched) = named(&|api| !read(api)) {
        lines.push(format!(
            "{untouched}: each piece of an answer is passed on as it comes. No policy here reads answers, and nothing here logs them."
        ));
    }
    let policies: BTreeSet<&str> = streaming().flat_map(|api| own_text::that(api, Does::Reads)).collect();
    if let Some(apis) = named(&read) {
        let policies: Vec<String> = policies.into_iter().map(code).collect();
        lines.push(format!(
            "{apis}: policy text of your own ({}) may read or write the answer. Where it does, a stream arrives all at once, when it is complete; elsewhere each piece as it comes.",
            policies.join(", ")
        ));
    }
    lines.push("The timeout ends with the first byte; a stream may last longer. The load balancer of the service drops a connection that is silent for four minutes, which a model that thinks for long may be.".to_owned());
    if streaming().any(|api| !pools_of(plan, api).is_empty()) {
        lines.push("A request is tried again only before its first byte. A stream that breaks off is not played again: the caller asks anew.".to_owned());
    }
    for (since, wanted) in [
        (true, &(|api: &Api| api.adds_usage && api.surface.usage_since().is_some()) as &dyn Fn(&Api) -> bool),
        (false, &|api: &Api| api.adds_usage && api.surface.usage_since().is_none()),
    ] {
        let Some(usage) = named(wanted) else {
            continue;
        };
        let version = if since { ", and calls with an `api-version` before `2024-09-01-preview`" } else { "" };
        lines.push(format!(
            "{usage}: streamed chats are asked for their usage (`stream_options.include_usage`), so they end with one more event, without choices, that counts tokens exactly. Untouched are chats of callers who send `stream_options` themselves, chats with `data_sources`{version}."
        ));
    }
    if let Some(silent) = named(&|api| api.surface.takes_usage() && !api.adds_usage) {
        lines.push(format!(
            "{silent}: a stream says how many tokens it took only if the caller asks for it. Whatever counts tokens of such streams in the gateway estimates them."
        ));
    }
    let lines: Vec<String> = lines.iter().map(|line| format!("* {line}")).collect();
    Some(Fragment::new(lines.join("\n")))
}
