//! Gateways of one run that would harm each other when both are deployed: one of them cannot see that by itself. Pure.

use std::collections::BTreeMap;

use camino::Utf8Path;

use crate::catalogue::role::Role;
use crate::diag::{Code, Diagnostic, Location};
use crate::model::path_of;
use crate::plan::{Plan, TELEMETRY_ROLE, VAULT_ROLE};
use crate::resolve::ResourceRef;
use crate::source::FileId;

/// A gateway of a run that can be deployed.
pub(super) struct One<'a> {
    /// The gateway file, as the run names it.
    pub(super) path: &'a Utf8Path,
    /// The file in the findings of its gateway.
    pub(super) file: FileId,
    /// Its plan.
    pub(super) plan: &'a Plan,
}

/// The number of files that a finding names.
const NAMED: usize = 3;

/// The findings about gateways that share what must be one gateway's, each with the position of the gateway that it is reported for:
/// the last of those that share it.
pub(super) fn findings(all: &[One<'_>]) -> Vec<(usize, Diagnostic)> {
    let same = same_prefix(all);
    let mut found: Vec<(usize, Diagnostic)> = same.iter().map(|group| shared_prefix(all, group)).collect();
    // Gateways with one prefix share everything else as a consequence.
    let is_said = |group: &[usize]| same.iter().any(|same| group.iter().all(|one| same.contains(one)));
    let mut add = |groups: Vec<(Thing, Vec<usize>)>| {
        let unsaid = groups.into_iter().filter(|(_, group)| !is_said(group));
        found.extend(unsaid.map(|(thing, group)| thing.shared(all, &group)));
    };
    add(first_of_each(grouped(all, names)));
    add(grouped(all, paths));
    add(roles(all));
    found
}

/// The gateways of each service that have one prefix, where there are several.
fn same_prefix(all: &[One<'_>]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (at, one) in all.iter().enumerate() {
        groups.entry((service(one.plan), one.plan.deployment_name().to_lowercase())).or_default().push(at);
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// The service of a gateway. Its name is unique in all of Azure.
fn service(plan: &Plan) -> String {
    plan.service.name.to_lowercase()
}

fn shared_prefix(all: &[One<'_>], group: &[usize]) -> (usize, Diagnostic) {
    let (last, before) = group.split_last().expect("together: a group has members");
    let one = &all[*last];
    let service = &one.plan.service;
    let (key, which) = match service.prefix.trim_end_matches('-') {
        "" => ("name", "no prefix".to_owned()),
        prefix => ("prefix", format!("the prefix `{prefix}`")),
    };
    let finding = Code::SharedPrefix
        .at(Location::value(one.file, path_of(&["gateway", key])))
        .says(format!("another gateway of service `{}` also has {which}: {}", service.name, files(all, before)))
        .because("their deployment stacks have one name, so each would delete the resources of the other")
        .help("set a `gateway.prefix` that no other gateway of the service has");
    (*last, finding)
}

/// Something that only one gateway of a service may have.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    /// A resource of the service, by type and name.
    Name(&'static str, String),
    /// The path of an API.
    Path(String),
    /// A role assignment: the role, and the resource in words.
    Assignment { role: String, scope: String },
}

impl Thing {
    fn shared(&self, all: &[One<'_>], group: &[usize]) -> (usize, Diagnostic) {
        let (last, before) = group.split_last().expect("together: a group has members");
        let one = &all[*last];
        let plan = one.plan;
        let others = files(all, before);
        let key = |keys: &[&str]| Location::value(one.file, path_of(keys));
        let finding = match self {
            Self::Name(kind, name) => Code::SharedName
                .at(key(&["gateway", if plan.service.prefix.is_empty() { "name" } else { "prefix" }]))
                .says(format!("another gateway of the service also creates the {kind} `{name}`: {others}"))
                .because(format!("each deployment would overwrite the {kind} of the other"))
                .help("set a `gateway.prefix` with which the names differ"),
            Self::Path(path) => {
                let api = plan.apis.iter().find(|api| api.path.to_lowercase() == *path);
                let api = api.map_or("", |api| api.name.as_str());
                Code::SharedPath
                    .at(key(&["apis", api, "path"]))
                    .says(format!("another gateway of the service also has an API with the path `{path}`: {others}"))
                    .because("API Management rejects a second API with this path")
                    .help("give one of the two APIs another path, for example one that starts with the team")
            }
            Self::Assignment { role, scope } => Code::SharedRole
                .at(key(&["gateway", "name"]))
                .says(format!("another gateway also assigns the role {role} on {scope}: {others}"))
                .because("both would own one role assignment: a deployment that removes it cuts off the other gateway")
                .help("set `gateway.roles: skip` in all of them but one, or in all of them if the role is assigned elsewhere"),
        };
        (*last, finding)
    }
}

/// The first files of a group.
fn files(all: &[One<'_>], group: &[usize]) -> String {
    let mut names: Vec<String> = group.iter().take(NAMED).map(|at| format!("`{}`", all[*at].path)).collect();
    if let Some(more) = group.len().checked_sub(NAMED).filter(|more| *more > 0) {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

/// What several gateways of one service have.
fn grouped(all: &[One<'_>], things: fn(&Plan) -> Vec<Thing>) -> Vec<(Thing, Vec<usize>)> {
    let mut groups: BTreeMap<(String, Thing), Vec<usize>> = BTreeMap::new();
    for (at, one) in all.iter().enumerate() {
        let mut things = things(one.plan);
        things.sort();
        things.dedup();
        for thing in things {
            groups.entry((service(one.plan), thing)).or_default().push(at);
        }
    }
    groups.into_iter().filter(|(_, group)| group.len() > 1).map(|((_, thing), group)| (thing, group)).collect()
}

/// One thing for each group of gateways: what makes one name equal mostly makes several equal.
fn first_of_each(mut groups: Vec<(Thing, Vec<usize>)>) -> Vec<(Thing, Vec<usize>)> {
    groups.sort_by(|(thing, group), (other, its)| (group, thing).cmp(&(its, other)));
    groups.dedup_by(|(_, group), (_, first)| group == first);
    groups
}

/// The names of all resources in the service. They are in lower case.
fn names(plan: &Plan) -> Vec<Thing> {
    let apis = plan.apis.iter().map(|api| ("API", api.resource.to_string()));
    let subscriptions = plan.apis.iter().flat_map(|api| {
        let of_api = api.subscriptions.iter();
        of_api.map(|caller| ("subscription", format!("{}-{caller}", api.resource)))
    });
    let backends = plan.backends.iter().map(|backend| ("backend", backend.resource.to_string()));
    let values = plan.named_values.iter().map(|value| ("named value", value.resource.to_string()));
    let insights = plan.insights.iter().flat_map(|insights| {
        [("logger", insights.logger.to_string()), ("named value", insights.connection_string.to_string())]
    });
    let all = apis.chain(subscriptions).chain(backends).chain(values).chain(insights);
    all.map(|(kind, name)| Thing::Name(kind, name)).collect()
}

/// The paths of its APIs.
fn paths(plan: &Plan) -> Vec<Thing> {
    plan.apis.iter().map(|api| Thing::Path(api.path.to_lowercase())).collect()
}

/// A role assignment that a gateway creates.
struct Assignment<'a> {
    plan: &'a Plan,
    role: Role,
    kind: &'static str,
    scope: &'a ResourceRef,
}

impl Assignment<'_> {
    /// True if it is the other one: role, identity and scope are the same.
    fn is(&self, other: &Self) -> bool {
        self.role == other.role
            && self.kind == other.kind
            && are_one((self.plan, self.scope), (other.plan, other.scope))
            && match (&self.plan.identity, &other.plan.identity) {
                (None, None) => service(self.plan) == service(other.plan),
                (Some(own), Some(its)) => are_one((self.plan, own), (other.plan, its)),
                _ => false,
            }
    }
}

/// True if two names mean one resource, as far as the files say where it is.
fn are_one(one: (&Plan, &ResourceRef), other: (&Plan, &ResourceRef)) -> bool {
    let may_be = |one: Option<&String>, other: Option<&String>| match (one, other) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        // Known to the deployment only.
        _ => true,
    };
    let group = |(plan, place): (&Plan, &ResourceRef)| {
        place.resource_group.clone().or_else(|| plan.service.resource_group.clone())
    };
    one.1.name.eq_ignore_ascii_case(&other.1.name)
        && may_be(group(one).as_ref(), group(other).as_ref())
        && may_be(one.1.subscription.as_ref(), other.1.subscription.as_ref())
}

fn assignments(plan: &Plan) -> Vec<Assignment<'_>> {
    if !plan.assigns_roles() {
        return Vec::new();
    }
    let accounts = plan.accounts.iter().flat_map(|account| {
        account.roles.keys().map(|role| Assignment { plan, role: *role, kind: "account", scope: &account.place })
    });
    let vaults = plan.vaults.iter();
    let vaults = vaults.map(|vault| Assignment { plan, role: VAULT_ROLE, kind: "key vault", scope: &vault.place });
    let component = plan.insights.iter();
    let component = component.map(|insights| Assignment {
        plan,
        role: TELEMETRY_ROLE,
        kind: "Application Insights component",
        scope: &insights.place,
    });
    accounts.chain(vaults).chain(component).collect()
}

/// The role assignments that several gateways create.
fn roles(all: &[One<'_>]) -> Vec<(Thing, Vec<usize>)> {
    let mut groups: Vec<(Assignment<'_>, Vec<usize>)> = Vec::new();
    for (at, one) in all.iter().enumerate() {
        for assignment in assignments(one.plan) {
            match groups.iter_mut().find(|(known, _)| known.is(&assignment)) {
                Some((_, group)) if group.last() == Some(&at) => {}
                Some((_, group)) => group.push(at),
                None => groups.push((assignment, vec![at])),
            }
        }
    }
    let shared = groups.into_iter().filter(|(_, group)| group.len() > 1);
    let shared = shared.map(|(assignment, group)| {
        let scope = format!("{} `{}`", assignment.kind, assignment.scope.name);
        (Thing::Assignment { role: assignment.role.name().into_owned(), scope }, group)
    });
    shared.collect()
}
