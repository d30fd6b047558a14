//! The operations and routes of each API, with the notes that a reader must not overlook.

use std::collections::BTreeSet;

use super::filters;
use super::{account, names};
use crate::catalogue::surface::{ModelIn, Surface};
use crate::diag::grouped;
use crate::emit::prose::Prose;
use crate::emit::{Fragment, fragment};
use crate::facts::caller;
use crate::facts::custom::{self, Impact};
use crate::facts::route::{self, Offer, Operations};
use crate::plan::{Api, HttpService, Plan, Upstream};
use crate::resolve::{Audience, Credential};

#[derive(askama::Template)]
#[template(path = "markdown/routes.md.j2")]
struct RoutesView<'a> {
    apis: Vec<ApiView<'a>>,
    has_public_url: bool,
    versions: Vec<VersionView>,
    unlisted: Option<Fragment>,
    deployments: Vec<DeploymentView<'a>>,
    services: Vec<ServiceView<'a>>,
    open: Vec<OpenView<'a>>,
    plain: Vec<&'a str>,
    trusted: Vec<&'a str>,
    sharing: Vec<&'a str>,
}

struct ApiView<'a> {
    name: &'a str,
    url: String,
    offer: Fragment,
    goes_to: Fragment,
    key_header: Option<&'a str>,
    timeout: u32,
    streams: bool,
    is_read: bool,
}

struct VersionView {
    version: &'static str,
    surface: &'static str,
}

struct DeploymentView<'a> {
    name: &'a str,
    account: &'a str,
    model: &'a str,
    tokens: Option<String>,
}

/// An HTTP service. The last three are of a secret in a header.
struct ServiceView<'a> {
    backend: &'a str,
    url: &'a str,
    credential: &'a Credential,
    header: String,
    secret: &'a str,
    vault: &'a str,
}

/// An API that requires neither key nor token.
struct OpenView<'a> {
    api: &'a str,
    is_by_address: bool,
    is_refused: bool,
}

#[derive(askama::Template)]
#[template(path = "markdown/offer.md.j2")]
struct OfferView<'a> {
    offer: Offer<'a>,
    operations: Operations<'a>,
    is_model: bool,
    surface: &'a str,
    display_name: &'a str,
}

#[derive(askama::Template)]
#[template(path = "markdown/unlisted.md.j2")]
struct UnlistedView<'a> {
    any: Vec<&'a str>,
    any_from_pages: bool,
    linked: Vec<&'a str>,
    below_deployment: Vec<&'a str>,
    by_body: Vec<&'a str>,
}

pub(super) fn part(plan: &Plan) -> Fragment {
    let has_credentials = plan.services.iter().any(|service| service.credential != Credential::None);
    let services = plan.services.iter().filter(|_| has_credentials);
    let open = plan.apis.iter().filter(|api| caller::is_open(api));
    let trusted = plan.services.iter().filter(|service| route::gets_authorization(plan, &service.backend));
    fragment(&RoutesView {
        apis: plan.apis.iter().map(|api| api_view(plan, api)).collect(),
        has_public_url: plan.service.public_url.is_some(),
        versions: versions(plan),
        unlisted: unlisted(plan),
        deployments: deployments(plan),
        services: services.map(service).collect(),
        open: open
            .map(|api| OpenView {
                api: api.name.as_str(),
                is_by_address: !api.addresses.is_empty(),
                is_refused: custom::has(api, Impact::Answers),
            })
            .collect(),
        plain: plan.hosts().map(|(_, url)| url).filter(|url| url.starts_with("http:")).collect(),
        trusted: trusted.map(|service| service.url.as_str()).collect(),
        sharing: names(plan, |api| route::shares_account(plan, api)),
    })
}

fn api_view<'a>(plan: &'a Plan, api: &'a Api) -> ApiView<'a> {
    let offer = OfferView {
        offer: route::offer(plan, api),
        operations: route::operations(api),
        is_model: api.surface.is_model(),
        surface: api.surface.name(),
        display_name: api.display_name.as_str(),
    };
    ApiView {
        name: api.name.as_str(),
        url: plan.url(api),
        offer: fragment(&offer),
        goes_to: destination(plan, api).into(),
        key_header: api.key.is_required.then_some(api.key.header.as_str()),
        timeout: api.timeout.0,
        streams: api.streams,
        is_read: custom::has(api, Impact::ReadsAnswers),
    }
}

fn destination(plan: &Plan, api: &Api) -> Prose {
    // All deployments of one account, each by its own name, in a few words.
    if let Some(one) = route::one_account(plan, api) {
        return account(plan, one).then(match api.surface.model_in() {
            ModelIn::Body => ", by the model in the body",
            ModelIn::Path | ModelIn::Nothing => ", by the deployment in the path",
        });
    }
    let by = |by: &Upstream| match by {
        Upstream::Account { account: id } => account(plan, &plan[*id]),
        Upstream::Deployment { account: id, deployment } => {
            account(plan, &plan[*id]).then(", ").join(&Prose::code(deployment))
        }
        Upstream::Http { url, .. } => Prose::code(url),
        Upstream::Pool { pool, .. } => Prose::fixed("pool ").join(&Prose::code(&plan[*pool].name)),
    };
    let parts = api.serves.iter().map(|served| match &served.model {
        Some(model) => Prose::code(model).then(" to ").join(&by(&served.by)),
        None => by(&served.by),
    });
    Prose::joined(parts, "; ")
}

/// The version for callers that name none, of each surface that has versions.
fn versions(plan: &Plan) -> Vec<VersionView> {
    let surfaces: BTreeSet<Surface> = plan.apis.iter().map(|api| api.surface).collect();
    let version = |surface: Surface| Some(VersionView { version: surface.api_version()?, surface: surface.name() });
    surfaces.into_iter().filter_map(version).collect()
}

/// The requests that APIs accept whose operations are not listed here.
fn unlisted(plan: &Plan) -> Option<Fragment> {
    plan.apis.iter().find(|api| !api.lists_operations())?;
    let needs_deployment = |api: &Api| route::needs_deployment(plan, api);
    Some(fragment(&UnlistedView {
        any: names(plan, Api::is_open_ended),
        any_from_pages: plan.apis.iter().any(|api| api.is_open_ended() && api.cors.is_some()),
        linked: names(plan, |api| api.link().is_some()),
        below_deployment: names(plan, needs_deployment),
        by_body: names(plan, |api| !api.lists_operations() && api.is_by_model() && !needs_deployment(api)),
    }))
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

fn service(service: &HttpService) -> ServiceView<'_> {
    let (header, secret, vault) = match &service.credential {
        Credential::Header(header) => {
            let scheme = header.scheme.as_ref().map(|scheme| format!(": {scheme}")).unwrap_or_default();
            (format!("{}{scheme}", header.header), header.secret.name.as_str(), header.secret.vault.name.as_str())
        }
        Credential::None | Credential::PassThrough | Credential::Identity(_) => (String::new(), "", ""),
    };
    ServiceView {
        backend: service.backend.as_str(),
        url: &service.url,
        credential: &service.credential,
        header,
        secret,
        vault,
    }
}
