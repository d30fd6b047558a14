//! The service: identity, tier, prefix.

use super::context::Context;
use super::name::kebab;
use crate::catalogue::sku::Sku;
use crate::diag::{Code, Report};
use crate::model;

/// The API Management service.
#[derive(Debug, Clone)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Its resource group, if the file sets it.
    pub resource_group: Option<String>,
    /// Its tier, if the file sets it.
    pub sku: Option<Sku>,
    /// The URL that callers call, if the file sets it.
    pub public_url: Option<String>,
    /// The identity that calls backends.
    pub identity: Identity,
    /// The prefix of names in the service; may be empty.
    pub prefix: String,
    /// True if the deployment assigns roles.
    pub creates_roles: bool,
}

/// The identity that calls backends.
#[derive(Debug, Clone)]
pub enum Identity {
    /// The system-assigned one.
    System,
    /// A user-assigned one.
    User(ResourceRef),
}

/// An existing resource, by name and place. What is absent is that of the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceRef {
    /// Name of the resource.
    pub name: String,
    /// Its resource group.
    pub resource_group: Option<String>,
    /// Its subscription, in lower case.
    pub subscription: Option<String>,
}

/// The key that identifies a resource among those of its type. Azure compares names case-insensitively.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResourceKey {
    name: String,
    resource_group: Option<String>,
    subscription: Option<String>,
}

impl ResourceKey {
    /// True if it is known to be in the gateway's own group.
    pub fn is_own(&self) -> bool {
        self.resource_group.is_none() && self.subscription.is_none()
    }
}

impl ResourceRef {
    /// A place as the file names it, with the gateway's own group as the gateway spells it: where that is left to a target, the two may
    /// not spell it alike, and names of role assignments are made from ids.
    pub(super) fn new(
        name: &str,
        resource_group: Option<&str>,
        subscription: Option<&str>,
        service: &model::Service,
    ) -> Self {
        let own = service.resource_group.as_deref();
        let own = own.filter(|_| subscription.is_none());
        let spelled = |group: &str| match own {
            Some(own) if own.eq_ignore_ascii_case(group) => own.to_owned(),
            _ => group.to_owned(),
        };
        Self {
            name: name.to_owned(),
            resource_group: resource_group.map(spelled),
            subscription: subscription.map(str::to_ascii_lowercase),
        }
    }

    /// Its key, the same whether or not the gateway's own group is written out.
    pub fn identity(&self, service: &Service) -> ResourceKey {
        let lower = |text: &Option<String>| text.as_ref().map(|text| text.to_lowercase());
        let own = lower(&service.resource_group);
        let group = lower(&self.resource_group);
        let is_own = self.subscription.is_none() && group == own;
        ResourceKey {
            name: self.name.to_lowercase(),
            resource_group: group.filter(|_| !is_own),
            subscription: self.subscription.clone(),
        }
    }
}

pub(super) fn resolve(context: &Context<'_>, report: &mut Report) -> Service {
    let service = &context.gateway.gateway;
    Service {
        name: service.name.clone(),
        resource_group: service.resource_group.clone(),
        sku: service.sku.map(sku),
        public_url: service.public_url.clone(),
        identity: identity(context, service.identity.as_ref(), report),
        prefix: service.prefix.as_deref().map(prefix).unwrap_or_default(),
        creates_roles: service.roles != Some(model::Roles::Skip),
    }
}

/// The prefix with one hyphen at its end, if it had one.
fn prefix(text: &str) -> String {
    let hyphen = if text.ends_with('-') { "-" } else { "" };
    format!("{}{hyphen}", kebab(text))
}

fn identity(context: &Context<'_>, identity: Option<&model::Identity>, report: &mut Report) -> Identity {
    let Some(identity) = identity else {
        return Identity::System;
    };
    if let Some(user) = &identity.user {
        let place = ResourceRef::new(
            &user.name,
            user.resource_group.as_deref(),
            user.subscription.as_deref(),
            &context.gateway.gateway,
        );
        return Identity::User(place);
    }
    // An HTTP service may be called without one.
    let gateway = context.gateway;
    let mut backends = gateway.backends.values();
    let sends_telemetry =
        gateway.observability.as_ref().is_some_and(|observability| observability.application_insights.is_some());
    let is_needed = sends_telemetry || backends.any(needs_identity);
    if identity.system == Some(false) && is_needed {
        report.push(
            Code::NoIdentity
                .at(context.value(&["gateway", "identity", "system"]))
                .says("the gateway has no identity to call its backends with")
                .because("the system-assigned identity is disabled, and `user` is not set")
                .help("remove `identity` to use the system-assigned identity, or set a user-assigned one: `user: { name: id-apim }`"),
        );
    }
    Identity::System
}

/// True if a backend is called with the gateway's identity, or with a secret that the identity reads.
fn needs_identity(backend: &model::Backend) -> bool {
    match &backend.credential {
        _ if backend.kind != model::BackendKind::Http => true,
        None => false,
        Some(model::Credential::Plain(plain)) => *plain == model::PlainCredential::ManagedIdentity,
        Some(model::Credential::Identity(_) | model::Credential::Header(_)) => true,
    }
}

fn sku(name: model::SkuName) -> Sku {
    match name {
        model::SkuName::Consumption => Sku::Consumption,
        model::SkuName::Developer => Sku::Developer,
        model::SkuName::Basic => Sku::Basic,
        model::SkuName::Standard => Sku::Standard,
        model::SkuName::Premium => Sku::Premium,
        model::SkuName::BasicV2 => Sku::BasicV2,
        model::SkuName::StandardV2 => Sku::StandardV2,
        model::SkuName::PremiumV2 => Sku::PremiumV2,
    }
}
