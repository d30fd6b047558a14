//! Words that several explanations share.

use crate::facts::pool;
use crate::plan::policy::Text;
use crate::plan::{Backend, BackendCredential, BackendKind, Host, NamedValueSource, Plan, Upstream, Url};
use crate::resolve::{Balance, Member, Pool, ResourceRef};

/// A name or text as it is written.
pub(super) fn code(text: impl AsRef<str>) -> String {
    format!("`{}`", text.as_ref())
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn and(words: &[String]) -> String {
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// The same with an upper-case letter at its start.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// The value of an attribute or element, in words.
pub(super) fn text(text: &Text) -> String {
    if let Some(plain) = text.plain() {
        return literal(plain);
    }
    match text {
        Text::Literal(text) => literal(text.as_str()),
        Text::NamedValue(name) => format!("the named value {}", code(name.as_str())),
        Text::Expr(expr) => expr.words(),
        Text::Custom(words) => code(words.value()),
    }
}

fn literal(text: &str) -> String {
    match text {
        "" => "nothing".to_owned(),
        text => code(text),
    }
}

/// The identity that the gateway calls backends with.
pub(super) fn identity(plan: &Plan) -> String {
    match &plan.identity {
        None => "the system-assigned identity of the service".to_owned(),
        Some(place) => format!("the user-assigned identity {}", code(&place.name)),
    }
}

/// A resource of Azure and where it is.
pub(super) fn place(place: &ResourceRef) -> String {
    let group = place.resource_group.as_ref();
    let group = group.map_or(String::new(), |group| format!(" in {}", code(group)));
    let subscription = place.subscription.as_ref();
    let subscription = subscription.map_or(String::new(), |id| format!(", subscription {}", code(id)));
    format!("{}{group}{subscription}", code(&place.name))
}

/// A backend or pool of the service, as the file calls it.
pub(super) fn backend_or_pool(backend: &Backend) -> String {
    let what = match backend.kind {
        BackendKind::Single { .. } => "backend",
        BackendKind::Pool { .. } => "pool",
    };
    format!("{what} {}", code(&backend.source))
}

/// The location of a backend.
pub(super) fn url(plan: &Plan, url: &Url) -> String {
    match url {
        Url::Host { url, .. } => code(url),
        Url::Account { backend, host, path } => {
            let account = &plan[plan[*backend].account];
            let host = match host {
                Host::Endpoint => "the endpoint",
                Host::Foundry => "the host of the Foundry APIs",
            };
            let path = match path.as_str() {
                "" => "everything".to_owned(),
                path => code(path),
            };
            format!("{path} below {host} of the {} account {}", account.kind.name(), place(&account.place))
        }
    }
}

/// The secret that a backend receives.
pub(super) fn credential(plan: &Plan, credential: &BackendCredential) -> String {
    let value = &plan[credential.named_value];
    let NamedValueSource::Secret { vault, name } = &value.value else {
        panic!("plan: backends receive secrets");
    };
    let vault = &plan[*vault];
    let scheme = credential.scheme.as_ref();
    let scheme = scheme.map_or(String::new(), |scheme| format!("{} and ", code(scheme.as_str())));
    format!(
        "the header {} has {scheme}the secret {} of the key vault {}, by the named value {}, which {} reads",
        code(credential.header.as_str()),
        code(name),
        place(&vault.place),
        code(value.resource.as_str()),
        identity(plan),
    )
}

/// The destination of requests, as the file names it.
pub(super) fn by(plan: &Plan, by: &Upstream) -> String {
    match by {
        Upstream::Pool { pool, .. } => format!("pool {}", code(plan[*pool].name.as_str())),
        Upstream::Account { account } => {
            format!("account {}", place(&plan[*account].place))
        }
        Upstream::Deployment { account, deployment } => {
            format!("deployment {} of account {}", code(deployment), place(&plan[*account].place))
        }
        Upstream::Http { url, .. } => code(url),
    }
}

/// The order of a pool's members, one line for each priority.
pub(super) fn members(pool: &Pool) -> Vec<String> {
    let groups: Vec<String> = pool::groups(pool).iter().map(|members| group(members)).collect();
    match &pool.balance {
        Balance::Random => vec![format!("any of {}, with equal probability", groups.join(", "))],
        Balance::Pool { cookie } => {
            let places = groups.into_iter().enumerate();
            let mut lines: Vec<String> = places
                .map(|(at, group)| match at {
                    0 => format!("first {group}"),
                    _ => format!("only while all of these are tripped: {group}"),
                })
                .collect();
            if let Some(cookie) = cookie {
                lines.push(format!("clients that send the cookie {} back stay with one member", code(cookie)));
            }
            lines
        }
    }
}

/// Members of one priority, with their shares.
fn group(members: &[&Member]) -> String {
    let weight = |member: &Member| u64::from(member.weight.unwrap_or(1));
    let sum: u64 = members.iter().map(|member| weight(member)).sum();
    let names = members.iter().map(|member| {
        let name = code(member.to.text());
        if members.len() == 1 || member.weight.is_none() {
            return name;
        }
        format!("{name} ({} of {sum} requests)", weight(member))
    });
    and(&names.collect::<Vec<_>>())
}

/// When the circuit breaker of a backend opens, and for how long.
pub(super) fn tripped(breaker: &crate::resolve::Breaker) -> String {
    let wait = if breaker.accepts_retry_after { ", or for as long as `Retry-After` says" } else { "" };
    let plural = if breaker.failures == 1 { "" } else { "s" };
    format!(
        "trips for {}{wait}, after {} failure{plural} ({}) within {}",
        breaker.trip_for,
        breaker.failures,
        breaker.causes(),
        breaker.within
    )
}
