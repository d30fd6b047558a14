//! Policies that Gatewright does not generate, but that custom policies may use: each by its page of the policy reference in the
//! product's documentation ("Azure API Management policy reference"), named after the policy.
//!
//! Omitted: policies that the managed gateway does not support (Dapr), that only resolvers (GraphQL) or only the service's own document
//! may contain (`cross-domain`), and that contain documents (`xsl-transform`).

use super::Rule::{AtMostOne, ChildUnless, ExactlyOne};
use super::elements::{
    CACHING_TYPE, EMPTY, ONE_CREDENTIAL, POSITIVE, REQUEST, STATUS, TEXT, condition, element, flag, holds, holds_text,
    integer, many, maybe, one, ruled, some, text, words,
};
use super::{Attribute, Content, Element, Expressions};

/// The action if something does not match the definition (page "validate-content", actions).
const ACTION: &[&str] = &["ignore", "detect", "prevent"];
/// Bytes of a body that are looked at, at most (page "validate-content").
const MOST_BYTES: &[(u64, u64)] = &[(1, 102_400)];

// Transformation

pub(super) static FIND_AND_REPLACE: Element = element(
    "find-and-replace",
    &[text("from").required().expr().may_be_empty(), text("to").required().expr().may_be_empty()],
    EMPTY,
);
pub(super) static JSON_TO_XML: Element = element(
    "json-to-xml",
    &[
        words("apply", &["always", "content-type-json"]).required().expr(),
        flag("consider-accept-header").expr(),
        flag("parse-date"),
        text("namespace-separator").expr(),
        text("namespace-prefix").expr(),
        text("attribute-block-name").expr(),
    ],
    EMPTY,
);
pub(super) static XML_TO_JSON: Element = element(
    "xml-to-json",
    &[
        words("kind", &["javascript-friendly", "direct"]).required().expr(),
        words("apply", &["always", "content-type-xml"]).required().expr(),
        flag("consider-accept-header").expr(),
        flag("always-array-child-elements").expr(),
    ],
    EMPTY,
);
pub(super) static REDIRECT_CONTENT_URLS: Element = element("redirect-content-urls", &[], EMPTY);
pub(super) static JSONP: Element = element("jsonp", &[text("callback-parameter-name").required().expr()], EMPTY);

// Content validation

static CONTENT_TYPE: Element = ruled(
    "type",
    &[text("from"), text("when").expr(), text("to").required().unclear()],
    &[ExactlyOne(&["from", "when"])],
    EMPTY,
);
static CONTENT_TYPE_MAP: Element = element(
    "content-type-map",
    &[text("any-content-type-value"), text("missing-content-type-value")],
    holds(&[many(&CONTENT_TYPE)]),
);
static CONTENT: Element = element(
    "content",
    &[
        text("type").unclear(),
        words("validate-as", &["json", "xml", "soap"]).required().unclear(),
        text("schema-id").unclear(),
        text("schema-ref").unclear(),
        words("action", ACTION).required().unclear(),
        flag("allow-additional-properties").unclear(),
    ],
    EMPTY,
);
pub(super) static VALIDATE_CONTENT: Element = element(
    "validate-content",
    &[
        words("unspecified-content-type-action", ACTION).required().unclear(),
        integer("max-size", MOST_BYTES).required().unclear(),
        words("size-exceeded-action", ACTION).required().unclear(),
        text("errors-variable-name"),
    ],
    holds(&[maybe(&CONTENT_TYPE_MAP), many(&CONTENT)]),
);
/// A name and its action.
const NAMED: &[Attribute] = &[text("name").required(), words("action", ACTION).required().unclear()];
static PARAMETER: Element = element("parameter", NAMED, EMPTY);
/// The actions for parameters in one location.
const PLACE: &[Attribute] =
    &[words("specified-parameter-action", ACTION).expr(), words("unspecified-parameter-action", ACTION).expr()];
static HEADER_PARAMETERS: Element = element("headers", PLACE, holds(&[many(&PARAMETER)]));
static QUERY_PARAMETERS: Element = element("query", PLACE, holds(&[many(&PARAMETER)]));
static PATH_PARAMETERS: Element =
    element("path", &[words("specified-parameter-action", ACTION).expr()], holds(&[many(&PARAMETER)]));
pub(super) static VALIDATE_PARAMETERS: Element = element(
    "validate-parameters",
    &[
        words("specified-parameter-action", ACTION).required().expr(),
        words("unspecified-parameter-action", ACTION).required().expr(),
        text("errors-variable-name"),
    ],
    holds(&[maybe(&HEADER_PARAMETERS), maybe(&QUERY_PARAMETERS), maybe(&PATH_PARAMETERS)]),
);
static VALIDATED_HEADER: Element = element("header", NAMED, EMPTY);
pub(super) static VALIDATE_HEADERS: Element = element(
    "validate-headers",
    &[
        words("specified-header-action", ACTION).required().expr(),
        words("unspecified-header-action", ACTION).required().expr(),
        text("errors-variable-name"),
    ],
    holds(&[many(&VALIDATED_HEADER)]),
);
static VALIDATED_STATUS: Element = element(
    "status-code",
    &[integer("code", STATUS).required().unclear(), words("action", ACTION).required().unclear()],
    EMPTY,
);
pub(super) static VALIDATE_STATUS_CODE: Element = element(
    "validate-status-code",
    &[words("unspecified-status-code-action", ACTION).required().unclear(), text("errors-variable-name")],
    holds(&[many(&VALIDATED_STATUS)]),
);
pub(super) static VALIDATE_ODATA_REQUEST: Element = element(
    "validate-odata-request",
    &[
        text("error-variable-name"),
        text("default-odata-version").unclear(),
        text("min-odata-version").unclear(),
        text("max-odata-version").unclear(),
        integer("max-size", POSITIVE).unclear(),
    ],
    EMPTY,
);

// Authentication and authorization

static IDENTITY: Element = ruled(
    "identity",
    &[
        text("thumbprint"),
        text("serial-number"),
        text("common-name"),
        text("subject"),
        text("dns-name"),
        text("issuer-subject"),
        text("issuer-thumbprint"),
        text("issuer-certificate-id"),
    ],
    &[
        AtMostOne(&["issuer-certificate-id", "issuer-subject"]),
        AtMostOne(&["issuer-certificate-id", "issuer-thumbprint"]),
    ],
    EMPTY,
);
static IDENTITIES: Element = element("identities", &[], holds(&[some(&IDENTITY)]));
pub(super) static VALIDATE_CLIENT_CERTIFICATE: Element = element(
    "validate-client-certificate",
    &[
        flag("validate-revocation"),
        flag("validate-trust"),
        flag("validate-not-before"),
        flag("validate-not-after"),
        flag("ignore-error"),
    ],
    holds(&[maybe(&IDENTITIES)]),
);
pub(super) static GET_AUTHORIZATION_CONTEXT: Element = element(
    "get-authorization-context",
    &[
        text("provider-id").required().expr(),
        text("authorization-id").required().expr(),
        text("context-variable-name").required().expr(),
        words("identity-type", &["managed", "jwt"]).expr(),
        text("identity").expr(),
        flag("ignore-error").expr(),
    ],
    EMPTY,
);

// Caching

static VARY_BY_HEADER: Element = holds_text("vary-by-header");
static VARY_BY_QUERY_PARAMETER: Element = holds_text("vary-by-query-parameter");
pub(super) static CACHE_LOOKUP: Element = element(
    "cache-lookup",
    &[
        flag("vary-by-developer").required().expr(),
        flag("vary-by-developer-groups").required().expr(),
        words("caching-type", CACHING_TYPE),
        words("downstream-caching-type", &["none", "private", "public"]).expr(),
        flag("must-revalidate").expr(),
        condition("allow-private-response-caching"),
    ],
    holds(&[many(&VARY_BY_HEADER), many(&VARY_BY_QUERY_PARAMETER)]),
);
pub(super) static CACHE_STORE: Element =
    element("cache-store", &[integer("duration", POSITIVE).required().expr(), condition("cache-response")], EMPTY);
pub(super) static CACHE_REMOVE_VALUE: Element =
    element("cache-remove-value", &[text("key").required().expr(), words("caching-type", CACHING_TYPE)], EMPTY);

// Integration

pub(super) static SEND_ONE_WAY_REQUEST: Element = ruled(
    "send-one-way-request",
    &[words("mode", &["new", "copy"]).expr(), integer("timeout", POSITIVE).expr()],
    &[ChildUnless("set-url", "mode", &["copy"]), ChildUnless("set-method", "mode", &["copy"]), ONE_CREDENTIAL],
    holds(REQUEST),
);
static PAYLOAD: Element = element("payload", &[], TEXT);
static MESSAGE_PROPERTY: Element = element(
    "message-property",
    &[text("name").required().expr()],
    Content::Text { is_required: false, expressions: Expressions::Yes },
);
static MESSAGE_PROPERTIES: Element = element("message-properties", &[], holds(&[some(&MESSAGE_PROPERTY)]));
pub(super) static SEND_SERVICE_BUS_MESSAGE: Element = ruled(
    "send-service-bus-message",
    &[text("queue-name").expr(), text("topic-name").expr(), text("namespace").expr(), text("client-id").expr()],
    &[ExactlyOne(&["queue-name", "topic-name"])],
    holds(&[maybe(&MESSAGE_PROPERTIES), one(&PAYLOAD)]),
);
