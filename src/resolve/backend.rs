//! Backends: the keys that their kind needs, and their accounts.

use std::collections::BTreeMap;

use super::context::Context;
use super::credential::{self, Audience, Credential};
use super::destination::BackendRef;
use super::name::{DeploymentName, Name};
use super::service::{ResourceKey, ResourceRef, Service};
use crate::catalogue::kind::AccountKind;
use crate::catalogue::role::Role;
use crate::catalogue::surface::{ModelIn, Surface};
use crate::diag::{Code, Diagnostic, Report};
use crate::model;

/// The destination of requests.
#[derive(Debug)]
pub struct Backend {
    /// Its name in the file.
    pub name: Name,
    /// Its account or service.
    pub target: Target,
}

impl Backend {
    /// Its backends in the service, whatever surface they are called with.
    pub fn all(&self) -> Vec<BackendRef> {
        let one = |deployment: Option<&Deployment>| BackendRef {
            backend: self.name.clone(),
            deployment: deployment.map(|deployment| deployment.name.clone()),
        };
        match self.target.deployments() {
            [] => vec![one(None)],
            deployments => deployments.iter().map(|deployment| one(Some(deployment))).collect(),
        }
    }
}

/// The kind of a backend.
#[derive(Debug)]
pub enum Target {
    /// An Azure AI account.
    Account {
        /// Its kind.
        kind: AccountKind,
        /// Name and place of the account.
        account: ResourceRef,
        /// The role that the identity gets on it, if the file sets one.
        role: Option<Role>,
        /// The deployments that the file lists, by name. With some, each is a backend of its own in the service; without, the
        /// account as a whole is one.
        deployments: Vec<Deployment>,
    },
    /// Any other HTTP service.
    Http {
        /// Its URL, without a slash at the end.
        url: String,
        /// The credential that the gateway sends to it.
        credential: Credential,
    },
}

impl Target {
    /// The account and what it is, if there is one.
    pub fn account(&self) -> Option<(&ResourceRef, AccountKind)> {
        match self {
            Self::Account { account, kind, .. } => Some((account, *kind)),
            Self::Http { .. } => None,
        }
    }

    /// The kind of account, if it is one.
    pub fn kind(&self) -> Option<AccountKind> {
        self.account().map(|(_, kind)| kind)
    }

    /// The deployments that are listed.
    pub fn deployments(&self) -> &[Deployment] {
        match self {
            Self::Account { deployments, .. } => deployments,
            Self::Http { .. } => &[],
        }
    }

    /// The credential that the gateway sends to it, called with a surface that it supports.
    pub fn credential(&self, surface: Surface) -> Credential {
        match self {
            Self::Account { kind, .. } => {
                let protocol = kind.protocol(surface);
                let protocol = protocol.expect("resolve: targets speak the surface");
                Credential::Identity(Audience::Azure(protocol.audience()))
            }
            Self::Http { credential, .. } => credential.clone(),
        }
    }

    /// The role that the identity gets on the account at most, whatever surfaces it is called with.
    fn role(&self) -> Option<Role> {
        self.kind().map(|kind| self.own_role().unwrap_or_else(|| kind.role()))
    }

    /// The role on the account that the file sets.
    pub fn own_role(&self) -> Option<Role> {
        match self {
            Self::Account { role, .. } => *role,
            Self::Http { .. } => None,
        }
    }

    /// The surface of an API in front of it, unless the file sets another one.
    pub fn surface(&self) -> Surface {
        self.kind().map_or(Surface::Rest, AccountKind::surface)
    }

    /// True if it supports a surface.
    pub fn speaks(&self, surface: Surface) -> bool {
        match self {
            Self::Account { kind, .. } => kind.protocol(surface).is_some(),
            // Whatever an HTTP service supports, deployments in paths exist in Azure only.
            Self::Http { .. } => surface.model_in() != ModelIn::Path,
        }
    }
}

/// A deployment that is a backend of its own.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// Its name in the account, which callers put in the path.
    pub name: DeploymentName,
    /// The model that is deployed.
    pub model: DeploymentName,
    /// Its capacity in tokens per minute, if the file sets it.
    pub tokens_per_minute: Option<u64>,
}

pub(super) fn resolve(context: &Context<'_>, service: &Service, report: &mut Report) -> BTreeMap<Name, Backend> {
    let mut backends = BTreeMap::new();
    for (key, backend) in &context.gateway.backends {
        let name = Name::parse(key).expect("shape: keys of backends are names");
        if let Some(target) = target(context, key, backend, report) {
            backends.insert(name.clone(), Backend { name, target });
        }
    }
    report_roles(context, service, &backends, report);
    report_contradictions(context, service, &backends, report);
    backends
}

/// The identity has one role on an account, however many backends are in front of it: the wider one of those that their kinds need.
fn report_roles(context: &Context<'_>, service: &Service, backends: &BTreeMap<Name, Backend>, report: &mut Report) {
    let mut known: BTreeMap<ResourceKey, (&Name, Role)> = BTreeMap::new();
    for (name, backend) in backends {
        let (Some((account, _)), Some(role)) = (backend.target.account(), backend.target.role()) else {
            continue;
        };
        let (first, other) = known.entry(account.identity(service)).or_insert((name, role));
        if other.covers(role) {
            continue;
        }
        if role.covers(*other) {
            (*first, *other) = (name, role);
            continue;
        }
        report.push(
            Code::Contradiction
                .at(context.key(&["backends", name.as_str()]))
                .says(format!("account `{}` would be used with two different roles", account.name))
                .because(format!("`{}` requires {}, but `{first}` {}", name, role.name(), other.name()))
                .also(context.key(&["backends", first.as_str()]), "the other role is here")
                .help("set the same `role` in both: one that allows what both need"),
        );
    }
}

/// One deployment of one account is one thing, however many backends list it.
fn report_contradictions(
    context: &Context<'_>,
    service: &Service,
    backends: &BTreeMap<Name, Backend>,
    report: &mut Report,
) {
    let mut known: BTreeMap<(ResourceKey, &DeploymentName), (&Name, &Deployment)> = BTreeMap::new();
    for (name, backend) in backends {
        let Some((account, _)) = backend.target.account() else {
            continue;
        };
        for deployment in backend.target.deployments() {
            let key = (account.identity(service), &deployment.name);
            let (first, other) = *known.entry(key).or_insert((name, deployment));
            let is_same = other.model == deployment.model && other.tokens_per_minute == deployment.tokens_per_minute;
            if is_same {
                continue;
            }
            let at =
                |backend: &Name| context.key(&["backends", backend.as_str(), "deployments", deployment.name.as_str()]);
            report.push(
                Code::Contradiction
                    .at(at(name))
                    .says(format!(
                        "two backends contradict each other about deployment `{}` of one account",
                        deployment.name
                    ))
                    .because("its model or capacity differs")
                    .also(at(first), format!("backend `{first}` defines it here"))
                    .help("set the same model and `tokensPerMinute` in both, or use another account"),
            );
        }
    }
}

fn target(context: &Context<'_>, key: &str, backend: &model::Backend, report: &mut Report) -> Option<Target> {
    match backend.kind {
        model::BackendKind::Http => http(context, key, backend, report),
        model::BackendKind::AzureOpenAi => account(context, key, backend, AccountKind::AzureOpenAi, report),
        model::BackendKind::Foundry => account(context, key, backend, AccountKind::Foundry, report),
        model::BackendKind::ContentSafety => account(context, key, backend, AccountKind::ContentSafety, report),
    }
}

fn http(context: &Context<'_>, key: &str, backend: &model::Backend, report: &mut Report) -> Option<Target> {
    let here = ["backends", key];
    let mut refuse = |name: &str, is_there: bool, why: &str| {
        refuse_key(context, &here, name, is_there, why, report);
    };
    refuse("account", backend.account.is_some(), "`account` is for Azure accounts only");
    refuse("deployments", backend.deployments.is_some(), "`deployments` are for Azure accounts only");
    refuse(
        "role",
        backend.role.is_some(),
        "`role` is for Azure accounts only; an `http` backend authorizes the identity itself",
    );
    let Some(url) = &backend.url else {
        report.push(need(context, &here, "url", "an `http` backend requires `url`").help("add `url: https://…`"));
        return None;
    };
    let credential = credential::resolve(context, key, url, backend.credential.as_ref(), report)?;
    Some(Target::Http { url: url.clone(), credential })
}

fn account(
    context: &Context<'_>,
    key: &str,
    backend: &model::Backend,
    kind: AccountKind,
    report: &mut Report,
) -> Option<Target> {
    let here = ["backends", key];
    let mut refuse = |name: &str, is_there: bool, why: &str| {
        refuse_key(context, &here, name, is_there, why, report);
    };
    refuse("url", backend.url.is_some(), "the URL of an Azure account is read from the account");
    refuse(
        "credential",
        backend.credential.is_some(),
        "the gateway authenticates to Azure accounts with its managed identity",
    );
    if !kind.has_deployments() {
        let why = format!("accounts of {} have none", kind.name());
        refuse("deployments", backend.deployments.is_some(), &why);
    }
    let Some(account) = &backend.account else {
        let says = format!("{} `{}` backend requires `account`", article(kind.word()), kind.word());
        report.push(need(context, &here, "account", &says).help("add `account: <name of the account>`"));
        return None;
    };
    let account = place(account, &context.gateway.gateway);
    let role = backend.role.as_deref();
    let role = role.map(|id| Role::of(id).expect("shape: a role is a GUID"));
    Some(Target::Account { kind, account, role, deployments: deployments(backend) })
}

fn article(word: &str) -> &'static str {
    if word.starts_with('a') { "an" } else { "a" }
}

fn deployments(backend: &model::Backend) -> Vec<Deployment> {
    let all = backend.deployments.iter().flatten();
    let deployments = all.map(|(name, deployment)| {
        let name = DeploymentName::parse(name).expect("shape: keys of deployments are model names");
        let model =
            deployment.as_ref().and_then(|deployment| deployment.model.as_deref()).and_then(DeploymentName::parse);
        Deployment {
            model: model.unwrap_or_else(|| name.clone()),
            tokens_per_minute: deployment.as_ref().and_then(|deployment| deployment.tokens_per_minute),
            name,
        }
    });
    deployments.collect()
}

fn place(account: &model::Account, service: &model::Service) -> ResourceRef {
    match account {
        model::Account::Name(name) => ResourceRef::new(name, None, None, service),
        model::Account::Reference(account) => {
            ResourceRef::new(&account.name, account.resource_group.as_deref(), account.subscription.as_deref(), service)
        }
    }
}

fn need(context: &Context<'_>, here: &[&str], key: &str, says: &str) -> Diagnostic {
    Code::KindNeeds.at(context.key(here)).says(says).because(format!("`{key}` is not set"))
}

fn refuse_key(context: &Context<'_>, here: &[&str], key: &str, is_there: bool, why: &str, report: &mut Report) {
    if is_there {
        let path: Vec<&str> = here.iter().copied().chain([key]).collect();
        report.push(
            Code::KindNeeds
                .at(context.key(&path))
                .says(format!("this kind of backend does not support `{key}`"))
                .because(why)
                .help(format!("remove `{key}`")),
        );
    }
}
