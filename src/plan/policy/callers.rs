//! Checks and limits of callers: web pages, tokens, addresses, rates, in the order in which they run.

use super::routing::{self, RouteGroups};
use super::text::{LiteralText, Text};
use super::{CsBlock, CsTest, CsText, UncheckedElement, Variable};
use crate::catalogue::surface::Refusal;
use crate::catalogue::{KEY_POLICY_ID, TOKEN_POLICY_ID};
use crate::plan::name;
use crate::resolve::{Addresses, Cors, Entra, EntraId, LimitBy, RateLimit};

/// The id of the check of tokens, by which `on-error` knows its refusals.
const TOKEN: &str = TOKEN_POLICY_ID;

/// Permission for web pages (CORS). It must be the first policy after `base`: only it answers preflights, which have no key and no token.
pub(super) fn cors(routes: &RouteGroups<'_>) -> Option<UncheckedElement> {
    let cors = routes.api.cors.as_ref()?;
    let list = |name, item, words: &[&str]| {
        let items = words.iter().map(|word| UncheckedElement::new(item).text(literal(word))).collect::<Vec<_>>();
        UncheckedElement::new(name).children(items)
    };
    let or_any = |words: Vec<_>| if words.is_empty() { vec!["*"] } else { words };
    let Cors { origins, methods, headers } = cors;
    let origins = or_any(origins.iter().map(String::as_str).collect());
    let methods = or_any(methods.iter().map(String::as_str).collect());
    let headers = or_any(headers.iter().map(|header| header.as_str()).collect());
    let draft = UncheckedElement::new("cors")
        .why("Web pages. First, since it alone answers preflights, which carry no key and no token.")
        .word("id", "web-pages")
        .word("allow-credentials", "false")
        // Said, since the pages disagree about the default (reference apim-policies §2.11).
        .word("terminate-unmatched-request", "true")
        .child(list("allowed-origins", "origin", &origins))
        .child(list("allowed-methods", "method", &methods))
        .child(list("allowed-headers", "header", &headers))
        // `Retry-After`, ids of requests and what is left of quotas are of use to pages, too.
        .child(list("expose-headers", "header", &["*"]));
    Some(draft)
}

/// The refusal of requests without a key. The service refuses them before any policy runs, except between the two steps of an update
/// that changes who may call: the API is written before its policy.
pub(super) fn key(routes: &RouteGroups<'_>) -> Option<UncheckedElement> {
    routes.api.key.is_required.then(|| {
        let refused = routing::refused(routes, KEY_POLICY_ID, CsTest::no_subscription(), Refusal::NoKey);
        UncheckedElement::new("choose")
            .why("The service has checked the key already, unless an update is half done.")
            .child(refused)
    })
}

/// The check of the caller's token, followed by that of the role, since the service has one status for every problem with a
/// token: a valid one without the role is 403.
pub(super) fn token(routes: &RouteGroups<'_>) -> Vec<UncheckedElement> {
    let Some(entra) = &routes.api.entra else {
        return Vec::new();
    };
    let has_role = (!entra.roles.is_empty()).then(|| {
        let challenge = Text::fixed("Bearer error=\"insufficient_scope\"");
        let response =
            routing::response(routes, Refusal::MissingRole).word("id", "role-missing").child(set_challenge(challenge));
        let lacks = CsBlock::LacksRoles(entra.roles.clone());
        let when = UncheckedElement::new("when").with("condition", lacks).child(response);
        UncheckedElement::new("choose").why("A valid token without the role is 403, not 401.").child(when)
    });
    [check(routes, entra)].into_iter().chain(has_role).collect()
}

fn check(routes: &RouteGroups<'_>, entra: &Entra) -> UncheckedElement {
    let prefix = &routes.resolved.service.prefix;
    let value = |id: &EntraId| Text::NamedValue(name::entra(prefix, id));
    let list = |outer, inner, ids: &[EntraId]| {
        let items = ids.iter().map(|id| UncheckedElement::new(inner).text(value(id)));
        (!ids.is_empty()).then(|| UncheckedElement::new(outer).children(items))
    };
    let applications = list("client-application-ids", "application-id", &entra.applications);
    let audiences = list("audiences", "audience", &entra.audiences);
    let check = UncheckedElement::new("validate-azure-ad-token")
        .why("The caller's token: signature, expiry, tenant and all that is listed here.")
        .word("id", TOKEN)
        .with("tenant-id", value(&entra.tenant))
        .children(applications)
        .children(audiences);
    if reads_token(routes) { check.word("output-token-variable-name", Variable::Token.name()) } else { check }
}

/// True if something after the check uses the token.
fn reads_token(routes: &RouteGroups<'_>) -> bool {
    let api = routes.api;
    let has_roles = api.entra.as_ref().is_some_and(|entra| !entra.roles.is_empty());
    let is_counted = api.rate_limit.as_ref().is_some_and(|limit| match &limit.by {
        LimitBy::Claim(_) => true,
        LimitBy::Header { .. } => !api.key.is_required && api.entra.is_some(),
        LimitBy::Subscription | LimitBy::Ip => false,
    });
    has_roles || is_counted
}

/// In `on-error`: what the service leaves out of its 401 (RFC 6750 §3): who brings no token learns that one is wanted, who brings a
/// bad one that it is bad.
pub(super) fn challenge(routes: &RouteGroups<'_>) -> Option<UncheckedElement> {
    routes.api.entra.as_ref()?;
    let words =
        CsText::either(CsTest::reason("TokenNotPresent"), "Bearer realm=\"api\"", "Bearer error=\"invalid_token\"");
    let when =
        UncheckedElement::new("when").with("condition", CsTest::failed_at(TOKEN)).child(set_challenge(words.into()));
    let choose = UncheckedElement::new("choose").why("Tells callers whose token was refused what is wrong with it.");
    Some(choose.child(when))
}

fn set_challenge(value: Text) -> UncheckedElement {
    UncheckedElement::new("set-header")
        .word("name", "WWW-Authenticate")
        .word("exists-action", "override")
        .child(UncheckedElement::new("value").text(value))
}

/// The allowed addresses. The service does not accept CIDR notation.
pub(super) fn addresses(routes: &RouteGroups<'_>) -> Option<UncheckedElement> {
    let all = &routes.api.addresses;
    let item = |addresses: &Addresses| {
        let first = literal(&addresses.first.to_string());
        if addresses.is_one() {
            return UncheckedElement::new("address").text(first);
        }
        UncheckedElement::new("address-range").with("from", first).with("to", literal(&addresses.last.to_string()))
    };
    (!all.is_empty()).then(|| {
        UncheckedElement::new("ip-filter")
            .why("Only these addresses. Checked early, since it costs least.")
            .word("id", "addresses")
            .word("action", "allow")
            .children(all.iter().map(item))
    })
}

/// The limit of requests.
pub(super) fn rate_limit(routes: &RouteGroups<'_>) -> Option<UncheckedElement> {
    let limit = routes.api.rate_limit.as_ref()?;
    let name = if limit.is_plain { "rate-limit" } else { "rate-limit-by-key" };
    let draft = UncheckedElement::new(name)
        .why("The limit of requests.")
        .word("id", "requests")
        .with("calls", limit.calls)
        .with("renewal-period", limit.per.0);
    Some(if limit.is_plain { draft } else { draft.with("counter-key", counter(routes, limit)) })
}

/// The key of a counter. The whole service has one counter for each key, so the key starts with what is counted and the API's
/// name there (reference apim-policies §2.7). Ids of subscriptions and applications contain no colon, so no header can
/// collide with the counter of another caller.
fn counter(routes: &RouteGroups<'_>, limit: &RateLimit) -> CsText {
    let api = routes.api;
    let parts = match &limit.by {
        LimitBy::Subscription => vec![CsText::subscription()],
        LimitBy::Ip => vec![CsText::address()],
        LimitBy::Claim(name) => vec![claim(name)],
        LimitBy::Header { name, default } => {
            let header = CsText::header(name, default);
            let owner = match (api.key.is_required, &api.entra) {
                (true, _) => Some(CsText::subscription()),
                (false, Some(_)) => Some(claim("azp")),
                (false, None) => None,
            };
            match owner {
                Some(owner) => vec![owner, CsText::literal(":"), header],
                None => vec![header],
            }
        }
    };
    let purpose = CsText::literal(&format!("requests:{}:", api.resource));
    CsText::joined([purpose].into_iter().chain(parts))
}

/// A claim of the token. Its application is called `azp` in tokens of version 2 and `appid` before (reference apim-policies §2.11).
fn claim(name: &str) -> CsText {
    match name {
        "azp" => CsText::claim(&["azp", "appid"]),
        "appid" => CsText::claim(&["appid", "azp"]),
        name => CsText::claim(&[name]),
    }
}

fn literal(text: &str) -> LiteralText {
    LiteralText::parse(text).expect("policy: origins, headers, methods and addresses are no code")
}
