//! Backends: what their kind needs, the accounts behind them, the names they get in the service.

use std::collections::BTreeMap;

use super::Context;
use super::name::{DeploymentName, LONGEST_RESOURCE_NAME, Name, ResourceName};
use super::service::{Place as ResourcePlace, PlaceIdentity, Service};
use crate::catalogue::kind::AccountKind;
use crate::diag::{Code, Diagnostic, Place, Report, closest};
use crate::model;

/// Where requests go.
#[derive(Debug)]
pub struct Backend {
    /// Its name in the file.
    pub name: Name,
    /// What it is.
    pub target: Target,
}

/// What a backend is.
#[derive(Debug)]
pub enum Target {
    /// An Azure AI account as a whole.
    Account {
        /// What it is.
        kind: AccountKind,
        /// Name and place of the account.
        account: ResourcePlace,
        /// Its name in the service.
        resource: ResourceName,
    },
    /// Deployments of an Azure AI account, each a backend of its own in the service; at least one.
    Deployments {
        /// What it is.
        kind: AccountKind,
        /// Name and place of the account.
        account: ResourcePlace,
        /// The deployments, by name.
        deployments: Vec<Deployment>,
    },
    /// Any other HTTP service.
    Http {
        /// Its URL, without a slash at the end.
        url: String,
        /// Its name in the service.
        resource: ResourceName,
    },
}

impl Target {
    /// The account and what it is, if there is one.
    pub fn account(&self) -> Option<(&ResourcePlace, AccountKind)> {
        match self {
            Self::Account { account, kind, .. } | Self::Deployments { account, kind, .. } => {
                Some((account, *kind))
            }
            Self::Http { .. } => None,
        }
    }

    /// The deployments that are listed.
    pub fn deployments(&self) -> &[Deployment] {
        match self {
            Self::Deployments { deployments, .. } => deployments,
            Self::Account { .. } | Self::Http { .. } => &[],
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
    /// Its name in the service.
    pub resource: ResourceName,
}

pub(super) fn resolve(
    context: &Context<'_>,
    service: &Service,
    report: &mut Report,
) -> BTreeMap<Name, Backend> {
    let mut backends = BTreeMap::new();
    let mut names = Names::new("backends share one space of names in API Management");
    for (key, backend) in &context.gateway.backends {
        let name = Name::parse(key).expect("shape: keys of backends are names");
        if let Some(target) = target(context, service, key, backend, &mut names, report) {
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
    service: &Service,
    key: &str,
    backend: &model::Backend,
    names: &mut Names,
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
            let resource = names.take(&service.prefix, &[key], context.key(&here), report)?;
            Some(Target::Http {
                url: url.clone(),
                resource,
            })
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
            let account = place(account).spelled_like(&context.gateway.gateway);
            super::check_group(context, &["backends", key, "account"], &account, report);
            let is_listed = backend
                .deployments
                .as_ref()
                .is_some_and(|all| !all.is_empty());
            Some(if is_listed {
                // What is refused among them was reported.
                let deployments = deployments(context, service, key, backend, names, report);
                Target::Deployments {
                    kind: AccountKind::AzureOpenAi,
                    account,
                    deployments,
                }
            } else {
                let at = context.key(&here);
                let resource = names.take(&service.prefix, &[key], at, report)?;
                Target::Account {
                    kind: AccountKind::AzureOpenAi,
                    account,
                    resource,
                }
            })
        }
        // Reported as not built before.
        model::BackendKind::Foundry | model::BackendKind::ContentSafety => None,
    }
}

fn deployments(
    context: &Context<'_>,
    service: &Service,
    key: &str,
    backend: &model::Backend,
    names: &mut Names,
    report: &mut Report,
) -> Vec<Deployment> {
    let mut deployments = Vec::new();
    for (name, deployment) in backend.deployments.iter().flatten() {
        let at = context.key(&["backends", key, "deployments", name]);
        let Some(resource) = names.take(&service.prefix, &[key, name], at, report) else {
            continue;
        };
        let name = DeploymentName::parse(name).expect("shape: keys of deployments are model names");
        let model = deployment
            .as_ref()
            .and_then(|deployment| deployment.model.as_deref())
            .and_then(DeploymentName::parse);
        deployments.push(Deployment {
            model: model.unwrap_or_else(|| name.clone()),
            tokens_per_minute: deployment
                .as_ref()
                .and_then(|deployment| deployment.tokens_per_minute),
            name,
            resource,
        });
    }
    deployments
}

fn place(account: &model::Account) -> ResourcePlace {
    match account {
        model::Account::Name(name) => ResourcePlace {
            name: name.clone(),
            resource_group: None,
            subscription: None,
        },
        model::Account::Reference(account) => ResourcePlace {
            name: account.name.clone(),
            resource_group: account.resource_group.clone(),
            subscription: account
                .subscription
                .as_ref()
                .map(|id| id.to_ascii_lowercase()),
        },
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

/// Names that were given in one space, to find two that are the same.
pub(super) struct Names {
    /// What has a name: where it stands, and what the file calls it.
    taken: BTreeMap<ResourceName, (Place, String)>,
    why: &'static str,
}

impl Names {
    pub(super) fn new(why: &'static str) -> Self {
        Self {
            taken: BTreeMap::new(),
            why,
        }
    }

    /// Gives a name to what stands at a place, unless it is too long or taken.
    pub(super) fn take(
        &mut self,
        prefix: &str,
        parts: &[&str],
        at: Place,
        report: &mut Report,
    ) -> Option<ResourceName> {
        let Some(name) = ResourceName::join(prefix, parts) else {
            let name = format!("{prefix}{}", parts.join("-"));
            let help = match (parts, prefix) {
                ([_], _) => "shorten the name, or `gateway.prefix`",
                (_, "") => "shorten one of the two names that are joined",
                _ => "shorten one of the two names that are joined, or `gateway.prefix`",
            };
            report.push(
                Code::NameTooLong
                    .at(at)
                    .says(format!("`{name}` is too long as a name in the service"))
                    .because(format!(
                        "this makes it {} characters, and {LONGEST_RESOURCE_NAME} fit",
                        name.chars().count()
                    ))
                    .help(help),
            );
            return None;
        };
        let called = parts.join("/");
        if let Some((first, other)) = self.taken.get(&name) {
            report.push(
                Code::NameCollision
                    .at(at)
                    .says(format!(
                        "`{other}` and `{called}` would both be called `{name}` in the service"
                    ))
                    .because(self.why)
                    .also(first.clone(), format!("this is `{name}` already"))
                    .help("rename one of the two"),
            );
            return None;
        }
        self.taken.insert(name.clone(), (at, called));
        Some(name)
    }
}

/// Finds what a `backend` or `backend/deployment` names.
pub(super) fn find<'a>(
    context: &Context<'_>,
    backends: &'a BTreeMap<Name, Backend>,
    reference: &str,
    at: Place,
    report: &mut Report,
) -> Option<(&'a Backend, Option<&'a Deployment>)> {
    let (backend_name, deployment_name) = match reference.split_once('/') {
        Some((backend, deployment)) => (backend, Some(deployment)),
        None => (reference, None),
    };
    // What is wrong with its shape was said, and says nothing about who refers to it.
    if context
        .lost
        .touches(&context.path(&["backends", backend_name]))
    {
        return None;
    }
    let Some(declared) = context.gateway.backends.get(backend_name) else {
        // A pool is not built yet, which was said where it is declared.
        if context.gateway.pools.contains_key(reference) {
            return None;
        }
        let known = context.gateway.backends.keys().map(String::as_str);
        let finding = Code::UnknownBackend.at(at);
        let mut finding = if backend_name.is_empty() {
            finding
                .says("a target names no backend")
                .because("a backend comes first: `backend`, or `backend/deployment`")
        } else {
            finding
                .says(format!("no backend is called `{backend_name}`"))
                .because("this is not a key of `backends`")
        };
        finding = finding.help_if(closest(backend_name, known), |name| {
            format!("did you mean `{name}`?")
        });
        if finding.help.is_empty() {
            finding = finding.help(match context.gateway.backends.len() {
                0 => "declare it: `backends: { openai: { kind: azureOpenAI, account: aoai-contoso } }`".to_owned(),
                _ => format!(
                    "backends of this file: {}",
                    list(context.gateway.backends.keys())
                ),
            });
        } else {
            finding = finding.also(context.key(&["backends"]), "backends are declared here");
        }
        report.push(finding);
        return None;
    };
    if let Some(deployment) = deployment_name
        && !declared
            .deployments
            .as_ref()
            .is_some_and(|known| known.contains_key(deployment))
    {
        report.push(unknown_deployment(
            context,
            backend_name,
            declared,
            deployment,
            at,
        ));
        return None;
    }
    // Absent if the backend itself was refused.
    let backend = backends.get(&Name::parse(backend_name)?)?;
    let Some(name) = deployment_name else {
        return Some((backend, None));
    };
    let mut deployments = backend.target.deployments().iter();
    let deployment = deployments.find(|deployment| deployment.name.as_str() == name)?;
    Some((backend, Some(deployment)))
}

fn unknown_deployment(
    context: &Context<'_>,
    backend: &str,
    declared: &model::Backend,
    deployment: &str,
    at: Place,
) -> Diagnostic {
    let finding = Code::UnknownDeployment.at(at).also(
        context.key(&["backends", backend]),
        "the backend is declared here",
    );
    if deployment.is_empty() {
        return finding
            .says(format!("`{backend}/` names no deployment"))
            .because("nothing stands behind the slash")
            .help(format!("write `{backend}`, or a deployment behind it"));
    }
    let finding = finding.says(format!(
        "backend `{backend}` has no deployment `{deployment}`"
    ));
    if declared.kind == model::BackendKind::Http {
        return finding
            .because("an `http` backend has no deployments")
            .help(format!("write `{backend}` alone"));
    }
    let names: Vec<&String> = declared
        .deployments
        .iter()
        .flatten()
        .map(|(name, _)| name)
        .collect();
    let finding = finding.because("it is not a key of the backend's `deployments`");
    match closest(deployment, names.iter().map(|name| name.as_str())) {
        Some(name) => finding.help(format!("did you mean `{backend}/{name}`?")),
        None if names.is_empty() => finding.help(format!(
            "list it: `deployments: {{ {deployment}: {{}} }}`, or make the whole account the target: `{backend}`"
        )),
        None => finding.help(format!("its deployments: {}", list(names.into_iter()))),
    }
}

/// Names in backticks, the first ten.
pub(super) fn list<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let mut names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.len() > 10 {
        let more = names.len() - 10;
        names.truncate(10);
        names.push(format!("{more} more"));
    }
    names.join(", ")
}
