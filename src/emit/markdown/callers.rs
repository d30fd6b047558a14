//! Callers: tokens, addresses, web pages and limits of requests.

use super::filters;
use crate::emit::prose::Prose;
use crate::emit::{Fragment, fragment};
use crate::facts::caller::{self, Owner};
use crate::facts::custom::{self, Impact};
use crate::plan::{Api, Plan};
use crate::resolve::{Addresses, Entra, EntraId, LimitBy, RateLimit};

#[derive(askama::Template)]
#[template(path = "markdown/callers.md.j2")]
struct CallersView<'a> {
    rows: Vec<RowView<'a>>,
    need_tokens: bool,
    take_whole_tenant: bool,
    need_both: bool,
    check_addresses: bool,
    limit_requests: bool,
    count_keys: bool,
    count_addresses: bool,
    count_claims: bool,
    count_headers: bool,
    admit_pages: bool,
    token: Option<TokenView<'a>>,
}

/// One API.
struct RowView<'a> {
    api: &'a str,
    token: Fragment,
    addresses: Fragment,
    requests: Fragment,
    pages: Fragment,
}

/// How to get a token for the first API that requires one.
struct TokenView<'a> {
    api: &'a str,
    resource: &'a str,
}

pub(super) fn part(plan: &Plan) -> Option<Fragment> {
    plan.apis.iter().find(|api| caller::are_checked(api))?;
    let any = |holds: &dyn Fn(&Api) -> bool| plan.apis.iter().any(holds);
    let counts = |wanted: &dyn Fn(&LimitBy) -> bool| any(&|api| caller::counts(api, wanted));
    Some(fragment(&CallersView {
        rows: plan.apis.iter().map(row).collect(),
        need_tokens: any(&|api| api.entra.is_some()),
        take_whole_tenant: any(&|api| caller::takes_whole_tenant(api)),
        need_both: any(&|api| api.entra.is_some() && api.key.is_required),
        check_addresses: any(&|api| !api.addresses.is_empty()),
        limit_requests: any(&|api| api.rate_limit.is_some()),
        count_keys: counts(&|by| *by == LimitBy::Subscription),
        count_addresses: counts(&|by| *by == LimitBy::Ip),
        count_claims: counts(&|by| matches!(by, LimitBy::Claim(_))),
        count_headers: counts(&|by| matches!(by, LimitBy::Header { .. })),
        admit_pages: any(&|api| api.cors.is_some()),
        token: plan.apis.iter().find_map(|api| {
            let entra = api.entra.as_ref()?;
            Some(TokenView { api: api.name.as_str(), resource: &entra.audiences[0].value })
        }),
    }))
}

fn row(api: &Api) -> RowView<'_> {
    let pages = api.cors.as_ref().map(|cors| match cors.origins.as_slice() {
        [] => Prose::fixed("any"),
        all => Prose::codes(all),
    });
    let addresses = (!api.addresses.is_empty()).then(|| Prose::codes(api.addresses.iter().map(range)));
    let token = api.entra.as_ref().map(token);
    let requests = api.rate_limit.as_ref().map(|limit| self::limit(api, limit));
    let cell =
        |own: Option<Prose>, nothing, impact| Fragment::from(beside(own, nothing, &custom::policies(api, impact)));
    RowView {
        api: api.name.as_str(),
        token: cell(token, "none", Impact::ChecksCallers),
        addresses: cell(addresses, "any", Impact::ChecksAddresses),
        requests: cell(requests, "no limit", Impact::Limits),
        pages: cell(pages, "none", Impact::AdmitsPages),
    }
}

/// The effects of generated policies, and of custom ones beside them.
fn beside(own: Option<Prose>, nothing: &'static str, custom: &[&'static str]) -> Prose {
    let custom = (!custom.is_empty()).then(|| Prose::codes(custom).then(" (custom)"));
    let nothing = custom.is_none().then(|| Prose::fixed(nothing));
    Prose::joined(own.or(nothing).into_iter().chain(custom), "; ")
}

fn range(addresses: &Addresses) -> String {
    match addresses.is_one() {
        true => addresses.first.to_string(),
        false => format!("{}-{}", addresses.first, addresses.last),
    }
}

/// The requirements for a caller's token.
fn token(entra: &Entra) -> Prose {
    let of = |what: &'static str, all: &[&str]| match all {
        [] => Prose::default(),
        [one] => Prose::fixed(what).join(&Prose::code(one)),
        all => Prose::fixed(what).then("one of ").join(&Prose::codes(all)),
    };
    let roles: Vec<&str> = entra.roles.iter().map(String::as_str).collect();
    Prose::fixed("token of tenant ")
        .join(&Prose::code(&entra.tenant.value))
        .join(&of(", audience ", &values(&entra.audiences)))
        .join(&of(", application ", &values(&entra.applications)))
        .join(&of(", role ", &roles))
}

fn values(ids: &[EntraId]) -> Vec<&str> {
    ids.iter().map(|id| id.value.as_str()).collect()
}

fn limit(api: &Api, limit: &RateLimit) -> Prose {
    let calls = Prose::bare(limit.calls).then(" per ").join(&Prose::bare(limit.per.0)).then(" s for ");
    match &limit.by {
        LimitBy::Subscription => calls.then("each key"),
        LimitBy::Ip => calls.then("each address"),
        LimitBy::Claim(claim) => calls.then("each ").join(&Prose::code(claim)).then(" of the token"),
        LimitBy::Header { name, default } => calls
            .then("each ")
            .join(&Prose::code(name))
            .then(match caller::owner(api) {
                Owner::Key => " of each key",
                Owner::Application => " of each application",
                Owner::Shared => "",
            })
            .then("; without the header: ")
            .join(&Prose::code(default)),
    }
}
