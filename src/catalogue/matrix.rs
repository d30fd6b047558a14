//! The allowed positions and the effects of each policy: apim-policies §2.0, row by row, in its order; then those of `others`, each by
//! its page.
//!
//! Positions marked as inferred (footnote 1) count as allowed; `llm-content-safety` on Consumption is refused (footnote 3).

use super::effect::{self as fx, Cause, Effects, attribute, does, fixed, unknown};
use super::elements as e;
use super::others as o;
use super::{Element, Gateways, Policy, Scope, Section};
use Scope::{Api, Global, Operation, Product, Workspace};
use Section::{Backend, Inbound, OnError, Outbound};
use fx::Effect::{
    AdmitsPages, AnswersFromCache, AnswersItself, Authenticates, Authorizes, ChangesHead, ChecksAddress, ChecksCaller,
    ChecksContent, Controls, Forwards, Includes, Limits, Records, ReplacesBody, RewritesPath, Routes, SendsRequest,
    SetsVariable, StoresValue, TakesBody, WritesCache,
};

const IN: &[Section] = &[Inbound];
const BE: &[Section] = &[Backend];
const OUT: &[Section] = &[Outbound];
const IN_BE: &[Section] = &[Inbound, Backend];
const IN_OUT: &[Section] = &[Inbound, Outbound];
const IN_OUT_ERR: &[Section] = &[Inbound, Outbound, OnError];
const IN_ERR: &[Section] = &[Inbound, OnError];
const OUT_ERR: &[Section] = &[Outbound, OnError];
const IN_BE_OUT: &[Section] = &[Inbound, Backend, Outbound];
const ALL: &[Section] = &[Inbound, Backend, Outbound, OnError];

const GWPAO: &[Scope] = &[Global, Workspace, Product, Api, Operation];
const GPAO: &[Scope] = &[Global, Product, Api, Operation];
const GWPA: &[Scope] = &[Global, Workspace, Product, Api];
const PAO: &[Scope] = &[Product, Api, Operation];
const P: &[Scope] = &[Product];

const EVERYWHERE: Gateways =
    Gateways { classic: true, v2: true, consumption: true, self_hosted: true, workspace: true };
const NO_CONSUMPTION: Gateways = Gateways { consumption: false, ..EVERYWHERE };
const NO_WORKSPACE: Gateways = Gateways { workspace: false, ..EVERYWHERE };
const NO_SELF_HOSTED: Gateways = Gateways { self_hosted: false, workspace: false, ..EVERYWHERE };
const CLASSIC_ONLY: Gateways = Gateways { v2: false, consumption: false, workspace: false, ..EVERYWHERE };

impl Policy {
    const fn row(
        element: &'static Element,
        sections: &'static [Section],
        scopes: &'static [Scope],
        gateways: Gateways,
        effects: Effects,
    ) -> Self {
        Self {
            element,
            sections,
            scopes,
            gateways,
            documented: gateways,
            is_once_per_section: false,
            is_first: false,
            in_fragments: true,
            effects,
        }
    }
    /// Its page names these gateways only; that it fails on others is not known.
    const fn documented_on(self, gateways: Gateways) -> Self {
        Self { documented: gateways, ..self }
    }
    const fn once(self) -> Self {
        Self { is_once_per_section: true, ..self }
    }
    const fn first(self) -> Self {
        Self { is_first: true, ..self }
    }
    const fn not_in_fragments(self) -> Self {
        Self { in_fragments: false, ..self }
    }
}

/// Every policy (reference §2.0, §2.16, and `others`), and `base` (§1.1).
pub static POLICIES: &[Policy] = &[
    Policy::row(&e::BASE, ALL, GWPAO, EVERYWHERE, does(&[Includes])).not_in_fragments(),
    Policy::row(&e::SET_BACKEND_SERVICE, IN_BE, GWPAO, EVERYWHERE, does(&[Routes])),
    Policy::row(
        &e::AUTHENTICATION_MANAGED_IDENTITY,
        IN,
        GWPAO,
        EVERYWHERE,
        does(&[Authorizes]).answers(fx::IDENTITY_TOKEN),
    ),
    Policy::row(&e::AUTHENTICATION_BASIC, IN, GWPAO, EVERYWHERE, does(&[Authorizes])),
    Policy::row(&e::AUTHENTICATION_CERTIFICATE, IN, GWPAO, EVERYWHERE, does(&[Authenticates])),
    Policy::row(
        &e::FORWARD_REQUEST,
        BE,
        GWPAO,
        EVERYWHERE,
        does(&[Forwards]).answers(&[fixed(&[500, 504], Cause::Backend)]),
    ),
    Policy::row(&e::RETRY, ALL, GWPAO, EVERYWHERE, does(&[Controls])),
    Policy::row(
        &e::LIMIT_CONCURRENCY,
        ALL,
        GWPAO,
        EVERYWHERE,
        does(&[Limits, Controls]).answers(&[fixed(&[429], Cause::Concurrency)]),
    ),
    Policy::row(&e::RATE_LIMIT, IN, PAO, EVERYWHERE, does(&[Limits]).answers(fx::CALLS)).once(),
    Policy::row(&e::RATE_LIMIT_BY_KEY, IN, GWPAO, NO_CONSUMPTION, does(&[Limits]).answers(fx::CALLS)),
    Policy::row(&e::QUOTA, IN, P, EVERYWHERE, does(&[Limits]).answers(fx::QUOTA)).once(),
    Policy::row(&e::QUOTA_BY_KEY, IN, GWPAO, CLASSIC_ONLY, does(&[Limits]).answers(fx::QUOTA)),
    Policy::row(&e::LLM_TOKEN_LIMIT, IN, GWPAO, NO_CONSUMPTION, does(&[Limits]).answers(fx::TOKENS)),
    Policy::row(&e::AZURE_OPENAI_TOKEN_LIMIT, IN, GWPAO, NO_CONSUMPTION, does(&[Limits]).answers(fx::TOKENS)),
    Policy::row(&e::LLM_EMIT_TOKEN_METRIC, IN, GWPAO, EVERYWHERE, does(&[Records])),
    Policy::row(&e::AZURE_OPENAI_EMIT_TOKEN_METRIC, IN, GWPAO, EVERYWHERE, does(&[Records])),
    Policy::row(
        &e::LLM_CONTENT_SAFETY,
        IN_OUT,
        GWPA,
        NO_CONSUMPTION,
        does(&[ChecksContent]).answers(&[fixed(&[403], Cause::Safety)]),
    ),
    Policy::row(&e::LLM_SEMANTIC_CACHE_LOOKUP, IN, GPAO, NO_WORKSPACE, does(&[AnswersFromCache]).answers(fx::CACHED))
        .once(),
    Policy::row(&e::LLM_SEMANTIC_CACHE_STORE, OUT, GPAO, NO_WORKSPACE, does(&[WritesCache, TakesBody])).once(),
    Policy::row(
        &e::AZURE_OPENAI_SEMANTIC_CACHE_LOOKUP,
        IN,
        GPAO,
        NO_WORKSPACE,
        does(&[AnswersFromCache]).answers(fx::CACHED),
    )
    .once(),
    Policy::row(&e::AZURE_OPENAI_SEMANTIC_CACHE_STORE, OUT, GPAO, NO_WORKSPACE, does(&[WritesCache, TakesBody])).once(),
    // The pages say once per section (§2.9); Microsoft's samples hold several. §1.5: not in a fragment, says one report.
    Policy::row(&e::CACHE_LOOKUP_VALUE, ALL, GWPAO, EVERYWHERE, does(&[SetsVariable])).not_in_fragments(),
    Policy::row(&e::CACHE_STORE_VALUE, ALL, GWPAO, EVERYWHERE, does(&[StoresValue])),
    Policy::row(&e::SET_HEADER, ALL, GWPAO, EVERYWHERE, does(&[ChangesHead])),
    Policy::row(&e::SET_VARIABLE, ALL, GWPAO, EVERYWHERE, does(&[SetsVariable])),
    Policy::row(&e::SET_QUERY_PARAMETER, IN_BE, GWPAO, EVERYWHERE, does(&[ChangesHead])),
    // §1.3: contradictory in on-error; L21 refuses it. Inside return-response it is a child and no statement.
    Policy::row(&e::SET_BODY, IN_BE_OUT, GWPAO, EVERYWHERE, does(&[TakesBody, ReplacesBody])),
    Policy::row(&e::REWRITE_URI, IN, GPAO, EVERYWHERE, does(&[RewritesPath])),
    Policy::row(&e::CHOOSE, ALL, GWPAO, EVERYWHERE, does(&[Controls])),
    Policy::row(&e::RETURN_RESPONSE, ALL, GWPAO, EVERYWHERE, does(&[AnswersItself]).answers(fx::MADE)),
    Policy::row(
        &e::MOCK_RESPONSE,
        IN_OUT_ERR,
        GPAO,
        EVERYWHERE,
        does(&[AnswersItself]).answers(&[attribute("status-code", Some(200), Cause::Mocked)]),
    ),
    Policy::row(&e::VALIDATE_JWT, IN, GWPAO, EVERYWHERE, does(&[ChecksCaller]).answers(fx::TOKEN)),
    Policy::row(&e::VALIDATE_AZURE_AD_TOKEN, IN, GWPAO, EVERYWHERE, does(&[ChecksCaller]).answers(fx::TOKEN)),
    Policy::row(
        &e::CHECK_HEADER,
        IN,
        GWPAO,
        EVERYWHERE,
        does(&[ChecksCaller]).answers(&[attribute("failed-check-httpcode", None, Cause::Header)]),
    ),
    Policy::row(&e::IP_FILTER, IN, GWPAO, EVERYWHERE, does(&[ChecksAddress]).answers(&[fixed(&[403], Cause::Address)])),
    Policy::row(&e::CORS, IN, GWPAO, EVERYWHERE, does(&[AdmitsPages]).answers(&[fixed(&[200], Cause::Preflight)]))
        .once()
        .first(),
    Policy::row(&e::EMIT_METRIC, ALL, GWPAO, EVERYWHERE, does(&[Records])),
    Policy::row(&e::LOG_TO_EVENTHUB, ALL, GPAO, NO_WORKSPACE, does(&[Records])),
    Policy::row(&e::TRACE, ALL, GWPAO, EVERYWHERE, does(&[Records])),
    // §1.5: a fragment may not include another.
    Policy::row(&e::INCLUDE_FRAGMENT, ALL, GWPAO, EVERYWHERE, does(&[Includes]).answers(&[unknown(Cause::Fragment)]))
        .not_in_fragments(),
    Policy::row(&e::SEND_REQUEST, ALL, GWPAO, EVERYWHERE, does(&[SendsRequest]).answers(fx::REQUEST)),
    Policy::row(&e::WAIT, IN_BE_OUT, GWPAO, EVERYWHERE, does(&[Controls])),
    Policy::row(&e::SET_METHOD, IN_ERR, GPAO, EVERYWHERE, does(&[ChangesHead])),
    Policy::row(
        &e::SET_STATUS,
        ALL,
        GPAO,
        EVERYWHERE,
        does(&[ChangesHead]).answers(&[attribute("code", None, Cause::StatusSet)]),
    ),
    Policy::row(&o::FIND_AND_REPLACE, ALL, GWPAO, EVERYWHERE, does(&[TakesBody, ReplacesBody])),
    Policy::row(&o::JSON_TO_XML, IN_OUT_ERR, GWPAO, EVERYWHERE, does(&[TakesBody, ReplacesBody])),
    Policy::row(&o::XML_TO_JSON, IN_OUT_ERR, GWPAO, EVERYWHERE, does(&[TakesBody, ReplacesBody])),
    Policy::row(&o::REDIRECT_CONTENT_URLS, IN_OUT, GWPAO, EVERYWHERE, does(&[TakesBody])).once(),
    Policy::row(&o::JSONP, OUT, GWPAO, NO_WORKSPACE, does(&[TakesBody])).once(),
    Policy::row(
        &o::VALIDATE_CONTENT,
        IN_OUT_ERR,
        GPAO,
        NO_WORKSPACE,
        does(&[ChecksContent, TakesBody]).answers(fx::INVALID),
    ),
    Policy::row(&o::VALIDATE_PARAMETERS, IN, GWPAO, NO_WORKSPACE, does(&[ChecksContent]).answers(fx::INVALID)).once(),
    Policy::row(&o::VALIDATE_HEADERS, OUT_ERR, GWPAO, NO_WORKSPACE, does(&[ChecksContent]).answers(fx::INVALID)).once(),
    Policy::row(&o::VALIDATE_STATUS_CODE, OUT_ERR, GPAO, NO_WORKSPACE, does(&[ChecksContent]).answers(fx::INVALID)),
    Policy::row(
        &o::VALIDATE_ODATA_REQUEST,
        IN,
        GWPA,
        EVERYWHERE,
        does(&[ChecksContent]).answers(&[unknown(Cause::OData)]),
    )
    .once(),
    Policy::row(&o::VALIDATE_CLIENT_CERTIFICATE, IN, GWPAO, EVERYWHERE, does(&[ChecksCaller]).answers(fx::CERTIFICATE)),
    Policy::row(
        &o::GET_AUTHORIZATION_CONTEXT,
        IN,
        GPAO,
        NO_SELF_HOSTED,
        does(&[SetsVariable]).answers(fx::CONNECTION_TOKEN),
    ),
    Policy::row(&o::CACHE_LOOKUP, IN, GWPAO, EVERYWHERE, does(&[AnswersFromCache]).answers(fx::CACHED)).once(),
    // §4d: a policy that stores responses waits for the whole response.
    Policy::row(&o::CACHE_STORE, OUT, GWPAO, EVERYWHERE, does(&[WritesCache, TakesBody])).once(),
    Policy::row(&o::CACHE_REMOVE_VALUE, ALL, GWPAO, EVERYWHERE, does(&[WritesCache])),
    Policy::row(&o::SEND_ONE_WAY_REQUEST, ALL, GWPAO, EVERYWHERE, does(&[SendsRequest])),
    Policy::row(&o::SEND_SERVICE_BUS_MESSAGE, IN_OUT_ERR, GPAO, NO_WORKSPACE, does(&[Records]))
        .documented_on(CLASSIC_ONLY),
    Policy::row(&e::PROXY, IN, GPAO, NO_WORKSPACE, does(&[Forwards])),
];
