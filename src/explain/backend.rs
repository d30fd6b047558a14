//! A backend of the file, or one deployment of it: how it is reached, and who uses it.

use super::target::reached_at;
use super::words::{and, code, place};
use super::{Explanation, Item};
use crate::facts;
use crate::facts::route::{self, Token};
use crate::plan::{Api, Backend, BackendKind, Plan, Url};

pub(super) fn explanation(plan: &Plan, source: &str, name: String) -> Explanation {
    let own: Vec<&Backend> = plan.backends.iter().filter(|one| is_of(one, source)).collect();
    let account = own.iter().find_map(|one| route::account_of(plan, one));
    let mut explanation = Explanation {
        kind: "backend",
        name,
        title: match account {
            Some(account) => format!("the {} account {}", account.kind.name(), place(&account.place)),
            None => "an HTTP service".to_owned(),
        },
        facts: Vec::new(),
        parts: Vec::new(),
    };
    if let Some(account) = account {
        let deployments = account.deployments.iter().filter(|deployment| is_about(source, deployment.name.as_str()));
        let deployments: Vec<String> = deployments
            .map(|deployment| {
                let tokens = deployment.tokens_per_minute;
                let tokens = tokens.map_or(String::new(), |tokens| format!(", {tokens} tokens a minute"));
                format!("{} (model {}{tokens})", code(deployment.name.as_str()), code(deployment.model.as_str()))
            })
            .collect();
        if !deployments.is_empty() {
            explanation.fact("Deployments", and(&deployments));
        }
    }
    let reached = own.iter().map(|one| reached_at(plan, one, true)).collect();
    explanation.part("reached", "address", reached);
    explanation.part("credentials", "credentials", credentials(plan, &own));
    explanation.part("users", "used by", users(plan, &own));
    explanation
}

/// True if a backend of the service is this one, or a deployment of it.
fn is_of(backend: &Backend, source: &str) -> bool {
    let is_single = matches!(backend.kind, BackendKind::Single { .. });
    let rest = backend.source.strip_prefix(source);
    is_single && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// True if a deployment is the one that a name like `east/embed` means, or if all are meant.
fn is_about(source: &str, deployment: &str) -> bool {
    match source.split_once('/') {
        Some((_, named)) => named == deployment,
        None => true,
    }
}

/// Credentials that policies put into requests for it.
fn credentials(plan: &Plan, own: &[&Backend]) -> Vec<Item> {
    let who = super::words::identity(plan);
    let passes = own.iter().any(|backend| match &backend.kind {
        BackendKind::Single { url: Url::Host { backend: name, .. }, .. } => route::gets_authorization(plan, name),
        BackendKind::Single { .. } | BackendKind::Pool { .. } => false,
    });
    let has_secret = own.iter().any(|backend| matches!(&backend.kind, BackendKind::Single { credential: Some(_), .. }));
    let item = |api: &Api| {
        let name = code(api.name.as_str());
        let says = match route::token(plan, api, own) {
            Token::Always => format!("a token of {who} replaces the caller's `Authorization`"),
            Token::Never if passes => "the caller's `Authorization`, unchanged".to_owned(),
            Token::Never if has_secret => "the secret above; the caller's `Authorization` is removed".to_owned(),
            Token::Never => "none; the caller's `Authorization` is removed".to_owned(),
            Token::Sometimes => {
                format!("a token of {who} for some requests; `gatewright explain apis.{}` shows which", api.name)
            }
        };
        Item::new(format!("by API {name}: {says}"))
    };
    users_of(plan, own).into_iter().map(item).collect()
}

fn users_of<'a>(plan: &'a Plan, own: &[&Backend]) -> Vec<&'a Api> {
    facts::apis(plan, |api| {
        route::reached(plan, api).iter().any(|backend| own.iter().any(|one| one.key == backend.key))
    })
}

fn users(plan: &Plan, own: &[&Backend]) -> Vec<Item> {
    let mut items = Vec::new();
    for pool in &plan.pools {
        let mut members = pool.members.iter().map(|member| member.to.text());
        if members.any(|member| own.iter().any(|one| one.source == member)) {
            items.push(Item::new(format!("pool {}, as a member", code(pool.name.as_str()))));
        }
    }
    for api in users_of(plan, own) {
        let named = route::named(plan, api);
        let is_direct = own.iter().any(|one| named.iter().any(|backend| backend.key == one.key));
        let how = if is_direct { "" } else { " through a pool" };
        items.push(Item::new(format!("API {}{how}", code(api.name.as_str()))));
    }
    if items.is_empty() {
        items.push(Item::new("nothing"));
    }
    items
}
