//! The effects of policies as data: what each does to requests and responses, and which statuses it answers with.
//!
//! The source is the policy reference (`apim-policies.md`, §2), and the policy's own page for those of `others`. `matrix` gives each
//! policy its effects; everything that describes a gateway reads them from there.

/// Something that a policy does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Runs, skips or repeats other policies.
    Controls,
    /// Runs policies that are written elsewhere, which may do anything.
    Includes,
    /// Limits how much callers may use.
    Limits,
    /// Checks what callers present: a token, a certificate, a header.
    ChecksCaller,
    /// Checks the address of callers.
    ChecksAddress,
    /// Admits web pages of other origins (CORS).
    AdmitsPages,
    /// Checks the content of requests and responses, against the API's definition or for safety.
    ChecksContent,
    /// Answers in place of the backend.
    AnswersItself,
    /// Answers from a cache.
    AnswersFromCache,
    /// Stores responses in a cache, or removes what is there.
    WritesCache,
    /// Stores a value in a cache, where later requests find it.
    StoresValue,
    /// Sends the request to the backend, or configures how.
    Forwards,
    /// Chooses the backend.
    Routes,
    /// Changes the path that the backend is called with.
    RewritesPath,
    /// Puts a credential into the `Authorization` header of the request.
    Authorizes,
    /// Presents another kind of credential to the backend.
    Authenticates,
    /// Changes the method, headers or query of the request, or the status or headers of the response.
    ChangesHead,
    /// Reads or writes the whole body, and waits until it is complete (reference §4b, §4d).
    TakesBody,
    /// Replaces the body with another one.
    ReplacesBody,
    /// Keeps a value for later policies.
    SetsVariable,
    /// Records values of requests or responses: traces, metrics, messages.
    Records,
    /// Sends a request of its own to another service.
    SendsRequest,
}

/// The reason for which a policy responds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A browser sends a preflight before a page calls.
    Preflight,
    /// The token is missing, expired or not an accepted one.
    Token,
    /// A header does not have the required value.
    Header,
    /// The client certificate is missing or not an accepted one.
    Certificate,
    /// The caller's address is not allowed.
    Address,
    /// Too many calls in a period.
    Calls,
    /// The quota of calls or bandwidth is used up.
    Quota,
    /// Too many tokens in a minute.
    Tokens,
    /// The quota of tokens is used up.
    TokenQuota,
    /// Too many requests at the same time.
    Concurrency,
    /// Content safety rejects the text.
    Safety,
    /// Something does not match the API's definition.
    Definition,
    /// The request does not follow OData.
    OData,
    /// The cache has a response.
    Cached,
    /// The policy creates the response.
    Made,
    /// The definition has an example of the response.
    Mocked,
    /// The policy changes the status.
    StatusSet,
    /// The gateway cannot acquire a token for its identity.
    IdentityToken,
    /// The credential manager cannot acquire a token.
    ConnectionToken,
    /// A request to another service fails.
    Request,
    /// The backend is unreachable, or does not respond in time.
    Backend,
    /// The fragment may return any response.
    Fragment,
}

impl Cause {
    /// True if the caller is refused or answered on purpose, not because something failed.
    pub const fn is_meant(self) -> bool {
        !matches!(self, Self::Preflight | Self::IdentityToken | Self::ConnectionToken | Self::Request | Self::Backend)
    }
}

/// The status of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusFrom {
    /// One of these.
    Fixed(&'static [u16]),
    /// The value of an attribute; without it the default, if the page names one.
    Attribute(&'static str, Option<u16>),
    /// The status of `set-status` inside; without it 200, or any if a variable holds the response.
    Inside,
    /// The first for a request, the second for a response of the backend.
    BySection(u16, u16),
    /// The page names none.
    Unknown,
}

/// The elements of a policy that respond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// All of them.
    Always,
    /// Those with this attribute.
    Has(&'static str),
    /// All but those whose attribute has this value.
    Unless(&'static str, &'static str),
    /// Those that have this value in some attribute, at any depth.
    Says(&'static str),
}

/// A response that a policy gives.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    /// Its status.
    pub status: StatusFrom,
    /// Its reason.
    pub cause: Cause,
    /// The elements that give it.
    pub when: When,
}

/// All effects of a policy.
#[derive(Debug, Clone, Copy)]
pub struct Effects {
    /// Its effects, at least one.
    pub does: &'static [Effect],
    /// The responses that it may give in place of the backend's.
    pub answers: &'static [Answer],
}

/// A policy with these effects that never responds itself.
pub(super) const fn does(does: &'static [Effect]) -> Effects {
    assert!(!does.is_empty(), "every policy has an effect");
    Effects { does, answers: &[] }
}

impl Effects {
    pub(super) const fn answers(self, answers: &'static [Answer]) -> Self {
        Self { answers, ..self }
    }
}

pub(super) const fn fixed(status: &'static [u16], cause: Cause) -> Answer {
    Answer { status: StatusFrom::Fixed(status), cause, when: When::Always }
}

pub(super) const fn attribute(name: &'static str, default: Option<u16>, cause: Cause) -> Answer {
    Answer { status: StatusFrom::Attribute(name, default), cause, when: When::Always }
}

pub(super) const fn unknown(cause: Cause) -> Answer {
    Answer { status: StatusFrom::Unknown, cause, when: When::Always }
}

impl Answer {
    const fn when(self, when: When) -> Self {
        Self { when, ..self }
    }

    const fn unless_ignored(self) -> Self {
        self.when(When::Unless("ignore-error", "true"))
    }
}

// Answers of several policies.
pub(super) const TOKEN: &[Answer] = &[attribute("failed-validation-httpcode", Some(401), Cause::Token)];
pub(super) const CALLS: &[Answer] = &[fixed(&[429], Cause::Calls)];
pub(super) const QUOTA: &[Answer] = &[fixed(&[403], Cause::Quota)];
pub(super) const TOKENS: &[Answer] = &[
    fixed(&[429], Cause::Tokens).when(When::Has("tokens-per-minute")),
    fixed(&[403], Cause::TokenQuota).when(When::Has("token-quota")),
];
pub(super) const CACHED: &[Answer] = &[unknown(Cause::Cached)];
/// Pages "validate-content", "validate-parameters", "validate-headers", "validate-status-code": validation errors.
pub(super) const INVALID: &[Answer] =
    &[Answer { status: StatusFrom::BySection(400, 502), cause: Cause::Definition, when: When::Says("prevent") }];
pub(super) const MADE: &[Answer] = &[Answer { status: StatusFrom::Inside, cause: Cause::Made, when: When::Always }];
pub(super) const IDENTITY_TOKEN: &[Answer] = &[fixed(&[500], Cause::IdentityToken).unless_ignored()];
pub(super) const CONNECTION_TOKEN: &[Answer] = &[fixed(&[500], Cause::ConnectionToken).unless_ignored()];
pub(super) const REQUEST: &[Answer] = &[fixed(&[500], Cause::Request).unless_ignored()];
pub(super) const CERTIFICATE: &[Answer] = &[unknown(Cause::Certificate).unless_ignored()];

/// The kinds of secrets in values of attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// A password.
    Password,
    /// A certificate with its key.
    Certificate,
    /// A token.
    Token,
}

/// The kind of secret that an attribute of an element holds.
pub fn secret(element: &str, attribute: &str) -> Option<Secret> {
    match (element, attribute) {
        (_, "password") => Some(Secret::Password),
        ("authentication-certificate", "body") => Some(Secret::Certificate),
        ("get-authorization-context", "identity") => Some(Secret::Token),
        _ => None,
    }
}
