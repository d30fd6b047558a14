//! Sending a request: attempts, members, and the response when all members are unavailable.

use super::csharp::{CsBlock, CsNumber, CsTest, Variable};
use super::draft::UncheckedElement;
use super::routing::{RouteGroups, RouteMatch, count, response, set_backend, set_member};
use super::text::{LiteralText, Text};
use crate::catalogue::surface::{REPEATED, Refusal};
use crate::resolve::measure::Statuses;
use crate::resolve::{Exhausted, Pool, Retry};

/// Requests that are sent alike.
struct Sending<'a> {
    retry: Option<&'a Retry>,
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
        let random = routes.random(route.to).map(|pool| &pool.name);
        Some((retry, random))
    });
    let ways = groups.into_iter().map(|((retry, _), group)| Sending {
        retry,
        random: routes.random(group[0].to),
        routes: group,
    });
    ways.collect()
}

impl Sending<'_> {
    /// `only`: which requests are retried, if not all are.
    fn send(&self, routes: &RouteGroups<'_>, only: Option<CsTest>) -> UncheckedElement {
        let Some(retry) = self.retry else {
            return forward(routes);
        };
        let failed = failed(routes, retry);
        let condition = match only {
            Some(only) => CsTest::all([only, failed]),
            None => failed,
        };
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
            .child(forward(routes).word("buffer-request-body", "true"))
            .child(
                UncheckedElement::new("set-variable")
                    .why("The shortest wait that a member has asked for.")
                    .word("name", Variable::RetryAfter.name())
                    .with("value", CsBlock::ShortestWait),
            )
    }

    /// An id that names the pool, if it is one.
    fn id(&self, what: &'static str) -> Text {
        match self.routes.as_slice() {
            [RouteMatch { model: Some(model), .. }] => {
                LiteralText::parse(&format!("{what}-{model}")).expect("policy: names of models are no code").into()
            }
            _ => Text::fixed(what),
        }
    }
}

/// True if another attempt may help and does no harm.
fn failed(routes: &RouteGroups<'_>, retry: &Retry) -> CsTest {
    let failed = [CsTest::no_response()].into_iter().chain(CsTest::statuses(&retry.statuses));
    harmless(routes, &retry.statuses, CsTest::any(failed))
}

/// True if something failed and sending the request again does its work only once: a POST to a REST API counts only if
/// it was refused before anything was done.
fn harmless(routes: &RouteGroups<'_>, statuses: &Statuses, failed: CsTest) -> CsTest {
    // Nothing is changed by asking a model twice.
    if routes.api.surface.is_model() || !routes.api.definition.has_method(&REPEATED) {
        return failed;
    }
    let refused = Statuses::of(vec![(429, 429), (503, 503)]);
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

fn forward(routes: &RouteGroups<'_>) -> UncheckedElement {
    let draft = UncheckedElement::new("forward-request").word("id", "forward").with("timeout", routes.api.timeout.0);
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
            Some(ending.refuse(routes, "members-unavailable", answered))
        })
        .collect::<Vec<_>>();
    (!arms.is_empty()).then(|| UncheckedElement::new("choose").children(arms))
}

/// No member was available or reachable.
pub(super) fn not_sent(routes: &RouteGroups<'_>) -> Option<UncheckedElement> {
    let arms = endings(routes)
        .into_iter()
        .map(|ending| ending.refuse(routes, "pool-exhausted", CsTest::not_sent()))
        .collect::<Vec<_>>();
    (!arms.is_empty()).then(|| UncheckedElement::new("choose").children(arms))
}

/// Requests that get the same response when all members are unavailable.
struct Ending<'a> {
    exhausted: &'a Exhausted,
    unavailable: Option<Statuses>,
    is_retried: bool,
    routes: Vec<RouteMatch<'a>>,
}

fn endings<'a>(routes: &RouteGroups<'a>) -> Vec<Ending<'a>> {
    let groups = routes.grouped(|route| {
        let pool = routes.pool(route.to)?;
        Some((&pool.exhausted, pool.unavailable(), pool.retry.is_some()))
    });
    let endings = groups.into_iter().map(|(key, routes)| {
        let (exhausted, unavailable, is_retried) = key;
        Ending { exhausted, unavailable, is_retried, routes }
    });
    endings.collect()
}

impl Ending<'_> {
    fn refuse(&self, routes: &RouteGroups<'_>, id: &'static str, when: CsTest) -> UncheckedElement {
        let condition = match routes.is_one_of(&self.routes) {
            Some(is_one) => CsTest::all([when, is_one]),
            None => when,
        };
        let wait = CsBlock::Wait { is_tracked: self.is_retried, default: self.exhausted.retry_after };
        let wait = UncheckedElement::new("set-header")
            .word("name", "Retry-After")
            .word("exists-action", "override")
            .child(UncheckedElement::new("value").text(wait));
        let refusal = Refusal::Exhausted(self.exhausted.status);
        UncheckedElement::new("when")
            .with("condition", condition)
            .child(response(routes, refusal).word("id", id).child(wait))
    }
}
