//! The page as a whole: which parts a gateway has, and what stands in each.

use std::collections::BTreeSet;

use super::access::{self, CheckView, GrantView, RoleView, TrustView, place, show_component};
use super::callers::{self, CallersView};
use super::filters;
use super::includes::{self, IncludeView};
use super::open_ended;
use super::operate::{self, PoolView};
use super::own_text::{self, Does};
use super::rows::{self, Status};
use crate::catalogue::surface::Surface;
use crate::diag::grouped;
use crate::emit::{Fragment, Target, render, text};
use crate::plan::{Api, Insights, Plan};
use crate::resolve::Credential;

#[derive(askama::Template)]
#[template(path = "markdown/gateway.md.j2")]
struct GatewayView<'a> {
    source: &'a str,
    service: &'a str,
    prefix: Option<&'a str>,
    has_public_url: bool,
    apis: Vec<ApiView<'a>>,
    api_version: Option<Fragment>,
    open_ended: Option<Fragment>,
    deployments: Vec<DeploymentView<'a>>,
    pools: Vec<PoolView>,
    trips: bool,
    repeats_unsafe: bool,
    has_accounts: bool,
    has_vaults: bool,
    streams: Option<Fragment>,
    insights: Option<InsightsView>,
    warnings: Vec<Fragment>,
    services: Vec<Fragment>,
    keeps_authorization: Option<Fragment>,
    default_headers: Option<Fragment>,
    checks: Vec<CheckView>,
    deployer: Vec<RoleView>,
    identity: Fragment,
    assigns_roles: bool,
    principal: Fragment,
    grants: Vec<GrantView>,
    trusts: Vec<TrustView>,
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
    limits: Fragment,
    skipped: Option<Fragment>,
    early: Option<Fragment>,
    records: Option<Fragment>,
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
    is_read: bool,
}

struct DeploymentView<'a> {
    name: &'a str,
    account: &'a str,
    model: &'a str,
    tokens: Option<String>,
}

struct InsightsView {
    scope: Fragment,
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
    let subscriptions: Vec<_> =
        plan.apis.iter().flat_map(|api| api.subscriptions.iter().map(move |caller| (api, caller))).collect();
    let terraform = targets.contains(&Target::Terraform);
    let bicep = targets.contains(&Target::Bicep);
    render(&GatewayView {
        source: &plan.source_name,
        service: &plan.service.name,
        prefix: (!plan.service.prefix.is_empty()).then_some(&plan.service.prefix),
        has_public_url: plan.service.public_url.is_some(),
        apis: plan.apis.iter().map(|api| api_view(plan, api)).collect(),
        api_version: api_versions(plan),
        open_ended: open_ended::note(plan),
        deployments: deployments(plan),
        pools: operate::pools(plan),
        trips: plan.pools.iter().any(|pool| pool.breaker.is_some()),
        repeats_unsafe: operate::repeats_unsafe(plan),
        has_accounts: !plan.accounts.is_empty(),
        has_vaults: !plan.vaults.is_empty(),
        streams: operate::streams(plan),
        insights: plan.insights.as_ref().map(|insights| insights_view(plan, insights)),
        warnings: warnings(plan),
        services: rows::services(plan),
        keeps_authorization: rows::keeps_authorization(plan),
        default_headers: rows::default_headers(plan),
        checks: access::checks(plan),
        deployer: access::deployer(plan, bicep),
        identity: identity(plan),
        assigns_roles: plan.assigns_roles(),
        principal: access::principal(plan),
        grants: access::grants(plan),
        trusts: access::trusts(plan),
        group_is_open: group.is_none(),
        group: Fragment::new(group.map_or_else(|| "\"$GROUP\"".to_owned(), text::shell)),
        resource_group: group,
        deployment: &plan.service.name,
        bicep,
        terraform,
        both: bicep && terraform,
        first: first(plan, subscriptions.first().map(|(api, caller)| (*api, caller.as_str()))),
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
        limits: Fragment::new(own_text::limits(plan)),
        skipped: own_text::skipped(plan).map(Fragment::new),
        early: own_text::early(plan).map(Fragment::new),
        records: own_text::apis(plan, Does::Records).map(Fragment::new),
        statuses: rows::statuses(plan),
        troubles: troubles(plan, terraform),
    })
}

fn code(text: &str) -> String {
    text::code_span(text)
}

fn api_view<'a>(plan: &Plan, api: &'a Api) -> ApiView<'a> {
    let (for_what, goes_to) = rows::serves(plan, api);
    ApiView {
        name: api.name.as_str(),
        url: plan.url(api),
        for_what: Fragment::new(for_what),
        goes_to: Fragment::new(goes_to),
        key_header: api.needs_key.then_some(api.key_header.as_str()),
        timeout: api.timeout,
        streams: api.streams,
        is_read: !own_text::that(api, Does::Reads).is_empty(),
    }
}

/// The version for who names none, of each surface that has versions.
fn api_versions(plan: &Plan) -> Option<Fragment> {
    let surfaces: BTreeSet<Surface> = plan.apis.iter().map(|api| api.surface).collect();
    let versions: Vec<(Surface, &str)> =
        surfaces.into_iter().filter_map(|surface| Some((surface, surface.api_version()?))).collect();
    match versions.as_slice() {
        [] => None,
        [(_, version)] => Some(Fragment::new(code(version))),
        all => {
            let all = all.iter().map(|(surface, version)| format!("{} ({})", code(version), surface.name()));
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
        let theirs = match own_text::that(api, Does::Refuses).is_empty() {
            true => "",
            false => ", unless policy text of your own refuses",
        };
        format!("**{} asks for neither key nor token: {who} can call it{theirs}.**", code(api.name.as_str()))
    });
    let plain = plan.hosts().filter(|(_, url)| url.starts_with("http:"));
    let plain = plain.map(|(_, url)| format!("**Requests to {} are not encrypted.**", code(url)));
    let passed = plan.services.iter();
    let passed = passed.filter(|service| service.credential == Credential::PassThrough);
    let passed = passed.map(|service| {
        format!(
            "**{} gets the `Authorization` header of callers, and can act in their name with it.**",
            code(&service.url)
        )
    });
    open.chain(plain).chain(passed).chain(open_ended::warnings(plan)).map(Fragment::new).collect()
}

/// The deployments that are backends of their own, and what they can take.
fn deployments(plan: &Plan) -> Vec<DeploymentView<'_>> {
    let all = plan.accounts.iter().flat_map(|account| {
        account.deployments.iter().map(move |deployment| DeploymentView {
            name: deployment.name.as_str(),
            account: &account.place.name,
            model: deployment.model.as_str(),
            tokens: deployment.tokens_per_minute.map(grouped),
        })
    });
    all.collect()
}

fn insights_view(plan: &Plan, insights: &Insights) -> InsightsView {
    let show = show_component(plan, insights);
    InsightsView {
        scope: Fragment::new(place(&insights.place)),
        connection: Fragment::new(format!("{show} --query properties.ConnectionString --output tsv")),
        has_first_byte: plan.apis.iter().any(|api| api.streams),
        has_models: plan.apis.iter().any(|api| api.streams && api.is_by_model()),
    }
}

fn identity(plan: &Plan) -> Fragment {
    Fragment::new(match &plan.identity {
        Some(identity) => format!("the user-assigned identity {}", place(identity)),
        None => "the system-assigned identity of the service".to_owned(),
    })
}

fn first(plan: &Plan, first: Option<(&Api, &str)>) -> FirstView {
    let Some((api, caller)) = first else {
        return FirstView { name: String::new(), call: Fragment::new(String::new()) };
    };
    FirstView { name: format!("{}-{caller}", api.resource), call: Fragment::new(rows::call(&plan.url(api), api)) }
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
    if !plan.vaults.is_empty() {
        rows.push((
            "Deployment: a named value cannot read its secret",
            "a new role takes some minutes to work: deploy again. Else the network rules of the key vault, which has to let trusted services in, and the name of the secret",
        ));
        rows.push((
            "A service behind a URL answers 401",
            "the secret: a new version of it is seen within four hours, or at once after *Refresh* on the named value; the old one has to be good for that long",
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
    if !plan.apis.iter().all(Api::is_open_ended) {
        rows.push((
            "404 although the backend knows the path",
            "the operations of the API: what its definition does not name is not let through",
        ));
    }
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
        .map(|(seen, look)| TroubleView { seen: Fragment::new(seen.to_owned()), look: Fragment::new(look.to_owned()) })
        .collect()
}
