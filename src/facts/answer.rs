//! The statuses that an API returns, each with its sender and reason.

use super::custom;
use super::route;
use crate::catalogue::Section;
use crate::catalogue::effect::{self, Cause, StatusFrom, When};
use crate::catalogue::surface::{ModelIn, Refusal, Surface};
use crate::plan::policy::{Content, Element, Text};
use crate::plan::{Api, Plan};
use crate::resolve::Credential;
use crate::resolve::name::Name;

/// A response that callers of some APIs may get.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    /// Its status.
    pub status: Status,
    /// Its sender.
    pub sender: Sender,
    /// Its reason.
    pub reason: Reason<'a>,
    /// The conditions under which a custom policy runs, outermost first.
    pub when: Vec<&'a Text>,
    /// The APIs that return it.
    pub apis: Vec<&'a Api>,
}

/// The status of a response.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// One of these.
    Codes(Vec<u16>),
    /// Any: it is not known before the policy runs.
    Unknown,
    /// The status that the backend sent.
    OfBackend,
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
    /// The path names no deployment.
    NoDeployment,
    /// The body names no model.
    NoModel,
    /// The model is not one of those that the API serves.
    UnknownModel(Surface),
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
            Self::Preflight => 1,
            Self::Token => 2,
            Self::Role => 3,
            Self::Address => 4,
            Self::Calls => 5,
            Self::Custom(_) => 6,
            Self::Access => 7,
            Self::NotFound => 8,
            Self::NoDeployment => 9,
            Self::NoModel | Self::UnknownModel(_) => 10,
            Self::Exhausted(_) => 11,
            Self::Passed => 12,
            Self::IdentityToken => 13,
            Self::Unanswered => 14,
            Self::Tripped => 15,
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
    let callers = &api.callers;
    if api.needs_key {
        add(&[401], Sender::Service, Reason::Key);
    }
    if callers.cors.is_some() {
        add(&[200], Sender::Policy("cors"), Reason::Preflight);
    }
    if callers.need_token {
        add(&[401], Sender::Policy("validate-azure-ad-token"), Reason::Token);
    }
    if !callers.roles.is_empty() {
        add(&[Refusal::MissingRole.status()], response, Reason::Role);
    }
    if !callers.addresses.is_empty() {
        add(&[403], Sender::Policy("ip-filter"), Reason::Address);
    }
    if let Some(limit) = &callers.rate_limit {
        let policy = if limit.is_plain { "rate-limit" } else { "rate-limit-by-key" };
        add(&[429], Sender::Policy(policy), Reason::Calls);
    }
    if api.reaches_accounts() {
        add(&[401, 403], Sender::Account, Reason::Access);
    }
    add(&[404], Sender::Service, Reason::NotFound);
    if route::needs_deployment(plan, api) {
        add(&[Refusal::NoDeployment.status()], response, Reason::NoDeployment);
    }
    if api.is_by_model() {
        if api.surface.model_in() == ModelIn::Body {
            add(&[Refusal::NoModel.status()], response, Reason::NoModel);
        }
        add(&[Refusal::UnknownModel.status()], response, Reason::UnknownModel(api.surface));
    }
    for pool in super::pool::pools_of(plan, api) {
        add(&[pool.exhausted.status], response, Reason::Exhausted(&pool.name));
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
            for (status, cause) in of_element(section, element) {
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

/// The responses of an element of a policy document, according to the catalogue.
pub fn of_element(section: Section, element: &Element) -> Vec<(Status, Cause)> {
    let Some(policy) = element.policy() else {
        return Vec::new();
    };
    let answers = policy.effects.answers.iter().filter(|answer| is_given(answer, element));
    answers.map(|answer| (status(answer.status, section, element), answer.cause)).collect()
}

fn is_given(answer: &effect::Answer, element: &Element) -> bool {
    match answer.when {
        When::Always => true,
        When::Has(name) => attribute(element, name).is_some(),
        When::Unless(name, value) => attribute(element, name).and_then(Text::plain) != Some(value),
        When::Says(word) => element.may_say(word),
    }
}

fn status(from: StatusFrom, section: Section, element: &Element) -> Status {
    match from {
        StatusFrom::Fixed(codes) => Status::Codes(codes.to_vec()),
        StatusFrom::Attribute(name, default) => match (attribute(element, name), default) {
            (Some(text), _) => literal_status(text),
            (None, Some(code)) => Status::Codes(vec![code]),
            (None, None) => Status::Unknown,
        },
        StatusFrom::Inside => {
            let set = inside(element).iter().find(|one| one.name() == "set-status");
            match set.and_then(|set| attribute(set, "code")) {
                Some(text) => literal_status(text),
                // The response that a variable holds has a status of its own.
                None if attribute(element, "response-variable-name").is_some() => Status::Unknown,
                None => Status::Codes(vec![200]),
            }
        }
        StatusFrom::BySection(request, answer) => Status::Codes(vec![match section {
            Section::Inbound | Section::Backend => request,
            Section::Outbound | Section::OnError => answer,
        }]),
        StatusFrom::Unknown => Status::Unknown,
    }
}

/// The status in a text, unless it is an expression or a named value.
fn literal_status(text: &Text) -> Status {
    let code = text.plain().and_then(|plain| plain.trim().parse().ok());
    code.map_or(Status::Unknown, |code| Status::Codes(vec![code]))
}

fn attribute<'a>(element: &'a Element, wanted: &str) -> Option<&'a Text> {
    element.attributes().find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

fn inside(element: &Element) -> &[Element] {
    match element.content() {
        Content::Elements(all) => all,
        Content::Empty | Content::Text(_) => &[],
    }
}

/// The statuses in the policy of an API, Gatewright's own and custom ones: what `answers_of` must agree with.
pub fn written(api: &Api) -> Vec<(&'static str, Status)> {
    let mut all = Vec::new();
    for (section, elements) in api.policy.parts() {
        let section = section.unwrap_or(Section::Inbound);
        walk(elements, &mut Vec::new(), &mut |element, _| {
            let answers = of_element(section, element).into_iter();
            all.extend(answers.map(|(status, _)| (element.name(), status)));
        });
    }
    all
}

/// Visits elements at any depth, each with the conditions around it.
pub(super) fn walk<'a>(
    elements: &'a [Element],
    conditions: &mut Vec<&'a Text>,
    visit: &mut impl FnMut(&'a Element, &[&'a Text]),
) {
    for element in elements {
        visit(element, conditions);
        let depth = conditions.len();
        // The condition of a `retry` determines how often it repeats, not whether it runs.
        if element.name() == "when" {
            conditions.extend(attribute(element, "condition"));
        }
        walk(inside(element), conditions, visit);
        conditions.truncate(depth);
    }
}

/// The APIs by how many seconds they wait for the first byte of a response, the shortest first.
pub fn timeouts(plan: &Plan) -> Vec<(u32, Vec<&Api>)> {
    let mut all: std::collections::BTreeMap<u32, Vec<&Api>> = std::collections::BTreeMap::new();
    for api in &plan.apis {
        all.entry(api.timeout).or_default().push(api);
    }
    all.into_iter().collect()
}
