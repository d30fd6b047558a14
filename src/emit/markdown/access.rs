//! The prerequisites of the first deployment, and the roles that the deploying identity and the gateway's identity need.

use super::filters;
use super::{group_arguments, identity, place, show, show_component};
use crate::emit::prose::Command;
use crate::emit::{Fragment, Target, fragment, text};
use crate::plan::{Expected, ExpectedKind, Host, Plan, Role, TELEMETRY_ROLE, VAULT_ROLE};
use crate::resolve::name::Name;
use crate::resolve::{Audience, Credential, ResourceRef};

#[derive(askama::Template)]
#[template(path = "markdown/access.md.j2")]
struct AccessView<'a> {
    group_is_open: bool,
    checks: Vec<CheckView<'a>>,
    bicep: bool,
    has_accounts: bool,
    has_vaults: bool,
    component: Option<Fragment>,
    user_identity: Option<Fragment>,
    elsewhere: Vec<&'static str>,
    assigns_roles: bool,
    identity: Fragment,
    principal: Fragment,
    grants: Vec<GrantView<'a>>,
    trusts: Vec<TrustView<'a>>,
}

/// Something that must be there before the first deployment, and the command that shows it.
struct CheckView<'a> {
    needed: Needed<'a>,
    command: Command,
}

/// Something that must be there.
enum Needed<'a> {
    Service,
    /// A custom domain, by the URL that callers use.
    Domain(&'a str),
    SystemIdentity,
    UserIdentity(Fragment),
    Account(&'a str),
    FoundryAccount(&'a str),
    Vault(&'a str),
    Secret(&'a str),
    Component(&'a str),
    /// Something that custom policies use.
    Custom(&'static str, &'a str),
}

/// A role that the gateway's identity needs.
struct GrantView<'a> {
    role: String,
    id: String,
    scope: Fragment,
    purpose: Purpose<'a>,
    show: Fragment,
}

/// The purpose of a role, with the backends of the file.
enum Purpose<'a> {
    Models(&'a [Name]),
    Calls(&'a [Name]),
    Secrets(&'a [Name]),
    Telemetry,
}

/// A service that has to accept the gateway's identity by itself.
struct TrustView<'a> {
    url: &'a str,
    audience: &'a str,
}

pub(super) fn part(plan: &Plan, targets: &[Target]) -> Fragment {
    fragment(&AccessView {
        group_is_open: plan.service.resource_group.is_none(),
        checks: checks(plan),
        bicep: targets.contains(&Target::Bicep),
        has_accounts: !plan.accounts.is_empty(),
        has_vaults: !plan.vaults.is_empty(),
        component: plan.insights.as_ref().map(|insights| place(&insights.place).into()),
        user_identity: plan.identity.as_ref().map(|identity| place(identity).into()),
        elsewhere: elsewhere(plan),
        assigns_roles: plan.assigns_roles(),
        identity: identity(plan).into(),
        principal: principal(plan).into(),
        grants: grants(plan),
        trusts: trusts(plan),
    })
}

fn checks(plan: &Plan) -> Vec<CheckView<'_>> {
    let check = |needed, command: Command, query: &'static str| CheckView { needed, command: command.then(query) };
    let service = show_service(plan);
    let mut checks = vec![match &plan.identity {
        _ if !plan.uses_identity() => check(Needed::Service, service, " --query provisioningState"),
        Some(identity) => {
            check(Needed::UserIdentity(place(identity).into()), service, " --query identity.userAssignedIdentities")
        }
        None => check(Needed::SystemIdentity, service, " --query identity.principalId"),
    }];
    if let Some(url) = &plan.service.public_url {
        let query = " --query 'hostnameConfigurations[].hostName'";
        checks.push(check(Needed::Domain(url), show_service(plan), query));
    }
    for account in &plan.accounts {
        let name = account.place.name.as_str();
        let command = show(plan, SHOW_ACCOUNT, &account.place);
        // Another kind of account has no such host.
        checks.push(if account.hosts.contains(&Host::Foundry) {
            check(Needed::FoundryAccount(name), command, " --query '[kind, properties.customSubDomainName]'")
        } else {
            check(Needed::Account(name), command, " --query properties.customSubDomainName")
        });
    }
    for vault in &plan.vaults {
        let command = show(plan, SHOW_VAULT, &vault.place);
        let enabled = " --query properties.enableRbacAuthorization";
        checks.push(check(Needed::Vault(&vault.place.name), command.clone(), enabled));
        for secret in &vault.secrets {
            // Of the vault's management, which shows no value.
            let command = Command::fixed("az resource show --ids \"$(").join(&command);
            let command = command.then(" --query id --output tsv)/secrets/").quoted(secret).then("\"");
            checks.push(check(Needed::Secret(secret), command, " --query properties.attributes.enabled"));
        }
    }
    if let Some(insights) = &plan.insights {
        let name = &insights.place.name;
        checks.push(check(Needed::Component(name), show_component(plan, insights), " --query name"));
    }
    let mut expected: Vec<&Expected> = plan.apis.iter().flat_map(|api| &api.expects).collect();
    expected.sort();
    expected.dedup();
    checks.extend(expected.into_iter().map(|expected| custom(plan, expected)));
    checks
}

/// Something that custom policies use.
fn custom<'a>(plan: &Plan, expected: &'a Expected) -> CheckView<'a> {
    let (what, kind) = match expected.kind {
        ExpectedKind::Backend => ("backend", "backends"),
        ExpectedKind::Fragment => ("policy fragment", "policyFragments"),
        ExpectedKind::Logger => ("logger", "loggers"),
        ExpectedKind::NamedValue => ("named value", "namedValues"),
    };
    let group = group_arguments(plan, None);
    let command = match expected.kind {
        ExpectedKind::NamedValue => {
            let query = format!("[?displayName=={}].name", text::jmespath(&expected.name));
            let command = Command::fixed("az apim nv list --service-name ").argument(&plan.service.name);
            command.then(" ").join(&group).then(" --query ").argument(&query)
        }
        ExpectedKind::Backend | ExpectedKind::Fragment | ExpectedKind::Logger => {
            let parent = format!("service/{}", plan.service.name);
            let command = Command::fixed("az resource show --namespace Microsoft.ApiManagement --parent ");
            let command = command.argument(&parent).then(" --resource-type ").then(kind).then(" --name ");
            command.argument(&expected.name).then(" ").join(&group).then(" --query name")
        }
    };
    CheckView { needed: Needed::Custom(what, &expected.name), command }
}

const SHOW_ACCOUNT: &str = "az cognitiveservices account show";
const SHOW_VAULT: &str = "az keyvault show";

fn show_service(plan: &Plan) -> Command {
    let command = Command::fixed("az apim show --name ").argument(&plan.service.name);
    command.then(" ").join(&group_arguments(plan, None))
}

/// The roles that the identity needs, in the order of the resources.
fn grants(plan: &Plan) -> Vec<GrantView<'_>> {
    let granted = |role: Role, at: &ResourceRef, purpose, show: Command| GrantView {
        role: role.name().into_owned(),
        id: role.id().to_string(),
        scope: place(at).into(),
        purpose,
        show: show.into(),
    };
    let accounts = plan.accounts.iter().flat_map(|account| account.roles.iter().map(move |of| (account, of)));
    let accounts = accounts.map(|(account, (role, backends))| {
        let backends = backends.as_slice();
        let purpose = if account.kind.has_deployments() { Purpose::Models(backends) } else { Purpose::Calls(backends) };
        granted(*role, &account.place, purpose, show(plan, SHOW_ACCOUNT, &account.place))
    });
    let vaults = plan.vaults.iter().map(|vault| {
        granted(VAULT_ROLE, &vault.place, Purpose::Secrets(&vault.backends), show(plan, SHOW_VAULT, &vault.place))
    });
    let telemetry = plan
        .insights
        .iter()
        .map(|insights| granted(TELEMETRY_ROLE, &insights.place, Purpose::Telemetry, show_component(plan, insights)));
    accounts.chain(vaults).chain(telemetry).collect()
}

/// The services that are called with a token, and have to accept it.
fn trusts(plan: &Plan) -> Vec<TrustView<'_>> {
    let services = plan.services.iter();
    let services = services.filter_map(|service| match &service.credential {
        Credential::Identity(Audience::Azure(audience)) => Some(TrustView { url: &service.url, audience }),
        Credential::Identity(Audience::Application(audience)) => Some(TrustView { url: &service.url, audience }),
        Credential::None | Credential::PassThrough | Credential::Header(_) => None,
    });
    services.collect()
}

/// Resources in other groups than the service's, where Bicep deploys a module.
fn elsewhere(plan: &Plan) -> Vec<&'static str> {
    let all = [
        (plan.accounts.iter().any(|account| account.is_elsewhere), "each account"),
        (plan.vaults.iter().any(|vault| vault.is_elsewhere), "each key vault"),
        (plan.insights.iter().any(|insights| insights.is_elsewhere), "the Application Insights component"),
    ];
    all.into_iter().filter(|(is_elsewhere, _)| *is_elsewhere).map(|(_, what)| what).collect()
}

/// The command that finds the identity's principal.
fn principal(plan: &Plan) -> Command {
    match &plan.identity {
        Some(identity) => show(plan, "az identity show", identity).then(" --query principalId"),
        None => show_service(plan).then(" --query identity.principalId"),
    }
}
