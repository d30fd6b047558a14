//! Backends: what their kind needs, and the accounts behind them.

use std::collections::BTreeMap;

use super::Context;
use super::name::{DeploymentName, Name};
use super::reference::One;
use super::service::{Place as ResourcePlace, PlaceIdentity, Service};
use crate::catalogue::kind::AccountKind;
use crate::catalogue::surface::{ModelIn, Surface};
use crate::diag::{Code, Diagnostic, Report};
use crate::model;

/// Where requests go.
#[derive(Debug)]
pub struct Backend {
    /// Its name in the file.
    pub name: Name,
    /// What it is.
    pub target: Target,
}

impl Backend {
    /// The backends of the service that it stands for, whatever surface they are called with.
    pub fn all(&self) -> Vec<One> {
        let one = |deployment: Option<&Deployment>| One {
            backend: self.name.clone(),
            deployment: deployment.map(|deployment| deployment.name.clone()),
        };
        match self.target.deployments() {
            [] => vec![one(None)],
            deployments => deployments
                .iter()
                .map(|deployment| one(Some(deployment)))
                .collect(),
        }
    }
}

/// What a backend is.
#[derive(Debug)]
pub enum Target {
    /// An Azure AI account.
    Account {
        /// What it is.
        kind: AccountKind,
        /// Name and place of the account.
        account: ResourcePlace,
        /// The deployments that the file lists, by name. With some, each is a backend of its own in the service; without, the
        /// account as a whole is one.
        deployments: Vec<Deployment>,
    },
    /// Any other HTTP service.
    Http {
        /// Its URL, without a slash at the end.
        url: String,
    },
}

impl Target {
    /// The account and what it is, if there is one.
    pub fn account(&self) -> Option<(&ResourcePlace, AccountKind)> {
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

    /// The surface that an API in front of it has, unless the file says another one.
    pub fn surface(&self) -> Surface {
        self.kind().map_or(Surface::Rest, AccountKind::surface)
    }

    /// Whether it can be called in the shape of a surface.
    pub fn speaks(&self, surface: Surface) -> bool {
        match self {
            Self::Account { kind, .. } => kind.protocol(surface).is_some(),
            // Whatever a service behind a URL speaks, deployments in paths are Azure's own.
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
    /// Its capacity in tokens a minute, if the file says it.
    pub tokens_per_minute: Option<u64>,
}

pub(super) fn resolve(
    context: &Context<'_>,
    service: &Service,
    report: &mut Report,
) -> BTreeMap<Name, Backend> {
    let mut backends = BTreeMap::new();
    for (key, backend) in &context.gateway.backends {
        let name = Name::parse(key).expect("shape: keys of backends are names");
        if let Some(target) = target(context, key, backend, report) {
            backends.insert(name.clone(), Backend { name, target });
        }
    }
    report_contradictions(context, service, &backends, report);
    backends
}

/// One deployment of one account is one thing, however many backends list it.
fn report_contradictions(
    context: &Context<'_>,
    service: &Service,
    backends: &BTreeMap<Name, Backend>,
    report: &mut Report,
) {
    let mut known: BTreeMap<(PlaceIdentity, &DeploymentName), (&Name, &Deployment)> =
        BTreeMap::new();
    for (name, backend) in backends {
        let Some((account, _)) = backend.target.account() else {
            continue;
        };
        for deployment in backend.target.deployments() {
            let key = (account.identity(service), &deployment.name);
            let (first, other) = *known.entry(key).or_insert((name, deployment));
            let is_same = other.model == deployment.model
                && other.tokens_per_minute == deployment.tokens_per_minute;
            if is_same {
                continue;
            }
            let at = |backend: &Name| {
                context.key(&[
                    "backends",
                    backend.as_str(),
                    "deployments",
                    deployment.name.as_str(),
                ])
            };
            report.push(
                Code::Contradiction
                    .at(at(name))
                    .says(format!(
                        "deployment `{}` of one account is described in two ways",
                        deployment.name
                    ))
                    .because("model or capacity differ")
                    .also(at(first), format!("backend `{first}` has it here"))
                    .help("write the same model and `tokensPerMinute` in both, or name another account"),
            );
        }
    }
}

fn target(
    context: &Context<'_>,
    key: &str,
    backend: &model::Backend,
    report: &mut Report,
) -> Option<Target> {
    let here = ["backends", key];
    match backend.kind {
        model::BackendKind::Http => {
            refuse_key(
                context,
                &here,
                "account",
                backend.account.is_some(),
                "an `http` backend has no account",
                report,
            );
            refuse_key(
                context,
                &here,
                "deployments",
                backend.deployments.is_some(),
                "an `http` backend has no deployments",
                report,
            );
            let Some(url) = &backend.url else {
                report.push(
                    need(context, &here, "url", "an `http` backend needs its URL")
                        .help("add `url: https://…`"),
                );
                return None;
            };
            if url.starts_with("http:") {
                report.push(
                    Code::PlainHttp
                        .at(context.value(&["backends", key, "url"]))
                        .says(format!("`{key}` is called without encryption"))
                        .because("what goes over `http://` can be read and changed on the way")
                        .help("use `https://`, if the service has it"),
                );
            }
            Some(Target::Http { url: url.clone() })
        }
        model::BackendKind::AzureOpenAi => {
            refuse_key(
                context,
                &here,
                "url",
                backend.url.is_some(),
                "the URL of an Azure account is read from the account",
                report,
            );
            refuse_key(
                context,
                &here,
                "credential",
                backend.credential.is_some(),
                "an Azure account is called with the gateway's identity",
                report,
            );
            let Some(account) = &backend.account else {
                report.push(
                    need(
                        context,
                        &here,
                        "account",
                        "an `azureOpenAI` backend needs its account",
                    )
                    .help("add `account: <name of the account>`"),
                );
                return None;
            };
            let account = place(account, &context.gateway.gateway);
            super::check_group(context, &["backends", key, "account"], &account, report);
            Some(Target::Account {
                kind: AccountKind::AzureOpenAi,
                account,
                deployments: deployments(backend),
            })
        }
        // Reported as not built before.
        model::BackendKind::Foundry | model::BackendKind::ContentSafety => None,
    }
}

fn deployments(backend: &model::Backend) -> Vec<Deployment> {
    let all = backend.deployments.iter().flatten();
    let deployments = all.map(|(name, deployment)| {
        let name = DeploymentName::parse(name).expect("shape: keys of deployments are model names");
        let model = deployment
            .as_ref()
            .and_then(|deployment| deployment.model.as_deref())
            .and_then(DeploymentName::parse);
        Deployment {
            model: model.unwrap_or_else(|| name.clone()),
            tokens_per_minute: deployment
                .as_ref()
                .and_then(|deployment| deployment.tokens_per_minute),
            name,
        }
    });
    deployments.collect()
}

fn place(account: &model::Account, service: &model::Service) -> ResourcePlace {
    match account {
        model::Account::Name(name) => ResourcePlace::new(name, None, None, service),
        model::Account::Reference(account) => ResourcePlace::new(
            &account.name,
            account.resource_group.as_deref(),
            account.subscription.as_deref(),
            service,
        ),
    }
}

fn need(context: &Context<'_>, here: &[&str], key: &str, says: &str) -> Diagnostic {
    Code::KindNeeds
        .at(context.key(here))
        .says(says)
        .because(format!("`{key}` is missing"))
}

fn refuse_key(
    context: &Context<'_>,
    here: &[&str],
    key: &str,
    is_there: bool,
    why: &str,
    report: &mut Report,
) {
    if is_there {
        let path: Vec<&str> = here.iter().copied().chain([key]).collect();
        report.push(
            Code::KindNeeds
                .at(context.key(&path))
                .says(format!("`{key}` does not belong to this kind of backend"))
                .because(why)
                .help(format!("remove `{key}`")),
        );
    }
}
