//! A backend of the file, or one deployment of it: how it is reached, and who uses it.

use super::target::reached_at;
use super::words::{account, and, code, place};
use super::{Explanation, Item};
use crate::catalogue::Section;
use crate::plan::policy::{Content, Element, Reference, Text};
use crate::plan::{Account, Api, Backend, BackendKind, Plan, Url};
use crate::resolve::Credential;

pub(super) fn explanation(plan: &Plan, source: &str, name: String) -> Explanation {
    let own: Vec<&Backend> = plan.backends.iter().filter(|one| is_of(one, source)).collect();
    let account = own.iter().find_map(|one| account_of(plan, one));
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
    explanation.part("reached", "how it is reached", reached);
    explanation.part("shown", "what it is shown", shown(plan, &own));
    explanation.part("users", "who uses it", users(plan, &own));
    explanation
}

/// Whether a backend of the service is this one, or a deployment of it.
fn is_of(backend: &Backend, source: &str) -> bool {
    let is_single = matches!(backend.kind, BackendKind::Single { .. });
    let rest = backend.source.strip_prefix(source);
    is_single && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a deployment is the one that a name like `east/embed` means, or one of all.
fn is_about(source: &str, deployment: &str) -> bool {
    match source.split_once('/') {
        Some((_, named)) => named == deployment,
        None => true,
    }
}

fn account_of<'a>(plan: &'a Plan, backend: &Backend) -> Option<&'a Account> {
    match &backend.kind {
        BackendKind::Single { url: Url::Account { account: key, .. }, .. } => Some(account(plan, key)),
        BackendKind::Single { .. } | BackendKind::Pool { .. } => None,
    }
}

/// Credentials that policies put into requests for it.
fn shown(plan: &Plan, own: &[&Backend]) -> Vec<Item> {
    let who = super::words::identity(plan);
    let mut services = plan.services.iter();
    let passes = services.any(|service| {
        service.credential == Credential::PassThrough
            && own.iter().any(|backend| backend.source == service.backend.as_str())
    });
    let has_secret = own.iter().any(|backend| matches!(&backend.kind, BackendKind::Single { credential: Some(_), .. }));
    let item = |api: &Api| {
        let name = code(api.name.as_str());
        let says = match token(plan, api, own) {
            Token::Always => format!("a token of {who}, in place of the caller's `Authorization`"),
            Token::Never if passes => "the caller's `Authorization`, as it comes".to_owned(),
            Token::Never if has_secret => "the secret above; the caller's `Authorization` is removed".to_owned(),
            Token::Never => "no token: the caller's `Authorization` is removed".to_owned(),
            Token::Sometimes => {
                format!("a token of {who} with some requests; `gatewright explain apis.{}` shows which", api.name)
            }
        };
        Item::new(format!("by API {name}: {says}"))
    };
    users_of(plan, own).into_iter().map(item).collect()
}

/// Whether requests of an API that go to a backend carry a token of the gateway's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Always,
    Never,
    Sometimes,
}

fn token(plan: &Plan, api: &Api, own: &[&Backend]) -> Token {
    let is_own = |resource: &str| leads_to(plan, resource, own);
    let mut outside = Token::Never;
    let mut found = Vec::new();
    for (section, elements) in api.policy.parts() {
        collect(elements, outside, &is_own, &mut found);
        // A token of the inbound section is there when a later section chooses the backend.
        if section == Some(Section::Inbound) {
            outside = match elements.iter().any(is_token) {
                true => Token::Always,
                false if elements.iter().any(|element| any(element, &is_token)) => Token::Sometimes,
                false => Token::Never,
            };
        }
    }
    let first = found.first().copied().unwrap_or(Token::Never);
    match found.iter().all(|token| *token == first) {
        true => first,
        false => Token::Sometimes,
    }
}

/// For each place where a backend is chosen: whether a token is made beside it or around it.
fn collect(elements: &[Element], outside: Token, is_own: &impl Fn(&str) -> bool, found: &mut Vec<Token>) {
    let here = match elements.iter().any(is_token) {
        true => Token::Always,
        false => outside,
    };
    for element in elements {
        let mut attributes = element.attributes();
        let is_chosen = element.name() == "set-backend-service"
            && attributes.any(|(_, value)| matches!(value, Text::Literal(text) if is_own(text.as_str())));
        if is_chosen {
            found.push(here);
        }
        if let Content::Elements(inside) = element.content() {
            collect(inside, here, is_own, found);
        }
    }
}

fn is_token(element: &Element) -> bool {
    element.name() == "authentication-managed-identity"
}

fn any(element: &Element, is: &impl Fn(&Element) -> bool) -> bool {
    is(element)
        || matches!(element.content(), Content::Elements(inside) if inside.iter().any(|element| any(element, is)))
}

fn users_of<'a>(plan: &'a Plan, own: &[&Backend]) -> Vec<&'a Api> {
    let reaches = |api: &&Api| {
        let mut references = api.policy.references().into_iter();
        references.any(|reference| match reference {
            Reference::Backend(resource) => leads_to(plan, resource, own),
            Reference::Fragment(_) | Reference::Logger(_) | Reference::NamedValue(_) => false,
        })
    };
    plan.apis.iter().filter(reaches).collect()
}

fn leads_to(plan: &Plan, resource: &str, own: &[&Backend]) -> bool {
    let Some(backend) = super::words::backend(plan, resource) else {
        return false;
    };
    let is_own = |key: &str| own.iter().any(|one| one.key == key);
    match &backend.kind {
        BackendKind::Single { .. } => is_own(&backend.key),
        BackendKind::Pool { members, .. } => members.iter().any(|member| is_own(&member.key)),
    }
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
        let named = api.policy.references();
        let is_direct = own.iter().any(|one| named.contains(&Reference::Backend(one.resource.as_str())));
        let how = if is_direct { "" } else { " through a pool" };
        items.push(Item::new(format!("API {}{how}", code(api.name.as_str()))));
    }
    if items.is_empty() {
        items.push(Item::new("nothing does"));
    }
    items
}
