//! Limits on requests: how many, in which time, and whose are counted together.

use super::{KEY_HEADER, Key, Resolver, requires_key, requires_token};
use crate::catalogue::AUTHORIZATION;
use crate::catalogue::sku::{Sku, Tier};
use crate::diag::{Code, Report};
use crate::model::{self, PlainLimitBy};
use crate::resolve::measure::Seconds;
use crate::resolve::name::HeaderName;

/// The longest time in which requests are counted (reference apim-policies §2.6, §2.7).
const LONGEST_PERIOD: u32 = 300;

/// The counter key of requests without the header that they are counted by.
const NO_HEADER: &str = "anonymous";

/// A limit on requests.
#[derive(Debug, Clone)]
pub struct RateLimit {
    /// Requests that are allowed.
    pub calls: u32,
    /// The time in which they are counted.
    pub per: Seconds,
    /// The key by which requests are counted.
    pub by: LimitBy,
    /// True if the policy is the one that counts by subscription only, as on the Consumption tier.
    pub is_plain: bool,
}

/// The key by which requests are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LimitBy {
    /// Those with one key.
    Subscription,
    /// Those from one address.
    Ip,
    /// Those with one value of a claim of the token.
    Claim(String),
    /// Those of one key or application, where there is one, with one value of a header.
    Header {
        /// The header.
        name: HeaderName,
        /// The value for a request without it.
        default: String,
    },
}

/// Claims whose value is new in each token, or may be (Microsoft identity platform, access token claims reference).
const OF_ONE_TOKEN: [&str; 8] = ["iat", "nbf", "exp", "jti", "uti", "nonce", "aio", "rh"];

/// True if a header authenticates callers.
pub fn is_credential_header(name: &str, key: Option<&Key>) -> bool {
    let key = key.map(|key| key.header.as_str());
    let mut secrets = [Some(AUTHORIZATION), Some(KEY_HEADER), key].into_iter().flatten();
    secrets.any(|secret| secret.eq_ignore_ascii_case(name))
}

impl Resolver<'_> {
    pub(super) fn rate_limit(&self, key: Option<&Key>, report: &mut Report) -> Option<RateLimit> {
        let limit = self.api.rate_limit.as_ref()?;
        let per = self.period(&limit.per, report);
        let by = match &limit.by {
            None => LimitBy::Subscription,
            Some(model::LimitBy::Plain(PlainLimitBy::Subscription)) => LimitBy::Subscription,
            Some(model::LimitBy::Plain(PlainLimitBy::Ip)) => LimitBy::Ip,
            Some(model::LimitBy::Claim(key)) => LimitBy::Claim(key.claim.clone()),
            Some(model::LimitBy::Header(key)) => LimitBy::Header {
                name: HeaderName::parse(&key.header).expect("shape: headers are tokens"),
                default: key.default.clone().unwrap_or_else(|| NO_HEADER.to_owned()),
            },
        };
        self.check_counter(&by, key, report);
        let tier = self.service.sku.map(Sku::tier);
        let is_plain = tier == Some(Tier::Consumption);
        if is_plain && by != LimitBy::Subscription {
            report.push(
                Code::Tier
                    .at(self.value(&["rateLimit", "by"]))
                    .says("the Consumption tier can count requests by subscription only")
                    .because("it does not support `rate-limit-by-key`")
                    .also(self.context.value(&["gateway", "sku"]), "the tier is set here")
                    .help("use `by: subscription`, or another tier"),
            );
        }
        Some(RateLimit { calls: limit.calls, per: per?, by, is_plain })
    }

    fn period(&self, text: &str, report: &mut Report) -> Option<Seconds> {
        let seconds = Seconds::parse(text);
        if let Some(seconds) = seconds.filter(|seconds| (1..=LONGEST_PERIOD).contains(&seconds.0)) {
            return Some(seconds);
        }
        let found = Code::CountingPeriod.at(self.value(&["rateLimit", "per"]));
        report.push(if seconds == Some(Seconds(0)) {
            found
                .says(format!("`{text}` is not a valid counting period"))
                .because("the minimum is one second")
                .help("write the period for the number of calls: `per: 1m`")
        } else {
            found
                .says(format!("requests cannot be counted over `{text}`"))
                .because(format!("the maximum of API Management is {LONGEST_PERIOD} s"))
                .help("use a shorter period with fewer calls: `per: 1m`")
        });
        None
    }

    /// Checks that callers have what they are counted by, and that they cannot choose it freely.
    fn check_counter(&self, by: &LimitBy, key: Option<&Key>, report: &mut Report) {
        let (has_key, has_token) = (requires_key(self.api), requires_token(self.api));
        match by {
            LimitBy::Subscription if !has_key => {
                let at = match self.api.rate_limit.as_ref().and_then(|limit| limit.by.as_ref()) {
                    Some(_) => self.value(&["rateLimit", "by"]),
                    None => self.at(&["rateLimit"]),
                };
                report.push(
                    Code::SharedCounter
                        .at(at)
                        .says(format!("all callers of API `{}` would share one counter", self.key))
                        .because("requests are counted by subscription key, but callers have none")
                        .also(self.value(&["auth", "subscriptionKey"]), "no key is required because of this")
                        .help(if has_token {
                            "count by application: `by: { claim: azp }`"
                        } else {
                            "count by address: `by: ip`"
                        }),
                );
            }
            LimitBy::Claim(claim) if !has_token => report.push(
                Code::NoToken
                    .at(self.value(&["rateLimit", "by", "claim"]))
                    .says(format!("the claim `{claim}` requires a token"))
                    .because(format!("API `{}` does not validate tokens", self.key))
                    .help("add `auth: { entra: { tenantId: …, audiences: […] } }`, or count by `subscription`"),
            ),
            LimitBy::Claim(claim) if OF_ONE_TOKEN.contains(&claim.as_str()) => report.push(
                Code::ResettableCounter
                    .at(self.value(&["rateLimit", "by", "claim"]))
                    .says(format!("`{claim}` differs in each token"))
                    .because("a caller over the limit can request a new token and start at zero")
                    .help("count by a claim that identifies the caller: `azp` for applications, `oid` for users and applications"),
            ),
            LimitBy::Header { name, .. } if is_credential_header(name.as_str(), key) => {
                report.push(
                    Code::ResettableCounter
                        .at(self.value(&["rateLimit", "by", "header"]))
                        .says(format!("`{name}` contains the callers' credentials"))
                        .because("a caller may have many of them, and they would be stored as counter keys")
                        .help("count by a claim of the token, `by: { claim: azp }`, or by `subscription`"),
                );
            }
            LimitBy::Subscription | LimitBy::Ip | LimitBy::Claim(_) | LimitBy::Header { .. } => {}
        }
    }
}
