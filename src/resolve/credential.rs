//! Credentials of HTTP backends: nothing, the caller's token, one of the gateway's identity, or a secret.

use super::context::Context;
use super::name::HeaderName;
use super::service::ResourceRef;
use crate::catalogue::{AUTHORIZATION, FIXED_HEADERS, RESERVED_HEADERS, host};
use crate::diag::{Code, Report};
use crate::model;

/// The credential that the gateway sends to a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// Not at all.
    None,
    /// The caller's `Authorization` goes through.
    PassThrough,
    /// A token of the gateway's identity.
    Identity(Audience),
    /// A secret in a header.
    Header(HeaderCredential),
}

/// The token's audience.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// One of Azure's own, the same everywhere.
    Azure(&'static str),
    /// An application, whose id differs between environments.
    Application(String),
}

/// A header whose value is a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderCredential {
    /// The header.
    pub header: HeaderName,
    /// The word before the secret.
    pub scheme: Option<HeaderName>,
    /// The secret.
    pub secret: Secret,
}

/// A secret in a key vault, which exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Name and place of the vault.
    pub vault: ResourceRef,
    /// Its name there.
    pub name: String,
}

impl Credential {
    /// Its name in sentences.
    pub fn word(&self) -> &'static str {
        match self {
            Self::None => "no credential",
            Self::PassThrough => "the caller's token",
            Self::Identity(_) => "a token of the gateway",
            Self::Header(_) => "a secret",
        }
    }
}

/// The credential of an `http` backend, or `None` after a report.
pub(super) fn resolve(
    context: &Context<'_>,
    key: &str,
    url: &str,
    credential: Option<&model::Credential>,
    report: &mut Report,
) -> Option<Credential> {
    let here = ["backends", key, "credential"];
    let resolved = match credential {
        None | Some(model::Credential::Plain(model::PlainCredential::None)) => {
            return Some(Credential::None);
        }
        Some(model::Credential::Plain(model::PlainCredential::PassThrough)) => Some(Credential::PassThrough),
        Some(model::Credential::Plain(model::PlainCredential::ManagedIdentity)) => {
            let audience = host::audience(host::of(url));
            if audience.is_none() {
                report.push(
                    Code::NoAudience
                        .at(context.value(&here))
                        .says(format!("the token audience for `{key}` is unknown"))
                        .because("a token is issued for one audience, which cannot be derived from this host")
                        .help("set it: `credential: { managedIdentity: { audience: api://… } }`"),
                );
            }
            audience.map(|audience| Credential::Identity(Audience::Azure(audience)))
        }
        Some(model::Credential::Identity(identity)) => {
            let audience = &identity.managed_identity.audience;
            Some(Credential::Identity(Audience::Application(audience.clone())))
        }
        Some(model::Credential::Header(header)) => self::header(context, key, header, report),
    };
    if url.starts_with("http:") {
        report.push(
            Code::OpenCredential
                .at(context.value(&here))
                .says(format!("the credential for `{key}` would be sent without encryption"))
                .because("its URL starts with `http://`")
                .also(context.value(&["backends", key, "url"]), "the URL is set here")
                .help("use `https://`, or remove `credential`"),
        );
        return None;
    }
    resolved
}

fn header(
    context: &Context<'_>,
    key: &str,
    header: &model::HeaderCredential,
    report: &mut Report,
) -> Option<Credential> {
    let here = ["backends", key, "credential"];
    let at = |more: &[&'static str]| -> Vec<&str> { here.iter().copied().chain(more.iter().copied()).collect() };
    let name = header.header.as_str();
    let is = |reserved: &&str| reserved.eq_ignore_ascii_case(name);
    let is_authorization = name.eq_ignore_ascii_case(AUTHORIZATION);
    if FIXED_HEADERS.iter().any(is) || (RESERVED_HEADERS.iter().any(is) && !is_authorization) {
        report.push(
            Code::CredentialHeader
                .at(context.value(&at(&["header"])))
                .says(format!("the header `{name}` cannot be used for a secret"))
                .because("HTTP, proxies or the gateway use this header for something else")
                .help("use the header that the service reads, such as `Authorization` or `x-api-key`"),
        );
        return None;
    }
    let secret = &header.key_vault_secret;
    let service = &context.gateway.gateway;
    let vault = match &secret.vault {
        model::Vault::Name(name) => ResourceRef::new(name, None, None, service),
        model::Vault::Reference(vault) => {
            ResourceRef::new(&vault.name, vault.resource_group.as_deref(), vault.subscription.as_deref(), service)
        }
    };
    let word = |text: &String| HeaderName::parse(text).expect("shape: headers are tokens");
    Some(Credential::Header(HeaderCredential {
        header: word(&header.header),
        scheme: header.scheme.as_ref().map(word),
        secret: Secret { vault, name: secret.name.clone() },
    }))
}
