//! Tests: each kind of rule of the catalogue once, and the references of a document.

use super::*;
use crate::definition::OperationId;
use crate::resolve::name::ResourceName;

/// A document for an API with statements in one section; the backend section gets `base`, unless it is the one.
fn document(section: Section, drafts: Vec<UncheckedElement>) -> Result<Document, Vec<Violation>> {
    Document::new(Scope::Api, None, [(section, drafts)])
}

fn found(result: Result<Document, Vec<Violation>>) -> String {
    let violations = result.map_or_else(|violations| violations, |_| Vec::new());
    let lines: Vec<_> = violations.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn new(name: &'static str) -> UncheckedElement {
    UncheckedElement::new(name)
}

fn named(name: &str) -> Text {
    Text::NamedValue(ResourceName::join("", &[name]).unwrap())
}

fn expr() -> CsText {
    CsText::variable(Variable::Model)
}

fn test() -> CsTest {
    CsTest::operation(&OperationId::parse("chat").unwrap())
}

fn when(children: impl IntoIterator<Item = UncheckedElement>) -> UncheckedElement {
    new("choose").child(new("when").with("condition", test()).children(children))
}

fn token_limit() -> UncheckedElement {
    new("llm-token-limit").with("counter-key", expr()).with("estimate-prompt-tokens", true)
}

#[test]
fn elements_that_are_refused() {
    let body = |text: &str| Text::from(LiteralText::parse(text).unwrap());
    let table: Vec<(UncheckedElement, &str)> = vec![
        (new("nonsense"), "inbound/nonsense: unknown element"),
        (new("set-header").word("name", "X").child(new("velue")), "inbound/set-header/velue: unknown element"),
        (
            new("wait").child(new("set-variable").word("name", "x").word("value", "y")),
            "inbound/wait/set-variable: unknown element",
        ),
        (new("base").word("id", "x"), "inbound/base: unknown attribute `id`"),
        (
            new("set-header").word("name", "X").child(new("value").word("id", "x").text(body("y"))),
            "inbound/set-header/value: unknown attribute `id`",
        ),
        (new("set-header").word("name", "X").word("name", "Y"), "inbound/set-header: duplicate attribute `name`"),
        (new("set-header"), "inbound/set-header: `name` is not set"),
        (new("cache-remove-value").word("key", " "), "inbound/cache-remove-value: `key` must be a text"),
        (new("set-backend-service").word("backend-id", ""), "inbound/set-backend-service: `backend-id` must be a text"),
        (
            new("rewrite-uri").word("template", "/").word("copy-unmatched-params", "yes"),
            "inbound/rewrite-uri: `copy-unmatched-params` must be `true` or `false`",
        ),
        (
            new("choose").child(new("when").word("condition", "1 == 1")),
            "inbound/choose/when: `condition` must be `true` or `false`",
        ),
        (
            new("rate-limit").with("calls", 1).with("renewal-period", 301),
            "inbound/rate-limit: `renewal-period` must be an integer (1 to 300)",
        ),
        (
            new("quota-by-key").with("calls", 1).with("renewal-period", 299).with("counter-key", expr()),
            "inbound/quota-by-key: `renewal-period` must be an integer (0, 300 or more)",
        ),
        (
            new("rate-limit").word("calls", "+1").with("renewal-period", 1),
            "inbound/rate-limit: `calls` must be an integer (1 or more)",
        ),
        (
            new("emit-metric").word("name", "x").word("value", "NaN").child(new("dimension").word("name", "API ID")),
            "inbound/emit-metric: `value` must be a decimal number in the allowed range",
        ),
        (
            new("set-header").word("name", "X").word("exists-action", "remove"),
            "inbound/set-header: `exists-action` must be one of `override`, `skip`, `append`, `delete`",
        ),
        (new("set-header").word("name", "X Y"), "inbound/set-header: `name` must be a header that policies can change"),
        (
            new("set-header").word("name", "content-length"),
            "inbound/set-header: `name` must be a header that policies can change",
        ),
        (
            new("quota-by-key")
                .with("calls", 1)
                .with("renewal-period", 300)
                .with("counter-key", expr())
                .word("first-period-start", "2026-01-31"),
            "inbound/quota-by-key: `first-period-start` must be a time like `2026-01-31T00:00:00Z`",
        ),
        (
            new("set-variable").with("name", expr()).word("value", "x"),
            "inbound/set-variable: `name` does not allow policy expressions",
        ),
        (
            token_limit().with("tokens-per-minute", expr()),
            "inbound/llm-token-limit: `tokens-per-minute` does not allow policy expressions",
        ),
        (
            new("choose").child(new("when").with("condition", expr())),
            "inbound/choose/when: the expression of `condition` has the wrong type",
        ),
        (
            new("rate-limit-by-key").with("calls", expr()).with("renewal-period", 1).with("counter-key", expr()),
            "inbound/rate-limit-by-key: the expression of `calls` has the wrong type",
        ),
        (
            new("set-variable").with("name", named("x")).word("value", "x"),
            "inbound/set-variable: `name` does not allow named values",
        ),
        (
            new("set-backend-service").with("backend-id", named("x")),
            "inbound/set-backend-service: `backend-id` must be a literal name, not an expression or a named value",
        ),
        (
            new("set-backend-service").with("backend-id", expr()),
            "inbound/set-backend-service: `backend-id` must be a literal name, not an expression or a named value",
        ),
        (new("set-backend-service"), "inbound/set-backend-service: exactly one of `base-url`, `backend-id`"),
        (
            new("validate-jwt").word("header-name", "X").word("token-value", "y"),
            "inbound/validate-jwt: at most one of `header-name`, `query-parameter-name`, `token-value`",
        ),
        (token_limit(), "inbound/llm-token-limit: at least one of `tokens-per-minute`, `token-quota`"),
        (
            token_limit().with("token-quota", 1),
            "inbound/llm-token-limit: all of `token-quota`, `token-quota-period` or none",
        ),
        (
            new("retry").with("condition", test()).with("count", 1).with("interval", 0).with("max-interval", 1),
            "inbound/retry: `max-interval` only with `delta`",
        ),
        (
            new("ip-filter").word("action", "allow"),
            "inbound/ip-filter: at least one element of `address`, `address-range`",
        ),
        (
            new("send-request")
                .word("response-variable-name", "x")
                .child(new("set-url").text(body("https://a")))
                .child(new("authentication-managed-identity").word("resource", "x"))
                .child(new("authentication-basic").word("username", "x").word("password", "y")),
            "inbound/send-request: at most one element of `authentication-managed-identity`, `authentication-basic`, `authentication-certificate`",
        ),
        (
            new("llm-emit-token-metric").child(new("dimension").word("name", "Tenant")),
            "inbound/llm-emit-token-metric/dimension: `value`, unless `name` is one of `API ID`, `Operation ID`, `Product ID`, `User ID`, `Subscription ID`, `Location`, `Gateway ID`, `Backend ID`",
        ),
        (
            new("set-query-parameter").word("name", "x"),
            "inbound/set-query-parameter: an element `value`, unless `exists-action` is one of `delete`",
        ),
        (
            new("set-header").word("name", "server").word("exists-action", "delete"),
            "inbound/set-header: never `name=\"Server\" exists-action=\"delete\"`",
        ),
        (new("choose"), "inbound/choose: 0 × `when`"),
        (when([]).child(new("otherwise")).child(new("otherwise")), "inbound/choose: 2 × `otherwise`"),
        (new("base").text(body("x")), "inbound/base: text is missing, or not allowed"),
        (
            new("trace").word("source", "x").child(new("message")),
            "inbound/trace/message: text is missing, or not allowed",
        ),
        (
            new("ip-filter").word("action", "allow").child(new("address").text(expr())),
            "inbound/ip-filter/address: its text cannot be a policy expression",
        ),
        (new("base").child(new("base")), "inbound/base: child elements are not allowed"),
        (new("set-body").text(body("x")).child(new("base")), "inbound/set-body: child elements are not allowed"),
    ];
    for (draft, expected) in table {
        assert_eq!(found(document(Section::Inbound, vec![draft])), expected);
    }
}

#[test]
fn places_that_are_refused() {
    use Section::{Backend, Inbound, OnError};
    let forward = || new("forward-request");
    let retry = |child: UncheckedElement| {
        new("retry").with("condition", test()).with("count", 1).with("interval", 0).child(child)
    };
    let rate_limit = || new("rate-limit").with("calls", 1).with("renewal-period", 1);
    let any = |name: &'static str, item: &'static str| new(name).child(new(item).text(Text::fixed("*")));
    let cors = || new("cors").child(any("allowed-origins", "origin")).child(any("allowed-headers", "header"));
    let variable = || new("set-variable").word("name", "x").word("value", "y");
    let table: Vec<(Section, Vec<UncheckedElement>, &str)> = vec![
        (Inbound, vec![forward()], "inbound/forward-request: not allowed in `inbound`"),
        (
            Inbound,
            vec![variable(), when([]), when([variable(), forward()])],
            "inbound/choose[2]/when/forward-request: not allowed in `inbound`",
        ),
        (OnError, vec![new("set-body").text(Text::fixed("x"))], "on-error/set-body: not allowed in `on-error`"),
        (
            Inbound,
            vec![new("quota").with("calls", 1).with("renewal-period", 0)],
            "inbound/quota: not allowed at this scope: API",
        ),
        (
            Inbound,
            vec![rate_limit(), when([rate_limit()])],
            "inbound/choose/when/rate-limit: only one is allowed per section",
        ),
        (Inbound, vec![new("base"), cors()], ""),
        (Inbound, vec![variable(), cors()], "inbound/cors: only `base` may precede it"),
        (Inbound, vec![when([cors()])], "inbound/choose/when/cors: only `base` may precede it"),
        (Backend, vec![], "backend: exactly one element is required, not 0\nbackend: no policy forwards the request"),
        (Backend, vec![variable(), forward()], "backend: exactly one element is required, not 2"),
        (Backend, vec![when([variable()])], "backend: no policy forwards the request"),
        (Backend, vec![when([forward()])], ""),
        (
            Backend,
            vec![retry(when([forward()]))],
            "backend/retry/choose/when/forward-request: inside `retry` it requires `buffer-request-body=\"true\"`",
        ),
        (Backend, vec![retry(forward().with("buffer-request-body", true))], ""),
    ];
    for (section, drafts, expected) in table {
        assert_eq!(found(document(section, drafts)), expected);
    }
}

#[test]
fn tiers_and_fragments() {
    let limit = || vec![token_limit().with("tokens-per-minute", 1)];
    let on = |tier| found(Document::new(Scope::Api, tier, [(Section::Inbound, limit())]));
    assert_eq!(on(Some(Tier::Consumption)), "inbound/llm-token-limit: not supported by the tier Consumption");
    assert_eq!(on(Some(Tier::V2)), "");
    assert_eq!(on(None), "");

    let fragment = |section, draft| found(Document::fragment(None, section, vec![draft]));
    assert_eq!(fragment(Section::Inbound, limit().remove(0)), "");
    assert_eq!(fragment(Section::Inbound, new("base")), "fragment/base: not allowed at this scope: fragment");
    assert_eq!(fragment(Section::Outbound, limit().remove(0)), "fragment/llm-token-limit: not allowed in `outbound`");
    assert_eq!(
        fragment(Section::Backend, new("include-fragment").word("fragment-id", "x")),
        "fragment/include-fragment: not allowed at this scope: fragment"
    );
}

#[test]
fn order_is_the_catalogues() {
    let response = new("return-response")
        .child(new("set-body"))
        .child(new("set-status").word("reason", "OK").with("code", 200).word("id", "x"));
    assert_eq!(
        found(document(Section::Inbound, vec![response])),
        "inbound/return-response/set-status: unknown attribute `id`"
    );
    let response = new("return-response")
        .word("response-variable-name", "x")
        .word("id", "y")
        .child(new("set-body"))
        .child(new("set-status").word("reason", "OK").with("code", 200));
    let document = document(Section::Inbound, vec![response]).unwrap();
    let (_, [response]) = document.parts()[0] else {
        panic!("one statement");
    };
    let attributes = |element: &Element| element.attributes().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(attributes(response), ["id", "response-variable-name"]);
    let Content::Elements(children) = response.content() else {
        panic!("children");
    };
    assert_eq!(children.iter().map(Element::name).collect::<Vec<_>>(), ["set-status", "set-body"]);
    assert_eq!(attributes(&children[0]), ["code", "reason"]);
}

#[test]
fn a_document_lists_its_references() {
    let inbound = vec![
        when([
            new("set-backend-service").word("backend-id", "east"),
            new("include-fragment").word("fragment-id", "tenant"),
        ]),
        new("authentication-managed-identity").word("resource", "x").with("client-id", named("client")),
        new("ip-filter").word("action", "allow").child(new("address").text(named("office"))),
        new("log-to-eventhub").word("logger-id", "hub").text(expr()),
        new("set-backend-service").word("backend-id", "east"),
    ];
    let document = document(Section::Inbound, inbound).unwrap();
    assert_eq!(
        document.references().into_iter().collect::<Vec<_>>(),
        [
            Reference::Backend("east"),
            Reference::Fragment("tenant"),
            Reference::Logger("hub"),
            Reference::NamedValue("client"),
            Reference::NamedValue("office"),
        ]
    );
}
