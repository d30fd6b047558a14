//! Who may call: tokens, addresses, web pages and limits of requests, and what each is worth.

use super::names;
use super::own_text::{self, Does};
use crate::emit::{Fragment, text};
use crate::plan::{Api, Plan};
use crate::resolve::{Addresses, LimitBy, RateLimit};

/// What is asked of callers beside a key.
pub(super) struct CallersView {
    rows: Vec<RowView>,
    notes: Option<Fragment>,
    token: Option<TokenView>,
}

impl CallersView {
    pub(super) fn rows(&self) -> &[RowView] {
        &self.rows
    }

    pub(super) fn notes(&self) -> Option<&Fragment> {
        self.notes.as_ref()
    }

    pub(super) fn token(&self) -> Option<&TokenView> {
        self.token.as_ref()
    }
}

/// One API.
pub(super) struct RowView {
    pub(super) api: String,
    pub(super) token: Fragment,
    pub(super) addresses: Fragment,
    pub(super) requests: Fragment,
    pub(super) pages: Fragment,
}

/// How to get a token for the first API that asks for one.
pub(super) struct TokenView {
    pub(super) api: String,
    pub(super) resource: Fragment,
}

pub(super) fn callers(plan: &Plan) -> Option<CallersView> {
    let asks = |api: &&Api| {
        let callers = &api.callers;
        callers.need_token
            || !callers.addresses.is_empty()
            || callers.cors.is_some()
            || callers.rate_limit.is_some()
            || [Does::Limits, Does::Checks, Does::Addresses, Does::Pages]
                .iter()
                .any(|does| !own_text::that(api, *does).is_empty())
    };
    plan.apis.iter().find(asks)?;
    let notes: Vec<String> = notes(plan).iter().map(|note| format!("* {note}")).collect();
    Some(CallersView {
        rows: plan.apis.iter().map(|api| row(plan, api)).collect(),
        notes: (!notes.is_empty()).then(|| Fragment::new(notes.join("\n"))),
        token: plan
            .entra
            .first()
            .map(|ids| TokenView { api: ids.api.to_string(), resource: Fragment::new(text::shell(&ids.audiences[0])) }),
    })
}

fn row(plan: &Plan, api: &Api) -> RowView {
    let callers = &api.callers;
    let requests = callers.rate_limit.as_ref();
    let requests = requests.map(|limit| self::limit(api, limit));
    let pages = callers.cors.as_ref().map(|cors| match cors.origins.as_slice() {
        [] => "any".to_owned(),
        all => codes(all),
    });
    let addresses: Vec<String> = callers.addresses.iter().map(range).collect();
    let addresses = (!addresses.is_empty()).then(|| codes(&addresses));
    let token = callers.need_token.then(|| token(plan, api));
    RowView {
        api: api.name.to_string(),
        token: Fragment::new(own_text::beside(token, "none", api, Does::Checks)),
        addresses: Fragment::new(own_text::beside(addresses, "any", api, Does::Addresses)),
        requests: Fragment::new(own_text::beside(requests, "no limit", api, Does::Limits)),
        pages: Fragment::new(own_text::beside(pages, "none", api, Does::Pages)),
    }
}

fn codes(all: &[String]) -> String {
    let all = all.iter().map(|one| text::code_span(one));
    all.collect::<Vec<_>>().join(", ")
}

fn range(addresses: &Addresses) -> String {
    match addresses.is_one() {
        true => addresses.first.to_string(),
        false => format!("{}-{}", addresses.first, addresses.last),
    }
}

/// What the token of a caller has to be.
fn token(plan: &Plan, api: &Api) -> String {
    let callers = &api.callers;
    let ids = plan.entra_ids(&api.name);
    let of = |what: &str, all: &[String]| match all {
        [] => String::new(),
        [one] => format!(", {what} {}", text::code_span(one)),
        all => format!(", {what} one of {}", codes(all)),
    };
    format!(
        "token of tenant {}{}{}{}",
        text::code_span(&ids.tenant),
        of("audience", &ids.audiences),
        of("application", &ids.applications),
        of("role", &callers.roles),
    )
}

fn limit(api: &Api, limit: &RateLimit) -> String {
    let by = match &limit.by {
        LimitBy::Subscription => "each key".to_owned(),
        LimitBy::Ip => "each address".to_owned(),
        LimitBy::Claim(claim) => format!("each {} of the token", text::code_span(claim)),
        LimitBy::Header { name, default } => {
            let owner = match (api.needs_key, api.callers.need_token) {
                (true, _) => " of each key",
                (false, true) => " of each application",
                (false, false) => "",
            };
            let (name, default) = (text::code_span(name.as_str()), text::code_span(default));
            format!("each {name}{owner}; without one it is {default}")
        }
    };
    format!("{} in {} for {by}", limit.calls, limit.per)
}

fn notes(plan: &Plan) -> Vec<String> {
    let any = |wanted: &dyn Fn(&Api) -> bool| plan.apis.iter().any(wanted);
    let counts = |wanted: &dyn Fn(&LimitBy) -> bool| {
        any(&|api| {
            let limit = api.callers.rate_limit.as_ref();
            limit.is_some_and(|limit| wanted(&limit.by))
        })
    };
    let all = [
        (
            any(&|api| api.callers.need_token),
            "A token stands in `Authorization: Bearer …`, is signed by the tenant and not expired. It ends at the gateway, unless the service behind is to get it. Audiences: tokens of version 2 name the client id of the registration, those of version 1 what the caller asked for; list the one that your registration issues (`requestedAccessTokenVersion`), or both.",
        ),
        (
            any(&|api| {
                api.callers.need_token
                    && api.callers.roles.is_empty()
                    && plan.entra_ids(&api.name).applications.is_empty()
            }),
            "Where neither application nor role is listed, every user and every application of the tenant can get a token that fits, unless the enterprise application of the registration requires an assignment.",
        ),
        (
            any(&|api| api.callers.need_token && api.needs_key),
            "Where an API asks for a key and a token, both must be right; the key is checked first.",
        ),
        (
            any(&|api| !api.callers.addresses.is_empty()),
            "The address is the one that reaches the service. Behind Front Door, an Application Gateway or a NAT it is theirs, and so all of their clients have it.",
        ),
        (
            any(&|api| api.callers.rate_limit.is_some()),
            "Who is over a limit gets 429 with `Retry-After`. Refused requests cost nothing at a backend. Counters are approximate, and each gateway of the service, such as one in another region, counts by itself; v2 tiers fill a bucket evenly, the others look back over the whole time. Each API counts by itself.",
        ),
        (
            counts(&|by| *by == LimitBy::Subscription),
            "A limit for each key is as good as the keys: who has two keys has two limits.",
        ),
        (
            counts(&|by| *by == LimitBy::Ip),
            "A limit for each address stops a single noisy machine. Clients behind one proxy share it, and who has many addresses is hardly held.",
        ),
        (
            counts(&|by| matches!(by, LimitBy::Claim(_))),
            "A limit for each value of a claim is as good as the claim: the tenant signs it, so nobody can choose another value for what names who calls. Tokens without the claim share one counter; `azp` is read from `appid` in tokens of version 1.",
        ),
        (
            counts(&|by| matches!(by, LimitBy::Header { .. })),
            "A limit for each value of a header keeps honest clients apart. Who wants more sends another value.",
        ),
        (
            any(&|api| api.callers.cors.is_some()),
            "Web pages: preflights are answered before anything is asked of the caller, and the request itself needs all that is listed here. To a preflight, a GET or a HEAD of another origin the service answers an empty 200 by itself; what such a page sends without asking, a POST of plain text, goes through with a good key or token, and only its answer is kept from the page. Programs that are no browsers are not held back by this. Cookies are never allowed.",
        ),
    ];
    all.into_iter().filter(|(is_there, _)| *is_there).map(|(_, note)| note.to_owned()).collect()
}

/// Rows of the table of status codes: status, sender, reason.
pub(super) fn statuses(plan: &Plan) -> Vec<(String, String, String)> {
    let named = |wanted: &dyn Fn(&Api) -> bool| names(plan.apis.iter().filter(|api| wanted(api)));
    let rows = [
        (
            "401",
            named(&|api| api.callers.need_token),
            "the token is missing (`WWW-Authenticate: Bearer`), or expired, of another tenant, for another audience or application (`error=\"invalid_token\"`)",
        ),
        (
            "403",
            named(&|api| !api.callers.roles.is_empty()),
            "the token is good and holds none of the roles above (`error=\"insufficient_scope\"`)",
        ),
        ("403", named(&|api| !api.callers.addresses.is_empty()), "the caller's address is not one of those above"),
        (
            "429",
            named(&|api| api.callers.rate_limit.is_some()),
            "the limit of requests is used up; `Retry-After` says when to come again",
        ),
    ];
    rows.into_iter()
        .filter_map(|(status, sender, reason)| Some((status.to_owned(), sender?, reason.to_owned())))
        .collect()
}
