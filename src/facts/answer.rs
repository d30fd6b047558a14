//! The statuses that an API returns, each with its sender and reason.

use std::collections::BTreeMap;

use super::custom;
use super::element::{self, Status};
use super::route;
use crate::catalogue::Section;
use crate::catalogue::effect::Cause;
use crate::catalogue::surface::{ModelIn, REPEATED, Refusal, Surface};
use crate::plan::policy::Text;
use crate::plan::{Api, Plan};
use crate::resolve::Credential;
use crate::resolve::measure::Seconds;
use crate::resolve::name::Name;

/// A response that callers of some APIs may get.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    /// Its status.
    pub status: Status,
    /// Its sender.
    pub sender: Sender,
    /// Why.
    pub reason: Reason<'a>,
    /// The conditions under which a custom policy runs, outermost first.
    pub when: Vec<&'a Text>,
    /// The APIs that return it.
    pub apis: Vec<&'a Api>,
}

/// The sender of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sender {
    /// API Management itself.
    Service,
    /// A policy of the API that Gatewright writes.
    Policy(&'static str),
    /// A custom policy.
    Custom(&'static str),
    /// The Azure account of the API.
    Account,
    /// The backend.
    Backend,
}

/// The reason for a response; in the order in which people read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason<'a> {
    /// The subscription key is missing, wrong or of another API.
    Key,
    /// The request has no key, and the API does not require one yet or any more, since an update is half done.
    NoKey,
    /// A browser sends a preflight before a page calls.
    Preflight,
    /// The token is missing or not an accepted one.
    Token,
    /// The token has none of the required roles.
    Role,
    /// The caller's address is not allowed.
    Address,
    /// The limit of requests is reached.
    Calls,
    /// A custom policy responds.
    Custom(Cause),
    /// The identity lacks its role, or the account's network refuses the gateway.
    Access,
    /// There is no such API or operation.
    NotFound,
    /// The path has a segment `.` or `..`.
    PathOutside,
    /// The path names no deployment.
    NoDeployment,
    /// The gateway lists the models itself.
    ModelList,
    /// The body is compressed, so that its model cannot be read.
    Compressed,
    /// The body names no model.
    NoModel,
    /// The model is not one of those that the API serves.
    UnknownModel(Surface),
    /// The connection broke, and the request may have been carried out.
    OutcomeUnknown,
    /// No member of a pool is available.
    Exhausted(&'a Name),
    /// The backend's own response.
    Passed,
    /// The gateway cannot acquire a token for its identity.
    IdentityToken,
    /// The backend is unreachable, or does not respond in time.
    Unanswered,
    /// The circuit breaker of the backend is open, because of a pool that it is in as well.
    Tripped,
}

impl Reason<'_> {
    fn rank(self) -> u8 {
        match self {
            Self::Key => 0,
            Self::NoKey => 1,
            Self::Preflight => 2,
            Self::Address => 3,
            Self::Token => 4,
            Self::Role => 5,
            Self::Calls => 6,
            Self::Custom(_) => 7,
            Self::Access => 8,
            Self::NotFound => 9,
            Self::PathOutside => 10,
            Self::NoDeployment => 11,
            Self::ModelList | Self::Compressed | Self::NoModel | Self::UnknownModel(_) => 12,
            Self::Exhausted(_) => 13,
            Self::OutcomeUnknown => 14,
            Self::Passed => 15,
            Self::IdentityToken => 16,
            Self::Unanswered => 17,
            Self::Tripped => 18,
        }
    }
}

/// The responses of all APIs; those that several APIs give are one.
pub fn answers(plan: &Plan) -> Vec<Answer<'_>> {
    let mut all: Vec<Answer<'_>> = Vec::new();
    for answer in plan.apis.iter().flat_map(|api| answers_of(plan, api)) {
        let is_same = |other: &&mut Answer<'_>| {
            (&other.status, other.sender, other.reason) == (&answer.status, answer.sender, answer.reason)
        };
        match all.iter_mut().find(is_same) {
            Some(known) if known.apis.last().map(|api| &api.name) == answer.apis.first().map(|api| &api.name) => {}
            Some(known) => known.apis.extend(answer.apis),
            None => all.push(answer),
        }
    }
    all.sort_by_key(order);
    all
}

fn order(answer: &Answer<'_>) -> (u8, Option<(Status, Sender)>) {
    let is_custom = matches!(answer.sender, Sender::Custom(_));
    (answer.reason.rank(), is_custom.then(|| (answer.status.clone(), answer.sender)))
}

/// The responses of one API.
pub fn answers_of<'a>(plan: &'a Plan, api: &'a Api) -> Vec<Answer<'a>> {
    let mut all = Vec::new();
    let mut add = |codes: &[u16], sender, reason| {
        all.push(Answer { status: Status::Codes(codes.to_vec()), sender, reason, when: Vec::new(), apis: vec![api] });
    };
    let response = Sender::Policy("return-response");
    if api.key.is_required {
        add(&[401], Sender::Service, Reason::Key);
        add(&[Refusal::NoKey.status()], response, Reason::NoKey);
    }
    if api.cors.is_some() {
        add(&[200], Sender::Policy("cors"), Reason::Preflight);
    }
    if api.entra.is_some() {
        add(&[401], Sender::Policy("validate-azure-ad-token"), Reason::Token);
    }
    if !api.token_roles().is_empty() {
        add(&[Refusal::MissingRole.status()], response, Reason::Role);
    }
    if !api.addresses.is_empty() {
        add(&[403], Sender::Policy("ip-filter"), Reason::Address);
    }
    if let Some(limit) = &api.rate_limit {
        let policy = if limit.is_plain { "rate-limit" } else { "rate-limit-by-key" };
        add(&[429], Sender::Policy(policy), Reason::Calls);
    }
    if api.reaches_accounts() {
        add(&[401, 403], Sender::Account, Reason::Access);
    }
    add(&[404], Sender::Service, Reason::NotFound);
    if route::guards_path(api) {
        add(&[Refusal::PathOutside.status()], response, Reason::PathOutside);
    }
    if route::needs_deployment(plan, api) {
        add(&[Refusal::NoDeployment.status()], response, Reason::NoDeployment);
    }
    if api.is_by_model() {
        if api.surface.model_in() == ModelIn::Body {
            if api.model_list().is_some() {
                add(&[200], response, Reason::ModelList);
            }
            add(&[Refusal::Compressed.status()], response, Reason::Compressed);
            add(&[Refusal::NoModel.status()], response, Reason::NoModel);
        }
        add(&[Refusal::UnknownModel.status()], response, Reason::UnknownModel(api.surface));
    }
    for pool in super::pool::pools_of(plan, api) {
        add(&[pool.exhausted.status], response, Reason::Exhausted(&pool.name));
    }
    if !api.surface.is_model() && api.definition.has_method(&REPEATED) && !super::pool::pools_of(plan, api).is_empty() {
        add(&[Refusal::OutcomeUnknown.status()], response, Reason::OutcomeUnknown);
    }
    if api.serves.iter().any(|served| matches!(served.credential, Credential::Identity(_))) {
        add(&[500], Sender::Policy("authentication-managed-identity"), Reason::IdentityToken);
    }
    add(&[500, 504], Sender::Service, Reason::Unanswered);
    if api.serves.iter().any(|served| served.can_trip) {
        add(&[503], Sender::Service, Reason::Tripped);
    }
    all.push(Answer {
        status: Status::OfBackend,
        sender: Sender::Backend,
        reason: Reason::Passed,
        when: Vec::new(),
        apis: vec![api],
    });
    all.extend(custom_answers(api));
    all.sort_by_key(order);
    all
}

/// The responses of custom policies, each once.
fn custom_answers(api: &Api) -> Vec<Answer<'_>> {
    let mut all: Vec<Answer<'_>> = Vec::new();
    for section in [Section::Inbound, Section::Outbound] {
        custom::walk(api, section, |element, conditions| {
            for (status, cause) in element::answers(section, element) {
                let answer = Answer {
                    status,
                    sender: Sender::Custom(element.name()),
                    reason: Reason::Custom(cause),
                    when: conditions.to_vec(),
                    apis: vec![api],
                };
                let is_same = |other: &Answer<'_>| {
                    (&other.status, other.sender, other.reason, &other.when)
                        == (&answer.status, answer.sender, answer.reason, &answer.when)
                };
                if !all.iter().any(is_same) {
                    all.push(answer);
                }
            }
        });
    }
    all
}

/// The statuses in the policy of an API, Gatewright's own and custom ones: what `answers_of` must agree with.
pub fn written(api: &Api) -> Vec<(&'static str, Status)> {
    let mut all = Vec::new();
    for (section, elements) in api.policy.parts() {
        let section = section.unwrap_or(Section::Inbound);
        element::walk(elements, &mut Vec::new(), &mut |element, _| {
            let answers = element::answers(section, element).into_iter();
            all.extend(answers.map(|(status, _)| (element.name(), status)));
        });
    }
    all
}

/// The APIs by their timeout, the shortest first.
pub fn timeouts(plan: &Plan) -> Vec<(Seconds, Vec<&Api>)> {
    let mut all: BTreeMap<Seconds, Vec<&Api>> = BTreeMap::new();
    for api in &plan.apis {
        all.entry(api.timeout).or_default().push(api);
    }
    all.into_iter().collect()
}
