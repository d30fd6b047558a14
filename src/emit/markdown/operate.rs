//! What operators see: pools and how they fail over, streams, and where to look when a backend fails.

use crate::emit::{Fragment, text};
use crate::plan::{Api, By, Plan};
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
                let wait = if breaker.accepts_retry_after {
                    ", or as long as it asks for"
                } else {
                    ""
                };
                format!("{breaker}{wait}")
            }
            None => "never".to_owned(),
        }),
        retried: fragment(match &pool.retry {
            Some(retry) => retried(retry),
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
            let name = text::code_span(&member.one.text());
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
                Some(cookie) => format!(
                    "{groups}; who sends the cookie {} back stays at one",
                    text::code_span(cookie)
                ),
                None => groups,
            }
        }
    }
}

fn retried(retry: &Retry) -> String {
    let times = match retry.count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    };
    let mut waits = match (retry.interval.0, retry.delta, retry.max_interval) {
        (0, None, _) => "at once".to_owned(),
        (_, None, _) => format!("after {}", retry.interval),
        (_, Some(delta), None) => format!("after {}, each time {delta} longer", retry.interval),
        (_, Some(delta), Some(most)) => format!(
            "after {}, then longer each time by about {delta} doubled, {most} at most",
            retry.interval
        ),
    };
    if retry.first_fast && retry.interval.0 > 0 {
        waits = format!("at once, then {waits}");
    }
    format!("{times}, {waits}, after {} or no answer", retry.statuses)
}

/// Pools of an API, each once.
pub(super) fn pools_of<'a>(plan: &'a Plan, api: &Api) -> Vec<&'a Pool> {
    let is_used = |pool: &&Pool| {
        api.serves
            .iter()
            .any(|served| matches!(&served.by, By::Pool { pool: name, .. } if *name == pool.name))
    };
    plan.pools.iter().filter(is_used).collect()
}

/// What holds for streams of APIs of models.
pub(super) fn streams(plan: &Plan) -> Vec<Fragment> {
    let code = text::code_span;
    let streaming = || plan.apis.iter().filter(|api| api.streams);
    if streaming().next().is_none() {
        return Vec::new();
    }
    let names = |wanted: &dyn Fn(&Api) -> bool| {
        let names = streaming().filter(|api| wanted(api));
        let names: Vec<String> = names.map(|api| code(api.name.as_str())).collect();
        names.join(", ")
    };
    let mut lines = vec![
        format!(
            "{}: each piece of an answer is passed on as it comes. No policy here reads answers, and nothing here logs them.",
            names(&|_| true)
        ),
        "The timeout ends with the first byte; a stream may last longer. The load balancer of the service drops a connection that is silent for four minutes, which a model that thinks for long may be.".to_owned(),
    ];
    if streaming().any(|api| !pools_of(plan, api).is_empty()) {
        lines.push("A request is tried again only before its first byte. A stream that breaks off is not played again: the caller asks anew.".to_owned());
    }
    let usage = names(&|api| api.adds_usage);
    if !usage.is_empty() {
        lines.push(format!(
            "{usage}: streamed chats are asked for their usage (`stream_options.include_usage`), so they end with one more event, without choices, that counts tokens exactly. Untouched are chats of callers who send `stream_options` themselves, chats with `data_sources`, and calls with an `api-version` before `2024-09-01-preview`."
        ));
    }
    let silent = names(&|api| api.surface.takes_usage() && !api.adds_usage);
    if !silent.is_empty() {
        lines.push(format!(
            "{silent}: a stream says how many tokens it took only if the caller asks for it. Whatever counts tokens of such streams in the gateway estimates them."
        ));
    }
    lines.into_iter().map(Fragment::new).collect()
}
