//! The vocabulary of policies as data: the attributes and children of each policy, its allowed positions, and its effects.
//!
//! The source is the policy reference (`apim-policies.md`), §2 for the elements and §2.0 for the matrix. `elements` holds the
//! first, `matrix` the second, `effect` the words for effects; `others` has what only teams write; this file says what such facts look like. Nothing here decides: `plan::policy` does.

pub mod deployment;
pub mod effect;
mod elements;
pub mod host;
pub mod kind;
mod matrix;
mod others;
pub mod role;
pub mod sku;
pub mod surface;

use std::fmt;

use effect::{Effect, Effects};
use sku::Tier;

pub use matrix::POLICIES;

/// The scope that a document is attached to (reference §1.2), or a fragment (§1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The service: all APIs.
    Global,
    /// A workspace.
    Workspace,
    /// A product.
    Product,
    /// An API.
    Api,
    /// An operation of an API.
    Operation,
    /// No scope of its own: included by others.
    Fragment,
}

/// One of the four parts of a document (reference §1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Before the request is sent.
    Inbound,
    /// Sending it.
    Backend,
    /// After the response arrived.
    Outbound,
    /// After an error.
    OnError,
}

impl Section {
    /// All sections in the order of a document (reference §1.1).
    pub const ALL: [Self; 4] = [Self::Inbound, Self::Backend, Self::Outbound, Self::OnError];

    /// The element that holds it (reference §1.1).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Backend => "backend",
            Self::Outbound => "outbound",
            Self::OnError => "on-error",
        }
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Global => "global",
            Self::Workspace => "workspace",
            Self::Product => "product",
            Self::Api => "API",
            Self::Operation => "operation",
            Self::Fragment => "fragment",
        })
    }
}

/// The gateway that runs a policy; the last five columns of reference §2.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gateways {
    /// Developer, Basic, Standard, Premium.
    pub classic: bool,
    /// The v2 tiers.
    pub v2: bool,
    /// Consumption.
    pub consumption: bool,
    /// The self-hosted gateway.
    pub self_hosted: bool,
    /// The gateway of a workspace.
    pub workspace: bool,
}

impl Gateways {
    /// True if the managed gateway of a tier supports it (reference §2.0).
    pub const fn runs_on(&self, tier: Tier) -> bool {
        match tier {
            Tier::Classic => self.classic,
            Tier::V2 => self.v2,
            Tier::Consumption => self.consumption,
        }
    }
}

/// A policy: an element and its allowed positions (reference §2.0).
#[derive(Debug)]
pub struct Policy {
    /// Its element.
    pub element: &'static Element,
    /// The sections that allow it; nested statements count by the section around them.
    pub sections: &'static [Section],
    /// The scopes that allow it. Fragments are in `in_fragments`.
    pub scopes: &'static [Scope],
    /// The gateways that run it.
    pub gateways: Gateways,
    /// The gateways that its page names.
    pub documented: Gateways,
    /// At most one in a section (reference §5).
    pub is_once_per_section: bool,
    /// Only `<base />` may precede it (reference §2.11, cors).
    pub is_first: bool,
    /// Allowed in a fragment (reference §1.5).
    pub in_fragments: bool,
    /// Its effects and the statuses that it returns.
    pub effects: Effects,
}

impl Policy {
    /// The element's name.
    pub const fn name(&self) -> &'static str {
        self.element.name
    }

    /// True if it has this effect.
    pub fn does(&self, effect: Effect) -> bool {
        self.effects.does.contains(&effect)
    }
}

/// The policy of this name (reference §2.0).
pub fn policy(name: &str) -> Option<&'static Policy> {
    POLICIES.iter().find(|policy| policy.name() == name)
}

/// An element: a policy's own, or one inside it (reference §2.1–§2.17).
#[derive(Debug)]
pub struct Element {
    /// The tag.
    pub name: &'static str,
    /// The attributes it takes, `id` of policies aside (reference §1.1).
    pub attributes: &'static [Attribute],
    /// The rules between attributes, and between children.
    pub rules: &'static [Rule],
    /// Its content.
    pub content: Content,
}

/// The content of an element.
#[derive(Debug)]
pub enum Content {
    /// Nothing.
    Empty,
    /// Text.
    Text {
        /// True if it is required.
        is_required: bool,
        /// True if it may be an expression.
        expressions: Expressions,
    },
    /// Elements of its own, in this order.
    Children(&'static [Child]),
    /// Any policies that the section allows.
    Statements,
    /// These policies only.
    Only(&'static [&'static str]),
}

/// An element inside another, and how often.
#[derive(Debug)]
pub struct Child {
    /// The element.
    pub element: &'static Element,
    /// At least so many.
    pub min: usize,
    /// At most so many.
    pub max: usize,
}

/// An attribute of an element.
#[derive(Debug, Clone, Copy)]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// True if it is required.
    pub is_required: bool,
    /// The form of a literal.
    pub kind: Kind,
    /// True if it may be an expression.
    pub expressions: Expressions,
    /// True if it may be `{{name}}` (reference §1.7; not where the page requires a literal).
    pub named_values: bool,
}

/// The rule for expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expressions {
    /// The page allows them.
    Yes,
    /// The page refuses them.
    No,
    /// The pages are silent, or contradict each other: never written, not reported in other people's documents.
    Unclear,
}

/// The form of a literal attribute.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Any text with something in it.
    Text,
    /// Any text, also none.
    Anything,
    /// `true` or `false`.
    Boolean,
    /// `true` or `false`; an expression has to be a Boolean one.
    Condition,
    /// A whole number in one of these ranges, both ends included.
    Integer(&'static [(u64, u64)]),
    /// A decimal number between two, both ends included.
    Decimal(f64, f64),
    /// One of these words.
    Words(&'static [&'static str]),
    /// A header's name; not one that policies cannot change (reference §2.10).
    Header,
    /// `yyyy-MM-ddTHH:mm:ssZ` (reference §2.8).
    Timestamp,
    /// The name of something else in the service; order edges come from these.
    Refers(Resource),
}

/// The types of resources that a policy can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// A backend or a pool (reference §2.1).
    Backend,
    /// A policy fragment (reference §1.5).
    Fragment,
    /// A logger (reference §2.17).
    Logger,
}

/// A rule between the attributes or children of one element.
#[derive(Debug)]
pub enum Rule {
    /// Exactly one of these attributes.
    ExactlyOne(&'static [&'static str]),
    /// At most one of these attributes.
    AtMostOne(&'static [&'static str]),
    /// At least one of these attributes.
    AtLeastOne(&'static [&'static str]),
    /// All of these attributes or none.
    Together(&'static [&'static str]),
    /// The first attribute only with the second.
    Needs(&'static str, &'static str),
    /// At least one of these children.
    AnyChild(&'static [&'static str]),
    /// At most one of these children.
    OneChildAtMost(&'static [&'static str]),
    /// An attribute that is needed, unless another has one of these values.
    AttributeUnless(&'static str, &'static str, &'static [&'static str]),
    /// A child that is needed, unless an attribute has one of these values.
    ChildUnless(&'static str, &'static str, &'static [&'static str]),
    /// At most so many children with this attribute.
    ChildrenWith(usize, &'static str),
    /// These values together are refused.
    Never(&'static [(&'static str, &'static str)]),
}

/// Headers that no policy can change (reference §2.10, set-header).
pub const FIXED_HEADERS: &[&str] = &["Connection", "Content-Length", "Keep-Alive", "Transfer-Encoding"];

/// Headers that HTTP, proxies, browsers or the gateway use for something else; those of `FIXED_HEADERS` apart.
pub const RESERVED_HEADERS: [&str; 27] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "ocp-apim-trace",
    "origin",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
];

/// True if the name is that of a secret: `clientSecret`, `client-secret`, `api_key`. The key of a secret's name is not one.
pub fn names_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['-', '_'], "");
    let words = ["secret", "password", "passwd", "apikey", "accesskey"];
    words.iter().any(|word| name.ends_with(word))
}

/// The header in which callers and the gateway send tokens.
pub const AUTHORIZATION: &str = "Authorization";

/// The header in which browsers send what a site has stored with them, sessions included.
pub const COOKIE: &str = "Cookie";

/// The header with the caller's id of a request, which Azure's services log (Azure REST API guidelines, "distributed tracing").
pub const CLIENT_REQUEST_ID: &str = "x-ms-client-request-id";

/// The id of the policy that refuses requests without a key.
pub const KEY_POLICY_ID: &str = "key-missing";

/// The id of the policy that answers with the list of models.
pub const MODELS_POLICY_ID: &str = "models";

/// The id of the policy that refuses paths that lead out of the backend's base path.
pub const PATH_POLICY_ID: &str = "path-outside";

/// Variables of a request that policies of Gatewright set and read. Who includes text of their own leaves them alone.
pub const OWN_VARIABLES: [&str; 6] = ["model", "member", "pool", "recovery", "retryAfter", "callerToken"];

/// The id of the policy that checks the caller's token: it distinguishes a failure there from all others.
pub const TOKEN_POLICY_ID: &str = "caller-token";

/// Seconds for which `forward-request timeout` is known to be honoured (reference §2.3, §5).
pub const TIMEOUT_HONOURED_SECONDS: u32 = 240;

/// How long the service waits for a response in a tier, in seconds: in Consumption a whole request ends after 30 s (reference
/// apim-policies §1.8).
pub const fn timeout_honoured(tier: Option<Tier>) -> u32 {
    match tier {
        Some(Tier::Consumption) => 30,
        _ => TIMEOUT_HONOURED_SECONDS,
    }
}

/// The attribute that every policy but `base` accepts; `context.LastError.PolicyId` contains it (reference §1.1).
pub const ID: Attribute =
    Attribute { name: "id", is_required: false, kind: Kind::Text, expressions: Expressions::No, named_values: false };
