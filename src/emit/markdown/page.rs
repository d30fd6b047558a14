//! The page as a whole: which parts a gateway has, and what stands in each.

use std::collections::BTreeSet;

use super::callers::{self, CallersView};
use super::filters;
use super::includes::{self, IncludeView};
use super::operate::{self, PoolView};
use super::rows::{self, Status};
use crate::catalogue::surface::Surface;
use crate::diag::grouped;
use crate::emit::{Fragment, Target, render, text};
use crate::plan::{Account, Api, Insights, Plan, TELEMETRY_ROLE};
use crate::resolve::ResourcePlace;

#[derive(askama::Template)]
#[template(path = "markdown/gateway.md.j2")]
struct GatewayView<'a> {
    source: &'a str,
    service: &'a str,
    prefix: Option<&'a str>,
    has_public_url: bool,
    apis: Vec<ApiView<'a>>,
    api_version: Option<Fragment>,
    deployments: Vec<DeploymentView<'a>>,
    pools: Vec<PoolView>,
    trips: bool,
    repeats_unsafe: bool,
    has_accounts: bool,
    streams: Option<Fragment>,
    insights: Option<InsightsView>,
    warnings: Vec<Fragment>,
    checks: Vec<CheckView>,
    deployer: Vec<RoleView>,
    identity: Fragment,
    assigns_roles: bool,
    principal: Fragment,
    accounts: Vec<AccountView>,
    group_is_open: bool,
    group: Fragment,
    resource_group: Option<&'a str>,
    deployment: &'a str,
    bicep: bool,
    terraform: bool,
    both: bool,
    subscriptions: Vec<SubscriptionView<'a>>,
    first: FirstView,
    callers: Option<CallersView>,
    has_limits: bool,
    includes: Vec<IncludeView>,
    statuses: Vec<Status>,
    troubles: Vec<TroubleView>,
}

struct ApiView<'a> {
    name: &'a str,
    url: String,
    for_what: Fragment,
    goes_to: Fragment,
    key_header: Option<&'a str>,
    timeout: u32,
    streams: bool,
}

struct DeploymentView<'a> {
    name: &'a str,
    account: &'a str,
    model: &'a str,
    tokens: Option<String>,
}

struct CheckView {
    needed: Fragment,
    command: String,
}

struct RoleView {
    role: &'static str,
    scope: Fragment,
    purpose: &'static str,
}

struct AccountView {
    role: &'static str,
    scope: Fragment,
    purpose: Fragment,
    grant: Fragment,
}

struct InsightsView {
    role: &'static str,
    scope: Fragment,
    grant: Fragment,
    connection: Fragment,
    has_first_byte: bool,
    has_models: bool,
}

struct SubscriptionView<'a> {
    api: &'a str,
    caller: &'a str,
    name: String,
}

/// The subscription that the commands show.
struct FirstView {
    name: String,
    call: Fragment,
}

struct TroubleView {
    seen: Fragment,
    look: Fragment,
}

/// The page of a gateway in these targets.
pub(in crate::emit) fn gateway(plan: &Plan, targets: &[Target]) -> String {
    let group = plan.service.resource_group.as_deref();
    let subscriptions: Vec<_> = plan
        .apis
        .iter()
        .flat_map(|api| api.subscriptions.iter().map(move |caller| (api, caller)))
        .collect();
    let terraform = targets.contains(&Target::Terraform);
    let bicep = targets.contains(&Target::Bicep);
    render(&GatewayView {
        source: &plan.source_name,
        service: &plan.service.name,
        prefix: (!plan.service.prefix.is_empty()).then_some(&plan.service.prefix),
        has_public_url: plan.service.public_url.is_some(),
        apis: plan.apis.iter().map(|api| api_view(plan, api)).collect(),
        api_version: api_versions(plan),
        deployments: deployments(plan),
        pools: operate::pools(plan),
        trips: plan.pools.iter().any(|pool| pool.breaker.is_some()),
        repeats_unsafe: operate::repeats_unsafe(plan),
        has_accounts: !plan.accounts.is_empty(),
        streams: operate::streams(plan),
        insights: plan
            .insights
            .as_ref()
            .map(|insights| insights_view(plan, insights)),
        warnings: warnings(plan),
        checks: checks(plan),
        deployer: deployer(plan, bicep),
        identity: identity(plan),
        assigns_roles: plan.assigns_roles(),
        principal: principal(plan),
        accounts: plan
            .accounts
            .iter()
            .map(|account| account_view(plan, account))
            .collect(),
        group_is_open: group.is_none(),
        group: Fragment::new(group.map_or_else(|| "\"$GROUP\"".to_owned(), text::shell)),
        resource_group: group,
        deployment: &plan.service.name,
        bicep,
        terraform,
        both: bicep && terraform,
        first: first(
            plan,
            subscriptions
                .first()
                .map(|(api, caller)| (*api, caller.as_str())),
        ),
        subscriptions: subscriptions
            .into_iter()
            .map(|(api, caller)| SubscriptionView {
                api: api.name.as_str(),
                caller,
                name: format!("{}-{caller}", api.resource),
            })
            .collect(),
        callers: callers::callers(plan),
        includes: includes::includes(plan),
        has_limits: plan.apis.iter().any(|api| api.callers.rate_limit.is_some()),
        statuses: rows::statuses(plan),
        troubles: troubles(plan, terraform),
    })
}

fn code(text: &str) -> String {
    text::code_span(text)
}

fn url(plan: &Plan, api: &Api) -> String {
    match &plan.service.public_url {
        Some(base) => format!("{base}/{}", api.path),
        None => format!("https://{}.azure-api.net/{}", plan.service.name, api.path),
    }
}

fn api_view<'a>(plan: &Plan, api: &'a Api) -> ApiView<'a> {
    let (for_what, goes_to) = rows::serves(plan, api);
    ApiView {
        name: api.name.as_str(),
        url: url(plan, api),
        for_what: Fragment::new(for_what),
        goes_to: Fragment::new(goes_to),
        key_header: api.needs_key.then_some(api.key_header.as_str()),
        timeout: api.timeout,
        streams: api.streams,
    }
}

/// The version for who names none, of each surface that has versions.
fn api_versions(plan: &Plan) -> Option<Fragment> {
    let surfaces: BTreeSet<Surface> = plan.apis.iter().map(|api| api.surface).collect();
    let versions: Vec<(Surface, &str)> = surfaces
        .into_iter()
        .filter_map(|surface| Some((surface, surface.api_version()?)))
        .collect();
    match versions.as_slice() {
        [] => None,
        [(_, version)] => Some(Fragment::new(code(version))),
        all => {
            let all = all
                .iter()
                .map(|(surface, version)| format!("{} ({})", code(version), surface.name()));
            Some(Fragment::new(all.collect::<Vec<_>>().join(" or ")))
        }
    }
}

/// What a reader must not overlook.
fn warnings(plan: &Plan) -> Vec<Fragment> {
    let open = plan.apis.iter();
    let open = open.filter(|api| !api.needs_key && !api.callers.need_token);
    let open = open.map(|api| {
        let who = match api.callers.addresses.is_empty() {
            true => "whoever reaches the service",
            false => "whoever has one of the addresses below",
        };
        format!(
            "**{} asks for neither key nor token: {who} can call it.**",
            code(api.name.as_str())
        )
    });
    let plain = plan.hosts().filter(|(_, url)| url.starts_with("http:"));
    let plain = plain.map(|(_, url)| format!("**Requests to {} are not encrypted.**", code(url)));
    open.chain(plain).map(Fragment::new).collect()
}

/// The deployments that are backends of their own, and what they can take.
fn deployments(plan: &Plan) -> Vec<DeploymentView<'_>> {
    let all = plan.accounts.iter().flat_map(|account| {
        account
            .deployments
            .iter()
            .map(move |deployment| DeploymentView {
                name: deployment.name.as_str(),
                account: &account.place.name,
                model: deployment.model.as_str(),
                tokens: deployment.tokens_per_minute.map(grouped),
            })
    });
    all.collect()
}

/// A place as people name it: `aoai` in `rg-ai`, subscription `…`.
fn place(place: &ResourcePlace) -> String {
    let mut text = code(&place.name);
    match &place.resource_group {
        Some(group) => text += &format!(" in {}", code(group)),
        None => text += " in the group of the service",
    }
    if let Some(subscription) = &place.subscription {
        text += &format!(", subscription {}", code(subscription));
    }
    text
}

/// `--resource-group …` and `--subscription …` for a resource.
fn group_arguments(plan: &Plan, place: Option<&ResourcePlace>) -> String {
    let own = plan.service.resource_group.as_deref();
    let group = place
        .and_then(|place| place.resource_group.as_deref())
        .or(own);
    let group = group.map_or_else(|| "\"$GROUP\"".to_owned(), text::shell);
    let mut arguments = format!("--resource-group {group}");
    if let Some(subscription) = place.and_then(|place| place.subscription.as_deref()) {
        arguments += &format!(" --subscription {}", text::shell(subscription));
    }
    arguments
}

fn checks(plan: &Plan) -> Vec<CheckView> {
    let service = text::shell(&plan.service.name);
    let show_service = format!(
        "az apim show --name {service} {}",
        group_arguments(plan, None)
    );
    let mut checks = Vec::new();
    let has_no_use = plan.accounts.is_empty() && plan.insights.is_none();
    match (&plan.identity, has_no_use) {
        (_, true) => checks.push(CheckView {
            needed: Fragment::new("The service exists".to_owned()),
            command: format!("{show_service} --query provisioningState"),
        }),
        (Some(identity), false) => checks.push(CheckView {
            needed: Fragment::new(format!(
                "The service exists and has the user-assigned identity {}",
                place(identity)
            )),
            command: format!("{show_service} --query identity.userAssignedIdentities"),
        }),
        (None, false) => checks.push(CheckView {
            needed: Fragment::new(
                "The service exists and has a system-assigned identity".to_owned(),
            ),
            command: format!("{show_service} --query identity.principalId"),
        }),
    }
    checks.extend(plan.accounts.iter().map(|account| {
        let name = text::shell(&account.place.name);
        let arguments = group_arguments(plan, Some(&account.place));
        CheckView {
            needed: Fragment::new(format!(
                "The account {} exists and has a custom subdomain, which tokens need",
                code(&account.place.name)
            )),
            command: format!(
                "az cognitiveservices account show --name {name} {arguments} --query properties.customSubDomainName"
            ),
        }
    }));
    checks.extend(plan.insights.iter().map(|insights| CheckView {
        needed: Fragment::new(format!(
            "The Application Insights component {} exists",
            code(&insights.place.name)
        )),
        command: format!("{} --query name", show_component(plan, insights)),
    }));
    let included = includes::checks(plan, &group_arguments(plan, None));
    checks.extend(included.into_iter().map(|(needed, command)| CheckView {
        needed: Fragment::new(needed),
        command,
    }));
    checks
}

/// The command that shows the component. The one that is made for components takes an extension, which asks to be installed.
fn show_component(plan: &Plan, insights: &Insights) -> String {
    format!(
        "az resource show --resource-type Microsoft.Insights/components --name {} {}",
        text::shell(&insights.place.name),
        group_arguments(plan, Some(&insights.place)),
    )
}

fn insights_view(plan: &Plan, insights: &Insights) -> InsightsView {
    let show = show_component(plan, insights);
    InsightsView {
        role: TELEMETRY_ROLE.name(),
        scope: Fragment::new(place(&insights.place)),
        grant: Fragment::new(grant(TELEMETRY_ROLE.id(), &show)),
        connection: Fragment::new(format!(
            "{show} --query properties.ConnectionString --output tsv"
        )),
        has_first_byte: plan.apis.iter().any(|api| api.streams),
        has_models: plan.apis.iter().any(|api| api.streams && api.is_by_model()),
    }
}

/// The command that gives the identity a role on what another command shows.
fn grant(role: &str, show: &str) -> String {
    format!(
        "az role assignment create --assignee-object-id \"$PRINCIPAL\" --assignee-principal-type ServicePrincipal \\\n  \
         --role {role} --scope \"$({show} --query id --output tsv)\"",
    )
}

fn deployer(plan: &Plan, bicep: bool) -> Vec<RoleView> {
    let fixed = |text: &str| Fragment::new(text.to_owned());
    let mut roles = vec![RoleView {
        role: "API Management Service Contributor",
        scope: fixed("the resource group of the service"),
        purpose: "APIs, backends and the deployment itself",
    }];
    if bicep {
        roles.push(RoleView {
            role: "Azure Deployment Stack Contributor, or a role with Microsoft.Resources/deploymentStacks/*",
            scope: fixed("the resource group of the service"),
            purpose: "a deployment stack, where one is used",
        });
    }
    if plan.accounts.is_empty() && plan.insights.is_none() {
        return roles;
    }
    if !plan.accounts.is_empty() {
        roles.push(RoleView {
            role: "Reader",
            scope: fixed("each account"),
            purpose: "its endpoint",
        });
    }
    if let Some(insights) = &plan.insights {
        roles.push(RoleView {
            role: "Reader",
            scope: Fragment::new(place(&insights.place)),
            purpose: "its connection string",
        });
    }
    if let Some(identity) = &plan.identity {
        roles.push(RoleView {
            role: "Reader",
            scope: Fragment::new(place(identity)),
            purpose: "its client and principal id",
        });
    }
    if plan.assigns_roles() {
        roles.push(RoleView {
            role: "Role Based Access Control Administrator",
            scope: Fragment::new(granted_on(plan)),
            purpose: "the role assignments below",
        });
    }
    let mut accounts = plan.accounts.iter();
    let insights = plan.insights.as_ref();
    let is_elsewhere = accounts.any(|account| account.is_elsewhere)
        || insights.is_some_and(|insights| insights.is_elsewhere);
    if bicep && plan.assigns_roles() && is_elsewhere {
        let whose = match (plan.accounts.is_empty(), insights) {
            (false, None) => "of each account in another group",
            (true, _) => "of the Application Insights component",
            (false, Some(_)) => "of each account, and of the component, in another group",
        };
        roles.push(RoleView {
            role: "Contributor, or a role with Microsoft.Resources/deployments/*",
            scope: Fragment::new(format!("the resource group {whose}")),
            purpose: "the module that Bicep deploys there",
        });
    }
    roles
}

/// What the identity gets roles on.
fn granted_on(plan: &Plan) -> String {
    let accounts = (!plan.accounts.is_empty()).then(|| "each account".to_owned());
    let component = plan.insights.as_ref().map(|one| place(&one.place));
    let all: Vec<String> = accounts.into_iter().chain(component).collect();
    all.join("; ")
}

fn identity(plan: &Plan) -> Fragment {
    Fragment::new(match &plan.identity {
        Some(identity) => format!("the user-assigned identity {}", place(identity)),
        None => "the system-assigned identity of the service".to_owned(),
    })
}

/// The command that finds whom to grant roles.
fn principal(plan: &Plan) -> Fragment {
    let command = match &plan.identity {
        Some(identity) => format!(
            "az identity show --name {} {} --query principalId",
            text::shell(&identity.name),
            group_arguments(plan, Some(identity)),
        ),
        None => format!(
            "az apim show --name {} {} --query identity.principalId",
            text::shell(&plan.service.name),
            group_arguments(plan, None),
        ),
    };
    Fragment::new(format!("PRINCIPAL=\"$({command} --output tsv)\""))
}

fn account_view(plan: &Plan, account: &Account) -> AccountView {
    let backends: Vec<String> = account
        .backends
        .iter()
        .map(|name| code(name.as_str()))
        .collect();
    let plural = if backends.len() == 1 { "" } else { "s" };
    let show = format!(
        "az cognitiveservices account show --name {} {}",
        text::shell(&account.place.name),
        group_arguments(plan, Some(&account.place)),
    );
    AccountView {
        role: account.kind.role().name(),
        scope: Fragment::new(place(&account.place)),
        purpose: Fragment::new(format!(
            "the models behind backend{plural} {}",
            backends.join(", ")
        )),
        grant: Fragment::new(grant(account.kind.role().id(), &show)),
    }
}

fn first(plan: &Plan, first: Option<(&Api, &str)>) -> FirstView {
    let Some((api, caller)) = first else {
        return FirstView {
            name: String::new(),
            call: Fragment::new(String::new()),
        };
    };
    FirstView {
        name: format!("{}-{caller}", api.resource),
        call: Fragment::new(rows::call(&url(plan, api), api)),
    }
}

fn troubles(plan: &Plan, terraform: bool) -> Vec<TroubleView> {
    let mut rows: Vec<(&str, &str)> = Vec::new();
    if !plan.accounts.is_empty() {
        rows.push((
            "Every call of a model answers 401 or 403 from the account",
            "the roles above, and the network rules of the account",
        ));
        rows.push((
            "Every call of a model answers 500",
            "the identity: does the service still have it? A trace of the request shows `authentication-managed-identity`",
        ));
    }
    if plan.pools.iter().any(|pool| pool.breaker.is_some()) {
        rows.push((
            "Callers get the answer of a pool that has nobody left, although backends work",
            "how long members are tripped: one that answers with a long `Retry-After` is left alone for that long",
        ));
    }
    if plan.insights.is_some() {
        rows.push((
            "Nothing arrives in Application Insights",
            "the role of the identity on the component, and whether the component takes telemetry from this network",
        ));
    }
    rows.push((
        "404 although the backend knows the path",
        "the operations of the API: what its definition does not name is not let through",
    ));
    if plan.apis.iter().any(|api| api.streams) {
        rows.push((
            "A stream arrives all at once",
            "diagnostics of the service that log bodies, and policies above these APIs that read the response",
        ));
        rows.push((
            "A stream breaks off after four minutes of silence",
            "the load balancer of the service drops idle connections; nothing in the gateway can keep them",
        ));
    }
    if plan.assigns_roles() {
        rows.push((
            "Deployment: `RoleAssignmentExists`",
            "somebody gave the identity this role before, by hand or from another file: remove that assignment, or set `roles: skip`",
        ));
    }
    rows.push((
        "Deployment: the path of an API is in use",
        "the API was renamed, or paths were swapped: delete the old API first, or deploy once with another path",
    ));
    if terraform {
        rows.push((
            "Terraform: `ValidationError` on a policy without a reason",
            "run again with `TF_LOG=DEBUG`, or read the activity log of the service",
        ));
    }
    rows.into_iter()
        .map(|(seen, look)| TroubleView {
            seen: Fragment::new(seen.to_owned()),
            look: Fragment::new(look.to_owned()),
        })
        .collect()
}
