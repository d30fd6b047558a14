//! Parameters, the values that differ between environments: one list, which both targets and the generated tests loop over.
//!
//! The key of a parameter comes from what it is, never from who mentions it first, so that adding, removing or reordering anything
//! renames nothing: an account is keyed by its backend in the file (two backends may use one account in one
//! environment and two in another), a URL by its backend, the audience of the gateway's own tokens by the backend or pool
//! that gets them. A key vault is keyed by its own name: its secrets are named values, which several backends may share, so a key for
//! each backend would leave open which of them locates the shared secret. Ids of Entra ID are keyed by their label, else by a
//! hash of the id.

use std::collections::BTreeMap;

use crate::resolve::name::Name;
use crate::resolve::{Monitor, Resolved, ResourceRef, Target};

/// The parameters that are one object in both targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The API Management service.
    Service,
    /// The service's resource group, where the file does not name it.
    ResourceGroup,
    /// The user-assigned identity that calls backends.
    Identity,
    /// Azure AI accounts, by backend.
    Accounts,
    /// URLs of other backends, by backend.
    Hosts,
    /// Key vaults, by their name in the file.
    Vaults,
    /// Audiences of the gateway's own tokens, by the backend or pool that gets them.
    Audiences,
    /// Ids that callers' tokens must name, by their label or hash.
    Entra,
    /// The destination of telemetry.
    Monitoring,
    /// The connection string of the Application Insights component.
    ConnectionString,
}

impl Group {
    /// Its name: words joined by hyphens, which each target writes its own way.
    pub fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::ResourceGroup => "resource-group",
            Self::Identity => "identity",
            Self::Accounts => "accounts",
            Self::Hosts => "hosts",
            Self::Vaults => "vaults",
            Self::Audiences => "audiences",
            Self::Entra => "entra",
            Self::Monitoring => "monitoring",
            Self::ConnectionString => "application-insights-connection-string",
        }
    }

    /// One sentence for the person who sets the values.
    pub fn description(self) -> &'static str {
        match self {
            Self::Service => "API Management service of the gateway.",
            Self::ResourceGroup => "Resource group of the API Management service.",
            Self::Identity => "User-assigned identity of the service, which the gateway uses.",
            Self::Accounts => {
                "Azure AI accounts, one for each backend. Backends may share an account, which then gets each role once."
            }
            Self::Hosts => "URLs of backends that are not Azure accounts, without a slash at the end.",
            Self::Vaults => "Key vaults that hold backend secrets.",
            Self::Audiences => "Audiences of the tokens that the gateway acquires for backends.",
            Self::Entra => "Entra ID values that callers' tokens must match.",
            Self::Monitoring => "Destinations of request logs and metrics.",
            Self::ConnectionString => {
                "Connection string of the Application Insights component. Ephemeral: not stored in the plan or the state."
            }
        }
    }
}

/// Something that differs between environments.
#[derive(Debug)]
pub struct Param {
    /// The object that it belongs to.
    pub group: Group,
    /// Its name in the group: words joined by hyphens, unique there. `None`: the group is this one value.
    pub key: Option<String>,
    /// Its type.
    pub kind: ParamKind,
    /// Its value in the environment that the file describes; `None`: there is a default, or only the deployment knows it.
    pub value: Option<ParamValue>,
    /// One sentence for the person who sets the value.
    pub description: String,
    /// The constraint of a value besides its type.
    pub constraint: Option<Constraint>,
}

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamKind {
    /// A text.
    Text,
    /// An optional text.
    OptionalText,
    /// A text that an ARM deployment knows by itself, so that Bicep needs no parameter for it.
    DeploymentText,
    /// A secret that an ARM deployment reads by itself, and that is in no file.
    Secret,
    /// An existing resource of Azure: name, and where it is not the deployment's also resource group and subscription.
    Reference,
}

impl ParamKind {
    /// True if an ARM deployment can determine it without a parameter.
    pub fn is_known_to_arm(self) -> bool {
        matches!(self, Self::DeploymentText | Self::Secret)
    }
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParamValue {
    /// A text.
    Text(String),
    /// An existing resource of Azure.
    Reference(ResourceRef),
}

/// The constraint of a value besides its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// A URL that does not end in a slash, since paths are appended to it.
    NoSlashAtEnd,
    /// An id of Entra ID: a GUID.
    Guid,
}

/// A parameter of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ParamId(usize);

/// All parameters, group by group.
#[derive(Debug, Default)]
pub struct Params(Vec<Param>);

impl Params {
    /// Adds a parameter. Groups are added one after the other.
    pub(super) fn add(&mut self, param: Param) -> ParamId {
        self.0.push(param);
        ParamId(self.0.len() - 1)
    }

    /// The parameter.
    pub fn get(&self, id: ParamId) -> &Param {
        &self.0[id.0]
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (ParamId, &Param)> {
        self.0.iter().enumerate().map(|(at, param)| (ParamId(at), param))
    }

    /// The groups that have parameters, each with its own.
    pub fn groups(&self) -> impl Iterator<Item = (Group, Vec<(ParamId, &Param)>)> {
        let mut groups: Vec<(Group, Vec<(ParamId, &Param)>)> = Vec::new();
        for (id, param) in self.iter() {
            match groups.last_mut() {
                Some((group, params)) if *group == param.group => params.push((id, param)),
                _ => groups.push((param.group, vec![(id, param)])),
            }
        }
        groups.into_iter()
    }

    /// True if a group has parameters.
    pub fn has(&self, group: Group) -> bool {
        self.0.iter().any(|param| param.group == group)
    }

    /// The value of a parameter that is a text; empty if it has none.
    pub fn text(&self, id: ParamId) -> &str {
        match &self.get(id).value {
            Some(ParamValue::Text(text)) => text,
            Some(ParamValue::Reference(place)) => &place.name,
            None => "",
        }
    }
}

/// The parameters of the service and of the identity that calls.
pub(super) fn add_service(resolved: &Resolved, identity: Option<&ResourceRef>, params: &mut Params) {
    let service = &resolved.service;
    let group = |value: &Option<String>| value.clone().map(ParamValue::Text);
    params.add(Param {
        group: Group::Service,
        key: Some("name".to_owned()),
        kind: ParamKind::Text,
        value: Some(ParamValue::Text(service.name.clone())),
        description: "Name of the service.".to_owned(),
        constraint: None,
    });
    if service.resource_group.is_some() {
        params.add(Param {
            group: Group::Service,
            key: Some("resource-group".to_owned()),
            kind: ParamKind::DeploymentText,
            value: group(&service.resource_group),
            description: "Resource group of the service.".to_owned(),
            constraint: None,
        });
    }
    params.add(Param {
        group: Group::Service,
        key: Some("public-url".to_owned()),
        kind: ParamKind::OptionalText,
        value: group(&service.public_url),
        description: "URL that callers use, without a trailing slash. Default: the URL of the service.".to_owned(),
        constraint: Some(Constraint::NoSlashAtEnd),
    });
    if service.resource_group.is_none() {
        params.add(whole(Group::ResourceGroup, ParamKind::DeploymentText, None));
    }
    if let Some(place) = identity {
        params.add(whole(Group::Identity, ParamKind::Reference, Some(ParamValue::Reference(place.clone()))));
    }
}

/// The parameters of where telemetry goes.
pub(super) fn add_monitoring(resolved: &Resolved, params: &mut Params) {
    let Some(Monitor { component: place, .. }) = &resolved.insights else { return };
    params.add(Param {
        group: Group::Monitoring,
        key: Some("application-insights".to_owned()),
        kind: ParamKind::Reference,
        value: Some(ParamValue::Reference(place.clone())),
        description: "Application Insights component that takes requests and metrics.".to_owned(),
        constraint: None,
    });
    params.add(whole(Group::ConnectionString, ParamKind::Secret, None));
}

/// A group that is one value.
fn whole(group: Group, kind: ParamKind, value: Option<ParamValue>) -> Param {
    Param { group, key: None, kind, value, description: group.description().to_owned(), constraint: None }
}

/// The parameters with the URLs of backends that are no accounts.
pub(super) fn add_hosts(resolved: &Resolved, params: &mut Params) -> BTreeMap<Name, ParamId> {
    let mut hosts = BTreeMap::new();
    for backend in resolved.backends.values() {
        if let Target::Http { url, .. } = &backend.target {
            let param = params.add(Param {
                group: Group::Hosts,
                key: Some(backend.name.to_string()),
                kind: ParamKind::Text,
                value: Some(ParamValue::Text(url.clone())),
                description: format!("URL of `{}`.", backend.name),
                constraint: Some(Constraint::NoSlashAtEnd),
            });
            hosts.insert(backend.name.clone(), param);
        }
    }
    hosts
}
