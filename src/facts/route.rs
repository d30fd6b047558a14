//! The operations of an API, the destinations of its requests, and the credentials.

use super::element;
use crate::catalogue::surface::{ModelIn, Surface};
use crate::catalogue::{COOKIE, PATH_POLICY_ID, Section};
use crate::plan::policy::{Element, Reference};
use crate::plan::{Account, AccountId, Api, Backend, BackendKind, Plan, ServedModel, Upstream, Url};
use crate::resolve::name::Name;
use crate::resolve::{Credential, Pool};

/// The requests that an API accepts.
#[derive(Debug)]
pub enum Offer<'a> {
    /// These models.
    Models(Vec<&'a str>),
    /// Every deployment of the account.
    Account,
    /// This deployment, whichever one the path names.
    Deployment(&'a str),
    /// Any model that the HTTP service supports.
    AnyModel,
    /// A pool of deployments, whichever one the path names.
    PoolOfDeployments(&'a Pool),
    /// Every deployment that the members of the pool have.
    PoolOfAccounts(&'a Pool),
    /// The operations of a REST API.
    Rest,
}

/// The requests that an API accepts.
pub fn offer<'a>(plan: &'a Plan, api: &'a Api) -> Offer<'a> {
    let models: Vec<&str> = models(api).collect();
    if !models.is_empty() {
        return Offer::Models(models);
    }
    if !api.surface.is_model() {
        return Offer::Rest;
    }
    match &api.serves[0].by {
        Upstream::Account { .. } => Offer::Account,
        Upstream::Deployment { deployment, .. } => Offer::Deployment(deployment),
        Upstream::Http { .. } => Offer::AnyModel,
        Upstream::Pool { pool, .. } => {
            let pool = &plan[*pool];
            if pool.is_of_deployments() { Offer::PoolOfDeployments(pool) } else { Offer::PoolOfAccounts(pool) }
        }
    }
}

/// The models that an API lists.
pub fn models(api: &Api) -> impl Iterator<Item = &str> {
    api.serves.iter().filter_map(|served| served.model.as_deref())
}

/// The operations that an API allows.
#[derive(Debug)]
pub enum Operations<'a> {
    /// Any method and path.
    Any,
    /// Those of the definition that the service fetches from this URL at deployment.
    Linked(&'a str),
    /// These: method in upper case, and path.
    Listed(&'a [(String, String)]),
}

/// The operations that an API allows.
pub fn operations(api: &Api) -> Operations<'_> {
    match api.link() {
        _ if api.is_open_ended() => Operations::Any,
        Some(link) => Operations::Linked(link),
        None => Operations::Listed(&api.operations),
    }
}

/// The account whose deployments an API serves by their own names, if all that it serves are such.
pub fn one_account<'a>(plan: &'a Plan, api: &Api) -> Option<&'a Account> {
    let own = |served: &ServedModel| match (&served.by, &served.model) {
        (Upstream::Deployment { account, deployment }, Some(model)) if deployment == model => Some(*account),
        _ => None,
    };
    let first = own(api.serves.first()?)?;
    api.serves.iter().all(|served| own(served) == Some(first)).then(|| &plan[first])
}

/// True if another account has the same name, in another resource group.
pub fn has_namesake(plan: &Plan, account: &Account) -> bool {
    plan.accounts.iter().filter(|other| other.place.name == account.place.name).count() > 1
}

/// True if paths of an API must name a deployment although no operations are listed, because they are split after it.
pub fn needs_deployment(plan: &Plan, api: &Api) -> bool {
    !api.lists_operations()
        && api.surface.model_in() == ModelIn::Path
        && (api.is_by_model() || api.serves.iter().any(|served| is_deployment(plan, &served.by)))
}

fn is_deployment(plan: &Plan, by: &Upstream) -> bool {
    match by {
        Upstream::Deployment { .. } => true,
        Upstream::Pool { pool, .. } => plan[*pool].is_of_deployments(),
        Upstream::Account { .. } | Upstream::Http { .. } => false,
    }
}

/// True if the policy of an API refuses paths that lead out of the backend's base path.
pub fn guards_path(api: &Api) -> bool {
    let mut is_there = false;
    own(api, |element| {
        let mut attributes = element.attributes();
        is_there |= attributes.any(|(name, value)| name == "id" && value.plain() == Some(PATH_POLICY_ID));
    });
    is_there
}

/// The headers that the policy of an API removes from each request, in its order; custom policies may remove more.
pub fn removed_headers(api: &Api) -> Vec<&str> {
    let inbound = api.policy.parts().into_iter().filter(|(section, _)| *section == Some(Section::Inbound));
    let own = inbound.flat_map(|(_, elements)| elements).filter(|element| !element.is_included());
    own.filter(|element| element.name() == "set-header")
        .filter_map(|element| {
            let value =
                |wanted| element.attributes().find(|(name, _)| *name == wanted).and_then(|(_, value)| value.plain());
            value("name").filter(|_| value("exists-action") == Some("delete"))
        })
        .collect()
}

/// What becomes of the caller's `Authorization` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authorization {
    /// A token of the gateway's identity takes its place in every request.
    Replaced,
    /// It ends at the gateway.
    Removed,
    /// Every request keeps it.
    Passed,
    /// Some requests keep it.
    PassedByModel,
}

/// What becomes of the caller's `Authorization` header.
pub fn authorization(api: &Api) -> Authorization {
    let all = |holds: fn(&Credential) -> bool| api.serves.iter().all(|served| holds(&served.credential));
    if all(|credential| matches!(credential, Credential::Identity(_))) {
        Authorization::Replaced
    } else if all(|credential| *credential == Credential::PassThrough) {
        Authorization::Passed
    } else if passes_authorization(api) {
        Authorization::PassedByModel
    } else {
        Authorization::Removed
    }
}

/// True if callers' cookies end at the gateway.
pub fn removes_cookies(api: &Api) -> bool {
    removed_headers(api).contains(&COOKIE)
}

/// Visits Gatewright's own elements of the inbound section of an API.
fn own(api: &Api, mut visit: impl FnMut(&Element)) {
    for (section, elements) in api.policy.parts() {
        if section == Some(Section::Inbound) {
            element::walk(elements, &mut Vec::new(), &mut |element, _| {
                if !element.is_included() {
                    visit(element);
                }
            });
        }
    }
}

/// True if callers of an API share all that the gateway's identity may do at an account, stored files and responses as well.
pub fn shares_account(plan: &Plan, api: &Api) -> bool {
    api.is_open_ended()
        && api.serves.iter().any(|served| {
            let is_whole = api.surface.model_in() == ModelIn::Body || !is_deployment(plan, &served.by);
            is_whole && served.accounts().next().is_some()
        })
}

/// The path of a chat completion below the URL of an API that lists none.
pub fn chat_path(api: &Api) -> Option<&'static str> {
    if api.lists_operations() {
        return None;
    }
    match api.surface {
        Surface::AzureOpenAi => Some("/deployments/{deployment}/chat/completions"),
        Surface::OpenAi | Surface::FoundryModels => Some("/chat/completions"),
        Surface::Anthropic => Some("/v1/messages"),
        Surface::Rest => None,
    }
}

/// True if some requests of an API keep the caller's `Authorization` header.
pub fn passes_authorization(api: &Api) -> bool {
    api.serves.iter().any(|served| served.credential == Credential::PassThrough)
}

/// True if an HTTP service receives the caller's `Authorization` header.
pub fn gets_authorization(plan: &Plan, backend: &Name) -> bool {
    let mut services = plan.services.iter();
    services.any(|service| service.backend == *backend && service.credential == Credential::PassThrough)
}

/// The backend or pool of the service with this name there.
pub fn backend<'a>(plan: &'a Plan, resource: &str) -> Option<&'a Backend> {
    plan.backends.iter().find(|backend| backend.resource.as_str() == resource)
}

/// The single backends that a backend or pool consists of.
pub fn members<'a>(plan: &'a Plan, backend: &'a Backend) -> Vec<&'a Backend> {
    match &backend.kind {
        BackendKind::Single { .. } => vec![backend],
        BackendKind::Pool { members, .. } => members.iter().map(|member| &plan[member.backend]).collect(),
    }
}

/// The single backends that requests of an API may reach, members of pools as well.
pub fn reached<'a>(plan: &'a Plan, api: &Api) -> Vec<&'a Backend> {
    let mut reached: Vec<&Backend> = Vec::new();
    for one in named(plan, api).into_iter().flat_map(|backend| members(plan, backend)) {
        if !reached.iter().any(|known| known.resource == one.resource) {
            reached.push(one);
        }
    }
    reached
}

/// The backends and pools that the policy of an API names.
pub fn named<'a>(plan: &'a Plan, api: &Api) -> Vec<&'a Backend> {
    let references = api.policy.references().into_iter();
    let named = references.filter_map(|reference| match reference {
        Reference::Backend(resource) => backend(plan, resource),
        Reference::Fragment(_) | Reference::Logger(_) | Reference::NamedValue(_) => None,
    });
    named.collect()
}

/// The account that a backend is at.
pub fn account_of<'a>(plan: &'a Plan, backend: &Backend) -> Option<&'a Account> {
    Some(&plan[account_id(plan, backend)?])
}

fn account_id(plan: &Plan, backend: &Backend) -> Option<AccountId> {
    match &backend.kind {
        BackendKind::Single { url: Url::Account { backend, .. }, .. } => Some(plan[*backend].account),
        BackendKind::Single { .. } | BackendKind::Pool { .. } => None,
    }
}

/// True if requests to a backend carry a token of the gateway's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// All of them.
    Always,
    /// None of them.
    Never,
    /// Some of them.
    Sometimes,
}

/// True if requests of an API to some single backends carry a token of the gateway's identity.
pub fn token(plan: &Plan, api: &Api, backends: &[&Backend]) -> Token {
    let leads_there = |served: &&ServedModel| backends.iter().any(|backend| leads_to(plan, &served.by, backend));
    let has_token = |served: &ServedModel| matches!(served.credential, Credential::Identity(_));
    let served: Vec<bool> = api.serves.iter().filter(leads_there).map(has_token).collect();
    match (served.contains(&true), served.contains(&false)) {
        (true, false) => Token::Always,
        (false, _) => Token::Never,
        (true, true) => Token::Sometimes,
    }
}

fn leads_to(plan: &Plan, by: &Upstream, backend: &Backend) -> bool {
    let is_at = |account: &AccountId| account_id(plan, backend) == Some(*account);
    let own = backend.source.split_once('/').map(|(_, deployment)| deployment);
    match by {
        Upstream::Account { account } => is_at(account),
        Upstream::Deployment { account, deployment } => is_at(account) && own.is_none_or(|own| own == deployment),
        Upstream::Http { backend: name, .. } => backend.source == name.as_str(),
        Upstream::Pool { pool, .. } => plan[*pool].members.iter().any(|member| member.to.text() == backend.source),
    }
}
