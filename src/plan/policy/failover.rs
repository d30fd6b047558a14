//! Sending a request: attempts, members, and the response when all members are unavailable.

use super::csharp::{CsBlock, CsNumber, CsTest, CsText, Variable, WaitFrom};
use super::draft::UncheckedElement;
use super::routing::{RouteGroups, RouteMatch, count, response, set_backend, set_member};
use super::text::{LiteralText, Text};
use crate::catalogue::sku::Sku;
use crate::catalogue::surface::{REPEATED, Refusal};
use crate::catalogue::timeout_honoured;
use crate::resolve::measure::{OVERLOADED, Statuses};
use crate::resolve::{Breaker, Exhausted, Pool, Retry};

/// How long all attempts at a request may take together, in seconds: a little less than what the service waits for a response.
fn budget(routes: &RouteGroups<'_>) -> u32 {
    timeout_honoured(routes.resolved.service.sku.map(Sku::tier)) - 5
}

/// Requests that are sent alike.
struct Sending<'a> {
    retry: Option<&'a Retry>,
    /// The circuit breaker of the members, if they have one.
    breaker: Option<&'a Breaker>,
    /// The pool whose members are chosen here.
    random: Option<&'a Pool>,
    routes: Vec<RouteMatch<'a>>,
}

/// The only element of the backend section (reference apim-policies §1.4).
pub(super) fn send(routes: &RouteGroups<'_>) -> UncheckedElement {
    let mut ways = ways(routes);
    if let [way] = ways.as_slice() {
        return way.send(routes, None);
    }
    // Those that are sent plainly come last.
    ways.sort_by_key(|way| way.retry.is_none());
    if let [way, plain] = ways.as_slice()
        && plain.retry.is_none()
        && way.random.is_none()
        && way.breaker.is_none()
    {
        // With the one, the other is sent by the same element, and its condition never holds.
        return way.send(routes, routes.is_one_of(&way.routes));
    }
    let (last, others) = ways.split_last().expect("policy: an API sends requests");
    let when = |way: &Sending<'_>| {
        let is_one = routes.is_one_of(&way.routes).expect("policy: several ways part the models");
        UncheckedElement::new("when").with("condition", is_one).child(way.send(routes, None))
    };
    UncheckedElement::new("choose")
        .children(others.iter().map(when))
        .child(UncheckedElement::new("otherwise").child(last.send(routes, None)))
}

fn ways<'a>(routes: &RouteGroups<'a>) -> Vec<Sending<'a>> {
    let groups = routes.grouped(|route| {
        let retry = routes.pool(route.to).and_then(|pool| pool.retry.as_ref());
        let breaker = retry.and(routes.pool(route.to)).and_then(|pool| pool.breaker.as_ref());
        let random = routes.random(route.to).map(|pool| &pool.name);
        Some((retry, breaker, random))
    });
    let ways = groups.into_iter().map(|((retry, breaker, _), group)| Sending {
        retry,
        breaker,
        random: routes.random(group[0].to),
        routes: group,
    });
    ways.collect()
}

impl Sending<'_> {
    /// `only`: which requests are retried, if not all are.
    fn send(&self, routes: &RouteGroups<'_>, only: Option<CsTest>) -> UncheckedElement {
        let Some(retry) = self.retry else {
            return forward(routes, routes.api.timeout.0.into());
        };
        let failed = failed(routes, retry);
        // The pool's own refusal would be the same again.
        let is_pool = self.random.is_none();
        let again = is_pool.then(|| !CsTest::pool_refused());
        // All attempts together must not outlast what the service waits; a last one of a few seconds helps nobody.
        let budget = budget(routes);
        let timeout = routes.api.timeout;
        let is_long = u64::from(timeout.0) * u64::from(retry.count + 1) > u64::from(budget);
        let in_time = is_long.then(|| CsTest::within(budget - 5));
        let condition = CsTest::all(only.into_iter().chain([failed]).chain(again).chain(in_time));
        let timeout = if is_long { CsNumber::remaining(timeout, budget).into() } else { Text::from(timeout.0) };
        let mut draft = UncheckedElement::new("retry")
            .with("id", self.id("retry"))
            .with("condition", condition)
            .with("count", retry.count)
            .with("interval", retry.interval.0)
            .with("first-fast-retry", retry.first_fast);
        if let Some(delta) = retry.delta {
            draft = draft.with("delta", delta.0);
        }
        if let Some(most) = retry.max_interval {
            draft = draft.with("max-interval", most.0);
        }
        let choice = self.random.map(|pool| choice(routes, pool));
        let next = self.random.map(|pool| set_member(CsNumber::next(Variable::Member, count(pool))));
        draft
            .why(if self.random.is_some() {
                "Each further attempt goes to the next member."
            } else {
                "API Management chooses a member for each attempt, and leaves out those that are tripped."
            })
            .children(choice)
            // Before the request is sent: a failure without a response skips the statements after it.
            .children(next)
            // Without its body a request could not be sent twice.
            .child(forward(routes, timeout).word("buffer-request-body", "true"))
            .child(match self.breaker {
                Some(breaker) => {
                    let tripped = CsTest::any(CsTest::statuses(&breaker.statuses));
                    let when = UncheckedElement::new("when").with("condition", tripped);
                    UncheckedElement::new("choose")
                        .why("Remembers for all callers when the first member recovers.")
                        .child(when.children(remember(routes, breaker)))
                }
                None => UncheckedElement::new("set-variable")
                    .why("The shortest wait that a member has asked for.")
                    .word("name", Variable::RetryAfter.name())
                    .with("value", CsBlock::ShortestWait),
            })
    }

    /// An id that names the pool, if it is one.
    fn id(&self, what: &'static str) -> Text {
        match self.routes.as_slice() {
            [RouteMatch { model: Some(model), .. }] => LiteralText::parse(&format!("{what}-{}", model.as_id()))
                .expect("policy: names of models are no code")
                .into(),
            _ => Text::fixed(what),
        }
    }
}

/// The key in the cache of the service under which the recovery of a pool is known.
fn recovery_key(routes: &RouteGroups<'_>) -> Text {
    let start = format!("{}recovery:", routes.resolved.service.prefix);
    let pools = routes.pools();
    match pools.as_slice() {
        [pool] => LiteralText::parse(&format!("{start}{pool}")).expect("policy: names of pools are no code").into(),
        _ => CsText::joined([CsText::literal(&start), CsText::variable(Variable::Pool)]).into(),
    }
}

/// Looks up when the first member of the pool recovers. The cache is the gateway's own: it is lost with it, and then a default is told.
fn recall(routes: &RouteGroups<'_>) -> UncheckedElement {
    UncheckedElement::new("cache-lookup-value")
        .with("key", recovery_key(routes))
        .word("variable-name", Variable::Recovery.name())
        .word("default-value", "0")
        .word("caching-type", "internal")
}

/// Stores when the first member of the pool recovers, after one of them has failed.
fn remember(routes: &RouteGroups<'_>, breaker: &Breaker) -> [UncheckedElement; 3] {
    let recovery = CsBlock::Recovery { trip_for: breaker.trip_for, accepts_retry_after: breaker.accepts_retry_after };
    // What members ask for may be a day.
    let kept = if breaker.accepts_retry_after { 86_400 } else { breaker.trip_for.0 };
    [
        recall(routes),
        UncheckedElement::new("set-variable").word("name", Variable::Recovery.name()).with("value", recovery),
        UncheckedElement::new("cache-store-value")
            .with("key", recovery_key(routes))
            .with("value", CsText::variable(Variable::Recovery))
            .with("duration", kept)
            .word("caching-type", "internal"),
    ]
}

/// True if another attempt may help and does no harm.
fn failed(routes: &RouteGroups<'_>, retry: &Retry) -> CsTest {
    let failed = [CsTest::no_response()].into_iter().chain(CsTest::statuses(&retry.statuses));
    harmless(routes, &retry.statuses, CsTest::any(failed))
}

/// True if something failed and sending the request again does its work only once: a POST to a REST API counts only if
/// it was refused before anything was done.
fn harmless(routes: &RouteGroups<'_>, statuses: &Statuses, failed: CsTest) -> CsTest {
    if !is_unsafe(routes) {
        return failed;
    }
    let refused = Statuses::of(vec![(429, 429), (503, 503), OVERLOADED]);
    let refused = statuses.and(&refused);
    let is_safe = REPEATED.map(|method| !CsTest::method(method));
    let safely = CsTest::all(is_safe.into_iter().chain([failed]));
    CsTest::any([safely].into_iter().chain(CsTest::statuses(&refused)))
}

/// The member whose turn it is.
fn choice(routes: &RouteGroups<'_>, pool: &Pool) -> UncheckedElement {
    let members = (0_u32..).zip(&pool.members);
    let set = |at: u32, member: &crate::resolve::Member| {
        let id = LiteralText::parse(&format!("member-{}", member.to.text().replace('/', "-")))
            .expect("policy: names of backends are no code");
        let at = usize::try_from(at).expect("policy: members are few");
        set_backend(id.into(), routes.member(pool, at))
    };
    let last = count(pool) - 1;
    let arms = members.map(|(at, member)| {
        if at == last {
            return UncheckedElement::new("otherwise").child(set(at, member));
        }
        let is_turn = CsNumber::variable(Variable::Member).equals(at);
        UncheckedElement::new("when").with("condition", is_turn).child(set(at, member))
    });
    UncheckedElement::new("choose").children(arms)
}

fn forward(routes: &RouteGroups<'_>, timeout: Text) -> UncheckedElement {
    let draft = UncheckedElement::new("forward-request").with("timeout", timeout);
    if routes.api.streams { draft.word("buffer-response", "false") } else { draft }
}

/// The last member returned that it is unavailable: the same as if no member was available.
pub(super) fn unavailable(routes: &RouteGroups<'_>) -> Option<UncheckedElement> {
    let arms = endings(routes)
        .into_iter()
        .filter_map(|ending| {
            let statuses = ending.unavailable.as_ref()?;
            let answered = CsTest::any(CsTest::statuses(statuses));
            let answered = harmless(routes, statuses, answered);
            let remembered = match ending.breaker {
                // With retries, each attempt has done it.
                Some(breaker) if !ending.is_retried => remember(routes, breaker).into(),
                _ => Vec::new(),
            };
            Some(ending.refuse(routes, "members-unavailable", answered, remembered))
        })
        .collect::<Vec<_>>();
    (!arms.is_empty()).then(|| {
        UncheckedElement::new("choose")
            .why("The last attempt failed like the ones before: callers get the answer of the pool.")
            .children(arms)
    })
}

/// No member was available or reachable.
pub(super) fn not_sent(routes: &RouteGroups<'_>) -> Option<UncheckedElement> {
    let endings = endings(routes);
    let lost = (!endings.is_empty()).then(|| outcome_unknown(routes)).flatten();
    let arms = lost.into_iter().chain(endings.iter().map(|ending| {
        let recalled = ending.breaker.map(|_| recall(routes)).into_iter().collect();
        ending.refuse(routes, "pool-exhausted", CsTest::not_sent(), recalled)
    }));
    let arms = arms.collect::<Vec<_>>();
    (!arms.is_empty()).then(|| {
        UncheckedElement::new("choose")
            .why("No member received the request: all are tripped or unreachable.")
            .children(arms)
    })
}

/// A request that must not be repeated, and whose connection broke: nobody knows whether it was carried out.
fn outcome_unknown(routes: &RouteGroups<'_>) -> Option<UncheckedElement> {
    if !is_unsafe(routes) {
        return None;
    }
    let methods = CsTest::any(REPEATED.map(CsTest::method));
    let condition = CsTest::all([CsTest::reason("BackendConnectionFailure"), methods]);
    let pools: Vec<_> = routes.all.iter().filter(|route| routes.pool(route.to).is_some()).copied().collect();
    let condition = CsTest::all([condition].into_iter().chain(routes.is_one_of(&pools)));
    let response = response(routes, Refusal::OutcomeUnknown).word("id", "outcome-unknown");
    Some(UncheckedElement::new("when").with("condition", condition).child(response))
}

/// True if some requests of the API may do their work twice when they are sent twice.
fn is_unsafe(routes: &RouteGroups<'_>) -> bool {
    // Nothing is changed by asking a model twice.
    !routes.api.surface.is_model() && routes.api.definition.has_method(&REPEATED)
}

/// Requests that get the same response when all members are unavailable.
struct Ending<'a> {
    exhausted: &'a Exhausted,
    unavailable: Option<Statuses>,
    breaker: Option<&'a Breaker>,
    is_retried: bool,
    routes: Vec<RouteMatch<'a>>,
}

fn endings<'a>(routes: &RouteGroups<'a>) -> Vec<Ending<'a>> {
    let groups = routes.grouped(|route| {
        let pool = routes.pool(route.to)?;
        Some((&pool.exhausted, pool.unavailable(), pool.breaker.as_ref(), pool.retry.is_some()))
    });
    let endings = groups.into_iter().map(|(key, routes)| {
        let (exhausted, unavailable, breaker, is_retried) = key;
        Ending { exhausted, unavailable, breaker, is_retried, routes }
    });
    endings.collect()
}

impl Ending<'_> {
    /// The response of the pool; `before` runs before it.
    fn refuse(
        &self,
        routes: &RouteGroups<'_>,
        id: &str,
        when: CsTest,
        before: Vec<UncheckedElement>,
    ) -> UncheckedElement {
        let is_one = routes.is_one_of(&self.routes);
        // Several pools may end a request differently; each id stands once in the document.
        let id = match (&is_one, self.routes.as_slice()) {
            (Some(_), [RouteMatch { model: Some(model), .. }, ..]) => format!("{id}-{}", model.as_id()),
            _ => id.to_owned(),
        };
        let id = LiteralText::parse(&id).expect("policy: names of models are no code");
        let condition = CsTest::all([when].into_iter().chain(is_one));
        let from = match self.breaker {
            Some(_) => WaitFrom::Recovery,
            None if self.is_retried => WaitFrom::Attempts,
            None => WaitFrom::Response,
        };
        let wait = CsBlock::Wait { from, default: self.exhausted.retry_after };
        let wait = UncheckedElement::new("set-header")
            .word("name", "Retry-After")
            .word("exists-action", "override")
            .child(UncheckedElement::new("value").text(wait));
        let refusal = Refusal::Exhausted(self.exhausted.status);
        UncheckedElement::new("when")
            .with("condition", condition)
            .children(before)
            .child(response(routes, refusal).with("id", id).child(wait))
    }
}
