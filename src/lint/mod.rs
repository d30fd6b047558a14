//! Warnings: one rule for each code, in a file of its name. A rule looks at what the author wrote and at what could
//! be resolved of it, and reports; what makes a gateway impossible is for `resolve`.
//!
//! The severity of a finding is in the table of codes (`diag::Code`), and a run may change it (`diag::Levels`), also for the
//! warnings in [`ELSEWHERE`]. A new rule is a row of that table, a file here, a line in [`RULES`] and a file in fixtures/invalid.

mod included;
mod targets;

mod address_version;
mod any_path_of_account;
mod borrowed_audience;
mod breaker_ignores_retried;
mod buffered_events;
mod caller_chosen_counter;
mod callers_credentials;
mod duplicate_address;
mod every_address;
mod every_origin;
mod follow_ups;
mod foreign_audience;
mod group_elsewhere;
mod late_failover;
mod long_timeout;
mod many_retries;
mod nested_path;
mod no_model_in_request;
mod no_subscription;
mod no_weight;
mod one_request_trips_all;
mod other_model;
mod own_preflight;
mod plain_http;
mod plain_link;
mod pointless_retry;
mod policy_braces;
mod policy_buffers;
mod policy_consumes_body;
mod policy_leaks;
mod policy_mixed_text;
mod policy_overrides;
mod policy_shares_cache;
mod public_api;
mod rewrite_parameter;
mod scope_as_audience;
mod server_path;
mod throttling;
mod tier_unknown;
mod tripped_not_retried;
mod undocumented_tier;
mod unused_backend;

use crate::diag::{Code, Report};
use crate::resolve::Resolution;

/// A rule: what it is about, and how it looks.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The code of its findings.
    pub code: Code,
    /// Reports what it finds.
    pub check: fn(&Resolution<'_>, &mut Report),
}

macro_rules! rules {
    ($( $code:ident: $file:ident )*) => {
        &[ $( Rule { code: Code::$code, check: $file::check } ),* ]
    };
}

/// All rules. Findings at one place are printed in this order.
pub const RULES: &[Rule] = rules! {
    GroupElsewhere: group_elsewhere
    PlainHttp: plain_http
    ForeignAudience: foreign_audience
    OtherModel: other_model
    ManyRetries: many_retries
    PointlessRetry: pointless_retry
    OneRequestTripsAll: one_request_trips_all
    TrippedNotRetried: tripped_not_retried
    LateFailover: late_failover
    NoWeight: no_weight
    BreakerIgnoresRetried: breaker_ignores_retried
    Throttling: throttling
    NoSubscription: no_subscription
    PublicApi: public_api
    BorrowedAudience: borrowed_audience
    ScopeAsAudience: scope_as_audience
    AddressVersion: address_version
    EveryAddress: every_address
    DuplicateAddress: duplicate_address
    CallerChosenCounter: caller_chosen_counter
    TierUnknown: tier_unknown
    LongTimeout: long_timeout
    BufferedEvents: buffered_events
    PlainLink: plain_link
    EveryOrigin: every_origin
    OwnPreflight: own_preflight
    FollowUps: follow_ups
    ServerPath: server_path
    NestedPath: nested_path
    CallersCredentials: callers_credentials
    AnyPathOfAccount: any_path_of_account
    NoModelInRequest: no_model_in_request
    PolicyOverrides: policy_overrides
    PolicySharesCache: policy_shares_cache
    PolicyMixedText: policy_mixed_text
    PolicyBraces: policy_braces
    RewriteParameter: rewrite_parameter
    PolicyLeaks: policy_leaks
    PolicyBuffers: policy_buffers
    PolicyConsumesBody: policy_consumes_body
    UndocumentedTier: undocumented_tier
    UnusedBackend: unused_backend
};

/// Warnings that no rule makes, and why: a rule would have to read the text a second time.
pub const ELSEWHERE: &[(Code, &str)] = &[
    (Code::MissingOperationId, "definition/names gives each operation its name, and says where the document has none"),
    (
        Code::UnusableOperationId,
        "definition/names gives each operation its name, and says where the document's cannot be kept",
    ),
    (
        Code::DuplicateOperationId,
        "definition/names gives each operation its name, and says where two would be the same",
    ),
    (Code::RecursiveSchema, "definition/refs follows references, and cuts those that lead back"),
    (
        Code::DroppedBody,
        "definition/operations walks the operations of the document, of which `Definition` keeps the names",
    ),
    (Code::IgnoredTrace, "definition/operations walks the operations of the document, and leaves this one out"),
    (Code::OwnServers, "definition/operations walks the operations of the document, whose servers are taken out"),
    (Code::OutgoingRequests, "definition/outgoing takes webhooks and callbacks out"),
    (Code::UndeclaredParameter, "definition/parameters adds the declaration"),
    (Code::UnusedParameter, "definition/parameters takes the declaration out"),
    (Code::SharedPrefix, "cli/together compares the gateways of a run"),
    (Code::SharedName, "cli/together compares the gateways of a run"),
    (Code::SharedPath, "cli/together compares the gateways of a run"),
    (Code::SharedRole, "cli/together compares the gateways of a run"),
    (Code::RequiredPart, "definition/mend adds the part"),
    (Code::ExtraPaths, "definition/extensions takes the paths out"),
    (Code::IdlePath, "definition/operations reads the paths of the document"),
];

/// Runs all rules. Consequences of a problem of shape, which was reported, are not reported again.
pub fn check(resolution: &Resolution<'_>, report: &mut Report) {
    let mut found = Report::default();
    for rule in RULES {
        (rule.check)(resolution, &mut found);
    }
    for finding in &found {
        if !resolution.is_about_omitted(&finding.at.place) {
            report.push(finding.clone());
        }
    }
}
