//! GATEWAY.md, the page for people: views over the plan and its facts, and the filters that its templates see. The sentences are in
//! the templates.

mod access;
mod callers;
mod calls;
mod credentials;
mod custom;
mod environments;
pub mod filters;
mod keys;
mod page;
mod pools;
mod routes;
mod statuses;
mod streams;
mod troubles;

pub(super) use page::gateway;

use super::Fragment;
use super::prose::{Command, Prose};
use crate::facts;
use crate::facts::custom::Impact;
use crate::plan::{Account, Api, Insights, Plan};
use crate::resolve::ResourceRef;

/// The names of the APIs for which something holds.
fn names(plan: &Plan, holds: impl Fn(&Api) -> bool) -> Vec<&str> {
    api_names(facts::apis(plan, holds))
}

fn api_names<'a>(apis: impl IntoIterator<Item = &'a Api>) -> Vec<&'a str> {
    apis.into_iter().map(|api| api.name.as_str()).collect()
}

/// The APIs whose custom policies have an impact, each with those policies in brackets.
fn custom_policies(plan: &Plan, impact: Impact) -> Option<Fragment> {
    let apis = facts::custom::apis(plan, impact);
    let one = |(api, policies): &(&Api, Vec<&'static str>)| {
        Prose::code(&api.name).then(" (").join(&Prose::codes(policies)).then(")")
    };
    (!apis.is_empty()).then(|| Prose::joined(apis.iter().map(one), ", ").into())
}

/// A resource of Azure and where it is: `aoai` in `rg-ai`, subscription `…`.
fn place(place: &ResourceRef) -> Prose {
    let name = Prose::code(&place.name);
    let name = match &place.resource_group {
        Some(group) => name.then(" in ").join(&Prose::code(group)),
        None => name.then(" in the group of the service"),
    };
    match &place.subscription {
        Some(id) => name.then(", subscription ").join(&Prose::code(id)),
        None => name,
    }
}

/// An account, distinguished from others of the same name.
fn account(plan: &Plan, account: &Account) -> Prose {
    let name = Prose::fixed("account ").join(&Prose::code(&account.place.name));
    match &account.place.resource_group {
        Some(group) if facts::route::has_namesake(plan, account) => name.then(" in ").join(&Prose::code(group)),
        _ => name,
    }
}

/// The identity that the gateway calls backends with.
fn identity(plan: &Plan) -> Prose {
    match &plan.identity {
        Some(identity) => Prose::fixed("the user-assigned identity ").join(&place(identity)),
        None => Prose::fixed("the system-assigned identity of the service"),
    }
}

/// The resource group of the service as an argument.
fn group(plan: &Plan) -> Command {
    match &plan.service.resource_group {
        Some(group) => Command::fixed("").argument(group),
        None => Command::fixed("\"$GROUP\""),
    }
}

/// `--resource-group …` and `--subscription …` of a resource, or of the service.
fn group_arguments(plan: &Plan, place: Option<&ResourceRef>) -> Command {
    let own = place.and_then(|place| place.resource_group.as_ref());
    let group = own.map_or_else(|| group(plan), |group| Command::fixed("").argument(group));
    let arguments = Command::fixed("--resource-group ").join(&group);
    match place.and_then(|place| place.subscription.as_ref()) {
        Some(subscription) => arguments.then(" --subscription ").argument(subscription),
        None => arguments,
    }
}

/// The command that shows the component. The one that is made for components takes an extension, which asks to be installed.
fn show_component(plan: &Plan, insights: &Insights) -> Command {
    show(plan, "az resource show --resource-type Microsoft.Insights/components", &insights.place)
}

/// The command that shows a resource with a name.
fn show(plan: &Plan, command: &'static str, place: &ResourceRef) -> Command {
    let command = Command::fixed(command).then(" --name ").argument(&place.name);
    command.then(" ").join(&group_arguments(plan, Some(place)))
}
