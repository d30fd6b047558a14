//! Who needs which rights: the one who deploys, and the gateway's identity.

use super::includes;
use super::rows::named;
use crate::emit::{Fragment, text};
use crate::plan::{Host, Insights, Plan, Role, TELEMETRY_ROLE, VAULT_ROLE};
use crate::resolve::{Audience, Credential, ResourceRef};

/// Something that must be there before the first deployment.
pub(super) struct CheckView {
    pub(super) needed: Fragment,
    pub(super) command: String,
}

/// A role that the one who deploys needs.
pub(super) struct RoleView {
    pub(super) role: &'static str,
    pub(super) scope: Fragment,
    pub(super) purpose: &'static str,
}

/// A role that the gateway's identity needs.
pub(super) struct GrantView {
    pub(super) role: String,
    pub(super) scope: Fragment,
    pub(super) purpose: Fragment,
    pub(super) grant: Fragment,
}

/// A service that has to let the gateway's identity in by itself.
pub(super) struct TrustView {
    pub(super) url: String,
    pub(super) audience: String,
}

fn code(text: &str) -> String {
    text::code_span(text)
}

/// A place as people name it: `aoai` in `rg-ai`, subscription `…`.
pub(super) fn place(place: &ResourceRef) -> String {
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
pub(super) fn group_arguments(plan: &Plan, place: Option<&ResourceRef>) -> String {
    let own = plan.service.resource_group.as_deref();
    let group = place.and_then(|place| place.resource_group.as_deref()).or(own);
    let group = group.map_or_else(|| "\"$GROUP\"".to_owned(), text::shell);
    let mut arguments = format!("--resource-group {group}");
    if let Some(subscription) = place.and_then(|place| place.subscription.as_deref()) {
        arguments += &format!(" --subscription {}", text::shell(subscription));
    }
    arguments
}

/// What must be there.
pub(super) fn checks(plan: &Plan) -> Vec<CheckView> {
    let service = text::shell(&plan.service.name);
    let show_service = format!("az apim show --name {service} {}", group_arguments(plan, None));
    let mut checks = Vec::new();
    match (&plan.identity, !plan.uses_identity()) {
        (_, true) => checks.push(CheckView {
            needed: Fragment::new("The service exists".to_owned()),
            command: format!("{show_service} --query provisioningState"),
        }),
        (Some(identity), false) => checks.push(CheckView {
            needed: Fragment::new(format!("The service exists and has the user-assigned identity {}", place(identity))),
            command: format!("{show_service} --query identity.userAssignedIdentities"),
        }),
        (None, false) => checks.push(CheckView {
            needed: Fragment::new("The service exists and has a system-assigned identity".to_owned()),
            command: format!("{show_service} --query identity.principalId"),
        }),
    }
    checks.extend(plan.accounts.iter().map(|account| {
        let name = text::shell(&account.place.name);
        let arguments = group_arguments(plan, Some(&account.place));
        // Another kind of account has no such host.
        let (kind, query) = if account.hosts.contains(&Host::Foundry) {
            (" is a Foundry account (`AIServices`)", "[kind, properties.customSubDomainName]")
        } else {
            (" exists", "properties.customSubDomainName")
        };
        CheckView {
            needed: Fragment::new(format!(
                "The account {}{kind} and has a custom subdomain, which tokens need",
                code(&account.place.name)
            )),
            command: format!(
                "az cognitiveservices account show --name {name} {arguments} --query {}",
                text::shell(query)
            ),
        }
    }));
    for vault in &plan.vaults {
        let name = text::shell(&vault.place.name);
        checks.push(CheckView {
            needed: Fragment::new(format!(
                "The key vault {} exists and gives rights by roles, not by access policies",
                code(&vault.place.name)
            )),
            command: format!(
                "az keyvault show --name {name} {} --query properties.enableRbacAuthorization",
                group_arguments(plan, Some(&vault.place))
            ),
        });
        checks.extend(vault.secrets.iter().map(|secret| CheckView {
            needed: Fragment::new(format!("It has the secret {}", code(secret))),
            // Of the vault's management, which shows no value.
            command: format!(
                "az resource show --ids \"$(az keyvault show --name {name} {} --query id --output tsv)/secrets/{secret}\" --query properties.attributes.enabled",
                group_arguments(plan, Some(&vault.place))
            ),
        }));
    }
    checks.extend(plan.insights.iter().map(|insights| CheckView {
        needed: Fragment::new(format!("The Application Insights component {} exists", code(&insights.place.name))),
        command: format!("{} --query name", show_component(plan, insights)),
    }));
    let included = includes::checks(plan, &group_arguments(plan, None));
    checks.extend(included.into_iter().map(|(needed, command)| CheckView { needed: Fragment::new(needed), command }));
    checks
}

/// The command that shows the component. The one that is made for components takes an extension, which asks to be installed.
pub(super) fn show_component(plan: &Plan, insights: &Insights) -> String {
    format!(
        "az resource show --resource-type Microsoft.Insights/components --name {} {}",
        text::shell(&insights.place.name),
        group_arguments(plan, Some(&insights.place)),
    )
}

/// The command that gives the identity a role on what another command shows.
fn grant(role: Role, show: &str) -> String {
    let role = role.id();
    format!(
        "az role assignment create --assignee-object-id \"$PRINCIPAL\" --assignee-principal-type ServicePrincipal \\\n  \
         --role {role} --scope \"$({show} --query id --output tsv)\"",
    )
}

/// The roles that the identity needs, in the order of the resources.
pub(super) fn grants(plan: &Plan) -> Vec<GrantView> {
    let accounts = plan.accounts.iter().map(|account| {
        let show = format!(
            "az cognitiveservices account show --name {} {}",
            text::shell(&account.place.name),
            group_arguments(plan, Some(&account.place)),
        );
        let what = if account.kind.has_deployments() { "the models behind" } else { "what is behind" };
        let purpose = format!("{what} {}", named(&account.backends));
        granted(account.role, &account.place, purpose, &show)
    });
    let vaults = plan.vaults.iter().map(|vault| {
        let show = format!(
            "az keyvault show --name {} {}",
            text::shell(&vault.place.name),
            group_arguments(plan, Some(&vault.place)),
        );
        let purpose = format!("the secret of {}", named(&vault.backends));
        granted(VAULT_ROLE, &vault.place, purpose, &show)
    });
    let telemetry = plan.insights.iter().map(|insights| {
        let show = show_component(plan, insights);
        let purpose = "requests and metrics".to_owned();
        granted(TELEMETRY_ROLE, &insights.place, purpose, &show)
    });
    accounts.chain(vaults).chain(telemetry).collect()
}

fn granted(role: Role, at: &ResourceRef, purpose: String, show: &str) -> GrantView {
    GrantView {
        role: role.name().into_owned(),
        scope: Fragment::new(place(at)),
        purpose: Fragment::new(purpose),
        grant: Fragment::new(grant(role, show)),
    }
}

/// The services that are called with a token, and have to take it.
pub(super) fn trusts(plan: &Plan) -> Vec<TrustView> {
    let services = plan.services.iter();
    let services = services.filter_map(|service| match &service.credential {
        Credential::Identity(Audience::Azure(audience)) => Some((&service.url, (*audience).to_owned())),
        Credential::Identity(Audience::Application(audience)) => Some((&service.url, audience.clone())),
        Credential::None | Credential::PassThrough | Credential::Header(_) => None,
    });
    services.map(|(url, audience)| TrustView { url: url.clone(), audience }).collect()
}

/// The roles of the one who deploys.
pub(super) fn deployer(plan: &Plan, bicep: bool) -> Vec<RoleView> {
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
    if !plan.uses_identity() {
        return roles;
    }
    if !plan.accounts.is_empty() {
        roles.push(RoleView { role: "Reader", scope: fixed("each account"), purpose: "its endpoint" });
    }
    if !plan.vaults.is_empty() {
        roles.push(RoleView { role: "Reader", scope: fixed("each key vault"), purpose: "its URL; no secret is read" });
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
    let elsewhere = [
        (plan.accounts.iter().any(|account| account.is_elsewhere), "account"),
        (plan.vaults.iter().any(|vault| vault.is_elsewhere), "key vault"),
    ];
    let each = elsewhere.iter().filter(|(is_elsewhere, _)| *is_elsewhere);
    let mut whose: Vec<String> = each.map(|(_, what)| format!("each {what}")).collect();
    let insights = plan.insights.as_ref();
    if insights.is_some_and(|insights| insights.is_elsewhere) {
        whose.push("the Application Insights component".to_owned());
    }
    if bicep && plan.assigns_roles() && !whose.is_empty() {
        roles.push(RoleView {
            role: "Contributor, or a role with Microsoft.Resources/deployments/*",
            scope: Fragment::new(format!("the resource group of {} in another group", whose.join(" and "))),
            purpose: "the module that Bicep deploys there",
        });
    }
    roles
}

/// What the identity gets roles on.
fn granted_on(plan: &Plan) -> String {
    let accounts = (!plan.accounts.is_empty()).then(|| "each account".to_owned());
    let vaults = (!plan.vaults.is_empty()).then(|| "each key vault".to_owned());
    let component = plan.insights.as_ref().map(|one| place(&one.place));
    let all: Vec<String> = accounts.into_iter().chain(vaults).chain(component).collect();
    all.join("; ")
}

/// The command that finds whom to grant roles.
pub(super) fn principal(plan: &Plan) -> Fragment {
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
