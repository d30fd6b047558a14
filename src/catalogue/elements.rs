//! The attributes and children of each policy and each element inside one: apim-policies §2.1–§2.17, section by section.
//!
//! Children are in the order of the policy statement (§1.1). Attributes whose page is silent on expressions are `unclear`.

use super::{Attribute, Child, Content, Element, Expressions, Kind, Resource, Rule};
use Rule::{
    AnyChild, AtLeastOne, AtMostOne, AttributeUnless, ChildUnless, ChildrenWith, ExactlyOne, Needs, Never,
    OneChildAtMost, Together,
};

const ANY: &[(u64, u64)] = &[(0, u64::MAX)];
pub(super) const POSITIVE: &[(u64, u64)] = &[(1, u64::MAX)];
pub(super) const STATUS: &[(u64, u64)] = &[(100, 599)];
const EXISTS_ACTION: &[&str] = &["override", "skip", "append", "delete"];
pub(super) const CACHING_TYPE: &[&str] = &["prefer-external", "external", "internal"];
/// Dimensions that need no value (§2.13).
const LLM_DIMENSIONS: &[&str] =
    &["API ID", "Operation ID", "Product ID", "User ID", "Subscription ID", "Location", "Gateway ID", "Backend ID"];
/// The same without the backend (§2.17).
const METRIC_DIMENSIONS: &[&str] =
    &["API ID", "Operation ID", "Product ID", "User ID", "Subscription ID", "Location", "Gateway ID"];

impl Attribute {
    const fn of(name: &'static str, kind: Kind, expressions: Expressions) -> Self {
        Self { name, is_required: false, kind, expressions, named_values: true }
    }
    pub(super) const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }
    pub(super) const fn expr(self) -> Self {
        Self { expressions: Expressions::Yes, ..self }
    }
    pub(super) const fn unclear(self) -> Self {
        Self { expressions: Expressions::Unclear, ..self }
    }
    pub(super) const fn may_be_empty(self) -> Self {
        Self { kind: Kind::Anything, ..self }
    }
    const fn literal(self) -> Self {
        Self { expressions: Expressions::No, named_values: false, ..self }
    }
}

// Each refuses expressions until it says `.expr()` or `.unclear()`.
pub(super) const fn text(name: &'static str) -> Attribute {
    Attribute::of(name, Kind::Text, Expressions::No)
}
pub(super) const fn flag(name: &'static str) -> Attribute {
    Attribute::of(name, Kind::Boolean, Expressions::No)
}
pub(super) const fn condition(name: &'static str) -> Attribute {
    Attribute::of(name, Kind::Condition, Expressions::Yes)
}
pub(super) const fn integer(name: &'static str, ranges: &'static [(u64, u64)]) -> Attribute {
    Attribute::of(name, Kind::Integer(ranges), Expressions::No)
}
pub(super) const fn words(name: &'static str, words: &'static [&'static str]) -> Attribute {
    Attribute::of(name, Kind::Words(words), Expressions::No)
}
const fn refers(name: &'static str, to: Resource) -> Attribute {
    Attribute::of(name, Kind::Refers(to), Expressions::No)
}
pub(super) const fn header(name: &'static str) -> Attribute {
    Attribute::of(name, Kind::Header, Expressions::No)
}

pub(super) const fn one(element: &'static Element) -> Child {
    Child { element, min: 1, max: 1 }
}
pub(super) const fn maybe(element: &'static Element) -> Child {
    Child { element, min: 0, max: 1 }
}
pub(super) const fn many(element: &'static Element) -> Child {
    Child { element, min: 0, max: usize::MAX }
}
pub(super) const fn some(element: &'static Element) -> Child {
    Child { element, min: 1, max: usize::MAX }
}
const fn up_to(max: usize, element: &'static Element) -> Child {
    Child { element, min: 1, max }
}

pub(super) const fn element(name: &'static str, attributes: &'static [Attribute], content: Content) -> Element {
    Element { name, attributes, rules: &[], content }
}
pub(super) const fn ruled(
    name: &'static str,
    attributes: &'static [Attribute],
    rules: &'static [Rule],
    content: Content,
) -> Element {
    Element { name, attributes, rules, content }
}
pub(super) const fn holds_text(name: &'static str) -> Element {
    element(name, &[], Content::Text { is_required: true, expressions: Expressions::Unclear })
}
pub(super) const TEXT: Content = Content::Text { is_required: true, expressions: Expressions::Yes };
pub(super) const EMPTY: Content = Content::Empty;
pub(super) const fn holds(children: &'static [Child]) -> Content {
    Content::Children(children)
}

// §1.1, §1.5
pub(super) static BASE: Element = element("base", &[], EMPTY);
pub(super) static INCLUDE_FRAGMENT: Element =
    element("include-fragment", &[refers("fragment-id", Resource::Fragment).literal().required()], EMPTY);

// §2.1
pub(super) static SET_BACKEND_SERVICE: Element = ruled(
    "set-backend-service",
    &[
        text("base-url").expr(),
        refers("backend-id", Resource::Backend).expr(),
        text("sf-resolve-condition").unclear(),
        text("sf-service-instance-name").unclear(),
        text("sf-partition-key").unclear(),
        text("sf-listener-name").unclear(),
        text("sf-replica-type").unclear(),
    ],
    &[ExactlyOne(&["base-url", "backend-id"])],
    EMPTY,
);

// §2.2
pub(super) static AUTHENTICATION_MANAGED_IDENTITY: Element = element(
    "authentication-managed-identity",
    &[
        text("resource").required().expr(),
        text("client-id").unclear(),
        text("output-token-variable-name"),
        flag("ignore-error").unclear(),
    ],
    EMPTY,
);
pub(super) static AUTHENTICATION_BASIC: Element =
    element("authentication-basic", &[text("username").required().expr(), text("password").required().expr()], EMPTY);
pub(super) static AUTHENTICATION_CERTIFICATE: Element = ruled(
    "authentication-certificate",
    &[text("thumbprint").expr(), text("certificate-id").expr(), text("body").expr(), text("password").expr()],
    &[ExactlyOne(&["thumbprint", "certificate-id", "body"]), Needs("password", "body")],
    EMPTY,
);

// §2.3
pub(super) static FORWARD_REQUEST: Element = ruled(
    "forward-request",
    &[
        integer("timeout", POSITIVE).expr(),
        integer("timeout-ms", POSITIVE).expr(),
        integer("continue-timeout", POSITIVE).expr(),
        words("http-version", &["1", "2or1", "2"]),
        flag("follow-redirects").expr(),
        flag("buffer-request-body"),
        flag("buffer-response"),
        flag("fail-on-error-status-code"),
    ],
    &[AtMostOne(&["timeout", "timeout-ms"])],
    EMPTY,
);

// §2.4: max-interval without delta is no algorithm; §5: 1–50
pub(super) static RETRY: Element = ruled(
    "retry",
    &[
        condition("condition").required(),
        integer("count", &[(1, 50)]).required().expr(),
        integer("interval", ANY).required().expr(),
        integer("max-interval", ANY).expr(),
        integer("delta", ANY).expr(),
        flag("first-fast-retry").expr(),
    ],
    &[Needs("max-interval", "delta")],
    Content::Statements,
);

// §2.5
pub(super) static LIMIT_CONCURRENCY: Element = element(
    "limit-concurrency",
    &[text("key").required().expr(), integer("max-count", POSITIVE).required()],
    Content::Statements,
);

// §2.6: at most 300 s
const RENEWAL: &[(u64, u64)] = &[(1, 300)];
static RATE_LIMIT_OPERATION: Element = ruled(
    "operation",
    &[text("name"), text("id"), integer("calls", POSITIVE).required(), integer("renewal-period", RENEWAL).required()],
    &[AtLeastOne(&["name", "id"])],
    EMPTY,
);
static RATE_LIMIT_API: Element = ruled(
    "api",
    &[text("name"), text("id"), integer("calls", POSITIVE).required(), integer("renewal-period", RENEWAL).required()],
    &[AtLeastOne(&["name", "id"])],
    holds(&[many(&RATE_LIMIT_OPERATION)]),
);
pub(super) static RATE_LIMIT: Element = element(
    "rate-limit",
    &[
        integer("calls", POSITIVE).required(),
        integer("renewal-period", RENEWAL).required(),
        header("retry-after-header-name"),
        text("retry-after-variable-name"),
        header("remaining-calls-header-name"),
        text("remaining-calls-variable-name"),
        header("total-calls-header-name"),
    ],
    holds(&[many(&RATE_LIMIT_API)]),
);

// §2.7
pub(super) static RATE_LIMIT_BY_KEY: Element = element(
    "rate-limit-by-key",
    &[
        integer("calls", POSITIVE).required().expr(),
        integer("renewal-period", RENEWAL).required().expr(),
        text("counter-key").required().expr(),
        condition("increment-condition"),
        integer("increment-count", ANY).expr(),
        header("retry-after-header-name"),
        text("retry-after-variable-name"),
        header("remaining-calls-header-name"),
        text("remaining-calls-variable-name"),
        header("total-calls-header-name"),
    ],
    EMPTY,
);

// §2.8
static QUOTA_OPERATION: Element = ruled(
    "operation",
    &[
        text("name"),
        text("id"),
        integer("calls", POSITIVE),
        integer("bandwidth", POSITIVE),
        integer("renewal-period", ANY),
    ],
    &[AtLeastOne(&["name", "id"]), AtLeastOne(&["calls", "bandwidth"])],
    EMPTY,
);
static QUOTA_API: Element = ruled(
    "api",
    &[
        text("name"),
        text("id"),
        integer("calls", POSITIVE),
        integer("bandwidth", POSITIVE),
        integer("renewal-period", ANY),
    ],
    &[AtLeastOne(&["name", "id"]), AtLeastOne(&["calls", "bandwidth"])],
    holds(&[many(&QUOTA_OPERATION)]),
);
pub(super) static QUOTA: Element = ruled(
    "quota",
    &[integer("calls", POSITIVE), integer("bandwidth", POSITIVE), integer("renewal-period", ANY).required()],
    &[AtLeastOne(&["calls", "bandwidth"])],
    holds(&[many(&QUOTA_API)]),
);
pub(super) static QUOTA_BY_KEY: Element = ruled(
    "quota-by-key",
    &[
        integer("calls", POSITIVE),
        integer("bandwidth", POSITIVE),
        integer("renewal-period", &[(0, 0), (300, u64::MAX)]).required(),
        text("counter-key").required().expr(),
        condition("increment-condition"),
        Attribute::of("first-period-start", Kind::Timestamp, Expressions::No),
    ],
    &[AtLeastOne(&["calls", "bandwidth"])],
    EMPTY,
);

// §2.9
pub(super) static CACHE_LOOKUP_VALUE: Element = element(
    "cache-lookup-value",
    &[
        text("key").required().expr(),
        text("variable-name").required(),
        text("default-value").expr().may_be_empty(),
        words("caching-type", CACHING_TYPE),
    ],
    EMPTY,
);
pub(super) static CACHE_STORE_VALUE: Element = element(
    "cache-store-value",
    &[
        text("key").required().expr(),
        text("value").required().expr(),
        integer("duration", POSITIVE).required().expr(),
        words("caching-type", CACHING_TYPE),
    ],
    EMPTY,
);

// §2.10
static VALUE: Element = element("value", &[], Content::Text { is_required: false, expressions: Expressions::Yes });
pub(super) static SET_HEADER: Element = ruled(
    "set-header",
    &[header("name").required().expr(), words("exists-action", EXISTS_ACTION).expr()],
    &[Never(&[("name", "Server"), ("exists-action", "delete")])],
    holds(&[many(&VALUE)]),
);
pub(super) static SET_QUERY_PARAMETER: Element = ruled(
    "set-query-parameter",
    &[text("name").required().expr(), words("exists-action", EXISTS_ACTION).expr()],
    &[ChildUnless("value", "exists-action", &["delete"])],
    holds(&[many(&VALUE)]),
);
pub(super) static SET_BODY: Element = element(
    "set-body",
    &[
        // `none` is in samples of the documentation (page "get-authorization-context").
        words("template", &["none", "liquid"]),
        words("xsi-nil", &["blank", "null"]),
        flag("parse-date").unclear(),
    ],
    Content::Text { is_required: false, expressions: Expressions::Yes },
);
/// Inside `return-response`, where Liquid does not work.
static PLAIN_BODY: Element = element(
    "set-body",
    &[words("template", &["none"])],
    Content::Text { is_required: false, expressions: Expressions::Yes },
);
pub(super) static SET_VARIABLE: Element = element(
    "set-variable",
    &[text("name").literal().required(), text("value").required().expr().may_be_empty()],
    EMPTY,
);
pub(super) static REWRITE_URI: Element =
    element("rewrite-uri", &[text("template").required().expr(), flag("copy-unmatched-params").unclear()], EMPTY);
static WHEN: Element = element("when", &[condition("condition").required()], Content::Statements);
static OTHERWISE: Element = element("otherwise", &[], Content::Statements);
pub(super) static CHOOSE: Element = element("choose", &[], holds(&[some(&WHEN), maybe(&OTHERWISE)]));
pub(super) static SET_STATUS: Element = element(
    "set-status",
    &[
        integer("code", STATUS).required().unclear(),
        // The page requires it; Microsoft's samples omit it.
        text("reason").unclear().may_be_empty(),
    ],
    EMPTY,
);
pub(super) static RETURN_RESPONSE: Element = element(
    "return-response",
    &[text("response-variable-name")],
    holds(&[maybe(&SET_STATUS), many(&SET_HEADER), maybe(&PLAIN_BODY)]),
);
pub(super) static MOCK_RESPONSE: Element =
    element("mock-response", &[integer("status-code", STATUS), text("content-type"), integer("index", ANY)], EMPTY);

// §2.11
static APPLICATION_ID: Element = holds_text("application-id");
static CLIENT_APPLICATION_IDS: Element = element("client-application-ids", &[], holds(&[some(&APPLICATION_ID)]));
static BACKEND_APPLICATION_IDS: Element = element("backend-application-ids", &[], holds(&[some(&APPLICATION_ID)]));
static AUDIENCE: Element = holds_text("audience");
static AUDIENCES: Element = element("audiences", &[], holds(&[some(&AUDIENCE)]));
static ISSUER: Element = holds_text("issuer");
static ISSUERS: Element = element("issuers", &[], holds(&[some(&ISSUER)]));
static CLAIM_VALUE: Element = holds_text("value");
static CLAIM: Element = element(
    "claim",
    &[
        text("name").required().unclear(),
        words("match", &["all", "any"]).unclear(),
        text("separator").unclear().may_be_empty(),
    ],
    holds(&[many(&CLAIM_VALUE)]),
);
static REQUIRED_CLAIMS: Element = element("required-claims", &[], holds(&[some(&CLAIM)]));
/// Pages "validate-jwt" and "validate-azure-ad-token": a certificate, a key as text, or one as modulus and exponent.
static KEY: Element = element(
    "key",
    &[text("certificate-id").unclear(), text("id").unclear(), text("n").unclear(), text("e").unclear()],
    Content::Text { is_required: false, expressions: Expressions::Unclear },
);
static DECRYPTION_KEYS: Element = element("decryption-keys", &[], holds(&[some(&KEY)]));
static ISSUER_SIGNING_KEYS: Element = element("issuer-signing-keys", &[], holds(&[some(&KEY)]));
static OPENID_CONFIG: Element = element("openid-config", &[text("url").required().unclear()], EMPTY);

// A check of the tenant alone accepts any token of the tenant (L26).
pub(super) static VALIDATE_AZURE_AD_TOKEN: Element = ruled(
    "validate-azure-ad-token",
    &[
        text("tenant-id").required().unclear(),
        text("header-name").unclear(),
        text("query-parameter-name").unclear(),
        text("token-value").unclear(),
        integer("failed-validation-httpcode", STATUS).unclear(),
        text("failed-validation-error-message").unclear(),
        text("output-token-variable-name").unclear(),
    ],
    &[
        AtMostOne(&["header-name", "query-parameter-name", "token-value"]),
        AnyChild(&["client-application-ids", "audiences"]),
    ],
    holds(&[
        maybe(&CLIENT_APPLICATION_IDS),
        maybe(&BACKEND_APPLICATION_IDS),
        maybe(&AUDIENCES),
        maybe(&REQUIRED_CLAIMS),
        maybe(&DECRYPTION_KEYS),
    ]),
);
pub(super) static VALIDATE_JWT: Element = ruled(
    "validate-jwt",
    &[
        text("header-name").unclear(),
        text("query-parameter-name").unclear(),
        text("token-value").unclear(),
        integer("failed-validation-httpcode", STATUS).unclear(),
        text("failed-validation-error-message").unclear(),
        flag("require-expiration-time").unclear(),
        text("require-scheme").unclear(),
        flag("require-signed-tokens").unclear(),
        integer("clock-skew", ANY).unclear(),
        text("output-token-variable-name").unclear(),
    ],
    &[AtMostOne(&["header-name", "query-parameter-name", "token-value"])],
    holds(&[
        many(&OPENID_CONFIG),
        maybe(&ISSUER_SIGNING_KEYS),
        maybe(&DECRYPTION_KEYS),
        maybe(&AUDIENCES),
        maybe(&ISSUERS),
        maybe(&REQUIRED_CLAIMS),
    ]),
);
static CHECKED_VALUE: Element = holds_text("value");
pub(super) static CHECK_HEADER: Element = element(
    "check-header",
    &[
        text("name").required().unclear(),
        integer("failed-check-httpcode", STATUS).required().unclear(),
        text("failed-check-error-message").required().unclear(),
        flag("ignore-case").required().unclear(),
    ],
    holds(&[many(&CHECKED_VALUE)]),
);
static ADDRESS: Element = holds_text("address");
static ADDRESS_RANGE: Element =
    element("address-range", &[text("from").required().unclear(), text("to").required().unclear()], EMPTY);
pub(super) static IP_FILTER: Element = ruled(
    "ip-filter",
    &[words("action", &["allow", "forbid"]).required().unclear()],
    &[AnyChild(&["address", "address-range"])],
    holds(&[many(&ADDRESS), many(&ADDRESS_RANGE)]),
);
static ORIGIN: Element = holds_text("origin");
static METHOD: Element = holds_text("method");
static HEADER: Element = holds_text("header");
static ALLOWED_ORIGINS: Element = element("allowed-origins", &[], holds(&[some(&ORIGIN)]));
static ALLOWED_METHODS: Element =
    element("allowed-methods", &[integer("preflight-result-max-age", ANY).unclear()], holds(&[some(&METHOD)]));
static ALLOWED_HEADERS: Element = element("allowed-headers", &[], holds(&[some(&HEADER)]));
static EXPOSE_HEADERS: Element = element("expose-headers", &[], holds(&[some(&HEADER)]));
pub(super) static CORS: Element = element(
    "cors",
    &[flag("allow-credentials").unclear(), flag("terminate-unmatched-request").unclear()],
    holds(&[one(&ALLOWED_ORIGINS), maybe(&ALLOWED_METHODS), one(&ALLOWED_HEADERS), maybe(&EXPOSE_HEADERS)]),
);

// §2.12, and §2.16 for the older family
const TOKEN_LIMIT: &[Attribute] = &[
    text("counter-key").required().expr(),
    integer("tokens-per-minute", POSITIVE).unclear(),
    integer("token-quota", POSITIVE).expr(),
    words("token-quota-period", &["Hourly", "Daily", "Weekly", "Monthly", "Yearly"]).expr(),
    flag("estimate-prompt-tokens").required(),
    header("retry-after-header-name"),
    text("retry-after-variable-name"),
    header("remaining-tokens-header-name"),
    text("remaining-tokens-variable-name"),
    header("remaining-quota-tokens-header-name"),
    text("remaining-quota-tokens-variable-name"),
    header("tokens-consumed-header-name"),
    text("tokens-consumed-variable-name"),
];
const TOKEN_LIMIT_RULES: &[Rule] =
    &[AtLeastOne(&["tokens-per-minute", "token-quota"]), Together(&["token-quota", "token-quota-period"])];
pub(super) static LLM_TOKEN_LIMIT: Element = ruled("llm-token-limit", TOKEN_LIMIT, TOKEN_LIMIT_RULES, EMPTY);
pub(super) static AZURE_OPENAI_TOKEN_LIMIT: Element =
    ruled("azure-openai-token-limit", TOKEN_LIMIT, TOKEN_LIMIT_RULES, EMPTY);

// §2.13: five dimensions; it is not documented whether the default ones count, and Microsoft's samples have six of them beside one
static LLM_DIMENSION: Element = ruled(
    "dimension",
    &[text("name").required().expr(), text("value").expr()],
    &[AttributeUnless("value", "name", LLM_DIMENSIONS)],
    EMPTY,
);
const OWN_DIMENSIONS: &[Rule] = &[ChildrenWith(5, "value")];
const LLM_METRIC: &[Child] = &[up_to(5 + LLM_DIMENSIONS.len(), &LLM_DIMENSION)];
pub(super) static LLM_EMIT_TOKEN_METRIC: Element =
    ruled("llm-emit-token-metric", &[text("namespace")], OWN_DIMENSIONS, holds(LLM_METRIC));
pub(super) static AZURE_OPENAI_EMIT_TOKEN_METRIC: Element =
    ruled("azure-openai-emit-token-metric", &[text("namespace")], OWN_DIMENSIONS, holds(LLM_METRIC));

// §2.14
static CATEGORY: Element = element(
    "category",
    &[
        words("name", &["Hate", "SelfHarm", "Sexual", "Violence"]).required().unclear(),
        integer("threshold", &[(0, 7)]).required().unclear(),
    ],
    EMPTY,
);
static CATEGORIES: Element = element(
    "categories",
    &[words("output-type", &["FourSeverityLevels", "EightSeverityLevels"]).unclear()],
    holds(&[some(&CATEGORY)]),
);
static BLOCKLIST_ID: Element = holds_text("id");
static BLOCKLISTS: Element = element("blocklists", &[], holds(&[some(&BLOCKLIST_ID)]));
pub(super) static LLM_CONTENT_SAFETY: Element = element(
    "llm-content-safety",
    &[
        refers("backend-id", Resource::Backend).required().expr(),
        flag("shield-prompt").expr(),
        flag("enforce-on-completions").expr(),
        integer("window-size", POSITIVE).expr(),
        integer("window-overlap-size", ANY).expr(),
    ],
    holds(&[maybe(&CATEGORIES), maybe(&BLOCKLISTS)]),
);

// §2.15, and §2.16 for the older family
const CACHE_LOOKUP: &[Attribute] = &[
    Attribute::of("score-threshold", Kind::Decimal(0.0, 1.0), Expressions::Unclear).required(),
    refers("embeddings-backend-id", Resource::Backend).required().unclear(),
    words("embeddings-backend-auth", &["system-assigned"]).required().unclear(),
    flag("ignore-system-messages").unclear(),
    integer("max-message-count", POSITIVE).unclear(),
];
const CACHE_STORE: &[Attribute] = &[integer("duration", POSITIVE).required().expr(), condition("cache-response")];
static VARY_BY: Element = element("vary-by", &[], TEXT);
pub(super) static LLM_SEMANTIC_CACHE_LOOKUP: Element =
    element("llm-semantic-cache-lookup", CACHE_LOOKUP, holds(&[many(&VARY_BY)]));
pub(super) static LLM_SEMANTIC_CACHE_STORE: Element = element("llm-semantic-cache-store", CACHE_STORE, EMPTY);
pub(super) static AZURE_OPENAI_SEMANTIC_CACHE_LOOKUP: Element =
    element("azure-openai-semantic-cache-lookup", CACHE_LOOKUP, holds(&[many(&VARY_BY)]));
pub(super) static AZURE_OPENAI_SEMANTIC_CACHE_STORE: Element =
    element("azure-openai-semantic-cache-store", CACHE_STORE, EMPTY);

// §2.17; §5: ten dimensions
static METRIC_DIMENSION: Element = ruled(
    "dimension",
    &[text("name").required().unclear(), text("value").expr()],
    &[AttributeUnless("value", "name", METRIC_DIMENSIONS)],
    EMPTY,
);
pub(super) static EMIT_METRIC: Element = element(
    "emit-metric",
    &[
        text("name").required(),
        text("namespace").unclear(),
        Attribute::of("value", Kind::Decimal(f64::MIN, f64::MAX), Expressions::Yes),
    ],
    holds(&[up_to(10, &METRIC_DIMENSION)]),
);
pub(super) static LOG_TO_EVENTHUB: Element = ruled(
    "log-to-eventhub",
    &[
        refers("logger-id", Resource::Logger).literal().required(),
        text("partition-id").unclear(),
        text("partition-key").expr(),
    ],
    &[AtMostOne(&["partition-id", "partition-key"])],
    TEXT,
);
static MESSAGE: Element = element("message", &[], TEXT);
static METADATA: Element =
    element("metadata", &[text("name").required().unclear(), text("value").required().expr()], EMPTY);
pub(super) static TRACE: Element = element(
    "trace",
    &[text("source").literal().required(), words("severity", &["verbose", "information", "error"])],
    holds(&[one(&MESSAGE), many(&METADATA)]),
);
pub(super) static SET_URL: Element = element("set-url", &[], TEXT);
pub(super) static SET_METHOD: Element = element("set-method", &[], TEXT);
pub(super) static PROXY: Element = element(
    "proxy",
    &[text("url").required().unclear(), text("username").unclear(), text("password").unclear()],
    EMPTY,
);
/// The children of a request that a policy sends (pages "send-request" and "send-one-way-request"; the second lists only a certificate).
pub(super) const REQUEST: &[Child] = &[
    maybe(&SET_URL),
    maybe(&SET_METHOD),
    many(&SET_HEADER),
    maybe(&SET_BODY),
    maybe(&AUTHENTICATION_MANAGED_IDENTITY),
    maybe(&AUTHENTICATION_BASIC),
    maybe(&AUTHENTICATION_CERTIFICATE),
    maybe(&PROXY),
];
pub(super) const ONE_CREDENTIAL: Rule =
    OneChildAtMost(&["authentication-managed-identity", "authentication-basic", "authentication-certificate"]);
pub(super) static SEND_REQUEST: Element = ruled(
    "send-request",
    &[
        words("mode", &["new", "copy"]).unclear(),
        text("response-variable-name").required().unclear(),
        integer("timeout", POSITIVE).unclear(),
        flag("ignore-error").unclear(),
    ],
    &[ChildUnless("set-url", "mode", &["copy"]), ONE_CREDENTIAL],
    holds(REQUEST),
);
pub(super) static WAIT: Element =
    element("wait", &[words("for", &["all", "any"])], Content::Only(&["send-request", "cache-lookup-value", "choose"]));
